"""What a line over a table says its columns stand for: `(low / median / high)`."""

import re
from collections.abc import Iterator

from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.tagged_lines import TaggedLine

PART = r"[A-Za-z0-9][\w.% ]{0,18}"
LEGEND = re.compile(
    rf"{PART}(?:\s?[/|]\s?{PART})+|{PART}(?:,\s{PART})+,?\sand\s{PART}", re.DOTALL
)
PARTED = re.compile(r"\s?[/|]\s?|,?\sand\s|,\s")
PLAIN = frozenset(
    ("median", "mean", "minimum", "maximum", "p10", "p25", "p75", "p90", "range")
)
SEARCHED = ("caption", "lead_in", "note")
SEARCHED_LENGTH = 400
Legend = list[tuple[str, str]]  # statistic and words of each part


def find_legend_statistic(page: IndexedPage, index: int) -> tuple[str, str] | None:
    """Return the statistic that a legend gives a cell of a table without heads.

    Args:
        page: With its tables.
        index: Of the cell.

    Returns:
        The statistic and the legend's words for it; None where there is no legend, or
        it has not as many parts as the row has figures.
    """
    block = page.document.blocks[index]
    if block.kind != "cell" or page.find_column_heads(index):
        return None
    cells = [i for i in page.list_row_cells(block) if _is_number(page, i)]
    if index not in cells:
        return None
    for context in page.list_context(index):
        if context.where not in SEARCHED:
            continue
        for parts in _list_legends(context.line):
            if len(parts) == len(cells):
                return parts[cells.index(index)]
    return None


def _is_number(page: IndexedPage, index: int) -> bool:
    block = page.document.blocks[index]
    figures = page.list_figures(block.start, block.end)
    return any(figure.unit in ("bare", "money") for figure in figures)


def _list_legends(line: TaggedLine) -> list[Legend]:
    """List the legends of a line, read once for all cells below it."""
    if "legends" not in line.memo:
        line.memo["legends"] = list(_read_legends(line))
    return line.memo["legends"]  # type: ignore[no-any-return]


def _read_legends(line: TaggedLine) -> Iterator[Legend]:
    """Yield the lists of a line all of whose parts are names of statistics."""
    end = min(line.end, line.start + SEARCHED_LENGTH)
    for match in LEGEND.finditer(line.text, line.start, end):
        parts = []
        at = match.start()
        for cut in [*PARTED.finditer(line.text, *match.span()), None]:
            stop = cut.start() if cut else match.end()
            parts.append((_read_part(line, at, stop), line.text[at:stop].strip()))
            at = cut.end() if cut else stop
        if all(name for name, _ in parts) and len({n for n, _ in parts}) == len(parts):
            yield parts


def _read_part(line: TaggedLine, start: int, end: int) -> str:
    """Return the statistic that a part of a legend names, or ""."""
    for cue in line.get_mentions("statistics"):
        if start <= cue.start and cue.end <= end + 1 and cue.means in PLAIN:
            return cue.means
    words = {
        word.text for word in line.words if start <= word.start and word.end <= end
    }
    for list_name, name in (("columns_low", "minimum"), ("columns_high", "maximum")):
        if words & line.lists[list_name]:
            return name
    return ""
