"""What the data say of a job: its name, place, date, employer and the like.

A posting says them once, of the job, and they hold for its pay, in the data as in the
words of the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.core.model import Datum
from pipeline.extract.area_mentions import CITY_STATE, find_areas
from pipeline.extract.dates import find_dates
from pipeline.extract.embedded_graph import (
    DataGraph,
    DataPlace,
    EmbeddedObject,
    list_types,
    walk_outwards,
)
from pipeline.extract.indexed_page import IndexedPage

HOME = "US"
POSTING = "JobPosting"
ISO_DAY = re.compile(r"\s{0,4}((?:19|20)\d\d)-(0[1-9]|1[0-2])(?![\d])")
NAMED_DAY = re.compile(
    r"\b([A-Z][a-z]{2,8})\.?\s\d{1,2},?\s(?:[\d:]{5,8}\s[A-Z]{2,4}\s)?((?:19|20)\d\d)\b"
)
NUMBERED_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)\b")
# Seconds and milliseconds since 1970, of the years 2001 to 2033.
SECONDS = range(10**9, 2 * 10**9)
MOST_PLACES = 3
MOST_NAME = 120  # characters of an employer's name
REMOTE = "remote"


@dataclass(frozen=True)
class JobFacts:
    """What a job's object says of it; fields of claims, without those it leaves out.

    Args:
        kind: Type of the object.
        title: As written; "" where it is not said.
        fields: Area, level, date, employer, way of working and years.
        shown: (start, end) in the document's text of an item in the page's tags.
        nation: Code of its country; "" where that is not said.
    """

    kind: str
    title: str
    fields: dict[str, str | float]
    shown: tuple[int, int] | None = None
    nation: str = ""


def find_job(
    page: IndexedPage, graph: DataGraph, script: int, pointer: str
) -> EmbeddedObject | None:
    """Return the nearest object of a job around a value, by its type."""
    nodes = graph.scripts[script]
    for _, node in walk_outwards(nodes, pointer):
        if is_job(page, graph, script, node):
            return node
    return None


def is_job(
    page: IndexedPage, graph: DataGraph, script: int, node: EmbeddedObject
) -> bool:
    """Whether an object is a posting, an occupation or a role."""
    kinds = list_types(graph.scripts[script], node.pointer)
    return any(kind.lower() in page.words.lists["json_job_types"] for kind in kinds)


def read_job_facts(
    page: IndexedPage, graph: DataGraph, script: int, node: EmbeddedObject
) -> JobFacts:
    """Return what a job's object says; each is read once."""
    at = (script, node.pointer)
    if at not in graph.facts:
        graph.facts[at] = _read_facts(page, graph, script, node)
    found: JobFacts = graph.facts[at]
    return found


def _read_facts(
    page: IndexedPage, graph: DataGraph, script: int, node: EmbeddedObject
) -> JobFacts:
    """Read what a job's object says."""
    kinds = [*list_types(graph.scripts[script], node.pointer), ""]
    fields: dict[str, str | float] = {}
    places = _list_places(graph, script, node)
    if named := name_places(page, places[: 1 if kinds[0] != POSTING else None]):
        fields["area"], level = named
        if level:
            fields["area_level"] = level
    for datum in node.list_field("reference_period", page.words.fields):
        if when := read_date(datum):
            fields["reference_period"] = when
            break
    if employer := _find_employer(graph, script, node):
        fields["employer_type"] = employer
    if _is_remote(node):
        fields["work_mode"] = REMOTE
    fields |= _read_years(graph, script, node)
    type_of = node.keys.get("@type")
    shown = type_of.shown if type_of is not None else None
    title = node.read_text("title", "jobTitle", "name", "occupationalCategory")
    nation = find_nation(page, places[0].nation) if places else ""
    return JobFacts(kinds[0], title[:MOST_NAME], fields, shown, nation)


def _is_remote(node: EmbeddedObject) -> bool:
    """Whether a job is done from anywhere."""
    return node.read_text("jobLocationType").upper() == "TELECOMMUTE"


def _list_places(
    graph: DataGraph, script: int, node: EmbeddedObject
) -> list[DataPlace]:
    """Return the places of a job: of objects that hang from it, else its own keys."""
    # Where applicants may live is the place of a job that is done from anywhere.
    remote = _is_remote(node)
    own = {k: v for k, v in node.locations.items() if ("applicant" in k) == remote}
    found = list((own or node.locations).values())
    for inner in graph.list_below(script, node.pointer, "address")[: 1 - len(found)]:
        found += [p for p in [graph.read_place(script, inner)] if p is not None]
    if found:
        return found
    text = node.read_text(
        "jobLocation", "occupationLocation", "location", "addressLocality"
    )
    return [DataPlace(text[:MOST_NAME])] if text else []


def name_places(
    page: IndexedPage, places: Sequence[DataPlace]
) -> tuple[str, str | None] | None:
    """Return the area and its level of one place, or of several as they are written.

    A place that is not known stays as written: it is not the nation.
    """
    named = dict.fromkeys(_name_place(page, place) for place in places)
    if len(named) == 1:
        return next(iter(named))
    return (
        ("; ".join([name for name, _ in named][:MOST_PLACES]), None) if named else None
    )


def _name_place(page: IndexedPage, place: DataPlace) -> tuple[str, str | None]:
    """Return the name of a place that is of its own nation, and its level."""
    nation = find_nation(page, place.nation)
    named = page.words.nations.get(nation, place.nation)
    texts = [place.text]
    if nation and nation != HOME and named != place.text:
        city = place.text.partition(",")[0]
        texts += [f"{city}, {named}", f"{place.text}, {named}"]
    for text in texts:
        for mention in find_areas(page.heading_line(text))[:1]:
            if nation in ("", mention.place[:2]):
                return mention.means, _find_level(page, mention.means, nation)
    if len(place.text) == 2 and place.text in page.words.nations:
        return page.words.nations[place.text], _find_level(page, named, nation)
    return texts[-1], "foreign" if nation not in ("", HOME) else None


def find_nation(page: IndexedPage, text: str) -> str:
    """Return the code of a nation, from its code or name; "" for none."""
    if text.upper() in page.words.nations:
        return text.upper()
    found = find_areas(page.heading_line(text)) if text else []
    return found[0].place[:2] if found else ""


def find_home_currency(page: IndexedPage, nation: str) -> str:
    """Return the currency of a nation by its code; "" where it is not known."""
    if nation in page.words.lists["euro_nations"]:
        return page.words.money.table.list_codes("euro")[0]
    return page.words.money.table.homes.get(nation, "")


def _find_level(page: IndexedPage, name: str, nation: str) -> str | None:
    """Return the level of an area; a city with its state is one of its metro."""
    level = page.words.area_levels.get(name)
    if level is None and nation in ("", HOME) and CITY_STATE.fullmatch(name):
        return "metro"
    if level is None and nation not in ("", HOME):
        return "foreign"
    return level if level != "region" else None


def _find_employer(graph: DataGraph, script: int, node: EmbeddedObject) -> str:
    """Return the employer's name, of its own object or in a text."""
    keys = ("hiringOrganization", "hiringorganization")
    for inner in graph.list_below(script, node.pointer, *keys):
        if name := inner.read_text("name", "legalName"):
            return name[:MOST_NAME]
    return node.read_text(*keys)[:MOST_NAME]


def _read_years(
    graph: DataGraph, script: int, node: EmbeddedObject
) -> dict[str, str | float]:
    """Return the years of experience that a job asks for, or that its pay is of."""
    found: dict[str, str | float] = {}
    needs = graph.list_below(script, node.pointer, "experienceRequirements")
    holders = [(n, "monthsOfExperience", "experience_min", 12) for n in needs]
    holders += [
        (node, "yearsExperienceMin", "experience_min", 1),
        (node, "yearsExperienceMax", "experience_max", 1),
    ]
    for holder, key, name, share in holders:
        datum = holder.keys.get(key)
        if datum is not None and re.fullmatch(r"\d{1,3}", datum.raw):
            found.setdefault(name, int(datum.raw) / share)
    low, high = found.get("experience_min", 0), found.get("experience_max", 999)
    return found if float(low) <= float(high) else {}


def read_date(datum: Datum) -> str:
    """Return the month or year of a value, as claims write it; "" for none."""
    value = datum.value
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value // 1000 if value // 1000 in SECONDS else value
        if seconds in SECONDS:
            return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m")
        return str(value) if 1900 < value < 2100 else ""
    if not isinstance(value, str) or len(value) > MOST_NAME:
        return ""
    if match := ISO_DAY.match(value):
        return f"{match[1]}-{match[2]}"
    if match := NAMED_DAY.search(value):
        value = f"{match[1]} {match[2]}"
    elif match := NUMBERED_DAY.search(value):
        first, second = int(match[1]), int(match[2])
        months = [n for n in {first, second} if 1 <= n <= 12]
        # 03/04/2025 is a day in March or in April.
        return f"{match[3]}-{months[0]:02d}" if len(months) == 1 else match[3]
    when = find_dates(value, 0, len(value))
    return str(when[0].means) if when else ""
