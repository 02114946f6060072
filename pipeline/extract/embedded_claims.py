"""Figures in data that a page has for machines: schema.org's, and its own state.

A number is pay if a key on its way says pay (`estimatedSalary`, `payRange`) and its
own key says which figure (`median`, `percentile10`, `minValue`). What its object, or
one around it, says of currency, period, job and place holds for it. Numbers that may be
pay and whose names are not known are counted and not guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.core.model import Datum, Document
from pipeline.core.reading_faults import report_fault
from pipeline.extract.board_rows import BoardRow, find_posting
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.drafts import Reason
from pipeline.extract.embedded_graph import DataGraph, EmbeddedObject, is_schema
from pipeline.extract.embedded_keys import (
    LEAST_PAY,
    MAX_PAY,
    MIN_YEARLY_PAY,
    find_named_role,
    find_role,
    is_job_statistic,
    is_no_pay_place,
    is_not_understood,
    is_pay_statistic,
    is_schema_pay,
    is_timed_rate,
    names_pay,
    parse_value,
)
from pipeline.extract.embedded_objects import (
    EmbeddedNumber,
    find_object_currency,
    find_object_period,
    list_key_words,
    set_inherited_fields,
    set_object_kind,
)
from pipeline.extract.embedded_repeats import find_poorer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.read import locate_datum

CENT = Decimal("0.01")
TOO_LARGE = 1e9
MAX_CAREER_YEARS = 60.0
ENDS = {
    "low": frozenset(("min", "minimum", "from", "low", "lower", "start")),
    "high": frozenset(("max", "maximum", "to", "high", "upper", "end")),
}

EmbeddedRow = tuple[dict[str, Any], dict[str, Reason]]


@dataclass
class EmbeddedReading:
    """What a page's data came to.

    Args:
        rows: Claims, in text order, each with its reasons.
        places: For each of them, spans of the page's text that show its numbers.
        unread: Places of numbers that may be pay and whose names are not known.
    """

    rows: list[EmbeddedRow] = field(default_factory=list)
    places: list[list[tuple[int, int]]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_embedded_data(
    document: Document,
    page: IndexedPage,
    graph: DataGraph,
    boards: Sequence[BoardRow] = (),
) -> EmbeddedReading:
    """Read the numbers of a page's data that are pay, and note those not understood.

    Those of a board's posting are read by its table; what the table does not name is
    noted.
    """
    reading = EmbeddedReading()
    postings = {(board.script, board.pointer): board for board in boards}
    for script, nodes in graph.scripts.items():
        first = len(reading.rows)
        for node in nodes.values():
            try:
                found = list(_find_pay_numbers(document, page, graph, node, reading))
                if board := find_posting(postings, script, node.pointer):
                    reading.unread += _list_unnamed(document, board, found)
                    continue
                made = list(_make_rows(document, page, graph, node, found, reading))
            except Exception as error:
                report_fault(f"the data at script={script};{node.pointer}", error)
                continue
            for one, row in made:
                reading.rows.append(row)
                reading.places.append([_find_shown(n) for n in one])
        for at in sorted(find_poorer(reading.rows, script, first), reverse=True):
            del reading.rows[at], reading.places[at]
    return reading


def _list_unnamed(
    document: Document, board: BoardRow, found: list[EmbeddedNumber]
) -> list[str]:
    """Return the places of a posting's numbers that its board's table does not name.

    What says an amount of the posting again is none.
    """
    if not found:
        return []
    read = {datum.raw.strip() for datum in board.list_amounts()}
    left = (one.datum for one in found if one.datum.raw.strip() not in read)
    return [locate_datum(document, datum) for datum in left]


def _find_shown(number: EmbeddedNumber) -> tuple[int, int]:
    """Return the span of the page's text that shows a number; empty where none does.

    A hidden tag stands within the item whose words say the same.
    """
    type_of = number.node.keys.get("@type")
    for datum in (number.datum, type_of):
        if datum is not None and datum.shown and datum.shown[0] < datum.shown[1]:
            return datum.shown
    return (0, 0)


def _find_pay_numbers(
    document: Document,
    page: IndexedPage,
    graph: DataGraph,
    node: EmbeddedObject,
    reading: EmbeddedReading,
) -> Iterator[EmbeddedNumber]:
    """Yield the numbers of an object that are pay; note those not understood."""
    parsed = {key: parse_value(d, page.words.money) for key, d in node.keys.items()}
    _note_unreadable(document, page, graph, node, parsed, reading)
    numbers = _list_numbers(node, parsed)
    if not numbers or is_no_pay_place(page, graph, numbers[0][1]):
        return
    for key, datum, number in numbers:
        own = list_key_words("/" + key)
        role = find_role(page, own, number)
        if role == "point":
            role = find_named_role(page, node) or role
        paid = _is_under_pay(page, graph, node, datum, number, own)
        paid = paid or (bool(role) and is_job_statistic(page, graph, datum, role))
        if role and (paid or is_pay_statistic(page, own, number)):
            words = list_key_words(datum.pointer)
            yield EmbeddedNumber(datum, number, role, words, node)
        elif is_not_understood(page, node, datum, own, number, paid=paid and not role):
            reading.unread.append(locate_datum(document, datum))


def _list_numbers(
    node: EmbeddedObject, parsed: Mapping[str, ParsedNumber | None]
) -> list[tuple[str, Datum, ParsedNumber]]:
    """Return the numbers of an object that are more than nothing, with their keys."""
    return [
        (key, datum, number)
        for key, datum in node.keys.items()
        if (number := parsed[key]) is not None and number.value > 0 and not number.fault
    ]


def _is_under_pay(
    page: IndexedPage,
    graph: DataGraph,
    node: EmbeddedObject,
    datum: Datum,
    number: ParsedNumber,
    own: list[str],
) -> bool:
    """Return whether the names on the way to a number say pay, and it can be that."""
    if is_schema(node):
        return is_schema_pay(page, graph, datum) and number.value < TOO_LARGE
    if not LEAST_PAY <= number.value <= MAX_PAY:
        return False
    return is_timed_rate(page, node, own) or names_pay(page, datum.pointer)


def _note_unreadable(
    document: Document,
    page: IndexedPage,
    graph: DataGraph,
    node: EmbeddedObject,
    parsed: Mapping[str, ParsedNumber | None],
    reading: EmbeddedReading,
) -> None:
    """Note numbers under a name for pay that are none: 1e400, a hundred digits."""
    for key, datum in node.keys.items():
        number = isinstance(datum.value, int | float) or datum.raw.isdecimal()
        # -1 stands for no value in many states.
        if not number or isinstance(datum.value, bool) or datum.raw.startswith("-"):
            continue
        said = parsed[key]
        if said is None or said.fault or said.value >= TOO_LARGE:
            schema = is_schema(node) and is_schema_pay(page, graph, datum)
            if schema or (not is_schema(node) and names_pay(page, datum.pointer)):
                reading.unread.append(locate_datum(document, datum))


def _make_rows(
    document: Document,
    page: IndexedPage,
    graph: DataGraph,
    node: EmbeddedObject,
    found: list[EmbeddedNumber],
    reading: EmbeddedReading,
) -> Iterator[tuple[list[EmbeddedNumber], EmbeddedRow]]:
    """Yield an object's figures as claims, with their numbers; two ends are one."""
    band = _find_years_band(node, found)
    if band is not None:
        found = _drop_ends(found)
    lows, highs = _list_of_role(found, "low"), _list_of_role(found, "high")
    paired = _pair_ends(lows, highs)
    skipped = {high.datum.pointer for high in paired.values()}
    bracket = bool(lows or highs) and _is_histogram_bar(page, node, found)
    if lows and highs and not paired:
        # Ends that are turned about are no range, and neither is a bound.
        reading.unread += [locate_datum(document, f.datum) for f in lows + highs]
        found = _drop_ends(found)
    for one in found:
        if one.datum.pointer in skipped:
            continue
        upper = paired.get(one.datum.pointer)
        row, why = _make_row(document, page, graph, one, upper)
        if bracket:
            row["kind"] = "share"
        elif band is not None:
            row["experience_min"], row["experience_max"] = band
        yield [one] if upper is None else [one, upper], (row, why)


def _list_of_role(found: list[EmbeddedNumber], role: str) -> list[EmbeddedNumber]:
    return [one for one in found if one.role == role]


def _drop_ends(found: list[EmbeddedNumber]) -> list[EmbeddedNumber]:
    """Return numbers without those that are an end: `minValue`, `to`."""
    return [one for one in found if one.role not in ENDS]


def _pair_ends(
    lows: list[EmbeddedNumber], highs: list[EmbeddedNumber]
) -> dict[str, EmbeddedNumber]:
    """Return the high end of each low one, by the pointer of the low one."""
    return {
        low.datum.pointer: high
        for low, high in zip(lows, highs, strict=False)
        if low.number.value <= high.number.value
    }


def _find_years_band(
    node: EmbeddedObject, found: list[EmbeddedNumber]
) -> tuple[float | None, float | None] | None:
    """`{"from": 2, "to": 4, "pay": 52000}`: two ends too small to be pay are years."""
    points = [one for one in found if one.role not in ("low", "high")]
    named = any("years" in list_key_words("/" + key) for key in node.keys)
    if not points or min(one.number.value for one in points) < MIN_YEARLY_PAY * (
        not named
    ):
        return None
    ends: dict[str, float] = {}
    for key, datum in node.keys.items():
        if isinstance(datum.value, int) and not isinstance(datum.value, bool):
            words = set(list_key_words("/" + key))
            for end in ("low", "high"):
                if words & ENDS[end]:
                    ends[end] = float(datum.value)
    if (
        not ends
        or not 0 <= min(ends.values()) <= max(ends.values()) <= MAX_CAREER_YEARS
    ):
        return None
    return ends.get("low"), ends.get("high")


def _is_histogram_bar(
    page: IndexedPage, node: EmbeddedObject, found: list[EmbeddedNumber]
) -> bool:
    """Two ends beside a share or a count: a bar of a histogram, no range of pay."""
    if any(one.role not in ("low", "high") for one in found):
        return False
    # `frequency: "ANNUAL"` is a pay period, and no count of a bar.
    spans, counts = page.words.durations, page.words.lists["json_bars"]
    keys = (k for k, d in node.keys.items() if d.raw.strip().lower() not in spans)
    words = {word for key in keys for word in list_key_words("/" + key)}
    words |= set(list_key_words(node.pointer))
    return bool(words & counts)


def _make_row(
    document: Document,
    page: IndexedPage,
    graph: DataGraph,
    one: EmbeddedNumber,
    high: EmbeddedNumber | None,
) -> EmbeddedRow:
    row: dict[str, Any] = {
        "locator": locate_datum(document, one.datum),
        "quote": one.datum.raw,
        "start": None,
        "end": None,
        "structure": one.datum.form,
        "kind": "pay_level",
    }
    if high is not None and high.number.value == one.number.value:
        # A board that writes one sum as a range.
        row["value"], row["statistic"] = _round_to_cents(one.number), "unspecified"
    elif high is not None:
        row["low"] = _round_to_cents(one.number)
        row["high"] = _round_to_cents(high.number)
        row["statistic"] = "range"
    elif one.role in ("low", "high"):
        row[one.role] = _round_to_cents(one.number)
        row["statistic"] = "minimum" if one.role == "low" else "maximum"
    else:
        row["value"] = _round_to_cents(one.number)
        row["statistic"] = one.role if one.role != "point" else "unspecified"
    why = {"statistic": Reason("key", "document", text=one.datum.pointer)}
    row["currency"] = find_object_currency(page, graph, one)
    set_object_kind(page, graph, one, row)
    row["period"] = find_object_period(page, graph, one, row)
    set_inherited_fields(page, graph, one, row)
    row["inherited"] = (
        ",".join(f"{n}:document" for n in sorted(row) if n in INHERITED_FIELDS) or None
    )
    return row, why


INHERITED_FIELDS = (
    "occupation",
    "area",
    "currency",
    "period",
    "reference_period",
    "attributed_to",
)


def _round_to_cents(number: ParsedNumber) -> Decimal:
    return Decimal(repr(round(number.value, 4))).quantize(CENT)
