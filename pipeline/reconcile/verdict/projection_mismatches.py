"""Projections that pages credit to their publisher, against the published ones.

A projection is a percentage for an occupation between two years. What the page says is
held against every published percentage of the same occupation and years, rounded as
the page rounds; years that are not loaded say nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
PERCENT = re.compile(r"%|percent|per cent", re.IGNORECASE)
PROJECTION_MEASURE = "employment_change_percent"


def find_projection_mismatches(
    claims: Iterable[Row],
    levels: Sequence[Row],
    projections: Iterable[Row],
    publishers: Publishers,
) -> Iterator[Contradiction]:
    """Projections that were not published so.

    Args:
        claims: Of pages, of every kind.
        levels: Their draft figures: they say which code an occupation has.
        projections: Claims of the official tables.
        publishers: Who is official.
    """
    published = group_by_question(projections)
    codes = {(r["snapshot"], r["occupation"]): r["soc_candidates"] for r in levels}
    official = {publishers.display_name(p).lower() for p in publishers.official}
    for row in claims:
        if row["kind"] != "outlook" or not PERCENT.search(row["quote"]):
            continue
        if (row["attributed_to"] or "").lower() not in official or row["value"] is None:
            continue
        code = row["soc"] or codes.get((row["snapshot"], row["occupation"]))
        known = published.get((code or "", row["reference_period"] or ""), [])
        if known and not any(says_published(row, one) for one in known):
            best = max(known, key=lambda r: (len(r["quote"]), r["claim_id"]))
            yield Contradiction(
                "outlook_mismatch",
                (row,),
                "not_projected",
                f"{signed_percentage(best)} %",
            )


def group_by_question(projections: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Published percentages by code and years."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in projections:
        if (
            row["measure"] == PROJECTION_MEASURE
            and row["soc"]
            and row["value"] is not None
        ):
            key = (row["soc"], row["reference_period"] or "")
            found.setdefault(key, []).append(row)
    return found


def signed_percentage(row: Row) -> Decimal:
    """The percentage, negative for a decline."""
    value = Decimal(row["value"]).normalize()
    return -value if row["direction"] == "down" else value


def says_published(row: Row, published: Row) -> bool:
    """Whether a page's percentage is the published one, rounded as it is."""
    own = signed_percentage(row)
    exponent = min(0, int(own.as_tuple().exponent))
    step = Decimal(1).scaleb(exponent)
    return abs(own - signed_percentage(published)) <= step / 2
