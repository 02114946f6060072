"""Extract: which occupation a page is about that no figure's sentence names."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
PAY = "The median salary is $61,000 a year.\n\n"


def read_occupations(page: str) -> list[str | None]:
    """Return the occupation of each claim of a page, in text order."""
    document = read(page.encode(), "text/markdown", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12).claims
    return list(found.sort("start")["occupation"])


@pytest.mark.parametrize(
    ("page", "occupation"),
    [
        ("# What welders earn\n\n" + PAY, "welder"),
        # a title, or a heading that is hardly more, names the trade
        ("# Is nursing worth it?\n\n" + PAY, "registered nurse"),
        ("# Side jobs\n\n## Tutoring\n\n" + PAY, "tutor"),
        ("# Side jobs\n\n## How tutoring became a trade of its own\n\n" + PAY, None),
        ("# Nursing and teaching\n\n" + PAY, None),
        # without one a page is about whom it speaks of, again and again
        (PAY + "Welders are few.\n\nWelders like fire.\n\nAsk a welder.\n", "welder"),
        (PAY + "Welders are few.\n\nAsk a welder.\n", None),
        (PAY + "Ask a welder.\n\nA welder, a baker.\n\nA welder, a cook.\n\nA baker."
         "\n\nA cook.\n\nA plumber.\n", None),
        ("# The minimum wage\n\nThe minimum wage is $15 an hour.\n\n"
         "Welders are few.\n\nWelders like fire.\n\nAsk a welder.\n", None),
    ],
)  # fmt: skip
def test_a_page_says_whom_it_is_about(page: str, occupation: str | None):
    """By its title, by a trade, or by the job that it hardly leaves."""
    assert read_occupations(page) == [occupation]
