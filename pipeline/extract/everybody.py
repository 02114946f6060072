"""Figures of everybody on a page about one job: what the law or the country pays."""

from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

ALL_WORKERS = "all occupations"
EVERYBODY = "everybody"  # place of a mention of workers at large: `employees`
HOME = "US"
OF_WHOM = 4  # words behind `salary` in which a job may be named


def is_anybody(line: TaggedLine, mention: Mention, words: Gazetteer) -> bool:
    """Whether workers are of every job: `the average worker`, `in all sectors`."""
    if mention.last - mention.first > 1:
        return False
    before = line.texts[max(0, mention.first - 1) : mention.first]
    if any(word in words.lists["everybody_before"] for word in before):
        return True
    end = min([first for first, _ in line.spots if first >= mention.last], default=None)
    after = line.texts[mention.last : end]
    return any(
        at and after[at - 1] == "all" and word in words.lists["everybody_fields"]
        for at, word in enumerate(after)
    )


def find_national_pay(
    line: TaggedLine, words: Gazetteer, own: str, jobs: list[Mention]
) -> list[Mention]:
    """List nations of whose pay a line speaks: `the average UK salary is £37,000`.

    That is of all who work there, whatever the page is about.

    At home it is often said of the page's own job; there something must be held
    against it.
    """
    found = []
    for place in line.get_mentions("area"):
        if len(place.place) != 2 or not _is_between_pay(line, place, words):
            continue
        if place.place == HOME and own and not _compares(line):
            continue
        near = range(place.last + 1, place.last + 2 + OF_WHOM)
        if not any(job.first in near for job in jobs):
            at = place.last + 1
            span = (place.start, line.words[at - 1].end, place.first, at)
            found.append(Mention("occupation", ALL_WORKERS, EVERYBODY, *span))
    return found


def _is_between_pay(line: TaggedLine, place: Mention, words: Gazetteer) -> bool:
    """Whether a statistic stands before a nation, and pay or worker behind it."""
    before = line.texts[max(0, place.first - 1) : place.first]
    after = line.texts[place.last : place.last + 1]
    centre = any(m.last == place.first for m in line.get_mentions("statistics"))
    return (centre or before == ["typical"]) and any(
        word in words.lists["everybody_paid"] for word in after
    )


def _compares(line: TaggedLine) -> bool:
    cues = line.lists["scope_turns"] | line.lists["scope_comparators"]
    return any(word in cues for word in line.texts)


def find_floor(page: IndexedPage, line: TaggedLine) -> list[Mention]:
    """List what a law sets for everybody: `the minimum wage is $12 an hour`.

    Not where the page is of a floor for that job alone, and no law's name stands there.
    """
    floors = [m for m in line.get_mentions("topics") if m.means == "floor"]
    if page.occupation and page.about_floor:
        laws = line.lists["everybody_laws"]
        floors = [
            m for m in floors if {*line.texts[max(0, m.first - 1) : m.last]} & laws
        ]
    floors += _find_floors_abroad(page, line)
    return [m.rename(ALL_WORKERS, EVERYBODY) for m in floors]


def _find_floors_abroad(page: IndexedPage, line: TaggedLine) -> list[Mention]:
    """List a nation's own names of its floor, `SMIC`, where no title has them."""
    names = line.lists["floors_abroad"]
    title = page.document.title.lower()
    return [
        m
        for m in line.get_mentions("statistics")
        if line.texts[m.first] in names and line.texts[m.first] not in title
    ]
