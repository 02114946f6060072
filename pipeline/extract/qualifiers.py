"""Words that narrow whom a figure is of, and that no other field has read.

`among night-shift crews`, `at firms with more than 500 employees`, `for women`, `who
speak Spanish`: such a figure is not everybody's. What other fields understand, a
credential, years, a degree, a place, is theirs; what is left is kept as written.
"""

import re
from collections.abc import Sequence

from pipeline.core.currency_table import SIGNS
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupation_mentions import find_occupations
from pipeline.extract.tagged_lines import TaggedLine

# Kinds of words that a field of the claim says: a phrase with one of them is read.
READ = (
    "credential",
    "credential_words",
    "education",
    "employer_types",
    "experience",
    "specialties",
    "work_modes",
    "publisher",
)
WORKERS = (
    r"(?:those|workers|people|employees|professionals|individuals|nurses|coders|drivers"
    r"|technicians|teachers|staff|members|engineers|developers|graduates|candidates)"
)
FIRMS = (
    r"(?:companies|firms|employers|organi[sz]ations|businesses|practices|hospitals"
    r"|facilities|offices|shops|agencies|plants|districts|schools|stores)"
)
STOPS = (
    r"[,;:.()\[\]—–!?\n]|\s(?:is|are|was|were|earn\w*|make|makes|made|average\w*|get"
    r"|gets|got|can|could|may|might|will|would|have|has|had|pay|pays|paid|receive\w*"
    r"|report\w*|take|takes|took|start\w*|compared|while|whereas|but|the\s(?:median|average|mean|typical))\b|$"
)
END = rf"(?={STOPS})"
# Up to the end of the phrase, at most a dozen words; no figure of money stands in it.
PHRASE = rf"(?:(?!{STOPS})[^{SIGNS}]){{1,90}}?"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bamong\s(?=\S+\s\S){PHRASE}{END}",
        rf"\b(?:{WORKERS}\sthat|\w{{3,}}s\s(?:who|whose)|(?:those|people)\s(?:who|whose))"
        rf"\s[^{SIGNS},;:.()]{{1,80}}?"
        r"(?=[,;:.()]|\s(?:earn|make|average|get|can|may|kept)\w*\b|$)",
        rf"\b(?:for|of)\sthose\s(?:in|at|with|on|from|under|over)\s{PHRASE}{END}",
        rf"\b(?:at|in|for)\s(?:\w+[\s-]){{0,2}}{FIRMS}\s(?:with|that|where|under|over"
        rf"|owned|run)\s{PHRASE}{END}",
        r"\b(?:at|in)\s(?:small|smaller|large|larger|mid-?sized|big|bigger|family-owned"
        rf"|foreign-owned|state-owned|investor-owned)\s(?:\w+\s)?{FIRMS}\b",
        r"\b\w[\w&]*-(?:certified|licensed|registered|trained|accredited|speaking)\b",
        r"\b(?:aged|ages)\s\d{2}(?:\s?(?:to|-|–|and)\s?\d{2}|\s(?:and|or)\s\w+)?",
        r"(?<!or )(?<!and )\b(?:part[- ]time|per[- ]diem|temporary|seasonal|casual)"
        rf"\s(?:{WORKERS}|jobs?|work|positions?|roles?|\w+(?:er|or|ist|ian|ant)s?"
        r"|(?-i:[A-Z]{2,}s?))\b",
        r"\bpart[- ]timers\b",
        r"\b(?:night|evening|weekend|third|second|graveyard)[- ]shifts?\b",
        r"\b(?:adjust\w+|account\w+)\sfor\s(?:the\s)?(?:local\s)?cost\sof\sliving\b",
        r"\bcost[- ]of[- ]living[- ]adjusted\b",
        r"\bin\s(?:more\s)?(?:rural|urban|suburban|metropolitan|non-?metropolitan"
        r"|big|large|small)\s(?:areas?|towns?|cities|city|communities|counties|markets)\b",
        r"\bin\s(?:the\s)?(?:[\w-]+,?\s(?:and\s)?){1,4}?(?:industry|sector)\b",
    )
)
SEX = re.compile(
    r"\b(?:(?i:(?:fe)?male)\s\w+|(?i:wom[ae]n|men)|Black\s\w+|white\s\w+|Hispanic\s\w+"
    r"|Asian\s\w+|Latin[oax]\s\w+)\b"
    rf"(?=[^.;]{{0,60}}\b(?:earn|make|made|paid|average|report)\w*|\s?[{SIGNS}])"
)
EVERYBODY = re.compile(
    r"\b(?:all|any|each|every|other|states?|occupations?|jobs?|best|worst|top|\w{3,}est"
    r"|bottom|respond\w*|survey\w*|participants?|polled|asked|countr(?:y|ies)|nation\w*"
    r"|industries|metros?|percent|%)\b",
    re.IGNORECASE,
)
# `in Grantsville`, `at Acme Corp`: a place, a field or an employer that no list has.
NAMED = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear)\s(?:the\s)?((?:[A-Z][\w&’'-]*[a-z]\w*)"
    r"(?:\s(?:[A-Z][\w&’'.-]*|of|and\s[A-Z]\w+)){0,3})"
)
NO_NAME = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Spring|Summer|Fall|Autumn|Winter|Fiscal|FY|Figure|Table|Chapter|Section"
    r"|Exhibit|Appendix|Schedule|Part|Step|Level|Grade|Tier|Year|Quarter|Total|General"
    r"|Additional?|Addition|Fact|Other|English|Q[1-4]|Class|Group|Band|Line|Column"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Most|All|Each|Every)\b"
)
FEW_SMALL = 3  # words in small letters that running text has at least
# What stands behind these is compared with, asked or replaced: not who is paid.
NOT_WHOM = re.compile(
    r"\b(?:than|as|survey\w*|asks?|asked|polls?|replace|drive|hire|train|counts?)"
    r"(?:\s(?:the|to|of|what))?\s$",
    re.IGNORECASE,
)
CLOSE = 30  # characters from a figure to a phrase that follows it
APART = re.compile(r"[,;]|\band\b")
PEOPLE_HEAD = re.compile(
    r"(?i)(?:wo)?m[ae]n|(?:fe)?males?|part[- ]time(?:rs)?|non-?union|nights?"
)
PAY_KINDS = frozenset(("pay_level", "pay_delta_abs", "pay_delta_rel", "bonus"))
TURN = re.compile(r";|\b(?:while|whereas|but|versus|compared)\b|,\s(?:and|with)\s")
# `certified and non-certified` are all of them.
BOTH_KINDS = re.compile(r"(?i)\b(\w{4,14}) (?:and|or) (?:non-? ?|un|not )\1$")


def find_unread(
    line: TaggedLine, figure_index: int, known: Sequence[Mention] = ()
) -> list[str]:
    """Return the words of a figure's clause that narrow whom it is of and are unread.

    Args:
        line: Its sentence, cell or heading, with the figures in it.
        figure_index: Which of them.
        known: What names whose pay it is outright, its occupations.

    Returns:
        The phrases as written, in text order, each once.
    """
    if not line.has_words():
        return []
    found = []
    for span in _find_spans(line):
        if _belongs(line, figure_index, span) and not _is_read(line, *span):
            found.append(span)
    found += _find_last(line, SEX, line.figures[figure_index].start)
    found += [s for s in _find_names(line) if _belongs(line, figure_index, s)]
    return _quote(line, [span for span in found if not _is_whole(known, line, span)])


def find_unread_head(line: TaggedLine) -> list[str]:
    """Return what a row's or column's head says of whom its figures are, unread."""
    text = line.text[line.start : line.end]
    if PEOPLE_HEAD.fullmatch(text.strip()):
        return [" ".join(text.split())]
    return _quote(
        line, [span for span in _find_spans(line) if not _is_read(line, *span)]
    )


def set_unread(
    page: IndexedPage,
    line: TaggedLine,
    made: Sequence[Draft],
    around: Sequence[ContextLine],
) -> None:
    """Keep what narrows each figure of pay and is unread, its heads' words too."""
    live = [d for d in made if not d.aside and d.kind in PAY_KINDS]
    if not live:
        return
    heads = [c.line for c in around if c.where in ("row", "column") and c.nearest]
    above = [text for head in heads for text in find_unread_head(head)]
    known = find_occupations(line, page.words, page.occupation)
    for draft in live:
        found = [*find_unread(line, draft.index, known), *above, *draft.unread]
        draft.unread = tuple(dict.fromkeys(found))


def _find_names(line: TaggedLine) -> list[tuple[int, int]]:
    """Return names behind `in` and `at` that no vocabulary knows, in running text."""
    if "unknown names" not in line.memo:
        line.memo["unknown names"] = _search_names(line)
    return line.memo["unknown names"]  # type: ignore[no-any-return]


def _search_names(line: TaggedLine) -> list[tuple[int, int]]:
    if sum(token.islower() and token.isalpha() for token in _words(line)) < FEW_SMALL:
        return []
    spans = []
    for match in NAMED.finditer(line.text, line.start, line.end):
        start, end = match.span(1)
        known = any(m.start < end and start < m.end for m in line.mentions)
        areas = any(m.start < end and start < m.end for m in find_areas(line))
        if not (known or areas or NO_NAME.match(match.group(1))):
            spans.append((match.start(), end))
    return spans


def _words(line: TaggedLine) -> list[str]:
    return line.text[line.start : line.end].split()


def _is_whole(
    known: Sequence[Mention], line: TaggedLine, span: tuple[int, int]
) -> bool:
    """Whether a phrase names an occupation and no more: `among dental hygienists`."""
    text = line.text[span[0] : span[1]].lower()
    if not text.startswith("among "):
        return False
    bare = text.removeprefix("among ").strip().removeprefix("the ")
    named = (line.text[m.start : m.end].lower() for m in known)
    return " " not in bare or bare in named


def _find_spans(line: TaggedLine) -> list[tuple[int, int]]:
    """Return the spans of all phrases that narrow whom a line is of."""
    if "narrowing" not in line.memo:
        line.memo["narrowing"] = _search_spans(line)
    return line.memo["narrowing"]  # type: ignore[no-any-return]


def _search_spans(line: TaggedLine) -> list[tuple[int, int]]:
    if len(line.words) < 2:  # each phrase has two words, or two parts of one
        return []
    return [
        (match.start(), _trim(line.text, match.start(), match.end()))
        for pattern in PATTERNS
        for match in pattern.finditer(line.text, line.start, line.end)
    ]


def _quote(line: TaggedLine, found: list[tuple[int, int]]) -> list[str]:
    """Return spans as written, in text order, without those inside others."""
    if not found:
        return []
    kept = [
        a
        for a in found
        if not any(b != a and b[0] <= a[0] and a[1] <= b[1] for b in found)
    ]
    said = (" ".join(line.text[a:b].split()).strip(" ,") for a, b in sorted(kept))
    return list(dict.fromkeys(text for text in said if text))


def _belongs(line: TaggedLine, figure_index: int, span: tuple[int, int]) -> bool:
    """Whether a phrase speaks of a figure: what follows another closely is its own.

    What stands before the first figure holds for all, up to a turn.
    """
    start, end = _find_clause(line, figure_index)
    if not start <= span[0] < end:
        return False
    before = [i for i, f in enumerate(line.figures) if f.end <= span[0]]
    if not before:
        return True
    last = line.figures[before[-1]]
    gap = line.text[last.end : span[0]]
    follows = len(gap) < CLOSE and not APART.search(gap)
    return figure_index == before[-1] if follows else figure_index > before[-1]


def _find_clause(line: TaggedLine, figure_index: int) -> tuple[int, int]:
    """Return the span of a figure's clause: up to the turns around it.

    What opens a sentence holds for all of it.
    """
    figure = line.figures[figure_index]
    cuts = [m.start() for m in TURN.finditer(line.text, line.start, line.end)]
    before = [cut for cut in cuts if cut <= figure.start]
    after = [cut for cut in cuts if cut >= figure.end]
    others = [f.end for f in line.figures if f.end <= figure.start]
    start = line.start
    if before and any(end <= before[-1] for end in others):
        start = before[-1]
    colon = line.text.rfind(": ", start, figure.start)
    if colon > 0 and any(
        colon < m.start < figure.start for m in line.get_mentions("occupation")
    ):
        start = colon  # `those who fix them do better: mechanics averaged`
    return start, (after[0] if after else line.end)


def _find_last(
    line: TaggedLine, pattern: re.Pattern[str], at: int
) -> list[tuple[int, int]]:
    """Return the last of some words before a figure: each figure has its own."""
    spans = [m.span() for m in pattern.finditer(line.text, line.start, at)]
    return spans[-1:]


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " ,\n":
        end -= 1
    return end


def _is_read(line: TaggedLine, start: int, end: int) -> bool:
    """Whether a field says what a phrase does, or the phrase says `everybody`."""
    if EVERYBODY.search(line.text, start, end):
        return True
    before = max(line.start, start - 40)
    if NOT_WHOM.search(line.text, before, start):
        return True
    if BOTH_KINDS.search(line.text, before, end):
        return True
    known = [*line.get_mentions(*READ), *find_areas(line)]
    if any(start <= m.start < end for m in known):
        return True
    return any(start <= figure.start < end for figure in line.figures)
