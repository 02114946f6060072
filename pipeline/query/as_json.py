"""Turn answers into JSON objects: the same from the command and over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pipeline.core.json_rows import make_claim_record, to_json_row
from pipeline.query.check import PageVerdicts
from pipeline.query.decision_words import describe_decision, find_warning

# `check` must start in the time of its tables (test_cli), so that the modules that
# `explain` estimates with are not imported for it.
if TYPE_CHECKING:
    from pipeline.query.explain import CellExplanation
    from pipeline.reconcile.estimate.consensus import Estimate


def explain_silence(found: PageVerdicts) -> str | None:
    """Return why no pay figure was found on the page; None where one was."""
    claims = found.page.claims
    if not claims.height:
        return found.page.extraction.reason
    # A page of costs and shares alone has claims, and none of them is pay.
    kinds = claims["kind"].unique().sort().to_list()
    if set(kinds) <= {"cost", "other", "share"}:
        return f"its {claims.height} figures are {' or '.join(kinds)}"
    return None


def check_to_json(found: PageVerdicts) -> dict[str, Any]:
    """Make the object that `check --format json` prints; docs/json.md describes it."""
    page = found.page
    return {
        "document": {
            "path": str(page.path),
            "title": page.document.title,
            "media_type": page.document.media_type,
            "sha256": page.sha256,
        },
        "release": {
            "name": found.release.name,
            "demonstration": found.release.manifest["demonstration"],
        },
        "summary": found.findings.summary,
        "findings": found.findings.list_records(),
        "claims": [make_claim_record(c) for c in page.claims.iter_rows(named=True)],
        "verdicts": list(found.verdicts),
        "discrepancies": [
            {
                "type": d["type"],
                "severity": d["severity"],
                "claim_ids": d["claim_ids"].split(" "),
                "published": d["published"],
                "reference": d["reference"],
                "reference_source": d["reference_source"],
                "reference_release": d["reference_release"],
                "difference": None
                if d["difference"] is None
                else float(d["difference"]),
                "sentence": d["sentence"],
            }
            for d in found.discrepancies.iter_rows(named=True)
        ],
        "nothing_because": explain_silence(found),
        "reading_faults": [str(fault) for fault in page.extraction.faults],
    }


def explanation_to_json(found: CellExplanation) -> dict[str, Any]:
    """Make the object that `explain --format json` prints; see docs/json.md."""
    return {
        "cell": to_json_row(found.salary),
        "decision": describe_decision(found.salary, found.rulings),
        "warning": find_warning(found.salary),
        "rulings": [to_json_row(row) for row in found.rulings],
        "figures": [to_json_row(row) for row in found.inside],
        "considered": [to_json_row(row) for row in found.outside],
        "discrepancies": [to_json_row(row) for row in found.discrepancies],
        "population": asdict(found.population) if found.population else None,
        "estimate": estimate_to_json(found.estimate) if found.estimate else None,
    }


def estimate_to_json(found: Estimate) -> dict[str, float]:
    """Make the JSON of an estimate: amounts to the unit, the probability to 0.001."""
    return {
        "value": round(found.value),
        "low": round(found.low),
        "high": round(found.high),
        "mass": round(found.mass, 3),
    }
