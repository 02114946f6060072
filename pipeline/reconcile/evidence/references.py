"""Index the figures that publishers published themselves, by question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from pipeline.reconcile.evidence.authority import order_of_source
from pipeline.reconcile.evidence.code_lines import CodeLines


@dataclass(frozen=True)
class Reference:
    """One figure as its own publisher published it.

    `amount` is in the pay period published; `annual`, `low` and `high` are a year's.
    `hand` is the place of the source among its publisher's: 0 is taken first.
    `aged` and `ageing_sd` (on logs) bring `annual` to the date of the release.
    """

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


# Columns in which a reference has a value that some asked figure has. Year and
# statistic are no part of it: a slip may be in either.
QUESTION = ("publisher", "area_code", "cohort", "currency")
NATION, ALL, INDUSTRY = "US", "all", "industry="


@dataclass
class ReferenceIndex:
    """References by publisher and occupation code, built once for many look-ups."""

    publishers: frozenset[str]
    _by_job: dict[tuple[str, str], list[Reference]] = field(default_factory=dict)

    def about_occupations(self, publisher: str, socs: Iterable[str]) -> list[Reference]:
        """Return all figures of a publisher for any of these occupations."""
        return [r for soc in socs for r in self._by_job.get((publisher, soc), [])]

    def about_anything(self, publisher: str) -> list[Reference]:
        """Return all figures of a publisher for any occupation, by code."""
        return [r for (name, _), rows in sorted(self._by_job.items())
                if name == publisher for r in rows]  # fmt: skip


def list_originals(republished: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """Return whose figures some publishers give out again, by name."""
    return [republished[name] for name in sorted({*names} & republished.keys())]


def gather_references(
    figures: pl.LazyFrame,
    asked: pl.DataFrame,
    source_places: Mapping[str, int],
    lines: CodeLines | None = None,
    republished: Mapping[str, str] | None = None,
    places: Iterable[str] = (),
    named: Iterable[str] = (),
) -> ReferenceIndex:
    """Collect the references that figures quoted elsewhere are compared with.

    Args:
        figures: `schemas.Figures`, of a release or of the current run.
        asked: Draft figures to be judged; only what may answer their questions is
            collected, so that the work grows with the page and not with the release.
        source_places: Source id to its place among its publisher's.
        lines: Codes that the asked occupations have had; without, today's alone.
        republished: Publisher to the one whose figures it gives out again.
        places: Codes of areas that pages name without a figure of them.
        named: Publishers that pages name, without a figure credited to them.
    """
    primary = figures.filter(pl.col("primary"))
    names = primary.select("publisher").unique().collect()["publisher"].to_list()
    socs = asked["soc_candidates"].drop_nulls().str.split("|").explode().unique()
    codes = list(lines.list_codes(socs)) if lines is not None else socs.to_list()
    wanted_values = {
        name: asked[name].drop_nulls().unique().to_list() for name in QUESTION
    }
    wanted_values["publisher"] += [
        *sorted(named),
        *list_originals(republished or {}, wanted_values["publisher"]),
    ]
    # What every question may be answered by: the figure of a whole country or of all
    # people, given to a part of them.
    wanted_values["area_code"] += [NATION, *sorted(places)]
    wanted_values["cohort"] += [ALL]
    evidence = ReferenceIndex(frozenset(names))
    # Every source writes industries its own way: all of an occupation are collected.
    cohorts = wanted_values.pop("cohort")
    wanted = primary.filter(
        pl.col("soc").is_in(codes),
        pl.col("cohort").is_in(cohorts) | pl.col("cohort").str.starts_with(INDUSTRY),
        *(pl.col(name).is_in(values) for name, values in wanted_values.items()),
    )
    columns = {*figures.collect_schema().names(), "hand"}
    same_name = [c for c in Reference.__dataclass_fields__ if c in columns]
    placed = wanted.with_columns(hand=order_of_source(source_places)).select(
        *same_name, **COLUMNS
    )
    # In a fixed order, the publisher's first source first: the table of OEWS before the
    # Handbook page that repeats it.
    rows = placed.sort("hand", "claim_id").collect()
    for row in rows.iter_rows(named=True):
        reference = Reference(**row)
        job = (reference.publisher, reference.soc)
        evidence._by_job.setdefault(job, []).append(reference)
    return evidence
