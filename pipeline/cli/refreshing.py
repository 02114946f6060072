"""`payproof refresh`."""

import os
import sys
from pathlib import Path

from pipeline.cli import COULD_NOT, DONE, LOOK, printable
from pipeline.core.store import Home, find_home
from pipeline.release.run import RefreshOutcome
from pipeline.sources import import_source


def run(*, offline: bool, prefect: bool, sources: list[str], site: bool) -> int:
    """Refresh, with Prefect where it is asked for or its server is configured."""
    from pipeline.archive.collect_due import collect_due_sources
    from pipeline.release.run import refresh

    home = find_home()
    for source in sources:
        import_source(source)  # an unknown id is an error before anything is done
    if prefect or os.environ.get("PREFECT_API_URL"):
        from flows.refresh import refresh_with_prefect

        outcome = refresh_with_prefect(home, offline=offline, sources=sources)
        return told(outcome, home if site else None)
    asked = collect_due_sources(home, offline=offline, only=sources)
    for line in (line for one in asked for line in one.to_lines()):
        say(line)
    status = told(refresh(home), home if site else None)
    if not offline:
        stale(home)
    wrong = any(one.errors for one in asked)
    return LOOK if wrong and status == DONE else status


def stale(home: Home) -> None:
    """Name the sources that are blocked, stale or empty, in one line each state."""
    from pipeline.archive.collect_due import utc_now
    from pipeline.archive.freshness import list_statuses

    found = list_statuses(home, utc_now()[:10])
    for state in ("blocked", "stale", "empty"):
        names = [one.source for one in found if one.state == state]
        if names:
            say(f"{state.capitalize()}: {', '.join(names)} (payproof sources --stale)")


def told(outcome: RefreshOutcome, draw: Home | None = None) -> int:
    """Print what came of it; 1 where a person must look at something.

    Args:
        outcome: Of the refresh.
        draw: Where the release's static site is drawn; None: it is not.
    """
    for one in outcome.ingested:
        done = "unchanged" if outcome.unchanged else f"{one.parsed} parsed"
        count = "" if outcome.unchanged else f", {one.claims} claims"
        say(f"{one.source:15} {one.snapshots} snapshots, {done}{count}")
        for note in one.notes:
            say(f"  note: {note}")
    for note in outcome.notes:
        say(f"Note: {note}")
    for error in outcome.errors:
        print(f"Error: {printable(error)}", file=sys.stderr)
    release = outcome.release
    if outcome.failure or release is None:
        say(f"The last good release stays: {release.name if release else 'none yet'}")
        return COULD_NOT
    say(summary(outcome))
    if release.manifest["demonstration"]:
        say("Demonstration: some pages behind it were written for the project.")
    say(f"Report: {shown(release.folder / 'report.html')}")
    if draw is not None:
        from pipeline.site.open_book import draw_site

        say(f"Site: {shown(draw_site(draw, release))}")
    return LOOK if outcome.errors else DONE


def shown(path: Path) -> Path:
    """A path as a person here would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def summary(outcome: RefreshOutcome) -> str:
    """One line about the release."""
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


def say(text: str) -> None:
    """One plain line, at once."""
    print(printable(text), flush=True)
