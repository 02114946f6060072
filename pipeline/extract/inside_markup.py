"""Tell numbers of a page's markup, which nobody reads, from those of its text."""

import re

REACH = 240
# `<img style="width: 100%"`, and `](/pay-of-130k`: the end of a tag or link is behind.
BEFORE = re.compile(r"<[A-Za-z][\w-]*\s[^<>]*$|\]\([^()\s]*$")
BEHIND = re.compile(r"[^<>]{0,400}>|[^()\s]{0,200}\)")


def is_inside_markup(text: str, start: int, end: int) -> bool:
    """Return whether a figure is part of a tag's attributes or of a link's target."""
    before = BEFORE.search(text[max(0, start - REACH) : start])
    if before is None or ("=" not in before.group() and before.group()[0] == "<"):
        return False
    return BEHIND.match(text, end) is not None
