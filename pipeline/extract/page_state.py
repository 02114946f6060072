"""Which state or province a page goes on about, and what it leaves unsaid for it."""

import re
from collections import Counter

from pipeline.extract.area_mentions import find_areas
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.majorities import find_majority
from pipeline.extract.tagged_lines import TaggedLine

HOME = "US"
NOWHERE = ("", "")
INNER = re.compile(r"[A-Z]{2}-[A-Z]{2,3}")
COUNTY = re.compile(r".{3,}\s(?:County|Parish|Borough|Township)")
MEANT = re.compile(
    r"(?i)\b(?:across|throughout|in|over|for|of|by) (?:the|this|our) "
    r"(?:whole |entire )?(?:state|province)\b"
    r"(?!['’ -](?:of|university|college|and federal|or))"
    r"|\b(?:state|province)[ -]?wide\b"
    r"|\b(?:the|our) (?:state|provincial) (?:average|median|mean)\b"
    r"|\bthat provincial (?:average|median|mean)\b"
    r"|\bthe (?:state|province)['’]s\b"
)
SEARCHED = ("paragraph", "heading", "item", "caption", "definition", "title")
LONGEST = 1_200
MOST_BLOCKS = 80
FEWEST = 2  # blocks that name the state
SHARE = 0.6  # of all blocks that name one


def find_page_state(page: IndexedPage) -> tuple[str, str]:
    """Return the state or province that most running text names, and its code.

    Two empty strings where none is named twice, or another nearly as often. Rows of a
    table are no running text: they compare.
    """
    if page.state is None:
        named: Counter[tuple[str, str]] = Counter()
        for block in page.document.blocks[:MOST_BLOCKS]:
            if block.kind in SEARCHED and not block.furniture:
                end = min(block.end, block.start + LONGEST)
                named.update(_list_states(page.span_line(block.start, end)))
        page.state = find_majority(named, FEWEST, SHARE) or NOWHERE
    return page.state


def _list_states(line: TaggedLine) -> set[tuple[str, str]]:
    """Return the states that a line names as a whole, each once."""
    return {
        (m.means, m.place)
        for m in line.get_mentions("area")
        if INNER.fullmatch(m.place) and "," not in m.means
    }


def find_meant_state(page: IndexedPage, line: TaggedLine) -> str:
    """Return the page's state for `across the state`, `that provincial median`."""
    if MEANT.search(line.text, line.start, line.end) is None:
        return ""
    return find_page_state(page)[0] if not find_areas(line) else ""


def complete_county(page: IndexedPage, mention: Mention) -> str:
    """Return a county's name with the state that the page goes on about."""
    if mention.place != f"{HOME}-" or not COUNTY.fullmatch(mention.means):
        return mention.means
    _, code = find_page_state(page)
    nation, _, state = code.partition("-")
    return f"{mention.means}, {state}" if nation == HOME else mention.means
