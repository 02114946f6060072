"""Salary sites in the layouts of several years, each made small and by ourselves."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from make_recordings import TESTS

from pipeline.core.errors import LayoutChanged
from pipeline.core.media import HTML, JSON
from pipeline.core.model import Snapshot
from pipeline.core.unread_places import collect_unread
from pipeline.core.vocabulary import open_vocabulary
from pipeline.read import read_quotes
from pipeline.sources import import_source

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
PAGE = (
    '<!doctype html><html lang="en"><head><title>Pay</title></head><body><h1>Pay</h1>'
    '<script id="__NEXT_DATA__" type="application/json">%s</script></body></html>'
)
JOB = {"currency": {"code": "USD"}, "jobTitle": {"text": "Welder"}}


def parse_state(folder: Path, source: str, state: object, *, page: bool = True):
    """Claims of a page with this state, or of the state as a file."""
    text = json.dumps(state)
    path = folder / ("page.html" if page else "answer.json")
    path.write_text(PAGE % text if page else text, encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    kind = HTML if page else JSON
    where = ("2025", sha256, path, kind, "given", "2026-11-01")
    claims = import_source(source).parse(
        Snapshot(source, *where, name=path.name), WORDS
    )
    quotes = read_quotes(path.read_bytes(), kind, claims["locator"].to_list())
    assert list(quotes) == claims["quote"].to_list()
    return claims.filter(pl.col("measure") == "pay")


def percentiles(**values: float) -> dict[str, object]:
    """A list of percentiles, each with its name."""
    return {"percentiles": [{"ident": k, "value": v} for k, v in values.items()]}


@pytest.mark.parametrize("page", [True, False], ids=["page", "answer"])
def test_glassdoor_since_2024_names_each_bonus_and_no_period(tmp_path, page):
    """A year's pay is told by its size; less may be of any period."""
    result = {
        **JOB, "salaryCount": 90, "employer": {"shortName": "Tallis"},
        "basePayStatistics": percentiles(P10=41200.5, P50=52300),
        "stockBonusStatistics": percentiles(P50=0),
        "tipsStatistics": percentiles(P50=1300),
        "totalPayStatistics": percentiles(P90=70400),
    }  # fmt: skip
    state = {"aggregatedSalaryEstimates": {"mostRecent": "2025-02-03",
             "queryLocation": {"name": "Texas"}, "results": [result]}}  # fmt: skip
    claims = parse_state(tmp_path, "glassdoor", state, page=page)
    rows = claims.select("kind", "value", "statistic", "pay_basis", "period").rows()
    assert [(k, float(v), *rest) for k, v, *rest in rows] == [
        ("pay_level", 41200.5, "p10", "base", "year"),
        ("pay_level", 52300.0, "median", "base", "year"),
        ("bonus", 1300.0, "median", "unspecified", None),
        ("pay_level", 70400.0, "p90", "total", "year"),
    ]
    about = ("area", "reference_period", "employer_type", "occupation")
    assert claims.select(about).unique().rows() == [
        ("Texas", "2025-02", "Tallis", "Welder")
    ]
    assert set(claims["basis"]) == {"period:assumed", None}


def test_glassdoor_of_2023_has_least_middle_and_most(tmp_path):
    """Two ends are one range; percentiles of total pay are by name."""
    result = {
        **JOB, "payPeriod": "HOURLY", "count": 40, "minBasePay": 18.5,
        "medianBasePay": 22.25, "maxBasePay": 27, "totalCompMedian": 23.75,
        "totalCompPercentiles": percentiles(P75=26.5)["percentiles"],
        "totalAdditionalCashPayMedian": 1.5,
    }  # fmt: skip
    claims = parse_state(tmp_path, "glassdoor", {"results": [result]})
    rows = claims.select(
        "kind", "statistic", "low", "value", "high", "pay_basis"
    ).rows()
    assert rows == [
        ("pay_level", "range", Decimal("18.50"), None, Decimal("27.00"), "base"),
        ("pay_level", "median", None, Decimal("22.25"), None, "base"),
        ("pay_level", "median", None, Decimal("23.75"), None, "total"),
        ("pay_level", "p75", None, Decimal("26.50"), None, "total"),
        ("bonus", "median", None, Decimal("1.50"), None, "unspecified"),
    ]  # fmt: skip
    assert set(claims["period"]) == {"hour"}


def test_a_layout_that_is_not_known_is_refused_with_what_is_recognised(tmp_path):
    """What is there and known, and what is not."""
    strange = {**JOB, "payPeriod": "ANNUAL", "luckStatistics": percentiles(P50=52000)}
    with pytest.raises(LayoutChanged, match=r"luckStatistics.*recognised.*jobTitle"):
        parse_state(tmp_path, "glassdoor", strange)
    with pytest.raises(LayoutChanged, match=r"compensation.*recognised.*pageData"):
        parse_state(tmp_path, "payscale", {"pageData": {"pay": 1}})
    with pytest.raises(LayoutChanged, match=r"salaryAggregate.*recognised.*titleInfo"):
        parse_state(tmp_path, "indeed", {"titleInfo": {"title": "Welder"}, "n": 1})


def table(*rows: dict[str, object]) -> dict[str, object]:
    """A table of pay by something."""
    return {"profileCount": 30, "rows": list(rows)}


def test_payscale_gives_pay_by_what_its_tables_are_by(tmp_path):
    """Each row is of its own employer, place or years, and of nobody else."""
    tables = {
        "Average Salary by Employer": table(
            {"name": "Tallis", "range": {"25": 47100, "50": 52300}, "isEstimated": True}
        ),
        "Average Hourly Rate by State": table(
            {"name": "Texas", "range": {"50": 23.4}, "isEstimated": False}
        ),
        "Job by Experience": table({"name": "1-4 years", "range": {"50": 45200}}),
        "Average Salary by Skill": table({"name": "Riveting", "range": {"50": 51000}}),
    }
    data = {
        "dimensions": {"job": "Welder", "country": "US"}, "currencyCode": "USD",
        "lastUpdated": "2024-06-05T01:02:03Z", "reportType": "Salary",
        "compensation": {"salary": {"50": 50100}}, "byDimension": tables,
    }  # fmt: skip
    claims = parse_state(tmp_path, "payscale", {"pageData": data})
    named = claims.select(
        pl.col("value").cast(pl.Float64), "period", "employer_type", "area",
        "experience_max", "specialty", "approximate",
    ).rows()  # fmt: skip
    assert named == [
        (50100.0, "year", None, "US", None, None, False),
        (47100.0, "year", "Tallis", "US", None, None, True),
        (52300.0, "year", "Tallis", "US", None, None, True),
        (23.4, "hour", None, "Texas", None, "paid by the hour", False),
        (45200.0, "year", None, "US", 4.0, None, False),
        (51000.0, "year", None, "US", None, "Riveting", False),
    ]


def test_payscale_tells_what_it_does_not_read(tmp_path):
    """A table by what nothing explains needs a look; other jobs' pay is a remark."""
    data = {
        "dimensions": {"job": "Welder"}, "compensation": {"salary": {"50": 50100}},
        "byDimension": {"Average Salary by Moon": table({"range": {"50": 50000}})},
        "related": [{"name": "Pipefitter", "range": {"50": 61000}}],
    }  # fmt: skip
    with collect_unread() as unread:
        claims = parse_state(tmp_path, "payscale", {"pageData": data})
    assert claims.height == 1
    assert [(place.text, place.needs_look) for place in unread] == [
        ("50000", True),
        ("61000", False),
    ]


def test_a_distribution_that_is_named_a_bonus_is_no_pay(tmp_path):
    """Payscale lists it beside base pay, in the words of schema.org."""
    linked = {
        "@context": "https://schema.org", "@type": "Occupation", "name": "Welder",
        "estimatedSalary": [
            {"@type": "MonetaryAmountDistribution", "name": name, "currency": "USD",
             "unitText": "YEAR", "median": median}
            for name, median in [("base", 50100), ("bonus", 1450)]
        ],
    }  # fmt: skip
    claims = parse_state(tmp_path, "indeed", linked, page=False)
    assert claims.select("kind", "pay_basis").rows() == [
        ("pay_level", "base"),
        ("bonus", "unspecified"),
    ]


def amounts(**sums: float) -> dict[str, object]:
    """Sums by the hour, as Indeed has them since 2023."""
    return {"salaries": {"currency": "USD", "salaries": {"HOURLY": sums}}}


def test_indeed_since_2023_parts_nation_place_and_company(tmp_path):
    """The nation's pay on the page of a city is not the city's."""
    state = {
        "titleInfo": {"displayTitle": "Welder"}, "lastUpdated": 1717545600000,
        "locationInfo": {"displayName": "Tampa, FL", "country": "US"},
        "nationalSalaryAggregate": amounts(estimatedMedian=20.4, min=15, max=28),
        "localSalaryAggregate": amounts(mean=19.5),
        "topPayingCompanies": [{"companyName": "Tallis", **amounts(mean=24)}],
    }  # fmt: skip
    claims = parse_state(tmp_path, "indeed", state)
    rows = claims.select(
        "statistic", "area", "employer_type", "reference_period"
    ).rows()
    assert sorted(rows, key=str) == [
        ("mean", "Tampa, FL", "Tallis", "2024-06"),
        ("mean", "Tampa, FL", None, "2024-06"),
        ("median", "US", None, "2024-06"),
        ("range", "US", None, "2024-06"),
    ]
    assert set(claims["period"]) == {"hour"}


def test_a_card_of_indeed_names_its_company_and_a_guess_names_none(tmp_path):
    """What Indeed guessed is no employer's figure."""
    cards = [
        {"displayTitle": "Welder", "company": "Tallis", "pubDate": 1733119200000,
         "formattedLocation": "Savannah, GA 31408",
         "salarySnippet": {"currency": "USD"},
         key: {"min": 22.5, "max": -1, "type": "HOURLY"}}
        for key in ("extractedSalary", "estimatedSalary")
    ]  # fmt: skip
    claims = parse_state(tmp_path, "indeed", {"results": cards})
    rows = claims.select("area", "reference_period", "employer_type", "approximate")
    assert rows.rows() == [
        ("Savannah, GA", "2024-12", "Tallis", False),
        ("Savannah, GA", "2024-12", None, True),
    ]
