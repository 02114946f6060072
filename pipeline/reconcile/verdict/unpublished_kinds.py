"""Judge figures of a kind that their publisher does not publish.

BLS asks employers for the wages of an occupation: it has no figure by years of
experience, credential or specialty. A page that credits it with one is wrong, where the
page says so in so many words. "Entry-level" and "experienced" are words that pages also
use for a percentile, for what a job requires, or for nothing at all: by these alone
nobody is accused.
"""

import re
from dataclasses import replace

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.asked_question import POINTS, AskedQuestion
from pipeline.reconcile.verdict.cell_match import is_exact, is_fine
from pipeline.reconcile.verdict.explanations import Explanation
from pipeline.reconcile.verdict.field_readings import FieldReading
from pipeline.reconcile.verdict.first_look import FirstLook, soft
from pipeline.reconcile.verdict.verdicts import Verdict

TYPE = "impossible_or_orphan"
# `experience=2-5`, `experience=-1`, `experience=10-`: years, and no word for them.
YEARS = re.compile(r"(?:^|;)experience=[\d.]*-[\d.]*(?:;|$)")
CREDENTIAL = re.compile(r"(?:^|;)credential=")
FIELDS = ("credential", "experience_min", "experience_max")


def judge_unpublished(
    asked: AskedQuestion, publishers: Publishers, measures: MatchTolerances
) -> FirstLook | None:
    """Return what a figure of a kind that nobody published comes to; else None.

    Args:
        asked: Its question.
        publishers: What each publishes.
        measures: Costs and grains.
    """
    row = asked.row
    missing = publishers.find_unpublished(
        asked.publisher, row["cohort"], row["statistic"]
    )
    if missing is None:
        return None
    if missing == "bands":
        plain = replace(asked, row={**row, "cohort": "all"})
        if (look := _look_at_everybody(asked, plain, measures)) is not None:
            return look
    return FirstLook(asked, _accuse_or_tell(asked, missing, measures))


def _look_at_everybody(
    asked: AskedQuestion, plain: AskedQuestion, measures: MatchTolerances
) -> FirstLook | None:
    """Return what a figure is that everybody's cell has to the last digit, or None."""
    row = asked.row
    if row["as_published"] is None or not is_fine(row, measures):
        return None
    exact = [r for r in plain.here if r.statistic in POINTS and is_exact(row, r)]
    same = [r for r in exact if r.statistic in plain.statistics]
    if same:
        newest = max(same, key=lambda r: (r.year, r.claim_id))
        return FirstLook(asked, soft(asked, "cannot_tell", "narrower", newest))
    other = [r for r in exact if asked.year is not None and r.year == asked.year]
    if not other:
        return None
    cost = measures.costs["wrong_statistic"]
    found = min(other, key=lambda r: r.claim_id)
    nearest = _own_cell(plain) or found
    return FirstLook(
        plain, None, (Explanation("wrong_statistic", found, cost),), nearest
    )


def _own_cell(asked: AskedQuestion) -> Reference | None:
    return next(iter(asked.of_year(asked.own, asked.year)), None)


def _is_plain(reading: FieldReading, name: str) -> bool:
    """Whether a field is said of the figure: beside it, or of its table or list.

    A publisher of the sentence before, or years of a heading above, may be of others.
    """
    if reading.is_stated(name):
        return True
    where = reading.where.get(name)
    # A table below a paragraph about BLS may be of the page's own survey.
    far = ("document", "lead_in") if reading.structure == "table" else ("document",)
    if name == "attributed_to" and where in far:
        return False
    listed = reading.structure in ("list", "table")
    return listed and reading.is_read(name) and where not in ("sentence", "heading")


def _accuse_or_tell(
    asked: AskedQuestion, missing: str, measures: MatchTolerances
) -> Verdict:
    """Accuse a page whose own words ask for what nobody published; else say so."""
    row, reading = asked.row, asked.reading
    said = YEARS.search(row["cohort"]) or CREDENTIAL.search(row["cohort"])
    names = FIELDS if missing == "bands" else ("statistic",)
    is_stated = all(_is_plain(reading, name) for name in (*names, "attributed_to"))
    is_whole = not reading.unread and row["soc_candidates"] is not None
    if asked.is_lent or not is_stated or not is_whole:
        return soft(asked, "cannot_tell", f"no_{missing}")
    if missing == "bands" and not said:
        return soft(asked, "cannot_tell", f"no_{missing}")
    return Verdict(
        row["claim_id"],
        "wrong_scope",
        f"no_{missing}",
        type=TYPE,
        cost=measures.costs[TYPE],
    )
