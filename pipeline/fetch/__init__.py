"""Source to Payload: the only door to the network.

A source that allows automated reading is asked politely; a page that does not, or
that cannot be reached, is saved by a person and comes in through `given`.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline import card, media
from pipeline.errors import Damaged, NotFound, Refused, TooLarge
from pipeline.fetch.manners import Manners
from pipeline.fetch.visitor import Reply, Visitor
from pipeline.model import Payload, Snapshot, Source

__all__ = ["Manners", "Visitor", "fetch", "file_name", "given"]

ANY_TYPE = ("", "application/octet-stream", "binary/octet-stream")
NOT_IN_NAMES = re.compile(r"[^\w.-]", re.ASCII)


def fetch(
    source: Source,
    visitor: Visitor,
    *,
    edition: str,
    today: str,
    url: str = "",
    parts: Sequence[str] = (),
    known: Snapshot | None = None,
) -> Payload | None:
    """Ask a publisher for a file; None where it has not changed.

    Args:
        source: Whose file it is.
        visitor: Whose connections and manners are used.
        edition: Reference edition that the address leads to.
        today: ISO date.
        url: The file's address; the source's first where none is given.
        parts: Addresses of files that belong to it (code lists).
        known: The snapshot at hand; sent along, so that the publisher can say that
            nothing is new.

    Raises:
        Refused: The manifest, robots.txt or the publisher says no.
        Unreachable: Worth another try later.
        Damaged: An empty body, or an HTML page in place of a file.
        TooLarge: More than limits.csv allows.
    """
    if not source.automated:
        why = "its publisher does not allow automated reading"
        raise Refused(source.id, source.homepage, 0, why)
    if not source.urls:
        raise Refused(source.id, source.homepage, 0, "its pages come by hand only")
    reply = visitor.get(source.id, url or source.urls[0], _conditions(known))
    if reply.status == 304:
        return None
    others = [visitor.get(source.id, part, {}) for part in parts]
    payload = Payload(
        source=source.id,
        edition=edition,
        name=file_name(reply.url),
        body=reply.body,
        media_type=_media_type(source, reply),
        capture="fetched",
        retrieved=today,
        url=reply.url,
        etag=reply.headers.get("ETag", ""),
        last_modified=reply.headers.get("Last-Modified", ""),
        status=reply.status,
        parts={file_name(other.url): other.body for other in others},
    )
    media.check(card.public_url(reply.url), payload.media_type, payload.body)
    for other in others:
        kind = media.of_name(file_name(other.url))
        media.check(card.public_url(other.url), kind, other.body)
    return payload


def given(
    path: Path,
    source: Source,
    *,
    edition: str,
    today: str,
    url: str = "",
    parts: Mapping[str, Path] | None = None,
    size: int = Manners.size,
) -> Payload:
    """A page or file that a person saved, with the same care as a fetched one.

    Args:
        path: The saved file; its name stays, its ending names its media type.
        source: Whose page it is.
        edition: Reference edition.
        today: ISO date it was saved.
        url: Where it was saved from.
        parts: Other files of the same edition, by the publisher's name.
        size: Most bytes that are read.

    Raises:
        NotFound: No such file.
        Damaged: Empty, or not what its name says.
        TooLarge: More bytes than are read.
    """
    body = _read(path, size)
    ended = path.suffix.lower() in media.ENDINGS
    html = not ended and media.looks_like_html(body)
    kind = media.HTML if html else media.of_name(path.name)
    media.check(str(path), kind, body)
    return Payload(
        source=source.id,
        edition=edition,
        name=path.name,
        body=body,
        media_type=kind,
        capture="given",
        retrieved=today,
        url=url,
        parts={name: _read(part, size) for name, part in (parts or {}).items()},
    )


def _conditions(known: Snapshot | None) -> dict[str, str]:
    """Headers that let the publisher answer 304; none for bytes from elsewhere."""
    if known is None or known.capture != "fetched":
        return {}
    try:
        headers = card.read(known.path.parent).get("headers")
    except Damaged:
        return {}
    kept = headers if isinstance(headers, dict) else {}
    asked = {
        "If-None-Match": kept.get("etag"),
        "If-Modified-Since": kept.get("last_modified"),
    }
    return {
        name: value
        for name, value in asked.items()
        if isinstance(value, str) and value.isascii() and value.isprintable() and value
    }


def file_name(url: str) -> str:
    """The publisher's file name: the end of the address, made harmless."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return NOT_IN_NAMES.sub("_", last).strip("._-")[:100] or "index.html"


def _media_type(source: Source, reply: Reply) -> str:
    """By the name's ending; else as served; flat files are served as plain text."""
    name = file_name(reply.url)
    if Path(name).suffix.lower() in media.ENDINGS:
        return media.of_name(name)
    served = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if served in ANY_TYPE or (served == "text/plain" and source.kind == "bulk"):
        return media.of_name(name)
    return served


def _read(path: Path, size: int) -> bytes:
    """A file's bytes, if there are not too many."""
    if not path.is_file():
        raise NotFound("File", str(path), "Give the path of a saved page or file.")
    found = path.stat().st_size
    if found > size:
        raise TooLarge(str(path), found, size)
    return path.read_bytes()
