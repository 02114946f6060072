"""Extract: places by their people, publishers by their links, years in other words."""

from typing import Any

import pytest
from claims_of_text import read_claims


@pytest.mark.parametrize(
    ("page", "areas"),
    [
        ("Irish nurses earn €45,000 a year.\n", ["Ireland"]),
        ("The average Polish salary is €21,000 a year.\n", ["Poland"]),
        ("French teachers earn $60,000 a year.\n", [None]),
        ("Italian food is dear, cooks earn $30,000 a year.\n", [None]),
        ("# Glaziers\n\nSeattle's glaziers earn $98,000 a year.\n", ["Seattle, WA"]),
        ("# Glaziers\n\nAustin's salary is $98,000 a year.\n", [None]),
        ("# Houston glazier salaries\n\nGlaziers earn $58,000.\n", ["Houston, TX"]),
        ("# Glazier salary Houston\n\nGlaziers earn $58,000.\n", ["Houston, TX"]),
        ("San Antonio may tell more. Its floor pays glaziers $61,000 a year.\n",
         ["San Antonio, TX"]),
        # the one nation that a page names, where it names no other place
        ("# Glazing\n\nWe asked around in Portugal.\n\nGlaziers earn €21,000 a year.\n",
         ["Portugal"]),
        ("# Glazing\n\nWe asked in Portugal and in Spain.\n\nGlaziers earn €21,000.\n",
         [None]),
        ("Bakers in Selangor earn RM3,500 a month.\n", ["Selangor"]),
        # the spread of a pay is of the place and publisher of the pay
        ("Glaziers in Ohio earn $50,000 a year. However, the salary can range from "
         "$40,000 to $61,000.\n", ["Ohio", "Ohio"]),
    ],
)  # fmt: skip
def test_a_place_is_told_by_its_people_and_by_what_stands_behind_it(
    page: str, areas: list[str | None]
):
    """Whose people are paid; not what they teach, cook or are called."""
    assert [claim["area"] for claim in read_claims(page)] == areas


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("According to the National Glazing Association, glaziers earn $50,000.",
         "National Glazing Association"),
        ("According to New Data, glaziers earn $50,000.", None),
        ("The Ohio Department of Education reports an average salary of $47,000.",
         "Ohio Department of Education"),
        ("Glaziers earn $50,000 (Utah Department of Labor and Training).",
         "Utah Department of Labor and Training"),
        ("Glaziers earn $50,000, the Iowa Office of Job Services said.",
         "Iowa Office of Job Services"),
        ("A survey by the Chartered Institute of Glazing found that glaziers earn "
         "$50,000 on average.", "Chartered Institute of Glazing"),
        ("Data from the Glass Workers Organisation show that glaziers earn $50,000.",
         "Glass Workers Organisation"),
        ("Glaziers earn $50,000 a year [[2]](https://www.glasspay.org/x).",
         "glasspay.org"),
        ("Glaziers earn $50,000 a year (glasspay.org).", "glasspay.org"),
        ("[Glass Pay](https://glasspay.co.uk/x): glaziers earn $50,000.", "Glass Pay"),
        ("[Glaziers](https://glasspay.co.uk/x) earn $50,000.", None),
    ],
)  # fmt: skip
def test_a_body_a_link_and_a_host_are_publishers(text: str, publisher: str | None):
    """By what bodies are called, and by an address that says the same name."""
    (claim,) = read_claims(text + "\n")
    assert claim["attributed_to"] == publisher


def test_who_says_it_is_no_employer():
    """Nor is a school that somebody has left; a hospital that pays is."""
    said = "Nurses earn $70,000 a year, according to the union."
    left = "University graduates earn $50,000 a year."
    paid = "Nurses at hospitals earn $70,000 a year."
    found = [read_claims(text)[0]["employer_type"] for text in (said, left, paid)]
    assert found == [None, None, "hospital"]


@pytest.mark.parametrize(
    ("page", "years"),
    [
        ("Los soldadores con más de 6 años de experiencia ganan 50.000 € al año. "
         "El salario de los que tienen de 3 a 5 años de experiencia es de 40.000 €.",
         [(6, None), (3, 5)]),
        ("Mit 3 bis 5 Jahren Berufserfahrung verdienen Schweißer 38.000 € im Jahr. "
         "Das Gehalt mit mehr als 10 Jahren Erfahrung ist 45.000 €.",
         [(3, 5), (10, None)]),
        ("Le salaire des soudeurs est de 30 000 € avec 3 à 5 ans d'expérience "
         "(28 000 € en province) et de 40 000 € avec plus de 10 ans d'expérience.",
         [(3, 5), (3, 5), (10, None)]),
        ("Le salaire des soudeurs de 25 à 34 ans est de 30 000 € par an.",
         [(None, None)]),
        ("| Job | Training years | Salary |\n|---|---|---|\n| Baker | 3 | $31,000 |\n",
         [(None, None)]),
    ],
)  # fmt: skip
def test_years_are_read_in_other_languages(page: str, years: list[tuple[Any, Any]]):
    """Of experience, not of age nor of training; in brackets, those of the figure."""
    found = [(c["experience_min"], c["experience_max"]) for c in read_claims(page)]
    assert found == years


@pytest.mark.parametrize(
    ("page", "dates"),
    [
        ("Between 2004 and 2016, glaziers' pay fell from $52,000 to $41,000.\n",
         ["2004", "2016"]),
        ("From 2004 to 2016 glaziers earned $52,000 to $61,000 a year.\n",
         ["2004-2016"]),
        ("The minimum wage is $14 in 2026, reaching $15 on 12/31/2027.\n",
         ["2026", "2027"]),
        ("# Glaziers 2019-2022\n\n## **2022**\n\n### Overview\n\n"
         "- Mean pay of glaziers: €41,000\n", ["2022"]),
    ],
)  # fmt: skip
def test_each_end_of_a_change_has_its_own_year(page: str, dates: list[str]):
    """Years that a change spans, days in figures, headings that are a year alone."""
    assert [claim["reference_period"] for claim in read_claims(page)] == dates


def test_quartiles_may_be_written_by_their_letter():
    """`P25 $40,000, median $50,000, P75 $60,000`: each behind its own mark."""
    found = read_claims("Glaziers: P25 $40,000, median $50,000, P75 $60,000.\n")
    assert [claim["statistic"] for claim in found] == ["p25", "median", "p75"]


@pytest.mark.parametrize(
    ("note", "year"),
    [
        ("Note: the salary data shown below is from the BLS, 2014.", "2014"),
        ("All wages in this list are taken from the BLS (OEWS) 2019.", "2019"),
        ("Pay data given here is taken from the BLS, 2021.", "2021"),
        ("Our office moved below the bridge in 2014.", None),
    ],
)  # fmt: skip
def test_a_note_dates_all_that_is_from_its_source(note: str, year: str | None):
    """It is said once for the list, and each figure of that publisher has it."""
    page = (
        f"# Trades\n\n_{note}_\n\nRead on.\n\n**Glazier** - fits panes.\nPay: $51,000\n"
    )
    assert [claim["reference_period"] for claim in read_claims(page)] == [year]


@pytest.mark.parametrize(
    ("page", "years"),
    [
        ("Cooks earn $1400 to 1900 a month.\n", [None]),
        ("Cooks earn $ 1350 to 2010 a month, glaziers more.\n", [None]),
        ("In 2011 cooks earned $1,400 to 1,900 a month.\n", ["2011"]),
    ],
)
def test_the_end_of_a_range_is_no_year(page: str, years: list[str | None]):
    """What is part of a sum of money dates nothing."""
    assert [claim["reference_period"] for claim in read_claims(page)] == years
