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
    # a long page names what it speaks of once more than a short one
    (
        "A welder in Duluth asked me.\n\nPay is $51,000 a year.\n\nDuluth is cold."
        "\n\n" + "The trade is as old as the hills, and few take it up. " * 40,
        [None],
    ),
    # the nearest heading goes before all that stands further out, however often
    (
        "# Pay in the United Kingdom\n\n## The United Kingdom by town\n\n### United"
        " Kingdom: the north\n\n#### Manchester\n\nWelders earn £31,000 a year.\n",
        ["Manchester"],
    ),
    # a line of labels under a heading says where the work is done
    (
        "# Jobs\n\n## Welder\n\nJob 118 · Full time · Tulsa, OK 74101\n\nYou weld"
        " pipes.\n\nPay: $51,000 a year\n\n## Clerk\n\nJob 9 · Reno, NV\n\n"
        "Pay: $41,000 a year",
        ["Tulsa, OK", "Reno, NV"],
    ),
    (
        "# Jobs\n\n## Welder\n\nWe moved here from Tulsa, OK last year.\n\n"
        "Pay: $51,000 a year",
        [None],
    ),
    (
        "Job 118 · Full time · Tulsa, OK 74101\n\nSee our page.\n\nA welder earns"
        " $51,000 a year.",
        [None],
    ),
    # a label says where the work is, for the whole page
    (
        "| | |\n|---|---|\n| Salary | $51,000 a year |\n| Location | 9 Elm Ave."
        " Tulsa, OK 74101 |\n| Grade | 8 |",
        ["Tulsa, OK"],
    ),
    ("Location: Reno, NV\n\nWe weld pipes.\n\nPay: $51,000 a year", ["Reno, NV"]),
    ("We weld pipes.\n\nOur motto: Reno, NV for ever.\n\nPay: $51,000 a year", [None]),
    # a city opens a title, and is named again
    (
        "# Minneapolis Budget Meeting\n\nWelders get $51,000 a year. Minneapolis is"
        " cold.",
        ["Minneapolis, MN"],
    ),
    ("# Minneapolis University Pay\n\nWelders get $51,000 in all of it.", [None]),
    # an official publisher counts its own nation
    (
        "Laborers earn £36,494 a year, according to the Office for National"
        " Statistics.",
        ["United Kingdom"],
    ),
    # of the nation in whose money the page pays, where it names that at all
    (
        "The Superannuation Funds of Australia asked.\n\nWomen earn a salary of"
        " AU$67,392 a year.",
        ["Australia"],
    ),
    ("We asked.\n\nWomen earn a salary of AU$67,392 a year.", [None]),
    # what the clause before was compared with is of no other clause
    (
        "Pay in Ohio is 11% higher than the national median pay; pay in Utah is 1%"
        " higher.",
        ["Ohio", "Utah"],
    ),
    # a line without a stop ends its sentence
    (
        "Developers earn:\n\n- Australia: $87,851 AUD annually\nThe US market is"
        " large.",
        ["Australia"],
    ),
    ("Frances Ortiz, a welder, earns a salary of $51,000 a year.", [None]),
    # a fragment that opens with its figure goes on about the place before it
    ("Welder, Macon GA, nights. $38/hr plus meals.", ["Macon, GA"]),
    ("We sell pipes in Macon, GA. Our welders earn $38 an hour.", [None]),
    # the nation is the one whose money it is, not the one that most money is of
    (
        "# Pay in pounds\n\nNurses earn £31,000 a year, or £33,000 in cities, or"
        " £35,000 by night. Nationally the Canadian nurse earns C$42 an hour.",
        [None, None, None, "Canada"],
    ),
    # two letters that are a word in capitals are no state
    ("IN THIS ISSUE\n\nWelders earn $51,000 a year.", [None]),
    ("| Where | Pay |\n|---|---|\n| IN | $51,000 a year |", ["Indiana"]),
    ("| Where | Pay |\n|---|---|\n| South | $51,000 a year |", ["South"]),
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
