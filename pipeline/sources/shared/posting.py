"""schema.org's JobPosting in a document's data: its salary, its facts, its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from pipeline.core.currency_table import SIGNS
from pipeline.core.errors import LayoutChanged, UnknownLabel
from pipeline.core.model import Block, Datum, Document
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared.embedded_data import parse_amount
from pipeline.sources.shared.pay_units import PAY_UNITS_FILE

MODULE_FILE = "pipeline/sources/shared/posting.py"
TYPE = re.compile(r"(.*)/@type(?:/\d{1,2})?\Z", re.DOTALL)
SALARY = re.compile(r"/(baseSalary|estimatedSalary)(?:/\d{1,2})?(?:/value)?/?([^/]*)\Z")
ENDS = {"minValue": "low", "maxValue": "high", "minimumValue": "low"}
STATISTICS = {
    "median": "median",
    "percentile10": "p10",
    "percentile25": "p25",
    "percentile75": "p75",
    "percentile90": "p90",
}
# Keys of a salary that are no sums.
SILENT = {"@type", "@id", "@context", "currency", "unitText", "unitCode", "name",
          "duration", "description", "url", "validFrom", "validThrough"}  # fmt: skip
INHERITABLE = ("occupation", "area", "area_level", "reference_period", "work_mode",
        "experience_min", "pay_basis")  # fmt: skip
TAG = re.compile(r"<[^<>]{1,400}>|\\+[nrt]|\\+/")
BREAK = re.compile(r"(?i)</?(?:p|li|ul|ol|br|div|h[1-6]|tr|td|table)\b|\\+[nr]")
ENTITY = re.compile(r"(?i)&(?:amp;)?(nbsp|ndash|mdash|#8211|#8212|#160|amp);|\\u00a0")
DASH = re.compile(r"(?i)dash|#821[12]")
Row = dict[str, Any]


def find_postings(document: Document) -> list[str]:
    """Pointers of the objects that say they are a JobPosting, in order."""
    found = []
    for datum in document.data:
        at = TYPE.match(datum.pointer)
        if at and datum.value == "JobPosting":
            found.append(f"{datum.script}{at[1]}")
    return found


def collect_posting_data(document: Document, job: str) -> dict[str, Datum]:
    """The scalars of one posting by their pointer from its object."""
    found = {}
    for datum in document.data:
        place = f"{datum.script}{datum.pointer}"
        if place.startswith(f"{job}/"):
            found[place[len(job) :]] = datum
    return found


def read_salary_figures(
    document: Document,
    job: str,
    general: Mapping[str, Row],
    units: Mapping[str, str],
    where: str,
) -> Iterator[Row]:
    """The salary of a posting: one row for two ends, one for each other sum.

    Args:
        document: With the posting in its data.
        job: From `find_postings`.
        general: What the general reader made of the same places, by locator; the job
            and place as it names them are kept.
        units: Label in upper case to pay period.
        where: For messages.

    Raises:
        LayoutChanged: A sum under a key that this module does not know.
        UnknownLabel: A period that pay_units.csv does not explain.
    """
    data = collect_posting_data(document, job)
    groups: dict[str, dict[str, Datum]] = {}
    for pointer, datum in data.items():
        if match := SALARY.search(pointer):
            object_ = pointer.rpartition("/")[0] if match[2] else pointer
            keys = groups.setdefault(object_.removesuffix("/value"), {})
            keys[match[2] or "value"] = datum
    for pointer, keys in groups.items():
        sums = {k: d for k, d in keys.items() if k not in SILENT and not k.isdigit()}
        strange = sorted(set(sums) - {*ENDS, *STATISTICS, "value"})
        if strange:
            raise LayoutChanged(
                where, [], [f"{pointer}/{k}" for k in strange], MODULE_FILE
            )
        shared = _read_salary_terms(data, pointer, units, where)
        for row in _read_sums(document, sums, shared):
            known = general.get(row["locator"], {})
            kept = {k: known[k] for k in ("occupation", "area", "area_level")
                    if known.get(k)}  # fmt: skip
            yield {**row, **kept}


def _read_sums(
    document: Document, sums: Mapping[str, Datum], shared: Row
) -> Iterator[Row]:
    """Two ends as one range; other sums alone; nothing, zero and text are no pay."""
    from pipeline.read import locate_datum

    ends = {
        ENDS[k]: d for k, d in sums.items() if k in ENDS and parse_amount(d) is not None
    }
    lone = [
        (k, d) for k, d in sums.items() if k not in ENDS and parse_amount(d) is not None
    ]
    if ends:
        first = ends.get("low") or ends["high"]
        low, high = (
            parse_amount(ends[e]) if e in ends else None for e in ("low", "high")
        )
        row = {
            "locator": locate_datum(document, first),
            "quote": first.raw,
            "structure": first.form,
            "statistic": "range",
            **shared,
        }
        if low is not None and low == high:
            yield {**row, "value": low, "statistic": "unspecified"}
        else:
            only = {"low": "minimum", "high": "maximum"}
            alone = only[next(iter(ends))] if len(ends) == 1 else "range"
            yield {**row, "low": low, "high": high, "statistic": alone}
    for key, datum in lone:
        yield {
            "locator": locate_datum(document, datum),
            "quote": datum.raw,
            "structure": datum.form,
            "value": parse_amount(datum),
            "statistic": STATISTICS.get(key, "unspecified"),
            **shared,
        }


def _read_salary_terms(
    data: Mapping[str, Datum], pointer: str, units: Mapping[str, str], where: str
) -> Row:
    """Period, currency and basis that a salary's object states for its sums."""

    def near(*names: str) -> str | None:
        for name in names:
            for place in (f"{pointer}/value/{name}", f"{pointer}/{name}"):
                if place in data and isinstance(data[place].value, str):
                    return str(data[place].value).strip()
        return None

    unit = near("unitText", "unitCode", "duration")
    if unit and unit.upper() not in units:
        raise UnknownLabel(where, [unit], PAY_UNITS_FILE)
    plain = data.get("/salaryCurrency")
    currency = near("currency") or (str(plain.value) if plain is not None else None)
    named = currency is not None and re.fullmatch(r"[A-Z]{3}", currency)
    base = pointer.startswith("/baseSalary") or near("name") == "base"
    return {
        "period": units[unit.upper()] if unit else None,
        "currency": currency if named else None,
        "pay_basis": "base" if base else "unspecified",
        **_read_job_facts(data),
    }


def _read_job_facts(data: Mapping[str, Datum]) -> Row:
    """What a posting says of its job, in the data."""

    def text(*names: str) -> str | None:
        found = (data[name].value for name in names if name in data)
        return next((v.strip() for v in found if isinstance(v, str) and v), None)

    title, posted = text("/title"), text("/datePosted") or ""
    place = next((p for p in ("/jobLocation/0/address", "/jobLocation/address")
                  if any(k.startswith(p) for k in data)), "")  # fmt: skip
    names = [text(f"{place}/addressLocality"), text(f"{place}/addressRegion")]
    months = data.get("/experienceRequirements/monthsOfExperience")
    years = str(months.value) if months is not None else ""
    row: Row = {
        "occupation": title,
        "area": ", ".join(n for n in names if n) or None,
        "reference_period": posted[:7] if re.match(r"\d{4}-\d{2}", posted) else None,
        "experience_min": int(years) / 12 if re.fullmatch(r"\d{1,3}", years) else None,
        "work_mode": "remote" if text("/jobLocationType") == "TELECOMMUTE" else None,
    }
    fields = ",".join(f"{k}:document" for k in sorted(row) if row[k] is not None)
    return {**row, "inherited": f"{fields},currency:document,period:document"}


def read_descriptions(
    document: Document, jobs: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Row]:
    """Figures in the descriptions that the page itself does not show.

    A description is a page in small: its marks are blanked out, so that every
    character keeps its place and a quote is what stands in the bytes.
    """
    from pipeline.extract.extraction import extract_rows as read_rows
    from pipeline.read import locate_datum

    for job in jobs:
        data = collect_posting_data(document, job)
        datum = data.get("/description")
        if datum is None or not any(mark in datum.raw for mark in SIGNS):
            continue
        title = str(data["/title"].value) if "/title" in data else ""
        text, blocks = blank_markup(datum.raw)
        small = Document(text, blocks, "text/plain", title=title)
        found, _, _ = read_rows(small, vocabulary, source="", snapshot="")
        for row in found:
            quote = datum.raw[row["start"] : row["end"]]
            if quote in document.text:
                continue
            place = locate_datum(document, datum, row["start"], row["end"])
            here = {"locator": place, "quote": quote, "start": None, "end": None}
            yield {**row, **here, "structure": datum.form, "section": None}


def blank_markup(raw: str) -> tuple[str, tuple[Block, ...]]:
    """HTML in a JSON text with its marks blanked out, and its paragraphs."""
    edges = sorted({0, len(raw), *(m.start() for m in BREAK.finditer(raw))})

    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    def entity(match: re.Match[str]) -> str:
        dash = "–" if DASH.search(match.group()) else " "
        return dash.center(len(match.group()))

    text = ENTITY.sub(entity, TAG.sub(blank, raw))
    spans = pairwise(edges)
    blocks = tuple(Block("paragraph", a, b) for a, b in spans if text[a:b].strip())
    return text, blocks


def select_job_facts(document: Document, job: str, own: Sequence[Row]) -> Row:
    """Job, place and date of a posting, as its salary has them."""
    salary = next((row for row in own if row.get("reference_period")), None)
    told = (
        salary
        if salary is not None
        else _read_job_facts(collect_posting_data(document, job))
    )
    return {name: told[name] for name in INHERITABLE if told.get(name)}


def inherit_job_facts(row: Row, facts: Mapping[str, Any]) -> Row:
    """A row with the posting's facts where it is silent and is about the same job."""
    job = row.get("occupation")
    if row.get("kind", "pay_level") != "pay_level" or row.get("attributed_to"):
        return row
    if job is not None and job.lower() != str(facts.get("occupation")).lower():
        return row
    silent = {k: v for k, v in facts.items() if row.get(k) in (None, "unspecified")}
    if row.get("area"):
        silent.pop("area_level", None)
    if row.get("experience_max") is not None or row.get("experience_label"):
        silent.pop("experience_min", None)
    notes = [row.get("inherited"), *(f"{k}:document" for k in sorted(silent))]
    return {**row, **silent, "inherited": ",".join(n for n in notes if n) or None}
