"""Read a JSON file as a page: no text, and its scalars as data.

A locator is that of data in a page's only script: `script=0;/jobs/3/salary/min`.
"""

from pipeline.core.media import JSON
from pipeline.core.model import Datum, Document
from pipeline.read.json.json_file import choose_form, read_scalars


def read_json(body: bytes, *, where: str) -> Document:
    """Read a JSON file.

    Raises:
        Damaged: Empty, not UTF-8, or not one JSON value.
        TooLarge: More bytes or values than are read.
    """
    scalars = read_scalars(body, where=where)
    form = choose_form(scalars)
    data = tuple(Datum(s.pointer, 0, form, s.value, s.raw, s.start) for s in scalars)
    # The scan knows the text without a byte order mark, and so do its offsets.
    text = body.decode("utf-8-sig")
    return Document("", (), JSON, scripts=(text,), data=data)
