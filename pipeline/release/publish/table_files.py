"""Frames to bytes: the same frame gives the same bytes."""

import io

import polars as pl

# A spreadsheet runs a cell that starts with one of these as a formula.
FORMULA = r"^[=@+\-\t\r]"
FIGURE = r"^[+-]?[\d.,]*%?$"


def parquet_bytes(frame: pl.DataFrame, release: str) -> bytes:
    """Parquet with the release's name in its metadata."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", metadata={"payproof.release": release})
    return out.getvalue()


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """CSV that a spreadsheet shows and never runs.

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
