"""Check rows of the Employment Projections by the publisher's own arithmetic.

A figure that was read from the wrong column, or a page that was set wrongly, breaks a
sum. Sums and tolerances are rows of `vocabularies/projections_rules.csv`.
"""

from collections.abc import Mapping
from decimal import Decimal

from pipeline.core.errors import Damaged
from pipeline.core.vocabulary import Vocabulary

NAMES = ("whole", "part", "times", "other", "tolerance")
SumRule = tuple[str, str, Decimal, str, Decimal]


def load_sums(vocabulary: Vocabulary) -> list[SumRule]:
    """Read the rules: whole, part, factor of the other part, the other, tolerance."""
    rows = vocabulary.read_table("projections_rules", *NAMES).select(NAMES).iter_rows()
    return [(w, p, Decimal(t), o, Decimal(e)) for w, p, t, o, e in rows]


def check_sums(
    figures: Mapping[str, Decimal], known: list[SumRule], where: str
) -> None:
    """Check that the figures of one row add up.

    Args:
        figures: Measure to figure, signed; a sum that lacks a part is not checked.
        known: From `load_sums`.
        where: The row, for messages.

    Raises:
        Damaged: A whole is not its parts.
    """
    for whole, part, times, other, tolerance in known:
        if {whole, part, other} <= set(figures):
            made = figures[part] + times * figures[other]
            if abs(figures[whole] - made) > tolerance:
                why = (
                    f"{whole} is {figures[whole]:,.0f}, but {part} and {other} make "
                    f"{made:,.0f}"
                )
                raise Damaged(where, why, "Look at its columns, or at the page.")
