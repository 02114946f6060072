"""Find the postings of a job board in data, by the table of its field names."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline.core.model import Datum, Document
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract.board_layouts import (
    BoardLayout,
    BoardTable,
    KeyTest,
    Path,
    simplify_key,
)
from pipeline.extract.embedded_graph import DataGraph, DataPlace, Objects, is_schema
from pipeline.extract.embedded_jobs import (
    JobFacts,
    find_nation,
    name_places,
    read_date,
)
from pipeline.extract.gazetteer import get_gazetteer
from pipeline.extract.indexed_page import IndexedPage

ANY_ELEMENT = "*"
MOST_TITLE = 200  # characters
MOST_NAME = 120
MOST_PLACES = 20
REMOTE = "remote"
Posting = TypeVar("Posting")


@dataclass
class KeyIndex:
    """The keys of one script's data, as boards' paths name them.

    Args:
        scalars: By pointer.
        below: Pointer to simplified key to the pointers of what hangs from it.
        linked: Pointers that hang from what they are in.
    """

    scalars: dict[str, Datum] = field(default_factory=dict)
    below: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)

    @classmethod
    def from_objects(cls, nodes: Objects) -> "KeyIndex":
        """Index all objects of a script."""
        index = cls()
        for pointer, node in nodes.items():
            index._add_above(pointer)
            for key, datum in node.keys.items():
                index.scalars[f"{pointer}/{key}"] = datum
                index._add(pointer, key)
        return index

    def _add(self, parent: str, key: str) -> None:
        keys = self.below.setdefault(parent, {})
        keys.setdefault(simplify_key(key), []).append(f"{parent}/{key}")

    def _add_above(self, pointer: str) -> None:
        """Hang an object from what it is in, and that from what that is in."""
        while pointer and pointer not in self.linked:
            self.linked.add(pointer)
            pointer, _, key = pointer.rpartition("/")
            self._add(pointer, key)

    def find(self, base: str, path: Path) -> list[str]:
        """Return the pointers that a path leads to from an object, in order."""
        found = [base]
        for step in path:
            keys = (self.below.get(at, {}) for at in found)
            if step == ANY_ELEMENT:
                found = [
                    p for k in keys for n, ps in k.items() if n.isdigit() for p in ps
                ]
            else:
                found = [p for k in keys for p in k.get(step, ())]
        return found

    def list_data(self, base: str, paths: Sequence[Path]) -> Iterator[Datum]:
        """Yield the scalars that paths lead to; of a path with `*` all of them."""
        for path in paths:
            for pointer in self.find(base, path):
                if pointer in self.scalars:
                    yield self.scalars[pointer]

    def read_text(self, base: str, paths: Sequence[Path]) -> str:
        """Return the first text, in single blanks; "" for none."""
        for datum in self.list_data(base, paths):
            if isinstance(datum.value, str) and datum.value.strip():
                return " ".join(datum.value.split())
        return ""

    def passes(self, base: str, tests: Sequence[KeyTest]) -> bool:
        """Whether one of some tests is passed below an object."""
        return any(
            test.fits(datum.value)
            for test in tests
            for datum in self.list_data(base, [test.path])
        )


@dataclass(frozen=True, eq=False)
class BoardRow:
    """One posting of a board.

    Args:
        layout: Of its board.
        script: Where it stands; `pointer` to it.
        index: Of the script.
        facts: What it says of its job.
        nation: Code of the country that it names; "" for none.
        estimated: Whether its amounts are the board's own work.
        publisher: Who worked them out.
    """

    layout: BoardLayout
    script: int
    pointer: str
    index: KeyIndex
    facts: JobFacts
    nation: str
    estimated: bool
    publisher: str

    def list_amounts(self) -> Iterator[Datum]:
        """Yield the scalars that the table calls amounts."""
        for holder in self.list_holders():
            yield from self.index.list_data(holder, [p for _, p in self.layout.amounts])

    def list_holders(self) -> list[str]:
        """Return the pointers of the objects that hold the amounts."""
        paths = self.layout.sums
        found = [at for path in paths for at in self.index.find(self.pointer, path)]
        return found if paths else [self.pointer]


def find_posting(
    boards: Mapping[tuple[int, str], Posting], script: int, pointer: str
) -> Posting | None:
    """Return the posting that an object or a value is in, or is; None for none.

    Args:
        boards: Postings by script and pointer.
        script: Of the object.
        pointer: To it.
    """
    place = find_place(boards, script, pointer)
    return None if place is None else boards[place]


def find_place(
    boards: Container[tuple[int, str]], script: int, pointer: str
) -> tuple[int, str] | None:
    """Return script and pointer of the posting that a value is in; None for none."""
    at = pointer
    while boards:
        if (script, at) in boards:
            return (script, at)
        if not at:
            break
        at = at.rpartition("/")[0]
    return None


def find_board_rows(page: IndexedPage, graph: DataGraph) -> list[BoardRow]:
    """Return the postings of boards in a page's data, in the order of their places.

    Data in the words of schema.org are no board's.
    """
    found = []
    for script, nodes in graph.scripts.items():
        if not _may_have_rows(page.words.boards, nodes):
            continue
        index = KeyIndex.from_objects(nodes)
        taken: set[str] = set()
        for pointer in sorted(nodes, key=lambda p: p.count("/")):
            if _is_within(pointer, taken) or is_schema(nodes[pointer]):
                continue
            if layout := _match_layout(page.words.boards, index, pointer):
                taken.add(pointer)
                found.append(_read_row(page, layout, script, pointer, index))
    return found


def list_boards(document: Document, vocabulary: Vocabulary) -> list[str]:
    """List the ids of the boards whose postings a document's data hold, sorted."""
    boards = get_gazetteer(vocabulary).boards
    found: set[str] = set()
    for nodes in DataGraph.from_document(document).scripts.values():
        if _may_have_rows(boards, nodes):
            index = KeyIndex.from_objects(nodes)
            layouts = (_match_layout(boards, index, pointer) for pointer in nodes)
            found |= {layout.board for layout in layouts if layout is not None}
    return sorted(found)


def _may_have_rows(boards: BoardTable, nodes: Objects) -> bool:
    """Whether some object has a key that a board's posting begins with."""
    firsts = boards.by_key
    return any(
        simplify_key(key) in firsts for node in nodes.values() for key in node.keys
    )


def _is_within(pointer: str, taken: set[str]) -> bool:
    """Whether an object stands in one of some others."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        if pointer in taken:
            return True
    return False


def _match_layout(
    boards: BoardTable, index: KeyIndex, pointer: str
) -> BoardLayout | None:
    """Return the first layout all of whose paths an object has."""
    for key in index.below.get(pointer, {}):
        for layout in boards.by_key.get(key, ()):
            if all(index.find(pointer, path) for path in layout.row):
                return layout
    return None


def _read_row(
    page: IndexedPage, layout: BoardLayout, script: int, pointer: str, index: KeyIndex
) -> BoardRow:
    """Read what a posting says of its job."""
    said = layout.always.get("country") or index.read_text(pointer, layout.country)
    nation = find_nation(page, said)
    texts = list(dict.fromkeys(_list_places(index, pointer, layout)))[:MOST_PLACES]
    fields: dict[str, str | float] = {}
    if index.passes(pointer, layout.remote) or any(map(_is_remote, texts)):
        fields["work_mode"] = REMOTE
    places = [p for p in map(_strip_remote, texts) if p]
    nation = nation or _guess_nation(page, places)
    if not places and nation:
        places = [page.words.nations[nation]]
    named = name_places(page, [DataPlace(text[:MOST_NAME], nation) for text in places])
    if named:
        fields["area"] = named[0]
        if named[1]:
            fields["area_level"] = named[1]
    for datum in index.list_data(pointer, layout.date):
        if when := read_date(datum):
            fields["reference_period"] = when
            break
    if employer := index.read_text(pointer, layout.employer):
        fields["employer_type"] = employer[:MOST_NAME]
    title = index.read_text(pointer, layout.title)[:MOST_TITLE]
    return BoardRow(
        layout, script, pointer, index,
        JobFacts(layout.board, title, fields, nation=nation),
        nation,
        estimated=index.passes(pointer, layout.estimate),
        publisher=index.read_text(pointer, layout.publisher) or layout.name,
    )  # fmt: skip


def _list_places(index: KeyIndex, pointer: str, layout: BoardLayout) -> Iterator[str]:
    """Yield places as written, those of the first group of paths that has any."""
    for group in layout.place:
        if group[0][-1] == ANY_ELEMENT:  # a list of texts: `locations/*`
            found = [
                str(datum.value or "") for datum in index.list_data(pointer, group)
            ]
        else:
            found = [
                ", ".join(dict.fromkeys(filter(None, parts)))
                for at in index.find(pointer, group[0][:-1])
                if (parts := [index.read_text(at, [path[-1:]]) for path in group])
            ]
        if any(found):
            yield from filter(None, found)
            return


def _is_remote(text: str) -> bool:
    return text.lower().startswith(REMOTE)


def _strip_remote(text: str) -> str:
    """Return a place without the word for a job that is done from anywhere."""
    return text[len(REMOTE) :].strip(" -–—,:()/") if _is_remote(text) else text


def _guess_nation(page: IndexedPage, places: Sequence[str]) -> str:
    """Return the nation that all places are in; "" where they do not say one."""
    found = {find_nation(page, place) for place in places}
    return found.pop() if len(found) == 1 else ""
