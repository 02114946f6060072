"""Percentages and differences recomputed from the figures that they speak of.

Which two figures a percentage is of is read from the page: the two of its row, the two
of its sentence, the two whose rows the sentence names, or the two of the sentence
before ("That is a rise of 7.9 percent"). Where any of these pairs gives the percentage,
nothing is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from pipeline.reconcile.inner.facts import RELATIVE, Fact
from pipeline.reconcile.inner.found import Contradiction
from pipeline.reconcile.inner.page import Page
from pipeline.reconcile.inner.questions import Rules
from pipeline.reconcile.inner.twice import is_point
from pipeline.reconcile.inner.words import placed_words
from pipeline.reconcile.likeness import Measures, grain

ABSOLUTE = "pay_delta_abs"
ABOUT = Decimal("0.08")  # of the percentage: "about 27 %" may be 25 to 29
HUNDRED = Decimal(100)
TWO = 2


@dataclass(frozen=True)
class Pair:
    """Two levels that a change may be between."""

    one: Fact
    other: Fact

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Smaller and larger, in one unit."""
        same = self.one.row.get("period") == self.other.row.get("period")
        a, b = ((f.amount if same else f.year) or Decimal(0) for f in
                (self.one, self.other))  # fmt: skip
        return min(a, b), max(a, b)


def recomputed(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """Changes that no pair of figures gives, each with the pair it should be of."""
    for change in page.facts:
        if not is_change(change) or unpaired(change, page):
            continue
        strong, weak = pairs_for(change, page)
        if not strong or any(gives(p, change, rules.measures) for p in strong + weak):
            continue
        pair = strong[0]
        rows = (change.row, pair.one.row, pair.other.row)
        yield Contradiction("arithmetic_contradiction", rows, "recomputed",
                            result(pair, change))  # fmt: skip


def is_change(fact: Fact) -> bool:
    """A percentage of pay or a difference of pay, of one value or a range."""
    percent = fact.row["kind"] == RELATIVE or (
        fact.row["kind"] == "other"
        and bool(fact.row.get("hypothetical"))
        and "cent" in fact.row["quote"]
    )
    return (percent or fact.row["kind"] == ABSOLUTE) and bounds(fact) is not None


def bounds(fact: Fact) -> tuple[Decimal, Decimal] | None:
    """Least and most of a change; None where it is open."""
    value, low, high = (fact.row.get(n) for n in ("value", "low", "high"))
    if value is not None:
        return value, value
    return (low, high) if low is not None and high is not None else None


def unpaired(change: Fact, page: Page) -> bool:
    """Of something whose other figure the page does not give."""
    says = page.words.says
    levels = [f for f in page.together(change) if f.is_level]
    last = max((f.offset for f in levels if f.offset < change.offset), default=0)
    others = [f for f in page.together(change) if is_change(f)
              and f.row["kind"] == change.row["kind"]]  # fmt: skip
    in_table = (change.group or "").startswith("table")
    return (
        says("points", change.sentence[change.offset :][:40])
        or says("unpaired", change.sentence[last : change.offset])
        or (bool(others) and not in_table)
    )


def pairs_for(change: Fact, page: Page) -> tuple[list[Pair], list[Pair]]:
    """Pairs that the change is said of, surest first; and others it might be of."""
    row = [f for f in page.facts if f.line and f.line == change.line and is_point(f)]
    if change.group is not None and change.group.startswith("table"):
        sure = paired(row) if len(row) == TWO else []
        return sure, [] if sure else paired(row)
    named = named_rows(change, page)
    rows_named = named[0] if named else []
    here = [f for f in page.together(change) if is_point(f)
            and (f.is_level or named)]  # fmt: skip
    before = [f for f in page.before(change) if is_point(f) and f.is_level]
    weak = paired([*here, *before])
    for rows in named:
        weak += crossed(here, rows) + paired(rows)
    if change.row["kind"] == ABSOLUTE:
        weak += crossed(here, [f for f in page.levels if is_point(f)])
    opening = change.sentence[: change.offset]
    if len(here) == TWO:
        return paired(here), weak
    if not here and len(rows_named) == TWO:
        return paired(rows_named), weak
    if len(here) == 1 and rows_named:
        return crossed(here, rows_named), weak
    if not here and len(before) == TWO and page.words.says("anaphor", opening):
        return paired(before), weak
    return [], weak


def paired(facts: Sequence[Fact]) -> list[Pair]:
    """Every two facts of one statistic and currency."""
    return [Pair(a, b) for a, b in combinations(facts, 2) if match(a, b)]


def crossed(one: Sequence[Fact], other: Sequence[Fact]) -> list[Pair]:
    """Every fact of the one with every fact of the other, where they differ."""
    return [Pair(a, b) for a in one for b in other
            if match(a, b) and a.amount != b.amount]  # fmt: skip


def match(a: Fact, b: Fact) -> bool:
    """Of one kind: statistic, currency and pay basis agree as far as is said."""
    for name, unsaid in (("statistic", "unspecified"), ("pay_basis", "unspecified"),
                         ("currency", None)):  # fmt: skip
        values = {a.row.get(name), b.row.get(name)} - {unsaid, None}
        if len(values) > 1:
            return False
    periods = {a.row.get("period"), b.row.get("period")} - {None}
    return len(periods) <= 1 or (a.year is not None and b.year is not None)


def named_rows(change: Fact, page: Page) -> list[list[Fact]]:
    """Rows that the sentence of a change names, by column or list; yearly ones first.

    Two of a list, or one of it where the sentence itself has a figure.
    """
    words = {w for w, _ in placed_words(change.sentence)}
    here = any(is_point(f) for f in page.together(change))
    found = []
    for facts in page.groups.values():
        rows = [f for f in facts if f.label and f.label <= words and is_point(f)]
        widest = [f for f in rows if not any(f.label < g.label for g in rows)]
        alone = len({f.label for f in widest}) == len(widest)
        if alone and (len(widest) == TWO or (here and len(widest) == 1 < len(facts))):
            found.append(widest)
    period = change.row.get("period") or "year"
    return sorted(found, key=lambda rows: rows[0].row.get("period") != period)


def gives(pair: Pair, change: Fact, measures: Measures) -> bool:
    """Whether two figures give a change, roundings on both sides allowed for."""
    low, high = bounds(change) or (Decimal(0), Decimal(0))
    small, large = pair.ends
    if not small:
        return True
    if change.row["kind"] == ABSOLUTE:
        step = max(
            grain(Decimal(f.amount or 1), measures) for f in (pair.one, pair.other)
        )
        slack = max(step, grain(high, measures)) / TWO + loose(change, high)
        return low - slack <= large - small <= high + slack
    rough = sum(grain(Decimal(f.amount or 1), measures) / TWO for f in
                (pair.one, pair.other) if f.row.get("approximate"))  # fmt: skip
    digits = -min(0, int(high.normalize().as_tuple().exponent))
    slack = Decimal(5).scaleb(-digits - 1) + loose(change, high)
    slack += HUNDRED * rough / small
    return any(low - slack <= p <= high + slack for p in formulae(small, large, change))


def loose(change: Fact, size: Decimal) -> Decimal:
    """More room where the page says about."""
    return ABOUT * size if change.row.get("approximate") else Decimal(0)


def formulae(small: Decimal, large: Decimal, change: Fact) -> list[Decimal]:
    """Percentages that a sound page may mean by the direction it names."""
    up, down = HUNDRED * (large / small - 1), HUNDRED * (1 - small / large)
    return {"up": [up], "down": [down]}.get(
        change.row.get("direction") or "", [up, down]
    )


def result(pair: Pair, change: Fact) -> str:
    """What the two figures give, in words."""
    small, large = pair.ends
    if change.row["kind"] == ABSOLUTE:
        return f"{large - small:,.2f}".removesuffix(".00")
    return f"{formulae(small, large, change)[0]:.1f} %"
