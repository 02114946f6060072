"""What a page's own words say of its figures: ranks, orders, bounds and changes."""

from decimal import Decimal

import pytest
from placed import (
    RULES,
    WORDS,
    build_on,
    figure_row,
    in_words,
    page_of,
    placed,
    read_figures,
    told,
)

from pipeline.read import read
from pipeline.reconcile.within_page.change_columns import find_column_errors
from pipeline.reconcile.within_page.comparison_words import (
    split_sentences,
    stem_word,
)
from pipeline.reconcile.within_page.first_figures import FirstFigures
from pipeline.reconcile.within_page.list_checks import (
    breaks_bound,
    find_bound_conflicts,
    find_order_conflicts,
    find_stray_rows,
    is_digit_off,
    is_numbered,
    list_heading,
)
from pipeline.reconcile.within_page.recomputed_changes import (
    LevelPair,
    find_arithmetic_errors,
    is_change,
    is_same_measure,
    pair_gives_change,
)
from pipeline.reconcile.within_page.row_labels import (
    label_data_objects,
    read_item_label,
    read_line_label,
    read_page_title,
)
from pipeline.reconcile.within_page.superlatives import (
    find_rank_conflicts,
    select_rankable,
    shortest_span,
)

TABLE = """# Pay of welders

| Work | Pay |
| --- | --- |
| Pipeline work | $71,400 |
| Shipyard work | $64,200 |
| Structural steel | $58,900 |
| Repair shops | $49,300 |

{}
"""


def ranks(text, *said):
    """What a page of the table and a sentence says wrongly of ranks."""
    found = find_rank_conflicts(read_figures(TABLE.format(text), *said), RULES)
    return told(found)


STEEL = [("not_highest", "$58,900", "$71,400")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The best-paid work was structural steel.", STEEL),
        ("The best-paid work was pipeline work.", []),
        ("Structural steel was the best paid.", STEEL),
        ("No employer beats structural steel.", STEEL),
        ("The worst-paid work was structural steel.",
         [("not_lowest", "$58,900", "$49,300")]),
        ("The worst-paid work was in repair shops.", []),
        ("One of the best-paid was structural steel.", []),
        ("The best-paid work was structural steel, after pipeline work.", []),
        ("The best-paid work was structural steel, though pipeline work pays well.",
         [("not_highest", "$58,900", "$64,200")]),
        ("The best-paid work was shipyard work, though pipeline work pays well.", []),
        ("The best-paid work was steel.", []),
        ("One of them said, as we read in the survey: the best-paid work was structural"
         " steel.", STEEL),
        ("The best-paid, as everybody who has ever asked a welder about it and many who"
         " have not will know, is structural steel.", []),
        ("Pipeline work is the best paid and structural steel the worst paid.",
         [("not_lowest", "$58,900", "$49,300")]),
        ("Structural steel, best paid, beats repair shops, worst paid.", STEEL),
        ("The best-paid work was structural steel. It was the best-paid: structural "
         "steel.", STEEL),
        ("Steel of any kind that is made at all is structural: best paid.", STEEL),
        ("Steel of any kind that is made, be it in Ohio, in Texas or in some country "
         "abroad, is always structural: best paid.", []),
        ("Structural steel pays more than shipyard work.",
         [("not_more", "$58,900", "$64,200")]),
        ("Shipyard work pays more than structural steel.", []),
        ("Shipyard work pays less than structural steel.",
         [("not_less", "$64,200", "$58,900")]),
        ("Structural steel pays less than shipyard work.", []),
        ("Structural steel never pays more than shipyard work.", []),
        ("Nobody is never wrong, so ask around: structural steel pays more than "
         "shipyard work.", [("not_more", "$58,900", "$64,200")]),
        ("Structural steel and repair shops pay more than shipyard work.", []),
        ("Structural steel pays more than shipyard work and pipeline work.", []),
        ("Structural steel pays more than structural steel did.", []),
        ("Structural steel pays more than it used to do when everybody who has ever "
         "asked a welder in Ohio or Texas was told that of shipyard work.", []),
        ("Structural steel, as everybody who has ever asked a welder about it and many "
         "who have not will know, pays more than shipyard work.", []),
    ],
)  # fmt: skip
def test_what_is_called_the_most_or_more_is_so_in_the_pages_table(text, found):
    """Of the row that is named nearest; of a rank other than the first, nothing."""
    assert ranks(text) == found


def test_a_page_without_text_or_with_words_in_cells_alone_ranks_nothing():
    """A cell is no sentence, neither is a menu."""
    assert list(find_rank_conflicts(page_of(placed(1)), RULES)) == []
    text = TABLE.format("").replace("Structural steel", "Best paid: structural steel")
    assert told(find_rank_conflicts(read_figures(text), RULES)) == []


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((50000, 50050), 0),
        ((50000, 50051), 1),
        ((50000, 50000), 0),
        ((99900, 100000), 0),
        ((99899, 100000), 1),
    ],
)
def test_rows_that_hardly_differ_have_one_rank(values, found):
    """Nearer than one in a thousand of the larger."""
    facts = [placed(v, label=name, group="t1:0", line=name, block=n, number=0)
             for n, (v, name) in enumerate(zip(values, ("Ships", "Pipes"),
                                               strict=True))]  # fmt: skip
    document = read(b"Ships are the best paid.", "text/markdown", where="page.md")
    page = page_of(*facts)
    page.document = document
    assert len(list(find_rank_conflicts(page, RULES))) == found


@pytest.mark.parametrize(
    ("facts", "ranked"),
    [
        ([("Ships", {}), ("Pipes", {})], 2),
        ([("Ships", {})], 0),
        ([("Ships", {}), ("Pipes", {}), ("", {})], 2),
        ([("Ships", {}), ("Ships", {})], 0),
        ([("Ships", {}), ("Pipes", {"statistic": "mean"})], 0),
        ([("Ships", {}), ("Pipes", {"period": "hour"})], 0),
        ([("Ships", {}), ("Pipes", {"kind": "pay_delta_abs"})], 0),
    ],
)
def test_rows_are_ranked_by_one_statistic_under_a_label_each(facts, ranked):
    """At least two; a label twice names neither."""
    rows = [placed(50000, label=label, **said) for label, said in facts]
    assert len(select_rankable(rows)) == ranked


def test_the_shortest_stretch_with_all_words_of_a_label_is_its_place():
    """The first of two as short."""
    assert shortest_span([("pipe", 0), ("ship", 20), ("pipe", 30)], 2) == (20, 34)
    assert shortest_span([("pipe", 0), ("ship", 5), ("pipe", 10)], 2) == (0, 9)
    assert shortest_span([("pipe", 0), ("pipe", 5)], 2) is None
    assert shortest_span([("pipe", 0), ("ship", 86)], 2) == (0, 90)
    assert shortest_span([("pipe", 0), ("ship", 87)], 2) is None


PROSE = "Ships pay $50,000 and pipes pay ${}. So {}."


@pytest.mark.parametrize(
    ("pay", "words", "said", "found"),
    [
        ("60,000", "ship welders out-earn pipe welders", {}, 1),
        ("60,000", "pipe welders out-earn ship welders", {}, 0),
        ("60,000", "ship welders are the best paid", {}, 0),
        ("60,000", "ship welders out-earn pipe welders", {"statistic": "mean"}, 0),
        ("60,000", "ship welders out-earn pipe welders", {"kind": "pay_delta_abs"}, 0),
        ("60,000", "ship welders out-earn pipe welders",
         {"occupation": "ship welder"}, 0),
        ("60,000", "ship welders out-earn pipe welders", {"occupation": "welder"}, 0),
    ],
)  # fmt: skip
def test_two_figures_of_a_sentence_are_ranked_by_what_tells_them_apart(
    pay, words, said, found
):
    """Each has words of its own; both are points of one statistic."""
    text = PROSE.format(pay, words)
    page = read_figures(text, {"occupation": "ship welder"},
                        {"occupation": "pipe welder", **said})  # fmt: skip
    assert len(list(find_rank_conflicts(page, RULES))) == found


def test_figures_of_two_sentences_or_of_a_list_are_no_pair_of_prose():
    """And of a pair the first in the text is the first."""
    jobs = ({"occupation": "ship welder"}, {"occupation": "pipe welder"})
    words = "Ship welders out-earn pipe welders."
    apart = read_figures(f"Ships pay $50,000. Pipes pay $60,000. {words}", *jobs)
    assert list(find_rank_conflicts(apart, RULES)) == []
    item = read_figures(f"- Ships pay $50,000 and pipes pay $60,000\n\n{words}", *jobs)
    assert list(find_rank_conflicts(item, RULES)) == []


LIST = """# Best-paying states

{}

{}
"""
ITEMS = "1. Alaska: $78,200\n2. Hawaii: $61,100\n3. Wyoming: $66,900"


@pytest.mark.parametrize(
    ("lead", "items", "found"),
    [
        ("The highest-paying states:", ITEMS,
         [("out_of_order", "$61,100", "$66,900")]),
        ("The highest-paying states:", ITEMS.replace("61", "71"), []),
        ("The highest and lowest-paying states:", ITEMS, []),
        ("The highest-paying states:", ITEMS.replace("3. Wyoming: $66,900", ""), []),
        ("The highest-paying states:", ITEMS.replace("1. ", "- ").replace("2. ", "- ")
         .replace("3. ", "- "), []),
    ],
)  # fmt: skip
def test_a_numbered_list_of_best_paid_runs_downwards(lead, items, found):
    """Three rows at least; with both words in its heading, it runs either way."""
    page = read_figures(LIST.format(lead, items))
    assert told(find_order_conflicts(page, RULES)) == found


def test_a_list_of_worst_paid_runs_upwards_and_one_without_a_word_as_it_likes():
    """Its heading says which."""
    worst = LIST.format("", ITEMS).replace("Best", "Worst")
    page = read_figures(worst)
    assert told(find_order_conflicts(page, RULES)) == [
        ("out_of_order", "$78,200", "$61,100")
    ]
    plain = read_figures(LIST.format("", ITEMS).replace("Best-paying", "Some"))
    assert told(find_order_conflicts(plain, RULES)) == []


def test_a_list_is_headed_by_its_heading_and_what_leads_to_it():
    """A figure of the data has neither."""
    page = read_figures(LIST.format("The highest:", ITEMS))
    heading = list_heading(page.facts[0], page)
    assert "Best-paying states" in heading
    assert "The highest:" in heading
    assert list_heading(placed(1), page) == ""
    assert list_heading(placed(1, block=1), page_of()) == ""


def test_an_ordered_list_of_elements_is_numbered():
    """By its place, where the numbers are not written."""
    page = read_figures(LIST.format("Highest:", ITEMS.replace("1. ", "- ")
                                    .replace("2. ", "- ").replace("3. ", "- ")),
                        locator="xpath=/html/ol[1]/li[1];char=1,2")  # fmt: skip
    assert told(find_order_conflicts(page, RULES)) == [
        ("out_of_order", "$61,100", "$66,900")
    ]


BOUND = """# Raises

- Pipes: 4%
- Ships: 2%
- Steel: 5%

{}
"""


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        ("Every kind of work gained at least 3%.", {}, [("not_every", "3%", "2%")]),
        ("Every kind of work gained at least 2%.", {}, []),
        ("Every kind of work gained at most 4%.", {}, [("not_every", "4%", "5%")]),
        ("Every kind of work gained at most 5%.", {}, []),
        ("Some kinds of work gained at least 3%.", {}, []),
        ("Every kind of work gained 3%.", {}, []),
        ("Every kind of work gained over, or under 3%.", {}, []),
        ("At least one thing is sure, every kind of work gained some 3%.", {}, []),
        ("All but ships gained at least 3%.", {}, []),
        ("Every kind of work gained at least 3%. Not so ships.", {},
         [("not_every", "3%", "2%")]),
        ("Every kind of work gained at least $3.", {}, []),
        ("One.\n\nTwo.\n\nEvery kind of work gained at least 3%.", {},
         [("not_every", "3%", "2%")]),
        ("One.\n\nTwo.\n\nThree.\n\nEvery kind of work gained at least 3%.", {}, []),
    ],
)  # fmt: skip
def test_a_bound_of_every_row_is_kept_by_the_rows_before_it(text, said, found):
    """But those that it names; near the list, and of its kind."""
    page = read_figures(BOUND.format(text), **said)
    assert told(find_bound_conflicts(page, RULES)) == found


def test_a_bound_is_of_rows_with_labels_before_it_and_of_three_at_least():
    """What follows it, or stands in a list of two, is not meant."""
    text = "Every kind of work gained at least 3%.\n\n- Pipes: 4%\n- Ships: 2%\n" \
           "- Steel: 5%\n"  # fmt: skip
    assert told(find_bound_conflicts(read_figures(text), RULES)) == []
    two = BOUND.format("Every kind of work gained at least 3%.")
    two = two.replace("- Pipes: 4%\n", "")
    assert told(find_bound_conflicts(read_figures(two), RULES)) == []
    # A range may be a bound as well, by its lower end; an open one is none.
    of_range = BOUND.format("Every kind of work gained at least 3%.")
    ends = {"value": None, "low": Decimal(3)}
    page = read_figures(of_range, {}, {}, {}, ends)
    assert [why for why, *_ in told(find_bound_conflicts(page, RULES))] == ["not_every"]
    page = read_figures(of_range, {}, {}, {}, {"value": None})
    assert told(find_bound_conflicts(page, RULES)) == []


@pytest.mark.parametrize(
    ("value", "direction", "floor", "broken"),
    [
        (2, "up", True, True), (3, "up", True, False), (4, "up", True, False),
        (4, "up", False, True), (3, "up", False, False), (2, "up", False, False),
        (4, "down", True, True), (4, "down", False, False), (None, "up", True, False),
    ],
)  # fmt: skip
def test_a_fall_breaks_every_floor(value, direction, floor, broken):
    """And no ceiling."""
    row = placed(value, direction=direction)
    assert breaks_bound(row, Decimal(3), floor) is broken


@pytest.mark.parametrize(
    ("amount", "low", "high", "off"),
    [
        (5000, 48000, 52000, True), (500000, 48000, 52000, True),
        (50000, 48000, 52000, False), (4999, 20000, 50000, True),
        (5000, 20000, 50000, False),
        (5000, 20001, 51000, False), (5000, 20000, 50001, False),
        (4000, 40000, 80000, True), (2399, 40000, 60000, False),
        (2400, 40000, 60000, True), (9600, 40000, 60000, True),
        (9999, 40000, 62000, False), (9601, 40000, 60000, False),
        (240000, 40000, 60000, False), (240001, 40000, 60000, True),
        (960000, 40000, 60000, True), (960001, 40000, 60000, False),
        (240000, 40000, 59999, True), (10000, 40000, 62500, False),
    ],
)  # fmt: skip
def test_a_digit_was_lost_where_ten_times_the_row_is_like_its_neighbours(
    amount, low, high, off
):
    """It is four times off at least, and its neighbours are alike."""
    assert is_digit_off(Decimal(amount), Decimal(low), Decimal(high)) is off


STRAY = (48000, 4900, 50000, 52000)


@pytest.mark.parametrize(
    ("values", "said", "found"),
    [
        (STRAY, {}, [("digit_lost", "$4900", "$48000")]),
        (STRAY[:3], {}, [("digit_lost", "$4900", "$48000")]),
        (STRAY[:2], {}, []),
        (STRAY, {"statistic": "mean"}, []),
        (STRAY, {"period": "month"}, []),
        (STRAY, {"period": None}, [("digit_lost", "$4900", "$48000")]),
        (STRAY, {"kind": "other"}, [("digit_lost", "$4900", "$50000")]),
        ((48000, 490000, 50000, 52000), {}, [("digit_lost", "$490000", "$52000")]),
        ((0, 4900, 50000, 52000), {}, [("digit_lost", "$4900", "$50000")]),
    ],
)
def test_a_row_ten_times_off_its_neighbours_lost_a_digit(values, said, found):
    """Of three of one statistic and period; told with the nearest of them."""
    facts = [placed(v, group="t1:0", **(said if not n else {}))
             for n, v in enumerate(values)]  # fmt: skip
    assert told(find_stray_rows(page_of(*facts), RULES)) == found


TWO = "Welders earned $52,000 in 2025, up {} from $50,000 in 2024."


@pytest.mark.parametrize(
    ("text", "said", "found"),
    [
        (TWO.format("4%"), {}, []),
        (TWO.format("9%"), {}, ["4.0 %"]),
        (TWO.format("4.4%"), {}, ["4.0 %"]),
        (TWO.format("9 percentage points, that is 9%"), {}, ["4.0 %"]),
        ("Welders earned $52,000, up 9% points from $50,000.", {}, []),
        ("Welders earned $52,000, up, with prices, 9% from $50,000.", {}, []),
        ("Prices rose. Welders earned $52,000, up 9% from $50,000.", {}, ["4.0 %"]),
        ("With prices, welders earned $52,000, up 9% from $50,000.", {}, ["4.0 %"]),
        ("Welders earned $52,000 and $50,000, up 9% and 8%.", {}, []),
        (
            "Welders earned $52,000, fitters $50,000. That is a rise of 9%.",
            {},
            ["4.0 %"],
        ),
        ("Welders earned $52,000, fitters $50,000. There was some growth, 9%.", {}, []),
        ("Welders earned $52,000. That is a rise of 9%.", {}, []),
        ("Up 9%.", {}, []),
        ("With 9% under $50,000, and 9% over $60,000.", {}, []),
        ("They were 9% over $50,000, that is $60,000.", {}, []),
        ("Over time it is 9% from $50,000 to $60,000.", {}, ["20.0 %"]),
    ],
)
def test_a_percentage_is_recomputed_from_the_two_that_it_is_of(text, said, found):
    """The two of its sentence, or of the one before, where a word leads back."""
    page = read_figures(text, **said)
    wrong = list(find_arithmetic_errors(page, RULES))
    assert [one.said for one in wrong] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Pipeline work pays 31% more than repair shops do.", []),
        ("Pipeline work pays 45% more than repair shops do.", []),
        ("Pipeline work pays 60% more than repair shops do.", ["44.8 %"]),
        ("Pipeline work pays 60% more than elsewhere.", []),
        ("Pipeline work pays 43% more than $50,000.", []),
        ("Pipeline work pays 60% more than $50,000.", ["42.8 %"]),
        ("Pipeline work, shipyard work, repair shops: 60%.", []),
    ],
)
def test_a_percentage_of_rows_is_of_those_that_its_sentence_names(text, found):
    """Two of a list, or one of it and the sentence's own figure."""
    page = read_figures(TABLE.format(text), statistic="mean")
    wrong = list(find_arithmetic_errors(page, RULES))
    assert [one.said for one in wrong] == found


def cells(*values, **said):
    """A row of a table: levels, and a percentage last."""
    *levels, percent = values
    place = {"line": "table1:1", "block": 1, "number": 0}
    facts = [placed(v, group=f"table1:{n}", **place) for n, v in enumerate(levels)]
    change = {"kind": "pay_delta_rel", "direction": "up", "annual": None, **said}
    return page_of(*facts, placed(percent, group="table1:9", **place, **change))


def test_a_percentage_of_a_table_is_of_the_two_of_its_row():
    """With a third figure it may be of any two, and nothing is sure."""

    def said(page):
        return [one.said for one in find_column_errors(page, RULES)]

    assert said(cells(50000, 52000, 4)) == []
    assert said(cells(50000, 52000, 9)) == ["4.0 %"]
    assert said(cells(50000, 52000, 70000, 9)) == []
    assert said(cells(50000, 9)) == []
    twice = cells(50000, 52000, 9)
    again = placed(9, group="table1:8", line="table1:1", block=1, number=0,
                   kind="pay_delta_rel", direction="up", annual=None)  # fmt: skip
    assert said(page_of(*twice.facts, again)) == ["4.0 %", "4.0 %"]


def test_of_two_rows_the_one_that_fits_says_what_the_column_is_of():
    """Of as many that fit as do not, where two columns alone are compared."""
    facts = []
    for line, (old, new, percent) in enumerate(((50000, 52000, 4), (60000, 63000, 9))):
        place = {"line": f"table1:{line}", "block": line, "number": 0}
        facts += [placed(old, group="table1:0", **place),
                  placed(new, group="table1:1", **place),
                  placed(percent, group="table1:9", kind="pay_delta_rel",
                         direction="up", annual=None, **place)]  # fmt: skip
    found = [one.said for one in find_column_errors(page_of(*facts), RULES)]
    assert found == ["5.0 %"]


def test_a_list_that_opens_a_page_is_numbered_as_any_other():
    """Its first line has no end of a line before it."""
    page = read_figures("1. Texas: $61,100\n2. Ohio: $60,200\n")
    assert [is_numbered(fact, page) for fact in page.facts] == [True, True]
    page = read_figures("- Texas: $61,100\n- Ohio: $60,200\n")
    assert [is_numbered(fact, page) for fact in page.facts] == [False, False]


def change(value=None, kind="pay_delta_rel", **said):
    """A change of pay."""
    return placed(value, kind=kind, **{"direction": "up", "annual": None, **said})


@pytest.mark.parametrize(
    ("one", "other", "of", "gives"),
    [
        (50000, 54000, {"value": "8"}, True),
        (54000, 50000, {"value": "8"}, True),
        (50000, 54000, {"value": "7.4"}, False),
        (50000, 54000, {"value": "7"}, False),
        (50000, 54250, {"value": "8"}, True),
        (50000, 54260, {"value": "8"}, False),
        (50000, 53750, {"value": "8"}, True),
        (50000, 53740, {"value": "8"}, False),
        (50000, 54000, {"value": "8.04"}, False),
        (50000, 54025, {"value": "8.1"}, True),
        (50000, 54024, {"value": "8.1"}, False),
        (50000, 54000, {"value": "7.4", "direction": "down"}, True),
        (50000, 54000, {"value": "8", "direction": "down"}, False),
        (50000, 54000, {"value": "7.4", "direction": None}, True),
        (50000, 54000, {"value": "8", "direction": None}, True),
        (0, 54000, {"value": "8"}, True),
        (50000, 54000, {"low": "5", "high": "9"}, True),
        (50000, 54000, {"low": "9", "high": "12"}, False),
        (50000, 54000, {"low": "5", "high": "7"}, False),
        (50000, 60000, {"value": "21", "approximate": True}, True),
        (50000, 60000, {"value": "22", "approximate": True}, True),
        (50000, 60000, {"value": "23", "approximate": True}, False),
        (50000, 54000, {"value": "4000", "kind": "pay_delta_abs"}, True),
        (50000, 54000, {"value": "4400", "kind": "pay_delta_abs"}, True),
        (50000, 54000, {"value": "7000", "kind": "pay_delta_abs"}, False),
        (50000, 54000, {"value": "1400", "kind": "pay_delta_abs"}, False),
        (50010, 54020, {"value": "4015", "kind": "pay_delta_abs"}, True),
        (50010, 54020, {"value": "4016", "kind": "pay_delta_abs"}, False),
        (50010, 54020, {"value": "4005", "kind": "pay_delta_abs"}, True),
        (50010, 54020, {"value": "4004", "kind": "pay_delta_abs"}, False),
        (50010, 54020, {"value": "4300", "kind": "pay_delta_abs"}, False),
        (50010, 54020, {"value": "4300", "kind": "pay_delta_abs",
                        "approximate": True}, True),
        (50010, 54020, {"low": "4000", "high": "4010", "kind": "pay_delta_abs"}, True),
    ],
)  # fmt: skip
def test_two_figures_give_a_change_but_for_how_it_is_rounded(one, other, of, gives):
    """By the direction that it names; half a unit of its last digit is allowed."""
    of = {k: Decimal(v) if k in ("value", "low", "high") else v for k, v in of.items()}
    kind = of.pop("kind", "pay_delta_rel")
    value = of.pop("value", None)
    pair = LevelPair(placed(one), placed(other))
    found = pair_gives_change(pair, change(value, kind, **of), RULES.measures)
    assert found is gives


def test_figures_that_are_about_so_much_give_less_exact_changes():
    """By half of what each is rounded to."""
    pair = LevelPair(placed(50000, approximate=True), placed(60000))
    assert pair_gives_change(pair, change(25), RULES.measures)
    # The coarser of the two says how far the difference may be off.
    for two in ((52000, 49870), (49870, 52000)):
        mixed = LevelPair(*map(placed, two))
        assert pair_gives_change(mixed, change(2450, "pay_delta_abs"), RULES.measures)
        assert not pair_gives_change(
            mixed, change(2650, "pay_delta_abs"), RULES.measures
        )
    assert not pair_gives_change(pair, change(26), RULES.measures)
    exact = LevelPair(placed(50000), placed(60000))
    assert not pair_gives_change(exact, change(25), RULES.measures)


def test_two_figures_are_compared_in_one_unit():
    """As published where they have one period, else by the year."""
    hours = LevelPair(placed(26, period="hour"), placed(25, period="hour"))
    assert hours.ends == (25, 26)
    assert LevelPair(placed(26, period="hour"), placed(52000)).ends == (52000, 54080)
    bare = placed(60000, annual=None)
    assert LevelPair(placed(26, period="hour"), bare).ends == (54080, 60000)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"statistic": "mean"}, {}, False),
        ({"statistic": "unspecified"}, {}, True),
        ({"statistic": None}, {}, True),
        ({"pay_basis": "total"}, {}, False),
        ({"pay_basis": "unspecified"}, {}, True),
        ({"currency": "GBP"}, {}, False),
        ({"currency": None}, {}, True),
        ({"period": "hour"}, {}, True),
        ({"period": "hour"}, {"as_published": None, "value": None, "annual": None},
         False),
        ({"period": "hour", "annual": None}, {}, True),
    ],
)  # fmt: skip
def test_a_change_is_between_two_of_one_measure(one, other, same):
    """Statistic, basis and currency, as far as said; of two periods by the year."""
    a, b = placed(50, **one), placed(50000, **other)
    assert is_same_measure(a, b) is same
    assert is_same_measure(b, a) is same


@pytest.mark.parametrize(
    ("value", "said", "found"),
    [
        (4, {}, True),
        (4, {"kind": "pay_delta_abs"}, True),
        (4, {"kind": "other", "hypothetical": True, "quote": "4 percent"}, True),
        (4, {"kind": "other", "hypothetical": True, "quote": "$4"}, False),
        (4, {"kind": "other", "hypothetical": False, "quote": "4 percent"}, False),
        (4, {"kind": "share", "hypothetical": True, "quote": "4 percent"}, False),
        (None, {"low": 2, "high": 3}, True),
        (None, {"low": 2}, False),
        (None, {"high": 2}, False),
    ],
)
def test_a_change_is_closed_and_of_pay(value, said, found):
    """A percentage, a difference in money, an illustration in percent."""
    assert is_change(change(value, **said)) is found


def money(value, **said):
    """A difference in money, and its sentence."""
    return in_words(f"That is ${value:,} more.", kind="pay_delta_abs", annual=None,
                    direction="up", **said)  # fmt: skip


def test_a_difference_may_be_to_any_figure_of_the_page():
    """But a percentage is of what stands near it."""
    near = placed(50000, block=9, number=0)
    far = placed(61000, block=2, number=0)
    pair = placed(52000, block=9, number=0)
    wrong = list(find_arithmetic_errors(page_of(near, pair, money(9010)), RULES))
    assert [one.said for one in wrong] == ["2,000"]
    assert not list(find_arithmetic_errors(
        page_of(near, pair, far, money(11000)), RULES))  # fmt: skip
    cents = page_of(placed(20.5, block=9, number=0), placed(21, block=9, number=0),
                    money(7))  # fmt: skip
    assert [one.said for one in find_arithmetic_errors(cents, RULES)] == ["0.50"]


def test_a_figure_stands_in_what_the_page_puts_around_it():
    """A cell under its row's head, an item under its name, prose in its sentence."""
    page = read_figures(
        "# Pay\n\n| Work | Mean | Top |\n| --- | --- | --- |\n| Ships | $1 | $2 |\n"
        "| Pipes | $3 | $4 |\n\nBy state:\n\n- Ohio: $5\n- Iowa: $6\n\n"
        "Welders get $7. Fitters get $8 and $9.\n\nUrology: $10\n"
    )
    facts = page.facts
    groups = [f.group for f in facts]
    assert groups[0] == groups[2] != groups[1] == groups[3]
    assert facts[0].line == facts[1].line != facts[2].line
    assert [set(f.label) for f in facts[:6]] == [
        {"ship"}, {"ship"}, {"pipe"}, {"pipe"}, {"ohio"}, {"iowa"}
    ]  # fmt: skip
    assert groups[4] == groups[5]
    assert facts[4].line != facts[5].line
    assert groups[6:9] == [None] * 3
    assert [f.number for f in facts[6:9]] == [0, 1, 1]
    assert facts[7].sentence == "Fitters get $8 and $9."
    assert [f.offset for f in facts[6:9]] == [12, 12, 19]
    assert set(facts[9].label) == {"urology"}
    assert page.facts_in_sentence(facts[7]) == [facts[8]]
    assert page.facts_in_previous(facts[7]) == [facts[6]]
    assert page.facts_in_previous(facts[6]) == []
    assert list(page.groups[groups[0]]) == [facts[0], facts[2]]


DATA = b"""<html><head><title>Acme pay</title></head><body><h1>Welders</h1><h2>Two</h2>
<h3>Three</h3><p>Body</p><script id="__NEXT_DATA__" type="application/json">
{"jobs":[{"@type":"Job","name":"Ship welder","sub":"x","pay":1},{"name":"Pipe welder",
"pay":2}],"one":{"name":"Alone","pay":3}}</script></body></html>"""


def test_a_figure_of_the_data_is_named_by_its_object():
    """In its array; an object outside of an array has no neighbours."""
    document = read(
        DATA,
        "text/html",
        where="page.html",
    )
    names = label_data_objects(document)
    (script,) = {number for number, _ in names}
    assert names[script, "/jobs/0"] == "Ship welder"
    rows = [figure_row(1, start=None, locator=f"script={script};/{path}")
            for path in ("jobs/0/pay", "jobs/1/pay", "one/pay")]  # fmt: skip
    rows.append(figure_row(1, start=None, locator="nowhere"))
    one, two, alone, lost = build_on(document, rows).facts
    assert (one.group, one.line) == (f"script{script}:/jobs/pay", "/jobs/0")
    assert (two.group, two.line) == (f"script{script}:/jobs/pay", "/jobs/1")
    assert set(one.label) == {"ship", "welder"}
    assert (alone.group, lost.group) == (None, None)
    assert (one.from_script, lost.from_script, one.block) == (True, False, -1)


def test_a_page_names_itself_by_its_title_and_first_headings():
    """Three of them."""
    title = read_page_title(read(DATA, "text/html", where="page.html"))
    assert "Acme pay" in title
    assert "Welders" in title
    assert "Body" not in title
    assert "Three" not in title


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Urology: $5", "Urology"), ("3. West - $5", "West"), ("part-time: $5",
         "part-time"), ("Law firms | $5", "Law firms"), ("A sentence. Then: $5", ""),
        ("$5", ""), ("x: $5", ""),
    ],
)  # fmt: skip
def test_an_item_names_its_figure_before_a_mark(text, label):
    """A full stop makes it a sentence."""
    assert read_item_label(text) == label


def test_a_line_is_named_by_all_that_stands_before_its_mark():
    """Of the last line."""
    assert read_end("Skin: $4\nUrology: ") == "Urology"
    assert read_end("Urology: about ") == ""
    assert read_end("x" * 400 + "\nUrology: ") == "Urology"
    assert read_end("x. " * 400 + "Urology: ") == ""


def read_end(text):
    """The label of the line that a figure behind the text would stand in."""
    return read_line_label(text, len(text))


def test_a_sentence_of_many_figures_is_looked_at_near_each_of_them():
    """Looked at whole, a line of ten thousand would take their square."""
    page = read_figures(", ".join(f"${40000 + n}" for n in range(200)))
    counts = [len(page.facts_in_sentence(f)) for f in page.facts]
    assert max(counts) == 59
    assert page.facts_in_sentence(page.facts[100])[29:31] == [
        page.facts[99],
        page.facts[101],
    ]
    firsts = FirstFigures()
    for fact in page.facts:
        firsts.add(fact)
    vague = placed(1, statistic="unspecified", block=0, number=0)
    assert len(firsts.list_near(vague)) == 60


def test_figures_side_by_side_in_a_table_are_not_compared_and_others_are():
    """Of one period; a table's yearly pay may be at odds with its hourly pay."""
    firsts = FirstFigures()
    rows = [placed(40000 + n, group="table1:2", line=f"table1:{n}", block=n, number=0)
            for n in range(9)]  # fmt: skip
    for row in rows:
        firsts.add(row)
    assert firsts.list_near(placed(1, group="table1:3", block=50)) == []
    hourly = placed(20, group="table1:3", block=50, period="hour")
    assert firsts.list_near(hourly) == rows
    assert firsts.list_near(placed(1, group="table2:2", block=50)) == rows
    assert firsts.list_near(placed(1, block=50)) == rows


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ({}, "text"),
        ({"structure": "json_ld"}, "text"),
        ({"locator": "script=0;/a", "structure": "json_ld"}, "json_ld"),
        ({"locator": "script=0;/a", "structure": None}, "json_state"),
    ],
)
def test_a_figure_is_of_a_form_of_the_page(said, form):
    """Words, JSON-LD or a script's state."""
    assert placed(1, **said).page_form == form


def test_a_page_without_text_has_lists_by_path():
    """And its figures in the order of the page, data last."""
    item = "xpath=/html/ul[1]/li[{}];char=1,2"
    rows = [figure_row(n, start=start, locator=where) for n, start, where in [
        (1, None, "script=0;/a"), (2, 9, item.format(2)), (3, 5, item.format(1)),
        (4, 7, "xpath=/html/p[1];char=1,2"), (5, 0, "char=1,2")]]  # fmt: skip
    facts = build_on(None, rows).facts
    assert [int(f.amount) for f in facts] == [5, 3, 4, 2, 1]
    assert facts[1].group == facts[3].group == "/html/ul[1]"
    assert [facts[n].group for n in (0, 2, 4)] == [None] * 3


def test_the_topic_of_a_page_is_what_most_of_its_figures_are_of():
    """Of two as frequent the first by name; levels are what has a cell."""
    jobs = ["fitter", "welder", "welder", None]
    page = page_of(*(placed(1, occupation=job) for job in jobs))
    assert page.topic == {"welder"}
    assert page_of(*(placed(1, occupation=j) for j in jobs[:2])).topic == {"fitter"}
    assert page_of(placed(1, occupation=None)).topic == frozenset()
    other = placed(2, kind="other")
    bare = placed(3)
    del bare.row["cell"]
    assert page_of(placed(1), other, bare).levels == [page_of(placed(1)).levels[0]] or [
        int(f.amount) for f in page_of(placed(1), other, bare).levels
    ] == [1]


def test_words_are_stemmed_alike_and_short_ones_kept():
    """Plurals of ies, s, and words that only look like plurals."""
    words = ("gas", "pays", "Secretaries", "class", "bus", "this", "welders")
    stems = ["gas", "pay", "secretary", "class", "bus", "this", "welder"]
    assert [stem_word(w) for w in words] == stems


def test_the_longest_phrase_counts_and_none_inside_a_word():
    """More than those, and not furthermore."""
    spans = list(WORDS.find_phrases("more", "They earn more than those of ships"))
    assert spans == [(5, 19)]
    assert not WORDS.has_phrase("every", "overall, all-in")
    assert WORDS.has_phrase("every", "ALL of them")


def test_sentences_cover_their_block():
    """From its first character to its last."""
    text = "One pays $5. Two pays $6.\n\nthree"
    spans = split_sentences(text)
    assert [text[a:b].strip() for a, b in spans] == ["One pays $5.", "Two pays $6.",
                                                     "three"]  # fmt: skip
    assert (spans[0][0], spans[-1][1]) == (0, len(text))
