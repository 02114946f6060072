"""Compare ranges of pay by experience on the years that both cover.

"Senior" is a label; six years and more are years. Two ranges with common years of
experience that share less than half of what they cover are a conflict, whatever they
are called; a label counts only for the years that its own page gives it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.reconcile.within_page import Contradiction, PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact
from pipeline.reconcile.within_page.premiums_and_codes import overlap_share

Row = Mapping[str, Any]
# Matches `2-5`, `-2` (up to two) and `10-` (ten and more): the part of a cohort after
# `experience=`.
YEARS = re.compile(r"^(?P<low>[\d.]*)-(?P<high>[\d.]*)$")
CAREER = 50.0  # years: where an open band ends
# Ranges that share half of what they cover are read as saying the same.
LEAST_SHARE = Decimal("0.5")
# What two bands are compared by beside their years and pay.
SAID = ("soc_candidates", "cohort", "pay_basis", "year")
MOST_RIVALS = 100  # bands of other pages, and of its own, that a band is held against


@dataclass(frozen=True)
class ExperienceBand:
    """A range of pay for a band of years of experience.

    Args:
        row: The draft figure, with `annual_low` and `annual_high`.
        first: First year of the band.
        last: Last year of the band; `CAREER` where it is open.
        people: The cohort without experience and credentials.
        stated: The figure itself gives years; else its label has them elsewhere on
            the page.
        group: The list or column that it stands in.
    """

    row: Row
    first: float
    last: float
    people: frozenset[str]
    stated: bool
    group: str | None = None

    @property
    def pay(self) -> tuple[Decimal, Decimal]:
        """Ends of the range."""
        return self.row["annual_low"], self.row["annual_high"]


def find_band_conflicts(pages: Iterable[PageFacts]) -> Iterator[Contradiction]:
    """Yield pairs of ranges that disagree on common years, by claim id."""
    found = sorted(
        (b for page in pages for b in collect_bands(page)), key=claim_sort_key
    )
    for a, b in pair_bands(found):
        common = min(a.last, b.last) - max(a.first, b.first)
        # Two labels that both got their years from their pages' own definitions may
        # mean different people by them; one of the two has to state years.
        if common <= 0 or not (a.stated or b.stated) or not are_comparable(a, b):
            continue
        share = overlap_share(a.pay, b.pay)
        # Of "more than four years" and "more than six" the one has years that the other
        # does not have: what they pay is at odds only where nothing is common.
        open_apart = a.last == b.last == CAREER and a.first != b.first
        if share >= LEAST_SHARE or (open_apart and share):
            continue
        first, last = max(a.first, b.first), min(a.last, b.last)
        ends = f"{first:g}" + (f"-{last:g}" if last < CAREER else "+")
        yield Contradiction(
            "value_conflict", (a.row, b.row), "bands", f"{ends}|{share:.2f}"
        )


def pair_bands(
    bands: Iterable[ExperienceBand],
) -> Iterator[tuple[ExperienceBand, ExperienceBand]]:
    """Yield each band with those before it that it is to be held against.

    Those are the bands of its own page, and, of other pages, the first that says what
    it says: a page that repeats what another one says conflicts with nobody anew. Up
    to a bound of each, as two thousand bands that all differ have two million pairs.

    Args:
        bands: By claim id, so that those of one page stand together.
    """
    firsts: dict[object, dict[object, ExperienceBand]] = {}
    own: list[ExperienceBand] = []
    for band in bands:
        snapshot = band.row["snapshot"]
        if own and own[0].row["snapshot"] != snapshot:
            own = []
        # Only bands that agree on these are compared at all (`are_comparable`).
        question = (band.people, band.row["area_code"], band.row["currency"])
        known = firsts.setdefault(question, {})
        about = (band.row[name] for name in SAID)
        said = (*about, band.first, band.last, band.stated, *band.pay)
        if said not in known:
            for other in known.values():
                if other.row["snapshot"] != snapshot:
                    yield other, band
            if len(known) < MOST_RIVALS:
                known[said] = band
        for other in own[-MOST_RIVALS:]:
            # Items of one list are of several employers or places, read or not.
            if band.group is None or other.group != band.group:
                yield other, band
        own.append(band)


def claim_sort_key(band: ExperienceBand) -> str:
    """Return the claim id of a band, to sort by."""
    return str(band.row["claim_id"])


def collect_bands(page: PageFacts) -> Iterator[ExperienceBand]:
    """Yield closed ranges with known years; a label takes the years of its own page."""
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
                row,
                *years,
                people_of_row(row),
                years_of_band(row) is not None,
                fact.group,
            )


def cohort_dimension(row: Row, name: str) -> str:
    """Return a dimension of the cohort; empty where it is not said."""
    parts = str(row["cohort"]).split(";")
    found = next((p for p in parts if p.startswith(f"{name}=")), "")
    return found.removeprefix(f"{name}=")


def years_of_band(row: Row) -> tuple[float, float] | None:
    """Return first and last year of a band, or None."""
    hit = YEARS.match(cohort_dimension(row, "experience"))
    if hit is None or not (hit["low"] or hit["high"]):
        return None
    return float(hit["low"] or 0), float(hit["high"] or CAREER)


def label_of_band(fact: PlacedFact, page: PageFacts) -> frozenset[str]:
    """Return the words of a band's label: the row's head, or the label as written."""
    words = fact.label or page.words.content_words(
        fact.row.get("experience_label") or ""
    )
    # Numbers in a label are years or amounts: they are compared as such.
    return frozenset(w for w in words if w.isalpha())


def people_of_row(row: Row) -> frozenset[str]:
    """Return the parts of a cohort other than experience and credentials."""
    parts = str(row["cohort"]).split(";")
    # Credentials go with years: a band of one page says "certified" where the other is
    # silent. Two different ones are told apart in `are_comparable`.
    kept = [p for p in parts if not p.startswith(("experience=", "credential"))]
    return frozenset(kept) - {"all"}


def are_comparable(a: ExperienceBand, b: ExperienceBand) -> bool:
    """Return whether occupation, place, money and basis agree as far as is said."""
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
