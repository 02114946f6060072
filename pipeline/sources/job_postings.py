"""Job postings: the pay that employers offer, as schema.org's JobPosting and in words.

A page of postings, the answer of a board's interface (`.json`), or a file of JSON
lines with a posting each; boards' own field names are those of
vocabularies/board_layouts.csv. `baseSalary` is a
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
from pipeline.core.source_facts import read_source
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.read_limits import get_limit
from pipeline.sources.shared import posting, publisher_page
from pipeline.sources.shared.posting_salary import SalaryWords
from schemas import Claims, DataFrame

SOURCE = read_source("job_postings")
MODULE_FILE = "pipeline/sources/job_postings.py"
NO_POSTING = "it is no posting, by its type or by the field names of a known board"
UNREAD = ("period", "currency", "field")
Row = dict[str, Any]


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return the pay of every posting, from its data and its words.

    A line that cannot be read, and one without any posting, is reported and passed
    over; a sum whose period, currency or field nothing explains becomes a row that
    `broken` sets aside.

    Raises:
        LayoutChanged: No pay, or more lines that cannot be read than may be.
        Damaged: The bytes are no page.
    """
    where = publisher_page.describe_snapshot(snapshot)
    words = SalaryWords.from_vocabulary(vocabulary, SOURCE.id)
    document = None
    if snapshot.media_type == JSON_LINES:
        rows = list(_read_lines(snapshot, vocabulary, words))
    else:
        from pipeline.read import read

        document = read(snapshot.read_body(), snapshot.media_type, where=where)
        rows = list(_read_document(document, snapshot, vocabulary, words))
    if not any(row.get("kind", "pay_level") == "pay_level" for row in rows):
        missing = ["baseSalary or a pay level"]
        known = [] if document is None else _list_postings(document, vocabulary)
        raise LayoutChanged(where, missing, [], MODULE_FILE, known)
    claims = publisher_page.make_page_claims(rows, snapshot, SOURCE)
    return publisher_page.apply_source_defaults(claims, SOURCE, vocabulary, {})


def _read_lines(
    snapshot: Snapshot, vocabulary: Vocabulary, words: SalaryWords
) -> Iterator[Row]:
    """Yield the rows of every line, with the line in their locators.

    Raises:
        LayoutChanged: More lines than may be are no postings; the first is named.
    """
    from pipeline.read.json.json_lines import make_line_locator, read_lines

    where = publisher_page.describe_snapshot(snapshot)
    lines = 0
    passed: list[str] = []
    for number, document in read_lines(snapshot.read_body(), where=where):
        lines += 1
        rows: list[Row] = []
        if isinstance(document, Document):
            rows = list(_read_document(document, snapshot, vocabulary, words))
            why = "" if rows or _list_postings(document, vocabulary) else NO_POSTING
        else:
            why = document
        if why:
            passed.append(f"line {number}: {why}")
            report_unread(f"line={number}", "", why)
        for row in rows:
            yield {**row, "locator": make_line_locator(row["locator"], number)}
    if len(passed) > lines * get_limit("json_lines_unread_share"):
        raise LayoutChanged(
            f"{where} {passed[0]}", ["@type JobPosting"], [], MODULE_FILE
        )


def _list_postings(document: Document, vocabulary: Vocabulary) -> list[str]:
    """List what postings a document holds: by type, or by a board's field names."""
    from pipeline.extract import list_boards

    typed = posting.find_postings(document)
    boards = list_boards(document, vocabulary)
    named = [f"postings in the words of {board}" for board in boards]
    return [f"{len(typed)} JobPosting"] * bool(typed) + named


def _read_document(
    document: Document,
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    words: SalaryWords,
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
        for row in posting.read_salary_figures(document, job, places, words)
    ]
    own = [{**row, "source": SOURCE.id, "snapshot": snapshot.id} for row in own]
    # With several postings on a page its words may be about any of them.
    if len(jobs) == 1:
        facts = posting.select_job_facts(document, jobs[0], own)
        found = [posting.inherit_job_facts(row, facts) for row in found]
        own = [posting.inherit_job_facts(row, facts) for row in own]
    taken = {row["locator"] for row in own}
    yield from (
        row for row in found if publisher_page.PART.sub("", row["locator"]) not in taken
    )
    yield from own


def broken(claims: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Find rows that no posting can mean: `claim_id`, `rule`, `reason`.

    Ranges that run from high to low, and sums whose period, currency or field nothing
    explains.
    """
    turned = claims.filter(pl.col("low") > pl.col("high")).select(
        "claim_id",
        rule=pl.lit("range_order"),
        reason=pl.format("the least, {}, is above the most, {}", "low", "high"),
    )
    # `extract` writes what it could not read as `period SHIFT; currency QQQ`.
    notes = claims.filter(pl.col("structure").str.starts_with("json")).select(
        "claim_id", note=pl.col("unread").str.split("; ")
    )
    notes = notes.explode("note").drop_nulls("note")
    label = pl.col("note").str.split_exact(" ", 1).struct
    strange = notes.select(
        "claim_id", what=label.field("field_0"), said=label.field("field_1")
    ).filter(pl.col("what").is_in(list(UNREAD)))
    unknown = strange.select(
        "claim_id",
        rule=pl.format("{}_known", "what"),
        reason=pl.format("nothing explains the {} {}", "what", "said"),
    )
    return pl.concat([turned, unknown])
