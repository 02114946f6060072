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
from pipeline.reconcile import bands
from pipeline.reconcile.align import pairs, shares
from pipeline.reconcile.discrepancies import discrepancy_rows
from pipeline.reconcile.evidence import gather
from pipeline.reconcile.inner import (
    Comparisons,
    Contradiction,
    Rules,
    contradictions,
    pages,
)
from pipeline.reconcile.judgement import Verdict
from pipeline.reconcile.likeness import Measures
from pipeline.reconcile.lineage import Proof, copied, links, roots, two_vintages
from pipeline.reconcile.outlooks import MEASURE as PROJECTED
from pipeline.reconcile.outlooks import mismatches
from pipeline.reconcile.places import against_primary
from pipeline.reconcile.publishers import Publishers
from pipeline.reconcile.ruled import Ruled, accepted, reported, ruled, settled
from pipeline.reconcile.scorecards import scorecards
from pipeline.reconcile.sentences import Writer, difference_of
from pipeline.reconcile.verdict import Judge
from pipeline.reconcile.vintages import beyond_vintages, precise
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
    "Context",
    "Curation",
    "Ruled",
    "assess",
    "difference_of",
    "official",
    "reconcile",
    "settled",
]

PAGES = ("prose", "list", "table", "json_ld", "json_state")


@dataclass(frozen=True)
class Context:
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
    context: Context | None = None,
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
    measures = Measures.of(vocabulary)
    publishers = Publishers.of(vocabulary)
    evidence = gather(figures, draft, publishers.hands)
    judge = Judge(evidence, measures, publishers)
    rows = draft.sort("claim_id").rows(named=True)
    judged = tuple((row, judge.verdict(row)) for row in rows)
    around = context or Context()
    words = Comparisons.of(vocabulary)
    agreement = Decimal(vocabulary.read_number("settlement", "document_agreement"))
    ranges = vocabulary.read_table("usual_ranges", "publisher", "low", "high")
    usual = {p: (a, b) for p, a, b in ranges.select("publisher", "low", "high").rows()}
    rules = Rules(measures, agreement, frozenset(publishers.names), usual)
    read = pages(around.claims, rows, around.documents, words)
    found = (
        *contradictions(read, rules),
        *bands.conflicts(read),
        *beyond_vintages(judged, evidence, measures),
        *precise(judged, evidence, measures),
        *against_primary(read, figures, publishers.official & bulk(vocabulary)),
        *mismatches(around.claims, rows, around.projections, publishers),
    )
    proof = Proof.of(vocabulary)
    faithful = frozenset(
        row["claim_id"] for row, v in judged if v.verdict in ("supported", "rounded")
    )
    repeated = links(rows, faithful, proof)
    found = (*found, *copied(repeated), *two_vintages(rows, proof.least))
    writer = Writer.of(vocabulary, files)
    table = discrepancy_rows(judged, found, writer, vocabulary)
    sentences = {r["claim_id"]: writer.of_verdict(r, v) for r, v in judged}
    shown = check_frame(Discrepancies, table)
    return Assessment(judged, found, sentences, shown, roots(repeated, vocabulary))


def reconcile(
    figures: DataFrame[Figures],
    draft: pl.DataFrame,
    vocabulary: Vocabulary,
    *,
    retrieved: Mapping[str, str],
    files: Mapping[str, str],
    context: Context | None = None,
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
    people = ruled(figures, vocabulary, retrieved)
    draft = people.coded(draft)
    assessment = assess(draft, people.figures.lazy(), vocabulary, files, context)
    verdicts = {row["claim_id"]: v.verdict for row, v in assessment.judged}
    salaries, provenance, stale = settled(
        people, verdicts, vocabulary, retrieved, assessment.roots
    )
    discrepancies, fate = accepted(people, assessment.discrepancies)
    fate = {**people.fate, **{i: ("stale", why) for i, why in stale.items()}, **fate}
    rulings, notices = reported(people, fate)
    said = [(row["source"], v.verdict) for row, v in assessment.judged]
    cards = scorecards(people.figures, salaries, said, retrieved)
    return Curation(
        salaries=check_frame(Salaries, salaries),
        provenance=check_frame(Provenance, provenance),
        discrepancies=check_frame(Discrepancies, discrepancies),
        figures=people.figures,
        rulings=rulings,
        scorecards=check_frame(Scorecards, cards),
        notices=notices,
        alignment=shares(
            pairs(people.figures, bulk(vocabulary), vocabulary), vocabulary
        ),
    )


def official(claims: pl.LazyFrame) -> list[dict[str, Any]]:
    """Official projections among claims: percentages of change by occupation."""
    wanted = claims.filter(
        (pl.col("measure") == PROJECTED) & pl.col("soc").is_not_null()
    )
    return wanted.sort("claim_id").collect().to_dicts()


def bulk(vocabulary: Vocabulary) -> frozenset[str]:
    """Publishers whose tables are loaded whole."""
    table = vocabulary.read_table("publishers", "id", "kind")
    return frozenset(table.filter(pl.col("kind") == "bulk")["id"])
