"""Fields of the data that a page embeds, by pointer and by what lies near them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.core.model import Datum, Document

AMOUNT = re.compile(r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?|\d{1,13}(?:\.\d{1,6})?")
CENT = Decimal("0.01")
AMOUNT_BOUND = 10**12  # fourteen digits, two of them cents


@dataclass(frozen=True)
class EmbeddedData:
    """The scalars of one page's embedded data, by script and pointer."""

    by_place: Mapping[tuple[int, str], Datum]

    @classmethod
    def from_document(cls, document: Document) -> "EmbeddedData":
        """Every scalar of a page's scripts."""
        return cls({(d.script, d.pointer): d for d in document.data})

    def find_nearest(self, datum: Datum, *names: str) -> str | None:
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

    def find_outermost(self, datum: Datum, name: str) -> str | None:
        """The outermost text under a name: of the thing that the page is about."""
        steps = datum.pointer.split("/")
        for depth in range(1, len(steps)):
            found = self.by_place.get((datum.script, "/".join([*steps[:depth], name])))
            if found is not None and isinstance(found.value, str):
                return found.value
        return None


def parse_amount(datum: Datum) -> Decimal | None:
    """A positive sum that money can be, as a number or a text; None for all else."""
    if isinstance(datum.value, bool) or not AMOUNT.fullmatch(datum.raw):
        return None
    value = Decimal(datum.raw.replace(",", ""))
    return value.quantize(CENT) if 0 < value < AMOUNT_BOUND else None
