"""Two finders of amounts that share no pattern: each names what the other misses."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.cli import claims_command
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import Extraction, extract, find_lost_figures, measure_coverage
from pipeline.extract.account import find_unaccounted
from pipeline.query.check import ExtractedPage
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = open_vocabulary(ROOT / "vocabularies")


def see(text: str) -> list[str]:
    """What the second finder sees in a text of which nothing is accounted for."""
    document = read(text.encode(), "text/plain", where="case")
    return [said for *_, said in find_unaccounted(document, VOCABULARY, ())]


def take(text: str) -> tuple[Extraction, list[str]]:
    """A text's extraction, and what the second finder says was lost."""
    document = read(text.encode(), "text/plain", where="case")
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    return found, [said for *_, said in find_lost_figures(found, document, VOCABULARY)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("It is $5 today.", ["5"]),
        ("It is $ 52,600.50 today.", ["52,600.50"]),
        ("It is **$**52,600 today.", ["52,600"]),
        ("It is 52 600 € today.", ["52 600"]),
        ("In 2024 500 € came.", ["500"]),
        ("It is 1'200.- CHF today.", ["1'200"]),
        ("It is EUR52.000 today.", ["52.000"]),
        ("It is USD: 50,000 today.", ["50,000"]),
        ("It is (USD) 50,000 today.", ["50,000"]),
        ("It is 50,000-USD today.", ["50,000"]),
        ("It is 5 US dollars today.", ["5"]),
        ("It is 5 million yen today.", ["5"]),
        ("It is 3 000 CFA today.", ["3 000"]),
        ("It is ＄５２，０００ today.", ["５２，０００"]),
        ("It is 52000 \u20c0 today.", ["52000"]),
        ("It is R480,000 today.", ["480,000"]),
        ("See form R 12 today.", []),
        ("It is 58K today.", ["58"]),
        ("It is 5 per cent today.", ["5"]),
        ("It is 5-percent today.", ["5"]),
        ("It is 5 Prozent today.", ["5"]),
        ("It is 5 pour cent today.", ["5"]),
        ("It is 5 por ciento today.", ["5"]),
        ("It is 3％ today.", ["3"]),
        ("It is %50 today.", ["50"]),
        ("It is at /a%20b and /5%A9.", []),
        ("It is fifty dollars today.", ["fifty"]),
        ("It is sixty thousand today.", ["sixty"]),
        ("It is 40,000-50,000 USD today.", ["40,000", "50,000"]),
        ("It is $40 – $50 today.", ["40", "50"]),
        ("It is $40 – 50 today.", ["40", "50"]),
        ("It is $40 - 3 years today.", ["40"]),
        ("It is $4,000 - 2024 today.", ["4,000"]),
        ("Level 5 $20", ["20"]),
        ("It is 5€ 3 days.", ["5"]),
        ("There were 3 people in 2024 at 10:30.", []),
        ("### 10. Dollar stores", []),
    ],
)
def test_the_second_finder_sees_every_number_beside_a_mark(text, seen):
    """It is dumb: it has the full lists, and knows no kind and no context."""
    assert see(text) == seen


def test_a_figure_cut_short_is_lost():
    """One end of a range, or half of a number, is no account of the whole."""
    document = read(b"Pay is $40,000-50,000 here.", "text/plain", where="case")
    for spans, lost in (
        ([(7, 21)], []),
        ([(7, 14)], ["50,000"]),
        ([(7, 10)], ["40,000", "50,000"]),
        ([(15, 21)], ["40,000"]),
        ([(7, 14), (15, 21)], []),
    ):
        found = find_unaccounted(document, VOCABULARY, spans)
        assert [said for *_, said in found] == lost, spans


def test_one_mark_between_two_numbers_is_of_either():
    """`50,000 USD 2024` has one sum; which is for the first finder to say."""
    document = read(b"It was 50,000 USD 2024 here.", "text/plain", where="case")
    assert find_unaccounted(document, VOCABULARY, [(7, 17)]) == []
    assert find_unaccounted(document, VOCABULARY, [(14, 22)]) == []
    both = find_unaccounted(document, VOCABULARY, [])
    assert [said for *_, said in both] == ["50,000", "2024"]


def test_a_number_does_not_go_on_into_the_next_cell():
    """Cells that lost the blank between them: each is its own number."""
    page = "<table><tr><td>$41</td><td>85</td></tr><tr><td>EUR</td><td>7</td></tr>"
    document = read(page.encode(), "text/html", where="case")
    found = find_unaccounted(document, VOCABULARY, ())
    assert [said for *_, said in found] == ["41"]


@pytest.mark.parametrize(
    ("text", "quote", "reason"),
    [
        ("Nurses won: (USD) 50,000 it was.", "50,000", "mark_not_read"),
        ("The study had 240,000 CRC members.", "240,000", "mark_is_a_word"),
        ("ALL 240,000 members came.", "240,000", "mark_is_a_word"),
        ("The aide lifts up to 50 pounds.", "50", "mark_is_a_word"),
        ("There are 3 million people.", "3 million", "count_without_mark"),
        ("It has 128K of memory.", "128K", "count_without_mark"),
        ("See https://x.org/up-by-5-percent.html.", "5", "in_an_address"),
        ("The column Tp10% stands there.", "10", "glued_to_a_word"),
        ("Nobody left for fifty cents more of it.", "fifty cents", "in_words_not_read"),
        ("Coders at sixty thousand.", "sixty thousand", "in_words_not_read"),
        ("Pay is twenty-\n7 two thousand.", "twenty-\n7 two thousand",
         "in_words_not_read"),
    ],
)  # fmt: skip
def test_what_a_mark_stands_beside_is_set_aside_with_a_reason(
    text, quote, reason, monkeypatch
):
    """And with the rule that says so turned off the second finder names it."""
    found, lost = take(text)
    assert (quote, reason) in found.set_aside.select("quote", "reason").rows()
    assert lost == []
    monkeypatch.setattr(
        "pipeline.extract.extraction.set_idle_marks_aside", lambda *_: ()
    )
    _, lost = take(text)
    assert lost


def test_a_reason_that_is_not_given_is_named(monkeypatch):
    """Every other way of setting aside is checked alike."""
    text = "Welders earn $50,000. Enroll now, save $300. The exam is $99, 5% off."
    found, lost = take(text)
    assert lost == []
    document = read(text.encode(), "text/plain", where="case")
    for at in range(found.set_aside.height):
        kept = found.set_aside.filter(pl.int_range(pl.len()) != at)
        less = Extraction(found.claims, kept)
        dropped = found.set_aside["quote"][at]
        named = [said for *_, said in find_lost_figures(less, document, VOCABULARY)]
        assert [said in dropped for said in named] == [True]


def test_what_was_passed_over_is_counted_and_printed(capsys, monkeypatch):
    """In the line under the claims, and one by one on request."""
    monkeypatch.setattr(
        "pipeline.extract.extraction.set_idle_marks_aside", lambda *_: ()
    )
    text = "Welders earn $50,000 a year. Nurses have (USD) 60,000 and 70,000-USD."
    document = read(text.encode(), "text/plain", where="case")
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    coverage = measure_coverage(found, document, VOCABULARY)
    assert len(coverage.passed_over) == 2
    page = ExtractedPage(Path("page.txt"), "0" * 64, document, found)
    claims_command.print_claims(page, coverage, everything=False)
    short = capsys.readouterr().out
    assert "2 amounts passed over" in short
    assert "60,000" not in short
    claims_command.print_claims(page, coverage, everything=True)
    assert "60,000" in capsys.readouterr().out
