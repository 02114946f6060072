"""Job postings: the pay that employers offer, as schema.org's JobPosting and in words.

A page of one posting, or a file of JSON lines with a posting each. `baseSalary` is a
MonetaryAmount whose value is one sum or two ends; `estimatedSalary` is the board's own
guess, and often a distribution. What an advertisement offers is neither paid nor
measured: it counts as a posted figure.

Source: https://schema.org/JobPosting
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline.core.errors import LayoutChanged
from pipeline.core.media import JSON_LINES
from pipeline.core.model import Document, Snapshot
from pipeline.core.pay_periods import load_pay_periods
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import posting, publisher_page
from schemas import Claims, DataFrame

SOURCE = read_source("job_postings")
MODULE_FILE = "pipeline/sources/job_postings.py"
Row = dict[str, Any]


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return the pay of every posting, from its data and its words.

    Raises:
        LayoutChanged: A line or page without a JobPosting and without pay, or a
            salary with fields that this module does not know; they are named.
        UnknownLabel: A `unitText` that pay_units.csv does not explain.
        Damaged: The bytes are no page, or a line is no JSON object.
    """
    where = publisher_page.describe_snapshot(snapshot)
    units = load_pay_periods(vocabulary, SOURCE.id)
    if snapshot.media_type == JSON_LINES:
        rows = list(_read_lines(snapshot, vocabulary, units))
    else:
        from pipeline.read import read

        document = read(snapshot.read_body(), snapshot.media_type, where=where)
        rows = list(_read_document(document, snapshot, vocabulary, units, where))
    if not any(row.get("kind", "pay_level") == "pay_level" for row in rows):
        raise LayoutChanged(where, ["baseSalary or a pay level"], [], MODULE_FILE)
    claims = publisher_page.make_page_claims(rows, snapshot, SOURCE)
    return publisher_page.apply_source_defaults(claims, SOURCE, vocabulary, {})


def _read_lines(
    snapshot: Snapshot, vocabulary: Vocabulary, units: dict[str, str]
) -> Iterator[Row]:
    """Yield the rows of every line, with the line in their locators."""
    from pipeline.read.json.json_lines import make_line_locator, read_documents

    where = publisher_page.describe_snapshot(snapshot)
    for number, document in read_documents(snapshot.read_body(), where=where):
        place = f"{where} line {number}"
        if not posting.find_postings(document):
            raise LayoutChanged(place, ["@type JobPosting"], [], MODULE_FILE)
        for row in _read_document(document, snapshot, vocabulary, units, place):
            yield {**row, "locator": make_line_locator(row["locator"], number)}


def _read_document(
    document: Document,
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    units: dict[str, str],
    where: str,
) -> Iterator[Row]:
    """Yield the general reader's rows, replaced where this module reads the place.

    Where a document is about one posting, its words are about that job, at that
    place, on that date, unless they say otherwise.
    """
    from pipeline.extract.extraction import extract_rows as read_rows

    found, _, _ = read_rows(
        document, vocabulary, source=SOURCE.id, snapshot=snapshot.id
    )
    found = [posting.drop_employer(row) for row in found]
    jobs = posting.find_postings(document)
    places = {row["locator"]: row for row in found}
    own = [
        row
        for job in jobs
        for row in posting.read_salary_figures(document, job, places, units, where)
    ]
    own += posting.read_descriptions(document, jobs, vocabulary)
    own = [{**row, "source": SOURCE.id, "snapshot": snapshot.id} for row in own]
    # With several postings on a page its words may be about any of them.
    if len(jobs) == 1:
        facts = posting.select_job_facts(document, jobs[0], own)
        found = [posting.inherit_job_facts(row, facts) for row in found]
        own = [posting.inherit_job_facts(row, facts) for row in own]
    taken = {row["locator"] for row in own}
    yield from (
        r for r in found if r["locator"] not in taken and not _is_description(r)
    )
    yield from own


def _is_description(row: Row) -> bool:
    """Whether a row is of a description, which `posting.read_descriptions` reads."""
    place: str = row["locator"]
    return place.startswith("script=") and place.endswith("/description")


def broken(claims: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Find ranges that run from high to low: `claim_id`, `rule`, `reason`."""
    return claims.filter(pl.col("low") > pl.col("high")).select(
        "claim_id",
        rule=pl.lit("range_order"),
        reason=pl.format("the least, {}, is above the most, {}", "low", "high"),
    )
