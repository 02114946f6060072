"""Marks of money: every currency before and behind a number, and no prose as money."""

import ast
import csv
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.currency_table import FUNDS, NEEDS, SIGNS, read_currencies
from pipeline.core.money_marks import read_marks
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from pipeline.extract.idle_marks import COUNT, GLUED, WORD
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "vocabularies"
WORDS = open_vocabulary(FOLDER)
TABLE = read_currencies(WORDS)
EXAMPLES = list(
    csv.reader((ROOT / "tests" / "money_examples.csv").read_text().splitlines()[1:])
)
ACTIVE = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP
BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD
FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD
JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR
PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF
XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
NO_MONEY = """
BOV CHE CHW CLF COU MXV USN UYI UYW XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA
"""


def claims_of(text: str, words: Vocabulary = WORDS) -> list[dict[str, Any]]:
    """Claims of a page of plain text."""
    document = read(text.encode(), "text/plain", where="case")
    found = extract(document, words, source="case", snapshot="0" * 12)
    return list(found.claims.iter_rows(named=True))


def told(text: str, words: Vocabulary = WORDS) -> list[tuple[object, object]]:
    """Currency and amount of each claim."""
    return [(claim["currency"], claim["value"]) for claim in claims_of(text, words)]


@pytest.mark.parametrize(("text", "code", "value"), EXAMPLES)
def test_a_sum_is_read_with_its_currency(text: str, code: str, value: str):
    """Codes, signs, national dollars and names, before and behind the number."""
    claims = claims_of(f"Registered nurses earn a median salary of {text}.")
    assert [(c["currency"], c["value"]) for c in claims] == [(code, Decimal(value))]
    quote = claims[0]["quote"]
    assert text.startswith(quote), f"{quote} is not where {text} begins"


def test_the_examples_are_many():
    """Every second currency of today is among them, and at least 150 rows."""
    assert len(EXAMPLES) >= 150
    assert len({code for _, code, _ in EXAMPLES}) >= 85


@pytest.mark.slow
@pytest.mark.parametrize(
    "code", [r.code for r in TABLE.rows.values() if r.state != FUNDS]
)
def test_every_code_is_read_before_and_behind(code: str):
    """`XOF 3,600,000 a year` and `3,600,000 XOF a year`."""
    for text in (f"{code} 360,000", f"360,000 {code}"):
        found = told(f"Registered nurses earn a median salary of {text} a year.")
        assert found == [(code, Decimal(360000))], text


# With why the numbers beside a code are set aside, where one of them is.
TRAPS = (
    ("We asked ALL 5,000 nurses how they are paid.", [WORD]),
    ("We asked ALL 240,000 members of the union about pay.", [WORD]),
    ("The TOP 10,000 employers hire most nurses.", [WORD]),
    ("TOP 100 salaries of nurses are listed here.", [WORD]),
    ("TRY 5 of these tips to raise your salary.", [WORD]),
    ("Please TRY 1,000 times before you ask about pay.", [WORD]),
    ("COP 26 was in Glasgow, and COP 28 in Dubai.", [WORD, WORD]),
    ("The World CUP 2026 changes what nurses earn.", [WORD]),
    ("Use AWG 12 wire; electricians earn more for AWG 10,000 feet.", [WORD, WORD]),
    ("Lift 50 KGS, as nurses do, and ask for pay.", [WORD]),
    ("The CRC 2024 exam is new, and CRC 12 modules are on it.", [WORD, WORD]),
    ("An INR 2.5 is a usual lab value for patients.", [WORD]),
    ("PHP 8 developers earn well.", [WORD]),
    ("Nurses hired in MAD 2024 season earn more.", [WORD]),
    ("The SDG 8 speaks of decent work and pay.", [WORD]),
    ("SOS 24 is a line for nurses.", [WORD]),
    ("They won 5,000 awards for good pay.", [WORD]),
    ("RN 12 and LPN 24 are units of the hospital.", []),
    ("Room RM 204 is where pay is settled.", []),
    ("The GEL 500 kit serves lab technicians.", [WORD]),
    ("NPR 2,024 stations told of nurses' pay.", [WORD]),
    ("The LAK 1,200 drill is one that plumbers buy.", [WORD]),
    ("PEN 1,000 words a day to earn as a writer.", [WORD]),
    ("ERN 25 and ANG 100 are forms of the plan.", [WORD, WORD]),
    ("In Q 3 nurses in Guatemala were paid well.", [WORD]),
    ("Pay in Guatemala fell in Q3 2,024 and rose in Q4.", [GLUED, GLUED]),
    ("R 2.1 is the release that analysts in South Africa use for pay.", [WORD]),
    ("Grade R 12,000 pupils and their teachers in South Africa speak of pay.", [WORD]),
    ("K 12 teachers in Zambia are paid by the state.", [WORD]),
    ("K-12,000 schools in Zambia pay teachers.", [WORD]),
    ("The 401 K 12,000 workers in Zambia have is no pay.", [COUNT, WORD]),
    ("L 1 visas are for managers from Honduras and their pay.", [WORD]),
    (
        "Nurses read R2,500 and Q48,000 and K12,000 and L1,200 on labels of pay slips.",
        [GLUED, GLUED, GLUED, GLUED],
    ),
)


@pytest.mark.parametrize(("text", "reasons"), TRAPS)
def test_a_word_or_an_acronym_is_no_money(text: str, reasons: list[str]):
    """Codes that are words or acronyms too make no sum of prose.

    That a number stands beside one is said, as no amount is passed over in silence.
    """
    assert claims_of(text) == []
    document = read(text.encode(), "text/plain", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12)
    assert sorted(found.set_aside["reason"]) == reasons


SHARED = {
    ("Nurses in Norway earn 560,000 kroner a year.", "NOK"),
    ("Nurses in Denmark earn 480,000 kroner a year.", "DKK"),
    ("Nurses in Sweden earn 480 000 kr a year.", "SEK"),
    ("Nurses in Oslo earn kr 560,000 a year.", "NOK"),
    ("Nurses in Iceland earn 9,600,000 kr a year.", "ISK"),
    ("Nurses in Copenhagen earn 480,000 kr. a year.", "DKK"),
    ("Nurses in the Philippines earn 420,000 pesos a year.", "PHP"),
    ("Nurses in Buenos Aires earn 9,600,000 pesos a year.", "ARS"),
    ("Nurses in Mexico City earn 240,000 pesos a year.", "MXN"),
    ("Nurses in Pakistan earn Rs. 960,000 a year.", "PKR"),
    ("Nurses in Delhi earn 600,000 rupees a year.", "INR"),
    ("Nurses in Uganda earn 18,000,000 shillings a year.", "UGX"),
    ("Nurses in China earn ¥180,000 a year.", "CNY"),
    ("Nurses in Tokyo earn ¥4,800,000 a year.", "JPY"),
    ("Nurses in Morocco earn 96,000 Moroccan dirhams a year.", "MAD"),
    ("Nurses in Senegal earn 3,600,000 CFA francs a year.", "XOF"),
    ("Nurses in Toronto, Ontario, Canada earn 78,000 dollars a year.", "CAD"),
}


@pytest.mark.parametrize(("text", "code"), sorted(SHARED))
def test_a_shared_mark_is_of_the_country_spoken_of(text: str, code: str):
    """`kr`, `pesos`, `Rs.`: by the sentence, then by the page."""
    assert [code for code, _ in told(text)] == [code]


def test_each_row_is_of_its_own_country():
    """One page on two countries: the sentence goes before the page."""
    text = (
        "Nurses in Norway earn 560,000 kr a year.\n\n"
        "Nurses in Denmark earn 480,000 kr a year.\n"
    )
    assert [code for code, _ in told(text)] == ["NOK", "DKK"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nurses in South Africa earn between R 25 000 and R 30 000 a month.", "ZAR"),
        ("Nurses in South Africa earn R25,000 to R30,000 a month.", "ZAR"),
        ("Nurses in Zambia earn K25,000-K30,000 a month.", "ZMW"),
    ],
)
def test_a_range_in_letters_is_read_whole(text: str, code: str):
    """No end of it is taken for the whole sum."""
    found = [(c["currency"], c["low"], c["high"]) for c in claims_of(text)]
    assert found == [(code, Decimal(25000), Decimal(30000))]


def test_a_letter_is_no_money_where_no_country_is_named():
    """`R480,000` may be a label."""
    assert claims_of("Nurses earn R480,000 a year.") == []


def test_a_currency_of_many_countries_is_at_home_where_one_is_named():
    """Francs of a page without a country are Swiss, those of a sentence are its own."""
    text = (
        "Nurses in Zurich, Geneva and Basel earn 92,000 francs a year.\n\n"
        "Nurses in Senegal earn 3,600,000 francs a year.\n\n"
        "Many nurses earn 96,000 francs a year.\n"
    )
    assert [code for code, _ in told(text)] == ["CHF", "XOF", "CHF"]


UNREAD = (
    "Registered nurses earn a median salary of {}QQ$240,000 a year.",
    "Registered nurses earn a median salary of {}₿240,000 a year.",
    "Registered nurses earn a median salary of {}XBT 240,000 a year.",
    "Registered nurses earn a median salary of {}240,000 XBT a year.",
    "Registered nurses earn a median salary of {}240,000 kr a year.",
    "Registered nurses earn a median salary of {}240,000 pesos a year.",
)


@pytest.mark.parametrize("text", UNREAD)
def test_an_unknown_mark_leaves_the_currency_open(text: str):
    """The amount stands, the currency is null, and `why` names the mark."""
    document = read(text.format("").encode(), "text/plain", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12)
    assert found.claims["currency"].to_list() == [None]
    assert found.claims["value"].to_list() == [Decimal(240000)]
    why = found.why[found.claims["claim_id"][0]]["currency"]
    assert why.rule == "mark, unread"


def test_letters_that_only_touch_a_sign_are_no_part_of_it():
    """`RN$75,000`: cells that lost their blank."""
    claims = claims_of("RN$75,000 a year is the median salary of nurses in Ohio.")
    assert [(c["quote"], c["currency"]) for c in claims] == [("$75,000", "USD")]


def made_folder(tmp_path: Path, name: str, *lines: str) -> Vocabulary:
    """Our vocabularies with rows more."""
    folder = tmp_path / "vocabularies"
    shutil.copytree(FOLDER, folder)
    with (folder / f"{name}.csv").open("a") as file:
        file.writelines(f"{line}\n" for line in lines)
    return open_vocabulary(folder)


@pytest.mark.slow
def test_a_row_more_is_read_with_no_change_of_code(tmp_path: Path):
    """A made currency: its code, sign and name, before and behind the number."""
    row = "QQZ,made,QZ£|₰,,quazel,,,2,point,1,,,,amount,active"
    words = made_folder(tmp_path, "currencies", row)
    for text in ("QQZ 61,000", "61,000 QQZ", "QZ£61,000", "₰61,000", "61,000 quazels"):
        sentence = f"Welders earn a median salary of {text} a year."
        assert told(sentence, words) == [("QQZ", Decimal(61000))], text
        assert told(sentence) != [("QQZ", Decimal(61000))], text


@pytest.mark.slow
def test_a_multiplier_and_a_separator_more_are_read(tmp_path: Path):
    """`61 zent` is 61,000, and `61_000` a grouped number, by a row each."""
    words = made_folder(tmp_path, "multipliers", "zent,1000,yes,no,,")
    sentence = "Welders earn a median salary of ${} a year."
    assert told(sentence.format("61 zent"), words) == [("USD", Decimal(61000))]
    assert told(sentence.format("61 zent")) == [("USD", Decimal(61))]
    other = made_folder(tmp_path / "b", "separators", "dot,00B7,yes,no")
    assert told(sentence.format("61·000"), other) == [("USD", Decimal(61000))]


def test_a_span_of_time_more_is_read(tmp_path: Path):
    """A phrase of periods.csv earns a code that is a word its sum."""
    words = made_folder(tmp_path, "periods", "per annus,year,after")
    marks, usual = read_marks(words), read_marks(WORDS)
    assert marks.spans.named.match(" per annus")
    assert not usual.spans.named.match(" per annus")


PERIODS = {
    "$2,100 per fortnight": "fortnight",
    "$2,150 a fortnight": "fortnight",
    "$1,900 fortnightly": "fortnight",
    "$1,900 biweekly": "fortnight",
    "$2,100 every two weeks": "fortnight",
    "$900 a week": "week",
    "$4,100 per month": "month",
    "$24.50/hr": "hour",
    "$52,000 per annum": "year",
    "$2,100 semi-monthly": None,
    "$2,100 per pay period": None,
}


@pytest.mark.parametrize(("text", "period"), PERIODS.items())
def test_a_span_of_time_is_read(text: str, period: str | None):
    """Fortnights are a period; half months and pay periods are none of ours."""
    claims = claims_of(f"Medical coders earn {text} on average.")
    assert [claim["period"] for claim in claims] == [period]


def test_every_currency_of_the_standard_has_a_row():
    """Codes of ISO 4217, and what state each is in."""
    states = {row.code: row.state for row in TABLE.rows.values()}
    assert {code for code, state in states.items() if state == "active"} == {
        *ACTIVE.split()
    }
    assert {code for code, state in states.items() if state == FUNDS} == {
        *NO_MONEY.split(),
        "X" * 3,
    }
    assert {*states.values()} == {"active", "historic", FUNDS}


def test_the_table_of_currencies_is_sound():
    """Codes, digits, scales and needs have their form, and own signs stand once."""
    own: dict[str, str] = {}
    for row in TABLE.rows.values():
        assert re.fullmatch(r"[A-Z]{3}", row.code)
        assert row.needs in NEEDS
        assert row.decimals in ("comma", "point")
        assert 0 <= row.minor_unit <= 4
        assert row.scale > 0
        assert not row.country or re.fullmatch(r"[A-Z]{2}", row.country)
        for sign in row.signs:
            assert own.setdefault(sign, row.code) == row.code, sign


def literals(tree: ast.Module) -> Iterator[ast.AST]:
    """Strings of a module that are no docstrings."""
    spoken = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
        if isinstance(part, ast.Constant) and part.value == "$"  # ends a pattern
    }
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in spoken | parts:
            yield node


def marks_in(source: str) -> list[str]:
    """Signs and codes of currencies that a module spells itself."""
    found = []
    for node in literals(ast.parse(source)):
        text = str(getattr(node, "value", ""))
        signs = re.search(rf"[{SIGNS}](?<!\$)|\\\$|\[\^?\\?\$", text.replace("¢", ""))
        if signs or text in TABLE.rows or text == "$":
            found.append(text)
    return found


@pytest.mark.parametrize("room", ["extract", "read"])
def test_no_module_spells_a_currency(room: str):
    """All marks come from the table."""
    found = {
        path.name: marks_in(path.read_text())
        for path in sorted((ROOT / "pipeline" / room).rglob("*.py"))
    }
    assert {name: marks for name, marks in found.items() if marks} == {}


@pytest.mark.parametrize(
    "source",
    ['A = "USD"', 'A = r"[$£]\\d"', 'A = "€"', 'A = r"\\$\\d"', 'def f(x="$"): pass'],
)
def test_a_spelled_currency_would_be_seen(source: str):
    """The check above fails on a module with a mark of its own."""
    assert marks_in(source) != []
