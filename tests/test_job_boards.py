"""Answers, feeds and page states of job boards, read by the table of their fields."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from make_recordings import TESTS

from benchmarks.boards import FOLDER, read_expected, score_file
from pipeline.core.pay_periods import find_pay_period, load_pay_periods
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import embedded_texts
from pipeline.extract.board_layouts import load_board_table
from pipeline.query.check import open_page
from pipeline.read import read_quotes

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
WANTED = defaultdict(list)
for expected in read_expected():
    WANTED[expected["file"]].append(expected)


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_boards_answer_is_read_whole_and_no_more(name: str):
    """Amounts, currency, period, job, place, date, and whose estimate it is."""
    right, missed, invented = score_file(FOLDER / name, WANTED[name], WORDS)
    assert (right, missed, invented) == (len(WANTED[name]), [], [])


def lay_as_state(body: str) -> str:
    """Make a page that has an answer as its state."""
    script = f'<script id="__NEXT_DATA__" type="application/json">{body}</script>'
    return f'<!doctype html><html lang="en"><body><h1>Jobs</h1>{script}</body></html>'


def lay_as_lines(body: str) -> str:
    """Make lines of an answer: one a posting of a list, else one alone."""
    found = json.loads(body)
    return "\n".join(map(json.dumps, found if isinstance(found, list) else [found]))


@pytest.mark.parametrize(
    ("ending", "lay"), [("html", lay_as_state), ("jsonl", lay_as_lines)]
)
def test_an_answer_reads_alike_as_a_pages_state_and_as_lines(tmp_path, ending, lay):
    """Where it was found makes no difference."""
    for name in sorted(WANTED):
        if name.endswith(".json"):
            path = tmp_path / f"{name}.{ending}"
            path.write_text(lay((FOLDER / name).read_text("utf-8")), encoding="utf-8")
            right, missed, invented = score_file(path, WANTED[name], WORDS)
            assert (name, right, missed, invented) == (name, len(WANTED[name]), [], [])


def read_made(folder: Path, *postings: object, name: str = "answer.json") -> list:
    """Claims of an answer with these postings, and the places that are not read."""
    path = folder / name
    lines = name.endswith("l")
    body = "\n".join(map(json.dumps, postings)) if lines else json.dumps(postings)
    path.write_text(body, encoding="utf-8")
    page = open_page(path, WORDS)
    quotes = read_quotes(
        path.read_bytes(),
        page.document.media_type,
        page.claims["locator"].to_list(),
    )
    assert quotes == page.claims["quote"].to_list()
    return [page.claims.to_dicts(), list(page.extraction.unread_data)]


def tally(**changes: object) -> dict[str, object]:
    """A posting as a widely used collector writes it."""
    row = {"title": "Welder", "location": "Omaha, NE", "min_amount": 20,
           "max_amount": 30, "interval": "hourly", "currency": "USD"}  # fmt: skip
    return {**row, **changes}


def test_a_label_that_nothing_explains_is_kept_and_nothing_is_assumed(tmp_path):
    """The figure has no period, no currency, and says what it could not read."""
    (claim,), _ = read_made(tmp_path, tally(interval="shiftly", currency="QQQ"))
    assert (claim["period"], claim["currency"]) == (None, None)
    assert claim["unread"] == "currency QQQ; period shiftly"


def test_without_a_label_period_and_currency_are_assumed_and_said_to_be(tmp_path):
    """By the size of the sums, and by the country."""
    claims, _ = read_made(
        tmp_path,
        tally(interval=None, currency=None),
        tally(interval="", currency="", location="Leeds, UK"),
    )
    found = [(c["period"], c["currency"], c["basis"]) for c in claims]
    assert found == [
        ("hour", "USD", "period:assumed"),
        ("hour", "GBP", "period:assumed"),
    ]


def test_zero_and_minus_one_are_no_amounts(tmp_path):
    """Boards write them for what they do not know."""
    (one,), _ = read_made(
        tmp_path, tally(max_amount=-1), tally(min_amount=0, max_amount=0)
    )
    assert (one["statistic"], float(one["low"]), one["high"]) == ("minimum", 20, None)


def test_a_number_of_a_posting_that_the_table_does_not_name_is_noted(tmp_path):
    """It may be pay, and is not guessed."""
    claims, unread = read_made(tmp_path, tally(median_salary=25))
    assert len(claims) == 1
    assert unread == ["script=0;/0/median_salary"]


def test_equity_is_no_pay_and_commission_is_a_bonus(tmp_path):
    """Ashby lists them beside the salary."""
    parts = [
        {"compensationType": name, "interval": "1 YEAR", "currencyCode": "USD",
         "minValue": low, "maxValue": low * 2}
        for name, low in [("Salary", 50000), ("Commission", 9000), ("EquityCash", 7000)]
    ]  # fmt: skip
    tiers = {"compensationTiers": [{"components": parts}]}
    claims, _ = read_made(tmp_path, {"title": "Welder", "compensation": tiers})
    assert [(c["kind"], float(c["low"])) for c in claims] == [
        ("pay_level", 50000), ("bonus", 9000),
    ]  # fmt: skip


def test_a_job_in_several_places_has_all_of_them(tmp_path):
    """None of them is taken for the job's only place."""
    found = {"text": "Welder", "salaryRange": {"min": 20, "max": 30, "currency": "USD",
             "interval": "per-hour-wage"}, "categories": {"location": "Omaha, NE",
             "allLocations": ["Omaha, NE", "Tampa, FL"]}}  # fmt: skip
    (claim,), _ = read_made(tmp_path, found)
    assert (claim["area"], claim["area_level"]) == ("Omaha, NE; Tampa, FL", None)


def test_a_remote_job_has_no_place_of_that_name(tmp_path):
    """The word is a way of working; what stands beside it is the place."""
    (claim,), _ = read_made(tmp_path, tally(location="Remote - Ohio"))
    assert (claim["work_mode"], claim["area"]) == ("remote", "Ohio")


def test_what_a_posting_says_twice_is_one_claim(tmp_path):
    """A description as text and as markup; a summary beside its parts."""
    words = "The pay range is $24.00 - $31.00 per hour."
    twice = {"title": "Welder", "jobUrl": "x", "publishedAt": "2026-02-03",
             "descriptionHtml": f"<p>{words}</p>",
             "descriptionPlain": words}  # fmt: skip
    other = {**twice, "title": "Nurse"}
    claims, unread = read_made(tmp_path, twice, other)
    assert [c["occupation"] for c in claims] == ["welder", "nurse"]
    assert unread == []


def test_texts_beyond_what_is_read_are_noted(tmp_path, monkeypatch):
    """Nothing is passed over in silence."""
    monkeypatch.setattr(embedded_texts, "MOST_READ", 60)
    words = "The pay range is $24.00 - $31.00 per hour."
    made = {"title": "Welder", "jobUrl": "x", "publishedAt": "2026-02-03"}
    claims, unread = read_made(
        tmp_path, *({**made, "descriptionPlain": words} for _ in range(2))
    )
    assert [c["locator"] for c in claims] == ["script=0;char=17,32;/0/descriptionPlain"]
    assert unread == ["script=0;/1/descriptionPlain"]


def test_lines_of_a_feed_are_read_and_point_to_their_lines(tmp_path):
    """A line that is no JSON stops no other."""
    path = tmp_path / "feed.jsonl"
    good = json.dumps(tally())
    path.write_text(f"{good}\n{{broken\n\n{good}\n", encoding="utf-8")
    places = open_page(path, WORDS).claims["locator"].to_list()
    assert places == ["line=1;/min_amount", "line=4;/min_amount"]


@pytest.mark.parametrize(
    ("label", "period"),
    [
        ("YR", "year"), ("per year", "year"), ("Annum", "year"), ("P1H", "hour"),
        ("per-month-salary", "month"), ("1 YEAR", "year"), ("hours", "hour"),
        ("p.a.", "year"), ("Bi-weekly", "fortnight"), ("shift", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_spellings_of_a_pay_period(label: str, period: str):
    """What adds nothing is passed over; what is not known means nothing."""
    assert find_pay_period(load_pay_periods(WORDS, "job_postings"), label) == period


def test_every_layout_can_be_told_from_those_before_it():
    """No layout asks for all that an earlier one asks for, and so is never reached."""
    for layouts in load_board_table(WORDS).by_key.values():
        for at, later in enumerate(layouts):
            for former in layouts[:at]:
                assert not set(former.row) <= set(later.row), (former.row, later.row)


def test_whoever_makes_estimates_has_a_name():
    """An estimate without one would pass for the employer's."""
    for layouts in load_board_table(WORDS).by_key.values():
        for layout in layouts:
            assert not layout.estimate or layout.name or layout.publisher, layout.row


def test_a_sign_that_several_share_is_the_countrys(tmp_path):
    """`$` in a posting of Canada or Australia, in words as in numbers."""
    canada = {"@type": "Place", "address": {"addressLocality": "Toronto",
              "addressRegion": "ON", "addressCountry": "CA"}}  # fmt: skip
    posting = {"@context": "https://schema.org", "@type": "JobPosting",
               "title": "Welder", "jobLocation": canada,
               "description": "The pay is $31.00 - $36.50 an hour."}  # fmt: skip
    seek = {"title": "Welder", "salaryLabel": "$85,000 - $95,000 a year",
            "advertiser": {"description": "Tallis"}}  # fmt: skip
    (first,), _ = read_made(tmp_path, posting)
    (second,), _ = read_made(tmp_path, seek)
    assert (first["currency"], second["currency"]) == ("CAD", "AUD")


def test_a_frequency_of_pay_is_no_count_of_a_histogram(tmp_path):
    """`frequency: "year"` beside two ends is a range of pay."""
    row = {"title": "Welder", "compensation_minimum": 52000,
           "compensation_maximum": 70000, "frequency": "year"}  # fmt: skip
    (claim,), _ = read_made(tmp_path, row)
    assert (claim["kind"], claim["period"]) == ("pay_level", "year")
    (bar,), _ = read_made(tmp_path, {**row, "frequency": 31})
    assert bar["kind"] == "share"


def test_a_sign_for_a_currency_is_the_countrys(tmp_path):
    """Where the posting names a place of that country."""
    row = tally(currency="$", location="Toronto, ON, Canada")
    (claim,), _ = read_made(tmp_path, row)
    assert claim["currency"] == "CAD"


def test_a_posting_within_a_posting_is_not_read_as_its_own(tmp_path):
    """Jobs that are shown beside it stand elsewhere as well, or are others'."""
    claims, _ = read_made(tmp_path, tally(similar=[tally(min_amount=25)]))
    assert [float(c["low"]) for c in claims] == [20]


def test_what_stands_beside_remote_is_the_place(tmp_path):
    """As written, where it is not known."""
    (claim,), _ = read_made(tmp_path, tally(location="Remote (Zedville)"))
    assert claim["area"] == "Zedville"


def test_a_state_that_says_a_postings_pay_again_makes_no_second_claim(tmp_path):
    """The corner that says less is dropped."""
    card = {"displayTitle": "Welder", "formattedLocation": "Tampa, FL",
            "extractedSalary": {"min": 22.5, "max": -1, "type": "HOURLY"}}  # fmt: skip
    again = {"salaryCurrency": "USD", "salaryMin": 22.5, "salaryMax": -1,
             "salaryType": "HOURLY"}  # fmt: skip
    path = tmp_path / "page.html"
    state = json.dumps({"results": [card], "salaryInfoModel": again})
    path.write_text(lay_as_state(state), encoding="utf-8")
    claims = open_page(path, WORDS).claims
    assert claims.select("occupation", "area").rows() == [("welder", "Tampa, FL")]
