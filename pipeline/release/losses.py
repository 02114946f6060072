"""Stop a run that would lose what the last release has."""

from collections.abc import Sequence

from pipeline.core.errors import GateFailed, NotFound
from pipeline.core.model import MADE
from pipeline.core.store import Home
from pipeline.query.published import find_last_successful, find_latest
from pipeline.release.inputs import Inputs
from pipeline.sources import SOURCES


def check_accepted(home: Home, accept_missing: Sequence[str]) -> None:
    """Check the ids of sources that may be missing.

    Raises:
        NotFound: One is neither known nor in the last release.
    """
    last = find_latest(home)
    there = {s["source"] for s in last.manifest["snapshots"]} if last else set()
    for source in accept_missing:
        if source not in SOURCES and source not in there:
            known = ", ".join(sorted({*SOURCES, *there}))
            raise NotFound("Source", source, f"Known: {known}.")


def check_nothing_lost(inputs: Inputs, accept_missing: Sequence[str]) -> None:
    """Check that the next release has every source and file of the last one.

    A source may not vanish, and a file that is still in raw/ may not become
    unreadable with no older version in its place. A single file that was moved out of
    raw/ is a person's decision, as long as something of its source is left.

    Raises:
        GateFailed: One would be lost; the sentence names it and how to accept that.
    """
    # A damaged `latest` does not open; the last one that passed every gate still says
    # what there was.
    last = find_latest(inputs.home) or find_last_successful(inputs.home)
    if last is None:
        return
    readable = inputs.list_readable()
    files = {(s.source, s.edition, s.name) for s in readable}
    sources = {s.source for s in readable}
    # Under another edition: the same bytes count once (`inputs.leave_out_twins`).
    bodies = {(s.source, s.sha256) for s in readable}
    # What was made for demonstration steps aside for real files of its edition.
    real = {(s.source, s.edition) for s in readable if s.capture != MADE}
    lost: dict[str, str] = {}
    for card in last.manifest["snapshots"]:
        source, place = card["source"], inputs.home.root / card["path"]
        if source in accept_missing or (source, card["edition"], card["name"]) in files:
            continue
        if (source, card["sha256"]) in bodies:
            continue
        if card["capture"] == MADE and (source, card["edition"]) in real:
            continue
        if source not in sources:
            there = (inputs.home.raw / source).is_dir()
            lost[source] = (
                "nothing of it can be read" if there else "raw/ has it no more"
            )
        elif place.parent.is_dir():
            lost.setdefault(source, f"{place.parent.name} cannot be read any more")
    if lost:
        why = "; ".join(f"{source}: {what}" for source, what in lost.items())
        options = " ".join(f"--accept-missing {source}" for source in lost)
        places = ", ".join(f"raw/{source}/" for source in lost)
        change = (
            f"{places} and the errors above; to go on without it for good, run "
            f"`payproof refresh {options}`"
        )
        raise GateFailed("none_lost", f"{why}, and {last.name} has it", change)
