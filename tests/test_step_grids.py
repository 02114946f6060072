"""Grids of steps: which columns are pay, and what a step stands for."""

import pytest
from claims_of_text import read_claims


def list_pay(text: str) -> list[str]:
    """`amount/period` of each figure of pay."""
    return [
        f"{c['quote']}/{c['period']}"
        for c in read_claims(text)
        if c["kind"] == "pay_level"
    ]


GRID = "# Ferry crews' pay\n\n## Steps\n\n{lead}\n\n| Job | {a} | {b} |\n|---|---|---|\n| Deck hand | 21.40 | 23.15 |\n| Bosun | 29.05 | 31.60 |\n"  # noqa: E501


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Step 1 (start)", "Step 2 (18 months)"),
        ("Step 1", "Step 1 from April 2025"),
        ("Lane A", "Lane B"),
        ("Band 2 maximum", "Band 3 maximum"),
    ],
)
def test_a_head_that_only_numbers_its_step_is_over_pay(first: str, second: str) -> None:
    """Behind the number stands when the step is reached, or whose end it is."""
    text = GRID.format(lead="Rates are dollars per hour.", a=first, b=second)
    assert list_pay(text) == ["21.40/hour", "23.15/hour", "29.05/hour", "31.60/hour"]


def test_a_head_that_counts_something_else_is_over_no_pay() -> None:
    """`Step 1 crews` counts crews, in a table of pay too."""
    text = GRID.format(
        lead="Rates are dollars per hour.", a="Step 1 crews", b="Step 2 crews"
    )
    assert list_pay(text) == []


def test_a_grid_is_of_pay_by_the_span_said_over_it() -> None:
    """On a page about pay a grid needs a span of time, and no word for pay."""
    spoken = GRID.format(lead="All of it is dollars per hour.", a="Step A", b="Step B")
    silent = GRID.format(lead="All of it is as agreed.", a="Step A", b="Step B")
    assert len(list_pay(spoken)) == 4
    assert list_pay(silent.replace("# Ferry crews' pay", "# Ferry crews")) == []


SCHEDULE = "# Teachers' salary schedule\n\nAll amounts are dollars a year. {said}\n\n| {head} | BA | MA |\n|---|---|---|\n| 0 | 41,300 | 44,900 |\n| 6 | 47,150 | 51,240 |\n"  # noqa: E501


@pytest.mark.parametrize(
    ("said", "head", "years"),
    [
        ("A step means one full year or more years of service.", "Step", [0, 0, 6, 6]),
        ("Steps are years of experience credited.", "Step", [0, 0, 6, 6]),
        ("Steps are agreed every spring.", "Step", [None] * 4),
        ("Steps are years of experience credited.", "Column", [0, 0, 6, 6]),
        ("Steps are years of experience credited.", "Room", [None] * 4),
    ],
)
def test_steps_are_years_where_a_line_over_them_says_so(
    said: str, head: str, years: list[float | None]
) -> None:
    """A column of steps, and of nothing else, gives years where a line defines them."""
    claims = read_claims(SCHEDULE.format(said=said, head=head))
    assert [c["experience_min"] for c in claims] == years
    assert [c["statistic"] for c in claims] == ["unspecified"] * 4


def test_a_word_that_explains_is_no_mean() -> None:
    """`means` before what is explained names no statistic."""
    (claim,) = read_claims("A step means the pay of one year: $48,200 a year.\n")
    assert claim["statistic"] == "unspecified"
    (claim,) = read_claims("The mean pay of one year at a pier is $48,200 a year.\n")
    assert claim["statistic"] == "mean"
