"""Each rule of a table: the last value that it lets pass, and the first it refuses."""

from decimal import Decimal
from functools import cache

import polars as pl
import pytest
from small_tables import contents

from pipeline.core.quick_check import keeps_every_rule
from pipeline.core.tables import column_types, make_frame
from schemas import (
    Claims,
    Discrepancies,
    Figures,
    Provenance,
    Rejects,
    Rulings,
    Salaries,
    Scorecards,
    Snapshots,
)
from schemas.salaries import STATUSES

TWELVE, DAY = "0123456789ab", "2026-11-01"
BARE = {
    Claims: {
        "claim_id": "x", "source": "article", "snapshot": TWELVE, "locator": "char=1,2",
        "quote": "$1", "structure": "prose", "kind": "pay_level", "measure": "pay",
        "value": 1, "approximate": False, "availability": "published",
        "pay_basis": "base", "statistic": "median", "hypothetical": False,
    },
    Rejects: {
        "stage": "validate", "source": "article", "snapshot": TWELVE,
        "locator": "char=1,2", "claim_id": "x", "quote": "$0", "rule": "plausible_pay",
        "reason": "it is 0",
    },
    Rulings: {
        "id": "r-00000001", "action": "accept", "target": "x", "reason": "so",
        "author": "a", "date": DAY, "state": "in_force",
    },
    Scorecards: {"source": "article", "measure": "bias", "value": 0.0, "n": 1},
    Snapshots: {
        "snapshot": TWELVE, "source": "article", "edition": "2024", "name": "",
        "sha256": "0" * 64, "capture": "made", "retrieved": DAY, "url": "",
        "media_type": "text/html", "path": "raw",
    },
}  # fmt: skip
# Columns of the tables that a run makes which a row must have: the others may be empty.
NEEDED = {
    Figures: "claim_id source snapshot locator quote publisher primary match_grade "
    "cohort pay_basis statistic is_year_known currency approximate availability "
    "factor_id cell",
    Salaries: "cell soc occupation area_code cohort pay_basis statistic is_year_known "
    "currency availability status rule grade grade_inputs policy policy_sha256 figures "
    "independent_sources effective_sources last_checked last_changed",
    Provenance: "cell claim_id role reason place is_independent weight publisher "
    "source snapshot locator quote",
    Discrepancies: "discrepancy_id type severity claim_ids source snapshot published "
    "sentence explanation_cost status",
}
RULES = [
    (Claims, "experience_min", [0, 50.5], [-0.5]),
    (Claims, "experience_max", [0, 50.5], [-0.5]),
    (Claims, "soc", ["29-2072", "92072"], ["29-207", "2-92072", "x29-2072"]),
    (Claims, "reference_period", ["2023", "2023-05", "2025-Q3", "2023-2033"], ["May"]),
    (Claims, "currency", ["USD"], ["US", "usd", "USDX"]),
    (Claims, "direction", ["up", "down"], ["sideways"]),
    (Figures, "soc", ["29-2072", "92072"], ["29-2072|29-2071", "?"]),
    (Figures, "match_grade", ["none"], ["guess"]),
    (Figures, "year", [1000, 9999], [999, 10_000]),
    (Figures, "currency", ["EUR"], ["E", "EURO"]),
    (Figures, "annual", [Decimal("0.01")], [Decimal(0), Decimal(-1)]),
    (Figures, "annual_low", [Decimal("0.01")], [Decimal(0)]),
    (Figures, "annual_high", [Decimal("0.01")], [Decimal(0)]),
    (Figures, "ageing_sd", [0], [-0.001]),
    (Figures, "se_log", [0], [-0.001]),
    (Salaries, "soc", ["?", "29-2072|29-2071"], ["", "29-2072|"]),
    (Salaries, "year", [1000, 9999], [999, 10_000]),
    (Salaries, "figures", [1], [0]),
    (Salaries, "independent_sources", [0], [-1]),
    (Salaries, "effective_sources", [0], [-0.001]),
    (Salaries, "spread", [0], [-0.001]),
    (Salaries, "scale_factor", [0], [-0.001]),
    (Salaries, "loo_shift", [0], [-0.001]),
    (Salaries, "grade", list("ABCDE"), ["F"]),
    (Salaries, "policy", ["no-blend"], ["vote"]),
    (Salaries, "policy_sha256", [TWELVE], [TWELVE[:11], TWELVE.upper()]),
    (Provenance, "place", [0], [-1]),
    (Provenance, "weight", [0, 1], [-0.001, 1.001]),
    (Provenance, "role", ["copy", "stale"], ["winner"]),
    (Provenance, "snapshot", [TWELVE], [TWELVE[1:]]),
    (Discrepancies, "severity", [1, 3], [0, 4]),
    (Discrepancies, "explanation_cost", [0], [-0.001]),
    (Discrepancies, "status", ["reopened"], ["closed"]),
    (Discrepancies, "type", ["copied_figure"], ["lie"]),
    (Rejects, "snapshot", [TWELVE], [TWELVE + "c"]),
    (Rulings, "action", ["undo"], ["veto"]),
    (Rulings, "state", ["fixed_upstream"], ["lost"]),
    (Scorecards, "n", [1], [0]),
    (Scorecards, "measure", ["lag_months"], ["luck"]),
    (Snapshots, "sha256", ["f" * 64], ["f" * 63]),
    (Snapshots, "capture", ["fetched", "given"], ["found"]),
    (Snapshots, "retrieved", ["2026-11-01T10:00:00Z"], ["1 Nov 2026"]),
]


@cache
def sound_row(model):
    """One row that keeps every rule, as full as the code makes it."""
    if model in BARE:
        return make_frame(model, [BARE[model]])
    name = model.__name__.lower()
    if model is Discrepancies:
        return make_frame(model, [{
            "discrepancy_id": "misquote:x", "type": "misquote", "severity": 3,
            "claim_ids": "x", "source": "article", "snapshot": TWELVE,
            "published": "$1", "sentence": "So.", "explanation_cost": 2.0,
            "status": "open",
        }])  # fmt: skip
    table = contents().frames_by_name()[name]
    assert isinstance(table, pl.DataFrame)
    return table.head(1)


def changed(model, **values):
    """The row with other values."""
    types = column_types(model)
    return sound_row(model).with_columns(
        **{name: pl.lit(value).cast(types[name]) for name, value in values.items()}
    )


@pytest.mark.parametrize(
    ("model", "column", "good", "bad"),
    RULES,
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_rule_lets_its_last_value_pass_and_refuses_the_next(model, column, good, bad):
    """Both sides of every bound, pattern and list."""
    assert keeps_every_rule(model, sound_row(model))
    # Amounts stand alone here: a range runs from low to high.
    alone = {"annual", "annual_low", "annual_high"} - {column}
    more = dict.fromkeys(alone) if column.startswith("annual") else {}
    for value in good:
        assert keeps_every_rule(model, changed(model, **more, **{column: value})), value
    for value in bad:
        assert not keeps_every_rule(model, changed(model, **more, **{column: value})), (
            value
        )


@pytest.mark.parametrize("model", [*BARE, *NEEDED], ids=lambda model: model.__name__)
def test_what_a_row_must_have_and_what_may_be_empty(model):
    """A page says little; who said it, and where, is never empty."""
    needed = set(NEEDED[model].split()) if model in NEEDED else set(BARE[model])
    needed -= {"value"} if model is Claims else set()
    for column in column_types(model):
        more = {}
        if model is Claims and column == "value":
            more = {"low": 1}  # a claim that is no point has a bound
        if column in ("year", "is_year_known"):
            continue  # of one another: below
        if model is Salaries and column == "chosen":
            more = {"status": "contested"}
        frame = changed(model, **more, **{column: None})
        assert keeps_every_rule(model, frame) == (column not in needed), column


@pytest.mark.parametrize("model", [Figures, Salaries])
def test_a_year_is_known_exactly_where_there_is_one(model):
    """Neither without the other."""
    assert keeps_every_rule(model, changed(model, year=None, is_year_known=False))
    assert not keeps_every_rule(model, changed(model, year=None, is_year_known=True))
    assert not keeps_every_rule(model, changed(model, year=2023, is_year_known=False))
    assert not keeps_every_rule(model, changed(model, is_year_known=None))


def test_a_cell_that_is_decided_names_its_figure():
    """Settled or of a single source; an open one names none, or does."""
    for status in STATUSES:
        frame = changed(Salaries, status=status, chosen=None)
        assert keeps_every_rule(Salaries, frame) == (
            status in ("contested", "disputed", "insufficient")
        )
        assert keeps_every_rule(Salaries, changed(Salaries, status=status, chosen="x"))


@pytest.mark.parametrize(
    ("low", "high", "sound"),
    [(1, 2, True), (2, 2, True), (2, 1, False), (1, None, True), (None, 1, True)],
)
def test_a_range_runs_from_low_to_high(low, high, sound):
    """An open end is no fault."""
    frame = changed(Figures, annual=None, annual_low=low, annual_high=high)
    assert keeps_every_rule(Figures, frame) == sound


@pytest.mark.parametrize(
    ("said", "sound"),
    [
        ({"value": 1, "low": 1}, False),
        ({"value": 1, "high": 1}, False),
        ({"value": 12, "low": 1, "high": 2, "kind": "share"}, True),
        ({"value": None, "low": 1, "high": 2}, True),
        ({"value": None}, False),
        ({"value": None, "availability": "suppressed"}, True),
        ({"value": None, "availability": "not_available"}, True),
        ({"value": 1, "availability": "suppressed"}, False),
        ({"value": None, "low": 1, "availability": "top_coded"}, True),
        ({"value": None, "high": 1, "availability": "top_coded"}, False),
        ({"value": 1, "low": 1, "kind": "share", "availability": "top_coded"}, False),
    ],
    ids=str,
)
def test_a_claim_is_a_point_a_range_or_a_mark(said, sound):
    """And a top code is a lower bound."""
    assert keeps_every_rule(Claims, changed(Claims, **said)) == sound


@pytest.mark.parametrize(
    ("model", "key"),
    [(Claims, ["claim_id"]), (Salaries, ["cell"]), (Provenance, ["cell", "claim_id"]),
     (Discrepancies, ["discrepancy_id"]), (Rulings, ["id"]), (Snapshots, ["snapshot"]),
     (Scorecards, ["source", "measure"])],
)  # fmt: skip
def test_no_two_rows_share_a_key(model, key):
    """A part of it may stand twice."""
    row = sound_row(model)
    assert not keeps_every_rule(model, pl.concat([row, row]))
    for column in key[1:]:
        other = {"measure": "spread", "claim_id": "other"}[column]
        both = pl.concat([row, row.with_columns(pl.lit(other).alias(column))])
        assert keeps_every_rule(model, both)
