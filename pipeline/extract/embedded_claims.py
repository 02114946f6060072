"""Figures in data that a page embeds for machines: JSON-LD, and the page's own state.

A number is pay if a key on its way says pay (`estimatedSalary`, `payRange`) and its
own key says which figure (`median`, `percentile10`, `minValue`). What its object, or
one around it, says of currency, period, job and place holds for it.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipeline.core.model import Datum, Document
from pipeline.core.money_marks import MoneyMarks
from pipeline.core.reading_faults import report_fault
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.drafts import Reason
from pipeline.extract.embedded_objects import (
    EmbeddedNumber,
    EmbeddedObject,
    find_object_currency,
    find_object_period,
    link_locations,
    list_key_words,
    set_inherited_fields,
    set_object_kind,
)
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.numbers import find_numbers
from pipeline.extract.statistic_cues import PERCENTILES
from pipeline.extract.tokens import split_tokens
from pipeline.read import locate_datum

CENT = Decimal("0.01")
MAX_PAY = 1_500_000.0
MIN_YEARLY_PAY = 11_000.0
MAX_CAREER_YEARS = 60.0
ENDS = {
    "low": frozenset(("min", "minimum", "from", "low", "lower", "start")),
    "high": frozenset(("max", "maximum", "to", "high", "upper", "end")),
}

EmbeddedRow = tuple[dict[str, Any], dict[str, Reason]]


def find_embedded_claims(
    document: Document, page: IndexedPage
) -> Iterator[EmbeddedRow]:
    """Rows of claims from the page's JSON-LD and embedded state, in text order."""
    for script, nodes in sorted(_group_into_objects(document).items()):
        for node in nodes.values():
            try:
                found = list(_find_pay_numbers(page, node, nodes))
                rows = list(_make_rows(document, page, node, nodes, found))
            except Exception as error:
                report_fault(f"the data at script={script};{node.pointer}", error)
                continue
            yield from rows


def _group_into_objects(document: Document) -> dict[int, dict[str, EmbeddedObject]]:
    """Group the scalars of every script by the object that they are in."""
    scripts: dict[int, dict[str, EmbeddedObject]] = {}
    for datum in document.data:
        nodes = scripts.setdefault(datum.script, {})
        parent, _, key = datum.pointer.rpartition("/")
        nodes.setdefault(parent, EmbeddedObject(parent)).keys[key] = datum
    for nodes in scripts.values():
        link_locations(nodes)
    return scripts


def _find_pay_numbers(
    page: IndexedPage, node: EmbeddedObject, nodes: dict[str, EmbeddedObject]
) -> Iterator[EmbeddedNumber]:
    """Yield the numbers of an object that are pay."""
    for key, datum in node.keys.items():
        number = _parse_value(datum, page.words.money)
        if number is None or number.value <= 0 or number.fault:
            continue
        words = list_key_words(datum.pointer)
        own = list_key_words("/" + key)
        role = _find_role(page.words, own, number)
        if (
            not role
            and MIN_YEARLY_PAY <= number.value <= MAX_PAY
            and number.decimals == 0
        ):
            role = "point" if _is_neutral_key(page.words, own) else ""
        if not role and key.isdigit():
            continue
        paid = role and _is_keyed_as_pay(page.words, words, node, nodes, number)
        if paid or (role and _is_pay_statistic(page.words, own, number)):
            yield EmbeddedNumber(datum, number, role, words, node)


def _is_neutral_key(words: Gazetteer, own: list[str]) -> bool:
    """Return whether a key is not against pay: `{"entry": 48000, "senior": 71000}`."""
    text = " ".join(own)
    found = words.key_lexicon.find_mentions(text, split_tokens(text))
    return bool(own) and not any(m.category == "json_words" for m in found)


def _parse_value(datum: Datum, money: MoneyMarks) -> ParsedNumber | None:
    """Return a value as a number, where it is one: 52600, "52,600", "$25.30"."""
    raw = datum.raw.strip()
    digits = len(raw) <= 24 and any(character.isdigit() for character in raw)
    if isinstance(datum.value, bool) or datum.value is None or not digits:
        return None
    found = find_numbers(raw, money)
    if len(found) != 1 or found[0].start != 0 or found[0].end != len(raw):
        return None
    return found[0] if found[0].unit in ("bare", "money") else None


def _find_role(words: Gazetteer, own: list[str], number: ParsedNumber) -> str:
    """Which figure a key names: a statistic, an end of a range, a point; or none."""
    text = " ".join(own)
    mentions = words.key_lexicon.find_mentions(text, split_tokens(text))
    means = {m.means for m in mentions if m.category == "json_words"}
    for mention in mentions:
        if mention.category == "statistics":
            name, _, share = mention.means.partition(":")
            if name == "percentile":
                return PERCENTILES.get(int(float(share)), "point")
            if name in ("median", "mean", "p10", "p25", "p75", "p90"):
                return name
    if "not_pay" in means and not ("pay" in means and number.unit == "money"):
        return ""
    for role in ("low", "high"):
        if role in means:
            return role
    if means & {"pay", "point"} or any(m.category == "periods" for m in mentions):
        return "point"
    return ""


def _is_keyed_as_pay(
    words: Gazetteer,
    path: list[str],
    node: EmbeddedObject,
    nodes: dict[str, EmbeddedObject],
    number: ParsedNumber,
) -> bool:
    """Whether a key on the way, or the object's type, says pay."""
    text = " ".join(path)
    means = {
        m.means
        for m in words.key_lexicon.find_mentions(text, split_tokens(text))
        if m.category == "json_words"
    }
    kind = node.keys.get("@type")
    typed = kind is not None and str(kind.value).startswith("MonetaryAmount")
    if number.value > MAX_PAY or number.value < 2 or "setting" in means:
        return False
    return "pay" in means or "bonus" in means or typed


def _is_pay_statistic(words: Gazetteer, own: list[str], number: ParsedNumber) -> bool:
    """`medianTotal`, `avgBase`: a statistic of base or total can only be of pay."""
    text = " ".join(own)
    kinds = {
        m.category for m in words.key_lexicon.find_mentions(text, split_tokens(text))
    }
    two = len([word for word in own if word != "percentile"]) == 2
    whole = two and ("total" in own or "pay_bases" in kinds)
    return whole and "statistics" in kinds and 6 <= number.value <= MAX_PAY


def _make_rows(
    document: Document,
    page: IndexedPage,
    node: EmbeddedObject,
    nodes: dict[str, EmbeddedObject],
    found: list[EmbeddedNumber],
) -> Iterator[EmbeddedRow]:
    """Yield an object's figures as claims; its two ends as one range."""
    band = _find_years_band(node, found)
    if band is not None:
        found = [f for f in found if f.role not in ("low", "high")]
    lows = [f for f in found if f.role == "low"]
    highs = [f for f in found if f.role == "high"]
    paired = {}
    for low, high in zip(lows, highs, strict=False):
        if low.number.value <= high.number.value:
            paired[low.datum.pointer] = high
    skipped = {high.datum.pointer for high in paired.values()}
    bracket = bool(lows or highs) and _is_histogram_bar(page, node, found)
    for one in found:
        if one.datum.pointer in skipped:
            continue
        if bracket:
            row, why = _make_row(
                document, page, nodes, one, paired.get(one.datum.pointer)
            )
            yield {**row, "kind": "share"}, why
            continue
        row, why = _make_row(document, page, nodes, one, paired.get(one.datum.pointer))
        if band is not None:
            row["experience_min"], row["experience_max"] = band
        yield row, why


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
    words = {word for key in node.keys for word in list_key_words("/" + key)}
    words |= set(list_key_words(node.pointer))
    return bool(words & page.words.lists["json_bars"])


def _make_row(
    document: Document,
    page: IndexedPage,
    nodes: dict[str, EmbeddedObject],
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
    if high is not None:
        row["low"], row["high"] = (
            _round_to_cents(one.number),
            _round_to_cents(high.number),
        )
        row["statistic"] = "range"
    elif one.role in ("low", "high"):
        row[one.role] = _round_to_cents(one.number)
        row["statistic"] = "minimum" if one.role == "low" else "maximum"
    else:
        row["value"] = _round_to_cents(one.number)
        row["statistic"] = one.role if one.role != "point" else "unspecified"
    why = {"statistic": Reason("key", "document", text=one.datum.pointer)}
    row["currency"] = find_object_currency(page, nodes, one)
    set_object_kind(page, nodes, one, row)
    row["period"] = find_object_period(page, nodes, one, row)
    set_inherited_fields(page, nodes, one, row)
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
