"""Scan JSON and literals of JavaScript in one pass, with the place of every scalar.

Tolerates what pages have: comments, trailing commas, bare keys, single quotes.
"""

import json
import re
from dataclasses import dataclass, field

from pipeline.read.read_limits import get_limit

# One token: white space or a comment, a string, a number, a bare word or a mark. The
# strings are unrolled (`[^"\\]*(?:\\.[^"\\]*)*`), so that no text makes them backtrack.
TOKEN = re.compile(
    r"(?P<space>(?:[\s\ufeff]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|<!--|-->)+)"
    r'|"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"'
    r"|'(?P<single>[^'\\]*(?:\\.[^'\\]*)*)'"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<word>[A-Za-z_$][\w$]*)"
    r"|(?P<mark>[{}\[\],:])",
    re.DOTALL,
)
WORDS = {
    **dict.fromkeys(("null", "undefined", "NaN", "Infinity")),
    "true": True,
    "false": False,
}
# Half of a pair by itself (`\\ud83d`), which no text in UTF-8 can hold.
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
# Characters; `int` takes time with the square of the digits, and refuses 4,301 of them.
LONGEST_NUMBER = 40


class NotJson(Exception):
    """The text is not data that we can read; the message says where it stops."""


@dataclass(frozen=True)
class JsonScalar:
    """A scalar, its pointer, its exact characters and their offset."""

    pointer: str
    value: str | int | float | bool | None
    raw: str
    start: int


@dataclass
class OpenContainer:
    """An object or array that is open.

    Args:
        pointer: To it.
        closes: The bracket that ends it.
        step: Key or index of the value at hand.
        wants: What may come next: `key`, `colon`, `value` or `comma`.
        keys: Of an object, each key and the number of its last value.
        starts: How many scalars were found before each of these values.
    """

    pointer: str
    closes: str
    step: str | int = 0
    wants: str = "value"
    keys: dict[str, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)


@dataclass
class FoundScalars:
    """The scalars of a value in their order, and the stretches that are replaced."""

    scalars: list[JsonScalar] = field(default_factory=list)
    replaced: list[tuple[int, int]] = field(default_factory=list)

    def begin_key(self, frame: OpenContainer, key: str) -> None:
        """Begin the value of a key, which replaces an earlier one of the same key."""
        earlier = frame.keys.get(key)
        frame.keys[key] = len(frame.starts)
        frame.starts.append(len(self.scalars))
        if earlier is not None:
            self.replaced.append((frame.starts[earlier], frame.starts[earlier + 1]))

    def list_valid(self) -> list[JsonScalar]:
        """Return the scalars that no later value replaces."""
        kept: list[JsonScalar] = []
        at = 0
        for start, end in sorted(self.replaced):  # one may lie within another
            kept += self.scalars[at:start]
            at = max(at, end)
        return kept + self.scalars[at:] if self.replaced else self.scalars


def escape_key(key: str) -> str:
    """Write a key as one step of an RFC 6901 pointer.

    >>> escape_key("a/b~c")
    'a~1b~0c'
    """
    return key.replace("~", "~0").replace("/", "~1")


def scan_scalars(
    text: str, at: int, pointer: str = "", most: int | None = None
) -> tuple[list[JsonScalar], int]:
    """Return every scalar of the value at an offset, and the offset after the value.

    Of two values under one key of an object the last one counts, as it does in a
    browser: a pointer leads to one place.

    Args:
        text: Of the script or file.
        at: Where the value begins, or white space before it.
        pointer: To the value itself; "" for the root.
        most: Scalars after which the scan ends, within the value. None for all.

    Raises:
        NotJson: It is no data, is cut short, or nests deeper than `json_depth`.
    """
    found = FoundScalars()
    frames: list[OpenContainer] = []
    # A list of open containers and no recursion: five thousand brackets cost nothing.
    deepest = int(get_limit("json_depth"))
    while True:
        match = TOKEN.match(text, at)
        if match is None:
            raise NotJson(f"no JSON at character {at:,}")
        at, kind, token = match.end(), match.lastgroup, match.group()
        if kind == "space":
            continue
        here = _make_pointer(frames, pointer)
        if kind != "mark":
            _read_scalar_or_key(match, frames, here, found)
            if most is not None and len(found.scalars) >= most:
                return found.list_valid(), at
        elif token in "{[":
            if len(frames) >= deepest:
                raise NotJson(f"nested deeper than {deepest} levels")
            _check_expected(frames, "value", at)
            frames.append(_open_container(here, token))
        else:
            _read_mark(frames, token, at)
        if not frames:
            return found.list_valid(), at


def _open_container(pointer: str, token: str) -> OpenContainer:
    """Open the object or array that a bracket begins."""
    if token == "{":
        return OpenContainer(pointer, "}", "", "key")
    return OpenContainer(pointer, "]")


def _make_pointer(frames: list[OpenContainer], root: str) -> str:
    """Return the pointer to the value at hand."""
    if not frames:
        return root
    step = frames[-1].step
    return f"{frames[-1].pointer}/{escape_key(step) if isinstance(step, str) else step}"


def _check_expected(frames: list[OpenContainer], wanted: str, at: int) -> None:
    """Refuse a token that may not come here; a comma may come after it.

    Raises:
        NotJson: The innermost container wants another token.
    """
    if frames and frames[-1].wants != wanted:
        raise NotJson(f"no {frames[-1].wants} at character {at:,}")
    if frames:
        frames[-1].wants = "comma"


def _read_mark(frames: list[OpenContainer], token: str, at: int) -> None:
    """Take a colon, a comma or a closing bracket.

    Raises:
        NotJson: It may not come here.
    """
    if not frames:
        raise NotJson(f"no JSON at character {at:,}")
    frame = frames[-1]
    if token == ":" and frame.wants == "colon":
        frame.wants = "value"
    elif token == "," and frame.wants == "comma":
        frame.wants = "key" if frame.closes == "}" else "value"
        if isinstance(frame.step, int):
            frame.step += 1
    # `key` and `value` too: empty containers, and trailing commas (`[1, 2,]`).
    elif token == frame.closes and frame.wants in ("comma", "key", "value"):
        frames.pop()
    else:
        raise NotJson(f"{token!r} out of place at character {at:,}")


def _read_scalar_or_key(
    match: re.Match[str],
    frames: list[OpenContainer],
    here: str,
    found: FoundScalars,
) -> None:
    """Take a string, number or word: a key where one is wanted, else a scalar.

    Raises:
        NotJson: It may not come here, or is code (`new Date`, a variable's name).
    """
    kind = match.lastgroup or ""
    raw = match[kind]
    start = match.start(kind)
    if frames and frames[-1].wants == "key":
        key = str(_parse_value(kind, raw)) if kind in ("double", "single") else raw
        found.begin_key(frames[-1], key)
        frames[-1].step = key
        frames[-1].wants = "colon"
        return
    _check_expected(frames, "value", start)
    if kind == "word" and raw not in WORDS:
        raise NotJson(f"code and not data at character {start:,}")
    found.scalars.append(JsonScalar(here, _parse_value(kind, raw), raw, start))


def _parse_value(kind: str, raw: str) -> str | int | float | bool | None:
    """Return the value of a token; a string that does not parse stays as written."""
    if kind == "word":
        return WORDS[raw]
    if kind == "number":
        if len(raw) > LONGEST_NUMBER:
            return raw
        return float(raw) if re.search(r"[.eE]", raw) else int(raw)
    if "\\" not in raw:
        return raw
    try:
        # Not strict: pages have bare line ends and tabs within strings.
        said = str(json.loads(f'"{raw}"', strict=False)) if kind == "double" else raw
    except ValueError:
        return raw
    return HALF_CHARACTER.sub("\ufffd", said)
