"""Keep the first figures of each question of a page, found without looking at all."""

from collections.abc import Iterator

from pipeline.reconcile.within_page.placed_fact import PlacedFact

VAGUE = "unspecified"
NEAREST = 60  # first figures of a row or a sentence: one of more is a list

Key = tuple[str, object]
Side = tuple[str, object]  # the table or list of a figure, and its pay period
Found = list[tuple[int, PlacedFact]]


class FirstFigures:
    """The first figures of each question, by occupation and statistic, and by place.

    Two of other codes or of other stated statistics are never rivals, nor is one whose
    statistic is unstated, but in one row or sentence; nor are two that one table puts
    side by side. Not to look at them keeps the time of a page of many jobs, or of one
    long table, from growing with its square.
    """

    def __init__(self) -> None:
        """Begin without figures."""
        self._by_question: dict[Key, dict[Side, Found]] = {}
        self._by_place: dict[Key, Found] = {}
        self._many = 0

    def add(self, fact: PlacedFact) -> None:
        """Add a figure, under each of its codes; without one under ""."""
        new = (self._many, fact)
        for code in fact.soc_codes or ("",):
            sides = self._by_question.setdefault((code, fact.row["statistic"]), {})
            sides.setdefault(_find_side(fact), []).append(new)
        for key in _list_places(fact):
            self._by_place.setdefault(key, []).append(new)
        self._many += 1

    def list_near(self, fact: PlacedFact) -> list[PlacedFact]:
        """Return those that may be rivals of a figure, in order."""
        found = {
            at: near
            for key in _list_places(fact)
            for at, near in self._by_place.get(key, ())[-NEAREST:]
        }
        if (statistic := fact.row["statistic"]) != VAGUE:
            codes = fact.soc_codes or {code for code, _ in self._by_question}
            here = _find_side(fact)
            for code in (*codes, ""):
                for side, near in self._by_question.get((code, statistic), {}).items():
                    if side != here or not side[0]:
                        found.update(near)
        return [found[at] for at in sorted(found)]


def _find_side(fact: PlacedFact) -> Side:
    """Return the table of the text that a figure stands in, and its pay period."""
    table = (fact.group or "").partition(":")[0] if fact.block >= 0 else ""
    return table, fact.row["period"]


def _list_places(fact: PlacedFact) -> Iterator[Key]:
    """Yield the keys of the row and of the sentence that a figure stands in."""
    if fact.line:
        yield "line", fact.line
    if fact.block >= 0:
        yield "sentence", (fact.block, fact.number)
