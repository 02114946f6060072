"""What span of time a sum is for."""

from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine


def find_touching_period(line: TaggedLine, index: int) -> Mention | None:
    """Return the period right after a figure: `$24.61 per hour`, `$19.50-27.25/hr`."""
    spans = line.get_mentions("periods")
    if not spans:
        return None
    last = line.spots[index][1]
    end = line.find_figure_behind(last)
    for mention in spans:
        if mention.first < last or mention.first >= end:
            continue
        between = line.get_words_between(last, mention.first)
        gap = [word for word in between if word not in line.lists["period_fillers"]]
        if not gap and mention.first - last <= 4:
            return mention
        break
    return None


def find_period_before(line: TaggedLine, index: int) -> Mention | None:
    """Return the period named before a figure: `the mean hourly wage is $26.49`."""
    first = line.spots[index][0]
    best = None
    for mention in line.get_mentions("periods"):
        bracketed = line.get_words_between(mention.first - 1, mention.first) == ["("]
        if mention.last <= first and (mention.place == "any" or bracketed):
            best = mention
    return best


def find_period_after(line: TaggedLine, index: int) -> Mention | None:
    """Return the period named once, after the last figure of a series."""
    last = line.spots[index][1]
    for mention in line.get_mentions("periods"):
        if mention.first >= last:
            return mention
    return None


def is_piece_rate(line: TaggedLine, index: int) -> bool:
    """Return whether a sum is for a mile or a load, or cents where miles are named."""
    pieces = line.lists["sums_pieces"]
    if line.figures[index].minor:
        return any(token.text in pieces for token in line.words)
    named = find_touching_period(line, index) or _find_period_label(line, index)
    if named is None or named.means:
        return False
    return line.words[named.last - 1].text in pieces


def _find_period_label(line: TaggedLine, index: int) -> Mention | None:
    """Return the period right before the figure: `Base pay per order: $2.00`."""
    first = line.spots[index][0]
    for mention in line.get_mentions("periods"):
        if mention.last <= first and line.get_words_between(mention.last, first) in (
            [],
            [":"],
        ):
            return mention
    return None


def read_head_period(head: TaggedLine) -> str:
    """`Weekly`, `Casual/hr`: the period of a head that says little more than that."""
    spans = head.get_mentions("periods")
    covered = sum(m.last - m.first for m in spans[:1])
    if not spans or len(head.words) - covered > 1:
        return ""
    text = head.text[spans[0].start : spans[0].end].lower()
    return spans[0].means or ("week" if text in head.lists["columns_spans"] else "")
