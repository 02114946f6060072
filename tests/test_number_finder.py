"""The number finder alone: amounts and marks as they stand, by a table of examples."""

import csv
from pathlib import Path

import pytest

from benchmarks.number_finder import main, read_examples, score_example
from pipeline.core.money_marks import read_marks
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract.digit_styles import BARE, PERCENT, DigitStyle, read_marked_digits
from pipeline.extract.digits import ParsedNumber
from pipeline.extract.numbers import find_numbers

ROOT = Path(__file__).resolve().parents[1]
MONEY = read_marks(open_vocabulary(ROOT / "vocabularies"))
with (ROOT / "tests" / "number_examples.csv").open(encoding="utf-8") as file:
    EXAMPLES = [row for row in csv.reader(file) if row][1:]


def tell_number(number: ParsedNumber) -> str:
    """Write a number with its currency: `kr` is shared, an unknown mark is `?`."""
    if number.unit != "money":
        return f"{number.value:g}{'%' if number.unit == 'percent' else ' points'}"
    codes = MONEY.table.list_codes(number.mark)
    code = codes[0] if len(codes) == 1 else MONEY.table.usual_code(number.mark)
    text = f"{number.value:.10g} {code or ('shared' if codes else '?')}"
    return " ".join((text, *number.repairs, number.fault)).rstrip()


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_a_text_gives_its_numbers(text: str, expected: str):
    """Money and percents, in order; bare numbers are not told."""
    found = [n for n in find_numbers(text, MONEY) if n.unit != "bare"]
    assert "; ".join(map(tell_number, found)) == expected
    for number in found:
        assert (
            text[number.start : number.end].strip() == text[number.start : number.end]
        )


EURO = DigitStyle(",", money=True)
DOLLAR = DigitStyle(".", money=True)
DINAR = DigitStyle(".", money=True, parts=3)
STYLES = [
    ("45,50", EURO, 45.5),
    ("3.260", EURO, 3260),
    ("3,260", EURO, 3260),
    ("0.125", EURO, 0.125),
    ("0,125", EURO, 0.125),
    ("1.234,5", EURO, 1234.5),
    ("1,234.5", EURO, 1234.5),
    ("1.234.567", EURO, 1234567),
    ("3.260", DOLLAR, 3260),
    ("3.26", DOLLAR, 3.26),
    ("45,50", DOLLAR, 45.5),
    ("45,5000", DOLLAR, None),
    ("1234,567", DOLLAR, None),
    ("12,34,500", DOLLAR, 1234500),
    ("12,34,50", DOLLAR, None),
    ("1.250", DINAR, 1.25),
    ("1,250", DINAR, 1250),
    ("12,345.678", DINAR, 12345.678),
    ("3.260", PERCENT, 3.26),
    ("3,5", PERCENT, 3.5),
    ("3,500", PERCENT, 3500),
    ("3.260", BARE, 3.26),
    ("3,260", BARE, 3260),
    ("45,50", BARE, None),
    ("3.11.2", BARE, None),
    ("1.23,45.6", BARE, None),
]


@pytest.mark.parametrize(("digits", "style", "value"), STYLES)
def test_digits_are_read_in_their_style(
    digits: str, style: DigitStyle, value: float | None
):
    """A point or a comma groups or parts, as the mark beside the number has it."""
    found = read_marked_digits(digits, style)
    assert (found and found.value) == value


TABLES = """
from decimal import Decimal
ROWS = [
    Example(None, "{first}", "$", "45.50", 45.5),
    Example("$", "45.50", "$", "45.50", 45.5),
    Example(None, "45.50", None, "45.50", 45.5),
    Example(None, "€ 1.250", "€", "1.250", Decimal("1250")),
]
"""


def test_tables_are_scored_from_a_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """Rows with a currency in the text count; a wrong amount is told and fails."""
    path = tmp_path / "tables.py"
    path.write_text(TABLES.format(first="$45.50"))
    rows = read_examples(path)
    assert [(row.text, row.currency) for row in rows] == [
        ("$45.50", "$"),
        ("€ 1.250", "€"),
    ]
    assert all(
        score_example(row, MONEY) == {"seen", "amount", "currency"} for row in rows
    )
    assert main(["--tables", str(path)]) == 0
    path.write_text(TABLES.format(first="$54.50"))
    assert main(["--tables", str(path), "--misses"]) == 1
    assert "'$54.50' wants 45.5" in capsys.readouterr().out


def test_a_file_without_tables_is_told(tmp_path: Path):
    """A wrong path is no perfect score."""
    path = tmp_path / "empty.py"
    path.write_text("ROWS = []\n")
    assert main(["--tables", str(path)]) == 1
