"""Read list items of Markdown and plain text: bullets, numbers, nesting, lead-ins."""

import re

from pipeline.read.text_lines import LineScanner, TextLine

# How an item begins: `- `, `• `, `12. `, `(3) `, `b) `.
BULLET = re.compile(
    r"[ \t]*(?:[-*+•▪◦‣·●○■□➢➤✓✔–—]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t\u00a0]+(?=\S)"
)
# Those that may break into a paragraph. Of numbers only 1 may, as in CommonMark: a line
# that happens to begin with `14. ` is the rest of its sentence.
INTERRUPTS = re.compile(r"[ \t]*(?:[*+•▪◦‣●○■□➢➤✓✔]|-|1[.)])[ \t\u00a0]+(?=\S)")


def read_list_item(scan: LineScanner) -> bool:
    """Read a list item, or the further paragraph of one that is open.

    Returns:
        Whether one was read; `scan.at` is then after it.
    """
    line = scan.get_line()
    assert line is not None
    match = BULLET.match(line.text)
    if match is None:
        return _continue_item(scan, line)
    if not scan.indents and scan.lead is None:
        scan.lead = scan.outline.find_lead_in()
    level = _find_level(scan, line.indent)
    start, end = line.start + match.end(), line.text_end
    scan.at += 1
    end = gather_lines(scan, end, BULLET)
    lead = _find_lead_in(scan, level)
    index = scan.outline.add("item", start, end, level=level, lead_in=lead)
    scan.outline.remember_colon(index, scan.text[start:end])
    del scan.items[level - 1 :]
    scan.items.append(index)
    return True


def gather_lines(
    scan: LineScanner, end: int, breaks: re.Pattern[str] = INTERRUPTS
) -> int:
    """Move past the lines that go on with a paragraph; return the new end.

    Args:
        scan: At the second line.
        end: Offset after the first line.
        breaks: What a list item looks like that ends the paragraph.

    Returns:
        Offset after the last of these lines, `end` where there are none.
    """
    while (line := scan.get_line()) is not None:
        if scan.is_blank(0) or begins_block(line, breaks):
            break
        end = line.text_end
        scan.at += 1
    return end


def begins_block(line: TextLine, breaks: re.Pattern[str]) -> bool:
    """Return whether a line may break into a paragraph that is not yet closed."""
    text = line.text.lstrip()
    return (
        (text.startswith("|") and text.count("|") > 1)
        or text.startswith(("# ", "## ", "### ", "#### ", "```", "> "))
        or text[:6].lower() == "<table"
        or breaks.match(line.text) is not None
    )


def _find_level(scan: LineScanner, indent: int) -> int:
    """Return an item's depth by its indentation; two columns more are a level more."""
    # One column less is the same list: hand-made lists are not indented exactly.
    while scan.indents and indent < scan.indents[-1] - 1:
        scan.indents.pop()
    if not scan.indents or indent >= scan.indents[-1] + 2:
        scan.indents.append(indent)
    return len(scan.indents)


def _find_lead_in(scan: LineScanner, level: int) -> int | None:
    """Return what introduces an item: an item, or the list's own introduction.

    That is the item before where it ends in a colon, else what introduced it; for the
    first item of an inner list the item above.
    """
    before = scan.items[level - 1] if len(scan.items) >= level else None
    if before is not None:
        if before in scan.outline.colons:
            return before
        return scan.outline.blocks[before].lead_in
    return scan.items[level - 2] if level > 1 and scan.items else scan.lead


def _continue_item(scan: LineScanner, line: TextLine) -> bool:
    """Add an indented line after a blank one to the item above it, if there is one."""
    if not scan.items or line.indent < 2 or line.indent < scan.indents[0] + 2:
        return False
    above = scan.outline.blocks[scan.items[-1]]
    scan.at += 1
    end = gather_lines(scan, line.text_end, BULLET)
    scan.outline.add(
        "item", line.text_start, end, level=above.level, lead_in=above.lead_in
    )
    return True
