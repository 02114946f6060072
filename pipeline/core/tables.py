"""Frames that match their schema: made whole, checked, split, put in order."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors
from pandera.typing.polars import DataFrame

from schemas import Claims

M = TypeVar("M", bound=pa.DataFrameModel)

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
def column_types(model: type[pa.DataFrameModel]) -> dict[str, pl.DataType]:
    """Column name to polars type, in the schema's order."""
    columns = model.to_schema().columns
    return {name: column.dtype.type for name, column in columns.items()}


def make_frame(
    model: type[pa.DataFrameModel], rows: Iterable[Mapping[str, Any]]
) -> pl.DataFrame:
    """Rows as a frame with the model's columns and types; missing cells null."""
    types = column_types(model)
    return pl.DataFrame(
        [{name: row.get(name) for name in types} for row in rows], schema=types
    )


def make_claims(rows: Iterable[Mapping[str, Any]]) -> DataFrame[Claims]:
    """Claims from partial rows: defaults filled in, ids made, schema checked.

    A row names at least source, snapshot, locator, quote and structure. Decimal
    columns take `decimal.Decimal`. A place used twice gets `~2`, `~3` on its id.
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
    """The frame, once every rule of its schema holds for every row.

    Raises:
        pandera.errors.SchemaErrors: Some rule does not; all failures are listed.
    """
    return model.validate(frame, lazy=True)


def split_valid_rows(
    model: type[M], frame: pl.DataFrame
) -> tuple[DataFrame[M], pl.DataFrame]:
    """Rows that keep every rule, and the broken rules of the others.

    Returns:
        The good rows; and the failures: `row` (index in `frame`), `column`, `rule`.

    Raises:
        pandera.errors.SchemaErrors: The frame as a whole is wrong (a column is
            missing or of another type), so that no row can be told from another.
    """
    try:
        return check_frame(model, frame), pl.DataFrame(
            schema={"row": pl.UInt32, "column": pl.String, "rule": pl.String}
        )
    except SchemaErrors as errors:
        cases = errors.failure_cases
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
    """Look a text column up in a table; null where it has no row."""
    return pl.col(column).replace_strict(
        dict(table), default=None, return_dtype=pl.String
    )
