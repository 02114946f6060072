"""Sums that are pay though they are large, called a stipend, or a raise among costs."""

from pipeline.extract import kind_cues
from pipeline.extract.drafts import Draft
from pipeline.extract.kind_around import MIN_YEARLY_PAY
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.tagged_lines import TaggedLine

MOST_TOP_PAY = 300_000_000


def is_pay_of_top_earner(line: TaggedLine, draft: Draft) -> bool:
    """Return whether a large sum is one top earner's: `the chief executive got $9m`.

    A word for pay must be the nearest of the sentence.
    """
    if line.lists["top_earners"].isdisjoint(line.texts):
        return False
    if draft.figure.size > MOST_TOP_PAY:
        return False
    strong = kind_cues.find_topic_kind(line, draft.index)
    return strong is not None and strong.kind in ("pay_level", "bonus")


def is_living_stipend(line: TaggedLine, draft: Draft, strong: FigureKind) -> bool:
    """Return whether who gets a stipend lives on it: it is too large for an expense."""
    cue = strong.cue
    if cue is None or draft.figure.size < MIN_YEARLY_PAY:
        return False
    if line.get_words_between(cue.first, cue.last) not in (["stipend"], ["stipends"]):
        return False
    return not any(
        m.last == cue.first and m.means != "pay" for m in line.list_strong_topics()
    )


def is_level_before(line: TaggedLine, touch: FigureKind, prior: Draft) -> bool:
    """Return whether a sum is the one before as it was: `$72,000, up from $48,000`."""
    if prior.kind != "pay_level" or touch.kind != "level" or touch.cue is None:
        return False
    return line.words[touch.cue.last - 1].text == "from" and touch.cue.last > (
        touch.cue.first + 1
    )


def is_raise_behind(line: TaggedLine, draft: Draft, touch: FigureKind) -> bool:
    """Return whether a raise follows, which is of pay: `a $5,000 raise, and loans`."""
    last = line.spots[draft.index][1]
    return (
        touch.cue is not None
        and touch.cue.first == last
        and (line.words[last].text in ("raise", "raises"))
    )
