"""Extract: what a page says once of all its figures, or of those of one part."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def read_claims(page: str, media_type: str = "text/markdown") -> list[dict[str, Any]]:
    """Return the claims of a page, in text order."""
    document = read(page.encode(), media_type, where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12).claims
    return found.sort("start").to_dicts()


@pytest.mark.parametrize(
    ("declared", "publisher"),
    [
        ("Unless we say otherwise, amounts are yearly pay from the 2024 Bramble Hill"
         " wage book.", "Bramble Hill"),
        ("Unless a box names another, pay comes from the Glaziers' Crew Council's"
         " contract tracker.", "Glaziers' Crew Council"),
        ("Pay on this page comes from the Crew Pay Council's contract tracker.",
         "Crew Pay Council"),
        ("All figures are the Bureau of Labor Statistics' for May 2022.", "BLS"),
        ("All amounts: Bureau of Labor Statistics, May 2022.", "BLS"),
        # said of another thing than the pay, or of nobody
        ("Our photographs are from the Bramble Hill wage book.", None),
        ("Amounts are rounded to the dollar.", None),
    ],
)  # fmt: skip
def test_a_publisher_named_once_is_that_of_all_figures(
    declared: str, publisher: str | None
):
    """Also where a vocabulary does not hold its name."""
    page = f"# Glaziers\n\n{declared}\n\n## Pay\n\nGlaziers earn $51,000 a year.\n"
    assert read_claims(page)[-1]["attributed_to"] == publisher


def test_a_source_of_one_section_is_not_that_of_the_next():
    """`Figures in this section are X's` ends with the section."""
    page = (
        "# Glaziers\n\n## The nation\n\nFigures in this section are the Bureau of Labor"
        " Statistics' for May 2022. There are many glaziers.\n\nGlaziers earn $51,000"
        " a year.\n\n## Our school\n\nGlaziers of ours earn $39,000 a year.\n"
    )
    assert [c["attributed_to"] for c in read_claims(page)] == ["BLS", None]


def test_a_caption_that_says_same_source_means_the_one_last_named():
    """The table is of whom the paragraph before it credits."""
    table = "| State | Pay |\n|---|---|\n| Ohio | $48,000 |\n"
    text = "# Glaziers\n\nAccording to Payscale glaziers earn $51,000 a year.\n\n"
    same = read_claims(f"{text}Yearly pay by state, same source:\n\n{table}")
    assert [c["attributed_to"] for c in same] == ["Payscale", "Payscale"]


@pytest.mark.parametrize(
    ("sentence", "publisher"),
    [
        ("The job board GlassJobs had the median of glaziers at $21 an hour.",
         "GlassJobs"),
        ("The Glaziers Institute of the Plains asked 900 of its members, whose median"
         " was $51,000.", "Glaziers Institute of the Plains"),
        ("A glazier earns $51,000 a year, says Pane Recruiters.", "Pane Recruiters"),
        ("A glazier earns $51,000 a year, says Maria Pane.", None),
        ("Maria Pane asked a friend, and a glazier earns $51,000 a year.", None),
        ("The 2024 Bramble pay book puts glaziers at $51,000 a year.", "Bramble"),
    ],
)  # fmt: skip
def test_a_publisher_is_told_by_what_it_is_and_by_what_it_did(
    sentence: str, publisher: str | None
):
    """A person is none."""
    assert [c["attributed_to"] for c in read_claims(sentence)] == [publisher]


@pytest.mark.parametrize(
    ("sentence", "statistic"),
    [
        ("The person in the middle is paid $51,000 a year.", "median"),
        ("The middle wage of glaziers is $21 an hour.", "median"),
        ("In the middle of the year glaziers are paid $51,000.", "unspecified"),
    ],
)
def test_whoever_is_in_the_middle_earns_the_median(sentence: str, statistic: str):
    """In the middle of a year nobody is."""
    assert [c["statistic"] for c in read_claims(sentence)] == [statistic]


def test_a_table_in_thousands_is_typed_by_what_its_lead_in_says():
    """Small bare numbers are pay where they are thousands, and counts where not."""
    head = "| Role | North | South | Entries |\n|---|---|---|---|\n"
    table = f"{head}| Glazier | 51 | 47 | 1,920 |\n"
    lead = (
        "These are medians of base pay, no stock, in thousands of dollars a year.\n\n"
    )
    found = read_claims(f"## Pay\n\n{lead}{table}")
    assert [(c["value"], c["statistic"]) for c in found] == [
        (51_000.0, "median"), (47_000.0, "median"),
    ]  # fmt: skip
    lead = "These are medians of base pay, no stock, in dollars a year.\n\n"
    assert read_claims(f"## Pay\n\n{lead}{table}") == []


def test_bare_percents_under_a_change_are_changes_of_pay_beside_pay_alone():
    """`Change (%)` over numbers without a sign."""
    rows = "| Wales | 598.10 | 6.4 | 904 |\n| London | 771.10 | 7.2 | 340 |\n"
    head = "| Area | {} (£) | Change (%) | Jobs |\n|---|---|---|---|\n"
    title = "## {}\n\n{}:\n\n"
    pay = title.format("Weekly pay", "Median weekly pay") + head.format("Pay") + rows
    found = [c for c in read_claims(pay) if c["kind"] == "pay_delta_rel"]
    assert [c["value"] for c in found] == [Decimal("6.4"), Decimal("7.2")]
    rent = title.format("Rents", "Rents of flats") + head.format("Rent") + rows
    assert read_claims(rent) == []


def test_a_legend_says_what_the_columns_of_a_table_without_heads_are():
    """`low / median / high` over three sums; over two it says nothing of them."""
    rows = (
        "Glazier        18.15   22.00   25.40",
        "Roofer         17.60   29.35   32.10",
    )
    table = "".join(f"    {row}\n" for row in rows)
    lead = "Hello all,\n\n2) By job (low / median / high, per hour)\n\n"
    found = read_claims(lead + table, "text/plain")
    assert [c["statistic"] for c in found] == ["minimum", "median", "maximum"] * 2
    assert {c["period"] for c in found} == {"hour"}
    two = "Hello all,\n\n2) By job (low / high, per hour)\n\n"
    assert read_claims(two + table, "text/plain") == []


def test_a_card_is_credited_by_the_second_line_of_its_label():
    """A figure alone in its box, and below what it is, whose and when."""
    card = (
        "<div><div>$51,000</div><p>Median yearly pay of glaziers, setters and other"
        " workers<br><small>{}</small></p></div>"
    )
    bls = card.format("U.S. Bureau of Labor Statistics, May 2023")
    (found,) = read_claims(f"<h1>Pay</h1>{bls}", "text/html")
    assert (found["attributed_to"], found["statistic"]) == ("BLS", "median")


def test_a_tax_year_is_no_tax():
    """The year in which pay is counted costs nothing."""
    page = "Glaziers earned a median of £28,940 in the tax year ended April 2023."
    assert [c["kind"] for c in read_claims(page)] == ["pay_level"]
