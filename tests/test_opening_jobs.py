"""Jobs that open a paragraph, nations named before, and places of a page's metadata."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def read_field(text: str, name: str) -> list[object]:
    """Return a field of every claim of a page, in text order."""
    kind = "text/html" if text.startswith("<") else "text/markdown"
    document = read(text.encode(), kind, where="page")
    found = extract(document, WORDS, source="page", snapshot="0" * 12)
    return found.claims[name].to_list()


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        (
            "## Careers\n\n**Electrician** - Wires homes.  \nMedian pay: $60,000  \n"
            "Top pay: $99,000  \n\n**Pipe** **Fitter** -Lays pipes for plumbers.  \n"
            "Training: none  \nMedian pay: $61,000\n",
            ["electrician", "electrician", "pipe fitter"],
        ),
        (
            "<p><b>Welder</b><br>Joins metal parts.<br>Pay: $48,000 a year</p>"
            "<p><b>Roofer</b><br>Covers houses.<br>Pay: $51,000 a year</p>",
            ["welder", "roofer"],
        ),
        (
            "1. Barber: cuts hair. No degree is asked for. Pay is $39,000 a year.\n"
            "2. Florist (shop) – binds flowers. Pay is $36,000 a year.\n",
            ["barber", "florist"],
        ),
        # Not a name alone, and so no more than a sentence.
        ("We like the florist.  \nTraining: none  \nPay: $48,000 a year\n", [None]),
    ],
)
def test_a_job_that_opens_a_paragraph_is_that_of_its_figures(
    text: str, jobs: list[str | None]
):
    """Lines that are broken by hand have one opening."""
    assert read_field(text, "occupation") == jobs


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            "Welders in the United States earn $47,000. Beginners earn $36,000, while "
            "experienced ones earn $62,000.\n",
            ["US", "US", "US"],
        ),
        # Another place of the paragraph is between: nothing says which.
        (
            "Welders in the United States earn $47,000. Ohio is large. Beginners earn "
            "$36,000.\n",
            ["US", None],
        ),
    ],
)
def test_a_nation_holds_for_the_rest_of_its_paragraph(
    text: str, places: list[str | None]
):
    """A nation alone does; of two places neither."""
    assert read_field(text, "area") == places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\nlocation: 'Austin, Texas'\n---\nBartender - $15/hour\n", "Austin, TX"),
        (
            "<html><head><meta name='dc.coverage' content='Ireland'></head>"
            "<p>The minimum wage is €12.70 an hour.</p></html>",
            "Ireland",
        ),
        (
            "<html><head><meta name='geo.placename' content='Leeds'></head>"
            "<p>Nurses in Ohio earn $50,000 a year.</p></html>",
            "Ohio",
        ),
        ("---\nlocation: front row\n---\nBartender - $15/hour\n", None),
    ],
)
def test_a_page_may_state_its_place_in_its_metadata(text: str, place: str | None):
    """What a sentence names goes before it."""
    assert read_field(text, "area") == [place]


def test_what_a_figure_is_compared_with_is_not_its_place():
    """The nation in brackets is what the percent is held against."""
    text = (
        "In Salem, OR the average is $98,000 (9% higher than the national average), "
        "with salaries from $74,000 to $131,000.\n"
    )
    places = dict(zip(read_field(text, "quote"), read_field(text, "area"), strict=True))
    assert places["$98,000"] == "Salem, OR"
    assert places["$74,000 to $131,000"] != "US"


def test_the_rest_of_two_nations_is_one_place():
    """It is kept as written: neither of the two is meant alone."""
    text = (
        "| Area | Minimum |\n|---|---|\n| Rest of Scotland | £26,000 |\n"
        "| The rest of England and Wales | £25,700 |\n"
    )
    assert read_field(text, "area") == [
        "rest of Scotland", "rest of England and Wales",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        # What follows the figure is no date of it.
        ("In May 2023 nurses made $45,000 a year before taxes.\n", "reference_period",
         ["2023-05"]),
        ("Nurses made $82,000 in 2023, more than the $80,000 reported two years "
         "before.\n", "reference_period", ["2023", "2021"]),
        # A word of a job's name is no thing of which there are averages.
        ("The average home health aide makes $31,000.\n", "kind", ["pay_level"]),
        ("The average loan is $21,000 in Ohio.\n", "kind", ["other"]),
        # Dollars are not of a nation that is named in passing.
        ("Developers earn a median of $120,000. Some work with colleagues in India.\n",
         "area", [None]),
        ("Developers earn ₹900,000 a year. Many are in India.\n", "area", ["India"]),
        # A payroll is no pay of one guard.
        ("The security guard company paid $12 million in wages.\n", "kind", ["other"]),
        ("The chief executive got $9 million in pay.\n", "kind", ["pay_level"]),
    ],
)  # fmt: skip
def test_words_that_only_look_alike_say_nothing(
    text: str, name: str, wanted: list[object]
):
    """Each has a twin in which the words do say it."""
    assert read_field(text, name) == wanted
