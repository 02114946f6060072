"""Salary.com: base salary by job title, modelled from surveys of employers.

A page gives the median, a range that is the 25th to the 75th percentile, and a table
of percentiles; the same figures stand in its JSON-LD as texts. Total pay stands on a
page of its own.

Source: https://www.salary.com/research/salary
"""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.model import Snapshot, Source
from pipeline.sources import page
from pipeline.vocabulary import Vocabulary
from schemas import Claims

SOURCE = Source(
    id="salary_com",
    title="Salary.com salary research",
    publisher="Salary.com",
    homepage="https://www.salary.com/research/salary",
    kind="aggregator",
    official=False,
    measures="Base salary of a job title: 10th, 25th, 50th, 75th and 90th percentile.",
    population="Jobs in surveys of employers, matched to titles and modelled.",
    pay_basis="base",
    evidence="modelled",
    licence="Terms of use forbid automated access; figures and short quotations",
    cadence="monthly",
    automated=False,
    rows=(3, 200),
)
PERCENTILES = ("p10", "p25", "median", "p75", "p90")


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Percentiles of base salary, from the words, the table and the JSON-LD.

    Raises:
        LayoutChanged: The page gives no percentile at all.
    """
    claims = page.claims_of(snapshot, vocabulary, SOURCE)
    levels = claims.filter(
        (pl.col("kind") == "pay_level") & pl.col("statistic").is_in(PERCENTILES)
    )
    if levels.height == 0:
        raise page.drift(snapshot, SOURCE, ["salary by percentile"])
    return claims
