"""One question and two answers.

Two figures are of one question where everything the page says of them agrees
(`questions`), or where the sentence of the one names the row of the other: "New
construction paid $62,600" against the row "New construction … $66,200".
"""

from collections.abc import Iterator, Sequence

from pipeline.reconcile.inner.facts import Fact
from pipeline.reconcile.inner.found import Contradiction
from pipeline.reconcile.inner.page import Page
from pipeline.reconcile.inner.questions import (
    CENTRES,
    Rules,
    beside,
    differ,
    same_frame,
    same_people,
    same_voice,
    told_apart,
)
from pipeline.reconcile.inner.words import placed_words

AVERAGES = ("mean", "median")
VAGUE = "unspecified"
PAIR = 2
FEW = 3
FAR = 2  # times: further apart, the two are not the same thing


def points(facts: Sequence[Fact], *, vague: bool = False) -> list[Fact]:
    """Facts with one yearly amount of a defined statistic; of none where asked."""
    kinds = (*CENTRES, VAGUE) if vague else CENTRES
    return [
        f for f in facts if f.row["annual"] is not None and f.row["statistic"] in kinds
    ]


def same_statistic(a: Fact, b: Fact, page: Page) -> bool:
    """The same by name; or the two of a row, by hour and year, where one has it."""
    kinds = {f.row["statistic"] for f in (a, b)}
    if VAGUE not in kinds:
        return len(kinds) == 1
    row = [f for f in page.levels if a.line and f.line == a.line]
    return len(kinds) > 1 and a.line == b.line and len(row) == PAIR


def said_twice(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """One statistic of one question with another value than where it first stands.

    The page's data are held against each value of the text, up to a few.
    """
    for facts in page.places.values():
        known = [f for f in points(facts, vague=True)
                 if not twin(f, page.together(f), page, rules)]  # fmt: skip
        firsts: list[Fact] = []
        for b in known:
            rivals = [a for a in firsts if rival(a, b, page, rules)]
            same = [a for a in rivals if a.from_script == b.from_script][:1]
            other = [a for a in rivals if a.from_script != b.from_script][:FEW]
            for a in (*same, *other):
                if differ(a.row, b.row, rules) and not settled_elsewhere(
                    a, b, known, page, rules
                ):
                    yield contradiction(a, b)
            if not any(a.amount == b.amount for a in rivals) and len(rivals) < FEW:
                firsts.append(b)


def rival(a: Fact, b: Fact, page: Page, rules: Rules) -> bool:
    """Of one statistic and question, in two places of the page."""
    return (
        same_statistic(a, b, page)
        and not beside(a, b)
        and same_question(a, b, page, rules)
    )


def settled_elsewhere(
    a: Fact, b: Fact, known: Sequence[Fact], page: Page, rules: Rules
) -> bool:
    """One was made of another figure of the page, or of a pay basis not stated.

    An hourly median that makes the base pay of a year is no rival of total pay.
    """
    if a.row["period"] != b.row["period"]:
        return any(made_of(f, g, page, rules) for f in (a, b)
                   for g in page.levels if g not in (a, b))  # fmt: skip
    bases = [f.row["pay_basis"] for f in (a, b)]
    if (VAGUE in bases) == (bases[0] == bases[1]):
        return False
    vague, other = (a, b) if bases[0] == VAGUE else (b, a)
    return any(
        f.row["statistic"] == vague.row["statistic"]
        and f.row["pay_basis"] not in (VAGUE, other.row["pay_basis"])
        and same_question(f, vague, page, rules)
        and not differ(f.row, vague.row, rules)
        for f in known
    )


def made_of(a: Fact, b: Fact, page: Page, rules: Rules) -> bool:
    """The same pay of the same people in another period, whatever it is called."""
    return (
        a.row["period"] != b.row["period"]
        and b.row["annual"] is not None
        and a.place == b.place
        and same_people(a, b, page)
        and not differ(a.row, b.row, rules)
    )


def contradiction(a: Fact, b: Fact) -> Contradiction:
    """Of two figures; one form of the page against another is a type of its own."""
    kind = "json_vs_text" if a.form != b.form else "internal_contradiction"
    return Contradiction(kind, (a.row, b.row), "said_twice")


def same_question(a: Fact, b: Fact, page: Page, rules: Rules) -> bool:
    """All that the page says of the two agrees, and it says whom they are of."""
    told = page.subject(a) or page.subject(b)
    return bool(told) and same_people(a, b, page) and same_frame(a, b, page, rules)


def said_of_a_row(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """A sentence names a row of a table or list and gives another figure for it."""
    for row in (f for f in page.facts if f.group and f.label and is_point(f)):
        rivals = [f for f in page.groups[row.group or ""] if f.label != row.label]
        if not rivals or not any(w.isalpha() for w in row.label):
            continue
        table = {f.amount for f in page.facts if f.group and whole(f) == whole(row)}
        for said in page.facts:
            if not is_point(said) or said.group is not None or said.block < 0:
                continue
            if said.amount in table or not comparable(row, said, page, rules):
                continue
            if names(said, row, rivals, page) and apart(row, said, rules):
                yield Contradiction(
                    "internal_contradiction", (said.row, row.row), "said_of_a_row"
                )


def whole(fact: Fact) -> str:
    """The table or list of a row, whatever its column."""
    return (fact.group or "").partition(":")[0]


def is_point(fact: Fact) -> bool:
    """One amount of money."""
    money = fact.row.get("currency") is not None or fact.is_level
    return (
        fact.amount is not None and money and fact.row["kind"] in ("pay_level", "other")
    )


def comparable(row: Fact, said: Fact, page: Page, rules: Rules) -> bool:
    """Same statistic and pay basis as far as is said, and no narrower people."""
    statistics = {row.row["statistic"], said.row["statistic"]} - {VAGUE}
    bases = {row.row["pay_basis"], said.row["pay_basis"]} - {VAGUE}
    periods = {row.row.get("period"), said.row.get("period")} - {None}
    dates = {f.row.get("reference_period") for f in (row, said)} - {None}
    years = {str(d)[:4] for d in dates}
    narrower = page.subject(said) - page.subject(row) - row.label - page.topic
    return (
        max(len(statistics), len(bases), len(periods), len(years)) <= 1
        and statistics <= set(AVERAGES)
        and same_voice(row, said, page, rules)
        and not told_apart(row, said, page)
        and not narrower
    )


def names(said: Fact, row: Fact, rivals: Sequence[Fact], page: Page) -> bool:
    """The clause of a figure names the row, and no other row stands nearer."""
    clause = said.sentence[: said.offset]
    found = [(w, at) for w, at in placed_words(clause) if w in row.label]
    if {w for w, _ in found} != row.label:
        return False
    reach = max(at for _, at in found)
    between = [
        f for f in page.together(said) if reach < f.offset < said.offset and is_point(f)
    ]
    nearer = any(
        rival.label
        and not rival.label <= row.label
        and rival.label - row.label
        <= {w for w, at in placed_words(clause) if at > reach}
        for rival in rivals
    )
    return not between and not nearer


def apart(a: Fact, b: Fact, rules: Rules) -> bool:
    """Further apart than rounding makes them, and near enough to be the same thing."""
    one, other = a.amount, b.amount
    if one is None or other is None or max(one, other) > FAR * min(one, other):
        return False
    if a.is_level and b.is_level and a.row.get("annual") and b.row.get("annual"):
        return differ(a.row, b.row, rules)
    return abs(one - other) > rules.agreement * max(one, other)


def twin(fact: Fact, others: Sequence[Fact], page: Page, rules: Rules) -> bool:
    """The same percentile of the same question, once more in the sentence."""
    return any(
        f.is_level
        and "cell" in f.row
        and f.row["statistic"] == fact.row["statistic"]
        and f.row["period"] == fact.row["period"]
        and f.row["annual"] != fact.row["annual"]
        and same_question(f, fact, page, rules)
        for f in others
    )
