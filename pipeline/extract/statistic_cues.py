"""Which statistic a figure is, and which end of it is open."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.extract.attachment import find_last_before
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

DENIED_REACH = 8  # words from `nobody` to `below`
AFTER_SPAN = frozenset(
    [
        "a",
        "an",
        "per",
        "/",
        "year",
        "hour",
        "annually",
        "hr",
        "day",
        "week",
        "month",
        "yr",
        "wk",
        "mo",
    ]
)
PERCENTILES = {10: "p10", 25: "p25", 50: "median", 75: "p75", 90: "p90"}


LONGEST_TAG = 200
TAG_BEFORE = re.compile(r"</?[A-Za-z][^<>]*$")
ORDINALS = frozenset(("st", "nd", "rd", "th"))


def _find_ordinal(line: TaggedLine, index: int) -> tuple[str, Mention | None]:
    """`25th percentile $158,000 | 75th $241,000`: an ordinal right before a figure."""
    first = line.spots[index][0]
    words = line.get_words_between(first - 2, first) if first > 1 else []
    cues = [
        m for m in line.get_mentions("statistics") if m.means.startswith("percentile:")
    ]
    if len(words) < 2 or words[1] not in ORDINALS or not words[0].isdigit():
        return "", None
    if not cues or cues[0].last > first:
        return "", None
    return PERCENTILES.get(int(words[0][:2]), ""), cues[0]


def find_statistic(line: TaggedLine, index: int) -> tuple[str, Mention | None]:
    """Return the statistic the sentence gives a figure, and the word that says so."""
    name, ordinal = _find_ordinal(line, index)
    if name:
        return name, ordinal
    first, last = line.spots[index]
    best: Mention | None = None
    for cue in line.get_mentions("statistics"):
        if cue.first >= last:
            if _is_close_after(line, last, cue):
                return _read_statistic(line, index, cue), cue
            break
        if cue.last <= first:
            if _is_bracketed(line, cue):
                continue
            if cue.means in ("range", "start") and not _is_touching(line, cue, first):
                continue
            if best is not None and _is_same_phrase(line, best, cue):
                if _rank_weakness(best.means) >= _rank_weakness(cue.means):
                    best = cue
                continue
            best = cue
    if best is None:
        return "unspecified", None
    if _is_used_up(line, best, first):
        return "unspecified", None
    return _read_statistic(line, index, best), best


def _is_bracketed(line: TaggedLine, cue: Mention) -> bool:
    """`$33,000 (25th percentile)`: the bracket speaks of the figure before it."""
    if line.get_words_between(cue.first - 1, cue.first) != ["("] or cue.first < 1:
        return False
    return any(b == cue.first - 1 for _, b in line.spots)


def _rank_weakness(means: str) -> int:
    """Of two words in one phrase the stronger counts: a minimum over an average."""
    return {"unspecified": 0, "range": 5, "start": 3}.get(means, 1)


def _is_same_phrase(line: TaggedLine, a: Mention, b: Mention) -> bool:
    """Two statistic words of one phrase: no figure and no break between them."""
    gap = line.get_words_between(a.last, b.first)
    if len(gap) > 2 or "," in gap or ";" in gap:
        return False
    return not any(a.last <= spot < b.first for spot, _ in line.spots)


def _is_used_up(line: TaggedLine, cue: Mention, first: int) -> bool:
    """Return whether a word for one figure (minimum) already has its figure."""
    passed = [i for i, (a, b) in enumerate(line.spots) if cue.last <= a < first]
    if not passed:
        return False
    if cue.means in ("minimum", "maximum", "range", "start"):
        return True
    gap = line.get_words_between(cue.last, first)
    return any(word in (";",) for word in gap) and cue.means not in ("mean", "median")


def _is_touching(line: TaggedLine, cue: Mention, first: int) -> bool:
    gap = line.get_words_between(cue.last, first)
    return len(gap) <= 3 and "," not in gap and ";" not in gap


def _is_close_after(line: TaggedLine, last: int, cue: Mention) -> bool:
    """`$52,600 average`, `$80,000 on average`: right behind the figure."""
    gap = [
        word
        for word in line.get_words_between(last, cue.first)
        if word
        not in (
            "a",
            "an",
            "per",
            "/",
            "year",
            "hour",
            "annually",
            "annual",
            "(",
            "at",
            "the",
        )
    ]
    if gap or cue.means in ("range", "start", "half"):
        return False
    # "$17.20 at the 10th percentile": the two belong together, whatever follows.
    between = line.get_words_between(last, cue.first)
    placed = between[-1:] == ["at"] or between[-2:] == ["at", "the"]
    return ":" not in cue.means or between == ["("] or placed


def read_percentile(means: str) -> str:
    """Return the percentile of `percentile:25`, `low:10`, `high:10`; else ""."""
    name, _, number = means.partition(":")
    if name not in ("percentile", "low", "high"):
        return ""
    share = int(float(number))
    share = 100 - share if name == "high" and share <= 50 else share
    return PERCENTILES.get(share, "unspecified")


def _read_statistic(line: TaggedLine, index: int, cue: Mention) -> str:
    means = cue.means
    name = means.partition(":")[0]
    if percentile := read_percentile(means):
        return percentile
    if name in ("tail", "half"):
        told = read_share_below(line, cue, line.spots[index][0])
        return _read_open_share(line, index, cue) if told == "unspecified" else told
    if name == "middle":
        return "range"
    if name == "start":
        graded = any(token.text in line.lists["grades"] for token in line.words)
        return "minimum" if graded else "unspecified"
    return means


def _read_open_share(line: TaggedLine, index: int, cue: Mention) -> str:
    """Return what `A quarter earn $57,250 or less` says: the side stands behind."""
    behind = _find_bound_behind(line, line.spots[index][1])
    name, _, number = cue.means.partition(":")
    if behind is None or behind.means not in ("high", "low"):
        return "unspecified"
    if name == "half":
        return "median"
    share = int(float(number))
    share = share if behind.means == "high" else 100 - share
    return PERCENTILES.get(share, "unspecified")


def read_share_below(line: TaggedLine, cue: Mention, first: int) -> str:
    """Return the statistic of a share of people who earn less, or more, than a figure.

    Args:
        line: The words for both.
        cue: `tail:10`, `half`; "unspecified" where it is another.
        first: The token that the figure begins at.
    """
    name, _, number = cue.means.partition(":")
    if name == "tail":
        return _read_tail(line, cue, first, int(float(number)))
    if name != "half":
        return "unspecified"
    if cue.first and line.texts[cue.first - 1] in line.lists["not_quite"]:
        return "unspecified"  # `more than half earn at least`
    words = {*line.get_words_between(cue.last, first)}
    parted = (line.lists["statistic_below"] | line.lists["statistic_above"]) & words
    return "median" if parted else "unspecified"


def _read_tail(line: TaggedLine, cue: Mention, first: int, share: int) -> str:
    """`one in ten earned less than X` is the tenth percentile, `more` the ninetieth."""
    words = set(line.get_words_between(cue.last, first))
    if words & line.lists["statistic_below"]:
        return PERCENTILES.get(share, "unspecified")
    if words & line.lists["statistic_above"]:
        return PERCENTILES.get(100 - share, "unspecified")
    return "unspecified"


def find_bound(line: TaggedLine, index: int) -> tuple[str, Mention | None]:
    """Which bound a figure is by the words that touch it: low, high, approx or none."""
    first, last = line.spots[index]
    behind = _find_bound_behind(line, last)
    if behind is not None:
        return behind.means, behind
    means, cue = _find_bound_before(line, first)
    if means == "high" and cue is not None and _is_denied(line, cue):
        return "low", cue
    return means, cue


def _is_denied(line: TaggedLine, cue: Mention) -> bool:
    """Return whether nobody earns less: `none of ours is below $17`, a floor."""
    words = line.texts[max(0, cue.first - DENIED_REACH) : cue.first]
    own = words[max((i + 1 for i, w in enumerate(words) if w in ",;."), default=0) :]
    if ("no", "one") in pairwise(own):
        return True
    return not line.lists["nobody"].isdisjoint(own)


def _find_bound_before(line: TaggedLine, first: int) -> tuple[str, Mention | None]:
    """Return the bound that stands before a figure, with the word for it."""
    approx: tuple[str, Mention | None] = ("", None)
    for cue in _list_bounds_before(line, first):
        gap = line.get_words_between(cue.last, first)
        if len(gap) > 5:
            break
        if len(gap) > 3 or not line.lists["statistic_fillers"].issuperset(gap):
            continue
        if cue.means != "approx":
            return cue.means, cue
        approx = ("approx", cue)
    return approx


def _find_bound_behind(line: TaggedLine, last: int) -> Mention | None:
    """`$50,000 a year or more`: the bound that follows a figure, or None."""
    for cue in line.get_mentions("bounds"):
        if cue.place == "after" and cue.first >= last:
            gap = line.get_words_between(last, cue.first)
            if AFTER_SPAN.issuperset(gap) and not _is_adding_plus(line, cue):
                return cue
    return None


def _is_adding_plus(line: TaggedLine, cue: Mention) -> bool:
    """Return whether a `plus` adds something: `$50,000 plus commission`."""
    if cue.means != "low" or line.text[cue.start : cue.end].lower() != "plus":
        return False
    behind = line.get_words_between(cue.last, cue.last + 1)
    return bool(behind) and behind[0] not in (".", ",", ";")


def _list_bounds_before(line: TaggedLine, first: int) -> Iterator[Mention]:
    """Yield bounds between a figure and the one before it, from the nearest."""
    floor = line.find_figure_before(first)
    for cue in reversed(line.get_mentions("bounds")):
        if cue.place != "before" or not floor <= cue.first <= cue.last <= first:
            continue
        if cue.first == floor > 0 and line.words[cue.last - 1].text == "than":
            continue  # `$6,730 more than the $87,530`: the difference of the two
        if line.words[cue.first].text not in "<>" or _is_sign_alone(line, cue):
            yield cue


def _is_sign_alone(line: TaggedLine, cue: Mention) -> bool:
    """Return whether `<` or `>` compares, and neither ends a tag nor joins a word."""
    before = line.text[max(line.start, cue.start - LONGEST_TAG) : cue.start]
    return not before[-1:].isalnum() and TAG_BEFORE.search(before) is None


def find_starting_pay(line: TaggedLine, index: int) -> Mention | None:
    """`positions starting at $42,000`: the floor of a job, not a person's first pay."""
    cue = find_last_before(line, index, line.get_mentions("statistics"))
    if (
        cue is None
        or cue.means != "start"
        or not _is_touching(line, cue, line.spots[index][0])
    ):
        return None
    words = line.text[cue.start : cue.end].lower()
    if not words.endswith(("at",)) and "from" not in line.get_words_between(
        cue.last, line.spots[index][0]
    ):
        return None
    before = line.get_words_between(max(0, cue.first - 2), cue.first)
    return cue if line.lists["statistic_places"] & {*before} else None


def is_bound_word(line: TaggedLine, index: int, cue: Mention) -> bool:
    """`from $44,000` opens a range, but `rose from $45,200` names where it began."""
    if line.text[cue.start : cue.end].lower() not in (
        "from",
        "top",
        "tops",
        "pass",
        "passes",
    ):
        return True
    if line.text[cue.start : cue.end].lower() != "from":
        return True
    first = cue.first
    for change in line.get_mentions("changes"):
        if (
            change.last <= first
            and change.place == "before"
            and change.means != "level"
        ):
            return False
    words = set(line.get_words_between(max(0, first - 6), first))
    return not words & line.lists["statistic_distant"]
