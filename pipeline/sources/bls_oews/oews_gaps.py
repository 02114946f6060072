"""Find what an OEWS table should have and has not: codes of rows, figures in cells.

In the tables of 1997 to 2025 no wage cell of an occupation is empty: where nothing is
published stands a mark. An empty one was lost on the way: by an error of a spreadsheet
(`#REF!`), by a formula whose value was not stored, or by a hand.
"""

import polars as pl

from pipeline.core.errors import Damaged
from pipeline.core.unread_places import are_too_many, report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import Grid, Header
from pipeline.sources.bls_oews import oews_scope
from pipeline.sources.shared import oews_cells

EMPTY = (
    "not read: empty where every published table has a number or a mark (an error such "
    "as #REF!, a formula without a stored value, or nothing)"
)
NO_CODE = "not read: a row of figures without a code of its occupation"
BAD_CODE = "not read: a row whose code is none of the classification's form"
NEW_CODE = "a code that no list of occupations has"
DIVISION = "div"  # 1997: the divisions of the OES have a name and no figures
DETAILED = r"^\d{2}-\d{3}[1-9]$"  # groups end in 0: no list has all of them


def drop_rows_without_code(
    rows: pl.DataFrame, grid: Grid, header: Header, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Return the rows of occupations; report rows of wages that name none.

    What has neither a code nor a figure is a note below the table. The total of 1997
    has no code: it has employment and no wages.

    Raises:
        Damaged: Codes are of another form, in more rows than `broken_lines_share`.
    """
    measures = oews_cells.load_measures(vocabulary)
    here = measures.filter(pl.col("column").is_in(rows.columns))
    paid = here.filter(pl.col("measure") == "pay")["column"].to_list()
    coded = pl.col("occ_code").is_not_null()
    waged = pl.any_horizontal(pl.col(paid).is_not_null())
    told = pl.any_horizontal(pl.col(here["column"].to_list()).is_not_null())
    total = told & ~waged if "area" not in rows.columns else pl.lit(value=False)
    column = header.columns["occ_code"]
    for row, title in rows.filter(~coded & told & ~total)["row", "occ_title"].rows():
        report_unread(_locate(grid, row, column), title or "", NO_CODE)
    odd = rows.filter(coded & ~pl.col("occ_code").str.contains(oews_scope.SOC))
    _refuse_odd_codes(odd, rows.height, vocabulary, grid.where)
    for row, code in odd["row", "occ_code"].rows():
        report_unread(_locate(grid, row, column), code, BAD_CODE)
    return rows.filter(coded | total).join(odd, on="row", how="anti")


def _refuse_odd_codes(
    odd: pl.DataFrame, rows: int, vocabulary: Vocabulary, where: str
) -> None:
    """Refuse a table where more than a few rows have codes of another form.

    Raises:
        Damaged: So; the first one is named.
    """
    if are_too_many(odd.height, rows, vocabulary):
        code, row = odd["occ_code"][0], odd["row"][0]
        why = f"{code!r} (occ_code) is no SOC code"
        remedy = "Keep it with codes as the publisher has them, such as 29-2072."
        raise Damaged(f"{where} row {row}", why, remedy)


def report_gaps(
    rows: pl.DataFrame, grid: Grid, header: Header, vocabulary: Vocabulary
) -> None:
    """Report cells of employment and wages that are empty, and codes of no list.

    Args:
        rows: With a code each.
        grid: The table.
        header: Where its columns stand.
        vocabulary: With oews_measures.csv, oews_columns.csv and occupations.csv.
    """
    needed = _find_needed_columns(rows, vocabulary)
    if not needed:
        return
    group = pl.col("group") if "group" in rows.columns else pl.lit("")
    heading = pl.all_horizontal(pl.col(needed).is_null()) & (
        group.fill_null("").str.to_lowercase() == DIVISION
    )
    occupied = rows.filter(pl.col("occ_code").is_not_null(), ~heading)
    some = pl.any_horizontal(pl.col(needed).is_null())
    for row in occupied.filter(some).select("row", *needed).iter_rows(named=True):
        for name in (name for name in needed if row[name] is None):
            report_unread(_locate(grid, row["row"], header.columns[name]), "", EMPTY)
    known = set(vocabulary.read_table("occupations", "soc")["soc"])
    codes = occupied.filter(pl.col("occ_code").str.contains(DETAILED))
    first = codes.select("row", "occ_code").unique("occ_code", keep="first")
    for row, code in first.sort("row").rows():
        if code not in known:
            place = _locate(grid, row, header.columns["occ_code"])
            report_unread(place, code, NEW_CODE, needs_look=False)


def _find_needed_columns(rows: pl.DataFrame, vocabulary: Vocabulary) -> list[str]:
    """Return the columns of figures that every table must have."""
    required = vocabulary.read_table("oews_columns", "column", "required")
    names = set(required.filter(pl.col("required") == "yes")["column"])
    measures = oews_cells.load_measures(vocabulary)["column"].to_list()
    return [name for name in measures if name in names and name in rows.columns]


def _locate(grid: Grid, row: int, column: int) -> str:
    """Return the locator of one cell."""
    one = pl.DataFrame({"row": [row], "number": [column]})
    found: str = one.select(
        at=grid.make_locators(pl.col("row"), pl.col("number"))
    ).item()
    return found
