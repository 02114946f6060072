"""Run `payproof sources keep`: store files that a person saved, one or a folder."""

import getpass
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.archive.collect_due import utc_now
from pipeline.archive.fetch import read_saved_file
from pipeline.archive.file_groups import FileGroup, find_paths, group_files
from pipeline.archive.fingerprint import fingerprint_body
from pipeline.archive.snapshot import Archive
from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls
from pipeline.core.errors import DiskFull, NotFound, PayproofError
from pipeline.core.exit_status import COULD_NOT
from pipeline.core.model import Payload, Snapshot, Source
from pipeline.core.store import Home, find_home, sha256_of
from pipeline.core.unread_places import collect_unread, describe_unread
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.sources import import_source


@dataclass(frozen=True)
class FilesToKeep:
    """Files to keep, or a source to begin, as the command line gives them."""

    files: Sequence[Path]
    parts: Sequence[Path]
    edition: str | None
    url: str
    retrieved: str = ""
    by: str = ""
    title: str = ""
    again: bool = False


def keep_files(source: Source, wanted: FilesToKeep) -> int:
    """Store files that a person saved, each with the same provenance as a fetch.

    Of several files one that is refused costs no other.

    Returns:
        0; 1 where a file was left out or places of one were not read; 2 where none was
        kept.

    Raises:
        NotFound: No file is named, or the day is none.
        PayproofError: The only file cannot be read; nothing was stored.
    """
    if not wanted.files:
        remedy = "Give it: payproof sources keep ID FILE, several files or a folder."
        raise NotFound("File", "", remedy)
    home = find_home()
    vocabulary = open_vocabulary(home.vocabularies)
    paths = find_paths(wanted.files)
    groups = group_files(source.id, paths, wanted.parts, vocabulary)
    if len(groups) == 1:
        return keep_file(home, vocabulary, source, groups[0], wanted)
    results = [
        _keep_or_say_why(home, vocabulary, source, group, wanted) for group in groups
    ]
    kept = sum(status != COULD_NOT for status in results)
    print(escape_controls(f"{kept} of {len(groups)} files kept."))
    if not kept:
        return COULD_NOT
    return NEEDS_LOOK if any(results) else DONE


def _keep_or_say_why(
    home: Home,
    vocabulary: Vocabulary,
    source: Source,
    group: FileGroup,
    wanted: FilesToKeep,
) -> int:
    """Store one file of several, or print why it is left out."""
    try:
        return keep_file(home, vocabulary, source, group, wanted)
    except DiskFull:
        raise
    except PayproofError as error:
        print(escape_controls(f"Left out: {error}"), file=sys.stderr)
        return COULD_NOT


def keep_file(
    home: Home,
    vocabulary: Vocabulary,
    source: Source,
    group: FileGroup,
    wanted: FilesToKeep,
) -> int:
    """Store one file, once its source has read it; print what became of it.

    Raises:
        NotFound: There is no such file, or the day is none.
        PayproofError: The source's parser cannot read it; nothing was stored.
    """
    at = utc_now()
    day = parse_saved_day(wanted.retrieved, at[:10])
    payload = read_saved_file(
        group.body,
        source,
        edition=wanted.edition or day[:7],
        today=day,
        url=wanted.url,
        by=wanted.by or find_contact(os.environ),
        at=at,
        parts=dict(group.parts),
    )
    unread = check_readable(vocabulary, payload, group)
    fingerprint = fingerprint_body(payload.body, payload.media_type, vocabulary)
    kept = Archive(home.raw).keep(
        payload, licence=source.licence, canonical=fingerprint, again=wanted.again
    )
    print(
        escape_controls(f"{kept.name} kept as {kept.source}/{kept.edition}-{kept.id}.")
    )
    for said, _ in unread:
        print(escape_controls(f"  {said}."))
    return NEEDS_LOOK if any(needs_look for _, needs_look in unread) else DONE


def check_readable(
    vocabulary: Vocabulary, payload: Payload, group: FileGroup
) -> list[tuple[str, bool]]:
    """Parse the file before it is kept: what cannot be read leaves raw/ as it is.

    Returns:
        A sentence for each reason why places of it were not read, and whether a person
        must look.

    Raises:
        PayproofError: As the source's `parse`.
    """
    # The file as it lies where the person saved it, not yet in raw/.
    snapshot = Snapshot(
        payload.source,
        payload.edition,
        sha256_of(group.body),
        group.body,
        payload.media_type,
        payload.capture,
        payload.retrieved,
        url=payload.url,
        parts=dict(group.parts),
        name=payload.name,
    )
    with collect_unread() as unread:
        import_source(payload.source).parse(snapshot, vocabulary)
    return describe_unread(unread)


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
