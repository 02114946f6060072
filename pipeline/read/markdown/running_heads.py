"""Find page numbers and running heads between the pages of a printed text."""

import re
from collections.abc import Sequence

from pipeline.read.text_lines import TextLine

# A page's number alone: `12`, `- 12 -`.
NUMBER = re.compile(r"\s*[-–—]?\s?\d{1,4}\s?[-–—]?\s*\Z")
PAGE = re.compile(r"\b(?:page|p\.)\s?\d{1,4}\b", re.IGNORECASE)
LONGEST_HEAD = 90  # characters


def find_running_heads(lines: Sequence[TextLine]) -> dict[int, str]:
    """Find running heads (`header`) and lone page numbers (`footer`).

    Returns:
        Index of each such line to its kind.
    """
    # A running head comes again on every page: one alone is a line that names a page.
    heads = [n for n, ln in enumerate(lines) if _is_running_head(lines, n, ln)]
    found = dict.fromkeys(heads, "header") if len(heads) > 1 else {}
    # A number that is not centred counts only beside running heads, which show that the
    # text was printed.
    if found:
        numbers = (n for n, ln in enumerate(lines) if NUMBER.match(ln.text[:40]))
        found |= {
            n: "footer"
            for n in numbers
            if len(lines[n].text) < 90 and _is_set_apart(lines, n)
        }
    numbered = [n for n, ln in enumerate(lines) if _is_page_number(lines, n, ln)]
    return found | dict.fromkeys(numbered, "footer")


def _is_running_head(lines: Sequence[TextLine], n: int, line: TextLine) -> bool:
    """Return whether a line is short, names a page and stands beside a blank one."""
    return (
        not line.is_blank
        and len(line.text) <= LONGEST_HEAD
        and PAGE.search(line.text) is not None
        and (
            n == 0
            or lines[n - 1].is_blank
            or n + 1 == len(lines)
            or lines[n + 1].is_blank
        )
    )


def _is_page_number(lines: Sequence[TextLine], n: int, line: TextLine) -> bool:
    """Return whether a line is a number alone, centred or at the right, set apart."""
    text = line.text
    # Twenty columns in is no list and no cell; pages have up to four digits.
    if line.indent < 20 or not text.strip().isdigit() or len(text.strip()) > 4:
        return False
    return _is_set_apart(lines, n)


def _is_set_apart(lines: Sequence[TextLine], n: int) -> bool:
    """Return whether a line has nothing directly above and below it."""
    above = n == 0 or lines[n - 1].is_blank
    return above and (n + 1 >= len(lines) or lines[n + 1].is_blank)
