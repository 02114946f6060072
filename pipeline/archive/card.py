"""Make the card of a snapshot, `snapshot.json`, and check one that is read."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.archive.public_url import public_url
from pipeline.core import media
from pipeline.core.errors import Damaged, NotFound
from pipeline.core.failure_trace import make_printable
from pipeline.core.model import Payload

CARD = "snapshot.json"
# The field of a card that holds the digest of all others.
SEAL = "card_sha256"
CAPTURES = ("fetched", "given", "made")
# Names of folders and files below raw/: no slash, no dot in front, so that none can
# lead elsewhere or be hidden.
SOURCE = re.compile(r"[a-z][a-z0-9_]{0,63}")
EDITION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
FILE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")
# The publisher's own name of the body; it is written into the card, and no path.
NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{0,200}")
SHA256 = re.compile(r"[0-9a-f]{64}")
# An edition that is named by its month or day; others are a year, a span, a version.
PERIOD = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NEEDED = ("source", "edition", "name", "sha256", "media_type", "capture", "retrieved")


def make_card(
    payload: Payload,
    licence: str,
    note: str,
    derived_from: Sequence[str],
    **more: str,
) -> dict[str, Any]:
    """Return the card of a payload, once its names and bytes are found sound.

    Args:
        payload: What came.
        licence: Under which it may be used.
        note: A remark, e.g. how a made page came to be; nothing reads it.
        derived_from: Publications whose figures it carries.
        more: Further texts (`canonical`: digest by `fingerprint`; `same_as`: folder of
            the snapshot that says the same); an empty one is left out.

    Raises:
        Damaged: A name is not a plain one, or bytes are not what they are called.
    """
    _check_payload(payload)
    headers = {"etag": payload.etag, "last_modified": payload.last_modified}
    headers |= payload.headers
    asked = public_url(payload.asked)
    more |= {"asked": asked if asked != public_url(payload.url) else ""}
    more |= {"at": payload.at, "by": payload.by[:200], "tool": payload.tool}
    card = {
        "source": payload.source,
        "edition": payload.edition,
        "name": payload.name,
        "sha256": _hash_body(payload.body),
        "media_type": payload.media_type,
        "capture": payload.capture,
        "retrieved": payload.retrieved,
        "url": public_url(payload.url),
        "licence": licence,
        "note": note,
        "derived_from": list(derived_from),
        "status": payload.status if payload.capture == "fetched" else None,
        "headers": {name: value[:200] for name, value in headers.items() if value},
        "parts": {
            name: {"file": f"part.{name}", "sha256": _hash_body(part)}
            for name, part in sorted(payload.parts.items())
        },
        **{name: text for name, text in sorted(more.items()) if text},
    }
    return card | {SEAL: hash_card(card)}


def hash_card(card: Mapping[str, Any]) -> str:
    """Compute the digest of a card's fields, its own digest left out: 64 hex digits.

    How the file is laid out does not count.

    >>> hash_card({"b": 1, "a": "é"}) == hash_card({"a": "é", "b": 1, SEAL: "0"})
    True
    """
    fields = {name: value for name, value in card.items() if name != SEAL}
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def format_card(card: Mapping[str, Any]) -> bytes:
    """Write a card as the bytes of its file."""
    return (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode()


def seal_card(folder: Path) -> bytes:
    """Return the file of an earlier version's card with the digest that it lacks.

    Returns:
        The bytes; none where the card has its digest.

    Raises:
        Damaged: The card cannot be read.
    """
    card = read_card(folder)
    return b"" if SEAL in card else format_card(card | {SEAL: hash_card(card)})


def _check_payload(payload: Payload) -> None:
    """Refuse names that could lead elsewhere, and bytes that cannot be right.

    Raises:
        Damaged: A name is not a plain one, or bytes are not what they are called.
        NotFound: A way of capture that there is not.
    """
    where = f"{payload.source[:64]} {payload.name[:99] or payload.edition[:64]}"
    names = [
        ("a source id", SOURCE, payload.source),
        ("an edition", EDITION, payload.edition),
        ("a file name", NAME, payload.name),
        ("a day of retrieval", DAY, payload.retrieved),
        *(("a part's name", FILE, name) for name in payload.parts),
    ]
    for what, pattern, name in names:
        if not pattern.fullmatch(name):
            raise Damaged(where, f"{name[:99]!r} cannot be {what}", "Correct it.")
    if is_no_period(payload.edition):
        why = f"{payload.edition!r} cannot be an edition: the calendar has no such time"
        raise Damaged(where, why, "Correct it.")
    if payload.capture not in CAPTURES:
        raise NotFound("Capture", payload.capture, f"Use {', '.join(CAPTURES)}.")
    media.check_body(where, payload.media_type, payload.body)
    for name, part in payload.parts.items():
        media.check_body(f"{where} {name}", media.guess_media_type(name), part)


def is_no_period(edition: str) -> bool:
    """Tell whether an edition looks like a month or a day, and the calendar has none.

    >>> [is_no_period(e) for e in ("2025-13", "2025-02-30", "2025-12", "2024-2034")]
    [True, True, False, False]
    """
    found = PERIOD.fullmatch(edition)
    try:
        if found:
            date.fromisoformat(edition if found[1] else f"{edition}-01")
    except ValueError:
        return True
    return False


def _hash_body(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def read_card(folder: Path) -> dict[str, Any]:
    """Read and check a snapshot's card.

    One of an earlier version has no digest of its own and is read all the same:
    `release.inputs` says so, and refuses one that has lost its digest.

    Raises:
        Damaged: The card is absent, no JSON, incomplete, not of this folder, or was
            changed after it was written.
    """
    path = folder / CARD
    try:
        card = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:  # deep JSON recurses
        raise make_card_error(
            path, f"no card to read ({type(error).__name__})"
        ) from error
    if not isinstance(card, dict):
        raise make_card_error(path, "the card is not an object")
    for field in NEEDED:
        if not isinstance(card.get(field), str):
            raise make_card_error(path, f"the card has no text {field!r}")
    for problem in _find_problems(card, folder):
        raise make_card_error(path, problem)
    return card


def _find_problems(card: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield what is wrong with the card's values, a sentence each."""
    if not SHA256.fullmatch(card["sha256"]):
        yield "sha256 is not 64 hex digits"
    # A snapshot's folder is named after edition and digest: another name, another card.
    place = (card["source"], f"{card['edition']}-{card['sha256'][:12]}")
    if place != (folder.parent.name, folder.name):
        yield f"it is the card of {'/'.join(place)[:200]!r}"
    if card["capture"] not in CAPTURES:
        yield f"capture is none of {', '.join(CAPTURES)}"
    if not DAY.fullmatch(card["retrieved"]) or is_no_period(card["retrieved"]):
        yield "retrieved is not an ISO date"
    for field in ("asked", "at", "same_as"):
        if not isinstance(card.get(field, ""), str):
            yield f"{field} is no text"
    # JSON may name half of a surrogate pair, which no file can be written with.
    texts = [value for value in card.values() if isinstance(value, str)]
    if any(make_printable(text) != text for text in texts):
        yield "a text of the card is no text in UTF-8"
    parts = card.get("parts", {})
    if not isinstance(parts, dict) or not all(map(_is_part, parts.values())):
        yield "parts are not {name: {file, sha256}} of plain file names"
    # Behind the others: what is wrong by itself says more.
    if SEAL in card and card[SEAL] != hash_card(card):
        yield f"the card was changed after it was written ({SEAL} does not fit it)"


def _is_part(part: object) -> bool:
    """Whether a part names a plain file and a digest."""
    if not isinstance(part, dict):
        return False
    file, sha256 = part.get("file"), part.get("sha256")
    return (
        isinstance(file, str)
        and FILE.fullmatch(file) is not None
        and isinstance(sha256, str)
        and SHA256.fullmatch(sha256) is not None
    )


def make_card_error(path: Path, why: str) -> Damaged:
    """Make the error for a card or folder that is not a snapshot's."""
    remedy = "Restore it from version control, or move the folder away."
    return Damaged(str(path), why, remedy)
