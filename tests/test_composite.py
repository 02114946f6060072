"""The estimate beside the published figure."""

from decimal import Decimal

import polars as pl
import pytest

from pipeline.reconcile.estimate import estimate_composites


def voices(*rows):
    """Figures of witnesses: cell, annual, error on logs, currency."""
    shown = [(*row, "USD") if len(row) == 3 else row for row in rows]
    schema = {
        "cell": pl.String,
        "annual": pl.Decimal(14, 2),
        "se_log": pl.Float64,
        "currency": pl.String,
    }
    return pl.DataFrame(shown, schema=schema, orient="row")


def only(*rows):
    """The estimate of one cell."""
    return estimate_composites(voices(*rows)).row(0, named=True)


def test_two_figures_are_weighed_by_their_errors():
    """On logs: the sharper one counts for more."""
    found = only(("a", 50000, 0.01), ("a", 52000, 0.02))
    assert found["composite"] == Decimal(50394)
    assert found["spread"] == pytest.approx(0.04)
    assert found["composite_low"] < found["composite"] < found["composite_high"]


def test_figures_further_apart_than_their_errors_widen_the_interval_alone():
    """The centre stays; S says by how much."""
    near = only(("a", 50000, 0.01), ("a", 50100, 0.01))
    far = only(("a", 50000, 0.01), ("a", 60000, 0.01))
    assert near["scale_factor"] < 1 < far["scale_factor"]
    wide = [f["composite_high"] / f["composite_low"] for f in (near, far)]
    assert wide[1] > wide[0] + Decimal("0.1")


def test_a_vague_figure_does_not_hide_a_conflict_of_two_sharp_ones():
    """PDG's rule: S from the sharp ones."""
    pair = only(("a", 50000, 0.01), ("a", 55000, 0.01))
    three = only(("a", 50000, 0.01), ("a", 55000, 0.01), ("a", 52000, 0.5))
    ratios = [f["composite_high"] / f["composite_low"] for f in (pair, three)]
    assert float(ratios[0]) == pytest.approx(float(ratios[1]), rel=0.01)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", 50000, 0.01)],
        [("a", 50000, 0.01), ("b", 50000, 0.01)],
        [("a", 50000, 0.01), ("a", None, 0.01)],
        [("a", 50000, 0.01), ("a", 40000, 0.01, "GBP"), ("a", 60000, 0.01, "CAD")],
    ],
)
def test_one_figure_is_not_pooled(rows):
    """Alone, alone in its cell, beside a mark, or in a currency of its own."""
    found = estimate_composites(voices(*rows))
    assert found.is_empty()
    assert found.columns == ["cell", "spread", "scale_factor", "composite",
                             "composite_low", "composite_high"]  # fmt: skip


def test_other_currencies_are_left_out_of_an_average():
    """Three currencies: the two figures in the cell's own are pooled."""
    found = only(
        ("a", 50000, 0.01), ("a", 40000, 0.01, "GBP"),
        ("a", 51000, 0.01), ("a", 60000, 0.01, "CAD"),
    )  # fmt: skip
    assert (
        found["composite"] == only(("a", 50000, 0.01), ("a", 51000, 0.01))["composite"]
    )


@pytest.mark.parametrize("error", [0.0, None, float("inf")])
def test_an_error_of_zero_infinity_or_nothing_has_an_outcome(error):
    """Below rounding, without weight, or a plain default."""
    found = only(("a", 50000, error), ("a", 52000, 0.01), ("a", 52000, 0.01))
    assert Decimal(49990) < found["composite"] <= Decimal(52000)


def test_equal_figures_have_no_spread():
    """And a composite that is the figure."""
    found = only(("a", 50000, 0.01), ("a", 50000, 0.02))
    assert (found["spread"], found["scale_factor"]) == (0, 0)
    assert found["composite"] == Decimal(50000)


def test_cells_are_estimated_apart():
    """In the order they come."""
    rows = [("a", 50000, 0.01), ("a", 52000, 0.02), ("b", 9, 0.1), ("b", 10, 0.1)]
    both = estimate_composites(voices(*rows))
    assert both["cell"].to_list() == ["a", "b"]
    assert both.row(0, named=True) == only(*rows[:2])
    assert both.row(1, named=True) == only(*rows[2:])
