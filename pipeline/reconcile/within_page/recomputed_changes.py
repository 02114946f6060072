"""Recompute percentages and differences from the figures that they are of.

Which two figures a percentage is of is read from the page: the two of its row, the two
of its sentence, the two whose rows the sentence names, or the two of the sentence
before ("That is a rise of 7.9 percent"). Where any of these pairs gives the percentage,
nothing is reported.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from pipeline.reconcile.evidence.matching import MatchTolerances, grain_of_amount
from pipeline.reconcile.within_page.comparability import ConflictRules, are_near
from pipeline.reconcile.within_page.comparison_words import locate_words
from pipeline.reconcile.within_page.conflicting_values import is_point
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import RELATIVE, PlacedFact
from pipeline.reconcile.within_page.superlatives import words_of_figure

ABSOLUTE = "pay_delta_abs"
APPROXIMATE_SHARE = Decimal("0.08")  # of the percentage: "about 27 %" may be 25 to 29
PERCENT = Decimal(100)
LEAST_CUT = 20  # percent: from here a whole percentage may be cut instead of rounded
CENTRES = frozenset({"mean", "median"})
# Matches `than the chief of finance” and "more than a quarter of `: somebody whose pay
# is not given, and a new clause up to the next figure.
COMPARED_WITH = re.compile(r"\bthan\b[^,;”\"]*[,;”\"]\W*(?:\w+\W+){3,}$")
# `ten percent were over $60,000`: a share of the people, and no change of pay.
SHARE_OF_PEOPLE = re.compile(
    r"^(?:\s[a-z]+){0,4}\s(?:over|under|above|below)\s[^\w\s]{1,2}\d"
)


@dataclass(frozen=True)
class LevelPair:
    """Two levels that a change may be between."""

    one: PlacedFact
    other: PlacedFact

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """Smaller and larger, in one unit."""
        return min(self.in_order), max(self.in_order)

    @property
    def in_order(self) -> tuple[Decimal, Decimal]:
        """The one and the other, in one unit."""
        same = self.one.row.get("period") == self.other.row.get("period")
        a, b = ((f.amount if same else f.yearly_amount) or Decimal(0) for f in
                (self.one, self.other))  # fmt: skip
        return a, b


def find_arithmetic_errors(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield changes that no pair of figures gives, with the pair each should be of."""
    for change in page.facts:
        # Those of a table are recomputed by the column: `change_columns`.
        if not is_change(change) or is_in_table(change) or is_unpaired(change, page):
            continue
        strong, weak = find_pairs(change, page)
        strong = [p for p in strong if not is_one_figure(p, rules)]
        if not strong or any(
            pair_gives_change(p, change, rules.measures) for p in strong + weak
        ):
            continue
        pair = strong[0]
        rows = (change.row, pair.one.row, pair.other.row)
        yield Contradiction("arithmetic_contradiction", rows, "recomputed",
                            describe_result(pair, change))  # fmt: skip


def is_one_figure(pair: LevelPair, rules: ConflictRules) -> bool:
    """Return whether a row only repeats, rounded, what a sentence gives."""
    apart = pair.one.block != pair.other.block
    return apart and are_near(pair.one, pair.other, rules)


def is_in_table(fact: PlacedFact) -> bool:
    """Return whether a fact stands in a cell of a table."""
    return (fact.group or "").startswith("table")


def is_change(fact: PlacedFact) -> bool:
    """Return whether a fact is a percentage or difference of pay, closed."""
    percent = fact.row["kind"] == RELATIVE or (
        fact.row["kind"] == "other"
        and bool(fact.row.get("hypothetical"))
        # "percent" and "per cent": an illustration in money is no change.
        and "cent" in fact.row["quote"]
    )
    return (percent or fact.row["kind"] == ABSOLUTE) and change_bounds(fact) is not None


def change_bounds(fact: PlacedFact) -> tuple[Decimal, Decimal] | None:
    """Return least and most of a change; None where it is open."""
    value, low, high = (fact.row.get(n) for n in ("value", "low", "high"))
    if value is not None:
        return value, value
    return (low, high) if low is not None and high is not None else None


def is_unpaired(change: PlacedFact, page: PageFacts) -> bool:
    """Return whether a change is of something whose other figure is not on the page."""
    says = page.words.has_phrase
    levels = [f for f in page.facts_in_sentence(change) if f.is_level]
    last = max((f.offset for f in levels if f.offset < change.offset), default=0)
    following = min((f.offset for f in levels if f.offset > change.offset), default=0)
    others = [f for f in page.facts_in_sentence(change) if is_change(f)
              and f.row["kind"] == change.row["kind"]]  # fmt: skip
    behind = change.sentence[change.offset + len(change.row["quote"]) :]
    return (
        # "3 percentage points": a difference of two shares is no ratio of two amounts.
        says("points", change.sentence[change.offset : change.offset + 40])
        or says(
            "unpaired", change.sentence[max(last, change.offset - 400) : change.offset]
        )
        or SHARE_OF_PEOPLE.search(behind) is not None
        or COMPARED_WITH.search(change.sentence[change.offset : following]) is not None
        or bool(others)
    )


def find_pairs(
    change: PlacedFact, page: PageFacts
) -> tuple[list[LevelPair], list[LevelPair]]:
    """Return pairs that the change is said of, and others that it might be of."""
    # A labelled line is of itself: the same label in another list is another year's.
    named = find_named_rows(change, page) if change.group is None else []
    rows_named = named[0] if named else []
    here = [f for f in page.facts_in_sentence(change) if is_point(f)
            and (f.is_level or named)]  # fmt: skip
    before = [f for f in page.facts_in_previous(change) if is_point(f) and f.is_level]
    weak = pair_within([*here, *before])
    for rows in named:
        weak += pair_across(here, rows) + pair_within(rows)
    if change.row["kind"] == ABSOLUTE:
        # A difference in money may be to any figure of the page: "$4,000 less than in
        # Ohio".
        weak += pair_across(here, [f for f in page.levels if is_point(f)])
    opening = change.sentence[: change.offset]
    if len(here) == 2:
        return pair_within(here), weak
    if not here and len(rows_named) == 2:
        return pair_within(rows_named), weak
    if len(here) == 1 and rows_named:
        return pair_across(here, rows_named), weak
    if not here and len(before) == 2 and page.words.has_phrase("anaphor", opening):
        return pair_within(before), weak
    return ([] if here else pair_named(change, before, page)), weak


def pair_named(
    change: PlacedFact, before: Sequence[PlacedFact], page: PageFacts
) -> list[LevelPair]:
    """Return the two figures of the sentence before whose people a change names.

    Each by a word that no other figure of that sentence has: "a bachelor's degree
    holder earns $12,820 more than somebody with high school alone".
    """
    said = {word for word, _ in locate_words(change.sentence)}
    labels = {f.claim_id: words_of_figure(f, page.words) for f in before}
    named = [
        f for f in before
        if said & labels[f.claim_id].difference(
            *(label for i, label in labels.items() if i != f.claim_id))
    ]  # fmt: skip
    return pair_within(named) if len(named) == 2 else []


def pair_within(facts: Sequence[PlacedFact]) -> list[LevelPair]:
    """Return every two facts of one statistic and currency."""
    return [LevelPair(a, b) for a, b in combinations(facts, 2) if is_same_measure(a, b)]


def pair_across(
    one: Sequence[PlacedFact], other: Sequence[PlacedFact]
) -> list[LevelPair]:
    """Return every fact of the one with every fact of the other, where they differ."""
    return [LevelPair(a, b) for a in one for b in other
            if is_same_measure(a, b) and a.amount != b.amount]  # fmt: skip


def is_same_measure(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether statistic, currency and pay basis agree as far as is said."""
    for name, unsaid in (("statistic", "unspecified"), ("pay_basis", "unspecified"),
                         ("currency", None)):  # fmt: skip
        values = {a.row.get(name), b.row.get(name)} - {unsaid, None}
        if len(values) > 1:
            return False
    # What somebody made is no percentile, though nothing is said of it.
    kinds = {a.row.get("statistic"), b.row.get("statistic")}
    if len(kinds) > 1 and not kinds & CENTRES:
        return False
    periods = {a.row.get("period"), b.row.get("period")} - {None}
    return len(periods) <= 1 or (
        a.yearly_amount is not None and b.yearly_amount is not None
    )


def find_named_rows(change: PlacedFact, page: PageFacts) -> list[list[PlacedFact]]:
    """Return rows that a change's sentence names, by list; its period first.

    Two of a list, or one of it where the sentence itself has a figure.
    """
    words = {w for w, _ in locate_words(change.sentence)}
    here = any(is_point(f) for f in page.facts_in_sentence(change))
    found = []
    for facts in page.groups.values():
        rows = [f for f in facts if f.label and f.label <= words and is_point(f)]
        widest = [f for f in rows if not any(f.label < g.label for g in rows)]
        alone = len({f.label for f in widest}) == len(widest)
        if alone and (len(widest) == 2 or (here and len(widest) == 1 < len(facts))):
            found.append(widest)
    period = change.row.get("period") or "year"
    return sorted(found, key=lambda rows: rows[0].row.get("period") != period)


def pair_gives_change(
    pair: LevelPair, change: PlacedFact, measures: MatchTolerances
) -> bool:
    """Return whether two figures give a change, roundings allowed for."""
    low, high = change_bounds(change) or (Decimal(0), Decimal(0))
    small, large = pair.ends
    # Nothing can be said of a change from nothing.
    if not small:
        return True
    if change.row["kind"] == ABSOLUTE:
        step = max(
            grain_of_amount(Decimal(f.amount or 1), measures)
            for f in (pair.one, pair.other)
        )
        slack = max(step, grain_of_amount(high, measures)) / 2 + approximate_slack(
            change, high
        )
        # Each of the three is rounded to a unit: 166,918 less 17,683 may be 149,234.
        slack += step if step <= 1 else 0
        # More than the larger of the two is no difference of them.
        return low > large or low - slack <= large - small <= high + slack
    rough = sum(grain_of_amount(Decimal(f.amount or 1), measures) / 2 for f in
                (pair.one, pair.other) if f.row.get("approximate"))  # fmt: skip
    digits = -min(0, int(high.normalize().as_tuple().exponent))
    # Half a unit of the last digit that the percentage is written with: 7.9 may be 7.85
    # to 7.95.
    slack = Decimal(5).scaleb(-digits - 1) + approximate_slack(change, high)
    slack += PERCENT * rough / small
    # "64 percent" of 64.6 is cut and not rounded.
    cut = Decimal(1) if not digits and high >= LEAST_CUT else Decimal(0)
    return any(
        low - slack <= p < high + max(slack, cut) or p == high + slack
        for p in possible_percentages(small, large, change)
    )


def approximate_slack(change: PlacedFact, size: Decimal) -> Decimal:
    """Return the room that a change has where the page says about; else 0."""
    return APPROXIMATE_SHARE * size if change.row.get("approximate") else Decimal(0)


def possible_percentages(
    small: Decimal, large: Decimal, change: PlacedFact
) -> list[Decimal]:
    """Return percentages that a page may mean, by the direction it names."""
    # From the smaller to the larger and back: 20 percent up is 16.7 percent down; pages
    # that name no direction may mean either.
    up, down = PERCENT * (large / small - 1), PERCENT * (1 - small / large)
    return {"up": [up], "down": [down]}.get(
        change.row.get("direction") or "", [up, down]
    )


def describe_result(pair: LevelPair, change: PlacedFact) -> str:
    """Return what the two figures give, in words."""
    small, large = pair.ends
    if change.row["kind"] == ABSOLUTE:
        return f"{large - small:,.2f}".removesuffix(".00")
    return f"{possible_percentages(small, large, change)[0]:.1f} %"
