"""The currency of a sum, and the span of time it is for."""

from collections.abc import Sequence

from pipeline.extract import period
from pipeline.extract.columns import row_period, row_span
from pipeline.extract.drafts import Before, Draft
from pipeline.extract.page import Context, Page
from pipeline.extract.sentences import Line

NAMED = 20_000  # how far into a page its money is looked for
CROWNS = ("kr", "kronor", "kroner")
SMALL = 15.0  # a difference so small is one of an hour's pay


def currency(page: Page, draft: Draft) -> None:
    """Read a currency mark; a bare `$` by the page, none by its other figures."""
    if draft.figure.unit != "money":
        return
    mark = " ".join(draft.figure.mark.replace("\u00a0", " ").lower().split())
    code = page.words.currencies.get(mark, "")
    if mark in CROWNS:
        code = _crowns(page)
    if mark in ("£",):
        code = "GBP"
    if code:
        draft.put("currency", code, "mark", text=draft.figure.mark)
    elif not mark:
        draft.put("currency", page.money, "as the page's other figures", "document")
    else:
        draft.put("currency", page.currency, "mark, read by the page", text=mark)


def _crowns(page: Page) -> str:
    """The crown that a page names by its code most often; Sweden's where none is."""
    text = page.document.text[:NAMED]
    return max(("SEK", "NOK", "DKK"), key=text.count)


def periods(
    page: Page,
    line: Line,
    live: Sequence[Draft],
    around: Sequence[Context],
    before: Before,
) -> None:
    """Say what span each sum is for: by its own words, then by its neighbours."""
    for draft in live:
        if draft.figure.unit == "money":
            own = period.touching(line, draft.index)
            if own is not None:
                draft.put(
                    "period", own.means, "period after the figure", "sentence", own
                )
    for draft in live:
        if draft.figure.unit != "money" or "period" in draft.fields:
            continue
        _sentence_period(page, line, draft, live)
        if "period" not in draft.fields:
            _prior_period(page, draft, before)
        if "period" not in draft.fields:
            _lent_period(page, draft, around)
        if "period" not in draft.fields and draft.kind in (
            "pay_level",
            "pay_delta_abs",
        ):
            _sized_period(page, draft, live)


def _fits(page: Page, draft: Draft, name: str) -> bool:
    """Whether a sum can be pay for a span of time."""
    band = page.words.magnitudes.get(name)
    if band is None:
        return False
    size = draft.figure.size / _worth(draft)
    if draft.kind in ("pay_delta_abs", "bonus"):
        return size < 1000 if name == "hour" else True
    return band[0] <= size <= band[1]


def _worth(draft: Draft) -> float:
    code = draft.fields.get("currency")
    return 25.0 if code in ("INR", "PHP", "JPY", "NGN", "KES") else 1.0


def _sentence_period(
    page: Page, line: Line, draft: Draft, live: Sequence[Draft]
) -> None:
    """A period named before the figure, or by its neighbours of the same size."""
    named = period.before(line, draft.index)
    piece = named is not None and not named.means
    if named is not None and (piece or _fits(page, draft, named.means)):
        if draft.kind != "bonus":
            draft.put(
                "period", named.means, "period before the figure", "sentence", named
            )
        return
    for other in live:
        if other is draft or other.kind != draft.kind:
            continue
        name = other.fields.get("period")
        if name and _alike(draft, other) and _fits(page, draft, name):
            draft.put("period", name, "as its neighbour in the sentence")
            return
    if draft.kind == "pay_delta_abs":
        for other in live:
            name = other.fields.get("period")
            if (
                other.kind == "pay_level"
                and name
                and draft.figure.size < other.figure.size
            ):
                draft.put("period", name, "as the level it differs from")
                return
    after = period.later(line, draft.index)
    if (
        after is not None
        and after.means
        and after.place == "any"
        and draft.kind == "pay_level"
        and _fits(page, draft, after.means)
    ):
        draft.put(
            "period", after.means, "period later in the sentence", "sentence", after
        )


def _prior_period(page: Page, draft: Draft, before: Before) -> None:
    """As a figure of its kind and size in the sentence before."""
    for other in reversed(before.drafts):
        name = other.fields.get("period")
        if not name or other.kind != draft.kind or draft.kind == "bonus":
            continue
        if _alike(draft, other) and _fits(page, draft, name):
            draft.put("period", name, "as in the sentence before")
            draft.inherited["period"] = "sentence"
            return


def _alike(a: Draft, b: Draft) -> bool:
    """Sums of one order of size."""
    low, high = sorted((a.figure.size, b.figure.size))
    return low > 0 and high / low < 8


def _lent_period(page: Page, draft: Draft, around: Sequence[Context]) -> None:
    if draft.kind == "bonus":
        return
    headed = any(c.where == "column" and c.line.of("periods") for c in around)
    unit = row_period(page, draft)
    if unit is None and not headed:
        unit = row_span(page, draft)
    if unit is not None:
        draft.put("period", unit[0], "unit of the row", "row", text=unit[1])
        return
    beside = [c for c in around if c.where == "row" and not c.nearest]
    for context in [*(c for c in around if c not in beside), *beside]:
        if context.where == "row" and not context.nearest:
            names = list(context.line.of("periods"))
            if len(context.line.words) > 4:
                continue
        else:
            names = context.line.of("periods")
        for cue in names:
            if cue.place == "any" and cue.means and _fits(page, draft, cue.means):
                if draft.kind == "pay_delta_abs" and context.where == "heading":
                    continue
                draft.put("period", cue.means, "period around", context.where, cue)
                return


def _sized_period(page: Page, draft: Draft, live: Sequence[Draft]) -> None:
    """What a sum can only be pay for: thousands for a year, tens for an hour."""
    size = draft.figure.size / _worth(draft)
    if draft.kind == "pay_delta_abs":
        if size >= 1000:
            draft.put("period", "year", "size", "magnitude")
        elif size < SMALL and draft.figure.numbers:
            draft.put("period", "hour", "size", "magnitude")
        return
    for name, (_, _, least, most) in page.words.magnitudes.items():
        if least <= size < most:
            draft.put("period", name, "size", "magnitude")
            return
    for other in live:
        if (
            other.fields.get("period") == "year"
            and abs(other.figure.size / 12 - size) < 12
        ):
            draft.put("period", "month", "a twelfth of its neighbour", "magnitude")
