"""Figures of each cell in the order in which they may be chosen.

Witness: whoever is answerable. A publisher is one witness however many pages quote
it; a page that names nobody is a witness of its own, and never settles anything.
"""

from collections.abc import Collection, Mapping

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.authority import add_ranks, order_of_source
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.rulings import CellDecisions

ORDER = [
    *("cell", "ruled", "preferred", "usable", "rank", "quoted"),
    *("hand", "unit", "age", "claim_id"),
]
WRONG = ["wrong_scope", "misquoted", "unit_slip", "wrong_statistic", "stale"]
DESCENDING = [name in ("ruled", "preferred", "usable", "age") for name in ORDER]


def rank_candidates(
    figures: pl.DataFrame,
    verdicts: Mapping[str, str],
    vocabulary: Vocabulary,
    retrieved: Mapping[str, str],
    decisions: CellDecisions,
) -> pl.DataFrame:
    """Figures with rank, witness and standing, best first in each cell."""
    quotes = look_up_claim(verdicts)
    page = pl.format("unnamed:{}", "snapshot")
    named = pl.col("publisher") != "unnamed"
    amount = pl.any_horizontal(
        pl.col("annual", "annual_low", "annual_high").is_not_null()
    )
    dates = pl.col("snapshot").replace_strict(
        dict(retrieved), default="", return_dtype=pl.String
    )
    lined = add_ranks(figures, vocabulary).with_columns(
        verdict=quotes,
        witness=pl.when(named).then("publisher").otherwise(page),
        named=named,
        released=amount,
        usable=amount & ~quotes.is_in(WRONG).fill_null(value=False),
        quoted=~pl.col("primary"),
        hand=order_of_source(Publishers.from_vocabulary(vocabulary).source_order),
        unit=pl.col("period") != "year",
        age=dates,
        ruled=look_up_claim(decisions.chosen).is_not_null(),
        preferred=pl.lit(value=False),
        taken_out=look_up_claim(decisions.excluded),
    )
    lined = lined.sort(ORDER, descending=DESCENDING).with_columns(
        foreign=pl.col("currency") != pl.col("currency").first().over("cell")
    )
    return sort_candidates(lined.with_columns(usable=is_sound()))


def sort_candidates(
    lined: pl.DataFrame, preferred: Collection[str] = ()
) -> pl.DataFrame:
    """Figures best first in each cell: a ruling, a policy's pick, then authority.

    Ties: a usable figure, a lower rank, the publisher's own page, who measured rather
    than republished, a yearly amount, the newer snapshot, and last the claim's id: an
    order that input cannot change.
    """
    if preferred:
        picked = pl.col("claim_id").is_in(sorted(preferred))
        lined = lined.with_columns(preferred=picked)
    return lined.sort(ORDER, descending=DESCENDING).with_columns(
        place=pl.int_range(pl.len()).over("cell"),
        witness_primary=pl.col("primary").any().over("cell", "witness"),
        is_independent=(pl.int_range(pl.len()).over("cell", "witness") == 0)
        & pl.col("usable")
        & pl.col("named"),
    )


def look_up_claim(words: Mapping[str, str]) -> pl.Expr:
    """What a table says of a claim; null where nothing."""
    return pl.col("claim_id").replace_strict(
        dict(words) or {"": ""}, default=None, return_dtype=pl.String
    )


def is_sound() -> pl.Expr:
    """May be chosen: in the question's currency and not taken out, or ruled so."""
    free = ~pl.col("foreign") & pl.col("taken_out").is_null()
    return (pl.col("usable") & free) | (pl.col("ruled") & pl.col("released"))
