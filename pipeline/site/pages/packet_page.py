"""Draws the page of an evidence packet: a cell as one file that needs no other."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pipeline.core.errors import PayproofError
from pipeline.query.release_db import Row
from pipeline.site.pages.page_assets import read_style_sheet
from pipeline.site.pages.page_text import read_document
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.pages.stored_table import parse_table_locator, read_stored_table

CHARACTERS_AROUND = 300  # characters before and after a quote: some two sentences each


def draw_packet_page(
    view: ReleaseView,
    facts: Mapping[str, Any],
    figures: Sequence[Row],
    snapshots: Sequence[Row],
) -> bytes:
    """Draw the page of a packet, with the style sheet inside.

    Args:
        view: The release, with `Links` that have no page.
        facts: Of `gather_cell_facts`.
        figures: Each with `words`: text before, of and after its quote.
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
    """Cut the words of a figure and the text around them from its stored page.

    Of a table these are the cells of its line, each named by its column. Where the
    stored bytes cannot be read, it is the quote alone.

    Returns:
        `before`, `quote` and `after`.
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
        # raw/ may be lost while the release is not; the quote is of the release.
        pass
    return {"before": "", "quote": figure["quote"], "after": ""}


def cut_table_excerpt(view: ReleaseView, card: Row, figure: Row) -> dict[str, str]:
    """Cut the line that a figure is in, each cell named by its column."""
    table = read_stored_table(view, card, [figure], figure["structure"])
    _, number, column = parse_table_locator(figure["locator"])
    line = next((one for one in table.lines if one.number == number), None)
    if line is None or not column or column > len(line.cells):
        return {"before": "", "quote": figure["quote"], "after": ""}
    # A line may have more cells than the header has names.
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
