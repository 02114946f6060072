"""Turn verdicts and contradictions into rows of `schemas.Discrepancies`."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.core.tables import make_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.verdict.conflict_sentences import (
    SentenceWriter,
    compute_difference,
)
from pipeline.reconcile.verdict.verdicts import Verdict
from pipeline.reconcile.within_page import Contradiction
from schemas import Discrepancies

Row = Mapping[str, Any]
Judged = tuple[Row, Verdict]
# Four seniority bands under "according to the BLS" are one mistake of the page, and get
# one row.
ORPHAN = "impossible_or_orphan"


def build_discrepancies(
    judged: Iterable[tuple[Row, Verdict]],
    found: Iterable[Contradiction],
    writer: SentenceWriter,
    vocabulary: Vocabulary,
) -> pl.DataFrame:
    """Return one row per conflict, unchecked, most severe first, then by id."""
    table = vocabulary.read_table("severities", "type", "severity")
    severity = {t: int(s) for t, s in table.select("type", "severity").iter_rows()}
    slight = float(vocabulary.read_number("likeness", "slight_pct"))
    conflicting = [(r, v) for r, v in judged if v.type]
    rows = [verdict_row(r, v, writer, severity, slight) for r, v in conflicting
            if v.type != ORPHAN]  # fmt: skip
    rows += [
        orphan_row(group, writer, severity) for group in group_orphans(conflicting)
    ]
    rows += [contradiction_row(c, writer, severity) for c in found]
    # Two tests may find one conflict of the same figures; the id is type and claims,
    # and verdicts come first.
    frame = make_frame(Discrepancies, rows).unique(
        "discrepancy_id", keep="first", maintain_order=True
    )
    return frame.sort("severity", "discrepancy_id", descending=[True, False])


def group_orphans(conflicting: Iterable[Judged]) -> list[list[Judged]]:
    """Group figures that a publisher publishes nothing like, by page and reason."""
    groups: dict[tuple[str, ...], list[Judged]] = {}
    for row, verdict in conflicting:
        if verdict.type == ORPHAN:
            key = (row["snapshot"], row["publisher"], verdict.why)
            groups.setdefault(key, []).append((row, verdict))
    return list(groups.values())


def orphan_row(
    group: list[Judged], writer: SentenceWriter, severity: Mapping[str, int]
) -> dict[str, Any]:
    """Make one row for all figures of a page that a publisher never publishes."""
    rows = tuple(row for row, _ in group)
    first, verdict = group[0]
    more = f" The same holds of {len(rows) - 1} more." if len(rows) > 1 else ""
    return {
        **common_columns(ORPHAN, rows, severity),
        "cells": " ".join(sorted({row["cell"] for row in rows})),
        "published": ", ".join(row["quote"] for row in rows),
        "sentence": writer.write_verdict(first, verdict) + more,
        "explanation_cost": verdict.cost,
        "runner_up": verdict.runner_up,
    }


def verdict_row(
    row: Row,
    verdict: Verdict,
    writer: SentenceWriter,
    severity: Mapping[str, int],
    slight: float,
) -> dict[str, Any]:
    """Make the row of a figure that is not what its publisher published."""
    kind = verdict.type or ""
    reference = verdict.reference
    cells = sorted({row["cell"], *([reference.cell] if reference else [])})
    gap = compute_difference(row, reference) if reference else None
    # Ten dollars of 35,000 change nothing that a reader does; such a misquote is not
    # severe.
    why = "slight" if gap and abs(gap[1]) < slight else ""
    return {
        **common_columns(kind, (row,), severity, why),
        "cells": " ".join(cells),
        "published": row["quote"],
        "reference": reference.quote if reference else None,
        "reference_source": reference.source if reference else None,
        "reference_release": reference.reference_period if reference else None,
        "reference_claim": reference.claim_id if reference else None,
        "difference": gap[0] if gap else None,
        "difference_pct": gap[1] if gap else None,
        "sentence": writer.write_verdict(row, verdict),
        "explanation_cost": verdict.cost,
        "runner_up": verdict.runner_up,
    }


def contradiction_row(
    found: Contradiction, writer: SentenceWriter, severity: Mapping[str, int]
) -> dict[str, Any]:
    """Make the row of figures of one page that cannot all be right."""
    others = [row["quote"] for row in found.rows[1:]]
    return {
        **common_columns(found.type, found.rows, severity, found.why),
        "discrepancy_id": name_conflict(found),
        "cells": " ".join(sorted({r["cell"] for r in found.rows if "cell" in r}))
        or None,
        "published": found.rows[0]["quote"],
        "reference": found.others or ", ".join(others) or None,
        "sentence": writer.write_contradiction(found),
        "explanation_cost": 0.0,
    }


def name_conflict(found: Contradiction) -> str:
    """Return the id of a conflict: its type, and the claims that it is known by."""
    return join_id(found.type, found.rows[:1] if found.others else found.rows)


def join_id(kind: str, rows: Iterable[Row]) -> str:
    """Return a type and claims as an id."""
    return f"{kind}:{'+'.join(row['claim_id'] for row in rows)}"


def common_columns(
    kind: str, rows: tuple[Row, ...], severity: Mapping[str, int], why: str = ""
) -> dict[str, Any]:
    """Return the columns that every row has.

    A row `type:why` of severities.csv (`misquote:slight`) counts before the row `type`.
    """
    claims = [row["claim_id"] for row in rows]
    return {
        "discrepancy_id": join_id(kind, rows),
        "type": kind,
        "severity": severity.get(f"{kind}:{why}", severity[kind]),
        "claim_ids": " ".join(claims),
        "source": rows[0]["source"],
        "snapshot": rows[0]["snapshot"],
        "status": "open",
    }
