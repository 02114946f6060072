"""For whom the work is done, and what it is: occupation, employer and the like."""

from collections.abc import Sequence

from pipeline.core.occupation_titles import make_key
from pipeline.extract.candidates import (
    Candidate,
    list_context_candidates,
    list_sentence_candidates,
)
from pipeline.extract.drafts import Draft, SentenceState, spread_mentions
from pipeline.extract.everybody import EVERYBODY, find_floor
from pipeline.extract.gazetteer import make_singular
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupation_mentions import find_occupations, find_subjects
from pipeline.extract.official_references import is_office_speaking
from pipeline.extract.opening_jobs import find_opening_job, find_opening_of_line
from pipeline.extract.page_occupation import find_spoken_occupation
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.trades import find_heading_trade, find_label_trade

CONDITIONS = (
    ("work_modes", "work_mode"),
    ("employer_types", "employer_type"),
    ("education", "education"),
    ("specialties", "specialty"),
    ("pay_bases", "pay_basis"),
)
IN_TITLES = ("specialties", "employer_types")
LABEL_WORDS = 4
LABEL_MARKS = " \n\t#*_:.|"
REACH = 9
SAID_WITHIN = 4  # words from who says it to `according to`
CONDITIONED = frozenset(category for category, _ in CONDITIONS)


def set_work_conditions(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
) -> None:
    """Work mode, employer, education, specialty and pay basis."""
    lends = [c for c in around if c.line.has_any(CONDITIONED)]
    if not lends and not line.has_any(CONDITIONED):
        return
    for category, name in CONDITIONS:
        mentions = _find_conditions(page, line, category)
        own = list_sentence_candidates(line, mentions, _get_meaning, reach=REACH)
        lent = _list_lent_conditions(page, lends, category)
        if not mentions and not lent:
            continue
        for draft in made:
            if not draft.aside:
                found = own[draft.index] + lent
                draft.choose_field(name, found, page.words.weights)


def _get_meaning(mention: Mention) -> str:
    return mention.means


def _find_conditions(
    page: IndexedPage, line: TaggedLine, category: str
) -> list[Mention]:
    """Return mentions of a kind, without those that are part of an official title.

    Physicians in emergency medicine have a code of their own: theirs is no specialty.
    """
    found = line.get_mentions(category)
    if category == "employer_types":
        found = [
            m
            for m in found
            if not is_office_speaking(line, m) and not _is_no_employer(line, m)
        ]
    if not found or category not in IN_TITLES:
        return found
    titles = [
        m
        for m in find_occupations(line, page.words, page.occupation)
        if make_singular(line.text[m.start : m.end].lower())
        in page.words.official_titles
    ]
    return [
        m
        for m in found
        if not any(t.start <= m.start and m.end <= t.end for t in titles)
    ]


def _is_no_employer(line: TaggedLine, mention: Mention) -> bool:
    """Whether they say it, or taught them: `says the union`, `school graduates`."""
    after = line.get_words_between(mention.last, mention.last + 1)
    if after and after[0] in line.lists["employer_no_more"]:
        return True
    before = line.texts[max(0, mention.first - SAID_WITHIN) : mention.first]
    return bool({"according", "says", "said"} & {*before}) or any(
        0 <= mention.first - m.last <= SAID_WITHIN + 1
        and line.texts[m.last : m.last + 1] == [","]
        for m in find_publishers(line)
    )


def _list_lent_conditions(
    page: IndexedPage, lends: Sequence[ContextLine], category: str
) -> list[Candidate]:
    """List what the lines around say of those whom a figure is of."""
    return list_context_candidates(
        lends,
        lambda context: _leave_descriptions(
            context.line, _find_conditions(page, context.line, category)
        ),
        lambda _, mention: mention.means,
    )


def _leave_descriptions(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """Return mentions without those that say what a credential is for.

    `CPC: it covers physician services and outpatient work` describes a certificate,
    and not whom the average below it is of.
    """
    if not found:
        return found
    marks = [at for at, word in enumerate(line.texts) if word == ":"]
    named = line.get_mentions("credential")
    if not marks or not any(m.first < marks[0] for m in named):
        return found
    return [m for m in found if m.first < marks[0]]


def set_occupations(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Name the occupation of each figure."""
    own = page.occupation or _find_heading_occupation(page, around)
    named = _find_named(page, line, own)
    # What follows one figure is of the next: `were repairmen who earned $90,000`, `the
    # lowest 10 percent of repairmen earned`.
    on = any(line.texts[m.last : m.last + 1] in (["who"], ["whose"]) for m in named)
    on = on or any(draft.aside for draft in made)
    spread_mentions(line, made, named, "occupation", on=on)
    for draft in made:
        if not draft.aside and "occupation" not in draft.fields:
            rule = "occupation of the sentence before"
            draft.carry_field("occupation", before.occupation, rule)
            _inherit_occupation(page, draft, around)


def _find_named(page: IndexedPage, line: TaggedLine, own: str) -> list[Mention]:
    """Return whom a sentence speaks of, by name, by what a law sets, or by a trade."""
    named = find_subjects(line, page.words, own)
    if all(mention.place == EVERYBODY for mention in named):
        named = find_floor(page, line) or named
    if named:
        return named
    label = find_label_trade(line, page.words)
    return [label] if label is not None else []


def _inherit_occupation(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    """Name the occupation by the lines around, the page, or a credential."""
    if "occupation" not in draft.fields:
        _set_opening_occupation(page, draft)
    if "occupation" not in draft.fields:
        _set_occupation_around(page, draft, around)
    name = page.occupation
    rule = "occupation of the page"
    draft.set_field("occupation", name or None, rule, "document", text=name)
    _set_occupation_of_credential(page, draft)
    if "occupation" not in draft.fields:
        name = find_spoken_occupation(page)
        rule = "occupation that the page speaks of"
        draft.set_field("occupation", name or None, rule, "document", text=name)


def _set_opening_occupation(page: IndexedPage, draft: Draft) -> None:
    """Name the occupation by the name that opens the figure's paragraph."""
    cue = find_opening_job(page, draft.block, draft.figure.start)
    if cue is not None:
        rule = "occupation that opens the paragraph"
        draft.set_field("occupation", cue.means, rule, "lead_in", cue)


def _set_occupation_around(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    """Name the occupation by the nearest line around that has one."""
    for context in around:
        cue = _find_lent_occupation(page, context)
        if cue is not None:
            rule, where = "occupation around", context.where
            draft.set_field("occupation", cue.means, rule, where, cue)
            return


def _find_lent_occupation(page: IndexedPage, context: ContextLine) -> Mention | None:
    """Return the occupation that a line around gives its figures, or None.

    A lead-in that names two gives the one that opens it, if any does; a heading may
    name it by its trade.
    """
    far = context.where == "row" and not context.nearest
    if far or context.where == "note":
        return None
    known = find_occupations(context.line, page.words, page.occupation)
    found = [m for m in known if m.means]
    if context.where == "lead_in" and len({m.means for m in found}) != 1:
        return find_opening_of_line(context.line, page.words)
    if not found and context.where in ("heading", "row"):
        completed = _complete_by_page(page, context.line)
        if completed is not None:
            return completed
    if not found and context.where == "heading":
        return find_heading_trade(context.line, page.words)
    if not found and context.where == "row":
        return find_label_trade(context.line, page.words)
    return found[0] if found else None


def _complete_by_page(page: IndexedPage, line: TaggedLine) -> Mention | None:
    """Return the job that a label and the page's own name make together, or None.

    `Elementary school` on a page about teachers, who have many codes.
    """
    table, noun = page.words.title_table, page.occupation.rpartition(" ")[2]
    broad = table.find(make_key(page.occupation)) if noun else None
    label = line.text[line.start : line.end].strip(LABEL_MARKS).lower()
    if broad is None or _is_one_job(broad.codes) or len(line.words) > LABEL_WORDS:
        return None
    known = table.find(make_key(f"{label} {noun}"))
    if known is None or not _is_one_job(known.codes):
        return None
    span = (line.start, line.end, 0, len(line.words))
    return Mention("occupation", f"{label} {noun}", "", *span)


def _is_one_job(codes: Sequence[str]) -> bool:
    """Whether codes are one, and none of a group: those end in 0."""
    return len(codes) == 1 and not codes[0].endswith("0")


def _set_occupation_of_credential(page: IndexedPage, draft: Draft) -> None:
    """Name whom a credential of its own sentence makes: `a CPC averaged $55,895`.

    Only where nothing else names a job; a row of a table is by what its head says.
    """
    if "credential" in draft.inherited:
        return
    acronym = str(draft.fields.get("credential") or "")
    name = page.words.credential_names.get(acronym, "").lower()
    if name and page.words.title_table.find(make_key(name)) is not None:
        rule = "holder of the credential"
        draft.set_field("occupation", name, rule, "sentence", text=acronym)


def _find_heading_occupation(page: IndexedPage, around: Sequence[ContextLine]) -> str:
    """Return the occupation that the nearest heading to name one names, else ""."""
    for context in around:
        if context.where == "heading":
            for mention in find_occupations(context.line, page.words):
                if mention.means:
                    return mention.means
    return ""
