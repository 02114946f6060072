"""Claims of a document, the figures set aside, and the proof that none is lost."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.core.model import Document
from pipeline.core.reading_faults import (
    SET_ASIDE,
    ReadingFault,
    collect_faults,
    describe_figure,
    report_fault,
)
from pipeline.core.tables import make_claims as checked_claims
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract.account import find_unaccounted
from pipeline.extract.document_figures import read_figures
from pipeline.extract.drafts import Draft, Reason
from pipeline.extract.experience_ladders import fill_ladder_years
from pipeline.extract.field_certainty import describe_reading
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.idle_marks import set_idle_marks_aside
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.languages import (
    NOT_READ,
    detect_language,
    get_language_words,
    is_language_read,
)
from pipeline.extract.number_ranges import Figure
from pipeline.read import locate_span
from schemas import Claims, DataFrame

CENT = Decimal("0.01")
TOO_LARGE_AMOUNT = 1e9
STRUCTURES = {"cell": "table", "item": "list", "term": "list", "definition": "list"}
ASIDE_SCHEMA = {
    "start": pl.Int64,
    "end": pl.Int64,
    "quote": pl.String,
    "locator": pl.String,
    "reason": pl.String,
    "block": pl.Int64,
}


@dataclass(frozen=True)
class Extraction:
    """What a document's figures came to.

    Args:
        claims: One row per published figure.
        set_aside: Money and percents that are no claim: start, end, quote, locator,
            reason, block.
        why: For each claim id, each field's rule and the words it rests on.
        reason: Why there are no claims; "" where there are some.
        faults: Of ours, that set a figure or a piece of data aside.
        unread_data: Places of numbers in the page's data that may be pay and whose
            names are not known.
    """

    claims: DataFrame[Claims]
    set_aside: pl.DataFrame
    why: dict[str, dict[str, Reason]] = field(default_factory=dict)
    reason: str = ""
    faults: tuple[ReadingFault, ...] = ()
    unread_data: tuple[str, ...] = ()


def extract_rows(
    document: Document,
    vocabulary: Vocabulary,
    *,
    source: str,
    snapshot: str,
    unread_data: list[str] | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Reason]]]:
    """Claims as rows not yet checked, the figures set aside, and the reasons.

    Many documents' rows can go through `pipeline.core.tables.make_claims` at once.

    Args:
        document: As read from the stored bytes.
        vocabulary: The grammar's words and the names of things.
        source: Id of the source.
        snapshot: First 12 hex digits of the stored body's sha256.
        unread_data: Gets the places of numbers in data that were not understood.
    """
    language = detect_language(document, vocabulary)
    reading = read_figures(document, get_language_words(language, vocabulary))
    made: list[dict[str, Any]] = []
    why: list[dict[str, Reason]] = []
    aside: list[dict[str, Any]] = []
    unread = "" if is_language_read(language, vocabulary) else NOT_READ
    for draft in reading.drafts:
        too_large = "too_large" if _is_too_large(draft.figure) else ""
        reason = unread or draft.aside or too_large
        rows = [] if reason else _try_claim_rows(document, draft, reading.page.words)
        if not rows:
            reason = reason or SET_ASIDE
            aside.append(_make_aside_row(document, draft.figure, reason, draft.block))
        for row in rows:
            made.append({"source": source, "snapshot": snapshot, **row})
            why.append(draft.why)
    for figure, reason in reading.unplaced:
        aside.append(_make_aside_row(document, figure, reason, None))
    read = [d.figure for d in reading.drafts] + [f for f, _ in reading.unplaced]
    for figure, reason in set_idle_marks_aside(reading.page, read):
        aside.append(_make_aside_row(document, figure, reason, None))
    places = [] if unread_data is None else unread_data
    for row, reasons in _read_data(document, reading.page, made, places):
        made.append({"source": source, "snapshot": snapshot, **row})
        why.append(reasons)
    try:
        fill_ladder_years(made, document, vocabulary)
    except Exception as error:
        report_fault("the page's own years of experience", error)
    aside.sort(key=lambda row: (row["start"], row["end"]))
    return made, aside, why


def _read_data(
    document: Document,
    page: IndexedPage,
    made: list[dict[str, Any]],
    unread: list[str],
) -> list[tuple[dict[str, Any], dict[str, Reason]]]:
    """Return the claims of the page's data; its facts go to the claims of its words.

    Args:
        document: The page.
        page: The same, with its words.
        made: Claims of the words; changed in place.
        unread: Gets the places of numbers that may be pay and were not understood.
    """
    if not document.data:
        return []
    from pipeline.extract.board_claims import list_pay_texts, read_board_rows
    from pipeline.extract.board_rows import find_board_rows
    from pipeline.extract.embedded_claims import read_embedded_data
    from pipeline.extract.embedded_graph import DataGraph
    from pipeline.extract.embedded_repeats import drop_said_by_postings
    from pipeline.extract.embedded_texts import read_data_texts
    from pipeline.extract.posting_facts import lend_posting_facts, merge_shown_rows

    graph = DataGraph.from_document(document)
    try:
        lend_posting_facts(made, document, page, graph)
    except Exception as error:
        report_fault("what the data say of the job", error)
    boards = find_board_rows(page, graph)
    rows = list(read_board_rows(document, page, boards))
    texts = list_pay_texts(document, page, boards, rows)
    reading = read_embedded_data(document, page, graph, boards)
    unread += reading.unread
    rows += drop_said_by_postings(merge_shown_rows(made, reading), rows)
    make_rows = _try_small_rows
    rows += read_data_texts(document, page, graph, make_rows, texts, unread)
    return rows


def _try_small_rows(
    document: Document, draft: Draft, words: Gazetteer
) -> list[dict[str, Any]]:
    """Return a draft as rows, unless it is too large."""
    return (
        [] if _is_too_large(draft.figure) else _try_claim_rows(document, draft, words)
    )


def extract(
    document: Document, vocabulary: Vocabulary, *, source: str, snapshot: str
) -> Extraction:
    """Read every published figure of a document.

    Args:
        document: As read from the stored bytes.
        vocabulary: The grammar's words and the names of things.
        source: Id of the source, e.g. `article`.
        snapshot: First 12 hex digits of the stored body's sha256.
    """
    unread: list[str] = []
    with collect_faults() as faults:
        made, aside, why = extract_rows(
            document,
            vocabulary,
            source=source,
            snapshot=snapshot,
            unread_data=unread,
        )
        frame = _check_rows(made, why, aside)
    reasons = dict(zip(frame["claim_id"].to_list(), why, strict=True))
    left = pl.DataFrame(aside, schema=ASIDE_SCHEMA)
    silent = _explain_no_claims(document, made, aside, unread)
    return Extraction(frame, left, reasons, silent, tuple(faults), tuple(unread))


def _check_rows(
    made: list[dict[str, Any]],
    why: list[dict[str, Reason]],
    aside: list[dict[str, Any]],
) -> DataFrame[Claims]:
    """Return rows as claims; those that break the schema are taken out and set aside.

    Args:
        made: Rows of claims; changed in place, as the others are.
        why: For each of them, each field's rule.
        aside: Rows of figures that were set aside.
    """
    try:
        return checked_claims(made)
    except Exception as error:
        report_fault("a claim that breaks its own schema", error)
    unfit = _find_unfit_rows(made, 0)
    for at in reversed(unfit):
        row = made[at]
        names = ("start", "end", "quote", "locator")
        aside.append(
            {**{n: row.get(n) for n in names}, "reason": SET_ASIDE, "block": None}
        )
        del made[at], why[at]
    return checked_claims(made)


def _find_unfit_rows(rows: list[dict[str, Any]], first: int) -> list[int]:
    """Find by halves the rows that break the schema; `first` is the number of one."""
    try:
        checked_claims(rows)
    except Exception:
        if len(rows) == 1:
            return [first]
        half = len(rows) // 2
        low = _find_unfit_rows(rows[:half], first)
        return low + _find_unfit_rows(rows[half:], first + half)
    return []


def _explain_no_claims(
    document: Document, made: list[Any], aside: list[Any], unread: list[str]
) -> str:
    if made:
        return ""
    if unread and not aside:
        return "its data give numbers under names that are not known"
    if not document.text.strip() and not document.data:
        return "the page has no text"
    if not aside:
        return "no sum of money and no percent stands on the page"
    counts: dict[str, int] = {}
    for row in aside:
        counts[row["reason"]] = counts.get(row["reason"], 0) + 1
    listed = ", ".join(
        f"{n} {r}" for r, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
    )
    return f"every figure was set aside: {listed}"


def _make_aside_row(
    document: Document, figure: Figure, reason: str, block: int | None
) -> dict[str, Any]:
    return {
        "start": figure.start,
        "end": figure.end,
        "quote": document.text[figure.start : figure.end],
        "locator": locate_span(document, figure.start, figure.end),
        "reason": reason,
        "block": block,
    }


def _try_claim_rows(
    document: Document, draft: Draft, words: Gazetteer
) -> list[dict[str, Any]]:
    """Return a draft as rows; none where a fault of ours strikes it."""
    try:
        return _make_claim_rows(document, draft, words)
    except Exception as error:
        start, end = draft.figure.start, draft.figure.end
        report_fault(describe_figure(document.text, start, end), error)
        return []


def _make_claim_rows(
    document: Document, draft: Draft, words: Gazetteer
) -> list[dict[str, Any]]:
    """Return a draft as rows: two for the middle half, one for a bracketed share."""
    figure = draft.figure
    block = document.blocks[draft.block]
    row: dict[str, Any] = {
        "locator": locate_span(document, figure.start, figure.end),
        "quote": document.text[figure.start : figure.end],
        "start": figure.start,
        "end": figure.end,
        "structure": STRUCTURES.get(block.kind, "prose"),
        "section": " > ".join(block.section) or None,
        "kind": draft.kind,
        "value": _round_to_cents(figure.value),
        "low": _round_to_cents(figure.low),
        "high": _round_to_cents(figure.high),
        "repair": ",".join(dict.fromkeys(figure.repairs)) or None,
    }
    for name, value in draft.fields.items():
        if name not in ("kind", "bound", "split"):
            row[name] = value
    if row.get("period") == "":
        row["period"] = None
    inherited = [f"{n}:{w}" for n, w in sorted(draft.inherited.items()) if n in row]
    row["inherited"] = ",".join(inherited) or None
    row["basis"], row["certainty"] = describe_reading(draft, row, words)
    row["unread"] = "; ".join(draft.unread) or None
    if draft.kind in ("share", "cost", "other"):
        row.pop("statistic", None)
    if split := draft.fields.get("split"):
        return _split_middle_half(document, draft, row, split)
    return [row]


def _split_middle_half(
    document: Document, draft: Draft, row: dict[str, Any], names: tuple[str, str]
) -> list[dict[str, Any]]:
    """Return rows of p25 and p75 for `the middle 50 percent made between A and B`."""
    out = []
    for number, name in zip(draft.figure.numbers, names, strict=True):
        place = {
            "locator": locate_span(document, number.start, number.end),
            "quote": document.text[number.start : number.end],
            "start": number.start,
            "end": number.end,
            "value": _round_to_cents(number.value),
            "low": None,
            "high": None,
            "statistic": name,
        }
        out.append({**row, **place})
    return out


def _is_too_large(figure: Figure) -> bool:
    """Beyond any pay, and beyond what the money columns hold."""
    return any(
        (x or 0) >= TOO_LARGE_AMOUNT for x in (figure.value, figure.low, figure.high)
    )


def _round_to_cents(number: float | None) -> Decimal | None:
    if number is None:
        return None
    return Decimal(repr(round(number, 4))).quantize(CENT)


def find_lost_figures(
    extraction: Extraction, document: Document, vocabulary: Vocabulary
) -> list[tuple[int, int, str]]:
    """Find money and percents of a document that are neither claimed nor set aside.

    The finder is another than the one that reads figures: see `account`.

    Returns:
        Start, end and text of each that was lost; empty when the counts add up.
    """
    spans = [
        (a, b)
        for frame in (extraction.claims, extraction.set_aside)
        for a, b in zip(frame["start"].to_list(), frame["end"].to_list(), strict=True)
        if a is not None
    ]
    return find_unaccounted(document, vocabulary, spans)
