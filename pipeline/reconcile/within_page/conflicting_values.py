"""One question and two answers.

Two figures are of one question where everything the page says of them agrees
(`questions`), or where the sentence of the one names the row of the other: "New
construction paid $62,600" against the row "New construction … $66,200".
"""

from collections.abc import Iterator, Sequence

from pipeline.reconcile.within_page.comparability import (
    CENTRES,
    ConflictRules,
    amounts_differ,
    are_same_people,
    are_side_by_side,
    are_told_apart,
    is_same_frame,
    is_same_publisher,
)
from pipeline.reconcile.within_page.comparison_words import locate_words
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact

AVERAGES = ("mean", "median")
VAGUE = "unspecified"
PAIR_SIZE = 2
MOST_RIVALS = 3
FARTHEST_RATIO = 2  # times: further apart, the two are not the same thing


def select_points(
    facts: Sequence[PlacedFact], *, vague: bool = False
) -> list[PlacedFact]:
    """Facts with one yearly amount of a defined statistic; of none where asked."""
    kinds = (*CENTRES, VAGUE) if vague else CENTRES
    return [
        f for f in facts if f.row["annual"] is not None and f.row["statistic"] in kinds
    ]


def is_same_statistic(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """The same by name; or the two of a row, by hour and year, where one has it."""
    kinds = {f.row["statistic"] for f in (a, b)}
    if VAGUE not in kinds:
        return len(kinds) == 1
    row = [f for f in page.levels if a.line and f.line == a.line]
    return len(kinds) > 1 and a.line == b.line and len(row) == PAIR_SIZE


def find_conflicting_values(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """One statistic of one question with another value than where it first stands.

    The page's data are held against each value of the text, up to a few.
    """
    for facts in page.places.values():
        known = [
            f
            for f in select_points(facts, vague=True)
            if not has_twin(f, page.facts_in_sentence(f), page, rules)
        ]
        firsts: list[PlacedFact] = []
        for b in known:
            rivals = [a for a in firsts if is_rival(a, b, page, rules)]
            same = [a for a in rivals if a.from_script == b.from_script][:1]
            other = [a for a in rivals if a.from_script != b.from_script][:MOST_RIVALS]
            for a in (*same, *other):
                if amounts_differ(a.row, b.row, rules) and not is_settled_elsewhere(
                    a, b, known, page, rules
                ):
                    yield make_contradiction(a, b)
            if (
                not any(a.amount == b.amount for a in rivals)
                and len(rivals) < MOST_RIVALS
            ):
                firsts.append(b)


def is_rival(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Of one statistic and question, in two places of the page."""
    return (
        is_same_statistic(a, b, page)
        and not are_side_by_side(a, b)
        and is_same_question(a, b, page, rules)
    )


def is_settled_elsewhere(
    a: PlacedFact,
    b: PlacedFact,
    known: Sequence[PlacedFact],
    page: PageFacts,
    rules: ConflictRules,
) -> bool:
    """One was made of another figure of the page, or of a pay basis not stated.

    An hourly median that makes the base pay of a year is no rival of total pay.
    """
    if a.row["period"] != b.row["period"]:
        return any(is_same_pay_converted(f, g, page, rules) for f in (a, b)
                   for g in page.levels if g not in (a, b))  # fmt: skip
    bases = [f.row["pay_basis"] for f in (a, b)]
    if (VAGUE in bases) == (bases[0] == bases[1]):
        return False
    vague, other = (a, b) if bases[0] == VAGUE else (b, a)
    return any(
        f.row["statistic"] == vague.row["statistic"]
        and f.row["pay_basis"] not in (VAGUE, other.row["pay_basis"])
        and is_same_question(f, vague, page, rules)
        and not amounts_differ(f.row, vague.row, rules)
        for f in known
    )


def is_same_pay_converted(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """The same pay of the same people in another period, whatever it is called."""
    return (
        a.row["period"] != b.row["period"]
        and b.row["annual"] is not None
        and a.area_key == b.area_key
        and are_same_people(a, b, page)
        and not amounts_differ(a.row, b.row, rules)
    )


def make_contradiction(a: PlacedFact, b: PlacedFact) -> Contradiction:
    """Of two figures; one form of the page against another is a type of its own."""
    kind = "json_vs_text" if a.page_form != b.page_form else "internal_contradiction"
    return Contradiction(kind, (a.row, b.row), "said_twice")


def is_same_question(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """All that the page says of the two agrees, and it says whom they are of."""
    told = page.subject_words(a) or page.subject_words(b)
    return (
        bool(told) and are_same_people(a, b, page) and is_same_frame(a, b, page, rules)
    )


def find_row_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """A sentence names a row of a table or list and gives another figure for it."""
    for row in (f for f in page.facts if f.group and f.label and is_point(f)):
        rivals = [f for f in page.groups[row.group or ""] if f.label != row.label]
        if not rivals or not any(w.isalpha() for w in row.label):
            continue
        table = {
            f.amount
            for f in page.facts
            if f.group and container_of_row(f) == container_of_row(row)
        }
        for said in page.facts:
            if not is_point(said) or said.group is not None or said.block < 0:
                continue
            if said.amount in table or not are_alike_but_amount(row, said, page, rules):
                continue
            if names_row(said, row, rivals, page) and differ_beyond_rounding(
                row, said, rules
            ):
                yield Contradiction(
                    "internal_contradiction", (said.row, row.row), "said_of_a_row"
                )


def container_of_row(fact: PlacedFact) -> str:
    """The table or list of a row, whatever its column."""
    return (fact.group or "").partition(":")[0]


def is_point(fact: PlacedFact) -> bool:
    """One amount of money."""
    money = fact.row.get("currency") is not None or fact.is_level
    return (
        fact.amount is not None and money and fact.row["kind"] in ("pay_level", "other")
    )


def are_alike_but_amount(
    row: PlacedFact, said: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Same statistic and pay basis as far as is said, and no narrower people."""
    statistics = {row.row["statistic"], said.row["statistic"]} - {VAGUE}
    bases = {row.row["pay_basis"], said.row["pay_basis"]} - {VAGUE}
    periods = {row.row.get("period"), said.row.get("period")} - {None}
    dates = {f.row.get("reference_period") for f in (row, said)} - {None}
    years = {str(d)[:4] for d in dates}
    narrower = (
        page.subject_words(said) - page.subject_words(row) - row.label - page.topic
    )
    return (
        max(len(statistics), len(bases), len(periods), len(years)) <= 1
        and statistics <= set(AVERAGES)
        and is_same_publisher(row, said, page, rules)
        and not are_told_apart(row, said, page)
        and not narrower
    )


def names_row(
    said: PlacedFact, row: PlacedFact, rivals: Sequence[PlacedFact], page: PageFacts
) -> bool:
    """The clause of a figure names the row, and no other row stands nearer."""
    clause = said.sentence[: said.offset]
    found = [(w, at) for w, at in locate_words(clause) if w in row.label]
    if {w for w, _ in found} != row.label:
        return False
    reach = max(at for _, at in found)
    between = [
        f
        for f in page.facts_in_sentence(said)
        if reach < f.offset < said.offset and is_point(f)
    ]
    nearer = any(
        rival.label
        and not rival.label <= row.label
        and rival.label - row.label
        <= {w for w, at in locate_words(clause) if at > reach}
        for rival in rivals
    )
    return not between and not nearer


def differ_beyond_rounding(a: PlacedFact, b: PlacedFact, rules: ConflictRules) -> bool:
    """Further apart than rounding makes them, and near enough to be the same thing."""
    one, other = a.amount, b.amount
    if (
        one is None
        or other is None
        or max(one, other) > FARTHEST_RATIO * min(one, other)
    ):
        return False
    if a.is_level and b.is_level and a.row.get("annual") and b.row.get("annual"):
        return amounts_differ(a.row, b.row, rules)
    return abs(one - other) > rules.agreement * max(one, other)


def has_twin(
    fact: PlacedFact,
    others: Sequence[PlacedFact],
    page: PageFacts,
    rules: ConflictRules,
) -> bool:
    """The same percentile of the same question, once more in the sentence."""
    return any(
        f.is_level
        and "cell" in f.row
        and f.row["statistic"] == fact.row["statistic"]
        and f.row["period"] == fact.row["period"]
        and f.row["annual"] != fact.row["annual"]
        and is_same_question(f, fact, page, rules)
        for f in others
    )
