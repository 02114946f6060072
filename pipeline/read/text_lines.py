"""Split text into lines with their offsets, and read the words of a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.currency_table import SIGNS
from pipeline.read.outline import Outline

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# Markdown's links and images, `[words](address "title")`. The bounds keep a page of
# opening brackets from being searched to its end at every one.
LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?: \"[^\"]{0,200}\")?\)")
# `**`, `__`, code marks, a backslash before a mark, `~~`, and `_` at a word's edge;
# within a word (`pay_basis`) it stays.
MARKDOWN_MARKS = re.compile(r"\*{1,3}|_{2,3}|`+|\\(?=[^\w\s])|~~|(?<!\w)_|_(?!\w)")
# `Ohio: $47,900`, `Ohio | $47,900`: a label, a divider, and something after it.
LABELLED = re.compile(r"[ \t]*[^:|\t]{1,60}[:\t|][ \t]*\S")
# A line of words that ends in one sum of money: `New York $56,800 a year`.
PAID = re.compile(
    rf"[ \t]*[^\W\d_][^{SIGNS}]{{0,60}}[{SIGNS}][\s\d,.–—{SIGNS}kKmM+-]{{1,30}}"
    r"(?:\s?(?:/|per\b|an?\b)\s?\w{1,6})?[ \t]*\Z"
)
LONGEST_ENTRY = 120  # characters; a longer line is a sentence that has a colon in it
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class TextLine:
    """One line without its end: offsets in the text, and its characters."""

    start: int
    end: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether it is nothing but white space."""
        return not self.text or self.text.isspace()

    @property
    def indent(self) -> int:
        """Columns before the first character; a tab goes to the next multiple of 4."""
        width = 0
        for character in self.text:
            if character == "\t":
                width += 4 - width % 4
            elif character == " ":
                width += 1
            else:
                break
        return width

    @property
    def text_start(self) -> int:
        """Offset of its first character that is not white space."""
        return self.start + len(self.text) - len(self.text.lstrip())

    @property
    def text_end(self) -> int:
        """Offset after its last character that is not white space."""
        return self.start + len(self.text.rstrip())


@dataclass
class LineScanner:
    """A text that is being read line by line; rules move `at` forward.

    Args:
        text: The whole text.
        lines: Its lines.
        plain: Whether it lacks Markdown's headings, so that they are found by layout.
        outline: The blocks found so far.
        at: Index of the current line.
        furniture: Line numbers that are page numbers (`footer`) and running heads
            (`header`).
        indents: Indentation of each list that is open, outermost first.
        items: Index of the last item of each list that is open.
        lead: Index of the block that introduces the open list.
        no_table_before: Lines before this one begin no aligned table; each rule would
            otherwise look at the same rows once a line.
    """

    text: str
    lines: list[TextLine]
    plain: bool
    outline: Outline = field(default_factory=Outline)
    at: int = 0
    furniture: dict[int, str] = field(default_factory=dict)
    indents: list[int] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    lead: int | None = None
    no_table_before: int = 0

    def get_line(self, ahead: int = 0) -> TextLine | None:
        """Return the current line, or one further on or back; None beyond the text."""
        at = self.at + ahead
        return self.lines[at] if 0 <= at < len(self.lines) else None

    def is_blank(self, ahead: int) -> bool:
        """Return whether that line is blank, a page number or beyond the text."""
        line = self.get_line(ahead)
        return line is None or line.is_blank or self.at + ahead in self.furniture

    def is_set_apart(self) -> bool:
        """Return whether the current line has nothing directly above and below it."""
        return self.is_blank(-1) and self.is_blank(1)

    def close_lists(self) -> None:
        """End every list that is open."""
        self.indents, self.items, self.lead = [], [], None


def split_lines(text: str) -> list[TextLine]:
    r"""Split text at carriage returns and line feeds alone; other separators are text.

    `str.splitlines` would cut at form feeds and at U+2028 as well.

    >>> [(line.start, line.text) for line in split_lines("a\r\nb\fc\n")]
    [(0, 'a'), (3, 'b\x0cc')]
    """
    lines = []
    for match in LINE.finditer(text):
        if match.end() > match.start():
            body = match.group().rstrip("\r\n")
            lines.append(TextLine(match.start(), match.start() + len(body), body))
    return lines


def are_separate_entries(lines: Sequence[str]) -> bool:
    """Return whether lines are entries: each a label and its value, not a sentence.

    >>> are_separate_entries(["Ohio $47,900", "Utah $46,800"])
    True
    >>> are_separate_entries(["In Ohio the mean was", "$47,900 in the year before."])
    False
    """
    if len(lines) < 2 or max(map(len, lines)) > LONGEST_ENTRY:
        return False
    return all(map(LABELLED.match, lines)) or all(map(PAID.match, lines))


def strip_markdown(text: str) -> str:
    """Return the words of a line without Markdown's marks, spaces made single.

    >>> strip_markdown("**Top** [pay](https://x.example) in _Ohio_")
    'Top pay in Ohio'
    """
    return SPACES.sub(" ", MARKDOWN_MARKS.sub("", LINK.sub(r"\1", text))).strip()
