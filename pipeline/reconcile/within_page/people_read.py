"""Decide whether the page itself says whom a figure is of.

An occupation that is taken from the page as a whole, or from a heading further up, is
the figure's own where the page is of that one job; on a page with a list of jobs it may
be any of them.
"""

from pipeline.reconcile.within_page.comparability import UNNAMED, publisher_of_fact
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact

FROM_HEADING = "occupation:heading"
ASSUMED = "occupation:assumed"
DEFAULT_STATISTICS = ("statistic:heading", "statistic:document")
BETWEEN_HEADINGS = " > "


def are_people_read(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether whom two figures are of is read, or the page is of one job."""
    if is_of_one_job(page) or all(is_published_by_name(f) for f in (a, b)):
        return True
    return not any(is_guessed(f) for f in (a, b)) and are_under_one_heading(a, b)


def is_published_by_name(fact: PlacedFact) -> bool:
    """Return whether a figure's own words name its publisher, and not the page's.

    Two figures of one publisher are of those of whom the page speaks
    (`comparability.are_same_people`).
    """
    notes = list_notes(fact, "inherited")
    return publisher_of_fact(fact) != UNNAMED and "attributed_to:document" not in notes


def is_guessed(fact: PlacedFact) -> bool:
    """Return whether the occupation of a figure is unsaid or the page's default."""
    return not fact.row.get("occupation") or ASSUMED in list_notes(fact, "basis")


def is_of_one_job(page: PageFacts) -> bool:
    """Return whether the title names the page's main job, or no other is read on it."""
    if page.topic and page.topic <= page.headline:
        return True
    if page.jobs_read is None:
        read = {str(f.row["occupation"]) for f in page.levels if not is_guessed(f)}
        page.jobs_read = len(read)
    return page.jobs_read <= 1 and bool(page.topic)


def are_under_one_heading(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether headings that lend an occupation are those next to the figures.

    Under "Photographer" may stand another job's heading, which was not understood.
    """
    if a.row.get("section") == b.row.get("section"):
        return True
    return all(
        FROM_HEADING not in list_notes(f, "inherited") or is_in_last_heading(f)
        for f in (a, b)
    )


def is_in_last_heading(fact: PlacedFact) -> bool:
    """Return whether the heading right above a figure has its occupation's noun."""
    noun = str(fact.row.get("occupation") or "").rpartition(" ")[2].lower()
    last = str(fact.row.get("section") or "").rpartition(BETWEEN_HEADINGS)[2]
    return noun in last.lower()


def is_statistic_of_table(fact: PlacedFact) -> bool:
    """Return whether a figure of a table is an average by a heading's word alone."""
    notes = list_notes(fact, "inherited")
    return bool(fact.line) and any(note in notes for note in DEFAULT_STATISTICS)


def list_notes(fact: PlacedFact, column: str) -> list[str]:
    """Return the notes of a claim on how its fields were read: `field:how`."""
    return str(fact.row.get(column) or "").split(",")
