"""Check lists by what the page says of them: their order, and bounds on every row."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.comparison_words import (
    ComparisonPhrases,
    locate_words,
    split_sentences,
)
from pipeline.reconcile.within_page.conflicting_values import is_point
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact
from pipeline.reconcile.within_page.single_figure_checks import find_least
from pipeline.reconcile.within_page.superlatives import (
    is_beyond,
    select_rankable,
)

# Matches `3. ` and `3) ` at the start of a line: lists that are typed and not marked
# up.
NUMBERED = re.compile(r"^\s*\d+[.)]\s")
MOST_OPENING = 400  # characters before a bound that say of whom it is
LEAST_ROWS = 3  # of a list: of two it is open which one strays
MOST_BLOCKS_BETWEEN = 3  # from the end of a list to a sentence about it
DIGIT_FACTOR = Decimal(10)
IMPOSSIBLE_FACTOR = 50  # times the median rate of the page: a point is lost
STRAY_FACTOR = Decimal(4)  # times beyond its neighbours a row is far outside them
MOST_SPREAD = Decimal("2.5")  # times: lists spread wider have no usual amount


def find_order_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield numbered lists of best or worst paid whose figures run the other way."""
    for facts in page.groups.values():
        rows = [f for f in select_rankable(facts) if is_numbered(f, page)]
        if len(rows) < LEAST_ROWS or page.document is None:
            continue
        head = list_heading(rows[0], page)
        kinds = [k for k in ("highest", "lowest") if page.words.has_phrase(k, head)]
        # "Highest and lowest paying" does not say which way the list runs.
        if len(kinds) != 1:
            continue
        for before, after in pairwise(rows):
            if is_beyond(after, before, kinds[0]):
                yield Contradiction("rank_contradiction", (before.row, after.row),
                                    "out_of_order", kinds[0])  # fmt: skip


def is_numbered(fact: PlacedFact, page: PageFacts) -> bool:
    """Return whether a figure is in an ordered list, by element or by its number."""
    if "/ol[" in str(fact.row["locator"]):
        return True
    document = page.document
    if document is None or fact.block < 0:
        return False
    start = document.text.rfind("\n", 0, document.blocks[fact.block].start) + 1
    return NUMBERED.match(document.text[start : start + 8]) is not None


def list_heading(fact: PlacedFact, page: PageFacts) -> str:
    """Return the heading above a list, and the words that introduce it."""
    document = page.document
    if document is None or fact.block < 0:
        return ""
    block = document.blocks[fact.block]
    lead = document.blocks[block.lead_in] if block.lead_in is not None else None
    introduction = document.text[lead.start : lead.end] if lead is not None else ""
    return f"{' '.join(block.section[-1:])} {introduction}"


def find_ladder_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield rungs of a ladder that pay less than the one below, though all rise.

    "Pay rises at every step" is of the list of years of work that stands before it.
    """
    ladders = [rows for facts in page.groups.values() if (rows := find_ladder(facts))]
    if page.document is None or not ladders:
        return
    for number, block in enumerate(page.document.blocks):
        text = page.document.text[block.start : block.end]
        if block.furniture or not says_all_rise(text, page.words):
            continue
        for rows in ladders:
            if 0 < number - rows[-1].block <= MOST_BLOCKS_BETWEEN:
                yield from find_fallen_rungs(rows)


def find_ladder(facts: Sequence[PlacedFact]) -> list[PlacedFact]:
    """Return the points of a list by years of work; none of several statistics."""
    rows = [f for f in facts if is_point(f) and f.experience_band]
    kinds = {(f.row["statistic"], f.row["period"]) for f in rows}
    return rows if len(rows) >= LEAST_ROWS and len(kinds) == 1 else []


def says_all_rise(text: str, words: ComparisonPhrases) -> bool:
    """Return whether one sentence of a text says that pay rises at every step."""
    return any(
        words.has_phrase("rises", text[a:b])
        and words.has_phrase("each_step", text[a:b])
        and not words.has_phrase("ranked", text[a:b])
        for a, b in split_sentences(text)
    )


def find_fallen_rungs(rows: Sequence[PlacedFact]) -> Iterator[Contradiction]:
    """Yield each rung of experience whose pay is below that of the rung before."""
    years = {
        r.claim_id: r.row.get("experience_min") or 0
        for r in rows
        if r.row.get("experience_min") or r.row.get("experience_max")
    }
    rungs = sorted((r for r in rows if r.claim_id in years),
                   key=lambda r: (years[r.claim_id], r.claim_id))  # fmt: skip
    for below, above in pairwise(rungs):
        apart = years[below.claim_id] < years[above.claim_id]
        if apart and is_beyond(below, above, "highest"):
            yield Contradiction(
                "rank_contradiction", (above.row, below.row), "falls_on_the_way"
            )


def find_bound_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield rows beyond a bound of all: every role gained at least 3 percent."""
    says = page.words.has_phrase
    for bound in page.facts:
        low = bound.row.get("value") or bound.row.get("low")
        opening = bound.sentence[max(0, bound.offset - MOST_OPENING) : bound.offset]
        if low is None or bound.group is not None or not says("every", opening):
            continue
        # The words just before the figure, some twenty characters: "every role gained
        # at least 3 percent".
        floor, ceiling = says("at_least", opening[-20:]), says("at_most", opening[-20:])
        if floor == ceiling:
            continue
        for rows in page.groups.values():
            alike = [f for f in rows if is_same_kind(f, bound) and f.label]
            if len(alike) < LEAST_ROWS or not stands_just_before(alike, bound):
                continue
            named = words_around(bound, page)
            broken = [
                f for f in alike if breaks_bound(f, low, floor) and not f.label <= named
            ]
            if broken:
                rows_of_both = (bound.row, broken[0].row)
                yield Contradiction("internal_contradiction", rows_of_both,
                                    "not_every", f"{low.normalize():f}")  # fmt: skip


def is_same_kind(fact: PlacedFact, bound: PlacedFact) -> bool:
    """Return whether a fact is of the kind, period and currency of the bound."""
    names = ("kind", "period", "currency")
    return all(fact.row.get(n) == bound.row.get(n) for n in names)


def stands_just_before(rows: Sequence[PlacedFact], bound: PlacedFact) -> bool:
    """Return whether a list stands before the sentence, at no great distance."""
    return 0 < bound.block - rows[-1].block <= MOST_BLOCKS_BETWEEN


def words_around(bound: PlacedFact, page: PageFacts) -> frozenset[str]:
    """Return the words of the paragraph up to the end of the bound's sentence.

    Rows that they name are exceptions from the bound.
    """
    document = page.document
    if document is None:
        return frozenset()
    block = document.blocks[bound.block]
    text = document.text[block.start : block.end]
    return frozenset(
        w
        for w, _ in locate_words(
            text[: text.find(bound.sentence) + len(bound.sentence)]
        )
    )


def breaks_bound(fact: PlacedFact, bound: Decimal, floor: bool) -> bool:
    """Return whether a change is below the floor or above the ceiling."""
    value = fact.row.get("value")
    if value is None:
        return False
    # A fall of 2 percent breaks "gained at least 1 percent".
    signed = -value if fact.row.get("direction") == "down" else value
    return bool(signed < bound if floor else signed > bound)


def find_impossible_hours(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield hourly pay that no occupation has, far above the page's other hours.

    "$4,800 an hour" among rates of $30 to $60 stands for $48, whoever it is paid to.
    """
    rates = [f for f in page.levels if f.row["period"] == "hour" and find_least(f)]
    for fact in rates:
        yearly = fact.row["annual_low"] or fact.row["annual"] or Decimal(0)
        if yearly <= rules.measures.most_year:
            continue
        like = sorted(
            find_least(f) for f in rates
            if f is not fact and f.row["currency"] == fact.row["currency"]
        )  # fmt: skip
        if len(like) < LEAST_ROWS:
            continue
        if find_least(fact) > IMPOSSIBLE_FACTOR * like[len(like) // 2]:
            yield Contradiction("unit_slip", (fact.row,), "above_maximum")


def find_stray_rows(page: PageFacts, rules: ConflictRules) -> Iterator[Contradiction]:
    """Yield rows ten times below or above their neighbours: a digit lost or added."""
    for facts in page.groups.values():
        rows = [f for f in facts if is_point(f) and f.is_level and f.amount]
        kinds = {f.row["statistic"] for f in rows}
        periods = {f.row["period"] for f in rows} - {None}
        if len(rows) < LEAST_ROWS or len(kinds) > 1 or len(periods) > 1:
            continue
        amounts = [f.amount or Decimal(0) for f in rows]
        # Least and most of the others: each without one that is the end itself.
        (least, second), (last, most) = sorted(amounts)[:2], sorted(amounts)[-2:]
        for at, (fact, amount) in enumerate(zip(rows, amounts, strict=True)):
            low = second if amount == least else least
            if is_digit_off(amount, low, last if amount == most else most):
                others = [
                    *enumerate(amounts[:at]),
                    *enumerate(amounts[at + 1 :], at + 1),
                ]
                _, _, near = min((abs(a - amount), a, place) for place, a in others)
                yield Contradiction(
                    "unit_slip", (fact.row, rows[near].row), "digit_lost"
                )


def is_digit_off(amount: Decimal, low: Decimal, high: Decimal) -> bool:
    """Return whether an amount is far off its neighbours but for one digit."""
    if high > MOST_SPREAD * low:
        return False
    # Put right, the row may still be somewhat outside its neighbours.
    least, most = low * Decimal("0.6"), high * Decimal("1.6")
    short = amount * STRAY_FACTOR < low and least <= amount * DIGIT_FACTOR <= most
    long = amount > high * STRAY_FACTOR and least <= amount / DIGIT_FACTOR <= most
    return short or long
