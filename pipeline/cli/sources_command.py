"""Run `payproof sources`: list, diagnose, keep a saved page, begin a source."""

from pipeline.archive.collect_due import utc_now
from pipeline.archive.freshness import SourceStatus, list_statuses
from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.cli.console_table import format_table
from pipeline.cli.keep_command import FilesToKeep, keep_files
from pipeline.core.errors import NotFound
from pipeline.core.model import Source
from pipeline.core.store import find_home
from pipeline.sources import SOURCES

HEADS = (
    *("id", "publisher", "kind", "cadence", "how", "state", "effective", "checked"),
    *("changed", "files"),
)


def run_sources(
    action: str, source: str | None, kept: FilesToKeep, *, stale: bool, form: str
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
        return keep_files(find_source(source), kept)
    raise NotFound("Action", action, "Known: list, doctor ID, keep ID FILE…, new ID.")


def begin_source(source: str, wanted: FilesToKeep) -> int:
    """Write the files of a new source, with what is known filled in."""
    from pipeline.cli.source_skeleton import SourceWish, write_skeleton

    today = utc_now()[:10]
    edition = wanted.edition or today[:7]
    page = next(iter(wanted.files), None)
    wish = SourceWish(source, wanted.title, wanted.url, edition, page)
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
