"""Read the facts of each source: `pipeline/sources/<id>.toml`, beside its parser.

A source exists where its file of facts does: the register, the vocabularies
`publishers` and `watch`, and the source's own module all read it here. No module is
imported for it, so that rooms that may name no source (extract, normalise) get
publishers and what they measure as rows of a table.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.core.errors import Damaged
from pipeline.core.model import Source
from pipeline.core.source_fields import (
    OWN,
    PUBLISHER,
    WATCH,
    find_faults,
    find_unfilled,
)

FOLDER = Path(str(files("pipeline"))) / "sources"
LARGEST = 1 << 16  # bytes; a file of facts has one or two thousand
# What a file of facts has as the publisher of pages that name their own (articles), and
# what stands for it where a publisher's name is shown.
ANY_PUBLISHER, NAMED_BY_PAGE = "*", "as the page says"
REMEDY = "Correct the file; docs/add-a-source.md says what each fact is."
# Facts that stand once for a source and its publisher, unless they differ.
SHARED = ("kind", "official", "pay_basis", "population")
Facts = Mapping[str, Any]
Row = dict[str, str | None]


def list_source_ids(folder: Path = FOLDER) -> tuple[str, ...]:
    """List the ids of all sources, in order: the names of the files of facts."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def read_source(source_id: str, folder: Path = FOLDER) -> Source:
    """Read the facts about one source.

    Args:
        source_id: Name of its file, without the ending.
        folder: Where the files of facts are.

    Raises:
        Damaged: A file of facts is broken, or has facts that are not filled in.
        KeyError: There is no such file.
    """
    every = read_facts(folder)
    facts = every[source_id]
    owner = _find_publisher(every, source_id)
    apart = ("publisher", "hand", "watch", "rows", "urls", "tables")
    return Source(
        id=source_id,
        publisher=owner.get("full_name", owner["name"]) if owner else NAMED_BY_PAGE,
        publisher_id=owner["id"] if owner else "",
        rows=tuple(facts["rows"]),
        urls=tuple(facts.get("urls", ())),
        tables=tuple(facts.get("tables", ())),
        **{name: value for name, value in facts.items() if name not in apart},
    )


def list_publishers(folder: Path = FOLDER) -> list[Row]:
    """List the publishers of sources, as rows of `publishers.csv`.

    Returns:
        Rows by column, and one column more, `source`: the ids of each publisher's
        sources by `|`, the one with its figures at first hand before those that
        repeat them.

    Raises:
        Damaged: As `read_source`.
    """
    every = read_facts(folder)
    read_by: dict[str, list[tuple[int, str]]] = {}
    for source_id, facts in every.items():
        if owner := _find_publisher(every, source_id):
            # How far from the publisher's own table: for BLS the OEWS tables are at 1,
            # the API, the projections and the Handbook, which repeat them, behind.
            hand = facts.get("hand", 1)
            read_by.setdefault(owner["id"], []).append((hand, source_id))
    return [
        _make_publisher_row(facts, sorted(read_by[facts["publisher"]["id"]]))
        for facts in every.values()
        if _describes_publisher(facts)
    ]


def list_watches(folder: Path = FOLDER) -> list[Row]:
    """List how often each source is looked at and how much it may change.

    Returns:
        Rows of `watch.csv`, by column.

    Raises:
        Damaged: As `read_source`.
    """
    rows: list[Row] = []
    for source_id, facts in read_facts(folder).items():
        cells = {name: _write_cell(facts["watch"].get(name), " ") for name in WATCH}
        rows.append({"source": source_id, **cells})
    return rows


# Once a process: the files are code, and code does not change while it runs.
@cache
def read_facts(folder: Path) -> Mapping[str, Facts]:
    """Read every file of facts; return what each states, by the id of its source.

    Raises:
        Damaged: A file is no TOML, lacks a fact, has one that cannot be or that is
            not filled in; two sources describe one publisher, or none does.
    """
    every = {name: _read_file(folder, name) for name in list_source_ids(folder)}
    owned = [f["publisher"]["id"] for f in every.values() if _describes_publisher(f)]
    for source_id, facts in every.items():
        if _describes_publisher(facts):
            twice = owned.count(facts["publisher"]["id"]) > 1
            fault = "is described by another source too" if twice else ""
        else:
            known = facts["publisher"] in (ANY_PUBLISHER, *owned)
            fault = "" if known else "is described by no source"
        if fault:
            raise Damaged(_place(source_id), f"its publisher {fault}", REMEDY)
    return MappingProxyType(every)


def _read_file(folder: Path, source_id: str) -> Facts:
    """Read one file of facts and check what each fact may be.

    Raises:
        Damaged: It is large, no TOML, or has a fact that is wrong or not filled in.
    """
    where, path = _place(source_id), folder / f"{source_id}.toml"
    if path.stat().st_size > LARGEST:
        raise Damaged(where, f"more than {LARGEST:,} bytes", REMEDY)
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Damaged(where, f"not TOML ({error})", REMEDY) from error
    if unfilled := list(find_unfilled(facts)):
        listed = ", ".join(unfilled)
        raise Damaged(where, f"still to be filled in: {listed}", REMEDY)
    faults = list(find_faults(facts, OWN))
    for name, known in (("publisher", PUBLISHER), ("watch", WATCH)):
        if isinstance(facts.get(name), Mapping):
            faults += find_faults(facts[name], known, f"{name}.")
    if faults:
        raise Damaged(where, "; ".join(sorted(faults)), REMEDY)
    return facts


def _place(source_id: str) -> str:
    """Return the path of a source's facts, as errors name it."""
    return f"pipeline/sources/{source_id}.toml"


def _describes_publisher(facts: Facts) -> bool:
    """Return whether a source's file has the facts of its publisher."""
    return isinstance(facts["publisher"], Mapping)


def _find_publisher(every: Mapping[str, Facts], source_id: str) -> Facts | None:
    """Return the facts of a source's publisher; None where a page names its own."""
    named = every[source_id]["publisher"]
    if isinstance(named, Mapping):
        return named
    owners = (f["publisher"] for f in every.values() if _describes_publisher(f))
    return next((owner for owner in owners if owner["id"] == named), None)


def _make_publisher_row(facts: Facts, read_by: list[tuple[int, str]]) -> Row:
    """Make a row of a publisher's facts; those that it does not state are its source's.

    Args:
        facts: Of the source that describes the publisher.
        read_by: Hand and id of each of its sources, in their order.
    """
    owner = facts["publisher"]
    shared = {name: owner.get(name, facts[name]) for name in SHARED}
    spelled = [owner["full_name"]] if "full_name" in owner else []
    return {
        "id": owner["id"],
        "name": owner["name"],
        "aliases": _write_cell([*spelled, *owner["aliases"]], "|"),
        "kind": shared["kind"],
        "official": _write_cell(shared["official"]),
        "pay_basis": shared["pay_basis"],
        "population": shared["population"],
        "statistics": _write_cell(owner["statistics"], " "),
        "bands": _write_cell(owner["bands"]),
        "source": "|".join(source for _, source in read_by),
        "note": owner.get("note"),
    }


def _write_cell(value: object, between: str = "") -> str | None:
    """Return a fact as the cell of a CSV file; None for nothing.

    Args:
        value: A text, number, truth value or list of texts.
        between: What joins the texts of a list.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return between.join(value) or None
    return None if value is None else str(value)
