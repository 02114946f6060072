"""Decide whether a page may be accused: principle 6, one condition after the other.

An accusation needs its deciding field read from the page, its publisher named (or lent
by a list whose other figures are the publisher's to the dollar), nothing unread, and
all innocent explanations tried. An exact match with another cell proves occupation,
place and year by itself; a figure that nothing explains needs them proven by its own
sentence or by the figures around it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.publishers import find_dimensions
from pipeline.reconcile.evidence.references import NATION
from pipeline.reconcile.verdict.asked_question import AskedQuestion
from pipeline.reconcile.verdict.explanations import DECIDING, Explanation
from pipeline.reconcile.verdict.field_readings import ASSUMED, INHERITED, STATED
from pipeline.reconcile.verdict.first_look import FirstLook, amount_ratio
from pipeline.reconcile.verdict.page_frames import Proof

Row = Mapping[str, Any]
UNEXPLAINED = ("misquote", "digit_slip", "unit_slip")
# Fields that nobody may leave open where nothing else proves a figure's reading.
NEEDED = ("attributed_to", "occupation", "statistic", "reference_period")
# And those that would make it a figure of something else, were they understood.
NARROWING = (
    *("occupation", "area", "industry", "employer_type", "specialty", "credential"),
    *("statistic", "reference_period", "experience_min", "education"),
)
# Words for a statistic beside a figure.
CUES = {
    "p10": re.compile(r"(?i)\b10(?:th|\s?%| percent)|\blowest|\bbottom"),
    "p25": re.compile(r"(?i)\b25(?:th|\s?%| percent)|\bquarter"),
    "p75": re.compile(r"(?i)\b75(?:th|\s?%| percent)|\bquarter"),
    "p90": re.compile(r"(?i)\b90(?:th|\s?%| percent)|\bhighest|\btop\b"),
    "median": re.compile(r"(?i)\bmedian|\bmidpoint"),
    "mean": re.compile(r"(?i)\bmean\b|\baverag"),
}
# Times: further off, it is likelier a figure of something else.
FARTHEST = Decimal("1.6")
LENT_WITNESSES = 2
# Figures of a page that are the publisher's, of the year that it states for all of
# them: then it is true of the others too.
DECLARED_WITNESSES = 4
JOB_WITNESSES = 2
# Beside a figure: it is of a time that another sentence says.
OTHER_TIME = re.compile(
    r"(?i)\b(?:same|that|next|previous|prior|last|every)\s(?:month|year|may)\b"
    r"|\b(?:years?|decade)\s(?:before|earlier|ago|later|prior)\b"
    r"|\b(?:up|down|jump|rise|rose|fell|climbed|grew)\sfrom\b|\bthen\b|\bin\s(?:19|20)\d\d\b"
)
# What a page of the Handbook gives of its occupations.
OF_PROFILES = ("median", "p10", "p90", "unspecified")


def find_open_field(
    look: FirstLook, found: Explanation, proof: Proof, places: frozenset[str]
) -> str:
    """Return the field that stands in the way of an accusation; "" where none does.

    Args:
        look: The figure, and what it was held against.
        found: The cheapest explanation.
        proof: What the figures around it say of its reading.
        places: Codes of the areas that the page names.
    """
    asked = look.asked
    return (
        _find_unread(asked, found, proof)
        or _find_unnamed_publisher(asked, found, proof)
        or _find_open_decision(asked, found, proof)
        or (
            _find_unproven(look, found, proof, places)
            if found.kind in UNEXPLAINED and asked.row["as_published"] is not None
            # Of a range the other end is a cell to the last digit.
            else _find_unstated(asked, places)
            if found.kind in UNEXPLAINED
            else ""
        )
    )


def _find_unread(asked: AskedQuestion, found: Explanation, proof: Proof) -> str:
    """Return a field that names something which was not understood, or "".

    Of a figure that is another cell to the last digit only the field counts that the
    accusation is about. What is unread of figures nearby too, which are their
    publisher's to the last digit, narrows nothing.
    """
    if asked.reading.unread or "unread=" in asked.row["cohort"]:
        return "people"
    fields = NARROWING if found.kind in UNEXPLAINED else (DECIDING[found.kind],)
    unread = (name for name in fields if asked.reading.is_unread(name))
    return next((name for name in unread if name not in proof.unread), "")


def _find_unnamed_publisher(
    asked: AskedQuestion, found: Explanation, proof: Proof
) -> str:
    """Return `attributed_to` where neither the page nor its list names a publisher.

    Of a figure that is another cell to the last digit the page need say it only once,
    for all.
    """
    if asked.is_lent:
        once = found.kind not in UNEXPLAINED and is_declared(asked, proof)
        return "" if once or proof.near >= LENT_WITNESSES else "attributed_to"
    return "" if asked.reading.is_read("attributed_to") else "attributed_to"


def _find_open_decision(asked: AskedQuestion, found: Explanation, proof: Proof) -> str:
    """Return the field that the accusation is about, where it is not the page's word.

    One that was inherited must be proven by a figure nearby that shares it.
    """
    name = DECIDING[found.kind]
    if name == "reference_period" and asked.year is None:
        return name
    if _is_dated_by_page(asked, found, proof):
        return "reference_period"
    vague = asked.row["statistic"] == "unspecified"
    if vague and (name == "statistic" or not proof.near):
        return "statistic"
    basis = asked.reading.basis.get(name, STATED)
    if name == "statistic" and _is_named_beside(asked, found.reference.statistic):
        return name
    shared = proof.alike if name == "statistic" else proof.near
    if found.kind == "occupation_mismatch":
        return "" if shared and basis in (STATED, INHERITED) else name
    if found.kind == "population_mismatch":
        return "" if shared or _states_people(asked) else name
    if asked.year is None:
        return "reference_period"
    if basis == STATED and (name != "area" or asked.row["area"]):
        return ""
    if basis == INHERITED and shared:
        return ""
    return "" if name in ("value", "period") else name


def is_declared(asked: AskedQuestion, proof: Proof) -> bool:
    """Whether what the page states once of all its figures is borne out by them."""
    return asked.declared is not None and proof.on_page >= DECLARED_WITNESSES


def _is_dated_by_page(asked: AskedQuestion, found: Explanation, proof: Proof) -> bool:
    """Whether only what the page states of all its figures dates one, and not surely.

    It may be of another year, "$64,580 the year before": it is accused as another
    cell of the year, or in a sentence of its own publisher as of an older one.
    """
    is_dated = asked.row["reference_period"] or asked.declared is None
    if is_dated or proof.year is not None:
        return False
    if OTHER_TIME.search(asked.reading.beside):
        return True
    if found.kind == "stale_vintage":
        return asked.is_lent or not asked.reading.is_stated("attributed_to")
    return found.kind in UNEXPLAINED


def _is_named_beside(asked: AskedQuestion, statistic: str) -> bool:
    """Whether the other statistic stands beside the figure too.

    "$17.20 at the 10th percentile and $38.92 at the 90th": it was this reading that
    took the one for the other.
    """
    beside = CUES.get(statistic)
    return beside is not None and beside.search(asked.reading.beside) is not None


def _states_people(asked: AskedQuestion) -> bool:
    """Whether all that narrows the people stands beside the figure."""
    names = find_dimensions(asked.row["cohort"])
    return not asked.describes_all and all(map(asked.reading.is_stated, names))


def _find_unproven(
    look: FirstLook, found: Explanation, proof: Proof, places: frozenset[str]
) -> str:
    """Return what is not proven of a figure that no other cell explains."""
    asked = look.asked
    nearest = look.nearest
    if nearest is None or not asked.is_whole(nearest):
        return "occupation"
    if len(asked.meant) > 1 or _is_job_of_page(asked):
        return "occupation"
    if found.kind == "misquote" and _may_be_profile(asked, proof):
        return "occupation"
    if not asked.describes_all and nearest.cohort != asked.row["cohort"]:
        return "industry"
    # The product of a published hour and 2,000 is of that hour's statistic.
    is_made = found.kind == "unit_slip" and proof.near >= LENT_WITNESSES
    if asked.row["statistic"] == "unspecified" and not is_made:
        return "statistic"
    if asked.is_lent and found.kind == "misquote":
        return "attributed_to"
    ratio = amount_ratio(asked.row, nearest)
    far = not 1 / FARTHEST <= ratio <= FARTHEST
    if far and found.kind == "misquote":
        return "value"
    if proof.near >= max(1, proof.failures if found.kind == "misquote" else 1):
        return ""
    if asked.is_lent or proof.failures > 1:
        return "context"
    return _find_unstated(asked, places)


def _may_be_profile(asked: AskedQuestion, proof: Proof) -> bool:
    """Whether the figure may be that of a page for several occupations together.

    The Handbook's median of web developers is one of digital designers too; it has
    none of a state, and no mean. Beside figures of the survey it is none.
    """
    if proof.of_job >= JOB_WITNESSES:
        return False
    row = asked.row
    fits = row["area_code"] == NATION and row["statistic"] in OF_PROFILES
    return asked.is_profiled and fits


def _is_job_of_page(asked: AskedQuestion) -> bool:
    """Whether a row or item is only taken to be of the page's job: it may name its own.

    `HVAC installers: $59,810` on a page about plumbers, where that name is not known.
    """
    listed = asked.reading.structure != "prose"
    return listed and asked.reading.basis.get("occupation") == ASSUMED


def _find_unstated(asked: AskedQuestion, places: frozenset[str]) -> str:
    """Return a field that does not stand in the figure's own sentence, or ""."""
    reading = asked.reading
    if name := next((n for n in NEEDED if not reading.is_stated(n)), ""):
        return name
    elsewhere = places - {asked.row["area_code"]}
    return "area" if elsewhere and not reading.is_stated("area") else ""
