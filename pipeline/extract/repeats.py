"""Figures that say the one before again: in another unit, or of another year."""

from pipeline.extract import kinds, period
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.sentences import Line

LARGE = 15_000.0
TIMES = 4.0


def in_brackets(line: Line, index: int) -> bool:
    """`$6,400 ($5,950 in 2024)`: the same of another year."""
    first, last = line.spots[index]
    gap = line.between(line.spots[index - 1][1], first)
    inside = line.between(last, last + 3)
    dated = inside[:1] == ["in"] and inside[2:] == [")"] and inside[1].isdigit()
    return gap == ["("] and dated


def again(line: Line, index: int, made: list[Draft]) -> bool:
    """The figure before, in another unit: so it reads, or so it reckons."""
    if index == 0:
        return False
    if kinds.shared_with(line, index):
        return True
    spans = {"hour": 2080.0, "day": 260.0, "week": 52.0, "month": 12.0, "year": 1.0}
    here, there = period.touching(line, index), period.touching(line, index - 1)
    if here is None or there is None or here.means == there.means:
        return False
    if here.means not in spans or there.means not in spans:
        return False
    a = made[index].figure.size * spans[here.means]
    b = made[index - 1].figure.size * spans[there.means]
    return 0.9 < a / b < 1.1 if b else False


def counted(line: Line, index: int) -> bool:
    """`one is worth A; two certificates, B`: only a count parts the two figures."""
    start, end = line.spots[index - 1][1], line.spots[index][0]
    counts = [m for m in line.of("credential_words") if start <= m.first < end]
    if end - start > 9 or not any(m.means[-1:] in "123+" for m in counts):
        return False
    return not any(
        start <= m.first < end for m in line.of("changes", "statistics", "occupation")
    )


def outgrows(draft: Draft, before: Before) -> bool:
    """A sum many times the bonuses just named is pay again."""
    sizes = [d.figure.size for d in before.drafts if d.kind == "bonus"]
    return bool(sizes) and draft.figure.size >= max(LARGE, TIMES * max(sizes))
