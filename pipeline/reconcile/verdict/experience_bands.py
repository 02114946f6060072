"""Ranges of pay by experience, compared on the years that both speak of.

"Senior" is a label; six years and more are years. Two ranges that speak of common
years and share less than half of what they cover are a conflict, whatever they are
called; a label counts only for the years that its own page gives it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from pipeline.reconcile.within_page import Contradiction, PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact

Row = Mapping[str, Any]
YEARS = re.compile(r"^(?P<low>[\d.]*)-(?P<high>[\d.]*)$")
CAREER = 50.0  # years: where an open band ends
LEAST_SHARE = Decimal("0.5")


@dataclass(frozen=True)
class ExperienceBand:
    """A range of pay for a band of years, stated or lent by the page's own ladder."""

    row: Row
    first: float
    last: float
    people: frozenset[str]
    stated: bool

    @property
    def pay(self) -> tuple[Decimal, Decimal]:
        """Ends of the range."""
        return self.row["annual_low"], self.row["annual_high"]


def find_band_conflicts(pages: Iterable[PageFacts]) -> Iterator[Contradiction]:
    """Ranges that disagree on common years, of one page or of two; by claim id."""
    found = sorted(
        (b for page in pages for b in collect_bands(page)), key=claim_sort_key
    )
    for a, b in combinations(found, 2):
        common = min(a.last, b.last) - max(a.first, b.first)
        if common <= 0 or not (a.stated or b.stated) or not are_comparable(a, b):
            continue
        share = overlap_share(a.pay, b.pay)
        if share >= LEAST_SHARE:
            continue
        first, last = max(a.first, b.first), min(a.last, b.last)
        ends = f"{first:g}" + (f"-{last:g}" if last < CAREER else "+")
        yield Contradiction(
            "value_conflict", (a.row, b.row), "bands", f"{ends}|{share:.2f}"
        )


def claim_sort_key(band: ExperienceBand) -> str:
    """Sorts by claim."""
    return str(band.row["claim_id"])


def collect_bands(page: PageFacts) -> Iterator[ExperienceBand]:
    """Closed ranges with known years; a label takes the years of its own page."""
    ladder: dict[frozenset[str], tuple[float, float]] = {}
    for fact in page.levels:
        years, label = years_of_band(fact.row), label_of_band(fact, page)
        if label and years:
            ladder.setdefault(label, years)
    for fact in page.levels:
        row = fact.row
        if row["annual_low"] is None or row["annual_high"] is None or row["primary"]:
            continue
        years = years_of_band(row) or ladder.get(label_of_band(fact, page))
        if years is not None and row["annual_low"] <= row["annual_high"]:
            yield ExperienceBand(
                row, *years, people_of_row(row), years_of_band(row) is not None
            )


def cohort_dimension(row: Row, name: str) -> str:
    """A dimension of the cohort; "" where it is not said."""
    parts = str(row["cohort"]).split(";")
    said = next((p for p in parts if p.startswith(f"{name}=")), "")
    return said.removeprefix(f"{name}=")


def years_of_band(row: Row) -> tuple[float, float] | None:
    """First and last year of a band; the end of a career where it is open."""
    hit = YEARS.match(cohort_dimension(row, "experience"))
    if hit is None or not (hit["low"] or hit["high"]):
        return None
    return float(hit["low"] or 0), float(hit["high"] or CAREER)


def label_of_band(fact: PlacedFact, page: PageFacts) -> frozenset[str]:
    """The words that stand for a band: the row's head, or the label as written."""
    words = fact.label or page.words.content_words(
        fact.row.get("experience_label") or ""
    )
    return frozenset(w for w in words if w.isalpha())


def people_of_row(row: Row) -> frozenset[str]:
    """Who they are but for their years and the credentials that such people hold."""
    parts = str(row["cohort"]).split(";")
    kept = [p for p in parts if not p.startswith(("experience=", "credential"))]
    return frozenset(kept) - {"all"}


def are_comparable(a: ExperienceBand, b: ExperienceBand) -> bool:
    """One occupation, place, currency and pay basis, as far as is said."""
    one, other = a.row, b.row
    codes = [set((r["soc_candidates"] or "").split("|")) - {""} for r in (one, other)]
    bases = {one["pay_basis"], other["pay_basis"]} - {"unspecified"}
    years = {one["year"], other["year"]} - {None}
    credentials = {cohort_dimension(r, "credential") for r in (one, other)} - {""}
    return (
        bool(codes[0] & codes[1])
        and a.people == b.people
        and one["area_code"] == other["area_code"]
        and one["currency"] == other["currency"]
        and max(len(bases), len(years), len(credentials)) <= 1
    )


def overlap_share(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    """What two ranges share of what they cover together."""
    within = min(a[1], b[1]) - max(a[0], b[0])
    across = max(a[1], b[1]) - min(a[0], b[0])
    if not across:
        return Decimal(1)
    return max(Decimal(0), within) / across
