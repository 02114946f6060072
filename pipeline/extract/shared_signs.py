"""Which of several currencies a shared mark means: by the countries spoken of.

`$`, `kr`, `rupees` and `francs` belong to several. For all but the dollar sign a
sentence, row or head that names one of their countries decides; else the page does, by
codes and countries it names; else the mark's usual currency. Where there is none, the
mark stays unread: no guess. A bare `$` goes by the page alone (`find_dollar_currency`):
a page writes one dollar throughout, and speaks of other countries in passing.
"""

from collections.abc import Iterable, Sequence

from pipeline.core.model import Document
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.tagged_lines import TaggedLine

MUCH = 200_000
MOST = 6  # of one phrase count
CODE = 2  # a code tells more than a country
NAMED = 20_000  # how far into a page a code is looked for


def score_homes(
    document: Document, words: Gazetteer, codes: Iterable[str]
) -> dict[str, float]:
    """How much a page speaks of the home of each currency; none where not at all."""
    region = document.language.partition("-")[2].upper()[:2]
    lower, url = document.text[:MUCH].lower(), f"{document.url}/"
    scores: dict[str, float] = {}
    for code in codes:
        row = words.money.table.rows[code]
        for phrase in row.home_words:
            told = float(min(lower.count(phrase), MOST))
            if row.country:  # a currency of many countries has none of its own
                told += row.country == region
                told += 2 * bool(document.url and f".{row.country.lower()}/" in url)
            if told:
                scores[code] = scores.get(code, 0.0) + told
    return scores


def choose_currency(
    page: IndexedPage, mark: str, lines: Sequence[TaggedLine] = ()
) -> str | None:
    """Return the currency of a mark on a page.

    Args:
        page: Where it stands.
        mark: As written; "" for a sum without one.
        lines: What stands around it, nearest first.

    Returns:
        ISO 4217 code; None where the mark is unknown, or no word tells its country.
    """
    table = page.words.money.table
    if not mark:
        return page.main_currency
    codes = table.list_codes(mark)
    if len(codes) < 2:
        return codes[0] if codes else None
    if page.currency in codes:
        return page.currency
    for line in lines:
        named = _list_named(page, line, codes)
        if len(named) == 1:
            return named[0]
    return _choose_by_page(page, codes) or table.usual_code(mark) or None


def _list_named(
    page: IndexedPage, line: TaggedLine, codes: tuple[str, ...]
) -> list[str]:
    """Whose home a line names."""
    text = line.text[line.start : line.end].lower()
    rows = (page.words.money.table.rows[code] for code in codes)
    return [row.code for row in rows if any(w in text for w in row.home_words)]


def _choose_by_page(page: IndexedPage, codes: tuple[str, ...]) -> str:
    """Whose codes and homes the page names most; the first of equals."""
    if codes not in page.homes:
        scores = score_homes(page.document, page.words, codes)
        text = page.document.text[:NAMED]
        for code in codes:
            scores[code] = scores.get(code, 0.0) + CODE * text.count(code)
        best = max(codes, key=lambda code: scores[code])
        page.homes[codes] = best if scores[best] else ""
    return page.homes[codes]
