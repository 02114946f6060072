"""Define a ruling, one row that a person wrote, and when two of them conflict."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from pipeline.core.errors import BadRuling, RulingsAtOdds
from pipeline.core.vocabulary_text import STRANGE

FILE = "vocabularies/rulings.csv"
ACTIONS = ("override", "exclude", "accept", "merge", "split")
UNDO = "undo"
# What is said of an accusation and stands beside it: its publisher's answer, and our
# own word that it was wrong. Neither changes a value, and neither expires.
ANSWER, RETRACT = SAID = ("answer", "retract")
KNOWN = (*ACTIONS, *SAID, UNDO)
ANSWERS = ("disputes", "corrected", "comments")
# An accusation is a discrepancy's id: its type, and the claims that it is about.
ACCUSATION = re.compile(r"[a-z_]+:[0-9a-f]{12}#\S.*")
# ISO days alone (2027-06-30): they are compared as text with the day of a snapshot.
DAY = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
NEEDED = ("target", "reason", "author", "date")
# What only rulings on evidence need: an undo has no target that could change.
GUARDED = ("expires", "expect", "saw")


@dataclass(frozen=True)
class Ruling:
    """A row of vocabularies/rulings.csv.

    Args:
        id: `r-` and eight hex digits over the rest: a row changed later shows.
        action: What it does.
        target: A cell (override, exclude), a discrepancy (accept, answer, retract), an
            occupation's code (merge, split) or a ruling (undo).
        value: Override: the amount or claim to choose. Exclude: the claim. Merge:
            the code it goes into. Split: the title that is not of this code, with
            `=code` where it is of another. Answer: one of `ANSWERS`.
        reason: Why, in a sentence; of an answer its words.
        author: Who; of an answer the publisher of the page.
        date: ISO day on which it was recorded.
        expires: Last ISO day on which it holds.
        expect: Guard: what must be so of the target without this ruling.
        saw: Digest of the evidence that its author saw.
    """

    id: str
    action: str
    target: str
    value: str
    reason: str
    author: str
    date: str
    expires: str
    expect: str
    saw: str

    def find_fault(self) -> str | None:
        """Return what is wrong with the row by itself, or None."""
        if self.action not in KNOWN:
            return f"no action {self.action!r}; known: {', '.join(KNOWN)}"
        needed = (*NEEDED, *GUARDED) if self.action in ACTIONS else NEEDED
        # `accept` alone has no value: the discrepancy that it names is all it says.
        if self.action in ("override", "exclude", "merge", "split", ANSWER):
            needed = ("value", *needed)
        for name in needed:
            if not getattr(self, name):
                return f"it has no {name}"
        if self.action in SAID and not ACCUSATION.fullmatch(self.target):
            return f"{self.target!r} is no conflict as `check --format json` names it"
        if self.action == ANSWER and self.value not in ANSWERS:
            return f"no answer {self.value!r}; known: {', '.join(ANSWERS)}"
        for name in ("date", "expires"):
            if getattr(self, name) and not DAY.match(getattr(self, name)):
                return f"{name} {getattr(self, name)!r} is no day like 2027-06-30"
        for name, words in vars(self).items():
            if found := STRANGE.search(words):
                return f"its {name} holds U+{ord(found[0]):04X}, which is no text"
        if self.action == "merge" and self.target == self.value:
            return "it merges a code into itself"
        return None


def needs_expiry(action: str) -> bool:
    """Return whether a ruling of this action must have a last day."""
    return action in ACTIONS


COLUMNS = tuple(f.name for f in fields(Ruling))


def ruling_content(ruling: Ruling) -> tuple[str, ...]:
    """Return every field but the id, in the order of the columns."""
    return tuple(getattr(ruling, name) for name in COLUMNS[1:])


def check_rulings(rulings: Sequence[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings once each is whole and every undo names one above it.

    Raises:
        BadRuling: A row lacks something (an expiry, an author …), is in the file
            twice, or undoes a ruling that is not above it.
    """
    known: set[str] = set()
    for ruling in rulings:
        fault = ruling.find_fault()
        if ruling.id in known:
            fault = "its id stands twice"
        # The file is only added to, so what an undo takes back was recorded before it.
        if ruling.action == UNDO and ruling.target not in known:
            fault = f"it undoes {ruling.target}, which is not above it"
        if fault is not None:
            raise BadRuling(ruling.id, fault)
        known.add(ruling.id)
    return tuple(rulings)


def select_standing(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return the rulings that nobody took back, in the order of the file."""
    rows = list(rulings)
    undone = {r.target for r in rows if r.action == UNDO}
    return [r for r in rows if r.action != UNDO and r.id not in undone]


def find_same(rulings: Iterable[Ruling], new: Ruling, *, expect: bool) -> Ruling | None:
    """Find a ruling that stands and says what a new one says; None without one.

    The words of its reason and who wrote them do not count; a later last day does.

    Args:
        rulings: In the order of the file.
        new: Still without an id.
        expect: Whether the guard was given, and so counts.
    """
    wanted = (new.action, new.target, new.value, new.saw)
    return next(
        (
            one
            for one in select_standing(rulings)
            if (one.action, one.target, one.value, one.saw) == wanted
            and one.expires >= new.expires
            and not (expect and one.expect != new.expect)
        ),
        None,
    )


def check_at_odds(rulings: Iterable[Ruling], day: str) -> None:
    """Raise an error where two rulings in force cannot both be followed.

    Raises:
        RulingsAtOdds: Names both.
    """
    # `day` is that of the newest snapshot and not today: the same inputs give the same
    # release on any day.
    force = [r for r in select_standing(rulings) if r.expires >= day]
    # Only rulings that name the same thing can quarrel: each is held against those, and
    # not against all that there are.
    by_name: dict[str, list[Ruling]] = {}
    for other in force:
        if other.action == "accept":
            continue
        # A merge names two codes: what it joins, and what it joins it with.
        names = {other.target, other.value if other.action == "merge" else ""} - {""}
        for one in (one for name in sorted(names) for one in by_name.get(name, ())):
            # `explain_quarrel` looks at its two arguments in one order only.
            why = explain_quarrel(one, other) or explain_quarrel(other, one)
            if why is not None:
                raise RulingsAtOdds(one.id, other.id, why)
        for name in names:
            by_name.setdefault(name, []).append(other)


def explain_quarrel(one: Ruling, other: Ruling) -> str | None:
    """Say why two rulings cannot both be followed, or None where they can."""
    actions = (one.action, other.action)
    same = one.target == other.target
    if actions == ("override", "override") and same and one.value != other.value:
        return f"they choose {one.value} and {other.value} for {one.target}"
    if actions == ("override", "exclude") and same and one.value == other.value:
        return f"one chooses and one excludes {one.value} in {one.target}"
    if actions == ("merge", "merge") and same and one.value != other.value:
        return f"they merge {one.target} into {one.value} and into {other.value}"
    # A chain of merges would depend on the order in which they are applied.
    if actions == ("merge", "merge") and one.value == other.target:
        return f"{one.target} goes into {one.value}, which itself goes elsewhere"
    if actions == ("merge", "split") and other.target in (one.target, one.value):
        return f"one merges and one splits {other.target}"
    if (
        actions == ("split", "split")
        and same
        and sends_to_two_codes(one.value, other.value)
    ):
        return f"they send {one.value} and {other.value} of {one.target}"
    return None


def sends_to_two_codes(one: str, other: str) -> bool:
    """Return whether two splits send one title to two codes."""
    (title, _, code), (again, _, elsewhere) = one.partition("="), other.partition("=")
    return title.casefold() == again.casefold() and code != elsewhere
