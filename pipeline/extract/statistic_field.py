"""Which statistic a figure is: by its sentence, or by the lines around it."""

from collections.abc import Sequence

from pipeline.extract import statistic_cues
from pipeline.extract.column_cues import find_head_statistic
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

SHORT_WORDS = 16
TAILS = ("p10", "p25", "p75", "p90")


def set_statistic(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Say which statistic each figure is; percentiles are points, not bounds."""
    if draft.kind not in ("pay_level", "bonus"):
        return
    figure = draft.figure
    name, cue = statistic_cues.find_statistic(line, draft.index)
    where = "sentence"
    bounded = (figure.low is None) != (figure.high is None)
    if name == "unspecified" and cue is None:
        if (pair := find_head_statistic(page, draft, around)) is not None:
            name, where = pair[0], "column"
        else:
            name, cue, where = _inherit_statistic(draft, around)
    if figure.low is not None and figure.high is not None:
        if not name.startswith("p"):
            name, where = "range", "sentence"
        elif name in TAILS:
            name = "range"
    elif (bounded and name in TAILS) or (
        bounded and name == "median" and cue is not None and cue.means == "half"
    ):
        figure.value, figure.low, figure.high = figure.size, None, None
    elif bounded:
        if name not in ("minimum", "maximum"):
            name = "minimum" if figure.low is not None else "maximum"
    elif name == "range":
        name = "unspecified"
    draft.set_field("statistic", name, "statistic word", where, cue)


def _inherit_statistic(
    draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, Mention | None, str]:
    """Return the statistic of a row, column, lead-in, caption or heading."""
    if (end := _find_end_of_grade(draft, around)) is not None:
        return end
    if (end := _find_end_of_range(draft, around)) is not None:
        return end
    block_is_label = len(draft.line.words) <= SHORT_WORDS
    for context in around:
        if context.where == "heading" and not (block_is_label and context.nearest):
            continue
        if context.where == "row" and not context.nearest:
            continue
        if context.where == "note" or context.full:
            continue
        for cue in context.line.get_mentions("statistics"):
            name, _, number = cue.means.partition(":")
            if name in ("start", "range", "tail", "half", "middle"):
                continue
            if name in ("percentile", "low", "high"):
                share = int(float(number))
                share = 100 - share if name == "high" and share <= 50 else share
                return (
                    statistic_cues.PERCENTILES.get(share, "unspecified"),
                    cue,
                    context.where,
                )
            if context.where != "column" and name in (
                "minimum",
                "maximum",
                "unspecified",
            ):
                continue
            return name, cue, context.where
    return "unspecified", None, "sentence"


def _find_end_of_range(
    draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, Mention | None, str] | None:
    """Return minimum or maximum under a head that is only `Low` or `High`."""
    lists = draft.line.lists
    for context in around:
        if context.where != "column":
            continue
        words = context.line.texts
        if len(words) == 1 and words[0] in lists["column_low"]:
            return "minimum", None, "column"
        if len(words) == 1 and words[0] in lists["column_high"]:
            return "maximum", None, "column"
    return None


def _find_end_of_grade(
    draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, Mention | None, str] | None:
    """`Entry` and `Top` over a pay band are its least and its most."""
    lists = draft.line.lists
    columns = [c for c in around if c.where == "column"]
    words = {token.text for c in columns for token in c.line.words}
    if not words & (
        lists["grade_entry"]
        | lists["grade_top"]
        | lists["low_heads"]
        | lists["high_heads"]
    ):
        return None
    alone = [c.line.words[0].text for c in columns if len(c.line.words) == 1]
    for name, listed in (("minimum", "low_heads"), ("maximum", "high_heads")):
        if any(word in lists[listed] for word in alone):
            return name, None, "column"
    seen = {token.text for c in around if c.nearest for token in c.line.words}
    if not seen & lists["grades"]:
        return None
    if not words & (lists["grade_entry"] | lists["grade_top"]):
        return None
    name = "minimum" if words & lists["grade_entry"] else "maximum"
    return name, None, "column"
