"""What the figures of one page prove of each other, by small pages of made figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from made import VOCABULARY
from placed import MEASURES
from test_verdict_rules import PUBLISHERS, cell, index_of, quote_row

from pipeline.core.model import Document
from pipeline.read import read
from pipeline.reconcile.evidence.code_lines import CodeLines
from pipeline.reconcile.evidence.industry_names import (
    add_meant_words,
    find_cohort_words,
    find_telling_words,
    read_industry_words,
)
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.verdict.asked_question import AskedQuestion
from pipeline.reconcile.verdict.field_readings import (
    FieldReading,
    find_page_year,
    read_fields,
)
from pipeline.reconcile.verdict.judge import Judge, PageHead
from pipeline.reconcile.verdict.page_frames import is_near
from pipeline.reconcile.verdict.verdict_certainty import CertaintyTable
from pipeline.reconcile.verdict.verdicts import Verdict

LINES = CodeLines.from_vocabulary(VOCABULARY)
NAMED = {"publisher": "unnamed", "attributed_to": None}
UNDATED = {"year": None, "reference_period": None}
LISTED = {
    "attributed_to": "inherited", "occupation": "inherited", "statistic": "inherited",
    "reference_period": "inherited", "area": "inherited",
}  # fmt: skip


def judge_rows(rows, cells, readings=None, year=None, publishers=()):
    """The words of the verdicts on the rows of one page."""
    read = readings or {}
    judge = Judge(
        index_of(*cells),
        MEASURES,
        PUBLISHERS,
        LINES,
        {row["claim_id"]: read.get(n, read.get(None)) or FieldReading()
         for n, row in enumerate(rows)},
        {"a" * 12: PageHead(year, frozenset(publishers))},
        CertaintyTable.from_vocabulary(VOCABULARY),
        read_industry_words(VOCABULARY),
    )  # fmt: skip
    return judge.judge_figures(rows)


def judge_question(row):
    """The question of a row, with no cell to answer it."""
    return AskedQuestion(row, "bls", {}, ())


def words(rows, cells, readings=None, year=None):
    """The verdicts in words."""
    return [v.verdict for v in judge_rows(rows, cells, readings, year)]


def job(soc, **said):
    """What a row says of another occupation."""
    return {"soc_candidates": soc, "occupation": soc, **said}


JOBS = ("51-4121", "47-2211", "47-2111", "47-2152")
OWN = [cell(40010 + 1230 * n, soc=soc) for n, soc in enumerate(JOBS)]
OLD = [cell(38000 + 1110 * n, soc=soc, year=2023) for n, soc in enumerate(JOBS)]
MEANS = [
    cell(43000 + 1370 * n, soc=soc, statistic="mean") for n, soc in enumerate(JOBS)
]
PAY = [r.annual for r in OWN]


def table_of(*amounts, **said):
    """A table of jobs with these amounts, one a row."""
    return [
        quote_row(a, **job(soc, **said)) for soc, a in zip(JOBS, amounts, strict=False)
    ]


BY_ROW = {"occupation": "row", "statistic": "column"}
IN_TABLE = {
    None: FieldReading(LISTED, where=BY_ROW, structure="table", section="Pay", start=5)
}
OPEN = {
    None: FieldReading(basis={"attributed_to": "unread"}, structure="list", start=5)
}


@pytest.mark.parametrize(
    ("last", "cells", "verdict"),
    [
        (PAY[3], [], "supported"),
        (50000, [], "misquoted"),
        (MEANS[3].annual, MEANS, "wrong_statistic"),
        (OLD[3].annual, OLD, "stale"),
        (PAY[2], [], "wrong_scope"),
    ],
)
def test_a_table_that_is_its_publishers_holds_its_last_row_to_it(last, cells, verdict):
    """Three rows to the last digit say that the fourth was read right."""
    rows = table_of(*PAY[:3], last)
    assert words(rows, [*OWN, *cells], IN_TABLE) == ["supported"] * 3 + [verdict]


def test_a_table_in_which_nothing_fits_was_read_wrong():
    """Whatever each of its rows says, none is accused."""
    rows = table_of(50000, 53000, 56000, 58000)
    assert words(rows, OWN, IN_TABLE) == ["cannot_tell"] * 4
    assert words(rows[:1], OWN, IN_TABLE) == ["cannot_tell"]
    assert words(rows[:1], OWN) == ["misquoted"]


def test_a_table_is_no_witness_of_the_paragraph_before_it():
    """It may be of other people."""
    prose = FieldReading(basis={}, structure="prose", section="Pay", start=1)
    rows = [quote_row(PAY[0]), *table_of(50000, 53000)]
    found = words(rows, OWN, {0: prose, **IN_TABLE})
    assert found == ["supported", "cannot_tell", "cannot_tell"]


@pytest.mark.parametrize(
    ("field", "is_open"),
    [("occupation", True), ("statistic", True), ("employer_type", True),
     ("area", True), ("period", False), ("currency", False)],
)  # fmt: skip
def test_what_is_named_and_not_understood_protects_the_page(field, is_open):
    """A figure of another employer, place or job may well be true."""
    reading = {None: FieldReading(basis={field: "unread"})}
    found = words([quote_row(45000)], OWN, reading)
    assert found == ["cannot_tell" if is_open else "misquoted"]


def test_words_that_nothing_understood_protect_it_too():
    """`In rural counties` narrows whom the figure is of."""
    reading = {None: FieldReading(unread="in rural counties")}
    assert words([quote_row(45000)], OWN, reading) == ["cannot_tell"]
    narrowed = quote_row(45000, cohort="unread=in rural counties")
    assert words([narrowed], [*OWN, cell(1)]) == ["not_in_release"]


@pytest.mark.parametrize(
    ("figures", "verdicts"),
    [
        (PAY[:3], ["supported"] * 3),
        ([*PAY[:2], MEANS[2].annual], ["supported", "supported", "wrong_statistic"]),
        ([PAY[0], MEANS[1].annual], ["supported", "unattributed"]),
        ([*PAY[:2], OLD[2].annual], ["supported", "supported", "stale"]),
        ([PAY[0], OLD[1].annual], ["supported", "older_figure"]),
        ([*PAY[:2], 50000], ["supported", "supported", "unattributed"]),
        ([*PAY[:2], 42000], ["supported", "supported", "rounded"]),
        ([PAY[0], 41000], ["supported", "unattributed"]),
        ([51000, 52000], ["unattributed"] * 2),
        ([40000, PAY[1]], ["unattributed", "supported"]),
    ],
)
def test_a_list_that_names_nobody_is_its_publishers_where_it_is_so_to_the_dollar(
    figures, verdicts
):
    """The page names the publisher elsewhere; two figures vouch for a third."""
    named = quote_row(PAY[3], **job(JOBS[3], area_code="39", area="Ohio"))
    rows = [*table_of(*figures, **NAMED, **UNDATED), named]
    ohio = cell(PAY[3], soc=JOBS[3], area_code="39")
    away = {len(rows) - 1: FieldReading(structure="prose", start=99_999)}
    found = words(rows, [*OWN, *OLD, *MEANS, ohio], {**OPEN, **away})
    assert found[:-1] == verdicts


def test_a_page_that_never_names_the_publisher_is_told_whose_figure_it_is():
    """To the last digit; it stays nobody's."""
    (found,) = judge_rows([quote_row(PAY[1], **job(JOBS[1], **NAMED))], OWN)
    assert (found.verdict, found.why) == ("unattributed", "same_as_official")
    assert found.reference is OWN[1]
    (coarse,) = judge_rows([quote_row(41000, **job(JOBS[1], **NAMED))], OWN)
    assert coarse.reference is None


OHIO = {"area_code": "39", "area": "Ohio"}
UTAH = {"area_code": "49", "area": "Utah"}
STATES = [
    cell(45670, **OHIO), cell(47890, **UTAH), cell(46780), cell(51230, cohort="all",
                                                               **OHIO, year=2023),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ohio", "also", "verdict", "why"),
    [
        (45670, [], "supported", "own_cell"),
        (46780, [], "wrong_scope", "geography_mismatch"),
        (47890, [quote_row(47890, **UTAH)], "wrong_scope", "geography_mismatch"),
        (47890, [], "misquoted", "misquote"),
    ],
)
def test_another_places_figure_is_told_where_the_page_names_the_place(
    ohio, also, verdict, why
):
    """Or the whole country's; a place that is not on the page explains nothing."""
    found = judge_rows([quote_row(ohio, **OHIO), *also], STATES)[0]
    assert (found.verdict, found.why) == (verdict, why)


def test_a_place_that_stands_elsewhere_accuses_nobody():
    """The heading's Ohio may not be the figure's."""
    reading = {
        None: FieldReading(basis={"area": "inherited"}, where={"area": "heading"})
    }
    assert words([quote_row(46780, **OHIO)], STATES, reading) == ["cannot_tell"]
    both = [quote_row(46780, **OHIO), quote_row(45670, **OHIO)]
    assert words(both, STATES, reading)[0] == "wrong_scope"


def test_another_occupations_figure_is_told_where_the_page_names_both():
    """Stated beside it, the page is wrong; carried over, our reading is."""
    rows = [quote_row(PAY[1]), quote_row(PAY[0]), quote_row(PAY[1], **job(JOBS[1]))]
    assert words(rows, OWN)[0] == "wrong_scope"
    carried = {"occupation": "inherited"}
    reading = {0: FieldReading(basis=carried, where={"occupation": "sentence"})}
    found = judge_rows(rows, OWN, reading)[0]
    assert (found.verdict, found.why) == ("supported", "own_cell_of_named_job")
    row = {0: FieldReading(basis=carried, where={"occupation": "row"})}
    assert words(rows, OWN, row)[0] == "wrong_scope"
    assert words(rows[:2], OWN)[0] == "misquoted"


HOSPITALS = [
    cell(48780), cell(52340, cohort="industry=622000 hospitals"),
    cell(50010, cohort="industry=999100 federal executive branch (oews designation)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "around", "verdict", "why"),
    [
        (quote_row(52340), "In hospitals the median is $52,340",
         "supported", "own_cell_of_industry"),
        (quote_row(52340), "The median is $52,340", "misquoted", "misquote"),
        (quote_row(50010), "In the federal government it is $50,010", "supported",
         "own_cell_of_industry"),
        (quote_row(48780), "In hospitals the median is $48,780", "supported",
         "own_cell"),
        (quote_row(52340, cohort="employer_type=hospital"), "", "supported",
         "own_cell"),
        (quote_row(48780, cohort="industry=hospitals"), "", "wrong_scope",
         "population_mismatch"),
        (quote_row(49990, cohort="employer_type=hospital"), "", "cannot_tell",
         "open_industry"),
        (quote_row(49990, cohort="employer_type=shipyard"), "", "not_in_release",
         "cell_not_loaded"),
    ],
)  # fmt: skip
def test_an_industry_is_looked_up_by_its_words(row, around, verdict, why):
    """As the page calls it, and only where the page names it."""
    found = judge_rows([row], HOSPITALS, {None: FieldReading(around=around)})[0]
    assert (found.verdict, found.why) == (verdict, why)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({}, "wrong_scope"),
        ({"employer_type": "inherited"}, "cannot_tell"),
        ({"industry": "inherited"}, "cannot_tell"),
        ({"industry": "inherited", "employer_type": "inherited"}, "supported"),
        ({"specialty": "inherited"}, "wrong_scope"),
    ],
)
def test_everybodys_figure_is_told_where_all_that_narrows_stands_beside_it(
    said, verdict
):
    """A word of the heading may be of other figures, and all of them of none."""
    narrow = "employer_type=ship yard;industry=hospitals"
    cells = [*HOSPITALS, cell(49120, cohort=narrow)]
    row = quote_row(48780, cohort=narrow)
    reading = {None: FieldReading(basis=said)}
    assert words([row], cells, reading) == [verdict]


def test_a_range_without_a_date_is_nobodys_though_its_ends_are_published():
    """Two figures say of which year a point is, and of ranges nothing."""
    ends = [cell(35080, statistic="p10"), cell(77810, statistic="p90")]
    low, high = (r.annual for r in ends)
    span = quote_row(low=low, high=high, **NAMED, **UNDATED)
    ohio = quote_row(PAY[3], **job(JOBS[3], area_code="39", area="Ohio"))
    rows = [*table_of(*PAY[:3], **NAMED, **UNDATED), span, ohio]
    away = {4: FieldReading(structure="prose", start=99_999)}
    own = [*OWN, *ends, cell(PAY[3], soc=JOBS[3], area_code="39")]
    assert words(rows, own, {**OPEN, **away})[:4] == [
        *["supported"] * 3,
        "unattributed",
    ]


def test_a_verdict_is_as_sure_as_its_row_says_and_sure_without_one():
    """Reason before any reason; stated before inherited."""
    asked = judge_question(quote_row(48780))
    table = CertaintyTable({("stale", "*"): 0.5, ("stale", "why"): 0.7},
                           {("stale", "*"): 0.2})  # fmt: skip
    for why, sure in (("why", 0.7), ("other", 0.5)):
        verdict = Verdict("c", "stale", why)
        assert table.set_certainty(verdict, asked).certainty == sure
    lent = replace(asked, is_lent=True)
    assert table.set_certainty(Verdict("c", "stale", "why"), lent).certainty == 0.2
    assert table.set_certainty(Verdict("c", "supported", ""), lent).certainty == 1.0


def test_a_publisher_that_the_text_names_lends_its_name_too():
    """And one that nobody named is only told."""
    row = quote_row(PAY[1], **job(JOBS[1], **NAMED))
    assert judge_rows([row], OWN, publishers=("bls",))[0].verdict == "supported"
    assert judge_rows([row], OWN, publishers=("dol",))[0].verdict == "supported"
    assert judge_rows([row], OWN)[0].verdict == "unattributed"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("the Bureau of Labor\nStatistics says", {"bls"}),
        ("The Labor Department reports", {"dol"}),
        ("a current BLS card is required", set()),
        ("nobody", set()),
    ],
)
def test_a_text_names_a_publisher_by_a_name_of_several_words(text, named):
    """BLS is Basic Life Support as well."""
    assert Publishers.from_vocabulary(VOCABULARY).find_named(text) == named


def test_a_figure_without_an_occupation_is_looked_up_among_those_of_the_page():
    """To the last digit, and where one of them alone has it."""
    nameless = quote_row(PAY[1], occupation=None, soc_candidates=None)
    both = table_of(*PAY[:2])
    (found, *_) = judge_rows([nameless, *both], OWN)
    assert (found.verdict, found.why) == ("supported", "own_cell_of_named_job")
    assert words([nameless, both[0]], OWN)[0] == "not_comparable"
    twice = [*OWN, cell(PAY[1], soc=JOBS[0], statistic="median", hand=1)]
    assert words([nameless, *both], twice)[0] == "not_comparable"
    coarse = quote_row(41000, occupation=None, soc_candidates=None)
    assert words([coarse, *both], [*OWN, cell(41000)])[0] == "not_comparable"


@pytest.mark.parametrize(
    ("where", "verdict"),
    [("document", "supported"), ("heading", "supported"), ("sentence", "older_figure")],
)
def test_a_year_that_is_only_its_pages_is_the_year_of_reading(where, verdict):
    """A page of 2025 quotes the figures of May 2024."""
    row = quote_row(PAY[0], year=2025, reference_period="2025")
    newer = cell(47010, year=2025)
    at = FieldReading(basis={"reference_period": "inherited"},
                      where={"reference_period": where})  # fmt: skip
    assert words([row], [*OWN, newer], {None: at}) == [verdict]


def test_what_is_unread_of_true_figures_too_narrows_nothing():
    """A word that was not understood stands over the whole table."""
    odd = FieldReading(basis={"employer_type": "unread", "occupation": "stated"},
                       structure="table", section="Pay", start=5)  # fmt: skip
    rows = table_of(*PAY[:3], 46000)
    assert words(rows, OWN, {None: odd})[3] == "misquoted"
    alone = {**dict.fromkeys(range(3), IN_TABLE[None]), 3: odd}
    assert words(rows, OWN, alone)[3] == "cannot_tell"


@pytest.mark.parametrize(
    ("around", "verdict"),
    [
        ("$35,080 at the 10th percentile and $77,810 at the 90th", "cannot_tell"),
        ("the highest-paid tenth", "cannot_tell"),
        ("the 10th percentile is $77,810", "wrong_statistic"),
        ("", "wrong_statistic"),
    ],
)
def test_a_statistic_that_stands_beside_a_figure_may_be_its_own(around, verdict):
    """The reading may have taken the one for the other."""
    cells = [cell(35080, statistic="p10"), cell(77810, statistic="p90")]
    row = quote_row(77810, statistic="p10")
    assert words([row], cells, {None: FieldReading(beside=around)}) == [verdict]


def test_what_only_stands_elsewhere_narrows_no_figure_that_is_everybodys():
    """An agency of the sentence before, say."""
    row = quote_row(48780, cohort="employer_type=staffing agency")
    away = FieldReading(basis={"employer_type": "inherited"})
    assert words([row], HOSPITALS, {None: away}) == ["supported"]
    assert words([row], HOSPITALS) == ["not_in_release"]


@pytest.mark.parametrize(
    ("vintage", "year", "verdict"),
    [(2024, None, "supported"), (2020, None, "older_figure"),
     (2020, 2021, "supported"), (2020, 2020, "supported"), (2020, 2022, "older_figure"),
     (2020, 2019, "older_figure")],
)  # fmt: skip
def test_an_undated_figure_is_true_of_the_year_of_its_page(vintage, year, verdict):
    """Figures of May are published in the spring after."""
    cells = [cell(48780), cell(45120, year=2022), cell(43210, year=2020)]
    value = next(c.annual for c in cells if c.year == vintage)
    assert words([quote_row(value, **UNDATED)], cells, year=year) == [verdict]


def test_an_older_code_of_the_occupation_is_looked_under():
    """Dental hygienists were 29-2021 until 2018; medical records specialists a part."""
    old = cell(71520, soc="29-2021", year=2014)
    row = quote_row(71520, soc_candidates="29-1292", year=2014,
                    reference_period="2014-05")  # fmt: skip
    assert judge_rows([row], [old])[0].why == "own_cell"
    (undated,) = judge_rows([{**row, **UNDATED}], [old, cell(9, soc="29-1292")])
    assert undated.verdict == "older_figure"
    part = cell(35900, soc="29-2071", year=2014)
    row = quote_row(35900, soc_candidates="29-2072", year=2014,
                    reference_period="2014-05")  # fmt: skip
    (found,) = judge_rows([row], [part])
    assert (found.verdict, found.why) == ("supported", "own_cell_of_part")
    wrong = {**row, "as_published": Decimal(36500), "annual": Decimal(36500)}
    (found,) = judge_rows([wrong], [part])
    assert (found.verdict, found.why) == ("cannot_tell", "open_occupation")


@pytest.mark.parametrize(
    ("soc", "line"),
    [
        ("29-1292", {"29-1292": "same", "29-2021": "same", "32908": "same"}),
        ("29-1141", {"29-1141": "same", "29-1111": "same", "32502": "same"}),
        ("29-2072", {"29-2072": "same", "29-2071": "part", "29-2098": "part",
                     "32911": "part"}),
        ("53-3032", {"53-3032": "same"}),
        ("99-9999", {"99-9999": "same"}),
    ],
)  # fmt: skip
def test_a_line_of_codes_is_whole_or_says_that_it_is_a_part(soc, line):
    """Back and forth in time, and never back again: 29-9021 is no medical coder."""
    assert dict(LINES.find_line(soc)) == line


def test_lines_of_several_codes_are_whole_where_they_are_so_in_any():
    """29-2071 is a part of both; asked for itself it is whole."""
    found = LINES.list_codes(["29-2072", "29-2071"])
    assert (found["29-2071"], found["29-2072"]) == ("same", "same")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("622000 Hospitals", "hospitals state, local, and private"),
        ("physicians' offices", "621100 offices of physicians"),
        ("999100 federal executive branch (oews designation)",
         "federal executive branch"),
        ("999000 federal, state, and local government, excluding state and local"
         " schools", "state, federal and local government"),
        ("55--56 sector 55 - management of companies and enterprises",
         "management of enterprises"),
    ],
)  # fmt: skip
def test_names_of_one_industry_have_the_same_telling_words(one, other):
    """However each source writes it."""
    assert find_telling_words(one) == find_telling_words(other)


def test_only_a_cohort_of_one_industry_has_words():
    """Not of people with a credential, nor of an industry and years."""
    assert find_cohort_words("all") == frozenset()
    assert find_cohort_words("credential=hospital") == frozenset()
    assert find_cohort_words("experience=2-5;industry=hospitals") == frozenset()
    assert find_cohort_words("industry=hospitals") == {"hospital"}


def test_other_names_of_industries_add_the_words_of_the_official_one():
    """All words of the other name must be there."""
    known = read_industry_words(VOCABULARY)
    added = add_meant_words(find_telling_words("at the drugstore"), known)
    assert {"pharmacy", "drug", "retailer"} <= added
    assert "executive" not in add_meant_words(frozenset({"federal"}), known)


@pytest.mark.parametrize(
    ("text", "published", "year"),
    [
        ("# Pay in 2023\n\nUpdated June 2024.\n", "", 2024),
        ("# Pay in 2023\n\nText of 2021.\n", "", 2023),
        ("# Pay\n\nText of 2021.\n", "", None),
        ("# Pay in 2023\n\nText.\n", "2022-05-01", 2022),
    ],
)
def test_a_page_speaks_as_of_its_own_date_its_head_or_its_title(text, published, year):
    """In this order."""
    page = read(text.encode(), "text/markdown", where="page.md")
    assert find_page_year(replace(page, published=published)) == year


def test_a_reading_knows_what_stands_around_a_figure():
    """Its block, about a sentence of it, and the heads of its row."""
    text = (
        "| Where | Pay |\n|---|---|\n| Hospitals | $52,340 |\n| Clinics | $48,000 |\n"
    )
    page = read(text.encode(), "text/markdown", where="page.md")
    start = page.text.index("$52,340")
    claim = {"claim_id": "x", "snapshot": "s", "start": start,
             "basis": "area:inherited,statistic:stated", "certainty": "area:0.96",
             "inherited": "area:heading"}  # fmt: skip
    found = read_fields([claim], {"s": page})["x"]
    assert "Hospitals" in found.around
    assert "Clinics" not in found.around
    assert (found.certainty["area"], found.where["area"]) == (0.96, "heading")
    assert (
        "Hospitals"
        in read_fields([{**claim, "end": start + 7}], {"s": page})["x"].beside
    )
    assert found.is_read("area")
    assert not found.is_stated("area")
    assert found.is_from_elsewhere("area")
    assert not found.is_from_elsewhere("statistic")
    assert read_fields([claim])["x"].around == ""
    assert read_fields([{**claim, "start": None}], {"s": page})["x"].around == ""
    assert read_fields([claim], {"s": Document("", (), "text/plain")})["x"].around == ""


def test_certainty_is_by_verdict_and_reason_and_no_more_where_fields_are_inherited():
    """And 1 where no row is for a verdict."""
    table = CertaintyTable.from_vocabulary(VOCABULARY)
    stated = judge_rows([quote_row(PAY[0])], OWN)[0].certainty
    away = judge_rows([quote_row(PAY[0])], OWN, IN_TABLE)[0].certainty
    assert stated == table.stated["supported", "*"]
    assert away == table.inherited["supported", "*"] <= stated
    slip = judge_rows([quote_row(PAY[0] + 1234)], OWN)[0]
    assert slip.certainty == table.stated["misquoted", "*"]


@pytest.mark.parametrize(
    ("verdict", "why", "word"),
    [
        ("older_figure", "older_vintage", "stale"),
        ("misquoted", "misquote", "misquoted"),
        ("cannot_tell", "open_area", "doubtful"),
        ("cannot_tell", "no_bands", "doubtful"),
        ("cannot_tell", "narrower", "doubtful"),
        ("cannot_tell", "compiled", "cannot_tell"),
    ],
)  # fmt: skip
def test_a_doubtful_figure_settles_nothing(verdict, why, word):
    """It is not accused, and not taken for what it says it is."""
    assert Verdict("x", verdict, why).word_for_settling == word


def test_a_verdict_lists_what_was_tried_and_what_is_missing():
    """Codes, years, statistics and places that it was held against."""
    (found,) = judge_rows([quote_row(45000)], [OWN[0], OLD[0], MEANS[0]])
    assert found.tried == (
        "codes: 51-4121", "years: 2023, 2024", "statistics: mean, median",
        "places: United States",
    )  # fmt: skip
    (gone,) = judge_rows([quote_row(45000, year=1999, reference_period="1999-05")], OWN)
    assert (gone.verdict, gone.missing) == ("not_in_release", "1999-05")
    (far,) = judge_rows([quote_row(45000, **OHIO)], OWN)
    assert (far.verdict, far.missing) == ("not_in_release", "Ohio")


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ({"start": 100}, {"start": 900}, True),
        ({"start": 100, "section": "Pay"}, {"start": 90_000, "section": "Pay"}, True),
        ({"start": 100}, {"start": 90_000}, False),
        ({"start": None}, {"start": None}, True),
        ({"start": None}, {"start": 100}, False),
        ({"start": 100}, {"start": None}, False),
        ({"start": 1, "structure": "table"}, {"start": 9, "structure": "prose"}, False),
    ],
)
def test_figures_vouch_for_each_other_within_a_run_of_text(one, other, near):
    """In data beside data, in text not far off or under one heading."""
    assert is_near(FieldReading(**one), FieldReading(**other)) == near


@pytest.mark.parametrize("name", ["credential", "experience_min"])
def test_years_and_credentials_of_a_heading_accuse_nobody(name):
    """What nobody publishes must be asked for beside the figure."""
    row = quote_row(50000, cohort="experience=3-5")
    away = FieldReading(
        {name: "inherited"}, where={name: "heading"}, structure="list", start=5
    )
    (beside,) = judge_rows([row], OWN)
    (above,) = judge_rows([row], OWN, {None: away})
    assert (beside.verdict, beside.why) == ("wrong_scope", "no_bands")
    assert (above.verdict, above.why) == ("cannot_tell", "no_bands")


@pytest.mark.parametrize(
    ("broad", "detailed", "amount"),
    [("33-3050", "33-3051", 72280), ("29-1020", "29-1021", 166300),
     ("25-2030", "25-2031", 65220)],
)  # fmt: skip
def test_a_broad_occupation_is_looked_up_under_what_it_is_made_of(
    broad, detailed, amount
):
    """Who says `police officers` may mean those that are counted: nobody is accused."""
    cells = [cell(amount, soc=detailed)]
    assert words([quote_row(amount, **job(broad))], cells) == ["supported"]
    assert words([quote_row(amount + 9000, **job(broad))], cells) == ["cannot_tell"]


@pytest.mark.parametrize("statistic", ["p10", "p90", "mean"])
def test_an_undated_figure_is_of_the_year_of_those_around_it(statistic):
    """Three of any statistic, all their own year's, say which."""
    rows = [
        *table_of(*PAY[:3]),
        quote_row(61110, **job(JOBS[0], statistic=statistic), **UNDATED),
    ]
    own = cell(61110, soc=JOBS[0], statistic=statistic)
    later = cell(64440, soc=JOBS[0], statistic=statistic, year=own.year + 1)
    assert words(rows, [*OWN, own, later], IN_TABLE) == ["supported"] * 4
    assert words(rows[3:], [own, later], IN_TABLE) == ["older_figure"]


@pytest.mark.parametrize(
    ("name", "around"),
    [
        ("999100 federal executive branch", "and in the federal executive branch"),
        ("999200 state government, excluding schools", "in state government"),
        ("622100 general medical and surgical hospitals",
         "in general medical and surgical hospitals"),
    ],
)  # fmt: skip
def test_a_kind_of_employer_is_the_industry_whose_name_stands_there(name, around):
    """`government` alone is several; the whole name is one."""
    kind = "hospital" if "hospitals" in name else "government"
    row = quote_row(61110, cohort=f"employer_type={kind}")
    cells = [cell(55550), cell(61110, cohort=f"industry={name}")]
    reading = {None: FieldReading(around=around)}
    assert words([row], cells, reading) == ["supported"]


@pytest.mark.parametrize("soc", ["15-1254", "15-1252", "15-1242"])
def test_a_code_that_shares_a_page_of_the_handbook_is_not_misquoted_by_its_median(soc):
    """The page's median is of all its codes: another population."""
    own = [cell(77030, soc=soc), cell(84110, soc=soc, statistic="mean")]
    said = job(soc)
    assert words([quote_row(79300, **said)], own) == ["cannot_tell"]
    assert words([quote_row(86300, **said, statistic="mean")], own) == ["misquoted"]
    other = job("51-4121")
    assert words([quote_row(79300, **other)], [cell(77030)]) == ["misquoted"]


@pytest.mark.parametrize("amount", [40410, 42000, 45990])
def test_one_table_is_no_witness_of_another_in_its_section(amount):
    """The second may be of job adverts, whatever the first is of."""
    first = replace(IN_TABLE[None], table=0)
    second = replace(IN_TABLE[None], table=1, start=900)
    rows = [*table_of(*PAY[:3]), quote_row(amount, **job(JOBS[3]))]
    found = words(rows, OWN, {None: first, 3: second})
    assert found == ["supported"] * 3 + ["cannot_tell"]
    assert words(rows, OWN, {None: first})[3] == "misquoted"


@pytest.mark.parametrize("structure", ["table", "list"])
def test_a_row_that_names_no_known_job_is_not_held_to_the_pages(structure):
    """It may name another one that was not understood."""
    basis = {**LISTED, "occupation": "assumed"}
    own = FieldReading(basis, where=BY_ROW, structure=structure, section="Pay", start=9)
    read = replace(IN_TABLE[None], structure=structure)
    rows = table_of(*PAY[:3], 50000)
    found = words(rows, OWN, {None: read, 3: own})
    assert found == ["supported"] * 3 + ["cannot_tell"]


@pytest.mark.parametrize(
    ("where", "verdict"),
    [
        ("lead_in", "cannot_tell"),
        ("document", "cannot_tell"),
        ("caption", "wrong_scope"),
    ],
)
def test_a_table_by_experience_is_its_publishers_where_its_caption_says_so(
    where, verdict
):
    """Below a paragraph about BLS it may be of the page's own survey."""
    basis = {"attributed_to": "inherited", "experience_min": "inherited"}
    read = FieldReading(
        basis,
        where={"attributed_to": where, "experience_min": "row"},
        structure="table",
        start=9,
    )
    row = quote_row(50000, cohort="experience=2-5")
    assert words([row], [cell(48780)], {None: read}) == [verdict]
