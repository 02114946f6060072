"""Age pay of another date to one date by an index of wages, beside the original.

    aged = annual * I(to) / I(from)

with the Employment Cost Index, wages and salaries of private industry, in the quarters
that hold the two dates. What ageing leaves open grows with the root of the years
between: 0.023 on the log scale (backtest on national OEWS, vocabularies/ageing.csv).

Nothing is extrapolated: a common date after the index's last quarter stops the run; a
figure from before its first, or after its last, is not aged, and its note says why.
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
# `2023`, or `2023/24` by its first year; `2018-2019` is a span without a date.
YEAR = re.compile(r"^(\d{4})(?:/\d{2})?$")
FILE = "vocabularies/eci.csv"
PLACES = Decimal("0.000001")  # of the factor in a formula


@dataclass(frozen=True)
class Ageing:
    """How a figure gets from one quarter to another.

    Args:
        factor: That pay is multiplied by.
        sd: Standard deviation, on the log scale, of what ageing leaves open.
        formula: The factor with series, quarters and index values.
    """

    factor: Decimal
    sd: float
    formula: str


@dataclass(frozen=True)
class WageIndex:
    """A series of an index by quarter, and the rules of vocabularies/ageing.csv.

    Args:
        series: Id of the series at BLS.
        values: Index by quarter (`2025-Q2`).
        to: Quarter that all pay is aged to.
        quarter_of_year: Quarter, 1 to 4, that a year alone is taken for.
        sd_per_root_year: Of ageing over one year, on the log scale.
    """

    series: str
    values: Mapping[str, Decimal]
    to: str
    quarter_of_year: int
    sd_per_root_year: float

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "WageIndex":
        """Read the series and its rules from `eci.csv` and `ageing.csv`.

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
        """The series with its first and last quarter, in words."""
        return f"{self.series} from {min(self.values)} to {max(self.values)}"

    def find_quarter(self, period: str) -> str | None:
        """Return the quarter that a period is aged from; None for spans of years.

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
        """Return how pay gets from one quarter to another, forwards or back.

        Args:
            start: Quarter that the pay is of, such as `2023-Q2`.
            end: Quarter that it is aged to.

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
            # Backtest: .019 after one year, .033 after two, .035 after three.
            round(self.sd_per_root_year * years_between(start, end) ** 0.5, 6),
            f"{self.series} {end}/{start} = {other}/{one} = {factor.quantize(PLACES)}",
        )


def find_date() -> pl.Expr:
    """Make an expression of a figure's reference period, else of its year."""
    return pl.coalesce("reference_period", pl.col("year").cast(pl.String))


def years_between(start: str, end: str) -> float:
    """Return the years between two quarters, whichever comes first.

    >>> years_between("2023-Q2", "2025-Q1")
    1.75
    """
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
    # Asks for the common date alone: without it every figure would go unaged.
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
    # The index is of wages in the United States.
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
    """Make an expression of yearly pay times the factor of its date, to the cent.

    Args:
        when: Period of each figure.
        factors: By period.
        home: Whether the index is of the figure's country and currency.
    """
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
    """Make an expression that looks each date up; null abroad and where it is missing.

    Args:
        when: Period of each figure.
        table: By period.
        kind: Type of the values.
        home: Whether the index is of the figure's country and currency.
    """
    found = when.replace_strict(
        dict(table) or {"": None}, default=None, return_dtype=kind
    )
    return pl.when(home).then(found)
