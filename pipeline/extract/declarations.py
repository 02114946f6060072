"""What a page says once of all its figures: their publisher, statistic and date."""

import re
from collections import Counter
from dataclasses import dataclass

from pipeline.core.letter_case import lower_match
from pipeline.core.model import Document
from pipeline.extract.dates import find_dates
from pipeline.extract.indexed_page import IndexedPage, PageRelease
from pipeline.extract.majorities import find_majority
from pipeline.extract.publisher_mentions import find_publishers, has_source_cue
from pipeline.extract.tokens import find_words

NOUNS = (
    *("figures", "salaries", "amounts", "numbers", "sums", "wages", "rates"),
    *("earnings", "values", "pay", "data", "results"),
)
EACH = ("every", "each", "any")
WORDS = r"means?|medians?|averages?"
DECLARATION = re.compile(
    rf"(?i)\b(?:{'|'.join(NOUNS)}|(?:every|each|any) "
    r"(?:salary|wage|figure|amount|rate|sum))"
    r"(?: \w+){0,4}? (?:are|is|as|represent|reflect|show|give)(?: \w+){0,3}? "
    rf"(?P<name>{WORDS})\b(?! that\b)"
)
# `Averages come from users' reports`: what all figures of a site are.
MADE_FROM = (
    r"\b(?P<made>averages|means|medians|(?:average|mean|median) "
    r"(?:salaries|wages|pay|rates|earnings|figures))\s"
    r"(?:come|comes|derive|stem|(?:are|is)\s(?:based|drawn|calculated|computed|taken"
    r"|compiled|estimated|worked out|built|derived|made))\b"
)
MADE = re.compile(rf"(?i){MADE_FROM}")
ANNOUNCEMENT = re.compile(
    rf"(?i){MADE_FROM}"
    r"|\b(?:(?:salary|wage|pay|earnings) (?P<name>means?|medians?|averages?)"
    r"|(?P<kind>mean|median|average) (?:salaries|wages|pay|rates|earnings|figures))\b"
    r"[^.;:]{0,24}\b(?:below|following|as follows)\b"
    r"|\b(?:we|i)\s(?:took|used|compared|ranked|gathered|collected)\s(?:the\s)?"
    r"(?P<taken>mean|median|average)\s(?:\w+\s){0,2}?"
    r"(?:salar(?:y|ies)|wages?|pay|earnings)\b"
)
# `Salary data shown below is taken from X (XX), 2014`: of all that is from X.
DECLARED_SOURCE = re.compile(
    rf"(?i)\b(?:{'|'.join(NOUNS)}|salary|wage)\b[^.;:]{{0,60}}"
    r"\b(?:below|above|here|following|shown|listed|given|on this page|in this \w+)\b"
    r"[^.;:]{0,40}\b(?:from|by|of|source)\b"
)
DATED_BEHIND = re.compile(r"\W{0,3}(?:\([A-Z]{2,6}\)\W{0,3})?(?P<year>(?:19|20)\d\d)\b")
STATISTIC_WORD = re.compile(
    r"(?i)\b(?:mean|median|average)(?=\s(?:annual|hourly|monthly"
    r"|weekly|base|total|pay|wage|salar|earning|income|rate))"
)
CENTRE_WORD = re.compile(r"(?i)\b(?:mean|averag(?:e|es|ed|ing)|medians?)\b")
MIN_CENTRES = 5
SHARE_OF_CENTRES = 0.8
# Words that the report of a survey has, and an article about one hardly has together.
SURVEY_WORDS = re.compile(
    r"(?i)\b(?:respondents|responses|response rate|margin of error|our (?:annual "
    r"|member |reader |own )?(?:survey|poll)|reader poll|(?:members|readers|people)"
    r" (?:who )?(?:told us|answered|responded|took part)|usable answers|methodology"
    r"|n ?= ?\d|completed (?:the|our) (?:survey|questionnaire)|survey participants)\b"
)
MIN_SURVEY_WORDS = 3
NAMES = {"mea": "mean", "ave": "mean", "med": "median"}
MAX_BLOCK_LENGTH = 600
# `The figures in the table are medians`: the table's own lead-in, and of no other.
OF_A_TABLE = re.compile(r"(?i)\b(?:table|chart|graph|map|column|list)s?\b")
DENIAL = re.compile(r"(?i)\b(?:not|never|no)\b")
OPENING_BLOCKS = 24
OPENING_PARAGRAPHS = 3
MIN_PARAGRAPH_LENGTH = 60
MAX_TITLE_LENGTH = 300
MIN_NAMINGS = 2
NEWS_RELEASE = re.compile(
    r"(?i)\b(?:for (?:immediate )?release|(?:news|press|media) release"
    r"|(?:reported|announced|released|said|published) (?:today|on \w+day))\b"
)
SEARCHED_OPENING = 2_000
SEARCHED_LENGTH = 60_000


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a page says what it is: its titles, and its first paragraphs."""

    titles: tuple[str, ...]
    paragraphs: tuple[tuple[int, int], ...]


def find_opening(document: Document) -> Opening:
    """Return the titles of a page, and where its first paragraphs stand."""
    titles = [document.title[:MAX_TITLE_LENGTH]]
    paragraphs: list[tuple[int, int]] = []
    for block in document.blocks[:OPENING_BLOCKS]:
        if block.furniture:
            continue
        text = document.text[block.start : block.end]
        if block.kind in ("title", "heading") and not paragraphs:
            titles.append(text[:MAX_TITLE_LENGTH])
        elif block.kind == "paragraph" and len(text) >= MIN_PARAGRAPH_LENGTH:
            paragraphs.append((block.start, min(block.end, block.start + 1000)))
        if len(paragraphs) == OPENING_PARAGRAPHS:
            break
    return Opening(tuple(dict.fromkeys(filter(None, titles))), tuple(paragraphs))


def find_page_release(page: IndexedPage) -> PageRelease:
    """Return the publisher, date and statistic that a page's opening settles."""
    opening = find_opening(page.document)
    publisher = _find_one_publisher(page, opening)
    text = page.document.text
    reports = _is_survey_report(text)
    usual = _find_usual_statistic(text)
    return PageRelease(
        publisher,
        bool(publisher) and _is_news_release(text),
        _find_title_date(opening),
        usual or (_find_reported_statistic(text) if reports else ""),
        reports,
    )


def _find_one_publisher(page: IndexedPage, opening: Opening) -> str:
    """Return the one publisher that titles and first paragraphs credit, else ""."""
    lines = [page.heading_line(title) for title in opening.titles]
    lines += [page.span_line(start, end) for start, end in opening.paragraphs]
    names = {
        m.means for line in lines for m in find_publishers(line)
        if has_source_cue(line, m)
    }  # fmt: skip
    return names.pop() if len(names) == 1 else ""


def _is_news_release(text: str) -> bool:
    """Whether a page is what a publisher itself gave to the press."""
    return NEWS_RELEASE.search(text, 0, SEARCHED_OPENING) is not None


def _find_title_date(opening: Opening) -> str:
    """Return the one date of a page's titles, else ""."""
    for title in opening.titles:
        found = {date.means for date in find_dates(title, 0, len(title))}
        if len(found) == 1:
            return found.pop()
    return ""


def _is_survey_report(text: str) -> bool:
    """Whether a page is the report of a survey, by those who made it."""
    found = SURVEY_WORDS.finditer(text, 0, SEARCHED_LENGTH)
    return len({match.group().lower() for match in found}) >= MIN_SURVEY_WORDS


def _find_reported_statistic(text: str) -> str:
    """Return the centre that a survey's own report nearly always gives, else ""."""
    found = Counter(
        NAMES[lower_match(m.group())[:3]]
        for m in CENTRE_WORD.finditer(text, 0, SEARCHED_LENGTH)
    )
    return find_majority(found, MIN_CENTRES, SHARE_OF_CENTRES) or ""


def _find_usual_statistic(text: str) -> str:
    """Return the statistic that a page gives its pay again and again, else ""."""
    found = [
        NAMES[lower_match(m.group())[:3]]
        for m in STATISTIC_WORD.finditer(text, 0, SEARCHED_LENGTH)
    ]
    return found[0] if len(found) >= MIN_NAMINGS and len({*found}) == 1 else ""


def tell_declared_dates(page: IndexedPage) -> None:
    """Note the year of `The salaries below are taken from X, 2014` for X's figures."""
    text = page.document.text
    if DECLARED_SOURCE.search(text, 0, SEARCHED_LENGTH) is None:
        return
    for block in page.document.blocks:
        if block.furniture or block.kind in ("cell", "heading"):
            continue
        end = min(block.end, block.start + MAX_BLOCK_LENGTH)
        match = DECLARED_SOURCE.search(text, block.start, end)
        if match is None:
            continue
        line = page.span_line(match.start(), end)
        for mention in find_publishers(line):
            dated = DATED_BEHIND.match(text, mention.end, end)
            if dated and has_source_cue(line, mention):
                page.tell("reference_period", mention.means, dated["year"])


def find_declared_statistic(document: Document) -> str:
    """Return the statistic that a page declares for its figures; "" for two or none."""
    found: set[str] = set()
    text = document.text
    openings = (*NOUNS, *EACH)
    said = any(DECLARATION.match(text, at) for at in find_words(text, openings))
    if not said and ANNOUNCEMENT.search(text) is None:
        return ""
    for block in document.blocks:
        end = min(block.end, block.start + MAX_BLOCK_LENGTH)
        if block.furniture:  # what a site says of all its pages at their foot
            found |= _list_made_of(text, block.start, end)
            continue
        if block.kind in ("cell", "heading"):
            continue
        for match in DECLARATION.finditer(document.text, block.start, end):
            words = match.group()
            if not DENIAL.search(words) and not OF_A_TABLE.search(words):
                found.add(NAMES[lower_match(match["name"])[:3]])
        for match in ANNOUNCEMENT.finditer(document.text, block.start, end):
            name = match["name"] or match["kind"] or match["taken"] or match["made"]
            found.add(NAMES[lower_match(name)[:3]])
    return found.pop() if len(found) == 1 else ""


def _list_made_of(text: str, start: int, end: int) -> set[str]:
    """Return what `Averages come from members` says the figures of a site are."""
    found = MADE.finditer(text, start, end)
    return {NAMES[lower_match(match["made"])[:3]] for match in found}
