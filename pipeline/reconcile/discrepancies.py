"""Verdicts and contradictions to rows of `schemas.Discrepancies`."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.reconcile.inner import Contradiction
from pipeline.reconcile.sentences import Writer, difference_of
from pipeline.reconcile.verdict import Verdict
from pipeline.tables import shaped
from pipeline.vocabulary import Vocabulary
from schemas import Discrepancies

Row = Mapping[str, Any]


def discrepancy_rows(
    judged: Iterable[tuple[Row, Verdict]],
    found: Iterable[Contradiction],
    writer: Writer,
    vocabulary: Vocabulary,
) -> pl.DataFrame:
    """One row per conflict, unchecked, most severe first, then by id."""
    table = vocabulary.table("severities", "type", "severity")
    severity = {t: int(s) for t, s in table.select("type", "severity").iter_rows()}
    rows = [of_verdict(r, v, writer, severity) for r, v in judged if v.type]
    rows += [of_contradiction(c, writer, severity) for c in found]
    frame = shaped(Discrepancies, rows).unique(
        "discrepancy_id", keep="first", maintain_order=True
    )
    return frame.sort("severity", "discrepancy_id", descending=[True, False])


def of_verdict(
    row: Row, verdict: Verdict, writer: Writer, severity: Mapping[str, int]
) -> dict[str, Any]:
    """A figure that is not what its publisher published."""
    kind = verdict.type or ""
    reference = verdict.reference
    cells = sorted({row["cell"], *([reference.cell] if reference else [])})
    gap = difference_of(row, reference) if reference else None
    return {
        **common(kind, (row,), severity),
        "cells": " ".join(cells),
        "published": row["quote"],
        "reference": reference.quote if reference else None,
        "reference_source": reference.source if reference else None,
        "reference_release": reference.reference_period if reference else None,
        "reference_claim": reference.claim_id if reference else None,
        "difference": gap[0] if gap else None,
        "difference_pct": gap[1] if gap else None,
        "sentence": writer.of_verdict(row, verdict),
        "explanation_cost": verdict.cost,
        "runner_up": verdict.runner_up,
    }


def of_contradiction(
    found: Contradiction, writer: Writer, severity: Mapping[str, int]
) -> dict[str, Any]:
    """Figures of one page that cannot all be right."""
    others = [row["quote"] for row in found.rows[1:]]
    return {
        **common(found.type, found.rows, severity),
        "cells": " ".join(sorted({r["cell"] for r in found.rows if "cell" in r}))
        or None,
        "published": found.rows[0]["quote"],
        "reference": ", ".join(others) or None,
        "sentence": writer.of_contradiction(found),
        "explanation_cost": 0.0,
    }


def common(
    kind: str, rows: tuple[Row, ...], severity: Mapping[str, int]
) -> dict[str, Any]:
    """What every row has."""
    claims = [row["claim_id"] for row in rows]
    return {
        "discrepancy_id": f"{kind}:{'+'.join(claims)}",
        "type": kind,
        "severity": severity[kind],
        "claim_ids": " ".join(claims),
        "source": rows[0]["source"],
        "snapshot": rows[0]["snapshot"],
        "status": "open",
    }
