"""Answers of the BLS API, made of the bundled lines of `oe.data.0.Current`."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.archive.snapshot import Archive

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {
    "4": "Wages for some occupations that do not generally work year-round, full time, "
    "are reported either as hourly wages or annual salaries.",
    "5": "This wage is equal to or greater than $115.00 per hour or $239,200 per year.",
    "8": "Estimate not released.",
}


def lines() -> dict[str, tuple[str, str, str]]:
    """Series id to year, value and footnote codes."""
    found = Archive(ROOT / "raw").list_snapshots("bls_oews")
    (flat,) = [s for s in found if s.name == "oe.data.0.Current"]
    rows = (
        line.split("\t") for line in flat.read_body().decode("ascii").splitlines()[1:]
    )
    return {
        series.strip(): (year, value.strip(), codes.strip())
        for series, year, _, value, codes in rows
    }


def answer(
    series: Sequence[str],
    *,
    empty: Iterable[str] = (),
    message: Sequence[str] = (),
    status: str = "REQUEST_SUCCEEDED",
) -> dict[str, Any]:
    """What the API answers to a batch.

    Args:
        series: Ids whose values are in the bundled file.
        empty: Ids for which it has nothing in that year.
        message: Its own words.
        status: Its verdict.
    """
    known = lines()
    found: list[dict[str, Any]] = [
        {"seriesID": name, "data": [datum(*known[name])]} for name in series
    ]
    found += [{"seriesID": name, "data": []} for name in empty]
    return {
        "status": status,
        "responseTime": 117,
        "message": list(message),
        "Results": {"series": found},
    }


def datum(year: str, value: str, codes: str) -> dict[str, Any]:
    """One value as the API writes it: texts, and an empty note where there is none."""
    notes = [{"code": code, "text": TEXTS[code]} for code in codes.split(",") if code]
    return {
        "year": year,
        "period": "A01",
        "periodName": "Annual",
        "latest": "true",
        "value": value,
        "footnotes": notes or [{}],
    }


def as_json(body: dict[str, Any]) -> bytes:
    """The answer's bytes."""
    return (json.dumps(body, indent=1) + "\n").encode()
