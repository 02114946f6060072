"""What a figure is about: each field from the nearest place that names it.

The sentence or cell is heard first, then row and column heads, the lead-in, caption
and notes, the heading, and the page. A field that is not the figure's own is
`inherited`, with the place it came from.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from pipeline.extract import experience, period, statistic
from pipeline.extract.attribution import publishers
from pipeline.extract.dates import When, dates
from pipeline.extract.drafts import Draft
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupations import occupations
from pipeline.extract.page import Context, Page
from pipeline.extract.reading import Before
from pipeline.extract.scope import attach, comparator
from pipeline.extract.sentences import Line

CITY_STATE = re.compile(
    r"(?<![\w.-])[A-Z][\w.'’]+(?:[ /-]{1,2}[A-Z][\w.'’]+){0,6}, (?P<state>[A-Z]{2}(?:-[A-Z]{2}){0,4})(?![\w-])"
)
STATES = frozenset(
    "AB BC MB NB NL NS ON PE QC SK NSW QLD VIC AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE "
    "NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY".split()
)
HOLDING = frozenset(
    "holders holder credential credentials certification certified certificate".split()
)
TAILS = ("p10", "p25", "p75", "p90")
NATION = ("US",)
SHORT_WORDS = 16


def complete(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Fill the fields of every draft of a line that is to be a claim."""
    live = [d for d in made if not d.aside]
    if not live:
        return
    for draft in live:
        _currency(page, draft)
        _statistic(line, draft, around, before)
    _periods(page, line, live, around, before)
    _attribution(page, line, made, around, before)
    _areas(page, line, made, around, before)
    _credentials(page, line, made, around)
    _experience(page, line, made, around)
    _words(line, made, around)
    _occupations(page, line, made, around, before)
    _dates(line, made, around, before)


def _currency(page: Page, draft: Draft) -> None:
    if draft.figure.unit != "money":
        return
    mark = " ".join(draft.figure.mark.replace("\u00a0", " ").lower().split())
    code = page.words.currencies.get(mark, "")
    if mark in ("£",):
        code = "GBP"
    if code:
        draft.put("currency", code, "mark", text=draft.figure.mark)
    elif not mark:
        draft.put("currency", page.money, "as the page's other figures", "document")
    else:
        draft.put("currency", page.currency, "mark, read by the page", text=mark)


def _statistic(
    line: Line, draft: Draft, around: Sequence[Context], before: Before
) -> None:
    if draft.kind not in ("pay_level", "bonus"):
        return
    figure = draft.figure
    name, cue = statistic.statistic(line, draft.index)
    where = "sentence"
    bounded = (figure.low is None) != (figure.high is None)
    if name == "unspecified" and cue is None:
        name, cue, where = _lent_statistic(draft, around)
    if figure.low is not None and figure.high is not None:
        if not name.startswith("p"):
            name, where = "range", "sentence"
        elif name in TAILS:
            name = "range"
    elif bounded and name in TAILS:
        figure.value, figure.low, figure.high = figure.size, None, None
    elif bounded and name == "median" and cue is not None and cue.means == "half":
        figure.value, figure.low, figure.high = figure.size, None, None
    elif bounded:
        if name not in ("minimum", "maximum"):
            name = "minimum" if figure.low is not None else "maximum"
    elif name == "range":
        name = "unspecified"
    draft.put("statistic", name, "statistic word", where, cue)


def _lent_statistic(
    draft: Draft, around: Sequence[Context]
) -> tuple[str, Mention | None, str]:
    """The statistic of a row, column, lead-in, caption or heading."""
    block_is_label = len(draft.line.words) <= SHORT_WORDS
    for context in around:
        if context.where == "heading" and not (block_is_label and context.nearest):
            continue
        if context.where == "row" and not context.nearest:
            continue
        if context.where == "note" or context.full:
            continue
        for cue in context.line.of("statistics"):
            name, _, number = cue.means.partition(":")
            if name in ("start", "range", "tail", "half", "middle"):
                continue
            if name in ("percentile", "low", "high"):
                share = int(float(number))
                share = 100 - share if name == "high" and share <= 50 else share
                return (
                    statistic.PERCENTILES.get(share, "unspecified"),
                    cue,
                    context.where,
                )
            if context.where != "column" and name in (
                "minimum",
                "maximum",
                "unspecified",
            ):
                continue
            return name, cue, context.where
    return "unspecified", None, "sentence"


def _periods(
    page: Page,
    line: Line,
    live: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    for draft in live:
        if draft.figure.unit == "money":
            own = period.touching(line, draft.index)
            if own is not None:
                draft.put(
                    "period", own.means, "period after the figure", "sentence", own
                )
    for draft in live:
        if draft.figure.unit != "money" or "period" in draft.fields:
            continue
        _sentence_period(page, line, draft, live)
        if "period" not in draft.fields:
            _prior_period(page, draft, before)
        if "period" not in draft.fields:
            _lent_period(page, draft, around)
        if "period" not in draft.fields and draft.kind in (
            "pay_level",
            "pay_delta_abs",
        ):
            _sized_period(page, draft, live)


def _fits(page: Page, draft: Draft, name: str) -> bool:
    """Whether a sum can be pay for a span of time."""
    band = page.words.magnitudes.get(name)
    if band is None:
        return False
    size = draft.figure.size / _worth(draft)
    if draft.kind in ("pay_delta_abs", "bonus"):
        return size < 1000 if name == "hour" else True
    return band[0] <= size <= band[1]


def _worth(draft: Draft) -> float:
    code = draft.fields.get("currency")
    return 25.0 if code in ("INR", "PHP", "JPY", "NGN", "KES") else 1.0


def _sentence_period(
    page: Page, line: Line, draft: Draft, live: Sequence[Draft]
) -> None:
    """A period named before the figure, or by its neighbours of the same size."""
    named = period.before(line, draft.index)
    piece = named is not None and not named.means
    if named is not None and (piece or _fits(page, draft, named.means)):
        if draft.kind != "bonus":
            draft.put(
                "period", named.means, "period before the figure", "sentence", named
            )
        return
    for other in live:
        if other is draft or other.kind != draft.kind:
            continue
        name = other.fields.get("period")
        if name and _alike(draft, other) and _fits(page, draft, name):
            draft.put("period", name, "as its neighbour in the sentence")
            return
    if draft.kind == "pay_delta_abs":
        for other in live:
            name = other.fields.get("period")
            if (
                other.kind == "pay_level"
                and name
                and draft.figure.size < other.figure.size
            ):
                draft.put("period", name, "as the level it differs from")
                return
    after = period.later(line, draft.index)
    if after is not None and after.means and draft.kind == "pay_level":
        if _fits(page, draft, after.means) and after.place == "any":
            draft.put(
                "period", after.means, "period later in the sentence", "sentence", after
            )


def _prior_period(page: Page, draft: Draft, before: Before) -> None:
    """As a figure of its kind and size in the sentence before."""
    for other in reversed(before.drafts):
        name = other.fields.get("period")
        if other.kind == draft.kind and name and draft.kind != "bonus":
            if _alike(draft, other) and _fits(page, draft, name):
                draft.put("period", name, "as in the sentence before")
                draft.inherited["period"] = "sentence"
                return


def _alike(a: Draft, b: Draft) -> bool:
    """Sums of one order of size."""
    low, high = sorted((a.figure.size, b.figure.size))
    return low > 0 and high / low < 8


def _lent_period(page: Page, draft: Draft, around: Sequence[Context]) -> None:
    if draft.kind == "bonus":
        return
    for context in around:
        if context.where == "row" and not context.nearest:
            names = [m for m in context.line.of("periods")]
            if len(context.line.words) > 4:
                continue
        else:
            names = context.line.of("periods")
        for cue in names:
            if cue.place == "any" and cue.means and _fits(page, draft, cue.means):
                if draft.kind == "pay_delta_abs" and context.where == "heading":
                    continue
                draft.put("period", cue.means, "period around", context.where, cue)
                return


def _sized_period(page: Page, draft: Draft, live: Sequence[Draft]) -> None:
    """What a sum can only be pay for: thousands for a year, tens for an hour."""
    size = draft.figure.size / _worth(draft)
    if draft.kind == "pay_delta_abs":
        if size >= 1000:
            draft.put("period", "year", "size", "magnitude")
        return
    for name, (_, _, least, most) in page.words.magnitudes.items():
        if least <= size < most:
            draft.put("period", name, "size", "magnitude")
            return
    for other in live:
        if (
            other.fields.get("period") == "year"
            and abs(other.figure.size / 12 - size) < 12
        ):
            draft.put("period", "month", "a twelfth of its neighbour", "magnitude")


def _spread(
    line: Line,
    made: Sequence[Draft],
    mentions: Iterable[Mention],
    name: str,
    value: Callable[[Mention], object] = lambda m: m.means,
    reach: int = 9,
    on: bool = False,
) -> None:
    """Give each figure the mention of its sentence that belongs to it."""
    held = attach(line, mentions, reach, on)
    for draft in made:
        if draft.aside:
            continue
        mention = held[draft.index]
        if mention is not None:
            draft.put(
                name, value(mention), f"{name} in the sentence", "sentence", mention
            )


def _attribution(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    named = publishers(line)
    _spread(line, made, named, "attributed_to", reach=24, on=True)
    _siblings(page, line, made, named)
    if named and not any("attributed_to" in d.fields for d in made):
        own = [m for m in named if not comparator(line, m)]
        if len({m.means for m in own}) == 1:
            for draft in made:
                if not draft.aside:
                    draft.put(
                        "attributed_to",
                        own[0].means,
                        "publisher of the sentence",
                        "sentence",
                        own[0],
                    )
    for draft in made:
        if draft.aside or "attributed_to" in draft.fields:
            continue
        if before.publisher is not None and continues(line):
            draft.put(
                "attributed_to",
                before.publisher[0],
                "publisher of the sentence before",
                "sentence",
                text=before.publisher[0],
            )
            draft.inherited["attributed_to"] = "sentence"
            continue
        for context in around:
            if context.where == "heading" and not context.nearest:
                continue
            if context.where == "row" and not context.nearest:
                continue
            found = [
                m for m in publishers(context.line) if not comparator(context.line, m)
            ]
            if context.where == "heading" and not _credits(context.line, found):
                continue
            if found:
                draft.put(
                    "attributed_to",
                    found[-1].means,
                    "publisher around",
                    context.where,
                    found[-1],
                )
                break


def _credits(line: Line, found: list[Mention]) -> bool:
    """A heading credits a publisher in brackets, after a comma, or with a cue."""
    if not found:
        return False
    words = [token.text for token in line.words[: found[-1].first]]
    after = line.between(found[-1].last, found[-1].last + 2)
    return bool(
        {"(", ",", "according", "source", "from", "per", "by", ":"} & {*words}
    ) or bool(
        {
            "data",
            "survey",
            "figures",
            "report",
            "says",
            "median",
            "salary",
            "wage",
            "pay",
        }
        & {*after}
    )


def _siblings(
    page: Page, line: Line, made: Sequence[Draft], named: list[Mention]
) -> None:
    """`CPC: $61,700 (Source: X)`, then `COC: $69,400`: the list has one source."""
    if not made:
        return
    block = page.document.blocks[made[0].block]
    if block.kind == "cell":
        return
    listed = block.kind in ("item", "definition", "term")
    key = (block.section, block.lead_in, -1 if listed else made[0].block)
    if named and any(
        line.text[m.start - 10 : m.start]
        .rstrip()
        .lower()
        .endswith(("(source:", "(source", "source:"))
        for m in named
    ):
        page.sources[key] = named[-1].means
    elif not named and key in page.sources and len(line.words) <= SHORT_WORDS:
        for draft in made:
            if not draft.aside:
                source = page.sources[key]
                draft.put(
                    "attributed_to",
                    source,
                    "source of the list",
                    "lead_in",
                    text=source,
                )


def continues(line: Line) -> bool:
    """Whether a sentence goes on about what the one before reported."""
    if _first_person(line):
        return False
    if line.of("anaphora"):
        return True
    for cue in line.of("statistics"):
        if cue.means not in ("range", "start"):
            return True
    opening = [token.text for token in line.words[:2]]
    return bool(opening) and opening[0] in (
        "it",
        "that",
        "this",
        "they",
        "among",
        "its",
        "here",
    )


def _first_person(line: Line) -> bool:
    return bool({"i", "my", "we", "our"} & {token.text for token in line.words})


def _areas(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    _spread(line, made, areas(line), "area")
    for draft in made:
        if draft.aside:
            continue
        if (
            "area" not in draft.fields
            and before.area is not None
            and not areas(line)
            and (continues(line) and not publishers(line))
        ):
            draft.put(
                "area",
                before.area,
                "area of the sentence before",
                "sentence",
                text=before.area,
            )
            draft.inherited["area"] = "sentence"
        for context in around:
            if "area" in draft.fields:
                break
            if context.full or (context.where == "row" and not context.nearest):
                continue
            if context.where in ("note",) or (
                context.where == "heading" and not context.nearest
            ):
                continue
            found = areas(context.line)
            if found and len({m.means for m in found}) == 1:
                draft.put(
                    "area", found[0].means, "area around", context.where, found[0]
                )
        if (
            "area" not in draft.fields
            and draft.fields.get("attributed_to") in page.words.official
        ):
            if draft.fields.get("currency", "USD") == "USD":
                draft.put(
                    "area",
                    "US",
                    "official publisher speaks of the nation",
                    "document",
                    text="US",
                )
        if "area" in draft.fields:
            level = page.words.levels.get(draft.fields["area"])
            if level is None and CITY_STATE.fullmatch(draft.fields["area"]):
                level = "metro"
            draft.put(
                "area_level",
                level if level != "region" else None,
                "level of the area",
                draft.inherited.get("area", "sentence"),
                text=str(level),
            )


def areas(line: Line) -> list[Mention]:
    """Places named in a line; cities and postal codes only where they stand alone."""
    found = [
        m for m in line.of("area") if line.text[m.end : m.end + 1] not in ("$", "£")
    ]
    found = _titled(line, found)
    taken = [(m.first, m.last) for m in line.of("area", "publisher")]
    for mention in line.of("city"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        word = line.between(mention.first - 1, mention.first) if mention.first else []
        label = mention.first == 0 or word == ["-"] or word == ["."]
        if (
            word
            in (
                ["in"],
                ["near"],
                ["around"],
                ["of"],
                ["from"],
                ["to"],
                [","],
                ["and"],
                ["("],
            )
            or label
        ):
            if not _worded(line, mention):
                found.append(mention)
    for mention in line.of("postal"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        if len(line.words) <= 3 or (
            mention.first == 0
            and line.between(mention.last, mention.last + 1)
            in ([":"], ["-"], ["–"], ["—"])
        ):
            found.append(mention)
    return sorted(found, key=lambda m: m.start)


def _titled(line: Line, found: list[Mention]) -> list[Mention]:
    """`Sacramento-Roseville, CA`: a place is named by its city and state, as written."""
    text = line.text
    out = list(found)
    for match in CITY_STATE.finditer(text, line.start, line.end):
        if match["state"].split("-")[0] not in STATES or any(
            m.start <= match.start() and match.end() <= m.end for m in found
        ):
            continue
        first = next((i for i, t in enumerate(line.words) if t.end > match.start()), 0)
        last = next(
            (i for i, t in enumerate(line.words) if t.start >= match.end()),
            len(line.words),
        )
        out = [m for m in out if m.end <= match.start() or m.start >= match.end()]
        out.append(Mention("area", match.group(), "", *match.span(), first, last))
    return out


def _worded(line: Line, mention: Mention) -> bool:
    """A city's name at the start of a line is a word unless something follows it."""
    if mention.first > 0:
        return False
    following = line.between(mention.last, mention.last + 1)
    return (
        following not in ([":"], [","], ["–"], ["—"], ["-"], ["("], [])
        and bool(following)
        and not following[0].startswith("$")
    )


def _credentials(
    page: Page, line: Line, made: Sequence[Draft], around: Sequence[Context]
) -> None:
    named = credentials(page, line)
    counts = [m for m in named if m.means in ("1", "2", "3+", "2+")]
    spoken = counts or any(
        c.means in ("1", "2", "3+", "2+")
        for x in around
        if x.nearest
        for c in x.line.of("credential_words")
    )
    if spoken:
        bare = {"n1": "1", "n2": "2", "n3": "3+"}
        counts = [
            m for m in named if m.means in ("1", "2", "3+", "2+") or m.means in bare
        ]
        _spread(
            line, made, counts, "credential_count", lambda m: bare.get(m.means, m.means)
        )
    named = [
        m for m in named if m.place != "bare" and m.means not in ("1", "2", "3+", "2+")
    ]
    named = _specific(named)
    _spread(line, made, named, "credential")
    for draft in made:
        if draft.aside:
            continue
        if "credential" not in draft.fields and not counts:
            _lent_credential(page, draft, around)
        if "credential_count" in draft.fields:
            draft.put(
                "credential",
                "any",
                "credentials counted",
                draft.inherited.get("credential_count", "sentence"),
            )


def _specific(named: list[Mention]) -> list[Mention]:
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


def credentials(page: Page, line: Line) -> list[Mention]:
    """Credentials of a line; one by its full name only if the page has its acronym."""
    schooling = {m.first for m in line.of("education")}
    named = [
        m
        for m in line.of("credential")
        if m.first not in schooling
        and (m.place != "name" or m.means in page.document.text)
    ]
    named += _acronyms(line, named)
    spans = [(m.first, m.last) for m in named]
    words = [
        m
        for m in line.of("credential_words")
        if not any(a <= m.first and m.last <= b for a, b in spans)
    ]
    return sorted(named + words, key=lambda m: m.start)


def _acronyms(line: Line, named: list[Mention]) -> list[Mention]:
    """Capitals that no vocabulary holds, beside a word for a credential."""
    known = {m.first for m in named} | {
        i
        for m in line.of("publisher", "area", "postal", "occupation", "education")
        for i in range(m.first, m.last)
    }
    out = []
    for index, token in enumerate(line.words[:-1]):
        if line.words[index + 1].text not in HOLDING or index in known:
            continue
        text = line.text[token.start : token.end]
        if 2 <= len(text) <= 6 and text.isupper() and text.isalpha():
            out.append(
                Mention(
                    "credential", text, "", token.start, token.end, index, index + 1
                )
            )
    return out


def _lent_credential(page: Page, draft: Draft, around: Sequence[Context]) -> None:
    for context in around:
        if context.where == "note" or context.full:
            continue
        if context.where in ("heading", "lead_in") and not context.nearest:
            continue
        named = [m for m in credentials(page, context.line) if m.place != "bare"]
        if (
            context.where in ("lead_in", "caption", "heading")
            and len({m.means for m in named}) > 1
        ):
            acronyms = {m.means for m in named if m.category == "credential"}
            if len(acronyms) != 1 or len(context.line.words) > 14:
                continue
        for mention in _specific(named):
            if mention.means in ("1", "2", "3+", "2+"):
                draft.put(
                    "credential_count",
                    mention.means,
                    "count around",
                    context.where,
                    mention,
                )
                continue
            if context.where in ("lead_in", "heading") and mention.means in (
                "any",
                "none",
            ):
                if (
                    "certif" in mention.means
                    or context.where == "heading"
                    and mention.first > 4
                ):
                    continue
            draft.put(
                "credential", mention.means, "credential around", context.where, mention
            )
        if "credential" in draft.fields or "credential_count" in draft.fields:
            return


def _experience(
    page: Page, line: Line, made: Sequence[Draft], around: Sequence[Context]
) -> None:
    named = experience.useful(line)
    held = attach(line, named)
    labels = attach(line, [m for m in line.of("experience") if m.means == "label"])
    for draft in made:
        if draft.aside or draft.kind not in ("pay_level", "bonus"):
            continue
        mention = held[draft.index]
        if mention is not None:
            _years(draft, mention, line, "sentence")
        label = labels[draft.index]
        if label is not None:
            text = line.text[label.start : label.end]
            draft.put(
                "experience_label", text, "label in the sentence", "sentence", label
            )
        for context in around:
            if "experience_min" in draft.fields or "experience_max" in draft.fields:
                break
            if context.where == "heading" and not context.nearest:
                continue
            if context.where in ("note", "caption", "column"):
                continue
            _lent_years(page, draft, context, around)


def _years(draft: Draft, mention: Mention, line: Line, where: str) -> None:
    found = experience.band(mention)
    if found is None:
        return
    draft.put("experience_min", found[0], "years", where, mention)
    draft.put("experience_max", found[1], "years", where, mention)
    text = line.text[mention.start : mention.end]
    draft.put("experience_label", text, "years as written", where, mention)


def _lent_years(
    page: Page, draft: Draft, context: Context, around: Sequence[Context]
) -> None:
    text = context.line.text[context.line.start : context.line.end]
    if context.where == "row":
        found = experience.bare_band(text) if len(text) < 24 else None
        if found is not None and _years_head(page, draft, context):
            draft.put("experience_min", found[0], "years in the row", "row", text=text)
            draft.put("experience_max", found[1], "years in the row", "row", text=text)
            draft.put(
                "experience_label", text.strip(), "years in the row", "row", text=text
            )
            return
    for mention in experience.useful(context.line):
        if context.where == "lead_in" and mention.first > 3:
            continue
        _years(draft, mention, context.line, context.where)
        return


def _years_head(page: Page, draft: Draft, context: Context) -> bool:
    """Whether the column that a row head stands in is one of years."""
    blocks = page.document.blocks
    for index in page.rows.get(
        (blocks[draft.block].table or 0, blocks[draft.block].row or 0), ()
    ):
        if blocks[index].start == context.line.start:
            heads = " ".join(
                page.document.text[blocks[i].start : blocks[i].end]
                for i in blocks[index].column_heads
            )
            words = page.words.heads.find(heads, page_tokens(heads))
            return any(m.category == "experience_heads" for m in words)
    return False


def page_tokens(text: str) -> list:  # type: ignore[type-arg]
    """Tokens of a short text of its own."""
    from pipeline.extract.lexicon import tokens

    return tokens(text)


def _words(line: Line, made: Sequence[Draft], around: Sequence[Context]) -> None:
    """Work mode, employer, education, specialty and pay basis."""
    for category, name in (
        ("work_modes", "work_mode"),
        ("employer_types", "employer_type"),
        ("education", "education"),
        ("specialties", "specialty"),
        ("pay_bases", "pay_basis"),
    ):
        _spread(line, made, line.of(category), name)
        for draft in made:
            if draft.aside or name in draft.fields:
                continue
            for context in around:
                if context.where == "heading" and (
                    not context.nearest or name == "education"
                ):
                    continue
                if context.where in ("note",) or (
                    context.where == "row" and not context.nearest
                ):
                    continue
                found = context.line.of(category)
                if found and len({m.means for m in found}) == 1:
                    draft.put(
                        name, found[0].means, f"{name} around", context.where, found[0]
                    )
                    break


def _occupations(
    page: Page,
    line: Line,
    made: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    named = occupations(page, line)
    own = [m for m in named if m.means]
    _spread(line, made, own, "occupation")
    for draft in made:
        if draft.aside or "occupation" in draft.fields:
            continue
        if before.occupation:
            draft.put(
                "occupation",
                before.occupation,
                "occupation of the sentence before",
                "sentence",
                text=before.occupation,
            )
            draft.inherited["occupation"] = "sentence"
            continue
        for context in around:
            if context.where == "note" or (
                context.where == "row" and not context.nearest
            ):
                continue
            found = [m for m in occupations(page, context.line) if m.means]
            if found and (
                context.where != "lead_in" or len({m.means for m in found}) == 1
            ):
                draft.put(
                    "occupation",
                    found[0].means,
                    "occupation around",
                    context.where,
                    found[0],
                )
                break
        if page.occupation:
            draft.put(
                "occupation",
                page.occupation,
                "occupation of the page",
                "document",
                text=page.occupation,
            )


def _dates(
    line: Line, made: Sequence[Draft], around: Sequence[Context], before: Before
) -> None:
    text = line.text
    found = dates(text, line.start, line.end)
    for draft in made:
        if draft.aside:
            continue
        when = _own_date(line, draft, found)
        if when is not None:
            draft.put(
                "reference_period",
                when.means,
                "date in the sentence",
                "sentence",
                text=when.means,
            )
            continue
        if before.when and not found and draft.kind != "outlook" and continues(line):
            draft.put(
                "reference_period",
                before.when,
                "date of the sentence before",
                "sentence",
                text=before.when,
            )
            draft.inherited["reference_period"] = "sentence"
            continue
        for context in around:
            if context.where == "heading" and not context.nearest:
                continue
            if context.where == "row" and not context.nearest:
                continue
            near = dates(context.line.text, context.line.start, context.line.end)
            if len(near) == 1:
                draft.put(
                    "reference_period",
                    near[0].means,
                    "date around",
                    context.where,
                    text=near[0].means,
                )
                break


def _own_date(line: Line, draft: Draft, found: list[When]) -> When | None:
    """The date right behind the figure, else the last one before it."""
    figure = draft.figure
    following = min(
        (f.start for f in line.figures if f.start >= figure.end), default=line.end
    )
    after = [w for w in found if figure.end <= w.start < following]
    if after:
        gap = line.text[figure.end : after[0].start]
        if len(gap) < 48 and not any(cut in gap for cut in (";", ". ", ",")):
            return after[0]
    before = [w for w in found if w.end <= figure.start]
    if before:
        return before[-1]
    later = [w for w in found if w.start >= figure.end]
    return later[0] if len(later) == 1 == len(found) else None
