"""A verdict: what the evidence says of one figure, why, and at what cost."""

from dataclasses import dataclass

from pipeline.reconcile.evidence.references import Reference


@dataclass(frozen=True)
class Verdict:
    """What the evidence says of one figure."""

    claim_id: str
    verdict: str
    why: str
    reference: Reference | None = None
    type: str | None = None
    cost: float = 0.0
    runner_up: str | None = None
