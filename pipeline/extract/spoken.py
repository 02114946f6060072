"""What a sentence, or what stands around it, speaks of: pay, a cost, a bonus."""

from collections.abc import Sequence

from pipeline.extract import kinds, period
from pipeline.extract.drafts import Before
from pipeline.extract.kinds import Kind
from pipeline.extract.page import Context
from pipeline.extract.sentences import Line

MONEY_KINDS = {"pay": "pay_level"}
ORDER = {"note": 1, "heading": 2}  # a note speaks after a caption


def timed(line: Line, index: int) -> bool:
    """Whether the words behind a sum say what span it is for."""
    return period.touching(line, index) is not None


def topic_around(around: Sequence[Context], before: Before) -> tuple[str | None, str]:
    """What the sentence before, or the lines around, speak of."""
    if before.topic is not None:
        return before.topic.kind, "sentence"
    for context in sorted(around, key=lambda c: ORDER.get(c.where, 0)):
        for cue in context.line.of("topics"):
            if context.where == "heading" and cue.means != "pay":
                continue
            if cue.place == "topic" and cue.means != "outlook":
                return MONEY_KINDS.get(cue.means, cue.means), context.where
    return None, ""


def spoken(line: Line, index: int) -> Kind | None:
    """What a difference is one of: a strong word, or a weak one that stands nearer."""
    strong = kinds.topic(line, index)
    weak = kinds.topic(line, index, strong=False)
    if strong is None or strong.kind in ("pay_level", "outlook"):
        return strong
    first = line.spots[index][0]
    assert strong.cue is not None
    if weak is None or weak.kind != "pay_level" or weak.cue is None:
        return strong
    nearer = abs(weak.cue.first - first) < abs(strong.cue.first - first)
    return weak if nearer else strong
