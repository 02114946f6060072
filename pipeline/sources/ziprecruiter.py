"""ZipRecruiter: pay by job title, modelled from postings.

A salary page gives the mean of a year, the 25th, 75th and 90th percentile, and the
same by month, week and hour in a table; its JSON-LD has a median beside them, and the
page's state the sums as numbers, with a histogram. Whether base or total pay is meant
is not said.

Source: https://www.ziprecruiter.com/Salaries
"""

import re
from typing import Any

from pipeline.core.errors import LayoutChanged
from pipeline.core.model import Document, Snapshot
from pipeline.core.pay_periods import load_pay_periods
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import aggregator, publisher_page
from pipeline.sources.shared.embedded_data import EmbeddedData
from schemas import Claims, DataFrame

SOURCE = read_source("ziprecruiter")
MODULE_FILE = "pipeline/sources/ziprecruiter.py"
# `$`: the histogram below it (`/salary/histogram/0/from`) is shares, and no pay.
SALARIES = aggregator.StateLayout(
    place=re.compile(r"/pageProps/salary$"),
    sums={
        "average": "mean",
        "percentile10": "p10",
        "percentile25": "p25",
        "median": "median",
        "percentile75": "p75",
        "percentile90": "p90",
    },
    unit=("period",),
    title=("title",),
    area=("location",),
    date=("asOf",),
    counts=("sampleSize",),
)
KNOWN = ("pageProps", "salary", "title", "location", "asOf", "currency", "period",
         "histogram", "sampleSize")  # fmt: skip


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return means and percentiles, from the words, the table and the embedded data.

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
        known = list(
            aggregator.read_state(document, SALARIES, where, units, MODULE_FILE)
        )
        # A page without state is read by its words; state without sums has changed.
        state = any(datum.form == "json_state" for datum in document.data)
        if state and not known:
            keys = EmbeddedData.from_document(document).list_known_keys(KNOWN)
            raise LayoutChanged(where, ["pageProps/salary"], [], MODULE_FILE, keys)
        return [*found, *known]

    return publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, embedded=fields
    )
