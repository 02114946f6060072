"""From a document to rows of claims, and the figures that are set aside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.core.model import Block, Document
from pipeline.extract import kinds
from pipeline.extract.attribution import cued, publishers
from pipeline.extract.bare import admit
from pipeline.extract.bearings import open_page
from pipeline.extract.company import alike
from pipeline.extract.doubts import IN_PASSING
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.fields import complete, dated
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.kinds import Kind
from pipeline.extract.numbers import glued, numbers
from pipeline.extract.occupations import occupations
from pipeline.extract.page import Context, Page, lines_of
from pipeline.extract.places import areas
from pipeline.extract.ranges import Figure, decades, figures, triples
from pipeline.extract.reading import drafts
from pipeline.extract.sentences import Line, split
from pipeline.extract.settle import convert, echo, settle
from pipeline.extract.siblings import beside
from pipeline.extract.spelled import spelled
from pipeline.extract.vouching import anchored, scene

LABELLED = re.compile(r"\s{0,3}(?:\*\*|__)")
BACK = re.compile(r"[\W_]{0,4}(?:both|these|those|all|sources?)\b", re.I)
SCANS = frozenset(
    ("letters_for_digits", "letter_for_sign", "split_digits", "point_for_comma")
)
FEW = 2
LONGEST = 1500
LONGEST_SCENE = 400
MOST_FIGURES = 40
DENSE = 7
SHORT_CELL = 80


@dataclass(slots=True)
class Reading:
    """Everything that a document's figures came to.

    Args:
        drafts: One for each figure, in text order.
        loose: Figures outside every block, and in what no one can read; with why.
    """

    page: Page
    drafts: list[Draft] = field(default_factory=list)
    loose: list[tuple[Figure, str]] = field(default_factory=list)


def read_figures(document: Document, words: Gazetteer) -> Reading:
    """Read every figure of a document's text."""
    text = document.text
    starts = [block.start for block in document.blocks]
    found = triples(
        text,
        figures(text, numbers(text, document.marks, glued(document)), words, starts),
    )
    extra = decades(text, words) + spelled(text, words)
    if extra:
        found = _merged(found, extra)
    struck = [f for f in found if _struck(document, f)]
    found = [f for f in found if not _struck(document, f)] if struck else found
    page = open_page(document, words, damaged=_damaged(found))
    reading = Reading(page)
    reading.loose += [(f, "struck_out") for f in struck if f.unit != "bare"]
    at = 0
    for index, block in enumerate(document.blocks):
        inside: list[Figure] = []
        while at < len(found) and found[at].start < block.end:
            if found[at].start >= block.start:
                inside.append(found[at])
            elif found[at].unit != "bare":
                reading.loose.append((found[at], "outside_every_block"))
            at += 1
        if inside:
            _block(page, index, inside, reading)
    beside(page, reading.drafts)
    alike(page, reading.drafts)
    rest = (figure for figure in found[at:] if figure.unit != "bare")
    reading.loose += [(figure, "outside_every_block") for figure in rest]
    return reading


def _struck(document: Document, figure: Figure) -> bool:
    """Whether a figure is struck out: the page takes it back."""
    return any(a < figure.end and figure.start < b for a, b in document.strikes)


def _damaged(found: list[Figure]) -> bool:
    """Whether several figures of a page bear the marks of a scanner."""
    marks = sum(bool(SCANS & {*f.repairs}) or f.fault in SCANS for f in found)
    return marks >= FEW


def _merged(found: list[Figure], extra: list[Figure]) -> list[Figure]:
    """Figures in words over the digits that lie in them; text order."""
    kept: list[Figure] = []
    for figure in sorted(found + extra, key=lambda f: (f.start, -f.end, -len(f.note))):
        if kept and figure.start < kept[-1].end:
            if figure.note and not kept[-1].note:
                kept[-1] = figure
            continue
        kept.append(figure)
    return kept


def _block(page: Page, index: int, inside: list[Figure], reading: Reading) -> None:
    """Read the sentences of a block that hold figures, and those that lead to them."""
    inside = admit(page, index, inside)
    if not inside:
        return
    block = page.document.blocks[index]
    text = page.document.text
    around = page.around(index)
    before = Before()
    pieces = list(_pieces(text, block, inside))
    for at, (start, end, here) in enumerate(pieces):
        if not here and not _matters(text, pieces, at):
            continue
        if len(here) == MOST_FIGURES and end - start < DENSE * MOST_FIGURES:
            reading.loose += [(figure, "illegible") for figure in here]
            continue
        read = page.span_line(start, end)
        read = read.bearing(here) if here else read
        if at == 0 and not here and LABELLED.match(text, start) and end - start < 80:
            around = [Context("lead_in", read), *around]
        made = drafts(page, read, index, around, before) if here else []
        complete(page, read, made, around, before)
        echo(read, made, before)
        convert(made, before)
        settle(read, made)
        reading.drafts += made
        _carry(page, read, made, before)


Piece = tuple[int, int, list[Figure]]


def _matters(text: str, pieces: list[Piece], at: int) -> bool:
    """Whether a sentence without figures sets the scene, or looks back at one."""
    start, end, _ = pieces[at]
    if end - start > LONGEST_SCENE:
        return False
    if any(here for _, _, here in pieces[at + 1 : at + 2]):
        return True
    return at > 0 and bool(pieces[at - 1][2]) and bool(BACK.match(text, start))


def _pieces(text: str, block: Block, inside: list[Figure]) -> Iterator[Piece]:
    """Sentences with their figures; one that never ends is cut between figures."""
    at = 0
    for start, end in _sentences(text, block, inside):
        here: list[Figure] = []
        while at < len(inside) and inside[at].start < end:
            if len(here) == MOST_FIGURES or inside[at].start - start > LONGEST:
                yield start, inside[at].start, here
                start, here = inside[at].start, []
            here.append(inside[at])
            at += 1
        yield start, min(end, max(start + LONGEST, here[-1].end)) if here else end, here


def _sentences(
    text: str, block: Block, inside: list[Figure]
) -> Iterator[tuple[int, int]]:
    start, end = block.start, block.end
    if block.kind == "cell" and end - start < SHORT_CELL:
        yield start, end
        return
    at = start
    for stop in [*lines_of(text, start, end, inside), end]:
        yield from split(text, at, stop)
        at = stop


def _looks_back(read: Line) -> bool:
    """`(Both are BLS numbers.)`, `Source: BLS.`: of the figures before it."""
    opening = {*read.texts[:3]}
    return bool(opening & {"both", "these", "those", "all", "source", "sources"})


def _carry(page: Page, read: Line, made: list[Draft], before: Before) -> None:
    """What a sentence leaves for the next."""
    live = [d for d in made if not d.aside]
    named = [m for m in publishers(read) if made or cued(read, m)]
    if named and not made and _looks_back(read):
        rule = "publisher of the sentence behind"
        for draft in before.drafts:
            draft.put("attributed_to", named[-1].means, rule, "sentence", named[-1])
    if named:
        before.publisher = (named[-1].means, named[-1].start)
    if live and "area" in live[-1].fields:
        if live[-1].why["area"].where == "sentence":
            before.area = live[-1].fields["area"]
    elif len({m.means for m in areas(read)}) == 1:
        before.area = areas(read)[0].means
    if places := areas(read):
        before.places |= {m.means for m in places}
        opens = places[0].first <= 2 and "in" in read.between(0, places[0].first)
        before.placed = (opens or before.placed) and len(before.places) == 1
    if named and not areas(read):
        before.placed = False
    for mention in occupations(read, page.words, page.occupation):
        before.occupation = mention.means or before.occupation
    found = dated(read)
    if len({w.means for w in found}) == 1:
        before.when = found[0].means
    elif found or named:
        before.when = None
    before.imagined = scene(read) or (before.imagined and not anchored(read))
    before.topic = _topic(read, made, live) or before.topic
    before.drafts = live or before.drafts


def _topic(read: Line, made: list[Draft], live: list[Draft]) -> Kind | None:
    """What a sentence speaks of: its first figure's kind, or its last strong word."""
    live = [d for d in live if d.kind != "share"] or live
    if live and live[0].verdict is not None:
        kind, cue = live[0].kind, live[0].verdict.cue
        if kind in ("pay_delta_abs", "pay_delta_rel"):
            return Kind("pay_level", None, "", "sentence", cue)
        told = kind == "other" and not live[0].fields.get("hypothetical")
        told = told and live[0].verdict.rule not in (kinds.PIECE, *IN_PASSING)
        if told or kind in ("cost", "bonus", "pay_level"):
            return Kind(kind, None, "", "sentence", cue)
        return None
    strong = [m for m in read.of("topics") if m.place == "topic"]
    if made or not strong or strong[-1].means in ("other", "outlook", "floor"):
        return None
    kind = strong[-1].means
    return Kind(
        "pay_level" if kind == "pay" else kind, None, "", "sentence", strong[-1]
    )
