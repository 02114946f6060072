"""`payproof refresh`."""

import os
import sys
from collections.abc import Iterator, Sequence

from pipeline.cli import DONE, LOOK, printable
from pipeline.errors import PayproofError
from pipeline.run import Outcome
from pipeline.sources import SOURCES, module
from pipeline.store import Home, find_home


def run(*, offline: bool, prefect: bool, sources: list[str]) -> int:
    """Refresh, with Prefect where it is asked for or its server is configured."""
    from pipeline.run import refresh

    home = find_home()
    for source in sources:
        module(source)  # an unknown id is an error before anything is done
    if prefect or os.environ.get("PREFECT_API_URL"):
        from flows.refresh import refresh_with_prefect

        return told(refresh_with_prefect(home, offline=offline, sources=sources))
    for line in asked(home, offline, sources):
        say(line)
    return told(refresh(home))


def asked(home: Home, offline: bool, sources: Sequence[str]) -> Iterator[str]:
    """Ask the publishers that may be asked; what came of it, a line each.

    Without a contact address nobody is asked: an honest reader says who it is.
    """
    if offline:
        yield "Offline: nobody was asked."
        return
    if not os.environ.get("PAYPROOF_CONTACT", "").strip():
        yield (
            "Nobody was asked: set PAYPROOF_CONTACT to an address that publishers "
            "can write to, and they will be."
        )
        return
    from datetime import UTC, datetime

    from pipeline.collect import collect, visitor

    guest, today = visitor(home), datetime.now(tz=UTC).date().isoformat()
    for source in sources or [i for i, s in SOURCES.items() if s.automated]:
        try:
            found = collect(home, source, guest, today)
        except PayproofError as error:
            yield f"{error}"
            continue
        yield f"{source}: {found.new} new, {found.unchanged} unchanged."
        yield from found.errors


def told(outcome: Outcome) -> int:
    """Print what came of it; 1 where a person must look at something."""
    for one in outcome.ingested:
        done = "unchanged" if outcome.unchanged else f"{one.parsed} parsed"
        count = "" if outcome.unchanged else f", {one.claims} claims"
        say(f"{one.source:12} {one.snapshots} snapshots, {done}{count}")
        for note in one.notes:
            say(f"  note: {note}")
    for error in outcome.errors:
        print(f"Error: {printable(error)}", file=sys.stderr)
    release = outcome.release
    if release is None:
        say("No release yet.")
        return LOOK
    if outcome.failure:
        say(f"The last good release stays: {release.name}")
        return LOOK
    say(summary(outcome))
    if release.manifest["demonstration"]:
        say("Demonstration: some pages behind it were written for the project.")
    say(f"Report: {release.folder / 'report.html'}")
    return LOOK if outcome.errors else DONE


def summary(outcome: Outcome) -> str:
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
