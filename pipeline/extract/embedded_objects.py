"""Objects of embedded data, and what they and those around say of a figure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.core.model import Datum
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.credentials import find_credentials
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.embedded_graph import (
    DataGraph,
    EmbeddedObject,
    walk_outwards,
)
from pipeline.extract.embedded_jobs import (
    find_job,
    name_places,
    read_date,
    read_job_facts,
)
from pipeline.extract.experience import parse_years_cell
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.lexicon import Mention
from pipeline.extract.occupation_mentions import find_occupations
from pipeline.extract.pay_sizes import name_period_by_size
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.tokens import split_tokens

LEVEL = re.compile(r"[ivx]{1,4}|\d{1,2}|[^\w]")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


PERCENTILE_KEY = re.compile(
    r"(?i)^p(\d{2})(?=$|[a-z_])|^(?:pct|perc|pctl)_?(\d{2})$|^(\d{2})(?:th)?_?p(?:ct|erc)?"
)


MAX_DEPTH = 4
MOST_TEXT = 200  # characters of a name, a place or a unit


@dataclass(slots=True, eq=False)
class EmbeddedNumber:
    """A number that is pay: which figure of its object, and how it reads."""

    datum: Datum
    number: ParsedNumber
    role: str
    words: list[str]
    node: EmbeddedObject


def list_key_words(pointer: str) -> list[str]:
    """Return the words of the keys on the way to a value, in lower case."""
    out = []
    for part in pointer.split("/"):
        if match := PERCENTILE_KEY.match(part):
            out += ["percentile", next(group for group in match.groups() if group)]
            out += [word.lower() for word in WORD.findall(part[match.end() :])]
        elif not part.isdigit():
            out += [word.lower() for word in WORD.findall(part)]
    return out


def find_key_mentions(page: IndexedPage, own: Iterable[str]) -> list[Mention]:
    """Return the known phrases among the words of a key, or of several."""
    text, known = " ".join(own), page.key_mentions
    if text not in known:
        found = page.words.key_lexicon.find_mentions(text, split_tokens(text))
        known[text] = found
    return known[text]


def _list_key_data(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber, name: str, deep: int = 12
) -> Iterator[Datum]:
    """Yield what keys of one meaning hold, in the object and around it."""
    nodes = graph.scripts[one.datum.script]
    for depth, node in walk_outwards(nodes, one.datum.pointer):
        if depth > deep:
            return
        yield from node.list_field(name, page.words.fields)


def _list_key_texts(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber, name: str, deep: int = 12
) -> list[str]:
    """Texts that keys of one meaning hold, in the object and around it."""
    found = (d.value for d in _list_key_data(page, graph, one, name, deep))
    return [text for text in found if isinstance(text, str) and len(text) < MOST_TEXT]


def find_object_currency(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber
) -> str:
    """Return the currency that the nearest object names, else that of the page."""
    for text in _list_key_texts(page, graph, one, "currency"):
        if re.fullmatch(r"[A-Z]{3}", text.strip()):
            return text.strip()
        if code := page.words.money.table.find_code(text):
            return code
    return page.words.money.table.find_code(one.number.mark) or page.currency


def find_object_period(
    page: IndexedPage,
    graph: DataGraph,
    one: EmbeddedNumber,
    row: dict[str, Any],
) -> str | None:
    """By the nearest key that names it, else the keys on the way, else the size."""
    # `calculated_rate_type` beside `base_rate_type`: each is of the sum of its name.
    own = one.datum.pointer.rpartition("/")[2]
    found = sorted(
        _list_key_data(page, graph, one, "period"),
        key=lambda d: not d.pointer.rpartition("/")[2].startswith(own),
    )
    for datum in found:
        if name := page.words.durations.get(datum.raw.strip().lower()):
            return name
    for mention in reversed(find_key_mentions(page, one.words)):
        if mention.category == "periods" and mention.means:
            return mention.means
    if row["kind"] == "bonus":
        return None
    return name_period_by_size(page, one.number.value) or None


def set_object_kind(
    page: IndexedPage,
    graph: DataGraph,
    one: EmbeddedNumber,
    row: dict[str, Any],
) -> None:
    """Set bonus, base or total pay by the keys or the name of the object."""
    names = [
        str(one.node.keys[k].value)
        for k in ("name", "type", "label")
        if k in one.node.keys
    ]
    text = " ".join([*one.words, *names]).lower()[:300]
    for mention in find_key_mentions(page, [text]):
        if mention.category == "json_words" and mention.means == "bonus":
            row["kind"] = "bonus"
        elif mention.category == "pay_bases":
            row.setdefault("pay_basis", mention.means)
    if "total" in text.split() and "pay_basis" not in row:
        row["pay_basis"] = "total"


def set_inherited_fields(
    page: IndexedPage,
    graph: DataGraph,
    one: EmbeddedNumber,
    row: dict[str, Any],
) -> None:
    """Job, place, source, date, experience and credential from the objects around."""
    row["occupation"] = _find_job_name(page, graph, one)
    _set_place(page, graph, one, row)
    for text in _list_key_texts(page, graph, one, "attributed_to", 2)[:1]:
        known = find_publishers(page.heading_line(text))
        row["attributed_to"] = known[0].means if known else text
    for datum in _list_key_data(page, graph, one, "reference_period", MAX_DEPTH):
        if when := read_date(datum):
            row["reference_period"] = when
            break
    for text in _list_key_texts(page, graph, one, "employer_type", 2)[:1]:
        row["employer_type"] = text
    _set_years(page, graph, one, row)
    near = one.node.own_texts
    for text in _list_key_texts(page, graph, one, "credential", 1) + near:
        for mention in find_credentials(page, page.heading_line(text)):
            if mention.place != "bare":
                row.setdefault("credential", mention.means)
    for text in near:
        said = page.heading_line(text)
        for category in ("work_modes", "employer_types"):
            for mention in said.get_mentions(category)[:1]:
                row.setdefault(category[:-1], mention.means)
    _add_job_facts(page, graph, one, row)


def _set_years(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber, row: dict[str, Any]
) -> None:
    """Set the years of work by the first key for experience that has a band of them."""
    for text in _list_key_texts(page, graph, one, "experience", 1):
        band = parse_years_cell(re.sub(r"(?i)\s*(?:years?|yrs?).*$", "", text))
        if band is not None:
            row["experience_min"], row["experience_max"] = band
            row["experience_label"] = text
            return


def _add_job_facts(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber, row: dict[str, Any]
) -> None:
    """Add what the job's own object says and the row does not, save the place."""
    job = find_job(page, graph, one.datum.script, one.datum.pointer)
    if job is None:
        return
    facts = read_job_facts(page, graph, one.datum.script, job)
    for name, value in facts.fields.items():
        if name not in ("area", "area_level"):
            row.setdefault(name, value)


def _set_place(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber, row: dict[str, Any]
) -> None:
    """Set the place: of the object's own words, its location, else the keys' names."""
    script = one.datum.script
    job = find_job(page, graph, script, one.datum.pointer)
    facts = read_job_facts(page, graph, script, job) if job is not None else None
    if facts is not None and "area" in facts.fields:
        row["area"] = facts.fields["area"]
        row["area_level"] = facts.fields.get("area_level")
        return
    texts = one.node.own_texts + _list_key_texts(page, graph, one, "area", MAX_DEPTH)
    for text in texts:
        if _set_area(page, text, row):
            return
    for depth, node in walk_outwards(graph.scripts[script], one.datum.pointer):
        if node.locations or depth > MAX_DEPTH:
            if named := name_places(page, list(node.locations.values())[:1]):
                row["area"], row["area_level"] = named
                return
            break
    for text in _list_path_keys(one):
        if _set_area(page, text, row):
            return


def _set_area(page: IndexedPage, text: str, row: dict[str, Any]) -> bool:
    """Set the area that a text names, and its level; return whether it names one."""
    places = find_areas(page.heading_line(text))
    if places:
        row["area"] = places[0].means
        level = page.words.area_levels.get(row["area"])
        row["area_level"] = level if level != "region" else None
    return bool(places)


def _find_job_name(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber
) -> str | None:
    """Return the job that the nearest object names, as written, else the page's.

    A title is looked up whole: the name that a reader of prose finds in it (`health
    aide` in `Home Health Aide`) may be another job's. Where that name is the whole
    title it stands in the singular, as it does in prose.
    """
    for text in _list_job_titles(page, graph, one):
        return name_job(page, text)
    return page.occupation or None


def name_job(page: IndexedPage, title: str) -> str:
    """Return a job by its title: whole, in the singular where it is one name alone."""
    said = page.heading_line(title)
    for mention in find_occupations(said, page.words, page.occupation):
        if mention.means and _is_all_of_title(page, said, mention):
            return mention.means
    return " ".join(title.lower().split())


def _is_all_of_title(page: IndexedPage, said: TaggedLine, mention: Mention) -> bool:
    """Whether all else in a title says who, where or when: `Coder II`."""
    words = page.words.occupation_words
    around = [*said.texts[: mention.first], *said.texts[mention.last :]]
    return all(
        LEVEL.fullmatch(word) or word in words["level"] or word in words["qualifier"]
        for word in around
    )


def _list_path_keys(one: EmbeddedNumber) -> list[str]:
    """Keys on the way that may be names: `{"Texas": {"mean": 54000}}`."""
    parts = reversed(one.datum.pointer.split("/"))
    return [part for part in parts if part and not part.isdigit()]


def _list_job_titles(
    page: IndexedPage, graph: DataGraph, one: EmbeddedNumber
) -> Iterator[str]:
    """Yield what the job is called, in the object or those around it."""
    job = find_job(page, graph, one.datum.script, one.datum.pointer)
    if job is not None and (title := job.read_text("title", "name")):
        yield title
    for text in _list_key_texts(page, graph, one, "occupation"):
        if 2 < len(text) < 80:
            yield text
