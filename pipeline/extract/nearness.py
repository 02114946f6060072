"""Which word of a sentence stands nearest to a figure, and which says nothing."""

from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

COMPLETED_REACH = 4


def is_within_title(line: TaggedLine, cue: Mention) -> bool:
    """`investment analyst`, `tax accountant`: a word of a title says nothing."""
    names = line.get_mentions("occupation")
    return any(m.first <= cue.first and cue.last <= m.last for m in names)


def is_month(line: TaggedLine, cue: Mention) -> bool:
    """`Apr 9, 2020`: the name of a month is no rate of interest."""
    months = line.get_mentions("months")
    if all((m.first, m.last) != (cue.first, cue.last) for m in months):
        return False
    raw = line.text[cue.start : cue.end]
    beside = line.texts[max(0, cue.first - 1) : cue.last + 2]
    return not raw.isupper() and any(word.isdigit() for word in beside)


def is_percent_base(line: TaggedLine, cue: Mention) -> bool:
    """`7.5% of salary`: what a percent is reckoned on is not what is spoken of."""
    at = cue.first - 1
    while at > cue.first - 4 and at > 0 and line.words[at].text in line.lists["whose"]:
        at -= 1
    return (
        at > 0
        and line.words[at].text == "of"
        and line.words[at - 1].text in line.lists["scope_percents"]
    )


def measure_cue_distance(
    line: TaggedLine, gap: list[str], first: int, last: int
) -> float:
    """How far a word is from a figure: words, more over commas and other figures."""
    distance = float(len(gap))
    for word in gap:
        if word == ",":
            distance += 3
        elif word in (";", "—", "–") or word in ("but", "while", "whereas"):
            distance += 10
    for a, b in line.spots:
        if first <= a and b <= last:
            distance += 2
    return distance


def is_completed_step(line: TaggedLine, cue: Mention) -> bool:
    """`after passing the board exam`: what was done before, and no cost."""
    if cue.means != "cost":
        return False
    before = line.get_words_between(max(0, cue.first - COMPLETED_REACH), cue.first)
    return bool(line.lists["passing"] & {*before})


def is_in_closed_bracket(line: TaggedLine, cue: Mention, first: int) -> bool:
    """`total pay (includes tips and bonus) of $52,000`: what the sum holds, not is."""
    opened = [i for i in range(cue.first) if line.words[i].text == "("]
    if not opened or ")" not in line.texts[cue.last : first]:
        return False
    inside = line.texts[opened[-1] : cue.first]
    return ")" not in inside and not line.lists["holding_verbs"].isdisjoint(inside[:3])
