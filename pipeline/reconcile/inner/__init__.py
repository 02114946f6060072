"""Contradictions inside one page: what it says twice, and what cannot be true."""

from collections.abc import Iterable, Iterator

from pipeline.reconcile.inner import (
    forms,
    lists,
    meanings,
    order,
    percents,
    rankings,
    twice,
)
from pipeline.reconcile.inner.found import Contradiction
from pipeline.reconcile.inner.page import Page, pages
from pipeline.reconcile.inner.questions import Rules
from pipeline.reconcile.inner.single import inverted, too_little
from pipeline.reconcile.inner.words import Comparisons

__all__ = ["Comparisons", "Contradiction", "Page", "Rules", "contradictions", "pages"]

TESTS = (
    order.out_of_order,
    twice.said_twice,
    forms.forms_apart,
    twice.said_of_a_row,
    order.outside,
    percents.recomputed,
    rankings.ranked,
    lists.in_order,
    lists.kept_by_all,
    lists.stray,
    meanings.one_code,
    meanings.two_sizes,
)


def contradictions(found: Iterable[Page], rules: Rules) -> list[Contradiction]:
    """All contradictions inside pages, page by page and test by test."""
    return [c for page in found for c in of_page(page, rules)]


def of_page(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """Those of one page; no two name the same figures under one type."""
    told: set[tuple[str, frozenset[str]]] = set()
    alone = [
        *(Contradiction("range_inversion", (f.row,), "low_above_high")
          for f in page.levels if inverted(f.row)),
        *(Contradiction("unit_slip", (f.row,), "below_minimum")
          for f in page.levels if too_little(f.row, rules.measures)),
    ]  # fmt: skip
    for one in [*alone, *(c for test in TESTS for c in test(page, rules))]:
        key = (one.type, frozenset(str(row["claim_id"]) for row in one.rows))
        if key not in told:
            told.add(key)
            yield one
