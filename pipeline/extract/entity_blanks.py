"""Blanks that a page spells out: `35&nbsp;000&nbsp;€` in Markdown is 35 000 €."""

import re

BLANK = re.compile(r"&(?:nbsp|thinsp|#0?160|#8239|#8201|#[xX]202[fF]|#[xX][aA]0);")
GROUPS = re.compile(rf"(?:{BLANK.pattern}\d{{3}}(?!\d)){{1,4}}(?:[.,]\d{{1,2}}(?!\d))?")
MOST_FIRST = 3  # digits of the first group


def read_entity_groups(
    text: str, start: int, end: int
) -> tuple[float, int, int] | None:
    """Return a number whose thousands are parted by spelled-out blanks, or None.

    Returns:
        Its value, its digits behind the point, and where it ends.

    >>> read_entity_groups("1&#8239;498.47 €", 0, 1)
    (1498.47, 2, 14)
    """
    if end - start > MOST_FIRST or not text[start:end].isdigit():
        return None
    match = GROUPS.match(text, end)
    if match is None:
        return None
    plain = BLANK.sub("", match.group()).replace(",", ".")
    whole, _, part = plain.partition(".")
    digits = f"{text[start:end]}{whole}.{part or 0}"
    return float(digits), len(part), match.end()


def skip_entity_blank(text: str, at: int) -> int:
    """Return where the text goes on behind one spelled-out blank, if one is there."""
    match = BLANK.match(text, at)
    return at if match is None else match.end()
