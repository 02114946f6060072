"""Pay that went from one figure to another: two figures, no range."""

import re

REACH = 160
CHANGE_VERB_BEFORE = re.compile(
    r"(?i)\b(?:rose|risen|went|gone|jumped|climbed|surged|soared|leapt|plunged|fell|fallen|dropped|increased|raised"
    r"|raising|grew|taking|takes|took|lifting|lifted|lifts|bringing|brings|brought"
    r"|moving|moved|bumped|bumping|boosting|boosted)\b(?:\s[\w’'-]{1,20}){0,6}\s"
    r"(?:from|by)\s(?:about |around |roughly )?$"
    r"|\b(?:rises|rising|rise|grows|goes) by\s$"
    r"|,\s(?:climbing|jumping|surging|soaring|leaping|plunging|dropping) from\s$"
)
# Of money alone: `raises of 2 to 3 percent` are a range.
MONEY_CHANGE_BEFORE = re.compile(
    r"(?i)\b(?:raise|raises|increase|increases|increasing|lift|cut|cuts)\b"
    r"(?:\s[\w’'-]{1,20}){0,6}\s(?:by|from)\s[^\w\s]{0,2}$"
    r"|\b(?:went|gone|going|goes) (?:up|down)\b(?:[^.;]|\.\d){0,60}\sfrom\s"
    r"[^\w\s]{0,2}$"
    r"|\b(?:increase|raise|rise|jump|hike|boost|bump|cut|drop|decline)s?,?\sfrom\s"
    r"[^\w\s]{0,2}$"
    r"|\b(?:has|have|had)\s(?:risen|increased|climbed|jumped|fallen|dropped)\s"
    r"[^\w\s]{0,2}$"
)
POINT_BEFORE = re.compile(
    r"(?i)\b(?:above|below|over|under|beyond|than) (?:the|his|her|their) [^\w\s]{0,2}$"
    r"|\b(?:bring(?:s|ing)?|brought|gets?|got|took|takes?|moved?|moves|bump(?:s|ed)|pushed"
    r"|raised|lifted) (?:me|us|him|her|them|it|my (?:pay|wage)"
    r"|\w+['’]s (?:pay|salary))"
    r" (?:all the way )?up to [^\w\s]{0,2}$"
    r"|\b(?:(?:will|would|to) (?:go|move|inch|creep|tick)|went|gone|inching|creeping"
    r"|ticking)\s+up\s+to\s[^\w\s]{0,2}$"
)


def is_after_change_verb(text: str, start: int, *, money: bool = False) -> bool:
    """Whether the words before a figure say what it was, or by how much it rose.

    `rose from $20 to $25` has two levels, `rises by 40 cents to $2.10` a change and
    a level; `runs from $20 to $25` is one range.
    """
    if CHANGE_VERB_BEFORE.search(text, max(0, start - REACH), start) is not None:
        return True
    return money and bool(
        MONEY_CHANGE_BEFORE.search(text, max(0, start - REACH), start)
    )


def is_definite_point(text: str, start: int) -> bool:
    """Whether a word for a bound compares with, or leads to, one known figure.

    `above the $48,000 that the survey shows` and `brought her up to $58,700` name a
    point; `up to $58,700` by itself is an upper end.
    """
    return POINT_BEFORE.search(text, max(0, start - REACH), start) is not None
