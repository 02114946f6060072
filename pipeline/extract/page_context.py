"""What a whole page is about: its currency, place, occupation and subject."""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.core.model import Document
from pipeline.extract.declarations import (
    find_declared_statistic,
    find_page_release,
    tell_declared_dates,
)
from pipeline.extract.declared_sources import declares_pay, note_declared_sources
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.page_occupation import find_page_occupation
from pipeline.extract.page_place import find_title_place
from pipeline.extract.page_survey import find_page_survey
from pipeline.extract.paired_columns import find_pair_labels, find_part_openings
from pipeline.extract.shared_signs import score_homes

FIRST_BLOCKS, MAX_TOP_LINE = 12, 120
CLEAR = 1.5  # how much more another country must be spoken of
PAY_WORD = re.compile(  # the character class in front lets the engine skip ahead
    rf"[sSwWpPeEcC{SIGNS}](?:(?<!\w.)(?i:(?<=s)alar(?:y|ies)|(?<=w)ages?|(?<=p)a(?:ys?|id)"
    r"|(?<=e)arn(?:s|ed|ings)?|(?<=c)ompensation)\b"
    rf"|(?<=[{SIGNS}])\d[\d,.]{{0,9}}(?i:k?\s?(?:/|per |an? )"
    r"(?:hour|hr|week|wk|year|yr|day|month)\b))",
    re.DOTALL,
)
SEARCHED_LENGTH = 20_000
MIN_PAY_WORDS = 5
MAX_CHARS_PER_PAY_WORD = 900


def open_page(
    document: Document, words: Gazetteer, *, damaged: bool = False
) -> IndexedPage:
    """Index a document's tables, and settle what a bare `$` means on it."""
    page = IndexedPage(
        document, words, find_dollar_currency(document, words), damaged=damaged
    )
    page.pair_labels = find_pair_labels(document)
    page.part_openings = find_part_openings(document)
    page.mentions_thousands = "000s" in document.text or "housands" in document.text
    page.about_pay = is_about_pay(page)
    page.about_floor = is_about_floor(page)
    page.occupation = find_page_occupation(page)
    page.main_currency = find_main_currency(page)
    page.area, page.area_place = find_title_place(page)
    page.survey = find_page_survey(page)
    page.declared_statistic = find_declared_statistic(document)
    page.release = find_page_release(page)
    tell_declared_dates(page)
    paragraph: int | None = None
    for index, block in enumerate(document.blocks):
        if block.kind == "cell" and block.table is not None and block.row is not None:
            page.rows.setdefault((block.table, block.row), []).append(index)
            if paragraph is not None:
                page.table_openings.setdefault(block.table, paragraph)
        elif block.table is not None:
            page.notes.setdefault(block.table, []).append(index)
        if block.kind == "paragraph":
            paragraph = index
        elif block.kind == "heading":
            paragraph = None
    note_declared_sources(page)
    page.declares_pay = declares_pay(page)
    page.is_posting = any(d.value == "JobPosting" for d in document.data)
    return page


def find_main_currency(page: IndexedPage) -> str:
    """Return the currency of most marked sums of the page."""
    text, table = page.document.text, page.words.money.table
    shared = table.list_codes(page.words.money.usual_sign())
    counts: dict[str, int] = {}
    for sign in sorted(page.words.money.symbols):
        code = table.usual_code(sign)
        if code and code not in shared:
            counts[code] = counts.get(code, 0) + text.count(sign)
    best = max(sorted(counts), key=lambda code: counts[code])
    dollars = text.count(page.words.money.usual_sign())
    return best if counts[best] > dollars else page.currency


def is_about_pay(page: IndexedPage) -> bool:
    """Whether the title or a heading speaks of pay."""
    headings = {h for block in page.document.blocks for h in block.section}
    headings.add(page.document.title)
    headings |= {
        page.document.text[b.start : b.end]
        for b in page.document.blocks
        if b.kind in ("heading", "title")
    }
    return _is_dense_with_pay(page) or any(
        m.means == "pay"
        for heading in sorted(headings)
        for m in page.heading_line(heading[:300]).get_mentions("topics")
    )


def is_about_floor(page: IndexedPage) -> bool:
    """Whether the title, a first heading or the top line is of the law's floor."""
    headings = [page.document.title] + [
        page.document.text[b.start : b.end]
        for at, b in enumerate(page.document.blocks[:FIRST_BLOCKS])
        if (b.kind in ("title", "heading") and not b.section)
        or (at == 0 and b.end - b.start <= MAX_TOP_LINE < page.document.blocks[-1].end)
    ]
    return any(
        m.means == "floor"
        for heading in headings
        for m in page.heading_line(heading[:300]).get_mentions("topics")
    )


def _find_declared_currency(document: Document, dollars: tuple[str, ...]) -> str:
    """Return the one dollar that the page's data names: `"currency": "CAD"`."""
    codes = {
        datum.value
        for datum in document.data
        if datum.pointer.lower().endswith("currency") and isinstance(datum.value, str)
    }
    return str(codes.pop()) if len(codes) == 1 and codes <= {*dollars} else ""


def _is_dense_with_pay(page: IndexedPage) -> bool:
    """Whether words for pay, and sums for a span of time, run through the page."""
    text = page.document.text[:SEARCHED_LENGTH]
    said = len(PAY_WORD.findall(text))
    return said >= MIN_PAY_WORDS and said * MAX_CHARS_PER_PAY_WORD >= len(text)


def find_dollar_currency(document: Document, words: Gazetteer) -> str:
    """Return the code of a bare `$` here: by language, address and countries named."""
    money = words.money
    usual = money.table.usual_code(money.usual_sign())
    dollars = money.table.list_codes(money.usual_sign())
    if coded := _find_declared_currency(document, dollars):
        return coded
    scores = score_homes(document, words, dollars)
    if not scores:
        return usual
    best = max(sorted(scores), key=lambda code: scores[code])
    if best != usual and scores[best] < scores.get(usual, 0.0) + CLEAR:
        return usual
    return best
