"""Lists held to what the page says of them: their order, and bounds on every row."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.comparison_words import locate_words
from pipeline.reconcile.within_page.conflicting_values import is_point
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact
from pipeline.reconcile.within_page.superlatives import is_beyond, select_rankable

NUMBERED = re.compile(r"^\s*\d+[.)]\s")
ENOUGH = 3
DIGIT_FACTOR = Decimal(10)
STRAY_FACTOR = Decimal(4)
MOST_SPREAD = Decimal("2.5")


def find_order_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """A numbered list of the best or worst paid whose figures run the other way."""
    for facts in page.groups.values():
        rows = [f for f in select_rankable(facts) if is_numbered(f, page)]
        if len(rows) < ENOUGH or page.document is None:
            continue
        head = list_heading(rows[0], page)
        kinds = [k for k in ("highest", "lowest") if page.words.has_phrase(k, head)]
        if len(kinds) != 1:
            continue
        for before, after in pairwise(rows):
            if is_beyond(after, before, kinds[0]):
                yield Contradiction("rank_contradiction", (before.row, after.row),
                                    "out_of_order", kinds[0])  # fmt: skip


def is_numbered(fact: PlacedFact, page: PageFacts) -> bool:
    """In an ordered list: by its element, or by the number before it."""
    if "/ol[" in str(fact.row["locator"]):
        return True
    document = page.document
    if document is None or fact.block < 0:
        return False
    start = document.text.rfind("\n", 0, document.blocks[fact.block].start) + 1
    return NUMBERED.match(document.text[start : start + 8]) is not None


def list_heading(fact: PlacedFact, page: PageFacts) -> str:
    """The heading above a list, and the words that introduce it."""
    document = page.document
    if document is None or fact.block < 0:
        return ""
    block = document.blocks[fact.block]
    lead = document.blocks[block.lead_in] if block.lead_in is not None else None
    said = document.text[lead.start : lead.end] if lead is not None else ""
    return f"{' '.join(block.section[-1:])} {said}"


def find_bound_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Each row is held to a bound of all: every role gained at least 3 percent."""
    says = page.words.has_phrase
    for said in page.facts:
        low = said.row.get("value") or said.row.get("low")
        opening = said.sentence[: said.offset]
        if low is None or said.group is not None or not says("every", opening):
            continue
        floor, ceiling = says("at_least", opening[-20:]), says("at_most", opening[-20:])
        if floor == ceiling:
            continue
        for rows in page.groups.values():
            alike = [f for f in rows if is_same_kind(f, said) and f.label]
            if len(alike) < ENOUGH or not stands_just_before(alike, said):
                continue
            named = words_around(said, page)
            broken = [
                f for f in alike if breaks_bound(f, low, floor) and not f.label <= named
            ]
            if broken:
                yield Contradiction("internal_contradiction", (said.row, broken[0].row),
                                    "not_every", f"{low.normalize():f}")  # fmt: skip


def is_same_kind(fact: PlacedFact, said: PlacedFact) -> bool:
    """Of the kind and period of the bound."""
    names = ("kind", "period", "currency")
    return all(fact.row.get(n) == said.row.get(n) for n in names)


def stands_just_before(rows: Sequence[PlacedFact], said: PlacedFact) -> bool:
    """A list counts where it stands before the sentence, at no great distance."""
    return 0 < said.block - rows[-1].block <= ENOUGH


def words_around(said: PlacedFact, page: PageFacts) -> frozenset[str]:
    """Words of the sentence and the one before: rows that they name are excepted."""
    document = page.document
    if document is None:
        return frozenset()
    block = document.blocks[said.block]
    text = document.text[block.start : block.end]
    return frozenset(
        w
        for w, _ in locate_words(text[: text.find(said.sentence) + len(said.sentence)])
    )


def breaks_bound(fact: PlacedFact, bound: Decimal, floor: bool) -> bool:
    """Below the floor, above the ceiling, or in the other direction."""
    value = fact.row.get("value")
    if value is None:
        return False
    signed = -value if fact.row.get("direction") == "down" else value
    return bool(signed < bound if floor else signed > bound)


def find_stray_rows(page: PageFacts, rules: ConflictRules) -> Iterator[Contradiction]:
    """A row ten times below or above its neighbours: a digit was lost or added."""
    for facts in page.groups.values():
        rows = [f for f in facts if is_point(f) and f.is_level and f.amount]
        kinds = {f.row["statistic"] for f in rows}
        periods = {f.row["period"] for f in rows} - {None}
        if len(rows) < ENOUGH or len(kinds) > 1 or len(periods) > 1:
            continue
        for fact in rows:
            others = [f.amount or Decimal(0) for f in rows if f is not fact]
            if is_digit_off(fact.amount or Decimal(0), min(others), max(others)):
                near = min(others, key=lambda a: (abs(a - (fact.amount or 0)), a))
                rival = next(f for f in rows if f is not fact and f.amount == near)
                yield Contradiction("unit_slip", (fact.row, rival.row), "digit_lost")


def is_digit_off(amount: Decimal, low: Decimal, high: Decimal) -> bool:
    """Far outside its neighbours, and among them once a digit is put right."""
    if high > MOST_SPREAD * low:
        return False
    least, most = low * Decimal("0.6"), high * Decimal("1.6")
    short = amount * STRAY_FACTOR < low and least <= amount * DIGIT_FACTOR <= most
    long = amount > high * STRAY_FACTOR and least <= amount / DIGIT_FACTOR <= most
    return short or long
