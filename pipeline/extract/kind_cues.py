"""What kind of figure it is: the words that say so, and how near they stand.

A word that touches the figure goes before one in its clause, that before one in its
sentence. A word inside the name of an occupation says nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.extract.lexicon import Mention
from pipeline.extract.nearness import (
    is_completed_step,
    is_in_closed_bracket,
    is_month,
    is_percent_base,
    is_within_title,
    measure_cue_distance,
)
from pipeline.extract.tagged_lines import TaggedLine

BREAKS = frozenset(";:.!?—–|\t•()[]")
BREAKS_BEFORE = BREAKS - {":"}  # `Raise: $2` is a raise
# Where a word behind a figure must be said to stand, by its category.
PLACES_BEHIND = {"changes": "after", "topics": "topic"}
CELL_EDGES = frozenset((";", "|"))
NOUNS_REACH = 4
STARTS = frozenset(("start", "starts"))  # `prices starting from` are no one's pay
SUBJECT_REACH = 6  # words from who is spoken of to `start at`
TO_REACH = 6  # words of `raised its dining workers to $21`
# What ends a block within a line of Markdown: a word behind it is of something else.
MOST_TO_ADDED = 3  # words from what is added to its sum
BLOCK_END = re.compile(r"</?(?:summary|details|td|th|tr|li|p|div|h\d|br)\b", re.I)
MAX_RESTATEMENT_GAP = 12
APPROXIMATE_WORDS = frozenset(
    ("about", "roughly", "some", "around", "nearly", "almost")
)
PIECE_RULE = "a sum for a piece of work"


@dataclass(slots=True)
class FigureKind:
    """A figure's kind, its direction, and the word that decided."""

    kind: str
    direction: str | None = None
    rule: str = ""
    where: str = "sentence"
    cue: Mention | None = None


def find_touching_kind(line: TaggedLine, index: int) -> FigureKind | None:
    """Return the kind by a word that touches the figure, or None."""
    first, last = line.spots[index]
    after = _find_kind_after(line, last)
    before = _find_change_before(line, first)
    if after is not None and after.kind == "change":
        return after
    if after is not None and after.kind == "bonus":
        return after
    if after is not None and after.kind == "pay_level":
        after = _find_verb_before(line, first) or after
    return before or after


def _find_verb_before(line: TaggedLine, first: int) -> FigureKind | None:
    """`bills $165 an hour pays`: the verb before is nearer than the word behind."""
    for cue in line.get_mentions("topics"):
        if cue.place == "topic" and cue.means == "other" and cue.last == first:
            return FigureKind("other", None, "verb before", "sentence", cue)
    return None


def _find_kind_after(line: TaggedLine, last: int) -> FigureKind | None:
    """Return the kind by the words behind a figure: `$2,000 more`, `$500 bonus`."""
    best: FigureKind | None = None
    for cue in _list_words_behind(line, last):
        gap = _list_uncovered_words(line, last, cue.first)
        links = sum(word in line.lists["kinds_links"] for word in gap)
        if not line.lists["kinds_stops"].isdisjoint(gap) or len(gap) - links > 1:
            if cue.first - last > 8:
                break
            continue
        if cue.category == "changes":
            if not gap or (len(gap) == 1 and not links):
                return FigureKind("change", cue.means, "word after", "sentence", cue)
        elif best is None and cue.means != "outlook":
            if links and cue.means == "pay":
                continue
            kind = {"pay": "pay_level"}.get(cue.means, cue.means)
            best = FigureKind(kind, None, "noun after", "sentence", cue)
    return best


def _list_words_behind(line: TaggedLine, last: int) -> Iterator[Mention]:
    """Yield words of kinds between a figure and the next one, or the block's end."""
    end = line.find_figure_behind(last)
    for cue in line.get_mentions("changes", "topics"):
        if last <= cue.first < end and cue.place == PLACES_BEHIND[cue.category]:
            if BLOCK_END.search(line.text, line.words[last - 1].end, cue.start):
                return
            yield cue


def _list_uncovered_words(line: TaggedLine, first: int, last: int) -> list[str]:
    """Words of a gap that belong to no period, bound or occupation."""
    covered: set[int] = set()
    for mention in line.get_mentions("periods", "bounds", "occupation"):
        if mention.first >= last or line.words[mention.first].text == "plus":
            continue
        if first <= mention.first:
            covered.update(range(mention.first, mention.last))
    return [line.words[i].text for i in range(first, last) if i not in covered]


def _find_change_before(line: TaggedLine, first: int) -> FigureKind | None:
    floor = line.find_figure_before(first)
    for cue in reversed(line.get_mentions("changes")):
        if cue.place not in ("before", "near") or cue.last > first or cue.first < floor:
            continue
        gap = _list_uncovered_words(line, cue.last, first)
        if not BREAKS_BEFORE.isdisjoint(gap):
            return None
        means = _read_change_before(line, cue, first, gap)
        if means == "level":
            return FigureKind("level", None, "verb before", "sentence", cue)
        if means:
            return FigureKind("change", means, "word before", "sentence", cue)
    return None


def _read_change_before(
    line: TaggedLine, cue: Mention, first: int, gap: list[str]
) -> str:
    """Return what a change makes of the figure behind it: up, down, level; or ""."""
    if _leads_to(line, cue, first) or _is_base(line, cue, first):
        return "level"
    noun = cue.place == "near"
    fillers = line.lists["kinds_fillers"].issuperset(gap)
    if not fillers and not (noun and len(gap) <= NOUNS_REACH and "," not in gap):
        return ""
    if noun and not line.lists["earning_verbs"].isdisjoint(gap):
        return ""  # `a raise for those making $90,000`
    if noun and gap[-1:] == ["to"]:
        return "level"
    return cue.means if fillers or cue.means != "level" else ""


def _leads_to(line: TaggedLine, cue: Mention, first: int) -> bool:
    """Whether a change ends in a figure: `raised its dining workers to $21`."""
    said = line.get_words_between(cue.last, first)
    verb = cue.place == "before" and cue.means in ("up", "down")
    return verb and said[-1:] == ["to"] and 1 < len(said) <= TO_REACH


def _is_base(line: TaggedLine, cue: Mention, first: int) -> bool:
    """Whether a change is reckoned on a figure: `an increase over the $53,504`."""
    said = line.get_words_between(cue.last, first)
    return (
        cue.means in ("up", "down")
        and len(said) > 1
        and said[0] in line.lists["change_bases"]
        and said[1] in line.lists["articles"]
    )


def find_topic_kind(
    line: TaggedLine, index: int, strong: bool = True
) -> FigureKind | None:
    """Return the kind by the nearest topic word of the sentence, or None."""
    if strong and (bonus := _find_bonus_subject(line, index)) is not None:
        return bonus
    best: tuple[float, Mention] | None = None
    for cue in _list_topic_cues(line, strong):
        if _says_nothing(line, cue, line.spots[index][0]):
            continue
        distance = _measure_topic_distance(line, index, cue, strong)
        if distance is not None and (best is None or distance < best[0]):
            best = (distance, cue)
    if best is None:
        return None
    means = "pay" if best[1].category == "statistics" else best[1].means
    kind = {"pay": "pay_level"}.get(means, means)
    return FigureKind(kind, None, "topic", "sentence", best[1])


def _list_topic_cues(line: TaggedLine, strong: bool) -> list[Mention]:
    """Words that say what a sum is, strong or weak ones; `starting pay` is of pay."""
    told = [m for m in line.get_mentions("statistics") if _says_pay(line, m, strong)]
    place = "topic" if strong else "weak"
    return [*told, *(m for m in line.get_mentions("topics") if m.place == place)]


def _says_pay(line: TaggedLine, cue: Mention, strong: bool) -> bool:
    """Return whether a statistic names pay itself, or, weakly, where pay begins."""
    named = not line.lists["pay_words"].isdisjoint(line.texts[cue.first : cue.last])
    if strong:
        return named
    someone = line.get_mentions("occupation", "people", "credential", "education")
    if cue.means != "start" or line.texts[cue.first] not in STARTS:
        return False
    return any(0 <= cue.first - m.last <= SUBJECT_REACH for m in someone)


def _says_nothing(line: TaggedLine, cue: Mention, first: int) -> bool:
    """Return whether a topic word is none where it stands: `of salary`, `tax clerk`."""
    return (
        is_within_title(line, cue)
        or is_month(line, cue)
        or is_percent_base(line, cue)
        or is_completed_step(line, cue)
        or _is_mere_verb(line, cue, first)
        or is_in_closed_bracket(line, cue, first)
    )


def _measure_topic_distance(
    line: TaggedLine, index: int, cue: Mention, strong: bool
) -> float | None:
    """Return how far a topic word is from a figure; None where something parts them."""
    first, last = line.spots[index]
    if cue.category == "statistics" and not strong and _is_used(line, cue, first):
        return None
    if cue.last <= first:
        gap = line.get_words_between(cue.last, first)
        distance = measure_cue_distance(line, gap, cue.last, first)
    elif cue.first >= last:
        if BLOCK_END.search(line.text, line.words[last - 1].end, cue.start):
            return None
        gap = line.get_words_between(last, cue.first)
        if cue.means != "pay" and _is_cut_off(line, gap, last, cue):
            return None
        distance = measure_cue_distance(line, gap, last, cue.first) + 6
    else:
        return None
    if not strong and not CELL_EDGES.isdisjoint(gap):
        return None
    return distance


def _is_used(line: TaggedLine, cue: Mention, first: int) -> bool:
    """`start at $24 after the $640 course`: the start is of the sum before."""
    return any(cue.last <= a < first for a, _ in line.spots)


def _is_cut_off(line: TaggedLine, gap: list[str], last: int, cue: Mention) -> bool:
    """Return whether a comma, a plus or a figure parts a figure from a word behind it.

    `$52,000 + bonus of $4,000`: what is added has a sum of its own.
    """
    if "," in gap or ";" in gap:
        return True
    sums = [a for a, _ in line.spots if a >= last]
    added = gap[:1] in (["+"], ["plus"]) or line.texts[last - 1] == "+"
    if added and any(0 <= a - cue.last <= MOST_TO_ADDED for a in sums):
        return True
    return any(a < cue.first for a in sums)


def _find_bonus_subject(line: TaggedLine, index: int) -> FigureKind | None:
    """`Incentive bonuses, paid to most, averaged X`: what the sentence opens with."""
    topics = line.list_strong_topics()
    if not topics or topics[0].means != "bonus" or topics[0].first > 2:
        return None
    if any(
        w in line.lists["scope_preposed"]
        for w in line.get_words_between(0, topics[0].first)
    ):
        return None
    first = line.spots[index][0]
    for cue in topics[1:]:
        verb = line.words[cue.first].text in ("paid", "pay", "pays", "average")
        if cue.last <= first and cue.means != "bonus" and not verb:
            return None
    return FigureKind("bonus", None, "subject of the sentence", "sentence", topics[0])


def _is_mere_verb(line: TaggedLine, cue: Mention, first: int) -> bool:
    """Return whether `carriers pay up to $15,000` is a mere verb beside bonuses."""
    if cue.means != "pay" or line.words[cue.first].text not in ("pay", "pays", "paid"):
        return False
    if cue.last - cue.first > 1 or not 0 <= first - cue.last <= 3:
        return False
    return any(
        m.means in ("bonus",) and m.last <= cue.first
        for m in line.get_mentions("topics")
    )


def is_beside_previous(line: TaggedLine, index: int) -> bool:
    """Return whether a figure only joins the one before it: `$2.85 … and $3.10`."""
    if index == 0:
        return False
    start, end = line.spots[index - 1][1], line.spots[index][0]
    gap = line.get_words_between(start, end)
    if len(gap) > 9 or ";" in gap or not {"and", ",", "or"} & {*gap}:
        return False
    return not any(
        start <= m.first < end
        for m in line.get_mentions(
            "changes", "topics", "statistics", "occupation", "publisher"
        )
    )


def find_only_topic(line: TaggedLine) -> FigureKind | None:
    """Return the one topic of the whole sentence, if it is not pay."""
    strong = [
        m
        for m in line.get_mentions("topics")
        if m.place == "topic"
        and not is_completed_step(line, m)
        and not any(
            0 <= a - m.last <= 2 or 0 <= m.first - b <= 2 for a, b in line.spots
        )
    ]
    names = {m.means for m in strong} - {"outlook"}
    if len(names) == 1 and "pay" not in names:
        cue = next(m for m in strong if m.means in names)
        kind = {"floor": "other"}.get(cue.means, cue.means)
        return FigureKind(kind, None, "only topic of the sentence", "sentence", cue)
    return None


def is_restatement(line: TaggedLine, index: int) -> bool:
    """Whether a figure only says the one before it again, in another unit."""
    if index == 0:
        return False
    gap = line.get_words_between(line.spots[index - 1][1], line.spots[index][0])
    covered: set[int] = set()
    for mention in line.get_mentions("periods", "bounds", "changes"):
        a = mention.first - line.spots[index - 1][1]
        covered.update(range(a, a + mention.last - mention.first))
    rest = [word for i, word in enumerate(gap) if i not in covered]
    if rest[:1] in (["since"], ["in"]) and rest[1:2] and rest[1].isdigit():
        rest = rest[2:]
    if line.figures[index - 1].unit != line.figures[index].unit:
        behind = [word for word in rest if word not in APPROXIMATE_WORDS]
        if (
            behind[-2:] == [",", "or"]
            and len(behind) <= MAX_RESTATEMENT_GAP
            and ";" not in behind
        ):
            return True  # `$6,000 more than those without, or about 9%`
    return " ".join(rest) in ("or", ", or", "(", ", or about", ", which is")


def is_share(line: TaggedLine, index: int) -> bool:
    """Percent of people: `22% of respondents`, `55 percent work remotely`."""
    last = line.spots[index][1]
    words = line.get_words_between(last, last + 5)
    if not words or line.lists["reckoned_on"] & {*words[1:3]}:
        return False
    if words[0] == "of" and not line.lists["employed"].isdisjoint(words[1:4]):
        return True  # `4 percent of national employment`
    said = line.texts[: line.spots[index][0]]
    if words[0] == ")" and not line.lists["shares_of"].isdisjoint(said):
        return True  # `the highest percentage of such jobs were Wyoming (10 percent)`
    if words[0] == "of" and words[1:2] != ["your"]:
        end = line.find_figure_behind(last)
        return any(
            m.category in ("people", "occupation")
            and last < m.first <= last + 5 < end + 5
            for m in line.get_mentions("people", "occupation")
        )
    return any(m.first == last for m in line.get_mentions("people"))
