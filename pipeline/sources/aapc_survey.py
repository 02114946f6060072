"""AAPC salary survey: what members and certified people say they earn.

Published each year as a page with averages: overall, certified or not, by credential,
number of credentials, years of experience, employer, state and way of working. What a
table is by differs from edition to edition, and one that no row of
vocabularies/survey_dimensions.csv knows stops the source. Whoever answers chooses to:
a mean of members is not the mean of all coders. Whether a bonus is in the salary is
not said.

Source: https://www.aapc.com/resources/medical-coding-salary-survey
"""

import polars as pl

from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import publisher_page
from schemas import Claims, DataFrame

SOURCE = read_source("aapc_survey")
# Whom the survey asks: a table by credential or state does not say it again.
ABOUT = {"occupation": "medical coder"}


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return the averages of the survey's page as claims.

    An edition without salary by credential, which the survey is known for, is read
    and told.

    Raises:
        LayoutChanged: The page has no pay, or a table by something that is not known.
        UnknownLabel: A row of a table is called what no vocabulary knows.
    """
    claims = publisher_page.read_page_claims(
        snapshot, vocabulary, SOURCE, defaults=ABOUT, survey=True
    )
    # `any` and `none` are `certified` and `not certified`, and no credential.
    levels = claims.filter(pl.col("kind") == "pay_level")
    named = levels.filter(~pl.col("credential").is_in(["any", "none"]))
    if named.height == 0:
        report_unread(levels["locator"][0], "", "no salary by credential is read")
    return claims
