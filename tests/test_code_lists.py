"""Lists of codes beside a flat file: a level that is missing is named as such."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources.bls_oews.oews_code_lists import _index_occupations

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
