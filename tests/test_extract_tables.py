"""Pay grids, tables without layout, pages from abroad, and sums that are no pay."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, find_lost_figures
from pipeline.read import detect_media_type, read

VOCABULARY = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def claims(text: str, name: str = "page.html") -> list[dict[str, Any]]:
    """Claims of a page; none of its figures is lost."""
    body = text.encode()
    document = read(body, detect_media_type(name, body), where=name)
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    assert find_lost_figures(found, document, VOCABULARY) == []
    return list(found.claims.iter_rows(named=True))


def pay(text: str, name: str = "page.html") -> dict[str, dict[str, Any]]:
    """Levels of pay by quote."""
    return {c["quote"]: c for c in claims(text, name) if c["kind"] == "pay_level"}


def table(head: str, *rows: str, above: str = "") -> str:
    """A page with one table, cells apart by a stroke."""
    heads = "".join(f"<th>{cell}</th>" for cell in head.split("|"))
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split("|")) + "</tr>"
        for row in rows
    )
    page = f"<table><tr>{heads}</tr>{body}</table>"
    return f"<title>Pay</title><h1>Clerks</h1>{above}{page}"


def test_a_grid_under_a_heading_of_pay_is_money_without_a_sign() -> None:
    """Lanes over the columns, steps down the rows; steps and years are no money."""
    above = "<h2>Salary schedule</h2>"
    rows = ("1|0|41,300|44,150", "2|1-2|42,480|45,600")
    found = pay(table("Step|Years|BA|MA", *rows, above=above))
    assert set(found) == {"41,300", "44,150", "42,480", "45,600"}
    assert found["42,480"]["experience_max"] == 2


def test_numbers_of_pay_size_are_no_pay_where_nothing_says_so() -> None:
    """A table of headcounts on a page about something else."""
    page = table("Year|East|West", "A|41,300|44,150").replace("Pay", "Members")
    assert pay(page) == {}


def test_a_head_that_counts_in_lakhs_scales_its_column() -> None:
    """`8.1` under `(lakh p.a.)` is 810,000 rupees a year."""
    found = pay(table("City|Average salary (₹ lakh p.a.)", "Pune|8.1"))
    assert (found["8.1"]["value"], found["8.1"]["currency"]) == (810000, "INR")


@pytest.mark.parametrize(
    ("head", "want"),
    [
        ("Job|From|To", ["minimum", "maximum"]),
        ("Job|Low|High", ["minimum", "maximum"]),
        ("Job|Bottom 10%|Top 10%", ["p10", "p90"]),
        ("Job|Bottom quartile|Top quartile", ["p25", "p75"]),
        ("Percentile|10%|90%", ["p10", "p90"]),
        ("Job|25th|75th", ["p25", "p75"]),
    ],
)
def test_a_pair_of_heads_names_the_ends(head: str, want: list[str]) -> None:
    """The least beside the most; bare shares are percentiles."""
    found = pay(table(head, "Clerk|$31,000|$52,000"))
    assert [found[q]["statistic"] for q in ("$31,000", "$52,000")] == want


def test_the_unit_of_a_row_is_its_period() -> None:
    """A column headed `Unit` says what span each row's sums are for."""
    rows = ("Bus driver|$24.15|hour", "Substitute teacher|$241.00|day")
    found = pay(table("Position|Rate|Unit", *rows))
    assert found["$241.00"]["period"] == "day"
    assert found["$24.15"]["period"] == "hour"


def test_another_cell_does_not_change_what_the_head_says() -> None:
    """`daily` under `Home time` is no period of pay."""
    found = pay(table("Freight|Weekly gross pay|Home time", "Local|$1,200|daily"))
    assert found["$1,200"]["period"] == "week"


GLUED = """Electrician pay by state

StateAvg annualAdverts
Ohio$61,2501,204
Utah$58,90088
"""
STACKED = """Electrician pay by level

Level
Low
High
Apprentice
$18.00
$29.50
Master
$38.00
$61.00
"""
RULED = """Cook pay

   Class          Weekly     Hourly
   --------------------------------
   Cook grade 1   1,004.50    26.43
   Demi chef      $1,176.80   30.97
"""


def test_cells_that_touch_come_apart() -> None:
    """Figures end where they can only end, and each row has its place."""
    found = pay(GLUED, "page.txt")
    assert {q: c["area"] for q, c in found.items()} == {
        "$61,250": "Ohio",
        "$58,900": "Utah",
    }
    assert {c["statistic"] for c in found.values()} == {"mean"}


def test_a_list_that_touches_is_a_table() -> None:
    """`Ohio$47,900Utah$46,800`: each state has its sum."""
    text = "Mean wage of welders by state:\n\nOhio$47,900Utah$46,800\n"
    found = pay(text, "page.txt")
    assert [c["area"] for c in found.values()] == ["Ohio", "Utah"]


def test_one_cell_a_line_is_a_table() -> None:
    """Heads first, then a label and its figures, line by line."""
    found = pay(STACKED, "page.txt")
    assert found["$29.50"]["statistic"] == "maximum"
    assert found["$38.00"]["statistic"] == "minimum"


def test_a_line_over_a_rule_can_name_columns() -> None:
    """It is no heading where rows of cells follow the rule."""
    found = pay(RULED, "page.txt")
    assert found["1,004.50"]["period"] == "week"
    assert found["30.97"]["period"] == "hour"


def test_the_nation_is_that_of_the_money() -> None:
    """`Nationally` on a page of Canadian dollars is Canada, not the United States."""
    text = "Job Bank covers Canada. Nationally, welders earn C$31.40 an hour."
    assert pay(text, "page.txt")["C$31.40"]["area"] == "Canada"


def test_a_mark_behind_keeps_the_groups_of_its_number() -> None:
    """`72 000 $` is one sum."""
    text = "In Quebec an estimator earns 72 000 $ a year."
    assert pay(text, "page.txt")["72 000 $"]["value"] == 72000


@pytest.mark.parametrize(
    "text",
    [
        "A driver is paid 52 cents a mile.",
        "Tarp pay is $40 a load.",
        "Employees pay $62 a month for the plan.",
        "The agency may charge the dentist $82 an hour.",
        "The district contributes up to $1,835 a month toward medical premiums.",
        "Subtract a truck note of $2,300 a month.",
    ],
)
def test_what_is_no_pay_for_time_is_set_apart(text: str) -> None:
    """Rates of output, benefits, bills and running costs."""
    assert pay(text, "page.txt") == {}


def test_a_sum_of_a_posting_needs_a_word_for_pay() -> None:
    """In a posting, budgets that a person handles have the size of pay too."""
    data = '{"@type": "JobPosting", "title": "Clerk"}'
    page = (
        f'<title>Clerk</title><script type="application/ld+json">{data}</script>'
        "<h1>Clerk</h1><ul><li>Reconcile accounts over $250,000.</li></ul>"
        "<p>Salary: $41,000 to $52,000.</p>"
    )
    assert set(pay(page)) == {"$41,000 to $52,000"}


def test_more_than_the_other_sum_is_no_bound() -> None:
    """`$6,730 more than the $87,530`: a difference and a point."""
    text = "The median wage was $94,260, $6,730 more than the $87,530 of last year."
    found = {c["quote"]: c for c in claims(text, "page.txt")}
    assert found["$6,730"]["kind"] == "pay_delta_abs"
    assert found["$87,530"]["value"] == 87530


def test_a_table_with_heads_of_its_own_is_another_table() -> None:
    """Two pipe tables with a blank line between them are not one."""
    text = (
        "# Clerk pay\n\n| Level | Pay |\n|---|---|\n| Junior | $41,000 |\n\n"
        "| City | Median |\n|---|---|\n| Boise, ID | $52,000 |\n"
    )
    assert pay(text, "page.md")["$52,000"]["statistic"] == "median"


def test_a_bound_that_opens_a_sentence_stays_one() -> None:
    """`More than $90,000` is at least so much."""
    text = "More than $90,000 a year is what a senior electrician earns in Ohio."
    assert pay(text, "page.txt")["$90,000"]["low"] == 90000


def test_a_count_beside_employment_change_is_an_outlook() -> None:
    """Jobs that come or go, in a table of facts."""
    page = "<h1>Clerk</h1><table><tr><th>Employment Change, 2024-34</th>"
    found = claims(page + "<td>-3,100</td></tr></table>")
    assert [(c["kind"], c["direction"]) for c in found] == [("outlook", "down")]


def test_a_rank_stands_before_the_name_of_a_row() -> None:
    """`12 | Accountant | 52,400`: the row is the accountant's."""
    found = pay(table("Grade|Title|Minimum|Maximum", "12|Accountant|52,400|73,800"))
    assert found["52,400"]["occupation"] == "accountant"


def test_a_sum_for_another_span_has_the_statistic_of_the_first() -> None:
    """`That's $24.52 an hour` says the median again."""
    text = "Welders earned a median of $51,000 in May 2024. That's $24.52 an hour."
    assert pay(text, "page.txt")["$24.52"]["statistic"] == "median"


def test_a_question_about_cost_is_answered_with_costs() -> None:
    """Sums under it that nothing calls pay are not pay, whatever their size."""
    page = (
        "<title>Welder salary</title><h1>Welder salary</h1>"
        "<h2>How much does welding school cost?</h2><p>Between $15,000 and $25,000.</p>"
    )
    assert pay(page) == {}


def test_the_dollar_is_the_one_that_the_data_names() -> None:
    """A posting whose data says CAD means Canadian dollars in its text."""
    salary = '{"currency": "CAD", "value": {"minValue": 98000, "maxValue": 124000}}'
    data = f'{{"@type": "JobPosting", "title": "Clerk", "baseSalary": {salary}}}'
    page = f'<script type="application/ld+json">{data}</script><h1>Clerk</h1>'
    found = pay(page + "<p>Salary: $98,000 - $124,000 a year.</p>")
    assert found["$98,000 - $124,000"]["currency"] == "CAD"


def test_a_cell_without_signs_can_hold_a_range() -> None:
    """`18,000 – 22,000` under a head of pay is one figure."""
    found = pay(table("Job|Monthly salary (₹)", "Nurse|18,000 – 22,000"))
    assert found["18,000 – 22,000"]["high"] == 22000


def test_strokes_between_words_part_cells_in_plain_text() -> None:
    """Three lines with as many strokes are a table, with or without a rule."""
    text = (
        "Clerk pay by state\n\nState | Hourly mean | Annual mean\n"
        "Ohio | $19.10 | $39,730\nUtah | $20.40 | $42,430\n"
    )
    assert pay(text, "page.txt")["$42,430"]["statistic"] == "mean"


@pytest.mark.parametrize(
    "row", ["five thousand|dollars a year", "thousand|Lei 99", "48|and 56 thousand"]
)
def test_a_figure_never_goes_over_the_edge_of_a_cell(row: str) -> None:
    """A numeral, a name of money and a scale word are of the cell they stand in."""
    page = table("Pay|Salary a year", row)
    text = read(page.encode(), "text/html", where="page.html").text
    for claim in claims(page):
        assert "\t" not in claim["quote"]
        assert claim["quote"] in text
        assert claim["value"] != 48_000


def test_a_mark_between_words_and_digits_is_of_the_digits() -> None:
    """No figure in words takes it, so that the digits are lost."""
    (found,) = pay("<p>A clerk is paid one thousand Lei 990 a month.</p>")
    assert found == "Lei 990"
