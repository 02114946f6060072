"""What a page states once of all its figures, and what may be said of one by that."""

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from made import VOCABULARY
from placed import MEASURES
from test_cases_of_judging import read_claims
from test_verdict_rules import PUBLISHERS, UNDATED, cell, index_of, quote_row

from pipeline.read import read
from pipeline.reconcile.evidence.code_lines import CodeLines
from pipeline.reconcile.evidence.references import gather_references
from pipeline.reconcile.verdict.declared_years import OPENING, DeclaredYears
from pipeline.reconcile.verdict.field_readings import FieldReading
from pipeline.reconcile.verdict.judge import Judge, PageHead

LINES = CodeLines.from_vocabulary(VOCABULARY)
DECLARED = DeclaredYears.from_vocabulary(VOCABULARY, PUBLISHERS)
LENT = {"publisher": "unnamed", "attributed_to": None, **UNDATED}
HEAD = PageHead(2026, frozenset(("bls",)), frozenset(), {"bls": 2024})
STATES = ("39", "19", "48", "31", "22")
NEWEST = [cell(51000 + 170 * n, area_code=s, year=2025) for n, s in enumerate(STATES)]
STATED = [cell(48010 + 130 * n, area_code=s) for n, s in enumerate(STATES)]
MEANS = [
    cell(53020 + 190 * n, area_code=s, statistic="mean") for n, s in enumerate(STATES)
]
FORMER = [cell(45030 + 110 * n, area_code=s, year=2023) for n, s in enumerate(STATES)]
CELLS = (*NEWEST, *STATED, *MEANS, *FORMER)
PROSE = FieldReading(structure="prose", start=5)
BUREAU = "the Bureau of Labor Statistics"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        (f"All of this is from {BUREAU}, May 2024.", 2024),
        ("For May 2023 BLS has these medians.", 2023),
        (f"Figures: {BUREAU}. Updated May 2024.", None),
        ("Ray wrote on Sat 14 May 2024: what BLS has is this.", None),
        (f"In 2024 {BUREAU} had these.", None),
        (f"{BUREAU} had more in May 2024 than in May 2019.", None),
        (f"{BUREAU} counts. {'Much is said of it. ' * 20}That was in May 2024.", None),
        (f"From {BUREAU}, May 2024.\n\nIn May 2019 BLS had less.", 2024),
        (f"From {BUREAU}, May 2019.\n\nFor May 2024 BLS has more.", None),
        (f"{'One more word. ' * (OPENING // 14)}\n\nBLS had it in May 2024.", None),
        (f"## {BUREAU}, May 2024\n\nWelders earn $51,000.", None),
    ],
)
def test_a_page_states_the_year_of_a_publishers_figures_once(text, year):
    """In a paragraph of its opening that names both, and never a later one."""
    page = read(text.encode(), "text/markdown", where="page.md")
    assert DECLARED.find_in(page).get("bls") == year


def judge(rows, readings=None, head=HEAD, cells=CELLS):
    """The verdicts on the rows of a page that states its year."""
    read_as = {row["claim_id"]: (readings or {}).get(n, PROSE)
               for n, row in enumerate(rows)}  # fmt: skip
    known = Judge(index_of(*cells), MEASURES, PUBLISHERS, LINES, read_as,
                  {"a" * 12: head})  # fmt: skip
    return known.judge_figures(rows)


def of_states(*amounts, **said):
    """Rows that name nobody and no date, one a state."""
    return [
        quote_row(a, **{**LENT, "area_code": s, "area": s, **said})
        for a, s in zip(amounts, STATES, strict=False)
    ]


FIRST = [c.amount for c in STATED]


def test_an_undated_figure_is_of_the_year_that_its_page_states():
    """And an older one where the page states none."""
    rows = of_states(FIRST[0])
    assert [v.verdict for v in judge(rows)] == ["supported"]
    silent = replace(HEAD, year=None, declared={})
    assert [v.verdict for v in judge(rows, head=silent)] == ["older_figure"]


def test_a_date_from_elsewhere_on_the_page_gives_way_to_the_stated_one():
    """One that stands beside the figure does not."""
    row = quote_row(FIRST[0], area_code="39", year=2023, reference_period="2023-05")
    far = FieldReading(
        {"reference_period": "inherited"}, where={"reference_period": "document"}
    )
    near = FieldReading({"reference_period": "stated"})
    assert [v.verdict for v in judge([row], {0: far})] == ["supported"]
    assert [v.verdict for v in judge([row], {0: near})] != ["supported"]


@pytest.mark.parametrize(
    ("witnesses", "last", "beside", "verdict"),
    [
        (4, MEANS[4].amount, "", "wrong_statistic"),
        (3, MEANS[4].amount, "", "unattributed"),
        (4, MEANS[4].amount, "a jump from $47,000 the year before", "unattributed"),
        (4, FORMER[4].amount, "", "older_figure"),
        (4, 47111, "", "unattributed"),
    ],
)
def test_what_is_stated_once_accuses_another_cell_alone(
    witnesses, last, beside, verdict
):
    """Where enough figures of the page are of that year; never an older one of it."""
    rows = of_states(*FIRST[:witnesses])
    rows.append(quote_row(last, **{**LENT, "area_code": "22", "area": "Louisiana"}))
    found = judge(rows, {witnesses: replace(PROSE, beside=beside)})
    assert found[-1].verdict == verdict


def test_who_is_quoted_by_name_with_a_former_figure_is_held_to_the_stated_year():
    """One that another sentence named is not."""
    rows = of_states(*FIRST[:4])
    rows.append(quote_row(FORMER[4].amount, area_code="22", area="La", **UNDATED))
    assert judge(rows)[-1].verdict == "stale"
    away = {4: replace(PROSE, basis={"attributed_to": "inherited"})}
    assert judge(rows, away)[-1].verdict == "older_figure"


def test_figures_with_a_date_of_their_own_do_not_hide_the_year_of_the_others():
    """`The median was less in May 2023` below a list of those of 2024."""
    jobs = ("51-4121", "47-2111", "47-2152", "47-2031")
    own = [cell(48010 + 130 * n, soc=soc) for n, soc in enumerate(jobs)]
    new = [cell(51000 + 170 * n, soc=soc, year=2025) for n, soc in enumerate(jobs)]
    old = [cell(45030, soc="51-4121", year=2023), cell(46110, soc=jobs[3], year=2023)]
    said = [{"soc_candidates": soc, "occupation": soc} for soc in jobs]
    rows = [quote_row(c.amount, **{**LENT, **job})
            for c, job in zip(own[:3], said, strict=False)]  # fmt: skip
    rows.append(quote_row(45030, year=2023, reference_period="2023-05", **said[0]))
    rows.append(quote_row(46110, **{**LENT, **said[3]}))
    found = judge(rows, cells=(*own, *new, *old))
    assert [v.verdict for v in found] == [*["supported"] * 4, "stale"]


@pytest.mark.parametrize(
    ("witnesses", "verdict"), [(2, "misquoted"), (1, "cannot_tell")]
)
def test_beside_two_figures_of_the_survey_a_third_is_no_profile_of_several_jobs(
    witnesses, verdict
):
    """The Handbook's would be of all of them together."""
    soc = min(LINES.profiled)
    own = [cell(51230 + n * 9110, soc=soc, statistic=s)
           for n, s in enumerate(("median", "mean", "p10"))]  # fmt: skip
    said = {"soc_candidates": soc, "occupation": soc}
    rows = [quote_row(c.amount, **said, statistic=c.statistic) for c in own[:witnesses]]
    rows.append(quote_row(61840, **said, statistic="p10"))
    assert judge(rows, cells=own)[-1].verdict == verdict


def test_a_figure_under_the_line_that_names_its_job_is_not_another_jobs():
    """In prose a line above may have been taken for the job of the figure."""
    other = [cell(41010, soc="47-2111")]
    rows = [
        quote_row(44440, soc_candidates="47-2111", occupation="electrician"),
        quote_row(STATED[0].amount, area_code="US"),
    ]
    cells = (cell(48010, soc="47-2111"), cell(50230), *other)
    rows[1] |= {"soc_candidates": "51-4121"}
    where = {"occupation": "lead_in"}
    basis = {"occupation": "inherited"}
    listed = FieldReading(basis, where=where, structure="list")
    prose = replace(listed, structure="prose")
    assert judge(rows, {1: prose}, cells=cells)[1].verdict == "supported"
    assert judge(rows, {1: listed}, cells=cells)[1].verdict != "supported"


def test_a_figure_without_a_job_is_looked_for_in_the_stated_year_and_by_its_industry():
    """Among the jobs that the page names."""
    clinic = cell(47770, cohort="industry=621400 outpatient care centers")
    named = quote_row(FIRST[0], area_code="39")
    lone = {**LENT, "soc_candidates": None, "occupation": None}
    rows = [
        named,
        quote_row(FIRST[1], **{**lone, "area_code": "19"}),
        quote_row(47770, **{**lone, "cohort": "employer_type=outpatient care center"}),
        quote_row(47780, **{**lone, "cohort": "employer_type=outpatient care center"}),
    ]
    found = judge(rows, cells=(*CELLS, clinic))
    assert [v.verdict for v in found] == [*["supported"] * 3, "unattributed"]


def test_figures_of_a_publisher_that_a_page_only_names_are_at_hand():
    """Without a figure that is credited to it, too."""
    facts = {
        "publisher": "bls", "soc": "51-4121", "area_code": "US", "cohort": "all",
        "currency": "USD", "primary": True, "pay_basis": "base", "claim_id": "r1",
        "statistic": "median", "year": 2024, "period": "year", "source": "bls_oews",
        "as_published": 1, "annual_low": None, "annual_high": None, "annual": 1,
        "availability": "published", "reference_period": None, "snapshot": "s",
        "locator": "", "quote": "1", "cell": "c", "area": "US",
    }  # fmt: skip
    asked = {"publisher": "unnamed", "soc_candidates": "51-4121", "area_code": "US",
             "cohort": "all", "currency": "USD"}  # fmt: skip
    figures, drafts = pl.LazyFrame([facts]), pl.DataFrame([asked])
    found = gather_references(figures, drafts, {}, named=["bls"])
    assert len(found.about_occupations("bls", ["51-4121"])) == 1
    none = gather_references(figures, drafts, {})
    assert none.about_occupations("bls", ["51-4121"]) == []


ASKED = """# What welders make

Welders earn a median of $51,240 a year.

## What do welders make in Ohio?

In Ohio the median is $48,010.
"""


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        (ASKED, [None, "Ohio"]),
        (ASKED + "\nOhio has many.\n\n## More\n\nOhio again.", ["Ohio", "Ohio"]),
        (ASKED.replace("make\n", "make in Ohio\n", 1), ["Ohio", "Ohio"]),
    ],
)
def test_a_place_of_one_section_is_not_the_pages(text, areas):
    """Pay before its heading is of nowhere yet."""
    assert [c["area"] for c in read_claims(text)] == areas


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Welders (51-2011) earn a median of $51,240 a year.", None),
        ("Welders of 2011 earned a median of $51,240 a year.", "2011"),
        ("Welders - 2011 is meant - earned a median of $51,240 a year.", "2011"),
    ],
)
def test_the_end_of_an_occupations_code_is_no_year(text, period):
    """Two digits and a hyphen stand before it."""
    assert [c["reference_period"] for c in read_claims(text)] == [period]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("the median rose by 12.4%", ["pay_delta_rel"]),
        ("the mean has fallen 3%", ["pay_delta_rel"]),
        ("the median home price rose by 12.4%", ["other"]),
        ("prices rose by 12.4%", ["other"]),
    ],
)
def test_a_centre_that_moved_is_that_of_pay(said, kinds):
    """Of what else a page gives medians, it says."""
    found = read_claims(f"Between May 2022 and May 2025 {said}.")
    assert [c["kind"] for c in found] in (kinds, [] if kinds == ["other"] else kinds)


def test_an_hour_made_a_year_of_2000_hours_needs_no_word_for_its_statistic():
    """Where figures nearby are the publisher's; any other figure needs one."""
    hour = cell(49920, period="hour", amount=Decimal("24.00"), soc="51-4121")
    own = [cell(49920), hour, *(cell(60110 + n * 120, statistic=s)
           for n, s in enumerate(("p75", "p90")))]  # fmt: skip
    said = {"area_code": "US"}
    rows = [
        quote_row(60110, statistic="p75", **said),
        quote_row(60230, statistic="p90", **said),
        quote_row(48000, statistic="unspecified", **said),
        quote_row(49290, statistic="unspecified", **said),
    ]
    found = [v.verdict for v in judge(rows, cells=own)]
    assert found == ["supported", "supported", "unit_slip", "cannot_tell"]


TEACHERS = "# Teacher pay in Ohio\n\n{}\n\n| | Mean |\n|---|---|\n| {} | $72,740 |\n"


@pytest.mark.parametrize(
    ("text", "job"),
    [
        (TEACHERS.format("### Elementary school", "Ohio"), "elementary school teacher"),
        (TEACHERS.format("### In short", "High school"), "high school teacher"),
        (TEACHERS.format("### Summer school", "Ohio"), "teacher"),
        (TEACHERS.format("### Elementary school and all that is there", "Ohio"),
         "teacher"),
        (TEACHERS.format("### Heavy", "Ohio").replace("Teacher", "Welder"), "welder"),
    ],
)  # fmt: skip
def test_a_label_completes_the_name_of_a_page_about_many_jobs(text, job):
    """Where both together are the name of one; a job of one code is not completed."""
    assert [c["occupation"] for c in read_claims(text)] == [job]


def test_a_publisher_is_known_by_the_last_word_of_a_name_that_the_page_has_whole():
    """`The Handbook`, where it is the Occupational Outlook Handbook."""
    short = PUBLISHERS.find_shortened("By the Occupational  Outlook Handbook.")
    assert short == {"handbook": "bls"}
    assert PUBLISHERS.find_shortened("The Handbook, by BLS, for employees.") == {}
    row = quote_row(FIRST[0], area_code="39", publisher="handbook")
    head = replace(HEAD, shortened=short)
    assert [v.verdict for v in judge([row], head=head)] == ["supported"]
    assert [v.verdict for v in judge([row])] == ["not_in_release"]
