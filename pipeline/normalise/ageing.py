"""Pay of another date, brought to one date by an index of wages; the original stays.

    aged = annual * I(to) / I(from)

with the Employment Cost Index, wages and salaries of private industry, in the quarters
that hold the two dates. What ageing leaves open grows with the root of the years
between: 0.023 on the log scale (backtest on national OEWS, vocabularies/ageing.csv).

An index says nothing beyond its ends: a common date after its last quarter stops the
run; a figure from before its first, or after its last, is not aged and says why.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary

MONTH = re.compile(r"^(\d{4})-(\d{2})$")
QUARTER = re.compile(r"^(\d{4})-Q([1-4])$")
YEAR = re.compile(r"^(\d{4})(?:/\d{2})?$")
FILE = "vocabularies/eci.csv"
PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Ageing:
    """How a figure gets from one quarter to another: the factor, and its formula."""

    factor: Decimal
    sd: float
    formula: str


@dataclass(frozen=True)
class WageIndex:
    """A series of an index by quarter, and the rules of vocabularies/ageing.csv."""

    series: str
    values: Mapping[str, Decimal]
    to: str
    quarter_of_year: int
    sd_per_root_year: float

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "WageIndex":
        """Read it once.

        Raises:
            UnknownLabel: The series has no row.
        """
        rules = dict(
            vocabulary.read_table("ageing", "key", "value")
            .select("key", "value")
            .rows()
        )
        table = vocabulary.read_table("eci", "series_id", "period", "value")
        own = table.filter(pl.col("series_id") == rules["series"])
        if own.height == 0:
            raise UnknownLabel("ageing", [rules["series"]], FILE)
        return cls(
            rules["series"],
            {p: Decimal(v) for p, v in own.select("period", "value").iter_rows()},
            rules["to"],
            int(rules["quarter_of_year"]),
            float(rules["sd_per_root_year"]),
        )

    @cached_property
    def reach(self) -> str:
        """The series with its first and last quarter."""
        return f"{self.series} from {min(self.values)} to {max(self.values)}"

    def find_quarter(self, period: str) -> str | None:
        """The quarter that a reference period is aged from; None for spans of years.

        >>> WageIndex("ECIWAG", {}, "2025-Q2", 2, 0.023).find_quarter("2023-05")
        '2023-Q2'
        """
        if QUARTER.match(period):
            return period
        if month := MONTH.match(period):
            return f"{month[1]}-Q{(int(month[2]) + 2) // 3}"
        year = YEAR.match(period)
        return f"{year[1]}-Q{self.quarter_of_year}" if year else None

    def find_ageing(self, start: str, end: str) -> Ageing:
        """From one quarter to another, forwards or back.

        Raises:
            UnknownLabel: A quarter lies outside the series; nothing is extrapolated.
        """
        for asked in (start, end):
            if asked not in self.values:
                raise UnknownLabel(self.reach, [asked], FILE)
        one, other = self.values[start], self.values[end]
        factor = other / one
        return Ageing(
            factor,
            round(self.sd_per_root_year * years_between(start, end) ** 0.5, 6),
            f"{self.series} {end}/{start} = {other}/{one} = {factor.quantize(PLACES)}",
        )


def find_date() -> pl.Expr:
    """Give the reference period of a figure, or the year that stands in for it."""
    return pl.coalesce("reference_period", pl.col("year").cast(pl.String))


def years_between(start: str, end: str) -> float:
    """Between two quarters, whichever comes first."""
    places = [int(q[:4]) * 4 + int(q[-1]) for q in (start, end)]
    return abs(places[1] - places[0]) / 4


def add_aged_pay(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `aged` (yearly pay at the common date), `ageing` and `ageing_sd`.

    Only pay in the index's own currency and country is aged; what is not aged has a
    null, and `ageing` says why where the page gives a date.

    Raises:
        UnknownLabel: The common date itself is beyond the series.
    """
    index = WageIndex.from_vocabulary(vocabulary)
    index.find_ageing(index.to, index.to)
    periods = draft.select(when=find_date()).to_series().unique().drop_nulls()
    factors: dict[str, Decimal] = {}
    notes: dict[str, str] = {}
    spread: dict[str, float] = {}
    for period in periods:
        start = index.find_quarter(period)
        try:
            found = index.find_ageing(start or period, index.to)
        except UnknownLabel:
            notes[period] = f"not aged: {period} is beyond {index.reach}"
            continue
        factors[period], spread[period] = found.factor, found.sd
        notes[period] = found.formula
    home = (pl.col("currency") == "USD") & (
        pl.col("area_level").fill_null("national") != "foreign"
    )
    when = find_date()
    return draft.with_columns(
        aged=multiply_annual_pay(when, factors, home),
        ageing=look_up_by_date(when, notes, pl.String, home),
        ageing_sd=look_up_by_date(when, spread, pl.Float64, home),
    )


def multiply_annual_pay(
    when: pl.Expr, factors: Mapping[str, Decimal], home: pl.Expr
) -> pl.Expr:
    """Yearly pay times the factor of its date, to the cent."""
    rates = {period: float(factor) for period, factor in factors.items()}
    rate = look_up_by_date(when, rates, pl.Float64, home)
    product = pl.col("annual").cast(pl.Float64) * rate
    return product.round(2).cast(pl.Decimal(14, 2))


def look_up_by_date(
    when: pl.Expr,
    table: Mapping[str, object],
    kind: type[pl.DataType],
    home: pl.Expr,
) -> pl.Expr:
    """What a table says of a date; null abroad and for dates that it has not."""
    found = when.replace_strict(
        dict(table) or {"": None}, default=None, return_dtype=kind
    )
    return pl.when(home).then(found)
