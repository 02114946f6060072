"""What the items of a list are, by what those before them were.

`Fresh out of school: $39.50` in a list of pay is pay: the word in front of the colon
says who or where, and no price.
"""

from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.kind_cues import FigureKind
from pipeline.extract.tagged_lines import TaggedLine

MIN_LISTED = 2  # items of pay before it
MOST_APART = 2.5  # times the last of them
KINDS = ("cost", "other")
ListKey = tuple[tuple[str, ...], int | None]


def note_listed_figure(page: IndexedPage, draft: Draft) -> None:
    """Note the size of an item's pay; an item that is none ends the list of pay."""
    key = _find_list(page, draft)
    if key is None or draft.aside or draft.figure.unit != "money":
        return
    if draft.kind == "pay_level":
        page.listed_pay.setdefault(key, []).append(draft.figure.size)
    elif draft.kind in KINDS:
        page.listed_pay[key] = []


def read_listed_kind(
    page: IndexedPage, line: TaggedLine, draft: Draft, verdict: FigureKind
) -> FigureKind | None:
    """Return pay for an item that a mere word of its label makes a cost, or None."""
    key = _find_list(page, draft)
    if verdict.kind != "cost" or key is None or draft.figure.unit != "money":
        return None
    sizes = page.listed_pay.get(key, [])
    first = line.spots[draft.index][0]
    if len(sizes) < MIN_LISTED or ":" not in line.texts[:first]:
        return None
    if not line.lists["prices"].isdisjoint(line.texts):
        return None
    size = draft.figure.size
    if not sizes[-1] / MOST_APART <= size <= sizes[-1] * MOST_APART:
        return None
    return FigureKind("pay_level", None, "as the items before it", "lead_in")


def _find_list(page: IndexedPage, draft: Draft) -> ListKey | None:
    block = page.document.blocks[draft.block]
    if block.kind not in ("item", "definition"):
        return None
    return block.section, block.lead_in
