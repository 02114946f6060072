"""Read the data that a page has in its scripts, each scalar with its place.

JSON-LD, `application/json` scripts (`__NEXT_DATA__` among them) and assignments of
literals (`window.__STATE__ = {…};`). An RFC 6901 pointer leads into the script's JSON;
into an assigned literal it begins with the name that it is assigned to:
`/window.__STATE__/salary/p50`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml import etree

from pipeline.core.model import Datum
from pipeline.read.html.item_data import PageItem
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
            # One more than there is room for: so it shows that there are more.
            more = most - len(data) + 1
            found = list(islice(_find_last_scalars(text, kind, more), more))
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


def add_items(found: Found, items: Iterable[PageItem]) -> Found:
    """Add a page's items in microdata and RDFa behind the data of its scripts.

    Args:
        found: Of `read_script_data`.
        items: Of the page's tags.

    Returns:
        As `read_script_data`; of items too at most `json_scalars` values are kept.
    """
    scripts, data, notes = found
    added: list[Datum] = []
    texts: list[str] = []
    room = int(get_limit("json_scalars")) - len(data)
    for item in items:
        number = len(scripts) + len(texts)
        added += [
            Datum(s.pointer, number, item.form, s.value, s.raw, s.start, span)
            for s, span in item.values[: max(room - len(added), 0)]
        ]
        texts.append(item.text)
    return (*scripts, *texts), (*data, *added), notes


def _find_last_scalars(text: str, kind: str, most: int) -> Iterable[JsonScalar]:
    """Return a script's scalars; of two literals under one name those of the last.

    Raises:
        NotJson: A script of a JSON type is no JSON.
    """
    by_name = dict(_find_scalars(text, kind, most))
    return chain.from_iterable(by_name.values())


def _find_scalars(
    text: str, kind: str, most: int
) -> Iterator[tuple[str, list[JsonScalar]]]:
    """Yield name and scalars of JSON, whole and without a name, or literals in code.

    Args:
        text: Of the script.
        kind: Its type.
        most: Scalars after which reading ends.

    Raises:
        NotJson: A script of a JSON type is no JSON.
    """
    if kind == "application/ld+json" or kind in JSON_TYPES or kind.endswith("+json"):
        yield "", scan_scalars(text, 0, most=most)[0]
    elif kind in SCRIPT_TYPES and ("={" in text or "= {" in text or "[" in text):
        at = count = 0
        for equals in EQUALS.finditer(text):
            # From the end of the last literal: an assignment within it is data.
            match = ASSIGNED.search(
                text, max(at, equals.start() - LONGEST_NAME), equals.end() + 1
            )
            if match is None:
                continue
            at = match.end()
            try:
                name = f"/{escape_key(match[1])}"
                found, at = scan_scalars(text, match.end(), name, most - count)
            except NotJson:
                continue  # code and not data: a literal that calls or computes
            yield match[1], found
            count += len(found)
            if count >= most:
                return


def _make_datum(scalar: JsonScalar, script: int, form: str) -> Datum:
    """Make the datum of a scalar in a numbered script."""
    return Datum(scalar.pointer, script, form, scalar.value, scalar.raw, scalar.start)
