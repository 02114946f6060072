"""A claim in the making: its fields, where each came from, and which rule set it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.extract.attachment import attach_mentions
from pipeline.extract.candidates import Candidate
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.number_ranges import Figure
from pipeline.extract.ranking import Choice, Weights, rank_candidates
from pipeline.extract.tagged_lines import TaggedLine

TOO_WEAK = "no candidate is strong enough"


@dataclass(slots=True)
class Reason:
    """Why a field is what it is: the rule, and the span or words that it rests on.

    `candidates` are all that could have been chosen, where a ranking chose.
    """

    rule: str
    where: str
    start: int | None = None
    end: int | None = None
    text: str = ""
    candidates: list[Candidate] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Draft:
    """One figure on its way to a claim, or to the figures set aside."""

    figure: Figure
    line: TaggedLine
    index: int
    block: int
    kind: str = "pay_level"
    fields: dict[str, Any] = field(default_factory=dict)
    inherited: dict[str, str] = field(default_factory=dict)
    why: dict[str, Reason] = field(default_factory=dict)
    aside: str = ""
    verdict: FigureKind | None = None
    unread: tuple[str, ...] = ()
    choices: dict[str, Choice] = field(default_factory=dict)

    def choose_field(
        self, name: str, candidates: list[Candidate], weights: Weights
    ) -> Choice:
        """Set a field to the strongest of its candidates, or to none of them."""
        choice = rank_candidates(candidates, name, weights)
        if candidates:
            self.choices[name] = choice
        best = choice.candidate
        if best is not None and name not in self.fields:
            self.fields[name] = best.value
            if best.relation != "sentence":
                self.inherited[name] = best.get_place()
            where = best.get_place()
            self.why[name] = Reason(
                best.relation, where, best.start, best.end, best.text, candidates
            )
        elif candidates and name not in self.why:
            self.why[name] = Reason(TOO_WEAK, "", candidates=candidates)
        return choice

    def set_field(
        self,
        name: str,
        value: Any,
        rule: str,
        where: str = "sentence",
        cue: Mention | None = None,
        text: str = "",
    ) -> None:
        """Set a field once; what stands nearer has been heard first."""
        if value is None or name in self.fields:
            return
        self.fields[name] = value
        if where != "sentence":
            self.inherited[name] = where
        if cue is not None and not text:
            self.why[name] = Reason(rule, where, cue.start, cue.end)
        else:
            self.why[name] = Reason(rule, where, text=text)

    def leave_unread(self, name: str, rule: str, text: str) -> None:
        """Leave a field empty for good: its words stand there and say nothing known."""
        self.fields[name] = None
        self.why[name] = Reason(rule, "sentence", text=text)

    def carry_field(self, name: str, value: Any, rule: str) -> None:
        """Set a field from the sentence before."""
        if value is not None and name not in self.fields:
            self.set_field(name, value, rule, "sentence", text=str(value))
            self.inherited[name] = "sentence"


@dataclass(slots=True)
class SentenceState:
    """What the sentences before it in its block leave for a sentence."""

    drafts: list[Draft] = field(default_factory=list)
    topic: FigureKind | None = None
    publisher: tuple[str, int] | None = None
    centre: str = ""  # named by a sentence without figures
    area: str | None = None
    places: set[str] = field(default_factory=set)
    area_holds: bool = False
    occupation: str | None = None
    reference_date: str | None = None
    in_imagined_scene: bool = False


def spread_mentions(
    line: TaggedLine,
    made: Sequence[Draft],
    mentions: Iterable[Mention],
    name: str,
    value: Callable[[Mention], object] = lambda m: m.means,
    reach: int = 9,
    on: bool = False,
) -> None:
    """Give each figure the mention of its sentence that belongs to it."""
    mentions = list(mentions)
    if not mentions:
        return
    held = attach_mentions(line, mentions, reach, on)
    for draft in made:
        if draft.aside:
            continue
        mention = held[draft.index]
        if mention is not None:
            draft.set_field(
                name, value(mention), f"{name} in the sentence", "sentence", mention
            )
