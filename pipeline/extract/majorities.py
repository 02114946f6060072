"""What a page names more than anything else of its kind."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

Named = TypeVar("Named", bound=Hashable)


def find_majority(
    counts: Counter[Named], fewest: int, share: float, of: int | None = None
) -> Named | None:
    """Return what is counted most, if it is counted often and hardly another is.

    Args:
        counts: How often each is named.
        fewest: Least count that it must have.
        share: Least part that it must be, 0 to 1.
        of: What it must be that part of; all counts together where not given.
    """
    whole = counts.total() if of is None else of
    for named, count in counts.most_common(1):
        if count >= fewest and count >= share * whole:
            return named
    return None
