"""Define the values that pass between rooms: plain, frozen and picklable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One publication and the facts about it; `publisher_id` is "" for articles.

    Args:
        id: Name of the module, e.g. `bls_oews`.
        kind: `bulk`, `api`, `survey`, `aggregator` or `prose`.
        official: Published by a government's statistical office.
        measures: What the figures are, in its own terms; population: of whom.
        pay_basis: `base`, `total` or `unspecified`: what the figures include.
        evidence: `measured`, `modelled`, `self_reported`, `posted` or `quoted`.
        automated: Whether the publisher allows automated reading.
        urls: What is asked for, the body first, then its parts; empty where pages are
            given by hand only.
        edition: Reference edition that `urls` lead to.
        cadence: `yearly`, `monthly`, `irregular`.
        rows: Fewest and most claims a healthy snapshot gives.
        tables: Where the public finds its figures (`core.public_tables`), the first
            that fits before the others.
    """

    id: str
    title: str
    publisher: str
    homepage: str
    kind: str
    official: bool
    measures: str
    population: str
    pay_basis: str
    evidence: str
    licence: str
    cadence: str
    automated: bool
    rows: tuple[int, int]
    urls: tuple[str, ...] = ()
    edition: str = ""
    publisher_id: str = ""
    tables: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Request:
    """One thing to ask a publisher for; a module may list its own.

    It does so by `wanted(vocabulary, keys)`, in which `keys` are the settings.

    Args:
        url: The address, without any key.
        edition: That it leads to; "" where the module's `edition()`, else the month
            of the answer, gives it.
        parts: Addresses of files that belong to it (code lists).
        send: JSON object, as text, that is posted; "" asks with GET.
        key_setting: Environment variable with the publisher's key, if it is set.
        key_field: Field of `send` that the key goes into.
        name: File name of the answer; answers to posts need a name each.
    """

    url: str
    edition: str = ""
    parts: tuple[str, ...] = ()
    send: str = ""
    key_setting: str = ""
    key_field: str = ""
    name: str = ""


@dataclass(frozen=True)
class Payload:
    """The bytes that came of one request, or of one file given by hand.

    Args:
        asked: Address that was asked for; `url` is where it led.
        at: ISO time in UTC at which it came.
        by: Who gave it, for one given by hand.
        tool: Name and version of what fetched it.
        headers: Those of the answer that are kept; never a cookie.
    """

    source: str
    edition: str
    name: str
    body: bytes
    media_type: str
    capture: str
    retrieved: str
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    status: int = 200
    parts: Mapping[str, bytes] = field(default_factory=dict)
    asked: str = ""
    at: str = ""
    by: str = ""
    tool: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


MADE = "made"  # capture of what was written or cut out for demonstration


@dataclass(frozen=True)
class Snapshot:
    """Stored bytes and their card, under `raw/<source>/<edition>-<sha12>/`.

    Args:
        source: Id of the source.
        edition: Reference edition, e.g. `2025-05`; part of the folder's name.
        sha256: Of the body, 64 hex digits.
        path: The body's file.
        media_type: Of the body, without parameters.
        capture: `fetched`, `given` or `made`.
        retrieved: ISO date the bytes were obtained.
        url: Where the publisher has them.
        parts: Other files of the same edition (code lists): name to file.
        name: The publisher's own file name.
        asked: What was asked for, where it is not `url`.
        kept: ISO day or time at which it came into raw/.
        seen: ISO day or time at which it was last served, as far as we know.
        same_as: Folder of the snapshot with the same content; "" if it is the first.
        card: Digest of its card's bytes.
        seal: Digest of the card's fields, as the card itself states it; "" in one of
            an earlier version.
    """

    source: str
    edition: str
    sha256: str
    path: Path
    media_type: str
    capture: str
    retrieved: str
    url: str = ""
    parts: Mapping[str, Path] = field(default_factory=dict)
    name: str = ""
    asked: str = ""
    kept: str = ""
    same_as: str = ""
    card: str = ""
    seal: str = ""
    seen: str = field(default="", compare=False)  # the log grows, the bytes do not

    @property
    def id(self) -> str:
        """First 12 hex digits of the body's sha256."""
        return self.sha256[:12]

    @property
    def folder(self) -> str:
        """Name of its folder."""
        return f"{self.edition}-{self.id}"

    def read_body(self) -> bytes:
        """Read the stored bytes."""
        return self.path.read_bytes()


@dataclass(frozen=True)
class Block:
    """A stretch of a document's text that is one heading, paragraph, item or cell.

    Args:
        kind: `title`, `heading`, `paragraph`, `item`, `cell`, `caption`, `term`,
            `definition`, `footnote` or `pre`.
        start: Offset in `Document.text`.
        end: End offset, exclusive.
        section: Headings above it, outermost first (a heading has its parents').
        level: Heading level, or depth in a list; 0 elsewhere.
        lead_in: Index of the block that introduces its list or table; else None.
        table: Number of its table in the document; None elsewhere.
        row: Row in the table, from 0, heads included.
        column: First column in the table, from 0, spans resolved.
        head: A head cell (its text names a row or a column).
        row_heads: Indexes of the blocks that head its row, outermost first.
        column_heads: Indexes of the blocks that head its column, outermost first.
        furniture: `navigation`, `cookies`, `related`, `advert`, `footer`, `header`,
            `form`, `share`, `comments`, `hidden` or None for the document proper.
        quoted: Inside a block quotation.
    """

    kind: str
    start: int
    end: int
    section: tuple[str, ...] = ()
    level: int = 0
    lead_in: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    head: bool = False
    row_heads: tuple[int, ...] = ()
    column_heads: tuple[int, ...] = ()
    furniture: str | None = None
    quoted: bool = False


# Data in the words of schema.org, whatever they are written in.
SCHEMA_FORMS = frozenset(("json_ld", "microdata", "rdfa"))
# And data under names of the page's own: the state of its scripts, a file of JSON.
DATA_FORMS = SCHEMA_FORMS | {"json_state", "json_file"}


@dataclass(frozen=True)
class Datum:
    """One scalar in data embedded in a page, with its place.

    Args:
        pointer: RFC 6901 pointer into the script's JSON.
        script: Number of the script among the page's scripts that hold JSON, and
            behind them its items in microdata and RDFa.
        form: One of `DATA_FORMS`.
        value: Text, number, boolean or None, as parsed.
        raw: The exact characters of the value in the script (without quotes).
        start: Offset of `raw` in `Document.scripts[script]`.
        shown: (start, end) in the document's text of the tag that holds the value, in
            microdata and RDFa; of the whole item for its `@type`.
    """

    pointer: str
    script: int
    form: str
    value: str | int | float | bool | None
    raw: str
    start: int
    shown: tuple[int, int] | None = None


@dataclass(frozen=True)
class Document:
    """A page as text in blocks; every character maps back to the stored bytes.

    Args:
        text: The visible text. For Markdown and plain text, the file as decoded.
        blocks: In text order, not overlapping; white space may lie between them.
        media_type: `text/html`, `text/markdown` or `text/plain`.
        title: Of the page, "" where there is none.
        language: BCP 47 tag, "" where the page has none.
        published: ISO date from the page's own metadata, "" where it has none.
        url: Canonical address from the page's own metadata.
        place: Where its metadata says that it is of, as written; "" where it does not.
        encoding: That the bytes were decoded with.
        scripts: Raw text of the scripts that hold JSON, and the items that stand in the
            page's tags, as JSON.
        data: Their scalars, in text order.
        places: For HTML: one (offset in text, xpath, offset in the element's text)
            for each run of text, so that a span becomes a locator. Empty for text.
        marks: (start, end) of superscript text, which nothing separates from the
            figure before it: `$53,600` and a note mark `1` stand as `$53,6001`.
        strikes: (start, end) of text that is struck out.
        notes: What was passed over in reading, one sentence each.
    """

    text: str
    blocks: tuple[Block, ...]
    media_type: str
    title: str = ""
    language: str = ""
    published: str = ""
    url: str = ""
    place: str = ""
    encoding: str = "utf-8"
    scripts: tuple[str, ...] = ()
    data: tuple[Datum, ...] = ()
    places: tuple[tuple[int, str, int], ...] = ()
    marks: tuple[tuple[int, int], ...] = ()
    strikes: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
