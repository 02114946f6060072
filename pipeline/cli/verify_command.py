"""Run `payproof verify`: pointers, values and files of the latest release, or all."""

from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.core.errors import PayproofError
from pipeline.core.store import Home, find_home
from pipeline.query.published import Release, open_latest


def run_verify(form: str, *, everything: bool = False) -> int:
    """Verify the latest release; return 1 where something does not hold.

    Args:
        form: `text` or `json`.
        everything: All other files of the home too.

    Raises:
        PayproofError: There is no release, or it does not open.
    """
    from pipeline.release.verify import SHOWN, verify

    home = find_home()
    try:
        release = open_latest(home)
    except PayproofError:
        # What else is wrong may say why.
        print_stored_faults(home, everything=everything)
        raise
    found = verify(home, release, everything=everything)
    good = found.pointers - len(found.failed)
    share = 100 * good / found.pointers if found.pointers else 0.0
    if form == "json":
        content = {
            "release": release.name,
            "pointers": found.pointers,
            "re_extracted": good,
            "values": found.values,
            "snapshots": found.snapshots,
            "files": found.files,
            "failed": list(found.failed),
            "faults": list(found.faults),
            "notes": list(found.notes),
        }
        print(format_json(content))
    else:
        for line in [*found.faults, *found.failed[:SHOWN]]:
            print(escape_controls(line))
        for note in found.notes:
            print(escape_controls(f"Note: {note}"))
        print(
            f"{good:,} of {found.pointers:,} pointers re-extract their quote "
            f"({share:.2f} %); {found.values:,} claims read anew; {found.snapshots} "
            f"snapshots and {found.files} files of release {release.name}"
            f"{describe_others(home, release) if everything else ''}, "
            f"{len(found.faults)} faults."
        )
    return DONE if found.is_sound else NEEDS_LOOK


def describe_others(home: Home, latest: Release) -> str:
    """Describe what else was looked at, to stand in a sentence."""
    from pipeline.release.stored_files import list_folders

    others = [path for path in list_folders(home) if path.name != latest.name]
    return f", {len(others)} other releases and all files beside them"


def print_stored_faults(home: Home, *, everything: bool) -> None:
    """Print what is wrong with all files, where the latest release does not open."""
    from pipeline.release.stored_files import find_stored_faults

    for line in find_stored_faults(home) if everything else ():
        print(escape_controls(line))
