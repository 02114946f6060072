"""Which statistic a figure is: every one that could be meant, then the ranking."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract import statistic_cues
from pipeline.extract.attachment import is_figure_in_mention
from pipeline.extract.candidates import (
    Candidate,
    Relation,
    list_context_candidates,
    list_sentence_candidates,
    make_candidate,
    name_clues,
)
from pipeline.extract.column_cues import find_head_statistic
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.figure_attribution import is_continuation, is_first_person
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.number_ranges import Figure
from pipeline.extract.tagged_lines import TaggedLine

FIELD = "statistic"
SHORT_WORDS = 16
REACH = 9
LEGAL_FLOOR = "floor"
TAILS = ("p10", "p25", "p75", "p90")
CENTRES = ("mean", "median")
SHAPED = ("start", "range", "tail", "half", "middle")
ENDS = ("minimum", "maximum", "unspecified")


class LineStatistics(NamedTuple):
    """What is the same for every figure of a line.

    Args:
        floors: For each figure, where its sentence names what the law has to be paid.
        lent: What heads and the lines around name.
    """

    floors: list[list[Candidate]]
    lent: list[Candidate]


def list_line_statistics(
    page: IndexedPage, line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> LineStatistics:
    """List the statistics that a line and what stands around it name.

    Args:
        page: Of the line.
        line: With its figures.
        draft: Any of its figures.
        around: The lines around, nearest first.
    """
    floors = list_sentence_candidates(line, _find_floors(line), _read_cue, reach=REACH)
    lent = _list_heads(page, draft, around) + list_context_candidates(
        around, lambda c: _find_cues(c, draft), _read_cue_around
    )
    return LineStatistics(floors, lent)


def set_statistic(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    shared: LineStatistics,
    before: SentenceState,
) -> None:
    """Say which statistic each figure is; percentiles are points, not bounds."""
    if draft.kind not in ("pay_level", "bonus"):
        return
    name, cue = _find_own(line, draft.index)
    found: list[Candidate] = []
    if cue is not None:
        found.append(make_candidate(name, Relation.SENTENCE, cue))
    found += shared.floors[draft.index] + shared.lent
    found += _list_lent_statistics(page, line, draft, before)
    choice = draft.choose_field(FIELD, found, page.words.weights)
    chosen = choice.candidate.value if choice.candidate else "unspecified"
    told = choice.candidate is not None and choice.candidate.relation == "sentence"
    publisher = draft.fields.get("attributed_to", "")
    if told and publisher and chosen in CENTRES:
        page.tell(FIELD, publisher, chosen)
    _fit_to_form(draft, chosen, cue if told else None)


def _find_own(line: TaggedLine, index: int) -> tuple[str, Mention | None]:
    """Return the statistic that the sentence gives a figure, and its word."""
    if "respectively" in line.texts[-4:] and (own := _find_in_turn(line, index)):
        return _read_cue(own), own
    return statistic_cues.find_statistic(line, index)


def _find_in_turn(line: TaggedLine, index: int) -> Mention | None:
    """Return the cue whose turn it is, where figures come `respectively`."""
    cues = [m for m in line.get_mentions("statistics") if _read_cue(m)]
    sums = [
        at
        for at in range(len(line.figures))
        if not any(is_figure_in_mention(line, at, cue) for cue in cues)
    ]
    if index not in sums or not len(cues) >= len(sums) > 1:
        return None
    return cues[-len(sums) :][sums.index(index)]


def _fit_to_form(draft: Draft, name: str, cue: Mention | None) -> None:
    """Set the statistic that a point, a range or an open end can be."""
    figure = draft.figure
    if _is_bounded_tail(figure, name, cue):
        figure.value, figure.low, figure.high = figure.size, None, None
        fit = name
    else:
        fit = _choose_fitting(figure, name)
    if fit != name or FIELD not in draft.fields:
        draft.fields.pop(FIELD, None)
        draft.inherited.pop(FIELD, None)
        draft.set_field(FIELD, fit, "form of the figure", text=fit)


def _is_bounded_tail(figure: Figure, name: str, cue: Mention | None) -> bool:
    """Return whether an open end is a point: `a tenth made less than $31,000`."""
    bounded = (figure.low is None) != (figure.high is None)
    half = name == "median" and cue is not None and cue.means == "half"
    return bounded and (name in TAILS or half)


def _choose_fitting(figure: Figure, name: str) -> str:
    """Return a statistic as the form allows it: of a range, an open end, a point."""
    if figure.low is not None and figure.high is not None:
        return name if name[:1] == "p" and name not in TAILS else "range"
    if figure.low is not None or figure.high is not None:
        if name in ("minimum", "maximum"):
            return name
        return "minimum" if figure.low is not None else "maximum"
    return "unspecified" if name == "range" else name


def _list_heads(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> list[Candidate]:
    """List what the heads of a table give together, or by the form of its rows."""
    pair = find_head_statistic(page, draft, around)
    if pair is None:
        pair = _find_end_of_grade(draft, around) or _find_end_of_range(draft, around)
    if pair is None:
        return []
    return [Candidate(pair[0], Relation.COLUMN, ("heads_together",), text=pair[1])]


def _find_cues(context: ContextLine, draft: Draft) -> list[Mention]:
    """Return the words for a statistic in a line around that say one of a point."""
    found = [
        m
        for m in context.line.get_mentions("statistics")
        if _read_cue_around(context, m)
    ]
    floors = _find_floors(context.line)
    if context.where == "heading" and len(draft.line.words) > SHORT_WORDS:
        return floors[:1]
    if context.where != "column":
        found = floors + [m for m in found if _read_cue_around(context, m) not in ENDS]
    # The first word of a line is its subject: "median pay, and what the top earn".
    return found[:1]


def _find_floors(line: TaggedLine) -> list[Mention]:
    """Return where a line names what the law has to be paid at least."""
    return [m for m in line.get_mentions("topics") if m.means == LEGAL_FLOOR]


def _read_cue_around(context: ContextLine, cue: Mention) -> str:
    """Return the statistic that a word of a line around names; "" for a form.

    A row's head is said of its one figure: `A quarter earns less than` is the 25th
    percentile, as it is in a sentence.
    """
    name = _read_cue(cue)
    if name or context.where not in ("row", "column") or not context.nearest:
        return name
    end = len(context.line.words)
    name = statistic_cues.read_share_below(context.line, cue, end)
    return "" if name == "unspecified" else name


def _read_cue(cue: Mention) -> str:
    """Return the statistic that a word away from the figure names; "" for a form."""
    if cue.means == LEGAL_FLOOR:
        return "minimum"
    name = cue.means.partition(":")[0]
    return "" if name in SHAPED else statistic_cues.read_percentile(cue.means) or name


def _list_lent_statistics(
    page: IndexedPage, line: TaggedLine, draft: Draft, before: SentenceState
) -> list[Candidate]:
    """List what earlier sentences and the page as a whole lend a figure."""
    publisher = draft.fields.get("attributed_to", "")
    house, of_survey = page.survey
    told = page.list_told(FIELD, publisher) if publisher else []
    official = publisher in page.words.official_publishers
    others = official if not house else (publisher or house) != house
    person = name_clues(first_person=is_first_person(line))
    known = (
        (
            _find_earlier(before),
            Relation.BEFORE,
            name_clues(goes_on=is_continuation(line)),
        ),
        (
            page.declared_statistic,
            Relation.DECLARED,
            name_clues(other_source=others),
        ),
        ("minimum" if page.about_floor else "", Relation.DECLARED, ()),
        (of_survey, Relation.SURVEY, name_clues(aside=publisher != house)),
        (told[0] if told else "", Relation.SOURCE, name_clues(several=len(told) > 1)),
        (
            page.release.statistic,
            Relation.USUAL,
            name_clues(
                official=official,
                own_release=page.release.is_its_own,
                own_survey=page.release.reports_survey,
            ),
        ),
    )
    return [
        Candidate(name, relation, (*clues, *person), text=name)
        for name, relation, clues in known
        if name
    ]


def _find_earlier(before: SentenceState) -> str:
    """Return the centre of the paragraph's last figure, or of a sentence since."""
    if before.centre:
        return before.centre
    for draft in reversed(before.drafts):
        if draft.kind == "pay_level":
            name = draft.fields.get(FIELD, "")
            return name if name in CENTRES else ""
    return ""


def _find_end_of_range(
    draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, str] | None:
    """Return minimum or maximum under a head that is only `Low` or `High`."""
    lists = draft.line.lists
    for context in around:
        words = context.line.texts
        if context.where != "column" or len(words) != 1:
            continue
        for listed, name in (("column_low", "minimum"), ("column_high", "maximum")):
            if words[0] in lists[listed]:
                return name, words[0]
    return None


def _find_end_of_grade(
    draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, str] | None:
    """`Entry` and `Top` over a pay band are its least and its most."""
    lists = draft.line.lists
    columns = [c.line for c in around if c.where == "column"]
    alone = [line.texts[0] for line in columns if len(line.words) == 1]
    for name, listed in (("minimum", "low_heads"), ("maximum", "high_heads")):
        if found := [word for word in alone if word in lists[listed]]:
            return name, found[0]
    words = {word for line in columns for word in line.texts}
    ends = words & (lists["grade_entry"] | lists["grade_top"])
    if not ends or not _is_graded(around, lists["grades"]):
        return None
    name = "minimum" if words & lists["grade_entry"] else "maximum"
    return name, min(ends)


def _is_graded(around: Sequence[ContextLine], grades: frozenset[str]) -> bool:
    """Return whether a line right beside a figure names a grade: `Band 5`."""
    return any(c.nearest and not grades.isdisjoint(c.line.texts) for c in around)
