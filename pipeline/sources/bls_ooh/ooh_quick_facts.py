"""Read the quick facts of a Handbook page: pay, jobs, outlook and change, in a box."""

import re
from collections.abc import Iterator

from pipeline.core.model import Block
from pipeline.sources.bls_ooh.ooh_page import (
    AMOUNT,
    FACTS,
    PERIODS,
    SPAN,
    HandbookPage,
    Row,
    describe_change,
    expand_years,
    parse_number,
)

MODULE_FILE = "pipeline/sources/bls_ooh/ooh_quick_facts.py"
PAY = re.compile(r"(?P<year>\d{4}) Median Pay")
JOBS = re.compile(r"Number of Jobs, (?P<year>\d{4})")
OUTLOOK = re.compile(rf"Job Outlook, {SPAN}")
CHANGE = re.compile(rf"Employment Change, {SPAN}")
# Rows without a figure of pay or outlook.
OTHERS = {
    "Entry-Level Education",
    "On-the-job Training",
    "Typical Entry-Level Education",
    "Work Experience in a Related Occupation",
}
NEEDED = {"Median Pay": PAY, "Number of Jobs": JOBS, "Job Outlook": OUTLOOK}
PAID = re.compile(rf"(?P<pay>\${AMOUNT}) per (?P<per>year|hour)")
UNPAID = re.compile(r"[Tt]he (?P<per>annual|hourly) wage is not available")
COUNT = re.compile(rf"[-−]?{AMOUNT}")
GROWS = re.compile(r"(?P<percent>[-−]?\d{1,3}%) ?\((?P<words>[^()]{1,60})\)")


def read_quick_facts(page: HandbookPage) -> Iterator[Row]:
    """Yield the figures of the box.

    Raises:
        UnknownLabel: A row, or what stands in one, is not known.
        LayoutChanged: A row that every page has is missing.
    """
    facts = dict(_find_rows(page))
    for label, cell in facts.items():
        if cell is None and PAY.fullmatch(label):
            continue  # fishers: the survey does not measure their pay
        rows = _read_fact(page, label, cell) if cell else []
        if rows is None:
            raise page.make_label_error([label], MODULE_FILE)
        if not rows and label not in OTHERS:
            shown = page.get_text(cell)[:80] if cell else "nothing"
            raise page.make_label_error([f"{label}: {shown}"], MODULE_FILE)
        yield from rows
    missing = [n for n, p in NEEDED.items() if not any(map(p.fullmatch, facts))]
    if missing:
        raise page.make_layout_error(missing, MODULE_FILE)


def _find_rows(page: HandbookPage) -> Iterator[tuple[str, Block | None]]:
    """Yield label and cell of each row; None for a cell without text."""
    for cells in page.tables.values():
        if FACTS.fullmatch(page.get_text(cells[0])):
            told = {c.row: c for c in cells if c.column == 1 and page.get_text(c)}
            for cell in cells[1:]:
                if cell.column == 0:
                    label = " ".join(page.get_text(cell).split())
                    yield label, told.get(cell.row)


def _read_fact(page: HandbookPage, label: str, cell: Block) -> list[Row] | None:
    """Return the figures of one row; None where its label is not known."""
    about = page.describe_occupation(page.title) | {"inherited": "occupation:caption"}
    text = page.get_text(cell)
    if label in OTHERS:
        return []
    if found := PAY.fullmatch(label):
        return list(_read_pay(page, cell, about, f"{found['year']}-05"))
    if found := JOBS.fullmatch(label):
        meaning: Row = {"measure": "employment", "reference_period": found["year"]}
        return _read_count(page, cell, about | {"kind": "other"} | meaning)
    if found := CHANGE.fullmatch(label):
        meaning = {
            "measure": "employment_change",
            "reference_period": expand_years(found),
        }
        return _read_count(page, cell, about | describe_change(text, meaning))
    if found := OUTLOOK.fullmatch(label):
        return _read_outlook(page, cell, about, expand_years(found))
    return None


def _read_pay(page: HandbookPage, cell: Block, about: Row, when: str) -> Iterator[Row]:
    """Yield pay by the year and by the hour, as far as the cell has them.

    Actors have no annual wage; the cell says so, and so does the row.
    """
    for found in PAID.finditer(page.get_text(cell)):
        meaning = about | page.describe_pay(found["pay"], found["per"], when, "median")
        yield page.make_row(cell, found.span("pay"), "table", meaning)
    for found in UNPAID.finditer(page.get_text(cell)):
        meaning = about | page.describe_pay("", PERIODS[found["per"]], when, "median")
        yield page.make_row(cell, found.span(), "table", meaning)


def _read_count(page: HandbookPage, cell: Block, meaning: Row) -> list[Row]:
    """Return the row of a cell that is one count and nothing else, or none.

    The count is unsigned; `meaning` has its direction.
    """
    text = page.get_text(cell)
    if not COUNT.fullmatch(text):
        return []
    return [
        page.make_row(
            cell, (0, len(text)), "table", meaning | {"value": parse_number(text)}
        )
    ]


def _read_outlook(page: HandbookPage, cell: Block, about: Row, years: str) -> list[Row]:
    """Return the row of a percentage, whose words must agree with its sign.

    Raises:
        UnknownLabel: They do not: `5% (Decline)`.
    """
    found = GROWS.fullmatch(page.get_text(cell))
    if not found:
        return []
    meaning = describe_change(
        found["percent"],
        {"measure": "employment_change_percent", "reference_period": years},
    )
    if ("decline" in found["words"].lower()) != (meaning["direction"] == "down"):
        raise page.make_label_error([found.group()], MODULE_FILE)
    return [page.make_row(cell, found.span("percent"), "table", about | meaning)]
