"""Drop what a page's state says again with less of what it is of."""

from collections.abc import Sequence
from typing import Any

from pipeline.core.model import SCHEMA_FORMS

# What makes two figures of a state the same pay, and what says of whom they are.
SAME_PAY = ("kind", "value", "low", "high", "currency", "period", "statistic")
OF_WHOM = ("occupation", "area", "reference_period", "employer_type", "pay_basis")
MOST_ALIKE = 50
Row = dict[str, Any]
Reasoned = tuple[Row, Any]  # a claim, with the reasons of its fields


def find_poorer(rows: Sequence[Reasoned], script: int, first: int) -> set[int]:
    """Return the numbers of rows that another of a script's state says better.

    A page keeps the pay of its job in several corners of its state; one of them says
    which job, and where. JSON-LD says everything once. A page has thousands of
    scripts, and each looks at its own rows, from `first` on.
    """
    prefix = f"script={script};"
    alike: dict[tuple[Any, ...], list[int]] = {}
    for at, (row, _) in enumerate(rows[first:], first):
        if row["locator"].startswith(prefix) and row["structure"] not in SCHEMA_FORMS:
            key = tuple(row.get(name) for name in SAME_PAY)
            alike.setdefault(key, []).append(at)
    return {
        at
        for group in alike.values()
        if 1 < len(group) <= MOST_ALIKE
        for at in group
        if any(_says_less(rows[at][0], rows[n][0]) for n in group)
    }


def drop_said_by_postings(
    rows: list[Reasoned], postings: Sequence[Reasoned]
) -> list[Reasoned]:
    """Return rows of a page's state without those that a board's posting says better.

    Args:
        rows: Of numbers anywhere in the data.
        postings: Of boards' postings.
    """
    better: dict[tuple[Any, ...], list[Row]] = {}
    for row, _ in postings:
        better.setdefault(tuple(row.get(name) for name in SAME_PAY), []).append(row)
    return [
        (row, why)
        for row, why in rows
        if row["structure"] in SCHEMA_FORMS
        or not any(
            _says_less(row, other)
            for other in better.get(tuple(row.get(name) for name in SAME_PAY), ())
        )
    ]


def _says_less(row: Row, other: Row) -> bool:
    """Whether a row knows less of whom it is of than another, and nothing else."""
    pairs = [(row.get(name), other.get(name)) for name in OF_WHOM]
    less = any(mine is None and theirs is not None for mine, theirs in pairs)
    return less and all(mine in (None, theirs) for mine, theirs in pairs)
