"""Read the data that a page has in its scripts, each scalar with its place.

JSON-LD, `application/json` scripts (`__NEXT_DATA__` among them) and assignments of
literals (`window.__STATE__ = {…};`). An RFC 6901 pointer leads into the script's JSON;
into an assigned literal it begins with the name that it is assigned to:
`/window.__STATE__/salary/p50`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from lxml import etree

from pipeline.core.model import Datum
from pipeline.read.json.json_scan import JsonScalar, NotJson, escape_key, scan_scalars
from pipeline.read.read_limits import get_limit

# A name that a literal is assigned to: `var data = {`, `window.__STATE__ = [`,
# `self["__next"] = {`, `__DATA__ = {`; every part is bounded.
ASSIGNED = re.compile(
    r"(?:\b(?:var|let|const)\s{1,4}|\b(?=(?:window|self|globalThis)[.\[])|(?<![\w$.])(?=__))"
    r"([\w$]{1,60}(?:\.[\w$]{1,60}|\[[\"'][\w$.-]{1,60}[\"']\]){0,4})"
    r"\s{0,4}=\s{0,4}(?=[{\[])"
)
# Every assignment ends in one of these and has none within: the few places to look at.
EQUALS = re.compile(r"=\s{0,4}(?=[{\[])")
LONGEST_NAME = 400  # characters before the equals sign that are searched
JSON_TYPES = ("application/json", "text/json", "application/vnd.api+json")
SCRIPT_TYPES = ("", "text/javascript", "application/javascript", "module")

Found = tuple[tuple[str, ...], tuple[Datum, ...], tuple[str, ...]]


def read_script_data(root: etree._Element) -> Found:
    """Read the scripts that hold JSON.

    Returns:
        The texts of these scripts; their scalars, at most `json_scalars` of
        `limits.csv`; and a note, one sentence, on each script that was passed over.
    """
    scripts: list[str] = []
    data: list[Datum] = []
    notes: list[str] = []
    most = int(get_limit("json_scalars"))
    for number, element in enumerate(root.iter("script"), 1):
        text = element.text or ""
        if not text.strip() or len(data) >= most:
            continue
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        form = "json_ld" if kind == "application/ld+json" else "json_state"
        try:
            found = list(_find_last_scalars(text, kind))
        except NotJson as error:
            notes.append(f"script {number}: {error}")
            continue
        if found:
            room = most - len(data)
            if len(found) > room:
                notes.append(f"script {number}: more than {most:,} values in the page")
            data += [_make_datum(s, len(scripts), form) for s in found[:room]]
            scripts.append(text)
    return tuple(scripts), tuple(data), tuple(notes)


def _find_last_scalars(text: str, kind: str) -> Iterable[JsonScalar]:
    """Return a script's scalars; of two literals under one name those of the last.

    Raises:
        NotJson: A script of a JSON type is no JSON.
    """
    by_name = dict(_find_scalars(text, kind))
    return chain.from_iterable(by_name.values())


def _find_scalars(text: str, kind: str) -> Iterator[tuple[str, list[JsonScalar]]]:
    """Yield name and scalars of JSON, whole and without a name, or literals in code.

    Raises:
        NotJson: A script of a JSON type is no JSON.
    """
    if kind == "application/ld+json" or kind in JSON_TYPES or kind.endswith("+json"):
        yield "", scan_scalars(text, 0)[0]
    elif kind in SCRIPT_TYPES and ("={" in text or "= {" in text or "[" in text):
        at = 0
        for equals in EQUALS.finditer(text):
            # From the end of the last literal: an assignment within it is data.
            match = ASSIGNED.search(
                text, max(at, equals.start() - LONGEST_NAME), equals.end() + 1
            )
            if match is None:
                continue
            at = match.end()
            try:
                found, at = scan_scalars(text, match.end(), f"/{escape_key(match[1])}")
            except NotJson:
                continue  # code and not data: a literal that calls or computes
            yield match[1], found


def _make_datum(scalar: JsonScalar, script: int, form: str) -> Datum:
    """Make the datum of a scalar in a numbered script."""
    return Datum(scalar.pointer, script, form, scalar.value, scalar.raw, scalar.start)
