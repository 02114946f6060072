"""Check one page against the release: a verdict for every figure, with evidence.

Needs neither the network nor Prefect, writes nothing, and reads of the release only
the primary figures of the occupations and publishers that the page names.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core import media
from pipeline.core.errors import NotFound, TooLarge
from pipeline.core.failure_trace import contain_failures, make_printable
from pipeline.core.model import Document
from pipeline.core.tables import check_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract import Extraction, extract
from pipeline.normalise import normalise
from pipeline.query.answers import read_answers
from pipeline.query.findings import (
    FindingMaker,
    Findings,
    gather_findings,
    is_inside,
    list_taken_back,
)
from pipeline.query.own_pages import read_own_page
from pipeline.query.published import Release
from pipeline.query.published_figures import PublishedFigures
from pipeline.read import detect_media_type, read
from pipeline.read.read_limits import reading_with
from pipeline.reconcile import (
    Assessment,
    PageInputs,
    assess,
    compute_difference,
    select_projections,
)
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.verdicts import ACCUSATIONS
from pipeline.rulings import load_rulings
from schemas import Claims, DataFrame, Discrepancies


@dataclass(frozen=True)
class ExtractedPage:
    """A file that was read and its figures extracted."""

    path: Path
    sha256: str
    document: Document
    extraction: Extraction

    @property
    def claims(self) -> DataFrame[Claims]:
        """All claims of the page."""
        return self.extraction.claims


@dataclass(frozen=True)
class PageVerdicts:
    """The verdicts on a page, and its conflicts with the release and with itself.

    Args:
        page: That was checked.
        release: Against which.
        verdicts: One for each claim, in the order of the page (docs/json.md).
        discrepancies: Conflicts, as in the release's table.
        findings: The same, so that they can be sent.
    """

    page: ExtractedPage
    release: Release
    verdicts: tuple[Mapping[str, Any], ...]
    discrepancies: DataFrame[Discrepancies]
    findings: Findings

    @property
    def wrong(self) -> int:
        """Count of verdicts and conflicts that a person must look at."""
        # Figures that cannot be judged are no mistake of the page, and an older one is
        # a note. Severity 1 is a note (vocabularies/severities.csv): rounding, say.
        # Nor is what was taken back.
        back = list_taken_back(self.findings.rows)
        names = [r.conflict for r in self.findings.rows if r.withdrawn]
        accused = (v["claim_id"] for v in self.verdicts if v["verdict"] in ACCUSATIONS)
        severe = self.discrepancies.filter(
            pl.col("severity") > 1, ~pl.col("discrepancy_id").is_in(names)
        )
        return sum(claim not in back for claim in accused) + severe.height


def open_page(path: Path, vocabulary: Vocabulary) -> ExtractedPage:
    """Read a file and extract its figures.

    Raises:
        NotFound: No such file.
        TooLarge: Beyond the bound of vocabularies/limits.csv; the file is not read.
        Damaged: Empty, binary, or not what its name says.
    """
    if not path.is_file():
        raise NotFound("File", str(path), "Give the path of a saved page.")
    limit, size = (
        int(vocabulary.read_number("limits", "page_bytes")),
        path.stat().st_size,
    )
    if size > limit:
        raise TooLarge(str(path), size, limit)
    return extract_page(path.read_bytes(), path, vocabulary)


def extract_page(body: bytes, path: Path, vocabulary: Vocabulary) -> ExtractedPage:
    """Extract the figures of a page's bytes; of the path only the name is used.

    Raises:
        Damaged: Empty, binary, or not what the name says.
        ReadingFailed: A fault of ours struck the page as a whole.
    """
    # A name without a known ending claims nothing that the bytes could contradict.
    if path.suffix.lower() in media.ENDINGS:
        media.check_body(str(path), media.guess_media_type(path.name), body)
    sha256 = hashlib.sha256(body).hexdigest()
    where = make_printable(str(path))
    with reading_with(vocabulary), contain_failures(where):
        document = read(body, detect_media_type(path.name, body), where=str(path))
        found = extract(document, vocabulary, source="page", snapshot=sha256[:12])
    return ExtractedPage(path, sha256, document, found)


def check(
    page: ExtractedPage, release: Release, vocabulary: Vocabulary
) -> PageVerdicts:
    """Judge every claim of the page that is, or could be, a pay level."""
    own = read_own_page(page.extraction, page.sha256[:12], page.document.url, release)
    page = replace(page, extraction=replace(page.extraction, claims=own.claims))
    draft = normalise(page.claims, vocabulary, {})
    projections: list[dict[str, Any]] = []
    # The table of claims is the largest of a release: read only where the page gives a
    # projection to compare.
    if "outlook" in page.claims["kind"]:
        projections = select_projections(release.scan_table("claims"))
    context = PageInputs(
        page.claims.to_dicts(), {page.sha256[:12]: page.document}, projections
    )
    figures = release.scan_table("figures")
    assessment = assess(draft, figures, vocabulary, release.list_body_paths(), context)
    by_claim = {row["claim_id"]: entry for row, entry in list_verdict_rows(assessment)}
    words = dict(vocabulary.read_table("words", "code", "words").iter_rows())
    verdicts = [
        by_claim.get(claim["claim_id"]) or make_unjudged_row(claim, words)
        for claim in page.claims.iter_rows(named=True)
    ]
    # What a guess at a publisher's layout finds at odds may be its own mistake.
    found = assessment.discrepancies
    table = check_frame(Discrepancies, found.clear()) if own.is_guess else found
    conflicts = table.rows(named=True)
    maker = FindingMaker(
        page.document,
        PublishedFigures.from_vocabulary(vocabulary, release.manifest["snapshots"]),
        {
            claim: row
            for row in conflicts
            if not is_inside(row)
            for claim in row["claim_ids"].split(" ")
        },
        read_answers(load_rulings(vocabulary)),
    )
    findings = gather_findings(maker, page.claims.rows(named=True), verdicts, conflicts)
    return PageVerdicts(page, release, tuple(verdicts), table, findings)


def list_verdict_rows(
    assessment: Assessment,
) -> list[tuple[Mapping[str, Any], dict[str, Any]]]:
    """List judged figures, each with its verdict as `check --format json` prints it."""
    return [
        (row, make_verdict_row(row, verdict, assessment.sentences[row["claim_id"]]))
        for row, verdict in assessment.judged
    ]


def make_verdict_row(
    row: Mapping[str, Any], verdict: Any, sentence: str
) -> dict[str, Any]:
    """Make one verdict: cell, published and reference figure, source, difference."""
    reference = verdict.reference
    gap = compute_difference(row, reference) if reference else None
    return {
        "claim_id": row["claim_id"],
        "quote": row["quote"],
        "verdict": verdict.verdict,
        "reason": verdict.why,
        "cell": row["cell"],
        "published": to_json_number(row["as_published"]),
        "reference": to_json_number(reference.amount) if reference else None,
        "reference_source": reference.source if reference else None,
        "reference_release": reference.reference_period if reference else None,
        "reference_cell": reference.cell if reference else None,
        "reference_snapshot": reference.snapshot if reference else None,
        "reference_locator": reference.locator if reference else None,
        "difference": to_json_number(gap[0]) if gap else None,
        "difference_pct": gap[1] if gap else None,
        "sentence": sentence,
        "certainty": verdict.certainty,
        "tried": list(verdict.tried),
        "missing": verdict.missing or None,
        "reference_unit": reference.period if reference else None,
        "correct": make_correct_figure(verdict.asked_cell),
    }


def make_correct_figure(found: Reference | None) -> dict[str, Any] | None:
    """Make what a publisher has for what an accused figure is said to be of."""
    if found is None or found.amount is None:
        return None
    return {
        "amount": to_json_number(found.amount),
        "unit": found.period,
        "cell": found.cell,
        "source": found.source,
        "release": found.reference_period,
        "snapshot": found.snapshot,
        "locator": found.locator,
    }


def make_unjudged_row(
    claim: Mapping[str, Any], words: Mapping[str, str]
) -> dict[str, Any]:
    """Make the row of a claim that is no pay level: a raise, a share, a cost."""
    kind = "hypothetical" if claim["hypothetical"] else claim["kind"]
    what = words.get(kind, kind.replace("_", " "))
    return {
        "claim_id": claim["claim_id"],
        "quote": claim["quote"],
        "verdict": "not_comparable",
        "reason": "hypothetical" if claim["hypothetical"] else "not_pay",
        "cell": None,
        "published": to_json_number(claim["value"] or claim["low"]),
        "reference": None,
        "reference_source": None,
        "reference_release": None,
        "reference_cell": None,
        "reference_snapshot": None,
        "reference_locator": None,
        "difference": None,
        "difference_pct": None,
        "sentence": f"{claim['quote']} is {what}, not a pay level.",
        "certainty": 1.0,
        "tried": [],
        "missing": None,
        "reference_unit": None,
        "correct": None,
    }


def to_json_number(amount: Any) -> int | float | None:
    """Turn a decimal into a JSON number, whole where it is whole; None stays None."""
    if amount is None:
        return None
    exact = float(amount)
    return int(exact) if exact.is_integer() else exact
