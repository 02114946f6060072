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
from pipeline.sources import page
from pipeline.sources.embedded import Embedded, amount
from pipeline.sources.units import CHANGE

DISTRIBUTION = re.compile(r"(.*/estimatedSalary(?:/\d{1,3})?)/([A-Za-z]{1,30}\d{0,2})$")
STATISTICS = {
    "percentile10": "p10",
    "percentile25": "p25",
    "median": "median",
    "percentile75": "p75",
    "percentile90": "p90",
}
BASES = {"base": "base", "total": "total"}
Row = dict[str, Any]


@dataclass(frozen=True)
class State:
    """How one site's state holds the pay of a job.

    Args:
        place: Pattern of the pointer to the object that holds the sums.
        sums: Key to statistic; `low` and `high` are the two ends of a range.
        unit: Keys of the pay period, nearest first.
        title, area, date, currency: Keys of what the sums are about.
        counts: Keys that say how many reports there are.
        silent: Keys of numbers in the object that are neither.
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
    silent: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)


def distribution(
    document: Document, where: str, units: Mapping[str, str], change: str
) -> Iterator[Row]:
    """One row for each sum of schema.org's Occupation.

    Args:
        document: The page.
        where: For messages.
        units: Label in upper case to pay period.
        change: The module to teach.

    Raises:
        LayoutChanged: A sum under a key that is no statistic.
        UnknownLabel: A unit or duration that pay_units.csv does not explain.
    """
    data = Embedded.of(document)
    for datum in document.data:
        found = DISTRIBUTION.match(datum.pointer)
        if not found or datum.form != "json_ld" or amount(datum) is None:
            continue
        if found[2] not in STATISTICS:
            raise LayoutChanged(where, [], [f"estimatedSalary/{found[2]}"], change)
        reviewed = data.near(datum, "mainEntityOfPage/lastReviewed") or ""
        yield {
            "datum": datum,
            "statistic": STATISTICS[found[2]],
            "period": _period(data, datum, ("unitText", "duration"), units, where),
            "pay_basis": BASES.get(data.near(datum, "name") or "", "unspecified"),
            "currency": data.near(datum, "currency") or "USD",
            "occupation": data.outer(datum, "name"),
            "area": data.near(datum, "occupationLocation/0/name"),
            "reference_period": reviewed[:7] or None,
            "inherited": page.AROUND,
        }


def state(
    document: Document, layout: State, where: str, units: Mapping[str, str], change: str
) -> Iterator[Row]:
    """One row for each sum of the page's state, two ends as one range.

    Raises:
        LayoutChanged: The object holds a number under a key that is not known.
        UnknownLabel: A unit that pay_units.csv does not explain.
    """
    data = Embedded.of(document)
    objects: dict[tuple[int, str], dict[str, Datum]] = {}
    for datum in document.data:
        parent, _, key = datum.pointer.rpartition("/")
        if datum.form == "json_state" and layout.place.search(parent):
            objects.setdefault((datum.script, parent), {})[key] = datum
    known = {*layout.sums, *layout.counts, *layout.silent}
    for (_, parent), keys in objects.items():
        sums = {k: d for k, d in keys.items() if amount(d) is not None}
        if strange := sorted(set(sums) - known):
            raise LayoutChanged(where, [], [f"{parent}/{k}" for k in strange], change)
        yield from _object(data, sums, layout, units, where)


def _object(
    data: Embedded,
    sums: Mapping[str, Datum],
    layout: State,
    units: Mapping[str, str],
    where: str,
) -> Iterator[Row]:
    """The rows of one object."""
    ends = {layout.sums[k]: d for k, d in sums.items()
            if layout.sums.get(k) in ("low", "high")}  # fmt: skip
    for key, datum in sums.items():
        said = layout.sums.get(key)
        if key in layout.silent or (said == "high" and "low" in ends):
            continue
        row = {"datum": datum, **_about(data, datum, layout)}
        if said is None:
            yield {**row, **page.REPORTS, "value": amount(datum)}
            continue
        row["period"] = _period(data, datum, layout.unit, units, where)
        row |= layout.defaults
        if said in ("low", "high"):
            both = {end: amount(d) for end, d in ends.items()}
            alone = {"low": "minimum", "high": "maximum"}[said]
            statistic = "range" if len(both) == 2 else alone
            yield {**row, "value": None, **both, "statistic": statistic}
        else:
            yield {**row, "statistic": said}


def _about(data: Embedded, datum: Datum, layout: State) -> Row:
    """What the state says of the job."""
    date, place = data.near(datum, *layout.date) or "", data.near(datum, *layout.area)
    remote = (place or "").strip().lower() == "remote"
    return {
        "currency": data.near(datum, *layout.currency) or "USD",
        "occupation": data.near(datum, *layout.title),
        "area": None if remote else place,
        "work_mode": "remote" if remote else None,
        "reference_period": date[:7] if re.match(r"\d{4}-\d{2}", date) else None,
        "inherited": page.AROUND,
    }


def _period(
    data: Embedded,
    datum: Datum,
    names: tuple[str, ...],
    units: Mapping[str, str],
    where: str,
) -> str:
    """The pay period by the page's own word.

    Raises:
        UnknownLabel: There is no word, or one that nothing explains.
    """
    label = data.near(datum, *names) or f"no {names[0]}"
    if label.upper() not in units:
        raise UnknownLabel(where, [label], CHANGE)
    return units[label.upper()]
