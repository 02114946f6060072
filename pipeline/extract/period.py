"""What span of time a sum is for."""

from pipeline.extract.lexicon import Mention
from pipeline.extract.sentences import Line


def touching(line: Line, index: int) -> Mention | None:
    """A period right after the figure: `$24.61 per hour`, `$19.50-27.25/hr`."""
    last = line.spots[index][1]
    end = min((a for a, _ in line.spots if a >= last), default=len(line.words))
    for mention in line.of("periods"):
        if mention.first < last or mention.first >= end:
            continue
        between = line.between(last, mention.first)
        gap = [word for word in between if word not in line.lists["period_fillers"]]
        if not gap and mention.first - last <= 4:
            return mention
        break
    return None


def before(line: Line, index: int) -> Mention | None:
    """A period named before the figure: `the mean hourly wage is $26.49`."""
    first = line.spots[index][0]
    best = None
    for mention in line.of("periods"):
        bracketed = line.between(mention.first - 1, mention.first) == ["("]
        if mention.last <= first and (mention.place == "any" or bracketed):
            best = mention
    return best


def later(line: Line, index: int) -> Mention | None:
    """A period named once, after the last figure of a series."""
    last = line.spots[index][1]
    for mention in line.of("periods"):
        if mention.first >= last:
            return mention
    return None
