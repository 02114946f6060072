"""The only maker of figures: every row is a figure or a reject with its reason."""

from decimal import Decimal

import polars as pl
import pytest
from made import VOCABULARY, claim, made_claims, oews
from pandera.errors import SchemaErrors

from pipeline.core.tables import (
    check_frame,
    make_frame,
    split_valid_rows,
)
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from schemas import Claims, Discrepancies, Figures, Provenance, Salaries


def validated(*rows, broken=None):
    """Figures and rejects of these claims."""
    draft = normalise(made_claims(*rows), VOCABULARY, {})
    return validate(
        draft, make_empty_broken_rows() if broken is None else broken, VOCABULARY
    )


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (claim(48780, period=None), "period_known"),
        (claim(48780, currency=None), "currency_read"),
        (claim(154, period="week"), None),
        (claim(7, period="year"), "plausible_pay"),
        (claim(9_000_000, period="year"), "plausible_pay"),
        (claim(None, low=90000, high=80000), "low bound at most the high bound"),
        (claim(0), "plausible_pay"),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_with_reason_and_place(row, rule):
    """The good neighbour goes on; the reject names rule, place and quote."""
    figures, rejects = validated(row, claim(48780))
    if rule is None:
        assert rejects.height == 0
        return
    assert figures["annual"].to_list() == [Decimal("48780.00")]
    assert rule in rejects["rule"].to_list()
    assert set(rejects["claim_id"]) == {f"{'a' * 12}#char=0,1"}
    assert all(rejects["reason"].str.len_chars() > 20)


def test_a_rule_of_the_source_sets_its_rows_aside():
    """What a source module finds broken never becomes a figure."""
    wrong = {
        "claim_id": [f"{'c' * 12}#char=0,1"],
        "rule": ["percentile_order"],
        "reason": ["p10 50,000 is above p25 40,000"],
    }
    figures, rejects = validated(
        oews(50000, statistic="p10"), oews(60000), broken=pl.DataFrame(wrong)
    )
    assert (figures.height, rejects["rule"].to_list()) == (1, ["percentile_order"])


def test_every_row_lands_in_exactly_one_table():
    """Figures and rejects add up to the draft."""
    rows = [claim(n * 10000 or None, low=None if n else 1) for n in range(8)]
    figures, rejects = validated(*rows, claim(3), claim(50000, period=None))
    ids = [*figures["claim_id"], *rejects["claim_id"].unique()]
    assert len(ids) == len(set(ids)) == 10


GOOD = {
    "claim_id": "x",
    "source": "article",
    "snapshot": "a" * 12,
    "locator": "char=1,2",
    "quote": "$1",
    "structure": "prose",
    "kind": "pay_level",
    "measure": "pay",
    "value": Decimal(1),
    "approximate": False,
    "availability": "published",
    "pay_basis": "base",
    "statistic": "median",
    "hypothetical": False,
}


@pytest.mark.parametrize(
    "change",
    [
        {"snapshot": "not hex"},
        {"kind": "wage"},
        {"statistic": "average"},
        {"period": "decade"},
        {"currency": "dollars"},
        {"availability": "suppressed"},
        {"value": None},
        {"low": Decimal(1)},
        {"availability": "top_coded"},
        {"experience_min": -1.0},
        {"soc": "292072"},
        {"reference_period": "May 2023"},
        {"area_level": "city"},
        {"structure": "pdf"},
    ],
    ids=str,
)
def test_every_check_of_a_claim_fires(change):
    """A schema whose checks cannot fail is no schema."""
    assert check_frame(Claims, make_frame(Claims, [GOOD])).height == 1
    with pytest.raises(SchemaErrors):
        check_frame(Claims, make_frame(Claims, [{**GOOD, **change}]))


def test_claim_ids_are_unique():
    """One place, one id."""
    with pytest.raises(SchemaErrors):
        check_frame(Claims, make_frame(Claims, [GOOD, GOOD]))


@pytest.mark.parametrize(
    ("model", "column"),
    [(Figures, "annual"), (Salaries, "status"), (Provenance, "role"),
     (Discrepancies, "type")],
)  # fmt: skip
def test_a_table_of_another_shape_is_refused_whole(model, column):
    """A missing column cannot be told apart row by row."""
    frame = make_frame(model, []).drop(column)
    with pytest.raises(SchemaErrors):
        split_valid_rows(model, frame)


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([Decimal("1.5"), None, Decimal("-3")], ["1.50", None, "-3.00"]),
        ([Decimal("1.555"), Decimal("1")], ["1.56", "1.00"]),
        ([Decimal("1E+3"), None], ["1000.00", None]),
        ([Decimal("999999999999.99")], ["999999999999.99"]),
        ([], []),
    ],
)
def test_money_is_kept_to_the_cent_whichever_way_polars_is_given_it(values, kept):
    """As text or as it is."""
    made = make_frame(Claims, [{"value": value} for value in values])["value"]
    assert made.dtype == pl.Decimal(14, 2)
    assert made.cast(pl.String).to_list() == kept
    assert made.equals(pl.Series("value", values, dtype=pl.Decimal(14, 2)))
