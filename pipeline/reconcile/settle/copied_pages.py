"""Find pages that repeat one another: the same numbers in the same order.

What a number proves depends on how finely it is quoted: -log10 of the chance that an
arbitrary figure equals it, summed over the common sequence. Figures that are the cited
publisher's own prove nothing: two pages may both be right.

A page joins the group of a page that it repeats, and is held against no further page of
that group: a thousand copies are one group and a thousand comparisons, not half a
million. A page that repeats two others, which do not repeat each other, is in two.
All pages of one publisher are one group from the start: it repeats itself on each of
them, and that is no copy.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
Number = tuple[object, ...]
LONGEST_SEQUENCE = 400  # figures of a page that are compared
# Pages that are looked up for one number. A number that more have is that of a group
# whose first pages are among these, or too common to prove anything.
MOST_HOLDERS = 32
MOST_COMPARED = 64  # earlier pages that a page is compared with: those that share most
SHOWN = 5  # pairs of figures in a row of discrepancies
SHOWN_PAGES = 20  # pages of a group in a row of discrepancies


@dataclass(frozen=True)
class CopyLink:
    """Two snapshots with a common sequence of numbers."""

    one: str
    other: str
    rows: tuple[tuple[Row, Row], ...]
    score: float


@dataclass(frozen=True)
class CopyGroup:
    """Pages that are one witness: one link for each page that joined the first."""

    links: tuple[CopyLink, ...]

    @property
    def pages(self) -> list[str]:
        """Snapshots of the group, in the order of their ids."""
        return [self.links[0].one, *(link.other for link in self.links)]


@dataclass(frozen=True)
class CopyCriteria:
    """What makes a copy: rows of vocabularies/likeness.csv."""

    measures: MatchTolerances
    least: int
    score: float
    chances: Sequence[tuple[float, float]]

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "CopyCriteria":
        """Read the numbers of vocabularies/likeness.csv."""
        rows = vocabulary.read_table("likeness", "key", "value").select("key", "value")
        numbers = dict(rows.iter_rows())
        chances = [
            (float(key.removeprefix("proof_")), float(value))
            for key, value in numbers.items()
            if key.startswith("proof_")
        ]
        return cls(
            MatchTolerances.from_vocabulary(vocabulary),
            int(numbers["copy_numbers"]),
            float(numbers["copy_score"]),
            sorted(chances, reverse=True),
        )

    def weigh_number(self, row: Row) -> float:
        """Return what one common number proves, in -log10 of chance."""
        amount = row["as_published"] or row["annual_low"] or row["annual_high"]
        # Nothing, or a pay of 0, is no number that two pages could have come to.
        if not amount:
            return 0.0
        step = float(grain_of_amount(amount, self.measures))
        return next((worth for size, worth in self.chances if step >= size),
                    self.chances[-1][1])  # fmt: skip


def find_copies(
    rows: Iterable[Row], faithful: frozenset[str], rules: CopyCriteria
) -> list[CopyGroup]:
    """Return groups of pages that share too much to have come to it by themselves.

    Args:
        rows: Draft figures of pages.
        faithful: Claims that are what their publisher published.
        rules: How much is too much.
    """
    search = CopySearch(rules)
    told = (row for row in rows if row["claim_id"] not in faithful)
    in_order = sorted(told, key=lambda r: (r["snapshot"], place_sort_key(r)))
    for page, own in groupby(in_order, key=lambda r: str(r["snapshot"])):
        search.add_page(page, list(islice(own, LONGEST_SEQUENCE)))
    return [CopyGroup(tuple(links)) for _, links in sorted(search.groups.items())]


class CopySearch:
    """Takes pages one by one, in the order of their ids, and groups those that repeat.

    Args:
        rules: What makes a copy.
    """

    def __init__(self, rules: CopyCriteria) -> None:
        """Begin without a page."""
        self.rules = rules
        self.groups: dict[str, list[CopyLink]] = {}  # by their first page
        self._pages: dict[str, list[Row]] = {}
        self._numbers: dict[str, Counter[Number]] = {}
        self._groups_of: dict[str, list[str]] = {}
        self._holders: dict[Number, list[str]] = {}
        self._worth: dict[Number, float] = {}

    def add_page(self, page: str, rows: list[Row]) -> None:
        """Group a page with those before it that it repeats."""
        numbers = Counter(number_key(row) for row in rows)
        for row in rows:
            if (key := number_key(row)) not in self._worth:
                self._worth[key] = self.rules.weigh_number(row)
        publisher = find_page_owner(rows)
        own_group = [f"pages of {publisher}"] if publisher else []
        joined = self._groups_of.setdefault(page, own_group)
        for other in self._find_candidates(numbers):
            groups = self._groups_of[other] or [other]
            if not set(groups) & set(joined):
                link = self._compare_pages(other, page, rows)
                if link is not None:
                    self.groups.setdefault(groups[0], []).append(link)
                    self._groups_of[other] = groups
                    joined.append(groups[0])
        self._pages[page], self._numbers[page] = rows, numbers
        for key in numbers:
            holders = self._holders.setdefault(key, [])
            if len(holders) < MOST_HOLDERS:
                holders.append(page)

    def _find_candidates(self, numbers: Counter[Number]) -> list[str]:
        """Return earlier pages that share enough numbers to be compared, by id."""
        common: Counter[str] = Counter()
        worth: dict[str, float] = defaultdict(float)
        for number, count in numbers.items():
            for page in self._holders.get(number, ()):
                common[page] += 1
                times = min(count, self._numbers[page][number])
                worth[page] += times * self._worth[number]
        enough = [
            (-count, page)
            for page, count in common.items()
            if count >= self.rules.least and worth[page] >= self.rules.score
        ]
        return sorted(page for _, page in sorted(enough)[:MOST_COMPARED])

    def _compare_pages(self, one: str, other: str, rows: list[Row]) -> CopyLink | None:
        """Return what two pages have in common, where that is no chance."""
        shared = longest_common_sequence(self._pages[one], rows)
        score = sum(self._worth[number_key(row)] for row, _ in shared)
        if len(shared) < self.rules.least or score < self.rules.score:
            return None
        return CopyLink(one, other, tuple(shared), round(score, 2))


def find_page_owner(rows: Iterable[Row]) -> str | None:
    """Return the publisher whose own figures a page gives; None of a page of quotes."""
    names = {str(row["publisher"]) for row in rows if row["primary"]}
    return names.pop() if len(names) == 1 else None


def number_key(row: Row) -> Number:
    """Return a figure's amounts and period alone, whatever it is said to be of."""
    return (row["as_published"], row["annual_low"], row["annual_high"], row["period"])


def place_sort_key(row: Row) -> tuple[int, str]:
    """Return a key that sorts figures by where they stand on their page."""
    # Locators: `char=1234,1240` in text, `xpath=/html/...;char=5` in a page,
    # `script=2;/a/0/b` in its data. Those with a path are sorted by it.
    digits = str(row["locator"]).rpartition("char=")[2].partition(",")[0]
    path = str(row["locator"]).partition(";char=")[0]
    return (int(digits), "") if digits.isdigit() and "xpath" not in path else (0, path)


def longest_common_sequence(
    one: Sequence[Row], other: Sequence[Row]
) -> list[tuple[Row, Row]]:
    """Return the longest common sequence of numbers, in both pages' order."""
    keys, others = [[number_key(row) for row in rows] for rows in (one, other)]
    n, m = len(keys), len(others)
    places: dict[Number, int] = defaultdict(int)
    for place, key in enumerate(reversed(others)):
        places[key] |= 1 << place
    # A row of the table of lengths is one integer, whose zeros are where the length
    # grows, from the ends of the pages on (H. Hyyro, 2004, "Bit-parallel LCS-length
    # computation revisited"): some microseconds a row.
    steps = [(1 << m) - 1]
    for key in reversed(keys):
        row = steps[-1]
        hit = row & places[key]
        steps.append(((row + hit) | (row - hit)) & steps[0])

    def count_common(i: int, j: int) -> int:
        return m - j - (steps[n - i] & ((1 << (m - j)) - 1)).bit_count()

    found, i, j = [], 0, 0
    while i < n and j < m:
        if keys[i] == others[j]:
            found.append((one[i], other[j]))
            i, j = i + 1, j + 1
        elif count_common(i + 1, j) >= count_common(i, j + 1):
            i += 1
        else:
            j += 1
    return found


def report_copies(groups: Iterable[CopyGroup]) -> Iterator[Contradiction]:
    """Yield one contradiction for all pages that are one witness.

    Of two pages the figures that they share; of more one figure of each, up to a
    bound, and how many pages there are.
    """
    for group in groups:
        first, *more = group.links
        if not more:
            rows = tuple(row for pair in first.rows[:SHOWN] for row in pair)
            said = f"{len(first.rows)}|two|{first.score:g}"
            yield Contradiction("copied_figure", rows, "copied", said)
            continue
        each = (first.rows[0][0], *(link.rows[0][1] for link in group.links))
        least = min(len(link.rows) for link in group.links)
        score = min(link.score for link in group.links)
        yield Contradiction(
            "copied_figure",
            each[:SHOWN_PAGES],
            "copied",
            f"{least} or more|{len(each):,}|{score:g}",
            f"the same on {len(more) + 1:,} more pages",
        )
