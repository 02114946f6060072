"""Figures that say the one before again: in another unit, or of another year."""

from pipeline.extract import kind_cues, period_cues
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.tagged_lines import TaggedLine

LARGE_PAY = 15_000.0
MIN_TIMES_BONUS = 4.0
TOTALS = (
    ("a", "total", "of"),
    ("adds", "up", "to"),
    ("add", "up", "to"),
    ("adding", "up", "to"),
    ("totaling",),
    ("totalling",),
)


def is_earlier_year(line: TaggedLine, index: int) -> bool:
    """`$6,400 ($5,950 in 2024)`: the same of another year."""
    first, last = line.spots[index]
    gap = line.get_words_between(line.spots[index - 1][1], first)
    inside = line.get_words_between(last, last + 3)
    dated = inside[:1] == ["in"] and inside[2:] == [")"] and inside[1].isdigit()
    return gap == ["("] and dated


def is_repeated_figure(line: TaggedLine, index: int, made: list[Draft]) -> bool:
    """Return whether a figure is the one before in another unit, by word or value."""
    if index == 0:
        return False
    if kind_cues.is_restatement(line, index):
        return True
    spans = {"hour": 2080.0, "day": 260.0, "week": 52.0, "month": 12.0, "year": 1.0}
    here, there = (
        period_cues.find_touching_period(line, index),
        period_cues.find_touching_period(line, index - 1),
    )
    if here is None or there is None or here.means == there.means:
        return False
    if here.means not in spans or there.means not in spans:
        return False
    a = made[index].figure.size * spans[here.means]
    b = made[index - 1].figure.size * spans[there.means]
    return 0.9 < a / b < 1.1 if b else False


def is_parted_by_count(line: TaggedLine, index: int) -> bool:
    """`one is worth A; two certificates, B`: only a count parts the two figures."""
    start, end = line.spots[index - 1][1], line.spots[index][0]
    counts = [
        m for m in line.get_mentions("credential_words") if start <= m.first < end
    ]
    if end - start > 9 or not any(m.means[-1:] in "123+" for m in counts):
        return False
    return not any(
        start <= m.first < end
        for m in line.get_mentions("changes", "statistics", "occupation")
    )


def is_beyond_bonuses(draft: Draft, before: SentenceState) -> bool:
    """Return whether a sum is many times the bonuses just named: pay again."""
    sizes = [d.figure.size for d in before.drafts if d.kind == "bonus"]
    return bool(sizes) and draft.figure.size >= max(
        LARGE_PAY, MIN_TIMES_BONUS * max(sizes)
    )


def is_sum_of_changes(line: TaggedLine, index: int, prior: Draft) -> bool:
    """Return whether a sum is what changes come to: `$15 a week more, $30 in total`."""
    if prior.kind != "pay_delta_abs":
        return False
    first = line.spots[index][0]
    words = [w for w in line.get_words_between(max(0, first - 6), first) if w != "*"]
    return any(words[-len(said) :] == list(said) for said in TOTALS)
