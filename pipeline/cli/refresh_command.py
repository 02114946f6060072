"""Run `payproof refresh`: ask who is due, make a release, say what came of it."""

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.archive.collect_due import CollectResult
from pipeline.cli.console import escape_controls
from pipeline.core.store import Home, find_home
from pipeline.release.run import RefreshOutcome
from pipeline.sources import import_source


def run_refresh(
    *,
    offline: bool,
    prefect: bool | None,
    sources: list[str],
    site: bool,
    accept_missing: list[str],
) -> int:
    """Refresh, under Prefect where that is wanted or its server is configured.

    Args:
        offline: Ask no publisher.
        prefect: Run as a Prefect flow, or not; None: where its server is configured.
        sources: Ids to ask, due or not; those that are due where none is named.
        site: Draw the static site.
        accept_missing: Ids of sources of the last release that may be lost.

    Returns:
        The exit status.
    """
    from pipeline.archive.collect_due import collect_due_sources
    from pipeline.release.run import refresh

    home = find_home()
    for source in sources:
        # An unknown id is an error before anybody is asked or anything is written.
        import_source(source)
    wanted = bool(os.environ.get("PREFECT_API_URL")) if prefect is None else prefect
    if wanted:
        from flows.refresh import refresh_with_prefect

        outcome = refresh_with_prefect(
            home,
            offline=offline,
            sources=sources,
            accept_missing=accept_missing,
            site=site,
        )
        print_asked(outcome.asked)
    else:
        asked = collect_due_sources(home, offline=offline, only=sources)
        print_asked(asked)
        outcome = refresh(home, accept_missing=accept_missing)
        outcome = replace(outcome, asked=tuple(asked))
    status = print_outcome(outcome, home if site else None)
    if not offline:
        print_stale_sources(home)
    return status


def print_asked(asked: Iterable[CollectResult]) -> None:
    """Print what asking the publishers brought."""
    for line in (line for one in asked for line in one.to_lines()):
        print_line(line)


def print_stale_sources(home: Home) -> None:
    """Print the ids of blocked, stale and empty sources, a line for each state."""
    from pipeline.archive.collect_due import utc_now
    from pipeline.archive.freshness import list_statuses

    found = list_statuses(home, utc_now()[:10])
    for state in ("blocked", "stale", "empty"):
        names = [one.source for one in found if one.state == state]
        if names:
            print_line(
                f"{state.capitalize()}: {', '.join(names)} (payproof sources --stale)"
            )


def print_outcome(outcome: RefreshOutcome, draw: Home | None = None) -> int:
    """Print what came of a refresh, and return the exit status.

    Args:
        outcome: Of the refresh.
        draw: Where the release's static site is drawn; None: it is not.

    Returns:
        That of the outcome.
    """
    for one in outcome.ingested:
        done = "unchanged" if outcome.unchanged else f"{one.parsed} parsed"
        count = "" if outcome.unchanged else f", {one.claims} claims"
        print_line(f"{one.source:15} {one.snapshots} snapshots, {done}{count}")
        for note in (*one.notes, *one.mended):
            print_line(f"  note: {note}")
    for note in outcome.notes:
        print_line(f"Note: {note}")
    for error in outcome.errors:
        print(f"Error: {escape_controls(error)}", file=sys.stderr)
    release = outcome.release
    if outcome.failure or release is None:
        print_line(
            f"The last good release stays: {release.name if release else 'none yet'}"
        )
        return outcome.status
    print_line(summarise_release(outcome))
    if release.manifest["demonstration"]:
        print_line("Demonstration: some pages behind it were written for the project.")
    print_line(f"Report: {shorten_path(release.folder / 'report.html')}")
    if draw is not None:
        from pipeline.release.draw_site import draw_site

        print_line(f"Site: {shorten_path(draw_site(draw, release))}")
    return outcome.status


def shorten_path(path: Path) -> Path:
    """Shorten a path below the current folder to one relative to it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def summarise_release(outcome: RefreshOutcome) -> str:
    """Summarise the release in one line."""
    release = outcome.release
    assert release is not None
    if outcome.unchanged:
        return f"Nothing has changed: nothing was parsed. {release.name} stands."
    rows = release.manifest["rows"]
    return (
        f"Release {release.name}: {rows['claims']:,} claims, "
        f"{rows['figures']:,} figures, {rows['salaries']:,} cells, "
        f"{rows['discrepancies']} discrepancies, {rows['rejects']} rejects"
    )


def print_line(text: str) -> None:
    """Print one plain line, without waiting for a buffer to fill."""
    print(escape_controls(text), flush=True)
