"""Glassdoor: pay by job title, from people who reported theirs.

The page's figures stand in its embedded state: `basePayStatistics` and
`totalPayStatistics` with a mean and percentiles by name, or on older pages
`payPercentile10`, `50` and `90` beside `payPeriod`. Base and total pay are both
published; older pages do not say which they show.

Source: https://www.glassdoor.com/Salaries
"""

import re
from collections.abc import Iterator
from typing import Any

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Datum, Document, Snapshot
from pipeline.core.pay_periods import load_pay_periods
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import aggregator, publisher_page
from pipeline.sources.shared.embedded_data import EmbeddedData, parse_amount
from schemas import Claims, DataFrame

SOURCE = read_source("glassdoor")
# A mean has a key of its own; percentiles are a list, each with its name beside it.
NAMED = re.compile(r"/(base|total|totalAdditional)PayStatistics/mean$")
LISTED = re.compile(
    r"/(base|total|totalAdditional)PayStatistics/percentiles/\d{1,4}/value$"
)
COUNT = re.compile(r"/(?:salaryCount|salariesCount|submissionCount)$")
MODULE_FILE = "pipeline/sources/glassdoor.py"
# Older pages: `payPercentile50` beside `payPeriod`, without base or total.
OLDER = re.compile(r"/payPercentile(10|25|50|75|90)$")
PERCENTILES = {
    "10": "p10",
    "25": "p25",
    "50": "median",
    "75": "p75",
    "90": "p90",
}
PERIODS = {
    "ANNUAL": "year",
    "HOURLY": "hour",
    "MONTHLY": "month",
    "WEEKLY": "week",
    "DAILY": "day",
}
# What is paid on top of base (`totalAdditionalPayStatistics`) is no pay level.
PAY = {
    "base": {"kind": "pay_level", "pay_basis": "base"},
    "total": {"kind": "pay_level", "pay_basis": "total"},
    "totalAdditional": {"kind": "bonus"},
    "": {"kind": "pay_level", "pay_basis": "unspecified"},
}


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return means and percentiles, from the words and the embedded data.

    Raises:
        LayoutChanged: The page embeds data, but no pay statistics; or a pay period
            or percentile is called what this module does not know.
    """
    where, units = (
        publisher_page.describe_snapshot(snapshot),
        load_pay_periods(vocabulary, SOURCE.id),
    )

    def fields(document: Document) -> list[dict[str, Any]]:
        linked = aggregator.read_distribution(document, where, units, MODULE_FILE)
        return [*read_pay_statistics(document, where), *linked]

    return publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, embedded=fields
    )


def read_pay_statistics(document: Document, where: str) -> list[dict[str, object]]:
    """Return one row for each pay statistic and each count in the page's state.

    Raises:
        LayoutChanged: A percentile or pay period is not known, or there is state
            and no pay statistic in it.
    """
    data = EmbeddedData.from_document(document)
    found = list(find_figures(document, data))
    strange = sorted(
        {s for _, s, _ in found if s not in PERCENTILES.values() and s != "mean"}
        | {p for _, _, d in found if (p := find_period_label(data, d)) not in PERIODS}
    )
    state = any(datum.form == "json_state" for datum in document.data)
    if strange or (state and not found):
        missing = [] if found else ["basePayStatistics or payPercentile50"]
        raise LayoutChanged(where, missing, strange, MODULE_FILE)
    counts = [
        {
            "datum": d,
            **describe_job(data, d),
            **publisher_page.REPORT_COUNT,
            "value": parse_amount(d),
        }
        for d in document.data
        if d.form == "json_state" and COUNT.search(d.pointer) and parse_amount(d)
    ]
    return [*(make_row(data, pay, name, datum) for pay, name, datum in found), *counts]


def find_figures(
    document: Document, data: EmbeddedData
) -> Iterator[tuple[str, str, Datum]]:
    """Yield kind of pay (a key of `PAY`), statistic and datum of each amount."""
    for datum in document.data:
        if datum.form != "json_state" or parse_amount(datum) is None:
            continue
        if named := NAMED.search(datum.pointer):
            yield named[1], "mean", datum
        elif listed := LISTED.search(datum.pointer):
            # Percentiles come as a list of `{"ident": "P25", "value": 49400}`.
            ident = (data.find_nearest(datum, "ident") or "").removeprefix("P")
            yield listed[1], PERCENTILES.get(ident, ident), datum
        elif older := OLDER.search(datum.pointer):
            yield "", PERCENTILES[older[1]], datum


def find_period_label(data: EmbeddedData, datum: Datum) -> str:
    """Return the page's own word for the pay period; "payPeriod" where it has none."""
    return data.find_nearest(datum, "payPeriod") or "payPeriod"


def make_row(
    data: EmbeddedData, pay: str, statistic: str, datum: Datum
) -> dict[str, object]:
    """Return claim fields of a figure, with what the data around it say."""
    return {
        "datum": datum,
        "statistic": statistic,
        **PAY[pay],
        "period": PERIODS[find_period_label(data, datum)],
        "currency": data.find_nearest(datum, "currency/code", "payCurrency") or "USD",
        **describe_job(data, datum),
    }


def describe_job(data: EmbeddedData, datum: Datum) -> dict[str, object]:
    """Return occupation, area and month that the page's data are of."""
    recent = data.find_nearest(datum, "mostRecent") or ""
    return {
        "occupation": data.find_nearest(
            datum, "jobTitle/text", "jobTitleText", "jobTitle"
        ),
        "area": data.find_nearest(datum, "queryLocation/name"),
        "reference_period": recent[:7] or None,
        "inherited": publisher_page.INHERITED_FIELDS,
    }
