"""How each field of a claim was read, and how sure that is."""

from collections.abc import Mapping
from typing import Any

from pipeline.extract.drafts import Draft
from pipeline.extract.gazetteer import Gazetteer

# Places from which a field is not read but taken for likely.
ASSUMED_FROM = frozenset(("document", "magnitude"))


def describe_reading(
    draft: Draft, row: Mapping[str, Any], words: Gazetteer
) -> tuple[str | None, str | None]:
    """Return the basis and the certainty of a claim's fields, as the columns hold them.

    What a ranking is sure of is capped by how often a field of its basis was right on
    labelled pages, each page counted once (`vocabularies/field_certainty.csv`).
    """
    found: dict[str, tuple[str, float]] = {}
    for name in words.certain_fields:
        if row.get(name) not in (None, "", "unspecified"):
            basis, certainty = _find_basis(draft, name)
            highest = words.certainties.get((name, basis), 0.5)
            found[name] = basis, min(certainty, highest)
    for name, choice in draft.choices.items():
        if choice.candidate is None:
            found.setdefault(name, ("unread", choice.certainty))
    if draft.kind in ("share", "cost", "other"):
        found.pop("statistic", None)
    basis = ",".join(f"{name}:{how}" for name, (how, _) in sorted(found.items()))
    sure = ",".join(f"{name}:{p:.2f}" for name, (_, p) in sorted(found.items()))
    return basis or None, sure or None


def _find_basis(draft: Draft, name: str) -> tuple[str, float]:
    """Return how a field that has a value was read, and how sure its ranking is."""
    choice = draft.choices.get(name)
    if choice is not None and choice.candidate is not None:
        return choice.basis, choice.certainty
    where = draft.inherited.get(name)
    if where is None:
        return "stated", 1.0
    return ("assumed" if where in ASSUMED_FROM else "inherited"), 1.0
