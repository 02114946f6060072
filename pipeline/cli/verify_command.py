"""Run `payproof verify`: pointers, snapshots and files of the latest release."""

from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.core.store import find_home
from pipeline.query.published import open_latest


def run_verify(form: str) -> int:
    """Verify the latest release; return 1 where something does not hold."""
    from pipeline.release.verify import SHOWN
    from pipeline.release.verify import verify as verified

    home = find_home()
    release = open_latest(home)
    found = verified(home, release)
    good = found.pointers - len(found.failed)
    share = 100 * good / found.pointers if found.pointers else 0.0
    if form == "json":
        content = {
            "release": release.name,
            "pointers": found.pointers,
            "re_extracted": good,
            "snapshots": found.snapshots,
            "files": found.files,
            "failed": list(found.failed),
            "faults": list(found.faults),
        }
        print(format_json(content))
    else:
        for line in [*found.faults, *found.failed[:SHOWN]]:
            print(escape_controls(line))
        print(
            f"{good:,} of {found.pointers:,} pointers re-extract their quote "
            f"({share:.2f} %); {found.snapshots} snapshots and {found.files} files "
            f"of release {release.name}, {len(found.faults)} faults."
        )
    return DONE if found.is_sound else NEEDS_LOOK
