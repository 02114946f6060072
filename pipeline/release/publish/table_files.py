"""Encode frames as files: the same frame gives the same bytes."""

import io

import polars as pl

# A spreadsheet runs a cell that starts with one of these as a formula: =SUM(A1),
# @SUM(A1). Tab and carriage return are on OWASP's list (CSV injection) as well.
FORMULA = r"^[=@+\-\t\r]"
# What begins so and is only a figure stays as it is: -3.5%, +1,200, a lone dash.
FIGURE = r"^[+-]?[\d.,]*%?$"


def parquet_bytes(frame: pl.DataFrame, release: str) -> bytes:
    """Encode a frame as Parquet with the release's name in its metadata."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", metadata={"payproof.release": release})
    return out.getvalue()


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Encode a frame as CSV that a spreadsheet shows and never runs.

    A text that would be a formula gets an apostrophe before it; the Parquet file
    beside has it untouched.
    """
    text = [name for name, kind in frame.schema.items() if kind == pl.String]
    harmless = [
        pl.when(pl.col(name).str.contains(FORMULA) & ~pl.col(name).str.contains(FIGURE))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in text
    ]
    return frame.with_columns(harmless).write_csv().encode()
