"""Sentences that say whose the figures are that stand elsewhere.

`The wages in both lists are what X found`, `all rates in this section come from X`,
`State figures are X's, for 2017`: the publisher holds for the figures below, as far as
the section goes in which that is said; in front of all sections, for the page.
"""

import itertools
from collections.abc import Sequence

from pipeline.core.currency_table import SIGNS
from pipeline.core.model import Block
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine, split_sentences
from pipeline.extract.tokens import split_tokens

MAX_BLOCK_LENGTH = 900
SUBJECT_REACH, NAME_REACH = 9, 14
COPULAS, SOURCE = "declared_copulas", "source"


def list_declared_publishers(page: IndexedPage, block: Block) -> list[str]:
    """List the publishers that sentences of a block declare for other figures.

    Args:
        page: Of the block.
        block: A paragraph, a note or the like.

    Returns:
        Names in text order; none where sentences speak of a part or of one sum.
    """
    text = page.document.text
    end = min(block.end, block.start + MAX_BLOCK_LENGTH)
    if not _may_declare(page, block):
        return []
    names = []
    for start, stop in split_sentences(text, block.start, end):
        if not _may_be_declared(page, start, stop):
            continue
        line = page.span_line(start, stop)
        named = find_publishers(line)
        if len({m.means for m in named}) == 1 and is_declared(line, named[0]):
            names.append(named[0].means)
    return names


def _may_declare(page: IndexedPage, block: Block) -> bool:
    lists = page.words.lists
    words = page.document.text[block.start : block.start + MAX_BLOCK_LENGTH].lower()
    return any(f" {word} " in words for word in lists[COPULAS])


def _may_be_declared(page: IndexedPage, start: int, stop: int) -> bool:
    """Whether a sentence has the words without which it declares nothing.

    Its tokens cost far less than to find all that is named in it.
    """
    if page.damaged:
        return True  # its words are mended first
    lists = page.words.lists
    tokens = split_tokens(page.document.text, start, stop, page.words.has_word)
    texts = {token.text for token in tokens}
    asked = (lists[COPULAS], lists["declared_subjects"])
    return not any(words.isdisjoint(texts) for words in asked)


def is_declared(line: TaggedLine, mention: Mention) -> bool:
    """Whether a sentence says of figures elsewhere that they are a publisher's.

    Args:
        line: The sentence.
        mention: The publisher in it.
    """
    lists = line.lists
    head = line.texts[: mention.first]
    verbs = [at for at, word in enumerate(head) if word in lists[COPULAS]]
    for verb in verbs:
        subject = head[max(0, verb - SUBJECT_REACH) : verb]
        if lists["declared_subjects"].isdisjoint(subject):
            continue
        near = len(head) - verb <= NAME_REACH
        said = SOURCE in subject or _is_theirs(line, mention, head[verb:])
        if near and said:
            return _tells_no_sum(line, mention)
    return False


def _is_theirs(line: TaggedLine, mention: Mention, gap: Sequence[str]) -> bool:
    """Whether what follows the verb makes figures a publisher's: `from X`, `X's`."""
    lists = line.lists
    if any(word in lists["declared_denials"] for word in gap):
        return False
    if not lists["declared_from"].isdisjoint(gap):
        return True
    behind = line.texts[mention.last : mention.last + 2]
    owned = behind[:1] in (["'"], ["’"])
    return owned or not lists["declared_products"].isdisjoint(behind)


def _tells_no_sum(line: TaggedLine, mention: Mention) -> bool:
    """Whether no money is told before the publisher: it is not said of one sum."""
    before = itertools.takewhile(lambda t: t.start < mention.start, line.words)
    return not any(token.text in SIGNS for token in before)
