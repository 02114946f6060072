"""The job that opens a paragraph or an entry: `**Welder** - Joins metal. Pay: $48,000`.

What opens it is a name and no sentence: it ends with a line, a dash, a colon or a stop,
and has no other word.
"""

import re

from pipeline.core.model import Block
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupation_mentions import find_occupations
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.trades import find_trades

KINDS = ("paragraph", "item", "definition", "term")
OPENING = re.compile(r"[^\n:.;–—]{3,80}?(?=\s*(?:\n|:|;|\. |–|—|\s-{1,2}\s?|\)\s))")
MOST_LINES = 8
MOST_MARKS = 4  # tokens before the name
NUMBER = re.compile(r"\W*\d{1,3}[.)]\s+")


def find_opening_job(page: IndexedPage, index: int, before: int) -> Mention | None:
    """Return the job that opens a block, above a figure at `before`; else None.

    Lines of one paragraph that are broken by hand are blocks of their own: the nearest
    one above that opens with a job opens those below it.
    """
    blocks = page.document.blocks
    found = _find_job(page, blocks[index], before)
    broken = blocks[index].kind == "paragraph" and blocks[index].lead_in is not None
    if found is not None or not broken:
        return found
    for at in range(index - 1, max(-1, index - MOST_LINES), -1):
        group = blocks[at].lead_in == blocks[index].lead_in
        if not group or blocks[at].kind != blocks[index].kind:
            break
        if found := _find_job(page, blocks[at], blocks[at].end):
            break
    return found


def _find_job(page: IndexedPage, block: Block, before: int) -> Mention | None:
    if block.kind not in KINDS:
        return None
    text = page.document.text
    numbered = NUMBER.match(text, block.start, block.end)
    start = numbered.end() if numbered else block.start
    opening = OPENING.match(text, start, block.end)
    if opening is None or opening.end() > before:
        return None
    line = page.span_line(start, opening.end())
    for found in (find_occupations(line, page.words), find_trades(line, page.words)):
        for mention in found:
            if mention.means and _is_whole(line, mention):
                return mention
    return None


def find_opening_of_line(line: TaggedLine, words: Gazetteer) -> Mention | None:
    """Return the job whose name opens a line, with a mark behind it; else None."""
    opening = OPENING.match(line.text, line.start, line.end)
    if opening is None:
        return None
    for mention in find_occupations(line, words):
        inside = mention.end <= opening.end()
        if mention.means and inside and mention.first <= MOST_MARKS:
            between = line.text[line.start : mention.start]
            behind = line.text[mention.end : opening.end()]
            bare = not any(c.isalnum() for c in between + behind)
            return mention if bare else None
    return None


def _is_whole(line: TaggedLine, mention: Mention) -> bool:
    """Whether a line has no word beside a mention: marks and a bracket may be there."""
    depth = 0
    for at, word in enumerate(line.texts):
        depth += (word == "(") - (word == ")")
        inside = mention.first <= at < mention.last
        if not inside and not depth and word[0].isalnum():
            return False
    return True
