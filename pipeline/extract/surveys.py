"""The one survey that a page reports, and what it goes on to say of it.

An article that opens with a survey names it once; then `the survey`, `respondents`
and plain sentences give its figures, until a paragraph names another source.
"""

import re
from collections.abc import Sequence

from pipeline.core.model import Block, Document
from pipeline.extract.attribution import publishers
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.page import Page
from pipeline.extract.scope import comparator
from pipeline.extract.sentences import Line

PAID = ("pay_level", "pay_delta_abs", "pay_delta_rel", "bonus")
OPENING = 2
SENTENCE = 60
LEDE = 60
LONGEST = 600
MUCH = 20_000
OFTEN = 3
TWICE = 2
BACK = re.compile(
    r"(?i)\b(?:the|this) (?:survey|report|study|poll|findings)\b|\brespondents\b"
)
SITE = (" | ", " - ", " – ", " — ")


def survey_of(page: Page) -> tuple[str, str]:
    """The survey that title or opening names, and the statistic it is told in.

    Returns:
        Publisher and statistic; "" for either that is not said.
    """
    document = page.document
    title, site = _title(document.title)
    lines = [page.heading_line(title[:300])]
    paragraphs = 0
    for block in document.blocks[:LEDE]:
        if block.furniture or block.kind not in ("heading", "title", "paragraph"):
            continue
        if block.kind == "paragraph":
            paragraphs += block.end - block.start >= SENTENCE
        elif paragraphs and block.level > 1:
            break
        text = document.text[block.start : min(block.end, block.start + LONGEST)]
        lines.append(page.heading_line(text))
        if paragraphs == OPENING:
            break
    named = [(line, name) for line in lines for name in _surveys(page, line)]
    names = {_first(name) for _, name in named}
    if len(names) != 1:
        return "", ""
    house = min((name for _, name in named), key=len)
    if _first(house).lower() in site.lower() or not _about(document, title, house):
        return "", ""
    telling = [x for x in lines if _first(house).lower() in _tokens(x)]
    for line in telling:
        for cue in line.of("statistics"):
            if cue.means in ("mean", "median"):
                return house, cue.means
    return house, ""


def _about(document: Document, title: str, house: str) -> bool:
    """Whether a page is about a survey: in its title, or spoken of again and again."""
    name = _first(house)
    text = document.text[:MUCH]
    again = sum(1 for _ in BACK.finditer(text))
    return name in title or text.count(name) >= OFTEN or again >= TWICE


def _title(title: str) -> tuple[str, str]:
    """A page's title without the name of the site that ends it."""
    for mark in SITE:
        head, found, site = title.rpartition(mark)
        if found:
            return head, site
    return title, ""


def _tokens(line: Line) -> frozenset[str]:
    return line.said()


def _first(name: str) -> str:
    return name.split(" ")[0]


def _surveys(page: Page, line: Line) -> list[str]:
    """Publishers that a line names as having made a survey."""
    if not _tokens(line) & line.lists["surveys"]:
        return []
    return [
        m.means
        for m in publishers(line)
        if m.means not in page.words.official and not comparator(line, m)
    ]


def credit(page: Page, line: Line, made: Sequence[Draft], before: Before) -> None:
    """Credit the page's survey with what no other source is named for."""
    if not page.survey[0]:
        return
    name, told = page.survey
    for draft in made:
        if draft.aside or draft.kind not in PAID:
            continue
        given = draft.fields.get("attributed_to", "")
        if given and _first(given) == _first(name):
            draft.fields["attributed_to"] = name
        elif not given and _goes_on(page, line, draft, before):
            where = "document"
            draft.put("attributed_to", name, "survey of the page", where, text=name)
        else:
            continue
        if draft.fields.get("statistic") == "unspecified" and told:
            del draft.fields["statistic"]
            draft.put("statistic", told, "statistic of the survey", "document")


def _goes_on(page: Page, line: Line, draft: Draft, before: Before) -> bool:
    """Whether a sentence without a source goes on about the page's survey."""
    block = page.document.blocks[draft.block]
    if before.publisher is not None:
        return _first(before.publisher[0]) == _first(page.survey[0])
    if _quoted(block, line) or block.furniture:
        return False
    return not _tokens(line) & line.lists["own_voice"]


def _quoted(block: Block, line: Line) -> bool:
    text = line.text[line.start : line.end]
    return block.quoted or "“" in text or '"' in text
