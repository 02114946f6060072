"""Reconcile figures: what each cell's figure is, and why it is not another one.

Figures come normalised, are held against the primary source by lookup, and then settled
by authority or openly contested. Nothing here reads a file or knows a page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.core.model import DATA_FORMS, Document
from pipeline.core.tables import check_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.code_lines import CodeLines
from pipeline.reconcile.evidence.named_states import StateNames
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import gather_references
from pipeline.reconcile.settle.copied_pages import (
    CopyCriteria,
    find_copies,
    report_copies,
)
from pipeline.reconcile.settle.lineage import find_roots, find_two_vintages
from pipeline.reconcile.settle.split_editions import WHY as SPLIT
from pipeline.reconcile.settle.split_editions import find_split_editions
from pipeline.reconcile.verdict import experience_bands
from pipeline.reconcile.verdict.alignment import explain_pairs, share_by_rung
from pipeline.reconcile.verdict.conflict_sentences import (
    SentenceWriter,
    compute_difference,
)
from pipeline.reconcile.verdict.declared_years import DeclaredYears
from pipeline.reconcile.verdict.discrepancies import (
    build_discrepancies,
    name_conflict,
)
from pipeline.reconcile.verdict.field_readings import find_page_year, read_fields
from pipeline.reconcile.verdict.judge import Judge, PageHead, make_judge
from pipeline.reconcile.verdict.place_rankings import find_omitted_places
from pipeline.reconcile.verdict.projection_mismatches import (
    PROJECTION_MEASURE as PROJECTED,
)
from pipeline.reconcile.verdict.projection_mismatches import find_projection_mismatches
from pipeline.reconcile.verdict.verdicts import (
    DISPUTED,
    DISPUTED_ITSELF,
    Verdict,
)
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
    DataFrame,
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
    "assess",
    "compute_difference",
    "find_words_for_settling",
    "reconcile",
    "select_projections",
]

DISPUTING = 2  # severity of a discrepancy from which a sole quotation is no value
ANSWERS = ("internal_contradiction", "json_vs_text")  # one question, two answers
# Structures of claims that come from pages of text; tables of publishers are read by
# their sources.
PAGE_STRUCTURES = ("prose", "list", "table", *sorted(DATA_FORMS))


@dataclass(frozen=True)
class PageInputs:
    """What else pages have beside their draft figures: all claims, and their text.

    Args:
        claims: Of the pages, of every kind: raises, shares and illustrations too.
        documents: Snapshot id to the page as it was read; a page that is missing is
            judged by its claims alone.
        projections: Claims of official projections.
    """

    claims: Sequence[Mapping[str, Any]] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    projections: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Assessment:
    """Verdicts on figures that pages give, and what their conflicts are.

    Args:
        judged: Draft figures with their verdicts, by claim id.
        found: Conflicts inside pages, between pages, and with the official tables.
        sentences: Claim id to the sentence of its verdict.
        discrepancies: `schemas.Discrepancies`.
        roots: Witness to the witness that it repeats.
        copied: Snapshot to the ids of the conflicts that its group of copies is.
    """

    judged: tuple[tuple[Mapping[str, Any], Verdict], ...]
    found: tuple[Contradiction, ...]
    sentences: Mapping[str, str]
    discrepancies: DataFrame[Discrepancies]
    roots: Mapping[str, str] = field(default_factory=dict)
    copied: Mapping[str, Sequence[str]] = field(default_factory=dict)


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
    split: Iterable[Contradiction] = (),
) -> Assessment:
    """Hold the figures of pages against what their publishers published.

    Args:
        draft: From `normalise`, the rows that `validate` rejects included: an
            impossible figure is the first that a reader wants named.
        figures: `schemas.Figures` to look primary figures up in.
        vocabulary: Publishers, tolerances, words, severities.
        files: Snapshot id to the name of its file.
        context: The other claims and the text of the pages.
        split: Conflicts of official files with each other.
    """
    inputs = context or PageInputs()
    # Read twice: for how each was read, and for what the page says of itself.
    inputs = replace(inputs, claims=tuple(inputs.claims))
    judge = prepare_judge(draft, figures, vocabulary, inputs)
    rows = draft.sort("claim_id").rows(named=True)
    judged = tuple(zip(rows, judge.judge_figures(rows), strict=True))
    criteria = CopyCriteria.from_vocabulary(vocabulary)
    # Two pages that both quote a publisher rightly may both have read it.
    faithful = frozenset(
        row["claim_id"] for row, v in judged if v.verdict in ("supported", "rounded")
    )
    groups = find_copies(rows, faithful, criteria)
    copies = tuple(report_copies(groups))
    copied: dict[str, list[str]] = {}
    for group, conflict in zip(groups, copies, strict=True):
        for page in group.pages:
            copied.setdefault(page, []).append(name_conflict(conflict))
    found = (
        *find_conflicts(judge, judged, figures, vocabulary, inputs),
        *copies,
        *find_two_vintages(rows, criteria.least),
        *split,
    )
    writer = SentenceWriter.from_vocabulary(vocabulary, files)
    table = build_discrepancies(judged, found, writer, vocabulary)
    sentences = {r["claim_id"]: writer.write_verdict(r, v) for r, v in judged}
    shown = check_frame(Discrepancies, table)
    roots = find_roots(groups, vocabulary)
    return Assessment(judged, found, sentences, shown, roots, copied)


def prepare_judge(
    draft: pl.DataFrame,
    figures: pl.LazyFrame,
    vocabulary: Vocabulary,
    inputs: PageInputs,
) -> Judge:
    """Gather the evidence that a judge needs for draft figures, and make the judge."""
    publishers = Publishers.from_vocabulary(vocabulary)
    lines = CodeLines.from_vocabulary(vocabulary)
    names = StateNames.from_vocabulary(vocabulary)
    declared = DeclaredYears.from_vocabulary(vocabulary, publishers)
    heads = {
        snapshot: PageHead(
            find_page_year(page),
            publishers.find_named(page.text),
            names.find_in(page.text),
            declared.find_in(page),
            publishers.find_shortened(page.text),
        )
        for snapshot, page in inputs.documents.items()
    }
    evidence = gather_references(
        figures,
        draft,
        publishers.source_order,
        lines,
        publishers.republished,
        frozenset().union(*(head.states for head in heads.values())),
        frozenset().union(*(head.publishers for head in heads.values())),
    )
    return make_judge(
        evidence,
        vocabulary,
        publishers,
        lines,
        read_fields(inputs.claims, inputs.documents),
        heads,
    )


def find_conflicts(
    judge: Judge,
    judged: Sequence[tuple[Mapping[str, Any], Verdict]],
    figures: pl.LazyFrame,
    vocabulary: Vocabulary,
    inputs: PageInputs,
) -> tuple[Contradiction, ...]:
    """Find conflicts inside pages, between pages, and with the official tables.

    Args:
        judge: That gave the verdicts, for its evidence and tolerances.
        judged: Draft figures of pages with their verdicts, by claim id.
        figures: `schemas.Figures`, for rankings of places.
        vocabulary: Phrases, tolerances, usual ranges.
        inputs: The other claims and the text of the pages.
    """
    measures, publishers = judge.measures, judge.publishers
    rows = [row for row, _ in judged]
    words = ComparisonPhrases.from_vocabulary(vocabulary)
    pages = build_pages(inputs.claims, rows, inputs.documents, words)
    bulk = list_bulk_publishers(vocabulary)
    found = find_contradictions(pages, read_conflict_rules(vocabulary, judge))
    return (
        *leave_published(found, judged),
        *experience_bands.find_band_conflicts(pages),
        *find_beyond_vintages(judged, judge.evidence, measures),
        *find_false_precision(judged, judge.evidence, measures),
        *find_omitted_places(pages, figures, publishers.official & bulk),
        *find_projection_mismatches(
            inputs.claims, rows, inputs.projections, publishers
        ),
    )


def leave_published(
    found: Iterable[Contradiction],
    judged: Sequence[tuple[Mapping[str, Any], Verdict]],
) -> Iterator[Contradiction]:
    """Yield the conflicts of pages but those of figures that all are published.

    Two answers that a publisher's tables both have are of two questions, whatever of
    them was not read.
    """
    published = {row["claim_id"] for row, v in judged if v.is_agreement}
    for one in found:
        if one.type not in ANSWERS or not all(
            row["claim_id"] in published for row in one.rows
        ):
            yield one


def read_conflict_rules(vocabulary: Vocabulary, judge: Judge) -> ConflictRules:
    """Read the numbers and names that the tests inside pages use."""
    agreement = Decimal(vocabulary.read_number("settlement", "document_agreement"))
    ranges = vocabulary.read_table("usual_ranges", "publisher", "low", "high")
    usual = {p: (a, b) for p, a, b in ranges.select("publisher", "low", "high").rows()}
    names = frozenset(judge.publishers.names)
    again = judge.publishers.republished
    return ConflictRules(judge.measures, agreement, names, usual, again)


def reconcile(
    figures: DataFrame[Figures],
    draft: pl.DataFrame,
    vocabulary: Vocabulary,
    *,
    retrieved: Mapping[str, str],
    files: Mapping[str, str],
    context: PageInputs | None = None,
) -> Curation:
    """Settle every cell, or leave it openly unsettled; list every conflict.

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
        CorrectionGone: A source no longer has the error that a correction is for.
    """
    # Late: estimates bring numpy, and whoever checks a page settles nothing.
    from pipeline.reconcile.settle import ruled_figures as by_ruling
    from pipeline.reconcile.settle.scorecards import make_scorecards

    ruled = by_ruling.apply_rulings(figures, vocabulary, retrieved)
    # Drafts of pages move with merged and split codes, or they would be judged by the
    # cells of their former occupation.
    draft = ruled.apply_coding(draft)
    split = find_split_editions(ruled.figures, vocabulary, files)
    assessment = assess(draft, ruled.figures.lazy(), vocabulary, files, context, split)
    discrepancies, fate = by_ruling.apply_acceptances(
        ruled, assessment.discrepancies, assessment.copied
    )
    publishers = Publishers.from_vocabulary(vocabulary)
    verdicts = find_words_for_settling(assessment, discrepancies, publishers)
    salaries, provenance, stale = by_ruling.settle_with_rulings(
        ruled, verdicts, vocabulary, retrieved, assessment.roots
    )
    fate = {**ruled.fate, **{i: ("stale", why) for i, why in stale.items()}, **fate}
    rulings, notices = by_ruling.report_rulings(ruled, fate)
    verdict_by_source = [(row["source"], v.verdict) for row, v in assessment.judged]
    cards = make_scorecards(ruled.figures, salaries, verdict_by_source, retrieved)
    return Curation(
        salaries=check_frame(Salaries, salaries),
        provenance=check_frame(Provenance, provenance),
        discrepancies=check_frame(Discrepancies, discrepancies),
        figures=ruled.figures,
        rulings=rulings,
        scorecards=check_frame(Scorecards, cards),
        notices=notices,
        alignment=share_by_rung(
            explain_pairs(ruled.figures, list_bulk_publishers(vocabulary), vocabulary),
            vocabulary,
        ),
    )


def find_words_for_settling(
    assessment: Assessment, discrepancies: pl.DataFrame, publishers: Publishers
) -> dict[str, str]:
    """Return what each judged figure is worth to its cell, by claim id.

    Args:
        assessment: Of the pages.
        discrepancies: With the states that rulings gave them: a conflict that a person
            accepted disputes nothing.
        publishers: Official ones are not disputed by a page of their own.
    """
    severe = discrepancies.filter(
        (pl.col("severity") >= DISPUTING) & (pl.col("status") != "accepted")
    )
    disputed = set(severe["claim_ids"].str.split(" ").explode())
    words = {}
    for row, v in assessment.judged:
        words[row["claim_id"]] = v.word_for_settling
        if row["claim_id"] not in disputed or v.is_agreement or v.is_accusation:
            continue
        if not row["primary"]:
            words[row["claim_id"]] = DISPUTED
        elif row["publisher"] not in publishers.official:
            words[row["claim_id"]] = DISPUTED_ITSELF
    split = (row for one in assessment.found if one.why == SPLIT for row in one.rows)
    ids = disputed.intersection(row["claim_id"] for row in split)
    return words | dict.fromkeys(ids, DISPUTED_ITSELF)


def select_projections(claims: pl.LazyFrame) -> list[dict[str, Any]]:
    """Return official projections: percentages of change by occupation."""
    wanted = claims.filter(
        (pl.col("measure") == PROJECTED) & pl.col("soc").is_not_null()
    )
    return wanted.sort("claim_id").collect().to_dicts()


def list_bulk_publishers(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the publishers whose tables are loaded whole."""
    table = vocabulary.read_table("publishers", "id", "kind")
    return frozenset(table.filter(pl.col("kind") == "bulk")["id"])
