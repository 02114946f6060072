"""Find one question with two answers on a page.

Two figures are of one question where everything the page says of them agrees
(`is_same_question`), or where the sentence of the one names the row of the other: "New
construction paid $62,600" against the row "New construction … $66,200".
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.reconcile.within_page.comparability import (
    CENTRES,
    ConflictRules,
    amounts_differ,
    are_near,
    are_of_part_time,
    are_same_people,
    are_side_by_side,
    are_told_apart,
    find_unread_people,
    is_in_one_sentence,
    is_same_frame,
    is_same_publisher,
)
from pipeline.reconcile.within_page.comparison_words import locate_words
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.first_figures import VAGUE, FirstFigures
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.people_read import are_people_read
from pipeline.reconcile.within_page.placed_fact import PlacedFact

AVERAGES = ("mean", "median")
MOST_RIVALS = 3  # values of the text that one of the data is compared with
FARTHEST_RATIO = 2  # times: further apart, the two are not of the same thing
# And of two that only agree in what is said of them: these may differ in what is not.
FARTHEST_APART = Decimal("1.4")
# Matches what makes one name of several occupations.
JOINED = re.compile(r",|/|\band\b", re.IGNORECASE)
MOST_VALUES = 1  # of one list that differ from a figure: more are of several things


def select_points(
    facts: Sequence[PlacedFact], *, vague: bool = False
) -> list[PlacedFact]:
    """Select facts with one yearly amount of a defined statistic.

    With `vague` also those whose statistic is not stated.
    """
    kinds = (*CENTRES, VAGUE) if vague else CENTRES
    return [
        f for f in facts if f.row["annual"] is not None and f.row["statistic"] in kinds
    ]


def is_same_statistic(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether two figures are of one statistic.

    By its name; or the one is the other by another pay period, or they are the only two
    of a row, by hour and by year, and one of them has a name.
    """
    kinds = {f.row["statistic"] for f in (a, b)}
    if VAGUE not in kinds or are_one_pay_twice(a, b, page):
        return len(kinds - {VAGUE}) <= 1
    alike = len(kinds) > 1 and bool(a.line) and a.line == b.line
    return alike and page.levels_of_line[a.line] == 2


def find_conflicting_values(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield a statistic with another value than where the page first gives it.

    The page's data are held against each value of the text, up to a few.
    """
    for facts in page.places.values():
        known = [
            f
            for f in select_points(facts, vague=True)
            if not has_twin(f, page.facts_in_sentence(f), page, rules)
        ]
        by_group = defaultdict(list)
        for fact in known:
            by_group[fact.group].append(fact)
        firsts = FirstFigures()
        for b in known:
            rivals = [a for a in firsts.list_near(b) if is_rival(a, b, page, rules)]
            # Against the first figure of the same form, and up to a few of the other:
            # the data may have a value that agrees with a later one of the text.
            same = [a for a in rivals if a.from_script == b.from_script]
            # The one by its own pay period before one that must be converted.
            same.sort(key=lambda a: a.row["period"] != b.row["period"])
            other = [a for a in rivals if a.from_script != b.from_script][:MOST_RIVALS]
            for a in (*same[:1], *other):
                if is_one_of_many(a, b, by_group, page) or are_far_apart(a, b):
                    continue
                if amounts_differ(a.row, b.row, rules) and not is_settled_elsewhere(
                    a, b, known, page, rules
                ):
                    yield make_contradiction(a, b)
            if (
                not any(a.amount == b.amount for a in rivals)
                and len(rivals) < MOST_RIVALS
            ):
                firsts.add(b)


def are_far_apart(a: PlacedFact, b: PlacedFact) -> bool:
    """Return whether two figures by the same period are hardly of the same thing."""
    if a.row["period"] != b.row["period"] or a.page_form != b.page_form:
        return False
    one, other = a.row["annual"], b.row["annual"]
    return bool(max(one, other) > FARTHEST_APART * min(one, other))


def is_one_of_many(
    a: PlacedFact,
    b: PlacedFact,
    known: Mapping[str | None, Sequence[PlacedFact]],
    page: PageFacts,
) -> bool:
    """Return whether one of two figures stands in a list of the same question's.

    Its items are of several employers, regions or years, whatever was read of them.
    """
    if a.from_script or b.from_script or (a.line and a.line == b.line):
        return False
    for one, other in ((a, b), (b, a)):
        if other.group is None or one.group == other.group:
            continue
        # A sentence that names the row is of the row.
        said = {word for word, _ in locate_words(one.sentence)}
        if other.label and other.label <= said and not is_part_of_name(other, one):
            continue
        values = {
            f.row["annual"]
            for f in known.get(other.group, ())
            if f.row["statistic"] == other.row["statistic"]
            and f.soc_codes == other.soc_codes
            # What an item says in a sentence was read of it; what heads a row of a
            # table may not have been.
            and ("table" in other.group or are_same_people(f, other, page))
        }  # fmt: skip
        if len(values) > MOST_VALUES:
            return True
    return False


def is_rival(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether two are of one statistic and question, in two places."""
    return (
        is_same_statistic(a, b, page)
        and not are_side_by_side(a, b)
        and not are_of_part_time(a, b, page)
        and is_same_question(a, b, page, rules)
    )


def is_settled_elsewhere(
    a: PlacedFact,
    b: PlacedFact,
    known: Sequence[PlacedFact],
    page: PageFacts,
    rules: ConflictRules,
) -> bool:
    """Return whether one of two figures is explained by another of the page.

    It was converted from another figure, or is of a pay basis that is not stated.

    An hourly median that makes the base pay of a year is no rival of total pay.
    """
    if a.row["period"] != b.row["period"]:
        return any(is_same_pay_converted(f, g, page, rules) for f in (a, b)
                   for g in page.levels if g is not a and g is not b)  # fmt: skip
    bases = [f.row["pay_basis"] for f in (a, b)]
    # Two stated bases that differ, or two that are not stated: nothing to settle.
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
    """Return whether two are the same people's pay in different periods."""
    return (
        a.row["period"] != b.row["period"]
        and b.row["annual"] is not None
        and a.area_key == b.area_key
        and are_same_people(a, b, page)
        and not amounts_differ(a.row, b.row, rules)
    )


def make_contradiction(a: PlacedFact, b: PlacedFact) -> Contradiction:
    """Make the contradiction of two figures: of two forms of the page, or of one."""
    kind = "json_vs_text" if a.page_form != b.page_form else "internal_contradiction"
    return Contradiction(kind, (a.row, b.row), "said_twice")


def is_same_question(
    a: PlacedFact, b: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether all that the page says of two agrees, and whom they are of."""
    names_people = page.subject_words(a) or page.subject_words(b)
    # Words about whom it is that were not understood tell more than was read of it,
    # where the two do not share them.
    unread = any(f.row.get("unread") for f in (a, b)) and not is_in_one_sentence(a, b)
    named = names_people and any(f.row.get("occupation") for f in (a, b))
    said = named and are_people_read(a, b, page)
    return (
        bool(said or are_one_pay_twice(a, b, page))
        and not unread
        and have_same_unread(a, b, page)
        and are_same_people(a, b, page)
        and is_same_frame(a, b, page, rules)
    )


def are_one_pay_twice(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether two neighbours of a sentence are one pay by two pay periods.

    "$72,177 ($1,026 a week)": whoever is paid it.
    """
    if a.row["period"] == b.row["period"] or not is_in_one_sentence(a, b):
        return False
    start, end = sorted((a.offset, b.offset))
    gap = a.sentence[start:end]
    between = any(start < f.offset < end for f in page.facts_in_sentence(a))
    said_again = "(" in gap[-2:] or page.words.has_phrase("again", gap)
    return said_again and not between


def have_same_unread(a: PlacedFact, b: PlacedFact, page: PageFacts) -> bool:
    """Return whether what is said of the people of two and not read is the same."""
    known = a.label | b.label | page.subject_words(a) | page.subject_words(b)
    one, other = (find_unread_people(f, page) - known for f in (a, b))
    return one == other or is_in_one_sentence(a, b)


def find_row_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield sentences that name a row of a table or list with another figure."""
    tables: dict[str, set[Decimal | None]] = defaultdict(set)
    for fact in page.facts:
        if fact.group:
            tables[container_of_row(fact)].add(fact.amount)
    said = [f for f in page.facts if f.group is None and f.block >= 0 and is_point(f)]
    labels = {group: {f.label for f in facts} for group, facts in page.groups.items()}
    for row in (f for f in page.facts if said and f.group and f.label and is_point(f)):
        named = any(w.isalpha() for w in row.label)
        if len(labels[row.group or ""]) == 1 or not named:
            continue
        table = tables[container_of_row(row)]
        for stated in said:
            # A figure of another row or column of the table is no misquote of this one.
            if stated.amount in table or not are_alike_but_amount(
                row, stated, page, rules
            ):
                continue
            if (
                names_row(stated, row, page.groups[row.group or ""], page)
                and differ_beyond_rounding(row, stated, rules)
                and not is_in_line(stated, row, page, rules)
            ):
                yield Contradiction(
                    "internal_contradiction", (stated.row, row.row), "said_of_a_row"
                )


def is_in_line(
    stated: PlacedFact, row: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether another cell of a row has a stated figure, rounded or not."""
    return any(
        f is not row and is_point(f) and are_near(f, stated, rules)
        for f in page.lines.get(row.line, ())
    )


def container_of_row(fact: PlacedFact) -> str:
    """Return the table or list of a row, whatever its column."""
    return (fact.group or "").partition(":")[0]


def is_point(fact: PlacedFact) -> bool:
    """Return whether a fact is one amount of money."""
    money = fact.row.get("currency") is not None or fact.is_level
    return (
        fact.amount is not None and money and fact.row["kind"] in ("pay_level", "other")
    )


def are_alike_but_amount(
    row: PlacedFact, stated: PlacedFact, page: PageFacts, rules: ConflictRules
) -> bool:
    """Return whether two may differ in amount alone: statistic, basis, date agree."""
    statistics = {row.row["statistic"], stated.row["statistic"]} - {VAGUE}
    bases = {row.row["pay_basis"], stated.row["pay_basis"]} - {VAGUE}
    periods = {row.row.get("period"), stated.row.get("period")} - {None}
    dates = {f.row.get("reference_period") for f in (row, stated)} - {None}
    years = {str(d)[:4] for d in dates}
    narrower = (
        page.subject_words(stated) - page.subject_words(row) - row.label - page.topic
    )
    return (
        max(len(statistics), len(bases), len(periods), len(years)) <= 1
        and row.experience_band == stated.experience_band
        and statistics <= set(AVERAGES)
        and is_same_publisher(row, stated, page, rules)
        and not are_told_apart(row, stated, page)
        and not narrower
    )


def names_row(
    stated: PlacedFact, row: PlacedFact, rivals: Sequence[PlacedFact], page: PageFacts
) -> bool:
    """Return whether a figure's clause names the row, and no other row is nearer."""
    if is_part_of_name(row, stated):
        return False
    clause = stated.sentence[: stated.offset]
    found = [(w, at) for w, at in locate_words(clause) if w in row.label]
    if {w for w, _ in found} != row.label:
        return False
    reach = max(at for _, at in found)
    # "New construction paid $62,600, remodelling $60,100": the second figure is not of
    # the first row.
    between = [
        f
        for f in page.facts_in_sentence(stated)
        if reach < f.offset < stated.offset and is_point(f)
    ]
    said = locate_words(clause)
    later = {word for word, at in said if at > reach}
    # A row whose label has this one in it, or whose name comes behind it.
    nearer = any(
        not rival.label <= row.label
        and rival.label - row.label
        <= ({word for word, _ in said} if row.label < rival.label else later)
        for rival in rivals
    )
    return not between and not nearer


def is_part_of_name(row: PlacedFact, stated: PlacedFact) -> bool:
    """Return whether a row's label is a piece of the occupation that a figure names.

    "Information security analysts" names no row "Information"; nor do "laborers and
    helpers", who are two, name the row "Laborers". "Medical coders" are "Coders".
    """
    name = str(stated.row.get("occupation") or "")
    words = [word for word, _ in locate_words(name)]
    if not words or not row.label < set(words):
        return False
    return JOINED.search(name) is not None or words[-1] not in row.label


def differ_beyond_rounding(a: PlacedFact, b: PlacedFact, rules: ConflictRules) -> bool:
    """Return whether two differ by more than rounding, but are of like size."""
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
    """Return whether the sentence has the same percentile of the question once more."""
    return any(
        f.is_level
        and "cell" in f.row
        and f.row["statistic"] == fact.row["statistic"]
        and f.row["period"] == fact.row["period"]
        and f.row["annual"] != fact.row["annual"]
        and is_same_question(f, fact, page, rules)
        for f in others
    )
