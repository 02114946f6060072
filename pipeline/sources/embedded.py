"""Fields of the data that a page embeds, by pointer and by what lies near them."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.model import Datum, Document

TOO_MUCH = 10**12  # fourteen digits, two of them cents


@dataclass(frozen=True)
class Embedded:
    """The scalars of one page's embedded data, by script and pointer."""

    by_place: Mapping[tuple[int, str], Datum]

    @classmethod
    def of(cls, document: Document) -> "Embedded":
        """Every scalar of a page's scripts."""
        return cls({(d.script, d.pointer): d for d in document.data})

    def near(self, datum: Datum, *names: str) -> str | None:
        """The nearest text under any of these names, looking outwards.

        Args:
            datum: Where to begin; the object it is in comes first.
            names: Pointers relative to an enclosing object: `currency/code`.
        """
        at = datum.pointer
        while at:
            at = at.rpartition("/")[0]
            for name in names:
                found = self.by_place.get((datum.script, f"{at}/{name}"))
                if found is not None and isinstance(found.value, str):
                    return found.value
        return None


def is_amount(datum: Datum) -> bool:
    """A positive number that money can be, not a flag, a text or a null."""
    value = datum.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value < TOO_MUCH
