"""AHIMA salary snapshot: what its members say they earn, by credential and setting.

Published every year or two as a page: averages, and for some tables medians, of all
who answered, by credential (CCA, CCS, RHIT, RHIA and others) and by work setting.
Whoever answers chooses to: members are not all who work with health information.
Whether a bonus is in the salary is not said.

Source: https://www.ahima.org
"""

import polars as pl

from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import publisher_page
from schemas import Claims, DataFrame

SOURCE = read_source("ahima")
ABOUT = {"occupation": "health information professional"}
# What the publication is about: editions have had more and fewer.
CREDENTIALS = ("CCA", "CCS", "RHIT", "RHIA")


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return the averages and medians of the snapshot's page as claims.

    An edition that lacks some of the four credentials is read and told.

    Raises:
        LayoutChanged: The page has no pay, or a table by something that is not known.
        UnknownLabel: A row of a table is called what no vocabulary knows.
    """
    claims = publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, defaults=ABOUT, survey=True
    )
    levels = claims.filter(pl.col("kind") == "pay_level")
    paid = set(levels["credential"].drop_nulls())
    if missing := [name for name in CREDENTIALS if name not in paid]:
        why = f"no salary of {', '.join(missing)} is read"
        report_unread(levels["locator"][0], "", why)
    return claims
