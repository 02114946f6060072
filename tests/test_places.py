"""Extract: which places a line names, and whose place each figure's is."""

import csv
from pathlib import Path

import pytest

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from pipeline.extract.area_mentions import find_areas
from pipeline.extract.gazetteer import get_gazetteer
from pipeline.extract.tagged_lines import tag_line
from pipeline.normalise.area import load_known_areas, make_area_key
from tests.reading import HTML, MARKDOWN, document

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = list(
    csv.reader(
        (ROOT / "tests" / "place_examples.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1:]
    )
)
# A page, and the place of each of its figures.
PAGES = [
    ("In Ohio, welders earn $51,000 a year and in Utah $52,000.", ["Ohio", "Utah"]),
    ("Reno, NV $51,000 a year Tulsa, OK $52,000", ["Reno, NV", "Tulsa, OK"]),
    ("Welders earn $51,000 a year in Ohio and $52,000 in Utah.", ["Ohio", "Utah"]),
    (
        "In Texas, Ohio and Utah, welders earn $51,000 a year.",
        ["Texas; Ohio; Utah"],
    ),
    (
        "In Ohio, Utah and Iowa welders earn $51,000, $52,000 and $53,000 a year"
        " respectively.",
        ["Ohio", "Utah", "Iowa"],
    ),
    (
        "The Great Lakes region, which includes Ohio, Michigan and Illinois, pays"
        " welders $51,000 a year.",
        ["Great Lakes"],
    ),
    (
        "## Vermont\n\nThe state has the highest salary in the country at $56,900 a"
        " year.",
        ["Vermont"],
    ),
    ("Welders nationwide earn $56,900 a year.", ["US"]),
    (
        "Welders earn $51,000 a year, the highest salary in the country.",
        ["US"],
    ),
    ("## Welders in San Joaquin County\n\nPay: $51,000 a year", ["San Joaquin County"]),
    (
        "# Pay in Columbus\n\nThe typical American welder earns $51,000 a year.",
        ["US"],
    ),
    ("Welders earn 39 000 € a year (35 000 € outside Paris).", [None, "outside Paris"]),
    ("Welders at Indiana University earn $51,000 a year.", [None]),
    (
        "# Radiologists in India\n\nThe salary is ₹500,000 a year, or $6,000 a year;"
        " for some it is £90,000 a year.",
        ["India", "India", None],
    ),
    (
        '+++\ntitle = "What welders earn in Ohio"\n+++\n\nPay is $51,000 a year.',
        ["Ohio"],
    ),
    (
        "The lowest paying areas were Sebring, Fla. ($31,270 a year), and Reno, Nev."
        " ($32,300).",
        ["Sebring, FL", "Reno, NV"],
    ),
    # a report is of its dateline where it names that again, not a firm's own city
    (
        "RENO (Local News) — Welders strike.\n\nPay is $51,000 a year.\n\n"
        "In Reno it was never so low.",
        ["Reno, NV"],
    ),
    ("RENO — Our firm asked people.\n\nWelders earn $51,000 a year.", [None]),
    # the place that opens a paragraph is that of all in it
    (
        "Clerk, Fairfax County, Virginia — Keeps the rolls of the county. Answers"
        " letters. Writes reports. Salary: $51,000 a year.\n\n"
        "Clerk, Reno, NV — Keeps the rolls. Salary: $52,000 a year.",
        ["Fairfax County, VA", "Reno, NV"],
    ),
    # a page without a place in its title speaks of the one that it names
    (
        "San Joaquin County is hiring a clerk.\n\nThe salary is $51,000 a year.\n\n"
        "San Joaquin County is an equal employer; the law of California holds.",
        ["San Joaquin County"],
    ),
    (
        "A bill of the State of Missouri.\n\nThe minimum salary is $25,000 a year."
        "\n\nTeachers in Missouri are paid by their districts.",
        ["Missouri"],
    ),
    (
        "Pay in New Zealand rises.\n\nMedian earnings are up 2.1 percent.\n\nSays"
        " Statistics New Zealand.",
        ["New Zealand"],
    ),
    (
        "I moved from Tulsa to Reno.\n\nMy lab pays $51,000 a year.\n\nIn Tulsa I"
        " slept, in Denver not.",
        [None],
    ),
    (
        "Welders in Ohio are few.\n\nPay is $51,000 a year.\n\nIn Canada and in"
        " Mexico they are more. So it is in Ohio.",
        [None],
    ),
    ("The US is large.\n\nPay is $51,000 a year.\n\nSo says the US.", [None]),
]


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    """The project's vocabularies, opened once."""
    return open_vocabulary(ROOT / "vocabularies")


@pytest.mark.parametrize(("text", "places"), EXAMPLES)
def test_a_line_names_its_places(words: Vocabulary, text: str, places: str):
    """Each row of the examples: a line, and its places parted by bars."""
    line = tag_line(text, 0, len(text), get_gazetteer(words))
    assert "|".join(m.means for m in find_areas(line)) == places


@pytest.mark.parametrize(("text", "places"), PAGES)
def test_each_figure_has_its_own_place(
    words: Vocabulary, text: str, places: list[str | None]
):
    """What a sentence, a list, a heading or a title says holds for its figures."""
    found = extract(document(text, MARKDOWN), words, source="page", snapshot="0" * 12)
    assert found.claims["area"].to_list() == places


def test_a_column_of_metros_of_an_older_delineation_is_read(words: Vocabulary):
    """The state in full behind the title, and each row of its own metro."""
    rows = "".join(
        f"<tr><td>{name}</td><td>${pay:,}</td></tr>"
        for name, pay in (
            ("Denver-Aurora-Broomfield, Colorado", 41_000),
            ("Chicago-Joliet-Naperville, Illinois", 42_000),
            ("Louisville-Jefferson County, Kentucky", 43_000),
        )
    )
    table = f"<table><tr><th>Area</th><th>Average salary</th></tr>{rows}</table>"
    found = extract(document(table, HTML), words, source="page", snapshot="0" * 12)
    known = load_known_areas(words)
    codes = [known[make_area_key(name)][0] for name in found.claims["area"]]
    assert codes == ["19740", "16980", "31140"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Savannah, GA 31401", "42340"),
        ("San José, CA", "41940"),
        ("Dallas, TX, United States", "19100"),
        ("New York-Northern New Jersey-Long Island, NY", "35620"),
        ("Phoenix, AZ Metropolitan Statistical Area", "38060"),
        ("Ohio, USA", "39"),
        ("Québec", "CA-QC"),
        ("Northwest Alabama nonmetropolitan area", "0100001"),
        ("Grantsville, OH", None),
    ],
)
def test_a_name_leads_to_its_code(words: Vocabulary, name: str, code: str | None):
    """However its address ends; what no list has stays without one."""
    found = load_known_areas(words).get(make_area_key(name))
    assert (found and found[0]) == code
