"""Find the year that a page states once for all figures of a publisher.

"I pulled the Bureau of Labor Statistics' national numbers for May 2024": what follows
bears no date, and is of that May. Only a month with its year is one of figures; of a
bare year the page itself may be.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.core.model import Document
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.publishers import Publishers

OPENING = 3000  # characters: what is said once of all figures is said first
SEARCHED, LONGEST = 60_000, 2_000
FAR = 240  # characters from the name to the date, in one paragraph
# A page's own date is none of figures.
WRITING = re.compile(
    r"(?i)\b(?:updated|reviewed|posted|published|revised|accessed|written)\W+(?:on\W+)?$"
)
BEFORE_DATE = 24


@dataclass(frozen=True)
class DeclaredYears:
    """Names of official publishers, and months, as pages write them.

    Args:
        names: Name, in lower case, to its publisher.
        dates: Matches a month with its year.
    """

    names: Mapping[str, str]
    dates: re.Pattern[str]

    @classmethod
    def from_vocabulary(
        cls, vocabulary: Vocabulary, publishers: Publishers
    ) -> "DeclaredYears":
        """Read months.csv; names are those of `publishers`."""
        names = {
            name: publisher
            for publisher, spoken in publishers.spoken.items()
            for name in (*spoken, publishers.names[publisher].lower())
        }
        months = vocabulary.read_table("months", "phrase")["phrase"]
        words = {word for phrase in months for word in phrase.split("|")}
        either = "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))
        return cls(
            names,
            re.compile(
                rf"(?i)(?<!\d )\b(?:{either})\.?\s+((?:19|20)\d\d)(?!\d|[,.]\d)"
            ),
        )

    def find_in(self, document: Document) -> dict[str, int]:
        """Return publisher to the one year of the first paragraph that dates it.

        A page that goes on with a later one, as a thread does, states none for all.
        """
        found: dict[str, list[int]] = defaultdict(list)
        for start, text in _list_paragraphs(document):
            small = " ".join(text.lower().split())
            if not self.dates.search(small):
                continue
            for publisher, place in self._find_named(small).items():
                years = self._list_years(small, place)
                if len(years) == 1 and (start <= OPENING or publisher in found):
                    found[publisher].append(years.pop())
        return {name: years[0] for name, years in found.items()
                if years[0] == max(years)}  # fmt: skip

    def _find_named(self, small: str) -> dict[str, int]:
        """Return the publishers that a text names, and where first."""
        places: dict[str, int] = {}
        for name, publisher in self.names.items():
            if match := re.search(rf"\b{re.escape(name)}\b", small):
                at = places.get(publisher, match.start())
                places[publisher] = min(at, match.start())
        return places

    def _list_years(self, small: str, place: int) -> set[int]:
        return {
            int(match[1])
            for match in self.dates.finditer(small)
            if abs(match.start() - place) <= FAR
            and not WRITING.search(
                small[max(0, match.start() - BEFORE_DATE) : match.start()]
            )
        }


def _list_paragraphs(document: Document) -> Iterator[tuple[int, str]]:
    """Yield where paragraphs start, and their text; no menus, and no cells."""
    for block in document.blocks:
        if block.start > SEARCHED:
            return
        if not block.furniture and block.kind not in ("cell", "heading", "title"):
            end = min(block.end, block.start + LONGEST)
            yield block.start, document.text[block.start : end]
