"""Salary.com: base salary by job title, modelled from surveys of employers.

A page gives the median, a range that is the 25th to the 75th percentile, and a table
of percentiles; the same figures stand in its JSON-LD as texts. Total pay stands on a
page of its own.

Source: https://www.salary.com/research/salary
"""

import re
from collections.abc import Iterator

import polars as pl

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Datum, Document, Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.tables import check_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import publisher_page
from pipeline.sources.shared.embedded_data import EmbeddedData, parse_amount
from schemas import Claims, DataFrame

SOURCE = read_source("salary_com")
# `estimatedSalary` is one distribution or a list of them: `/estimatedSalary/0/median`.
FIELD = re.compile(r"/estimatedSalary/(?:\d{1,3}/)?([a-z]{3,10}\d{0,2})$")
STATISTICS = {
    "percentile10": "p10",
    "percentile25": "p25",
    "median": "median",
    "percentile75": "p75",
    "percentile90": "p90",
}
# The table's first column names its rows "25th Percentile … Salary": no pay of $25.
NAMES = ["10", "25", "50", "75", "90"]
# ISO 8601; `Y1M` for a year or a month is seen in the wild and means neither.
PERIODS = {"P1Y": "year", "P1M": "month", "P1W": "week", "P1D": "day", "PT1H": "hour"}
# The `name` of a distribution; total pay stands on a page of its own.
BASES = {"base": "base", "total": "total"}
KNOWN = ("estimatedSalary", "occupationLocation", "duration", "currency",
         *STATISTICS)  # fmt: skip


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return percentiles of base salary, from the words, the table and the JSON-LD.

    Raises:
        LayoutChanged: The page gives no percentile, or its JSON-LD a field or a
            duration that this module does not know.
    """

    def fields(document: Document) -> list[dict[str, object]]:
        return read_percentiles(document, publisher_page.describe_snapshot(snapshot))

    read = publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, embedded=fields
    )
    names = (pl.col("structure") == "table") & pl.col("quote").is_in(NAMES)
    claims = check_frame(Claims, read.filter(~names))
    percentiles = pl.col("statistic").is_in(list(STATISTICS.values()))
    if claims.filter((pl.col("kind") == "pay_level") & percentiles).height == 0:
        raise publisher_page.make_layout_error(
            snapshot, SOURCE, ["salary by percentile"]
        )
    return claims


def read_percentiles(document: Document, where: str) -> list[dict[str, object]]:
    """Return one row for each percentile of the JSON-LD.

    Raises:
        LayoutChanged: A field or a duration is not known.
    """
    data = EmbeddedData.from_document(document)
    found = list(find_figures(document))
    strange = sorted(
        {field for field, _ in found if field not in STATISTICS}
        | {p for _, d in found if (p := find_duration(data, d)) not in PERIODS}
    )
    if strange:
        known = data.list_known_keys(KNOWN)
        change = "pipeline/sources/salary_com.py"
        raise LayoutChanged(where, [], strange, change, known)
    return [make_row(data, field, datum) for field, datum in found]


def find_figures(document: Document) -> Iterator[tuple[str, Datum]]:
    """Yield field and datum of each amount under `estimatedSalary`."""
    for datum in document.data:
        field = FIELD.search(datum.pointer)
        if field and datum.form == "json_ld" and parse_amount(datum) is not None:
            yield field[1], datum


def find_duration(data: EmbeddedData, datum: Datum) -> str:
    """Return the page's own word for the pay period, or "no duration"."""
    return data.find_nearest(datum, "duration") or "no duration"


def make_row(data: EmbeddedData, field: str, datum: Datum) -> dict[str, object]:
    """Return claim fields of a percentile, with what the data around it say."""
    reviewed = data.find_nearest(datum, "mainEntityOfPage/lastReviewed") or ""
    return {
        "datum": datum,
        "statistic": STATISTICS[field],
        "period": PERIODS[find_duration(data, datum)],
        "pay_basis": BASES.get(
            data.find_nearest(datum, "name") or "", SOURCE.pay_basis
        ),
        "currency": data.find_nearest(datum, "currency") or "USD",
        "occupation": data.find_outermost(datum, "name"),
        "area": data.find_nearest(datum, "occupationLocation/0/name"),
        "reference_period": reviewed[:7] or None,
        "inherited": publisher_page.INHERITED_FIELDS,
    }
