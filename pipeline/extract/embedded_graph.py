"""Objects of embedded data: their scalars, their types, and how they hang together."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from pipeline.core.model import SCHEMA_FORMS, Datum, Document

# Keys of a place's parts, as schema.org and page states call them.
LOCALITIES = ("addressLocality", "city")
REGIONS = ("addressRegion", "state", "region")
NAMES = ("name", "displayName", "display_name", "label", "address")
COUNTRIES = ("addressCountry", "country")
# The step of a pointer that says `location`, with the number in its array.
LOCATION_STEP = re.compile(r"/[^/]*ocation[^/]*(?:/\d{1,4}(?=/|$))?")
# The step of a pointer that is a number in an array.
ROW = re.compile(r"/\d+/")
# Keys that name an object's type, in schema.org's data and in answers of GraphQL.
TYPE_KEYS = ("@type", "__typename")
# Of one object or list; each of its numbers looks at them.
MOST_OWN_TEXTS = 60
MOST_LOCATIONS = 20
MOST_TYPES = 5
MOST_NAME = 120  # characters of a place
FARTHEST = 12  # objects around a value that are asked what it is of


@dataclass(frozen=True)
class DataPlace:
    """A place as data write it.

    Args:
        text: Locality and region, else the name.
        nation: Country, as a code or a name; "" where it is not said.
    """

    text: str
    nation: str = ""


@dataclass(eq=False)
class EmbeddedObject:
    """One object of the data: its scalars, and where it hangs.

    Args:
        pointer: To it.
        keys: Its scalars by key.
        locations: Places of the location objects that hang from it, however deep, by
            the pointer to each; the first ones.
    """

    pointer: str
    keys: dict[str, Datum] = field(default_factory=dict)
    locations: dict[str, DataPlace] = field(default_factory=dict)
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

    def read_text(self, *names: str) -> str:
        """Return the first text that a key of these holds; "" for none."""
        for name in names:
            if name in self.keys and isinstance(self.keys[name].value, str):
                return " ".join(str(self.keys[name].value).split())
        return ""


Objects = dict[str, EmbeddedObject]


@dataclass
class DataGraph:
    """All objects of a document's data.

    Args:
        scripts: Objects by pointer, for each script by its number.
        named: Objects by `@id`, each the first that says more than its name.
        facts: What was read of an object before, by its script and pointer.
    """

    scripts: dict[int, Objects]
    named: dict[str, tuple[int, str]]
    facts: dict[tuple[int, str], Any] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Document) -> "DataGraph":
        """Group the scalars of every script by the object that they are in."""
        scripts: dict[int, Objects] = {}
        for datum in document.data:
            nodes = scripts.setdefault(datum.script, {})
            parent, _, key = datum.pointer.rpartition("/")
            nodes.setdefault(parent, EmbeddedObject(parent)).keys[key] = datum
        graph = cls(dict(sorted(scripts.items())), {})
        for number, nodes in graph.scripts.items():
            for pointer, node in nodes.items():
                name = node.read_text("@id")
                if name and len(node.keys) > 1:
                    graph.named.setdefault(name, (number, pointer))
        for number, nodes in graph.scripts.items():
            graph._link_locations(number, nodes)
        return graph

    def list_below(
        self, script: int, pointer: str, *names: str
    ) -> list[EmbeddedObject]:
        """Return the objects under keys of an object, or those that they refer to.

        Args:
            script: Of the object.
            pointer: To it.
            names: Keys; an array's first few elements count.
        """
        nodes = self.scripts[script]
        found = []
        for name in names:
            at = f"{pointer}/{name}"
            for place in (at, *(f"{at}/{n}" for n in range(MOST_TYPES))):
                if place in nodes:
                    found.append(self.resolve(nodes[place]))
        return found

    def resolve(self, node: EmbeddedObject) -> EmbeddedObject:
        """Return the object that one with an `@id` alone stands for, one step on."""
        if len(node.keys) <= 2 and (place := self.named.get(node.read_text("@id"))):
            return self.scripts[place[0]][place[1]]
        return node

    def _link_locations(self, number: int, nodes: Objects) -> None:
        """Note the place of each location object at the objects that it hangs from."""
        for pointer, node in nodes.items():
            if "ocation" not in pointer:
                continue
            place = self.read_place(number, node)
            above = pointer
            while place and above:
                above = above.rpartition("/")[0]
                # It hangs from objects above the step that says `location`.
                step = LOCATION_STEP.search(pointer, len(above))
                if step is None:
                    continue
                # Of one row of a list: it says nothing of the list.
                if ROW.search(pointer, len(above), step.start() + 1):
                    break
                if above in nodes:
                    _add_location(nodes[above], pointer[: step.end()], place)

    def read_place(self, number: int, node: EmbeddedObject) -> DataPlace | None:
        """Return the place that a location object names, itself or by reference."""
        own = self.resolve(node)
        if own is not node and not own.read_text(*LOCALITIES, *REGIONS):
            home = self.named[node.read_text("@id")]
            own = next(iter(self.list_below(*home, "address")), own)
        parts = (own.read_text(*LOCALITIES), own.read_text(*REGIONS))
        text = ", ".join(dict.fromkeys(part for part in parts if part))
        nation = own.read_text(*COUNTRIES)
        for country in self.list_below(number, node.pointer, *COUNTRIES)[:1]:
            nation = nation or country.read_text("name")
        text = text or own.read_text(*NAMES) or nation
        return DataPlace(text[:MOST_NAME], nation[:MOST_NAME]) if text else None


def _add_location(holder: EmbeddedObject, root: str, place: DataPlace) -> None:
    """Add a place to an object; an address says more than the name of the place."""
    if root in holder.locations:
        if place.nation or "," in place.text:
            holder.locations[root] = place
    elif len(holder.locations) < MOST_LOCATIONS:
        holder.locations[root] = place


def walk_outwards(nodes: Objects, pointer: str) -> Iterator[tuple[int, EmbeddedObject]]:
    """Yield the object of a value and those around it, nearest first, with depth."""
    at = pointer
    depth = 0
    while True:
        at = at.rpartition("/")[0]
        if at in nodes:
            yield depth, nodes[at]
        depth += 1
        if not at or depth > FARTHEST:
            return


def list_types(nodes: Objects, pointer: str) -> Iterator[str]:
    """Yield the types of the object at a pointer, without their vocabulary."""
    node = nodes.get(pointer)
    holders: Iterable[Datum] = ()
    if node is not None:
        holders = [node.keys[key] for key in TYPE_KEYS if key in node.keys]
    several = nodes.get(f"{pointer}/@type")
    if several is not None:
        holders = [*holders, *islice(several.keys.values(), MOST_TYPES)]
    for datum in holders:
        if isinstance(datum.value, str):
            yield datum.value.rpartition("/")[2].rpartition(":")[2]


def is_schema(node: EmbeddedObject) -> bool:
    """Whether an object's data are in the words of schema.org."""
    return any(datum.form in SCHEMA_FORMS for datum in islice(node.keys.values(), 1))
