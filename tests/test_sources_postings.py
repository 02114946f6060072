"""Job postings: salaries in the data, ranges in the words, and what is not known."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from changing import changed
from make_recordings import RECORDINGS, TESTS, kept
from posting_variants import VARIANTS

from benchmarks.boards import FOLDER
from pipeline.core.errors import Damaged, LayoutChanged, NotFound, TooLarge
from pipeline.core.media import JSON, JSON_LINES
from pipeline.core.model import Snapshot
from pipeline.core.tables import make_claims as made_claims
from pipeline.core.unread_places import collect_unread
from pipeline.core.vocabulary import open_vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.validate import validate
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


def parse_and_judge(snapshot: Snapshot) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Claims of a snapshot that are figures, and the rows that are set aside."""
    claims = job_postings.parse(snapshot, WORDS)
    draft = normalise(claims, WORDS, {snapshot.id: snapshot.edition})
    figures, rejects = validate(draft, job_postings.broken(claims, WORDS), WORDS)
    kept = claims.join(figures.select("claim_id"), on="claim_id", how="semi")
    return kept, rejects


@pytest.mark.parametrize(
    ("made", "want"),
    [(made, want) for _, made, want in VARIANTS],
    ids=[name for name, _, _ in VARIANTS],
)
def test_a_shape_of_a_posting_is_read_right_or_set_aside(tmp_path, made, want):
    """One figure with its job, place and date; or none, and a reason with a place."""
    kept, rejects = parse_and_judge(board(tmp_path, made))
    if want is None:
        assert kept.is_empty()
        assert not rejects.is_empty()
        assert rejects["locator"].str.starts_with("line=1;/baseSalary").all()
        return
    assert rejects.is_empty()
    (row,) = kept.to_dicts()
    usual = {"occupation": "medical coder", "area": "Columbus, OH",
             "reference_period": "2026-03"}  # fmt: skip
    assert {name: row[name] for name in {**usual, **want}} == {**usual, **want}


@pytest.mark.parametrize(
    ("salary", "rule", "said"),
    [
        ({"minValue": 30, "unitText": "SHIFT"}, "period_known", "period SHIFT"),
        ({"usual": 30, "unitText": "HOUR"}, "field_known", "/baseSalary/usual"),
    ],
)
def test_what_is_not_known_of_a_salary_is_set_aside_by_its_name(
    tmp_path, salary, rule, said
):
    """A unit, a key: the row says which, and the others go on."""
    good = posting(minValue=30, unitText="HOUR")
    kept, rejects = parse_and_judge(board(tmp_path, good, posting(**salary), good))
    assert kept["locator"].str.head(6).to_list() == ["line=1", "line=3"]
    reasons = rejects.filter(pl.col("rule") == rule)["reason"].to_list()
    assert any(said in reason for reason in reasons)


def test_a_file_without_any_pay_is_refused(tmp_path):
    """Zero is no pay."""
    with pytest.raises(LayoutChanged, match="baseSalary or a pay level"):
        job_postings.parse(board(tmp_path, posting(value=0, unitText="HOUR")), WORDS)


def test_a_boards_answer_without_pay_is_refused_with_what_it_is(tmp_path):
    """Whose postings they are, so that a person sees how far it was read."""
    path = tmp_path / "answer.json"
    path.write_text('[{"title": "Welder", "jobUrl": "x", "publishedAt": "2026-02-03"}]')
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    where = ("2026-02", sha256, path, JSON, "given", "2026-11-01")
    empty = Snapshot("job_postings", *where, name=path.name)
    with pytest.raises(LayoutChanged, match=r"pay level.*recognised.*words of ashby"):
        job_postings.parse(empty, WORDS)


def test_odd_lines_are_told_and_stop_no_other(tmp_path):
    """One that is no JSON, one of something else; their numbers are told."""
    good = posting(value=30, unitText="HOUR")
    kept = board(tmp_path, good, {"@type": "Event"}, good, good)
    kept.path.write_text(kept.path.read_text() + '\n{"title":', encoding="utf-8")
    with collect_unread() as unread:
        claims = job_postings.parse(kept, WORDS)
    assert claims["locator"].str.head(6).to_list() == ["line=1", "line=3", "line=4"]
    assert [place.locator for place in unread] == ["line=2", "line=5"]
    assert ["no posting" in unread[0].why, "no JSON" in unread[1].why] == [True, True]


def test_a_file_most_of_whose_lines_are_something_else_is_refused(tmp_path):
    """The first of them is named."""
    mixed = board(tmp_path, posting(value=30, unitText="HOUR"), *[{"a": 1}] * 2)
    with pytest.raises(LayoutChanged, match="line 2"):
        job_postings.parse(mixed, WORDS)


def test_a_boards_answer_is_kept_as_a_source(tmp_path):
    """Employers' sums are the source's own; estimates are the board's."""
    path = tmp_path / "answer.json"
    path.write_bytes((FOLDER / "adzuna_gb.json").read_bytes())
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    where = ("2026-02", sha256, path, JSON, "given", "2026-11-01")
    claims = job_postings.parse(Snapshot("job_postings", *where, name=path.name), WORDS)
    assert set(claims["attributed_to"]) == {None, "Adzuna"}
    assert set(claims["currency"]) == {"GBP"}


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
        (b'{"a": "\xff"}\n', "not UTF-8"),
    ],
)
def test_what_is_no_file_of_lines_is_refused(body: bytes, named: str):
    """As a whole."""
    with pytest.raises(Damaged, match=named):
        list(lines.read_lines(body, where="board.jsonl"))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (b'{"b": ', "it is no JSON"),
        (b'[{"a": 1}]', "it is not one JSON object"),
        (b'{"a": 1} {"b": 2}', "it is not one JSON object"),
    ],
)
def test_a_broken_line_says_what_it_is(line: bytes, named: str):
    """In the place of its document."""
    (_, first), (number, said) = lines.read_lines(b'{"a": 1}\n' + line, where="f")
    assert (number, isinstance(first, str)) == (2, False)
    assert named in said


def test_too_much_json_is_refused(monkeypatch):
    """Bytes in all, and values in a line."""
    monkeypatch.setattr(lines, "get_limit", lambda key: 3)
    with pytest.raises(TooLarge):
        list(lines.read_lines(b'{"a": [1, 2, 3, 4]}', where="board.jsonl"))
    bounds = {"json_lines_bytes": 1000, "json_scalars": 3}
    monkeypatch.setattr(lines, "get_limit", bounds.__getitem__)
    with pytest.raises(TooLarge):
        list(lines.read_lines(b'{"a": [1, 2, 3, 4]}', where="board.jsonl"))


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
