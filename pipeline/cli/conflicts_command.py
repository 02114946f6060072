"""Run `payproof conflicts`: print the discrepancies, most impact first."""

from typing import Any

import polars as pl

from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.core.errors import NotFound
from pipeline.core.json_rows import to_json_row
from pipeline.core.store import find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.answers import read_answers
from pipeline.query.decision_words import describe_state
from pipeline.query.published import Release, open_latest
from pipeline.review.review_queue import rank_by_impact
from pipeline.rulings import load_rulings

# States in which nobody need look at a conflict any more.
DECIDED = ("accepted", "fixed_upstream")


def run_conflicts(kind: str | None, severity: int, form: str) -> int:
    """Print the discrepancies of the latest release; return 1 where one is undecided.

    Args:
        kind: One of `schemas.discrepancies.TYPES`; None for all.
        severity: 1 to 3, at least.
        form: `text`, `json` or `csv`.

    Raises:
        NotFound: No such type, or no release.
    """
    from schemas.discrepancies import TYPES

    if kind is not None and kind not in TYPES:
        raise NotFound("Discrepancy type", kind, f"Known: {', '.join(TYPES)}.")
    home = find_home()
    release = open_latest(home)
    rows = release.scan_table("discrepancies").filter(pl.col("severity") >= severity)
    wanted = rows if kind is None else rows.filter(pl.col("type") == kind)
    found = rank_by_impact(release, wanted.collect())
    if form == "json":
        listed = [to_json_row(row) for row in found.iter_rows(named=True)]
        print(format_json(listed))
    elif form == "csv":
        from pipeline.release.publish.table_files import csv_bytes

        print(csv_bytes(found).decode(), end="")
    else:
        answers = read_answers(load_rulings(open_vocabulary(home.vocabularies)))
        files, rulings = release.list_body_paths(), read_acceptances(release)
        for row in found.iter_rows(named=True):
            state = describe_state(row, rulings)
            mark = f" ({state})" if state else ""
            said = f"{row['severity']} {row['type']}{mark}: {row['sentence']}"
            print(escape_controls(said))
            for one in answers.said.get(row["discrepancy_id"], ()):
                print(escape_controls(f"    {one.as_line}"))
            if row["impact"] is not None:
                print(f"    impact {row['impact']:,.0f} (gap times employment)")
            print(
                escape_controls(
                    f"    {files.get(row['snapshot'], '')} {row['claim_ids']}"
                )
            )
        print(f"{found.height} discrepancies in release {release.name}.")
    undecided = found.filter(~pl.col("status").is_in(DECIDED))
    return NEEDS_LOOK if undecided.height else DONE


def read_acceptances(release: Release) -> list[dict[str, Any]]:
    """Read the rulings that accept a conflict, as the release followed them."""
    # A release of before the rulings has no such table.
    if "rulings" not in release.manifest["rows"]:
        return []
    rows = release.scan_table("rulings").filter(pl.col("action") == "accept")
    return rows.collect().rows(named=True)
