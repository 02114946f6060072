"""Job postings: salaries in the data, ranges in the words, and what is not known."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept

from pipeline.core.errors import (
    Damaged,
    LayoutChanged,
    NotFound,
    TooLarge,
    UnknownLabel,
)
from pipeline.core.media import JSON_LINES
from pipeline.core.model import Snapshot
from pipeline.core.tables import make_claims as made_claims
from pipeline.core.vocabulary import open_vocabulary
from pipeline.read import read_quotes
from pipeline.read.json import json_lines as lines
from pipeline.sources import job_postings

WORDS = open_vocabulary(TESTS.parent / "vocabularies")
BOARD, PAGE, DISAGREEING = (  # by edition and name
    kept(r, TESTS / "raw") for r in RECORDINGS if r.source == "job_postings"
)


def board(folder: Path, *postings: object) -> Snapshot:
    """A file of JSON lines."""
    path = folder / "board.jsonl"
    path.write_text("\n".join(json.dumps(p) for p in postings), encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    where = ("2026-02", sha256, path, JSON_LINES, "made", "2026-11-01")
    return Snapshot("job_postings", *where, name=path.name)


def posting(**salary: object) -> dict[str, object]:
    """A posting with a salary."""
    money = {"@type": "MonetaryAmount", "currency": "USD", "value": salary}
    return {"@type": "JobPosting", "title": "Medical Coder", "baseSalary": money}


def test_what_the_page_says_in_words_is_about_the_posting():
    """Its job, place, date and experience hold for the visible range as well."""
    claims = job_postings.parse(PAGE, WORDS)
    ranges = claims.filter(pl.col("statistic") == "range")
    facts = ranges.select("low", "occupation", "area", "experience_min", "work_mode")
    assert facts.unique().rows() == [
        (Decimal("54500.00"), "medical coder", "US", 2.0, "remote")
    ]
    assert sorted(ranges["structure"]) == ["json_ld", "prose"]


def test_two_ends_that_are_one_sum_are_a_point(tmp_path):
    """`minValue` equal to `maxValue` is no range."""
    same = board(tmp_path, posting(minValue=30, maxValue=30, unitText="HOUR"))
    row = job_postings.parse(same, WORDS).row(0, named=True)
    assert (row["value"], row["statistic"]) == (Decimal("30.00"), "unspecified")


def test_one_end_is_a_bound(tmp_path):
    """A posting that only says from, or only up to."""
    both = board(
        tmp_path, posting(minValue=30, unitText="HOUR"),
        posting(maxValue=90000, unitText="YEAR"),
    )  # fmt: skip
    found = job_postings.parse(both, WORDS).select("statistic", "low", "high").rows()
    assert found == [
        ("minimum", Decimal("30.00"), None),
        ("maximum", None, Decimal("90000.00")),
    ]


def test_a_salary_without_a_unit_has_no_period(tmp_path):
    """It is not guessed; the figure is set aside later, with that reason."""
    bare = board(tmp_path, posting(minValue=30, maxValue=40))
    assert job_postings.parse(bare, WORDS)["period"].to_list() == [None]


def test_a_range_that_runs_backwards_breaks_a_rule(tmp_path):
    """It is kept as it stands, and set aside by name."""
    wrong = board(tmp_path, posting(minValue=40, maxValue=30, unitText="HOUR"))
    right = board(tmp_path, posting(minValue=30, maxValue=40, unitText="HOUR"))
    assert job_postings.broken(job_postings.parse(right, WORDS), WORDS).is_empty()
    wrong = board(tmp_path, posting(minValue=40, maxValue=30, unitText="HOUR"))
    found = job_postings.broken(job_postings.parse(wrong, WORDS), WORDS)
    assert found["reason"].to_list() == ["the least, 40.00, is above the most, 30.00"]


@pytest.mark.parametrize(
    ("salary", "error", "named"),
    [
        ({"minValue": 30, "unitText": "SHIFT"}, UnknownLabel, "'SHIFT'.*pay_units.csv"),
        ({"minimum": 30, "unitText": "HOUR"}, LayoutChanged, "baseSalary/minimum"),
        ({"value": 0, "unitText": "HOUR"}, LayoutChanged, "baseSalary or a pay level"),
    ],
)
def test_what_is_not_known_of_a_salary_is_loud(tmp_path, salary, error, named):
    """A unit, a key, or no pay at all."""
    with pytest.raises(error, match=named):
        job_postings.parse(board(tmp_path, posting(**salary)), WORDS)


def test_a_line_that_is_no_posting_is_named(tmp_path):
    """Its number is in the message, and the module to teach."""
    mixed = board(tmp_path, posting(value=30, unitText="HOUR"), {"@type": "Event"})
    with pytest.raises(LayoutChanged, match=r"line 2.*JobPosting.*job_postings.py"):
        job_postings.parse(mixed, WORDS)


def test_a_page_that_lost_its_pay_stops_the_source(tmp_path):
    """Neither the data nor the words say what is paid."""
    empty = changed(
        PAGE, tmp_path, ("baseSalary", "salaryNote"), ("$54,500 - $71,200", "by band"),
        ('"minValue": 54500, "maxValue": 71200', '"text": "by band"'),
    )  # fmt: skip
    with pytest.raises(LayoutChanged, match="baseSalary or a pay level"):
        job_postings.parse(empty, WORDS)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b" \n", "empty"),
        (b"PK\x03\x04....", "a zip"),
        (b'{"a": 1}\n{"b": ', "line 2: it is no JSON"),
        (b'[{"a": 1}]\n', "line 1: it is not one JSON object"),
        (b'{"a": 1} {"b": 2}\n', "line 1: it is not one JSON object"),
        (b'{"a": "\xff"}\n', "not UTF-8"),
    ],
)
def test_broken_json_lines_are_named(body: bytes, named: str):
    """With the line, and nothing is half read."""
    with pytest.raises(Damaged, match=named):
        list(lines.read_documents(body, where="board.jsonl"))


def test_too_much_json_is_refused(monkeypatch):
    """Bytes in all, and values in a line."""
    monkeypatch.setattr(lines, "get_limit", lambda key: 3)
    with pytest.raises(TooLarge):
        list(lines.read_documents(b'{"a": [1, 2, 3, 4]}', where="board.jsonl"))
    bounds = {"json_lines_bytes": 1000, "json_scalars": 3}
    monkeypatch.setattr(lines, "get_limit", bounds.__getitem__)
    with pytest.raises(TooLarge):
        list(lines.read_documents(b'{"a": [1, 2, 3, 4]}', where="board.jsonl"))


@pytest.mark.parametrize(
    "place", ["line=99;/title", "line=1;/nothing", "char=1,2", "line=0;/title"]
)
def test_a_place_that_is_not_there_is_an_error(place: str):
    """A locator into JSON lines leads to a value or says that it does not."""
    with pytest.raises(NotFound):
        read_quotes(BOARD.read_body(), JSON_LINES, [place])


def test_columns_of_claims_are_kept():
    """Rows of postings go through the one table of claims."""
    assert job_postings.parse(BOARD, WORDS).columns == made_claims([]).columns
