"""What a cell of an OEWS table says: a number, a mark with a meaning, a claim."""

import re
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.core.errors import Damaged, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.tables import check_frame, column_types
from pipeline.core.vocabulary import Vocabulary
from schemas import Claims

NUMBER = r"^(?:\d{1,3}(?:,\d{3}){1,4}|\d{0,12})(?:\.\d{1,20})?$"
EDITION = re.compile(r"(\d{4})(?:-\d{2})?")
TOP_CODE = re.compile(r"\$(\d{1,4}\.\d{2}) per hour or \$([\d,]{5,12})")
MONEY = pl.Decimal(14, 2)


@dataclass(frozen=True)
class TopCode:
    """The least pay that a survey year prints as a mark."""

    hourly: Decimal
    annual: Decimal


def find_survey_year(snapshot: Snapshot) -> int:
    """The survey year, from the snapshot's edition (`2023-05`, `1997`).

    Raises:
        Damaged: The edition is no year, or no year and month.
    """
    if not (match := EDITION.fullmatch(snapshot.edition)):
        why = f"edition {snapshot.edition!r} is neither a year nor a year and month"
        remedy = "Keep it again under its edition, e.g. 2023-05."
        raise Damaged(snapshot.name or snapshot.source, why, remedy)
    return int(match[1])


def find_top_code(vocabulary: Vocabulary, year: int) -> TopCode | None:
    """The top code of a year; None where no row of oews_top_codes.csv has it."""
    rows = vocabulary.read_table("oews_top_codes", "first_year", "last_year").filter(
        pl.col("first_year").cast(pl.Int32) <= year,
        pl.col("last_year").cast(pl.Int32) >= year,
    )
    if rows.height != 1:
        return None
    return TopCode(Decimal(rows["hourly"].item()), Decimal(rows["annual"].item()))


def check_top_code(text: str, known: TopCode | None, where: str) -> None:
    """Where a file says its own top code, it must be the one that we know.

    Raises:
        UnknownLabel: It is another one.
    """
    for hourly, annual in TOP_CODE.findall(text):
        said = TopCode(Decimal(hourly), Decimal(annual.replace(",", "")))
        if said != known:
            label = f"top code ${hourly} or ${annual}"
            raise UnknownLabel(where, [label], "vocabularies/oews_top_codes.csv")


def load_measures(vocabulary: Vocabulary) -> pl.DataFrame:
    """Column, flat-file code and meaning of every measure; no text is null."""
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
    """Cells with `value`, `low` and `availability` from what they print.

    Args:
        cells: `quote` (stripped, never empty), `column`, `measure`, `period`, and
            `only_other_period` (`yes` or `no`).
        vocabulary: With oews_marks.csv.
        top: Top code of the year.
        where: For messages.

    Raises:
        UnknownLabel: A mark that oews_marks.csv does not explain, or a top-coded
            cell in a year without a top code.
    """
    quote = pl.col("quote")
    number = pl.when(quote.str.contains(NUMBER)).then(quote.str.replace_all(",", ""))
    cells = cells.with_columns(value=number.cast(MONEY, strict=False))
    marks = _look_up_marks(cells.filter(pl.col("value").is_null()), vocabulary, where)
    found = cells.join(
        marks, on=["quote", "measure", "only_other_period"], how="left"
    ).with_columns(
        availability=pl.when(pl.col("value").is_null())
        .then(pl.col("availability"))
        .otherwise(pl.lit("published"))
    )
    return add_top_code_bounds(found, top, where)


def _look_up_marks(
    marked: pl.DataFrame, vocabulary: Vocabulary, where: str
) -> pl.DataFrame:
    """Availability of each mark, measure and flag that occurs."""
    key = ["quote", "measure", "only_other_period"]
    known = vocabulary.read_table(
        "oews_marks", "mark", "measure", "only_other_period", "availability"
    ).select(pl.col("mark").alias("quote"), *key[1:], "availability")
    plain = known.filter(pl.col("only_other_period") == "no").drop("only_other_period")
    used = marked.select(key).unique().sort(key).join(known, on=key, how="left")
    used = used.join(plain, on=key[:2], how="left", suffix="_plain").select(
        *key, availability=pl.coalesce("availability", "availability_plain")
    )
    unknown = used.filter(pl.col("availability").is_null()).drop("availability")
    if unknown.height:
        found = marked.join(unknown, on=key, how="semi").select("quote", "column")
        labels = [
            f"{mark} in {column}"
            for mark, column in found.unique().sort("quote", "column").iter_rows()
        ]
        raise UnknownLabel(where, labels, "vocabularies/oews_marks.csv")
    return used


def add_top_code_bounds(
    cells: pl.DataFrame, top: TopCode | None, where: str
) -> pl.DataFrame:
    """Cells with `low`: the year's top code where they are top-coded.

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
    """Cells as checked claims: ids made, constants filled in, columns in order."""
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
    return check_frame(Claims, ready.select(columns))
