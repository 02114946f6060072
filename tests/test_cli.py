"""The commands as a user meets them: what they print, and their exit status."""

import json
import shutil
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest
from pages_home import copy_home, find_bundled

from pipeline.core.store import Home, sha256_of
from pipeline.query.published import open_latest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
CELL = "29-2072/US/all/base/median/2023"
PAGE = """# What coders earn

According to the Bureau of Labor Statistics, the median annual wage for medical records
specialists was $48,780 as of May 2023. The lowest 10 percent earned less than $35,010.
"""


@pytest.fixture(scope="module")
def released(small_release, tmp_path_factory) -> Home:
    """A home with a few of the project's snapshots and one release of them."""
    return copy_home(small_release, tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def whole(demonstration, tmp_path_factory) -> Home:
    """A home with all of the project's snapshots and one release of them."""
    return copy_home(demonstration, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def payproof(released, command_in):
    """Run a command in the home of few snapshots."""
    return partial(command_in, released)


@pytest.fixture
def payproof_whole(whole, command_in):
    """Run a command in the home of all snapshots."""
    return partial(command_in, whole)


@pytest.fixture
def page(tmp_path) -> Path:
    """A small page about pay."""
    path = tmp_path / "page.md"
    path.write_text(PAGE, "utf-8")
    return path


def test_check_gives_a_verdict_with_cell_file_and_difference(payproof, page):
    """Supported and misquoted, each against the published cell."""
    status, out, _ = payproof("check", page)
    assert status == 1
    assert "SUPPORTED" in out
    assert "MISQUOTED" in out
    for part in (CELL, "35,080", "raw/bls_oews/2023-05", "70 less"):
        assert part in out


def test_check_prints_one_json_object(payproof, page):
    """The fields of docs/commands.md, and nothing else on standard output."""
    _, out, _ = payproof("check", page, "--format", "json")
    found = json.loads(out)
    assert set(found) == {
        "document", "release", "claims", "verdicts", "discrepancies", "nothing_because",
        "reading_faults", "summary", "findings",
    }  # fmt: skip
    verdicts = {v["quote"]: v for v in found["verdicts"]}
    assert verdicts["$48,780"]["verdict"] == "supported"
    assert verdicts["$48,780"]["cell"] == CELL
    wrong = verdicts["$35,010"]
    assert (wrong["verdict"], wrong["published"], wrong["reference"]) == (
        "misquoted", 35010, 35080,
    )  # fmt: skip
    assert (wrong["difference"], wrong["reference_release"]) == (-70, "2023-05")
    (conflict,) = found["discrepancies"]
    assert conflict["claim_ids"] == [wrong["claim_id"]]
    assert conflict["type"] == "misquote"


def test_check_draws_a_page_that_runs_nothing(payproof, tmp_path):
    """A script on the page is text in the report."""
    path = tmp_path / "hostile.md"
    path.write_text(PAGE.replace("coders earn", "<script>alert(1)</script> earn"))
    _, out, _ = payproof("check", path, "--format", "html")
    assert out.startswith("<!doctype html>")
    assert "<script" not in out


def test_claims_prints_records_tables_and_csv(payproof, page):
    """Three forms of one list; the records are JSON, a line each."""
    status, out, _ = payproof("claims", page, "--format", "jsonl")
    records = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [r["value"] for r in records] == [48780, 35010]
    assert [r["statistic"] for r in records] == ["median", "p10"]
    assert isinstance(records[0]["inherited"], list)
    _, out, _ = payproof("claims", page)
    assert "2 figures read, 1 set aside" in out
    _, out, _ = payproof("claims", page, "--format", "csv")
    assert out.startswith("claim_id,source,")


def test_explain_lists_winners_and_losers(payproof):
    """The BLS figure is chosen; the made guide's figures stand with their reasons."""
    status, out, _ = payproof("explain", CELL)
    assert status == 0
    assert "chosen                 48,780  bls" in out
    assert "quotes_primary" in out
    others = ("$64,710", "$61,003", "$51,698", "$54,890")
    assert not any(quote in out for quote in others)
    assert "`--all` prints them." in out
    assert len(out.splitlines()) < 25
    _, whole, _ = payproof("explain", CELL, "--all")
    assert all(quote in whole for quote in others)
    _, out, _ = payproof("explain", CELL, "--format", "json")
    assert json.loads(out)["cell"]["annual"] == 48780


def test_conflicts_are_filtered_by_type_and_severity(payproof_whole):
    """An unknown type is an error that names the known ones."""
    asked = ("conflicts", "--type", "misquote", "--format", "json")
    status, out, _ = payproof_whole(*asked)
    rows = json.loads(out)
    assert status == 1
    assert {row["type"] for row in rows} == {"misquote"}
    assert {row["severity"] for row in rows} == {2, 3}
    _, out, _ = payproof_whole(*asked, "--severity", "3")
    assert {row["severity"] for row in json.loads(out)} == {3}
    status, _, err = payproof_whole("conflicts", "--type", "mistake")
    assert (status, err.count("\n")) == (2, 1)
    assert "misquote" in err


def test_verify_re_extracts_every_pointer(payproof, released):
    """All of them, from every kind of file in raw/."""
    status, out, _ = payproof("verify", "--format", "json")
    said = json.loads(out)
    assert (status, said["failed"], said["faults"]) == (0, [], [])
    rows = open_latest(released).manifest["rows"]
    assert said["pointers"] == said["re_extracted"] == rows["claims"]


def test_a_second_refresh_says_that_nothing_changed(payproof):
    """And that the release is a demonstration."""
    status, out, _ = payproof("refresh", "--offline")
    assert status == 0
    assert "nothing was parsed" in out
    assert "Demonstration" in out


def test_sources_are_listed_and_diagnosed(payproof_whole):
    """Who publishes, what is stored, whether it can be read."""
    _, out, _ = payproof_whole("sources")
    assert "bls_oews" in out
    assert "by hand" in out
    status, out, _ = payproof_whole("sources", "doctor", "bls_oews")
    assert status == 0
    assert "33 snapshots" in out


def test_a_saved_page_is_kept_with_its_provenance(payproof, released, page):
    """The manual drop: same card as a fetch, capture `given`."""
    body = page.with_name("kept.md")
    body.write_text(PAGE.replace("48,780", "48,781"), "utf-8")
    status, _, _ = payproof(
        "sources", "keep", "article", body, "--edition", "2025",
        "--url", "https://pay.example/guide",
    )  # fmt: skip
    folder = released.raw / "article" / f"2025-{sha256_of(body)[:12]}"
    card = json.loads((folder / "snapshot.json").read_text())
    assert (status, card["capture"]) == (0, "given")
    assert card["url"] == "https://pay.example/guide"
    shutil.rmtree(folder)


BAD = {
    "empty.md": (b"", 2, "empty"),
    "page.xlsx": (b"<!doctype html><html><body>$50,000</body></html>", 2, "HTML"),
    "image.html": (b"\x89PNG\r\n\x1a\n" + bytes(200), 2, ""),
    "prices.txt": (b"Bread $2.50\nMilk $1.20\nButter $4.00\n", 1, "No pay figure"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_one_clear_sentence(name, payproof, tmp_path):
    """Where, what and what to do; the right status; never a traceback."""
    body, expected, said = BAD[name]
    path = tmp_path / name
    path.write_bytes(body)
    status, out, err = payproof("check", path)
    assert status == expected, (out, err)
    told = err if status == 2 else out
    assert said in told
    assert name in told
    assert "Traceback" not in err
    assert err.count("\n") == (1 if status == 2 else 0)


def test_a_sum_beyond_any_pay_harms_nothing(payproof, tmp_path):
    """National spending is set aside; the pay beside it is read."""
    path = tmp_path / "spending.md"
    path.write_text(
        "Health spending reached $4.5 trillion.\n\n"
        "Coders earn a median of $50,000 a year.\n"
    )
    status, out, _ = payproof("claims", path, "--format", "jsonl")
    assert status == 0
    assert [json.loads(line)["value"] for line in out.splitlines()] == [50000]


def test_one_question_with_thousands_of_answers_is_answered(payproof, tmp_path):
    """The work grows with the figures, not with their pairs."""
    path = tmp_path / "long.md"
    lines = [f"The median salary of a medical coder is ${40000 + 7 * n:,}." for n in
             range(600)]  # fmt: skip
    path.write_text("\n\n".join(lines))
    _, out, _ = payproof("check", path, "--format", "json")
    found = json.loads(out)
    assert len(found["verdicts"]) == 600
    assert len(found["discrepancies"]) < 600


def test_a_workbook_with_a_renamed_column_is_not_kept(payproof_whole, whole, tmp_path):
    """The column and the file to change are named; raw/ stays as it was."""
    (folder,) = find_bundled("bls_oews/2021-*")
    path = tmp_path / "national_M2021_dl.csv"
    text = (folder / "body.csv").read_text()
    path.write_text(text.replace("A_MEDIAN", "A_MIDDLE"))
    before = sorted(whole.raw.rglob("*"))
    status, _, err = payproof_whole(
        "sources", "keep", "bls_oews", path, "--edition", "2021-05"
    )
    assert (status, err.count("\n")) == (2, 1)
    assert "A_MIDDLE" in err
    assert "vocabularies/oews_columns.csv" in err
    assert sorted(whole.raw.rglob("*")) == before


def test_a_text_in_latin_1_is_read(payproof, tmp_path):
    """Pounds and accents in one-byte encodings are no obstacle."""
    path = tmp_path / "latin.txt"
    text = "Médical coders in the UK earn an average salary of £31,049 a year.\n"
    path.write_bytes(text.encode("latin-1"))
    status, out, _ = payproof("claims", path, "--format", "jsonl")
    record = json.loads(out)
    assert (status, record["value"], record["currency"]) == (0, 31049, "GBP")


def test_a_page_of_fifty_megabytes_is_refused_unread(payproof, tmp_path):
    """The bound and the file that holds it are named."""
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    status, _, err = payproof("check", path)
    assert (status, err.count("\n")) == (2, 1)
    assert "50,000,000" in err
    assert "vocabularies/limits.csv" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "29-2072/US/all/base/median/1899"), "near it"),
        (("explain", "nonsense"), "A cell reads"),
        (("sources", "doctor", "mystery"), "bls_oews"),
        (("refresh", "--offline", "--source", "mystery"), "bls_oews"),
        (("check", "no-such-file.md"), "no-such-file.md"),
        (("claims", "no-such-file.md"), "no-such-file.md"),
        (("check", "https://pay.example/x"), "Save the page"),
    ],
)
def test_what_does_not_exist_is_named(arguments, said, payproof):
    """Status 2 and one sentence with what there is instead."""
    status, _, err = payproof(*arguments)
    assert (status, err.count("\n")) == (2, 1)
    assert said in err


def test_broken_snapshots_leave_everything_as_it_was(payproof, released, tmp_path):
    """A truncated workbook given by hand is refused; raw/ does not change."""
    before = sorted(released.raw.rglob("*"))
    whole = tmp_path / "whole.xlsx"
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>" * 1000)
    cut = tmp_path / "national_M2024_dl.xlsx"
    cut.write_bytes(whole.read_bytes()[:120])
    status, _, err = payproof(
        "sources", "keep", "bls_oews", cut, "--edition", "2024-05"
    )
    assert (status, err.count("\n")) == (2, 1)
    assert "national_M2024_dl.xlsx" in err
    assert sorted(released.raw.rglob("*")) == before


def test_control_characters_cannot_drive_a_terminal(payproof, tmp_path):
    """An escape sequence in a page is printed as text."""
    path = tmp_path / "escape.md"
    path.write_text("The median salary of a coder\x1b[2J is $50,000 a year.\n")
    _, out, err = payproof("check", path)
    assert "\x1b" not in out + err


def test_check_imports_neither_prefect_nor_the_network(released, page):
    """The fact-checker starts in the time of its tables."""
    script = (
        "import sys\nfrom pipeline import cli\n"
        f"sys.argv = ['payproof', 'check', {str(page)!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'prefect', 'requests', 'fastapi', 'jinja2', 'scipy', 'pandera',"
        " 'pandas', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PAYPROOF_HOME": str(released.root), "PATH": ""}, cwd=ROOT,
    )  # fmt: skip
    assert done.stderr.strip() == "[]"
