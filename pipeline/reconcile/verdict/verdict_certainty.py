"""Say how sure a verdict is: by its kind, and by how the figure was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.verdict.asked_question import AskedQuestion
from pipeline.reconcile.verdict.verdicts import Verdict

FIELDS = ("attributed_to", "occupation", "statistic", "area", "reference_period")
ANY = "*"


@dataclass(frozen=True)
class CertaintyTable:
    """Rows of vocabularies/verdict_certainty.csv.

    Args:
        stated: Verdict and reason to how sure it is where the page states every field;
            the reason `*` fits any.
        inherited: The same where a field comes from a heading, a row, or a list.
    """

    stated: Mapping[tuple[str, str], float] = field(default_factory=dict)
    inherited: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "CertaintyTable":
        """Read the table."""
        columns = ("verdict", "reason", "stated", "inherited")
        table = vocabulary.read_table("verdict_certainty", *columns).select(columns)
        rows = list(table.iter_rows())
        return cls(
            {(v, why): float(a) for v, why, a, _ in rows},
            {(v, why): float(b) for v, why, _, b in rows},
        )

    def set_certainty(self, verdict: Verdict, asked: AskedQuestion) -> Verdict:
        """Return the verdict with how sure it is; 1 where no row is for it."""
        stated = not asked.is_lent and all(map(asked.reading.is_stated, FIELDS))
        table = self.stated if stated else self.inherited
        known = table.get(
            (verdict.verdict, verdict.why), table.get((verdict.verdict, ANY), 1.0)
        )
        return replace(verdict, certainty=known)
