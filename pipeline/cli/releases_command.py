"""Run `payproof releases` and `payproof rollback`."""

from datetime import UTC, datetime
from typing import Any

from pipeline.cli.console import DONE, escape_controls, format_json
from pipeline.core.disk import sync_folder
from pipeline.core.store import find_home, hold_lock
from pipeline.query import release_pointers
from pipeline.query.published import open_latest
from pipeline.release.publish.move_pointers import roll_back


def run_releases(form: str) -> int:
    """Print every release, and which one each pointer leads to."""
    home = find_home()
    leads = {
        pointer: release_pointers.read_pointer(home, pointer)
        for pointer in (release_pointers.LATEST, release_pointers.LAST_SUCCESSFUL)
    }
    names, decided = (
        release_pointers.list_releases(home),
        release_pointers.read_decisions(home),
    )
    if form == "json":
        content: dict[str, Any] = {"releases": names, **leads, "decisions": decided}
        print(format_json(content))
        return DONE
    for name in names:
        marks = ", ".join(pointer for pointer, to in leads.items() if to == name)
        print(f"{name}  {marks}".rstrip())
    for one in decided:
        move = f"{one['when']} {one['who']}: {one['came_from']} -> {one['to']}"
        print(escape_controls(f"  {move}, {one['reason']}"))
    return DONE


def run_rollback(name: str, reason: str, who: str) -> int:
    """Move `latest`, and leave on record who did and why."""
    home = find_home()
    with hold_lock(home.curated / ".lock"):
        now = open_latest(home).name
        if now == name:
            # By a run, perhaps, that was killed before the pointer's name was synced.
            sync_folder(home.curated)
            print(f"{name} is the release that is read already.")
            return DONE
        when = datetime.now(UTC).isoformat(timespec="seconds")
        decision = release_pointers.RollbackDecision(when, who, now, name, reason)
        roll_back(home, name, decision)
    print(
        escape_controls(f"{name} is read from now on; it was {now}. Reason: {reason}")
    )
    return DONE
