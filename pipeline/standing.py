"""How each source stands today: three dates, a state, and what to do about it.

Nothing is asked of anybody: it follows from cards, logs and the calendar, so that a
schedule which no longer runs is seen as well as a run that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline import checks
from pipeline.checks import Check
from pipeline.core.model import Snapshot, Source
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.snapshot import Archive
from pipeline.sources import SOURCES
from pipeline.watch import Watch, end_of, watch_of

STATES = ("fresh", "failed", "stale", "blocked", "empty")


@dataclass(frozen=True)
class Standing:
    """One source on one day.

    Args:
        source: Id.
        state: `fresh`, `failed` (the last look at some file did), `stale`, `blocked`
            or `empty` (nothing of it is at hand).
        effective: Newest reference edition at hand.
        checked: ISO day of the last answer, or of the last page brought by hand.
        changed: ISO day on which something new came.
        next_look: ISO day; "" where its pages come by hand.
        reasons: Why it is not fresh, one sentence each.
        looks: All looks at it, the first one first.
        snapshots: What is current, the newest bytes of each file.
    """

    source: str
    state: str
    effective: str
    checked: str
    changed: str
    next_look: str
    reasons: tuple[str, ...]
    looks: tuple[Check, ...]
    snapshots: tuple[Snapshot, ...]

    @property
    def remedy(self) -> str:
        """What to do about it, as a sentence."""
        by_hand = f"Save its pages and run `payproof sources keep {self.source} FILE`."
        if self.state == "blocked":
            return f"{by_hand} It is not got round."
        if self.state == "failed":
            return "The next refresh asks again; what was put aside is in raw/.held/."
        if self.state in ("stale", "empty"):
            ask = f"Run `payproof refresh --source {self.source}`."
            return ask if self.next_look else by_hand
        look = f"; the next look is due on {self.next_look}" if self.next_look else ""
        return f"Nothing{look}."


def standings(home: Home, day: str) -> list[Standing]:
    """Every source, by id.

    Args:
        home: Where raw/ and vocabularies/ are.
        day: ISO date of today.
    """
    return [standing(home, SOURCES[source], day) for source in sorted(SOURCES)]


def standing(home: Home, facts: Source, day: str) -> Standing:
    """One source; as `standings`."""
    words, archive = open_vocabulary(home.vocabularies), Archive(home.raw)
    watch = watch_of(words, facts.id)
    looks = archive.looks(facts.id)
    files = archive.versions(facts.id)
    current = [newest for newest, *_ in files]
    answered = [c.at[:10] for c in looks if c.outcome in checks.ANSWERED]
    brought = [s.retrieved for file in files for s in file]
    checked = max([*answered, *brought], default="")
    editions = [s.edition for s in current]
    state, reasons = _state(words, watch, editions, checked, looks, day)
    return Standing(
        source=facts.id,
        state=state,
        effective=max(editions, key=end_of, default=""),
        checked=checked,
        changed=max(brought, default=""),
        next_look=_next_look(watch, looks, day) if facts.automated else "",
        reasons=tuple(reasons),
        looks=tuple(looks),
        snapshots=tuple(current),
    )


def _state(
    words: Vocabulary,
    watch: Watch,
    editions: Sequence[str],
    checked: str,
    looks: Sequence[Check],
    day: str,
) -> tuple[str, list[str]]:
    """The worst that is true of it, and why."""
    reasons = checks.staleness(watch, editions, checked, day)
    last = [found[-1] for found in checks.by_request(looks).values()]
    wrong = [c for c in last if c.outcome not in checks.ANSWERED]
    said = sorted({f"{c.outcome} on {c.at[:10]}: {c.why}" for c in wrong})
    days = int(words.read_number("limits", "blocked_days"))
    if since := checks.blocked_since(looks, days):
        return "blocked", [f"refuses us since {since}", *reasons]
    if not editions:
        return "empty", [*reasons, *said]
    if reasons:
        return "stale", [*reasons, *said]
    return ("failed", said) if said else ("fresh", [])


def _next_look(watch: Watch, looks: Sequence[Check], day: str) -> str:
    """The ISO day of the next look at any of its files."""
    last = checks.by_request(looks).values()
    days = [
        day if found[-1].outcome in checks.AGAIN else watch.next_look(found[-1].at)
        for found in last
    ]
    return max(day, min(days, default=day))
