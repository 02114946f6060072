"""Extract: sums that have the size of pay, and are prices, parts or made up."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
PAY = ("pay_level", "pay_delta_abs", "pay_delta_rel", "bonus", "outlook")
FILLER = "People come to the trade from many sides and stay in it for long. " * 5


@pytest.fixture(scope="module", name="words")
def fixture_words() -> Vocabulary:
    """The vocabularies of the repository."""
    return open_vocabulary(ROOT / "vocabularies")


def paid(words: Vocabulary, text: str, media: str = "text/markdown") -> list[str]:
    """Quotes that come out as pay, of a passage on a page about glaziers."""
    page = f"# The glazier's day\n\n{FILLER}\n\n{text}\n"
    document = read(page.encode(), media, where="x.md")
    out = extract(document, words, source="x", snapshot="0" * 12).claims
    return [r["quote"] for r in out.iter_rows(named=True) if r["kind"] in PAY]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "He bought me a $14 sandwich and told me all about it.",
        "A pane from the old mill was $12,500.",
        "On $2,400 of jobs a week a 55% glazier keeps $1,320.",
        "Out-of-town glaziers get $95 a day for meals and lodging.",
        "The van is worth $38,000.",
        "Vol. 42, No. 3 costs less than it did: $6.50 everywhere.",
        "If you borrow $30,000 and your pay is $60,000, the rule says yes.",
        "On a salary page they call it a six-figure trade.",
        "Imagine you take three such jobs a week. That is $3,400 gross, every week.",
        "The biggest firm earned 12 percent on its sales.",
        "The industry takes in $5.8 billion and is growing 4.1% a year.",
        "Applications fell by 8% while vacancies were up 15%.",
        "The hospital gives 80% of the premium for family coverage.",
        "Customers in London pay £60 to £90 an hour.",
        "A service call is $89 to $150 before anyone picks up a wrench.",
        "One posting promised $90 an hour; it was a scam.",
        "At 6.5% over ten years that is $250 a month, or 5% of a first paycheck.",
    ],
)
def test_a_sum_that_has_only_the_size_of_pay_is_none(
    words: Vocabulary, text: str
) -> None:
    """Prices, parts, expenses, made-up sums and an industry's growth."""
    assert paid(words, text) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("A glazier in Ohio was offered $62,500.", "$62,500"),
        ("Apprentices start at $24.65 after the $640 course.", "$24.65"),
        ("Agencies post $2,294 a week for travel nurses.", "$2,294"),
        ("That is a $60,000 salary in a good year.", "$60,000"),
        ("Most of them earn a six-figure salary.", "six-figure"),
        ("If you hold the ticket, expect $31.50 an hour.", "$31.50"),
        ("Imagine that. The median glazier earned $51,000.", "$51,000"),
    ],
)
def test_a_sum_that_somebody_is_paid_stays_pay(
    words: Vocabulary, text: str, quote: str
) -> None:
    """The same forms, with a person, a verb of pay or a statistic."""
    assert paid(words, text) == [quote]


def test_an_account_of_takings_and_outgo_holds_no_pay(words: Vocabulary) -> None:
    """Rows of rent and tax make the table an account; a row of pay stays pay."""
    heads = "| 2024 | Amount |\n|---|---|\n| Windows | $97,020 |\n"
    rows = "| Van insurance | -$4,260 |\n| Shop rent | -$11,700 |\n| My pay | $61,000 |"
    assert paid(words, heads + rows) == ["$61,000"]


def test_a_list_with_sums_that_no_pay_has_is_no_list_of_pay(words: Vocabulary) -> None:
    """$550 is neither an hour's nor a year's: the $180 beside it is none either."""
    heading = "## Salary and start\n\nWhat is needed:\n\n"
    tools = "- Suction lifter: $180\n- Glass saw: $550\n- Cutter: $24"
    assert paid(words, heading + tools) == []
    places = "- Akron: $18.50\n- Parma: $24\n- Lorain: $31"
    assert paid(words, heading + places) == ["$18.50", "$24", "$31"]


def test_a_slider_of_a_calculator_is_no_pay(words: Vocabulary) -> None:
    """The settings of a page's own tools name no figure that anybody published."""
    state = '{"salaryCalculator":{"min":15000,"max":250000},"salary":{"median":51000}}'
    script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    page = f"<html><body><h1>Glazier pay</h1>{script}</body></html>"
    document = read(page.encode(), "text/html", where="x.html")
    out = extract(document, words, source="x", snapshot="0" * 12).claims
    assert out["quote"].to_list() == ["51000"]
