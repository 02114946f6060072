"""The one survey that a page reports, and what it goes on to say of it.

An article that opens with a survey names it once; then `the survey`, `respondents`
and plain sentences give its figures, until a paragraph names another source.
"""

import re
from collections.abc import Iterator

from pipeline.core.model import Block, Document
from pipeline.extract.attachment import is_comparator
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine

OPENING_PARAGRAPHS = 2
MIN_PARAGRAPH_LENGTH = 60
MAX_OPENING_BLOCKS = 60
MAX_LINE_LENGTH = 600
SEARCHED_LENGTH = 20_000
MIN_NAMINGS = 3
MIN_REFERENCES = 2
SURVEY_REFERENCE = re.compile(
    r"(?i)\b(?:the|this) (?:survey|report|study|poll|findings)\b|\brespondents\b"
)
SITE = (" | ", " - ", " – ", " — ")


def find_page_survey(page: IndexedPage) -> tuple[str, str]:
    """Return the survey that title or opening names, and its statistic.

    Returns:
        Publisher and statistic; "" for either that is not said.
    """
    document = page.document
    title, site = _split_site_name(document.title)
    lines = [page.heading_line(title[:300]), *_list_opening_lines(page)]
    named = [name for line in lines for name in _find_survey_makers(page, line)]
    if len(set(map(take_first_word, named))) != 1:
        return "", ""
    house = min(named, key=len)
    word = take_first_word(house).lower()
    if word in site.lower() or not _is_about_survey(document, title, house):
        return "", ""
    telling = [line for line in lines if word in _get_word_set(line)]
    return house, _find_centre(telling)


def _list_opening_lines(page: IndexedPage) -> Iterator[TaggedLine]:
    """Yield headings and text up to the second long paragraph, or a heading behind."""
    document = page.document
    paragraphs = 0
    for block in document.blocks[:MAX_OPENING_BLOCKS]:
        if block.furniture or block.kind not in ("heading", "title", "paragraph"):
            continue
        if block.kind == "paragraph":
            paragraphs += block.end - block.start >= MIN_PARAGRAPH_LENGTH
        elif paragraphs and block.level > 1:
            return
        end = min(block.end, block.start + MAX_LINE_LENGTH)
        yield page.heading_line(document.text[block.start : end])
        if paragraphs == OPENING_PARAGRAPHS:
            return


def _find_centre(lines: list[TaggedLine]) -> str:
    """Return the first mean or median that some lines name, else ""."""
    for line in lines:
        for cue in line.get_mentions("statistics"):
            if cue.means in ("mean", "median"):
                return cue.means
    return ""


def _is_about_survey(document: Document, title: str, house: str) -> bool:
    """Whether a page is about a survey: in its title, or spoken of again and again."""
    name = take_first_word(house)
    text = document.text[:SEARCHED_LENGTH]
    again = sum(1 for _ in SURVEY_REFERENCE.finditer(text))
    return name in title or text.count(name) >= MIN_NAMINGS or again >= MIN_REFERENCES


def _split_site_name(title: str) -> tuple[str, str]:
    """Split a page's title from the name of the site that ends it."""
    for mark in SITE:
        head, found, site = title.rpartition(mark)
        if found:
            return head, site
    return title, ""


def _get_word_set(line: TaggedLine) -> frozenset[str]:
    return line.get_word_set()


def take_first_word(name: str) -> str:
    """Return the word by which a page goes on to speak of a publisher."""
    return name.split(" ")[0]


def _find_survey_makers(page: IndexedPage, line: TaggedLine) -> list[str]:
    """Return publishers that a line names as having made a survey."""
    if not _get_word_set(line) & line.lists["surveys"]:
        return []
    return [
        m.means
        for m in find_publishers(line)
        if m.means not in page.words.official_publishers and not is_comparator(line, m)
    ]


def is_about_page_survey(
    page: IndexedPage, line: TaggedLine, draft: Draft, before: SentenceState
) -> bool:
    """Whether a sentence without a source goes on about the page's survey."""
    block = page.document.blocks[draft.block]
    if before.publisher is not None:
        return take_first_word(before.publisher[0]) == take_first_word(page.survey[0])
    if _is_quotation(block, line) or block.furniture:
        return False
    return not _get_word_set(line) & line.lists["own_voice"]


def _is_quotation(block: Block, line: TaggedLine) -> bool:
    text = line.text[line.start : line.end]
    return block.quoted or "“" in text or '"' in text
