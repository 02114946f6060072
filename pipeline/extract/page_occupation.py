"""Which occupation a whole page is about: its title's, or the one it speaks of.

A title or a first heading says it, or names the trade (`Nursing pay`). Without one a
page is about a job where it names that again and again and hardly another.
"""

from collections import Counter

from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.majorities import find_majority
from pipeline.extract.occupation_mentions import ALL_WORKERS, find_occupations
from pipeline.extract.tagged_lines import TaggedLine

BLOCKS = 40  # in which headings are looked for
CALLED = 80  # blocks that are asked whom the page speaks of
MAX_PIECE = 1_200
FEWEST = 3  # blocks that name the job
SHARE = 0.6  # of all blocks that name any
LONGEST_TRADE = 3  # words
SHORT_HEAD = 4  # words


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
            return named[0]
    sections = [_list_named_jobs(page, text) for b, text in texts if b.level > 1]
    alone = [named[0] for named in sections if len(named) == 1]
    if alone:
        return _choose_of_sections(alone)
    return _find_trade_of_titles(page, first)


def _choose_of_sections(alone: list[str]) -> str:
    """Return the job of several sections, by its longest name; "" for several jobs."""
    heads = {name.rpartition(" ")[2] for name in alone}
    return max(alone, key=len) if len(heads) == 1 < len(alone) else ""


def _find_trade_of_titles(page: IndexedPage, titles: list[str]) -> str:
    """Return the one job whose trade the titles name, else "": `Nursing pay`."""
    lines = (page.heading_line(text[:300]) for text in titles)
    trades = {m.means for line in lines for m in find_trades(page, line)}
    return trades.pop() if len(trades) == 1 else ""


def _list_named_jobs(page: IndexedPage, heading: str) -> list[str]:
    """Return the occupations that a heading names."""
    found = find_occupations(page.heading_line(heading[:300]), page.words)
    return [mention.means for mention in found if mention.means]


def find_trades(page: IndexedPage, line: TaggedLine) -> list[Mention]:
    """Return the jobs whose work a line names: `Tutoring`, `a career in nursing`."""
    names = page.words.occupation_words["trade"]
    texts, found, at = line.texts, [], 0
    while at < len(texts):
        for size in range(LONGEST_TRADE, 0, -1):
            name = names.get(" ".join(texts[at : at + size]))
            if name is not None:
                last = min(at + size, len(texts))
                span = (line.words[at].start, line.words[last - 1].end)
                found.append(Mention("occupation", name, "", *span, at, last))
                at = last - 1
                break
        at += 1
    return found


def find_heading_trade(page: IndexedPage, line: TaggedLine) -> Mention | None:
    """Return the job of a heading that is hardly more than the name of its work."""
    if len(line.words) > SHORT_HEAD:
        return None
    found = find_trades(page, line)
    return found[0] if len(found) == 1 else None


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
        names = {
            m.means
            for m in find_occupations(line, page.words)
            if m.means and m.means != ALL_WORKERS
        }
        named.update(names)
        many += bool(names)
    return find_majority(named, FEWEST, SHARE, many) or ""
