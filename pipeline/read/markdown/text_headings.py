"""Find headings of Markdown and plain text: marked, underlined, bold or set apart."""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.core.model import Block
from pipeline.read.markdown.aligned_tables import is_aligned_row
from pipeline.read.text_lines import LineScanner, TextLine, strip_markdown

# CommonMark's ATX heading: `## Heading ##`.
ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*\Z")
UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,})[ \t]*\Z")
BOLD = re.compile(r"[ \t]*(?:\*\*|__)(?P<text>[^*_\n]{2,100})(?:\*\*|__):?[ \t]*\Z")
# A heading at the beginning of its paragraph: `FIRST JOBS. Pay of $34,000 is usual`.
RUN_IN = re.compile(r"[^a-z\n]{3,60}?[.:](?=\s+\S)")
FIGURE = re.compile(rf"[{SIGNS}]\s?\d|\d\s?%")
# Bylines, addresses and notes are short and set apart as titles are: `By Ann Lee`,
# `Source: BLS`, `www.example.org`.
NO_TITLE = re.compile(
    r"(?:by|from|tel|e-?mail|source|note)\b|.*(?:@|https?:|www\.)", re.I
)
CAPITALS = re.compile(r"[A-Z]")
SMALL = re.compile(r"[a-zà-öø-ÿ]")
# Three words or more apart by two spaces or a tab: the heads of a table's columns.
APART = re.compile(r"\S(?: {2,}|\t)\S.{0,80}\S(?: {2,}|\t)\S")
LONGEST_TITLE = 100  # characters
MOST_TITLE_WORDS = 14
MOST_RUN_IN_WORDS = 6


def read_marked_heading(scan: LineScanner) -> bool:
    """Read `## Heading`, or `###` alone whose words stand on the next line.

    Returns:
        Whether there is one; `scan.at` is then after it.
    """
    line = scan.get_line()
    assert line is not None
    match = ATX.match(line.text)
    if match is None or (match[2] or "").strip("# \t") != (match[2] or "").strip(
        " \t#"
    ):
        return False
    level, words = len(match[1]), (match[2] or "").strip()
    if set(words) <= {"#", " ", "\t"} and words:
        return False
    if not words:
        return _read_next_line_heading(scan, level)
    start = line.start + match.start(2)
    return _add_heading(scan, level, start, line.text_end, 1)


def _read_next_line_heading(scan: LineScanner, level: int) -> bool:
    """Read the next line that is not blank as the heading of `###`, if it is short.

    Returns:
        True; the marks alone are passed over where the next line is no heading.
    """
    ahead = next((n for n in (1, 2, 3) if not scan.is_blank(n)), None)
    line = scan.get_line(ahead) if ahead else None
    if (
        line is None
        or ahead is None
        or len(line.text) > LONGEST_TITLE
        or ATX.match(line.text)
    ):
        scan.at += 1
        return True
    return _add_heading(scan, level, line.text_start, line.text_end, ahead + 1)


def read_underlined_heading(scan: LineScanner) -> bool:
    """Read a heading underlined with `===` or `---`; return whether there is one."""
    line, under = scan.get_line(), scan.get_line(1)
    if line is None or under is None or not UNDERLINE.match(under.text):
        return False
    if len(line.text) > LONGEST_TITLE or not scan.is_blank(-1) or "|" in line.text:
        return False
    if (
        scan.plain
        and APART.search(line.text.strip())
        and is_aligned_row(scan.get_line(2))
    ):
        return False  # it names the columns of a table
    level = 1 if "=" in under.text else 2
    return _add_heading(scan, level, line.text_start, line.text_end, 2)


def read_bold_heading(scan: LineScanner) -> bool:
    """Read a line of nothing but bold words, set apart, as a heading.

    Returns:
        Whether there is one: no sentence, and no figure in it.
    """
    line = scan.get_line()
    assert line is not None
    match = BOLD.match(line.text)
    if (
        match is None
        or not scan.is_set_apart()
        or match["text"].rstrip().endswith((".", ","))
    ):
        return False
    if FIGURE.search(match["text"]):
        return False
    return _add_heading(
        scan, scan.outline.infer_heading_level() + 1, line.text_start, line.text_end, 1
    )


def read_capitals_heading(scan: LineScanner) -> bool:
    """Read up to three lines in capitals after a blank one as a heading, in plain text.

    Returns:
        Whether there are any.
    """
    first = scan.get_line()
    if first is None or not scan.plain or not scan.is_blank(-1):
        return False
    many = 0
    while (
        (line := scan.get_line(many)) is not None and is_in_capitals(line) and many < 3
    ):
        many += 1
    last = scan.get_line(many - 1)
    if not many or last is None or last.text.rstrip().endswith((",", ";")):
        return False
    # The first block of the file is its title.
    level = 2 if scan.outline.blocks else 1
    return _add_heading(scan, level, first.text_start, last.text_end, many)


def is_in_capitals(line: TextLine) -> bool:
    """Return whether a line is short and has capitals and no small letters."""
    text = line.text.strip()
    return (
        4 <= len(text) <= LONGEST_TITLE
        and len(CAPITALS.findall(text)) >= 4  # `CPC` and `$60K` are no headings
        and not SMALL.search(text)
    )


def read_title(scan: LineScanner) -> bool:
    """Read a short line that is set apart and looks like a title, in plain text.

    Returns:
        Whether there is one.
    """
    line = scan.get_line()
    if line is None or not scan.plain or not scan.is_set_apart():
        return False
    above = scan.outline.headings[-1] if scan.outline.headings else (0, "")
    # A cover repeats its title on the next page: the same heading and no section of it.
    if strip_markdown(line.text) == above[1]:
        return _add_heading(scan, above[0], line.text_start, line.text_end, 1)
    first = not scan.outline.headings
    if not is_title(line.text, 2 if first else 1):
        return False
    # Under a heading in capitals, titles with small letters are one level further down.
    second = [text for level, text in scan.outline.headings if level == 2]
    under = bool(second) and not SMALL.search(second[-1]) and SMALL.search(line.text)
    level = 1 if not scan.outline.blocks else 3 if under else 2
    return _add_heading(scan, level, line.text_start, line.text_end, 1)


def is_title(text: str, times: int = 1) -> bool:
    """Return whether a line could be a title: no sentence, no figure, no address.

    >>> [is_title(t) for t in ("Who Pays Best?", "Lunch break.", "Pay: $9 an hour")]
    [True, False, False]

    Args:
        text: Of the line.
        times: How many times longer than other titles it may be (a page's first).
    """
    text = text.strip()
    if (
        not 3 <= len(text) <= LONGEST_TITLE * times
        or len(text.split()) > MOST_TITLE_WORDS * times
    ):
        return False
    if text[-1] in '.,;:…"”|' or not (text[0].isupper() or text[0] in '0123456789“"‘'):
        return False
    letters = sum(map(str.isalpha, text))
    return letters > 0.5 * len(text) and not (
        FIGURE.search(text) or NO_TITLE.match(text)
    )


def find_page_title(scan: LineScanner, first: Block | None) -> str:
    """Return the page's title, "" for none.

    It is the first heading's words; in plain text those of the first line, where that
    could be a title and no heading of the first level was found.
    """
    named = strip_markdown(scan.text[first.start : first.end]) if first else ""
    if not scan.plain or (first is not None and first.level <= 1):
        return named
    line = next((ln for ln in scan.lines[:20] if not ln.is_blank), None)
    if line is not None and scan.outline.blocks and is_title(line.text, 2):
        return strip_markdown(line.text)
    return named


def find_run_in_heading(scan: LineScanner, line: TextLine) -> int | None:
    """Return where the run-in heading in capitals ends that a paragraph begins with.

    None where it begins with none, or the text is not plain.
    """
    match = RUN_IN.match(line.text.lstrip()) if scan.plain else None
    if match is None or len(match.group().split()) > MOST_RUN_IN_WORDS:
        return None
    if len(CAPITALS.findall(match.group())) < 4 or FIGURE.search(match.group()):
        return None
    return line.text_start + match.end()


def _add_heading(
    scan: LineScanner, level: int, start: int, end: int, lines: int
) -> bool:
    """Add a heading, move past its lines, and return True."""
    scan.close_lists()
    scan.outline.add_heading(level, start, end, strip_markdown(scan.text[start:end]))
    scan.at += lines
    return True
