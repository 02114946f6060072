"""Extract: surveys, credentials, columns, embedded pay and tables of divs."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
SURVEY = """<html><head><title>Pharmacists see smaller raises, Brightwell study shows
- RxDaily</title></head><body><h1>Pharmacists see smaller raises</h1>
<p>Staff pharmacists earned a median base salary of $136,400 last year, according to
Brightwell's 2025 Pharmacy Workforce Survey.</p>
<p>The report put managers at $159,300.</p>
<h2>By setting</h2><ul><li>Hospital: $141,200 (+3%)</li><li>Mail: $128,000</li></ul>
<p>Bonuses, paid to half, averaged $8,200, down from $9,100.</p>
<p>By comparison, the BLS reports a median of $137,480 for pharmacists.</p>
<p>We pay our own staff $120,000.</p></body></html>"""
FORUM = """<html><head><title>What do you make? : board</title></head><body>
<h1>What do you make as a dental assistant?</h1>
<p>CDA in Phoenix, 6 years, $27.50/hr plus $1.50 diff for Saturdays.</p>
<p>I started at $17 in 2019, jumped to $23 after passing the DANB exam.</p>
<p>DANB's 2024 salary survey has certified assistants at a median of $25.00 an hour
and everyone else at $21.50.</p></body></html>"""
CERTS = """# Cloud certificates and pay

One certificate is worth $11,000; two certificates, $18,500.

| Certification | Average base | Exam |
|---|---|---|
| AWS SAA | $128,000 | $150 |
| none | $84,000 | - |

| Years | Certified | Uncertified |
|---|---|---|
| 0-2 | $71,000 | $64,500 |
"""
STATE = """<html><head><title>Nurse salary in Ohio</title></head><body>
<h1>Nurse salary in Ohio</h1><script id="__NEXT_DATA__" type="application/json">
{"props":{"currency":"USD","payPeriod":"HOUR","location":{"state":"Ohio"},
"stats":{"p10Base":28.1,"n":8123},
"levels":[{"minYears":5,"maxYears":9,"avgBase":38.4}],
"cities":[{"city":"Dayton","state":"OH","medianTotal":36.1}],
"home":{"medianHomePrice":212500}}}</script></body></html>"""
GRID = """<html><body><h1>Engineer pay</h1><div class="grid">
<div><span>Level</span><span>Base</span><span>Stock</span></div>
<div><span>Junior</span><span>$118K</span><span>$14K</span></div>
<div><span>Senior</span><span>$182K</span><span>$63K</span></div></div></body></html>"""


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    """The project's vocabularies, opened once."""
    return open_vocabulary(ROOT / "vocabularies")


def by_quote(
    text: str, words: Vocabulary, media: str = "text/html"
) -> dict[str, dict[str, Any]]:
    """Claims of a page by what they quote."""
    document = read(text.encode(), media, where="case")
    found = extract(document, words, source="case", snapshot="0" * 12).claims
    return {row["quote"]: row for row in found.iter_rows(named=True)}


def test_a_survey_named_once_is_credited_until_another_is(words: Vocabulary) -> None:
    """What title and opening name holds for paragraphs and lists without a source."""
    claims = by_quote(SURVEY, words)
    for quote in ("$136,400", "$159,300", "$141,200", "$128,000", "$8,200"):
        assert claims[quote]["attributed_to"] == "Brightwell", quote
    assert claims["$137,480"]["attributed_to"] == "BLS"
    assert claims["$120,000"]["attributed_to"] is None


def test_a_survey_is_told_in_one_statistic(words: Vocabulary) -> None:
    """The statistic of the opening holds for the survey's other points."""
    claims = by_quote(SURVEY, words)
    assert {claims[q]["statistic"] for q in ("$159,300", "$141,200")} == {"median"}


def test_a_sentence_that_opens_with_bonuses_is_of_them(words: Vocabulary) -> None:
    """`Bonuses, paid to half, averaged X, down from Y` names no salary."""
    claims = by_quote(SURVEY, words)
    assert {claims[q]["kind"] for q in ("$8,200", "$9,100")} == {"bonus"}


def test_pay_of_seven_figures_is_pay_where_words_say_so(words: Vocabulary) -> None:
    """A surgeon's average may pass half a million."""
    claims = by_quote("Surgeons earned an average of $558,000.", words, "text/plain")
    assert claims["$558,000"]["kind"] == "pay_level"
    assert claims["$558,000"]["period"] == "year"


def test_an_exam_that_was_passed_is_no_cost(words: Vocabulary) -> None:
    """What a post did before its raise says nothing of the sum."""
    claims = by_quote(FORUM, words)
    assert {claims[q]["kind"] for q in ("$17", "$23")} == {"pay_level"}
    assert claims["$1.50"]["kind"] == "pay_delta_abs"
    assert claims["$27.50"]["attributed_to"] is None


def test_everyone_else_holds_no_credential(words: Vocabulary) -> None:
    """Beside the certified, the others are those without."""
    claims = by_quote(FORUM, words)
    assert claims["$25.00"]["credential"] == "any"
    assert claims["$21.50"]["credential"] == "none"


def test_a_head_that_denies_a_credential_is_heard(words: Vocabulary) -> None:
    """`none` in a row, `Uncertified` over a column, a name that no list holds."""
    claims = by_quote(CERTS, words, "text/markdown")
    assert claims["$128,000"]["credential"] == "AWS SAA"
    assert claims["$84,000"]["credential"] == "none"
    assert claims["$64,500"]["credential"] == "none"
    assert claims["$150"]["kind"] == "cost"


def test_a_second_pipe_table_has_heads_of_its_own(words: Vocabulary) -> None:
    """A ruled head after a blank line begins another table."""
    claims = by_quote(CERTS, words, "text/markdown")
    assert claims["$71,000"]["experience_max"] == 2
    assert claims["$71,000"]["statistic"] == "unspecified"


def test_more_certificates_are_worth_a_larger_difference(words: Vocabulary) -> None:
    """After `one is worth A`, `two certificates, B` is a difference too."""
    claims = by_quote(CERTS, words, "text/markdown")
    assert {claims[q]["kind"] for q in ("$11,000", "$18,500")} == {"pay_delta_abs"}


def test_a_statistic_of_base_or_total_is_pay_in_data(words: Vocabulary) -> None:
    """Keys say the statistic, siblings the years and the place; a home is no pay."""
    claims = by_quote(STATE, words)
    assert claims["28.1"]["statistic"] == "p10"
    assert claims["28.1"]["area"] == "Ohio"
    level = claims["38.4"]
    assert (level["experience_min"], level["experience_max"]) == (5, 9)
    assert claims["36.1"]["area"] == "Dayton, OH"
    assert "212500" not in claims
    assert "8123" not in claims


def test_rows_of_divs_are_a_table(words: Vocabulary) -> None:
    """The first row's words head the columns below."""
    claims = by_quote(GRID, words)
    assert claims["$118K"]["structure"] == "table"
    assert claims["$118K"]["pay_basis"] == "base"
    assert (claims["$14K"]["kind"], claims["$14K"]["period"]) == ("bonus", "year")


def test_a_list_of_divs_without_a_head_is_no_table(words: Vocabulary) -> None:
    """Rows that all hold figures have no heads to give."""
    body = "<div><span>A</span><span>$50,000</span><span>a year</span></div>" * 3
    claims = by_quote(f"<html><body><h1>Pay</h1><div>{body}</div></body></html>", words)
    assert {row["structure"] for row in claims.values()} <= {"prose", "list"}


@pytest.mark.parametrize(
    ("text", "quote", "field", "value"),
    [
        ("A nurse makes $600 a day at most.", "$600", "high", 600),
        ("Chartered staff earn £63,400 with the MRICS, £54,900 without.", "£54,900",
         "credential", "none"),
        ("Pay: 25th percentile $58,000 | 75th $91,000", "$91,000", "statistic", "p75"),
        ("Analyst pay: $55\u200a–\u200a$75 an hour", "$55\u200a–\u200a$75", "high", 75),
        ("CPA license holders averaged $98,300.", "$98,300", "kind", "pay_level"),
        ("Auditors' average rose 4.1% to $86,900.", "4.1%", "kind", "pay_delta_rel"),
        ("ISC2 puts the average CISSP salary at $147,757.", "$147,757",
         "attributed_to", "ISC2"),
        ("PMI's 2025 salary survey has a median of $135,000.", "$135,000",
         "attributed_to", "PMI"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_it_says(
    words: Vocabulary, text: str, quote: str, field: str, value: object
) -> None:
    """One rule each: bounds, credentials, ordinals, thin spaces, titles, owners."""
    assert by_quote(text, words, "text/plain")[quote][field] == value


def test_a_percent_of_salary_is_a_bonus(words: Vocabulary) -> None:
    """What a percent is reckoned on is not what is spoken of."""
    text = "Bonuses of 10% of salary are common; in London, closer to £6,000."
    claims = by_quote(text, words, "text/plain")
    assert {claims[q]["kind"] for q in ("10%", "£6,000")} == {"bonus"}


def test_pay_by_the_hour_after_an_allowance_is_pay(words: Vocabulary) -> None:
    """An allowance in the sentence before does not make an hour's pay one."""
    text = (
        "Salaries vary. A car allowance of £3,200 is paid. Night managers get £14.20 "
        "per hour plus £1.50 an hour."
    )
    assert by_quote(text, words, "text/plain")["£14.20"]["kind"] == "pay_level"


def test_a_survey_cited_in_passing_is_not_the_pages(words: Vocabulary) -> None:
    """One citation in the opening credits its own sentence alone."""
    text = (
        "# What welders earn\n\nAccording to a Brightwell report, welders earn a mean "
        "of $51,000.\n\n## By state\n\nPay differs by state. Texas pays $49,000.\n"
    )
    claims = by_quote(text, words, "text/markdown")
    assert claims["$51,000"]["attributed_to"] == "Brightwell"
    assert claims["$49,000"]["attributed_to"] is None
