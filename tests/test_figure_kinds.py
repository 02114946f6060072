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
