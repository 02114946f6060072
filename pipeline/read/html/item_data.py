"""Read what a page says for machines in its own tags: microdata and RDFa Lite.

Each item that stands by itself becomes a text of JSON, as JSON-LD would say it, so that
a pointer leads into it as into any other data. Where the tags hold text that readers
see, its place in the document's text is noted beside the value.

Pages are looser than the standards: a property may hold others without being an item, a
type may lack its vocabulary, and any tag may have `content`.

Layout: https://html.spec.whatwg.org/multipage/microdata.html
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from pipeline.read.json.json_scan import JsonScalar, escape_key
from pipeline.read.read_limits import get_limit

MARKED = "//*[@itemscope or @itemtype or @itemprop or @typeof or @property]"
SCOPES = "boolean(//*[@itemscope or @itemtype or @typeof])"
VOCABULARY = "schema.org"
MOST_TEXT = 4000  # characters of a value; a description is read where it is shown
MOST_REFERRED = 200  # properties that `itemref` fetches, and ids that it names
# Attributes that hold a value, by tag; what has no such attribute has its text.
VALUED = {
    "link": "href",
    "img": "src",
    "object": "data",
    "data": "value",
    "meter": "value",
    "time": "datetime",
}
TEXTS = frozenset(("name", "title", "description", "text", "headline", "about"))
LINKED = frozenset(("url", "sameAs", "image", "logo", "mainEntityOfPage"))
Span = tuple[int, int]
# An element, the offset of the text there, and whether it begins or ends.
Event = tuple[etree._Element, int, bool]


@dataclass(frozen=True)
class PageItem:
    """One item that stands by itself.

    Args:
        form: `microdata` or `rdfa`.
        text: The item as JSON.
        values: Its values with their places in it, and the span of the document's text
            that shows each; of `@type` that of the whole item.
    """

    form: str
    text: str
    values: list[tuple[JsonScalar, Span]]


@dataclass(slots=True, eq=False)
class OpenItem:
    """An element with a property or a type, and what it holds.

    Args:
        element: Of the page.
        start: Offset of its text.
        names: Properties of the item around it that it is.
        types: Of the item that it is; None where it is none.
        form: `microdata` or `rdfa`.
        values: Properties to their values: texts with their spans, and items.
        end: Offset after its text.
    """

    element: etree._Element
    start: int
    names: list[str]
    types: list[str] | None
    form: str
    values: dict[str, list["OpenItem | ItemText"]] = field(default_factory=dict)
    end: int = 0


@dataclass(frozen=True, slots=True)
class ItemText:
    """A text value, and the span of its element in the document's text."""

    text: str
    span: Span


def find_marked(root: etree._Element) -> frozenset[etree._Element]:
    """Return the elements with microdata or RDFa; none where no item is among them."""
    found = root.xpath(MARKED) if root.xpath(SCOPES) else []
    return frozenset(cast(list[etree._Element], found))


def read_items(events: Iterable[Event]) -> tuple[list[PageItem], list[str]]:
    """Read the items of a page.

    Args:
        events: Of the elements of `find_marked`, in the page's order.

    Returns:
        The items, and a note, one sentence, where some were passed over.
    """
    builder = ItemBuilder()
    for element, offset, begins in events:
        if begins:
            builder.begin_element(element, offset)
        else:
            builder.end_element(element, offset)
    return builder.make_items()


class ItemBuilder:
    """Build items from the beginnings and ends of marked elements."""

    def __init__(self) -> None:
        self.opened: list[OpenItem] = []
        self.found: list[OpenItem] = []
        self.loose: dict[str, list[OpenItem]] = {}
        self.deepest = int(get_limit("json_depth")) - 2
        self.most = int(get_limit("json_scalars"))
        self.too_deep = 0
        self.referred = 0

    def begin_element(self, element: etree._Element, offset: int) -> None:
        """Open an element: a property of the item around it, an item, or both."""
        # Some leave `itemscope` out, which `itemtype` needs.
        is_item = "itemscope" in element.attrib or "itemtype" in element.attrib
        form = "microdata" if is_item or element.get("itemprop") else "rdfa"
        said = element.get("itemtype" if form == "microdata" else "typeof") or ""
        types = list(_list_terms(said)) if is_item or said else None
        named = element.get("itemprop" if form == "microdata" else "property") or ""
        names = list(dict.fromkeys(_list_terms(named)))
        self.opened.append(OpenItem(element, offset, names, types, form))

    def end_element(self, element: etree._Element, offset: int) -> None:
        """Close an element, and hand its value to the item that it belongs to."""
        if not self.opened or self.opened[-1].element is not element:
            return
        closed = self.opened.pop()
        closed.end = offset
        if len(self.opened) > self.deepest:
            self.too_deep += 1
        elif closed.names and self.opened:
            _add_value(self._find_holder(closed), closed)
        elif closed.types:
            self.found.append(closed)
        elif closed.names:
            self._keep_loose(closed)

    def _find_holder(self, closed: OpenItem) -> OpenItem:
        """Return what a closed element is a property of.

        An item belongs to the item around it; a text to the property around it, which
        is then an object without a type: `hiringOrganization` with its `name`. A name
        or a description is a text with others in it, and no object.
        """
        for above in reversed(self.opened):
            written = not TEXTS.isdisjoint(above.names)
            if above.types is not None or (closed.types is None and not written):
                return above
        return self.opened[-1]

    def _keep_loose(self, closed: OpenItem) -> None:
        """Keep a property outside of all items for those that refer to it by id."""
        for above in (closed.element, *closed.element.iterancestors()):
            if name := above.get("id"):
                kept = self.loose.setdefault(name, [])
                if len(kept) < MOST_REFERRED:
                    kept.append(closed)
                return

    def make_items(self) -> tuple[list[PageItem], list[str]]:
        """Return the items as JSON, at most `json_scalars` of their values."""
        made, notes, room = [], [], self.most
        for item in self.found:
            self._add_referred(item)
            writer = ItemWriter()
            writer.put_item(item, "")
            room -= len(writer.values)
            if room < 0:
                notes.append(f"more than {self.most:,} values in the page's tags")
                break
            made.append(PageItem(item.form, "".join(writer.pieces), writer.values))
        if self.too_deep:
            notes.append(f"items in tags nested deeper than {self.deepest} levels")
        return made, notes

    def _add_referred(self, item: OpenItem) -> None:
        """Add the properties that an item names by the id of what holds them."""
        names = dict.fromkeys((item.element.get("itemref") or "").split())
        for name in list(names)[:MOST_REFERRED]:
            for kept in self.loose.get(name, ())[: max(self.most - self.referred, 0)]:
                _add_value(item, kept)
                self.referred += 1


def _list_terms(text: str) -> Iterator[str]:
    """Yield the terms of schema.org in an attribute; those of others are passed over.

    >>> list(_list_terms("https://schema.org/JobPosting schema:Thing og:title pay"))
    ['JobPosting', 'Thing', 'pay']
    """
    for term in text.split()[:10]:
        if "/" in term:
            if VOCABULARY in term:
                yield term.rstrip("/").rpartition("/")[2].rpartition("#")[2]
        elif ":" not in term:
            yield term
        elif term.startswith("schema:"):
            yield term.removeprefix("schema:")


def _add_value(holder: OpenItem, closed: OpenItem) -> None:
    """Give a closed element to its holder, under each of its names."""
    for name in closed.names:
        held = holder.values.setdefault(name, [])
        if closed.values:
            held.append(closed)
        elif text := _read_value(closed.element, name):
            held.append(ItemText(text, (closed.start, closed.end)))


def _read_value(element: etree._Element, name: str) -> str:
    """Return the text value of an element: an attribute's, else what it shows."""
    tag = element.tag
    named = VALUED.get(tag) or ("href" if name in LINKED else "content")
    given = element.get("content") or element.get(named) or ""
    return " ".join((given or _read_text(element)).split())[:MOST_TEXT]


def _read_text(element: etree._Element) -> str:
    """Return the first characters of an element's text."""
    if not len(element):
        return element.text or ""
    pieces: list[str] = []
    size = 0
    for text in element.itertext():
        pieces.append(str(text))
        size += len(text)
        if size > MOST_TEXT:
            break
    return "".join(pieces)


class ItemWriter:
    """Write one item as JSON, and note where each of its values begins."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0
        self.values: list[tuple[JsonScalar, Span]] = []

    def put(self, text: str) -> None:
        """Add characters."""
        self.pieces.append(text)
        self.size += len(text)

    def put_item(self, item: OpenItem, pointer: str) -> None:
        """Write an item as JSON-LD would say it."""
        mark = "{"
        if item.types:
            self.put('{"@type": ')
            self.put_text(item.types[0], (item.start, item.end), f"{pointer}/@type")
            mark = ", "
        for name, values in item.values.items():
            self.put(f"{mark}{json.dumps(name, ensure_ascii=False)}: ")
            mark = ", "
            self.put_values(values, f"{pointer}/{escape_key(name)}")
        self.put("}" if mark == ", " else "{}")

    def put_values(self, values: list["OpenItem | ItemText"], pointer: str) -> None:
        """Write the one value of a property, or all of them as an array."""
        # `currency` stands before each end of a range.
        texts = {value.text for value in values if isinstance(value, ItemText)}
        items = any(isinstance(value, OpenItem) for value in values)
        if len(values) == 1 or (len(texts) == 1 and not items):
            self.put_one(values[0], pointer)
            return
        for number, value in enumerate(values):
            self.put(", " if number else "[")
            self.put_one(value, f"{pointer}/{number}")
        self.put("]")

    def put_one(self, value: "OpenItem | ItemText", pointer: str) -> None:
        """Write an item or a text."""
        if isinstance(value, OpenItem):
            self.put_item(value, pointer)
        else:
            self.put_text(value.text, value.span, pointer)

    def put_text(self, text: str, span: Span, pointer: str) -> None:
        """Write a text, and note its place."""
        raw = json.dumps(text, ensure_ascii=False)[1:-1]
        scalar = JsonScalar(pointer, text, raw, self.size + 1)
        self.values.append((scalar, span))
        self.put(f'"{raw}"')
