"""Find who copied whom: one witness, however many pages repeat it.

Three kinds of evidence make two witnesses one: a publisher declared to republish
another (vocabularies/lineage.csv), a page that names its source (its figures are that
publisher's already), and the same numbers in the same order. What a number proves
depends on how finely it is quoted: -log10 of the chance that an arbitrary figure equals
it, summed over the common sequence. Figures that are the cited publisher's own prove
nothing: two pages may both be right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
Number = tuple[object, ...]
LONGEST_SEQUENCE = 400  # figures of a page that are compared: time grows with n^2
SHOWN = 5  # pairs of figures in a row of discrepancies
LEAST_ERROR = 0.0005  # on logs: an error published as 0.0 % is below its rounding


@dataclass(frozen=True)
class CopyLink:
    """Two snapshots with a common sequence of numbers."""

    one: str
    other: str
    rows: tuple[tuple[Row, Row], ...]
    score: float


def find_copies(
    rows: Iterable[Row], faithful: frozenset[str], rules: "CopyCriteria"
) -> list[CopyLink]:
    """Return pairs of pages that share too much to have come to it by themselves.

    Args:
        rows: Draft figures of pages.
        faithful: Claims that are what their publisher published.
        rules: How much is too much.
    """
    pages: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r["snapshot"], place_sort_key(r))):
        if row["claim_id"] not in faithful:
            pages[row["snapshot"]].append(row)
    # Pages are compared only where they share enough numbers at all: all pairs of all
    # pages would be too many.
    holders: dict[Number, set[str]] = defaultdict(set)
    for snapshot, own in pages.items():
        for row in own[:LONGEST_SEQUENCE]:
            holders[number_key(row)].add(snapshot)
    common: dict[tuple[str, str], int] = defaultdict(int)
    for snapshots in holders.values():
        for pair in combinations(sorted(snapshots), 2):
            common[pair] += 1
    found = []
    for (one, other), count in sorted(common.items()):
        if count >= rules.least:
            shared = longest_common_sequence(
                pages[one][:LONGEST_SEQUENCE], pages[other][:LONGEST_SEQUENCE]
            )
            score = sum(rules.weigh_number(row) for row, _ in shared)
            if len(shared) >= rules.least and score >= rules.score:
                found.append(CopyLink(one, other, tuple(shared), round(score, 2)))
    return found


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
        step = float(grain_of_amount(amount, self.measures))
        return next((worth for size, worth in self.chances if step >= size),
                    self.chances[-1][1])  # fmt: skip


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
    n, m = len(one), len(other)
    best = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            equal = number_key(one[i]) == number_key(other[j])
            best[i][j] = (
                best[i + 1][j + 1] + 1 if equal else max(best[i + 1][j], best[i][j + 1])
            )
    found, i, j = [], 0, 0
    while i < n and j < m:
        if number_key(one[i]) == number_key(other[j]):
            found.append((one[i], other[j]))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def report_copies(found: Iterable[CopyLink]) -> Iterator[Contradiction]:
    """Yield one contradiction for two pages that are one witness."""
    for link in found:
        rows = tuple(row for pair in link.rows[:SHOWN] for row in pair)
        yield Contradiction("copied_figure", rows, "copied",
                            f"{len(link.rows)}|{link.score:g}")  # fmt: skip


def find_two_vintages(rows: Iterable[Row], least: int) -> Iterator[Contradiction]:
    """Yield figures of one publisher that are all the same under two dates."""
    by_date: dict[tuple[str, ...], dict[Number, dict[int, Row]]] = defaultdict(dict)
    for row in sorted(rows, key=lambda r: str(r["claim_id"])):
        if row["publisher"] == "unnamed" or row["year"] is None:
            continue
        head = (row["publisher"], row["soc_candidates"] or "", row["area_code"] or "")
        asked = (row["cohort"], row["pay_basis"], row["statistic"], row["period"])
        by_date[head].setdefault(asked, {}).setdefault(row["year"], row)
    for _, questions in sorted(by_date.items()):
        years = sorted({year for dated in questions.values() for year in dated})
        for old, new in combinations(years, 2):
            both = [q for q in questions.values() if old in q and new in q]
            same = [q for q in both if number_key(q[old]) == number_key(q[new])]
            # All of them: one figure that moved shows that there was a new survey; few
            # equal ones may be chance.
            if len(same) == len(both) >= least:
                shown = tuple(row for q in same[:SHOWN] for row in (q[old], q[new]))
                yield Contradiction("one_figure_two_vintages", shown, "two_vintages",
                                    f"{len(same)}|{old}|{new}")  # fmt: skip


def find_roots(found: Iterable[CopyLink], vocabulary: Vocabulary) -> dict[str, str]:
    """Return witness to the witness that it repeats: snapshots and publishers."""
    table = vocabulary.read_table("lineage", "publisher", "republishes")
    parent = dict(table.select("publisher", "republishes").iter_rows())
    for link in found:
        one, other = (witness_of_page([pair[n] for pair in link.rows]) for n in (0, 1))
        # Two pages of one publisher, say the same page saved twice, are one witness
        # already.
        if one != other:
            # A declared source counts before one that was found.
            parent.setdefault(other, one)
    return {child: first_in_chain(child, parent) for child in sorted(parent)}


def witness_of_page(rows: Sequence[Row]) -> str:
    """Return the witness of a page's figures: its publisher, or the page itself."""
    names = {row["publisher"] for row in rows if row["primary"]}
    return names.pop() if len(names) == 1 else f"unnamed:{rows[0]['snapshot']}"


def first_in_chain(name: str, parent: Mapping[str, str]) -> str:
    """Return the first of a chain of copies; a ring ends where it began."""
    seen = {name}
    while name in parent and parent[name] not in seen:
        name = parent[name]
        seen.add(name)
    return name


def count_effective_sources(
    independent: pl.DataFrame, root: Mapping[str, str]
) -> pl.DataFrame:
    """Return for each cell how many sources there are that repeat no other.

    `cell` and `effective_sources`: families of copies count once, and each family by
    its precision w = 1 / error^2 (the number of equally precise sources that would
    know as much): sum(w)^2 / sum(w^2).
    """
    weight = 1 / pl.col("se_log").fill_null(1.0).clip(LEAST_ERROR) ** 2
    # Each family counts with its most precise figure.
    family = pl.col("witness").replace(dict(root))
    each = (
        independent.with_columns(family=family, w=weight)
        .group_by("cell", "family")
        .agg(w=pl.col("w").max())
    )
    return each.group_by("cell").agg(
        effective_sources=(pl.col("w").sum() ** 2 / (pl.col("w") ** 2).sum()).round(3)
    )
