"""Compare projections that pages credit to their publisher with the published ones.

A projection is a percentage for an occupation between two years. What the page says is
held against every published percentage of the same occupation and years, rounded as
the page rounds; a projection of years that are not loaded is not judged.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
# Matches "7%", "7 percent", "7 per cent": outlook claims also have numbers of jobs.
PERCENT = re.compile(r"%|percent|per cent", re.IGNORECASE)
PROJECTION_MEASURE = "employment_change_percent"


def find_projection_mismatches(
    claims: Iterable[Row],
    levels: Sequence[Row],
    projections: Iterable[Row],
    publishers: Publishers,
) -> Iterator[Contradiction]:
    """Yield projections that their publisher did not publish so.

    Args:
        claims: Of pages, of every kind.
        levels: Their draft figures: they say which code an occupation has.
        projections: Claims of the official tables.
        publishers: For who is official.
    """
    published = group_by_question(projections)
    codes = {(r["snapshot"], r["occupation"]): r["soc_candidates"] for r in levels}
    official = {publishers.display_name(p).lower() for p in publishers.official}
    for row in claims:
        if row["kind"] != "outlook" or not PERCENT.search(row["quote"]):
            continue
        if (row["attributed_to"] or "").lower() not in official or row["value"] is None:
            continue
        # A claim without a code has that of the draft figures of its page and
        # occupation.
        code = row["soc"] or codes.get((row["snapshot"], row["occupation"]))
        known = published.get((code or "", row["reference_period"] or ""), [])
        if known and not any(says_published(row, one) for one in known):
            # Named in the sentence: the one that was printed with most digits.
            best = max(known, key=lambda r: (len(r["quote"]), r["claim_id"]))
            yield Contradiction(
                "outlook_mismatch",
                (row,),
                "not_projected",
                f"{signed_percentage(best)} %",
            )


def group_by_question(projections: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Group published percentages by occupation code and period."""
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
    """Return the percentage, negative for a decline."""
    value = Decimal(row["value"]).normalize()
    return -value if row["direction"] == "down" else value


def says_published(row: Row, published: Row) -> bool:
    """Return whether a page's percentage is the published one, as it is rounded."""
    own = signed_percentage(row)
    exponent = min(0, int(own.as_tuple().exponent))
    step = Decimal(1).scaleb(exponent)
    # 7 is right for 6.6 and for 7.4: the tables give one decimal, pages often none.
    return abs(own - signed_percentage(published)) <= step / 2
