"""Publishers by the addresses that a line links to: `[Acme Pay](https://acmepay.io)`.

A link's words are a publisher's name where its host is called the same; where they are
a mere number or `source`, the host is the name.
"""

import re
from collections.abc import Iterator

from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

LINK = re.compile(
    r"\[(?P<label>\[?[^\[\]\n]{1,40}\]?)\]\(\s?https?://(?P<host>[\w.-]{4,60})"
)
REFERENCE = re.compile(r"\W{0,2}\d{1,3}\W{0,2}$")
# `($167,000, levels.fyi)`: a host in brackets, alone or behind a figure.
BARE_HOST = re.compile(
    r"[(,]\s?(?:[Ss]ource:? |[Vv]ia |per |from )?(?P<host>(?:[a-z][a-z0-9-]{1,30}\.)"
    r"(?:com|org|net|io|fyi|co|gov|edu|co\.uk|com\.au|ie|in|ca|de|fr))\)"
)
SPLIT = re.compile(r"[^a-z0-9]+")
SECOND_LEVEL = frozenset(("co", "com", "org", "gov", "ac", "net"))


def find_linked_publishers(line: TaggedLine) -> list[Mention]:
    """Return publishers that a line's links or hosts in brackets name."""
    text = line.text[line.start : line.end]
    if "](" not in text and "." not in text:
        return []
    return [
        make_publisher_mention(line, name, line.start + start, line.start + end)
        for name, start, end in _list_names(line, text)
    ]


def _list_names(line: TaggedLine, text: str) -> Iterator[tuple[str, int, int]]:
    for match in LINK.finditer(text):
        host = match["host"].lower().removeprefix("www.")
        label = match["label"].strip("[] ")
        named = SPLIT.sub("", label.lower())
        if named and named == _name_host(host):
            yield label, *match.span("label")
        elif REFERENCE.match(label) or named in line.lists["reference_labels"]:
            yield host, *match.span("host")
    for match in BARE_HOST.finditer(text):
        yield match["host"], *match.span("host")


def _name_host(host: str) -> str:
    """Return what a host is called: `acmepay` of `acmepay.co.uk`."""
    parts = host.split(".")[:-1]
    if len(parts) > 1 and parts[-1] in SECOND_LEVEL:
        parts = parts[:-1]
    return SPLIT.sub("", parts[-1]) if parts else ""


def make_publisher_mention(
    line: TaggedLine, name: str, start: int, end: int
) -> Mention:
    """Make the mention of a publisher that no vocabulary has at this place."""
    first = next((i for i, t in enumerate(line.words) if t.end > start), 0)
    last = next(
        (i for i, t in enumerate(line.words) if t.start >= end), len(line.words)
    )
    return Mention("publisher", name, "", start, end, first, last)
