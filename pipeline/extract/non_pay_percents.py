"""Percents of what is counted, bought or set by, and of nobody's pay."""

from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

WORDS_BEHIND = 5
THING_WORDS = 1
TURN_WORDS = frozenset((";", "while", "but", "whereas", "though", "although"))


def find_non_pay_percent(line: TaggedLine, index: int) -> FigureKind | None:
    """`12 percent on its sales`, `vacancies were up 15%`: a percent of no pay."""
    last = line.spots[index][1]
    behind = line.get_words_between(last, last + WORDS_BEHIND)
    if behind[:1] == ["of"] and "time" in behind[:3]:
        return FigureKind("other", None, "percent of time")
    if line.lists["reckoned_on"] & {*behind[1:3]}:
        return None
    things = {*_list_things_behind(line, last)}
    if things & line.lists["counted_things"] or things & line.lists["chances"]:
        return FigureKind("other", None, "percent of what is counted")
    if not line.lists["percent_answers"].isdisjoint(behind[:1]):
        return FigureKind("share", None, "percent who answered")
    if behind[:1] == ["on"] and not line.lists["percent_bases"].isdisjoint(behind[1:3]):
        return FigureKind("other", None, "percent of")
    if behind[:1] in (["on"], ["of"]):
        if not line.lists["counted_things"].isdisjoint(behind[1:3]):
            return FigureKind("other", None, "percent of")
        if (cue := _find_base(line, last)) is not None:
            named = cue.means in ("other", "cost")
            return FigureKind("other", None, "percent of", cue=cue) if named else None
        if _is_of_pay_behind(line, last):
            return None
        if behind[0] == "of" and not _is_scale_behind(line, last):
            return FigureKind("share", None, "percent of things")
    return _find_counted_thing(line, index)


def _list_things_behind(line: TaggedLine, last: int) -> list[str]:
    """Words right behind a percent, past those that compare: `25% lower turnover`."""
    at = last
    end = min(len(line.words), last + WORDS_BEHIND)
    while at < end and line.words[at].text in line.lists["percent_compared"]:
        at += 1
    return line.get_words_between(at, at + THING_WORDS)


def _find_base(line: TaggedLine, last: int) -> Mention | None:
    """Return the topic that a percent is of: `12% of tuition`, or None."""
    near = (m for m in line.list_strong_topics() if last < m.first <= last + 3)
    return next(near, None)


def _is_of_pay_behind(line: TaggedLine, last: int) -> bool:
    """Return whether a word for pay or a bonus, weak or strong, is right behind."""
    return any(
        m.means in ("pay", "bonus") and last < m.first <= last + 4
        for m in line.get_mentions("topics")
    )


def _is_scale_behind(line: TaggedLine, last: int) -> bool:
    """Return whether a statistic, a span of time or a change is right behind."""
    scale = line.get_mentions("statistics", "periods", "changes")
    return any(last < m.first <= last + 4 for m in scale)


def _find_counted_thing(line: TaggedLine, index: int) -> FigureKind | None:
    """Return other where a counted thing grew or fell: it is named, and pay is not."""
    first, last = line.spots[index]
    floor = line.find_figure_before(first)
    turns = [i + 1 for i in range(floor, first) if line.words[i].text in TURN_WORDS]
    floor = max(turns, default=floor)
    end = line.find_figure_behind(last)
    end = min(end, last + WORDS_BEHIND)
    if any(
        m.means == "pay" and floor <= m.first < end for m in line.list_strong_topics()
    ):
        return None
    before = {*line.get_words_between(floor, first)}
    for cue in line.get_mentions("changes"):  # `a premium of 14%` is of no insurance
        if cue.last == first:
            before -= {*line.get_words_between(cue.first, cue.last)}
    said = before | {*line.get_words_between(last, end)}
    if line.lists["counted_things"].isdisjoint(said):
        return None
    return FigureKind("other", None, "percent of what is counted")
