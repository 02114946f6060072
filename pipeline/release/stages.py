"""Run one stage between raw/ and a release, from the inputs and earlier stages.

Each stage is one call here and one task under Prefect; both leave the same bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.core.errors import DiskFull, PayproofError
from pipeline.core.failure_trace import contain_failures, make_printable
from pipeline.core.model import Document, Snapshot
from pipeline.core.tables import check_frame, make_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.query.published import Release
from pipeline.read import read as read_page
from pipeline.read.read_limits import reading_with
from pipeline.reconcile import (
    PAGE_STRUCTURES,
    PageInputs,
    reconcile,
    select_projections,
)
from pipeline.release import cache
from pipeline.release.ingest import IngestResult, name_snapshot
from pipeline.release.inputs import Inputs
from pipeline.release.publish import ReleaseTables, publish
from pipeline.site.report import render_report
from pipeline.sources import SOURCES, import_source
from schemas import Claims, DataFrame, Figures, Rejects

RULINGS = "rulings"


@dataclass(frozen=True)
class DraftFigures:
    """Claims, and the figures that `normalise` made of them, unchecked."""

    claims: DataFrame[Claims]
    draft: pl.DataFrame


@dataclass(frozen=True)
class ValidatedFigures:
    """What `validate` made of a draft: every row is in one of the two.

    Args:
        faults: A sentence for each source whose own rules could not be applied.
    """

    figures: DataFrame[Figures]
    rejects: DataFrame[Rejects]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportPages:
    """What a release says of itself: its manifest and its pages."""

    manifest: Mapping[str, Any]
    pages: Mapping[str, bytes]


def normalise_claims(inputs: Inputs) -> DraftFigures:
    """Normalise the claims of every readable snapshot, so that they can be compared."""
    claims = gather_claims(inputs)
    editions = {s.id: s.edition for s in inputs.list_readable()}
    return DraftFigures(claims, normalise(claims, inputs.vocabulary, editions))


def gather_claims(inputs: Inputs) -> DataFrame[Claims]:
    """Gather the cached claims of the inputs, sorted by source, snapshot and id."""
    frames = [
        cache.read_claims(inputs.locate_claims(s)) for s in inputs.list_readable()
    ]
    if not frames:
        return check_frame(Claims, make_frame(Claims, []))
    return check_frame(Claims, pl.concat(frames).sort("source", "snapshot", "claim_id"))


def validate_draft(inputs: Inputs, drafted: DraftFigures) -> ValidatedFigures:
    """Divide a draft into figures and the rows that break a rule."""
    found, faults = find_broken_rows(drafted.claims, inputs.vocabulary)
    parted = validate(drafted.draft, found, inputs.vocabulary)
    return ValidatedFigures(*parted, faults)


def find_broken_rows(
    claims: pl.DataFrame, vocabulary: Vocabulary
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Find rows that break a rule of their own source, where its module states any.

    Where its rules cannot be applied none of its rows is known to keep them: all of
    them are set aside, and the other sources go on.

    Returns:
        The columns of `make_empty_broken_rows`, one row per claim and broken rule; and
        a sentence for each source whose rules failed.
    """
    found, faults = [make_empty_broken_rows()], []
    for source in sorted(claims["source"].unique()):
        rules = (
            getattr(import_source(source), "broken", None)
            if source in SOURCES
            else None
        )
        if rules is not None:
            own = claims.filter(pl.col("source") == source)
            try:
                with contain_failures(f"the rules of {source}"):
                    broken = rules(own, vocabulary).select(found[0].columns)
            except DiskFull:
                raise
            except PayproofError as error:
                faults.append(make_printable(str(error)))
                why = f"the rules of {source} could not be applied"
                broken = own.select(
                    "claim_id", rule=pl.lit("rules_applied"), reason=pl.lit(why)
                )
            found.append(broken)
    return pl.concat(found), tuple(faults)


def reconcile_figures(
    inputs: Inputs, drafted: DraftFigures, valid: ValidatedFigures
) -> ReleaseTables:
    """Settle every cell, and judge the figures of pages against primary sources."""
    pages = drafted.claims.filter(pl.col("structure").is_in(PAGE_STRUCTURES))
    read = inputs.list_readable()
    with reading_with(inputs.vocabulary):
        texts = read_documents(read, pages)
    failed = tuple(("error", said) for said in valid.faults)
    found = reconcile(
        valid.figures,
        drafted.draft.join(pages.select("claim_id"), on="claim_id", how="semi"),
        inputs.vocabulary,
        retrieved={s.id: s.retrieved for s in read},
        files={s.id: cache.locate_body(s, inputs.home) for s in read},
        context=PageInputs(
            pages.to_dicts(), texts, select_projections(drafted.claims.lazy())
        ),
    )
    return ReleaseTables(
        claims=drafted.claims,
        figures=found.figures,
        rejects=valid.rejects,
        salaries=found.salaries,
        provenance=found.provenance,
        discrepancies=found.discrepancies,
        rulings=found.rulings,
        scorecards=found.scorecards,
        notices=(*found.notices, *failed),
        alignment=found.alignment,
    )


def read_documents(
    snapshots: Iterable[Snapshot], pages: pl.DataFrame
) -> dict[str, Document]:
    """Read the documents of snapshots with claims in their text, by snapshot id.

    Raises:
        PayproofError: A page could be read when its claims were made, and no longer
            can. The last release stays, and the next run finds out how it stands.
    """
    # Claims of cells and of embedded data have no offset. Only pages with offsets are
    # read again, to compare sentences of one page with each other.
    placed = set(pages.filter(pl.col("start").is_not_null())["snapshot"])
    found = {}
    for one in snapshots:
        if one.id in placed:
            with contain_failures(name_snapshot(one)):
                body = one.read_body()
                found[one.id] = read_page(body, one.media_type, where=str(one.path))
    return found


def make_report_pages(
    inputs: Inputs, contents: ReleaseTables, ingested: tuple[IngestResult, ...]
) -> ReportPages:
    """Make the manifest, without its checksums, and the pages of the report."""
    notes = [
        (one.source, kind, text)
        for one in ingested
        for kind, texts in (("note", one.notes), ("error", one.errors))
        for text in texts
    ]
    notes += [(RULINGS, kind, text) for kind, text in contents.notices]
    known = cache.build_manifest(
        inputs.list_readable(),
        inputs.key,
        inputs.home,
        contents,
        notes,
        inputs.vocabulary,
    )
    manifest = {
        **known,
        "stale": sorted(s.id for s in inputs.stand_ins()),
        "unread": sorted(f"{s.source}/{s.folder}" for s in inputs.unread()),
    }
    # Only where there are any: a sound release says nothing of failures.
    if traces := {one.source: list(one.traces) for one in ingested if one.traces}:
        manifest["traces"] = traces
    pages = render_report(
        inputs.release, manifest, contents.frames_by_name(), inputs.vocabulary
    )
    return ReportPages(manifest, pages)


def publish_release(
    inputs: Inputs, contents: ReleaseTables, report: ReportPages
) -> Release:
    """Check a release by every gate, write it and move `latest` to it.

    Raises:
        GateFailed: A gate does not hold; nothing moved.
    """
    return publish(
        inputs.home,
        inputs.release,
        contents,
        report.manifest,
        report.pages,
        inputs.vocabulary,
    )
