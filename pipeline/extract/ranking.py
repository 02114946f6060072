"""Which candidate a field takes: one scorer for all fields, its weights in one table.

A candidate's score is the weight of its relation and of each of its clues, in log-odds
against the field's being empty, which scores 0. Candidates of one value add up.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.candidates import ASSUMED, STATED, Candidate

# Of one field on a page that says nothing else; a sum of many would outshout a head.
MOST_OF_ONE_VALUE = 3
HIGHEST_CERTAINTY = 0.99


@dataclass(slots=True, frozen=True)
class Choice:
    """What a field came to.

    Args:
        candidate: The strongest for the value; None where the field stays empty.
        basis: `stated`, `inherited`, `assumed`; `unread` where nothing was chosen.
        certainty: Share of the weight of all that speaks, 0 to 1.
    """

    candidate: Candidate | None
    basis: str
    certainty: float


NOTHING_SAID = Choice(None, "unread", 1.0)
Weights = Mapping[tuple[str, str], float]


def weigh_candidate(candidate: Candidate, field: str, weights: Weights) -> float:
    """Return a candidate's score for a field, in log-odds."""
    score = weigh_clue(candidate.relation, field, weights)
    for clue in candidate.clues:
        score += weigh_clue(clue, field, weights)
    return score


def weigh_clue(clue: str, field: str, weights: Weights) -> float:
    """Return how much a clue counts: the field's own row goes before that of all."""
    own = weights.get((field, clue))
    return weights.get(("", clue), 0.0) if own is None else own


def list_scores(
    candidates: Sequence[Candidate], field: str, weights: Weights
) -> list[tuple[float, Candidate]]:
    """List a field's candidates with their scores, the strongest first."""
    scored = [(weigh_candidate(c, field, weights), c) for c in candidates]
    return sorted(scored, key=lambda pair: -pair[0])


def rank_candidates(
    candidates: Sequence[Candidate], field: str, weights: Weights
) -> Choice:
    """Choose among a field's candidates, or none of them."""
    if not candidates:
        return NOTHING_SAID
    by_value: dict[str, list[tuple[float, int]]] = {}
    for at, candidate in enumerate(candidates):
        score = weigh_candidate(candidate, field, weights)
        by_value.setdefault(candidate.value, []).append((score, -at))
    mass = {
        value: sum(math.exp(s) for s, _ in sorted(scored)[-MOST_OF_ONE_VALUE:])
        for value, scored in by_value.items()
    }
    best = max(mass, key=lambda value: (mass[value], max(by_value[value])))
    total = 1.0 + sum(mass.values())
    if mass[best] <= 1.0:
        return Choice(None, "unread", min(HIGHEST_CERTAINTY, 1.0 / total))
    chosen = candidates[-max(by_value[best])[1]]
    certainty = min(HIGHEST_CERTAINTY, mass[best] / total)
    return Choice(chosen, _tell_basis(chosen), certainty)


def _tell_basis(candidate: Candidate) -> str:
    if candidate.relation in STATED:
        return "stated"
    return "assumed" if candidate.relation in ASSUMED else "inherited"
