"""Figures that were accused wrongly or not at all: how they are read and judged now.

Each kind in three forms: a percentile behind its figure, a verb that is no rank, a kind
of hospital, a source before a colon, a share of every job, the slipped end of a range,
the figure of a state that only another sentence names.
"""

import pytest
from made import VOCABULARY
from placed import MEASURES
from test_verdict_rules import PUBLISHERS, cell, index_of, quote_row

from pipeline.extract import extract
from pipeline.read import read
from pipeline.reconcile.evidence.named_states import StateNames
from pipeline.reconcile.verdict.judge import Judge, PageHead
from pipeline.reconcile.verdict.quoted_ranges import find_slipped_end


def read_claims(text):
    """The claims of a page, in the order of the text."""
    document = read(text.encode(), "text/markdown", where="page.md")
    found = extract(document, VOCABULARY, source="page", snapshot="a" * 12)
    return found.claims.to_dicts()


@pytest.mark.parametrize(
    ("text", "statistics"),
    [
        ("Welders had hourly wages of $17.20 at the 10th percentile and $38.92 at the "
         "90th percentile.", ["p10", "p90"]),
        ("Plumbers earn $35,100 at the 25th percentile, $48,200 at the median and "
         "$62,400 at the 75th percentile.", ["p25", "median", "p75"]),
        ("For electricians it is $41,300 a year at the 25th percentile.", ["p25"]),
        ("Welders at the 10th percentile make $30,100, those at the 90th $71,200.",
         ["p10", "p90"]),
        ("The median of welders was $50,100 and at the 90th percentile it was $80,300.",
         ["median", "p90"]),
    ],
)  # fmt: skip
def test_a_percentile_belongs_to_the_figure_that_it_stands_right_behind(
    text, statistics
):
    """And to the next one where it stands before it."""
    assert [c["statistic"] for c in read_claims(text)] == statistics


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Washington state leads with an average coder salary of $67,480.", False),
        ("Ohio leads the list: coders average $61,200 a year.", False),
        ("In our table Iowa leads all states, with $58,300 for the average coder.",
         False),
        ("Lead coders average $81,200 a year.", True),
    ],
)  # fmt: skip
def test_a_place_that_leads_is_no_rank_of_its_people(text, leads):
    """A lead coder is one, and a state that leads a list is none."""
    (claim,) = read_claims(text)
    assert (claim["experience_label"] is not None) is leads


@pytest.mark.parametrize(
    ("text", "specialty"),
    [
        ("Coders in general medical and surgical hospitals had a median of $56,520 a "
         "year.", None),
        ("Medical and surgical hospitals pay coders a median of $56,520 a year.", None),
        ("Nurses of specialty surgical hospitals earn a median of $86,520 a year.",
         None),
        ("Coders with surgical cases earn a median of $66,520 a year.", "surgical"),
    ],
)  # fmt: skip
def test_what_a_hospital_does_is_no_specialty_of_whom_it_pays(text, specialty):
    """A surgical coder has one."""
    (claim,) = read_claims(text)
    assert claim["specialty"] == specialty


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("BLS: medical records specialists who work in hospitals had a median annual "
         "wage of $56,520 in May 2024.", "BLS"),
        ("Payscale: a coder with a certificate and two years behind her makes an "
         "average of $48,300 a year.", "Payscale"),
        ("Glassdoor: coders who hold one certificate and work in an office averaged "
         "$61,700 in 2023.", "Glassdoor"),
    ],
)  # fmt: skip
def test_who_stands_before_a_colon_says_the_rest(text, source):
    """At the head of a long sentence too."""
    (claim,) = read_claims(text)
    assert claim["attributed_to"] == source


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Only pipe welders saw their average fall. Every other role gained at least "
         "3 percent.", "pay_delta_rel"),
        ("Pipe welders fell behind. All other trades rose by at least 3 percent.",
         "pay_delta_rel"),
        ("There were few losers: each grade gained at least 3 percent.",
         "pay_delta_rel"),
    ],
)  # fmt: skip
def test_what_every_job_of_a_page_about_pay_gained_is_pay(text, kind):
    """Though its sentence names neither a job nor pay."""
    claims = read_claims(f"# Pay of welders\n\n{text}")
    assert [c["kind"] for c in claims] == [kind]


PASTED = """What {jobs} Are Paid, State by State

What the Job Is

It is hard work.

### A Morning With a {person}

She is at it by eight.

What the Statistics Say

According to the Bureau of Labor Statistics, the median annual wage for {jobs} was
$48,780 in May 2023.

Best-Paying States (Annual Mean Wage, BLS May 2025)

- Texas: $52,880
"""


@pytest.mark.parametrize(
    ("jobs", "person"),
    [
        ("Medical Coders", "Remote Outpatient Coder"),
        ("Registered Nurses", "Remote Hospital Nurse"),
        ("Welders", "Remote Government Welder"),
    ],
)
def test_the_one_marked_heading_of_a_pasted_text_is_of_its_own_paragraph(jobs, person):
    """The other headings are lines set apart, and the first line is the title."""
    text = PASTED.format(jobs=jobs, person=person)
    document = read(text.encode(), "text/markdown", where="page.md")
    assert document.title == f"What {jobs} Are Paid, State by State"
    assert [(c["work_mode"], c["employer_type"], c["specialty"])
            for c in read_claims(text)] == [(None, None, None)] * 2  # fmt: skip


def test_a_marked_heading_at_the_end_of_a_page_makes_it_no_pasted_text():
    """Nor do two, or one of the first level."""
    body = "Pay of Welders\n\nWelders like their work.\n\n"
    for text in (f"{body}### More", f"### One\n\n{body}### Two", f"# Top\n\n{body}"):
        document = read(text.encode(), "text/markdown", where="page.md")
        headings = [b for b in document.blocks if b.kind == "heading"]
        assert len(headings) == text.count("# ")


@pytest.mark.parametrize(
    ("said", "specialty", "employer"),
    [
        ("- **CPC (Certified Professional Coder):** covers outpatient work.",
         None, None),
        ("- **CIC (Certified Inpatient Coder):** for hospital stays.", None, None),
        ("- **CRC:** for insurance companies and outpatient clinics.", None, None),
        ("- Coders in hospitals, outpatient work", "outpatient", "hospital"),
    ],
)  # fmt: skip
def test_what_a_credential_is_for_is_not_whom_its_average_is_of(
    said, specialty, employer
):
    """The line above names the certificate; a line about people names them."""
    text = f"# What coders make\n\n{said}\n  - *Average salary:* $63,095\n"
    (claim,) = read_claims(text)
    assert (claim["specialty"], claim["employer_type"]) == (specialty, employer)


QUARTERS = (cell(41600, statistic="p25"), cell(64070, statistic="p75"))
TENTHS = (cell(35080, statistic="p10"), cell(77810, statistic="p90"))
HOURS = tuple(
    cell(rate * 2080, statistic=name, period="hour", amount=None)
    for name, rate in (("p25", 20), ("p75", 31))
)


@pytest.mark.parametrize(
    ("low", "high", "cells", "found"),
    [
        (41600, 64700, QUARTERS, QUARTERS[1]),
        (35080, 77180, TENTHS, TENTHS[1]),
        (35800, 77810, TENTHS, TENTHS[0]),
        (41600, 64070, QUARTERS, None),
        (41600, 69900, QUARTERS, None),
        (46100, 64700, QUARTERS, None),
        (35080, 64700, (*QUARTERS, *TENTHS), None),
    ],
)
def test_a_range_with_one_end_right_and_a_slip_in_the_other_is_misquoted(
    low, high, cells, found
):
    """Of two percentiles that go together; a range of two other ends may be true."""
    row = quote_row(None, statistic="range", low=low, high=high)
    assert find_slipped_end(row, cells) is found
    judge = Judge(index_of(*cells), MEASURES, PUBLISHERS)
    (verdict,) = judge.judge_figures([row])
    if found is None:
        assert verdict.verdict in ("supported", "cannot_tell")
    else:
        assert (verdict.verdict, verdict.reference) == ("misquoted", found)


@pytest.mark.parametrize("said", [{"period": "month"}, {"approximate": True}])
def test_a_range_that_was_converted_or_is_about_has_no_slip(said):
    """Its ends are no publisher's to the last digit."""
    times = 12 if "period" in said else 1
    row = quote_row(None, statistic="range", low=41600 / times, high=64700, **said)
    row |= {"annual_low": 41600, "annual_high": 64700}
    assert find_slipped_end(row, QUARTERS) is None


TEXAS = {"area_code": "48", "area": "Texas"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Texas pays $68,230. California is another matter.", "wrong_scope"),
        ("Unlike California, Texas pays $68,230.", "wrong_scope"),
        ("Texas pays $68,230. It is not New York or California.", "wrong_scope"),
        ("Texas pays $68,230. It is not New York.", "misquoted"),
        ("Texas pays $68,230.", "misquoted"),
    ],
)
def test_a_figure_of_a_state_that_another_sentence_names_is_that_states(text, verdict):
    """Only where the page names it: of fifty states one has any figure by chance."""
    states = StateNames.from_vocabulary(VOCABULARY).find_in(text)
    cells = [
        cell(52880, area_code="48", area="Texas"),
        cell(68230, area_code="06", area="California"),
    ]
    pages = {"a" * 12: PageHead(states=states)}
    judge = Judge(index_of(*cells), MEASURES, PUBLISHERS, pages=pages)
    (found,) = judge.judge_figures([quote_row(68230, **TEXAS)])
    assert found.verdict == verdict


def test_states_are_known_by_their_whole_names():
    """West Virginia is not Virginia, and Washington University is in no list."""
    names = StateNames.from_vocabulary(VOCABULARY)
    assert names.find_in("West Virginia and Ohio; not Ohioans") == {"54", "39"}
    assert names.find_in("Nobody in town") == frozenset()
