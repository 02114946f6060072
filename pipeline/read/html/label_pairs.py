"""Find labels and figures that stand as two lines of one element, without a list."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.model import Block
from pipeline.read.markdown.text_headings import FIGURE

# Characters of a card such as `Median pay` over `$52,000 a year`; longer is prose.
LONGEST_LABEL = 60
LONGEST_FIGURE = 40
# Beside a figure that stands quite alone, a label may name whose it is, and when.
LONGEST_CREDITED_LABEL = 160
LONGEST_LONE_FIGURE = 12


def mark_label_pair(blocks: list[Block], out: Sequence[str]) -> None:
    """Make the last two blocks a term and its definition, if they read as such.

    A short line with a money figure beside a short line of words with none, both of
    them plain and alone in their element; either may come first.

    Args:
        blocks: The last two are changed in place.
        out: The end of the text: a run, the gap, the run after it.
    """
    first, second = blocks[-2:]
    if len(out) < 3 or first.kind != "paragraph" or second.kind != "paragraph":
        return
    before, after = out[-3], out[-1]
    # Only lines that became one block each; entries of one run were parted already.
    if (
        len(before) != first.end - first.start
        or len(after) != second.end - second.start
    ):
        return
    at = len(blocks)
    if _is_label_and_figure(before, after):
        blocks[-2] = replace(first, kind="term")
        blocks[-1] = replace(second, kind="definition", lead_in=at - 2)
    elif _is_label_and_figure(after, before):
        blocks[-2] = replace(first, kind="definition", lead_in=at - 1)
        blocks[-1] = replace(second, kind="term")


def _is_label_and_figure(label: str, figure: str) -> bool:
    """Return whether one line is words alone and the other begins with a figure."""
    lone = len(figure) <= LONGEST_LONE_FIGURE
    return (
        len(label) <= (LONGEST_CREDITED_LABEL if lone else LONGEST_LABEL)
        and len(figure) <= LONGEST_FIGURE
        and not FIGURE.search(label)
        and FIGURE.search(figure[:4]) is not None
        and label[-1] not in ".!?"
    )
