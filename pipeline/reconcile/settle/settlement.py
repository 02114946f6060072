"""Settle figures into salaries and provenance: a row per question, a role per figure.

The witness of a figure is who is answerable for it. A publisher is one witness however
many pages quote it; a page that names nobody is a witness of its own, and never settles
anything.
"""

from collections.abc import Mapping

import polars as pl

from pipeline.core.tables import column_types
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.settle.cell_candidates import rank_candidates, sort_candidates
from pipeline.reconcile.settle.cell_spread import apply_estimates, compare_sources
from pipeline.reconcile.settle.choose_by_estimate import estimate_cells
from pipeline.reconcile.settle.grade import add_grades
from pipeline.reconcile.settle.lineage import count_effective_sources
from pipeline.reconcile.settle.partitions import partition_cells
from pipeline.reconcile.settle.policies import Policies
from pipeline.reconcile.settle.roles import assign_roles, pick_first_case
from pipeline.reconcile.verdict.verdicts import (
    ACCUSATIONS,
    DISPUTED,
    DISPUTED_ITSELF,
)
from pipeline.rulings import CellDecisions
from schemas import Provenance, Salaries


def settle_cells(
    figures: pl.DataFrame,
    verdicts: Mapping[str, str],
    vocabulary: Vocabulary,
    retrieved: Mapping[str, str],
    decisions: CellDecisions | None = None,
    roots: Mapping[str, str] | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return salaries and provenance, unchecked, in the order of their keys.

    Args:
        figures: `schemas.Figures`.
        verdicts: Claim id to verdict, of figures that quote a publisher.
        vocabulary: Authority, publishers, tolerances, official titles.
        retrieved: Snapshot id to the ISO date it was obtained.
        decisions: Claims that persons chose or took out.
        roots: Witness to the one that it repeats (`lineage.find_roots`).
    """
    decided_by = decisions or CellDecisions()
    parts = [
        settle_group(rows, verdicts, vocabulary, retrieved, decided_by, roots or {})
        for rows in partition_cells(figures)
    ]
    return pl.concat([one for one, _ in parts]), pl.concat([two for _, two in parts])


def settle_group(
    figures: pl.DataFrame,
    verdicts: Mapping[str, str],
    vocabulary: Vocabulary,
    retrieved: Mapping[str, str],
    decisions: CellDecisions,
    roots: Mapping[str, str],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Settle one group of whole cells, of any size: salaries and provenance."""
    tolerance = float(vocabulary.read_number("settlement", "agreement"))
    policies = Policies.from_vocabulary(vocabulary)
    candidates = rank_candidates(figures, verdicts, vocabulary, retrieved, decisions)
    candidates = policies.add_policies(candidates)
    blend = estimate_cells(candidates, policies, vocabulary)
    if blend.height:
        candidates = sort_candidates(candidates, set(blend["preferred"]))
    cells = decide_cells(candidates, blend, tolerance, vocabulary)
    independent = candidates.filter(pl.col("is_independent"))
    cells = cells.join(
        count_effective_sources(independent, roots), on="cell", how="left"
    )
    # A cell without any independent figure is not in that table.
    cells = cells.with_columns(pl.col("effective_sources").fill_null(0.0))
    cells = cells.with_columns(policy_sha256=pl.lit(policies.digest))
    joined = candidates.join(
        cells.select("cell", "chosen", "status", "chosen_witness", "centre",
                     by_estimate=pl.col("rule") == "nearest_to_estimate"),
        on="cell",
    )  # fmt: skip
    provenance = assign_roles(joined, tolerance)
    salaries = cells.join(
        read_official_titles(vocabulary), on="soc", how="left"
    ).with_columns(
        # A page's own title is shown only where the code has no official one.
        occupation=pl.coalesce("official_title", "occupation", pl.lit("unknown"))
    )
    return (
        salaries.select(*column_types(Salaries)).sort("cell"),
        provenance.select(*column_types(Provenance)).sort("cell", "claim_id"),
    )


def decide_cells(
    candidates: pl.DataFrame,
    blend: pl.DataFrame,
    tolerance: float,
    vocabulary: Vocabulary,
) -> pl.DataFrame:
    """Return one row per cell: its sources, what is chosen, and by which rule."""
    best = pl.col("place") == 0
    is_independent = pl.col("is_independent")
    top = candidates.filter(best).select(
        "cell", "soc_candidates", "area_code", "area_level", "area", "cohort",
        "pay_basis", "statistic", "year", "is_year_known", "currency", "annual_low",
        "annual",
        "annual_high", "availability", "occupation", "publisher", "primary", "named",
        "usable", "verdict", "released", "ruled", "preferred", "policy", "match_grade",
        best_rank="rank", chosen="claim_id",
        chosen_witness="witness", effective="reference_period", last_checked="age",
    )  # fmt: skip
    counts = candidates.group_by("cell", maintain_order=True).agg(
        figures=pl.len().cast(pl.Int64),
        primaries=(is_independent & pl.col("primary")).sum().cast(pl.Int64),
        independent_sources=is_independent.sum().cast(pl.Int64),
        # Figures of the rank of the best one: where it is alone, authority can decide.
        equal_rank=(is_independent & (pl.col("rank") == pl.col("rank").first())).sum(),
    )
    first_seen = find_last_change(candidates)
    cells = top.join(counts, on="cell").join(first_seen, on="cell")
    independent = candidates.filter(is_independent)
    cells = cells.join(compare_sources(independent), on="cell", how="left").pipe(
        apply_estimates, blend
    )
    cells = cells.with_columns(official=is_official(vocabulary)).pipe(
        decide_status, tolerance
    )
    return complete_open_cells(add_grades(cells, vocabulary))


def find_last_change(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return since which snapshot the chosen witness has said the same."""
    best = candidates.filter(pl.col("place") == 0).select(
        "cell", "witness", "annual", "annual_low", "annual_high"
    )
    same = candidates.join(
        best,
        on=["cell", "witness", "annual", "annual_low", "annual_high"],
        # A range has no `annual`, a point no ends: null is equal to null here.
        nulls_equal=True,
    )
    return same.group_by("cell").agg(last_changed=pl.col("age").min())


def is_official(vocabulary: Vocabulary) -> pl.Expr:
    """Return whether a figure was read from an official publisher itself."""
    table = vocabulary.read_table("publishers", "id", "official")
    names = table.filter(pl.col("official") == "yes")["id"].to_list()
    return pl.col("publisher").is_in(names) & pl.col("primary")


def decide_status(cells: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    """Add the status, and the rule that decided it."""
    # Keys of cells have `?` for a part that nobody knows, and a title of several codes
    # is a question about each.
    unknown = pl.col("cell").str.contains("?", literal=True) | pl.col(
        "soc_candidates"
    ).str.contains("|", literal=True)
    # A single figure has no spread.
    agree = pl.col("spread").fill_null(0.0) <= tolerance
    alone = pl.col("independent_sources") == 1
    accused = pl.col("verdict").is_in(sorted(ACCUSATIONS))
    outranks = pl.col("equal_rank") == 1
    only_quotes = pl.col("primaries") == 0
    # The first that holds counts: a person's ruling, then what makes a question
    # unanswerable, then one source, then several.
    cases = [
        (pl.col("ruled"), "settled", "ruling"),
        (unknown, "insufficient", "question_not_complete"),
        (~pl.col("released"), "insufficient", "not_released_by_publisher"),
        (pl.col("verdict").eq_missing(DISPUTED), DISPUTED, "under_discrepancy"),
        (~pl.col("usable") & accused, DISPUTED, "under_discrepancy"),
        (
            alone & pl.col("verdict").eq_missing(DISPUTED_ITSELF),
            DISPUTED,
            "under_discrepancy",
        ),
        (~pl.col("usable"), "insufficient", "no_sound_figure"),
        (~pl.col("named"), "insufficient", "no_publisher_named"),
        (alone & pl.col("official"), "single_source", "official_primary"),
        (alone & pl.col("primary"), "single_source", "only_primary"),
        (alone, "single_source", "only_quoted"),
        # Quotes that agree are hearsay all the same: nobody's own page was read.
        (only_quotes & agree, "insufficient", "quotes_agree"),
        (only_quotes, "contested", "quotes_disagree"),
        (pl.col("preferred"), "settled", "nearest_to_estimate"),
        (agree, "settled", "agreement"),
        (outranks & pl.col("primary"), "settled", "authority"),
        (pl.lit(value=True), "contested", "equal_rank_disagree"),
    ]
    state, rule = pick_first_case(cases)
    return cells.with_columns(status=state, rule=rule)


def complete_open_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Name what would settle an open cell; an insufficient one chooses nothing."""
    needs = {
        "question_not_complete": "a page that says which occupation, place and year",
        "not_released_by_publisher": "a release in which the publisher gives the cell",
        "no_publisher_named": "the publisher's own page for this question",
        "under_discrepancy": "the publisher's own page for this question",
        "no_sound_figure": "the publisher's own page for this question",
        "only_quoted": "the publisher's own page for this question",
        "quotes_agree": "one of the publishers' own pages for this question",
        "quotes_disagree": "the publishers' own pages for this question",
        "equal_rank_disagree": "an official figure, or the surveys' own definitions",
    }
    keep = pl.col("status").is_in(["settled", "single_source"])
    amounts = ("annual_low", "annual", "annual_high")
    # What a discrepancy calls impossible is no value of a cell that it stands alone in.
    silent = pl.col("status") == DISPUTED
    return cells.with_columns(
        *(pl.when(~silent).then(pl.col(name)).alias(name) for name in amounts),
        would_be_settled_by=pl.col("rule").replace_strict(
            needs, default=None, return_dtype=pl.String
        ),
        soc=pl.coalesce("soc_candidates", pl.lit("?")),
        area_code=pl.coalesce("area_code", pl.lit("?")),
        ruling=pl.lit(None, pl.String),
        centre=pl.when(pl.col("annual") > 0).then("annual"),
        chosen=pl.when(keep).then("chosen"),
    )


def read_official_titles(vocabulary: Vocabulary) -> pl.DataFrame:
    """Return the official title of each SOC code."""
    table = vocabulary.read_table("occupations", "soc", "title")
    return table.select("soc", official_title="title").unique("soc", keep="first")
