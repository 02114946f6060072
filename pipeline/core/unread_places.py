"""Say which numbers of a file were seen in known places and could not be read.

One empty wage cell, one sentence in other words, one row without a code: the rest of
the file is read, and what is left out is said, with its place, by whoever reads it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.core.vocabulary import Vocabulary

# Places of one file that are kept, and of one reason that a message names.
MOST_PLACES = 20_000
MOST_NAMED = 5
LONGEST_TEXT = 80


@dataclass(frozen=True)
class UnreadPlace:
    """One place that was not read.

    Args:
        locator: As claims have it; the pointer to what stands there.
        text: What stands there; "" for nothing.
        why: What is wrong with it, as the beginning of a sentence.
        needs_look: Whether a figure is missing that a person should look for; a
            remark is none.
    """

    locator: str
    text: str
    why: str
    needs_look: bool = True


# A context variable and not a global: the server reads in several threads.
_AT_HAND: ContextVar[list[UnreadPlace] | None] = ContextVar("unread", default=None)


@contextmanager
def collect_unread() -> Iterator[list[UnreadPlace]]:
    """Collect what is not read within the block, in this thread."""
    found: list[UnreadPlace] = []
    before = _AT_HAND.set(found)
    try:
        yield found
    finally:
        _AT_HAND.reset(before)


def report_unread(
    locator: str, text: str, why: str, *, needs_look: bool = True
) -> None:
    """Report a place to the block that collects them, as `UnreadPlace` describes it."""
    found = _AT_HAND.get()
    if found is not None and len(found) < MOST_PLACES:
        found.append(UnreadPlace(locator, text[:LONGEST_TEXT], why, needs_look))


def are_too_many(odd: int, of: int, vocabulary: Vocabulary) -> bool:
    """Return whether more of a file is odd than may be left out of it.

    Args:
        odd: How many cells, rows or lines.
        of: How many there are in all.
        vocabulary: With `broken_lines_share` of limits.csv.
    """
    return odd > float(vocabulary.read_number("limits", "broken_lines_share")) * of


def describe_unread(places: Iterable[UnreadPlace]) -> list[tuple[str, bool]]:
    """Describe places in one sentence a reason; with whether a person must look.

    Args:
        places: Of one file.
    """
    by_reason: dict[tuple[str, bool], list[UnreadPlace]] = {}
    for place in places:
        by_reason.setdefault((place.why, place.needs_look), []).append(place)
    return [
        (_describe_reason(why, found), needs_look)
        for (why, needs_look), found in by_reason.items()
    ]


def _describe_reason(why: str, places: list[UnreadPlace]) -> str:
    """Describe the places of one reason: how many, which, and what stands there."""
    named = ", ".join(
        f"{place.locator} {place.text!r}" if place.text else place.locator
        for place in places[:MOST_NAMED]
    )
    left = len(places) - MOST_NAMED
    more = f" and {left:,} more" if left > 0 else ""
    count = "1 place" if len(places) == 1 else f"{len(places):,} places"
    return f"{why}, in {count}: {named}{more}"
