"""`payproof conflicts` and `payproof verify`."""

import polars as pl

from pipeline.cli import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.core.errors import NotFound
from pipeline.core.json_rows import to_json_row
from pipeline.core.store import find_home
from pipeline.query.published import open_latest
from pipeline.review.review_queue import rank_by_impact


def run_conflicts(kind: str | None, severity: int, form: str) -> int:
    """Print the discrepancies of the latest release; 1 where there are any."""
    from schemas.discrepancies import TYPES

    if kind is not None and kind not in TYPES:
        raise NotFound("Discrepancy type", kind, f"Known: {', '.join(TYPES)}.")
    release = open_latest(find_home())
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
        files = release.list_body_paths()
        for row in found.iter_rows(named=True):
            print(
                escape_controls(f"{row['severity']} {row['type']}: {row['sentence']}")
            )
            if row["impact"] is not None:
                print(f"    impact {row['impact']:,.0f} (gap times employment)")
            print(
                escape_controls(
                    f"    {files.get(row['snapshot'], '')} {row['claim_ids']}"
                )
            )
        print(f"{found.height} discrepancies in release {release.name}.")
    return NEEDS_LOOK if found.height else DONE


def run_verify(form: str) -> int:
    """Verify the latest release; 1 where something does not hold."""
    from pipeline.release.verify import SHOWN
    from pipeline.release.verify import verify as verified

    home = find_home()
    release = open_latest(home)
    found = verified(home, release)
    good = found.pointers - len(found.failed)
    share = 100 * good / found.pointers if found.pointers else 0.0
    if form == "json":
        said = {
            "release": release.name,
            "pointers": found.pointers,
            "re_extracted": good,
            "snapshots": found.snapshots,
            "files": found.files,
            "failed": list(found.failed),
            "faults": list(found.faults),
        }
        print(format_json(said))
    else:
        for line in [*found.faults, *found.failed[:SHOWN]]:
            print(escape_controls(line))
        print(
            f"{good:,} of {found.pointers:,} pointers re-extract their quote "
            f"({share:.2f} %); {found.snapshots} snapshots and {found.files} files "
            f"of release {release.name}, {len(found.faults)} faults."
        )
    return DONE if found.is_sound else NEEDS_LOOK
