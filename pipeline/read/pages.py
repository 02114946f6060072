"""Page numbers and running heads that stand between the pages of a printed text."""

import re
from collections.abc import Sequence

from pipeline.read.lines import Line

NUMBER = re.compile(r"\s*[-–—]?\s?\d{1,4}\s?[-–—]?\s*\Z")
PAGE = re.compile(r"\b(?:page|p\.)\s?\d{1,4}\b", re.IGNORECASE)
LONGEST = 90


def running_heads(lines: Sequence[Line]) -> dict[int, str]:
    """Line numbers of running heads (`header`) and lone page numbers (`footer`)."""
    heads = [n for n, ln in enumerate(lines) if _is_head(lines, n, ln)]
    found = dict.fromkeys(heads, "header") if len(heads) > 1 else {}
    if found:
        numbers = (n for n, ln in enumerate(lines) if NUMBER.match(ln.text[:40]))
        found |= {
            n: "footer" for n in numbers if len(lines[n].text) < 90 and _apart(lines, n)
        }
    numbered = [n for n, ln in enumerate(lines) if _is_page_number(lines, n, ln)]
    return found | dict.fromkeys(numbered, "footer")


def _is_head(lines: Sequence[Line], n: int, line: Line) -> bool:
    """A short line that names a page, above or below a blank line."""
    return (
        not line.blank
        and len(line.text) <= LONGEST
        and PAGE.search(line.text) is not None
        and (n == 0 or lines[n - 1].blank or n + 1 == len(lines) or lines[n + 1].blank)
    )


def _is_page_number(lines: Sequence[Line], n: int, line: Line) -> bool:
    """A number alone, centred or at the right, set apart by blank lines."""
    text = line.text
    if line.indent < 20 or not text.strip().isdigit() or len(text.strip()) > 4:
        return False
    return _apart(lines, n)


def _apart(lines: Sequence[Line], n: int) -> bool:
    above = n == 0 or lines[n - 1].blank
    return above and (n + 1 >= len(lines) or lines[n + 1].blank)
