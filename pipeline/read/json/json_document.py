"""Read a JSON file as a page: no text, and its scalars as data.

A locator is that of data in a page's only script: `script=0;/jobs/3/salary/min`.
"""

from pipeline.core.media import JSON
from pipeline.core.model import Datum, Document
from pipeline.read.json.json_file import read_scalars
from pipeline.read.json.json_scan import JsonScalar

# Keys that data in the words of schema.org have, in the outermost objects.
MARKS = ("@context", "@type", "@graph")
OUTERMOST = 3  # steps of a pointer: `/0/@graph`


def read_json(body: bytes, *, where: str) -> Document:
    """Read a JSON file.

    Raises:
        Damaged: Empty, not UTF-8, or not one JSON value.
        TooLarge: More bytes or values than are read.
    """
    scalars = read_scalars(body, where=where)
    form = "json_ld" if any(map(_is_mark, scalars)) else "json_file"
    data = tuple(Datum(s.pointer, 0, form, s.value, s.raw, s.start) for s in scalars)
    # The scan knows the text without a byte order mark, and so do its offsets.
    text = body.decode("utf-8-sig")
    return Document("", (), JSON, scripts=(text,), data=data)


def _is_mark(scalar: JsonScalar) -> bool:
    """Whether a scalar is one that data of schema.org begin with."""
    steps = scalar.pointer.split("/")[1 : OUTERMOST + 1]
    return any(mark in steps for mark in MARKS)
