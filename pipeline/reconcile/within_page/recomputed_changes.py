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

from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.comparison_words import locate_words
from pipeline.reconcile.within_page.conflicting_values import is_point
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import RELATIVE, PlacedFact

ABSOLUTE = "pay_delta_abs"
APPROXIMATE_SHARE = Decimal("0.08")  # of the percentage: "about 27 %" may be 25 to 29
HUNDRED = Decimal(100)
TWO = 2


@dataclass(frozen=True)
class LevelPair:
    """Two levels that a change may be between."""

    one: PlacedFact
    other: PlacedFact

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Smaller and larger, in one unit."""
        same = self.one.row.get("period") == self.other.row.get("period")
        a, b = ((f.amount if same else f.yearly_amount) or Decimal(0) for f in
                (self.one, self.other))  # fmt: skip
        return min(a, b), max(a, b)


def find_arithmetic_errors(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Changes that no pair of figures gives, each with the pair it should be of."""
    for change in page.facts:
        if not is_change(change) or is_unpaired(change, page):
            continue
        strong, weak = find_pairs(change, page)
        if not strong or any(
            pair_gives_change(p, change, rules.measures) for p in strong + weak
        ):
            continue
        pair = strong[0]
        rows = (change.row, pair.one.row, pair.other.row)
        yield Contradiction("arithmetic_contradiction", rows, "recomputed",
                            describe_result(pair, change))  # fmt: skip


def is_change(fact: PlacedFact) -> bool:
    """A percentage of pay or a difference of pay, of one value or a range."""
    percent = fact.row["kind"] == RELATIVE or (
        fact.row["kind"] == "other"
        and bool(fact.row.get("hypothetical"))
        and "cent" in fact.row["quote"]
    )
    return (percent or fact.row["kind"] == ABSOLUTE) and change_bounds(fact) is not None


def change_bounds(fact: PlacedFact) -> tuple[Decimal, Decimal] | None:
    """Least and most of a change; None where it is open."""
    value, low, high = (fact.row.get(n) for n in ("value", "low", "high"))
    if value is not None:
        return value, value
    return (low, high) if low is not None and high is not None else None


def is_unpaired(change: PlacedFact, page: PageFacts) -> bool:
    """Of something whose other figure the page does not give."""
    says = page.words.has_phrase
    levels = [f for f in page.facts_in_sentence(change) if f.is_level]
    last = max((f.offset for f in levels if f.offset < change.offset), default=0)
    others = [f for f in page.facts_in_sentence(change) if is_change(f)
              and f.row["kind"] == change.row["kind"]]  # fmt: skip
    in_table = (change.group or "").startswith("table")
    return (
        says("points", change.sentence[change.offset :][:40])
        or says("unpaired", change.sentence[last : change.offset])
        or (bool(others) and not in_table)
    )


def find_pairs(
    change: PlacedFact, page: PageFacts
) -> tuple[list[LevelPair], list[LevelPair]]:
    """Pairs that the change is said of, surest first; and others it might be of."""
    row = [f for f in page.facts if f.line and f.line == change.line and is_point(f)]
    if change.group is not None and change.group.startswith("table"):
        sure = pair_within(row) if len(row) == TWO else []
        return sure, [] if sure else pair_within(row)
    named = find_named_rows(change, page)
    rows_named = named[0] if named else []
    here = [f for f in page.facts_in_sentence(change) if is_point(f)
            and (f.is_level or named)]  # fmt: skip
    before = [f for f in page.facts_in_previous(change) if is_point(f) and f.is_level]
    weak = pair_within([*here, *before])
    for rows in named:
        weak += pair_across(here, rows) + pair_within(rows)
    if change.row["kind"] == ABSOLUTE:
        weak += pair_across(here, [f for f in page.levels if is_point(f)])
    opening = change.sentence[: change.offset]
    if len(here) == TWO:
        return pair_within(here), weak
    if not here and len(rows_named) == TWO:
        return pair_within(rows_named), weak
    if len(here) == 1 and rows_named:
        return pair_across(here, rows_named), weak
    if not here and len(before) == TWO and page.words.has_phrase("anaphor", opening):
        return pair_within(before), weak
    return [], weak


def pair_within(facts: Sequence[PlacedFact]) -> list[LevelPair]:
    """Every two facts of one statistic and currency."""
    return [LevelPair(a, b) for a, b in combinations(facts, 2) if is_same_measure(a, b)]


def pair_across(
    one: Sequence[PlacedFact], other: Sequence[PlacedFact]
) -> list[LevelPair]:
    """Every fact of the one with every fact of the other, where they differ."""
    return [LevelPair(a, b) for a in one for b in other
            if is_same_measure(a, b) and a.amount != b.amount]  # fmt: skip


def is_same_measure(a: PlacedFact, b: PlacedFact) -> bool:
    """Of one kind: statistic, currency and pay basis agree as far as is said."""
    for name, unsaid in (("statistic", "unspecified"), ("pay_basis", "unspecified"),
                         ("currency", None)):  # fmt: skip
        values = {a.row.get(name), b.row.get(name)} - {unsaid, None}
        if len(values) > 1:
            return False
    periods = {a.row.get("period"), b.row.get("period")} - {None}
    return len(periods) <= 1 or (
        a.yearly_amount is not None and b.yearly_amount is not None
    )


def find_named_rows(change: PlacedFact, page: PageFacts) -> list[list[PlacedFact]]:
    """Rows that the sentence of a change names, by column or list; yearly ones first.

    Two of a list, or one of it where the sentence itself has a figure.
    """
    words = {w for w, _ in locate_words(change.sentence)}
    here = any(is_point(f) for f in page.facts_in_sentence(change))
    found = []
    for facts in page.groups.values():
        rows = [f for f in facts if f.label and f.label <= words and is_point(f)]
        widest = [f for f in rows if not any(f.label < g.label for g in rows)]
        alone = len({f.label for f in widest}) == len(widest)
        if alone and (len(widest) == TWO or (here and len(widest) == 1 < len(facts))):
            found.append(widest)
    period = change.row.get("period") or "year"
    return sorted(found, key=lambda rows: rows[0].row.get("period") != period)


def pair_gives_change(
    pair: LevelPair, change: PlacedFact, measures: MatchTolerances
) -> bool:
    """Whether two figures give a change, roundings on both sides allowed for."""
    low, high = change_bounds(change) or (Decimal(0), Decimal(0))
    small, large = pair.ends
    if not small:
        return True
    if change.row["kind"] == ABSOLUTE:
        step = max(
            grain_of_amount(Decimal(f.amount or 1), measures)
            for f in (pair.one, pair.other)
        )
        slack = max(step, grain_of_amount(high, measures)) / TWO + approximate_slack(
            change, high
        )
        return low - slack <= large - small <= high + slack
    rough = sum(grain_of_amount(Decimal(f.amount or 1), measures) / TWO for f in
                (pair.one, pair.other) if f.row.get("approximate"))  # fmt: skip
    digits = -min(0, int(high.normalize().as_tuple().exponent))
    slack = Decimal(5).scaleb(-digits - 1) + approximate_slack(change, high)
    slack += HUNDRED * rough / small
    return any(
        low - slack <= p <= high + slack
        for p in possible_percentages(small, large, change)
    )


def approximate_slack(change: PlacedFact, size: Decimal) -> Decimal:
    """More room where the page says about."""
    return APPROXIMATE_SHARE * size if change.row.get("approximate") else Decimal(0)


def possible_percentages(
    small: Decimal, large: Decimal, change: PlacedFact
) -> list[Decimal]:
    """Percentages that a sound page may mean by the direction it names."""
    up, down = HUNDRED * (large / small - 1), HUNDRED * (1 - small / large)
    return {"up": [up], "down": [down]}.get(
        change.row.get("direction") or "", [up, down]
    )


def describe_result(pair: LevelPair, change: PlacedFact) -> str:
    """What the two figures give, in words."""
    small, large = pair.ends
    if change.row["kind"] == ABSOLUTE:
        return f"{large - small:,.2f}".removesuffix(".00")
    return f"{possible_percentages(small, large, change)[0]:.1f} %"
