"""What a page says twice, and what cannot be so: each test with its counterpart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import VOCABULARY
from page_conflicts import types

from pipeline.extract import extract
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.read import read
from pipeline.reconcile import PageInputs, assess
from pipeline.reconcile.within_page.comparison_words import (
    ComparisonPhrases,
    split_sentences,
    stem_word,
)

WORDS = ComparisonPhrases.from_vocabulary(VOCABULARY)
TABLE = """# Pay of welders

Average pay of welders by kind of work, 2025:

| Work | Average pay |
| --- | --- |
| Pipeline work | $71,400 |
| Shipyard work | $64,200 |
| Structural steel | $58,900 |
| Repair shops | $49,300 |

{}
"""
LIST = """# Best-paying states for welders

The highest-paying states, average yearly pay of welders:

1. Alaska: $78,200
2. Hawaii: {}
3. Wyoming: $66,900
"""
DATA = """<html><body><h1>Welder salaries</h1>
<p>The median base salary of a welder is {text} per year.</p>
<script id="__NEXT_DATA__" type="application/json">{{"props":{{"pageProps":{{"salary":
{{"jobTitle":"Welder","country":"United States","currency":"USD",
"basePay":{{"payPeriod":"ANNUAL","p50":{data}}},"byLocation":[
{{"name":"Mobile, AL","medianBase":48200}},{{"name":"Tulsa, OK","medianBase":{city}}},
{{"name":"Boise, ID","medianBase":51900}}]}}}}}}}}</script></body></html>"""


WRONG = {
    "a percentage of its own two figures": (
        "arithmetic_contradiction",
        "Welders earned an average of $52,000 in 2025, up 9 percent from $50,000 in "
        "2024.",
        "Welders earned an average of $52,000 in 2025, up 4 percent from $50,000 in "
        "2024.",
    ),
    "a percentage of the sentence before": (
        "arithmetic_contradiction",
        "Certified welders average $60,000, against $50,000 for welders without a "
        "certificate. That makes certified welders 12% better paid.",
        "Certified welders average $60,000, against $50,000 for welders without a "
        "certificate. That makes certified welders 20% better paid.",
    ),
    "a percentage of two rows": (
        "arithmetic_contradiction",
        TABLE.format("Pipeline work pays 31% more than repair shops do."),
        TABLE.format("Pipeline work pays 45% more than repair shops do."),
    ),
    "a row called the best paid that is not": (
        "rank_contradiction",
        TABLE.format("The best-paid work in the survey was structural steel."),
        TABLE.format("The best-paid work in the survey was pipeline work."),
    ),
    "a row called the worst paid that is not": (
        "rank_contradiction",
        TABLE.format("Shipyard work pays the least of the four."),
        TABLE.format("Repair shops pay the least of the four."),
    ),
    "a row said to earn more than a higher one": (
        "rank_contradiction",
        TABLE.format("Welders in repair shops earn more than those in shipyard work."),
        TABLE.format("Welders in shipyard work earn more than those in repair shops."),
    ),
    "a numbered list out of order": (
        "rank_contradiction",
        LIST.format("$61,100"),
        LIST.format("$71,100"),
    ),
    "another figure for a row": (
        "internal_contradiction",
        TABLE.format("Structural steel paid an average of $55,900 in 2025."),
        TABLE.format("Structural steel paid an average of $58,900 in 2025."),
    ),
    "a bound that a row breaks": (
        "internal_contradiction",
        TABLE.format("Every kind of work paid at least $50,000 a year."),
        TABLE.format("Every kind of work paid at least $49,000 a year."),
    ),
    "a mean outside its range": (
        "average_outside_range",
        "Welders in Ohio report $48,000 to $57,000 a year, for an average of $58,800.",
        "Welders in Ohio report $48,000 to $57,000 a year, for an average of $52,800.",
    ),
    "percentiles that cross": (
        "percentile_order",
        "The median pay of welders is $51,000 a year. The 75th percentile is $49,000.",
        "The median pay of welders is $51,000 a year. The 75th percentile is $59,000.",
    ),
    "a range that runs backwards": (
        "range_inversion",
        "Welders in Ohio earn between $61,000 and $48,000 a year.",
        "Welders in Ohio earn between $48,000 and $61,000 a year.",
    ),
    "a premium in two sizes": (
        "arithmetic_contradiction",
        "The median pay of a medical coder in the United States is $48,000 a year.\n\n"
        "Certified coders earn 20-30% more. A CPC adds $1,000 to $2,000 a year.",
        "The median pay of a medical coder in the United States is $48,000 a year.\n\n"
        "Certified coders earn 20-30% more. A CPC adds $10,000 to $14,000 a year.",
    ),
    "one occupation under two names": (
        "occupation_mismatch",
        "The median pay of a medical coder in the United States is $48,000 a year.\n\n"
        "Medical records specialists typically earn $35,000 - $45,000 a year.",
        "The median pay of a medical coder in the United States is $48,000 a year.\n\n"
        "Registered nurses typically earn $75,000 - $95,000 a year.",
    ),
    "less than the legal minimum": (
        "unit_slip",
        "Welders in Ohio earn an average of $196 a week.",
        "Welders in Ohio earn an average of $960 a week.",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "wrong", "right"), WRONG.values(), ids=WRONG)
def test_each_contradiction_is_named_and_its_sound_twin_is_not(kind, wrong, right):
    """One test, one page that fails it, one that differs by a figure and does not."""
    assert types(wrong) == {kind}
    assert types(right) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "data", "city", "expected"),
    [
        ("$49,700", 49700, 47300, set()),
        ("$49,700", 49712, 47300, set()),
        ("$47,900", 49700, 47300, {"json_vs_text"}),
        ("$50,000", 49700, 47300, set()),
        ("$49,700", 49700, 4730, {"unit_slip"}),
    ],
)
def test_a_pages_data_are_held_against_its_text(text, data, city, expected):
    """Rounding is no contradiction; a digit lost among neighbours is a slip."""
    page = DATA.format(text=text, data=data, city=city)
    assert types(page, "page.html") == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "Welders earned a median of $51,000 in 2025. A year before, the median was "
        "$48,000.",
        "Welders average $52,000 and fitters $61,000, up 3% and 5% respectively.",
        "Welders average $52,000 and fitters $61,000. Pay rose 3% on the year before.",
        TABLE.format("Pipeline work is one of the best-paid jobs, shipyard work the "
                     "second-highest paid."),
        TABLE.format("Structural steel, the best-paid work after pipeline and shipyard "
                     "work, is dangerous."),
        "Male welders report an average of $58,000 a year.\n\nWelders report an "
        "average of $54,000 a year.",
        "AAPC puts the average pay of a medical coder at $64,710 a year.\n\nThe "
        "average pay of a medical coder is $58,100 a year.",
        "The bottom tenth of welders earn less than $36,000 a year, a tenth over "
        "$72,000.",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_contradiction_is_let_pass(text):
    """Another date, another publisher, narrower people, a rank other than the first."""
    assert types(text) == set()


@pytest.mark.slow
def test_the_order_of_claims_changes_nothing():
    """The same contradictions in whatever order the claims arrive."""
    text = TABLE.format("Structural steel paid an average of $55,900 in 2025. The "
                        "best-paid work was shipyard work.")  # fmt: skip
    body = text.encode()
    document = read(body, "text/markdown", where="page.md")
    claims = extract(document, VOCABULARY, source="page", snapshot="a" * 12).claims
    draft = normalise(claims, VOCABULARY, {})
    figures, _ = validate(draft.head(0), make_empty_broken_rows(), VOCABULARY)

    @settings(max_examples=10)
    @given(st.permutations(range(claims.height)))
    def run(order):
        shuffled = claims[list(order)]
        context = PageInputs(shuffled.to_dicts(), {"a" * 12: document})
        mixed = normalise(shuffled, VOCABULARY, {})
        found = assess(mixed, figures.lazy(), VOCABULARY, {}, context)
        assert found.discrepancies.equals(expected)

    context = PageInputs(claims.to_dicts(), {"a" * 12: document})
    expected = assess(draft, figures.lazy(), VOCABULARY, {}, context).discrepancies
    assert expected.height >= 2
    run()


@pytest.mark.slow
@settings(max_examples=10)
@given(st.sampled_from([2, 3, 5, 10]), st.booleans())
def test_scaling_every_figure_changes_no_contradiction(factor, wrong):
    """A page in which all pay is c times as high says what it said."""
    figures = [71_400, 64_200, 58_900, 49_300, 55_900 if wrong else 58_900]
    text = TABLE.format("Structural steel paid an average of $58,901 in 2025.")
    for old, new in zip([71_400, 64_200, 58_900, 49_300, 58_901], figures, strict=True):
        text = text.replace(f"${old:,}", f"${new * factor:,}")
    assert types(text) == ({"internal_contradiction"} if wrong else set())


def test_another_unit_of_the_same_pay_is_no_contradiction():
    """By the hour and by the year; a slip between the two is one."""
    page = ("| State | Average yearly pay of welders | Per hour |\n"
            "| --- | --- | --- |\n| Ohio | $52,000 | {} |\n"
            "| Iowa | $49,920 | $24.00 |\n")  # fmt: skip
    assert types(page.format("$25.00")) == set()
    assert types(page.format("$52.00")) == {"internal_contradiction"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The U.S. Bureau says so. It is true.", 2),
        ("Pass the CSE. Then ask.", 2),
        ("It pays $5.25 an hour", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, count):
    """An abbreviation or a decimal point is no end."""
    assert len(split_sentences(text)) == count


def test_words_are_compared_without_case_and_plural():
    """Both sides go through it."""
    assert {stem_word(w) for w in ("Offices", "office", "OFFICE")} == {"office"}
    assert WORDS.content_words("The Repair Shops") == {"repair", "shop"}


def test_a_label_in_a_list_takes_the_years_that_the_text_defines():
    """Entry-level is two years where the page says so, and no years elsewhere."""
    page = (
        "# Pay of welders\n\n- **Entry-level welders**: $35,000 - $45,000 a year\n"
        "- **Senior welders**: $60,000 - $80,000 a year\n\n{}\n"
    )
    ladder = (
        "**0-2 years**: Entry-level welders learn the trade.\n\n"
        "**6+ years**: Senior welders lead crews."
    )
    found = {}
    for text in (page.format(ladder), page.format("Welders like their work.")):
        document = read(text.encode(), "text/markdown", where="page.md")
        rows = extract(document, VOCABULARY, source="page", snapshot="a" * 12).claims
        years = rows.filter(rows["low"].is_not_null())
        found[text] = years.select("experience_min", "experience_max").rows()
    assert list(found.values()) == [[(0.0, 2.0), (6.0, None)], [(None, None)] * 2]
