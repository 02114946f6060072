"""Glassdoor: pay by job title, from people who reported theirs.

The page's figures stand in its embedded state, or in a saved answer (`.json`), in the
layouts of several years: `basePayStatistics` and the like with a mean and percentiles
by name (2022, and since 2024 with each kind of bonus apart and without a pay period);
`minBasePay`, `medianBasePay`, `totalCompPercentiles` (2023); on older pages
`payPercentile10`, `50` and `90` beside `payPeriod`. Base and total pay are both
published; older pages do not say which they show. Pages of one employer say whose.

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
from pipeline.sources.shared.embedded_data import (
    STATE_FORMS,
    EmbeddedData,
    parse_amount,
)
from schemas import Claims, DataFrame

SOURCE = read_source("glassdoor")
MODULE_FILE = "pipeline/sources/glassdoor.py"
# A mean has a key of its own; percentiles are a list, each with its name beside it.
NAMED = re.compile(r"/([a-zA-Z]{3,20})Statistics/mean$")
LISTED = re.compile(r"/([a-zA-Z]{3,20}?)(?:Statistics/p|P)ercentiles/\d{1,4}/value$")
COUNT = re.compile(
    r"/(?:salaryCount|salariesCount|submissionCount|results/\d{1,4}/count)$"
)
# Answers of 2023: `medianBasePay`, `totalCompMedian`, `minBasePay` beside `maxBasePay`.
MIDDLE = re.compile(r"/(?:median(BasePay)|(totalComp|totalAdditionalCashPay)Median)$")
LEAST = re.compile(r"/(?:min(BasePay)|(totalComp|totalAdditionalCashPay)Min)$")
MOST = {"BasePay": "maxBasePay", "totalComp": "totalCompMax",
        "totalAdditionalCashPay": "totalAdditionalCashPayMax"}  # fmt: skip
# Older pages: `payPercentile50` beside `payPeriod`, without base or total.
OLDER = re.compile(r"/payPercentile(10|25|50|75|90)$")
PERCENTILES = {
    "10": "p10",
    "25": "p25",
    "50": "median",
    "75": "p75",
    "90": "p90",
}
STATISTICS = {*PERCENTILES.values(), "mean", "range"}
PERIODS = {
    "ANNUAL": "year",
    "HOURLY": "hour",
    "MONTHLY": "month",
    "WEEKLY": "week",
    "DAILY": "day",
}
# What is paid on top of base is no pay level, each kind of it by itself.
BONUS = {"kind": "bonus"}
BASE = {"kind": "pay_level", "pay_basis": "base"}
TOTAL = {"kind": "pay_level", "pay_basis": "total"}
PAY = {
    **dict.fromkeys(("base", "basePay", "BasePay"), BASE),
    **dict.fromkeys(("total", "totalPay", "totalComp"), TOTAL),
    **dict.fromkeys(
        (
            *("totalAdditional", "totalAdditionalPay", "totalAdditionalCashPay"),
            *("cashBonus", "totalCashBonus", "stockBonus", "totalStockBonus"),
            *("profitSharing", "totalProfitSharing", "salesCommission"),
            *("totalSalesCommission", "tips", "totalTips"),
        ),
        BONUS,
    ),
    "": {"kind": "pay_level", "pay_basis": "unspecified"},
}
# Without a period a year's pay is told by its size, in dollars alone.
LEAST_YEAR = 12_000
HOME = "USD"
KNOWN = ("basePayStatistics", "medianBasePay", "totalCompPercentiles",
         "payPercentile50", "payPeriod", "salaryCount", "jobTitle", "queryLocation",
         "employer", "currency")  # fmt: skip


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
        LayoutChanged: A kind of pay, percentile or pay period is not known, or there
            is state and no pay statistic in it.
    """
    data = EmbeddedData.from_document(document)
    found = list(find_figures(document, data))
    strange = sorted(
        {statistic for _, statistic, _ in found if statistic not in STATISTICS}
        | {f"{pay}Statistics" for pay, _, _ in found if pay not in PAY}
        | {p for _, _, d in found if (p := find_period_label(data, d)) not in PERIODS}
        - {""}
    )
    state = any(datum.form in STATE_FORMS for datum in document.data)
    if strange or (state and not found):
        missing = [] if found else ["basePayStatistics or payPercentile50"]
        known = data.list_known_keys(KNOWN)
        raise LayoutChanged(where, missing, strange, MODULE_FILE, known)
    counts = [
        {
            "datum": d,
            **describe_job(data, d),
            **publisher_page.REPORT_COUNT,
            "value": parse_amount(d),
        }
        for d in document.data
        if d.form in STATE_FORMS and COUNT.search(d.pointer) and parse_amount(d)
    ]
    return [*(make_row(data, pay, name, datum) for pay, name, datum in found), *counts]


def find_figures(
    document: Document, data: EmbeddedData
) -> Iterator[tuple[str, str, Datum]]:
    """Yield kind of pay (a key of `PAY`), statistic and datum of each amount."""
    for datum in document.data:
        if datum.form not in STATE_FORMS or parse_amount(datum) is None:
            continue
        at = datum.pointer
        if named := NAMED.search(at):
            yield named[1], "mean", datum
        elif listed := LISTED.search(at):
            # Percentiles come as a list of `{"ident": "P25", "value": 49400}`.
            ident = (data.find_nearest(datum, "ident") or "").removeprefix("P")
            yield listed[1], PERCENTILES.get(ident, ident), datum
        elif older := OLDER.search(at):
            yield "", PERCENTILES[older[1]], datum
        elif middle := MIDDLE.search(at):
            yield middle[1] or middle[2], "median", datum
        elif least := LEAST.search(at):
            yield least[1] or least[2], "range", datum


def find_period_label(data: EmbeddedData, datum: Datum) -> str:
    """Return the page's own word for the pay period; "" where it has none."""
    return data.find_nearest(datum, "payPeriod", "viewAsPayPeriodId") or ""


def make_row(
    data: EmbeddedData, pay: str, statistic: str, datum: Datum
) -> dict[str, object]:
    """Return claim fields of a figure, with what the data around it say."""
    row = {
        "datum": datum,
        "statistic": statistic,
        **PAY[pay],
        "currency": data.find_nearest(datum, "currency/code", "payCurrency") or HOME,
        **describe_job(data, datum),
    }
    label = find_period_label(data, datum)
    row["period"] = PERIODS[label] if label else guess_period(datum, row)
    if not label and row["period"]:
        row["basis"] = "period:assumed"
    if statistic != "range":
        return row
    # The row of the least holds both ends; without the most it is a bound.
    most = data.find_beside(datum, MOST[pay])
    high = parse_amount(most) if most is not None else None
    ends = {"value": None, "low": parse_amount(datum), "high": high}
    return {**row, **ends, "statistic": "range" if high else "minimum"}


def guess_period(datum: Datum, row: dict[str, object]) -> str | None:
    """Return the year for what only a year's pay can be, else None.

    Since 2024 answers do not say for which period they were asked.
    """
    amount = parse_amount(datum)
    yearly = amount is not None and amount >= LEAST_YEAR and row["currency"] == HOME
    return "year" if yearly else None


def describe_job(data: EmbeddedData, datum: Datum) -> dict[str, object]:
    """Return occupation, area, employer and month that the page's data are of."""
    recent = data.find_nearest(datum, "mostRecent") or ""
    return {
        "occupation": data.find_nearest(
            datum, "jobTitle/text", "jobTitleText", "jobTitle"
        ),
        "area": data.find_nearest(datum, "queryLocation/name", "location/name"),
        # Pay at one employer is nobody else's.
        "employer_type": data.find_nearest(
            datum, "employer/shortName", "employer/name", "employerName"
        ),
        "reference_period": recent[:7] or None,
        "inherited": publisher_page.INHERITED_FIELDS,
    }
