"""Offices of a state as publishers, and witnesses told apart from those who earn."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def read_claim(text: str) -> dict[str, object]:
    """Return the one claim of a sentence."""
    document = read(text.encode(), "text/plain", where="page")
    found = extract(document, WORDS, source="page", snapshot="0" * 12).claims
    assert found.height == 1
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        (
            "According to the Colorado Department of Labor and Employment, nurses earn "
            "$50,000 a year.",
            "Colorado Department of Labor and Employment",
        ),
        (
            "Ohio's Department of Education says the average teacher makes $60,000.",
            "Ohio Department of Education",
        ),
        (
            "The tipped wage in Utah is $2.13 an hour (Utah Labor Commission).",
            "Utah Labor Commission",
        ),
        (
            "The Texas Workforce Commission puts the median pay of welders at $48,000.",
            "Texas Workforce Commission",
        ),
        (
            "Welders earn $48,000, the New York State Department of Labor reported.",
            "New York State Department of Labor",
        ),
        (
            "The U.S. Department of Labor reports that nurses earn $50,000 a year.",
            "U.S. Department of Labor",
        ),
        ("She works for the Ohio Department of Health and makes $70,000.", None),
        ("Pilots earn $103,000 on average, according to BALPA.",
         "British Airline Pilots Association"),
    ],
)  # fmt: skip
def test_an_office_of_a_state_is_not_the_nations(text: str, publisher: str | None):
    """What stands behind a place is that place's; an employer is no source."""
    assert read_claim(text)["attributed_to"] == publisher


@pytest.mark.parametrize(
    ("text", "occupation"),
    [
        ("Ohio says the average welder makes $60,000.", "welder"),
        ("He told reporters that nurses earn $50,000 a year.", "nurse"),
        ("Pay is $60,000 a year, according to economists at the bank.", None),
    ],
)
def test_whoever_earns_is_no_witness(text: str, occupation: str | None):
    """A saying before a job makes it a witness, unless the job earns something."""
    assert read_claim(text)["occupation"] == occupation


@pytest.mark.parametrize(
    ("text", "publishers"),
    [
        ("Nurses made $80,000 last year, Payscale reports, and doctors $200,000.",
         ["Payscale", "Payscale"]),
        ("Welders made $50,000 in 2023, the Bureau of Labor Statistics estimates.",
         ["BLS"]),
        ("Nurses made $80,000, and Payscale reports $81,000.", [None, "Payscale"]),
    ],
)  # fmt: skip
def test_a_source_that_is_put_in_speaks_of_what_is_before_it(
    text: str, publishers: list[str | None]
):
    """Between two commas it is of both sides; behind an `and`, of its own."""
    document = read(text.encode(), "text/plain", where="page")
    found = extract(document, WORDS, source="page", snapshot="0" * 12).claims
    assert found["attributed_to"].to_list() == publishers
