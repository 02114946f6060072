"""Numbers without a unit that are money by where they stand.

In a column headed as pay, behind a label that says pay, in a list or table whose
other rows carry the sign: there a bare number is a sum. Elsewhere it is no figure.
"""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.extract.cell_amounts import (
    find_head_scale,
    is_in_thousands,
    join_cell_ranges,
    multiply_figure,
)
from pipeline.extract.column_types import (
    is_dated,
    is_pay_change,
    read_column_head,
    type_cell,
)
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.nearby_codes import find_code_behind, mark_by_code
from pipeline.extract.number_ranges import Figure
from pipeline.extract.pay_sizes import fits_pay, read_context_period
from pipeline.extract.table_legends import find_legend_statistic
from pipeline.extract.tokens import split_tokens

LABEL = re.compile(
    r"(?i)\b(?:salary|salaries|wages?|pay|median|mean|average|earnings|income"
    r"|compensation|rate|hourly|annual)\b(?P<gap>[^.;\d\n]{0,30})[:=–—-]\s*$"
)
LABEL_WORD = re.compile(r"[^\W\d_]+")
PAY_BAND_BEFORE = re.compile(r"(?i)\b(?:PB|pay band)\s?[-–]?\s?\d\W{0,6}$")
GRADE_PAY_BEHIND = re.compile(r"\W{0,4}(?:(?:with|plus) )?(?:A?GP|Grade Pay)\b")
LEAST_BAND, MOST_BAND = 1_500, 400_000
MOST_BAND_APART = 5.0  # times
LEAST_LISTED, MOST_LISTED, MOST_LISTED_APART = 15_000, 400_000, 4.0
OPENINGS = re.compile(r"(?i)\s+(?:\w+\s){0,2}?(?:job )?openings\b")
PAY_VERB_BEFORE = re.compile(
    r"(?i)\b(?:earn|earns|earned|makes?|made|pays?|paid|averages?|averaged|salary"
    r"|salaries|wages?|median|mean)\b[^.;\d]{0,40}$"
)
PAY_REACHED_BEFORE = re.compile(
    r"(?i)\b(?:start(?:ed|s|ing)?|bumped|up|went|now|sits?|sitting|making|makes?|made"
    r"|earn(?:s|ed|ing)?|getting|gets?|got|pays?|paying|offered|pulling|am|i['’]m|on"
    r"|base|salary|raise)\s(?:(?:at|to|in|me|of|about|around|roughly|like|a|was|is"
    r"|just|over|under|almost|nearly)\s){0,3}$"
)
PAY_NOUN_BEHIND = re.compile(
    r"(?i)\s(?:(?:sign[- ]on|signing|annual|yearly|christmas|cash) )?bonus(?:es)?\b"
    r"|\s(?:base|salary|salaries|raise)\b"
)
NON_PAY_UNIT_BEHIND = re.compile(
    r"(?i)\s?(?:%|miles?|people|users|followers|views|subs|jobs|workers|km|steps|runs?"
    r"|words|members|employees|students|euros?|pounds?)"
)
# What may follow a bare `58K` of pay: the end, a mark, where or for whom.
ENDING = re.compile(r"\s*(?:$|[).,;:!?]|(?:in|for|as|and|en|et|pour|y)\b)", re.I)
LONGEST_OPENING = 240
MAX_LISTED_BLOCK = 600
HEADS = ("heading", "lead_in", "caption")
PAY_NOUNS = frozenset(("salary", "salaries", "wage", "wages", "pay"))
JOB_GROWTH_LABEL = re.compile(
    r"(?i)\s*(?:employment change|change in employment|new jobs)\b"
)
MAX_COUNT_LENGTH = 24
MOST_PERCENT = 100.0  # more is no change of pay in percent
# A word behind a number says what it counts, but for a span of time or `to`.
COUNTED_BEHIND = re.compile(r"\s*[A-Za-z%]")
SPAN_BEHIND = re.compile(r"(?i)\s*(?:per|an? |/|annual|year|hour|to )")
WORD = re.compile(r"[A-Za-z]{3}")
SPAN_WORD = re.compile(r"(?i)per|hour|year|annual|month|week")
NOTE_END = re.compile(r"\s?[)\]]")
ROW_LABEL = r"\W{0,4}[A-Za-z][\w ,.'’()/&-]{1,48}?\s*[-–—:|\t ]\s*"
ROW = re.compile(rf"^{ROW_LABEL}$")
SIGNED_ROW = re.compile(ROW_LABEL + rf"[{SIGNS}]\s?[\d,.]+\W{{0,3}}")
POINT_ROW = re.compile(ROW_LABEL + r"\d{2}\.\d{2}")


def admit_unmarked_amounts(
    page: IndexedPage, index: int, inside: list[Figure]
) -> list[Figure]:
    """Return a block's figures, with bare numbers only where they are money."""
    block = page.document.blocks[index]
    scale = is_in_thousands(page, index)
    kept = []
    for figure in inside:
        if figure.unit == "bare":
            unit = _classify_bare_number(page, index, figure, inside, scale)
            if not unit:
                continue
            figure.unit = unit
            if unit == "money":
                _complete_sum(page, index, figure, scale)
        kept.append(figure)
    return join_cell_ranges(page.document.text, kept) if block.kind == "cell" else kept


def _classify_bare_number(
    page: IndexedPage, index: int, figure: Figure, inside: list[Figure], scale: bool
) -> str:
    """Return the unit of a number without a mark, or "" where it is no figure."""
    if figure.fault:
        return ""
    if _is_job_growth_count(page, index):
        figure.note = "growth"
        return "count"
    if page.document.blocks[index].kind == "cell":
        percent = figure.size < MOST_PERCENT and is_pay_change(page, index)
        return "percent" if percent else _classify_cell_number(page, index, figure)
    return _classify_text_number(page, index, figure, inside, scale)


def _complete_sum(page: IndexedPage, index: int, figure: Figure, scale: bool) -> None:
    """Give a sum the mark of a code beside it, and multiply it by what it is in."""
    mark_by_code(figure, page.words.money)
    if scale and figure.size < 10_000:
        multiply_figure(figure, 1e3, "in_thousands")
    elif page.document.blocks[index].kind == "cell" and figure.size < 1000:
        times, code = find_head_scale(page, index)
        if code:
            multiply_figure(figure, times, code)


def _is_job_growth_count(page: IndexedPage, index: int) -> bool:
    """Return whether a count is of jobs: beside `Employment change, 2024-34`."""
    block = page.document.blocks[index]
    if (
        block.kind not in ("cell", "definition")
        or block.end - block.start > MAX_COUNT_LENGTH
    ):
        return False
    text = page.document.text
    return any(
        JOB_GROWTH_LABEL.match(text, c.line.start, c.line.end) is not None
        for c in page.list_context(index)
        if c.where in ("row", "lead_in") and c.nearest and c.line.text is text
    )


def _classify_text_number(
    page: IndexedPage, index: int, figure: Figure, inside: list[Figure], scale: bool
) -> str:
    text = page.document.text
    block = page.document.blocks[index]
    if OPENINGS.match(text, figure.end, min(block.end, figure.end + 40)):
        return "count"
    if _is_calendar_year(figure):
        return ""
    if scale and figure.size < 1000 and figure.numbers[0].decimals == 1:
        return "money"
    start, end = figure.start, find_code_behind(text, figure)
    if figure.numbers[-1].shared is not None:
        start, end = figure.numbers[-1].shared  # the whole of `40, 45 and 50 thousand`
    head = text[max(block.start, start - 60) : start]
    tail = text[end : min(block.end, end + 12)]
    if page.about_pay and _are_thousands_of_pay(page, block.start, figure, head, tail):
        return "money"
    if _is_pay_band(text, figure):
        return "money"
    if COUNTED_BEHIND.match(tail) and not SPAN_BEHIND.match(tail):
        return ""
    if _is_behind_pay_label(page, figure, head):
        return "money"
    if _is_listed_range(page, index, figure, tail):
        return "money"
    if page.words.money.spans.each.match(text, end) and PAY_VERB_BEFORE.search(head):
        return "money"
    return "money" if _is_row_of_sums(page, figure, head, tail) else ""


def _is_behind_pay_label(page: IndexedPage, figure: Figure, head: str) -> bool:
    """`Median: 52,600`, `Hourly rate: 24.50`: a sum by its size or its hundredths.

    A label that names something else is none: `Average response time: 3.10`.
    """
    label = LABEL.search(head)
    if label is None:
        return False
    gap = {word.lower() for word in LABEL_WORD.findall(label["gap"])}
    if not page.words.lists["label_things"].isdisjoint(gap):
        return False
    return figure.size >= 1000 or figure.numbers[0].decimals == 2


def _is_pay_band(text: str, figure: Figure) -> bool:
    """`PB-3 15,600-39,100 GP 5,400`: a band of the pay of India's services."""
    if not _spans(figure, LEAST_BAND, MOST_BAND, MOST_BAND_APART):
        return False
    before = PAY_BAND_BEFORE.search(text, max(0, figure.start - 24), figure.start)
    return bool(before or GRADE_PAY_BEHIND.match(text, figure.end))


def _is_listed_range(page: IndexedPage, index: int, figure: Figure, tail: str) -> bool:
    """`- Head nurse: 47,300 to 55,800` where the nearest head speaks of pay alone."""
    block = page.document.blocks[index]
    if tail.partition("\n")[0].strip(" .,;*|"):
        return False
    if not _spans(figure, LEAST_LISTED, MOST_LISTED, MOST_LISTED_APART):
        return False
    if block.end - block.start > MAX_LISTED_BLOCK and block.kind != "item":
        return False
    line = page.block_line(index)
    if not page.words.lists["label_things"].isdisjoint(line.texts):
        return False
    near = (c for c in page.list_context(index) if c.nearest and c.where in HEADS)
    head = next(near, None)
    if head is None:
        return False
    topics = [*head.line.list_strong_topics(), *line.list_strong_topics()]
    return {m.means for m in topics} == {"pay"}


def _spans(figure: Figure, least: float, most: float, apart: float) -> bool:
    """Return whether a figure is a range within bounds, its ends not too far apart."""
    low, high = figure.low, figure.high
    if low is None or high is None or not low < high:
        return False
    return least <= low and high <= most and high <= apart * low


def _is_row_of_sums(page: IndexedPage, figure: Figure, head: str, tail: str) -> bool:
    """Return whether a label and a number are a line under one that has the sign."""
    label = head.rpartition("\n")[2]
    if tail.partition("\n")[0].strip(" .,;*|"):
        return False
    if not ROW.match(label) or _has_non_pay_label(page, label):
        return False
    return _has_marked_line_above(page, figure)


def _speaks_of_pay_before(page: IndexedPage, floor: int, figure: Figure) -> bool:
    """Return whether the sentence says pay before a bare `58K`, and counts nothing."""
    text = page.document.text
    floor = max(floor, figure.start - LONGEST_OPENING)
    start = max(
        text.rfind(mark, floor, figure.start) for mark in (". ", "\n", "! ", "? ")
    )
    line = page.span_line(max(start + 1, floor), figure.start)
    topics = {m.means for m in line.list_strong_topics()}
    # `highest salary` is a statistic as a whole, and speaks of pay all the same.
    said = topics or {"pay" for word in line.texts if word in PAY_NOUNS}
    return said == {"pay"}


def _are_thousands_of_pay(
    page: IndexedPage, floor: int, figure: Figure, head: str, tail: str
) -> bool:
    """Return whether words before or behind a bare `50k` make it pay."""
    if not _is_thousands_of_pay(figure):
        return False
    reached = PAY_REACHED_BEFORE.search(head) and not NON_PAY_UNIT_BEHIND.match(tail)
    if reached or PAY_NOUN_BEHIND.match(page.document.text, figure.end):
        return True
    return bool(ENDING.match(tail)) and _speaks_of_pay_before(page, floor, figure)


def _is_thousands_of_pay(figure: Figure) -> bool:
    """`50k`, of the size of a year's pay or a bonus."""
    scaled = any(number.scale == 1000 for number in figure.numbers)
    return scaled and 1_000 <= figure.size <= 900_000


def _has_non_pay_label(page: IndexedPage, label: str) -> bool:
    """Return whether a label names something else than pay: `Employment: 194,800`."""
    found = page.words.head_lexicon.find_mentions(label, split_tokens(label))
    return any(m.category == "head_words" and m.means == "not_pay" for m in found)


def _is_calendar_year(figure: Figure) -> bool:
    number = figure.numbers[0] if figure.numbers else None
    return (
        number is not None
        and number.decimals == 0
        and 1900 <= figure.size <= 2100
        and number.end - number.start == 4
    )


def _has_marked_line_above(page: IndexedPage, figure: Figure) -> bool:
    """Return whether the line before, of the same shape, carries the sign."""
    text = page.document.text
    floor = max(0, figure.start - 240)
    start = text.rfind("\n", floor, figure.start)
    if start <= floor:
        return False
    above = text[text.rfind("\n", floor, start) + 1 : start]
    if SIGNED_ROW.fullmatch(above):
        return True
    return bool(POINT_ROW.fullmatch(above)) and figure.numbers[0].decimals == 2


def _classify_cell_number(page: IndexedPage, index: int, figure: Figure) -> str:
    """By the heads of its column, or by the signs of the column's other cells."""
    if _is_no_sum_of_cell(page, index, figure):
        return ""
    block = page.document.blocks[index]
    if _is_pay_band(page.document.text, figure):
        return "money"
    verdict = type_cell(page, index).means
    signed = block.table is not None and page.has_marked_column(
        block.table, block.column or 0
    )
    if not verdict and signed:
        other = any(_is_non_pay_row_head(page, head) for head in block.row_heads[:1])
        verdict = "" if other else "pay"
    verdict = (
        verdict
        or _judge_headless_table(page, index, figure)
        or _judge_worker_column(page, index, figure)
    )
    odd_year = _is_calendar_year(figure) and figure.size != round(figure.size, 2)
    return "money" if verdict == "pay" and not odd_year else ""


def _is_no_sum_of_cell(page: IndexedPage, index: int, figure: Figure) -> bool:
    """Return whether a number is no sum by its cell alone: `Suite 400`, `(2)`, a date.

    Nor is one in the heads themselves.
    """
    block = page.document.blocks[index]
    text = page.document.text
    rest = text[block.start : figure.start] + text[figure.end : block.end]
    if WORD.search(rest) and not SPAN_WORD.search(rest):
        return True
    if block.head and (_is_calendar_year(figure) or not page.find_column_heads(index)):
        return True
    if NOTE_END.match(text, figure.end) and text[figure.start - 1] in "([":
        return True  # the number of a note
    return is_dated(text, figure)


def _is_non_pay_row_head(page: IndexedPage, head: int) -> bool:
    """Return whether a row is not of pay; `Grade 3` and `Step 2` only say which."""
    line = page.block_line(head)
    scaled = not page.words.lists["bare_scales"].isdisjoint(line.texts)
    if scaled and len(line.texts) == 1:
        return True  # `Grade`, and its number beside it
    return read_column_head(page, head) == "not_pay" and not scaled


def _judge_worker_column(page: IndexedPage, index: int, figure: Figure) -> str:
    """Cents in a column headed by those who are paid: `CRT`, `Journeyman`."""
    if figure.numbers[0].decimals != 2:
        return ""
    heads = [page.block_line(head) for head in page.find_column_heads(index)]
    named = any(head.get_mentions("credential", "occupation") for head in heads)
    return "pay" if named else ""


def _judge_headless_table(page: IndexedPage, index: int, figure: Figure) -> str:
    """Return pay in a table without heads for cents beside a period in the row.

    So are sums under a line that says what the columns stand for.
    """
    block = page.document.blocks[index]
    if page.find_column_heads(index):
        return ""
    for other in page.list_row_cells(block):
        if (
            page.block_line(other).get_mentions("periods")
            and figure.numbers[0].decimals == 2
        ):
            return "pay"
    if find_legend_statistic(page, index) is None:
        return ""
    return "pay" if fits_pay(page, figure, read_context_period(page, index)) else ""
