"""One question as a page that stands alone, with the words in their surroundings."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pipeline.core.errors import PayproofError
from pipeline.query.release_db import Row
from pipeline.site.pages.page_assets import read_style_sheet
from pipeline.site.pages.page_text import read_document
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.pages.stored_table import parse_table_locator, read_stored_table

CHARACTERS_AROUND = 300


def draw_packet_page(
    view: ReleaseView,
    facts: Mapping[str, Any],
    figures: Sequence[Row],
    snapshots: Sequence[Row],
) -> bytes:
    """The page: its style is inside, and it asks for nothing.

    Args:
        view: With addresses that lead nowhere.
        facts: Of the page of the cell.
        figures: Each with `words`: text before, of and after it.
        snapshots: The bodies that they were read from.
    """
    return view.draw_page(
        "packet",
        **{**facts, "figures": figures},
        snapshots=snapshots,
        style=Markup(
            read_style_sheet().decode()
        ),  # our own file, not text from outside
    )


def cut_excerpt(view: ReleaseView, figure: Row) -> dict[str, str]:
    """The words of a figure and what stands around them on its page.

    Of a table: the names of the columns, and the line up to and after the cell. Where
    the stored bytes cannot be read, the quote alone.
    """
    rows = view.query_rows(
        "SELECT * FROM snapshots WHERE snapshot = ?", figure["snapshot"]
    )
    try:
        if figure["start"] is not None:
            text = read_document(view, rows[0]).text
            start, end = figure["start"], figure["end"]
            return {
                "before": text[max(0, start - CHARACTERS_AROUND) : start],
                "quote": text[start:end],
                "after": text[end : end + CHARACTERS_AROUND],
            }
        if figure["structure"] in ("flat_file", "sheet"):
            return cut_table_excerpt(view, rows[0], figure)
    except (OSError, PayproofError):
        pass
    return {"before": "", "quote": figure["quote"], "after": ""}


def cut_table_excerpt(view: ReleaseView, card: Row, figure: Row) -> dict[str, str]:
    """The line that a figure stands in, each cell named by its column."""
    table = read_stored_table(view, card, [figure], figure["structure"])
    _, number, column = parse_table_locator(figure["locator"])
    line = next((one for one in table.lines if one.number == number), None)
    if line is None or not column or column > len(line.cells):
        return {"before": "", "quote": figure["quote"], "after": ""}
    names = [*table.head, *[""] * len(line.cells)]
    cells = [
        f"{name}: {text}" if name else text
        for name, (text, _) in zip(names, line.cells, strict=False)
    ]
    text = line.cells[column - 1][0]
    before = [f"line {number}", *cells[: column - 1], f"{names[column - 1]}: "]
    after = ["", *cells[column:]]
    return {
        "before": " | ".join(before)[-CHARACTERS_AROUND:],
        "quote": text,
        "after": " | ".join(after)[:CHARACTERS_AROUND],
    }
