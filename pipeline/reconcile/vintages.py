"""Quotes of releases that are not loaded, held against the loaded ones on either side.

A figure credited to a publisher for a year that is not at hand cannot be looked up. But
pay moves little in a year: aged to one date, the nearest loaded release of the same
question says how far a true quote may be. What lies far beyond is misquoted whatever
the missing table holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import exp, log
from typing import Any

from pipeline.reconcile.elsewhere import too_precise
from pipeline.reconcile.evidence import Evidence, Reference
from pipeline.reconcile.inner import Contradiction
from pipeline.reconcile.judgement import Verdict
from pipeline.reconcile.likeness import Measures
from pipeline.reconcile.ranges import same_people

Row = Mapping[str, Any]


def beyond_vintages(
    judged: Iterable[tuple[Row, Verdict]], evidence: Evidence, measures: Measures
) -> Iterator[Contradiction]:
    """Figures that no release between the loaded ones can have held."""
    for row, verdict in judged:
        if verdict.why != "vintage_not_loaded" or not row.get("aged"):
            continue
        nearest = near(row, evidence)
        if nearest is None or not nearest.aged:
            continue
        gap = log(float(row["aged"]) / float(nearest.aged))
        open_ = (row["ageing_sd"] or 0) + (nearest.ageing_sd or 0)
        wide = row["area_level"] == "national"
        least = measures.vintage_gap if wide else measures.vintage_gap_local
        bound = max(least, measures.vintage_sides * open_)
        if abs(gap) > bound:
            then = float(row["annual"]) / exp(gap)
            said = f"{nearest.annual:,.0f} in {nearest.reference_period}|{then:,.0f}"
            yield Contradiction("misquote", (row,), "beyond_vintages", said)


def precise(
    judged: Iterable[tuple[Row, Verdict]], evidence: Evidence, measures: Measures
) -> Iterator[Contradiction]:
    """Quotes with a digit that their publisher never publishes, looked up in vain."""
    for row, verdict in judged:
        if verdict.verdict == "unsupported" and row["soc_candidates"]:
            about = evidence.of(row["publisher"])
            if too_precise(row, about, measures):
                yield Contradiction("false_precision", (row,), "too_precise")


def near(row: Row, evidence: Evidence) -> Reference | None:
    """The publisher's own figure of the same question in the nearest loaded year."""
    about = evidence.about(row["publisher"], row["soc_candidates"].split("|"))
    same = [
        r
        for r in about
        if same_people(r, row)
        and r.area_code == row["area_code"]
        and r.statistic == row["statistic"]
        and r.period == row["period"]
        and r.aged is not None
    ]
    year = int(row["year"])
    return min(same, key=lambda r: (abs(int(r.year) - year), r.claim_id), default=None)
