"""What a table's columns hold: examples of tables, and the pay that each comes to."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, find_lost_figures
from pipeline.read import read

VOCABULARY = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def read_claims(
    heading: str, caption: str, *rows: str, kind: str = "pay_level"
) -> list[dict[str, Any]]:
    """Claims of a kind on a page with one table; its first row has the heads."""
    first, *others = (row.split("|") for row in rows)
    cells = "".join(f"<th>{cell.strip()}</th>" for cell in first)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in row) + "</tr>"
        for row in others
    )
    over = f"<caption>{caption}</caption>" if caption else ""
    html = f"<h1>{heading}</h1><table>{over}<tr>{cells}</tr>{body}</table>"
    document = read(html.encode(), "text/html", where="page.html")
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    assert find_lost_figures(found, document, VOCABULARY) == []
    return [c for c in found.claims.iter_rows(named=True) if c["kind"] == kind]


def read_pay(heading: str, caption: str, *rows: str) -> str:
    """`amount/period` of each of them."""
    pay = read_claims(heading, caption, *rows)
    return " ".join(f"{c['quote'].replace(' ', '')}/{c['period']}" for c in pay)


PAID = [
    # Numbered steps over the columns: the caption, or the heading, says of what.
    ("Dock plan", "Hourly pay in dollars", "Class|Job|Step 1|Step 2",
     "H3|Rigger|31.20|32.76", "H1|Deck hand|19.40|20.37",
     "31.20/hour 32.76/hour 19.40/hour 20.37/hour"),
    ("Plan of a town", "Weekly wage", "Job|Grade 1|Grade 2", "Gardener|640|702",
     "Driver|655|718", "640/week 702/week 655/week 718/week"),
    ("Salary schedule", "", "Class|Year 1|Year 5|10 years",
     "Teacher|48,100|52,300|57,900",
     "Counselor|51,400|55,200|60,100",
     "48,100/year 52,300/year 57,900/year 51,400/year 55,200/year 60,100/year"),
    ("Plan of a town", "Salary per fortnight", "Class|Level A|Level B",
     "T1|1812.60|1979.70",
     "T2|2738.40|2835.30",
     "1812.60/fortnight 1979.70/fortnight 2738.40/fortnight 2835.30/fortnight"),
    # Lanes without a word, bare monthly pay.
    ("Plan of a town", "Monthly salary", "Range|Job|A|B", "P3|Inspector|5,120|5,376",
     "P1|Clerk|3,760|3,948", "5,120/month 5,376/month 3,760/month 3,948/month"),
    ("Train driver", "", "Grade|Annual (€)|Monthly (€)", "1|43,100|3,592",
     "2|45,900|3,825", "43,100/year 3,592/month 45,900/year 3,825/month"),
    # What a caption says in few words holds for signed sums too.
    ("Yacht pay guide", "Currency: EUR/month", "Rank|40-50 m|50 m+",
     "Mate|€4,300 - €5,100|€6,200+", "Cook|€3,900|€4,400 - €5,000",
     "€4,300-€5,100/month €6,200+/month €3,900/month €4,400-€5,000/month"),
    # A label is a name, whatever word it holds: the column is of pay.
    ("Salaries", "Average salaries by subject", "Subject|2010", "Materials|$59,100",
     "Civil|$51,300", "Computer|$59,900", "$59,100/year $51,300/year $59,900/year"),
]  # fmt: skip


@pytest.mark.parametrize("row", PAID, ids=lambda row: row[2][:30])
def test_a_column_is_pay_by_its_table(row: tuple[str, ...]) -> None:
    """Heads that number the columns leave it to the caption and the heading."""
    assert read_pay(*row[:-1]) == row[-1]


PARTLY = [
    # The column of steps counts up; it is no pay, whatever its head is called.
    ("Salary schedule", "", "Class|Pay Point|Salary per annum", "T1|1|47,200",
     "|2|51,600", "|3|56,000", "T2|1|62,100", "47,200/year 51,600/year 56,000/year "
     "62,100/year"),
    ("Salary schedule", "Hourly pay", "Step|Rate", "1|18.10", "2|18.90",
     "18.10/hour 18.90/hour"),
    # People beside signed pay, without a sign and with a head of their own.
    ("Pharmacist pay", "", "State|Per year|Pharmacists at work", "Iowa|$131,200|2,480",
     "Ohio|$132,400|12,310", "$131,200/year $132,400/year"),
    ("Baker pay", "", "State|Average salary|Shops open", "Iowa|$31,200|22,480",
     "Ohio|$32,400|42,310", "$31,200/year $32,400/year"),
    # But a sign in the first column alone stands for its like beside it.
    ("Salary schedule", "", "Class|Step 1|Step 2", "T1|$47,200|48,900",
     "T2|$51,600|53,100", "$47,200/year 48,900/year $51,600/year 53,100/year"),
    # Days and hours of the day are no pay, signs beside them or not.
    ("Clerk posting", "", "What|Salary", "Pay|$3,850 a month", "Opens|12/10/2024 08:00",
     "$3,850/month"),
    # Less than any pay for any span: a factor, a share, a score.
    ("Salary bands", "", "Track|Min P|Max P|Min salary", "Engineer|1.20|2.40|69,000",
     "Writer|1.10|2.10|58,000", "69,000/year 58,000/year"),
]  # fmt: skip


@pytest.mark.parametrize("row", PARTLY, ids=lambda row: row[2][:30])
def test_columns_beside_pay_are_no_pay(row: tuple[str, ...]) -> None:
    """Steps, people, days and factors stay out."""
    assert read_pay(*row[:-1]) == row[-1]


UNPAID = [
    # No word of pay over the table, or a word of something else.
    ("Harbour depths", "", "Berth|Step 1|Step 2", "North|31.20|32.76",
     "South|19.40|20.37"),
    ("Members", "Weekly counts", "Hall|Grade 1|Grade 2", "East|640|702",
     "West|655|718"),
    ("Tuition by year", "Tuition", "School|Year 1|Year 2", "East|48,100|52,300",
     "West|51,400|55,200"),
    # Sums without the size of pay for the span that is named.
    ("Plan of a town", "Hourly pay in dollars", "Job|A|B", "Rigger|3,120|3,276",
     "Cook|1,940|2,037"),
    ("Salary report", "", "Year|Answers|Pages", "2023|310|412", "2024|355|418"),
]  # fmt: skip


@pytest.mark.parametrize("row", UNPAID, ids=lambda row: row[0])
def test_without_a_word_or_the_size_of_pay_a_table_has_none(
    row: tuple[str, ...],
) -> None:
    """What is numbered like a pay grid is none by that."""
    assert read_pay(*row) == ""


ABROAD = [
    ("Grundgehalt", "Monatsbetrag in Euro", "Gruppe|Stufe 1|Stufe 2", "E 4|2 811,20|"
     "2 930,40", "E 5|3 012,75|3 140,10",
     "2811.20 2930.40 3012.75 3140.10 EUR month"),
    ("Lohntafel", "", "Gruppe|Lohn je Stunde in Euro", "1|13,50", "2|15,05",
     "13.50 15.05 EUR hour"),
    ("Les salaires", "Salaire brut par an, en euros", "Ville|Junior|Senior",
     "Lyon|36 000|52 000", "Nantes|35 500|50 000",
     "36000.00 52000.00 35500.00 50000.00 EUR year"),
    ("Sueldos", "Sueldo mensual (€)", "Nivel|2023|2024", "A1|2.310,50|2.380,00",
     "A2|2.010|2.075",
     "2310.50 2380.00 2010.00 2075.00 EUR month"),
    # The caption's currency holds for bare sums, whatever the rest of the page has.
    ("Pay in Leeds: £34,600 a year", "Hourly wage, CAD", "Province|Low|High",
     "Manitoba|37.15|41.20", "Alberta|39.85|44.10",
     "37.15 41.20 39.85 44.10 CAD hour"),
    # Years, people and empty cells beside pay.
    ("Gehälter", "", "Jahr|Gehalt pro Jahr (€)|Anzahl", "2023|41.200|1.250",
     "2024|42.900|1.310", "41200.00 42900.00 EUR year"),
]  # fmt: skip


@pytest.mark.parametrize("row", ABROAD, ids=lambda row: row[0][:30])
def test_grids_of_other_languages_and_currencies_are_pay(row: tuple[str, ...]) -> None:
    """Spaces and points between thousands, commas before hundredths."""
    pay = [c for c in read_claims(*row[:-1]) if "£" not in c["quote"]]
    told = {(c["currency"], c["period"]) for c in pay}
    sums = " ".join(str(c["value"]) for c in pay)
    assert [f"{sums} {currency} {period}" for currency, period in told] == [row[-1]]


def test_a_head_of_pay_over_signed_sums_counts_nothing() -> None:
    """A word for a count in it says whose pay it is."""
    rows = ("Graduates|Average salary in their first jobs", "Beginners before school|"
            "$60,400", "Programmers before school|$84,500")  # fmt: skip
    assert read_pay("After school", "", *rows) == "$60,400/year $84,500/year"
    rows = ("Graduates|Jobs that pay", "Beginners|2,400", "Programmers|4,500")
    assert read_pay("After school", "", *rows) == ""


CHANGES = [
    ("State|Average salary|Change", "Iowa|$64,900|&minus;$310", "down year"),
    ("State|Average salary|Change", "Iowa|$64,900|+$310", "up year"),
    ("State|Hourly wage|Difference", "Iowa|$31.20|$2.10", "None hour"),
    ("Years|Base|Addition per hour", "8|$31.20|$.45", "up hour"),
]


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row[0])
def test_a_column_of_changes_holds_changes(row: tuple[str, str, str]) -> None:
    """Up or down by their signs, for the span of the level beside them."""
    (found,) = read_claims("Baker pay", "", *row[:-1], kind="pay_delta_abs")
    assert f"{found['direction']} {found['period']}" == row[-1]


@pytest.mark.parametrize(
    ("low", "high"),
    [("Low ($/hour)", "High ($/hour)"), ("Low", "High"), ("Min. (hourly)", "Max.")],
)
def test_low_and_high_are_ends_whatever_stands_in_brackets(low: str, high: str) -> None:
    """Marks in a head are no words of it."""
    first, _, last = read_claims(
        "Baker pay", "", f"City|{low}|Median|{high}", "Regina|$21.10|$27.50|$33.30"
    )
    assert (first["statistic"], last["statistic"]) == ("minimum", "maximum")


def test_a_table_whose_rows_say_what_they_hold_is_not_typed_by_its_column() -> None:
    """Fees and pay in one column are told apart by their labels."""
    rows = ("What|Sum", "Salary|$52,000", "Tuition|$14,000", "Exam fee|$12,400")
    assert read_pay("Becoming a baker: pay", "", *rows) == "$52,000/year"
