"""Figures to a Curation: what each question's figure is, and why not the others.

Normalised first, then held against the primary source by lookup, then settled by
authority or openly contested. Nothing here reads a file or knows a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.core.model import Document
from pipeline.core.tables import check_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import gather_references
from pipeline.reconcile.settle.lineage import (
    CopyCriteria,
    find_copies,
    find_roots,
    find_two_vintages,
    report_copies,
)
from pipeline.reconcile.settle.ruled_figures import (
    RuledFigures,
    apply_acceptances,
    apply_rulings,
    report_rulings,
    settle_with_rulings,
)
from pipeline.reconcile.settle.scorecards import make_scorecards
from pipeline.reconcile.verdict import experience_bands
from pipeline.reconcile.verdict.alignment import explain_pairs, share_by_rung
from pipeline.reconcile.verdict.conflict_sentences import (
    SentenceWriter,
    compute_difference,
)
from pipeline.reconcile.verdict.discrepancies import build_discrepancies
from pipeline.reconcile.verdict.judge import Judge
from pipeline.reconcile.verdict.place_rankings import find_omitted_places
from pipeline.reconcile.verdict.projection_mismatches import (
    PROJECTION_MEASURE as PROJECTED,
)
from pipeline.reconcile.verdict.projection_mismatches import find_projection_mismatches
from pipeline.reconcile.verdict.verdicts import Verdict
from pipeline.reconcile.verdict.vintage_bounds import (
    find_beyond_vintages,
    find_false_precision,
)
from pipeline.reconcile.within_page import (
    ComparisonPhrases,
    ConflictRules,
    Contradiction,
    build_pages,
    find_contradictions,
)
from schemas import (
    Discrepancies,
    Figures,
    Provenance,
    Rulings,
    Salaries,
    Scorecards,
)

__all__ = [
    "Assessment",
    "Curation",
    "PageInputs",
    "RuledFigures",
    "assess",
    "compute_difference",
    "reconcile",
    "select_projections",
    "settle_with_rulings",
]

PAGE_STRUCTURES = ("prose", "list", "table", "json_ld", "json_state")


@dataclass(frozen=True)
class PageInputs:
    """What surrounds the figures of pages: all their claims, and their text.

    Args:
        claims: Of the pages, of every kind; raises, shares and illustrations too.
        documents: Snapshot id to the page as it was read; a page that is missing is
            judged by its claims alone.
        projections: Claims of official projections.
    """

    claims: Sequence[Mapping[str, Any]] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    projections: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Assessment:
    """Verdicts on figures that pages give, and what their conflicts are."""

    judged: tuple[tuple[Mapping[str, Any], Verdict], ...]
    found: tuple[Contradiction, ...]
    sentences: Mapping[str, str]
    discrepancies: DataFrame[Discrepancies]
    roots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Curation:
    """All tables of a release but the claims.

    Args:
        notices: (`note` or `error`, sentence): what a person must look at.
        alignment: How many pairs of figures each rung of the ladder explains.
    """

    salaries: DataFrame[Salaries]
    provenance: DataFrame[Provenance]
    discrepancies: DataFrame[Discrepancies]
    figures: DataFrame[Figures]
    rulings: DataFrame[Rulings]
    scorecards: DataFrame[Scorecards]
    notices: tuple[tuple[str, str], ...] = ()
    alignment: Mapping[str, Any] = field(default_factory=dict)


def assess(
    draft: pl.DataFrame,
    figures: pl.LazyFrame,
    vocabulary: Vocabulary,
    files: Mapping[str, str],
    context: PageInputs | None = None,
) -> Assessment:
    """Hold the figures of pages against what their publishers published.

    Args:
        draft: From `normalise`, the rows that `validate` rejects included: an
            impossible figure is the first that a reader wants named.
        figures: `schemas.Figures` to look primary figures up in.
        vocabulary: Publishers, likeness, words, severities.
        files: Snapshot id to the name of its file.
        context: The other claims and the text of the pages.
    """
    measures = MatchTolerances.from_vocabulary(vocabulary)
    publishers = Publishers.from_vocabulary(vocabulary)
    evidence = gather_references(figures, draft, publishers.source_order)
    judge = Judge(evidence, measures, publishers)
    rows = draft.sort("claim_id").rows(named=True)
    judged = tuple((row, judge.judge_figure(row)) for row in rows)
    around = context or PageInputs()
    words = ComparisonPhrases.from_vocabulary(vocabulary)
    agreement = Decimal(vocabulary.read_number("settlement", "document_agreement"))
    ranges = vocabulary.read_table("usual_ranges", "publisher", "low", "high")
    usual = {p: (a, b) for p, a, b in ranges.select("publisher", "low", "high").rows()}
    rules = ConflictRules(measures, agreement, frozenset(publishers.names), usual)
    read = build_pages(around.claims, rows, around.documents, words)
    found = (
        *find_contradictions(read, rules),
        *experience_bands.find_band_conflicts(read),
        *find_beyond_vintages(judged, evidence, measures),
        *find_false_precision(judged, evidence, measures),
        *find_omitted_places(
            read, figures, publishers.official & list_bulk_publishers(vocabulary)
        ),
        *find_projection_mismatches(
            around.claims, rows, around.projections, publishers
        ),
    )
    proof = CopyCriteria.from_vocabulary(vocabulary)
    faithful = frozenset(
        row["claim_id"] for row, v in judged if v.verdict in ("supported", "rounded")
    )
    repeated = find_copies(rows, faithful, proof)
    found = (*found, *report_copies(repeated), *find_two_vintages(rows, proof.least))
    writer = SentenceWriter.from_vocabulary(vocabulary, files)
    table = build_discrepancies(judged, found, writer, vocabulary)
    sentences = {r["claim_id"]: writer.write_verdict(r, v) for r, v in judged}
    shown = check_frame(Discrepancies, table)
    return Assessment(judged, found, sentences, shown, find_roots(repeated, vocabulary))


def reconcile(
    figures: DataFrame[Figures],
    draft: pl.DataFrame,
    vocabulary: Vocabulary,
    *,
    retrieved: Mapping[str, str],
    files: Mapping[str, str],
    context: PageInputs | None = None,
) -> Curation:
    """Settle every cell or leave it openly open; list every conflict.

    Args:
        figures: From `validate`.
        draft: Draft figures of pages, for verdicts and contradictions.
        vocabulary: Authority, publishers, tolerances.
        retrieved: Snapshot id to the ISO date it was obtained.
        files: Snapshot id to the name of its file.
        context: The other claims and the text of the pages.

    Raises:
        BadRuling: A ruling or correction lacks something.
        RulingsAtOdds: Two rulings cannot both be followed.
        CorrectionGone: A source has not the error that a correction is for.
    """
    people = apply_rulings(figures, vocabulary, retrieved)
    draft = people.apply_coding(draft)
    assessment = assess(draft, people.figures.lazy(), vocabulary, files, context)
    verdicts = {row["claim_id"]: v.verdict for row, v in assessment.judged}
    salaries, provenance, stale = settle_with_rulings(
        people, verdicts, vocabulary, retrieved, assessment.roots
    )
    discrepancies, fate = apply_acceptances(people, assessment.discrepancies)
    fate = {**people.fate, **{i: ("stale", why) for i, why in stale.items()}, **fate}
    rulings, notices = report_rulings(people, fate)
    said = [(row["source"], v.verdict) for row, v in assessment.judged]
    cards = make_scorecards(people.figures, salaries, said, retrieved)
    return Curation(
        salaries=check_frame(Salaries, salaries),
        provenance=check_frame(Provenance, provenance),
        discrepancies=check_frame(Discrepancies, discrepancies),
        figures=people.figures,
        rulings=rulings,
        scorecards=check_frame(Scorecards, cards),
        notices=notices,
        alignment=share_by_rung(
            explain_pairs(people.figures, list_bulk_publishers(vocabulary), vocabulary),
            vocabulary,
        ),
    )


def select_projections(claims: pl.LazyFrame) -> list[dict[str, Any]]:
    """Official projections among claims: percentages of change by occupation."""
    wanted = claims.filter(
        (pl.col("measure") == PROJECTED) & pl.col("soc").is_not_null()
    )
    return wanted.sort("claim_id").collect().to_dicts()


def list_bulk_publishers(vocabulary: Vocabulary) -> frozenset[str]:
    """Publishers whose tables are loaded whole."""
    table = vocabulary.read_table("publishers", "id", "kind")
    return frozenset(table.filter(pl.col("kind") == "bulk")["id"])
