"""Bound quotes of releases that are not loaded by the loaded ones on either side.

A figure credited to a publisher for a year that is not loaded cannot be looked up. But
pay moves little in a year: aged to one date, the nearest loaded release of the same
question says how far a true quote may be. What lies far beyond is misquoted whatever
the missing table holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import exp, log
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.evidence.references import Reference, ReferenceIndex
from pipeline.reconcile.verdict.quoted_ranges import is_same_population
from pipeline.reconcile.verdict.verdicts import Verdict
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
UNTOLD = ("not_in_release", "cannot_tell")


def find_beyond_vintages(
    judged: Iterable[tuple[Row, Verdict]],
    evidence: ReferenceIndex,
    measures: MatchTolerances,
) -> Iterator[Contradiction]:
    """Yield the figures that no release between the loaded ones can have held."""
    for row, verdict in judged:
        if verdict.why != "vintage_not_loaded" or not row.get("aged"):
            continue
        nearest = nearest_reference(row, evidence)
        if nearest is None or not nearest.aged:
            continue
        gap = log(float(row["aged"]) / float(nearest.aged))
        ageing_error = (row["ageing_sd"] or 0) + (nearest.ageing_sd or 0)
        is_national = row["area_level"] == "national"
        # `vintage_gap_local` is the wider one: means of a state or metro move more from
        # year to year than the nation's.
        least = measures.vintage_gap if is_national else measures.vintage_gap_local
        bound = max(least, measures.vintage_errors * ageing_error)
        if abs(gap) > bound:
            # The nearest release brought to the date of the quote: the gap was taken at
            # one common date.
            then = float(row["annual"]) / exp(gap)
            found = f"{nearest.annual:,.0f} in {nearest.reference_period}|{then:,.0f}"
            yield Contradiction("misquote", (row,), "beyond_vintages", found)


def find_false_precision(
    judged: Iterable[tuple[Row, Verdict]],
    evidence: ReferenceIndex,
    measures: MatchTolerances,
) -> Iterator[Contradiction]:
    """Yield unsupported quotes with a digit that their publisher never publishes."""
    for row, verdict in judged:
        if verdict.verdict in UNTOLD and row["soc_candidates"]:
            about = evidence.about_anything(row["publisher"])
            if is_too_precise(row, about, measures):
                yield Contradiction("false_precision", (row,), "too_precise")


def is_too_precise(
    row: Row, about: Sequence[Reference], measures: MatchTolerances
) -> bool:
    """Return whether a yearly figure has a digit that its publisher never publishes.

    That is so where every known yearly figure of the publisher is a multiple of ten,
    and there are enough of them to tell.
    """
    # Every OEWS annual figure is a multiple of ten: 48,783 is not one of them. Twelve
    # figures (`enough_to_tell`) that all end in 0 by chance are one case in 10^12.
    yearly = [r.annual for r in about if r.period == "year" and r.annual is not None]
    return (
        row["period"] == "year"
        and row["as_published"] is not None
        and len(yearly) >= measures.enough_to_tell
        and all(amount % measures.finest == 0 for amount in yearly)
        and row["as_published"] % measures.finest != 0
    )


def nearest_reference(row: Row, evidence: ReferenceIndex) -> Reference | None:
    """Return the publisher's figure of the question in the nearest year, or None."""
    about = evidence.about_occupations(
        row["publisher"], row["soc_candidates"].split("|")
    )
    same = [
        r
        for r in about
        if is_same_population(r, row)
        and r.area_code == row["area_code"]
        and r.statistic == row["statistic"]
        and r.period == row["period"]
        and r.aged is not None
    ]
    year = row["year"]
    return min(same, key=lambda r: (abs(r.year - year), r.claim_id), default=None)
