"""Look up fields of the data that a page embeds, by pointer and by nearness."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from pipeline.core.model import Datum, Document

# `48,650.50` grouped by threes, or `48650`; `8.1k` and `$48,650` are none.
AMOUNT = re.compile(r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?|\d{1,13}(?:\.\d{1,6})?")
MONTH = re.compile(r"\d{4}-\d{2}")
MILLISECONDS = range(10**12, 2 * 10**12)  # from 2001 to 2033
CENT = Decimal("0.01")
# A page's own state, and an answer that was saved as a file.
STATE_FORMS = ("json_state", "json_file")
AMOUNT_BOUND = 10**12  # fourteen digits, two of them cents


@dataclass(frozen=True)
class EmbeddedData:
    """The scalars of one page's embedded data, by script and pointer."""

    by_place: Mapping[tuple[int, str], Datum]

    @classmethod
    def from_document(cls, document: Document) -> "EmbeddedData":
        """Index every scalar of a page's scripts."""
        return cls({(d.script, d.pointer): d for d in document.data})

    def find_nearest(self, datum: Datum, *names: str) -> str | None:
        """Return the nearest text under any of these names, or None.

        Enclosing objects are tried one by one, the innermost first.

        Args:
            datum: Where to begin; the object it is in comes first.
            names: Pointers relative to an enclosing object: `currency/code`.
        """
        texts = (d.value for d in self._walk_outwards(datum, names))
        return next((text for text in texts if isinstance(text, str)), None)

    def _walk_outwards(self, datum: Datum, names: Sequence[str]) -> Iterator[Datum]:
        """Yield what enclosing objects hold under any of these names, nearest first."""
        at = datum.pointer
        while at:
            at = at.rpartition("/")[0]
            for name in names:
                found = self.by_place.get((datum.script, f"{at}/{name}"))
                if found is not None:
                    yield found

    def find_beside(self, datum: Datum, name: str) -> Datum | None:
        """Return what the object of a datum holds under another name, or None."""
        parent = datum.pointer.rpartition("/")[0]
        return self.by_place.get((datum.script, f"{parent}/{name}"))

    def find_beside_object(self, datum: Datum, name: str) -> object:
        """Return the value beside the object of a datum; None for none."""
        above = datum.pointer.rpartition("/")[0].rpartition("/")[0]
        found = self.by_place.get((datum.script, f"{above}/{name}"))
        return found.value if found is not None else None

    def list_known_keys(self, names: Sequence[str]) -> list[str]:
        """List those of some keys that the data have anywhere, for messages."""
        steps = {step for _, at in self.by_place for step in at.split("/")}
        return [name for name in names if name in steps]

    def find_month(self, datum: Datum, *names: str) -> str | None:
        """Return the nearest month under any of these names, `2025-03`; else None.

        A date is written by ISO 8601, or counted in milliseconds from 1970.
        """
        if text := self.find_nearest(datum, *names):
            return text[:7] if MONTH.match(text) else None
        for found in self._walk_outwards(datum, names):
            count = found.value
            if isinstance(count, int) and count in MILLISECONDS:
                return datetime.fromtimestamp(count // 1000, UTC).strftime("%Y-%m")
        return None

    def find_outermost(self, datum: Datum, name: str) -> str | None:
        """Return the outermost text under a name: of what the page is about."""
        steps = datum.pointer.split("/")
        for depth in range(1, len(steps)):
            found = self.by_place.get((datum.script, "/".join([*steps[:depth], name])))
            if found is not None and isinstance(found.value, str):
                return found.value
        return None


def parse_amount(datum: Datum) -> Decimal | None:
    """Return a positive sum that money can be, in cents; None for all else.

    The datum may be a number or a text.
    """
    # JSON's `true` is a bool, which Python counts as the number 1.
    if isinstance(datum.value, bool) or not AMOUNT.fullmatch(datum.raw):
        return None
    value = Decimal(datum.raw.replace(",", ""))
    return value.quantize(CENT) if 0 < value < AMOUNT_BOUND else None
