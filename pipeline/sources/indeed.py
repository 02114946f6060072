"""Indeed: pay by job title from postings and users, and pay in a list of postings.

A salary page gives the mean, and in its data the median and the ends of what is usual;
the page's words repeat what its JSON-LD and its state say. A page of search
results holds a card for each posting, with the ends of its pay as Indeed read them
(`extractedSalary`). Whether a posting means base or total pay is seldom said.

Source: https://www.indeed.com/career/salaries
"""

import re
from dataclasses import replace
from typing import Any

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Document, Snapshot
from pipeline.core.pay_periods import load_pay_periods
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import aggregator, publisher_page
from pipeline.sources.shared.embedded_data import STATE_FORMS, EmbeddedData
from schemas import Claims, DataFrame

SOURCE = read_source("indeed")
MODULE_FILE = "pipeline/sources/indeed.py"
# The state of a salary page: one object of sums.
SALARIES = aggregator.StateLayout(
    place=re.compile(r"/salaryAggregate$"),
    sums={"mean": "mean", "median": "median", "min": "low", "max": "high"},
    unit=("salaryType",),
    title=("title",),
    area=("location",),
    date=("lastUpdated",),
    counts=("sampleSize",),
    defaults={"pay_basis": "base"},
)
# The same since 2023, for the nation and for a place, and lists of cities and
# companies; a key of its own for each period:
# `/localSalaryAggregate/salaries/salaries/HOURLY/estimatedMedian`.
PERIOD = r"(HOURLY|DAILY|WEEKLY|BIWEEKLY|MONTHLY|YEARLY)$"
AGGREGATES = aggregator.StateLayout(
    place=re.compile(
        r"/(?:localSalaryAggregate|topPaidCities/\d{1,3}"
        rf"|topPayingCompanies/\d{{1,3}})(?:/\w{{1,30}}){{0,3}}/{PERIOD}"
    ),
    sums={
        **dict.fromkeys(("mean", "average", "estimatedMean"), "mean"),
        **dict.fromkeys(("median", "estimatedMedian"), "median"),
        **dict.fromkeys(("min", "estimatedMin"), "low"),
        **dict.fromkeys(("max", "estimatedMax"), "high"),
    },
    unit=("salaryType",),
    title=("titleInfo/displayTitle", "titleInfo/title", "titleInfo/titleDisplayName"),
    area=(
        *("cityName", "location/displayName", "formattedLocation", "displayLocation"),
        *("locationInfo/displayName", "locationInfo/formattedLocation"),
        *("locationInfo/location", "locationInfo/name"),
    ),
    date=("lastUpdated", "salaryLastUpdated", "lastUpdatedDate"),
    currency=("currency", "currencyCode"),
    counts=("salaryCount", "sampleSize", "count", "reportedSalaryCount"),
    employer=("companyName", "companyInfo/name", "company/name"),
    defaults={"pay_basis": "base"},
)
# Of the nation, on the page of a place too.
NATIONAL = replace(
    AGGREGATES,
    place=re.compile(rf"/nationalSalaryAggregate(?:/\w{{1,30}}){{0,3}}/{PERIOD}"),
    area=("locationInfo/country", "locationInfo/countryCode", "countryCode"),
)
# A page of search results: one object for each posting, `/results/12/extractedSalary`.
CARDS = aggregator.StateLayout(
    place=re.compile(r"/results/\d{1,4}/extractedSalary$"),
    sums={"min": "low", "max": "high"},
    unit=("type",),
    title=("displayTitle", "title"),
    area=("formattedLocation",),
    date=("pubDate",),
    currency=("salarySnippet/currency",),
    employer=("company",),
)
# What Indeed guessed, of a posting that states no pay: no employer's figure.
GUESSES = replace(
    CARDS,
    place=re.compile(r"/results/\d{1,4}/estimatedSalary$"),
    employer=(),
    defaults={"approximate": True},
)
LAYOUTS = (SALARIES, AGGREGATES, NATIONAL, CARDS, GUESSES)
KNOWN = ("titleInfo", "locationInfo", "salaryAggregate", "nationalSalaryAggregate",
         "localSalaryAggregate", "topPaidCities", "topPayingCompanies",
         "mosaicProviderJobCardsModel", "extractedSalary", "salarySnippet",
         "estimatedSalary", "salaryInfoModel")  # fmt: skip


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return means, medians and ranges, from the words and the embedded data.

    Raises:
        LayoutChanged: The page embeds state, but none that this module knows, or a
            sum under a key that it does not.
        UnknownLabel: A pay period that pay_units.csv does not explain.
    """
    where, units = (
        publisher_page.describe_snapshot(snapshot),
        load_pay_periods(vocabulary, SOURCE.id),
    )

    def fields(document: Document) -> list[dict[str, Any]]:
        found = list(aggregator.read_distribution(document, where, units, MODULE_FILE))
        for layout in LAYOUTS:
            found += aggregator.read_state(document, layout, where, units, MODULE_FILE)
        # A page without state is read by its words; state without sums has changed.
        state = any(datum.form in STATE_FORMS for datum in document.data)
        if state and not any(row["datum"].form in STATE_FORMS for row in found):
            missing = ["salaryAggregate or extractedSalary"]
            known = EmbeddedData.from_document(document).list_known_keys(KNOWN)
            raise LayoutChanged(where, missing, [], MODULE_FILE, known)
        return found

    return publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, embedded=fields
    )
