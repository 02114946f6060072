"""To which figure of a sentence a word belongs.

What follows a figure closely is its own; else the last word of its kind before it
holds, and goes on holding for the figures that come. What stands after `than` is the
comparator, never the scope. With `respectively`, the first is the first's.
"""

import re
from collections.abc import Iterable

from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

REACH = 9
# A line that ends without a stop, and the next one begins a sentence.
NEW_SENTENCE = re.compile(
    r"\n\s{0,9}(?:The|This|These|It|In|An?|For|But|And|However|Overall|According)\s"
)


def is_comparator(line: TaggedLine, mention: Mention) -> bool:
    """Whether a mention is what the figure is compared with."""
    for at in range(mention.first - 1, max(-1, mention.first - 7), -1):
        word = line.words[at].text
        if (
            word in ("below", "above", "over")
            and at
            and line.words[at - 1].text in line.lists["scope_percents"]
        ):
            return True
        if word in line.lists["scope_comparators"]:
            return not any(at < a < mention.first for a, _ in line.spots)
        if word in line.lists["scope_cuts"] or word == ",":
            return False
        if any(a <= at < b for a, b in line.spots):
            return False
        if word == "with" and at and line.words[at - 1].text == "compared":
            return True
    return False


def belongs_to_figure(
    line: TaggedLine, index: int, mention: Mention, reach: int = REACH
) -> bool:
    """Whether a mention belongs to the figure before it: nothing parts the two."""
    last = line.spots[index][1]
    if mention.first < last or _find_nearest_before(line, mention) != index:
        return False
    behind = line.text[line.words[last - 1].end : mention.start]
    if NEW_SENTENCE.search(behind):
        return False
    gap = line.get_words_between(last, mention.first)
    if gap[:1] in (["("], ["["]) and ")" not in gap and "]" not in gap:
        later = [a for a, _ in line.spots if a >= mention.last]
        return not later or ")" in line.get_words_between(mention.last, later[0])
    return len(gap) <= reach and not _is_parted(line, gap)


def _find_nearest_before(line: TaggedLine, mention: Mention) -> int:
    """Return the index of the last figure that ends before a mention; -1 for none."""
    ended = (i for i, (_, b) in enumerate(line.spots) if b <= mention.first)
    return max(ended, default=-1)


def _is_parted(line: TaggedLine, gap: list[str]) -> bool:
    """Return whether a comma, a stop or a turn such as `while` is in a gap."""
    cuts, turns = line.lists["scope_cuts"], line.lists["scope_turns"]
    return any(word == "," or word in cuts or word in turns for word in gap)


def attach_mentions(
    line: TaggedLine, mentions: Iterable[Mention], reach: int = REACH, on: bool = False
) -> list[Mention | None]:
    """Return the mention that holds for each figure of the line, or None.

    Args:
        line: The sentence.
        mentions: Of one kind.
        reach: Most words between a figure and a mention that follows it.
        on: A mention that followed one figure holds for those after it too.
    """
    useful: list[Mention] = []
    others: list[Mention] = []
    for mention in mentions:
        (others if is_comparator(line, mention) else useful).append(mention)
    count = len(line.figures)
    if not useful and not others:
        return [None] * count
    if ordered := _attach_in_order(line, useful, count):
        return ordered
    own = _attach_behind(line, useful, reach)
    used = {m.start for m in own if m is not None}
    rest = [m for m in useful if m.start not in used]
    held = [
        own[index]
        or _find_comparator_before(line, index, others)
        or _find_last_ending(first, useful if on else rest)
        for index, (first, _) in enumerate(line.spots)
    ]
    if not any(held) and len({m.means for m in rest}) == 1:
        return [rest[0]] * count
    return held


def _attach_in_order(
    line: TaggedLine, useful: list[Mention], count: int
) -> list[Mention | None]:
    """`Clerks and nurses earn $40,000 and $80,000 respectively`: in order; else []."""
    if "respectively" not in line.texts[-4:]:
        return []
    before = [m for m in useful if m.last <= line.spots[0][0]]
    return list(before[-count:]) if len(before) >= count > 1 else []


def _attach_behind(
    line: TaggedLine, useful: list[Mention], reach: int
) -> list[Mention | None]:
    """Return for each figure the first mention that follows it closely, or None."""
    own: list[Mention | None] = [None] * len(line.figures)
    for mention in useful:
        for index, known in enumerate(own):
            if known is None and belongs_to_figure(line, index, mention, reach):
                own[index] = mention
    return own


def _find_comparator_before(
    line: TaggedLine, index: int, others: list[Mention]
) -> Mention | None:
    """Return what a figure is compared with: `than the national median, $61,000`.

    Not across a semicolon: `…than the national median; a nurse in Ohio earns` begins
    another clause.
    """
    first = line.spots[index][0]
    floor = line.spots[index - 1][1] if index else 0
    for mention in others:
        near = floor <= mention.first and mention.last <= first
        if near and ";" not in line.get_words_between(mention.last, first):
            return mention
    return None


def _find_last_ending(first: int, mentions: list[Mention]) -> Mention | None:
    """Return the last mention that ends before a figure begins."""
    ending = (m for m in reversed(mentions) if m.last <= first)
    return next(ending, None)


def find_last_before(
    line: TaggedLine, index: int, mentions: Iterable[Mention]
) -> Mention | None:
    """Return the nearest mention before a figure, with no other figure in between."""
    first = line.spots[index][0]
    floor = line.find_figure_before(first)
    best = None
    for mention in mentions:
        if floor <= mention.first and mention.last <= first:
            best = mention
    return best


def is_figure_in_mention(line: TaggedLine, index: int, mention: Mention) -> bool:
    """Whether a figure is part of a phrase: `lowest 10 percent`."""
    first, last = line.spots[index]
    return mention.first <= first and last <= mention.last
