"""What salary sites share: a distribution in JSON-LD, an object of sums in the state.

A site states one job's pay three times: in words, as schema.org's Occupation for
search engines, and in the state that its own scripts draw the page from. Each is read
by itself, so that where they disagree it shows (`json_vs_text`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.model import Datum, Document
from pipeline.core.pay_periods import PAY_UNITS_FILE
from pipeline.sources.shared import publisher_page
from pipeline.sources.shared.embedded_data import (
    STATE_FORMS,
    EmbeddedData,
    parse_amount,
)

# `/estimatedSalary/0/percentile10`: the object, and the key of a sum in it.
DISTRIBUTION = re.compile(r"(.*/estimatedSalary(?:/\d{1,3})?)/([A-Za-z]{1,30}\d{0,2})$")
STATISTICS = {
    "percentile10": "p10",
    "percentile25": "p25",
    "median": "median",
    "percentile75": "p75",
    "percentile90": "p90",
}
BASES = {"base": "base", "total": "total"}
BONUSES = frozenset(
    ("bonus", "bonuses", "commission", "commissions", "tips", "sharing")
)
ZIP = re.compile(r"(?<=[A-Z]{2})\s+\d{5}(?:-\d{4})?$")
Row = dict[str, Any]


@dataclass(frozen=True)
class StateLayout:
    """How one site's state holds the pay of a job.

    Args:
        place: Pattern of the pointer to the object that holds the sums.
        sums: Key to statistic; `low` and `high` are the two ends of a range.
        unit: Keys of the pay period, nearest first; a group of `place` goes before.
        title, area, date, currency: Keys of what the sums are about.
        counts: Keys that say how many reports there are.
        employer: Keys of whom the sums are paid by, where it is one employer.
        silent: Keys of numbers in the object that are neither sums nor counts.
        defaults: Claim fields that hold for every sum of the object.
    """

    place: re.Pattern[str]
    sums: Mapping[str, str]
    unit: tuple[str, ...]
    title: tuple[str, ...]
    area: tuple[str, ...]
    date: tuple[str, ...]
    currency: tuple[str, ...] = ("currency",)
    counts: tuple[str, ...] = ()
    employer: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    defaults: Mapping[str, str | bool] = field(default_factory=dict)


def read_distribution(
    document: Document, where: str, units: Mapping[str, str], change: str
) -> Iterator[Row]:
    """Yield one row (claim fields and `datum`) for each sum of a JSON-LD Occupation.

    Layout: https://schema.org/Occupation, `estimatedSalary`.

    Args:
        document: The page.
        where: For messages.
        units: Label in upper case to pay period.
        change: The module that a message names as the file to change.

    Raises:
        LayoutChanged: A sum under a key that is no statistic.
        UnknownLabel: A unit or duration that pay_units.csv does not explain.
    """
    data = EmbeddedData.from_document(document)
    for datum in document.data:
        found = DISTRIBUTION.match(datum.pointer)
        if not found or datum.form != "json_ld" or parse_amount(datum) is None:
            continue
        if found[2] not in STATISTICS:
            raise LayoutChanged(where, [], [f"estimatedSalary/{found[2]}"], change)
        reviewed = data.find_nearest(datum, "mainEntityOfPage/lastReviewed") or ""
        name = (data.find_nearest(datum, "name") or "").lower()
        # An entry that is named a bonus is none of the pay levels beside it.
        bonus = {"kind": "bonus"} if BONUSES.intersection(name.split()) else {}
        yield {
            "datum": datum,
            "statistic": STATISTICS[found[2]],
            "period": _find_period(data, datum, ("unitText", "duration"), units, where),
            "pay_basis": BASES.get(name, "unspecified"),
            **bonus,
            "currency": data.find_nearest(datum, "currency") or "USD",
            "occupation": data.find_outermost(datum, "name"),
            "area": data.find_nearest(datum, "occupationLocation/0/name"),
            "reference_period": reviewed[:7] or None,
            "inherited": publisher_page.INHERITED_FIELDS,
        }


def read_state(
    document: Document,
    layout: StateLayout,
    where: str,
    units: Mapping[str, str],
    change: str,
) -> Iterator[Row]:
    """Yield one row for each sum or count of the page's state, two ends as one range.

    Raises:
        LayoutChanged: The object holds a number under a key that is not known.
        UnknownLabel: A unit that pay_units.csv does not explain.
    """
    objects: dict[tuple[int, str], dict[str, Datum]] = {}
    for datum in document.data:
        parent, _, key = datum.pointer.rpartition("/")
        if datum.form in STATE_FORMS and layout.place.search(parent):
            objects.setdefault((datum.script, parent), {})[key] = datum
    if not objects:
        return
    data = EmbeddedData.from_document(document)
    known = {*layout.sums, *layout.counts, *layout.silent}
    for (_, parent), keys in objects.items():
        sums = {k: d for k, d in keys.items() if parse_amount(d) is not None}
        if strange := sorted(set(sums) - known):
            raise LayoutChanged(where, [], [f"{parent}/{k}" for k in strange], change)
        yield from _read_state_object(data, sums, layout, units, where)


def _read_state_object(
    data: EmbeddedData,
    sums: Mapping[str, Datum],
    layout: StateLayout,
    units: Mapping[str, str],
    where: str,
) -> Iterator[Row]:
    """Yield the rows of one object."""
    ends = {layout.sums[k]: d for k, d in sums.items()
            if layout.sums.get(k) in ("low", "high")}  # fmt: skip
    for key, datum in sums.items():
        meaning = layout.sums.get(key)
        # The row of the lower end holds both ends.
        if key in layout.silent or (meaning == "high" and "low" in ends):
            continue
        row = {"datum": datum, **_describe_job(data, datum, layout)}
        if meaning is None:
            yield {**row, **publisher_page.REPORT_COUNT, "value": parse_amount(datum)}
            continue
        label = _read_key_label(layout, datum)
        row["period"] = units.get(label) or _find_period(
            data, datum, layout.unit, units, where
        )
        row |= layout.defaults
        if meaning in ("low", "high"):
            both = {end: parse_amount(d) for end, d in ends.items()}
            alone = {"low": "minimum", "high": "maximum"}[meaning]
            statistic = "range" if len(both) == 2 else alone
            yield {**row, "value": None, **both, "statistic": statistic}
        else:
            yield {**row, "statistic": meaning}


def _read_key_label(layout: StateLayout, datum: Datum) -> str:
    """Return the pay period that the key of an object is named after; "" for none."""
    found = layout.place.search(datum.pointer.rpartition("/")[0])
    return str(found[1] or "") if found and layout.place.groups else ""


def _describe_job(data: EmbeddedData, datum: Datum, layout: StateLayout) -> Row:
    """Return claim fields of the job that a sum is about: title, area, month."""
    place = data.find_nearest(datum, *layout.area)
    month = data.find_month(datum, *layout.date)
    # A ZIP code behind a city is no part of its name: `Savannah, GA 31408`.
    place = ZIP.sub("", place) if place else place
    # Indeed's cards print `Remote` as the location: a way of working, and no place.
    remote = (place or "").strip().lower() == "remote"
    return {
        "currency": data.find_nearest(datum, *layout.currency) or "USD",
        "occupation": data.find_nearest(datum, *layout.title),
        "area": None if remote else place,
        "work_mode": "remote" if remote else None,
        "employer_type": data.find_nearest(datum, *layout.employer),
        "reference_period": month,
        "inherited": publisher_page.INHERITED_FIELDS,
    }


def _find_period(
    data: EmbeddedData,
    datum: Datum,
    names: tuple[str, ...],
    units: Mapping[str, str],
    where: str,
) -> str:
    """Return the pay period by the page's own word for it.

    Raises:
        UnknownLabel: There is no word, or one that nothing explains.
    """
    label = data.find_nearest(datum, *names) or f"no {names[0]}"
    if label.upper() not in units:
        raise UnknownLabel(where, [label], PAY_UNITS_FILE)
    return units[label.upper()]
