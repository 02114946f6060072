"""A page against itself: every kind of contradiction in three forms, and its twins.

Each page is wrong in one figure; its twin differs in that figure alone and is sound.
"""

import pytest
from page_conflicts import discrepancies, types

YEARS = """# Pay of {jobs}

| {head} | 2024 average | 2025 average | Change |
| --- | --- | --- | --- |
| {a} | $50,000 | $52,000 | +4.0% |
| {b} | $60,500 | $59,290 | {{}} |
| {c} | $71,000 | $73,130 | +3.0% |
"""
AGAINST = """# Pay of {jobs}

| {head} | Average pay | Against {base} |
| --- | --- | --- |
| {base} | $40,000 | |
| {a} | $50,000 | +25% |
| {b} | $54,400 | {{}} |
| {c} | $46,000 | +15% |
| {d} | $60,000 | +50% |
"""
RUNGS = """# Pay of {jobs}

Average yearly pay by years of work, 2025:

- 1 to 3 years: $41,300
- 4 to 6 years: $47,900
- 7 to 10 years: {{}}
- 11 to 15 years: $58,600

{says}
"""
SHOPS = """# What {jobs} make

Average hourly pay in our poll:

- Overall average: $33.10
- {a}: $31.20
- {b}: $34.75
- {c}: {{}}

{says}
"""
HOURS = """# What {jobs} make

| Place | Hourly pay |
| --- | --- |
| {a} | $31.20 |
| {b} | $34.75 |
| {c} | $34.10 |
| {d} | $33.00 |

{says}
"""
RANKED = HOURS.replace("$34.10", "{{}}")
POSTING = """<html><body><h1>{job}</h1><p>Trident Works, Tulsa, OK.</p>
<p>Pay of the {job}: ${amount} {words}.</p><script type="application/ld+json">
{{{{"@context":"https://schema.org/","@type":"JobPosting","title":"{job}",
"datePosted":"2026-10-01","hiringOrganization":{{{{"@type":"Organization","name":
"Trident Works"}}}},"jobLocation":{{{{"@type":"Place","address":{{{{"@type":
"PostalAddress","addressLocality":"Tulsa","addressRegion":"OK",
"addressCountry":"US"}}}}}}}},"baseSalary":{{{{"@type":"MonetaryAmount","currency":"USD",
"value":{{{{"@type":"QuantitativeValue","value":{amount},"unitText":"{{}}"}}}}}}}}}}}}
</script></body></html>"""
ADVERTS = """# Pay of {jobs}

| Setting | Yearly pay in adverts, 2024 |
| --- | --- |
| {a} | $41,000 - $52,000 |
| {b} | $45,000 - $58,000 |

{says}
"""


def fill(form, keys, *values):
    """A page of a form, its one figure left open."""
    return form.format(**dict(zip(keys.split(), values, strict=True)))


KINDS = {
    "a change with the wrong sign": ("arithmetic_contradiction", "+2.0%", "-2.0%", [
        fill(YEARS, "jobs head a b c", "welders", "Work", "Pipes", "Ships", "Steel"),
        fill(YEARS, "jobs head a b c", "electricians", "State", "Ohio", "Iowa", "Utah"),
        fill(YEARS, "jobs head a b c", "carpenters", "Employer", "Builders", "Schools",
             "Hospitals"),
    ]),
    "a change against one row": ("arithmetic_contradiction", "+63%", "+36%", [
        fill(AGAINST, "jobs head base a b c d", "welders", "Work", "Repair", "Pipes",
             "Ships", "Steel", "Tanks"),
        fill(AGAINST, "jobs head base a b c d", "plumbers", "State", "Ohio", "Iowa",
             "Utah", "Idaho", "Maine"),
        fill(AGAINST, "jobs head base a b c d", "carpenters", "Trade", "Framing",
             "Roofs", "Stairs", "Floors", "Boats"),
    ]),
    "a ladder with a fallen rung": ("rank_contradiction", "$47,100", "$52,400", [
        fill(RUNGS, "jobs says", "welders", "Pay rises at every step."),
        fill(RUNGS, "jobs says", "plumbers",
             "So the pay of plumbers grows with every band of experience."),
        fill(RUNGS, "jobs says", "electricians",
             "What an electrician makes goes up at each stage of the ladder."),
    ]),
    "a row of a list to which the reader is sent": (
        "rank_contradiction", "$36.40", "$31.10", [
        fill(SHOPS, "jobs a b c says", "welders", "Large repair shops", "Shipyards",
             "Pipelines",
             "Look at the list: shipyards pay us the most."),
        fill(SHOPS, "jobs a b c says", "plumbers", "Family firms", "Union contractors",
             "City works", "In that table union contractors pay the best."),
        fill(SHOPS, "jobs a b c says", "carpenters", "Boat yards",
             "Small framing crews", "Film studios",
             "The chart has it: framing crews pay the best."),
    ]),
    "a row that is once again the best paid": (
        "rank_contradiction", "$36.10", "$30.10", [
        RANKED.format(jobs="welders", a="Tanks (field)", b="Ships (dock)", c="Pipes",
                     d="Steel", says="Ships (dock) are once again the best paid."),
        RANKED.format(jobs="plumbers", a="Ohio", b="Iowa", c="Utah", d="Maine",
                     says="As last time, Iowa pays us the most."),
        RANKED.format(jobs="electricians", a="Mines", b="Film sets", c="Hospitals",
                     d="Schools", says="Film sets are again the highest-paying."),
    ]),
    "a difference of people whom the sentence before names": (
        "arithmetic_contradiction", "$10,820", "$12,820", [
        "Welders with a high school diploma averaged $61,050 a year; an associate "
        "degree took that to $65,430, a bachelor's degree to $73,870. In other words, "
        "a bachelor's degree holder earns {} a year more than somebody with high "
        "school alone.",
        "Remote coders averaged $61,050 a year, hybrid coders $73,870 and those on "
        "site $58,200. Hybrid work pays {} a year more than remote work.",
        "Hospital welders average $61,050 a year, school welders average $55,000 and "
        "government welders average $73,870. Government pays {} a year more than "
        "hospitals do.",
    ]),
    "an average outside a dated range": (
        "average_outside_range", "$61,400", "$51,400", [
        ADVERTS.format(jobs="welders", a="Hospitals", b="Schools",
                       says="Hospital welders averaged {} in the other adverts."),
        ADVERTS.format(jobs="plumbers", a="Ohio", b="Iowa",
                       says="Plumbers in Ohio averaged {} a year."),
        ADVERTS.format(jobs="electricians", a="Government", b="Hospitals",
                       says="Government electricians average {} a year."),
    ]),
    "an hour that nobody is paid": ("unit_slip", "$4,800", "$48", [
        HOURS.format(jobs="welders", a="Ships", b="Pipes", c="Tanks", d="Steel",
                     says="In the last letter we printed {} an hour for Colorado."),
        HOURS.format(jobs="plumbers", a="Ohio", b="Iowa", c="Utah", d="Maine",
                     says="Temps make {} an hour."),
        HOURS.format(jobs="hygienists", a="Ohio", b="Iowa", c="Utah", d="Maine",
                     says="An app offers {} to $5,500 an hour."),
    ]),
    "by the hour what is by the year": ("json_vs_text", "YEAR", "HOUR", [
        fill(POSTING, "job amount words", "Welder", "31.75", "per hour"),
        fill(POSTING, "job amount words", "Electrician", "42.10", "an hour"),
        fill(POSTING, "job amount words", "Plumber", "38.40", "hourly"),
    ]),
}  # fmt: skip
PAGES = [
    pytest.param(kind, page.format(wrong), page.format(right), id=f"{name} {n}")
    for name, (kind, wrong, right, pages) in KINDS.items()
    for n, page in enumerate(pages)
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "wrong", "right"), PAGES)
def test_a_page_is_held_against_itself_and_its_sound_twin_is_let_pass(
    kind, wrong, right
):
    """Three pages of a kind; of data by the year an impossible amount is told too."""
    name = "page.html" if "<html>" in wrong else "page.md"
    assert kind in types(wrong, name)
    assert types(wrong, name) <= {kind, "unit_slip"}
    assert types(right, name) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        # Every row of another column: who had work, what bonus was paid.
        "| People | Pay before | Pay after | % employed |\n| --- | --- | --- | --- |\n"
        "| Men | $49,250 | $73,228 | 78% |\n| Women | $45,012 | $68,578 | 78% |\n",
        "Welders in shipyards average $62,300 a year and welders in schools $48,100."
        "\n\n> Shipyard welders average 36% more than others of no such work.\n> On "
        "average, welders earn $60,500, and welders of Ohio $56,000.",
        'A conductor made $239,148, about $4,000 more than the chief of finance," and '
        '"more than a quarter of the conductors earned more than $100,000 last year."',
        "## 2021\n\n- Mean earnings of welders: $85,336 (+10.8%)\n\n## 2022\n\n"
        "- Mean earnings of welders: $89,173 (+4.5%)\n",
        "The median wage of welders dropped from $52,023 to $18,401, a change of 64 "
        "percent.",
        "The median pay of welders ranges from $17,683 in Ohio to $166,918 in Iowa. "
        "That is a gap of $149,234 a year.",
        "Welders average $60,000 a year.\n\nIn 2020 welders averaged $31.35 an hour. "
        "In 2010 it was $23.01 an hour.",
        "Registered nurses average $75,700 a year.\n\nBSN nurses average $89,200 a "
        "year.",
        "He works full time as a mail clerk; two nights a week he waits tables, where "
        "waiters can earn close to $10,000 a year.",
        "For workers in Ohio the minimum wage increases to $10 at the end of 2016, "
        "then $1 a year after, reaching $15 in 2021.",
        "BLS data for May 2025 show that accountants earn a mean of $94,750 a year."
        "\n\nBLS data for May 2025 show mean wages of accountants of $96,270 a year in "
        "accounting, tax preparation and payroll services.",
        "The median pay of writers across all regions was $74,500 a year.\n\nThe "
        "median pay of writers in the United States was $93,600 a year.",
        "In 2016 the mean pay of developers was €38,913.\n\nIn 2016 the mean pay of a "
        "developer was €29,500 for a débutant.",
        # What lawyers bill, and what mayors of villages get.
        "A first-year lawyer makes $600 an hour, a lawyer of ten years $900 an hour.",
        "The mayor of Elm gets $4,958 a year, the mayor of Oak $8,138 a year and the "
        "mayor of Ash $10,700 a year.",
        "| Employer | Average pay of welders |\n| --- | --- |\n| Acme Steel | $52,000 "
        "|\n| Trident Works | $61,000 |\n| Other | $48,000 |\n\nThe average pay of "
        "welders is $55,100 a year.",
    ],
)
def test_what_a_page_says_of_two_things_is_no_contradiction(text):
    """Other employers, years, industries, kinds of people; steps; parts of a year."""
    assert types(text) == set()


@pytest.mark.slow
def test_one_average_in_two_places_of_a_list_and_a_paragraph():
    """Beside an item of other people in the same list, as of holders of a licence."""
    page = """# Pay of accountants

- The median pay of an accountant is $83,680, while the average is $94,750 a year.
- Certified public accountants with a CPA earn an average of $119,000 a year.

What is the average pay? The average pay of an accountant is {} a year.
"""
    wrong = ("internal_contradiction", frozenset({"$94,750", "$89,400"}))
    assert discrepancies(page.format("$89,400")) == {wrong}
    assert types(page.format("$94,750")) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sentence", "is_found"),
    [
        ("The highest median of all is that of welders in ships.", True),
        ("The highest starting pay of all is that of welders in ships.", False),
        ("Nobody pays better than ships.", False),
    ],
)
def test_a_rank_is_of_the_statistic_that_its_sentence_names(sentence, is_found):
    """A table has medians and minimums: the highest median is none of the minimums."""
    page = ("# Welders\n\n| Work | Minimum | Median |\n| --- | --- | --- |\n| Ships | "
            "$38,000 | $45,000 |\n| Pipes | $31,000 | $52,000 |\n\n{}\n")  # fmt: skip
    found = discrepancies(page.format(sentence))
    assert bool(found) is is_found
    assert not any("$38,000" in quotes for _, quotes in found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("- Average pay: €72,177 (€1,026 a week)", True),
        ("- Average pay: €53,352 (€1,026 a week)", False),
        ("- **Pay:** $31.50 an hour, so $63,000 a year", True),
        ("- **Pay:** $31.50 an hour, so $65,520 a year", False),
        ("- **Median:** $24.00 an hour, which makes $44,920 a year", True),
        ("- **Pay:** $31.50 an hour in town and $63,000 a year at sea", False),
    ],
)
def test_one_pay_by_two_pay_periods_is_of_one_question_whoever_is_paid(text, is_found):
    """Two neighbours that a bracket or a word like `so` joins."""
    found = types(f"# What the work pays\n\n{text}\n- Ten months of training\n")
    assert found == ({"internal_contradiction"} if is_found else set())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "is_found"),
    [("the Bureau of Labor Statistics", True), ("Payscale", False), ("", False)],
)
def test_a_publishers_figure_that_names_nobody_is_of_those_of_whom_the_page_speaks(
    said, is_found
):
    """With the same publisher; a figure of nobody's is of nobody."""
    source = f"{said} puts the yearly mean at" if said else "The yearly mean is"
    text = (
        f"# Our letter of March\n\n{source} $65,260 for a full year.\n\n"
        "A plumber made $91,000 a year.\n\n"
        "Hygienists have asked. According to the Bureau of Labor Statistics the mean "
        "pay of hygienists is $67,860 a year. So hygienists know.\n"
    )
    assert ("internal_contradiction" in types(text)) is is_found


@pytest.mark.slow
def test_a_rate_that_is_called_a_years_has_no_neighbours_to_excuse_it():
    """Three postings with the same fault are three faults."""
    page = "".join(
        f"- The mayor of {town} gets ${pay} a year.\n"
        for town, pay in (("Elm", "21.75"), ("Oak", "23.10"), ("Ash", "24.40"))
    )
    assert len(discrepancies(f"# Pay of mayors\n\n{page}")) == 3


LISTED = {
    "a job that was not read, on a page with a list of jobs": (
        "# Work after school\n\n## Divers\n\nMedian pay of commercial divers: "
        "$58,640 a year\n\n"
        "## Pilots\n\nMedian pay of pilots: $74,470 a year\n\n## Wranglers of "
        "things\n\nMedian pay: $62,540 a year\n",
    ),
    "another job's heading below the one that was read": (
        "# Five jobs for a summer\n\nThey pay.\n\n## Photographer\n\nThe average pay "
        "is $13.70 an hour.\n\n### Van of cones\n\nThe average pay is $12.18 an hour."
        "\n\n## Lifeguard\n\nThe average pay of lifeguards is $9.00 an hour.\n",
    ),
    "gross and net under one heading": (
        "# Truck drivers\n\n## Average income of drivers\n\n| Miles | Gross a week "
        "| Net a week |\n| --- | --- | --- |\n| 2,000 | $4,400 | $1,760 - $2,200 |\n"
        "| 3,000 | $6,000 | $2,400 - $3,000 |\n",
    ),
    "two headings of a list with one code": (
        "# A degree in security\n\n## Information security analyst\n\nMedian pay "
        "(2020): $103,590\n\n## Penetration tester\n\nMedian pay (2020): $92,870\n",
    ),
    "a job of one code that only the page lends": (
        "---\ntitle: Data science 2025\n---\n\n## Schools of the north\n\nData science "
        "grows, data science pays and data science is taught.\n\n## Colleges\n\nThere "
        "are many.\n\n| School | Average pay |\n| --- | --- |\n| Elm | $75,000 |\n"
        "| Oak | $81,000 |\n\n## Why\n\nData scientists earn $98,000 - $120,000 a "
        "year.\n",
    ),
    "a month of half a post": (
        "# Students\n\nThe pay of a teaching assistant for 50 percent time is $1,424 a "
        "month, or $20.34 an hour.\n",
    ),
    "an answer of the data with the pay of five jobs": (
        "<html><body><h1>Paths</h1><h2>Plumber</h2><p>Pay: $110,000 - $160,000 a year."
        '</p><script type="application/ld+json">{"@context":"https://schema.org",'
        '"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"What is paid?",'
        '"acceptedAnswer":{"@type":"Answer","text":"Pay is $100,000-$220,000 a year. '
        "Plumbers of dams earn $120,000-$170,000, plumbers $121,000-$171,000, "
        'plumbers $140,000-$200,000, plumbers $150,000-$210,000 a year."}}]}'
        "</script></body></html>",
    ),
    "words that are no number": (
        "# Hair stylists in Ohio\n\n- What hair stylists sell can add a few hundred to "
        "a few thousand dollars annually to the pay of a hair stylist.\n",
    ),
    "a question": (
        HOURS.format(jobs="welders", a="Ohio", b="Iowa", c="Utah", d="Maine",
                     says="Does Ohio have the highest pay?"),
    ),
    "two rows named as one": (
        HOURS.format(jobs="welders", a="Ohio", b="Iowa", c="Utah", d="Maine",
                     says="Places like Iowa and Ohio have the highest pay."),
    ),
    "the page's people": (
        "# Welders\n\n- Pipe welder: $40,000\n- Rig boss: $61,000\n- Welder: $38,000\n"
        "- Welder of ships: $52,000\n\nLarge firms have the highest pay of a "
        "welder.\n",
    ),
    "a row with the sentence's figure and a column of something else": (
        "# Software developers\n\nIn Seattle, WA the average pay of a software "
        "developer is about $98,000 a year (23% higher than elsewhere).\n\n"
        "| Place | Average pay | Worth |\n| --- | --- | --- |\n"
        "| Seattle, WA | $98,300 | $54,000 |\n"
        "| Boise, ID | $70,100 | $61,000 |\n",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("text", [t for (t,) in LISTED.values()], ids=list(LISTED))
def test_what_was_not_read_of_a_figure_is_no_conflict(text):
    """A conflict is of two figures whose job, row and measure the page itself names."""
    assert types(text, "page.html" if "<html>" in text else "page.md") == set()
