"""Define a verdict: what the evidence says of one figure, why, and at what cost."""

from dataclasses import dataclass

from pipeline.reconcile.evidence.references import Reference


@dataclass(frozen=True)
class Verdict:
    """What the evidence says of one figure.

    Args:
        claim_id: Of the figure.
        verdict: `supported`, `rounded`, `stale`, `misquoted` and the like: the table
            in docs/how-disagreements-are-settled.md.
        why: Code of the reason, a row of vocabularies/words.csv.
        reference: The publisher's own figure that was compared.
        type: Of the discrepancy that it makes; None where it makes none.
        cost: Of the explanation: `cost_*` in vocabularies/likeness.csv.
        runner_up: The next cheapest explanation.
    """

    claim_id: str
    verdict: str
    why: str
    reference: Reference | None = None
    type: str | None = None
    cost: float = 0.0
    runner_up: str | None = None
