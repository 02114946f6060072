"""Where a page speaks of an office that it has named before: `the Bureau says`.

A publisher of official figures is named whole once; then it is `the government`, `the
Bureau`, `federal statistics`. Whoever only tells of the pay is not who pays it.
"""

import re

from pipeline.extract.lexicon import Mention
from pipeline.extract.linked_publishers import make_publisher_mention
from pipeline.extract.tagged_lines import TaggedLine

# An agency may be one that lends nurses out: only `according to the agency` is none.
OFFICE = (
    r"(?:(?:federal\s)?government|feds|bureau"
    r"|(?:wage|labor|labour|statistics)\s(?:people|folks|office))"
)
VERBS = (
    r"(?:says?|said|puts?|shows?|showed|lists?|listed|reports?|reported|gives?|gave"
    r"|counts?|counted|found|finds|has|had|pegs?|pegged|publish(?:es|ed)|records?"
    r"|recorded|estimates?|estimated|reckons?|projects|projected|expects|expected|sees"
    r"|forecasts?|predicts?|predicted|anticipates?|calls)"
)
NOUNS = (
    r"(?:statistics|figures?|data|numbers?|survey|tally|list|table|tables|report|estimates?"
    r"|median|mean|average)"
)
# `the Bureau says`, `according to the agency`, `says the government`, `government
# statistics`, `federal data`.
REFERENCE = re.compile(
    rf"(?i)\bthe\s(?:same\s)?(?P<subject>{OFFICE})\s(?:itself\s|now\s|also\s)?{VERBS}\b"
    rf"|\b(?:according\sto|per|says|said)\s(?:the\s)?(?:same\s)?(?P<named>{OFFICE}|agency)\b"
    rf"|\bthe\s(?P<owner>{OFFICE})[’']s\s(?:\w+\s){{0,2}}?{NOUNS}\b"
    rf"|\b(?P<adjective>(?:federal\s)?government|federal)(?:[’']s)?\s(?:wage\s|labor\s"
    rf"|labour\s|pay\s)?{NOUNS}\b"
)
# What tells of pay, whosever it is.
MEDIUM = re.compile(
    r"(?i)(?:[’']s?)?\s(?:own\s|web\s|career\s)?(?:page|site|website|brochure|catalog"
    r"|catalogue|flyer|leaflet|blog|newsletter|magazine|recruiter|report)s?\b"
)
# `federal figures are due`: a table of the pay of those whom the government employs.
PAID = re.compile(r"(?i)\b(?:workers?|employees?|jobs?|agencies|pay\sscale)\b")


def find_official_references(line: TaggedLine) -> list[tuple[int, int]]:
    """Return where a line speaks of an office without its name: start and end."""
    if "offices" not in line.memo:
        line.memo["offices"] = [
            match.span(name)
            for match in REFERENCE.finditer(line.text, line.start, line.end)
            for name in ("subject", "named", "owner", "adjective")
            if match[name] and not PAID.match(line.text, match.end() + 1)
        ]
    return line.memo["offices"]  # type: ignore[no-any-return]


def name_office(line: TaggedLine, publisher: str) -> list[Mention]:
    """Return the mention of a publisher that a line speaks of as an office; or none."""
    if not publisher:
        return []
    spans = find_official_references(line)[:1]
    return [make_publisher_mention(line, publisher, *span) for span in spans]


def is_office_speaking(line: TaggedLine, mention: Mention) -> bool:
    """Return whether a word for an employer is who tells of the pay."""
    if MEDIUM.match(line.text, mention.end, line.end):
        return True  # `my school's web page says`
    return any(
        start <= mention.start < end or mention.start <= start < mention.end
        for start, end in find_official_references(line)
    )
