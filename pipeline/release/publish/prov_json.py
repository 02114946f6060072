"""Where a release came from, as W3C PROV-JSON (https://www.w3.org/submissions/prov-json/).

Entities are the release, its tables, the stored bodies, the vocabularies and the code;
the one activity is the run; agents are the sources and the program. No clock is asked:
the only times are the days on which bodies were retrieved.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

PREFIX = {"payproof": "urn:payproof:", "sha256": "urn:sha256:"}


def make_prov_document(
    release: str, manifest: Mapping[str, Any], tables: Iterable[str]
) -> bytes:
    """The document of one release.

    Args:
        release: Its id.
        manifest: With `snapshots`, `code_sha256`, `vocabulary_sha256`, `versions`.
        tables: Names of its tables.
    """
    whole, run = f"payproof:release/{release}", f"payproof:run/{release}"
    program = "payproof:software"
    inputs = {
        f"sha256:{manifest['code_sha256']}": {"prov:label": "code"},
        f"sha256:{manifest['vocabulary_sha256']}": {"prov:label": "vocabularies"},
        **{f"sha256:{s['sha256']}": describe_body(s) for s in manifest["snapshots"]},
    }
    parts = {f"{whole}/{name}": {"prov:label": name} for name in sorted(tables)}
    sources = sorted({s["source"] for s in manifest["snapshots"]})
    said: dict[str, Any] = {
        "prefix": PREFIX,
        "entity": {whole: {"prov:label": f"release {release}"}, **parts, **inputs},
        "activity": {run: {"prov:label": "refresh"}},
        "agent": {
            program: {
                "prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
                "prov:label": f"payproof {manifest['versions']['payproof']}",
            },
            **{f"payproof:source/{s}": {"prov:label": s} for s in sources},
        },
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
            "prov:activity", "prov:agent", [(run, program)]
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
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def describe_body(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """A stored body: what it is, when and from where it came."""
    return {
        "prov:label": f"{snapshot['source']} {snapshot['edition']} {snapshot['name']}",
        "prov:location": snapshot["path"],
        "payproof:retrieved": snapshot["retrieved"],
        "payproof:capture": snapshot["capture"],
        "payproof:url": snapshot["url"],
    }


def list_attributions(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Body and the source that it was read from."""
    return [
        (f"sha256:{s['sha256']}", f"payproof:source/{s['source']}")
        for s in manifest["snapshots"]
    ]


def make_prov_relations(
    left: str, right: str, pairs: Iterable[tuple[str, str]]
) -> dict[str, dict[str, str]]:
    """Relations, each with a name of its own."""
    return {
        f"_:{right.removeprefix('prov:')}-{left.removeprefix('prov:')}-{n}": {
            left: one,
            right: other,
        }
        for n, (one, other) in enumerate(sorted(set(pairs)))
    }
