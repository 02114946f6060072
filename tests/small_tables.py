"""The tables of a release of four claims, without a folder."""

from functools import cache

import polars as pl
from made import VOCABULARY, claim, made_claims, oews

from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.reconcile import reconcile
from pipeline.release.publish import ReleaseTables


def contents(*rows) -> ReleaseTables:
    """The tables of a small release."""
    return made_contents(*rows) if rows else plain_contents()


@cache
def plain_contents() -> ReleaseTables:
    """The same tables every time, made once; nothing in them can be changed."""
    return made_contents()


def made_contents(*rows) -> ReleaseTables:
    """Tables of the usual claims and of these rows."""
    claims = made_claims(
        oews(48780),
        oews(35080, statistic="p10"),
        oews(77810, statistic="p90"),
        claim(35010, attributed_to="BLS", statistic="p10"),
        *rows,
    )
    draft = normalise(claims, VOCABULARY, {})
    figures, rejects = validate(draft, make_empty_broken_rows(), VOCABULARY)
    days = dict.fromkeys(claims["snapshot"].unique(), "2026-11-01")
    found = reconcile(
        figures,
        draft.filter(pl.col("source") == "article"),
        VOCABULARY,
        retrieved=days,
        files={},
    )
    return ReleaseTables(
        claims, figures, rejects, found.salaries, found.provenance, found.discrepancies
    )
