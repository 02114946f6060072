"""Read pay by a dimension in a page's state: `{"name": "Omaha", "range": {"50": …}}`.

A table of a site has a title that says what its rows are by (`Average Salary by
Employer`) and rows with a name and percentiles. The name is the field of every claim
of its row, so that pay at one employer never counts as everybody's.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.core.model import Datum, Document
from pipeline.core.unread_places import report_unread
from pipeline.sources.shared.embedded_data import (
    STATE_FORMS,
    EmbeddedData,
    parse_amount,
)
from pipeline.sources.shared.survey_dimensions import Dimension

# `/byDimension/Average Salary by Job/rows/3/range/50`: title, row, percentile.
ROW = re.compile(
    r"(.*/byDimension/([^/]{3,80})/rows/\d{1,4})/range/(10|25|50|75|90)$", re.DOTALL
)
BY = re.compile(r"\bby\b", re.IGNORECASE)
YEARS = re.compile(r"(\d{1,2})\s*(?:-|to|–)\s*(\d{1,2})\b")
MORE_YEARS = re.compile(r"(\d{1,2})\s*(?:\+|years? (?:or|and) (?:more|over|up))", re.I)
FEWER_YEARS = re.compile(r"(?:less than|under|<)\s*(\d{1,2})", re.IGNORECASE)
Row = dict[str, Any]


def read_dimension_rows(
    document: Document,
    data: EmbeddedData,
    phrases: Mapping[str, Dimension],
    statistics: Mapping[str, str],
) -> Iterator[tuple[str, Row]]:
    """Yield the title of its table and claim fields for each percentile of a row.

    A table by what nothing explains is told, and not read.

    Args:
        document: The page.
        data: The same, by places.
        phrases: What a table can be by, the longest first.
        statistics: Percentile as its key to the statistic.
    """
    from pipeline.read import locate_datum

    for datum in document.data:
        found = ROW.match(datum.pointer) if datum.form in STATE_FORMS else None
        if found is None or parse_amount(datum) is None:
            continue
        title = found[2].replace("~1", "/").replace("~0", "~")
        dimension = find_dimension(title, phrases)
        if dimension is None:
            why = f"pay by what nothing explains: {title!r}"
            report_unread(locate_datum(document, datum), datum.raw, why)
            continue
        name = data.find_nearest(datum, "displayName", "name") or ""
        row = {"datum": datum, "statistic": statistics[found[3]]}
        yield title, {**row, **describe_dimension(dimension[0], name)}


def find_dimension(title: str, phrases: Mapping[str, Dimension]) -> Dimension | None:
    """Return what a table is by: named after `by`, or anywhere where it has no `by`."""
    text = BY.split(title)[-1].lower()
    for phrase, dimension in phrases.items():
        if re.search(rf"\b{re.escape(phrase)}\b", text):
            return dimension
    return None


def describe_dimension(field: str, name: str) -> Row:
    """Return the claim fields that the name of a row states."""
    if field == "experience":
        return {"experience_label": name, **read_years(name)}
    return {field: name}


def read_years(name: str) -> Row:
    """Return the years of experience in the name of a row; none where it has no number.

    >>> read_years("1-4 Years"), read_years("Less than 1 year")
    ({'experience_min': 1.0, 'experience_max': 4.0}, {'experience_max': 1.0})
    """
    if both := YEARS.search(name):
        low, high = float(both[1]), float(both[2])
        return {"experience_min": low, "experience_max": high} if low <= high else {}
    if more := MORE_YEARS.search(name):
        return {"experience_min": float(more[1])}
    fewer = FEWER_YEARS.search(name)
    return {"experience_max": float(fewer[1])} if fewer else {}


def report_other_amounts(
    document: Document, read: set[str], known: re.Pattern[str]
) -> None:
    """Tell, as a remark, of percentiles in the state that nobody reads.

    Args:
        document: The page.
        read: Pointers of what was read.
        known: Pattern of the pointers that look like pay.
    """
    from pipeline.read import locate_datum

    for datum in document.data:
        if datum.form not in STATE_FORMS or datum.pointer in read:
            continue
        if ROW.match(datum.pointer):  # told by `read_dimension_rows`
            continue
        if known.search(datum.pointer) and parse_amount(datum) is not None:
            why = "pay in a part that is not read"
            report_unread(
                locate_datum(document, datum), datum.raw, why, needs_look=False
            )


def select_pointers(rows: list[Row]) -> set[str]:
    """Return the pointers of the data that rows are of."""
    found = (row["datum"] for row in rows)
    return {datum.pointer for datum in found if isinstance(datum, Datum)}
