"""Fetch a publisher's file as a payload: the only use of the network.

A source that allows automated reading is asked; the page of one that does not, or
that cannot be reached, is saved by a person and read by `read_saved_file`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.archive import card
from pipeline.archive.fetch.body_checks import BodyRules, check_body
from pipeline.archive.fetch.http_client import HttpClient
from pipeline.archive.fetch.politeness import RequestLimits
from pipeline.archive.fetch.responses import HttpReply
from pipeline.archive.public_url import public_url
from pipeline.core import media
from pipeline.core.errors import Damaged, NotFound, PayproofError, Refused, TooLarge
from pipeline.core.model import Payload, Request, Snapshot, Source

__all__ = [
    "BodyRules",
    "HttpClient",
    "RequestLimits",
    "UnfitPayload",
    "fetch",
    "name_from_url",
    "read_saved_file",
]

# Content types that say nothing of a body's form.
ANY_TYPE = ("", "application/octet-stream", "binary/octet-stream")
NOT_IN_NAMES = re.compile(r"[^\w.-]", re.ASCII)
KEPT_HEADERS = ("Content-Type", "Content-Length", "Content-Language", "Date", "Expires")
TOOL = f"payproof {version('payproof')}"


@dataclass
class UnfitPayload(Exception):
    """Raised for what is not what was asked for; with the body, to be put aside."""

    payload: Payload
    error: PayproofError


def fetch(
    source: Source,
    client: HttpClient,
    request: Request,
    *,
    edition: str,
    at: str,
    known: Snapshot | None = None,
    rules: BodyRules | None = None,
) -> Payload | None:
    """Ask a publisher for a file; return its payload, None where it has not changed.

    Args:
        source: Whose file it is.
        client: Whose connections and limits are used.
        request: What is asked for.
        edition: Reference edition that the address leads to.
        at: ISO time in UTC, or a day.
        known: The snapshot at hand; sent along, so that the publisher can say that
            nothing is new.
        rules: What the body must pass.

    Raises:
        Refused: The manifest, robots.txt or the publisher says no.
        Unreachable: Worth another try later.
        TooLarge: More than limits.csv allows.
        UnfitPayload: It came, and is not what was asked for.
    """
    if not source.automated:
        why = "its publisher does not allow automated reading"
        raise Refused(source.id, source.homepage, 0, why)
    send, key = _build_post(request, client.keys)
    reply = client.get(source.id, request.url, _make_conditions(known), send)
    if reply.status == 304:
        return None
    others = [client.get(source.id, part, {}) for part in request.parts]
    payload = Payload(
        source=source.id,
        edition=edition,
        name=request.name or name_from_url(reply.url),
        body=reply.body,
        media_type=_choose_media_type(source, reply, request.name),
        capture="fetched",
        retrieved=at[:10],
        url=public_url(reply.url),
        etag=reply.headers.get("ETag", ""),
        last_modified=reply.headers.get("Last-Modified", ""),
        status=reply.status,
        parts={name_from_url(other.url): other.body for other in others},
        asked=request.url,
        at=at if len(at) > 10 else "",  # a day (`2026-11-21`) is no time
        tool=TOOL,
        headers=_select_headers(reply.headers),
    )
    _check_payload(payload, request, rules or BodyRules(), key)
    return payload


def _build_post(request: Request, keys: Mapping[str, str]) -> tuple[bytes, str]:
    """Return the body of a post, with the publisher's key in its field, and the key.

    A request has only the names of the key's setting and field: the key is put in
    here, so that nothing that is kept or logged has it.
    """
    if not request.send:
        return b"", ""
    fields = json.loads(request.send)
    key = keys.get(request.key_setting, "").strip() if request.key_setting else ""
    if key:
        fields[request.key_field] = key
    return json.dumps(fields).encode(), key


def _select_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers that say what came, none that could hold a secret (a cookie)."""
    found = {name.lower().replace("-", "_"): headers.get(name) for name in KEPT_HEADERS}
    return {name: text for name, text in found.items() if text}


def _has_leaked_key(payload: Payload, key: str) -> bool:
    """Whether the key came back, in the body or in a header that is kept."""
    heads = (payload.etag, payload.last_modified, *payload.headers.values())
    return key.encode() in payload.body or any(key in head for head in heads)


def _check_payload(
    payload: Payload, request: Request, rules: BodyRules, key: str
) -> None:
    """Check that the body and its parts are what was asked for.

    Raises:
        Refused: The page says no.
        UnfitPayload: Anything else that is wrong with it.
    """
    where = public_url(payload.url)
    try:
        if key and _has_leaked_key(payload, key):  # it must never reach the archive
            payload = replace(payload, body=b"", etag="", last_modified="", headers={})
            raise Damaged(where, "the answer repeats our key; it is not kept")
        check_body(payload, request.url, rules)
        for name, part in payload.parts.items():
            media.check_body(f"{where} {name}", media.guess_media_type(name), part)
    except Refused:
        raise
    except PayproofError as error:
        raise UnfitPayload(payload, error) from error


def read_saved_file(
    path: Path,
    source: Source,
    *,
    edition: str,
    today: str,
    url: str = "",
    by: str = "",
    at: str = "",
    parts: Mapping[str, Path] | None = None,
    size: int = RequestLimits.size,
) -> Payload:
    """Read a page or file that a person saved, checked as a fetched one is.

    Args:
        path: The saved file; its name stays, and its ending names its media type save
            of tables, which are known by their bytes.
        source: Whose page it is.
        edition: Reference edition.
        today: ISO date it was saved.
        url: Where it was saved from.
        by: Who brings it.
        at: ISO time in UTC at which it is brought.
        parts: Other files of the same edition, by the publisher's name.
        size: Most bytes that are read.

    Raises:
        NotFound: No such file.
        Damaged: Empty, or not what its name says.
        TooLarge: More bytes than are read.
    """
    body = _read_bytes(path, size)
    ended = path.suffix.lower() in media.ENDINGS
    # A browser may save a page under a name without an ending.
    html = not ended and media.looks_like_html(body)
    kind = media.HTML if html else media.detect_table_type(path.name, body)
    media.check_body(str(path), kind, body)
    return Payload(
        source=source.id,
        edition=edition,
        name=path.name,
        body=body,
        media_type=kind,
        capture="given",
        retrieved=today,
        url=url,
        by=by,
        at=at,
        tool=TOOL,
        parts={name: _read_bytes(part, size) for name, part in (parts or {}).items()},
    )


def _make_conditions(known: Snapshot | None) -> dict[str, str]:
    """Return headers that let the publisher answer 304; none for other bytes.

    Only what was fetched can be unchanged: a made page must not excuse a fetch.
    """
    if known is None or known.capture != "fetched":
        return {}
    try:
        headers = card.read_card(known.path.parent).get("headers")
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


def name_from_url(url: str) -> str:
    """Return the publisher's file name: the end of the address, made harmless."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    return NOT_IN_NAMES.sub("_", last).strip("._-")[:100] or "index.html"


def _choose_media_type(source: Source, reply: HttpReply, name: str) -> str:
    """Return the media type by the name's ending; else as it was served."""
    name = name or name_from_url(reply.url)
    if Path(name).suffix.lower() in media.ENDINGS:
        return media.guess_media_type(name)
    served = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    # BLS serves its flat files (`oe.data.0.Current`, no ending) as plain text.
    if served in ANY_TYPE or (served == "text/plain" and source.kind == "bulk"):
        return media.guess_media_type(name)
    return served


def _read_bytes(path: Path, size: int) -> bytes:
    """Read a file's bytes.

    Raises:
        NotFound: No such file.
        TooLarge: More than `size` bytes; none is read.
    """
    if not path.is_file():
        raise NotFound("File", str(path), "Give the path of a saved page or file.")
    found = path.stat().st_size
    if found > size:
        raise TooLarge(str(path), found, size)
    return path.read_bytes()
