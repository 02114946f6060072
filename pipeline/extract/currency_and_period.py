"""The currency of a sum, and the span of time it is for."""

import re
from collections.abc import Sequence

from pipeline.extract import period_cues
from pipeline.extract.column_cues import find_row_period, find_row_span
from pipeline.extract.drafts import Draft, SentenceState
from pipeline.extract.indexed_page import ContextLine, IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.pay_sizes import find_level_period, name_period_by_size
from pipeline.extract.shared_signs import choose_currency
from pipeline.extract.tagged_lines import TaggedLine

MAX_HOURLY_DIFFERENCE = 15.0  # a difference so small is one of an hour's pay
MAX_UNIT_WORDS = 4  # in a cell of the row that says what its sums are for


# `in 2024 dollars`, `inflation-adjusted`: sums of another year's money.
CONSTANT = re.compile(
    r"(?i)\b(?:in |to )?(?:constant|real|today['’]s|(?:19|20)\d\d) "
    r"(?:(?:19|20)\d\d |constant |us )?(?:dollars|euros|pounds|money|prices)\b"
    r"|\binflation[- ]adjusted\b|\badjusted for inflation\b|\breal terms\b"
)


def set_currency(
    page: IndexedPage, line: TaggedLine, draft: Draft, around: Sequence[ContextLine]
) -> None:
    """Read a currency mark: its own, by the country spoken of, or not at all."""
    if draft.figure.unit != "money":
        return
    mark = draft.figure.mark
    lines = [line, *(c.line for c in around if c.where != "row" or c.nearest)]
    code = choose_currency(page, mark, lines)
    if constant := next(filter(None, map(_find_constant, lines)), ""):
        draft.unread = (*draft.unread, constant)
    if not mark:
        _set_currency_around(page, draft, around)
        draft.set_field("currency", code, "as the page's other figures", "document")
    elif code is None:
        draft.leave_unread("currency", "mark, unread", mark)
    elif len(page.words.money.table.list_codes(mark)) > 1:
        draft.set_field("currency", code, "mark, read by the page", text=mark)
    else:
        draft.set_field("currency", code, "mark", text=mark)


def _find_constant(line: TaggedLine) -> str:
    """Return the words of a line by which its sums are money of another year."""
    if "constant" not in line.memo:
        found = CONSTANT.search(line.text, line.start, line.end)
        line.memo["constant"] = found.group() if found else ""
    return line.memo["constant"]  # type: ignore[no-any-return]


def _list_named_money(page: IndexedPage, line: TaggedLine) -> frozenset[str]:
    """Return the marks and names of currencies in a line."""
    if "named money" not in line.memo:
        found = page.words.money.named.finditer(line.text, line.start, line.end)
        line.memo["named money"] = frozenset(m.group() for m in found)
    return line.memo["named money"]  # type: ignore[no-any-return]


def _set_currency_around(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    """Read the currency that the nearest head, caption or heading names, if one does.

    `CAD per hour` over a table holds for its bare numbers, whatever the page's other
    sums are in.
    """
    for context in around:
        if context.where == "row" or (
            context.where == "heading" and not context.nearest
        ):
            continue
        line = context.line
        marks = _list_named_money(page, line)
        codes = {choose_currency(page, mark, [line]) for mark in marks} - {None}
        if len(codes) == 1:
            draft.set_field(
                "currency", codes.pop(), "currency named around", context.where,
                text=", ".join(sorted(marks)),
            )  # fmt: skip
        if codes:
            return


def set_periods(
    page: IndexedPage,
    line: TaggedLine,
    live: Sequence[Draft],
    around: Sequence[ContextLine],
    before: SentenceState,
) -> None:
    """Say what span each sum is for: by its own words, then by its neighbours."""
    for draft in live:
        if draft.figure.unit == "money":
            own = period_cues.find_touching_period(line, draft.index)
            if own is not None:
                draft.set_field(
                    "period", own.means, "period after the figure", "sentence", own
                )
    for draft in live:
        if draft.figure.unit != "money" or "period" in draft.fields:
            continue
        _set_sentence_period(page, line, draft, live)
        if "period" not in draft.fields:
            _set_prior_period(page, draft, before)
        if "period" not in draft.fields:
            _inherit_period(page, draft, around)
        if "period" not in draft.fields and draft.kind in (
            "pay_level",
            "pay_delta_abs",
        ):
            _set_period_by_size(page, draft, live)


def _fits_period(page: IndexedPage, draft: Draft, name: str) -> bool:
    """Whether a sum can be pay for a span of time."""
    band = page.words.magnitudes.get(name)
    if band is None:
        return False
    size = draft.figure.size / page.words.money.table.size_of(
        draft.fields.get("currency")
    )
    if draft.kind in ("pay_delta_abs", "bonus"):
        return size < 1000 if name == "hour" else True
    return band[0] <= size <= band[1]


def _set_sentence_period(
    page: IndexedPage, line: TaggedLine, draft: Draft, live: Sequence[Draft]
) -> None:
    """Set a period named before the figure, or by neighbours of the same size."""
    named = period_cues.find_period_before(line, draft.index)
    if named is not None and _is_fit_or_piece(page, draft, named):
        if draft.kind != "bonus":
            draft.set_field(
                "period", named.means, "period before the figure", "sentence", named
            )
        return
    if name := _find_neighbour_period(page, draft, live):
        draft.set_field("period", name, "as its neighbour in the sentence")
        return
    if name := _find_period_of_level(draft, live):
        draft.set_field("period", name, "as the level it differs from")
        return
    after = period_cues.find_period_after(line, draft.index)
    if after is not None and _is_later_period(page, draft, after):
        draft.set_field(
            "period", after.means, "period later in the sentence", "sentence", after
        )


def _is_fit_or_piece(page: IndexedPage, draft: Draft, named: Mention) -> bool:
    """Return whether a sum can be pay for a span, or is for a piece: `per visit`."""
    return not named.means or _fits_period(page, draft, named.means)


def _is_later_period(page: IndexedPage, draft: Draft, after: Mention) -> bool:
    """Return whether a period that stands further behind a level of pay is its own."""
    if draft.kind != "pay_level" or after.place != "any" or not after.means:
        return False
    return _fits_period(page, draft, after.means)


def _find_neighbour_period(
    page: IndexedPage, draft: Draft, live: Sequence[Draft]
) -> str:
    """Return the period of a figure of the same kind and size in the sentence."""
    for other in live:
        if other is draft or other.kind != draft.kind:
            continue
        name = str(other.fields.get("period") or "")
        if name and _is_similar_size(draft, other) and _fits_period(page, draft, name):
            return name
    return ""


def _find_period_of_level(draft: Draft, live: Sequence[Draft]) -> str:
    """Return the period of the level that `$2,000 above $61,000` differs from."""
    if draft.kind != "pay_delta_abs":
        return ""
    for other in live:
        name = str(other.fields.get("period") or "")
        larger = draft.figure.size < other.figure.size
        if other.kind == "pay_level" and name and larger:
            return name
    return ""


def _set_prior_period(page: IndexedPage, draft: Draft, before: SentenceState) -> None:
    """As a figure of its kind and size in the sentence before."""
    for other in reversed(before.drafts):
        name = other.fields.get("period")
        if not name or other.kind != draft.kind or draft.kind == "bonus":
            continue
        if _is_similar_size(draft, other) and _fits_period(page, draft, name):
            draft.set_field("period", name, "as in the sentence before")
            draft.inherited["period"] = "sentence"
            return


def _is_similar_size(a: Draft, b: Draft) -> bool:
    """Return whether two sums are of one order of size: less than eightfold apart."""
    low, high = sorted((a.figure.size, b.figure.size))
    return low > 0 and high / low < 8


def _inherit_period(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> None:
    if draft.kind == "bonus":
        return
    if (unit := _find_row_unit(page, draft, around)) is not None:
        draft.set_field("period", unit[0], "unit of the row", "row", text=unit[1])
        return
    beside = [c for c in around if c.where == "row" and not c.nearest]
    others = [c for c in around if c.where != "row" or c.nearest]
    short = [c for c in beside if len(c.line.words) <= MAX_UNIT_WORDS]
    for context in (*others, *short):
        cue = _find_lent_period(page, draft, context)
        if cue is not None:
            rule = "period around"
            draft.set_field("period", cue.means, rule, context.where, cue)
            return


def _find_row_unit(
    page: IndexedPage, draft: Draft, around: Sequence[ContextLine]
) -> tuple[str, str] | None:
    """Return the period of a row, and its words: in a cell `Unit`, or in its head."""
    unit = find_row_period(page, draft)
    headed = any(c.where == "column" and c.line.get_mentions("periods") for c in around)
    return unit if unit is not None or headed else find_row_span(page, draft)


def _find_lent_period(
    page: IndexedPage, draft: Draft, context: ContextLine
) -> Mention | None:
    """Return the period that a line around gives a sum, or None.

    A heading gives none to a difference.
    """
    if draft.kind == "pay_delta_abs" and context.where == "heading":
        return None
    for cue in context.line.get_mentions("periods"):
        if not cue.means or not _speaks_for_others(context, cue):
            continue
        if _fits_period(page, draft, cue.means):
            return cue
    return None


def _speaks_for_others(context: ContextLine, cue: Mention) -> bool:
    """Return whether a period holds for figures elsewhere: not `/month` behind one.

    In `Currency: EUR/month` over a table no figure stands before it.
    """
    if cue.place == "any":
        return True
    line = context.line
    apart = context.where in ("column", "caption", "lead_in")
    return apart and not any(c.isdigit() for c in line.text[line.start : line.end])


def _set_period_by_size(page: IndexedPage, draft: Draft, live: Sequence[Draft]) -> None:
    """Set the one period a sum can be pay for: thousands a year, tens an hour."""
    size = draft.figure.size / page.words.money.table.size_of(
        draft.fields.get("currency")
    )
    if draft.kind == "pay_delta_abs":
        if size >= 1000:
            draft.set_field("period", "year", "size", "magnitude")
        elif size < MAX_HOURLY_DIFFERENCE and draft.figure.numbers:
            draft.set_field("period", "hour", "size", "magnitude")
        else:
            beside = page.list_row_cells(page.document.blocks[draft.block])
            level = find_level_period(page, beside) or None
            draft.set_field("period", level, "as the level in its row", "row")
        return
    if name := name_period_by_size(page, size):
        draft.set_field("period", name, "size", "magnitude")
        return
    for other in live:
        if (
            other.fields.get("period") == "year"
            and abs(other.figure.size / 12 - size) < 12
        ):
            draft.set_field(
                "period", "month", "a twelfth of its neighbour", "magnitude"
            )
