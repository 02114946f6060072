"""Explain a cell: every figure behind it, and other figures of the same pages."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.core.errors import NotFound
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import Release
from pipeline.reconcile import PAGE_STRUCTURES
from pipeline.reconcile.estimate.consensus import Estimate
from pipeline.reconcile.estimate.distribution import DistributionPriors
from pipeline.reconcile.estimate.estimate_missing import estimate_missing_cell
from pipeline.reconcile.estimate.panel_parameters import PanelPriors
from pipeline.reconcile.estimate.population import SAME, Population, estimate_population
from pipeline.reconcile.estimate.quoted_numbers import PayUnits

# Parts of a question, and the reason code where a figure differs in one; the first that
# differs is named.
PARTS = (
    ("area_code", "other_area"),
    ("cohort", "other_population"),
    ("pay_basis", "other_basis"),
    ("statistic", "other_statistic"),
    ("year", "other_year"),
)

# Grade of a cell that an official publisher answers, for this very occupation.
OFFICIAL_GRADE = "A"


@dataclass(frozen=True)
class CellExplanation:
    """A cell with everything that was considered for it.

    Args:
        salary: Its row of `salaries`.
        inside: Its figures, rows of `provenance` with their `sentence`.
        outside: Other figures of the same pages, with role, reason and `sentence`.
        discrepancies: Rows that name the cell.
        population: All statistics of these people as one distribution, or None.
        estimate: From other figures, where no official one answers; else None.
        rulings: Of persons on the cell, and on its conflicts.
    """

    salary: Mapping[str, Any]
    inside: tuple[Mapping[str, Any], ...]
    outside: tuple[Mapping[str, Any], ...]
    discrepancies: tuple[Mapping[str, Any], ...]
    population: Population | None = None
    estimate: Estimate | None = None
    rulings: tuple[Mapping[str, Any], ...] = ()

    @property
    def own_conflicts(self) -> list[Mapping[str, Any]]:
        """Conflicts that its own figures are in, and not those of other cells alone."""
        own = {row["claim_id"] for row in self.inside}
        return [d for d in self.discrepancies if own & {*d["claim_ids"].split(" ")}]

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The least and the largest amount that contest it; None where none does."""
        names = ("annual_low", "annual", "annual_high")
        rows = [row for row in self.inside if row["reason"] == "contested"]
        found = [row[n] for row in rows for n in names if row[n] is not None]
        return (min(found), max(found)) if found else None


def explain(release: Release, cell: str, vocabulary: Vocabulary) -> CellExplanation:
    """Explain a cell: its figures with role and reason, and others of those pages.

    The others are of every page that has a figure of the occupation, each with the
    first respect in which it answers another question.

    Raises:
        NotFound: No such cell; the nearest ones are named.
    """
    rows = release.scan_table("salaries").filter(pl.col("cell") == cell).collect()
    if rows.height == 0:
        raise NotFound("Cell", cell, suggest_cells(release, cell))
    salary = rows.row(0, named=True)
    sentences = read_reasons(vocabulary)
    inside = (
        release.scan_table("provenance")
        .filter(pl.col("cell") == cell)
        .join(select_attributions(release), on="claim_id", how="left")
        .collect()
        .with_columns(place=rank_roles())
        .sort("place", "publisher", "claim_id")
    )
    outside = find_neighbours(release, salary, set(inside["claim_id"]))
    conflicts = (
        release.scan_table("discrepancies")
        .filter(pl.col("cells").str.split(" ").list.contains(cell))
        .collect()
    )
    return CellExplanation(
        salary,
        tuple({**r, "sentence": sentences.get(r["reason"], "")}
              for r in inside.drop("place").iter_rows(named=True)),
        tuple({**r, "sentence": sentences.get(r["reason"], "")} for r in outside),
        tuple(conflicts.iter_rows(named=True)),
        describe_population(release, salary, vocabulary),
        estimate_from_others(release, salary, vocabulary),
        find_rulings(release, salary, conflicts["discrepancy_id"].to_list()),
    )  # fmt: skip


def find_rulings(
    release: Release, salary: Mapping[str, Any], conflicts: Sequence[str]
) -> tuple[Mapping[str, Any], ...]:
    """Find the rulings on a cell and on its conflicts, in the order of their days."""
    # A release of before the rulings has no such table.
    if "rulings" not in release.manifest["rows"]:
        return ()
    followed = (salary["ruling"] or "").split()
    rows = release.scan_table("rulings").filter(
        pl.col("target").is_in([salary["cell"], *conflicts])
        | pl.col("id").is_in(followed)
    )
    return tuple(rows.sort("date", "id").collect().iter_rows(named=True))


def estimate_from_others(
    release: Release, salary: Mapping[str, Any], vocabulary: Vocabulary
) -> Estimate | None:
    """Estimate a cell that no official figure answers, from all others; else None."""
    if salary["grade"] == OFFICIAL_GRADE:
        return None
    table = vocabulary.read_table("publishers", "id", "official")
    official = table.filter(pl.col("official") == "yes")["id"].to_list()
    figures = release.scan_table("figures")
    # Where a person chose another one, the official figure is there all the same.
    own = figures.filter(
        pl.col("cell") == salary["cell"],
        pl.col("publisher").is_in(official) & pl.col("primary"),
        pl.any_horizontal(pl.col("annual_low", "annual", "annual_high").is_not_null()),
    )
    if own.select(pl.len()).collect().item():
        return None
    return estimate_missing_cell(
        figures,
        salary,
        official,
        PanelPriors.from_vocabulary(vocabulary),
        PayUnits.from_vocabulary(vocabulary),
    )


def describe_population(
    release: Release, salary: Mapping[str, Any], vocabulary: Vocabulary
) -> Population | None:
    """Estimate the distribution of the cell's people, from every statistic of them.

    Returns:
        None where the year is not known, or fewer than two statistics are.
    """
    if not salary["is_year_known"]:
        # Figures of an unknown year may be of several years: no one distribution.
        return None
    same = [pl.col(name) == salary[name] for name in SAME]
    figures = release.scan_table("figures").filter(*same).collect()
    return estimate_population(figures, DistributionPriors.from_vocabulary(vocabulary))


def rank_roles() -> pl.Expr:
    """Rank roles for sorting: chosen first, then those that agree, then the rest."""
    places = ("chosen", "supporting", "copy", "outvoted", "stale", "excluded")
    return pl.col("role").replace_strict(
        {role: place for place, role in enumerate(places)}, return_dtype=pl.Int8
    )


def select_attributions(release: Release) -> pl.LazyFrame:
    """Select wording and section of every claim, by `claim_id`."""
    return release.scan_table("claims").select(
        "claim_id", "occupation", "attributed_to", "section", "reference_period"
    )


def find_neighbours(
    release: Release, salary: Mapping[str, Any], inside: set[str]
) -> list[dict[str, Any]]:
    """Find other figures of pages that have a figure of the cell's occupation.

    Args:
        release: To read from.
        salary: Row of the cell.
        inside: Claim ids of the cell's own figures, which are left out.

    Returns:
        Rows of `figures` with `role` and `reason`, in the order of the pages.
    """
    # An ambiguous title stands in the cell as all codes that it may mean, by `|`.
    codes = salary["soc"].split("|")
    pages = release.scan_table("claims").filter(
        pl.col("structure").is_in(PAGE_STRUCTURES)
    )
    figures = release.scan_table("figures").join(
        pages.select("claim_id", "attributed_to", "section", "start"), on="claim_id"
    )
    shared_codes = pl.col("soc_candidates").str.split("|").list.set_intersection(codes)
    naming = figures.filter(shared_codes.list.len() > 0).select("snapshot").unique()
    rows = figures.join(naming, on="snapshot", how="semi").collect()
    rows = rows.sort("source", "snapshot", "start", "claim_id")
    return [
        {**row, **judge_neighbour(row, salary)}
        for row in rows.iter_rows(named=True)
        if row["claim_id"] not in inside
    ]


def judge_neighbour(
    row: Mapping[str, Any], salary: Mapping[str, Any]
) -> dict[str, str]:
    """Judge a figure of another cell, as seen from this one: its role and reason.

    A title of several codes belongs to several cells; where its amount is this cell's
    own, it is taken for a quotation of this cell.
    """
    reason = find_first_difference(row, salary)
    quoted = reason == "ambiguous_occupation" and row["annual"] == salary["annual"]
    # Two parts that are both unknown are not alike: two unknown years may be two years.
    alike = quoted and all(
        row[name] is not None and row[name] == salary[name] for name, _ in PARTS
    )
    if alike and row["publisher"] != "unnamed":
        return {"role": "copy", "reason": "quotes_primary"}
    return {"role": "excluded", "reason": reason}


def find_first_difference(row: Mapping[str, Any], salary: Mapping[str, Any]) -> str:
    """Find the first respect in which a figure answers another question: its code."""
    codes = (row["soc_candidates"] or "").split("|")
    if salary["soc"] not in codes:
        return "other_occupation"
    if len(codes) > 1:
        return "ambiguous_occupation"
    if row["publisher"] == "unnamed":
        return "unattributed"
    if row["annual"] is None:
        return "range_not_point"
    for name, reason in PARTS:
        if row[name] is None:
            return "no_year" if name == "year" else reason
        if row[name] != salary[name]:
            return reason
    return "question_not_complete"


def read_reasons(vocabulary: Vocabulary) -> dict[str, str]:
    """Read the plain sentence of every reason code."""
    table = vocabulary.read_table("reasons", "code", "sentence")
    return dict(table.select("code", "sentence").iter_rows())


def suggest_cells(release: Release, cell: str) -> str:
    """Suggest cells whose ids look like the one asked for, in a sentence."""
    cells = release.scan_table("salaries").select("cell").collect()["cell"].to_list()
    near = difflib.get_close_matches(cell, narrow_cells(cells, cell), n=3, cutoff=0.5)
    form = "A cell reads soc/area/cohort/basis/statistic/year"
    return f"{form}; near it: {', '.join(near)}." if near else f"{form}."


def narrow_cells(cells: list[str], cell: str) -> list[str]:
    """Narrow a search to cells of the same occupation, else to national ones."""
    soc, _, rest = cell.partition("/")
    same = [c for c in cells if c.startswith(f"{soc}/")]
    area = [c for c in same if c.startswith(f"{soc}/{rest.partition('/')[0]}/")]
    national = [c for c in cells if "/US/all/base/" in c]
    # difflib compares with every id letter by letter; a release has 14,000 cells and
    # more, and whoever mistyped one is waiting.
    return (area or same or national)[:3000]
