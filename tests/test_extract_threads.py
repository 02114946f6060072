"""What a line says for the next ones, and names that go on over the end of a line."""

import pytest
from claims_of_text import read_field


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Tulsa, Oklahoma. Pipe fitter, six years. $31 an hour.", ["Tulsa, OK"]),
        (
            "I'm a pipe fitter in Dover, DE, on $33 an hour. Got $30.75 last year.",
            ["Dover, DE", "Dover, DE"],
        ),
        ("Current Oregon license. Night pay of $31 an hour for pipe fitters.", [None]),
        (
            "The plant in Dover, DE pays $33 an hour. Got $30.75 elsewhere.",
            ["Dover, DE", None],
        ),
    ],
)
def test_who_says_where_they_are_is_there_in_the_next_line(
    text: str, places: list[str | None]
) -> None:
    """A place alone, or the writer's own, holds on; one of others does not."""
    assert read_field(text, "area", "text/plain") == places


def test_a_nation_less_a_city_is_one_place() -> None:
    """`Scotland outside Glasgow` is neither the nation nor what is outside it."""
    text = "<table><caption>Pay, pounds a year</caption><tr><th>Job</th><th>Scotland outside Glasgow</th><th>Inner London</th></tr><tr><td>Joiner</td><td>£29,300</td><td>£36,150</td></tr></table>"  # noqa: E501
    places = read_field(text, "area", "text/html")
    assert places == ["Scotland outside Glasgow", "Inner London"]


def test_the_name_of_an_office_goes_on_in_the_next_line() -> None:
    """A full line that ends inside a name does not cut it."""
    text = (
        "Joiners did well in spring, as they had all winter, at least in town,\n"
        "and nobody who asked had to wait for work. The Utah Department of Work\n"
        "and Family Services reports a median wage of $24.10 an hour for them.\n"
        "It asked the shops in April, and will ask them all again in the fall."
    )
    name = "Utah Department of Work and Family Services"
    assert read_field(text, "attributed_to", "text/plain") == [name]


def test_a_place_and_a_figure_go_on_about_the_same_source() -> None:
    """`Utah: $29.15.` is of whoever was credited in the sentence before."""
    text = (
        "The Bureau of Labor Statistics gives joiners a mean of $27.40 an hour in Ohio."
        " Utah: $29.15. Our own shop went and paid $31 an hour."
    )
    assert read_field(text, "attributed_to", "text/plain") == ["BLS", "BLS", None]


def test_a_bureau_that_projects_is_the_one_named_before() -> None:
    """What an office expects is credited to it as what it reports is."""
    text = (
        "Figures from the U.S. Bureau of Labor Statistics show a median of $46,260 for"
        " joiners in May 2021. The Bureau projects job growth of 7 percent from 2021 to"
        " 2031."
    )
    assert read_field(text, "attributed_to", "text/plain") == ["BLS", "BLS"]


def test_a_head_may_say_which_share_earns_less() -> None:
    """`Three in four earn less than` over a column is its 75th percentile."""
    rows = "<tr><th>Job</th><th>Half earn more than</th><th>Three in four earn less than</th></tr><tr><td>Joiner</td><td>$24.60</td><td>$29.75</td></tr>"  # noqa: E501
    text = f"<h1>Hourly pay</h1><table>{rows}</table>"
    assert read_field(text, "statistic", "text/html") == ["median", "p75"]


def test_a_week_of_so_many_hours_is_a_week() -> None:
    """`Per 38-hour week` is no word for hours."""
    text = "<h1>Pay of joiners</h1><table><tr><th>Level</th><th>Per hour</th><th>Per 38-hour week</th></tr><tr><td>Level 1</td><td>$26.50</td><td>$1,007.00</td></tr></table>"  # noqa: E501
    assert read_field(text, "period", "text/html") == ["hour", "week"]


def test_a_job_under_additions_to_pay_is_paid_its_rate() -> None:
    """What is added to an hour is less than what a job is paid for one."""
    text = (
        "## Additions to pay\n\n- Night shift: $0.90 an hour\n"
        "- Lifeguards: $14.50 an hour\n"
    )
    kinds = read_field(text, "kind")
    assert kinds == ["pay_delta_abs", "pay_level"]


def test_a_nation_that_pays_in_euros_is_not_the_united_states() -> None:
    """`Nationwide` over euros is of a nation that the page has to name."""
    text = "# Guide\n\n## Day rates, nationwide\n\n- Joiner: €310 – €370 a day\n"
    assert read_field(text, "area") == [None]


def test_a_site_that_gathers_rates_is_who_tells_them() -> None:
    """`X collects the hourly rate of all posts` credits the section's figures to X."""
    text = (
        "## A good rate?\n\nPlankwise collects the hourly rate from every post that"
        " we get.\n\n| Job | Median |\n|---|---|\n| Joiner | $24.60 |\n"
        "| Roofer | $26.10 |\n"
    )
    assert read_field(text, "attributed_to") == ["Plankwise"] * 2


def test_a_share_who_had_a_bonus_leaves_its_sum_a_bonus() -> None:
    """The sum behind `had a bonus` is no pay, though it is an average."""
    text = (
        "We asked joiners about pay. 46% had a bonus last year. The average was $870."
    )
    assert "bonus" in read_field(text, "kind", "text/plain")


def test_a_bonus_beside_the_base_is_a_bonus() -> None:
    """The sentence's own word is heard before the head over it."""
    text = "## On top of base pay\n\n- One shop in three pays a bonus of $750.\n"
    assert read_field(text, "kind") == ["bonus"]
