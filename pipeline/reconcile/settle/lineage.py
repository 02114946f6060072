"""Find who repeats whom: one witness, however many pages repeat it.

Three kinds of evidence make two witnesses one: a publisher declared to republish
another (vocabularies/lineage.csv), a page that names its source (its figures are that
publisher's already), and the same numbers in the same order (`copied_pages`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.settle.copied_pages import (
    SHOWN,
    CopyGroup,
    Number,
    number_key,
)
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
LEAST_ERROR = 0.0005  # on logs: an error published as 0.0 % is below its rounding


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
        for place, new in enumerate(years):
            # The nearest date of those with the same figures: twenty equal years are
            # nineteen conflicts, not 190.
            for old in reversed(years[:place]):
                both = [q for q in questions.values() if old in q and new in q]
                same = [q for q in both if number_key(q[old]) == number_key(q[new])]
                # All of them: one figure that moved shows that there was a new survey;
                # few equal ones may be chance.
                if len(same) == len(both) >= least:
                    shown = tuple(row for q in same[:SHOWN] for row in (q[old], q[new]))
                    yield Contradiction("one_figure_two_vintages", shown,
                                        "two_vintages",
                                        f"{len(same)}|{old}|{new}")  # fmt: skip
                    break


def find_roots(found: Iterable[CopyGroup], vocabulary: Vocabulary) -> dict[str, str]:
    """Return witness to the witness that it repeats: snapshots and publishers."""
    table = vocabulary.read_table("lineage", "publisher", "republishes")
    parent = dict(table.select("publisher", "republishes").iter_rows())
    links = [link for group in found for link in group.links]
    for link in sorted(links, key=lambda link: (link.one, link.other)):
        one, other = (witness_of_page([pair[n] for pair in link.rows]) for n in (0, 1))
        root = first_in_chain(one, parent)
        # Two pages of one publisher, say the same page saved twice, are one witness
        # already.
        if root != other:
            # A declared source counts before one that was found.
            parent.setdefault(other, root)
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
