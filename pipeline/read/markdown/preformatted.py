"""Read text laid out by hand inside another document: `<pre>` and fenced blocks."""

from dataclasses import replace

from pipeline.read.markdown.aligned_tables import read_aligned_table
from pipeline.read.markdown.pipe_tables import read_pipe_table
from pipeline.read.outline import Outline
from pipeline.read.text_lines import LineScanner, split_lines


def add_preformatted_text(
    outline: Outline, text: str, start: int, facts: dict[str, object]
) -> None:
    """Add text with its own line ends to an outline: its tables, and the rest.

    Args:
        outline: Is added to.
        text: As written.
        start: Its offset in the document.
        facts: Fields of every block: `furniture`, `quoted`.
    """
    scan = LineScanner(text, split_lines(text), plain=True)
    # Tables are numbered on, so that no two of the document share a number.
    scan.outline.tables = outline.tables
    while (line := scan.get_line()) is not None:
        if line.is_blank:
            scan.at += 1
        elif not (read_pipe_table(scan) or read_aligned_table(scan)):
            _add_plain_lines(scan)
    base = len(outline.blocks)
    lead = outline.find_lead_in()
    outline.tables = scan.outline.tables
    # Offsets and indexes of the inner scan count from 0; the document's do not.
    for block in scan.outline.blocks:
        outline.blocks.append(
            replace(
                block,
                start=block.start + start,
                end=block.end + start,
                section=outline.section,
                lead_in=lead if block.lead_in is None else block.lead_in + base,
                row_heads=tuple(base + head for head in block.row_heads),
                column_heads=tuple(base + head for head in block.column_heads),
                **facts,  # type: ignore[arg-type]
            )
        )


def _add_plain_lines(scan: LineScanner) -> None:
    """Add the lines up to a blank one as a block."""
    first = scan.lines[scan.at]
    end = first.text_end
    scan.at += 1
    while not scan.is_blank(0):
        end = scan.lines[scan.at].text_end
        scan.at += 1
    scan.outline.add("pre", first.text_start, end)
