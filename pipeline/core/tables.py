"""Make frames that match their schema, and check and split them by its rules."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

import polars as pl

from pipeline.core.quick_check import keeps_every_rule
from schemas import Claims, DataFrame
from schemas.table_model import TableModel

M = TypeVar("M", bound=TableModel)

CENTS = pl.Decimal(14, 2)
MOST_MONEY = 10**12
# What a claim is where its source's parser does not say otherwise.
CLAIM_DEFAULTS: Mapping[str, object] = {
    "kind": "pay_level",
    "measure": "pay",
    "availability": "published",
    "pay_basis": "unspecified",
    "statistic": "unspecified",
    "approximate": False,
    "hypothetical": False,
}


@cache
def column_types(model: type[TableModel]) -> dict[str, pl.DataType]:
    """Return the polars type of each column by name, in the schema's order."""
    return {name: column.dtype for name, column in model.columns.items()}


def make_frame(
    model: type[TableModel], rows: Iterable[Mapping[str, Any]]
) -> pl.DataFrame:
    """Make a frame of rows, with the model's columns and types; missing cells null."""
    types = column_types(model)
    every = [{name: row.get(name) for name in types} for row in rows]
    # Of decimals polars asks whether they are numpy's, and loads numpy for it: money
    # goes to it as text.
    money = [
        name
        for name, kind in types.items()
        if kind == CENTS and all(is_cents(row[name]) for row in every)
    ]
    for row in every:
        row |= {name: f"{row[name]:f}" for name in money if row[name] is not None}
    texts = {**types, **dict.fromkeys(money, pl.String())}
    return pl.DataFrame(every, schema=texts).cast(dict.fromkeys(money, CENTS))


def is_cents(value: object) -> bool:
    """Return whether a value is null, or a decimal of twelve digits and two places."""
    return value is None or (
        isinstance(value, Decimal)
        and value.is_finite()
        and abs(value) < MOST_MONEY
        and value == round(value, 2)
    )


def make_claims(rows: Iterable[Mapping[str, Any]]) -> DataFrame[Claims]:
    """Make claims of partial rows: fill in defaults, make ids, check the schema.

    A row names at least source, snapshot, locator, quote and structure. Decimal
    columns take `decimal.Decimal`. A place used twice gets `~2`, `~3` on its id.

    Raises:
        pandera.errors.SchemaErrors: A row breaks a rule; all failures are listed.
    """
    seen: dict[str, int] = {}
    filled = []
    for row in rows:
        place = f"{row['snapshot']}#{row['locator']}"
        seen[place] = seen.get(place, 0) + 1
        suffix = "" if seen[place] == 1 else f"~{seen[place]}"
        filled.append({**CLAIM_DEFAULTS, **row, "claim_id": place + suffix})
    return check_frame(Claims, make_frame(Claims, filled))


def check_frame(model: type[M], frame: pl.DataFrame) -> DataFrame[M]:
    """Return the frame, if every rule of its schema holds for every row.

    Raises:
        pandera.errors.SchemaErrors: Some rule does not; all failures are listed.
    """
    if keeps_every_rule(model, frame):
        return cast("DataFrame[M]", frame)
    # Which rows break which rule is for pandera to say.
    return cast("DataFrame[M]", model.validate(frame, lazy=True))


def split_valid_rows(
    model: type[M], frame: pl.DataFrame
) -> tuple[DataFrame[M], pl.DataFrame]:
    """Split a frame into the rows that keep every rule, and the rules others broke.

    Returns:
        The good rows; and the failures: `row` (index in `frame`), `column`, `rule`.

    Raises:
        pandera.errors.SchemaErrors: The frame as a whole is wrong (a column is
            missing or of another type), so that no row can be told from another.
    """
    from pandera.errors import SchemaErrors

    try:
        return check_frame(model, frame), pl.DataFrame(
            schema={"row": pl.UInt32, "column": pl.String, "rule": pl.String}
        )
    except SchemaErrors as errors:
        cases = errors.failure_cases
        # Failures of the frame as a whole have no index of a row.
        if cases["index"].null_count():
            raise
        failures = (
            cases.select(
                pl.col("index").cast(pl.UInt32).alias("row"),
                pl.col("column").cast(pl.String),
                pl.col("check").cast(pl.String).alias("rule"),
            )
            .unique()
            .sort("row", "column", "rule")
        )
        good = frame.with_row_index("row").join(
            failures.select("row").unique(), on="row", how="anti", maintain_order="left"
        )
        return check_frame(model, good.drop("row")), failures


def map_column(column: str, table: Mapping[str, str]) -> pl.Expr:
    """Make an expression that looks a text column up; null where the table has none.

    Args:
        column: Name of the column.
        table: Text to text.
    """
    return pl.col(column).replace_strict(
        dict(table), default=None, return_dtype=pl.String
    )
