"""Interpret cells of OEWS tables: a number, or a mark with a meaning, to a claim."""

import re
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.tables import check_frame, column_types
from pipeline.core.unread_places import are_too_many, report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared.possible_claims import refuse_impossible_claims
from schemas import Claims, DataFrame

# `1,234,560`, `48650`, `22.03` or `.53`. Marks (`*`, `#`, `~`) are looked up instead.
NUMBER = r"^\$?(?:\d{1,3}(?:,\d{3}){1,4}|\d{0,12})(?:\.\d{1,20})?$"
# The files' own note on `#`: "$115.00 per hour or $239,200 per year".
TOP_CODE = re.compile(r"\$(\d{1,4}\.\d{2}) per hour or \$([\d,]{5,12})")
MONEY = pl.Decimal(14, 2)
MARKED = ["quote", "measure", "only_other_period"]  # what decides on a mark


@dataclass(frozen=True)
class TopCode:
    """The least pay that a survey year prints as a mark."""

    hourly: Decimal
    annual: Decimal


def find_top_code(vocabulary: Vocabulary, year: int) -> TopCode | None:
    """Return the top code of a year; None where oews_top_codes.csv has no row of it."""
    rows = vocabulary.read_table("oews_top_codes", "first_year", "last_year").filter(
        pl.col("first_year").cast(pl.Int32) <= year,
        pl.col("last_year").cast(pl.Int32) >= year,
    )
    if rows.height != 1:
        return None
    return TopCode(Decimal(rows["hourly"].item()), Decimal(rows["annual"].item()))


def check_top_code(text: str, known: TopCode | None, where: str) -> None:
    """Check that a top code which a file states itself is the known one.

    The amount rises every few years (2022: 115.00 an hour). With the amount of an
    earlier year, top-coded cells would get too low a bound.

    Raises:
        UnknownLabel: It is another one.
    """
    for hourly, annual in TOP_CODE.findall(text):
        stated = TopCode(Decimal(hourly), Decimal(annual.replace(",", "")))
        if stated != known:
            label = f"top code ${hourly} or ${annual}"
            raise UnknownLabel(where, [label], "vocabularies/oews_top_codes.csv")


def load_measures(vocabulary: Vocabulary) -> pl.DataFrame:
    """Read oews_measures.csv, with the pay basis and currency of each measure.

    Returns:
        One row for each column of figures: `column`, `datatype` (its code in flat
        files), `measure`, `kind`, `period`, `statistic`, `pay_basis`, `currency`.
    """
    return vocabulary.read_table(
        "oews_measures", "column", "datatype", "measure", "kind", "period", "statistic"
    ).with_columns(
        pay_basis=pl.when(pl.col("measure") == "pay")
        .then(pl.lit("base"))
        .otherwise(pl.lit("unspecified")),
        currency=pl.when(pl.col("measure") == "pay").then(pl.lit("USD")),
    )


def interpret_cells(
    cells: pl.DataFrame, vocabulary: Vocabulary, top: TopCode | None, where: str
) -> pl.DataFrame:
    """Return cells with `value`, `low` and `availability` from what they print.

    Args:
        cells: `quote` (stripped, never empty), `column`, `measure`, `period`,
            `only_other_period` (`yes` or `no`), and `locator`, by which a few cells
            with an unknown mark are reported.
        vocabulary: With oews_marks.csv.
        top: Top code of the year.
        where: For messages.

    Raises:
        UnknownLabel: A mark that oews_marks.csv does not explain, of more cells than
            may be left out, or a top-coded cell in a year without a top code.
    """
    quote = pl.col("quote")
    plain = quote.str.replace_all(r"[$,]", "")
    number = pl.when(quote.str.contains(NUMBER)).then(plain)
    cells = cells.with_columns(value=number.cast(MONEY, strict=False))
    marks = _look_up_marks(cells.filter(pl.col("value").is_null()), vocabulary)
    found = cells.join(marks, on=MARKED, how="left", maintain_order="left")
    found = found.with_columns(
        availability=pl.when(pl.col("value").is_null())
        .then(pl.col("availability"))
        .otherwise(pl.lit("published"))
    )
    odd = found.filter(pl.col("availability").is_null())
    _refuse_odd_marks(odd, cells.height, vocabulary, where)
    return add_top_code_bounds(found.drop_nulls("availability"), top, where)


def _look_up_marks(marked: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return `availability` of each mark, measure and flag; null where it has none."""
    known = vocabulary.read_table(
        "oews_marks", "mark", "measure", "only_other_period", "availability"
    ).select(pl.col("mark").alias("quote"), *MARKED[1:], "availability")
    # The flag decides only for `*` in wage columns (published by the other period, or
    # not released); for every other mark the row with `no` holds whatever the flag.
    plain = known.filter(pl.col("only_other_period") == "no").drop("only_other_period")
    used = marked.select(MARKED).unique().sort(MARKED)
    used = used.join(known, on=MARKED, how="left")
    return used.join(plain, on=MARKED[:2], how="left", suffix="_plain").select(
        *MARKED, availability=pl.coalesce("availability", "availability_plain")
    )


def _refuse_odd_marks(
    odd: pl.DataFrame, cells: int, vocabulary: Vocabulary, where: str
) -> None:
    """Report cells whose mark nothing explains, where they are few.

    Args:
        odd: The cells.
        cells: How many there are in all.
        vocabulary: With the share that may be left out.
        where: For messages.

    Raises:
        UnknownLabel: There are more: it is a mark of the publisher; with its column.
    """
    if odd.is_empty():
        return
    if are_too_many(odd.height, cells, vocabulary):
        labels = [
            f"{mark} in {column}"
            for mark, column in odd.select("quote", "column")
            .unique()
            .sort("quote", "column")
            .iter_rows()
        ]
        raise UnknownLabel(where, labels, "vocabularies/oews_marks.csv")
    for place, text in odd.select("locator", "quote").iter_rows():
        report_unread(
            place, text, "not read: neither a number nor a mark of oews_marks.csv"
        )


def add_top_code_bounds(
    cells: pl.DataFrame, top: TopCode | None, where: str
) -> pl.DataFrame:
    """Return cells with `low`: the year's top code where they are top-coded.

    Raises:
        UnknownLabel: A top-coded cell in a year whose top code is not known.
    """
    coded = pl.col("availability") == "top_coded"
    if top is None:
        if (found := cells.filter(coded)).height:
            column = found["column"][0] if "column" in cells.columns else "a value"
            labels = [f"top code of the year, in {column}"]
            raise UnknownLabel(where, labels, "vocabularies/oews_top_codes.csv")
        return cells.with_columns(low=pl.lit(None, dtype=MONEY))
    hourly = pl.lit(top.hourly, dtype=MONEY)
    annual = pl.lit(top.annual, dtype=MONEY)
    bound = pl.when(pl.col("period") == "hour").then(hourly).otherwise(annual)
    return cells.with_columns(low=pl.when(coded).then(bound))


def make_claims(cells: pl.DataFrame, snapshot: Snapshot) -> DataFrame[Claims]:
    """Return cells as checked claims: ids made, constants filled in, columns ordered.

    Args:
        cells: With `locator` and any columns of `schemas.Claims`; columns that are
            missing become the snapshot's constants, or null.
        snapshot: Whose cells they are.

    Raises:
        LayoutChanged: A cell holds what no claim can.
    """
    constants: dict[str, object] = {
        "source": snapshot.source,
        "snapshot": snapshot.id,
        "approximate": False,
        "hypothetical": False,
        "reference_period": snapshot.edition,
    }
    ready = cells.with_columns(
        claim_id=pl.concat_str(pl.lit(f"{snapshot.id}#"), pl.col("locator"))
    )
    columns = [
        pl.col(name)
        if name in ready.columns
        else pl.lit(constants.get(name), dtype=dtype).alias(name)
        for name, dtype in column_types(Claims).items()
    ]
    where = snapshot.name or snapshot.path.name
    with refuse_impossible_claims(where, f"pipeline/sources/{snapshot.source}"):
        return check_frame(Claims, ready.select(columns))
