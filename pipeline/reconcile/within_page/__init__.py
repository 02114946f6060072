"""Find contradictions inside one page: what it says twice, and what cannot be true."""

from collections.abc import Iterable, Iterator

from pipeline.reconcile.within_page import (
    change_columns,
    conflicting_values,
    form_conflicts,
    impossible_order,
    list_checks,
    misprints,
    premiums_and_codes,
    recomputed_changes,
    superlatives,
)
from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.comparison_words import ComparisonPhrases
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts, build_pages
from pipeline.reconcile.within_page.single_figure_checks import (
    is_above_maximum,
    is_below_minimum,
    is_inverted_range,
    list_neighbours,
)

__all__ = [
    "ComparisonPhrases",
    "ConflictRules",
    "Contradiction",
    "PageFacts",
    "build_pages",
    "find_contradictions",
]

# Figures of a page that are as little as one that is too little: with two more it is
# what somebody was paid.
MOST_OF_LIKE_SIZE = 1
# In this order: of two tests that find one conflict of the same figures the first one's
# sentence is written.
TESTS = (
    impossible_order.find_crossed_percentiles,
    conflicting_values.find_conflicting_values,
    form_conflicts.find_form_conflicts,
    conflicting_values.find_row_conflicts,
    misprints.find_misprints,
    impossible_order.find_average_outside,
    recomputed_changes.find_arithmetic_errors,
    change_columns.find_column_errors,
    superlatives.find_rank_conflicts,
    list_checks.find_order_conflicts,
    list_checks.find_bound_conflicts,
    list_checks.find_ladder_conflicts,
    list_checks.find_stray_rows,
    list_checks.find_impossible_hours,
    premiums_and_codes.find_shared_codes,
    premiums_and_codes.find_premium_conflicts,
)


def find_contradictions(
    found: Iterable[PageFacts], rules: ConflictRules
) -> list[Contradiction]:
    """Return all contradictions inside pages, page by page and test by test."""
    return [c for page in found for c in find_on_page(page, rules)]


def find_on_page(page: PageFacts, rules: ConflictRules) -> Iterator[Contradiction]:
    """Yield those of one page; no two name the same figures under one type."""
    yielded: set[tuple[str, frozenset[str]]] = set()
    alone = [
        *(Contradiction("range_inversion", (f.row,), "low_above_high")
          for f in page.levels if is_inverted_range(f.row)),
        *(Contradiction("unit_slip", (f.row,), "below_minimum")
          for f in page.levels if is_below_minimum(f, page.words, rules.measures)
          and not list_neighbours(f, page.levels)[MOST_OF_LIKE_SIZE:]),
        *(Contradiction("unit_slip", (f.row,), "above_maximum")
          for f in page.levels if is_above_maximum(f.row, rules.measures)
          and not list_neighbours(f, page.facts)),
    ]  # fmt: skip
    for one in [*alone, *(c for test in TESTS for c in test(page, rules))]:
        key = (one.type, frozenset(str(row["claim_id"]) for row in one.rows))
        if key not in yielded:
            yielded.add(key)
            yield one
