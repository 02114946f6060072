"""Read the salary of a JobPosting: its sums, with the period and currency they are in.

What nothing explains is kept as written and marked as unread: the row is set aside by
name, and the other rows go on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.core.currency_table import CurrencyTable, read_currencies
from pipeline.core.model import Datum, Document
from pipeline.core.pay_periods import find_pay_period, load_pay_periods
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared.embedded_data import AMOUNT, parse_amount

# A plain sum, a MonetaryAmount or a distribution, each alone or in a list:
# `/baseSalary`, `/baseSalary/value/minValue`, `/estimatedSalary/0/median`.
SALARY = re.compile(r"/(baseSalary|estimatedSalary)(?:/\d{1,2})?(?:/value)?/?([^/]*)\Z")
# schema.org's keys are `minValue` and `maxValue`; the others are seen in their place.
LOW = ("minValue", "minimumValue", "minimum", "min")
HIGH = ("maxValue", "maximumValue", "maximum", "max")
ENDS = {**dict.fromkeys(LOW, "low"), **dict.fromkeys(HIGH, "high")}
POINTS = ("value", "price", "amount")
STATISTICS = {
    "median": "median",
    "percentile10": "p10",
    "percentile25": "p25",
    "percentile75": "p75",
    "percentile90": "p90",
}
UNITS = ("unitText", "unitCode", "duration")
CURRENCIES = ("currency", "currencyCode", "priceCurrency")
# Keys of a salary that are no sums.
NOT_SUMS = {"@type", "@id", "@context", "name", "description", "url", "validFrom",
          "validThrough", *UNITS, *CURRENCIES}  # fmt: skip
SIGNED = re.compile(r"[^\w\s.,+-]\s?")  # `$40,000`
ALONE = {"low": "minimum", "high": "maximum"}
Row = dict[str, Any]
Data = Mapping[str, Datum]


@dataclass(frozen=True)
class SalaryWords:
    """What labels of pay periods and currencies mean.

    Args:
        units: Label in upper case to pay period.
        currencies: With their codes and signs.
    """

    units: Mapping[str, str]
    currencies: CurrencyTable

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary, source: str) -> "SalaryWords":
        """Read them, with the labels of one source before those of any."""
        return cls(load_pay_periods(vocabulary, source), read_currencies(vocabulary))


def read_salary_figures(
    document: Document, data: Data, words: SalaryWords, facts: Row
) -> Iterator[Row]:
    """Yield the salary of a posting: one row for two ends, one for each other sum.

    Args:
        document: With the posting in its data.
        data: The posting's scalars by their pointer from its object.
        words: For its labels.
        facts: Claim fields that hold for all of its sums.
    """
    groups: dict[str, dict[str, Datum]] = {}
    for pointer, datum in data.items():
        if match := SALARY.search(pointer):
            object_ = pointer.rpartition("/")[0] if match[2] else pointer
            keys = groups.setdefault(object_.removesuffix("/value"), {})
            keys[match[2] or "value"] = datum
    for pointer, keys in groups.items():
        sums = {k: d for k, d in keys.items() if k not in NOT_SUMS and not k.isdigit()}
        terms = {**facts, **_read_terms(data, pointer, words)}
        for key, row in _read_sums(document, sums):
            strange = key not in {*ENDS, *STATISTICS, *POINTS}
            notes = [terms.get("unread"), f"field {pointer}/{key}" if strange else None]
            yield {**terms, **row, "unread": "; ".join(filter(None, notes)) or None}


def _read_sums(document: Document, sums: Data) -> Iterator[tuple[str, Row]]:
    """Yield two ends as one range, other sums alone; zero and text are no pay.

    With each the key that it stands under.
    """
    ends: dict[str, tuple[Datum, Decimal]] = {}
    for key, datum in sums.items():
        found = parse_sum(datum)
        if key in ENDS and found is not None:
            ends.setdefault(ENDS[key], (datum, found))
    if ends:
        values = {end: amount for end, (_, amount) in ends.items()}
        first, _ = ends.get("low") or ends["high"]
        yield "minValue", _make_row(document, first, values)
    for key, datum in sums.items():
        if key in ENDS:
            continue
        statistic = STATISTICS.get(key, "unspecified")
        if (amount := parse_sum(datum)) is not None:
            yield (
                key,
                {**_place(document, datum), "value": amount, "statistic": statistic},
            )


def parse_sum(datum: Datum) -> Decimal | None:
    """Return a positive sum, with or without a sign of money; None for all else."""
    found = parse_amount(datum)
    sign = SIGNED.match(datum.raw) if found is None else None
    if sign is None or isinstance(datum.value, bool):
        return found
    rest = datum.raw[sign.end() :].strip()
    return Decimal(rest.replace(",", "")) if AMOUNT.fullmatch(rest) else None


def _place(document: Document, datum: Datum) -> Row:
    from pipeline.read import locate_datum

    locator = locate_datum(document, datum)
    return {"locator": locator, "quote": datum.raw, "structure": datum.form}


def _make_row(document: Document, first: Datum, ends: Mapping[str, Decimal]) -> Row:
    """Return two ends as a range, one as a bound, and two that are one as a point."""
    row = _place(document, first)
    if len(ends) == 2 and ends["low"] == ends["high"]:
        # A board that writes a sum as a range.
        return {**row, "value": ends["low"], "statistic": "unspecified"}
    alone = "range" if len(ends) == 2 else ALONE[next(iter(ends))]
    return {**row, "low": ends.get("low"), "high": ends.get("high"), "statistic": alone}


def _read_terms(data: Data, pointer: str, words: SalaryWords) -> Row:
    """Return period, currency and basis that a salary's object states for its sums."""
    unit = _read_near(data, pointer, UNITS)
    period = find_pay_period(words.units, unit) if unit else None
    # JobPosting has a currency of its own, beside that of the MonetaryAmount.
    label = _read_near(data, pointer, CURRENCIES) or _read_text(data, "/salaryCurrency")
    currency = find_currency(words, label, _find_nation(data)) if label else None
    unread = [f"currency {label[:20]}"] if label and not currency else []
    unread += [f"period {unit[:40]}"] if unit and not period else []
    # `estimatedSalary` is the board's guess; of base pay only where its name says so.
    base = "/baseSalary" in pointer or _read_near(data, pointer, ("name",)) == "base"
    return {
        "period": period or None,
        "currency": currency or None,
        "pay_basis": "base" if base else "unspecified",
        "unread": "; ".join(unread) or None,
    }


def find_currency(words: SalaryWords, label: str, nation: str) -> str:
    """Return the code that a label means; "" where nothing explains it.

    Args:
        words: With the currencies.
        label: A code in any letters, a sign or a name.
        nation: Code of the posting's country, for a sign that several share.
    """
    codes = words.currencies.list_codes(label)
    home = words.currencies.homes.get(nation.upper(), "")
    return home if home in codes else next(iter(codes), "")


def _find_nation(data: Data) -> str:
    """Return the country of the posting's place, as its data write it."""
    places = (
        p for p in data if p.endswith(("/addressCountry", "/addressCountry/name"))
    )
    return next((_read_text(data, place) for place in places), "")


def _read_near(data: Data, pointer: str, names: tuple[str, ...]) -> str:
    """Return the first text under some keys of a salary's value, or of itself."""
    for name in names:
        for place in (f"{pointer}/value/{name}", f"{pointer}/{name}"):
            if text := _read_text(data, place):
                return text
    return ""


def _read_text(data: Data, pointer: str) -> str:
    found = data[pointer].value if pointer in data else None
    return found.strip() if isinstance(found, str) else ""
