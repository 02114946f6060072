"""What a figure is: pay, extra pay, a bonus, a cost or none, by a table of examples."""

import csv
from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
with (ROOT / "tests" / "kind_examples.csv").open(encoding="utf-8") as file:
    EXAMPLES = [row for row in csv.reader(file) if row][1:]


def tell_kinds(written: str) -> str:
    """Write each claim of a page as its kind and amount, in text order."""
    text = written.replace("\\n", "\n")
    document = read(text.encode(), "text/markdown", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12).claims
    told = []
    for row in found.sort("start").iter_rows(named=True):
        ends = [row[name] for name in ("value", "low", "high") if row[name] is not None]
        told.append(f"{row['kind']} {'..'.join(f'{float(end):g}' for end in ends)}")
    return "; ".join(told)


@pytest.mark.parametrize(("page", "expected"), EXAMPLES)
def test_a_page_gives_figures_of_their_kinds(page: str, expected: str):
    """Decided by clause, list, column and heading, and by no single word."""
    assert tell_kinds(page) == expected


def test_money_of_another_year_is_told_apart():
    """`In 2024 dollars` stays, unread, with the sums that it narrows, and no other."""
    page = (
        "# Nurse pay\n\n| Year | Median wage | In 2024 dollars |\n|---|---|---|\n"
        "| 2004 | $52,330 | $87,200 |\n"
    )
    document = read(page.encode(), "text/markdown", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12).claims
    unread = dict(zip(found["quote"].to_list(), found["unread"].to_list(), strict=True))
    assert "2024 dollars" in str(unread["$87,200"])
    assert "dollars" not in str(unread["$52,330"])


@pytest.mark.parametrize(
    ("grade", "kinds"), [("Band", "pay_level 33247..41424"), ("Line", "")]
)
def test_a_grade_is_somebody_whose_pay_it_is(grade: str, kinds: str):
    """In running text a sum of the size of pay is nobody's until someone is named."""
    filler = "The trains of the north are old and slow, and few people take them. " * 6
    page = f"# Nurse pay\n\n{filler}\n\n{grade} 5 runs from £33,247 to £41,424 now.\n"
    assert tell_kinds(page) == kinds


def test_a_percent_of_something_else_is_no_raise_on_a_page_about_pay():
    """A sentence of running text must be about pay, or go on about it."""
    page = (
        "# Nurses\n\n## Pay\n\nNurses earn $61,000 a year.\n\n## News\n\n"
        "{} has increased 34%.\n"
    )
    assert tell_kinds(page.format("Labor organizing here")) == "pay_level 61000"
    told = "pay_level 61000; pay_delta_rel 34"
    assert tell_kinds(page.format("The median of nurses")) == told


def test_the_legal_minimum_is_the_pay_of_everybody_where_no_job_is_spoken_of():
    """On a page about a job it is what everybody must get, and nobody's pay."""
    filler = "The trains of the north are old and slow, and few people take them. " * 6
    page = f"{filler}\n\nThe minimum wage of the state has risen to $15 an hour.\n"
    assert tell_kinds(page) == "pay_level 15"
    assert tell_kinds(f"# What nurses earn\n\n{page}") == "other 15"


def test_a_rate_set_by_law_is_no_open_end():
    """`a wage of not less than $15` is the rate itself, on a page about the law."""
    page = (
        "# The minimum wage\n\nEmployers shall pay a wage of not less than $15 an hour."
    )
    document = read(page.encode(), "text/markdown", where="case")
    (row,) = extract(
        document, WORDS, source="case", snapshot="0" * 12
    ).claims.to_dicts()
    assert (row["value"], row["low"], row["statistic"]) == (15, None, "minimum")
