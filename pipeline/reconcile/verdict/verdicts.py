"""Define a verdict: what the evidence says of one figure, why, and how sure."""

from dataclasses import dataclass

from pipeline.reconcile.evidence.references import Reference

# Words that say that a page is wrong about its source: principle 6 of the design.
ACCUSATIONS = frozenset(
    {"misquoted", "stale", "wrong_statistic", "wrong_scope", "unit_slip"}
)
# Reasons for which a figure is neither accused nor taken for what it says it is.
DOUBTS = ("open_", "no_", "narrower")
# What a figure is worth under a discrepancy: a quotation, and a publisher's own that
# its page contradicts. Either is no value of a cell that it stands alone in.
DISPUTED, DISPUTED_ITSELF = "disputed", "disputed_itself"
AGREEMENTS = frozenset({"supported", "rounded"})


@dataclass(frozen=True)
class Verdict:
    """What the evidence says of one figure.

    Args:
        claim_id: Of the figure.
        verdict: `supported`, `older_figure`, `misquoted` and the like: the table in
            docs/how-disagreements-are-settled.md.
        why: Code of the reason, a row of vocabularies/words.csv.
        reference: The publisher's own figure that was compared.
        type: Of the discrepancy that it makes; None where it makes none.
        cost: Of the explanation: `cost_*` in vocabularies/likeness.csv.
        runner_up: The next cheapest explanation.
        certainty: How sure the verdict is, 0 to 1: vocabularies/verdict_certainty.csv.
        tried: What was looked at before an accusation or a soft word, in words.
        missing: What would be needed to tell: a year, a place, a field of the page.
        asked_cell: The publisher's own figure for what the page says the figure is of,
            where the page is accused: what stands there in place of it.
    """

    claim_id: str
    verdict: str
    why: str
    reference: Reference | None = None
    type: str | None = None
    cost: float = 0.0
    runner_up: str | None = None
    certainty: float = 1.0
    tried: tuple[str, ...] = ()
    missing: str = ""
    asked_cell: Reference | None = None

    @property
    def is_accusation(self) -> bool:
        """Whether it says that the page is wrong about its source."""
        return self.verdict in ACCUSATIONS

    @property
    def is_agreement(self) -> bool:
        """Whether it says that the figure is its source's own."""
        return self.verdict in AGREEMENTS

    @property
    def word_for_settling(self) -> str:
        """What it means for a cell: a doubtful figure is never chosen.

        `doubtful` where nobody is accused and the figure is not its publisher's as far
        as can be told; `stale` where it is of an older vintage than its cell.
        """
        if self.verdict == "older_figure":
            return "stale"
        is_open = self.verdict == "cannot_tell" and self.why.startswith(DOUBTS)
        return "doubtful" if is_open else self.verdict
