"""From a document to rows of claims, and the figures that are set aside."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from pipeline.core.errors import PayproofError
from pipeline.core.model import Block, Document
from pipeline.core.reading_faults import SET_ASIDE, describe_figure, report_fault
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.bonus_periods import set_bonus_periods
from pipeline.extract.carried_state import is_place_line, update_sentence_state
from pipeline.extract.cell_amounts import join_digit_groups
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.fields import fill_fields
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.group_consistency import set_aside_by_group
from pipeline.extract.indexed_page import ContextLine, IndexedPage, find_line_breaks
from pipeline.extract.line_consistency import (
    copy_converted_statistic,
    copy_previous_fields,
    resolve_line_figures,
)
from pipeline.extract.line_drafts import draft_line
from pipeline.extract.line_numbers import mask_line_numbers
from pipeline.extract.number_ranges import (
    Figure,
    find_decade_figures,
    join_numbers,
    join_triples,
)
from pipeline.extract.numbers import find_glued_cells, find_numbers
from pipeline.extract.page_context import open_page
from pipeline.extract.publisher_mentions import find_publishers, has_source_cue
from pipeline.extract.spelled_figures import find_spelled_figures
from pipeline.extract.tagged_lines import TaggedLine, split_sentences
from pipeline.extract.unmarked_amounts import admit_unmarked_amounts

LABELLED = re.compile(r"\s{0,3}(?:\*\*|__)")
BACK_REFERENCE = re.compile(
    r"[\W_]{0,4}(?:both|these|those|all|sources?|(?:that|it|this) (?:was|is))\b", re.I
)
SCAN_REPAIRS = frozenset(
    ("letters_for_digits", "letter_for_sign", "split_digits", "point_for_comma")
)
MIN_DAMAGED_FIGURES = 2
MAX_PIECE_LENGTH = 1500
MOST_BETWEEN = 2  # sentences from a source to its figures
MAX_SCENE_LENGTH = 400
MOST_FIGURES = 40
MIN_CHARS_PER_FIGURE = 7
MAX_SHORT_CELL = 80
# Of a page; a page that is made to fail would otherwise be read forty times over.
MOST_RETRIES = 200


@dataclass(slots=True)
class DocumentReading:
    """Everything that a document's figures came to.

    Args:
        drafts: One for each figure, in text order.
        unplaced: Figures outside every block, and in what no one can read; with why.
        retries: Sentences that were read again without one of their figures.
    """

    page: IndexedPage
    drafts: list[Draft] = field(default_factory=list)
    unplaced: list[tuple[Figure, str]] = field(default_factory=list)
    retries: int = 0


def read_figures(document: Document, words: Gazetteer) -> DocumentReading:
    """Read every figure of a document's text."""
    found, struck = _part_struck_out(document, _find_figures(document, words))
    page = open_page(document, words, damaged=_is_scan_damaged(found))
    page.figures, page.figure_starts = found, [figure.start for figure in found]
    reading = DocumentReading(page)
    reading.unplaced += [(f, "struck_out") for f in struck if f.unit != "bare"]
    _read_blocks(page, found, reading)
    set_bonus_periods(page, reading.drafts)
    set_aside_by_group(page, reading.drafts)
    return reading


def _find_figures(document: Document, words: Gazetteer) -> list[Figure]:
    """Return the numbers of a text joined to figures, those in words among them."""
    text = mask_line_numbers(document.text)
    starts = [block.start for block in document.blocks]
    cuts = find_glued_cells(document)
    numbers = find_numbers(text, words.money, document.marks, cuts)
    found = join_triples(text, join_numbers(text, numbers, words, starts))
    extra = find_decade_figures(text, words)
    extra += find_spelled_figures(text, words, starts)
    if extra:
        found = _merge_spelled_figures(found, extra)
    return join_digit_groups(document, found, words.money)


def _read_blocks(
    page: IndexedPage, found: list[Figure], reading: DocumentReading
) -> None:
    """Read block after block; figures outside of all are set aside."""
    at = 0
    for index, block in enumerate(page.document.blocks):
        inside: list[Figure] = []
        while at < len(found) and found[at].start < block.end:
            if found[at].start >= block.start:
                inside.append(found[at])
            elif found[at].unit != "bare":
                reading.unplaced.append((found[at], "outside_every_block"))
            at += 1
        if inside:
            try:
                _read_block(page, index, inside, reading)
            except Exception as error:
                _leave_block_unread(page, inside, reading, error)
    rest = (figure for figure in found[at:] if figure.unit != "bare")
    reading.unplaced += [(figure, "outside_every_block") for figure in rest]


def _part_struck_out(
    document: Document, found: list[Figure]
) -> tuple[list[Figure], list[Figure]]:
    """Part the figures from those that are struck out: the page takes them back."""
    if not document.strikes:
        return found, []
    strikes = sorted(document.strikes)
    starts = [start for start, _ in strikes]
    # The furthest end of all strikes up to each: they may be nested.
    ends = list(accumulate((end for _, end in strikes), max))
    kept: list[Figure] = []
    struck: list[Figure] = []
    for figure in found:
        before = bisect_left(starts, figure.end)
        out = before > 0 and figure.start < ends[before - 1]
        (struck if out else kept).append(figure)
    return kept, struck


def _is_scan_damaged(found: list[Figure]) -> bool:
    """Whether several figures of a page bear the marks of a scanner."""
    marks = sum(
        bool(SCAN_REPAIRS & {*f.repairs}) or f.fault in SCAN_REPAIRS for f in found
    )
    return marks >= MIN_DAMAGED_FIGURES


def _merge_spelled_figures(found: list[Figure], extra: list[Figure]) -> list[Figure]:
    """Figures in words over the digits that lie in them; text order."""
    kept: list[Figure] = []
    for figure in sorted(found + extra, key=lambda f: (f.start, -f.end, -len(f.note))):
        if kept and figure.start < kept[-1].end:
            # `thousand Lei 99`: the mark is of the digits, which stand in no words.
            beyond = figure.end > kept[-1].end and kept[-1].note == "words"
            if bool(figure.note) != bool(kept[-1].note) and (beyond or figure.note):
                kept[-1] = figure
            continue
        kept.append(figure)
    return kept


def _read_block(
    page: IndexedPage, index: int, inside: list[Figure], reading: DocumentReading
) -> None:
    """Read the sentences of a block that hold figures, and those that lead to them."""
    inside = admit_unmarked_amounts(page, index, inside)
    if not inside:
        return
    block = page.document.blocks[index]
    text = page.document.text
    around = page.list_context(index)
    before = SentenceState()
    pieces = list(_cut_into_pieces(text, block, inside))
    for at, (start, end, here) in enumerate(pieces):
        if not here and not (
            _is_relevant_sentence(text, pieces, at)
            or _opens_report(page, pieces, at)
            or _says_where(page, pieces, at)
        ):
            continue
        if (
            len(here) == MOST_FIGURES
            and end - start < MIN_CHARS_PER_FIGURE * MOST_FIGURES
        ):
            reading.unplaced += [(figure, "illegible") for figure in here]
            continue
        line = page.span_line(start, end)
        if at == 0 and not here and LABELLED.match(text, start) and end - start < 80:
            around = [ContextLine("lead_in", line), *around]
        place = Place(page, index, around, before)
        reading.drafts += _read_line_or_rest(place, line, here, reading)


Piece = tuple[int, int, list[Figure]]


class Place(NamedTuple):
    """Where a sentence stands: its page and block, what is around it and before it."""

    page: IndexedPage
    block: int
    around: list[ContextLine]
    before: SentenceState


def _read_line(place: Place, line: TaggedLine, here: list[Figure]) -> list[Draft]:
    """Read the figures of a sentence, and what it leaves for the next one."""
    page, index, around, before = place
    read = line.with_figures(here) if here else line
    made = draft_line(page, read, index, around, before) if here else []
    fill_fields(page, read, made, around, before)
    copy_previous_fields(read, made, before)
    copy_converted_statistic(made, before)
    resolve_line_figures(read, made, page.words.money.table)
    update_sentence_state(page, read, made, before)
    return made


def _read_line_or_rest(
    place: Place, line: TaggedLine, here: list[Figure], reading: DocumentReading
) -> list[Draft]:
    """Read the figures of a sentence; set the one aside that brings out a fault.

    Where none alone is to blame, all of the sentence are set aside.
    """
    unread = [figure.copy() for figure in here]
    try:
        return _read_line(place, line, here)
    except Exception as error:
        text = place.page.document.text
        start, end = (here[0].start, here[-1].end) if here else (line.start, line.end)
        what = f"the sentence at character {start:,}"
        report_fault(describe_figure(text, start, end) if here else what, error)
    many = len(unread)
    for at in range(many if many > 1 and reading.retries < MOST_RETRIES else 0):
        reading.retries += 1
        rest = [figure.copy() for figure in (*unread[:at], *unread[at + 1 :])]
        try:
            made = _read_line(place, line, rest)
        except (PayproofError, MemoryError):
            raise
        except Exception:
            continue
        reading.unplaced.append((unread[at], SET_ASIDE))
        return made
    reading.unplaced += [(figure, SET_ASIDE) for figure in unread]
    return []


def _leave_block_unread(
    page: IndexedPage, inside: list[Figure], reading: DocumentReading, error: Exception
) -> None:
    """Set the figures of a block aside that no sentence of it has accounted for."""
    text = page.document.text
    report_fault(describe_figure(text, inside[0].start, inside[-1].end), error)
    known = {draft.figure.start for draft in reading.drafts[-len(inside) :]}
    known |= {figure.start for figure, _ in reading.unplaced[-len(inside) :]}
    left = (f for f in inside if f.unit != "bare" and f.start not in known)
    reading.unplaced += [(figure, SET_ASIDE) for figure in left]


def _is_relevant_sentence(text: str, pieces: list[Piece], at: int) -> bool:
    """Whether a sentence without figures sets the scene, or looks back at one."""
    start, end, _ = pieces[at]
    if end - start > MAX_SCENE_LENGTH:
        return False
    if any(here for _, _, here in pieces[at + 1 : at + 2]):
        return True
    return (
        at > 0 and bool(pieces[at - 1][2]) and bool(BACK_REFERENCE.match(text, start))
    )


def _opens_report(page: IndexedPage, pieces: list[Piece], at: int) -> bool:
    """Whether a sentence credits an office for the figures of the next but one.

    `Their pay has crept up.` may stand between a source and what it says.
    """
    line = _find_scene(page, pieces, at)
    return line is not None and any(
        m.means in page.words.official_publishers and has_source_cue(line, m)
        for m in find_publishers(line)
    )


def _says_where(page: IndexedPage, pieces: list[Piece], at: int) -> bool:
    """Whether a few words say where, for the figures of the next sentence but one.

    `Tulsa, Oklahoma. Fitter, six years. $31 an hour.`
    """
    line = _find_scene(page, pieces, at)
    return line is not None and any(
        is_place_line(line, place) for place in find_areas(line)[-1:]
    )


def _find_scene(page: IndexedPage, pieces: list[Piece], at: int) -> TaggedLine | None:
    """Return a short sentence that figures follow soon; None where they do not."""
    start, end, _ = pieces[at]
    if end - start > MAX_SCENE_LENGTH:
        return None
    if not any(here for _, _, here in pieces[at + 1 : at + 1 + MOST_BETWEEN]):
        return None
    return page.span_line(start, end)


def _cut_into_pieces(text: str, block: Block, inside: list[Figure]) -> Iterator[Piece]:
    """Sentences with their figures; one that never ends is cut between figures."""
    at = 0
    for start, end in _split_block(text, block, inside):
        here: list[Figure] = []
        while at < len(inside) and inside[at].start < end:
            if len(here) == MOST_FIGURES or inside[at].start - start > MAX_PIECE_LENGTH:
                yield start, inside[at].start, here
                start, here = inside[at].start, []
            here.append(inside[at])
            at += 1
        yield (
            start,
            min(end, max(start + MAX_PIECE_LENGTH, here[-1].end)) if here else end,
            here,
        )


def _split_block(
    text: str, block: Block, inside: list[Figure]
) -> Iterator[tuple[int, int]]:
    start, end = block.start, block.end
    if block.kind == "cell" and end - start < MAX_SHORT_CELL:
        yield start, end
        return
    at = start
    for stop in [*find_line_breaks(text, start, end, inside), end]:
        yield from split_sentences(text, at, stop)
        at = stop
