"""Numbers that share one scale word: `40, 45 and 50 thousand dollars`.

Two ends of a range share theirs in `number_ranges`; here are the members of a list,
and the two of `48 and 56 thousand`, of which `between` makes a range afterwards.
"""

import re

from pipeline.extract.digits import ParsedNumber

# No tab: it stands between two cells.
LINK = re.compile(
    r"(?:[^\S\t]?,[^\S\t]?|[^\S\t]?,?[^\S\t](?:and|or)[^\S\t])(?:about |around )?"
)
# Scale, and what a number counted in it is for a year's pay: thousands, lakhs.
SIZES = {1e3: (10.0, 1000.0), 1e5: (1.0, 100.0)}
MOST_APART = 3.0  # times, between neighbours of a list


def share_scale_words(text: str, found: list[ParsedNumber]) -> None:
    """Count each number of a list in what its last one is counted in; in place.

    Args:
        text: Of the document.
        found: Its numbers in text order.
    """
    at = len(found) - 1
    while at > 0:
        last = at
        while at > 0 and _shares(text, found[at - 1], found[at]):
            at -= 1
            found[at].scale = found[at + 1].scale
            found[at].value = round(found[at].value * found[at].scale, 6)
        if at < last:
            _share_units(found[at : last + 1])
        at -= 1


def _shares(text: str, number: ParsedNumber, after: ParsedNumber) -> bool:
    """Return whether a number is counted in the scale word of the one behind it."""
    if number.fault or after.fault or number.scale != 1 or after.scale not in SIZES:
        return False
    if number.unit not in ("bare", "money") or after.unit not in ("bare", "money"):
        return False
    # `48 dollars and 56 thousand`, `48 and $56 thousand`: each stands by itself.
    if number.unit == "money" and not number.before:
        return False
    if after.before and not number.before:
        return False
    least, most = SIZES[after.scale]
    behind = after.value / after.scale
    near = behind / MOST_APART <= number.value <= behind * MOST_APART
    if not (near and least <= number.value < most and number.decimals < 2):
        return False
    return LINK.fullmatch(text, number.end, after.start) is not None


def _share_units(members: list[ParsedNumber]) -> None:
    """Make all members money by the mark of the first or the last; note their list."""
    marked = next((m for m in (members[0], members[-1]) if m.unit == "money"), None)
    for member in members:
        member.shared = (members[0].start, members[-1].end)
        if marked is not None and member.unit == "bare":
            member.unit, member.mark, member.minor = "money", marked.mark, marked.minor
