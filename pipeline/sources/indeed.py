"""Indeed: pay by job title from postings and users, and pay in a list of postings.

A salary page gives the mean, and in its data the median and the ends of what is usual;
the page's words repeat what its JSON-LD and its state say. A page of search
results holds a card for each posting, with the ends of its pay as Indeed read them
(`extractedSalary`). Whether a posting means base or total pay is seldom said.

Source: https://www.indeed.com/career/salaries
"""

import re
from typing import Any

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Document, Snapshot
from pipeline.core.pay_periods import load_pay_periods
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import aggregator, publisher_page
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
# A page of search results: one object for each posting, `/results/12/extractedSalary`.
CARDS = aggregator.StateLayout(
    place=re.compile(r"/results/\d{1,4}/extractedSalary$"),
    sums={"min": "low", "max": "high"},
    unit=("type",),
    title=("displayTitle", "title"),
    area=("formattedLocation",),
    date=("pubDate",),
    currency=("salarySnippet/currency",),
)


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
        for layout in (SALARIES, CARDS):
            found += aggregator.read_state(document, layout, where, units, MODULE_FILE)
        # A page without state is read by its words; state without sums has changed.
        state = any(datum.form == "json_state" for datum in document.data)
        if state and not any(row["datum"].form == "json_state" for row in found):
            missing = ["salaryAggregate or extractedSalary"]
            raise LayoutChanged(where, missing, [], MODULE_FILE)
        return found

    return publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, embedded=fields
    )
