"""Numbers without a unit that are money by where they stand.

In a column headed as pay, behind a label that says pay, in a list or table whose
other rows carry the sign: there a bare number is a sum. Elsewhere it is no figure.
"""

import re

from pipeline.extract.grids import enlarge, head_scale, in_grid, joined
from pipeline.extract.page import Page
from pipeline.extract.ranges import Figure
from pipeline.extract.tokens import tokens

LABEL = re.compile(
    r"(?i)\b(?:salary|salaries|wages?|pay|median|mean|average|earnings|income"
    r"|compensation|rate|hourly|annual)\b[^.;\d\n]{0,30}[:=–—-]\s*$"
)
OPENINGS = re.compile(r"(?i)\s+(?:\w+\s){0,2}?(?:job )?openings\b")
SCALED = re.compile(
    r"(?i)\(?(?:in )?[$£]\s?(?:000s?|thousands)\)?|\bin thousands\b"
    r"|\bthousands of dollars"
)
SPANNED = re.compile(
    r"(?:\s(?:an?|per)\s(?:year|hour|annum|month|week)|\sannually|/(?:yr|hr))\b"
)
PAID = re.compile(
    r"(?i)\b(?:earn|earns|earned|makes?|made|pays?|paid|averages?|averaged|salary"
    r"|salaries|wages?|median|mean)\b[^.;\d]{0,40}$"
)
REACHED = re.compile(
    r"(?i)\b(?:start(?:ed|s|ing)?|bumped|up|went|now|sits?|sitting|making|makes?|made"
    r"|earn(?:s|ed|ing)?|getting|gets?|got|pays?|paying|offered|pulling|am|i['’]m|on"
    r"|base|salary|raise)\s(?:(?:at|to|in|me|of|about|around|roughly|like|a|was|is"
    r"|just|over|under|almost|nearly)\s){0,3}$"
)
NAMED = re.compile(
    r"(?i)\s(?:(?:sign[- ]on|signing|annual|yearly|christmas|cash) )?bonus(?:es)?\b"
    r"|\s(?:base|salary|salaries|raise)\b"
)
FOLLOWED = re.compile(
    r"(?i)\s?(?:%|miles?|people|users|followers|views|subs|jobs|workers|km|steps|runs?"
    r"|words|members|employees|students|euros?|pounds?)"
)
GROWN = re.compile(r"(?i)\s*(?:employment change|change in employment|new jobs)\b")
SHORT = 24
NOTE = re.compile(r"\s?[)\]]")
ROW_LABEL = r"\W{0,4}[A-Za-z][\w ,.'’()/&-]{1,48}?\s*[-–—:|\t ]\s*"
ROW = re.compile(rf"^{ROW_LABEL}$")
SIGNED_ROW = re.compile(ROW_LABEL + r"[$£€₹]\s?[\d,.]+\W{0,3}")
POINT_ROW = re.compile(ROW_LABEL + r"\d{2}\.\d{2}")


def admit(page: Page, index: int, inside: list[Figure]) -> list[Figure]:
    """The figures of a block, bare numbers among them only where they are money."""
    block = page.document.blocks[index]
    scale = _scale(page, index)
    kept = []
    for figure in inside:
        if figure.unit != "bare":
            kept.append(figure)
            continue
        if figure.fault:
            continue
        if _growth(page, index):
            figure.unit, figure.note = "count", "growth"
            kept.append(figure)
            continue
        if block.kind == "cell":
            admitted = _cell(page, index, figure)
        else:
            admitted = _text(page, index, figure, inside, scale)
        if admitted:
            figure.unit = admitted
            if scale and admitted == "money" and figure.size < 10_000:
                enlarge(figure, 1e3, "in_thousands")
            elif block.kind == "cell" and admitted == "money" and figure.size < 1000:
                times, code = head_scale(page, index)
                if code:
                    enlarge(figure, times, code)
            kept.append(figure)
    return joined(page.document.text, kept) if block.kind == "cell" else kept


def _growth(page: Page, index: int) -> bool:
    """A count beside `Employment change, 2024-34`: jobs that come or go."""
    block = page.document.blocks[index]
    if block.kind not in ("cell", "definition") or block.end - block.start > SHORT:
        return False
    text = page.document.text
    return any(
        GROWN.match(text, c.line.start, c.line.end) is not None
        for c in page.around(index)
        if c.where in ("row", "lead_in") and c.nearest and c.line.text is text
    )


def _scale(page: Page, index: int) -> bool:
    """A head, caption or lead-in says that sums are in thousands."""
    if not page.scaled:
        return False
    block = page.document.blocks[index]
    text = page.document.text
    spans = [(block.start, min(block.end, block.start + 400))]
    spans += [
        (c.line.start, c.line.end)
        for c in page.around(index)
        if c.where in ("column", "caption", "lead_in") and c.line.text is text
    ]
    return any(SCALED.search(text, a, b) for a, b in spans)


def _text(
    page: Page, index: int, figure: Figure, inside: list[Figure], scale: bool
) -> str:
    text = page.document.text
    block = page.document.blocks[index]
    if OPENINGS.match(text, figure.end, min(block.end, figure.end + 40)):
        return "count"
    if _year(figure):
        return ""
    if scale and figure.size < 1000 and figure.numbers[0].places == 1:
        return "money"
    head = text[max(block.start, figure.start - 60) : figure.start]
    tail = text[figure.end : min(block.end, figure.end + 12)]
    if page.about_pay and _thousands(figure):
        told = REACHED.search(head) and not FOLLOWED.match(tail)
        if told or NAMED.match(text, figure.end):
            return "money"
    if re.match(r"\s*[A-Za-z%]", tail) and not re.match(
        r"(?i)\s*(?:per|an? |/|annual|year|hour|to )", tail
    ):
        return ""
    if LABEL.search(head) and (figure.size >= 1000 or figure.numbers[0].places == 2):
        return "money"
    if SPANNED.match(text, figure.end) and PAID.search(head):
        return "money"
    label = head.rpartition("\n")[2]
    if tail.partition("\n")[0].strip(" .,;*|"):
        return ""
    if not ROW.match(label) or _names_other(page, label):
        return ""
    return "money" if _sibling(page, figure) else ""


def _thousands(figure: Figure) -> bool:
    """`50k`, of the size of a year's pay or a bonus."""
    scaled = any(number.scale == 1000 for number in figure.numbers)
    return scaled and 1_000 <= figure.size <= 900_000


def _names_other(page: Page, label: str) -> bool:
    """A label that names something other than pay: `Employment: 194,800`."""
    found = page.words.heads.find(label, tokens(label))
    return any(m.category == "head_words" and m.means == "not_pay" for m in found)


def _year(figure: Figure) -> bool:
    number = figure.numbers[0] if figure.numbers else None
    return (
        number is not None
        and number.places == 0
        and 1900 <= figure.size <= 2100
        and number.end - number.start == 4
    )


def _sibling(page: Page, figure: Figure) -> bool:
    """The line before, of the same shape, carries the sign."""
    text = page.document.text
    floor = max(0, figure.start - 240)
    start = text.rfind("\n", floor, figure.start)
    if start <= floor:
        return False
    above = text[text.rfind("\n", floor, start) + 1 : start]
    if SIGNED_ROW.fullmatch(above):
        return True
    return bool(POINT_ROW.fullmatch(above)) and figure.numbers[0].places == 2


def _cell(page: Page, index: int, figure: Figure) -> str:
    """By the heads of its column, or by the signs of the column's other cells."""
    block = page.document.blocks[index]
    text = page.document.text
    rest = text[block.start : figure.start] + text[figure.end : block.end]
    if re.search(r"[A-Za-z]{3}", rest) and not re.search(
        r"(?i)per|hour|year|annual|month|week", rest
    ):
        return ""
    if block.head and not page.heads(index):
        return ""
    if NOTE.match(text, figure.end) and text[figure.start - 1] in "([":
        return ""  # the number of a note
    verdict = ""
    for head in reversed(page.heads(index)):
        verdict = _head(page, head)
        if verdict:
            break
    signed = block.table is not None and page.signed(block.table, block.column or 0)
    if not verdict and signed:
        other = any(_names_row(page, head) for head in block.row_heads[:1])
        verdict = "" if other else "pay"
    if not verdict:
        verdict = _headless(page, index, figure) or _of_people(page, index, figure)
    if not verdict and in_grid(page, index, figure):
        verdict = "pay"
    if verdict != "pay" or (_year(figure) and figure.size != round(figure.size, 2)):
        return ""
    return "money"


def _head(page: Page, head: int) -> str:
    """What a column head says its numbers are: pay, not_pay, change, or nothing."""
    block = page.document.blocks[head]
    words = tokens(page.document.text, block.start, min(block.end, block.start + 200))
    found = page.words.heads.find(page.document.text, words)
    means = {m.means for m in found if m.category == "head_words"}
    for verdict in ("not_pay", "change", "pay"):
        if verdict in means:
            return verdict
    return ""


def _names_row(page: Page, head: int) -> bool:
    """A row of something other than pay; `Grade 3` and `Step 2` only say which."""
    if _head(page, head) != "not_pay":
        return False
    words = page.block_line(head).said()
    return not words & page.words.lists["bare_scales"]


def _of_people(page: Page, index: int, figure: Figure) -> str:
    """Cents in a column headed by those who are paid: `CRT`, `Journeyman`."""
    if figure.numbers[0].places != 2:
        return ""
    heads = [page.block_line(head) for head in page.heads(index)]
    named = any(head.of("credential", "occupation") for head in heads)
    return "pay" if named else ""


def _headless(page: Page, index: int, figure: Figure) -> str:
    """A table without heads: a period in the row, and numbers with cents."""
    block = page.document.blocks[index]
    if page.heads(index) or block.table is None or block.row is None:
        return ""
    for other in page.rows.get((block.table, block.row), ()):
        if page.block_line(other).of("periods") and figure.numbers[0].places == 2:
            return "pay"
    return ""
