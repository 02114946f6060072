"""Write where a release came from as W3C PROV-JSON.

Form: https://www.w3.org/submissions/prov-json/

Entities are the release, its tables, the stored bodies, the vocabularies and the code;
the one activity is the run; agents are the sources and the program. The clock is not
read, so that a release made twice has one document: the only times are the days on
which bodies were retrieved.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PREFIX = {"payproof": "urn:payproof:", "sha256": "urn:sha256:"}
PROGRAM = "payproof:software"


def make_prov_document(
    release: str, manifest: Mapping[str, Any], tables: Iterable[str]
) -> bytes:
    """Make the document of one release.

    Args:
        release: Its id.
        manifest: With `snapshots`, `code_sha256`, `vocabulary_sha256`, `versions`.
        tables: Names of its tables.

    Returns:
        The bytes of `prov.json`.
    """
    whole, run = f"payproof:release/{release}", f"payproof:run/{release}"
    inputs = describe_inputs(manifest)
    parts = {f"{whole}/{name}": {"prov:label": name} for name in sorted(tables)}
    described: dict[str, Any] = {
        "prefix": PREFIX,
        "entity": {whole: {"prov:label": f"release {release}"}, **parts, **inputs},
        "activity": {run: {"prov:label": "refresh"}},
        "agent": describe_agents(manifest),
        **relate_entities(whole, run, list(parts), list(inputs), manifest),
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def describe_inputs(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Describe what the run used, by digest: code, vocabularies, stored bodies."""
    return {
        f"sha256:{manifest['code_sha256']}": {"prov:label": "code"},
        f"sha256:{manifest['vocabulary_sha256']}": {"prov:label": "vocabularies"},
        **{f"sha256:{s['sha256']}": describe_body(s) for s in manifest["snapshots"]},
    }


def describe_agents(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Describe the program and the sources that bodies were read from."""
    sources = sorted({s["source"] for s in manifest["snapshots"]})
    return {
        PROGRAM: {
            "prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
            "prov:label": f"payproof {manifest['versions']['payproof']}",
        },
        **{f"payproof:source/{s}": {"prov:label": s} for s in sources},
    }


def relate_entities(
    whole: str,
    run: str,
    parts: Sequence[str],
    inputs: Sequence[str],
    manifest: Mapping[str, Any],
) -> dict[str, dict[str, dict[str, str]]]:
    """Relate the release to the run, its tables, its inputs and their sources.

    Args:
        whole: Name of the release.
        run: Name of the activity that made it.
        parts: Names of its tables.
        inputs: Names of what the run used.
        manifest: With `snapshots`.

    Returns:
        Kind of relation, as PROV-JSON spells it, to relations by name.
    """
    return {
        "used": make_prov_relations(
            "prov:activity", "prov:entity", ((run, one) for one in inputs)
        ),
        "wasGeneratedBy": make_prov_relations(
            "prov:entity", "prov:activity", ((one, run) for one in [whole, *parts])
        ),
        "hadMember": make_prov_relations(
            "prov:collection", "prov:entity", ((whole, one) for one in parts)
        ),
        "wasAssociatedWith": make_prov_relations(
            "prov:activity", "prov:agent", [(run, PROGRAM)]
        ),
        "wasAttributedTo": make_prov_relations(
            "prov:entity", "prov:agent", list_attributions(manifest)
        ),
        "wasDerivedFrom": make_prov_relations(
            "prov:generatedEntity",
            "prov:usedEntity",
            ((whole, f"sha256:{s['sha256']}") for s in manifest["snapshots"]),
        ),
    }


def describe_body(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a stored body: what it is, when and from where it came."""
    return {
        "prov:label": f"{snapshot['source']} {snapshot['edition']} {snapshot['name']}",
        "prov:location": snapshot["path"],
        "payproof:retrieved": snapshot["retrieved"],
        "payproof:capture": snapshot["capture"],
        "payproof:url": snapshot["url"],
    }


def list_attributions(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List every body with the source that it was read from."""
    return [
        (f"sha256:{s['sha256']}", f"payproof:source/{s['source']}")
        for s in manifest["snapshots"]
    ]


def make_prov_relations(
    left: str, right: str, pairs: Iterable[tuple[str, str]]
) -> dict[str, dict[str, str]]:
    """Make relations between pairs, each with a name of its own.

    Args:
        left: Role of the first of a pair, e.g. `prov:activity`.
        right: Role of the second.
        pairs: Names of what is related, in any order, any number of times.
    """
    # PROV-JSON keys relations by id; `_:` is a blank node, for those without a name.
    return {
        f"_:{right.removeprefix('prov:')}-{left.removeprefix('prov:')}-{n}": {
            left: one,
            right: other,
        }
        for n, (one, other) in enumerate(sorted(set(pairs)))
    }
