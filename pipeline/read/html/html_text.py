"""Build the visible text of an HTML page: runs, line ends, places.

Text gathers in a run until a block tag ends it. White space is made single, save in
`<pre>`; a run begins at its first visible character, wherever the tags stand.
"""

import re
from dataclasses import dataclass, field

WHITE = re.compile(r"[ \t\n\r\f]+")
ASCII_WHITE = " \t\n\r\f"
# Characters without ink: no-break space, soft hyphen, zero-width ones, byte order mark.
# A run of these alone (`<p>&nbsp;</p>`) is spacing and gets no block.
UNSEEN = ASCII_WHITE + "\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"


@dataclass(slots=True)
class OpenElement:
    """A block element that is open.

    Args:
        tag: Its tag, or what its role makes it.
        depth: Number of elements open with it, itself included.
        kind: What a run directly in it becomes.
        furniture: Of it or of what it is in.
        headings: The headings when it was opened.
        blocks: The number of blocks when it was opened.
        anchor: Which open element (by its number among them) places in it are named
            by: itself, or above some depth the one at that depth.
        start: Offset of its first text, -1 before there is any.
    """

    tag: str
    depth: int
    kind: str
    furniture: str | None
    headings: tuple[tuple[int, str], ...]
    blocks: int
    anchor: int = 0
    start: int = -1


@dataclass(slots=True)
class TextRuns:
    """The text so far, the run that is open, and the elements it is in.

    Args:
        out: Pieces of the text: runs and the gaps between them.
        places: (offset in the text, path, offset in the element) of each run.
        opened: Block elements that are open, outermost first.
        names: Steps of the path to the current element.
        length: Characters in `out`.
        gap: What goes between the last run and the next: a line end or a tab.
        pieces: Pieces of the open run.
        begun: Offset at which the open run begins.
        size: Characters in `pieces`.
        breaks: How many `<br>` stand since the last character.
        bold: Characters of the open run that are bold.
        bold_depth: How many `<b>` and `<strong>` are open.
        pre: How many `<pre>` and `<textarea>` are open.
    """

    out: list[str] = field(default_factory=list)
    places: list[tuple[int, str, int]] = field(default_factory=list)
    opened: list[OpenElement] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    length: int = 0
    gap: str = ""
    pieces: list[str] = field(default_factory=list)
    begun: int = 0
    size: int = 0
    breaks: int = 0
    bold: int = 0
    bold_depth: int = 0
    pre: int = 0

    def add_text(self, text: str) -> None:
        """Add text to the run, its white space made single."""
        if self.pre:
            self.add_verbatim(text)
            return
        pieces = self.pieces
        if not pieces or self.breaks:
            text = text.lstrip(ASCII_WHITE)
            if not text:
                return
            self.begin_run()
            pieces = self.pieces
        elif text[0] in ASCII_WHITE and pieces[-1][-1] == " ":
            text = text.lstrip(ASCII_WHITE)
            if not text:
                return
        # Most text has single blanks alone; looking costs less than the substitution.
        if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
            text = WHITE.sub(" ", text)
        pieces.append(text)
        self.size += len(text)
        if self.bold_depth:
            self.bold += len(text)

    def add_verbatim(self, text: str) -> None:
        """Add text of a `<pre>`; only the line ends before its first are dropped."""
        if not self.pieces or self.breaks:
            text = text.lstrip("\r\n")
            if not text:
                return
            self.begin_run()
        self.pieces.append(text)
        self.size += len(text)

    def begin_run(self) -> None:
        """Begin a run, or a further line of one after `<br>`; two end it."""
        if self.pieces and self.breaks < 2:
            self.trim_run()
            self.pieces.append("\n")
            self.size += 1
        else:
            if self.pieces:
                self.end_run()
            self.begun = self.length + (len(self.gap) if self.length else 0)
            self.note_place(self.begun)
        self.breaks = 0

    def trim_run(self) -> None:
        """Remove the white space at the end of the run."""
        pieces = self.pieces
        while pieces:
            last = pieces.pop()
            bare = last.rstrip(ASCII_WHITE)
            self.size -= len(last) - len(bare)
            if bare:
                pieces.append(bare)
                return

    def note_place(self, at: int) -> None:
        """Note which element the text from here on is in, and where in its text."""
        for opened in reversed(self.opened):
            if opened.start >= 0:
                break
            opened.start = at
        inner = self.opened[self.opened[-1].anchor]
        path = "/" + "/".join(self.names[: inner.depth])
        self.places.append((at, path, at - inner.start))

    def next_offset(self) -> int:
        """Return the offset that the next character will have."""
        if self.pieces:
            return self.begun + self.size + (self.breaks == 1)
        return self.length + (len(self.gap) if self.length else 0)

    def end_run(self) -> None:
        """End the run and hand it to `make_block`."""
        self.breaks = 0
        if self.pieces:
            self.trim_run()
            run = "".join(self.pieces)
            self.pieces = []
            if self.length:
                self.out.append(self.gap)
            self.out.append(run)
            self.length = self.begun + len(run)
            if run.strip(UNSEEN):
                self.make_block(run)
            self.size = self.bold = 0
        self.gap = "\n"

    def make_block(self, run: str) -> None:
        """Turn a run into a block; subclasses say how."""
        raise NotImplementedError
