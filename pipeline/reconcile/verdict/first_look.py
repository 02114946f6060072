"""Look a figure up: is it its own cell's, of today or of another year, and if not, why?

What comes out is either a verdict that accuses nobody, or a list of what may have
happened, which `accusation_gate` decides on once the whole page was looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.evidence.publishers import find_dimensions
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.asked_question import ENDS, POINTS, AskedQuestion
from pipeline.reconcile.verdict.cell_match import find_match, is_exact, is_fine
from pipeline.reconcile.verdict.explanations import (
    Explanation,
    list_exact_here,
    list_explanations,
)
from pipeline.reconcile.verdict.field_readings import INHERITED
from pipeline.reconcile.verdict.quoted_ranges import (
    distance_sort_key,
    find_slipped_end,
    is_same_basis,
    match_range,
)
from pipeline.reconcile.verdict.verdicts import Verdict

Row = Mapping[str, Any]
# A figure of the May before last was still the newest until spring.
CURRENT_WITHIN = 2
SLIPPED = "digit_slip"
NEAR_ENOUGH = Decimal("0.08")  # of the cell: a misprint, and no figure of another thing


@dataclass(frozen=True)
class FirstLook:
    """What a figure alone comes to.

    Args:
        asked: Its question.
        verdict: That accuses nobody; None where something must be explained.
        explanations: Cheapest first, where nothing agrees.
        nearest: The cell that was asked for.
    """

    asked: AskedQuestion
    verdict: Verdict | None
    explanations: tuple[Explanation, ...] = ()
    nearest: Reference | None = None

    @property
    def exact_cell(self) -> Reference | None:
        """The cell that the figure is to the last digit, be it of an older year."""
        found = self.verdict
        if found is None or found.reference is None:
            return None
        if not found.is_agreement and found.verdict != "older_figure":
            return None
        return found.reference if is_exact(self.asked.row, found.reference) else None

    @property
    def has_failed(self) -> bool:
        """Whether nothing explains the figure, and it is nowhere near its cell.

        One within some percent of it was read right, whatever happened to its digits.
        """
        if not self.explanations or self.explanations[0].kind != "misquote":
            return False
        if self.nearest is None:
            return True
        ratio = amount_ratio(self.asked.row, self.nearest)
        return abs(ratio - 1) > NEAR_ENOUGH


def look_up(
    asked: AskedQuestion, others: Sequence[Reference], measures: MatchTolerances
) -> FirstLook:
    """Look one figure of one amount up, by its year or without one.

    Args:
        asked: Its question.
        others: Cells of the other occupations that the page names.
        measures: Grains, factors, costs.
    """
    if asked.row["annual"] is None:  # the page gives no pay period
        return FirstLook(asked, soft(asked, "cannot_tell", "no_period"))
    if asked.row["statistic"] in ENDS:
        return FirstLook(asked, _look_at_end(asked, measures))
    if (plain := _ask_of_everybody(asked)) is not None:
        found = (
            _match_year(plain, measures) if plain.year else _match_any(plain, measures)
        )
        if found and found.reference and is_exact(asked.row, found.reference):
            return FirstLook(plain, found)
    if (found := _match_industry(asked, measures)) is not None:
        return FirstLook(asked, found)
    if not asked.own:
        return FirstLook(asked, make_absent(asked))
    found = _match_year(asked, measures) if asked.year else _match_any(asked, measures)
    if found is not None:
        return FirstLook(asked, found)
    if (found := _match_named_job(asked, others, measures)) is not None:
        return FirstLook(asked, found)
    named = asked.of_year(asked.own, asked.spoken_year)
    if not named:
        return FirstLook(asked, make_absent(asked))
    if all(r.annual is None for r in named):
        return FirstLook(asked, soft(asked, "not_in_release", "suppressed_at_source",
                                     named[0]))  # fmt: skip
    nearest = min(named, key=lambda r: distance_sort_key(asked.row, r))
    listed = list_explanations(asked, named, others, measures)
    return FirstLook(asked, None, tuple(listed), nearest)


def _match_industry(asked: AskedQuestion, measures: MatchTolerances) -> Verdict | None:
    """Match a figure with an industry's cell whose name stands beside it."""
    wanted = asked.year or max((r.year for r in asked.of_industries), default=None)
    exact = [
        r for r in asked.of_industries if r.year == wanted and is_exact(asked.row, r)
    ]
    if not exact or not is_fine(asked.row, measures):
        return None
    # Of the nation too: then it is the nation's.
    if any(is_exact(asked.row, r) for r in asked.own):
        return None
    found = min(exact, key=lambda r: r.claim_id)
    agreed = make_agreed(asked, found, "exact", measures)
    return replace(agreed, why="own_cell_of_industry")


def _match_named_job(
    asked: AskedQuestion, others: Sequence[Reference], measures: MatchTolerances
) -> Verdict | None:
    """Match a figure whose occupation stands elsewhere with another one of the page.

    "$40.00 and $41.76, in the same order": it was this reading that took the wrong one.
    """
    if not asked.reading.is_from_elsewhere("occupation"):
        return None
    if not is_fine(asked.row, measures):
        return None
    exact = [
        r
        for r in list_exact_here(asked, asked.spoken_year, others)
        if r.cohort == asked.row["cohort"]
    ]
    if len({r.soc for r in exact}) != 1:
        return None
    agreed = make_agreed(asked, exact[0], "exact", measures)
    return replace(agreed, why="own_cell_of_named_job")


def look_among_named(
    asked: AskedQuestion, cells: Sequence[Reference], measures: MatchTolerances
) -> FirstLook:
    """Look a figure without an occupation up among those that its page names.

    Only to the last digit, of its own year, place, people and statistic, and only
    where one occupation alone has it.
    """
    row = asked.row
    plain = Verdict(row["claim_id"], "not_comparable", "occupation_unknown")
    if row["as_published"] is None or not is_fine(row, measures):
        return FirstLook(asked, plain)
    exact = [
        r
        for r in list_exact_here(asked, asked.year or asked.declared, cells)
        if asked.is_same_people(r) and is_same_basis(r, row)
    ]
    if len({r.soc for r in exact}) != 1:
        return FirstLook(asked, plain)
    agreed = make_agreed(asked, exact[0], "exact", measures)
    return FirstLook(asked, replace(agreed, why="own_cell_of_named_job"))


def _ask_of_everybody(asked: AskedQuestion) -> AskedQuestion | None:
    """Ask for everybody where what narrows the people only stands elsewhere; or None.

    "Staffing agency" of a sentence above may have nothing to do with the figure: where
    the figure is everybody's to the last digit, it has not.
    """
    row, reading = asked.row, asked.reading
    names = find_dimensions(row["cohort"])
    inherited = all(reading.basis.get(name) == INHERITED for name in names)
    if asked.describes_all or not inherited:
        return None
    return replace(asked, row={**row, "cohort": "all"})


def look_up_range(asked: AskedQuestion, measures: MatchTolerances) -> FirstLook:
    """Look a range up, as a published one or as a pair of percentiles."""
    about = [r for r in asked.cells if r.soc in asked.codes]
    found = match_range(asked.row, about, measures)
    if found is None:
        here = [r for r in about if r.area_code == asked.row["area_code"]]
        years = {r.year for r in here}
        if not years or (asked.year is not None and asked.year not in years):
            return FirstLook(asked, make_absent(asked))
        if (slip := find_slipped_end(asked.row, about)) is not None:
            cost = measures.costs["digit_slip"]
            return FirstLook(asked, None, (Explanation(SLIPPED, slip, cost),), slip)
        return FirstLook(asked, soft(asked, "cannot_tell", "range_not_point"))
    newest = max(r.year for r in about if r.area_code == asked.row["area_code"])
    reference, how = found
    is_old = asked.year is None and reference.year < newest
    if is_old and not _was_current(asked, reference.year):
        return FirstLook(asked, make_older(asked, reference))
    return FirstLook(asked, make_agreed(asked, reference, how, measures))


def _match_year(asked: AskedQuestion, measures: MatchTolerances) -> Verdict | None:
    """Match a dated figure with its year; a bare year may be that of publication."""
    year = asked.year or 0
    found = find_match(asked.row, asked.of_year(asked.own, year), measures)
    if found is not None:
        return make_agreed(asked, *found, measures)
    if not asked.is_bare_year:
        return None
    found = find_match(asked.row, asked.of_year(asked.own, year - 1), measures)
    if found is None or (found[1] != "exact" and not _is_newest(asked, year - 1)):
        return None
    if _is_newest(asked, year - 1):
        return make_agreed(asked, *found, measures)
    return make_older(asked, found[0], "published_that_year")


def _is_newest(asked: AskedQuestion, year: int) -> bool:
    return bool(asked.years) and asked.years[0] == year


def _match_any(asked: AskedQuestion, measures: MatchTolerances) -> Verdict | None:
    """Match an undated figure with the newest year, then with every older one."""
    coarse: Reference | None = None
    if asked.declared in asked.years:
        cells = asked.of_year(asked.own, asked.declared)
        if (found := find_match(asked.row, cells, measures)) is not None:
            return make_agreed(asked, *found, measures)
    for year in asked.years:
        found = find_match(asked.row, asked.of_year(asked.own, year), measures)
        if found is None:
            continue
        reference, how = found
        if year == asked.years[0] or (how == "exact" and _was_current(asked, year)):
            return make_agreed(asked, reference, how, measures)
        if how == "exact" and is_fine(asked.row, measures):
            return make_older(asked, reference)
        coarse = coarse or reference
    return None if coarse is None else make_older(asked, coarse)


def _was_current(asked: AskedQuestion, year: int) -> bool:
    """Whether a year's figures were the newest when the page was written."""
    when = asked.page_year
    return when is not None and when - CURRENT_WITHIN < year <= when


def _look_at_end(asked: AskedQuestion, measures: MatchTolerances) -> Verdict:
    """Look at a lowest or highest figure: who publishes percentiles publishes none."""
    end = replace(asked, row={**asked.row, "statistic": ENDS[asked.row["statistic"]]})
    cells = [r for r in end.own if asked.year in (None, r.year)]
    found = find_match(end.row, cells, measures)
    if found is None:
        return make_absent(end) if not cells else soft(asked, "cannot_tell", "end")
    return soft(asked, "cannot_tell", "percentile_as_end", found[0])


def make_agreed(
    asked: AskedQuestion, reference: Reference, how: str, measures: MatchTolerances
) -> Verdict:
    """Make the verdict that the figure is the cell's own, exactly or rounded."""
    exact = how == "exact"
    return Verdict(
        asked.row["claim_id"],
        "supported" if exact else "rounded",
        "own_cell" if asked.is_whole(reference) else "own_cell_of_part",
        reference,
        cost=measures.costs["own_cell" if exact else "rounded"],
        tried=list_tried(asked),
    )


def make_older(
    asked: AskedQuestion, reference: Reference, why: str = "older_vintage"
) -> Verdict:
    """Make the soft verdict that a figure is true of an older vintage."""
    return Verdict(asked.row["claim_id"], "older_figure", why, reference,
                   tried=list_tried(asked))  # fmt: skip


def soft(
    asked: AskedQuestion,
    verdict: str,
    why: str,
    reference: Reference | None = None,
    missing: str = "",
) -> Verdict:
    """Make a verdict that accuses nobody, with what would be needed to tell."""
    return Verdict(
        asked.row["claim_id"],
        verdict,
        why,
        reference,
        tried=list_tried(asked),
        missing=missing,
    )


def make_absent(asked: AskedQuestion) -> Verdict:
    """Make the verdict that the asked cell is not at hand, and say what is missing."""
    row = asked.row
    steps = (
        ("occupation", [r for r in asked.cells if r.soc in asked.codes]),
        ("area", [r for r in asked.cells if r.area_code == row["area_code"]]),
        ("people", list(asked.here)),
        ("statistic", list(asked.own)),
        ("year", [r for r in asked.own if asked.year in (None, r.year)]),
    )
    lacking = next((name for name, cells in steps if not cells), "year")
    said = {
        "occupation": row["occupation"],
        "area": row["area"] or row["area_code"],
        "people": row["cohort"].replace("=", " "),
        "statistic": row["statistic"],
        "year": str(row["reference_period"] or asked.year or ""),
    }
    why = "vintage_not_loaded" if lacking == "year" else "cell_not_loaded"
    return soft(asked, "not_in_release", why, missing=str(said[lacking] or lacking))


def list_tried(asked: AskedQuestion) -> tuple[str, ...]:
    """Return what a figure was held against, in words."""
    years = [str(year) for year in sorted(asked.years)]
    codes = sorted({r.soc for r in asked.own})
    places = sorted({str(r.area or r.area_code) for r in asked.cells})
    statistics = sorted({r.statistic for r in asked.here} & set(POINTS))
    tried = (
        ("codes", codes),
        ("years", years),
        ("statistics", statistics),
        ("places", places[:8]),
    )
    return tuple(f"{name}: {', '.join(values)}" for name, values in tried if values)


def amount_ratio(row: Row, reference: Reference) -> Decimal:
    """Return how many times a cell a figure is, both by the year; 0 if unknown."""
    if not reference.annual or row["annual"] is None:
        return Decimal(0)
    return Decimal(row["annual"]) / reference.annual
