"""A ruling before it is recorded: what it would change is what it then changes."""

import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from made import VOCABULARY, made_claims
from pages_home import copy_home
from test_publish import MANIFEST
from test_rulings import CELL, OLD, ROWS, curated, the_claim

from pipeline.cli.rule_command import run_rule
from pipeline.core.errors import BadRuling, NotFound
from pipeline.core.store import Home
from pipeline.core.tables import make_frame
from pipeline.core.vocabulary import open_vocabulary
from pipeline.release.publish import ReleaseTables, publish
from pipeline.review.propose import RulingProposal, check_proposal, record_ruling
from pipeline.review.ruling_preview import preview_changes
from pipeline.rulings import load_rulings
from schemas import Rejects

pytestmark = pytest.mark.slow

TODAY = "2026-11-02"


@pytest.fixture(scope="module")
def contested(tmp_path_factory) -> Path:
    """A home whose release has a contested cell, made once."""
    root = tmp_path_factory.mktemp("contested")
    folder = shutil.copytree(VOCABULARY.folder, root / "vocabularies")
    anchors = folder / "anchors.csv"
    anchors.write_text(anchors.read_text().splitlines()[0] + "\n")
    released(Home(root), "r1")
    return root


@pytest.fixture
def home(contested, tmp_path) -> Home:
    """A copy of it, free to change."""
    return copy_home(contested, tmp_path)


def released(home, name):
    """Publish what the figures come to with the rulings of the home."""
    found = curated(home.vocabularies)
    claims = made_claims(*ROWS)
    contents = ReleaseTables(
        claims=claims, figures=found.figures, rejects=make_frame(Rejects, []),
        salaries=found.salaries, provenance=found.provenance,
        discrepancies=found.discrepancies, rulings=found.rulings,
    )  # fmt: skip
    snapshots = [
        {"id": snapshot, "source": source, "edition": "2023", "name": "a.csv",
         "sha256": snapshot + "0" * 52, "capture": "made", "url": "",
         "retrieved": "2026-11-01", "media_type": "text/csv",
         "path": f"raw/{source}/2023-{snapshot}/body.csv"}
        for snapshot, source in
        claims.select("snapshot", "source").unique().sort("snapshot").iter_rows()
    ]  # fmt: skip
    manifest = MANIFEST | {"snapshots": snapshots}
    words = open_vocabulary(home.vocabularies)
    return publish(home, name, contents, manifest, {}, words)


def proposal(action, target, value="", **said):
    """What a person fills in."""
    made = RulingProposal(action, target, value, "The survey's definition fits.",
                    "a. person", "2027-06-30", "")  # fmt: skip
    return replace(made, **said)


def seen(home, wish):
    """The preview of a proposal."""
    words = open_vocabulary(home.vocabularies)
    return preview_changes(home, *check_proposal(home, wish, TODAY), words)


@pytest.mark.parametrize("words", ["a\rb", "a\r\nb"])
@pytest.mark.parametrize("field", ["author", "reason"])
def test_a_carriage_return_leaves_the_file_readable(home, field, words):
    """As a form of Windows, or of an old editor, sends it."""
    old = curated(home.vocabularies)
    wish = proposal("exclude", CELL, the_claim(old, 50000), **{field: words})
    record_ruling(home, wish, TODAY)
    (made,) = load_rulings(open_vocabulary(home.vocabularies))
    assert getattr(made, field) == "a\nb"


def differences(old, new, key, column):
    """Key to the value before and after, where it differs."""
    both = old.select(key, column).join(
        new.select(key, other=column), on=key, nulls_equal=True
    )
    rows = both.filter(pl.col(column).ne_missing(pl.col("other"))).rows()
    return {name: (before, after) for name, before, after in rows}


@pytest.mark.parametrize("action", ["override", "exclude"])
def test_what_the_preview_says_is_what_the_next_release_does(action, home):
    """Status, amount and every figure's role, before and after, and nothing else."""
    old = curated(home.vocabularies)
    wish = proposal(action, CELL, the_claim(old, 50000))
    said = seen(home, wish)
    assert load_rulings(open_vocabulary(home.vocabularies)) == ()
    record_ruling(home, wish, TODAY)
    new = curated(home.vocabularies)
    assert said.stale == ""
    assert said.cells == 1
    for table, key, columns in (
        ("salaries", "cell", ("status", "rule", "annual", "grade", "chosen")),
        ("provenance", "claim_id", ("role", "reason")),
    ):
        for column in columns:
            told = {
                c.where: (c.before or None, c.after or None)
                for c in said.changes
                if c.column == column
            }
            done = differences(getattr(old, table), getattr(new, table), key, column)
            assert told == {
                name: tuple(None if v is None else str(v) for v in pair)
                for name, pair in done.items()
            }, column
    assert any(c.column == "status" for c in said.changes) or action == "exclude"


def test_a_merge_shows_the_cells_that_come_and_go(home):
    """The figures of one code under another, counted by question."""
    said = seen(home, proposal("merge", "29-2071", "29-2072"))
    gone = [c for c in said.changes if (c.where, c.after) == (OLD, "gone")]
    assert len(gone) == 1
    there = OLD.replace("29-2071", "29-2072")
    assert [c.after for c in said.changes if c.where == there] == ["new"]


def test_taking_a_ruling_back_shows_what_was_before_it(home):
    """The undo of an override is its preview the other way round."""
    wish = proposal("override", CELL, "50000")
    forth = seen(home, wish)
    made = record_ruling(home, wish, TODAY)
    released(home, "r2")
    back = seen(home, proposal("undo", made.id, expires=""))
    turned = {(c.where, c.column, c.after, c.before) for c in forth.changes}
    assert {(c.where, c.column, c.before, c.after) for c in back.changes} == turned


def test_accepting_a_conflict_shows_its_new_state(home):
    """Open before, accepted after; no figure moves."""
    name = curated(home.vocabularies).discrepancies["discrepancy_id"][0]
    said = seen(home, proposal("accept", name))
    assert [(c.where, c.column, c.after) for c in said.changes] == [
        (name, "status", "accepted")
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "no reason"),
        ({"author": ""}, "no author"),
        ({"expires": ""}, "without expiry"),
        ({"expires": "2026-11-01"}, "has passed"),
        ({"expires": "9999"}, "no day"),
        ({"expect": "status=settled"}, "its guard fails already"),
    ],
)
def test_what_is_not_whole_is_not_even_proposed(change, words, home):
    """The sentence says what is lacking; the file of rulings stays as it was."""
    path = home.vocabularies / "rulings.csv"
    before = path.read_bytes()
    with pytest.raises(BadRuling, match=words):
        record_ruling(home, proposal("override", CELL, "50000", **change), TODAY)
    assert path.read_bytes() == before


def test_a_ruling_is_on_something_that_is_there(home):
    """Cells, figures, conflicts and actions that nobody knows."""
    for wish in (
        proposal("override", "no/such/cell", "1"),
        proposal("override", CELL, "1"),
        proposal("accept", "nothing"),
        proposal("undo", "r-00000000"),
        proposal("invent", CELL),
    ):
        with pytest.raises(NotFound):
            check_proposal(home, wish, TODAY)


@pytest.mark.parametrize("action", ["accept", "override"])
def test_a_ruling_that_stands_is_not_recorded_again(action, home, monkeypatch, capsys):
    """Twice the same is once, whoever says it; a later last day is another ruling."""
    found = curated(home.vocabularies)
    target = found.discrepancies["discrepancy_id"][0] if action == "accept" else CELL
    wish = proposal(action, target, "" if action == "accept" else "50000")
    first = record_ruling(home, wish, TODAY)
    body = (home.vocabularies / "rulings.csv").read_bytes()
    other = replace(wish, author="another person", reason="Seen as well.")
    assert record_ruling(home, other, TODAY) == first
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    assert run_rule(other, "text") == 0
    assert f"{first.id} stands already: {action} {target}" in capsys.readouterr().out
    assert (home.vocabularies / "rulings.csv").read_bytes() == body
    later = replace(wish, expires="2099-12-31")
    assert record_ruling(home, later, TODAY).id != first.id
    assert (home.vocabularies / "rulings.csv").read_bytes() != body
