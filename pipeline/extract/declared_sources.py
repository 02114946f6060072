"""Whose all figures of a page, or of a section, are, where the page says it once."""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.core.model import Block
from pipeline.extract.declaring_sentences import list_declared_publishers
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.publisher_mentions import COLLECTS, find_publishers
from pipeline.extract.tagged_lines import TaggedLine

END_BLOCKS = 12
MAX_LENGTH = 400
KINDS = ("paragraph", "footnote", "caption", "item", "definition")
NOUNS = (
    r"(?:salar(?:y|ies)|wages?|figures|numbers|data|pay|earnings|amounts|sums|rates"
    r"|medians|averages|percentiles|statistics)"
)
# `Acme gathers the salaries of all advertisements`
SOURCE_DECLARATION = re.compile(
    rf"(?i)\b{NOUNS}\b"
    rf"[^.{SIGNS}]{{0,60}}\b(?:are|is|come|comes|were)\b(?! not\b)"
    rf"[^.{SIGNS}]{{0,40}}"
    r"\b(?:from|by)\b"
    r"|\b(?:we|i)\s(?:took|used|pulled|drew|compiled|gathered|collected|sourced|chose)\b"
    rf"[^.{SIGNS}]{{0,60}}\b{NOUNS}\b[^.{SIGNS}]{{0,60}}\bfrom\b"
    rf"|\b{COLLECTS}\s[^.{SIGNS}]{{0,30}}?\b(?:{NOUNS}|rate|wage)\b"
    rf"[^.{SIGNS}]{{0,30}}\b(?:from|in|of|on)\b"
)
# `Figures in this section are the Bureau's for May 2022`, `All amounts: X`.
OWNED = re.compile(
    rf"(?i)\b{NOUNS}\b[^.:{SIGNS}]{{0,60}}\b(?:are|is|were) "
    r"(?:all )?(?:the |those of )?"
    rf"(?P<owner>[^.,;:{SIGNS}]{{3,60}}?(?:[’']s?|[’']s own))(?![\w’'])"
    rf"|\ball (?:\w+ )?{NOUNS}(?: \w+){{0,3}}?(?: ?:| are per) "
    r"(?P<label>[^.;:]{3,60})"
)
# What is said of a part of the page is said of no other part.
OF_A_PART = re.compile(
    r"(?i)\b(?:this|the following|the next) "
    r"(?:section|table|chart|list|part|chapter|answer|paragraph|box|figure)\b"
    r"|\b(?:table|list|chart) (?:below|above)\b"
)
# `Amounts are annual base salaries`: what nothing else is said of is pay.
PAY_DECLARATION = re.compile(
    r"(?i)\b(?:all |the )?(?:amounts|figures|numbers|sums)\b[^.:;]{0,40}?"
    r"\b(?:are|is|mean|show|give|represent)\b[^.:;]{0,40}?"
    r"\b(?:salar(?:y|ies)|wages?|pay|earnings|compensation|paid)\b"
)
FIRST_PERSON = re.compile(r"(?i)\b(?:we|our|i|my)\b")


def note_declared_sources(page: IndexedPage) -> None:
    """Note the one publisher that the page, or a section, says its figures are from."""
    blocks = page.document.blocks
    last = len(blocks) - END_BLOCKS
    for index, block in enumerate(blocks):
        if block.kind not in KINDS or block.furniture or block.quoted:
            continue
        at_an_end = index < END_BLOCKS or index >= last
        name, line = _find_declared_source(page, index)
        if line is None or not name:
            _note_sentences(page, block)
            continue
        said = line.text[line.start : line.end]
        # In the first part of a page below its title, it is said of that part.
        deep = len(block.section) > 1 and index < min(END_BLOCKS, len(blocks) // 2 + 1)
        if at_an_end and not deep and not OF_A_PART.search(said):
            if block.kind in ("paragraph", "footnote") and not page.source:
                page.source = name
                page.source_is_own = FIRST_PERSON.search(said) is not None
        elif block.section:
            page.section_sources.setdefault(block.section, name)


def _note_sentences(page: IndexedPage, block: Block) -> None:
    """Note the publisher of `What follows are the medians that X found`."""
    for name in list_declared_publishers(page, block)[:1]:
        if block.section:
            page.section_sources.setdefault(block.section, name)
        else:
            page.source = page.source or name


def _find_declared_source(
    page: IndexedPage, index: int
) -> tuple[str, TaggedLine | None]:
    """Return the publisher that a block declares, with the words that do so."""
    block = page.document.blocks[index]
    text = page.document.text
    end = min(block.end, block.start + MAX_LENGTH)
    owned = OWNED.search(text, block.start, end)
    if owned is not None:
        group = "owner" if owned["owner"] else "label"
        line = page.span_line(owned.start(), owned.end())
        names = {
            m.means for m in find_publishers(line) if m.start >= owned.start(group) - 4
        }
        if len(names) == 1:
            return names.pop(), page.span_line(block.start, block.end)
    if SOURCE_DECLARATION.search(text, block.start, end) is None:
        return "", None
    line = page.block_line(index)
    names = {m.means for m in find_publishers(line)}
    return (names.pop(), line) if len(names) == 1 else ("", None)


def declares_pay(page: IndexedPage) -> bool:
    """Return whether the page's opening says that its amounts are pay."""
    return any(
        PAY_DECLARATION.search(
            page.document.text, block.start, min(block.end, block.start + MAX_LENGTH)
        )
        for block in page.document.blocks[:END_BLOCKS]
        if block.kind in KINDS and not block.furniture and not block.quoted
    )


def find_section_source(page: IndexedPage, section: tuple[str, ...]) -> str:
    """Return the publisher declared for a section, or for one that it is part of."""
    for depth in range(len(section), 0, -1):
        name = page.section_sources.get(section[:depth])
        if name:
            return name
    return ""
