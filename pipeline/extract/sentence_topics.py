"""What a sentence, or what stands around it, speaks of: pay, a cost, a bonus."""

from collections.abc import Sequence

from pipeline.extract import kind_cues, period_cues
from pipeline.extract.drafts import SentenceState
from pipeline.extract.indexed_page import ContextLine
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.tagged_lines import TaggedLine

MONEY_KINDS = {"pay": "pay_level"}
ORDER = {"note": 1, "heading": 2}  # a note speaks after a caption


def has_period_behind(line: TaggedLine, index: int) -> bool:
    """Whether the words behind a sum say what span it is for."""
    return period_cues.find_touching_period(line, index) is not None


def find_topic_around(
    around: Sequence[ContextLine], before: SentenceState
) -> tuple[str | None, str]:
    """Return the topic of the sentence before, or of the lines around, and where."""
    if before.topic is not None:
        return before.topic.kind, "sentence"
    for context in sorted(around, key=lambda c: ORDER.get(c.where, 0)):
        for cue in context.line.get_mentions("topics"):
            if context.where == "heading" and cue.means != "pay":
                continue
            if cue.place == "topic" and cue.means != "outlook":
                return MONEY_KINDS.get(cue.means, cue.means), context.where
    return None, ""


def choose_sentence_topic(line: TaggedLine, index: int) -> FigureKind | None:
    """Return a difference's topic: a strong word, or a weak one that is nearer."""
    strong = kind_cues.find_topic_kind(line, index)
    weak = kind_cues.find_topic_kind(line, index, strong=False)
    if strong is None or strong.kind in ("pay_level", "outlook"):
        return strong
    first = line.spots[index][0]
    assert strong.cue is not None
    if weak is None or weak.kind != "pay_level" or weak.cue is None:
        return strong
    nearer = abs(weak.cue.first - first) < abs(strong.cue.first - first)
    return weak if nearer else strong


def speaks_of_every_job(line: TaggedLine) -> bool:
    """Return whether a sentence speaks of each of several jobs: `every other role`."""
    jobs, each = line.lists["paid_things"], line.lists["each_of_several"]
    return any(
        word in each and not jobs.isdisjoint(line.texts[at + 1 : at + 3])
        for at, word in enumerate(line.texts)
    )


def is_leading_to_amount(line: TaggedLine, index: int) -> bool:
    """`rose 4.1% to $86,900`: what a percent leads to is a sum."""
    after = line.figures[index + 1 : index + 2]
    gap = line.get_words_between(line.spots[index][1], line.spots[index][1] + 1)
    return bool(after) and after[0].unit == "money" and gap == ["to"]
