"""Who is paid: with which credentials, and how many of them."""

import re
from collections.abc import Sequence

from pipeline.extract.drafts import Draft, spread_mentions
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

MAX_NAME_WORDS = 6
MAX_LEAD_WORDS = 14  # of a line that names several and still means one
CREDENTIAL_STEMS = ("ertif", "redential", "icens", "icenc", "egist")
COUNTS = frozenset(("1", "2", "3+", "2+"))
BARE_COUNTS = {"n1": "1", "n2": "2", "n3": "3+"}  # `one`, where it counts credentials
KINDS = frozenset(("credential", "credential_words"))
GRADE_BEHIND = re.compile(
    r"\s(?:I{1,3}|IV|V|[1-5])\b"
)  # `a Certificate III` is schooling
GLOSSED = re.compile(r"([A-Z][A-Z-]{1,8}\+?) \([^()]{2,60}\)")
ACRONYM = re.compile(r"(?:\w{1,12}[ -]){0,3}[A-Z][A-Z-]{1,8}\+?(?:[ -]\w{1,12}){0,3}")


def set_credentials(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
) -> None:
    """Say which credentials, and how many, those who are paid hold."""
    found = find_credentials(page, line)
    counts = _find_counts(found, around)
    if counts:
        spread_mentions(line, made, counts, "credential_count", _get_count)
    named = [m for m in found if m.place != "bare" and m.means not in COUNTS]
    named = _drop_general_mentions(named)
    spread_mentions(line, made, named, "credential")
    held = [m for m in named if m.category == "credential"]
    lends = () if counts else around
    for draft in made:
        if not draft.aside:
            _complete_credential(page, draft, held, lends)


def _get_count(mention: Mention) -> str:
    return BARE_COUNTS.get(mention.means, mention.means)


def _find_counts(found: list[Mention], around: Sequence[ContextLine]) -> list[Mention]:
    """Return words that count credentials; bare `two` where others count them too."""
    if any(m.means in COUNTS for m in found) or _is_count_around(around):
        return [m for m in found if m.means in COUNTS or m.means in BARE_COUNTS]
    return []


def _complete_credential(
    page: IndexedPage,
    draft: Draft,
    held: list[Mention],
    lends: Sequence[ContextLine],
) -> None:
    """Set what a draft's own words leave open; what a raise is for is never `none`."""
    lacks = draft.fields.get("credential") == "none"
    if lacks and held and draft.kind.startswith("pay_delta"):
        draft.fields["credential"] = held[0].means
    if "credential" not in draft.fields:
        lends = _filter_credential_context(page, draft, lends)
        _inherit_credential(page, draft, lends)
    if "credential_count" in draft.fields:
        where = draft.inherited.get("credential_count", "sentence")
        draft.set_field("credential", "any", "credentials counted", where)


def _is_count_around(around: Sequence[ContextLine]) -> bool:
    """Return whether a head or heading counts credentials: `Two or more`."""
    return any(
        m.means in COUNTS
        for context in around
        if context.nearest
        for m in context.line.get_mentions("credential_words")
    )


def _filter_credential_context(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> list[ContextLine]:
    """Lines that may say what is held: a heading that asks after a sum does not.

    Nor does any heading or lead-in for a publisher that has no figures by credential.
    """
    banded = (
        draft.fields.get("attributed_to") not in page.words.publishers_without_bands
    )
    kept = []
    for context in around:
        text = context.line.text
        if context.where == "heading" and "?" in text and any(map(str.isdigit, text)):
            continue
        if banded or context.where in ("row", "column"):
            kept.append(context)
    return kept


def _drop_general_mentions(named: list[Mention]) -> list[Mention]:
    """`certified` beside an acronym in one breath says nothing more."""
    acronyms = [m for m in named if m.category == "credential"]
    return [
        m
        for m in named
        if not (
            m.means == "any"
            and any(abs(a.first - m.last) <= 6 and a.first >= m.first for a in acronyms)
        )
    ]


def find_credentials(page: IndexedPage, line: TaggedLine) -> list[Mention]:
    """Credentials of a line; one by its full name only if the page has its acronym."""
    if "credentials" not in line.memo:
        line.memo["credentials"] = _find_credentials(page, line)
    return line.memo["credentials"]  # type: ignore[no-any-return]


def _find_credentials(page: IndexedPage, line: TaggedLine) -> list[Mention]:
    holding = line.lists["holders_holding"]
    if not line.has_any(KINDS) and holding.isdisjoint(line.texts):
        return []
    schooling = {m.first for m in line.get_mentions("education")}
    named = [
        m
        for m in line.get_mentions("credential")
        if m.first not in schooling and (m.place != "name" or page.has_words(m.means))
    ]
    named += _find_unlisted_acronyms(line, named)
    words = _find_general_words(line, named)
    words += _find_without_mentions(line) if named else []
    return sorted(named + words, key=lambda m: m.start)


def _find_general_words(line: TaggedLine, named: list[Mention]) -> list[Mention]:
    """Return words such as `certified` that are no part of a credential's name."""
    spans = [(m.first, m.last) for m in named]
    return [
        m
        for m in line.get_mentions("credential_words")
        if not any(a <= m.first and m.last <= b for a, b in spans)
        and not GRADE_BEHIND.match(line.text, m.end)
    ]


def _find_without_mentions(line: TaggedLine) -> list[Mention]:
    """`$63,400 with the MRICS, $54,900 without`: where the clause ends with it."""
    return [
        Mention("credential_words", "none", "", t.start, t.end, index, index + 1)
        for index, t in enumerate(line.words)
        if t.text == "without"
        and line.get_words_between(index + 1, index + 2)
        in ([], ["."], [","], [";"], [")"])
    ]


def _find_unlisted_acronyms(line: TaggedLine, named: list[Mention]) -> list[Mention]:
    """Capitals that no vocabulary holds, beside a word for a credential."""
    holding = line.lists["holders_holding"]
    if holding.isdisjoint(line.texts):
        return []
    known = {i for m in named for i in range(m.first, m.last)} | {
        i
        for m in line.get_mentions(
            "publisher", "area", "postal", "occupation", "education"
        )
        for i in range(m.first, m.last)
    }
    out = []
    for index, token in enumerate(line.words[:-1]):
        before = line.get_words_between(max(0, index - 3), index)
        held = line.words[index + 1].text in holding or bool(
            {"holders", "holder"} & {*before}
        )
        if not held or index in known:
            continue
        text = line.text[token.start : token.end]
        if 2 <= len(text) <= 6 and text.isupper() and text.isalpha():
            # `any SRCC credential`: whoever gives it, which one is not said.
            general = before[-1:] == ["any"]
            kind, means = "credential", text
            if general:
                kind, means = "credential_words", "any"
            span = (token.start, token.end, index, index + 1)
            out.append(Mention(kind, means, "", *span))
    return out


def _inherit_credential(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    for context in around:
        if not _can_lend_credential(context):
            continue
        if _is_denying_head(context):
            draft.set_field("credential", "none", "head that denies it", context.where)
            return
        named = [m for m in find_credentials(page, context.line) if m.place != "bare"]
        if _is_of_many(context, named):
            continue
        named = [m for m in named if m.means != "none" or _names_credentials(page)]
        _set_lent_credentials(draft, context, _drop_general_mentions(named))
        if "credential" in draft.fields or "credential_count" in draft.fields:
            return
        if context.where == "row" and (name := _read_credential_cell(page, context)):
            draft.set_field("credential", name, "under a head for credentials", "row")
            return


def _names_credentials(page: IndexedPage) -> bool:
    """Return whether a page speaks of credentials at all.

    Where it does not, a heading `Everyone else` parts other people.
    """
    if page.names_credentials is None:
        words = (*CREDENTIAL_STEMS, *page.words.credential_names)
        page.names_credentials = any(map(page.has_words, words))
    return page.names_credentials


def _can_lend_credential(context: ContextLine) -> bool:
    """Return whether a line around is one that says whose pay it is."""
    if context.where == "note" or context.full:
        return False
    return context.nearest or context.where not in ("heading", "lead_in")


def _is_denying_head(context: ContextLine) -> bool:
    """`Neither`, `None` as a whole head: whose pay it is hold no credential."""
    head = context.where in ("row", "column") and context.nearest
    words = context.line.texts
    lacking = context.line.lists["credential_lacking"]
    return head and len(words) == 1 and lacking.issuperset(words)


def _is_of_many(context: ContextLine, named: list[Mention]) -> bool:
    """Return whether a line over figures names several credentials, and so none."""
    if context.where not in ("lead_in", "caption", "heading"):
        return False
    if len({m.means for m in named}) <= 1:
        return False
    acronyms = {m.means for m in named if m.category == "credential"}
    return len(acronyms) != 1 or len(context.line.words) > MAX_LEAD_WORDS


def _set_lent_credentials(
    draft: Draft, context: ContextLine, named: list[Mention]
) -> None:
    """Set a draft's credential, and their number, by what a line around names."""
    where = context.where
    for mention in named:
        means = mention.means
        if means in COUNTS:
            draft.set_field("credential_count", means, "count around", where, mention)
            continue
        general = means in ("any", "none")
        if where != "heading" or not general or mention.first <= 4:
            draft.set_field("credential", means, "credential around", where, mention)


def _read_credential_cell(page: IndexedPage, context: ContextLine) -> str:
    """Return the acronym in a column headed `Certification`, known or not; else ""."""
    line = context.line
    text = line.text[line.start : line.end].strip(" *_®™\t")
    text = strip_gloss(text)
    if len(line.words) > MAX_NAME_WORDS or not ACRONYM.fullmatch(text):
        return ""
    for head in page.find_heads_at(line.start):
        over = page.block_line(head)
        if over.words and over.words[0].text in line.lists["credential_heads"]:
            return text
    return ""


def strip_gloss(written: str) -> str:
    """Return an acronym without the brackets that gloss it: `COFC (outpatient)`."""
    gloss = GLOSSED.fullmatch(written)
    return gloss.group(1) if gloss else written
