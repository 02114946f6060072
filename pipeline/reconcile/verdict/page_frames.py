"""Know what the other figures of a page prove about how one of them was read.

A table of six figures, five of which are the publisher's to the dollar, was read right:
the sixth may be held to it. A list in which nothing fits was read wrong, whatever each
of its figures says. So what a page frames together (publisher, place, people, year) is
counted: how many of its figures are the publisher's own, and how many are nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.asked_question import AskedQuestion
from pipeline.reconcile.verdict.field_readings import UNREAD, FieldReading

NEAR = 1200  # characters: some paragraphs


@dataclass(frozen=True)
class FramedFigure:
    """A figure of a page after the first look.

    Args:
        asked: Its question.
        reference: The cell that it is, where it is one to the last digit.
        failed: Nothing that was tried explains it.
        is_own: It is the cell of its own year, and of no older one.
    """

    asked: AskedQuestion
    reference: Reference | None
    failed: bool = False
    is_own: bool = False


@dataclass(frozen=True)
class Proof:
    """What the figures around one say of its reading.

    Args:
        witnesses: Figures of its frame that are the publisher's to the last digit.
        near: Those of them in its section.
        alike: Those of them of its statistic.
        year: The one year that these are of; None where they are of several.
        unread: Fields that something is unread of in a figure of `near` as well.
        failures: Figures of its frame and section that nothing explains, itself too.
    """

    witnesses: int = 0
    near: int = 0
    alike: int = 0
    failures: int = 0
    year: int | None = None
    unread: frozenset[str] = frozenset()


def is_near(one: FieldReading, other: FieldReading) -> bool:
    """Whether two figures stand in one table, list or run of paragraphs.

    A table may be of other people than the paragraph before it: its figures vouch for
    each other alone.
    """
    if one.start is None or other.start is None:
        return one.start is other.start
    if "table" in (one.structure, other.structure):
        return one.structure == other.structure and one.section == other.section
    close = abs(one.start - other.start) <= NEAR
    return close or bool(one.section and one.section == other.section)


def is_same_frame(asked: AskedQuestion, figure: FramedFigure) -> bool:
    """Whether another figure has the publisher, place, people and year of one."""
    one, other = asked.row, figure.asked.row
    year = figure.reference.year if figure.reference is not None else other["year"]
    # Rows of a table and items of a list name each its own place.
    places = all(f.reading.is_read("area") for f in (asked, figure.asked))
    listed = asked.reading.structure == figure.asked.reading.structure != "prose"
    return (
        asked.publisher == figure.asked.publisher
        and (one["area_code"] == other["area_code"] or (places and listed))
        and one["cohort"] == other["cohort"]
        and (year is None or one["year"] in (None, year))
    )


def weigh_frame(asked: AskedQuestion, figures: Iterable[FramedFigure]) -> Proof:
    """Count what the other figures of a page prove about one.

    Args:
        asked: Its question.
        figures: Of the same page, itself among them.
    """
    framed = [f for f in figures if is_same_frame(asked, f)]
    itself = asked.row["claim_id"]
    sound = [
        f
        for f in framed
        if f.reference is not None and f.asked.row["claim_id"] != itself
    ]
    near = [f for f in sound if is_near(asked.reading, f.asked.reading)]
    alike = [f for f in near if f.asked.row["statistic"] == asked.row["statistic"]]
    failed = [f for f in framed if f.failed and is_near(asked.reading, f.asked.reading)]
    own = [f for f in alike if f.is_own]
    years = {f.reference.year for f in own if f.reference is not None}
    return Proof(
        len(sound),
        len(near),
        len(alike),
        len(failed),
        years.pop() if len(years) == 1 else None,
        frozenset(
            name
            for f in near
            for name, basis in f.asked.reading.basis.items()
            if basis == UNREAD
        ),
    )
