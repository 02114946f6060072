"""Every figure behind a cell: winners, losers, and what else its pages say."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.core.errors import NotFound
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import Release
from pipeline.reconcile.estimate.consensus import Estimate
from pipeline.reconcile.estimate.distribution import DistributionPriors
from pipeline.reconcile.estimate.estimate_missing import estimate_missing_cell
from pipeline.reconcile.estimate.panel_parameters import PanelPriors
from pipeline.reconcile.estimate.population import SAME, Population, estimate_population
from pipeline.reconcile.estimate.quoted_numbers import PayUnits

PARTS = (
    ("area_code", "other_area"),
    ("cohort", "other_population"),
    ("pay_basis", "other_basis"),
    ("statistic", "other_statistic"),
    ("year", "other_year"),
)

OFFICIAL = "A"


@dataclass(frozen=True)
class CellExplanation:
    """A cell with everything that was considered for it."""

    salary: Mapping[str, Any]
    inside: tuple[Mapping[str, Any], ...]
    outside: tuple[Mapping[str, Any], ...]
    discrepancies: tuple[Mapping[str, Any], ...]
    population: Population | None = None
    estimate: Estimate | None = None


def explain(release: Release, cell: str, vocabulary: Vocabulary) -> CellExplanation:
    """The cell, its figures with role and reason, and its neighbours on those pages.

    Outside are the other figures of every page that speaks of the occupation: each
    with the first respect in which it answers another question.

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
    )  # fmt: skip


def estimate_from_others(
    release: Release, salary: Mapping[str, Any], vocabulary: Vocabulary
) -> Estimate | None:
    """What everyone else's figures come to, where no official one answers."""
    if salary["grade"] == OFFICIAL:
        return None
    table = vocabulary.read_table("publishers", "id", "official")
    official = table.filter(pl.col("official") == "yes")["id"].to_list()
    figures = release.scan_table("figures")
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
    """The cell's people, by every statistic that anyone gives of them."""
    if not salary["is_year_known"]:
        return None  # figures of no year may be of several
    same = [pl.col(name) == salary[name] for name in SAME]
    figures = release.scan_table("figures").filter(*same).collect()
    return estimate_population(figures, DistributionPriors.from_vocabulary(vocabulary))


def rank_roles() -> pl.Expr:
    """Chosen first, then those that agree, then the rest."""
    places = ("chosen", "supporting", "copy", "outvoted", "stale", "excluded")
    return pl.col("role").replace_strict(
        {role: place for place, role in enumerate(places)}, return_dtype=pl.Int8
    )


def select_attributions(release: Release) -> pl.LazyFrame:
    """What a reader wants beside a figure: its wording and its page's section."""
    return release.scan_table("claims").select(
        "claim_id", "occupation", "attributed_to", "section", "reference_period"
    )


def find_neighbours(
    release: Release, salary: Mapping[str, Any], inside: set[str]
) -> list[dict[str, Any]]:
    """Other figures of the pages that speak of the cell's occupation."""
    codes = salary["soc"].split("|")
    pages = release.scan_table("claims").filter(
        pl.col("structure").is_in(["prose", "list", "table", "json_ld", "json_state"])
    )
    figures = release.scan_table("figures").join(
        pages.select("claim_id", "attributed_to", "section", "start"), on="claim_id"
    )
    same = pl.col("soc_candidates").str.split("|").list.set_intersection(codes)
    speaking = figures.filter(same.list.len() > 0).select("snapshot").unique()
    rows = figures.join(speaking, on="snapshot", how="semi").collect()
    rows = rows.sort("source", "snapshot", "start", "claim_id")
    return [
        {**row, **judge_neighbour(row, salary)}
        for row in rows.iter_rows(named=True)
        if row["claim_id"] not in inside
    ]


def judge_neighbour(
    row: Mapping[str, Any], salary: Mapping[str, Any]
) -> dict[str, str]:
    """Role and reason of a figure of another cell, as seen from this one.

    A title of several codes asks several questions; where the figure is this cell's
    own, it was quoted from here.
    """
    reason = find_first_difference(row, salary)
    quoted = reason == "ambiguous_occupation" and row["annual"] == salary["annual"]
    # What neither says is no likeness: two unknown years may be two years.
    alike = quoted and all(
        row[name] is not None and row[name] == salary[name] for name, _ in PARTS
    )
    if alike and row["publisher"] != "unnamed":
        return {"role": "copy", "reason": "quotes_primary"}
    return {"role": "excluded", "reason": reason}


def find_first_difference(row: Mapping[str, Any], salary: Mapping[str, Any]) -> str:
    """Reason code of the first respect in which a figure answers another question."""
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
    """Reason code to a plain sentence."""
    table = vocabulary.read_table("reasons", "code", "sentence")
    return dict(table.select("code", "sentence").iter_rows())


def suggest_cells(release: Release, cell: str) -> str:
    """A hint: cells whose ids look like the one asked for."""
    cells = release.scan_table("salaries").select("cell").collect()["cell"].to_list()
    near = difflib.get_close_matches(cell, narrow_cells(cells, cell), n=3, cutoff=0.5)
    form = "A cell reads soc/area/cohort/basis/statistic/year"
    return f"{form}; near it: {', '.join(near)}." if near else f"{form}."


def narrow_cells(cells: list[str], cell: str) -> list[str]:
    """Cells of the same occupation, else national ones, so that the search is short."""
    soc, _, rest = cell.partition("/")
    same = [c for c in cells if c.startswith(f"{soc}/")]
    area = [c for c in same if c.startswith(f"{soc}/{rest.partition('/')[0]}/")]
    national = [c for c in cells if "/US/all/base/" in c]
    return (area or same or national)[:3000]
