"""Run `payproof sources doctor`: diagnose one source."""

from collections.abc import Callable

from pipeline.archive import drift
from pipeline.archive.collect_due import utc_now
from pipeline.archive.freshness import SourceStatus, find_status
from pipeline.archive.schedule import (
    RefreshPolicy,
    find_period_end,
    read_refresh_policy,
)
from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls
from pipeline.core.model import Snapshot, Source
from pipeline.core.store import find_home
from pipeline.core.vocabulary import Vocabulary
from pipeline.release import cache
from pipeline.release.inputs import Inputs, check_vocabularies
from pipeline.release.run import gather_inputs, ingest
from pipeline.sources import import_source

MAX_LOOKS = 3
MOST_UNREAD = 100  # places of one file; refresh says how many there are
Summarise = Callable[[Snapshot, Vocabulary], list[str]]


def diagnose_source(source: Source) -> int:
    """Print what a source is, its state, its last looks, and what to do."""
    home = find_home()
    inputs = gather_inputs(home)
    check_vocabularies(inputs.vocabulary)
    found = ingest(inputs, source.id)
    today = find_status(home, source, utc_now()[:10])
    watch = read_refresh_policy(inputs.vocabulary, source.id)
    lines = [f"{source.title} ({source.publisher})"]
    lines += [
        f"  {name:11} {text}" for name, text in describe_source(source, watch, today)
    ]
    lines += [f"  look        {line}" for line in describe_last_looks(today)]
    lines += [
        f"  drift       {line}" for line in describe_drifts(inputs, source.id, watch)
    ]
    for s in (version for file in inputs.list_files(source.id) for version in file):
        rows = count_claims(inputs, s)
        lines.append(
            f"  {s.edition:8} {s.id} {s.capture:8} {s.retrieved} {rows} {s.name}"
        )
    lines += [f"  holds       {line}" for line in summarise_files(inputs, source.id)]
    lines += [f"  not read    {line}" for line in list_unread(inputs, source.id)]
    lines += [f"  ! {line}" for line in (*today.reasons, *found.notes, *found.errors)]
    lines.append(f"  {found.snapshots} snapshots, {found.claims:,} claims")
    wrong = bool(found.errors or found.notes)
    # Where the publisher refuses us no file is to be mended: the remedy is a person.
    ours = wrong and today.state != "blocked"
    remedy = "Look at the file that the error names." if ours else today.remedy
    lines.append(f"  to do: {remedy}")
    for line in lines:
        print(escape_controls(line))
    return NEEDS_LOOK if wrong or today.state != "fresh" else DONE


def summarise_files(inputs: Inputs, source: str) -> list[str]:
    """Summarise a source's current files, where its module has a `summary`."""
    summarise: Summarise | None = getattr(import_source(source), "summary", None)
    if summarise is None:
        return []
    current = [s for s in inputs.list_readable() if s.source == source]
    return [
        line for snapshot in current for line in summarise(snapshot, inputs.vocabulary)
    ]


def list_unread(inputs: Inputs, source: str) -> list[str]:
    """List the places of a source's current files that were seen and not read."""
    current = [s for s in inputs.list_readable() if s.source == source]
    return [
        f"{snapshot.name} {place.locator} {place.text!r}: {place.why}"
        for snapshot in current
        if inputs.locate_claims(snapshot).is_file()
        for place in cache.read_unread(inputs.locate_claims(snapshot))[:MOST_UNREAD]
    ]


def describe_source(
    source: Source, watch: RefreshPolicy, today: SourceStatus
) -> list[tuple[str, str]]:
    """Describe a source by its facts, its calendar and its dates: label and text."""
    season = f", {watch.season[0]} to {watch.season[1]} " if watch.season else ""
    often = f"every {watch.look_days} days{season}"
    if watch.season:
        often += f"every {watch.season_look_days}"
    editions = [s.edition for s in today.snapshots]
    oldest = min(filter(find_period_end, editions), key=find_period_end, default="none")
    return [
        ("measures", source.measures),
        ("population", source.population),
        ("licence", source.licence),
        ("cadence", f"{source.cadence}; looked at {often}"),
        ("state", f"{today.state}; next look {today.next_look or 'by hand'}"),
        ("dates", f"effective {today.effective or 'none'}, checked "
                  f"{today.checked or 'never'}, changed {today.changed or 'never'}; "
                  f"oldest data {oldest}"),
    ]  # fmt: skip


def describe_last_looks(today: SourceStatus) -> list[str]:
    """Describe the last outcomes, the newest first."""
    last = [
        f"{c.at} {c.outcome} {c.status or ''} {c.request} {c.why}".rstrip()
        for c in reversed(today.looks[-MAX_LOOKS:])
    ]
    return last or ["nobody was asked yet"]


def describe_drifts(inputs: Inputs, source: str, watch: RefreshPolicy) -> list[str]:
    """Describe how far each current file is from the one before it."""
    files = inputs.list_files(source)
    kept = [version for file in files for version in file]
    lines = []
    for newest, *_ in files:
        ours = drift.find_family(kept, newest.name, newest.sha256)
        old = next(
            (s for s in ours if drift.order_by_day(s) < drift.order_by_day(newest)),
            None,
        )
        if old is not None:
            lines.append(f"{newest.name} {compare_files(inputs, old, newest, watch)}")
    return lines


def compare_files(
    inputs: Inputs, old: Snapshot, new: Snapshot, watch: RefreshPolicy
) -> str:
    """Compare sizes and rows of two files, with the share that may change."""
    sizes = [s.path.stat().st_size for s in (old, new)]
    text = f"{old.edition} to {new.edition}: size {sizes[0]:,} to {sizes[1]:,} bytes"
    text += f" (at most {watch.limits['size']:.0%})"
    paths = [inputs.locate_claims(s) for s in (old, new)]
    if all(path.is_file() for path in paths):
        rows = [cache.count_claims(path) for path in paths]
        text += (
            f", rows {rows[0]:,} to {rows[1]:,} (at most {watch.limits['rows']:.0%})"
        )
    return text


def count_claims(inputs: Inputs, snapshot: Snapshot) -> str:
    """Count the claims that a file gave, as text; a dash where it was not parsed."""
    path = inputs.locate_claims(snapshot)
    return f"{cache.count_claims(path):,} claims" if path.is_file() else "-"
