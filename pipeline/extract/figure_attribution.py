"""Whom a figure is attributed to: every publisher that could be meant, ranked."""

import itertools
from collections.abc import Sequence

from pipeline.extract.attachment import is_comparator
from pipeline.extract.candidates import (
    Candidate,
    Relation,
    list_context_candidates,
    list_sentence_candidates,
    make_candidate,
    name_clues,
)
from pipeline.extract.declared_sources import find_section_source
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.official_references import name_office
from pipeline.extract.page_survey import is_about_page_survey
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine

FIELD = "attributed_to"
SHORT_WORDS = 16
MAX_LABEL, SHORT_LABEL = 5, 8  # words up to a colon, and of such a sentence
FIRST_PERSON = frozenset(("i", "my", "we", "our"))
REACH = 24
CREDIT_BEFORE = {"(", "according", "source", "from", "per", "by"}
CREDIT_MARKS = {",", ":"}
CREDIT_BEHIND = {
    *("data", "survey", "figures", "report", "says", "median", "salary", "wage", "pay")
}
OPENERS = (
    *("it", "that", "this", "they", "among", "its", "here", "their", "members"),
    *("respondents", "participants"),
    *("compare", "similarly", "likewise", "both", "these", "those", "such", "last"),
)
SPANNED = 6  # words that open a sentence on the spread of a pay
SOURCE_LABELS = ("(source:", "(source", "source:")


def attribute_figures(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the publisher of each figure of a line, where the page names one."""
    named = find_publishers(line)
    own = list_sentence_candidates(line, named, lambda m: m.means, reach=REACH, on=True)
    _credit_backwards(line, named, made, own)
    lent = _list_lent_publishers(page, line, made[0], around, before)
    if not named:
        offices = name_office(line, page.last_official)
        lent += (make_candidate(m.means, Relation.SAME, m) for m in offices)
    lent += _list_page_publishers(page, line, made[0], before)
    for draft in made:
        covering = [c for c in lent if _may_cover(page, draft, c, around)]
        found = own[draft.index] + covering
        draft.choose_field(FIELD, found, page.words.weights)
        if FIELD in draft.fields:
            page.last_cited = draft.fields[FIELD]
            if page.last_cited in page.words.official_publishers:
                page.last_official = page.last_cited
            page.cited_in = page.document.blocks[draft.block].section


def _may_cover(
    page: IndexedPage,
    draft: Draft,
    candidate: Candidate,
    around: Sequence[ContextLine],
) -> bool:
    """Whether what is declared of all pay may hold for a figure.

    An office that counts what people earn tells neither of money to sign on, nor of
    what a job starts at, nor of what employers offer.
    """
    if candidate.relation is not Relation.DECLARED:
        return True
    if candidate.value not in page.words.official_publishers:
        return True
    starts = any(m.means == "start" for m in draft.line.get_mentions("statistics"))
    offers = draft.line.lists["offer_words"]
    offered = any(
        not offers.isdisjoint(c.line.texts)
        for c in around
        if c.where in ("heading", "column", "lead_in") and c.nearest and not c.full
    )
    return draft.kind != "bonus" and not starts and not offered


def _cites_another(line: TaggedLine) -> bool:
    """Whether a line says whose its figures are, in words that name no publisher."""
    return not line.lists["attribution_citing"].isdisjoint(line.texts)


def _credit_backwards(
    line: TaggedLine,
    named: Sequence[Mention],
    made: Sequence[Draft],
    own: list[list[Candidate]],
) -> None:
    """Credit what is before a source that is put in: `made $9, X estimates, up 4 %`."""
    for mention in named:
        if not _is_put_in(line, mention):
            continue
        for draft in made:
            sure = any(c.relation is Relation.SENTENCE for c in own[draft.index])
            if draft.figure.end <= mention.start and not sure:
                found = make_candidate(mention.means, Relation.SENTENCE, mention)
                own[draft.index] = [found, *own[draft.index]]


def _is_put_in(line: TaggedLine, mention: Mention) -> bool:
    """Whether a publisher and its verb stand between two commas, or end a sentence."""
    before = line.texts[max(0, mention.first - 2) : mention.first]
    if "," not in before or before[-1:] not in ([","], ["the"]):
        return False
    verbs = (c for c in line.get_mentions("reporting") if c.first == mention.last)
    return any(
        verb.place == "after"
        and line.texts[verb.last : verb.last + 1] in ([","], ["."])
        for verb in verbs
    )


def _list_lent_publishers(
    page: IndexedPage,
    line: TaggedLine,
    draft: Draft,
    around: Sequence[ContextLine],
    before: SentenceState,
) -> list[Candidate]:
    """List what the sentences before and the lines around lend to a sentence."""
    found: list[Candidate] = []
    first = is_first_person(line)
    person = name_clues(first_person=first)
    if before.publisher is not None:
        clues = name_clues(first_person=first, goes_on=is_continuation(line))
        name = before.publisher[0]
        found.append(Candidate(name, Relation.BEFORE, clues, text=name))
    if page.last_cited and _is_same_source(line):
        name = page.last_cited
        found.append(Candidate(name, Relation.SAME, text=name))
    if before.publisher is not None and _names_body_again(line, before.publisher[0]):
        name = before.publisher[0]
        found.append(Candidate(name, Relation.SAME, text=name))
    section = page.document.blocks[draft.block].section
    if page.last_cited and page.cited_in == section:
        name = page.last_cited
        found.append(Candidate(name, Relation.SECTION, person, text=name))
    found += _list_list_sources(page, line, draft)
    found += _list_same_sources(page, around)
    in_table = page.document.blocks[draft.block].kind == "cell"
    return found + list_context_candidates(
        around, _find_credits, lambda _, m: m.means, full_leads=in_table
    )


def _list_same_sources(
    page: IndexedPage, around: Sequence[ContextLine]
) -> list[Candidate]:
    """List the source last named, where a caption or lead-in says `same source`."""
    name = page.last_cited
    near = (c for c in around if c.where in ("caption", "lead_in", "note"))
    if not name or not any(_is_same_source(c.line) for c in near):
        return []
    return [Candidate(name, Relation.CAPTION, text=name)]


def _find_credits(context: ContextLine) -> list[Mention]:
    """Return publishers of a line around; of a heading, those that it credits."""
    line = context.line
    found = [m for m in find_publishers(line) if not is_comparator(line, m)]
    if context.where == "heading" and not _is_crediting_heading(line, found):
        return []
    return found


def _is_crediting_heading(line: TaggedLine, found: list[Mention]) -> bool:
    """Return whether a heading names its source: in brackets, by comma or cue."""
    if not found:
        return False
    words = line.texts[: found[-1].first]
    after = line.get_words_between(found[-1].last, found[-1].last + 2)
    if bool(CREDIT_BEHIND & {*after}) or bool(CREDIT_BEFORE & {*words}):
        return True
    # `Nurse pay: NHS bands`: what goes on names no source behind a mere mark.
    ends = not after or not after[0].isalpha()
    return ends and bool(CREDIT_MARKS & {*words})


def _is_same_source(line: TaggedLine) -> bool:
    """`In the same survey`: the source last named on the page."""
    if "same" not in line.texts:
        return False
    pairs = set(itertools.pairwise(line.texts))
    nouns = line.lists["surveys"] | {"source", "data", "figures", "dataset"}
    return any(("same", noun) in pairs for noun in nouns)


def _names_body_again(line: TaggedLine, name: str) -> bool:
    """Return whether `the league's scale` is that of the body named before."""
    bodies = {body.lower() for body in line.lists["attribution_bodies"]}
    own = bodies.intersection(name.lower().split(" "))
    return any(
        word == "the" and after in own for word, after in itertools.pairwise(line.texts)
    )


def _list_list_sources(
    page: IndexedPage, line: TaggedLine, draft: Draft
) -> list[Candidate]:
    """`CPC: $61,700 (Source: X)`, then `COC: $69,400`: the list has one source."""
    block = page.document.blocks[draft.block]
    if block.kind == "cell":
        return []
    named = find_publishers(line)
    listed = block.kind in ("item", "definition", "term")
    key = (block.section, block.lead_in, -1 if listed else draft.block)
    if named:
        if any(_is_labelled_source(line, m) for m in named):
            page.list_sources[key] = named[-1].means
        return []
    if key not in page.list_sources or len(line.words) > SHORT_WORDS:
        return []
    name = page.list_sources[key]
    return [Candidate(name, Relation.LIST, text=name)]


def _is_labelled_source(line: TaggedLine, mention: Mention) -> bool:
    head = line.text[max(0, mention.start - 10) : mention.start]
    return head.rstrip().lower().endswith(SOURCE_LABELS)


def _list_page_publishers(
    page: IndexedPage, line: TaggedLine, draft: Draft, before: SentenceState
) -> list[Candidate]:
    """List what the page says once of all its figures."""
    found = []
    first = is_first_person(line)
    cites = _cites_another(line)
    block = page.document.blocks[draft.block]
    declared = find_section_source(page, block.section)
    if name := declared or page.source:
        own = not declared and page.source_is_own
        clues = name_clues(first_person=first and not own, other_source=cites)
        found.append(Candidate(name, Relation.DECLARED, clues, text=name))
    name = page.survey[0]
    if name:
        clues = name_clues(aside=not is_about_page_survey(page, line, draft, before))
        found.append(Candidate(name, Relation.SURVEY, clues, text=name))
    if page.release.publisher:
        name = page.release.publisher
        own = page.release.is_its_own
        clues = name_clues(first_person=first, own_release=own)
        found.append(Candidate(name, Relation.USUAL, clues, text=name))
    return found


def is_continuation(line: TaggedLine) -> bool:
    """Whether a sentence goes on about what the one before reported."""
    if is_first_person(line):
        return False
    if line.get_mentions("anaphora"):
        return True
    for cue in line.get_mentions("statistics"):
        if cue.means not in ("range", "start"):
            return True
    if _is_labelled_place(line):
        return True
    opening = line.texts[:2]
    return bool(opening) and (opening[0] in OPENERS or _spans_the_same(line))


def _is_labelled_place(line: TaggedLine) -> bool:
    """Whether a sentence is a place and its figure, `Ohio: $23.40`."""
    if ":" not in line.texts[1:MAX_LABEL] or len(line.texts) > SHORT_LABEL:
        return False
    label = line.texts.index(":")
    return any(m.last <= label for m in line.get_mentions("area"))


def _spans_the_same(line: TaggedLine) -> bool:
    """`However, the salary can range from`: of whom the sentence before told."""
    words = line.texts[: 1 + SPANNED]
    if words[:1] == ["however"]:
        words = [word for word in words[1:] if word != ","]
    if words[:1] not in (["the"], ["this"]) or words[1:2] == []:
        return False
    ranges = any(m.means in ("range", "start") for m in line.get_mentions("statistics"))
    spread = ranges or not line.lists["spread_verbs"].isdisjoint(words)
    return words[1] in line.lists["spread_nouns"] and spread


def is_first_person(line: TaggedLine) -> bool:
    """Whether the writer speaks of what is the writer's own."""
    return not FIRST_PERSON.isdisjoint(line.texts)
