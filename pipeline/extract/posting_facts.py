"""Lend what a posting's data say of its job to the figures that the page shows.

Place, date, employer and the like stand once, in JSON-LD or in the tags around the
words; the words give the pay alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline.core.model import Document
from pipeline.extract.embedded_claims import EmbeddedReading, EmbeddedRow
from pipeline.extract.embedded_graph import DataGraph
from pipeline.extract.embedded_jobs import POSTING, JobFacts, is_job, read_job_facts
from pipeline.extract.indexed_page import IndexedPage

WORD = re.compile(r"\w+")
LENT_KINDS = ("pay_level", "bonus")
# Headings of what is about other jobs than the page's own.
ELSEWHERE = re.compile(
    r"(?i)\b(?:similar|related|other|recommended|more|nearby|featured|also)\b"
    r".{0,30}\b(?:jobs?|postings?|openings?|positions?|vacanc\w+|roles?|opportunit\w+"
    r"|viewed|careers?)\b"
)
LEVELS = ("area_level",)
# What a posting asks of applicants is no fact about each of its figures in words.
NOT_LENT = ("experience_min", "experience_max")
Row = dict[str, Any]


def lend_posting_facts(
    rows: Iterable[Row], document: Document, page: IndexedPage, graph: DataGraph
) -> None:
    """Fill in, in rows of the page's words, what the data say of the posting.

    A posting in the page's tags holds for the words within them; one in a script for
    the whole page where it is the only one, else for what stands under its title.

    Args:
        rows: Claims of the page's words; changed in place.
        document: The page.
        page: The same, with its words.
        graph: Of its data.
    """
    postings = _list_postings(page, graph)
    if not postings:
        return
    titles = {_make_key(facts.title) for facts in postings}
    shown = [facts for facts in postings if facts.shown]
    apart: dict[str, list[JobFacts]] = defaultdict(list)
    for facts in postings:
        if not facts.shown:
            apart[_make_key(facts.title)].append(facts)
    for row in rows:
        found = _find_posting(row, shown, apart, alone=len(titles) == 1)
        if found is not None and _is_about(row, found):
            kept = {n: v for n, v in found.fields.items() if n not in NOT_LENT}
            row.update(lend_job_facts(row, replace(found, fields=kept)))


def _list_postings(page: IndexedPage, graph: DataGraph) -> list[JobFacts]:
    """Return the facts of every posting, those of the innermost tags first."""
    found = [
        read_job_facts(page, graph, script, node)
        for script, nodes in graph.scripts.items()
        for node in list(nodes.values())
        if "@type" in node.keys and is_job(page, graph, script, node)
    ]
    postings = [facts for facts in found if facts.kind == POSTING and facts.title]
    return sorted(postings, key=_measure_span)


def _measure_span(facts: JobFacts) -> float:
    """Return how much of the text the tags of a posting hold; those without, last."""
    return facts.shown[1] - facts.shown[0] if facts.shown else float("inf")


def _find_posting(
    row: Row,
    shown: Sequence[JobFacts],
    apart: Mapping[str, list[JobFacts]],
    *,
    alone: bool,
) -> JobFacts | None:
    """Return the posting that a row stands in, or None.

    Args:
        row: Of the page's words.
        shown: Postings in the page's tags, the innermost first.
        apart: Those in scripts, by their titles.
        alone: Whether all have one title.
    """
    start = row.get("start")
    if start is None:
        return None
    for facts in shown:
        if facts.shown and facts.shown[0] <= start < facts.shown[1]:
            return facts
    section = str(row.get("section") or "")
    if ELSEWHERE.search(section):
        return None
    headings = {_make_key(heading) for heading in section.split(" > ")}
    if alone and apart:
        return next(iter(apart.values()))[0]
    named = [facts for heading in headings for facts in apart.get(heading, ())]
    return named[0] if len(named) == 1 else None


def _make_key(title: str) -> str:
    """Return the words of a title, in small letters."""
    return " ".join(WORD.findall(title.lower()))


def _is_about(row: Row, facts: JobFacts) -> bool:
    """Whether a row is of the posting's own pay: not quoted, and of no other job."""
    if row.get("kind") not in LENT_KINDS or row.get("attributed_to"):
        return False
    job = set(WORD.findall(str(row.get("occupation") or "").lower()))
    return not row.get("hypothetical") and job <= set(_make_key(facts.title).split())


def lend_job_facts(row: Mapping[str, Any], facts: JobFacts) -> Row:
    """Return a row with what a job's object says where the row does not say it itself.

    What was only assumed of the row gives way.
    """
    basis = dict(_split_pairs(row.get("basis")))
    inherited = dict(_split_pairs(row.get("inherited")))
    out = dict(row)
    said = dict(facts.fields)
    if out.get("area") and basis.get("area") not in ("assumed", "unread", None):
        said.pop("area", None)
        said.pop("area_level", None)
    elif out.get("area") and "area" in said:
        out["area"] = out["area_level"] = None
    if out.get("experience_max") is not None or out.get("experience_label"):
        said.pop("experience_min", None)
    if facts.title and not out.get("occupation"):
        said["occupation"] = " ".join(facts.title.lower().split())
    for name, value in said.items():
        if out.get(name) is None or basis.get(name) == "assumed":
            out[name] = value
            basis[name], inherited[name] = "inherited", "document"
    for name in LEVELS:
        basis.pop(name, None)
        inherited.pop(name, None)
    out["basis"] = _join_pairs(basis) or row.get("basis")
    out["inherited"] = _join_pairs(inherited) or row.get("inherited")
    return out


def merge_shown_rows(
    made: Iterable[Row], reading: EmbeddedReading
) -> list[EmbeddedRow]:
    """Return the claims of the data that the page's words do not make themselves.

    A number in the page's tags is often the very text that a reader sees: then it is
    one claim, that of the words, with the basis that its property states.
    """
    words: dict[frozenset[Any], list[Row]] = defaultdict(list)
    for row in made:
        if row.get("start") is not None:
            words[_list_amounts(row)].append(row)
    kept = []
    for (row, why), places in zip(reading.rows, reading.places, strict=True):
        shown = [
            other for other in words.get(_list_amounts(row), ())
            if any(other["start"] < b and a < other["end"] for a, b in places)
        ]  # fmt: skip
        for other in shown:
            if other.get("pay_basis") in (None, "unspecified") and "pay_basis" in row:
                other["pay_basis"] = row["pay_basis"]
        if not shown:
            kept.append((row, why))
    return kept


def _list_amounts(row: Mapping[str, Any]) -> frozenset[Any]:
    """Return a row's numbers: a lone end may be what the words give as a point."""
    return frozenset(row.get(name) for name in ("value", "low", "high")) - {None}


def _split_pairs(text: Any) -> list[tuple[str, str]]:
    """Split `area:stated,period:assumed`."""
    pairs = (pair.partition(":") for pair in str(text or "").split(",") if pair)
    return [(name, how) for name, _, how in pairs]


def _join_pairs(pairs: Mapping[str, str]) -> str:
    """Join names with what is said of them, as the columns hold them."""
    return ",".join(f"{name}:{how}" for name, how in sorted(pairs.items()))
