"""Figures in data that a page embeds for machines: JSON-LD, and the page's own state.

A number is pay if a key on its way says pay (`estimatedSalary`, `payRange`) and its
own key says which figure (`median`, `percentile10`, `minValue`). What its object, or
one around it, says of currency, period, job and place holds for it.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipeline.core.model import Datum, Document
from pipeline.extract.digits import Number
from pipeline.extract.drafts import Reason
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.numbers import numbers
from pipeline.extract.objects import (
    Found,
    Node,
    currency,
    key_words,
    kind,
    lend,
    period,
)
from pipeline.extract.page import Page
from pipeline.extract.statistic import PERCENTILES
from pipeline.extract.tokens import tokens
from pipeline.read import locate_datum

CENT = Decimal("0.01")
LARGEST = 1_500_000.0
YEARLY = 11_000.0
CAREER = 60.0
ENDS = {
    "low": frozenset(("min", "minimum", "from", "low", "lower", "start")),
    "high": frozenset(("max", "maximum", "to", "high", "upper", "end")),
}

Row = tuple[dict[str, Any], dict[str, Reason]]


def embedded(document: Document, page: Page) -> Iterator[Row]:
    """Rows of claims from the page's JSON-LD and embedded state, in text order."""
    for script in sorted({datum.script for datum in document.data}):
        nodes = _nodes(document, script)
        for node in nodes.values():
            found = list(_found(page, node, nodes))
            yield from _rows(document, page, node, nodes, found)


def _nodes(document: Document, script: int) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for datum in document.data:
        if datum.script != script:
            continue
        parent, _, key = datum.pointer.rpartition("/")
        nodes.setdefault(parent, Node(parent)).keys[key] = datum
    return nodes


def _found(page: Page, node: Node, nodes: dict[str, Node]) -> Iterator[Found]:
    """The numbers of an object that are pay."""
    for key, datum in node.keys.items():
        number = _number(datum)
        if number is None or number.value <= 0 or number.fault:
            continue
        words = key_words(datum.pointer)
        own = key_words("/" + key)
        role = _role(page.words, own, number)
        if not role and YEARLY <= number.value <= LARGEST and number.places == 0:
            role = "point" if _unnamed(page.words, own) else ""
        if not role and key.isdigit():
            continue
        paid = role and _about_pay(page.words, words, node, nodes, number)
        if paid or (role and _told(page.words, own, number)):
            yield Found(datum, number, role, words, node)


def _unnamed(words: Gazetteer, own: list[str]) -> bool:
    """A key that says nothing against pay: `{"entry": 48000, "senior": 71000}`."""
    text = " ".join(own)
    found = words.keys.find(text, tokens(text))
    return bool(own) and not any(m.category == "json_words" for m in found)


def _number(datum: Datum) -> Number | None:
    """A value as a number, where it is one: 52600, "52,600", "$25.30"."""
    if isinstance(datum.value, bool) or datum.value is None:
        return None
    raw = datum.raw.strip()
    if len(raw) > 24 or not any(character.isdigit() for character in raw):
        return None
    found = numbers(raw)
    if len(found) != 1 or found[0].start != 0 or found[0].end != len(raw):
        return None
    return found[0] if found[0].unit in ("bare", "money") else None


def _role(words: Gazetteer, own: list[str], number: Number) -> str:
    """Which figure a key names: a statistic, an end of a range, a point; or none."""
    text = " ".join(own)
    mentions = words.keys.find(text, tokens(text))
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


def _about_pay(
    words: Gazetteer,
    path: list[str],
    node: Node,
    nodes: dict[str, Node],
    number: Number,
) -> bool:
    """Whether a key on the way, or the object's type, says pay."""
    text = " ".join(path)
    means = {
        m.means
        for m in words.keys.find(text, tokens(text))
        if m.category == "json_words"
    }
    kind = node.keys.get("@type")
    typed = kind is not None and str(kind.value).startswith("MonetaryAmount")
    if number.value > LARGEST or number.value < 2 or "setting" in means:
        return False
    return "pay" in means or "bonus" in means or typed


def _told(words: Gazetteer, own: list[str], number: Number) -> bool:
    """`medianTotal`, `avgBase`: a statistic of base or total can only be of pay."""
    text = " ".join(own)
    kinds = {m.category for m in words.keys.find(text, tokens(text))}
    two = len([word for word in own if word != "percentile"]) == 2
    whole = two and ("total" in own or "pay_bases" in kinds)
    return whole and "statistics" in kinds and 6 <= number.value <= LARGEST


def _rows(
    document: Document,
    page: Page,
    node: Node,
    nodes: dict[str, Node],
    found: list[Found],
) -> Iterator[Row]:
    """An object's figures as claims; its two ends as one range."""
    band = _years(node, found)
    if band is not None:
        found = [f for f in found if f.role not in ("low", "high")]
    lows = [f for f in found if f.role == "low"]
    highs = [f for f in found if f.role == "high"]
    paired = {}
    for low, high in zip(lows, highs, strict=False):
        if low.number.value <= high.number.value:
            paired[low.datum.pointer] = high
    skipped = {high.datum.pointer for high in paired.values()}
    bracket = bool(lows or highs) and _bracket(page, node, found)
    for one in found:
        if one.datum.pointer in skipped:
            continue
        if bracket:
            row, why = _row(document, page, nodes, one, paired.get(one.datum.pointer))
            yield {**row, "kind": "share"}, why
            continue
        row, why = _row(document, page, nodes, one, paired.get(one.datum.pointer))
        if band is not None:
            row["experience_min"], row["experience_max"] = band
        yield row, why


def _years(node: Node, found: list[Found]) -> tuple[float | None, float | None] | None:
    """`{"from": 2, "to": 4, "pay": 52000}`: two ends too small to be pay are years."""
    points = [one for one in found if one.role not in ("low", "high")]
    named = any("years" in key_words("/" + key) for key in node.keys)
    if not points or min(one.number.value for one in points) < YEARLY * (not named):
        return None
    ends: dict[str, float] = {}
    for key, datum in node.keys.items():
        if isinstance(datum.value, int) and not isinstance(datum.value, bool):
            words = set(key_words("/" + key))
            for end in ("low", "high"):
                if words & ENDS[end]:
                    ends[end] = float(datum.value)
    if not ends or max(ends.values()) > CAREER:
        return None
    return ends.get("low"), ends.get("high")


def _bracket(page: Page, node: Node, found: list[Found]) -> bool:
    """Two ends beside a share or a count: a bar of a histogram, no range of pay."""
    if any(one.role not in ("low", "high") for one in found):
        return False
    words = {word for key in node.keys for word in key_words("/" + key)}
    words |= set(key_words(node.pointer))
    return bool(words & page.words.lists["json_bars"])


def _row(
    document: Document,
    page: Page,
    nodes: dict[str, Node],
    one: Found,
    high: Found | None,
) -> Row:
    row: dict[str, Any] = {
        "locator": locate_datum(document, one.datum),
        "quote": one.datum.raw,
        "start": None,
        "end": None,
        "structure": one.datum.form,
        "kind": "pay_level",
    }
    if high is not None:
        row["low"], row["high"] = _money(one.number), _money(high.number)
        row["statistic"] = "range"
    elif one.role in ("low", "high"):
        row[one.role] = _money(one.number)
        row["statistic"] = "minimum" if one.role == "low" else "maximum"
    else:
        row["value"] = _money(one.number)
        row["statistic"] = one.role if one.role != "point" else "unspecified"
    why = {"statistic": Reason("key", "document", text=one.datum.pointer)}
    row["currency"] = currency(page, nodes, one)
    kind(page, nodes, one, row)
    row["period"] = period(page, nodes, one, row)
    lend(page, nodes, one, row)
    row["inherited"] = (
        ",".join(f"{n}:document" for n in sorted(row) if n in LENT) or None
    )
    return row, why


LENT = ("occupation", "area", "currency", "period", "reference_period", "attributed_to")


def _money(number: Number) -> Decimal:
    return Decimal(repr(round(number.value, 4))).quantize(CENT)
