"""Read Markdown and plain text as blocks, by one scanner, since pages mix the two.

A file that has no Markdown headings is read by its layout: titles that are set apart,
capitals, aligned columns. Offsets are those of the text as decoded.
"""

import re
from collections.abc import Callable

from pipeline.core.model import Document
from pipeline.read.block_finishing import finish_blocks
from pipeline.read.encoding import decode_page
from pipeline.read.markdown.aligned_tables import is_aligned_row, read_aligned_table
from pipeline.read.markdown.flattened_tables import read_glued_table, read_stacked_table
from pipeline.read.markdown.front_lines import add_front_blocks
from pipeline.read.markdown.list_items import BULLET, gather_lines, read_list_item
from pipeline.read.markdown.list_tables import read_list_table
from pipeline.read.markdown.markup_tables import read_markup_table
from pipeline.read.markdown.pipe_tables import read_pipe_table
from pipeline.read.markdown.preformatted import add_preformatted_text
from pipeline.read.markdown.running_heads import find_running_heads
from pipeline.read.markdown.text_headings import (
    ATX,
    find_page_title,
    find_run_in_heading,
    read_bold_heading,
    read_capitals_heading,
    read_marked_heading,
    read_title,
    read_underlined_heading,
)
from pipeline.read.text_lines import (
    LineScanner,
    TextLine,
    are_separate_entries,
    split_lines,
    strip_markdown,
)

# A line of three marks or more that only divides: `---`, `* * *`, `=====`.
BREAK = re.compile(r"[ \t]*(?:[-*_=~#•·—–][ \t]*){3,}\Z")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# The line above and below YAML at the top of a file.
FRONT = re.compile(r"(?:\ufeff)?---[ \t]*\Z")
FIELD = re.compile(
    r"(title|date|lang|language|url|canonical|location)[ \t]*:[ \t]*(.{1,300})", re.I
)
# A footnote's text: `[^1]: the note`.
DEFINED = re.compile(r"[ \t]*\[\^[^\]\s]{1,40}\]:[ \t]*")
STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,500})~~|<(s|del|strike)>([^<\n]{1,500})</\2>")
RAISED = re.compile(r"<sup>([^<\n]{1,40})</sup>")
DEEP_HEADING = 3  # level from which a heading has one above it
LONGEST_WRAPPED = 120  # characters; text that is wrapped by hand has shorter lines


def read_markdown(body: bytes, media_type: str, *, where: str) -> Document:
    """Read Markdown or plain text.

    Args:
        body: The stored bytes.
        media_type: `text/markdown` or `text/plain`.
        where: Name for error messages.

    Raises:
        Damaged: Empty or not text.
        TooLarge: More than `page_bytes` of `limits.csv`.
    """
    text, encoding = decode_page(body, where=where)
    lines = split_lines(text)
    plain = media_type == "text/plain" or not _has_marked_headings(lines)
    scan = LineScanner(text, lines, plain)
    facts = read_front_matter(scan)
    scan.furniture = find_running_heads(lines) if plain else {}
    scan_blocks(scan)
    blocks = finish_blocks(scan.outline.blocks, text)
    first = min(
        (b for b in blocks if b.kind == "heading" and not b.furniture),
        key=lambda b: (b.level > 1, b.start),
        default=None,
    )
    return Document(
        text=text,
        blocks=blocks,
        media_type=media_type,
        title=facts.get("title") or find_page_title(scan, first),
        language=facts.get("lang") or facts.get("language") or "",
        published=(facts.get("date") or "")[:10],
        url=facts.get("canonical") or facts.get("url") or "",
        place=facts.get("location") or "",
        encoding=encoding,
        marks=tuple(m.span(1) for m in RAISED.finditer(text)),
        strikes=tuple(m.span() for m in STRUCK.finditer(text)),
    )


def _has_marked_headings(lines: list[TextLine]) -> bool:
    """Return whether a text marks its headings, or is plain under another name.

    One `### Heading` in a text that was pasted is no heading of all that follows it;
    one at the end of a page is of what it offers there.
    """
    marks = enumerate(ATX.match(ln.text) for ln in lines[:2000])
    found = [(at, len(m[1])) for at, m in marks if m and m[2]]
    deep = all(level >= DEEP_HEADING for _, level in found)
    early = all(at < len(lines) / 2 for at, _ in found)
    return len(found) > 1 or not (deep and early)


def scan_blocks(scan: LineScanner) -> None:
    """Add the blocks from the current line to the end of the text to the outline."""
    while (line := scan.get_line()) is not None:
        if line.is_blank:
            scan.at += 1
        elif scan.at in scan.furniture:
            kind = scan.furniture[scan.at]
            scan.outline.add(
                "paragraph", line.text_start, line.text_end, furniture=kind
            )
            scan.at += 1
        elif not any(rule(scan) for rule in RULES):
            read_paragraph(scan)


def read_front_matter(scan: LineScanner) -> dict[str, str]:
    """Read the YAML between `---` lines at the top; return its plain fields.

    Returns:
        `title`, `date`, `lang`, `language`, `url`, `canonical` and `location` where
        they are given, without quotation marks.
    """
    first = scan.get_line()
    if first is None or not FRONT.match(first.text):
        return {}
    # Sixty lines: further down a `---` is a dividing line of the page.
    close = next(
        (
            n
            for n, ln in enumerate(scan.lines[1:60], 1)
            if ln.text.rstrip() in ("---", "...")
        ),
        None,
    )
    if close is None:
        return {}
    add_front_blocks(scan, close)
    fields = (FIELD.match(line.text) for line in scan.lines[1:close])
    scan.at = close + 1
    return {m[1].lower(): m[2].strip().strip("\"'") for m in fields if m}


def read_comment(scan: LineScanner) -> bool:
    """Read an HTML comment as hidden text; return whether there is one."""
    line = scan.get_line()
    assert line is not None
    if not line.text.lstrip().startswith("<!--"):
        return False
    close = scan.text.find("-->", line.start)
    end = close + 3 if close >= 0 else line.end
    while (further := scan.get_line()) is not None and further.start < end:
        scan.at += 1
    last = scan.lines[scan.at - 1].text_end
    scan.outline.add("paragraph", line.text_start, last, furniture="hidden")
    return True


def read_fenced_block(scan: LineScanner) -> bool:
    """Read a fenced block, to the end of the text where it is not closed.

    Returns:
        Whether there is one.
    """
    line = scan.get_line()
    match = FENCE.match(line.text) if line else None
    if line is None or match is None:
        return False
    scan.close_lists()
    scan.at += 1
    end = line.end
    while (further := scan.get_line()) is not None:
        scan.at += 1
        text = further.text.strip()
        if text.startswith(match[1]) and not text.strip("`~"):
            break
        end = further.end
    add_preformatted_text(scan.outline, scan.text[line.end : end], line.end, {})
    return True


def skip_thematic_break(scan: LineScanner) -> bool:
    """Pass over a line that only divides; return whether there is one."""
    line = scan.get_line()
    # A line may be a megabyte of dashes; what divides is short.
    if line is None or not BREAK.match(line.text[:200]):
        return False
    scan.close_lists()
    scan.at += 1
    return True


def read_quotation(scan: LineScanner) -> bool:
    """Read `>` lines up to a blank one as a quoted block; return whether any are."""
    line = scan.get_line()
    assert line is not None
    if not line.text.lstrip().startswith(">"):
        return False
    scan.close_lists()
    start = line.text_start + len(line.text.lstrip()) - len(line.text.lstrip(" \t>"))
    end = line.text_end
    scan.at += 1
    while (further := scan.get_line()) is not None and further.text.lstrip().startswith(
        ">"
    ):
        if not further.text.strip(" \t>"):
            break
        end = further.text_end
        scan.at += 1
    if end > start:
        scan.outline.add("paragraph", start, end, quoted=True)
    return True


def read_footnote(scan: LineScanner) -> bool:
    """Read `[^1]: the note` as a footnote; return whether there is one."""
    line = scan.get_line()
    match = DEFINED.match(line.text) if line else None
    if line is None or match is None:
        return False
    scan.close_lists()
    scan.at += 1
    end = gather_lines(scan, line.text_end)
    scan.outline.add("footnote", line.start + match.end(), end)
    return True


def read_paragraph(scan: LineScanner) -> None:
    """Read a paragraph: its lines together, or apart where each is its own."""
    scan.close_lists()
    at, line = scan.at, scan.lines[scan.at]
    scan.at += 1
    end = gather_lines(scan, line.text_end)
    lines = scan.lines[at : scan.at]
    cut = find_run_in_heading(scan, line)
    if len(lines) > 1 and (_has_unwrapped_line(lines) or _are_entries(lines)):
        lead = scan.outline.find_lead_in()
        for own in lines:
            scan.outline.add("paragraph", own.text_start, own.text_end, lead_in=lead)
    elif cut:
        above = scan.outline.headings
        level = scan.outline.infer_heading_level() + 1
        scan.outline.add_heading(
            level,
            line.text_start,
            cut,
            strip_markdown(scan.text[line.text_start : cut - 1]),
        )
        # A run-in heading (`FIRST JOBS. Pay of ...`) names its own paragraph alone, so
        # the headings above are put back.
        rest = cut + len(scan.text[cut:end]) - len(scan.text[cut:end].lstrip())
        scan.outline.add("paragraph", rest, end)
        scan.outline.headings = above
    else:
        scan.outline.add("paragraph", line.text_start, end)
    last = len(scan.outline.blocks) - 1
    scan.outline.remember_colon(last, scan.text[line.text_start : end][-20:])


def _has_unwrapped_line(lines: list[TextLine]) -> bool:
    """Return whether a line is longer than text is wrapped at: each is a paragraph."""
    return any(len(line.text) > LONGEST_WRAPPED for line in lines)


def _are_entries(lines: list[TextLine]) -> bool:
    """Return whether every line is an entry, and none an item of a list."""
    texts = [line.text for line in lines]
    return are_separate_entries(texts) and not any(map(BULLET.match, texts))


def _read_table_under_item(scan: LineScanner) -> bool:
    """Read an aligned table that is set in below an item: `2) By job, per hour`."""
    line = scan.get_line()
    if not scan.items or not is_aligned_row(line):
        return False
    if line is None or BULLET.match(line.text):
        return False
    return read_aligned_table(scan, lead=scan.items[-1])


# In this order: a rule sees only lines that those before it left. Fences and comments
# first, for what they hold is no Markdown; rules that go by layout alone last, as the
# least certain.
RULES: tuple[Callable[[LineScanner], bool], ...] = (
    read_fenced_block,
    read_comment,
    read_marked_heading,
    skip_thematic_break,
    read_markup_table,
    read_pipe_table,
    read_underlined_heading,
    read_bold_heading,
    read_list_table,
    lambda scan: scan.plain and _read_table_under_item(scan),
    read_list_item,
    read_quotation,
    read_footnote,
    lambda scan: scan.plain and read_aligned_table(scan),
    lambda scan: scan.plain and (read_glued_table(scan) or read_stacked_table(scan)),
    read_capitals_heading,
    read_title,
)
