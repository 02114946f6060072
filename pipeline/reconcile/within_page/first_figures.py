"""Keep the first figures of each question of a page, found without looking at all."""

from collections.abc import Iterator

from pipeline.reconcile.within_page.placed_fact import PlacedFact

VAGUE = "unspecified"


class FirstFigures:
    """The first figures of each question, by occupation and statistic, and by place.

    Two of other codes or of other stated statistics are never rivals, nor is one whose
    statistic is unstated, but in one row or sentence: not to look at them keeps the
    time of a page of many jobs from growing with its square.
    """

    def __init__(self) -> None:
        """Begin without figures."""
        self._by_key: dict[tuple[str, object], list[tuple[int, PlacedFact]]] = {}
        self._many = 0

    def add(self, fact: PlacedFact) -> None:
        """Add a figure, under each of its codes; without one under ""."""
        keys = [(code, fact.row["statistic"]) for code in fact.soc_codes or ("",)]
        for key in (*keys, *_list_places(fact)):
            self._by_key.setdefault(key, []).append((self._many, fact))
        self._many += 1

    def list_near(self, fact: PlacedFact) -> list[PlacedFact]:
        """Return those that may be rivals of a figure, in order."""
        keys = list(_list_places(fact))
        if (statistic := fact.row["statistic"]) != VAGUE:
            codes = fact.soc_codes or {code for code, _ in self._by_key}
            keys += [(code, statistic) for code in (*codes, "")]
        found = dict(pair for key in keys for pair in self._by_key.get(key, ()))
        return [found[at] for at in sorted(found)]


def _list_places(fact: PlacedFact) -> Iterator[tuple[str, object]]:
    """Yield the keys of the row and of the sentence that a figure stands in."""
    if fact.line:
        yield "line", fact.line
    if fact.block >= 0:
        yield "sentence", (fact.block, fact.number)
