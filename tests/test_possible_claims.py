"""Rows that no claim can hold end their file in a sentence, whatever made them."""

from decimal import Decimal

import polars as pl
import pytest
from made import claim
from make_recordings import RECORDINGS, TESTS, find_recordings, kept

from pipeline.core import tables
from pipeline.core.errors import LayoutChanged
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import import_source
from pipeline.sources.shared.possible_claims import refuse_impossible_claims
from schemas import Claims

RAW = TESTS.parent / "raw"
WORDS = open_vocabulary(TESTS.parent / "vocabularies")
# The general reader sets such rows aside one by one.
READ_ALONE = ("aapc_survey", "ahima", "article")
BUNDLED = [
    r for r in find_recordings(RAW) if r.source in ("bls_ooh", "bls_projections")
]
ONE_EACH = {r.source: (r, RAW) for r in BUNDLED} | {
    r.source: (r, TESTS / "raw") for r in RECORDINGS if r.source not in READ_ALONE
}


def test_what_no_claim_can_hold_is_named_by_its_columns():
    """One row with two of them; what is sound passes."""
    row = claim(50_000, locator="char=1,2")
    with refuse_impossible_claims("page.html", "article.py"):
        tables.make_claims([row])
    wrong = row | {"currency": "U$D", "low": Decimal(3)}
    told = r"page\.html.*rows where a point has no bounds.*currency.*article\.py"
    with (
        pytest.raises(LayoutChanged, match=told),
        refuse_impossible_claims("page.html", "article.py"),
    ):
        tables.make_claims([wrong])


@pytest.mark.parametrize("source", sorted(ONE_EACH))
def test_every_source_tells_it_in_a_sentence(source, monkeypatch):
    """No traceback, and the module that is to be changed."""
    real = Claims.validate

    def spoil(frame, **options):
        return real(frame.with_columns(currency=pl.lit("U$D")), **options)

    monkeypatch.setattr(tables, "keeps_every_rule", lambda *_: False)
    monkeypatch.setattr(Claims, "validate", spoil)
    with pytest.raises(LayoutChanged, match=rf"value of currency.*sources/{source}"):
        import_source(source).parse(kept(*ONE_EACH[source]), WORDS)
