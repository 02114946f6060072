"""Text laid out by hand inside another document: `<pre>` and fenced blocks."""

from dataclasses import replace

from pipeline.read.aligned import aligned_table
from pipeline.read.lines import Scan, split_lines
from pipeline.read.outline import Outline
from pipeline.read.pipes import pipe_table


def lay_out(outline: Outline, text: str, start: int, facts: dict[str, object]) -> None:
    """Put text with its own line ends into an outline: its tables, and the rest.

    Args:
        outline: Is added to.
        text: As written.
        start: Its offset in the document.
        facts: Of every block (furniture, quotation).
    """
    scan = Scan(text, split_lines(text), plain=True)
    scan.outline.tables = outline.tables
    while (line := scan.line()) is not None:
        if line.blank:
            scan.at += 1
        elif not (pipe_table(scan) or aligned_table(scan)):
            _stretch(scan)
    base = len(outline.blocks)
    lead = outline.introduces()
    outline.tables = scan.outline.tables
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


def _stretch(scan: Scan) -> None:
    """Lines up to a blank one."""
    first = scan.lines[scan.at]
    end = first.last
    scan.at += 1
    while not scan.blank(0):
        end = scan.lines[scan.at].last
        scan.at += 1
    scan.outline.add("pre", first.first, end)
