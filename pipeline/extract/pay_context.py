"""Whose a sum is that no word calls pay, and which sentences make one up."""

from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.tagged_lines import TaggedLine

CONTEXT_CATEGORIES = (
    "occupation",
    "people",
    "area",
    "statistics",
    "publisher",
    "experience",
    "credential",
    "employer_types",
    "specialties",
    "pay_bases",
    "work_modes",
    "anaphora",
)
# On a page that is not about pay a place or a publisher is no reason to take a sum
# for somebody's.
NO_PERSON = frozenset(("area", "publisher", "anaphora"))
MIN_PAGE_LENGTH = 300
MIN_SENTENCE_WORDS = 6


def has_pay_context(
    page: IndexedPage, line: TaggedLine, draft: Draft, before: SentenceState
) -> bool:
    """Whether a sum of the size of pay is anybody's: its size alone says nothing.

    In running text somebody, a place, a statistic or a sum of pay just before it
    must be spoken of. A card of few words is no running text, and a passage handed
    over by itself has no text around it.
    """
    if not _is_in_running_text(page, line, draft):
        return True
    ends = {";"} if page.about_pay else {";", "|"}
    first, last = _find_clause(line, draft.index, ends)
    if _names_somebody(page, line, first, last):
        return True
    if before.topic is not None or any(not d.aside for d in before.drafts):
        return True
    clause = line.get_words_between(first, last)
    if page.about_pay and not line.lists["grades"].isdisjoint(clause):
        return True  # `Band 5 runs from £33,247`
    if _is_alone_under_label(page, line, draft):
        return True
    if ":" in line.get_words_between(first, line.spots[draft.index][0]):
        return True  # `Tramper: up to £48k`
    return not line.lists["someone"].isdisjoint(clause)


def _is_in_running_text(page: IndexedPage, line: TaggedLine, draft: Draft) -> bool:
    """Return whether a sum stands in a sentence of a page, not in a card or cell."""
    block = page.document.blocks[draft.block]
    text = page.document.text
    if block.kind not in ("paragraph", "heading") or len(text) < MIN_PAGE_LENGTH:
        return False
    return len(line.words) >= MIN_SENTENCE_WORDS or text[block.end - 1] in ".!?"


def _names_somebody(page: IndexedPage, line: TaggedLine, first: int, last: int) -> bool:
    """Return whether a clause says whose a sum may be: `clerks`, `in Ohio`."""
    return any(
        first <= m.first < last
        for name in CONTEXT_CATEGORIES
        if page.about_pay or name not in NO_PERSON
        for m in line.get_mentions(name)
    )


def _is_alone_under_label(page: IndexedPage, line: TaggedLine, draft: Draft) -> bool:
    """`Site Manager: Runs a site. $80K-$120K.`: a range alone, behind a job."""
    first, last = line.spots[draft.index]
    rest = [*line.texts[:first], *line.texts[last:]]
    if draft.figure.low is None or any(word.isalnum() for word in rest):
        return False
    named = page.block_line(draft.block).get_mentions("occupation")
    return any(m.end <= line.start for m in named)


def _find_clause(line: TaggedLine, index: int, ends: set[str]) -> tuple[int, int]:
    """Return the first and last word about a figure, up to the marks around it."""
    spot = line.spots[index][0]
    stops = [i for i, token in enumerate(line.words) if token.text in ends]
    first = max((i for i in stops if i < spot), default=0)
    return first, min((i for i in stops if i > spot), default=len(line.words))


def is_imagined(line: TaggedLine) -> bool:
    """`Say you take a job …`, `If you borrow $X, …`, `On $X you repay …`: made up."""
    if is_scene_opening(line):
        return True
    opening = _get_opening_words(line)
    if not opening:
        return False
    if opening[0] == "take" and line.spots:
        return line.spots[0][0] == 1 and line.figures[0].unit == "money"
    if opening[0] in ("on", "at", "of") and len(line.figures) > 1:
        article = line.words[1].text in line.lists["articles"]
        return line.spots[0][0] == 1 + article and line.figures[0].unit == "money"
    if opening[0] != "if":
        return False
    comma = next((i for i, t in enumerate(line.words) if t.text == ","), 0)
    return any(
        first < comma and line.figures[i].unit == "money"
        for i, (first, _) in enumerate(line.spots)
    )


def is_scene_opening(line: TaggedLine) -> bool:
    """`Imagine …`, `Say you …`: what follows is made up too, till it is anchored."""
    opening = _get_opening_words(line)
    if opening[:1] == ["say"]:
        return bool(line.lists["scene_people"] & {*opening[1:2]})
    return bool(line.lists["scenes"] & {*opening[:1]})


def _get_opening_words(line: TaggedLine) -> list[str]:
    return [word for word in line.texts[:3] if word.isalpha()]


def has_source_or_statistic(line: TaggedLine) -> bool:
    """Whether a sentence says whose figure it gives: it is no longer made up."""
    return bool(line.get_mentions("publisher", "statistics"))
