"""Read schema.org's JobPosting from a document's data: salary and facts.

Layout: https://schema.org/JobPosting
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.core.model import Datum, Document
from pipeline.sources.shared import posting_salary
from pipeline.sources.shared.posting_salary import SalaryWords

WORD = re.compile(r"\w+")
# `@type` is a text or a list of texts: `/@graph/0/@type/1`.
TYPE = re.compile(r"(.*)/@type(?:/\d{1,2})?\Z", re.DOTALL)
KEPT = ("occupation", "area", "area_level", "reference_period", "attributed_to")
INHERITABLE = ("occupation", "area", "area_level", "reference_period", "work_mode",
        "experience_min", "pay_basis")  # fmt: skip
EMPLOYER = "employer_type:document"
POSTING = "jobposting"
Row = dict[str, Any]


def find_postings(document: Document) -> list[str]:
    """Return the places (script and pointer) of the JobPosting objects, in order."""
    found = []
    for datum in document.data:
        at = TYPE.match(datum.pointer)
        if at and _names_posting(datum.value):
            found.append(f"{datum.script}{at[1]}")
    return found


def _names_posting(value: object) -> bool:
    """Whether a type is JobPosting: by itself, with a prefix, or as an address."""
    name = str(value).rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]
    return name.lower() == POSTING


def collect_posting_data(document: Document, job: str) -> dict[str, Datum]:
    """Return the scalars of one posting by their pointer from its object."""
    found = {}
    for datum in document.data:
        place = f"{datum.script}{datum.pointer}"
        if place.startswith(f"{job}/"):
            found[place[len(job) :]] = datum
    return found


def read_salary_figures(
    document: Document, job: str, general: Mapping[str, Row], words: SalaryWords
) -> Iterator[Row]:
    """Yield the salary of a posting: one row for two ends, one for each other sum.

    Args:
        document: With the posting in its data.
        job: From `find_postings`.
        general: What the general reader made of the same places, by locator; the job
            and place as it names them are kept.
        words: What labels of periods and currencies mean.
    """
    data = collect_posting_data(document, job)
    facts = _read_job_facts(data)
    for row in posting_salary.read_salary_figures(document, data, words, facts):
        known = general.get(row["locator"], {})
        kept = {k: known[k] for k in KEPT if known.get(k)}
        yield {**row, **kept}


def _read_job_facts(data: Mapping[str, Datum]) -> Row:
    """Return claim fields of the job that the posting's data state."""

    def text(*names: str) -> str | None:
        found = (data[name].value for name in names if name in data)
        return next((v.strip() for v in found if isinstance(v, str) and v), None)

    title, posted = text("/title"), text("/datePosted") or ""
    place = next((p for p in ("/jobLocation/0/address", "/jobLocation/address")
                  if any(k.startswith(p) for k in data)), "")  # fmt: skip
    names = [text(f"{place}/addressLocality"), text(f"{place}/addressRegion")]
    months = data.get("/experienceRequirements/monthsOfExperience")
    count = str(months.value) if months is not None else ""
    row: Row = {
        "occupation": " ".join(title.lower().split()) if title else None,
        "area": ", ".join(n for n in names if n) or None,
        "reference_period": posted[:7] if re.match(r"\d{4}-\d{2}", posted) else None,
        # schema.org's `monthsOfExperience`; claims have years.
        "experience_min": int(count) / 12 if re.fullmatch(r"\d{1,3}", count) else None,
        "work_mode": "remote" if text("/jobLocationType") == "TELECOMMUTE" else None,
    }
    fields = ",".join(f"{k}:document" for k in sorted(row) if row[k] is not None)
    return {**row, "inherited": f"{fields},currency:document,period:document"}


def select_job_facts(document: Document, job: str, own: Sequence[Row]) -> Row:
    """Return job, place and date of a posting, as its salary has them."""
    salary = next((row for row in own if row.get("reference_period")), None)
    facts = (
        salary
        if salary is not None
        else _read_job_facts(collect_posting_data(document, job))
    )
    return {name: facts[name] for name in INHERITABLE if facts.get(name)}


def drop_employer(row: Row) -> Row:
    """Return a general reader's row without the employer that the data name.

    Every posting has one: what a job pays in a place is told by all of them together.
    """
    notes = [note for note in str(row.get("inherited") or "").split(",") if note]
    if EMPLOYER not in notes:
        return row
    kept = ",".join(note for note in notes if note != EMPLOYER)
    basis = [note for note in str(row.get("basis") or "").split(",") if note]
    read = ",".join(n for n in basis if not n.startswith("employer_type:"))
    told = {"inherited": kept or None, "basis": read or None}
    return {**row, **told, "employer_type": None}


def names_job(title: str, job: str) -> bool:
    """Return whether a job is the one of a posting's title, by all words of its name.

    >>> names_job("registered nurse - icu", "nurse"), names_job("nurse aide", "dentist")
    (True, False)
    """
    return {*WORD.findall(job.lower())} <= {*WORD.findall(title.lower())}


def inherit_job_facts(row: Row, facts: Mapping[str, Any]) -> Row:
    """Return a row with the posting's facts where it has none of its own.

    Only a pay level, of the posting itself, about the same job: a quoted figure, or
    one of another job, keeps what it says.
    """
    job = row.get("occupation")
    if row.get("kind", "pay_level") != "pay_level" or row.get("attributed_to"):
        return row
    if job is not None and not names_job(str(facts.get("occupation")), job):
        return row
    unstated = {k: v for k, v in facts.items() if row.get(k) in (None, "unspecified")}
    # A level or a lower bound would contradict the place or range that the row states.
    if row.get("area"):
        unstated.pop("area_level", None)
    if row.get("experience_max") is not None or row.get("experience_label"):
        unstated.pop("experience_min", None)
    notes = [row.get("inherited"), *(f"{k}:document" for k in sorted(unstated))]
    return {**row, **unstated, "inherited": ",".join(n for n in notes if n) or None}
