"""Describe whose a release's figures are, under which licence: `datapackage.json`.

A source says its licence in a sentence (`SOURCE.licence`); a Data Package wants an id
of the Open Definition's list beside it
(https://datapackage.org/standard/data-package/#licenses).
"""

from collections.abc import Iterable
from typing import Any

from pipeline.sources import SOURCES

# How a source's sentence begins, the id for it, and where the licence's text is.
KINDS = (
    ("Public domain", "other-pd", ""),
    ("CC BY 4.0", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    ("All rights with", "other-closed", ""),
    ("Terms of use forbid", "other-closed", ""),
)
# The list's own id where none of them fits: a licence is never guessed.
UNKNOWN = "notspecified"


def describe_licence(sentence: str) -> dict[str, str]:
    """Describe a licence as a Data Package does.

    Args:
        sentence: What a source says of it.

    Returns:
        `name`, an id of the Open Definition's list; `title`, the sentence; `path`,
        the licence's text, where there is one address of it.
    """
    fitting = [kind for kind in KINDS if sentence.startswith(kind[0])]
    _, name, path = fitting[0] if fitting else ("", UNKNOWN, "")
    return {"name": name, "title": sentence} | ({"path": path} if path else {})


def list_sources(ids: Iterable[str]) -> list[dict[str, Any]]:
    """List the sources of a release, each with its publisher and its licence.

    Args:
        ids: Ids of sources, in any order, any number of times; one that the register
            does not have is described by its id alone.
    """
    return [describe_source(one) for one in sorted(set(ids))]


def describe_source(source_id: str) -> dict[str, Any]:
    """Describe one source: `title` and `path` by the standard, the rest our own."""
    if source_id not in SOURCES:
        return {"name": source_id, "title": source_id}
    facts = SOURCES[source_id]
    return {
        "name": source_id,
        "title": f"{facts.publisher}: {facts.title}",
        # Articles are of many authors and have no address in common.
        **({"path": facts.homepage} if facts.homepage else {}),
        "publisher": facts.publisher,
        "licenses": [describe_licence(facts.licence)],
    }


def list_licences(sources: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """List every licence of these sources once, in the order of the sources."""
    found = [one for source in sources for one in source.get("licenses", [])]
    return [one for place, one in enumerate(found) if one not in found[:place]]
