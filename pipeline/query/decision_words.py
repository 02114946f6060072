"""Say in a sentence how a cell was decided, and what a reader must beware of."""

from collections.abc import Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
# By the rule that decided; each is a sentence about this one question.
DECISIONS = {
    "ruling": "A person chose it.",
    "official_primary": "An official publisher's own figure is the only one.",
    "only_primary": "One publisher's own figure is the only one.",
    "only_quoted": "It is only quoted by others; nobody's own page was read.",
    "agreement": "Independent publishers agree.",
    "authority": "The publisher of the highest authority is followed.",
    "nearest_to_estimate": "It is the published figure nearest to the estimate.",
    "equal_rank_disagree": "Publishers of equal authority disagree; none is chosen.",
    "quotes_disagree": "Quotations disagree, and nobody's own page was read.",
    "quotes_agree": "Quotations agree, but nobody's own page was read.",
    "under_discrepancy": "Its only figure stands under a conflict; it is no value.",
    "question_not_complete": "A part of the question is not known.",
    "not_released_by_publisher": "The publisher does not give out this figure.",
    "no_sound_figure": "No figure of it is sound.",
    "no_publisher_named": "No page names whose figure it is.",
}
WARNINGS = {
    "only_quoted": "Only quoted: what its publisher says itself was not read.",
    "under_discrepancy": "In dispute: see its conflicts. It has no value.",
}


def describe_decision(salary: Row, rulings: Iterable[Row]) -> str:
    """Say by what a cell was decided; of a person's ruling who, when and why.

    Args:
        salary: Its row of `salaries`.
        rulings: Rows of `rulings` about it.
    """
    said = DECISIONS.get(salary["rule"], salary["rule"].replace("_", " "))
    followed = (salary["ruling"] or "").split()
    words = [describe_ruling(row) for row in rulings if row["id"] in followed]
    return " ".join([said, *words])


def describe_ruling(row: Row) -> str:
    """Say who ruled what, when, until when, and why."""
    until = f" until {row['expires']}" if row["expires"] else ""
    what = f"{row['action']} {row['value']}".strip()
    state = "" if row["state"] == "in_force" else f", {row['state'].replace('_', ' ')}"
    return (
        f"{row['author']} on {row['date']}{until}: {what}, “{row['reason']}” "
        f"({row['id']}{state})."
    )


def find_warning(salary: Row) -> str | None:
    """Return what a reader of a cell's value must beware of; None for nothing."""
    return WARNINGS.get(salary["rule"])


def describe_state(conflict: Row, rulings: Iterable[Row]) -> str:
    """Say in which state a conflict is, and who accepted it; "" where it is open.

    Args:
        conflict: Row of `discrepancies`.
        rulings: Of all conflicts.
    """
    status = str(conflict["status"])
    if status == "open":
        return ""
    by = [
        f"by {row['author']} until {row['expires']}: {row['reason']}"
        for row in rulings
        if row["target"] == conflict["discrepancy_id"] and row["state"] != "undone"
    ]
    return " ".join([status.replace("_", " "), *by])
