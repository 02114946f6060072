"""Who published a figure: `according to X`, `X reports`, `(X, 2024)`, `Source: X`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.core.currency_table import SIGNS
from pipeline.extract.lexicon import Mention
from pipeline.extract.linked_publishers import (
    find_linked_publishers,
    make_publisher_mention,
)
from pipeline.extract.tagged_lines import LINK_TARGET, TaggedLine

NAME = (
    r"(?:[Tt]he )?(?P<name>(?!The )(?:[A-Z][\w&.’'*+-]*|[a-z]+\.com)"
    r"(?:(?: of| for| and| &)?(?: the)? [A-Z][\w&*+-]*(?:[’'](?=\s[A-Z]))?){0,6})"
)
WORKS = (  # what a publisher calls what it gives out
    r"(?:book|guide|tracker|database|handbook|calculator|dataset|bulletin|yearbook"
    r"|almanac|barometer|statistics)"
)
# `Lanes count credits`, `schools release`: works of a publisher where it owns them.
OWNED_WORKS = r"(?:monitor|benchmark|count|release)"
COLLECTS = (  # what a publisher does to have figures
    r"(?:collects|gathers|compiles|tracks|aggregates|records|logs|tallies|crunches)"
)
TARGET = rf"(?:{LINK_TARGET.pattern})?"
UNLISTED_NAME_PATTERNS = (
    re.compile(
        r"\b(?:[Aa]ccording to|as reported by|[Ss]ource:|citing|[Dd]ata from"
        r"|(?:[Ff]igures|[Nn]umbers) from) " + NAME
    ),
    re.compile(
        rf"\b[Aa]ccording to [a-z][^A-Z.,;:{SIGNS}]{{4,70}}? "
        r"(?:at|of|from|by|site|platform) " + NAME
    ),
    re.compile(  # an edition's year may stand before the survey's own name
        r"(?<![\w’'])"
        + NAME
        + TARGET
        + r"(?:[’']s?)? (?:\d{4} |annual |salary |own |latest "
        r"|new |payroll |job |user |compensation |pay |member |membership |workforce "
        r"|wage |contract |earnings |staffing |hourly |official |[A-Z][a-z]+ )*"
        rf"(?:[Ss]urvey|report|study|index|census|poll|data|figures|{WORKS}"
        rf"|(?<=[’'] ){OWNED_WORKS}|(?<=[’']s ){OWNED_WORKS})\b"
    ),
    re.compile(  # `the job board X`, `a salary-sharing site, X`
        r"\b(?:job|jobs|salary|pay|wage|sharing|careers?|review|hiring|recruiting"
        r"|recruitment|staffing|compensation|data|survey|research|polling"
        r"|freelance)[ -](?:sharing )?(?:site|website|board|platform|portal|aggregator"
        r"|app|firm|agency|company|consultancy|service|tracker|network|marketplace),? "
        + NAME
    ),
    re.compile(  # `X asked 1,340 of its members`
        r"(?:^|[.,;:] |\n)" + NAME + r" (?:asked|polled|surveyed|interviewed|sampled"
        r"|questioned|canvassed) (?:about |some |nearly |almost |over |more than "
        r"|all |each of |every )?(?:of )?(?:the )?(?:\d|its |their |members|hundreds"
        r"|thousands|employers|workers|firms|companies|cities|counties|districts"
        r"|hospitals|schools|readers|respondents)"
    ),
    re.compile(  # `Acme collects the hourly rate from every post`
        r"(?:^|[.;:] |\n)" + NAME + rf" {COLLECTS} (?:the |all |its |every |our )?"
        r"(?:[a-z-]+ ){0,2}?"
        r"(?:rates?|pay|salar(?:y|ies)|wages?|earnings|figures|data)\b"
    ),
    re.compile(  # `earned less, says Acme Recruiters`
        r"(?:, |[”\"’] )(?:says|said|reckons|reports|estimates) (?:the )?"
        r"(?P<name>[A-Z][\w&.’'-]*(?: [A-Z][\w&-]*){0,4})(?P<said>)(?=[.,;]|$)"
    ),
    re.compile(
        r"\b(?:[Ss]urvey|[Rr]eport|[Ss]tudy|[Pp]oll|[Gg]uide)\b[^.;:$]{0,40}?"
        r"\b(?:released|published|conducted|issued|compiled|run|fielded|out)\b"
        r"[^.;:$]{0,24}?\b(?:by|from)\s" + NAME
    ),
    re.compile(r"\b(?:[Ss]urvey|[Rr]eport|[Ss]tudy|[Pp]oll|[Aa]nalysis) by " + NAME),
    re.compile(  # `State figures are Utah Workforce Services's`
        r"\b(?:figures|numbers|wages|salaries|rates|data|earnings|averages|medians"
        r"|estimates) (?:are|were|is) " + NAME + r"[’']s?(?=[,.;:)]|$| and\b| own\b)"
    ),
    re.compile(r"(?<=, )" + NAME + r" (?:said|says|reported|reports|found)(?=[.;,]|$)"),
    re.compile(
        r"\b(?:[Ee]dition of|[Ff]indings? of|[Rr]esults? of|in|from|by) the "
        r"(?P<name>[A-Z][\w&’'*+-]*(?: [A-Z\d][\w&*+-]*){0,5}) "
        r"(?:Survey|Report|Study|Index|Census|Outlook|Barometer|Benchmark)\b"
    ),
    re.compile(
        r"(?:^|[.,;] (?:and |while |but )?|\n)\[?"
        + NAME
        + TARGET
        + r" (?:reports|reported|listed|lists|shows|showed|estimates|estimated|puts|put"
        r"|pegs|pegged|found|gives|gave|records|recorded|quotes|publishes|published"
        r"|calculates|says) "
    ),
)
# `The Roofers’ League asked its firms`, `Hands for Hire, which counts sitters, had`.
ASKING = re.compile(
    r"(?:^\W{0,4}|[.,;:(“\"] ?(?:and |while |but )?|\n)"
    + NAME
    + r"(?P<aside>, (?:which|who|whose|an?|the) (?P<does>\w+) [^.;:$]{3,90}?,)?"
    r" (?P<verb>[a-z]+)\b"
)
REPORTING_CUE = re.compile(
    r"[Aa]ccording|[Ss]urvey|[Rr]eport|[Ss]ource| (?:list|show|put|peg|found|estimate"
    r"|citing|gave |gives |sa(?:id|ys))|data|figures|[Ss]tudy|[Ii]ndex|ublishe"
    rf"|{WORKS}|{OWNED_WORKS}|site|board|platform|portal|{COLLECTS}|asked|poll|agency|firm|sampled|network"
)
# `…, said the Bureau`: the verb in front of whoever says it.
SAID_BY = re.compile(
    r"[,”\"’]\s(?:said|says|reports|reported|notes|noted|finds|found)\s(?:the\s)?$"
)
NAME_TAIL = re.compile(
    r"(?: (?:19|20)\d\d| Annual| Salary| Survey| Report| Pay| Wage| Workforce| Study"
    r"| Compensation| Data| Index| Guide| Census| Inc\.?)+$|[.,]$"
)
POSSESSIVE = re.compile(r"[’'](?:s?)$")
ACRONYM = re.compile(r"[A-Z]{2,6}\d")
JOINED_NAME = re.compile(r"[A-Z][a-z]{2,}[A-Z][a-z]\w*")  # and no `McDonald`
HOME = "US"
MORE_OF_NAME = re.compile(r"(?:(?: and|,) [A-Z][a-z]+)+")
CUE_AFTER = 6
DENIED_REACH = 5  # words from `not`, all markup among them, to the name
DENIALS = frozenset(("not", "never", "instead", "unlike"))
WRAP = re.compile(r"(?<=[^\n]{48})\n(?=\w)")
NATIONAL = ("US", "United States")
LABEL_LENGTH = 9


# An office of a state, a province or a town: `Ohio Department of Education and Labor`.
OFFICE = re.compile(
    r"(?:[’']s)?\s(?P<name>(?:[A-Z][\w’'-]+\s){0,2}"
    r"(?:Department|Dept\.|Ministry|Bureau|Division|Commission|Agency)"
    r"(?:\s(?:of|for|on)\s(?:the\s)?"
    r"[A-Z][\w’'-]+(?:(?:,\sand|,|\sand|\s&)?\s[A-Z][\w’'-]+){0,5})?)(?![\w’'])"
)


def find_publishers(line: TaggedLine) -> list[Mention]:
    """Return publishers that the line names as where its figures come from."""
    key = "publishers of figures" if line.figures else "publishers"
    if key not in line.memo:
        found = _find_publishers(line)
        line.memo[key] = [m for m in found if not _is_denied(line, m)]
    return line.memo[key]  # type: ignore[no-any-return]


def _is_denied(line: TaggedLine, mention: Mention) -> bool:
    """`We did not use X for beginners`: X gave no figure."""
    before = line.texts[max(0, mention.first - DENIED_REACH) : mention.first]
    return not DENIALS.isdisjoint(before)


def _find_publishers(line: TaggedLine) -> list[Mention]:
    found = [m for m in line.get_mentions("publisher") if _is_source_mention(line, m)]
    found = _add_offices(line, found)
    if line.figures and not any(has_source_cue(line, m) for m in found):
        found = []
    found = [_name_of_place(line, m) for m in found]
    found = _merge_joint_publishers(line, found)
    if found:
        return found
    return _find_unlisted_publishers(line) or _find_linked(line)


def _find_linked(line: TaggedLine) -> list[Mention]:
    return find_linked_publishers(line) if line.figures else []


def _name_of_place(line: TaggedLine, mention: Mention) -> Mention:
    """`Ohio Department of Labor`: a state's office is not that of the nation."""
    for place in line.get_mentions("area"):
        gap = line.text[place.end : mention.start]
        if gap == " " and place.place and place.place != HOME:
            more = MORE_OF_NAME.match(line.text, mention.end, line.end)
            end = more.end() if more else mention.end
            name = " ".join(line.text[place.start : end].split())
            return replace(mention, means=name, start=place.start, first=place.first)
    return mention


def _add_offices(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """Add offices of the places that a line names, in front of what they hold.

    `Utah Department of Labor` is Utah's: no nation's office of that name is meant.
    """
    offices = []
    for area in line.get_mentions("area"):
        match = OFFICE.match(line.text, area.end, line.end)
        if match is not None and area.means not in NATIONAL:
            named = " ".join(match["name"].split())
            name = f"{line.text[area.start : area.end]} {named}"
            office = make_publisher_mention(line, name, area.start, match.end())
            if has_source_cue(line, office):
                offices.append(office)
    if not offices:
        return found
    kept = [
        m for m in found if all(m.end <= o.start or o.end <= m.start for o in offices)
    ]
    return sorted([*kept, *offices], key=lambda m: m.start)


def _is_source_mention(line: TaggedLine, mention: Mention) -> bool:
    """Whether a publisher's name is a source here, and not an employer or a school."""
    after = line.get_words_between(mention.last, mention.last + 2)
    if (after[:1] and after[0] in line.lists["attribution_possessed"]) or (
        after[1:2]
        and after[1] in line.lists["attribution_possessed"]
        and after[0] == "-"
    ):
        return False
    if after[:1] == [","] and mention.first == 0 and mention.means in ("Indeed",):
        return False
    text = line.text[mention.start : mention.end]
    return text[:1].isupper() or text[:1].isdigit() or "." in text


def has_source_cue(line: TaggedLine, mention: Mention) -> bool:
    """Words that make a name a source: `per X`, `X says`, `(X)`, `X's survey`."""
    if len(line.words) <= LABEL_LENGTH:
        return True
    before = line.get_words_between(max(0, mention.first - 4), mention.first)
    if "(" in before or before[-1:] == [":"]:
        return True
    if SAID_BY.search(line.text, max(line.start, mention.start - 24), mention.start):
        return True
    for cue in line.get_mentions("reporting"):
        if cue.place == "before" and 0 <= mention.first - cue.last <= 3:
            return True
        if cue.place == "after" and 0 <= cue.first - mention.last <= CUE_AFTER:
            return True
    after = line.get_words_between(mention.last, mention.last + CUE_AFTER)
    # `X, which …` and `X: …` at the head of a sentence name who says the rest.
    if mention.first == 0 and (
        after[:2] == [",", "which"]
        or after[:1] == [":"]
        or not line.lists["attribution_resumed"].isdisjoint(after[:1])
    ):
        return True
    return bool(line.lists["attribution_listed"] & {*after}) or after[:1] in (
        ["'"],
        ["’"],
        ["("],
        ["+"],
    )


def _merge_joint_publishers(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """`compiled from AAPC and Payscale data`: two publishers of one figure."""
    out: list[Mention] = []
    for mention in found:
        named = line.text[mention.start : mention.end]
        if (
            named.startswith(mention.means + " ")
            and named.rpartition(" ")[2].lower()
            not in line.lists["attribution_products"]
        ):
            mention = replace(mention, means=named)
        if out:
            gap = line.get_words_between(out[-1].last, mention.first)
            if gap in (["and"], ["&"], ["/"], ["+"]) and out[-1].means != mention.means:
                prior = out.pop()
                out.append(
                    Mention(
                        "publisher",
                        f"{prior.means}+{mention.means}",
                        "",
                        prior.start,
                        mention.end,
                        prior.first,
                        mention.last,
                    )
                )
                continue
            if gap == ["("] and out[-1].means == mention.means:
                continue
        out.append(mention)
    return out


def _find_unlisted_publishers(line: TaggedLine) -> list[Mention]:
    """Names that no vocabulary holds, by the words around them."""
    if not line.has_words():
        return []
    # A line of the file that is full ends inside a sentence, and inside a name.
    text = WRAP.sub(" ", line.text[line.start : line.end])
    matches = list(_list_asking_bodies(line, text))
    if not matches and not REPORTING_CUE.search(text):
        return []
    taken = line.get_mentions("area", "occupation", "months", "education")
    for pattern in UNLISTED_NAME_PATTERNS:
        matches += pattern.finditer(text)
    found = [m for match in matches if (m := _name_unlisted(line, match, taken))]
    found.sort(key=lambda m: m.start)
    return found[:4]


def _name_unlisted(
    line: TaggedLine, match: re.Match[str], taken: Sequence[Mention]
) -> Mention | None:
    """Return the publisher that a pattern found, without its tail; None for none."""
    name = NAME_TAIL.sub("", NAME_TAIL.sub("", match["name"])).strip()
    name = POSSESSIVE.sub("", name)
    start = line.start + match.start("name")
    cut = len(name) < len(match["name"]) - 2
    name = _strip_survey_topic(line, name, start, cut)
    if _is_not_a_name(line, name):
        return None
    firm = _is_firm(line, name)
    if "said" in match.groupdict() and not firm:
        return None  # `says Maria Lopez`
    of_place = firm or _has_body(line, name)  # `The Ohio Department of Education`
    for other in taken:
        mine = of_place and other.category in ("area", "occupation")
        if other.start <= start < other.end and not mine:
            return None
    return make_publisher_mention(line, name, start, line.start + match.end("name"))


def _list_asking_bodies(line: TaggedLine, text: str) -> Iterator[re.Match[str]]:
    """Yield bodies that ask people for their pay, or tell of whom they asked."""
    lists = line.lists
    asking = lists["attribution_asking"]
    if asking.isdisjoint(line.texts):
        return
    for match in ASKING.finditer(text):
        if match["verb"] in asking and _has_body(line, match["name"]):
            yield match
        elif match["aside"] and match["does"] in asking:
            told = match["verb"] in lists["attribution_telling"]
            if told or match["verb"] in asking:
                yield match


def _is_not_a_name(line: TaggedLine, name: str) -> bool:
    """Whether capitals are no name of a publisher: `The`, `2024`, a shouted head."""
    opening = name.split(" ")[0] in line.lists["attribution_no_names"]
    if (opening and not _is_body(line, name)) or len(name) < 3:
        return True
    if name in line.lists["attribution_bare_names"]:
        return True  # `the Bureau`: which one was said before
    demonyms = line.lists["demonyms"]
    if all(word in demonyms or word == "and" for word in name.split(" ")):
        return True
    shouted = name.isupper() and len(name) > 8
    counted = any(c.isdigit() for c in name) and not ACRONYM.fullmatch(name)
    return shouted or counted


def _is_firm(line: TaggedLine, name: str) -> bool:
    """Whether a name is no person's: `Acme Recruiters`, `HangarList`."""
    last = name.split(" ")[-1]
    firms = line.lists["attribution_firms"] | line.lists["attribution_bodies"]
    return last in firms or JOINED_NAME.fullmatch(name) is not None


def _is_body(line: TaggedLine, name: str) -> bool:
    """Whether a common word opens the name of a body: `National Education League`."""
    first, *rest = name.split(" ")
    return first in line.lists["attribution_body_heads"] and _has_body(
        line, " ".join(rest)
    )


def _has_body(line: TaggedLine, name: str) -> bool:
    """Whether a name of several words has what bodies are called in it."""
    return not line.lists["attribution_bodies"].isdisjoint(name.split(" ")[1:])


def _strip_survey_topic(line: TaggedLine, name: str, start: int, about: bool) -> str:
    """`Acme Physician Compensation`: who made it, without what it is about."""
    end = start + len(name)
    trailing = any(
        m.end == end and m.start > 0 for m in line.get_mentions("occupation")
    )
    if about and trailing and " " in name:
        return name.rpartition(" ")[0]
    return name
