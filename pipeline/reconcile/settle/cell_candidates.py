"""Sort the figures of each cell into the order in which they may be chosen.

The witness of a figure is who is answerable for it. A publisher is one witness however
many pages quote it; a page that names nobody is a witness of its own, and never settles
anything.
"""

from collections.abc import Collection, Mapping

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.authority import add_ranks, order_of_source
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.verdict.verdicts import ACCUSATIONS
from pipeline.rulings import CellDecisions

# The place of a figure in its cell is decided by the first of these that differs; the
# claim's id is last, so that no tie is left to the order of the input.
ORDER = [
    *("cell", "ruled", "preferred", "usable", "rank", "quoted"),
    *("hand", "unit", "age", "claim_id"),
]
# Verdicts after which a quote is not believed: never chosen, no witness.
WRONG = [
    *sorted(ACCUSATIONS),
    *("doubtful", "disputed"),  # `pipeline.reconcile.find_words_for_settling`
]
DESCENDING = [name in ("ruled", "preferred", "usable", "age") for name in ORDER]


def rank_candidates(
    figures: pl.DataFrame,
    verdicts: Mapping[str, str],
    vocabulary: Vocabulary,
    retrieved: Mapping[str, str],
    decisions: CellDecisions,
) -> pl.DataFrame:
    """Return the figures with rank, witness and verdict, best first in each cell."""
    verdict_of_claim = look_up_claim(verdicts)
    unnamed_page = pl.format("unnamed:{}", "snapshot")
    named = pl.col("publisher") != "unnamed"
    has_amount = pl.any_horizontal(
        pl.col("annual", "annual_low", "annual_high").is_not_null()
    )
    retrieved_on = pl.col("snapshot").replace_strict(
        dict(retrieved), default="", return_dtype=pl.String
    )
    candidates = add_ranks(figures, vocabulary).with_columns(
        verdict=verdict_of_claim,
        # `unnamed:` and the snapshot: two pages that name nobody are two witnesses.
        witness=pl.when(named).then("publisher").otherwise(unnamed_page),
        named=named,
        released=has_amount,
        usable=has_amount & ~verdict_of_claim.is_in(WRONG).fill_null(value=False),
        quoted=~pl.col("primary"),
        hand=order_of_source(Publishers.from_vocabulary(vocabulary).source_order),
        unit=pl.col("period") != "year",
        age=retrieved_on,
        ruled=look_up_claim(decisions.chosen).is_not_null(),
        preferred=pl.lit(value=False),
        taken_out=look_up_claim(decisions.excluded),
    )
    candidates = candidates.sort(ORDER, descending=DESCENDING).with_columns(
        # Nothing is converted here: figures in another currency than the best one's are
        # left out of the cell.
        foreign=pl.col("currency") != pl.col("currency").first().over("cell")
    )
    return sort_candidates(candidates.with_columns(usable=is_sound()))


def sort_candidates(
    candidates: pl.DataFrame, preferred: Collection[str] = ()
) -> pl.DataFrame:
    """Sort the figures of each cell: a ruling's, a policy's pick, then by authority.

    By authority: a usable figure, a lower rank, the publisher's own page, its first
    source, a yearly amount, the newer snapshot, and last the claim's id. Adds `place`
    (from 0), `witness_primary` and `is_independent`.
    """
    if preferred:
        picked = pl.col("claim_id").is_in(sorted(preferred))
        candidates = candidates.with_columns(preferred=picked)
    return candidates.sort(ORDER, descending=DESCENDING).with_columns(
        place=pl.int_range(pl.len()).over("cell"),
        witness_primary=pl.col("primary").any().over("cell", "witness"),
        # Only the best figure of a witness counts: ten pages that quote BLS are BLS
        # once.
        is_independent=(pl.int_range(pl.len()).over("cell", "witness") == 0)
        & pl.col("usable")
        & pl.col("named"),
    )


def look_up_claim(words: Mapping[str, str]) -> pl.Expr:
    """Return what a table has for a claim; null where nothing."""
    return pl.col("claim_id").replace_strict(
        dict(words) or {"": ""}, default=None, return_dtype=pl.String
    )


def is_sound() -> pl.Expr:
    """Return whether a figure may be chosen: in the cell's currency, or by ruling."""
    allowed = ~pl.col("foreign") & pl.col("taken_out").is_null()
    return (pl.col("usable") & allowed) | (pl.col("ruled") & pl.col("released"))
