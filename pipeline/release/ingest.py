"""Turn snapshots into cached claims; one version of the code parses each once."""

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import polars as pl
from pandera.errors import SchemaErrors
from polars.exceptions import PolarsError

from pipeline.archive import drift
from pipeline.archive.schedule import read_refresh_policy
from pipeline.archive.snapshot import check_bytes
from pipeline.core.errors import Damaged, DiskFull, PayproofError
from pipeline.core.failure_trace import contain_failures, make_printable
from pipeline.core.media import OFFICE, TEXTS
from pipeline.core.model import Snapshot
from pipeline.core.reading_faults import collect_faults
from pipeline.core.unread_places import collect_unread, describe_unread
from pipeline.read.read_limits import reading_with
from pipeline.release import cache
from pipeline.release.inputs import Inputs, local
from pipeline.sources import SOURCES, import_source


@dataclass(frozen=True)
class IngestResult:
    """What came of one source: claims in the cache, and what went wrong.

    Args:
        source: Its id.
        snapshots: Files that it has; older versions of a file do not count.
        parsed: How many of them this run parsed.
        claims: In all of its files together.
        notes: Sentences that need no action.
        errors: Sentences about something that a person must look at.
        mended: Sentences about the cache, which no release depends on.
        traces: Of those errors that are mistakes of our own code: the sentence, and
            below it the frames that it came from (`core.failure_trace`).
    """

    source: str
    snapshots: int = 0
    parsed: int = 0
    claims: int = 0
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    traces: tuple[str, ...] = ()


def ingest(inputs: Inputs, source: str) -> IngestResult:
    """Parse the snapshots of one source that the cache does not hold.

    Bytes that cannot be read, whatever the reason, are an error of that file alone; its
    last good version stays current, and the other files go on.
    """
    try:
        with contain_failures(source):
            return ingest_files(inputs, source)
    except DiskFull:
        raise
    except PayproofError as error:
        said, traces = describe_error(inputs, error)
        return IngestResult(source, errors=(said,), traces=traces)


def ingest_files(inputs: Inputs, source: str) -> IngestResult:
    """Parse the files of a source one by one; what fails in one stays with it."""
    files = inputs.list_files(source)
    mended = tuple(drop_damaged_claims(inputs, s) for file in files for s in file)
    parsed = claims = 0
    notes = list(inputs.notes.get(source, ()))
    traces: list[str] = []
    errors = [*inputs.faults.get(source, ()), *describe_refusal(inputs, source)]
    for file in files:
        for snapshot in file:
            try:
                with contain_failures(name_snapshot(snapshot)):
                    fresh, rows = ensure_parsed(inputs, snapshot)
                    faults = cache.read_faults(inputs.locate_claims(snapshot))
                    unread = cache.read_unread(inputs.locate_claims(snapshot))
            except DiskFull:
                raise  # no fault of the file: the run stops, and nothing is published
            except PayproofError as error:
                said, frames = describe_error(inputs, error)
                errors.append(said)
                traces += frames
                continue
            # The last error is that of the newer version, which could not be read.
            if snapshot is not file[0]:
                errors[-1] += (
                    f" {snapshot.edition}-{snapshot.id} stays current, marked stale."
                )
            parsed, claims = parsed + fresh, claims + rows
            notes += check_row_count(snapshot, rows)
            for said, needs_look in describe_unread(unread):
                told = errors if needs_look else notes
                told.append(make_printable(f"{name_snapshot(snapshot)}: {said}."))
            errors += [f"{source} {snapshot.folder}: {fault}" for fault in faults]
            traces += [f"{source} {snapshot.folder}: {f}\n{f.trace}" for f in faults]
            break
    sentences = tuple(notes), tuple(errors), tuple(filter(None, mended)), tuple(traces)
    return IngestResult(source, len(files), parsed, claims, *sentences)


def drop_damaged_claims(inputs: Inputs, snapshot: Snapshot) -> str:
    """Throw cached claims away that were cut or changed; say so, else return ""."""
    if not cache.drop_damaged(inputs.locate_claims(snapshot)):
        return ""
    which = f"{snapshot.source} {snapshot.folder}"
    return f"the cached claims of {which} were damaged; they are parsed anew."


def check_page_bytes(snapshot: Snapshot, cached: Path) -> None:
    """Check a page whose claims are cached: its words are read again later.

    Args:
        snapshot: Of the page; nothing else is read again, and so not looked at.
        cached: Its claims, which go with it: no pointer of theirs leads anywhere.

    Raises:
        Damaged: Its bytes are not those that were kept; the file is named.
        OSError: They cannot be read.
    """
    if snapshot.media_type not in (*TEXTS, *OFFICE):
        return
    try:
        check_bytes(snapshot)
    except (Damaged, OSError):
        cache.drop_claims(cached)
        raise


def name_snapshot(snapshot: Snapshot) -> str:
    """Name a snapshot for messages: source, edition and file name."""
    return make_printable(
        f"{snapshot.source} {snapshot.edition} {snapshot.name}"
    ).strip()


def describe_error(inputs: Inputs, error: PayproofError) -> tuple[str, tuple[str, ...]]:
    """Return an error's sentence, and its trace where it is a mistake of ours."""
    said = make_printable(local(inputs.home, str(error)))
    return said, (f"{said}\n{error.trace}",) if error.trace else ()


def ensure_parsed(inputs: Inputs, snapshot: Snapshot) -> tuple[bool, int]:
    """Put a snapshot's claims into the cache, where they are not there yet.

    Returns:
        Whether it was parsed now, and how many claims it has.

    Raises:
        PayproofError: It cannot be read, or is too far from the last good one.
    """
    path = inputs.locate_claims(snapshot)
    if path.is_file():
        check_page_bytes(snapshot, path)
        return False, cache.count_claims(path)
    earlier = list_predecessors(inputs, snapshot)
    # A file is compared with the last good one before it. Where the cache was deleted
    # that one is not known, so the earlier versions are parsed first, oldest first: a
    # cold cache comes to the same result as a warm one.
    unparsed = list(takewhile(lambda s: not inputs.locate_claims(s).is_file(), earlier))
    for older in reversed(unparsed):
        try:
            with contain_failures(name_snapshot(older)):
                parse_and_keep(inputs, older)
        except DiskFull:
            raise
        except PayproofError:
            continue  # an older version that cannot be read is no error of this run
    return True, parse_and_keep(inputs, snapshot)


def list_predecessors(inputs: Inputs, snapshot: Snapshot) -> list[Snapshot]:
    """List the earlier snapshots that a fetched file is compared with, newest first.

    None for a file that a person saved or wrote: that person has looked at it.
    """
    if snapshot.capture != "fetched":
        return []
    kept = [version for file in inputs.list_files(snapshot.source) for version in file]
    ours = drift.find_family(kept, snapshot.name, snapshot.sha256)
    return [s for s in ours if drift.order_by_day(s) < drift.order_by_day(snapshot)]


def parse_and_keep(inputs: Inputs, snapshot: Snapshot) -> int:
    """Parse a snapshot, compare it with the last good one, and keep its claims.

    With them the faults that the reading kept to single figures, and the places that
    it left out.

    Returns:
        How many claims there are.

    Raises:
        PayproofError: As `ensure_parsed`; Damaged, where the bytes are not those that
            were kept.
    """
    check_bytes(snapshot)
    try:
        with (
            collect_faults() as faults,
            collect_unread() as unread,
            reading_with(inputs.vocabulary),
        ):
            claims = import_source(snapshot.source).parse(snapshot, inputs.vocabulary)
    except (PolarsError, SchemaErrors) as error:
        # A mistake of our parser in one file must not stop the other sources. Pandera
        # lists every row that fails; 200 characters hold the first.
        why = f"its claims break their own schema ({str(error)[:200]})"
        raise Damaged(f"{snapshot.source} {snapshot.edition}", why) from error
    check_claims_drift(inputs, snapshot, claims)
    cache.write_claims(inputs.locate_claims(snapshot), claims, faults, unread)
    rows: int = claims.height
    return rows


def check_claims_drift(
    inputs: Inputs, snapshot: Snapshot, claims: pl.DataFrame
) -> None:
    """Compare a file's claims with those of the last good one of its family.

    Raises:
        Drifted: Rows, areas or values differ by a larger share than the source's
            `[watch]` (or a row of watch.csv) allows.
    """
    source, words = snapshot.source, inputs.vocabulary
    good = (
        s
        for s in list_predecessors(inputs, snapshot)
        if inputs.locate_claims(s).is_file()
    )
    old = next(good, None)
    watch = read_refresh_policy(words, source)
    if old is None or drift.is_accepted(words, source, snapshot.sha256):
        return
    # A new edition in the season of releases may replace every value; the same file on
    # any other day may not.
    if not drift.is_change_expected(watch, old, snapshot.edition, snapshot.retrieved):
        where = snapshot.name or snapshot.folder
        former = cache.read_claims(inputs.locate_claims(old))
        drift.check_claims(watch, where, snapshot.sha256, claims, former)


def describe_refusal(inputs: Inputs, source: str) -> list[str]:
    """Say since when a source refuses us and how old its figures are; else nothing."""
    since = inputs.blocked.get(source)
    if since is None:
        return []
    days = [file[0].retrieved for file in inputs.list_files(source)]
    last = f"its figures are as of {max(days)}" if days else "nothing of it is at hand"
    return [
        f"{source}: blocked since {since}; {last}. Save its pages by hand and run "
        f"`payproof sources keep {source} FILE`."
    ]


def check_row_count(snapshot: Snapshot, rows: int) -> list[str]:
    """Return a note where a snapshot has fewer or more claims than a sound one.

    The bounds are `rows` of the source's facts, both ends included.
    """
    fewest, most = SOURCES[snapshot.source].rows
    if fewest <= rows <= most:
        return []
    return [f"{snapshot.edition}: {rows} claims, not {fewest} to {most}"]
