"""Percents of what is counted, bought or set by, and of nobody's pay."""

from pipeline.extract.kinds import Kind
from pipeline.extract.lexicon import Mention
from pipeline.extract.sentences import Line

BEHIND = 5
TURNS = frozenset((";", "while", "but", "whereas", "though", "although"))


def of_thing(line: Line, index: int) -> Kind | None:
    """`12 percent on its sales`, `vacancies were up 15%`: a percent of no pay."""
    last = line.spots[index][1]
    behind = line.between(last, last + BEHIND)
    if behind[:1] == ["of"] and "time" in behind[:3]:
        return Kind("other", None, "percent of time")
    if line.lists["reckoned_on"] & {*behind[1:3]}:
        return None
    if not line.lists["counted_things"].isdisjoint(behind[:1]):
        return Kind("other", None, "percent of what is counted")
    if behind[:1] in (["on"], ["of"]):
        if not line.lists["counted_things"].isdisjoint(behind[1:3]):
            return Kind("other", None, "percent of")
        topics = line.of("topics")
        for cue in topics:
            if cue.place == "topic" and last < cue.first <= last + 3:
                named = cue.means in ("other", "cost")
                return Kind("other", None, "percent of", cue=cue) if named else None
        if any(
            m.means in ("pay", "bonus") and last < m.first <= last + 4 for m in topics
        ):
            return None
        scale = line.of("statistics", "periods", "changes")
        if behind[0] == "of" and not any(last < m.first <= last + 4 for m in scale):
            return Kind("share", None, "percent of things")
    return _counted(line, index)


def _counted(line: Line, index: int) -> Kind | None:
    """What grew or fell is a thing that is counted: it is named, and pay is not."""
    first, last = line.spots[index]
    floor = max((b for _, b in line.spots if b <= first), default=0)
    turns = [i + 1 for i in range(floor, first) if line.words[i].text in TURNS]
    floor = max(turns, default=floor)
    end = min((a for a, _ in line.spots if a >= last), default=len(line.words))
    end = min(end, last + BEHIND)
    if any(m.means == "pay" and floor <= m.first < end for m in _pays(line)):
        return None
    said = {*line.between(floor, first), *line.between(last, end)}
    if line.lists["counted_things"].isdisjoint(said):
        return None
    return Kind("other", None, "percent of what is counted")


def _pays(line: Line) -> list[Mention]:
    return [m for m in line.of("topics") if m.place == "topic"]
