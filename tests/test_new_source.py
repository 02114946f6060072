"""`payproof sources new`: a skeleton with gaps that show, or nothing at all."""

import shutil
import tomllib
from pathlib import Path

import polars as pl
import pytest

from pipeline.archive.card import read_card
from pipeline.cli import main
from pipeline.cli.source_skeleton import SourceWish, write_skeleton
from pipeline.core.errors import Damaged
from pipeline.core.source_facts import read_facts
from pipeline.core.source_fields import UNFILLED
from pipeline.core.vocabulary import open_vocabulary

ROOT = Path(__file__).resolve().parents[1]
TODAY = "2026-11-20"
PAGE = b"<!doctype html><p>In 2025 a coder made $50,000 a year.</p>\n"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """What a checkout has that a new source is written into."""
    root = tmp_path / "checkout"
    (root / "pipeline" / "sources").mkdir(parents=True)
    (root / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "make_recordings.py", root / "tests")
    shutil.copytree(ROOT / "vocabularies", root / "vocabularies")
    (root / "pipeline" / "sources" / "page.py").write_text('"""Shared."""\n')
    (tmp_path / "coder.html").write_bytes(PAGE)
    (tmp_path / "coder.xlsx").write_bytes(PAGE)
    return root


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder, but for the lock."""
    found = (path for path in root.rglob("*") if path.is_file())
    return {
        str(p.relative_to(root)): p.read_bytes() for p in found if p.name != ".lock"
    }


def wish(root: Path, **said: object) -> SourceWish:
    """A source that can be, but for what is said."""
    facts = {"id": "payboard", "title": "Payboard salaries", "edition": "2025"}
    facts |= {
        "url": "https://payboard.example/coder",
        "page": root.parent / "coder.html",
    }
    return SourceWish(**{**facts, **said})


def test_a_skeleton_is_five_files(checkout, capsys):
    """Facts, parser, recording with its card, expectation, test: all with gaps."""
    before = files(checkout)
    assert write_skeleton(wish(checkout), TODAY, root=checkout) == 0
    new = {name: body for name, body in files(checkout).items() if name not in before}
    bodies = [name for name in new if name.endswith("body.html")]
    assert len(new) == 6
    assert new[bodies[0]] == PAGE
    card = read_card((checkout / bodies[0]).parent)
    assert (card["capture"], card["retrieved"]) == ("made", TODAY)
    assert card["url"] == "https://payboard.example/coder"
    gaps = {Path(name).name for name, body in new.items() if UNFILLED.encode() in body}
    assert gaps == {
        *("payboard.toml", "payboard.py", "test_sources_payboard.py"),
        "coder.html.csv",
    }
    shown = capsys.readouterr().out.splitlines()
    assert set(shown[:5]) == {name for name in new if not name.endswith(".json")}


def test_facts_with_gaps_are_no_source(checkout):
    """Whoever reads them is told each gap by name; nothing is assumed."""
    write_skeleton(wish(checkout), TODAY, root=checkout)
    with pytest.raises(Damaged, match="to be filled in: kind, official, measures"):
        read_facts(checkout / "pipeline" / "sources")


def test_without_a_page_the_recording_is_a_gap_too(checkout):
    """It has no figure that a parser could take for the publisher's."""
    empty = wish(checkout, page=None, title="", url="")
    write_skeleton(empty, TODAY, root=checkout)
    (body,) = (checkout / "tests" / "raw" / "payboard").glob("*/body.html")
    assert UNFILLED in body.read_text("utf-8")
    facts = (checkout / "pipeline" / "sources" / "payboard.toml").read_text("utf-8")
    assert tomllib.loads(facts)["title"].startswith(UNFILLED)


def test_a_title_is_text_and_nothing_else(checkout):
    """What it holds ends no string and fills no word of a template."""
    title = "Löhne & 'pay' <b> $id \N{EM DASH} #1"
    write_skeleton(wish(checkout, title=title), TODAY, root=checkout)
    sources = checkout / "pipeline" / "sources"
    assert (
        tomllib.loads((sources / "payboard.toml").read_text("utf-8"))["title"] == title
    )
    code = (sources / "payboard.py").read_text("utf-8")
    compile(code, "payboard.py", "exec")
    assert code.startswith(f'"""{title}: ')


def test_a_quoted_publisher_brings_its_row_along(checkout):
    """Its names and statistics move from publishers.csv into the facts."""
    table = open_vocabulary(checkout / "vocabularies").read_table("publishers")
    row = table.row(by_predicate=pl.col("id") == "robert_half", named=True)
    path = checkout / "vocabularies" / "publishers.csv"
    before = path.read_text("utf-8").splitlines()
    write_skeleton(wish(checkout, id="robert_half"), TODAY, root=checkout)
    after = path.read_text("utf-8").splitlines()
    assert [line.partition(",")[0] for line in before if line not in after] == [
        "robert_half"
    ]
    text = (checkout / "pipeline" / "sources" / "robert_half.toml").read_text("utf-8")
    facts = tomllib.loads(text)
    assert facts["publisher"]["name"] == row["name"]
    assert facts["publisher"]["aliases"] == row["aliases"].split("|")
    assert facts["publisher"]["statistics"] == row["statistics"].split()
    assert (facts["kind"], facts["official"]) == (row["kind"], False)
    assert facts["publisher"]["note"].startswith(UNFILLED)  # its row has none


@pytest.mark.parametrize(
    ("said", "why"),
    [
        *(
            ({"id": bad}, "an id is a lower-case letter")
            for bad in ("", "../up", "Pay", "1pay", "pay-board", "p" * 41)
        ),
        *(
            ({"id": word}, f"{word} is a word of Python, and no module can be named so")
            for word in ("class", "None")
        ),
        ({"id": "page"}, "pipeline/sources/page.py is there already"),
        ({"id": "bls"}, "described by bls_oews|bls_api|bls_projections|bls_ooh"),
        ({"title": 'Pay" board'}, "a title is at most 60 characters without quotes"),
        ({"title": "Pay\\board"}, "a title is at most 60"),
        ({"title": "Pay\nboard"}, "a title is at most 60"),
        ({"title": "P" * 61}, "a title is at most 60"),
        ({"url": "javascript:alert(1)"}, "an address begins with https://"),
        ({"url": 'https://x.example/"a'}, "an address begins with https://"),
        ({"edition": "../2025"}, "'../2025' cannot be an edition"),
        *(
            ({"edition": bad}, f"'{bad}' cannot be an edition")
            for bad in ("2025-13", "2025-00", "2025-02-30", "0000-01")
        ),
        ({"page": "none.html"}, "there is no such file"),
        ({"page": "coder.xlsx"}, "a skeleton reads pages: html, md or txt"),
        ({"page": "huge.html"}, "it is larger than a page may be"),
        ({"page": "empty.html"}, "the file is empty"),
    ],
)
def test_what_cannot_be_a_source_changes_nothing(checkout, said, why):
    """One sentence, and every file is as it was."""
    (checkout.parent / "empty.html").write_bytes(b"")
    (checkout.parent / "huge.html").write_bytes(b"<p>" + b" " * 8_000_000)
    if "page" in said:
        said = {"page": checkout.parent / said["page"]}
    before = files(checkout)
    with pytest.raises(Damaged) as caught:
        write_skeleton(wish(checkout, **said), TODAY, root=checkout)
    assert why in str(caught.value)
    assert files(checkout) == before


def test_a_source_is_begun_once(checkout):
    """The second time nothing is written over."""
    write_skeleton(wish(checkout), TODAY, root=checkout)
    before = files(checkout)
    with pytest.raises(Damaged, match="there already"):
        write_skeleton(wish(checkout, title="Another"), TODAY, root=checkout)
    assert files(checkout) == before


def test_outside_of_a_checkout_nothing_is_begun(tmp_path):
    """An installed package has no tests to write a recording to."""
    with pytest.raises(Damaged, match="is added in a checkout of the repository"):
        write_skeleton(wish(tmp_path), TODAY, root=tmp_path)
    assert files(tmp_path) == {}


def test_the_command_refuses_in_one_sentence(monkeypatch, capsys):
    """Exit status 2, as for everything that could not be done."""
    monkeypatch.setattr("sys.argv", ["payproof", "sources", "new", "payscale"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "payscale.py is there already. Choose another id. Nothing was" in said
