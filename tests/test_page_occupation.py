"""Extract: which occupation a page is about that no figure's sentence names."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
PAY = "The median salary is $61,000 a year.\n\n"


def read_occupations(page: str) -> list[str | None]:
    """Return the occupation of each claim of a page, in text order."""
    document = read(page.encode(), "text/markdown", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12).claims
    return list(found.sort("start")["occupation"])


@pytest.mark.parametrize(
    ("page", "occupation"),
    [
        ("# What welders earn\n\n" + PAY, "welder"),
        # a title, or a heading that is hardly more, names the trade
        ("# Is nursing worth it?\n\n" + PAY, "registered nurse"),
        ("# Side jobs\n\n## Tutoring\n\n" + PAY, "tutor"),
        ("# Side jobs\n\n## How tutoring became a trade of its own\n\n" + PAY, None),
        ("# Nursing and teaching\n\n" + PAY, None),
        # without one a page is about whom it speaks of, again and again
        (PAY + "Welders are few.\n\nWelders like fire.\n\nAsk a welder.\n", "welder"),
        (PAY + "Welders are few.\n\nAsk a welder.\n", None),
        (PAY + "Ask a welder.\n\nA welder, a baker.\n\nA welder, a cook.\n\nA baker."
         "\n\nA cook.\n\nA plumber.\n", None),
        ("# The minimum wage\n\nThe minimum wage is $15 an hour.\n\n"
         "Welders are few.\n\nWelders like fire.\n\nAsk a welder.\n",
         "all occupations"),
        # of a trade that no list has, its last word tells who does it
        ("# Physical therapy salaries\n\n" + PAY, "physical therapist"),
        ("# What web design pays in Ohio\n\n" + PAY, "web designer"),
        ("# UX pay\n\n" + PAY, "ux designer"),
        ("# Time management and pay\n\n" + PAY, None),
        ("# Nursing school costs\n\n" + PAY, None),
        ("# Nursing homes and their prices\n\n" + PAY, None),
        # the opening says whose pay it is
        ("# Our 2024 survey\n\nWe gathered salaries for stonemasons.\n\n" + PAY,
         "stonemason"),
        ("# Our 2024 survey\n\nHow much glaziers earn we asked.\n\n" + PAY,
         "glazier"),
        ("# Our 2024 survey\n\nPay for glaziers and for bakers.\n\n" + PAY, None),
        ("# Our 2024 survey\n\nAs glaziers told us.\n\n" + PAY, None),
        # a homonym with its pay behind it; a verb or a plural is no part of a name
        ("# Judges' salaries\n\n" + PAY, "judge"),
        ("# 5 reasons glaziers are glad\n\n" + PAY, "glazier"),
        ("# The union representing welders\n\n" + PAY, "welder"),
        # what the law sets, and what all of a country earn, is everybody's
        ("# What welders earn\n\nThe minimum wage is $12 an hour.\n",
         "all occupations"),
        ("# What welders earn\n\nThe minimum wage for welders is $22 an hour.\n",
         "welder"),
        ("# Minimum wage for welders\n\nThe minimum wage is $22 an hour.\n",
         "welder"),
        ("# Minimum wage for welders\n\nThe federal minimum wage is $7.25 an hour.\n",
         "all occupations"),
        ("# What welders earn\n\nThe average UK salary is £37,000 a year.\n",
         "all occupations"),
        ("# What welders earn\n\nThe average UK salary for welders is £37,000.\n",
         "welder"),
        ("# What welders earn\n\nThe average worker earns $40,000 a year.\n",
         "average worker"),
        ("# What welders earn\n\nA welder, Ana Li, said the average worker earns "
         "$40,000 a year.\n", "average worker"),
        ("# Gehalt Erzieherin\n\nDer Mindestlohn liegt bei 12,82 € pro "
         "Stunde. Viele verdienen mehr und wir fragen die Leute danach.\n",
         "all occupations"),
        # a name of several jobs is the longer one that the page has for it
        ("# Captain pay\n\nYacht captains are few.\n\nA captain earns $90,000.\n",
         "yacht captain"),
        ("# Captain pay\n\nYacht captains, police captains.\n\n" + PAY, "captain"),
        # jobs in other languages
        ("# Was verdient ein Lehrer?\n\nDas Gehalt ist 61.000 € im Jahr.\n", "lehrer"),
        ("# Salaire aide-soignante\n\nLe salaire est de 21 000 € par an.\n",
         "aide soignante"),
        # a label names a trade
        ("# Careers\n\n- Interior design: $61,000 a year\n", "interior designer"),
        ("# Careers\n\n| Field | Average salary |\n|---|---|\n"
         "| Social work | $58,000 |\n", "social worker"),
    ],
)  # fmt: skip
def test_a_page_says_whom_it_is_about(page: str, occupation: str | None):
    """By its title, by a trade, or by the job that it hardly leaves."""
    assert read_occupations(page) == [occupation]


def test_years_before_one_that_nobody_told_leave_a_figure_undated():
    """`Six years earlier` is unread where no figure before it has a date."""
    text = (
        "# Pay, May 2020\n\nWelders here make $52,000.\n"
        "Six years earlier welders made $41,000.\n"
    )
    document = read(text.encode(), "text/markdown", where="case")
    found = extract(document, WORDS, source="case", snapshot="0" * 12).claims
    assert found.sort("start")["reference_period"][1] is None
    assert found.sort("start")["unread"][1] == "Six years earlier"
