"""What makes two figures of a page one question, and when they cannot both be right."""

from dataclasses import replace
from decimal import Decimal

import pytest
from placed import RULES, WORDS, in_words, page_of, placed, told

from pipeline.reconcile.within_page import find_contradictions
from pipeline.reconcile.within_page.comparability import (
    amounts_differ,
    are_same_people,
    are_side_by_side,
    is_same_frame,
)
from pipeline.reconcile.within_page.conflicting_values import (
    are_alike_but_amount,
    differ_beyond_rounding,
    find_conflicting_values,
    find_row_conflicts,
    is_point,
    is_same_question,
    is_same_statistic,
)
from pipeline.reconcile.within_page.form_conflicts import find_form_conflicts
from pipeline.reconcile.within_page.impossible_order import (
    crossed_pairs,
    find_average_outside,
    find_crossed_percentiles,
)
from pipeline.reconcile.within_page.misprints import find_misprints
from pipeline.reconcile.within_page.premiums_and_codes import (
    find_premium_conflicts,
    find_shared_codes,
)
from pipeline.reconcile.within_page.single_figure_checks import (
    is_above_maximum,
    is_below_minimum,
    is_inverted_range,
)

OHIO = {"area": "Ohio", "area_code": "39", "area_level": "state"}
BAND = {"statistic": "range"}
# The topic of a page is the occupation that most of its figures are of.
WELDERS = tuple(placed(1, statistic="other") for _ in range(3))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"soc_candidates": "47-2211|51-4121"}, {}, True),
        ({"soc_candidates": "47-2211"}, {}, False),
        ({"soc_candidates": None}, {}, True),
        ({"cohort": "experience=0-2"}, {}, False),
        ({"cohort": "experience=0-2"}, {"cohort": "experience=0-2"}, True),
        ({"cohort": "experience=0-2"}, {"cohort": "experience=3-5"}, False),
        ({"cohort": "credential=cwi"}, {}, False),
        ({"cohort": "credential=cwi"}, {"occupation": "welder cwi"}, True),
        ({"occupation": "pipe welder"}, {}, False),
        ({"occupation": "pipe welder"}, {"occupation": "welder, pipe"}, True),
        ({"occupation": None}, {}, True),
        ({"label": "Pipe work"}, {"occupation": "pipe welder work"}, True),
        ({"label": "Pipe work 2"}, {"label": "Pipe work"}, True),
        (OHIO, {}, False),
        ({"area": "Ohio", "area_level": "national"}, {}, True),
    ],
)
def test_people_are_the_same_where_no_word_tells_them_apart(one, other, same):
    """Codes, years, credentials, places; the page's own topic tells nothing."""
    a, b = placed(50000, **one), placed(60000, **other)
    page = page_of(*WELDERS, a, b)
    assert are_same_people(a, b, page) is same
    assert are_same_people(b, a, page) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"currency": "GBP"}, {}, False),
        ({"area_code": "39"}, {}, False),
        ({"area_code": None, "area": "Ohio"}, {"area_code": None, "area": "OHIO"},
         True),
        ({"pay_basis": "total"}, {}, False),
        ({"pay_basis": "unspecified"}, {}, True),
        ({"publisher": "bls"}, {"publisher": "bls"}, True),
        ({"publisher": "bls"}, {"publisher": "acme"}, False),
        ({"publisher": "bls"}, {}, False),
        ({"publisher": "acme_pay"}, {}, True),
        ({"publisher": "acme+bls"}, {}, False),
        ({"publisher": "other"}, {}, False),
        ({"publisher": None, "attributed_to": "acme"}, {}, True),
        ({"publisher": None, "attributed_to": "other"}, {}, False),
        ({"sentence": "Male welders earn"}, {"sentence": "Welders earn"}, False),
        ({"sentence": "Male welders earn"}, {"sentence": "male welders"}, True),
        ({"sentence": "Last year it was"}, {"sentence": "Last year it was"}, False),
        ({"year": 2023}, {}, False),
        ({"year": None}, {"year": None}, True),
        ({"year": None}, {}, True),
        ({"year": None, "block": 0}, {"block": 0}, False),
        ({"year": None, "block": 3}, {"block": 4}, True),
        ({"year": None}, {"year": 2023}, False),
    ],
)  # fmt: skip
def test_a_frame_is_money_place_basis_publisher_and_date_where_said(one, other, same):
    """What one leaves out is the page's own: its publisher, its newest year."""
    a, b = placed(50000, **one), placed(60000, **other)
    rest = [placed(1, year=2022), placed(1), placed(1, year=2025, statistic="mean"),
            placed(1, year=2025, occupation="fitter", soc_candidates=None)]  # fmt: skip
    page = page_of(a, b, *WELDERS, *rest, title="Acme pay of the BLS, other")
    if "other" in (one.get("publisher"), one.get("attributed_to")):
        page = page_of(a, b, *rest, title="Acme pay")
    assert is_same_frame(a, b, page, RULES) is same
    assert is_same_frame(b, a, page, RULES) is same


def at(path, start):
    """The locator of a figure of a page."""
    return {"locator": f"xpath={path};char={start},{start + 5}"}


@pytest.mark.parametrize(
    ("one", "other", "beside"),
    [
        ({"group": "table1:0", "block": 1}, {"group": "table1:1", "block": 7}, True),
        ({"group": "table1:0", "block": 1}, {"group": "table2:0", "block": 7}, False),
        ({"group": "table1:0", "block": 1},
         {"group": "table1:1", "block": 1, "period": "hour"}, False),
        ({"group": "table1:0", "block": 1}, {"block": 7}, False),
        ({"block": 1}, {"block": 7}, False),
        ({"block": 1, "number": 0}, {"block": 1, "number": 1}, True),
        ({"block": 1, "number": 0}, {"block": 1, "number": 2}, False),
        ({"block": 0, "number": 0, "locator": "char=1,2"},
         {"block": 0, "number": 2, "locator": "char=5,6"}, False),
        ({"block": 0, "number": 0, "locator": "char=1,2"},
         {"block": 8, "number": 0, "locator": "char=5,6"}, False),
        ({"block": 5, "locator": "char=1,2"}, {"locator": "char=5,6"}, True),
        ({"group": "script1:/a"}, {"group": "script1:/a"}, True),
        ({"group": "script1:/a"}, {"group": "script1:/b"}, False),
        ({"group": "script1:/a", "locator": "char=1,2"}, {"locator": "char=1,2"},
         False),
        ({"locator": "script=0;/a/b"}, {"locator": "script=0;/a/c"}, True),
        ({"locator": "script=0;/a/b"}, {"locator": "char=1,2"}, False),
        (at("/html/ul[1]/li[1]", 1), at("/html/ul[1]/li[9]", 900), True),
        (at("/html/ul[1]/li[1]", 1), at("/html/ul[2]/li[1]", 9), False),
        (at("/html/ul[1]/li[1]", 1), at("/html/p[1]", 9), False),
        (at("/html/p[1]", 1), at("/html/p[2]", 9), False),
        (at("/html/p[1]", 1), at("/html/p[1]", 160), True),
        (at("/html/p[1]", 1), at("/html/p[1]", 161), False),
    ],
)  # fmt: skip
def test_two_figures_side_by_side_are_two_things(one, other, beside):
    """In one table or list, one after the other in one paragraph, or one array."""
    a, b = placed(50000, **one), placed(60000, **other)
    assert are_side_by_side(a, b) is beside
    assert are_side_by_side(b, a) is beside


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ((48780, {}), (48780, {}), False),
        ((48780, {}), (48790, {}), True),
        ((48780, {}), (48785, {}), True),
        ((48780, {}), (48785, {"approximate": True}), False),
        ((48780, {}), (48790, {"approximate": True}), True),
        ((48780, {}), (48700, {}), False),
        ((48780, {}), (48600, {}), True),
        ((48780, {}), (49000, {}), False),
        ((48000, {}), (49000, {}), True),
        ((52000, {}), (25, {"period": "hour"}), False),
        ((52000, {}), (24.5, {"period": "hour"}), False),
        ((52000, {}), (24.505, {"period": "hour"}), False),
        ((52000, {}), (24.49, {"period": "hour"}), True),
    ],
)
def test_two_amounts_differ_by_more_than_rounding(one, other, differ):
    """Fine ones to the last digit; of two pay periods by two in a hundred."""
    a, b = (placed(value, **said).row for value, said in (one, other))
    assert amounts_differ(a, b, RULES) is differ
    assert amounts_differ(b, a, RULES) is differ


@pytest.mark.parametrize(
    ("one", "other", "more", "same"),
    [
        ({}, {}, 0, True),
        ({}, {"statistic": "mean"}, 0, False),
        ({"line": "t1:1"}, {"line": "t1:1", "statistic": "unspecified"}, 0, True),
        ({"line": "t1:1"}, {"line": "t1:1", "statistic": "unspecified"}, 1, False),
        ({"line": "t1:1"}, {"line": "t1:2", "statistic": "unspecified"}, 0, False),
        ({"line": "t1:1"}, {"line": "t1:2", "statistic": "unspecified"}, 1, False),
        ({}, {"statistic": "unspecified"}, 0, False),
        ({"line": "t1:1", "statistic": "unspecified"},
         {"line": "t1:1", "statistic": "unspecified"}, 0, False),
    ],
)  # fmt: skip
def test_an_unnamed_statistic_is_that_of_the_other_of_its_row(one, other, more, same):
    """Of a row of two, by hour and by year; of no longer one."""
    a, b = placed(50000, **one), placed(60000, **other)
    rest = [placed(1, line="t1:1")] * more
    assert is_same_statistic(a, b, page_of(a, b, *rest)) is same
    assert is_same_statistic(b, a, page_of(a, b, *rest)) is same


def test_a_question_names_somebody():
    """Two figures of nobody are of no one question; of one, it is the page's topic."""
    nobody = {"occupation": None, "soc_candidates": None}
    a, b, c = placed(1, **nobody), placed(2, **nobody), placed(3)
    page = page_of(*WELDERS, a, b, c)
    assert not is_same_question(a, b, page, RULES)
    assert is_same_question(a, c, page, RULES)
    assert is_same_question(c, a, page, RULES)
    assert not is_same_question(c, placed(4, year=2020), page, RULES)


def apart(*facts):
    """The same facts in paragraphs far from one another."""
    return [
        f if f.from_script else replace(f, block=5 * n, number=0)
        for n, f in enumerate(facts)
    ]


def conflicting(*facts):
    """The amounts, in thousands, of values that conflict on a page of these."""
    found = find_conflicting_values(page_of(*facts), RULES)
    return [tuple(int(row["annual"] / 1000) for row in one.rows) for one in found]


DATA = {"locator": "script=0;/a/b", "structure": "json_state"}


@pytest.mark.parametrize(
    ("facts", "pairs"),
    [
        ([placed(50000), placed(56000)], [(50, 56)]),
        ([placed(50000), placed(60000), placed(70000)], [(50, 60), (50, 70)]),
        ([placed(50000), placed(60000), placed(50000), placed(80000, **DATA)],
         [(50, 60), (50, 80), (60, 80)]),
        ([*(placed(n * 1000) for n in (50, 60, 70, 75)), placed(80000, **DATA)],
         [(50, 60), (50, 70), (50, 80), (60, 80), (70, 80)]),
        ([placed(50000), placed(69000)], [(50, 69)]),
        ([placed(50000), placed(71000)], []),
        ([placed(50000), placed(56000, group="l1"), placed(57000, group="l1")], []),
        ([placed(50000), placed(56000, group="l1")], [(50, 56)]),
        ([placed(59779), placed(29, period="hour", quote="$29")], []),
        ([placed(50000, occupation="national welder"), placed(56000)], [(50, 56)]),
        ([placed(50000), placed(56000, statistic="mean")], []),
        ([placed(50000, statistic="unspecified"),
          placed(56000, statistic="unspecified")], []),
        ([placed(50000, statistic="maximum"), placed(56000, statistic="maximum")], []),
        ([placed(50000), placed(None, statistic="median")], []),
        ([placed(52000), placed(30, period="hour")], [(52, 62)]),
        ([placed(52000), placed(30, period="hour"), placed(62400, statistic="mean")],
         []),
        ([placed(52000), placed(30, period="hour"), placed(25, period="hour",
                                                           statistic="mean")], []),
        ([placed(52000), placed(30, period="hour"),
          placed(62400, statistic="mean", occupation="pipe welder")], [(52, 62)]),
        ([placed(52000), placed(30, period="hour"),
          placed(62400, statistic="mean", **OHIO)], [(52, 62)]),
        ([placed(52000), placed(30, period="hour"),
          placed(None, statistic="mean")], [(52, 62)]),
        ([placed(60000, pay_basis="unspecified"), placed(50000)], [(60, 50)]),
        ([placed(60000, pay_basis="unspecified"), placed(50000),
          placed(60000, pay_basis="total")], []),
        ([placed(50000), placed(60000, pay_basis="unspecified"),
          placed(60000, pay_basis="total")], []),
        ([placed(60000, pay_basis="unspecified"), placed(50000),
          placed(60000, pay_basis="total", statistic="mean")], [(60, 50)]),
        ([placed(60000, pay_basis="unspecified"), placed(50000),
          placed(60000, pay_basis="total", year=2020)], [(60, 50)]),
        ([placed(50000, pay_basis="unspecified"),
          placed(60000, pay_basis="unspecified"), placed(60000, pay_basis="total")],
         [(50, 60), (50, 60)]),
    ],
)  # fmt: skip
def test_one_question_has_one_value_on_a_page(facts, pairs):
    """Each value is held against the first, data against a few of the text.

    What was converted from another figure, or has another's basis, is no conflict.
    """
    assert conflicting(*apart(*facts)) == pairs


@pytest.mark.parametrize(
    ("one", "other", "is_found"),
    [
        ((66979, {}), (66797, {}), True),
        ((66979, {}), (67697, {}), False),
        ((67420, {}), (67240, {}), True),
        ((67420, {}), (67240, {"statistic": "unspecified"}), True),
        ((67420, {}), (67240, {"occupation": None, "soc_candidates": None}), True),
        ((55895, {}), (58895, {}), True),
        ((55895, {}), (58895, {"credential": "CPC"}), False),
        ((67420, {}), (67240, {"statistic": "mean"}), False),
        ((67420, {}), (67240, {"year": 2020, "reference_period": "2020"}), False),
        ((67420, {}), (67240, OHIO), True),
        ((67420, {"area_code": "48"}), (67240, OHIO), False),
        ((67420, {}), (67240, {"soc_candidates": "47-2211"}), False),
        ((67420, {"group": "table1:2"}), (67240, {"group": "table2:2"}), False),
        ((67400, {}), (64700, {}), False),
        ((67420, {}), (76420, {}), False),
        ((42.5, {}), (45.2, {}), False),
        ((67420, {}), (67420, {}), False),
        ((67420, {}), (67930, {}), False),
    ],
)
def test_one_figure_is_printed_in_two_ways(one, other, is_found):
    """Digits that changed places, or one that is off, in two places of a page."""
    said = {"credential": "CCS"}
    facts = apart(*(placed(v, **{**said, **more}) for v, more in (one, other)))
    found = list(find_misprints(page_of(*facts), RULES))
    assert bool(found) is is_found
    if is_found:
        again = [*facts, replace(facts[0], block=50), replace(facts[1], block=55)]
        assert not list(find_misprints(page_of(*again), RULES))


@pytest.mark.parametrize(
    ("value", "said", "is_above"),
    [
        (1750, {"period": "hour"}, True), (480, {"period": "hour"}, False),
        (482, {"period": "hour"}, True), (1750000, {}, False),
        (1750, {"period": "hour", "currency": "INR"}, False),
        (1750, {"period": "hour", "occupation": None}, False),
        (None, {"period": "hour", "low": 4800, "high": 5500}, True),
    ],
)  # fmt: skip
def test_an_hour_that_nobody_is_paid_has_a_point_too_few(value, said, is_above):
    """A million a year is more than any occupation has."""
    assert is_above_maximum(placed(value, **said).row, RULES.measures) is is_above


def test_a_statistic_twice_in_a_sentence_was_misread_and_is_not_used():
    """Unless the two are of different people, periods, or the same amount."""
    first = placed(50000, block=1, number=0)

    def beside(amount, **said):
        here = {"block": 9, "number": 0}
        twins = [placed(60000, **here), placed(amount, **here, **said)]
        return (50, 60) in conflicting(first, *twins)

    assert not beside(65000)
    assert beside(65000, statistic="mean")
    assert beside(31, period="hour")
    assert beside(60000)
    assert beside(65000, occupation="pipe welder")
    assert beside(65000, kind="other")


def test_values_of_two_forms_of_a_page_are_told_as_such():
    """Of one form, the page contradicts itself."""
    text, data = placed(50000, block=1), placed(60000, **DATA)
    (found,) = find_conflicting_values(page_of(text, data), RULES)
    assert found.type == "json_vs_text"
    (found,) = find_conflicting_values(page_of(*apart(text, placed(60000))), RULES)
    assert found.type == "internal_contradiction"


@pytest.mark.parametrize(
    ("said", "point"),
    [
        ({}, True),
        ({"kind": "other"}, True),
        ({"kind": "other", "currency": None}, False),
        ({"currency": None}, True),
        ({"kind": "pay_delta_abs"}, False),
        ({"as_published": None, "value": None}, False),
        ({"as_published": None}, True),
    ],
)
def test_a_point_is_one_amount_of_money(said, point):
    """A level of pay, or an illustration in money."""
    assert is_point(placed(50000, **said)) is point


@pytest.mark.parametrize(
    ("said", "alike"),
    [
        ({}, True),
        ({"statistic": "unspecified"}, True),
        ({"statistic": "mean"}, False),
        ({"statistic": "p90"}, False),
        ({"pay_basis": "total"}, False),
        ({"pay_basis": "unspecified"}, True),
        ({"period": "month"}, False),
        ({"period": None}, True),
        ({"reference_period": "2024-05"}, True),
        ({"reference_period": "2023"}, False),
        ({"reference_period": None}, True),
        ({"publisher": "bls"}, False),
        ({"sentence": "Male welders of pipes earn"}, False),
        ({"occupation": "pipe welder"}, True),
        ({"occupation": "ship welder"}, False),
    ],
)
def test_a_sentence_may_be_of_a_row_where_only_the_amount_can_differ(said, alike):
    """Statistic, basis, period, year, publisher and people, as far as said."""
    # A row that does not say its statistic is of any: of percentiles, of none.
    row = placed(
        50000,
        label="Pipes",
        statistic=("unspecified" if said.get("statistic") == "p90" else "median"),
    )
    stated = placed(56000, **said)
    page = page_of(*WELDERS, row, stated)
    assert are_alike_but_amount(row, stated, page, RULES) is alike


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ((50000, {}), (56000, {}), True),
        ((50000, {}), (100000, {}), True),
        ((50000, {}), (100001, {}), False),
        ((48780, {}), (49000, {}), False),
        ((None, {}), (49000, {}), False),
        ((50000, {}), (49010, {"kind": "other"}), False),
        ((50000, {}), (49000, {"kind": "other"}), False),
        ((50000, {}), (48990, {"kind": "other"}), True),
        ((50000, {}), (49000, {"annual": None}), False),
        ((48780, {}), (48790, {}), True),
        ((48780, {"kind": "other"}), (48790, {}), False),
    ],
)
def test_a_row_and_a_sentence_differ_by_more_than_rounding_and_less_than_twice(
    one, other, differ
):
    """What is twice as much is of something else; illustrations are rounded more."""
    a, b = (placed(value, **said) for value, said in (one, other))
    assert differ_beyond_rounding(a, b, RULES) is differ
    assert differ_beyond_rounding(b, a, RULES) is differ


def table_row(label, value, line=1, column=0, **said):
    """A figure of a table, in a column of its own."""
    return placed(value, label=label, group=f"table1:{column}", line=f"table1:{line}",
                  block=line, number=0, **said)  # fmt: skip


ROWS = (table_row("New pipes", 66200, 1), table_row("Old pipes", 61300, 2),
        table_row("Ships", 55100, 3))  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "quotes"),
    [
        ("New pipes paid $62,600.", ["$66200"]),
        ("New pipes paid $66,200.", []),
        ("New pipes paid $61,300.", []),
        ("Pipes paid $62,600.", []),
        ("It paid $62,600 for new pipes.", []),
        ("New pipes and old paid $62,600.", ["$61300"]),
        ("Ships paid less than new pipes, $62,600.", ["$66200"]),
        ("New pipes paid more than ships, $62,600.", ["$55100"]),
        ("Ships paid $56,700.", ["$55100"]),
        ("Ships paid $156,700.", []),
    ],
)
def test_a_sentence_that_names_a_row_has_the_rows_amount(sentence, quotes):
    """The whole label, before the figure, no other row nearer."""
    page = page_of(*WELDERS, *ROWS, in_words(sentence))
    found = told(find_row_conflicts(page, RULES))
    assert [quote for _, _, quote in found] == quotes


NAMESAKES = (
    table_row("Information", 66200, 1),
    table_row("Education", 61300, 2),
    table_row("Analysts", 55100, 3),
    table_row("Chain analysts", 52100, 4),
)


@pytest.mark.parametrize(
    ("job", "sentence", "quotes"),
    [
        ("information analyst", "Information analysts earned $62,600.", ["$55100"]),
        ("information analyst", "Analysts earned $58,600.", ["$55100"]),
        ("supply and chain analyst", "Supply and chain analysts earned $56,600.", []),
        ("supply, chain analyst", "Supply, chain analysts earned $56,600.", []),
        ("chain analyst", "Chain analysts earned $56,600.", ["$52100"]),
        (None, "In information they earned $62,600.", ["$66200"]),
        ("senior pipe analyst", "Senior pipe analysts got $58,600.", ["$55100"]),
    ],
)
def test_a_piece_of_an_occupations_name_names_no_row(job, sentence, quotes):
    """Its noun does, and the whole name; of several occupations in one name none."""
    stated = in_words(sentence, occupation=job, soc_candidates=None)
    rows = [placed(f.amount, label=" ".join(f.label), group=f.group, line=f.line,
                   block=f.block, number=0, occupation=job, soc_candidates=None)
            for f in NAMESAKES]  # fmt: skip
    topic = [placed(1000 * n, occupation=job, statistic="p10") for n in range(8)]
    found = told(find_row_conflicts(page_of(*topic, *rows, stated), RULES))
    assert [quote for _, _, quote in found] == quotes


def test_a_list_by_industry_says_nothing_of_an_occupation_with_that_word():
    """Ship welders are not those whom the makers of ships employ."""
    said = {"occupation": "ship welder", "soc_candidates": None}
    all_of_them = in_words("Ship welders earned $62,600.", **said)
    topic = [placed(1000 * n, statistic="p10", **said) for n in range(8)]
    narrow = {**said, "cohort": "industry=ship"}
    page = page_of(*topic, all_of_them, table_row("Ship", 66200, **narrow))
    assert not told(find_conflicting_values(page, RULES))
    assert not are_same_people(all_of_them, placed(66200, **narrow), page)
    assert are_same_people(placed(66200, **narrow), placed(1, **narrow), page)
    wide = table_row("Ship", 66200, **said)
    page = page_of(*topic, all_of_them, wide)
    assert told(find_conflicting_values(page, RULES))
    two = [table_row("Ship", 66200 + 1000 * n, n, **said) for n in range(2)]
    page = page_of(*topic, all_of_them, *two)
    assert not told(find_conflicting_values(page, RULES))


def test_a_figure_between_a_rows_name_and_another_is_the_rows():
    """The second of a sentence is not of the first row."""
    text = "New pipes paid $66,000, and others $62,600."
    first = in_words(text)
    second = placed(62600, sentence=text, offset=text.index("$62"), block=9, number=0)
    assert not told(find_row_conflicts(page_of(*WELDERS, *ROWS, first, second), RULES))
    alone = page_of(*WELDERS, *ROWS, second)
    assert len(told(find_row_conflicts(alone, RULES))) == 1
    # A figure after it, or before the row's name, is none between.
    for offset in (0, len(text)):
        beside = placed(50, sentence=text, offset=offset, block=9, number=0,
                        statistic="p10")  # fmt: skip
        page = page_of(*WELDERS, *ROWS, second, beside)
        assert len(told(find_row_conflicts(page, RULES))) == 1


def test_rows_without_words_or_rivals_and_figures_of_data_are_not_compared():
    """A row alone, a row of numbers, a figure that has no sentence."""
    stated = in_words("Ships paid $56,700.")
    alone = page_of(*WELDERS, ROWS[2], stated)
    assert not told(find_row_conflicts(alone, RULES))
    numbered = [table_row("10", 55000, 3), table_row("20", 44000, 4)]
    page = page_of(*WELDERS, *numbered, in_words("Of 10 paid $56,700."))
    assert not told(find_row_conflicts(page, RULES))
    sentence = {"sentence": "Ships paid $56,700.", "offset": 11}
    data = placed(56700, **sentence)
    assert not told(find_row_conflicts(page_of(*WELDERS, *ROWS, data), RULES))
    first = placed(56700, **sentence, block=0, number=0)
    assert told(find_row_conflicts(page_of(*WELDERS, *ROWS, first), RULES))
    item = placed(56700, **sentence, block=9, number=0, group="list1:1")
    assert not told(find_row_conflicts(page_of(*WELDERS, *ROWS, item), RULES))
    # Another column of the table has it.
    column = table_row("Ships", 56700, 3, column=1)
    page = page_of(*WELDERS, *ROWS, column, stated)
    assert not told(find_row_conflicts(page, RULES))


@pytest.mark.parametrize(
    ("text", "data", "found"),
    [
        ("welder", "welder", 1),
        ("welder", "ship welder", 1),
        ("ship welder", "welder", 1),
        ("painter", "welder", 0),
        ("painter", None, 0),
    ],
)
def test_one_amount_of_one_job_has_one_period_in_each_form(text, data, found):
    """By the hour in words and by the year in data; of two jobs both may be."""
    unknown = {"soc_candidates": None}
    said = placed(48, occupation=text, period="hour", block=1, number=0, **unknown)
    held = placed(48, occupation=data, locator="script=0;/jobs/0/pay",
                  structure="json_ld", **unknown)  # fmt: skip
    conflicts = told(find_form_conflicts(page_of(said, held), RULES))
    assert [why for why, *_ in conflicts].count("periods_apart") == found


def crossed(*figures):
    """The crossings of these percentiles: statistic and amount in thousands."""
    facts = [placed(value * 1000, statistic=name, block=3 * n, number=0, **said)
             for n, (name, value, said) in enumerate(figures)]  # fmt: skip
    return [
        tuple((row["statistic"], int(row["annual"] / 1000)) for row in one.rows)
        for one in find_crossed_percentiles(page_of(*WELDERS, *facts), RULES)
    ]


def test_a_higher_percentile_is_not_below_a_lower_one():
    """Each figure is named once, with the one that is most steps away."""
    sound = [("p10", 30, {}), ("p25", 40, {}), ("median", 50, {}), ("p75", 60, {}),
             ("p90", 70, {})]  # fmt: skip
    assert crossed(*sound) == []
    assert crossed(*sound[:4], ("p90", 60, {})) == []
    assert crossed(*sound[:4], ("p90", 20, {})) == [(("p10", 30), ("p90", 20))]
    assert crossed(("p10", 80, {}), *sound[1:]) == [(("p10", 80), ("p90", 70))]
    assert crossed(("p25", 45, {}), ("median", 44, {}), ("p75", 60, {}),
                   ("p90", 59, {})) == [(("p25", 45), ("median", 44)),
                                        (("p75", 60), ("p90", 59))]  # fmt: skip
    assert crossed(("mean", 90, {}), ("p90", 70, {})) == []
    other = {"occupation": "pipe welder"}
    assert crossed(("p25", 45, other), ("median", 44, {})) == []


def test_percentiles_of_one_pay_period_are_named_before_those_of_two():
    """And one that was converted from a third figure is no crossing."""
    monthly = {"period": "month", "annual": Decimal(43000)}
    rows = [("p10", 45, {}), ("p90", 43, monthly), ("median", 44, {})]
    assert crossed(*rows) == [(("p10", 45), ("median", 44))]
    pair = rows[:2]
    assert crossed(*pair) == [(("p10", 45), ("p90", 43))]
    assert crossed(*pair, ("mean", 43, {})) == []
    assert crossed(*pair, ("mean", 49, {})) == [(("p10", 45), ("p90", 43))]
    alike = [pair[0], ("p90", 43, {})]
    assert crossed(*alike, ("mean", 43, monthly)) == [(("p10", 45), ("p90", 43))]


def test_a_percentile_twice_in_a_sentence_crosses_nothing():
    """It was misread."""
    low = placed(40000, block=1, number=0)
    pair = [placed(v, statistic="p75", block=5, number=0) for v in (30000, 60000)]
    assert not list(find_crossed_percentiles(page_of(low, *pair), RULES))
    assert list(find_crossed_percentiles(page_of(low, pair[0]), RULES))


def test_of_thousands_of_percentiles_those_furthest_apart_are_compared():
    """Fifty of each, the largest of the lower with the smallest of the higher."""
    low = [placed(60000 + n, statistic="p10") for n in range(52)]
    high = [placed(50000 + n, statistic="p25") for n in range(52)]
    pairs = list(crossed_pairs([*low, *high]))
    assert len(pairs) == 2500
    assert min(a.amount for a, _ in pairs) == 60002
    assert max(b.amount for _, b in pairs) == 50049


def outside(centre, *bands):
    """The average that lies outside, with the range that it is told with."""
    found = find_average_outside(page_of(*WELDERS, centre, *bands), RULES)
    return [
        (int(c["annual"]), int(b["annual_low"])) for c, b in (f.rows for f in found)
    ]


def band(low, high, **said):
    """A range of pay."""
    return placed(None, **{**BAND, "low": low, "high": high, **said})


@pytest.mark.parametrize(
    ("centre", "bands", "found"),
    [
        (placed(50000), [band(40000, 60000)], []),
        (placed(70000), [band(40000, 60000)], [(70000, 40000)]),
        (placed(70000, statistic="mean"), [band(40000, 60000)], [(70000, 40000)]),
        (placed(70000, statistic="p90"), [band(40000, 60000)], []),
        (placed(61200), [band(40000, 60000)], []),
        (placed(61201), [band(40000, 60000)], [(61201, 40000)]),
        (placed(38800), [band(40000, 60000)], []),
        (placed(38799), [band(40000, 60000)], [(38799, 40000)]),
        (placed(70000), [band(40000, 60000), band(50000, 71000)], []),
        (placed(70000), [band(40000, 60000), band(45000, 65000)], [(70000, 45000)]),
        (placed(30000), [band(40000, 60000), band(35000, 99000)], [(30000, 35000)]),
        (placed(70000), [band(40000, None)], []),
        (placed(70000), [band(None, 60000)], []),
        (placed(70000), [band(60000, 40000)], []),
        (placed(70000), [band(60000, 60000)], [(70000, 60000)]),
        (placed(70000), [band(40000, 60000, year=2020)], []),
        (placed(70000), [band(40000, 60000, currency="GBP")], []),
        (placed(70000, line="t1"), [band(40000, 60000, line="t1"),
                                    band(60000, 80000)], [(70000, 40000)]),
        (placed(70000, line="t1"), [band(40000, 60000, line="t2"),
                                    band(60000, 80000)], []),
        (placed(70000, block=0, number=1), [band(40000, 60000, block=0, number=1),
                                            band(60000, 80000)], [(70000, 40000)]),
        (placed(70000, block=3, number=1), [band(40000, 60000, block=3, number=2),
                                            band(60000, 80000)], []),
    ],
)  # fmt: skip
def test_an_average_lies_in_some_range_of_its_people(centre, bands, found):
    """That of its own row or sentence, where there is one; ends are rounded."""
    assert outside(centre, *bands) == found


def formed(form, **said):
    """Where a figure of a form of the page is."""
    if form == "text":
        return {"block": 1, **said}
    return {"locator": f"script=0;/{form}", "structure": form, **said}


LD, STATE, TEXT = formed("json_ld"), formed("json_state"), formed("text")


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([placed(50000, **LD), placed(56000, **STATE)], ["said_twice"]),
        ([placed(50000, **LD), placed(50000, **STATE)], []),
        ([placed(50000, **LD), placed(56000, **TEXT)], []),
        ([placed(50000, **LD), placed(56000, statistic="mean", **STATE)], []),
        ([placed(50000, **LD, statistic="maximum"),
          placed(56000, **STATE, statistic="maximum")], []),
        ([placed(50000, **LD), placed(56000, **STATE), placed(50000, **STATE)], []),
        ([placed(50000, **LD), *(placed(v, **STATE) for v in (1, 2, 3))],
         ["said_twice"]),
        ([placed(50000, **LD), *(placed(v, **STATE) for v in (1, 2, 3, 4))], []),
        ([placed(50000, **LD), placed(56000, year=2020, **STATE)], []),
        ([band(4000, 6000, **LD), band(4000, 7990, **STATE)], ["forms_apart"]),
        ([band(4000, 6000, **LD), band(5500, 6000, **TEXT)], ["forms_apart"]),
        ([band(4000, 6000, **LD), band(4000, 6000, **TEXT)], []),
        ([band(4000, 6000, **LD), band(5500, 6000, **TEXT),
          band(4000, 6000, **TEXT)], []),
        ([band(4000, 6000, **LD), *(band(v, 6000, **TEXT) for v in (1, 2, 3))],
         ["forms_apart"]),
        ([band(4000, 6000, **LD), *(band(v, 6000, **TEXT) for v in (1, 2, 3, 4))],
         []),
        ([band(4000, 6000, **LD), band(5500, None, **TEXT)], []),
        ([band(4000, 6000, **LD), band(5500, 6000, **{**TEXT, "statistic": "mean"})],
         []),
        ([band(4000, 6000, **LD), band(5500, 6000, year=2020, **TEXT)], []),
    ],
)  # fmt: skip
def test_forms_of_a_page_that_agree_with_none_of_a_few_are_a_conflict(facts, found):
    """Points of two kinds of data, ranges of any two forms."""
    page = page_of(*WELDERS, *facts)
    assert [one.why for one in find_form_conflicts(page, RULES)] == found


PAYSCALE = {"publisher": "payscale"}
TENTHS = (placed(40000, statistic="p10", **STATE, **PAYSCALE),
          placed(60000, statistic="p90", **STATE, **PAYSCALE))  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([*TENTHS, band(45000, 60000, **TEXT, **PAYSCALE)], 1),
        ([*TENTHS, band(40000, 60000, **TEXT, **PAYSCALE)], 0),
        ([*TENTHS, band(40000, 66000, **TEXT, **PAYSCALE)], 1),
        ([*TENTHS, band(45000, 60000, **TEXT)], 0),
        ([*TENTHS[:1], band(45000, 60000, **TEXT, **PAYSCALE)], 0),
        ([*TENTHS[1:], band(45000, 60000, **TEXT, **PAYSCALE)], 0),
        ([*TENTHS, *(band(45000, 60000, **TEXT, **PAYSCALE) for _ in range(3))], 3),
        ([*TENTHS, *(band(45000, 60000, **TEXT, **PAYSCALE) for _ in range(4))], 0),
        ([*TENTHS, band(3750, 5000, period="month", **TEXT, **PAYSCALE)], 0),
        ([*TENTHS, band(45000, 60000, year=2020, **TEXT, **PAYSCALE)], 0),
    ],
)
def test_a_range_in_words_is_the_two_percentiles_that_its_publisher_means(facts, found):
    """Where both are in the data, for the same people, by the same period."""
    page = page_of(*WELDERS, *facts)
    told_of = list(find_form_conflicts(page, RULES))
    assert [one.why for one in told_of] == ["forms_apart"] * found
    if found:
        # What a reader sees comes first, then the two ends of the data.
        assert told_of[0].rows[0]["statistic"] == "range"
        assert len(told_of[0].rows) == 3
        assert told_of[0].said.startswith("one form of the page says 40,000 to 60,000")


NAMED = {"match_grade": "alternate", "occupation": "metal joiner"}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([placed(50000), placed(45000, **NAMED)], 1),
        ([placed(50000), placed(50000, **NAMED)], 0),
        ([placed(50000), placed(45000, **NAMED), placed(44000, **NAMED)], 1),
        ([placed(50000, soc_candidates="51-4121|47-2211"), placed(4, **NAMED)], 0),
        ([placed(50000, cohort="credential=cwi"), placed(45000, **NAMED)], 0),
        ([placed(50000, publisher="bls"), placed(45000, **NAMED)], 0),
        ([placed(50000), placed(45000, publisher="bls", **NAMED)], 0),
        ([placed(50000, match_grade="alternate"), placed(45000, **NAMED)], 0),
        ([placed(50000), placed(45000, **{**NAMED, "match_grade": "ambiguous"})], 0),
        ([placed(50000), placed(45000, cohort="credential=cwi", **NAMED)], 0),
        ([placed(50000), placed(45000, **OHIO, **NAMED)], 0),
        ([placed(50000), placed(45000, statistic="p90", **NAMED)], 0),
        ([placed(50000), placed(45000, basis="employer_type:unread", **NAMED)], 0),
        ([placed(50000), placed(45000, basis="employer_type:stated", **NAMED)], 1),
        ([placed(50000), placed(45000, statistic="mean", **NAMED)], 1),
        ([placed(50000), placed(45000, **NAMED, soc_candidates="47-2211|51-4121")], 1),
        ([placed(50000), placed(45000, **NAMED, soc_candidates="47-2211")], 0),
        ([band(40000, 60000), placed(45000, **NAMED)], 1),
    ],
)
def test_an_official_title_beside_another_name_of_its_code_is_one_population(
    facts, found
):
    """Each code once; ambiguous titles, other places and publishers are not it."""
    page = page_of(*facts)
    assert len(list(find_shared_codes(page, RULES))) == found


def change(value=None, kind="pay_delta_rel", **said):
    """What a certificate adds."""
    facts = {"kind": kind, "credential": "cwi", "direction": "up"}
    return placed(value, **{**facts, **said})


PERCENT, MONEY = change(low=20, high=30), change(low=1000, high=2000,
                                                 kind="pay_delta_abs")  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([placed(50000), PERCENT, MONEY], "2.0 to 4.0 %"),
        ([placed(50000, statistic="mean"), PERCENT, MONEY], "2.0 to 4.0 %"),
        ([placed(50000, statistic="p90"), PERCENT, MONEY], None),
        ([placed(50000, **OHIO), PERCENT, MONEY], None),
        ([PERCENT, MONEY], None),
        ([placed(50000), PERCENT], None),
        ([placed(50000), MONEY], None),
        ([placed(50000), change(25), MONEY], None),
        ([placed(50000), change(low=20, high=30, credential=None), MONEY], None),
        ([placed(50000), change(low=20, high=30, direction="down"), MONEY], None),
        ([placed(50000), change(low=20), MONEY], None),
        ([placed(5000), PERCENT, MONEY], None),
        # A tenth of what both cover is an agreement: 18 to 20 and 19 to 38.
        ([placed(50000), change(low=8, high=10), change(
            low=4500, high=14000, kind="pay_delta_abs")], "9.0 to 28.0 %"),
        ([placed(50000), change(low=8, high=10), change(
            low=4000, high=14000, kind="pay_delta_abs")], None),
    ],
)  # fmt: skip
def test_a_premium_in_percent_and_one_in_money_meet_on_the_national_average(
    facts, said
):
    """Where they share less than a tenth of what they cover, one is wrong."""
    found = [one.said for one in find_premium_conflicts(page_of(*facts), RULES)]
    assert found == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("quote", "ends", "inverted"),
    [
        ("$48,000 to $61,000", (48000, 61000), False),
        ("$61,000 to $48,000", (48000, 61000), True),
        ("$61,000 down to $48,000", (48000, 61000), False),
        ("$61,000 to $61,000", (61000, 61000), False),
        ("a range", (61000, 48000), True),
        ("down", (61000, 48000), True),
        ("$61 to $48K", (48000, 61000), False),
        ("$101 to $100", (100, 101), True),
        ("$101 to $99", (99, 101), False),
        ("5 to 2 years: $61,000", (48000, 61000), False),
        ("$61,000 to $48,000", (48000, None), False),
        ("$61,000 to $48,000", (None, 61000), False),
    ],
)
def test_a_range_runs_upwards_unless_a_word_says_it_should_not(quote, ends, inverted):
    """By its quote, as its ends were put in order; small ends may be in K."""
    row = band(*ends, quote=quote).row
    assert is_inverted_range(row) is inverted


@pytest.mark.parametrize(
    ("value", "said", "below"),
    [
        (15079, {}, True),
        (15080, {}, False),
        (0, {}, False),
        (1, {}, False),
        (7.24, {}, False),
        (7.25, {}, True),
        (9000, {"unread": "in the marina"}, False),
        (9000, {"sentence": "He waits tables two nights a week for $9,000."}, False),
        (9000, {"sentence": "He waits tables all week for $9,000."}, True),
        (None, {}, False),
        (9000, {"currency": "GBP"}, False),
        (9000, {"area_level": "foreign"}, False),
        (9000, {"occupation": None}, False),
        (4, {"period": "hour"}, False),
        (900, {"period": "month"}, True),
    ],
)
def test_a_full_time_year_is_paid_the_minimum(value, said, below):
    """In dollars, at home, of somebody, and not by the hour."""
    assert is_below_minimum(placed(value, **said), WORDS, RULES.measures) is below


def test_no_two_contradictions_of_a_page_name_the_same_figures_under_one_type():
    """The first test that finds them tells of them."""
    data, text = placed(50000, **LD), placed(56000, **STATE)
    found = told(find_contradictions([page_of(*WELDERS, data, text)], RULES))
    assert found.count(("said_twice", "$50000", "$56000")) == 1
    pair = find_contradictions([page_of(placed(500)), page_of(placed(400))], RULES)
    assert told(pair) == [("below_minimum", "$500"), ("below_minimum", "$400")]
