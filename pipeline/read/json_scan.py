"""JSON and literals of JavaScript, read in one pass with the place of every scalar.

Tolerates what pages have: comments, trailing commas, bare keys, single quotes.
"""

import json
import re
from dataclasses import dataclass

from pipeline.read.limits import limit

TOKEN = re.compile(
    r"(?P<space>(?:[\s\ufeff]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|<!--|-->)+)"
    r'|"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"'
    r"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)'"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<word>[A-Za-z_$][\w$]*)"
    r"|(?P<mark>[{}\[\],:])",
    re.DOTALL,
)
WORDS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
LONGEST_NUMBER = 40


class NotJson(Exception):
    """The text is not data that we can read; the message says where it stops."""


@dataclass(frozen=True)
class Scalar:
    """A scalar, its pointer, its exact characters and their offset."""

    pointer: str
    value: str | int | float | bool | None
    raw: str
    start: int


@dataclass
class Frame:
    """An object or array that is open; `step` is the key or index at hand."""

    pointer: str
    closes: str
    step: str | int = 0
    wants: str = "value"


def escaped(key: str) -> str:
    """A key as one step of an RFC 6901 pointer.

    >>> escaped("a/b~c")
    'a~1b~0c'
    """
    return key.replace("~", "~0").replace("/", "~1")


def scalars(text: str, at: int, pointer: str = "") -> tuple[list[Scalar], int]:
    """Every scalar of the value that begins at an offset, and the offset after it.

    Raises:
        NotJson: It is no data, is cut short, or nests deeper than `json_depth`.
    """
    found: list[Scalar] = []
    frames: list[Frame] = []
    deepest = int(limit("json_depth"))
    while True:
        match = TOKEN.match(text, at)
        if match is None:
            raise NotJson(f"no JSON at character {at:,}")
        at, kind, token = match.end(), match.lastgroup, match.group()
        if kind == "space":
            continue
        here = _pointer(frames, pointer)
        if kind != "mark":
            _scalar_or_key(match, frames, here, found)
        elif token in "{[":
            if len(frames) >= deepest:
                raise NotJson(f"nested deeper than {deepest} levels")
            _expect(frames, "value", at)
            frames.append(_frame(here, token))
        else:
            _mark(frames, token, at)
        if not frames:
            return found, at


def _frame(pointer: str, token: str) -> Frame:
    if token == "{":
        return Frame(pointer, "}", "", "key")
    return Frame(pointer, "]")


def _pointer(frames: list[Frame], root: str) -> str:
    if not frames:
        return root
    step = frames[-1].step
    return f"{frames[-1].pointer}/{escaped(step) if isinstance(step, str) else step}"


def _expect(frames: list[Frame], wanted: str, at: int) -> None:
    if frames and frames[-1].wants != wanted:
        raise NotJson(f"no {frames[-1].wants} at character {at:,}")
    if frames:
        frames[-1].wants = "comma"


def _mark(frames: list[Frame], token: str, at: int) -> None:
    """A colon, a comma or a closing bracket."""
    if not frames:
        raise NotJson(f"no JSON at character {at:,}")
    frame = frames[-1]
    if token == ":" and frame.wants == "colon":
        frame.wants = "value"
    elif token == "," and frame.wants == "comma":
        frame.wants = "key" if frame.closes == "}" else "value"
        if isinstance(frame.step, int):
            frame.step += 1
    elif token == frame.closes and frame.wants in ("comma", "key", "value"):
        frames.pop()
    else:
        raise NotJson(f"{token!r} out of place at character {at:,}")


def _scalar_or_key(
    match: re.Match[str], frames: list[Frame], here: str, found: list[Scalar]
) -> None:
    kind = match.lastgroup or ""
    raw = match[kind]
    start = match.start(kind)
    if frames and frames[-1].wants == "key":
        frames[-1].step = (
            str(_value(kind, raw)) if kind in ("double", "single") else raw
        )
        frames[-1].wants = "colon"
        return
    _expect(frames, "value", start)
    if kind == "word" and raw not in WORDS:
        raise NotJson(f"code and not data at character {start:,}")
    found.append(Scalar(here, _value(kind, raw), raw, start))


def _value(kind: str, raw: str) -> str | int | float | bool | None:
    if kind == "word":
        return WORDS[raw]
    if kind == "number":
        if len(raw) > LONGEST_NUMBER:
            return raw
        return float(raw) if re.search(r"[.eE]", raw) else int(raw)
    if "\\" not in raw:
        return raw
    try:
        return str(json.loads(f'"{raw}"', strict=False)) if kind == "double" else raw
    except ValueError:
        return raw
