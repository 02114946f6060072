"""Evidence: the figures that publishers published themselves, by question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from pipeline.reconcile.evidence.authority import order_of_source


@dataclass(frozen=True)
class Reference:
    """One figure as its own publisher published it."""

    claim_id: str
    publisher: str
    soc: str
    area_code: str
    cohort: str
    pay_basis: str
    statistic: str
    year: int
    period: str
    amount: Decimal | None
    low: Decimal | None
    high: Decimal | None
    annual: Decimal | None
    availability: str
    reference_period: str | None
    source: str
    snapshot: str
    locator: str
    quote: str
    cell: str
    currency: str
    area: str | None
    hand: int
    aged: Decimal | None = None
    ageing_sd: float | None = None


COLUMNS = {
    "amount": pl.col("as_published"),
    "low": pl.col("annual_low"),
    "high": pl.col("annual_high"),
}


QUESTION = ("publisher", "area_code", "cohort", "currency")


@dataclass
class ReferenceIndex:
    """References by publisher and occupation; built once, asked often."""

    publishers: frozenset[str]
    _by_job: dict[tuple[str, str], list[Reference]] = field(default_factory=dict)

    def about_occupations(self, publisher: str, socs: Iterable[str]) -> list[Reference]:
        """Everything a publisher says about any of these occupations."""
        return [r for soc in socs for r in self._by_job.get((publisher, soc), [])]

    def about_anything(self, publisher: str) -> list[Reference]:
        """Everything a publisher says about whatever the page names."""
        return [r for (name, _), rows in sorted(self._by_job.items())
                if name == publisher for r in rows]  # fmt: skip


def gather_references(
    figures: pl.LazyFrame, asked: pl.DataFrame, hands: Mapping[str, int]
) -> ReferenceIndex:
    """The references that figures quoted elsewhere can be held against.

    Args:
        figures: `schemas.Figures`, of a release or of the run at hand.
        asked: Draft figures to be judged; only what may answer their questions is
            collected, so that the work grows with the page and not with the release.
        hands: Source id to its place among its publisher's: the first is asked first.
    """
    primary = figures.filter(pl.col("primary"))
    names = primary.select("publisher").unique().collect()["publisher"].to_list()
    socs = asked["soc_candidates"].drop_nulls().str.split("|").explode().unique()
    said = {name: asked[name].drop_nulls().unique().to_list() for name in QUESTION}
    evidence = ReferenceIndex(frozenset(names))
    wanted = primary.filter(
        pl.col("soc").is_in(socs.to_list()),
        *(pl.col(name).is_in(values) for name, values in said.items()),
    )
    there = {*figures.collect_schema().names(), "hand"}
    plain = [c for c in Reference.__dataclass_fields__ if c in there]
    placed = wanted.with_columns(hand=order_of_source(hands)).select(*plain, **COLUMNS)
    rows = placed.sort("hand", "claim_id").collect()
    for row in rows.iter_rows(named=True):
        reference = Reference(**row)
        job = (reference.publisher, reference.soc)
        evidence._by_job.setdefault(job, []).append(reference)
    return evidence
