"""Objects of embedded data, and what they and those around say of a figure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from pipeline.core.model import Datum
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.credentials import find_credentials
from pipeline.extract.dates import find_dates
from pipeline.extract.digits import ParsedNumber
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


JOB_TYPES = ("Occupation", "JobPosting", "OccupationAggregation", "EmployeeRole")


MAX_DEPTH = 4
LOCATION_KEYS = (
    "addressLocality",
    "addressRegion",
    "city",
    "state",
    "region",
    "name",
    "addressCountry",
)


# Of one object or list; each of its numbers looks at them.
MOST_OWN_TEXTS = 60
MOST_LOCATIONS = 20


@dataclass(eq=False)
class EmbeddedObject:
    """One object of the data: its scalars, and where it hangs.

    Args:
        pointer: To it.
        keys: Its scalars by key.
        locations: Names in the location objects that hang from it, however deep; the
            first ones.
    """

    pointer: str
    keys: dict[str, Datum] = field(default_factory=dict)
    locations: list[str] = field(default_factory=list)
    _by_field: dict[str, list[Datum]] | None = None

    def list_field(self, name: str, fields: dict[str, str]) -> list[Datum]:
        """Return the scalars whose keys have one meaning.

        Args:
            name: Of the meaning.
            fields: Key in small letters to its meaning; the same at every call.
        """
        if self._by_field is None:
            self._by_field = {}
            for key, datum in self.keys.items():
                plain = key.lower().replace("_", "").replace("-", "")
                self._by_field.setdefault(fields.get(plain, ""), []).append(datum)
        return self._by_field.get(name, [])

    @cached_property
    def own_texts(self) -> list[str]:
        """City and state, and short texts."""
        keys = {key.lower(): d.value for key, d in self.keys.items()}
        city, state = keys.get("city"), keys.get("state")
        both = isinstance(city, str) and isinstance(state, str)
        short = (
            value
            for value in keys.values()
            if isinstance(value, str) and 1 < len(value) < 60 and not value.islower()
        )
        texts = [f"{city}, {state}"] if both else []
        return texts + list(islice(short, MOST_OWN_TEXTS))


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


def _walk_outwards(
    nodes: dict[str, EmbeddedObject], pointer: str
) -> Iterator[tuple[int, EmbeddedObject]]:
    """Yield the object of a value and those around it, nearest first, with depth."""
    at = pointer
    depth = 0
    while True:
        at = at.rpartition("/")[0]
        if at in nodes:
            yield depth, nodes[at]
        depth += 1
        if not at or depth > 12:
            return


def _list_key_texts(
    page: IndexedPage,
    nodes: dict[str, EmbeddedObject],
    one: EmbeddedNumber,
    name: str,
    deep: int = 12,
) -> list[str]:
    """Texts that keys of one meaning hold, in the object and around it."""
    out = []
    for depth, node in _walk_outwards(nodes, one.datum.pointer):
        if depth > deep:
            break
        for datum in node.list_field(name, page.words.fields):
            if isinstance(datum.value, str) and len(datum.value) < 200:
                out.append(datum.value)
            elif name == "reference_period" and isinstance(datum.value, int):
                out.append(str(datum.value))
    return out


def find_object_currency(
    page: IndexedPage, nodes: dict[str, EmbeddedObject], one: EmbeddedNumber
) -> str:
    """Return the currency that the nearest object names, else that of the page."""
    for text in _list_key_texts(page, nodes, one, "currency"):
        if re.fullmatch(r"[A-Z]{3}", text.strip()):
            return text.strip()
        if code := page.words.money.table.find_code(text):
            return code
    return page.words.money.table.find_code(one.number.mark) or page.currency


def find_object_period(
    page: IndexedPage,
    nodes: dict[str, EmbeddedObject],
    one: EmbeddedNumber,
    row: dict[str, Any],
) -> str | None:
    """By the nearest key that names it, else the keys on the way, else the size."""
    for text in _list_key_texts(page, nodes, one, "period"):
        if name := page.words.durations.get(text.strip().lower()):
            return name
    text = " ".join(one.words)
    for mention in reversed(
        page.words.key_lexicon.find_mentions(text, split_tokens(text))
    ):
        if mention.category == "periods" and mention.means:
            return mention.means
    if row["kind"] == "bonus":
        return None
    return name_period_by_size(page, one.number.value) or None


def set_object_kind(
    page: IndexedPage,
    nodes: dict[str, EmbeddedObject],
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
    for mention in page.words.key_lexicon.find_mentions(text, split_tokens(text)):
        if mention.category == "json_words" and mention.means == "bonus":
            row["kind"] = "bonus"
        elif mention.category == "pay_bases":
            row.setdefault("pay_basis", mention.means)
    if "total" in text.split() and "pay_basis" not in row:
        row["pay_basis"] = "total"


def set_inherited_fields(
    page: IndexedPage,
    nodes: dict[str, EmbeddedObject],
    one: EmbeddedNumber,
    row: dict[str, Any],
) -> None:
    """Job, place, source, date, experience and credential from the objects around."""
    row["occupation"] = _find_job(page, nodes, one)
    near = one.node.own_texts
    texts = near + _list_key_texts(page, nodes, one, "area", MAX_DEPTH)
    for text in texts + _list_location_names(nodes, one) + _list_path_keys(one):
        if places := find_areas(page.heading_line(text)):
            row["area"] = places[0].means
            level = page.words.area_levels.get(row["area"])
            row["area_level"] = level if level != "region" else None
            break
    for text in _list_key_texts(page, nodes, one, "attributed_to", 2)[:1]:
        known = find_publishers(page.heading_line(text))
        row["attributed_to"] = known[0].means if known else text
    for text in _list_key_texts(page, nodes, one, "reference_period", MAX_DEPTH):
        if when := find_dates(text, 0, len(text)):
            row["reference_period"] = when[0].means
            break
    for text in _list_key_texts(page, nodes, one, "experience", 1):
        band = parse_years_cell(re.sub(r"(?i)\s*(?:years?|yrs?).*$", "", text))
        if band is not None:
            row["experience_min"], row["experience_max"] = band
            row["experience_label"] = text
            break
    for text in _list_key_texts(page, nodes, one, "credential", 1) + near:
        for mention in find_credentials(page, page.heading_line(text)):
            if mention.place != "bare":
                row.setdefault("credential", mention.means)
    for text in near:
        said = page.heading_line(text)
        for category in ("work_modes", "employer_types"):
            for mention in said.get_mentions(category)[:1]:
                row.setdefault(category[:-1], mention.means)


def _find_job(
    page: IndexedPage, nodes: dict[str, EmbeddedObject], one: EmbeddedNumber
) -> str | None:
    """Return the job that the nearest object names, as written, else the page's.

    A title is looked up whole: the name that a reader of prose finds in it (`health
    aide` in `Home Health Aide`) may be another job's. Where that name is the whole
    title it stands in the singular, as it does in prose.
    """
    for text in _list_job_titles(page, nodes, one):
        said = page.heading_line(text)
        for mention in find_occupations(said, page.words, page.occupation):
            if mention.means and _is_all_of_title(page, said, mention):
                return mention.means
        return " ".join(text.lower().split())
    return page.occupation or None


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
    page: IndexedPage, nodes: dict[str, EmbeddedObject], one: EmbeddedNumber
) -> Iterator[str]:
    """Yield what the job is called, in the object or those around it."""
    for _, node in _walk_outwards(nodes, one.datum.pointer):
        kind = node.keys.get("@type")
        if kind is not None and str(kind.value) in JOB_TYPES:
            for key in ("title", "name"):
                if key in node.keys and isinstance(node.keys[key].value, str):
                    yield str(node.keys[key].value)
    for text in _list_key_texts(page, nodes, one, "occupation"):
        if 2 < len(text) < 80:
            yield text


def _list_location_names(
    nodes: dict[str, EmbeddedObject], one: EmbeddedNumber
) -> list[str]:
    """Names in a location object that hangs beside the figure's own objects."""
    for depth, node in _walk_outwards(nodes, one.datum.pointer):
        if node.locations or depth > MAX_DEPTH:
            return node.locations
    return []


def link_locations(nodes: dict[str, EmbeddedObject]) -> None:
    """Note the names in each location object at the objects that it hangs from.

    Args:
        nodes: All objects of a script by pointer, in its order.
    """
    for pointer, node in nodes.items():
        if "ocation" not in pointer:
            continue
        parts = [str(node.keys[k].value) for k in LOCATION_KEYS if k in node.keys]
        above = pointer
        # It hangs from objects above the step that says `location`.
        while parts and above:
            above = above.rpartition("/")[0]
            holder = nodes.get(above)
            if holder is None or "ocation" not in pointer[len(above) :]:
                continue
            if len(holder.locations) < MOST_LOCATIONS:
                holder.locations.append(", ".join(parts[:2]))
