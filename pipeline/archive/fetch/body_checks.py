"""Check that a body is what was asked for, before it is accepted.

`media.check_body` has seen that it is not empty and begins as its type does; here are
its form, its wholeness, what is packed in it, and whether it is the page or a login
wall, an error page or a refusal in its place.
"""

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from pipeline.archive.public_url import public_url
from pipeline.archive.schedule import read_refresh_policy
from pipeline.core import media
from pipeline.core.errors import Damaged, Refused, TooLarge
from pipeline.core.model import Document, Payload
from pipeline.core.vocabulary import Vocabulary
from pipeline.read import detect_media_type, read
from pipeline.read.sheets.zip_checks import BROKEN_ZIP

# `<!DOCTYPE` or `<!ENTITY`, also in UTF-16 (`\x00`): entities can grow without bound
# when they are expanded.
XML = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C|E\x00?N\x00?T)", re.IGNORECASE)
XML_TYPES = ("application/xml", "text/xml")
XML_PARTS = (".xml", ".rels", ".vml")
PAGES = (media.HTML, "application/xhtml+xml")
TABLES = ("text/csv", media.FLAT)
HEAD_BYTES = 65_536
PIECE = 1 << 20
# Offsets in the header of a compound file, and the sector numbers it has room for:
# sector shift, number of FAT sectors, DIFAT (MS-CFB 2.2).
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
        wall: Characters of text above which a page is no login wall or error page.
    """

    types: frozenset[str] = frozenset()
    refusals: tuple[tuple[str, str, str], ...] = ()
    unpacked: int = 2_000_000_000
    wall: int = 3_000

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary, source: str) -> Self:
        """Read the rules from watch.csv, refusals.csv and limits.csv."""
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
    """Check that a body is what was asked for, by its media type.

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
    """Unpack every member once, in pieces: checksums, true sizes, no entities.

    Raises:
        Damaged: It is not whole, cannot be opened, or declares entities.
        TooLarge: It unpacks to more than `most` bytes.
    """
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
                    # What a zip states of its members' sizes may be wrong: what is
                    # unpacked is counted, and given up at the bound.
                    for piece in iter(lambda: part.read(PIECE), b""):
                        total += len(piece)
                        if total > most:
                            raise TooLarge(where, total, most)
                if total > most:
                    raise TooLarge(where, total, most)
    except BROKEN_ZIP as error:
        raise Damaged(where, f"the zip is not whole ({error})", FETCH_AGAIN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise Damaged(
            where, f"the zip cannot be opened ({error})", FETCH_AGAIN
        ) from error


def _check_sectors(where: str, body: bytes) -> None:
    """Check that an old workbook has the sectors that its header names (MS-CFB 2.2).

    Raises:
        Damaged: It was cut short.
    """
    try:
        (shift,) = struct.unpack_from("<H", body, SECTOR_AT)
        (fats,) = struct.unpack_from("<I", body, FATS_AT)
        listed = struct.unpack_from(f"<{min(fats, DIFAT_MOST)}I", body, DIFAT_AT)
    except struct.error as error:
        raise Damaged(where, "the workbook was cut short", FETCH_AGAIN) from error
    # Sector n begins at (n + 1) << shift, behind the header. A broken header may name
    # any shift; 20 keeps the number small.
    if any((number + 1) << min(shift, 20) >= len(body) for number in listed):
        raise Damaged(where, "the workbook was cut short", FETCH_AGAIN)


def _check_json(where: str, payload: Payload, rules: BodyRules) -> None:
    """Check that JSON parses, is an object or a list, and is no refusal.

    Raises:
        Damaged: It does not, or is an error or login wall in words.
        Refused: The publisher says no, or that the quota is used up.
    """
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
    """Check that a table is text: no binary, markup or JSON under its name.

    Raises:
        Damaged: It is.
    """
    head = body[:HEAD_BYTES]
    if b"\0" in head or head.lstrip()[:1] in (b"<", b"{"):
        raise Damaged(where, "it is no table of delimited text", FETCH_AGAIN)
    detect_media_type(where, head)


def _check_page(payload: Payload, asked: str, rules: BodyRules) -> None:
    """Check that a page is no login wall, error page or refusal in its place.

    Raises:
        Damaged, Refused: It is one, by the words of refusals.csv.
    """
    before, after = urlsplit(asked).path.lower(), urlsplit(payload.url).path.lower()
    # A redirect to `/login` is known by its address; one that was asked for is not.
    if before != after:
        _raise_if_refused(payload, rules, "address", after)
    if payload.media_type not in PAGES:
        return
    document = read(payload.body, media.HTML, where=public_url(payload.url))
    text = " ".join(_list_main_texts(document))
    # A login wall has a sentence or two; a long page may speak of signing in.
    if len(text) <= rules.wall:
        _raise_if_refused(payload, rules, "title", document.title.strip().lower())
        _raise_if_refused(payload, rules, "text", text.lower())


def _list_main_texts(document: Document) -> Iterator[str]:
    """Yield the words of a page's blocks, without the frame around the page."""
    for block in document.blocks:
        if block.furniture is None:
            yield " ".join(document.text[block.start : block.end].split())


def _raise_if_refused(
    payload: Payload, rules: BodyRules, place: str, text: str
) -> None:
    """Raise what words of refusals.csv stand for, if the text at this place has them.

    Raises:
        Refused: A refusal, or a quota that is used up.
        Damaged: A login wall or an error page.
    """
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
    """Whether a title (`whole`) begins with the words, or a text has them."""
    if whole:
        return re.match(rf"{re.escape(words)}(?!\w)", text) is not None
    return words in text
