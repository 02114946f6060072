"""List what the tags, roles and classes of HTML mean for reading."""

from lxml import etree

from pipeline.read.page_furniture import (
    PARTS,
    classify_class,
    load_furniture_words,
)

# Elements without text that a reader sees. `<noscript>` is not among them: its text is
# kept, as furniture.
DROPPED = frozenset(
    ("script", "style", "iframe", "object", "embed", "applet", "canvas", "frameset")
)
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br",
    "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "noscript", "ol", "optgroup", "option", "p", "pre", "search",
    "section", "select", "summary", "table", "tbody", "td", "template", "text",
    "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
))
# fmt: on
HEADINGS = {f"h{n}": n for n in range(1, 7)}
# Elements whose headings end with them.
SECTIONS = frozenset(
    ("section", "article", "aside", "blockquote", "figure", "details", "td", "th")
)
KINDS = {
    **dict.fromkeys(HEADINGS, "heading"),
    "title": "title",
    "li": "item",
    "dt": "term",
    "dd": "definition",
    "caption": "caption",
    "figcaption": "caption",
    "pre": "pre",
    "summary": "heading",
    "blockquote": "paragraph",
    "table": "paragraph",
    "td": "paragraph",
    "th": "paragraph",
    "ul": "paragraph",
    "ol": "paragraph",
    "dl": "paragraph",
}
# ARIA roles that make a table, a list or a heading of plain elements.
ROLES = {
    "table": "table",
    "grid": "table",
    "treegrid": "table",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
    "heading": "heading",
    "list": "ul",
    "listitem": "li",
    "term": "dt",
    "definition": "dd",
}
NOTES = frozenset(
    ("footnote", "footnotes", "endnote", "endnotes", "table-note", "table-notes")
)
NOTE_ROLES = frozenset(("doc-footnote", "doc-endnote", "doc-endnotes"))
NEVER_FURNITURE = frozenset(("html", "body", "main", "article", "h1", "title"))
# A heading's id is its words, and a row's class its subject: `<h2 id="legal">` was once
# taken for a footer, and the figures under it set aside.
NAMED_BY_TOPIC = frozenset(
    ("h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "tbody", "thead", "dt", "dd")
)
IN_CONTENT = frozenset(("main", "article", "section", "blockquote", "figure", "td"))


class FurnitureDetector:
    """Tell which elements of one page are furniture.

    What holds the page's `<main>` or `<h1>` is the page and never furniture, whatever
    it is called.
    """

    def __init__(self, root: etree._Element) -> None:
        self.content: set[etree._Element] = set()
        for element in root.iter("main", "h1"):
            self.content.update(element.iterancestors())
        self.tags, self.roles, self.ids, self.boxes = map(
            load_furniture_words, ("tag", "role", "id", "aside")
        )

    def find_kind(
        self, element: etree._Element, tag: str, inherited: str | None
    ) -> str | None:
        """Return the kind of furniture that an element is or is in; None for content.

        Args:
            element: With its role, class and id.
            tag: Its tag, or the one that its role makes it.
            inherited: Kind of the element that it is in.
        """
        if tag in NEVER_FURNITURE or element in self.content:
            return inherited
        role = element.get("role")
        own = self.roles.get(role) if role else None
        if tag in NAMED_BY_TOPIC:
            return own or inherited
        if own is None and (value := element.get("class")):
            own = classify_class(value)
        if own is None and (value := element.get("id")):
            own = self.ids.get(value.lower()) or classify_class(value)
        if own is None and tag in self.tags and self.is_page_level(element, tag):
            own = self.tags[tag]
        return own or inherited

    def is_page_level(self, element: etree._Element, tag: str) -> bool:
        """Return whether a tag that may be content is furniture where it stands."""
        # A form with four paragraphs or items, or with a table, is a page around which
        # its server put a form (as ASP.NET does), and no form to fill in.
        if tag == "form":
            held = sum(1 for _ in element.iter("p", "li"))
            return held < 4 and next(element.iter("table", "h2"), None) is None
        if tag not in ("header", "footer", "aside"):
            return True
        if tag == "aside" and self._is_box_of_facts(element):
            return False
        return not any(above.tag in IN_CONTENT for above in element.iterancestors())

    def _is_box_of_facts(self, element: etree._Element) -> bool:
        """Return whether an aside says in short what the page is about."""
        name = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        return not self.boxes.keys().isdisjoint(PARTS.split(name))

    def find_note_kind(self, element: etree._Element) -> str | None:
        """Return `footnote` for an element that is marked as one, else None."""
        value, role = element.get("class"), element.get("role")
        if (value and NOTES.intersection(value.lower().split())) or role in NOTE_ROLES:
            return "footnote"
        return None
