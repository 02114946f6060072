"""Sums that are pay by their size and place, and sums like them that are not."""

import pytest

from tests.test_extract_tables import claims


def kinds(text: str, name: str = "page.md") -> str:
    """`quote kind` of each claim that is not set aside, in text order."""
    return "; ".join(f"{c['quote']} {c['kind']}" for c in claims(text, name))


NAMED = [
    # A heading, or a lead-in, names the span; a list gives the sums.
    ("# Pay in the town\n\n## Monthly rates\n\n- Cook: €2,100\n- Baker: €2,450\n",
     "€2,100 pay_level; €2,450 pay_level"),
    ("# Wage scales\n\n## Porter (weekly)\n\n€547.10 – 561.90 – 583.40\n",
     "€547.10 pay_level; 561.90 pay_level; 583.40 pay_level"),
    ("# What it pays\n\nDaily rates:\n\n- Cook: $210\n- Baker: $245\n",
     "$210 pay_level; $245 pay_level"),
    # Too little for the span, or of something else, or in a sentence of its own.
    ("# Pay in the town\n\n## Monthly rates\n\n- Cook: €210\n- Baker: €240\n", ""),
    ("# Pay in the town\n\n## Monthly rent\n\n- North: €2,100\n- South: €2,450\n",
     "€2,100 cost; €2,450 cost"),
    ("# Harbour depths\n\n## Monthly sums\n\n- North: €2,100\n- South: €2,450\n", ""),
    ("# Pay in the town\n\n## Daily rates\n\nA visit with all that goes with it is "
     "listed at $212, and that is what most people ask for.\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), NAMED)
def test_a_sum_fits_the_span_that_its_heading_names(text: str, found: str) -> None:
    """Thousands a month and hundreds a week are pay where they are said to be."""
    assert kinds(text) == found


FLOOR = "The minimum wage is $14.20 an hour, and $12 for learners. Bakers earn $19."


def test_the_laws_floor_is_pay_on_a_page_about_it_alone() -> None:
    """On a page about a job it is a comparison."""
    about = kinds(f"# The new minimum wage\n\nNews of today.\n\n{FLOOR}\n")
    assert about == "$14.20 pay_level; $12 pay_level; $19 pay_level"
    assert kinds(f"# Baker pay\n\n{FLOOR}\n").startswith("$14.20 other; ")


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("Minimum wage goes up", "$14.20 pay_level; $12 pay_level; $19 pay_level"),
        ("Minimum wage goes up " * 6, "$14.20 other; $12 other; $19 pay_level"),
    ],
)
def test_a_short_line_at_the_top_says_what_a_text_is_about(
    first: str, found: str
) -> None:
    """A long one is its first paragraph."""
    rest = "Shops have their say on it. " * 2
    assert kinds(f"{first}.\n\n{rest}\n\n{FLOOR}\n", "page.txt") == found


TAILS = [
    ("The top ten percent of bakers can earn as high as $76,000 a year.", 76000, "p90"),
    ("The bottom ten percent of bakers earn as much as $31,000 a year.", 31000, "p10"),
    ("The lowest 10 percent of bakers made up to $31,000 a year.", 31000, "p10"),
]


@pytest.mark.parametrize(("text", "value", "statistic"), TAILS)
def test_a_bound_behind_a_tenth_is_where_it_begins(
    text: str, value: int, statistic: str
) -> None:
    """And no open end."""
    (found,) = claims(f"# Baker pay\n\n{text}\n", "page.md")
    assert (found["value"], found["high"]) == (value, None)
    assert found["statistic"] == statistic


def test_a_bound_of_another_figure_stays_open() -> None:
    """The tenth is that of the figure before it."""
    text = "The top ten percent of bakers earn $76,000, some as high as $99,000 a year."
    found = claims(f"# Baker pay\n\n{text}\n", "page.md")
    assert [(c["value"], c["high"]) for c in found] == [(76000, None), (None, 99000)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The highest salary is that of bakers (58K – 72K).", "58K – 72K pay_level"),
        ("Salaries of cooks are put at 53k in Ohio.", "53k pay_level"),
        ("Les salaires sont autour de 53k en France.", "53k pay_level"),
        # Things that are counted, another subject, no word of pay.
        ("The highest salary is read by 58K people.", ""),
        ("Salaries and rents were looked up by 53k of them.", ""),
        ("The shop has a list of 53k.", ""),
    ],
)
def test_a_bare_count_of_thousands_is_pay_behind_a_word_for_it(
    sentence: str, found: str
) -> None:
    """On a page about pay, where nothing behind it is counted."""
    assert kinds(f"# Salary of bakers\n\n{sentence}\n") == found
