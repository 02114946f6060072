"""Which occupation a whole page is about: its title's, or the one it speaks of.

A title or a first heading says it, or names the trade (`Nursing pay`). Without one a
page is about a job where it names that again and again and hardly another.
"""

from collections import Counter

from pipeline.core.occupation_titles import make_key
from pipeline.extract.everybody import ALL_WORKERS
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.majorities import find_majority
from pipeline.extract.occupation_mentions import find_occupations
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.trades import find_trades

OPENING = 5  # paragraphs in which the pay is said to be somebody's
OF_THEIRS = 4  # words between them and their pay
BLOCKS = 40  # in which headings are looked for
CALLED = 80  # blocks that are asked whom the page speaks of
MAX_PIECE = 1_200
FEWEST = 3  # blocks that name the job
SHARE = 0.6  # of all blocks that name any


def find_page_occupation(page: IndexedPage) -> str:
    """Return the occupation that the title or a first heading names, else "".

    Headings of sections name the page's own only where two do, and none names another:
    a page with a section for each of several jobs is about none of them.
    """
    blocks = [
        b for b in page.document.blocks[:BLOCKS] if b.kind in ("heading", "title")
    ]
    texts = [(b, page.document.text[b.start : b.end]) for b in blocks]
    first = [page.document.title, *(text for b, text in texts if b.level <= 1)][:6]
    for heading in first:
        if named := _list_named_jobs(page, heading):
            return _complete_open_name(page, named[0])
    sections = [_list_named_jobs(page, text) for b, text in texts if b.level > 1]
    alone = [named[0] for named in sections if len(named) == 1]
    if alone:
        return _choose_of_sections(alone)
    return _find_trade_of_titles(page, first) or _find_surveyed(page)


def _complete_open_name(page: IndexedPage, name: str) -> str:
    """Return a name of several jobs by the longer one that the page has for it.

    A page on captains that speaks of yacht captains is about those.
    """
    if " " in name or _has_one_code(page, name):
        return name
    longer: Counter[str] = Counter()
    for block in page.document.blocks[:CALLED]:
        if (
            block.furniture
            or name not in page.document.text[block.start : block.end].lower()
        ):
            continue
        line = page.span_line(block.start, min(block.end, block.start + MAX_PIECE))
        found = {m.means for m in find_occupations(line, page.words)}
        longer.update(
            means
            for means in found
            if means.endswith(f" {name}") and _has_one_code(page, means)
        )
    return find_majority(longer, 1, SHARE) or name


def _has_one_code(page: IndexedPage, name: str) -> bool:
    known = page.words.title_table.find(make_key(name))
    return known is not None and len(known.codes) == 1


def _find_surveyed(page: IndexedPage) -> str:
    """Return the one job that the opening says the pay is of: `salaries for welders`.

    Not on a page that is of several, nor on one of the law's floor.
    """
    if page.about_floor:
        return ""
    named: set[str] = set()
    openings = [b for b in page.document.blocks if b.kind == "paragraph"]
    for block in [b for b in openings if not b.furniture][:OPENING]:
        line = page.span_line(block.start, min(block.end, block.start + MAX_PIECE))
        named |= {m.means for m in find_occupations(line, page.words) if m.means}
        if any(_is_surveyed(line, m) for m in find_occupations(line, page.words)):
            return named.pop() if len(named) == 1 else ""
    return ""


def _is_surveyed(line: TaggedLine, mention: Mention) -> bool:
    """Whether pay is said to be theirs: `what welders earn`, `pay among welders`."""
    if not mention.means or not line.text[mention.start : mention.end].endswith(
        ("s", "men")
    ):
        return False
    before = line.texts[max(0, mention.first - OF_THEIRS) : mention.first]
    after = line.texts[mention.last : mention.last + OF_THEIRS]
    pay = line.lists["surveyed_pay"]
    of = before[-1:] and before[-1] in ("for", "of", "among", "by")
    theirs = bool(of) and any(word in pay for word in before)
    return theirs or any(word in line.lists["surveyed_earn"] for word in after[:2])


def _choose_of_sections(alone: list[str]) -> str:
    """Return the job of several sections, by its longest name; "" for several jobs."""
    heads = {name.rpartition(" ")[2] for name in alone}
    return max(alone, key=len) if len(heads) == 1 < len(alone) else ""


def _find_trade_of_titles(page: IndexedPage, titles: list[str]) -> str:
    """Return the one job whose trade the titles name, else "": `Nursing pay`."""
    lines = (page.heading_line(text[:300]) for text in titles)
    trades = {m.means for line in lines for m in find_trades(line, page.words)}
    return trades.pop() if len(trades) == 1 else ""


def _list_named_jobs(page: IndexedPage, heading: str) -> list[str]:
    """Return the occupations that a heading names."""
    found = find_occupations(page.heading_line(heading[:300]), page.words)
    return [mention.means for mention in found if mention.means]


def find_spoken_occupation(page: IndexedPage) -> str:
    """Return the one job that a page without one in its titles speaks of, else ""."""
    if page.spoken_occupation is None:
        page.spoken_occupation = _choose_spoken(page)
    return page.spoken_occupation


def _choose_spoken(page: IndexedPage) -> str:
    """Return the job that most blocks name which name any."""
    if page.about_floor:
        return ""
    named: Counter[str] = Counter()
    many = 0
    for block in page.document.blocks[:CALLED]:
        if block.furniture or block.kind not in ("paragraph", "heading", "item"):
            continue
        line = page.span_line(block.start, min(block.end, block.start + MAX_PIECE))
        found = find_occupations(line, page.words) or find_trades(line, page.words)
        names = {m.means for m in found if m.means and m.means != ALL_WORKERS}
        named.update(names)
        many += bool(names)
    return find_majority(named, FEWEST, SHARE, many) or ""
