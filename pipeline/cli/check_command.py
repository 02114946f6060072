"""Run `payproof check`: one saved page against the latest release."""

from pathlib import Path

import polars as pl

from pipeline.cli.console import (
    DONE,
    NEEDS_LOOK,
    escape_controls,
    format_json,
    print_warnings,
)
from pipeline.core.errors import NotFound
from pipeline.core.store import find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.as_json import check_to_json, explain_silence
from pipeline.query.check import PageVerdicts, check, open_page
from pipeline.query.published import open_latest


def run_check(file: str, form: str) -> int:
    """Check a saved page; return 1 where it is wrong, has no figure or a fault struck.

    Args:
        file: Path of the page.
        form: `text`, `json` or `html`.

    Raises:
        NotFound: No such file or release.
        TooLarge: Beyond `page_bytes` of limits.csv.
        Damaged: The page or the release cannot be read.
    """
    # `check` needs no network (tests/test_flows.py), so an address is not fetched.
    if "://" in file:
        raise NotFound("File", file, "Save the page and give the file's path.")
    home = find_home()
    vocabulary, release = open_vocabulary(home.vocabularies), open_latest(home)
    found = check(open_page(Path(file), vocabulary), release, vocabulary)
    faults = found.page.extraction.faults
    print_warnings(map(str, faults))
    if form == "json":
        print(format_json(check_to_json(found)))
    elif form == "html":
        from pipeline.site.report.check_report import draw_check_report

        print(draw_check_report(check_to_json(found)))
    else:
        for line in format_verdicts(found):
            print(escape_controls(line))
    return NEEDS_LOOK if found.wrong or faults or explain_silence(found) else DONE


def format_verdicts(found: PageVerdicts) -> list[str]:
    """Format verdicts in the order of the page, then its own contradictions."""
    page, release = found.page, found.release
    lines = [f"{page.path}: {page.claims.height} claims, against {release.name}"]
    if release.manifest["demonstration"]:
        lines.append("(a demonstration release: some reference pages are made)")
    if because := explain_silence(found):
        return [*lines, f"No pay figure was found: {because}."]
    counts: dict[str, int] = {}
    for verdict in found.verdicts:
        counts[verdict["verdict"]] = counts.get(verdict["verdict"], 0) + 1
    lines.append(", ".join(f"{name} {n}" for name, n in sorted(counts.items())))
    for verdict in found.verdicts:
        lines += ["", f"{verdict['verdict'].upper():14} {verdict['quote']}"]
        lines.append(f"  {verdict['sentence']}")
        if verdict["reference_cell"] is not None:
            where = release.list_body_paths().get(verdict["reference_snapshot"], "")
            lines.append(f"  cell {verdict['reference_cell']}")
            lines.append(f"  file {where} {verdict['reference_locator']}")
    rows = found.discrepancies.filter(
        pl.col("reference_claim").is_null(), pl.col("type") != "impossible_or_orphan"
    )
    inside = list(rows.iter_rows(named=True))
    if inside:
        lines += ["", "On the page itself:"]
        lines += [f"  {d['type']} ({d['severity']}): {d['sentence']}" for d in inside]
    return lines
