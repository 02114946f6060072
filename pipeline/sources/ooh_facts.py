"""The quick facts of a Handbook page: pay, jobs, outlook and change, in one box."""

import re
from collections.abc import Iterator

from pipeline.core.model import Block
from pipeline.sources.ooh_page import (
    AMOUNT,
    FACTS,
    PERIODS,
    SPAN,
    Handbook,
    Row,
    change,
    number,
    span,
)

PLACE = "pipeline/sources/ooh_facts.py"
PAY = re.compile(r"(?P<year>\d{4}) Median Pay")
JOBS = re.compile(r"Number of Jobs, (?P<year>\d{4})")
OUTLOOK = re.compile(rf"Job Outlook, {SPAN}")
CHANGE = re.compile(rf"Employment Change, {SPAN}")
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


def quick_facts(page: Handbook) -> Iterator[Row]:
    """The figures of the box.

    Raises:
        UnknownLabel: A row, or what stands in one, is not known.
        LayoutChanged: A row that every page has is missing.
    """
    facts = dict(_rows(page))
    for label, cell in facts.items():
        rows = _fact(page, label, cell)
        if rows is None:
            raise page.unknown([label], PLACE)
        if not rows and label not in OTHERS:
            raise page.unknown([f"{label}: {page.text(cell)[:80]}"], PLACE)
        yield from rows
    missing = [n for n, p in NEEDED.items() if not any(map(p.fullmatch, facts))]
    if missing:
        raise page.changed(missing, PLACE)


def _rows(page: Handbook) -> Iterator[tuple[str, Block]]:
    """Label and cell of each row."""
    for cells in page.tables.values():
        if FACTS.fullmatch(page.text(cells[0])):
            labels = {cell.row: page.text(cell) for cell in cells if cell.column == 0}
            for cell in cells:
                if cell.column == 1:
                    yield " ".join(labels.get(cell.row, "").split()), cell


def _fact(page: Handbook, label: str, cell: Block) -> list[Row] | None:
    """The figures of one row; None where its label is not known."""
    about = page.about(page.title) | {"inherited": "occupation:caption"}
    text = page.text(cell)
    if label in OTHERS:
        return []
    if found := PAY.fullmatch(label):
        return list(_pay(page, cell, about, f"{found['year']}-05"))
    if found := JOBS.fullmatch(label):
        said: Row = {"measure": "employment", "reference_period": found["year"]}
        return _count(page, cell, about | {"kind": "other"} | said)
    if found := CHANGE.fullmatch(label):
        said = {"measure": "employment_change", "reference_period": span(found)}
        return _count(page, cell, about | change(text, said))
    if found := OUTLOOK.fullmatch(label):
        return _outlook(page, cell, about, span(found))
    return None


def _pay(page: Handbook, cell: Block, about: Row, when: str) -> Iterator[Row]:
    """By the year and by the hour, as far as there is one."""
    for found in PAID.finditer(page.text(cell)):
        said = about | page.pay(found["pay"], found["per"], when, "median")
        yield page.row(cell, found.span("pay"), "table", said)
    for found in UNPAID.finditer(page.text(cell)):
        said = about | page.pay("", PERIODS[found["per"]], when, "median")
        yield page.row(cell, found.span(), "table", said)


def _count(page: Handbook, cell: Block, said: Row) -> list[Row]:
    """A cell that is one count and nothing else; its sign is in what is said of it."""
    text = page.text(cell)
    if not COUNT.fullmatch(text):
        return []
    return [page.row(cell, (0, len(text)), "table", said | {"value": number(text)})]


def _outlook(page: Handbook, cell: Block, about: Row, years: str) -> list[Row]:
    """A percentage, whose words must agree with its sign.

    Raises:
        UnknownLabel: `5% (Decline)`: the one or the other is not so.
    """
    found = GROWS.fullmatch(page.text(cell))
    if not found:
        return []
    said = change(
        found["percent"],
        {"measure": "employment_change_percent", "reference_period": years},
    )
    if ("decline" in found["words"].lower()) != (said["direction"] == "down"):
        raise page.unknown([found.group()], PLACE)
    return [page.row(cell, found.span("percent"), "table", about | said)]
