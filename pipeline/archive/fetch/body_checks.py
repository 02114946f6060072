"""Is it what was asked for? What a body must pass before it is accepted.

`media.check_body` has seen that it is not empty and begins as its type does; here are
its form, its wholeness, what is packed in it, and whether it is the page or its door.
"""

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from pipeline.archive.card import public_url
from pipeline.archive.schedule import read_refresh_policy
from pipeline.core import media
from pipeline.core.errors import Damaged, Refused, TooLarge
from pipeline.core.model import Document, Payload
from pipeline.core.vocabulary import Vocabulary
from pipeline.read import detect_media_type, read

XML = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C|E\x00?N\x00?T)", re.IGNORECASE)
XML_TYPES = ("application/xml", "text/xml")
XML_PARTS = (".xml", ".rels", ".vml")
PAGES = (media.HTML, "application/xhtml+xml")
TABLES = ("text/csv", media.FLAT)
HEAD_BYTES = 65_536
PIECE = 1 << 20
SECTOR_AT, FATS_AT, DIFAT_AT, DIFAT_MOST = 30, 44, 76, 109
FETCH_AGAIN = "Get the file again; the last good snapshot stays current."
QUOTA_STATUS = 429


@dataclass(frozen=True)
class BodyRules:
    """What bodies of one source must pass.

    Args:
        types: Media types that it publishes; any where there is none.
        refusals: (state, place, words): pages that stand in for the one asked for.
        unpacked: Most bytes that a zip may unpack to.
        wall: Characters of text above which a page is no mere door.
    """

    types: frozenset[str] = frozenset()
    refusals: tuple[tuple[str, str, str], ...] = ()
    unpacked: int = 2_000_000_000
    wall: int = 3_000

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary, source: str) -> Self:
        """Rules from watch.csv, refusals.csv and limits.csv."""
        columns = ("state", "place", "words")
        rows = vocabulary.read_table("refusals", *columns).select(columns).iter_rows()
        formats = read_refresh_policy(vocabulary, source).formats
        return cls(
            types=frozenset(media.ENDINGS.get(f".{f}", media.FLAT) for f in formats),
            refusals=tuple(rows),
            unpacked=int(vocabulary.read_number("limits", "workbook_unpacked_bytes")),
            wall=int(vocabulary.read_number("limits", "wall_characters")),
        )


def check_body(payload: Payload, asked: str, rules: BodyRules) -> None:
    """Let a body pass that is what was asked for.

    Args:
        payload: What came, with its media type.
        asked: The address that was asked for.
        rules: Of its source.

    Raises:
        Damaged: Another form than the source publishes, not whole, XML with
            entities, an error page or a login wall in place of the page.
        TooLarge: A zip that unpacks to more than is read.
        Refused: The page says no, or that the quota is used up.
    """
    where = public_url(payload.url)
    kind, body = payload.media_type, payload.body
    media.check_body(where, kind, body)
    if rules.types and kind not in rules.types:
        known = ", ".join(sorted(rules.types))
        why = f"it is {kind or 'of no type'}, and {payload.source} publishes {known}"
        raise Damaged(where, why, FETCH_AGAIN)
    if kind in (media.ZIP, media.XLSX):
        _check_members(where, body, rules.unpacked)
    elif kind == media.XLS:
        _check_sectors(where, body)
    elif kind == media.JSON:
        _check_json(where, payload, rules)
    elif kind in TABLES:
        _check_table(where, body)
    elif kind in XML_TYPES and XML.search(body[:HEAD_BYTES]):
        raise Damaged(where, "it declares a document type or entities", FETCH_AGAIN)
    elif kind in media.TEXTS:
        detect_media_type(where, body)
        _check_page(payload, asked, rules)


def _check_members(where: str, body: bytes, most: int) -> None:
    """Unpack every member once, in pieces: checksums, true sizes, no entities."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for member in archive.infolist():
                with archive.open(member) as part:
                    xml = member.filename.lower().endswith(XML_PARTS)
                    head = part.read(HEAD_BYTES)
                    if xml and XML.search(head):
                        why = f"{member.filename[:99]} declares entities"
                        raise Damaged(where, why, "Do not open it.")
                    total += len(head)
                    for piece in iter(lambda: part.read(PIECE), b""):
                        total += len(piece)
                        if total > most:
                            raise TooLarge(where, total, most)
                if total > most:
                    raise TooLarge(where, total, most)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error) as error:
        raise Damaged(where, f"the zip is not whole ({error})", FETCH_AGAIN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise Damaged(
            where, f"the zip cannot be opened ({error})", FETCH_AGAIN
        ) from error


def _check_sectors(where: str, body: bytes) -> None:
    """An old workbook names the sectors that its file must have (MS-CFB 2.2)."""
    try:
        (shift,) = struct.unpack_from("<H", body, SECTOR_AT)
        (fats,) = struct.unpack_from("<I", body, FATS_AT)
        listed = struct.unpack_from(f"<{min(fats, DIFAT_MOST)}I", body, DIFAT_AT)
    except struct.error as error:
        raise Damaged(where, "the workbook was cut short", FETCH_AGAIN) from error
    if any((number + 1) << min(shift, 20) >= len(body) for number in listed):
        raise Damaged(where, "the workbook was cut short", FETCH_AGAIN)


def _check_json(where: str, payload: Payload, rules: BodyRules) -> None:
    """It parses, is an object or a list, and is not the publisher's refusal."""
    try:
        found = json.loads(payload.body)
    except (ValueError, RecursionError) as error:
        raise Damaged(where, f"it is no JSON ({type(error).__name__})") from error
    if not isinstance(found, dict | list):
        raise Damaged(where, "it is JSON, but neither an object nor a list")
    if len(payload.body) <= rules.wall:
        text = " ".join(payload.body.decode("utf-8", "replace").lower().split())
        _raise_if_refused(payload, rules, "json", text)


def _check_table(where: str, body: bytes) -> None:
    """Text in lines: no binary, no markup, no JSON under a table's name."""
    head = body[:HEAD_BYTES]
    if b"\0" in head or head.lstrip()[:1] in (b"<", b"{"):
        raise Damaged(where, "it is no table of delimited text", FETCH_AGAIN)
    detect_media_type(where, head)


def _check_page(payload: Payload, asked: str, rules: BodyRules) -> None:
    """A page that is the door, or the notice on it, instead of the page."""
    before, after = urlsplit(asked).path.lower(), urlsplit(payload.url).path.lower()
    if before != after:
        _raise_if_refused(payload, rules, "address", after)
    if payload.media_type not in PAGES:
        return
    document = read(payload.body, media.HTML, where=public_url(payload.url))
    text = " ".join(_list_main_texts(document))
    if len(text) <= rules.wall:
        _raise_if_refused(payload, rules, "title", document.title.strip().lower())
        _raise_if_refused(payload, rules, "text", text.lower())


def _list_main_texts(document: Document) -> Iterator[str]:
    """The words of a page without its frame."""
    for block in document.blocks:
        if block.furniture is None:
            yield " ".join(document.text[block.start : block.end].split())


def _raise_if_refused(
    payload: Payload, rules: BodyRules, place: str, text: str
) -> None:
    """Raise what the words at this place stand for, if they stand there."""
    where = public_url(payload.url)
    for state, at, words in rules.refusals:
        if at != place or not _has_words(words, text, whole=place == "title"):
            continue
        why = f"it is no page but a {state.replace('_', ' ')} ({words!r})"
        if state == "quota":
            why = f"the quota is used up ({words!r})"
            raise Refused(payload.source, where, QUOTA_STATUS, why)
        if state == "refused":
            raise Refused(payload.source, where, payload.status, f"it says {words!r}")
        raise Damaged(where, why, FETCH_AGAIN)


def _has_words(words: str, text: str, *, whole: bool) -> bool:
    """Whether a title begins with the words, or a text has them."""
    if whole:
        return re.match(rf"{re.escape(words)}(?!\w)", text) is not None
    return words in text
