"""Run `payproof compare-policies`: print where the choice of a policy matters."""

import polars as pl

from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.cli.console_table import format_table
from pipeline.core.json_rows import to_json_row
from pipeline.core.store import find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.compare import compare_policies
from pipeline.query.published import open_latest
from pipeline.reconcile.settle.policies import POLICIES


def run_compare_policies(cell: str, least: float, most: int, form: str) -> int:
    """Print where policies differ; return 1 where any do by more than `least`.

    Args:
        cell: How the ids of the cells begin; "" for all.
        least: Ratio of the largest answer to the smallest, less one.
        most: Lines at most, as text.
        form: `text`, `json` or `csv`.
    """
    home = find_home()
    release = open_latest(home)
    found = compare_policies(release, open_vocabulary(home.vocabularies))
    wanted = found.filter(pl.col("cell").str.starts_with(cell))
    apart = wanted.filter(pl.col("gap") > least)
    if form == "json":
        shown = [to_json_row(row) for row in apart.iter_rows(named=True)]
        print(format_json(shown))
    elif form == "csv":
        from pipeline.release.publish.table_files import csv_bytes

        print(csv_bytes(apart).decode(), end="")
    else:
        for line in format_gaps(apart.head(most)):
            print(escape_controls(line))
        print(
            f"{wanted.height} cells have two or more independent figures; in "
            f"{apart.height} the policies differ by more than {least:.1%}. "
            f"Release {release.name}."
        )
    return NEEDS_LOOK if apart.height else DONE


def format_gaps(rows: pl.DataFrame) -> list[str]:
    """Format a line for each cell, most impact first."""
    heads = ("cell", "n", *POLICIES, "gap", "impact", "driven by")
    body = []
    for row in rows.iter_rows(named=True):
        amounts = [f"{row[p]:,.0f}" if row[p] is not None else "-" for p in POLICIES]
        driver = f"{row['loo_source']} ({row['loo_policy']} {row['loo_shift']:+.1%})"
        gap, impact = f"{row['gap']:.1%}", f"{row['impact']:,.0f}"
        body.append([row["cell"], row["sources"], *amounts, gap, impact, driver])
    return format_table(body, heads) if body else []
