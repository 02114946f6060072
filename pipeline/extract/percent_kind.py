"""What a percent is: a change in pay, growth of employment, a share of people."""

import re
from collections.abc import Sequence

from pipeline.extract import kind_cues, sentence_topics
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.employment_growth import (
    is_employment_growth,
    is_pay_projected,
)
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.inside_markup import is_inside_markup
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.non_pay_clauses import find_clause_percent, is_under_share_head
from pipeline.extract.non_pay_percents import find_non_pay_percent
from pipeline.extract.number_ranges import is_change_of
from pipeline.extract.pay_clauses import is_under_extra_head
from pipeline.extract.sentence_topics import choose_sentence_topic, find_topic_around
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.tokens import split_tokens

RATE = re.compile(
    r"(?i)\b(?:(?:un)?employment|placement|graduation|response|vacancy|turnover"
    r"|participation|acceptance|pass|retention|poverty|entrepreneurship) rates?\b"
)
CENTRE_MOVED = re.compile(
    r"(?i)\bthe\s(?:national\s)?(?:median|mean|average)\s(?:has\s|had\s)?"
    r"(?:rose|risen|fell|fallen|climbed|grew|grown|dropped|increased|jumped)"
    r"(?:\sby|\s[^\w\s]?(?=\d)|\sabout|\sroughly|\snearly|\s)[^.;]{0,12}$"
)
PAY_KINDS = ("pay_level", "pay_delta_abs", "pay_delta_rel", "change")
MAX_TERM_WORDS = 10
VERB_REACH = 14  # words from a verb of change to its percent
PLUS_BEFORE_FIGURE = (" + ", " +\u00a0")


def find_percent_kind(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
    made: list[Draft],
) -> FigureKind:
    """Say what a percent is of."""
    index = draft.index
    if draft.figure.unit == "count":
        return _classify_people_count(line, draft, made)
    prior = _find_last_told(made[:index])
    plain = (
        _check_growth(line, draft, made)
        or _find_named_raise(line, index)
        or _find_plain_percent(line, draft, around, before)
        or _copy_restated_change(line, index, prior)
    )
    if plain is not None:
        return plain
    change = _find_change(page, line, draft, around, prior)
    strong = choose_sentence_topic(line, index)
    about = strong.kind if strong is not None else None
    projected = about == "outlook" and is_pay_projected(line)
    if change is not None and (
        projected
        or _is_of_pay_behind(line, index)
        or (about is None and _has_centre_moved(line, index))
    ):
        about = "pay_level"
    if about != "pay_level" and is_employment_growth(page, line, index, around):
        return _make_growth(strong, change)
    if about is None and prior is not None:
        about = prior.kind
    if about is None or about == "outlook":
        about = _find_topic_elsewhere(page, line, draft, change, around, before)
    if page.about_floor and page.document.blocks[draft.block].kind == "cell":
        about = "pay_level" if about in (None, "floor") else about
    if change is not None and about in PAY_KINDS:
        direction = change.direction or "up"
        return FigureKind("pay_delta_rel", direction, change.rule, cue=change.cue)
    return _classify_other_percent(line, index, about)


def _has_centre_moved(line: TaggedLine, index: int) -> bool:
    """Whether it is `the median rose by`: beside figures of pay that is of pay."""
    start = line.figures[index].start
    return CENTRE_MOVED.search(line.text, line.start, start) is not None


def _find_named_raise(line: TaggedLine, index: int) -> FigureKind | None:
    """Return a change in pay for `a 12% salary premium`: it is named right behind."""
    last = line.spots[index][1]
    for cue in line.get_mentions("changes"):
        said = line.get_words_between(cue.first, cue.last)
        named = bool(said) and said[0] in line.lists["pay_words"]
        if cue.first == last and named and cue.means in ("up", "down"):
            return FigureKind("pay_delta_rel", cue.means, "raise behind", cue=cue)
    return None


def _find_last_told(made: list[Draft]) -> Draft | None:
    """Return the last figure that was not set aside, or None."""
    return next((draft for draft in reversed(made) if not draft.aside), None)


def _make_growth(strong: FigureKind | None, change: FigureKind | None) -> FigureKind:
    """Make the kind of a percent by which employment grows, or falls."""
    cue = strong.cue if strong is not None else None
    direction = (change and change.direction) or "up"
    return FigureKind("outlook", direction, "growth of employment", "sentence", cue)


def _find_plain_percent(
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> FigureKind | None:
    """Return what a percent is whose own words leave no question: `40% of nurses`."""
    if draft.figure.unit == "points":
        return FigureKind("other", None, "percentage points")
    if is_inside_markup(line.text, draft.figure.start, draft.figure.end):
        return FigureKind("other", None, "part of the markup")
    thing = find_clause_percent(line, draft) or find_non_pay_percent(line, draft.index)
    if thing is not None:
        return thing
    if is_under_share_head(around) or _is_rate_of_people(line, around):
        return FigureKind("share", None, "share in the head", "column")
    if (again := _find_same_percent(draft, before)) is not None:
        return again
    if kind_cues.is_share(line, draft.index):
        return FigureKind("share", None, "percent of people")
    return None


def _copy_restated_change(
    line: TaggedLine, index: int, prior: Draft | None
) -> FigureKind | None:
    """`$6,000 more, or 9%`: a percent that only says the difference before it again."""
    if prior is None or not prior.kind.startswith("pay_delta"):
        return None
    if not kind_cues.is_restatement(line, index):
        return None
    direction = prior.fields.get("direction")
    return FigureKind("pay_delta_rel", direction, "same as the figure before")


def _find_topic_elsewhere(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    change: FigureKind | None,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> str | None:
    """Return what a percent is of where no topic of its sentence says so."""
    if change is not None and _is_raise(line, change):
        return "pay_level"
    about, _ = find_topic_around(around, before)
    if about is not None:
        return about
    paid = page.about_pay and _is_of_pay(line, before, draft, page)
    return (
        "pay_level"
        if paid or sentence_topics.is_leading_to_amount(line, draft.index)
        else None
    )


def _check_growth(
    line: TaggedLine, draft: Draft, made: list[Draft]
) -> FigureKind | None:
    """Return a change where the two levels before differ by it: `A to B (32%)`."""
    pair = made[max(0, draft.index - 2) : draft.index]
    sizes = [d.figure.value for d in pair if d.kind == "pay_level" and not d.aside]
    own = draft.figure.value
    if len(sizes) != 2 or own is None or not sizes[0] or sizes[1] is None:
        return None
    if line.texts[line.spots[draft.index][0] - 1] not in ("(", "+"):
        return None
    if not is_change_of(sizes[0], sizes[1], own):
        return None
    return FigureKind("pay_delta_rel", "up", "what the two levels differ by")


def _is_rate_of_people(line: TaggedLine, around: Sequence[ContextLine]) -> bool:
    """`3-month employment rate: 82%`: how many of them, and no growth."""
    near = (line, *(c.line for c in around if c.nearest and c.where != "heading"))
    short = (x for x in near if len(x.words) <= MAX_TERM_WORDS)
    return any(RATE.search(x.text, x.start, x.end) for x in short)


def _find_same_percent(draft: Draft, before: SentenceState) -> FigureKind | None:
    """`… grew by 3%. Yes, 3% …`: the sentence says the one before it again."""
    for other in before.drafts:
        if other.aside or other.kind != "pay_delta_rel":
            continue
        if other.figure.value == draft.figure.value is not None:
            direction = other.fields.get("direction")
            return FigureKind(other.kind, direction, "same as in the sentence before")
    return None


def _is_raise(line: TaggedLine, change: FigureKind) -> bool:
    """Return whether a change is a raise: of pay, whatever came before."""
    cue = change.cue
    if cue is None:
        return False
    said = line.get_words_between(cue.first, cue.last)
    if not line.lists["pay_words"].isdisjoint(said):
        return True  # `a 3.5 percent pay increase`
    raised = said[:1] in (["raises"], ["raise"])
    # `gave its workers a 3% raise`: somebody got it.
    got = not line.lists["raise_given"].isdisjoint(line.texts)
    given = change.rule == "word after" and got
    return raised and (cue.first == 0 or given)


def _classify_people_count(
    line: TaggedLine, draft: Draft, made: list[Draft]
) -> FigureKind:
    """Return the kind of a count of people: employment change, or by the line."""
    figure = draft.figure
    if figure.note != "growth":
        return _classify_openings_count(line, draft.index, made)
    less = bool(figure.numbers) and figure.numbers[0].sign == "-"
    return FigureKind("outlook", "down" if less else "up", "change in employment")


def _find_change(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    prior: Draft | None,
) -> FigureKind | None:
    """Return the change that a word, sign, head or neighbour makes of a percent."""
    touch = kind_cues.find_touching_kind(line, draft.index)
    if touch is not None and touch.kind == "change":
        return touch
    loose = _find_loose_change(line, draft.index)
    if loose is not None:
        return loose
    figure = draft.figure
    if figure.numbers and figure.numbers[0].sign:
        sign = "down" if figure.numbers[0].sign == "-" else "up"
        return FigureKind("change", sign, "sign")
    if line.text[figure.start - 3 : figure.start] in PLUS_BEFORE_FIGURE:
        return FigureKind("change", "up", "sign")
    if is_under_extra_head(around, small=True):
        return FigureKind("change", "up", "extra pay in the head", "heading")
    headed = (
        _find_headed_change(around)
        or _find_change_in_head(page, draft)
        or _find_shared_change(line, draft.index)
    )
    if headed is None and prior is not None and prior.kind == "pay_delta_rel":
        return prior.verdict
    return headed


def _find_change_in_head(page: IndexedPage, draft: Draft) -> FigureKind | None:
    """Return the change under a head `Change in total`; in brackets it is a loss."""
    for head in page.find_column_heads(draft.block):
        block = page.document.blocks[head]
        words = split_tokens(
            page.document.text, block.start, min(block.end, block.start + 200)
        )
        for cue in page.words.head_lexicon.find_mentions(page.document.text, words):
            if cue.category == "head_words" and cue.means == "change":
                text, figure = page.document.text, draft.figure
                ends = text[figure.start - 1] + text[figure.end : figure.end + 1]
                sign = "down" if ends == "()" else "up"
                return FigureKind("change", sign, "change in the head", "column", cue)
    return None


def _find_shared_change(line: TaggedLine, index: int) -> FigureKind | None:
    """`31% and 4% above those`: the word behind the second is for both."""
    if index + 1 >= len(line.figures) or line.figures[index + 1].unit != "percent":
        return None
    gap = line.get_words_between(line.spots[index][1], line.spots[index + 1][0])
    touch = kind_cues.find_touching_kind(line, index + 1) if gap == ["and"] else None
    return touch if touch is not None and touch.kind == "change" else None


def _classify_other_percent(
    line: TaggedLine, index: int, about: str | None
) -> FigureKind:
    """Return the kind of a percent that is no change in pay."""
    last = line.spots[index][1]
    following = line.get_words_between(last, last + 4)
    paid = {"salary", "pay", "base", "earnings", "wages"} & {*following}
    if about == "bonus" and "of" in following[:1] and paid:
        return FigureKind("bonus", None, "percent of pay")
    if about in ("bonus", "cost", "other"):
        return FigureKind("other", None, "percent of something else")
    return FigureKind("aside:percent_not_about_pay")


def _is_of_pay(
    line: TaggedLine, before: SentenceState, draft: Draft, page: IndexedPage
) -> bool:
    """Whether a sentence that names no pay may be about it, on a page about pay."""
    if page.document.blocks[draft.block].kind == "cell":
        return True
    if any(figure.unit == "money" for figure in line.figures):
        return True
    paid = ("occupation", "statistics", "credential", "experience", "anaphora")
    if any(line.get_mentions(name) for name in paid):
        return True
    if sentence_topics.speaks_of_every_job(line):
        return True
    return any(d.kind in PAY_KINDS for d in before.drafts)


def _is_of_pay_behind(line: TaggedLine, index: int) -> bool:
    """`+30% salary`, `+12% de salaire`: what a change is of stands right behind it."""
    last = line.spots[index][1]
    for cue in line.list_strong_topics():
        gap = line.get_words_between(last, cue.first)
        if last <= cue.first and line.lists["change_objects"].issuperset(gap):
            return cue.means == "pay"
    return False


def _classify_openings_count(
    line: TaggedLine, index: int, made: list[Draft]
) -> FigureKind:
    """Return outlook for openings a year in a sentence that projects; else aside."""
    said = {line.text[m.start : m.end].lower() for m in line.get_mentions("topics")}
    said &= {"projected", "projects", "projection", "projections", "grow", "outlook"}
    if said or any(d.kind == "outlook" for d in made[:index] if not d.aside):
        return FigureKind("outlook", "up", "openings in a projection")
    return FigureKind("aside:count_of_jobs")


def _find_loose_change(line: TaggedLine, index: int) -> FigureKind | None:
    """Return the change by a verb anywhere before a percent in its sentence."""
    first, last = line.spots[index]
    before = [m for m in line.get_mentions("changes") if _reaches(line, m, first)]
    if before:
        verb = before[-1]
        return FigureKind("change", verb.means, "verb before", "sentence", verb)
    for cue in line.get_mentions("changes"):
        if cue.place == "after" and last <= cue.first <= last + 6:
            gap = line.get_words_between(last, cue.first)
            if not {",", ";", "and"} & {*gap}:
                return FigureKind("change", cue.means, "word after", "sentence", cue)
    return None


def _reaches(line: TaggedLine, cue: Mention, first: int) -> bool:
    """`wages rose, on average, by 4%`: the verb is in the same clause, and not far."""
    if cue.means == "level" or cue.place == "after":
        return False
    if not 0 <= first - cue.last <= VERB_REACH:
        return False
    return ";" not in line.get_words_between(cue.last, first)


def _find_headed_change(around: Sequence[ContextLine]) -> FigureKind | None:
    for context in around:
        short = context.where in ("column", "row") or len(context.line.words) <= 12
        if context.where != "note" and short and context.nearest:
            for cue in context.line.get_mentions("changes"):
                if context.line.texts[cue.first] in context.line.lists["mere_extra"]:
                    continue  # `Additional figures`: more of them, and no change
                if cue.means != "level" and cue.place in ("near", "after"):
                    return FigureKind(
                        "change", cue.means, "change in the head", context.where, cue
                    )
    return None
