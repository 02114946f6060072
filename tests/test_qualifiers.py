"""Extract: words that narrow whom a figure is of are kept where none is understood."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from tests.reading import HTML, MARKDOWN, document

ROOT = Path(__file__).resolve().parents[1]
# A sentence with one figure, and what of it stays unread.
UNREAD = [
    ("Among night-shift crews, the median is {}.", "Among night-shift crews"),
    (
        "Among welders with their own truck, pay is {}.",
        "Among welders with their own truck",
    ),
    (
        "Welders at companies with more than 500 employees earn {}.",
        "at companies with more than 500 employees",
    ),
    (
        "Welders at firms with under 10 employees earn {}.",
        "at firms with under 10 employees",
    ),
    ("Welders earn {} at small companies.", "at small companies"),
    ("For those in management, the median is {}.", "For those in management"),
    ("Welders who speak Spanish earn {}.", "Welders who speak Spanish"),
    ("Women earn {}.", "Women"),
    ("Female welders make {}.", "Female welders"),
    ("Part-time welders earn {}.", "Part-time welders"),
    ("Seasonal workers earn {}.", "Seasonal workers"),
    ("Welders in rural areas earn {}.", "in rural areas"),
    ("Welders in large cities earn {}.", "in large cities"),
    ("Welders in the oil and gas industry earn {}.", "in the oil and gas industry"),
    ("Welders on the night shift earn {}.", "night shift"),
    (
        "Adjusted for cost of living, welders earn {}.",
        "Adjusted for cost of living",
    ),
    ("Welders aged 25 to 34 earn {}.", "aged 25 to 34"),
    ("Welders in Grantsville earn {}.", "in Grantsville"),
    ("Welders at Acme Corp earn {}.", "at Acme Corp"),
    # other fields say these, or they are of everybody
    ("Welders earn {}.", None),
    ("Among dental hygienists, the median is {}.", None),
    ("Among SLPs the median is {}.", None),
    ("Among all occupations, the median is {}.", None),
    ("Among the highest paid states is Utah with {}.", None),
    ("For those in Alaska, the median is {}.", None),
    ("AWS-certified welders earn {}.", None),
    ("Welders who hold a bachelor's degree earn {}.", None),
    ("Coders who work remotely earn {}.", None),
    ("Non-union welders earn {}.", None),
    ("In May 2024 welders earned {}.", None),
    ("Workers who responded earn {}.", None),
    ("Welders earn more than those who weld at night: {}.", None),
    ("Welders in full or part-time work earn {}.", None),
]
EMPLOYERS = [
    ("Non-union welders earn {}.", "non-union"),
    ("Union welders earn {}.", "union"),
    ("Self-employed welders earn {}.", "self-employed"),
    ("Contract welders earn {}.", "contract"),
    ("The contract sets pay of {}.", None),
    ("The German Federal Employment Agency says welders earn {}.", None),
    ("In school year 2020-21 the minimum teacher's salary is {}.", None),
    ("Pharmacy technicians earn {}.", None),
    ("Home health aides earn {}.", None),
    ("Pharmacists in hospitals earn {}.", "hospital"),
]


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    """The project's vocabularies, opened once."""
    return open_vocabulary(ROOT / "vocabularies")


def read_field(words: Vocabulary, text: str, name: str) -> list[object]:
    """A field of each claim of a text."""
    page = document(text, MARKDOWN)
    found = extract(page, words, source="page", snapshot="0" * 12)
    return found.claims[name].to_list()


@pytest.mark.parametrize(("text", "unread"), UNREAD)
def test_what_narrows_a_figure_is_kept(
    words: Vocabulary, text: str, unread: str | None
):
    """As written, where no field of the claim says it."""
    text = text.format("$51,000 a year")
    assert read_field(words, text, "unread") == [unread]


@pytest.mark.parametrize(("text", "employer"), EMPLOYERS)
def test_an_employer_is_no_part_of_another_name(
    words: Vocabulary, text: str, employer: str | None
):
    """Neither of a body's, nor of an official title, nor of a school year."""
    text = text.format("$51,000 a year")
    assert read_field(words, text, "employer_type") == [employer]


def test_each_figure_has_its_own_people(words: Vocabulary):
    """What follows a figure closely is its own, what stands before holds on."""
    text = (
        "It is $21 an hour for those aged 22 and above, and $18 an hour for those aged"
        " 18 to 21. Women earn $19 an hour and men earn $20 an hour."
    )
    assert read_field(words, text, "unread") == [
        "aged 22 and above",
        "aged 18 to 21",
        "Women",
        "men",
    ]


def test_a_row_of_women_is_not_of_everybody(words: Vocabulary):
    """A row's head narrows its figures as a sentence does."""
    rows = (
        "<tr><td>Women</td><td>$51,000</td></tr><tr><td>All</td><td>$52,000</td></tr>"
    )
    table = f"<table><tr><th>Who</th><th>Average salary</th></tr>{rows}</table>"
    found = extract(document(table, HTML), words, source="page", snapshot="0" * 12)
    assert found.claims["unread"].to_list() == ["Women", None]


def test_an_official_title_holds_no_specialty(words: Vocabulary):
    """Physicians in emergency medicine have a code of their own."""
    text = "Emergency medicine physicians earn $320,700 a year."
    assert read_field(words, text, "specialty") == [None]
