"""Know what the other figures of a page prove about how one of them was read.

A table of six figures, five of which are the publisher's to the dollar, was read right:
the sixth may be held to it. A list in which nothing fits was read wrong, whatever each
of its figures says. So what a page frames together (publisher, place, people, year) is
counted: how many of its figures are the publisher's own, and how many are nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.asked_question import AskedQuestion
from pipeline.reconcile.verdict.field_readings import UNREAD, FieldReading

NEAR = 1200  # characters: some paragraphs
# Figures of one year around an undated one that say of which year it is: of its own
# statistic, or of any.
WITNESSES_OF_YEAR, WITNESSES_OF_OTHERS = 2, 3


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
        near: Figures of its frame and section that are the publisher's to the last
            digit.
        alike: Those of them of its statistic.
        year: The one year that those are of which are their own year's cells; None
            where they are too few, or of several.
        unread: Fields that something is unread of in a figure of `near` as well.
        of_job: Those of `near` of its occupation: published cells of its very code.
        on_page: Figures of the whole page that are its publisher's own, of the year
            that the page states for all.
        failures: Figures of its frame and section that nothing explains, itself too.
    """

    near: int = 0
    alike: int = 0
    failures: int = 0
    year: int | None = None
    unread: frozenset[str] = frozenset()
    of_job: int = 0
    on_page: int = 0


def is_near(one: FieldReading, other: FieldReading) -> bool:
    """Whether two figures stand in one table, list or run of paragraphs.

    A table may be of other people than the paragraph before it: its figures vouch for
    each other alone.
    """
    if one.start is None or other.start is None:
        return one.start is other.start
    if "table" in (one.structure, other.structure):
        same = one.structure == other.structure and one.section == other.section
        return same and one.table == other.table
    close = abs(one.start - other.start) <= NEAR
    return close or bool(one.section and one.section == other.section)


def is_same_frame(asked: AskedQuestion, figure: FramedFigure) -> bool:
    """Whether another figure has the publisher, place, people and year of one."""
    one, other = asked.row, figure.asked.row
    if asked.publisher != figure.asked.publisher or one["cohort"] != other["cohort"]:
        return False
    year = figure.reference.year if figure.reference is not None else other["year"]
    if year is not None and one["year"] not in (None, year):
        return False
    # Rows of a table and items of a list name each its own place.
    return one["area_code"] == other["area_code"] or (
        asked.reading.structure == figure.asked.reading.structure != "prose"
        and all(f.reading.is_read("area") for f in (asked, figure.asked))
    )


def _find_one_year(figures: Sequence[FramedFigure], fewest: int) -> int | None:
    """Return the year that all figures are of which are their own cells; else None.

    Where enough bear no date of their own, those that do are another matter: "the
    median was $13.36 in May 2019" below a list of today's.
    """
    known = [f for f in figures if f.is_own and f.reference is not None]
    undated = [f for f in known if f.asked.year is None]
    counted = undated if len(undated) >= fewest else known
    own = [f.reference.year for f in counted if f.reference is not None]
    return own[0] if len(own) >= fewest and len(set(own)) == 1 else None


def weigh_frame(asked: AskedQuestion, figures: Sequence[FramedFigure]) -> Proof:
    """Count what the other figures of a page prove about one.

    Args:
        asked: Its question.
        figures: Of the same page, with a cell or without one where there should be.
    """
    around = [
        f
        for f in figures
        if is_same_frame(asked, f) and is_near(asked.reading, f.asked.reading)
    ]
    itself = asked.row["claim_id"]
    near = [
        f
        for f in around
        if f.reference is not None and f.asked.row["claim_id"] != itself
    ]
    alike = [f for f in near if f.asked.row["statistic"] == asked.row["statistic"]]
    failed = [f for f in around if f.failed]
    return Proof(
        len(near),
        len(alike),
        len(failed),
        _find_one_year(alike, WITNESSES_OF_YEAR)
        or _find_one_year(near, WITNESSES_OF_OTHERS),
        frozenset(
            name
            for f in near
            for name, basis in f.asked.reading.basis.items()
            if basis == UNREAD
        ),
        sum(f.reference.soc in asked.codes for f in near if f.reference is not None),
        _count_on_page(asked, figures),
    )


def _count_on_page(asked: AskedQuestion, figures: Iterable[FramedFigure]) -> int:
    """Count the figures of a page that are its publisher's of the declared year."""
    return sum(
        f.is_own
        and f.reference is not None
        and f.reference.year == asked.declared
        and f.asked.publisher == asked.publisher
        for f in figures
    )
