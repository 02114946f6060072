"""Payscale: base salary by job title, from people who filled in a profile.

The page's figures stand in its `__NEXT_DATA__` under `compensation`: percentiles by
their number, for salary, hourly rate, bonus and total pay. What the page calls the
average is the middle of its bar; the range on the page is the 10th to the 90th
percentile. `byDimension` gives the same by employer, place, skill, experience and
other things; what a row is by is a field of its claims.

Source: https://www.payscale.com/research
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from pipeline.core import tables
from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Datum, Document, Snapshot
from pipeline.core.pay_periods import load_pay_periods
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import (
    aggregator,
    dimension_rows,
    publisher_page,
    survey_dimensions,
)
from pipeline.sources.shared.embedded_data import (
    STATE_FORMS,
    EmbeddedData,
    parse_amount,
)
from schemas import Claims, DataFrame

SOURCE = read_source("payscale")
# `/compensation/salary/50`: kind of pay, and a percentile by its number.
FIELD = re.compile(r"/compensation/([A-Za-z]{1,40})/([A-Za-z0-9]{1,40})$")
STATISTICS = {
    "10": "p10",
    "25": "p25",
    "50": "median",
    "75": "p75",
    "90": "p90",
    "average": "mean",
}
PAY = {
    "salary": {"kind": "pay_level", "pay_basis": "base", "period": "year"},
    "hourlyRate": {
        "kind": "pay_level",
        "pay_basis": "base",
        "period": "hour",
        "specialty": "paid by the hour",  # other workers than the salaried ones
    },
    "total": {"kind": "pay_level", "pay_basis": "total", "period": "year"},
    "bonus": {"kind": "bonus", "period": "year"},
    "profitSharing": {"kind": "bonus", "period": "year"},
    "commission": {"kind": "bonus", "period": "year"},
}
# What the title of a table says of its pay; else the kind of report does.
TABLES: dict[str, dict[str, Any]] = {
    "hourly rate": PAY["hourlyRate"],
    "salary": PAY["salary"],
    "total": PAY["total"],
    "": {"kind": "pay_level", "pay_basis": "unspecified", "period": None},
}
PLACES = ("dimensions/location", "dimensions/city", "dimensions/state",
          "dimensions/country")  # fmt: skip
PERCENTILE = re.compile(r"/(?:10|25|50|75|90)$")
# Keys of `compensation` whose numbers are no sums of money.
COUNTS = {"profileCount", "count", "isEstimated"}
KNOWN = ("pageData", "dimensions", "lastUpdated", "currencyCode", "compensation",
         "byDimension", "ratings", "related")  # fmt: skip
BONUSES = {"bonus", "profit sharing", "commission"}
MODULE_FILE = "pipeline/sources/payscale.py"


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return averages and percentiles, from the words and the embedded data.

    Raises:
        LayoutChanged: The page embeds data, but `compensation` is not in it or has
            fields that this module does not know.
    """
    where, units = (
        publisher_page.describe_snapshot(snapshot),
        load_pay_periods(vocabulary, SOURCE.id),
    )
    read: list[Document] = []  # `separate_bonuses` needs the page's blocks once more

    def fields(document: Document) -> list[dict[str, Any]]:
        read.append(document)
        found = read_compensation(document, where)
        found += read_by_dimension(document, vocabulary)
        seen = dimension_rows.select_pointers(found)
        dimension_rows.report_other_amounts(document, seen, PERCENTILE)
        linked = aggregator.read_distribution(document, where, units, MODULE_FILE)
        return [*found, *linked]

    claims = publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, embedded=fields
    )
    return separate_bonuses(claims, read[0])


def separate_bonuses(
    claims: DataFrame[Claims], document: Document
) -> DataFrame[Claims]:
    """Return the claims, those in rows called a bonus made of kind `bonus`.

    The page's table of pay lists `Bonus` and `Profit Sharing` as rows beside salary,
    so that the general reader takes them for pay.
    """
    spans = []
    for block in document.blocks:
        heads = [document.blocks[index] for index in block.row_heads]
        names = {document.text[h.start : h.end].strip().lower() for h in heads}
        if names & BONUSES:
            spans.append((block.start, block.end))
    here = pl.lit(value=False)
    for start, end in spans:
        here |= (pl.col("start") >= start) & (pl.col("end") <= end)
    bonus = (here & (pl.col("kind") == "pay_level")).fill_null(value=False)
    frame = claims.with_columns(
        kind=pl.when(bonus).then(pl.lit("bonus")).otherwise("kind"),
        pay_basis=pl.when(bonus).then(pl.lit("unspecified")).otherwise("pay_basis"),
    )
    return tables.check_frame(Claims, frame)


def read_compensation(document: Document, where: str) -> list[dict[str, object]]:
    """Return one row for each figure under `compensation`, and for each count.

    Raises:
        LayoutChanged: A kind of pay or a field is not known, or there is state and
            no `compensation` in it.
    """
    data = EmbeddedData.from_document(document)
    state = [datum for datum in document.data if datum.form in STATE_FORMS]
    found = list(find_figures(state))
    strange = sorted(
        {
            f"{pay}/{field}"
            for pay, field, _ in found
            if pay not in PAY or field not in STATISTICS
        }
    )
    if strange or (state and not found):
        missing = [] if found else ["compensation"]
        known = data.list_known_keys(KNOWN)
        raise LayoutChanged(where, missing, strange, MODULE_FILE, known)
    counts = [
        {
            "datum": d,
            **publisher_page.REPORT_COUNT,
            **describe_job(data, d),
            "value": parse_amount(d),
        }
        for d in state
        if (field := FIELD.search(d.pointer)) and field[2] in COUNTS and parse_amount(d)
    ]
    return [
        *(make_row(data, pay, field, datum) for pay, field, datum in found),
        *counts,
    ]


def read_by_dimension(
    document: Document, vocabulary: Vocabulary
) -> list[dict[str, object]]:
    """Return one row for each percentile of pay by employer, place and the like."""
    data = EmbeddedData.from_document(document)
    phrases = survey_dimensions.load_dimensions(vocabulary)
    found = dimension_rows.read_dimension_rows(document, data, phrases, STATISTICS)
    rows = []
    for title, row in found:
        datum = row["datum"]
        report = data.find_nearest(datum, "reportType") or ""
        named = f"{title} {report}".lower()
        pay = TABLES[next(phrase for phrase in TABLES if phrase in named)]
        estimated = data.find_beside_object(datum, "isEstimated")
        currency = data.find_nearest(datum, "currencyCode") or "USD"
        about = {**describe_job(data, datum), "currency": currency}
        rows.append({**about, **pay, **row, "approximate": estimated is True})
    return rows


def find_figures(state: Iterable[Datum]) -> Iterator[tuple[str, str, Datum]]:
    """Yield kind of pay, field and datum of each amount under `compensation`."""
    for datum in state:
        field = FIELD.search(datum.pointer)
        if field and parse_amount(datum) is not None and field[2] not in COUNTS:
            yield field[1], field[2], datum


def make_row(
    data: EmbeddedData, pay: str, field: str, datum: Datum
) -> dict[str, object]:
    """Return claim fields of a figure, with what the data around it say."""
    return {
        "datum": datum,
        "statistic": STATISTICS[field],
        **PAY[pay],
        "currency": data.find_nearest(datum, "currencyCode") or "USD",
        **describe_job(data, datum),
    }


def describe_job(data: EmbeddedData, datum: Datum) -> dict[str, object]:
    """Return occupation, area, employer and month that the page's data are of."""
    updated = data.find_nearest(datum, "lastUpdated") or ""
    return {
        "occupation": data.find_nearest(datum, "dimensions/job"),
        # A page about one place has it beside its country.
        "area": data.find_nearest(datum, *PLACES),
        "employer_type": data.find_nearest(datum, "dimensions/employer"),
        "reference_period": updated[:7] or None,
        "inherited": publisher_page.INHERITED_FIELDS,
    }
