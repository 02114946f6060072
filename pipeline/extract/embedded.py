"""Figures in data that a page embeds for machines: JSON-LD, and the page's own state.

A number is pay if a key on its way says pay (`estimatedSalary`, `payRange`) and its
own key says which figure (`median`, `percentile10`, `minValue`). What its object, or
one around it, says of currency, period, job and place holds for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pipeline.extract.drafts import Reason
from pipeline.extract.experience import bare_band
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.lexicon import tokens
from pipeline.extract.numbers import Number, numbers
from pipeline.extract.page import Page
from pipeline.extract.statistic import PERCENTILES
from pipeline.model import Datum, Document
from pipeline.read import locate_datum

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SHORT = re.compile(
    r"(?i)^p(\d{2})$|^(?:pct|perc|pctl)_?(\d{2})$|^(\d{2})(?:th)?_?p(?:ct|erc)?"
)
CENT = Decimal("0.01")
JOBS = ("Occupation", "JobPosting", "OccupationAggregation", "EmployeeRole")
LARGEST = 400_000.0
DEEP = 4

Row = tuple[dict[str, Any], dict[str, Reason]]


@dataclass(slots=True)
class Node:
    """One object of the data: its scalars, and where it hangs."""

    pointer: str
    keys: dict[str, Datum] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """A number that is pay: which figure of its object, and how it reads."""

    datum: Datum
    number: Number
    role: str
    words: list[str]
    node: Node


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


def _words(pointer: str) -> list[str]:
    """The words of the keys on the way to a value."""
    out = []
    for part in pointer.split("/"):
        if match := SHORT.match(part):
            out += ["percentile", next(group for group in match.groups() if group)]
        elif not part.isdigit():
            out += [word.lower() for word in WORD.findall(part)]
    return out


def _found(page: Page, node: Node, nodes: dict[str, Node]) -> Iterator[Found]:
    """The numbers of an object that are pay."""
    for key, datum in node.keys.items():
        number = _number(datum)
        if number is None or number.value <= 0 or number.fault:
            continue
        words = _words(datum.pointer)
        own = _words("/" + key)
        role = _role(page.words, own, number)
        if not role and key.isdigit():
            continue
        if role and _about_pay(page.words, words, node, nodes, number):
            yield Found(datum, number, role, words, node)


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
    if number.value > LARGEST or number.value < 2:
        return False
    return "pay" in means or "bonus" in means or typed


def _rows(
    document: Document,
    page: Page,
    node: Node,
    nodes: dict[str, Node],
    found: list[Found],
) -> Iterator[Row]:
    """An object's figures as claims; its two ends as one range."""
    lows = [f for f in found if f.role == "low"]
    highs = [f for f in found if f.role == "high"]
    paired = {}
    for low, high in zip(lows, highs, strict=False):
        if low.number.value <= high.number.value:
            paired[low.datum.pointer] = high
    skipped = {high.datum.pointer for high in paired.values()}
    for one in found:
        if one.datum.pointer not in skipped:
            yield _row(document, page, nodes, one, paired.get(one.datum.pointer))


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
    row["currency"] = _currency(page, nodes, one)
    _kind(page, nodes, one, row)
    row["period"] = _period(page, nodes, one, row)
    _lend(page, nodes, one, row)
    row["inherited"] = (
        ",".join(f"{n}:document" for n in sorted(row) if n in LENT) or None
    )
    return row, why


LENT = ("occupation", "area", "currency", "period", "reference_period", "attributed_to")


def _money(number: Number) -> Decimal:
    return Decimal(repr(round(number.value, 4))).quantize(CENT)


def _around(nodes: dict[str, Node], pointer: str) -> Iterator[tuple[int, Node]]:
    """The object of a value and those around it, nearest first."""
    at = pointer
    depth = 0
    while True:
        at = at.rpartition("/")[0]
        if at in nodes:
            yield depth, nodes[at]
        depth += 1
        if not at or depth > 12:
            return


def _said(
    page: Page, nodes: dict[str, Node], one: Found, name: str, deep: int = 12
) -> list[str]:
    """Texts that keys of one meaning hold, in the object and around it."""
    out = []
    for depth, node in _around(nodes, one.datum.pointer):
        if depth > deep:
            break
        for key, datum in node.keys.items():
            if (
                page.words.fields.get(key.lower().replace("_", "").replace("-", ""))
                == name
            ):
                if isinstance(datum.value, str) and len(datum.value) < 200:
                    out.append(datum.value)
                elif name == "reference_period" and isinstance(datum.value, int):
                    out.append(str(datum.value))
    return out


def _currency(page: Page, nodes: dict[str, Node], one: Found) -> str:
    for text in _said(page, nodes, one, "currency"):
        if re.fullmatch(r"[A-Z]{3}", text.strip()):
            return text.strip()
        if code := page.words.currencies.get(text.strip().lower()):
            return code
    mark = one.number.mark.lower()
    return page.words.currencies.get(mark) or page.currency


def _period(
    page: Page, nodes: dict[str, Node], one: Found, row: dict[str, Any]
) -> str | None:
    """By the nearest key that names it, else the keys on the way, else the size."""
    for text in _said(page, nodes, one, "period"):
        if name := page.words.durations.get(text.strip().lower()):
            return name
    text = " ".join(one.words)
    for mention in reversed(page.words.keys.find(text, tokens(text))):
        if mention.category == "periods" and mention.means:
            return mention.means
    if row["kind"] == "bonus":
        return None
    for name, (_, _, least, most) in page.words.magnitudes.items():
        if least <= one.number.value < most:
            return name
    return None


def _kind(page: Page, nodes: dict[str, Node], one: Found, row: dict[str, Any]) -> None:
    """A bonus by its keys or the name of its object; base or total pay likewise."""
    names = [
        str(one.node.keys[k].value)
        for k in ("name", "type", "label")
        if k in one.node.keys
    ]
    text = " ".join([*one.words, *names]).lower()[:300]
    for mention in page.words.keys.find(text, tokens(text)):
        if mention.category == "json_words" and mention.means == "bonus":
            row["kind"] = "bonus"
        elif mention.category == "pay_bases":
            row.setdefault("pay_basis", mention.means)
    if "total" in text.split() and "pay_basis" not in row:
        row["pay_basis"] = "total"


def _lend(page: Page, nodes: dict[str, Node], one: Found, row: dict[str, Any]) -> None:
    """Job, place, source, date, experience and credential from the objects around."""
    from pipeline.extract.attribution import publishers
    from pipeline.extract.dates import dates
    from pipeline.extract.fields import areas, credentials
    from pipeline.extract.occupations import occupations

    for text in _titles(page, nodes, one):
        named = [m for m in occupations(page, page.heading_line(text)) if m.means]
        row["occupation"] = named[0].means if named else text.lower()
        break
    else:
        row["occupation"] = page.occupation or None
    for text in (
        _together(one)
        + _said(page, nodes, one, "area", DEEP)
        + _places(nodes, one)
        + _segments(one)
    ):
        places = areas(page.heading_line(text))
        if places:
            row["area"] = places[0].means
            level = page.words.levels.get(row["area"])
            row["area_level"] = level if level != "region" else None
            break
    for text in _said(page, nodes, one, "attributed_to", 2):
        known = publishers(page.heading_line(text))
        row["attributed_to"] = known[0].means if known else text
        break
    for text in _said(page, nodes, one, "reference_period", DEEP):
        when = dates(text, 0, len(text))
        if when:
            row["reference_period"] = when[0].means
            break
    for text in _said(page, nodes, one, "experience", 1):
        band = bare_band(re.sub(r"(?i)\s*(?:years?|yrs?).*$", "", text))
        if band is not None:
            row["experience_min"], row["experience_max"] = band
            row["experience_label"] = text
            break
    for text in _said(page, nodes, one, "credential", 1) + _together(one):
        held = [
            m for m in credentials(page, page.heading_line(text)) if m.place != "bare"
        ]
        if held:
            row["credential"] = held[0].means
            break
    for text in _together(one):
        said = page.heading_line(text)
        for category, name in (
            ("work_modes", "work_mode"),
            ("employer_types", "employer_type"),
        ):
            if said.of(category):
                row.setdefault(name, said.of(category)[0].means)


def _together(one: Found) -> list[str]:
    """City and state of the figure's own object, and its short texts."""
    keys = {key.lower(): d.value for key, d in one.node.keys.items()}
    city, state = keys.get("city"), keys.get("state")
    both = (
        [f"{city}, {state}"] if isinstance(city, str) and isinstance(state, str) else []
    )
    texts = [
        value
        for value in keys.values()
        if isinstance(value, str) and 1 < len(value) < 60 and not value.islower()
    ]
    return both + texts


def _segments(one: Found) -> list[str]:
    """Keys on the way that may be names: `{"Texas": {"mean": 54000}}`."""
    return [
        part
        for part in reversed(one.datum.pointer.split("/"))
        if part and not part.isdigit()
    ]


def _titles(page: Page, nodes: dict[str, Node], one: Found) -> Iterator[str]:
    """What the job is called, in the object or those around it."""
    for _, node in _around(nodes, one.datum.pointer):
        kind = node.keys.get("@type")
        if kind is not None and str(kind.value) in JOBS:
            for key in ("title", "name"):
                if key in node.keys and isinstance(node.keys[key].value, str):
                    yield str(node.keys[key].value)
    for text in _said(page, nodes, one, "occupation"):
        if 2 < len(text) < 80:
            yield text


def _places(nodes: dict[str, Node], one: Found) -> list[str]:
    """Names in a location object that hangs beside the figure's own objects."""
    out = []
    for depth, node in _around(nodes, one.datum.pointer):
        for pointer, other in nodes.items():
            rest = pointer.removeprefix(node.pointer)
            if rest == pointer and node.pointer or "ocation" not in rest:
                continue
            parts = [
                str(other.keys[k].value)
                for k in ("addressLocality", "addressRegion", "name", "addressCountry")
                if k in other.keys
            ]
            if parts:
                out.append(", ".join(parts[:2]))
        if out or depth > DEEP:
            break
    return out
