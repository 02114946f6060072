"""Read a JSON file as scalars, each with its RFC 6901 pointer and exact characters."""

from collections.abc import Iterable, Sequence

from pipeline.core.errors import Damaged, NotFound, TooLarge
from pipeline.read.json.json_scan import JsonScalar, NotJson, scan_scalars
from pipeline.read.read_limits import get_limit

# Keys that data in the words of schema.org have, in the outermost objects.
MARKS = ("@context", "@type", "@graph")
OUTERMOST = 3  # steps of a pointer: `/0/@graph`


def choose_form(scalars: Iterable[JsonScalar]) -> str:
    """Return the form of a file's data: `json_ld` in the words of schema.org."""
    return "json_ld" if any(map(_is_mark, scalars)) else "json_file"


def _is_mark(scalar: JsonScalar) -> bool:
    """Whether a scalar is one that data of schema.org begin with."""
    steps = scalar.pointer.split("/")[1 : OUTERMOST + 1]
    return any(mark in steps for mark in MARKS)


def read_scalars(body: bytes, *, where: str) -> list[JsonScalar]:
    """Return every scalar of the file, in its order.

    Args:
        body: UTF-8, with or without a byte order mark.
        where: For messages.

    Raises:
        Damaged: Empty, not UTF-8, or not one JSON value.
        TooLarge: More bytes than `json_lines_bytes`, or more values than
            `json_file_scalars` of `limits.csv`.
    """
    if len(body) > (most := int(get_limit("json_lines_bytes"))):
        raise TooLarge(where, len(body), most)
    try:
        text = body.decode("utf-8-sig")
        most = int(get_limit("json_file_scalars"))
        found, end = scan_scalars(text, 0, most=most + 1)
    except UnicodeDecodeError as error:
        raise Damaged(where, f"it is not UTF-8 (byte {error.start:,})") from error
    except NotJson as error:
        raise Damaged(where, f"it is no JSON ({error})") from error
    if len(found) > most:
        raise TooLarge(where, len(found), most, "values")
    if text[end:].strip():
        raise Damaged(where, "it is more than one JSON value")
    return found


def read_pointer_quotes(body: bytes, pointers: Sequence[str]) -> list[str]:
    """Return the exact characters at each pointer.

    Raises:
        NotFound: A place does not exist in these bytes.
        Damaged: The bytes are no JSON.
    """
    raw = {
        scalar.pointer: scalar.raw for scalar in read_scalars(body, where="snapshot")
    }
    for pointer in pointers:
        if pointer not in raw:
            remedy = "The snapshot or its reader changed; run `payproof refresh`."
            raise NotFound("Place", pointer[:200], remedy)
    return [raw[pointer] for pointer in pointers]
