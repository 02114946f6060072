"""Keep track of the lists of an HTML page: depth, lead-ins, terms and definitions."""

from dataclasses import dataclass, field

from pipeline.read.outline import Outline


@dataclass
class OpenList:
    """A list that is open, by indexes of blocks.

    Args:
        lead: What introduces it.
        last: Its last item.
        term: Its last term.
    """

    lead: int | None
    last: int | None = None
    term: int | None = None


@dataclass
class HtmlLists:
    """The lists that are open, outermost first."""

    opened: list[OpenList] = field(default_factory=list)

    def open_list(self, outline: Outline) -> None:
        """Begin a list; inside an item, that item introduces it."""
        above = self.opened[-1] if self.opened else None
        last = len(outline.blocks) - 1
        if above is not None and above.last is not None and above.last == last:
            self.opened.append(OpenList(last))
        else:
            self.opened.append(OpenList(outline.find_lead_in()))

    def close_list(self) -> None:
        """End the innermost list."""
        if self.opened:
            self.opened.pop()

    def add_entry(
        self,
        outline: Outline,
        kind: str,
        start: int,
        end: int,
        text: str,
        facts: dict[str, object],
    ) -> None:
        """Add an item, term or definition to the outline.

        Args:
            outline: Is added to.
            kind: `item`, `term` or `definition`.
            start: Offset in the document's text.
            end: End offset, exclusive.
            text: Its words.
            facts: Other fields of `Block`.
        """
        # `<li>` outside any list: browsers show it as an item all the same.
        if not self.opened:
            self.opened.append(OpenList(outline.find_lead_in()))
        inner = self.opened[-1]
        lead = inner.lead
        if kind == "definition":
            lead = inner.term
        elif kind == "item" and inner.last is not None:
            # An item that ends in a colon introduces those after it, as headings of a
            # flat list do; others share what introduced the one before.
            before = outline.blocks[inner.last]
            lead = inner.last if inner.last in outline.colons else before.lead_in
        depth = len(self.opened) if kind == "item" else 0
        index = outline.add(kind, start, end, level=depth, lead_in=lead, **facts)
        outline.remember_colon(index, text[-20:])
        if kind == "term":
            inner.term = index
        inner.last = index
