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
