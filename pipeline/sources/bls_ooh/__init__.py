"""BLS Occupational Outlook Handbook: one page per occupation, with pay and outlook.

Pay is that of the OEWS of the May before, which the Handbook repeats: the median, the
10th and the 90th percentile, and medians by industry. Outlook is that of the Employment
Projections, rounded: growth in percent, change, openings a year, and employment, which
counts the self-employed and so is not the employment of the OEWS. A profile may cover
several SOC codes; then its own figures are of no code.

Source: https://www.bls.gov/ooh/
"""

import re

from pipeline.core import tables
from pipeline.core.errors import Damaged
from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.bls_ooh import (
    ooh_page,
    ooh_quick_facts,
    ooh_sentences,
    ooh_tables,
)
from pipeline.sources.bls_ooh.ooh_page import HandbookPage, Row
from pipeline.sources.shared import publisher_page
from pipeline.sources.shared.possible_claims import refuse_impossible_claims
from schemas import Claims, DataFrame

SPAN = re.compile(r"\d{4}-\d{4}")

SOURCE = read_source("bls_ooh")


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every pay and outlook figure of the page, in the order of its text.

    Raises:
        LayoutChanged: No quick facts, or a part of the page is missing.
        UnknownLabel: A label or cell of the quick facts or projections that no reader
            knows. Elsewhere what is not known is left out and reported.
        Damaged: The bytes are not a page, or of other years than the edition.
    """
    from pipeline.read import locate_span, read

    where = publisher_page.describe_snapshot(snapshot)
    document = read(snapshot.read_body(), snapshot.media_type, where=where)
    found = read_figures(
        HandbookPage.from_document(document, vocabulary, where), snapshot.edition
    )
    fixed: Row = {"source": SOURCE.id, "snapshot": snapshot.id}
    with refuse_impossible_claims(where, "pipeline/sources/bls_ooh"):
        return tables.make_claims(
            fixed | {"locator": locate_span(document, row["start"], row["end"])} | row
            for row in found
        )


def read_figures(handbook: HandbookPage, edition: str) -> list[Row]:
    """Return the rows of all readers of a page's parts, in the order of its text.

    Raises:
        LayoutChanged: A tab is missing.
        UnknownLabel: As the readers do.
        Damaged: The outlook is of other years than the edition.
    """
    if not handbook.title:
        return list(ooh_sentences.read_sentences(handbook, ""))
    facts = list(ooh_quick_facts.read_quick_facts(handbook))
    years = next(r["reference_period"] for r in facts if r["kind"] == "outlook")
    if SPAN.fullmatch(edition) and years != edition:
        why = f"its outlook is of {years}, the snapshot's edition {edition}"
        raise Damaged(handbook.where, why, f"Keep it with `--edition {years}`.")
    found = [
        *facts,
        *ooh_tables.read_charts(handbook),
        *ooh_tables.read_tables(handbook),
        *ooh_sentences.read_sentences(handbook, str(years)),
    ]
    # The readers pass over a tab that is not there, so its absence is looked for here.
    tabs = {handbook.find_tab(b) for b in handbook.document.blocks}
    if missing := sorted({"pay", "outlook"} - tabs):
        raise handbook.make_layout_error(
            [f"tab {tab}" for tab in missing], ooh_page.MODULE_FILE
        )
    return sorted(found, key=lambda row: (row["start"], row["end"]))
