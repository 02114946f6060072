"""Writes rows as JSON, CSV or Parquet, chooses among them, and says what is cached."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from pipeline.serve.problem_details import Problem
from schemas import VERSION

JSON, CSV = "application/json", "text/csv"
PARQUET = "application/vnd.apache.parquet"
MEDIA_TYPES = {"json": JSON, "csv": CSV, "parquet": PARQUET}
# `text/html` is what a browser asks for first: it is shown the JSON.
WILDCARD_TYPES = {"*/*": JSON, "application/*": JSON, "text/*": CSV, "text/html": JSON}
CACHE_A_MINUTE = "public, max-age=60, must-revalidate"
CACHE_FOR_EVER = "public, max-age=31536000, immutable"  # a year


def choose_media_type(request: Request, named: str | None) -> str:
    """Choose the media type that was asked for: by `format`, else by `Accept`.

    Raises:
        Problem: The client accepts none that is made here (406).
    """
    if named is not None:
        return MEDIA_TYPES[named]
    accepted = request.headers.get("accept")
    if not accepted or accepted == "*/*":
        return JSON
    best: tuple[float, str] | None = None
    for part in accepted.split(",")[:20]:
        kind, _, rest = part.strip().partition(";")
        found = kind.strip().lower()
        found = WILDCARD_TYPES.get(found, found)
        quality = parse_quality(rest)
        if (
            found in MEDIA_TYPES.values()
            and quality
            and (not best or quality > best[0])
        ):
            best = (quality, found)
    if best is None:
        raise Problem(406, f"Made here: {', '.join(MEDIA_TYPES.values())}.")
    return best[1]


def parse_quality(parameters: str) -> float:
    """Return the `q` of a part of `Accept`, 0 to 1; 1 where it has none (RFC 9110)."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 1.0
    return 1.0


def make_etag(release: str, form: str) -> str:
    """Make the ETag of an answer.

    Args:
        release: Name of the release, or what else the answer depends on.
        form: Media type.
    """
    # A release never changes, but the names of its columns may at an upgrade.
    return f'"{release}.{VERSION}.{form.rpartition("/")[2].rpartition(".")[2]}"'


def is_cached_by_client(request: Request, etag: str) -> bool:
    """Return whether the client has the answer of this ETag already."""
    asked = request.headers.get("if-none-match")
    if not asked:
        return False
    # If-None-Match compares weakly (RFC 9110, 13.1.2): `W/` of a proxy does not count.
    tags = [one.strip().removeprefix("W/") for one in asked.split(",")]
    return etag in tags or "*" in tags


def make_cache_headers(etag: str, *, pinned: bool) -> dict[str, str]:
    """Make the headers for caches.

    Args:
        etag: Of the answer.
        pinned: The release was named, so that the answer never changes.
    """
    return {
        "ETag": etag,
        "Cache-Control": CACHE_FOR_EVER if pinned else CACHE_A_MINUTE,
        "Vary": "Accept",
    }


def respond_not_modified(etag: str, *, pinned: bool) -> Response:
    """Return 304 with the cache headers of the whole answer, as RFC 9110 asks for."""
    return Response(status_code=304, headers=make_cache_headers(etag, pinned=pinned))


def render_rows(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    form: str,
    extra: Mapping[str, Any],
) -> bytes:
    """Write rows in a form.

    Args:
        rows: Each with the same columns.
        columns: Name to type as SQLite declares it, for forms that want types.
        form: Media type.
        extra: What JSON says beside the rows.

    Returns:
        Bytes; JSON has the rows under `data`.
    """
    if form == JSON:
        return orjson.dumps({"data": rows, **extra})
    import polars as pl

    from pipeline.release.publish.table_files import csv_bytes

    # SQLite keeps money as NUMERIC, and JSON has it as a number: so has Parquet.
    kinds = {
        "INTEGER": pl.Int64,
        "BOOLEAN": pl.Boolean,
        "REAL": pl.Float64,
        "NUMERIC": pl.Float64,
    }
    schema = {name: kinds.get(kind, pl.String) for name, kind in columns.items()}
    cells = [
        pl.Series(name, [row[name] for row in rows], kind, strict=False)
        for name, kind in schema.items()
    ]
    frame = pl.DataFrame(cells)
    if form == CSV:
        # The writer of the release's own files: no cell runs as a formula.
        return csv_bytes(frame)
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()
