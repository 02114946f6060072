"""Read the page of a publisher: extract its figures, and attribute them to it.

The publisher's name on its own figure is no attribution, and a figure that does not
say its pay basis has the publication's. Figures that a page keeps in embedded data
are read by the fields that its module knows.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.core import tables
from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Document, Snapshot, Source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import survey_dimensions
from pipeline.sources.shared.embedded_data import parse_amount
from pipeline.sources.shared.possible_claims import refuse_impossible_claims
from schemas import Claims, DataFrame

# The span of characters within a value; without it a locator names the whole value.
PART = re.compile(r"char=\d{1,12},\d{1,12};")
# What an embedded figure has from the data around it.
INHERITED_FIELDS = ",".join(
    f"{field}:document"
    for field in ("area", "currency", "occupation", "period", "reference_period")
)
# `8.1k salaries` is how many reports there are, and no pay.
COUNTED = re.compile(r"\s{1,3}(?:salaries|pay reports|reports|profiles|responses)\b")
REPORT_COUNT = {
    "kind": "other",
    "measure": "reports",
    "statistic": "unspecified",
    "pay_basis": "unspecified",
    "currency": None,
    "period": None,
}
Row = dict[str, Any]
ReadEmbedded = Callable[[Document], Iterable[Row]]


def read_page_claims(
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    source: Source,
    *,
    embedded: ReadEmbedded | None = None,
    defaults: Mapping[str, str] | None = None,
    survey: bool = False,
) -> DataFrame[Claims]:
    """Return the claims of a publisher's own page.

    Args:
        snapshot: The stored page.
        vocabulary: Words, places and names.
        source: Facts about the publication; its pay basis is the default.
        embedded: Rows from the page's embedded data: `datum` and claim fields. They
            replace what the general reader makes of the same places.
        defaults: Claim fields that the publication is about, where a figure's own
            place does not say (`occupation`).
        survey: Whether every row of its tables must be one of a known dimension.

    Raises:
        LayoutChanged: The page has no pay level of the publisher's own, or a table
            by something that is not known.
        UnknownLabel: A row of a survey's table has a label that nothing explains.
        Damaged: The bytes are not a page.
    """
    from pipeline.extract import extract
    from pipeline.read import read

    document = read(
        snapshot.read_body(), snapshot.media_type, where=describe_snapshot(snapshot)
    )
    found = extract(document, vocabulary, source=source.id, snapshot=snapshot.id)
    rows = [mark_report_count(row, document.text) for row in found.claims.to_dicts()]
    if embedded is not None:
        rows = merge_embedded_rows(rows, embedded(document), document, snapshot, source)
    claims = apply_source_defaults(
        fill_single_basis(make_page_claims(rows, snapshot, source)),
        source,
        vocabulary,
        defaults or {},
    )
    own = (pl.col("kind") == "pay_level") & pl.col("attributed_to").is_null()
    if claims.filter(own).height == 0:
        raise make_layout_error(snapshot, source, ["a pay level"])
    if survey:
        survey_dimensions.check_survey_rows(
            document, claims, vocabulary, describe_snapshot(snapshot)
        )
    return claims


def make_page_claims(
    rows: list[Row], snapshot: Snapshot, source: Source
) -> DataFrame[Claims]:
    """Return rows as claims.

    Raises:
        LayoutChanged: The page's data has a value that a column of claims cannot hold.
    """
    change = f"pipeline/sources/{source.id}.py"
    with refuse_impossible_claims(describe_snapshot(snapshot), change):
        return tables.make_claims(rows)


def mark_report_count(row: Row, text: str) -> Row:
    """Return a row of the general reader, as a count where the words after it say so.

    Indeed writes `8.1k salaries taken from job postings`.
    """
    bare = "$" not in row["quote"] and row["end"] is not None
    return {**row, **REPORT_COUNT} if bare and COUNTED.match(text, row["end"]) else row


def describe_snapshot(snapshot: Snapshot) -> str:
    """Return the name of a snapshot for messages: source, edition and file name."""
    return f"{snapshot.source} {snapshot.edition} {snapshot.name}".strip()


def make_layout_error(
    snapshot: Snapshot, source: Source, missing: list[str]
) -> LayoutChanged:
    """Make the error for a page that is not laid out as its module knows it."""
    change = f"pipeline/sources/{source.id}.py"
    return LayoutChanged(describe_snapshot(snapshot), missing, [], change)


def merge_embedded_rows(
    rows: list[Row],
    embedded: Iterable[Row],
    document: Document,
    snapshot: Snapshot,
    source: Source,
) -> list[Row]:
    """Return the general reader's rows, replaced where the module reads the place."""
    from pipeline.read import locate_datum

    own = [
        {
            "source": source.id,
            "snapshot": snapshot.id,
            "locator": locate_datum(document, row["datum"]),
            "quote": row["datum"].raw,
            "structure": row["datum"].form,
            "value": parse_amount(row["datum"]),
            **{name: value for name, value in row.items() if name != "datum"},
        }
        for row in embedded
    ]
    taken = {row["locator"] for row in own}
    return [row for row in rows if PART.sub("", row["locator"]) not in taken] + own


def fill_single_basis(claims: DataFrame[Claims]) -> DataFrame[Claims]:
    """Fill in the pay basis of words from the page's data, where there is only one.

    On a page that shows base and total pay, nothing is filled in.
    """
    own = (pl.col("kind") == "pay_level") & pl.col("attributed_to").is_null()
    data = claims.filter(own & pl.col("structure").str.starts_with("json"))
    everywhere = set(claims.filter(own)["pay_basis"]) - {"unspecified"}
    if data.is_empty() or len(everywhere) != 1 or everywhere != find_stated_bases(data):
        return claims
    unstated = own & (pl.col("pay_basis") == "unspecified")
    return tables.check_frame(
        Claims, fill_field(claims, unstated, "pay_basis", everywhere.pop())
    )


def find_stated_bases(claims: pl.DataFrame) -> set[str]:
    """Return the pay bases that claims state."""
    return set(claims["pay_basis"]) - {"unspecified"}


def apply_source_defaults(
    claims: DataFrame[Claims],
    source: Source,
    vocabulary: Vocabulary,
    defaults: Mapping[str, str],
) -> DataFrame[Claims]:
    """Remove the publisher's name from its own figures; fill in the source's defaults.

    Args:
        claims: What was read from the page.
        source: Its pay basis holds for its own pay levels that state none.
        vocabulary: With publishers.csv.
        defaults: Claim fields of its own pay levels that are null.
    """
    names = find_publisher_names(source, vocabulary)
    mine = pl.col("attributed_to").str.to_lowercase().is_in(names)
    frame = claims.with_columns(
        attributed_to=pl.when(~mine.fill_null(value=False)).then("attributed_to")
    )
    own = (pl.col("kind") == "pay_level") & pl.col("attributed_to").is_null()
    if source.pay_basis != "unspecified":
        unstated = own & (pl.col("pay_basis") == "unspecified")
        frame = fill_field(frame, unstated, "pay_basis", source.pay_basis)
    for field, value in defaults.items():
        frame = fill_field(frame, own & pl.col(field).is_null(), field, value)
    return tables.check_frame(Claims, frame)


def fill_field(
    frame: pl.DataFrame, where: pl.Expr, field: str, value: str
) -> pl.DataFrame:
    """Fill in a field where a condition holds, and note it in `inherited`."""
    note = pl.concat_str("inherited", pl.lit(f"{field}:document"), separator=",")
    plain = pl.coalesce(note, pl.lit(f"{field}:document"))
    return frame.with_columns(
        pl.when(where).then(pl.lit(value)).otherwise(field).alias(field),
        inherited=pl.when(where).then(plain).otherwise("inherited"),
    )


def find_publisher_names(source: Source, vocabulary: Vocabulary) -> list[str]:
    """Return every name of the publisher that a source reads, in lower case."""
    rows = vocabulary.read_table("publishers", "id", "name", "aliases", "source")
    own = rows.filter(pl.col("source").str.split("|").list.contains(source.id))
    names = own.select("id", "name", "aliases").row(0) if own.height else ()
    spelled = [name for cell in names for name in (cell or "").split("|") if name]
    return sorted({name.lower() for name in [*spelled, source.publisher]})
