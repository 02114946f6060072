"""What the keys and types around a number of embedded data say: whether it is pay.

Data in the words of schema.org are pay under a property that says so. Those of a page's
own state are where a key that is known says so; what is not known is never guessed.
"""

import re

from pipeline.core.model import Datum
from pipeline.core.money_marks import MoneyMarks
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.embedded_graph import (
    DataGraph,
    EmbeddedObject,
    is_schema,
    list_types,
    walk_outwards,
)
from pipeline.extract.embedded_objects import find_key_mentions, list_key_words
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.numbers import find_numbers
from pipeline.extract.statistic_cues import PERCENTILES

MAX_PAY = 1_500_000.0
LEAST_PAY = 2.0
POWER = re.compile(r"\d{1,9}(?:\.\d{1,9})?[eE]\+?\d{1,2}")
JOB_KEYS = frozenset(("jobtitle", "occupation", "occupationtitle", "profession"))
PERCENTS = ("percent", "percentage", "%", "pct")
STATISTIC_KEYS = ("ident", "percentile", "statistic", "stat", "measure")
PAY_WORDS = frozenset(("salary", "salaries", "pay", "wage", "wages", "compensation"))
MIN_YEARLY_PAY = 11_000.0


def parse_value(datum: Datum, money: MoneyMarks) -> ParsedNumber | None:
    """Return a value as a number, where it is one: 52600, "52,600", "$25.30"."""
    raw = datum.raw.strip()
    digits = len(raw) <= 24 and any(character.isdigit() for character in raw)
    if isinstance(datum.value, bool) or datum.value is None or not digits:
        return None
    if POWER.fullmatch(raw):  # 1.2e5
        return ParsedNumber(0, len(raw), float(raw))
    found = find_numbers(raw, money)
    if len(found) != 1 or found[0].start != 0 or found[0].end != len(raw):
        return None
    return found[0] if found[0].unit in ("bare", "money") else None


def is_no_pay_place(page: IndexedPage, graph: DataGraph, datum: Datum) -> bool:
    """Whether a value is of a loan, an offer, a product or the like, by its types."""
    nodes, none = graph.scripts[datum.script], page.words.lists["json_no_pay_types"]
    for _, node in walk_outwards(nodes, datum.pointer):
        kinds = [kind.lower() for kind in list_types(nodes, node.pointer)]
        if any(kind in page.words.lists["json_job_types"] for kind in kinds):
            return False
        if any(kind in none for kind in kinds):
            return True
    return False


def is_schema_pay(page: IndexedPage, graph: DataGraph, datum: Datum) -> bool:
    """Whether a property of schema.org on the way to a value says pay."""
    said = page.words.lists["json_pay_properties"]
    if any(step.lower() in said for step in datum.pointer.split("/")):
        return True
    parent = datum.pointer.rpartition("/")[0]
    kinds = list_types(graph.scripts[datum.script], parent)
    return "MonetaryAmountDistribution" in kinds


def names_pay(page: IndexedPage, pointer: str) -> bool:
    """Whether a key on the way says pay, and none that it is a setting or a filter."""
    means: set[str] = set()
    timed = False
    for step in pointer.split("/"):
        # A key with a space is a name: `Loan Officer` is no loan.
        words = [] if " " in step else list_key_words(step)
        found = find_key_mentions(page, words)
        means |= {m.means for m in found if m.category == "json_words"}
        timed = timed or any(m.category == "periods" for m in found)
        # `salary min` is a phrase, and `salary` a word for pay all the same.
        if not PAY_WORDS.isdisjoint(words):
            means.add("pay")
    if "setting" in means or "pay" in means:
        return "setting" not in means
    # A rate is pay by its period, earnings and bonuses where the page is about a job.
    return ("timed_pay" in means and timed) or bool(
        page.occupation and means & {"weak_pay", "bonus"}
    )


PAY_MEANINGS = frozenset(("pay", "weak_pay", "timed_pay"))


def find_role(page: IndexedPage, own: list[str], number: ParsedNumber) -> str:
    """Which figure a key names: a statistic, an end of a range, a point; or none."""
    mentions = find_key_mentions(page, own)
    for mention in mentions:
        if mention.category == "statistics":
            name, _, share = mention.means.partition(":")
            if name == "percentile":
                return PERCENTILES.get(int(float(share)), "")
            if name in ("median", "mean", "p10", "p25", "p75", "p90"):
                return name
    means = {m.means for m in mentions if m.category == "json_words"}
    if _is_named_no_pay(means, number):
        return ""
    for role in ("low", "high"):
        if role in means:
            return role
    timed = any(m.category == "periods" for m in mentions)
    return "point" if timed or means & {*PAY_MEANINGS, "point"} else ""


def _is_named_no_pay(means: set[str], number: ParsedNumber) -> bool:
    """Return whether `payRank` names no pay; of money it is pay if it says pay too."""
    if "scaled" in means:
        return True
    paid = number.unit == "money" and not PAY_MEANINGS.isdisjoint(means)
    return "not_pay" in means and not paid


def find_named_role(page: IndexedPage, node: EmbeddedObject) -> str:
    """Return the statistic that an object names beside its value; "" for none.

    `{"ident": "P50", "value": 164032}`, `{"percentile": 25, "amount": 52000}`.
    """
    for key in STATISTIC_KEYS:
        datum = node.keys.get(key)
        if datum is None or len(datum.raw) > 20:
            continue
        share = PERCENTILES.get(int(datum.raw)) if datum.raw.isdecimal() else ""
        number = ParsedNumber(0, 0, 0.0)
        role = share or find_role(page, list_key_words("/" + datum.raw), number)
        if role not in ("", "point", "low", "high"):
            return role
    return ""


def is_pay_statistic(page: IndexedPage, own: list[str], number: ParsedNumber) -> bool:
    """`medianTotal`, `avgBase`: a statistic of base or total can only be of pay."""
    kinds = {mention.category for mention in find_key_mentions(page, own)}
    two = len([word for word in own if word != "percentile"]) == 2
    whole = two and ("total" in own or "pay_bases" in kinds)
    return whole and "statistics" in kinds and 6 <= number.value <= MAX_PAY


def is_job_statistic(
    page: IndexedPage, graph: DataGraph, datum: Datum, role: str
) -> bool:
    """Whether a statistic is of pay by what stands around it, though no key says so.

    `{"jobTitle": …, "hourly": {"unit": "HOUR", "currency": "USD", "p50": 25.17}}`: with
    currency and pay period, in the data of a job; or beside the name of a place, of the
    size of a year's pay: `{"name": "Omaha, NE", "avg": 54905}`.
    """
    nodes, fields = graph.scripts[datum.script], page.words.fields
    node = nodes[datum.pointer.rpartition("/")[0]]
    jobs = (
        key.lower().replace("_", "") in JOB_KEYS
        for _, around in walk_outwards(nodes, datum.pointer)
        for key in around.keys
    )
    if role in ("low", "high", "point") or not any(jobs):
        return False
    if all(node.list_field(name, fields) for name in ("currency", "period")):
        return True
    number = datum.value if isinstance(datum.value, int) else 0
    return (
        role in ("median", "mean")
        and MIN_YEARLY_PAY <= number <= MAX_PAY
        and any(find_areas(page.heading_line(text)) for text in node.own_texts)
    )


def is_timed_rate(page: IndexedPage, node: EmbeddedObject, own: list[str]) -> bool:
    """Whether a rate is pay by the period beside it, and no percentage.

    `{"base_rate": 72497, "base_rate_type": "Annual"}`.
    """
    if "timed_pay" not in _list_meanings(page, own) or _says_percent(node):
        return False
    periods = node.list_field("period", page.words.fields)
    return any(d.raw.strip().lower() in page.words.durations for d in periods)


def _says_percent(node: EmbeddedObject) -> bool:
    """Whether an object's unit is a percentage."""
    return any(d.raw.strip().lower() in PERCENTS for d in node.keys.values())


def _list_meanings(page: IndexedPage, own: list[str]) -> set[str]:
    """Return what the words of a key mean."""
    found = find_key_mentions(page, own)
    return {m.means for m in found if m.category == "json_words"}


def is_not_understood(
    page: IndexedPage,
    node: EmbeddedObject,
    datum: Datum,
    own: list[str],
    number: ParsedNumber,
    *,
    paid: bool,
) -> bool:
    """Whether a number that was not read may be pay all the same.

    It stands under a name for pay, or on a page about a job beside a currency and a pay
    period, and its own name is not known. Digits in a text may be a name of anything.
    """
    if isinstance(datum.value, str) and number.unit != "money":
        return False
    # `P10` is a percentile, and would be ten pula.
    if datum.pointer.rpartition("/")[2] in STATISTIC_KEYS:
        return False
    means = _list_meanings(page, own)
    if means & {"not_pay", "setting"} or not own or number.value < LEAST_PAY:
        return False
    # A file of its own that tells rates may tell pay.
    rates = means & {"timed_pay", "weak_pay"} and datum.form == "json_file"
    if paid or (rates and not _says_percent(node)):
        return True
    fields = page.words.fields
    named = all(node.list_field(name, fields) for name in ("currency", "period"))
    return named and bool(page.occupation) and not is_schema(node)
