"""Turn one table of the Employment Projections into claims: title, columns, cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.core.model import MADE, Snapshot
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import (
    Grid,
    Header,
    read_body_rows,
    require_columns,
)
from pipeline.read.sheets.stacked_heads import (
    find_first_body_row,
    read_stacked_header,
)
from pipeline.sources.shared import oews_cells, projections_rules
from schemas import Claims, DataFrame

COLUMNS_FILE = "vocabularies/projections_columns.csv"
MODULE_FILE = "pipeline/sources/bls_projections/projections_table.py"
# "Table 1.10 Occupational separations and openings, projected 2024–34 (Employment in
# thousands)": number, years, and the unit of all counts.
TITLE = re.compile(
    r"Table (?P<table>1\.\d{1,2}):? .{0,80}?\b"
    r"(?P<base>\d{4})(?:[–-]| and projected )(?P<target>\d{4}|\d{2})\b"
    r"(?P<thousands>.*\((?:employment|numbers) in thousands\))?",
    re.IGNORECASE | re.DOTALL,
)
# `Employment 2020`, a head of the table that the search on the web gives.
EMPLOYED, SEARCH = re.compile(r"Employment (\d{4})"), "search"
SPAN = re.compile(r"\d{4}-\d{4}")
TYPES = ("line item", "summary")
ABOUT = ("soc", "occupation", "occupation_group")
SOC = r"^\d{2}-\d{4}$"
# `169956.1` or `-58.3`: a cell as the workbook stores it, without commas.
# The search on the web gives `1,392.2`.
NUMBER = r"^-?(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.\d{1,20})?$"
TOP = r"^>=\$?(\d{1,3}(?:,\d{3})*)$"
NONE = ("—", "N/A")
EMPTY = "not read: an empty cell, where every published table has a number or a dash"
NAMES = (
    *("header", "column", "tables", "required_from"),
    *("kind", "measure", "times", "period"),
)
# Rows of heads and titles are looked for in so many rows; a table has at most five.
HEADS = 12


@dataclass(frozen=True)
class ProjectionsTitle:
    """What the title of a table states.

    Args:
        table: Its number, `1.2`.
        base: Base year.
        target: Year that is projected.
        thousands: Employment is in thousands.
    """

    table: str
    base: str
    target: str
    thousands: bool

    @property
    def periods(self) -> dict[str, str]:
        """Reference period by its name in projections_columns.csv: `base` or `may`."""
        span, may = f"{self.base}-{self.target}", f"{self.base}-05"
        years = {"base": self.base, "target": self.target, "span": span}
        # Each spring the wages of the newest survey go into the tables of last autumn.
        return years | {"may": may, "next_may": f"{int(self.base) + 1}-05"}

    def format_headers(self, template: str) -> list[str]:
        """Return a column's name in this edition, with either dash."""
        spans = [f"{self.base}{dash}{self.target[2:]}" for dash in "–-"]
        later = str(int(self.base) + 1)
        years = {"base": self.base, "target": self.target, "next": later}
        years |= {"years": self.periods["span"]}
        return [template.format(span=span, **years) for span in spans]


def parse_search_heads(grid: Grid) -> ProjectionsTitle | None:
    """Return what the heads of a table that the search on the web gave are of.

    It has no title: its first row has `Employment 2020` and `Employment 2030`, and
    counts are in thousands, as on the page of the search.
    """
    heads = grid.cells.row(0) if grid.cells.height else ()
    found = (EMPLOYED.fullmatch((head or "").strip()) for head in heads)
    years = sorted(match[1] for match in found if match)
    if len(years) != 2:
        return None
    return ProjectionsTitle(SEARCH, years[0], years[1], thousands=True)


def clean_search_cells(grid: Grid) -> Grid:
    """Return the table with codes in place of `="13-2011"`, titles without examples."""
    text = pl.col(pl.String)
    codes = text.str.replace(r'^="(\d{2}-\d{4})"$', "${1}")
    cells = grid.cells.with_columns(codes)
    return replace(grid, cells=cells.with_columns(text.str.replace(r"\s*\* .*$", "")))


def parse_title(grid: Grid) -> ProjectionsTitle | None:
    """Return the title above a table; None for a sheet without one."""
    above = grid.cells.row(0)[0] if grid.cells.height and grid.cells.width else None
    if not (found := TITLE.match(above or "")):
        return None
    # `2024–34`: the century of the target year is that of the base.
    target = found["base"][: 4 - len(found["target"])] + found["target"]
    return ProjectionsTitle(
        found["table"], found["base"], target, bool(found["thousands"])
    )


def read_table_claims(
    grid: Grid, title: ProjectionsTitle, snapshot: Snapshot, vocabulary: Vocabulary
) -> DataFrame[Claims]:
    """Return the cells of a table as claims, row by row.

    Raises:
        LayoutChanged: A column is missing or unknown.
        UnknownLabel: A mark, type or top code without a meaning.
        Damaged: Other years than the snapshot's edition; a row without a code.
    """
    _check_years(grid, title, snapshot)
    meanings = vocabulary.read_table("projections_columns", *NAMES)
    rows, numbers = _read_rows(grid, title, meanings)
    meant = meanings.select("column", "kind", "measure", "times", when="period")
    cells = (
        rows.unpivot(
            list(numbers),
            index=["row", *ABOUT],
            variable_name="column",
            value_name="quote",
        )
        .join(meant.unique(), on="column", how="left")
        .with_columns(
            number=pl.col("column").replace_strict(numbers, return_dtype=pl.UInt32)
        )
        .sort("row", "number")
        .with_columns(
            locator=grid.make_locators(pl.col("row"), pl.col("number")),
            reference_period=pl.col("when").replace_strict(title.periods),
        )
    )
    if snapshot.capture != MADE:
        for place in cells.filter(pl.col("quote").is_null())["locator"]:
            report_unread(place, "", EMPTY)
    valued = _interpret_cells(cells.drop_nulls("quote"), vocabulary, grid.where)
    _check_sums(valued, vocabulary, grid.where)
    return oews_cells.make_claims(valued, snapshot)


def _check_years(grid: Grid, title: ProjectionsTitle, snapshot: Snapshot) -> None:
    """Check that the table is of the edition's years.

    Raises:
        Damaged: It is of others.
    """
    span, edition = title.periods["span"], snapshot.edition
    if SPAN.fullmatch(edition) and edition != span:
        why = f"the table is of {span}, the snapshot's edition {edition}"
        raise Damaged(grid.where, why, f"Keep it with `--edition {span}`.")


def check_units(claims: Mapping[ProjectionsTitle, pl.DataFrame], where: str) -> None:
    """Check that all counts are in thousands: by a table's title, or by another's.

    A table whose title does not give its unit (2014-24) has the same employment as one
    of the same workbook whose title does.

    Raises:
        LayoutChanged: Neither holds.
    """
    stated: set[tuple[str, Decimal]] = set()
    for title, rows in claims.items():
        stated |= _list_employment(rows) if title.thousands else set()
    for title, rows in claims.items():
        if not title.thousands and not _list_employment(rows) <= stated:
            missing = ["(Employment in thousands)"]
            raise LayoutChanged(
                f"{where}:Table {title.table}", missing, [], MODULE_FILE
            )


def _list_employment(claims: pl.DataFrame) -> set[tuple[str, Decimal]]:
    """Return code and employment of each row."""
    return set(claims.filter(measure="employment").select("soc", "value").iter_rows())


def _read_rows(
    grid: Grid, title: ProjectionsTitle, meanings: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the table's rows, and the number of each column that holds figures.

    Raises:
        LayoutChanged: A column is missing or unknown.
    """
    table = pl.col("tables").str.split("|").list.contains(title.table)
    listed = meanings.filter(table.fill_null(value=False))
    header = _read_header(grid, title, meanings, listed)
    figures = set(listed.drop_nulls("kind")["column"])
    rows = read_body_rows(grid, header)
    if "type" not in rows.columns:  # until 2012-22
        rows = rows.with_columns(type=pl.lit(None, pl.String))
    _check_rows(rows, grid.where, typed="type" in header.columns)
    named = {"code": "soc", "title": "occupation", "type": "occupation_group"}
    numbers = {name: n for name, n in header.columns.items() if name in figures}
    return rows.drop_nulls("code").rename(named), numbers


def _read_header(
    grid: Grid, title: ProjectionsTitle, meanings: pl.DataFrame, listed: pl.DataFrame
) -> Header:
    """Return the header, of one row or of several.

    Raises:
        LayoutChanged: A column that the edition's year must have is missing, or one is
            unknown.
    """
    aliases = {
        header: column
        for template, column in meanings.select("header", "column").iter_rows()
        for header in title.format_headers(template)
    }
    since = pl.col("required_from").cast(pl.Int32) <= int(title.base)
    needed = set(listed.filter(since)["column"])
    body = find_first_body_row(grid, SOC, HEADS)
    header = read_stacked_header(grid, body, aliases) if body else None
    if header is None:
        raise LayoutChanged(grid.where, sorted(needed), [], COLUMNS_FILE)
    if "wage_later" in header.columns:
        needed -= {"wage"}
    require_columns(grid.where, header, sorted(needed), COLUMNS_FILE)
    return header


def _check_rows(rows: pl.DataFrame, where: str, *, typed: bool) -> None:
    """Check codes (of the SOC's form, each once) and types; notes have no figures.

    Raises:
        Damaged: A code is none or stands twice, or a row of figures has no code.
        UnknownLabel: A type that is not known.
    """
    noted = pl.any_horizontal(pl.exclude("row", "title", "code").is_not_null())
    stray = rows.filter(pl.col("code").is_null() & noted)
    coded = rows.drop_nulls("code")
    wrong = coded.filter(
        ~pl.col("code").str.contains(SOC) | pl.col("code").is_duplicated()
    )
    for row in pl.concat([stray, wrong]).sort("row").rows(named=True)[:1]:
        why = f"{row['code'] or 'no code'!r} is no SOC code, or stands twice"
        raise Damaged(f"{where} row {row['row']}", why)
    if not typed:
        return
    types = coded["type"].fill_null("none").str.to_lowercase().unique().sort()
    if unknown := [f"{t} (occupation type)" for t in types if t not in TYPES]:
        raise UnknownLabel(where, unknown, MODULE_FILE)


def _check_sums(cells: pl.DataFrame, vocabulary: Vocabulary, where: str) -> None:
    """Check that each row's figures add up.

    Raises:
        Damaged: They do not, within rounding.
    """
    known = projections_rules.load_sums(vocabulary)
    down = pl.when(pl.col("direction") == "down").then(-pl.col("value"))
    figures: dict[int, dict[str, Decimal]] = {}
    signed = cells.drop_nulls("value").with_columns(down.otherwise("value"))
    for row, measure, value in signed.select("row", "measure", "value").iter_rows():
        figures.setdefault(row, {}).setdefault(measure, value)
    for row, found in figures.items():
        projections_rules.check_sums(found, known, f"{where} row {row}")


def _find_top_codes(cells: pl.DataFrame, vocabulary: Vocabulary) -> pl.Expr:
    """Return an expression of the annual top code of each cell's year."""
    periods = cells["reference_period"].unique().to_list()
    tops = {p: oews_cells.find_top_code(vocabulary, int(p[:4])) for p in periods}
    known = {p: top.annual if top else None for p, top in tops.items()}
    return pl.col("reference_period").replace_strict(
        list(known), list(known.values()), return_dtype=oews_cells.MONEY
    )


def _interpret_cells(
    cells: pl.DataFrame, vocabulary: Vocabulary, where: str
) -> pl.DataFrame:
    """Return cells as claim fields: numbers unsigned, times their unit.

    A top code (`>=$239,200`) is a lower bound, and `—` is not available.

    Raises:
        UnknownLabel: Another mark, or a top code that is not that of the wage's year.
    """
    quote, pay = pl.col("quote"), pl.col("kind") == "pay_level"
    plain = quote.str.replace_all(r"^-|,", "")
    number = pl.when(quote.str.contains(NUMBER)).then(plain)
    amount = number.cast(oews_cells.MONEY) * pl.col("times").cast(pl.Int64)
    bound = quote.str.extract(TOP).str.replace_all(",", "").cast(oews_cells.MONEY)
    known = _find_top_codes(cells, vocabulary)
    # Of outlook figures only changes have a direction; openings are counts.
    moved = (pl.col("kind") == "outlook") & pl.col("measure").str.contains("_change")
    sign = pl.when(quote.str.starts_with("-")).then(pl.lit("down"))
    found = cells.with_columns(
        value=amount.cast(oews_cells.MONEY),
        low=pl.when(pay & (bound == known)).then(bound),
    ).with_columns(
        availability=pl.when(pl.col("value").is_not_null())
        .then(pl.lit("published"))
        .when(pl.col("low").is_not_null())
        .then(pl.lit("top_coded"))
        .when(quote.is_in(NONE))
        .then(pl.lit("not_available")),
        direction=pl.when(moved & (pl.col("value") != 0)).then(
            sign.otherwise(pl.lit("up"))
        ),
    )
    if (strange := found.filter(pl.col("availability").is_null())).height:
        labels = [f"{q} in {c}" for q, c in strange.select("quote", "column").rows()]
        raise UnknownLabel(where, sorted(set(labels)), MODULE_FILE)
    return found.with_columns(
        structure=pl.lit("sheet"),
        occupation_group=pl.col("occupation_group").str.to_lowercase(),
        area=pl.lit("US"),
        area_code=pl.lit("US"),
        area_level=pl.lit("national"),
        statistic=pl.when(pay).then(pl.lit("median")).otherwise(pl.lit("unspecified")),
        pay_basis=pl.when(pay).then(pl.lit("base")).otherwise(pl.lit("unspecified")),
        currency=pl.when(pay).then(pl.lit("USD")),
        period=pl.when(pay).then(pl.lit("year")),
    )
