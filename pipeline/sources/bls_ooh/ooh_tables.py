"""Read tables and charts of the Handbook: pay, projections, similar occupations."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.core.letter_case import lower_match
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
from pipeline.sources.shared import projections_rules

MODULE_FILE = "pipeline/sources/bls_ooh/ooh_tables.py"
# `$48,650`, `$23.39 per hour`, and the ways in which a top code is put: "This wage is
# equal to or greater than $239,200 per year.", `≥ $239,200`, `$239,200 or more`.
MONEY = re.compile(
    rf"(?:This wage is )?(?:≥ ?|>= ?|(?:equal to or )?greater than (?:or equal to )?)?"
    rf"(?P<pay>\$?{AMOUNT})(?: or more)?(?: per (?P<per>year|hour))?\.?",
    re.IGNORECASE,
)
UNPAID = re.compile(r"The (?P<per>annual|hourly) wage is not available\.?")
PERCENT = re.compile(r"[-−]?\d{1,3}%")
COUNT = re.compile(rf"[-−]?{AMOUNT}")
# Of physicians the page has means: "mean (average) annual wages for …".
WAGES = re.compile(
    r"\b(?P<statistic>median|mean)(?: \(average\))? (?P<per>annual|hourly) wages?\b",
    re.IGNORECASE,
)
MONTH = re.compile(r"\bMay (?P<year>\d{4})\b")
WHOSE = re.compile(
    r" wages? (?:for|of) (?P<who>.{1,200}?)(?: in (?:the )?(?:top|May)\b| were )"
)
INDUSTRIES = re.compile(r"\btop .{0,20}industries\b")
CHANGES = re.compile(rf"Percent change in employment, projected {SPAN}")
PROJECTIONS = re.compile(rf"Employment projections data for .{{1,200}}, {SPAN}")
SIMILAR = re.compile(r"(?P<year>\d{4}) median pay", re.IGNORECASE)
# The year that ends a column's head: `Employment, 2024`.
YEAR = re.compile(r", \d{4}(?:[–-]\d{2,4})?$")
HEADS = {  # of the projections: measure, or none where the column is about the row
    "SOC Code": "",
    "Employment by Industry": "",
    "Employment": "employment",
    "Projected Employment": "employment_projected",
    "Percent": "employment_change_percent",
    "Numeric": "employment_change",
}


def read_tables(page: HandbookPage) -> Iterator[Row]:
    """Yield figures of the pay, projection and similar-occupation tables.

    Raises:
        LayoutChanged: The projections lack a column.
        Damaged: Employment and its change do not make what is projected.
        UnknownLabel: A column that is not known, or a cell of the projections that is
            no count.
    """
    for cells in page.tables.values():
        lead, tab = page.find_lead_in(cells[0]), page.find_tab(cells[0])
        if FACTS.fullmatch(page.get_text(cells[0])):
            continue  # read by `ooh_quick_facts`
        if found := PROJECTIONS.fullmatch(lead):
            yield from _read_projections(page, cells, found)
        elif tab == "pay":
            yield from _read_pay_table(page, cells, lead)
        else:
            yield from _read_similar_occupations(page, cells)


def read_charts(page: HandbookPage) -> Iterator[Row]:
    """Yield bars of the charts: median pay and growth, here and in the groups above.

    A bar of another kind is left out and reported.
    """
    for bar in page.select_blocks("definition"):
        if page.find_tab(bar) not in ("pay", "outlook") or bar.lead_in is None:
            continue
        term = page.document.blocks[bar.lead_in]
        text, caption = page.get_text(bar), page.find_lead_in(term)
        about = page.describe_occupation(page.get_text(term)) | {
            "inherited": "reference_period:lead_in"
        }
        wages, month = WAGES.search(caption), MONTH.search(caption)
        at = (0, len(text))
        if wages and month and (price := MONEY.fullmatch(text)):
            period, when = PERIODS[lower_match(wages["per"])], f"{month['year']}-05"
            statistic, at = lower_match(wages["statistic"]), price.span("pay")
            meaning = page.describe_pay(price["pay"], period, when, statistic)
        elif (found := CHANGES.fullmatch(caption)) and PERCENT.fullmatch(text):
            measure = "employment_change_percent"
            years = {"measure": measure, "reference_period": expand_years(found)}
            meaning = describe_change(text, years)
        else:
            page.leave_out(bar, at, "not read: the bar is of a kind that is not known")
            continue
        yield page.make_row(bar, at, "list", about | meaning)


def _find_row_label(page: HandbookPage, cell: Block) -> str:
    """Return the text of the innermost head of a cell's row."""
    return page.get_text(page.document.blocks[cell.row_heads[-1]])


def _read_pay_table(page: HandbookPage, cells: list[Block], lead: str) -> Iterator[Row]:
    """Yield median or mean pay by industry, or by the occupations of the page.

    A table whose lead-in does not say period, month and whose wages, and a cell that
    is no sum, are left out and reported.
    """
    wages, month, whose = WAGES.search(lead), MONTH.search(lead), WHOSE.search(lead)
    labels = {c.row: page.get_text(c) for c in cells if c.column == 0}
    for cell in cells:
        text = page.get_text(cell)
        if cell.column == 0 or not text:
            continue
        if not (wages and month and whose):
            why = "not read: the words above do not say whose pay it is, and of when"
            page.leave_out(cell, (0, len(text)), why)
            continue
        # The label itself, and not the cell's heads: what has more than a hundred
        # characters is no head to the general reader of tables.
        label = labels.get(cell.row, "")
        if not (label and (price := MONEY.fullmatch(text))):
            page.leave_out(cell, (0, len(text)), "not read: the cell is no sum")
            continue
        if INDUSTRIES.search(lead):
            about = page.describe_occupation(whose["who"]) | {"industry": label}
        else:
            about = page.describe_occupation(label)
        note = {"inherited": "occupation:lead_in,reference_period:lead_in"}
        period, when = PERIODS[lower_match(wages["per"])], f"{month['year']}-05"
        statistic = lower_match(wages["statistic"])
        meaning = page.describe_pay(price["pay"], period, when, statistic)
        yield page.make_row(cell, price.span("pay"), "table", about | meaning | note)


def _read_projections(
    page: HandbookPage, cells: list[Block], caption: re.Match[str]
) -> Iterator[Row]:
    """Yield employment in base and target year and the change between, by row.

    Raises:
        UnknownLabel: A column that is not known, or a cell that is no count.
        LayoutChanged: A column is missing.
        Damaged: Employment and its change do not make what is projected.
    """
    body = [cell for cell in cells if cell.row_heads and cell.column_heads]
    heads = [page.get_text(page.document.blocks[c.column_heads[-1]]) for c in body]
    names = {YEAR.sub("", head) for head in heads}
    if strange := sorted(names - set(HEADS)):
        raise page.make_label_error(
            [f"{head} (column)" for head in strange], MODULE_FILE
        )
    if missing := sorted(name for name, m in HEADS.items() if m and name not in names):
        raise page.make_layout_error(missing, MODULE_FILE)
    figures: dict[int, dict[str, Decimal]] = {}
    for cell, head in zip(body, heads, strict=True):
        measure, text = HEADS[YEAR.sub("", head)], page.get_text(cell)
        if not measure:
            continue
        if not COUNT.fullmatch(text):
            raise page.make_label_error([f"{head}: {text}"[:80]], MODULE_FILE)
        about = page.describe_occupation(_find_row_label(page, cell)) | {
            "measure": measure
        }
        about |= {"inherited": "occupation:row,reference_period:column"}
        if measure in ("employment", "employment_projected"):
            counted = {"kind": "other", "value": parse_number(text)}
            meaning = counted | {"reference_period": head[-4:]}
        else:
            meaning = describe_change(text, {"reference_period": expand_years(caption)})
        signed = (
            parse_number(text)
            if meaning.get("direction") != "down"
            else -parse_number(text)
        )
        figures.setdefault(cell.row or 0, {})[measure] = signed
        yield page.make_row(cell, (0, len(text)), "table", about | meaning)
    known = projections_rules.load_sums(page.vocabulary)
    for row, found in figures.items():
        projections_rules.check_sums(
            found, known, f"{page.where} projections row {row}"
        )


def _read_similar_occupations(page: HandbookPage, cells: list[Block]) -> Iterator[Row]:
    """Yield median pay of other occupations, each named in its row.

    A cell that is neither a wage nor says that there is none is reported.
    """
    for cell in cells:
        heads = [
            page.get_text(page.document.blocks[head]) for head in cell.column_heads
        ]
        found = SIMILAR.fullmatch(heads[-1]) if heads else None
        named = [c for c in cells if (c.row, c.column) == (cell.row, 1)]
        if not (found and named):
            continue
        text, when = page.get_text(cell), f"{found['year']}-05"
        about = page.describe_profile(page.get_text(named[0]))
        about |= {"inherited": "occupation:row,reference_period:column"}
        if price := MONEY.fullmatch(text):
            meaning = page.describe_pay(
                price["pay"], price["per"] or "year", when, "median"
            )
            yield page.make_row(cell, price.span("pay"), "table", about | meaning)
        elif unpaid := UNPAID.fullmatch(text):
            meaning = page.describe_pay("", PERIODS[unpaid["per"]], when, "median")
            yield page.make_row(cell, (0, len(text)), "table", about | meaning)
        elif text.strip():
            page.leave_out(cell, (0, len(text)), "not read: the cell is no wage")
