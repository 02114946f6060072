"""Pay of another date: by one index, with its formula, and never beyond its ends."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import VOCABULARY, claim, made_claims, oews

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.ageing import WageIndex, add_aged_pay

INDEX = WageIndex.from_vocabulary(VOCABULARY)
QUARTERS = sorted(INDEX.values)


def draft(*rows):
    """Draft figures of these claims, as rows."""
    return normalise(made_claims(*rows), VOCABULARY, {}).to_dicts()


def test_a_figure_of_may_2023_is_aged_to_may_2025_and_keeps_its_original():
    """By the quarters that hold the two months; factor and formula stand with it."""
    (row,) = draft(oews(48780))
    rate = Decimal("173.619") / Decimal("161.118")
    assert row["annual"] == Decimal("48780.00")
    assert row["aged"] == (Decimal(48780) * rate).quantize(Decimal("0.01"))
    assert row["ageing"] == (
        "ECIWAG 2025-Q2/2023-Q2 = 173.619/161.118 = 1.077589"
    )  # fmt: skip
    assert row["ageing_sd"] == pytest.approx(0.023 * 2**0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("period", "quarter"),
    [
        ("2023-05", "2023-Q2"),
        ("2023-12", "2023-Q4"),
        ("2025-Q3", "2025-Q3"),
        ("2024", "2024-Q2"),
        ("2025/26", "2025-Q2"),
        ("2012-2021", None),
    ],
)
def test_a_reference_period_lies_in_one_quarter_or_in_none(period, quarter):
    """A span of years has no date to age from."""
    assert INDEX.find_quarter(period) == quarter


@pytest.mark.parametrize(
    ("row", "note"),
    [
        (
            claim(30000, reference_period="2005-05"),
            "not aged: 2005-05 is beyond ECIWAG",
        ),
        (claim(60000, reference_period="2031"), "not aged: 2031 is beyond ECIWAG"),
        (claim(60000), None),
        (claim(40000, currency="GBP", reference_period="2023"), None),
    ],
)
def test_what_the_index_does_not_reach_is_not_aged_and_says_so(row, note):
    """Nothing is extrapolated; nothing abroad is aged by wages of the United States."""
    (found,) = draft(row)
    assert found["aged"] is None
    assert (found["ageing"] or "").startswith(note or "")
    assert (found["ageing"] is None) == (note is None)


def test_an_index_that_ends_before_the_common_date_stops_the_run(tmp_path):
    """It names the series, its ends, and the file to add the quarter to."""
    for name in ("eci", "ageing"):
        table = VOCABULARY.read_table(name)
        if name == "eci":
            table = table.filter(pl.col("period") < "2025-Q1")
        table.write_csv(tmp_path / f"{name}.csv")
    rows = normalise(made_claims(oews(48780)), VOCABULARY, {})
    with pytest.raises(UnknownLabel) as raised:
        add_aged_pay(rows, Vocabulary(tmp_path))
    for part in ("ECIWAG", "2024-Q4", "2025-Q2", "vocabularies/eci.csv"):
        assert part in str(raised.value)


@given(st.sampled_from(QUARTERS), st.sampled_from(QUARTERS))
def test_ageing_there_and_back_is_no_change(start, end):
    """The two factors cancel; what is left open is the same both ways."""
    there, back = INDEX.find_ageing(start, end), INDEX.find_ageing(end, start)
    assert abs(there.factor * back.factor - 1) < Decimal("1e-20")
    assert there.sd == back.sd
    assert (there.sd == 0) == (start == end)


@pytest.mark.slow
@given(st.integers(2, 9), st.sampled_from(["2018-05", "2021-05", "2024-05"]))
def test_scaling_a_figure_scales_what_it_is_aged_to(factor, period):
    """To the cent."""
    one, many = (
        draft(oews(value, reference_period=period))[0]["aged"]
        for value in (41_230, 41_230 * factor)
    )
    assert abs(many - factor * one) <= Decimal("0.01") * factor
