"""Markdown and plain text as blocks: one scanner, since pages mix the two.

A file that has no Markdown headings is told by its layout: titles that are set apart,
capitals, aligned columns. Offsets are those of the text as decoded.
"""

import re
from collections.abc import Callable

from pipeline.core.model import Document
from pipeline.read.aligned import aligned_table
from pipeline.read.encoding import decoded
from pipeline.read.items import BULLET, gather, item
from pipeline.read.laid_out import lay_out
from pipeline.read.lines import Line, Scan, each_its_own, split_lines, words_of
from pipeline.read.pages import running_heads
from pipeline.read.pipes import pipe_table
from pipeline.read.settle import settled
from pipeline.read.stacked import glued_table, one_a_line
from pipeline.read.titles import (
    ATX,
    bold,
    capitals,
    marked,
    page_title,
    run_in,
    title,
    underlined,
)

BREAK = re.compile(r"[ \t]*(?:[-*_=~#•·—–][ \t]*){3,}\Z")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
FRONT = re.compile(r"(?:\ufeff)?---[ \t]*\Z")
FIELD = re.compile(
    r"(title|date|lang|language|url|canonical)[ \t]*:[ \t]*(.{1,300})", re.I
)
DEFINED = re.compile(r"[ \t]*\[\^[^\]\s]{1,40}\]:[ \t]*")
STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,500})~~|<(s|del|strike)>([^<\n]{1,500})</\2>")
RAISED = re.compile(r"<sup>([^<\n]{1,40})</sup>")
WRAPPED = 120


def read_lines(body: bytes, media_type: str, *, where: str) -> Document:
    """Read Markdown or plain text.

    Raises:
        Damaged: Empty or not text.
        TooLarge: More bytes than are read.
    """
    text, encoding = decoded(body, where=where)
    lines = split_lines(text)
    has_marks = any(m and m[2] for m in (ATX.match(ln.text) for ln in lines[:2000]))
    plain = media_type == "text/plain" or not has_marks
    scan = Scan(text, lines, plain)
    facts = front_matter(scan)
    scan.furniture = running_heads(lines) if plain else {}
    scan_blocks(scan)
    blocks = settled(scan.outline.blocks, text)
    first = min(
        (b for b in blocks if b.kind == "heading" and not b.furniture),
        key=lambda b: (b.level > 1, b.start),
        default=None,
    )
    return Document(
        text=text,
        blocks=blocks,
        media_type=media_type,
        title=facts.get("title") or page_title(scan, first),
        language=facts.get("lang") or facts.get("language") or "",
        published=(facts.get("date") or "")[:10],
        url=facts.get("canonical") or facts.get("url") or "",
        encoding=encoding,
        marks=tuple(m.span(1) for m in RAISED.finditer(text)),
        strikes=tuple(m.span() for m in STRUCK.finditer(text)),
    )


def scan_blocks(scan: Scan) -> None:
    """Take the text apart from the current line to its end."""
    while (line := scan.line()) is not None:
        if line.blank:
            scan.at += 1
        elif scan.at in scan.furniture:
            kind = scan.furniture[scan.at]
            scan.outline.add("paragraph", line.first, line.last, furniture=kind)
            scan.at += 1
        elif not any(rule(scan) for rule in RULES):
            paragraph(scan)


def front_matter(scan: Scan) -> dict[str, str]:
    """Read the YAML between `---` lines at the top; its plain fields are returned."""
    first = scan.line()
    if first is None or not FRONT.match(first.text):
        return {}
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
    scan.outline.add("pre", first.start, scan.lines[close].end, furniture="header")
    fields = (FIELD.match(line.text) for line in scan.lines[1:close])
    scan.at = close + 1
    return {m[1].lower(): m[2].strip().strip("\"'") for m in fields if m}


def comment(scan: Scan) -> bool:
    """Read an HTML comment as hidden text."""
    line = scan.line()
    assert line is not None
    if not line.text.lstrip().startswith("<!--"):
        return False
    close = scan.text.find("-->", line.start)
    end = close + 3 if close >= 0 else line.end
    while (further := scan.line()) is not None and further.start < end:
        scan.at += 1
    last = scan.lines[scan.at - 1].last
    scan.outline.add("paragraph", line.first, last, furniture="hidden")
    return True


def fence(scan: Scan) -> bool:
    """Read a fenced block; to the end of the text where it is not closed."""
    line = scan.line()
    match = FENCE.match(line.text) if line else None
    if line is None or match is None:
        return False
    scan.close_lists()
    scan.at += 1
    end = line.end
    while (further := scan.line()) is not None:
        scan.at += 1
        text = further.text.strip()
        if text.startswith(match[1]) and not text.strip("`~"):
            break
        end = further.end
    lay_out(scan.outline, scan.text[line.end : end], line.end, {})
    return True


def thematic_break(scan: Scan) -> bool:
    """Pass over a line that only divides."""
    line = scan.line()
    if line is None or not BREAK.match(line.text[:200]):
        return False
    scan.close_lists()
    scan.at += 1
    return True


def quotation(scan: Scan) -> bool:
    """Read `>` lines: each paragraph of them is one quoted block."""
    line = scan.line()
    assert line is not None
    if not line.text.lstrip().startswith(">"):
        return False
    scan.close_lists()
    start = line.first + len(line.text.lstrip()) - len(line.text.lstrip(" \t>"))
    end = line.last
    scan.at += 1
    while (further := scan.line()) is not None and further.text.lstrip().startswith(
        ">"
    ):
        if not further.text.strip(" \t>"):
            break
        end = further.last
        scan.at += 1
    if end > start:
        scan.outline.add("paragraph", start, end, quoted=True)
    return True


def footnote(scan: Scan) -> bool:
    """Read `[^1]: the note`."""
    line = scan.line()
    match = DEFINED.match(line.text) if line else None
    if line is None or match is None:
        return False
    scan.close_lists()
    scan.at += 1
    end = gather(scan, line.last)
    scan.outline.add("footnote", line.start + match.end(), end)
    return True


def paragraph(scan: Scan) -> None:
    """Read a paragraph: its lines together, or apart where each is its own."""
    scan.close_lists()
    at, line = scan.at, scan.lines[scan.at]
    scan.at += 1
    end = gather(scan, line.last)
    lines = scan.lines[at : scan.at]
    cut = run_in(scan, line)
    if len(lines) > 1 and (_unwrapped(lines) or _entries(lines)):
        lead = scan.outline.introduces()
        for own in lines:
            scan.outline.add("paragraph", own.first, own.last, lead_in=lead)
    elif cut:
        above = scan.outline.headings
        level = scan.outline.below() + 1
        scan.outline.head(
            level, line.first, cut, words_of(scan.text[line.first : cut - 1])
        )
        rest = cut + len(scan.text[cut:end]) - len(scan.text[cut:end].lstrip())
        scan.outline.add("paragraph", rest, end)
        scan.outline.headings = above
    else:
        scan.outline.add("paragraph", line.first, end)
    last = len(scan.outline.blocks) - 1
    scan.outline.ends_in_colon(last, scan.text[line.first : end][-20:])


def _unwrapped(lines: list[Line]) -> bool:
    """Lines longer than anybody wraps at: each is a paragraph of its own."""
    return any(len(line.text) > WRAPPED for line in lines)


def _entries(lines: list[Line]) -> bool:
    """Every line is an entry, and none an item of a list."""
    texts = [line.text for line in lines]
    return each_its_own(texts) and not any(map(BULLET.match, texts))


RULES: tuple[Callable[[Scan], bool], ...] = (
    fence,
    comment,
    marked,
    thematic_break,
    pipe_table,
    underlined,
    bold,
    item,
    quotation,
    footnote,
    lambda scan: scan.plain and aligned_table(scan),
    lambda scan: scan.plain and (glued_table(scan) or one_a_line(scan)),
    capitals,
    title,
)
