"""Tables that no publisher made: levels that lack, one row many times over."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources.bls_oews.oews_code_lists import _index_occupations
from pipeline.sources.shared.oews_rules import _find_annual_hourly_gaps

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def test_a_row_without_a_level_is_told_beside_unknown_ones():
    """Found by the fuzzer of tables: the two could not be put in order."""
    listed = pl.DataFrame(
        {
            "occupation_code": ["110000", "292072"],
            "occupation_name": ["Managers", "Records specialists"],
            "display_level": ["97", None],
        }
    )
    with pytest.raises(UnknownLabel, match=r"display_level 97.*no display_level"):
        _index_occupations(listed, WORDS)


def test_a_row_that_stands_many_times_is_held_against_each_other_figure_once():
    """A table of one row 3,000 times over took 4 GB: each was paired with all."""
    many = 50
    pay = pl.DataFrame(
        {
            "row": [*range(2 * many)],
            "exact": [True] * 2 * many,
            "cell": [0] * 2 * many,
            "rank": [1] * 2 * many,
            "annual": [0] * many + [1] * many,
            "cents": [1_000] * many + [9_999_900] * many,
            "year": [2023] * 2 * many,
        }
    )
    found = _find_annual_hourly_gaps(pay, WORDS)
    assert sorted(found["row"].to_list()) == [*range(2 * many)]
