"""Labels of real pages keep their form, and the command scores a made page by them."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from benchmarks import real_pages
from benchmarks.label_scoring import PAY_KINDS, place_claims
from schemas.claims import PAY_BASES, PERIODS, STATISTICS

LABELS = real_pages.LABELS
HALVES = [
    *(LABELS.with_name(name) for name in ("develop", "batch2", "batch3")),
    LABELS.with_name(real_pages.KEPT_APART),
]
PAGES = real_pages.load_pages(LABELS)
FOLDERS = {page["id"]: half for half in HALVES for page in real_pages.load_pages(half)}
IDS = [*FOLDERS]
FIELDS = {
    "id", "start", "end", "kind", "value", "low", "high", "currency", "period",
    "pay_basis", "statistic", "direction", "area", "area_code", "soc", "credential",
    "credential_count", "experience_min", "experience_max", "employer_type",
    "work_mode", "education", "industry", "specialty", "attributed_to",
    "reference_period", "hypothetical", "lenient",
}  # fmt: skip
MAY_BE_LENIENT = FIELDS | {"claim", "occupation", "experience"}
WHYS = {"cost", "other_money", "count", "ratio", "percent", "year", "number"}
A_PERIOD = r"\d{4}(-\d{2}|-Q[1-4]|/\d{2}|-\d{4})?"
of_every_page = pytest.mark.parametrize("page", IDS)
of_both_halves = pytest.mark.parametrize("half", HALVES, ids=lambda half: half.name)


def labels_of(page: str) -> list[dict[str, Any]]:
    """The labels of a page of the repository."""
    return real_pages.load_rows(FOLDERS[page] / f"{page}.labels.jsonl")


def traps_of(page: str) -> list[dict[str, Any]]:
    """The traps of a page of the repository."""
    return real_pages.load_rows(FOLDERS[page] / f"{page}.traps.jsonl")


@of_every_page
def test_labels_hold_their_fields_and_closed_words(page: str) -> None:
    """No field more or less, and each from its list."""
    for label in labels_of(page):
        assert set(label) == FIELDS
        assert label["id"].startswith(f"{page}-")
        assert label["kind"] in PAY_KINDS
        assert label["pay_basis"] in PAY_BASES
        assert label["statistic"] in STATISTICS
        assert label["period"] in (*PERIODS, None)
        assert label["direction"] in ("up", "down", None)
        assert re.fullmatch(r"[A-Z]{3}", label["currency"] or "USD")
        assert re.fullmatch(r"\d{2}-\d{4}", label["soc"] or "00-0000")
        assert re.fullmatch(A_PERIOD, label["reference_period"] or "2024")
        assert set(label["lenient"]) <= MAY_BE_LENIENT


@of_every_page
def test_labels_hold_a_value_or_bounds(page: str) -> None:
    """A point has no bounds, bounds stand in their order, and none is below zero."""
    for label in labels_of(page):
        bounds = [label[n] for n in ("low", "high") if label[n] is not None]
        assert (label["value"] is None) == bool(bounds)
        assert bounds == sorted(bounds)
        assert all(n >= 0 for n in (*bounds, label["value"] or 0))


@of_every_page
def test_spans_stand_in_order_and_apart(page: str) -> None:
    """Labels and traps together: each begins where the one before has ended."""
    spans = sorted((r["start"], r["end"]) for r in (*labels_of(page), *traps_of(page)))
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    starts = [label["start"] for label in labels_of(page)]
    assert starts == sorted(starts)


@of_every_page
def test_no_wording_of_a_page_is_kept(page: str) -> None:
    """Texts are short names, and there is no field for a quote."""
    for row in (*labels_of(page), *traps_of(page)):
        texts = [v for v in row.values() if isinstance(v, str)]
        assert all(len(text) <= 60 and "\n" not in text for text in texts)
    assert all(set(t) == {"start", "end", "why"} for t in traps_of(page))
    assert {t["why"] for t in traps_of(page)} <= WHYS


@of_both_halves
def test_pages_say_where_they_lie_and_come_from_many_places(half: Path) -> None:
    """Address, commit and digest for each; at most three pages of one repository."""
    pages = real_pages.load_pages(half)
    assert len({page["id"] for page in pages}) == len(pages)
    for page in pages:
        assert re.fullmatch(r"[0-9a-f]{40}", page["commit"])
        assert re.fullmatch(r"[0-9a-f]{64}", page["sha256"])
        assert page["encoding"] in ("utf-8", "windows-1252")
        assert bool(page["converter"]) == bool(page["text_sha256"])
        assert page["split"] == half.name
    repositories = [page["repository"] for page in pages]
    assert max(map(repositories.count, repositories)) <= 3
    assert len({page["kind"] for page in pages}) >= 10


def test_pages_kept_apart_share_no_repository_with_others() -> None:
    """What is developed on says nothing of what is kept apart."""
    pages = [real_pages.load_pages(half) for half in HALVES]
    assert len(IDS) == sum(map(len, pages))
    for column in ("repository", "sha256"):
        *others, apart = ({page[column] for page in half} for half in pages)
        assert not apart & set().union(*others)


@of_both_halves
def test_labels_and_pages_are_of_each_other(half: Path) -> None:
    """No page without labels, no labels without page."""
    named = {path.name.split(".")[0] for path in half.glob("*.jsonl")}
    assert named == {page["id"] for page in real_pages.load_pages(half)}


MADE = (
    "<html><body><h1>Pay of electricians in Ohio</h1>"
    "<p>Electricians in Ohio earned a median of $61,230 a year in 2023, according to "
    "the Bureau of Labor Statistics.</p>"
    "<p>The school's course costs $4,900.</p></body></html>"
)


def lay_page(folder: Path, split: str = "made", **changes: Any) -> Path:
    """Lay the made page with one label and one trap; return the folder of labels."""
    labels = folder / "labels"
    labels.mkdir()
    (folder / "made1.html").write_text(MADE)
    page = dict.fromkeys(PAGES[0], "")
    page |= {"id": "made1", "file": "made1.html", "kind": "made", "commit": "0" * 40,
             "split": split,
             "repository": "a/b", "path": "made 1.html", "encoding": "utf-8",
             "sha256": hashlib.sha256(MADE.encode()).hexdigest()}  # fmt: skip
    with (labels / "pages.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(page))
        writer.writeheader()
        writer.writerow(page)
    label = dict.fromkeys(FIELDS) | {
        "id": "made1-001", "start": MADE.index("$61"), "end": MADE.index(" a year"),
        "kind": "pay_level", "value": 61230, "currency": "USD", "period": "year",
        "pay_basis": "unspecified", "statistic": "median", "area": "Ohio",
        "area_code": "39", "soc": "47-2111", "attributed_to": "BLS",
        "reference_period": "2023", "hypothetical": False, "lenient": [],
    }  # fmt: skip
    trap = {"start": MADE.index("$4,9"), "end": MADE.index(".</p></body>")}
    (labels / "made1.labels.jsonl").write_text(json.dumps(label | changes))
    (labels / "made1.traps.jsonl").write_text(json.dumps(trap | {"why": "cost"}))
    return labels


def run_on(folder: Path, labels: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command's report on a folder, with its exit status."""
    status = real_pages.main([str(folder), "--labels", str(labels), "--json"])
    return json.loads(capsys.readouterr().out) | {"status": status}


def failing(words: str) -> Callable[..., None]:
    """A reading that breaks off with these words."""

    def break_off(*_: object) -> None:
        raise KeyError(words)

    return break_off


def test_a_page_that_is_read_as_labelled_scores_full(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Found, strict, money and everything are one, and no trap is pay."""
    report = run_on(tmp_path, lay_page(tmp_path), capsys)
    row = report["all"]
    assert (row["labels"], row["found"], row["extra"]) == (1, 1, 0)
    assert row["found_f1"] == row["strict_f1"] == 1
    assert row["money_right"] == row["everything_right"] == 1
    assert (row["traps"], row["traps_as_pay"]) == (1, 0)
    assert report["status"] == 0


@pytest.mark.parametrize(
    ("change", "figures"),
    [
        ({"period": "hour"}, {"found_f1": 1, "strict_f1": 0, "money_right": 0}),
        ({"area": "Texas", "area_code": "48"}, {"strict_f1": 0, "money_right": 1}),
        ({"soc": "47-2152"}, {"strict_f1": 1, "everything_right": 0}),
        ({"reference_period": "2021"}, {"strict_f1": 1, "everything_right": 0}),
        ({"attributed_to": "Payscale"}, {"strict_f1": 0, "everything_right": 0}),
        ({"value": 71230}, {"found": 0, "extra": 1, "found_f1": 0}),
        ({"start": 1, "end": 9}, {"found": 0, "extra": 1, "found_f1": 0}),
        ({"value": 71230, "lenient": ["claim"]}, {"labels": 0, "extra": 1}),
        ({"period": "hour", "lenient": ["period"]}, {"strict_f1": 1}),
    ],
)
def test_a_page_that_is_read_otherwise_is_told_by_field(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    figures: dict[str, float],
) -> None:
    """One field of the label is another: that field, and what needs it, is wrong."""
    row = run_on(tmp_path, lay_page(tmp_path, **change), capsys)["all"]
    assert {name: row[name] for name in figures} == figures


def test_a_trap_that_comes_out_as_pay_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The pay itself, called a cost: it is too much, and a trap that was hit."""
    labels = lay_page(tmp_path)
    trap = {"start": MADE.index("$61"), "end": MADE.index(" a year"), "why": "cost"}
    (labels / "made1.traps.jsonl").write_text(json.dumps(trap))
    (labels / "made1.labels.jsonl").write_text("")
    report = run_on(tmp_path, labels, capsys)
    assert report["all"]["traps_as_pay"] == 1
    assert report["traps"] == {"cost": {"of": 1, "as_pay": 1}}


def test_other_bytes_absent_pages_and_a_broken_reading_are_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None of the three stops the run; all but the absent page make it exit 1."""
    labels = lay_page(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(real_pages, "read_claims", failing("a made fault"))
        report = run_on(tmp_path, labels, capsys)
    assert report["status"] == 1
    assert report["broken"] == ["made1: KeyError: 'a made fault'"]
    assert report["all"]["labels"] == 1
    page = tmp_path / "made1.html"
    page.write_text(MADE + " ")
    assert run_on(tmp_path, labels, capsys)["differing"]
    page.unlink()
    report = run_on(tmp_path, labels, capsys)
    assert (report["status"], report["absent"]) == (0, ["made1"])


def test_misses_are_part_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON it is one document; as text a line for each."""
    labels = lay_page(tmp_path, value=71230)
    for more in ([], ["--json"]):
        real_pages.main([str(tmp_path), "--labels", str(labels), "--misses", *more])
        out = capsys.readouterr().out
        lines = [f"made1  {line}" for line in json.loads(out)["misses"]["made1"]] if (
            more
        ) else out.splitlines()  # fmt: skip
        assert sum(line.startswith("made1  missed ") for line in lines) == 1


def test_misses_of_labels_kept_apart_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a page is read, and saying which half they may be told of."""
    labels = lay_page(tmp_path, split=real_pages.KEPT_APART)
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as stop:
            real_pages.main([str(tmp_path), "--labels", str(labels), "--misses", *more])
        assert stop.value.code == 2
        told = capsys.readouterr()
        assert "develop" in told.err
        assert not told.out


def test_of_labels_kept_apart_the_totals_alone_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a page nor a kind, which may be one page, in the report or its lines."""
    labels = lay_page(tmp_path, split=real_pages.KEPT_APART)
    report = run_on(tmp_path, labels, capsys)
    assert (report["pages"], report["kinds"]) == ({}, {})
    assert (report["scored"], report["all"]["found"]) == (1, 1)
    real_pages.main([str(tmp_path), "--labels", str(labels)])
    out = capsys.readouterr().out
    assert "ALL" in out
    assert "made1" not in out


def test_of_pages_kept_apart_that_break_the_number_is_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message of an error may hold a page's words."""
    labels = lay_page(tmp_path, split=real_pages.KEPT_APART)
    monkeypatch.setattr(real_pages, "read_claims", failing("words of the page"))
    report = run_on(tmp_path, labels, capsys)
    assert (report["broken"], report["status"]) == (["1 pages broke"], 1)


def test_places_in_a_page_are_found_through_its_markup() -> None:
    """Digits inside tags and scripts are not the text's."""
    page = '<p id="7">7<script>7</script> of <b>7</b> get $<i>70</i></p>'
    claims = [{"start": 11, "end": 14}, {"start": None, "end": None}]
    placed = place_claims(claims, "7 of 7 get $70", page)
    at = placed[0]["at"]
    assert at is not None
    assert page[slice(*at)] == "70"
    assert placed[1]["at"] is None


def test_the_fetch_list_names_digest_and_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A line a page, its path safe for an address."""
    assert real_pages.main(["--fetch-list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PAGES)
    assert all(re.fullmatch(r"\w+\t[0-9a-f]{64}\thttps://\S+", line) for line in lines)
