"""Run `payproof sources`: list, diagnose, keep a saved page, begin a source."""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.archive.collect_due import utc_now
from pipeline.archive.fingerprint import fingerprint_body
from pipeline.archive.freshness import SourceStatus, list_statuses
from pipeline.archive.snapshot import Archive
from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.cli.console_table import format_table
from pipeline.core.errors import NotFound
from pipeline.core.model import Payload, Snapshot, Source
from pipeline.core.store import Home, find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import SOURCES

HEADS = (
    *("id", "publisher", "kind", "cadence", "how", "state", "effective", "checked"),
    *("changed", "files"),
)


@dataclass(frozen=True)
class FileToKeep:
    """A file to keep, or a source to begin, as the command line gives it."""

    file: Path | None
    parts: list[Path]
    edition: str | None
    url: str
    retrieved: str = ""
    by: str = ""
    title: str = ""
    again: bool = False


def run_sources(
    action: str, source: str | None, kept: FileToKeep, *, stale: bool, form: str
) -> int:
    """List sources, diagnose one, keep a file of one, or begin a new one.

    Args:
        action: `list`, `doctor`, `keep` or `new`.
        source: Id of the source.
        kept: What the other options give.
        stale: List only what needs a look.
        form: `text` or `json`.

    Raises:
        NotFound: No such action or source.
    """
    if action == "new":
        return begin_source(source or "", kept)
    if action == "list" and source is None:
        return print_sources(stale=stale, form=form)
    if action == "doctor":
        from pipeline.cli.sources_doctor import diagnose_source

        return diagnose_source(find_source(source))
    if action == "keep":
        return keep_file(find_source(source), kept)
    raise NotFound("Action", action, "Known: list, doctor ID, keep ID FILE, new ID.")


def begin_source(source: str, wanted: FileToKeep) -> int:
    """Write the files of a new source, with what is known filled in."""
    from pipeline.cli.source_skeleton import SourceWish, write_skeleton

    today = utc_now()[:10]
    edition = wanted.edition or today[:7]
    wish = SourceWish(source, wanted.title, wanted.url, edition, wanted.file)
    return write_skeleton(wish, today)


def find_source(source: str | None) -> Source:
    """Find the source of an id.

    Raises:
        NotFound: There is none; the ids are listed.
    """
    if source is None or source not in SOURCES:
        ids = ", ".join(sorted(SOURCES))
        raise NotFound("Source", source or "", f"Known: {ids}.")
    return SOURCES[source]


def print_sources(*, stale: bool, form: str) -> int:
    """Print one line per source; of the stale ones alone, return 1 for any."""
    found = [
        one
        for one in list_statuses(find_home(), utc_now()[:10])
        if not stale or one.state in ("stale", "blocked", "empty")
    ]
    if form == "text":
        lines = format_table([_make_row(one) for one in found], HEADS) if found else []
        for line in lines if found or not stale else ():
            print(line)
        for one in found if stale else ():
            print(
                escape_controls(f"{one.source}: {'; '.join(one.reasons)}. {one.remedy}")
            )
    else:
        rows = [_make_record(one) for one in found]
        print(format_json(rows))
    return NEEDS_LOOK if stale and found else DONE


def _make_row(one: SourceStatus) -> tuple[object, ...]:
    """Make a source's line of the table."""
    facts = SOURCES[one.source]
    how = "asked" if facts.automated else "by hand"
    return (
        *(one.source, facts.publisher, facts.kind, facts.cadence, how),
        *(one.state, one.effective, one.checked, one.changed, len(one.snapshots)),
    )


def _make_record(one: SourceStatus) -> dict[str, object]:
    """Make a source's row for programs."""
    record = dict(zip(HEADS, _make_row(one), strict=True))
    return record | {"next_look": one.next_look, "reasons": "; ".join(one.reasons)}


def check_readable(
    home: Home, payload: Payload, wanted: FileToKeep
) -> list[tuple[str, bool]]:
    """Parse the file before it is kept: what cannot be read leaves raw/ as it is.

    Returns:
        A sentence for each reason why places of it were not read, and whether a person
        must look.

    Raises:
        PayproofError: As the source's `parse`.
    """
    from pipeline.core.store import sha256_of
    from pipeline.core.unread_places import collect_unread, describe_unread
    from pipeline.sources import import_source

    assert wanted.file is not None
    # The file as it lies where the person saved it, not yet in raw/.
    snapshot = Snapshot(
        payload.source,
        payload.edition,
        sha256_of(wanted.file),
        wanted.file,
        payload.media_type,
        payload.capture,
        payload.retrieved,
        parts={path.name: path for path in wanted.parts},
        name=payload.name,
    )
    with collect_unread() as unread:
        import_source(payload.source).parse(
            snapshot, open_vocabulary(home.vocabularies)
        )
    return describe_unread(unread)


def keep_file(source: Source, wanted: FileToKeep) -> int:
    """Store a page that a person saved, with the same provenance as a fetch.

    Raises:
        NotFound: No file is named, or the day is none.
        PayproofError: The source's parser cannot read it; nothing was stored.
    """
    from pipeline.archive.fetch import read_saved_file

    if wanted.file is None:
        raise NotFound("File", "", "Give it: payproof sources keep ID FILE.")
    at = utc_now()
    day = parse_saved_day(wanted.retrieved, at[:10])
    payload = read_saved_file(
        wanted.file,
        source,
        edition=wanted.edition or day[:7],
        today=day,
        url=wanted.url,
        by=wanted.by or find_contact(os.environ),
        at=at,
        parts={path.name: path for path in wanted.parts},
    )
    home = find_home()
    unread = check_readable(home, payload, wanted)
    fingerprint = fingerprint_body(
        payload.body, payload.media_type, open_vocabulary(home.vocabularies)
    )
    kept = Archive(home.raw).keep(
        payload, licence=source.licence, canonical=fingerprint, again=wanted.again
    )
    print(
        escape_controls(f"{kept.name} kept as {kept.source}/{kept.edition}-{kept.id}.")
    )
    for said, _ in unread:
        print(escape_controls(f"  {said}."))
    return NEEDS_LOOK if any(needs_look for _, needs_look in unread) else DONE


def parse_saved_day(given: str, today: str) -> str:
    """Parse the ISO day on which a page was saved; today where it is not given.

    Raises:
        NotFound: It is no day, or a day to come.
    """
    try:
        day = date.fromisoformat(given or today).isoformat()
    except ValueError:
        day = ""
    if not day or day > today:
        raise NotFound("Day", given, "Give --retrieved as YYYY-MM-DD, today or before.")
    return day


def find_contact(environ: Mapping[str, str]) -> str:
    """Find who brings a page where the command does not say: contact, else user."""
    try:
        return environ.get("PAYPROOF_CONTACT", "").strip() or getpass.getuser()
    # A user may have no name on its machine: OSError from Python 3.13, KeyError before.
    except (OSError, KeyError):
        return "unknown"
