"""The checks of a soak see what is lost: each is shown one thing gone."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from faults import soak_ledger
from faults.soak_ledger import Ledger, find_lost
from pages_home import copy_home

HEAD = "id,action,target,value,reason,author,date,expires,expect,saw\n"


@pytest.fixture
def soaked(small_release, tmp_path):
    """A home with two rulings and a decision, and what it promises."""
    home = copy_home(small_release, tmp_path / "home").root
    cards = [json.loads(p.read_bytes()) for p in home.glob("raw/article/*/*.json")]
    rows = "".join(f"{name},accept,x,,why,me,2026-11-30,,,\n" for name in ("r1", "r2"))
    (home / "vocabularies" / "rulings.csv").write_text(HEAD + rows)
    log = home / "curated" / "decisions.jsonl"
    log.write_text('{"reason": "soak rollback 1."}\n')
    release = (home / "curated" / "latest").resolve().name
    promised = Ledger(
        {card["sha256"]: "article" for card in cards},
        {"r1", "r2"}, {release}, {"soak rollback 1."},
    )  # fmt: skip
    return home, promised


def test_a_home_that_keeps_its_promises_has_lost_nothing(soaked):
    """Two snapshots, two rulings, a release and a rollback."""
    home, promised = soaked
    assert len(promised.snapshots) == 2
    assert find_lost(promised, home) == []
    assert soak_ledger.find_leftovers(home) == []


def lose_snapshot(home: Path) -> None:
    """Remove a snapshot's folder."""
    shutil.rmtree(sorted(home.glob("raw/article/*-*"))[0])


def lose_card(home: Path) -> None:
    """Remove a snapshot's card."""
    sorted(home.glob("raw/article/*/snapshot.json"))[0].unlink()


def change_body(home: Path) -> None:
    """Change a byte of a body."""
    path = sorted(home.glob("raw/article/*/body*"))[0]
    path.write_bytes(b"!" + path.read_bytes()[1:])


def lose_ruling(home: Path) -> None:
    """Cut the rulings after the first row."""
    path = home / "vocabularies" / "rulings.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))


def lose_rulings(home: Path) -> None:
    """Remove the file of rulings."""
    (home / "vocabularies" / "rulings.csv").unlink()


def lose_release(home: Path) -> None:
    """Remove a release that pointers lead to."""
    shutil.rmtree((home / "curated" / "latest").resolve())


def change_table(home: Path) -> None:
    """Cut a table of a release."""
    path = home / "curated" / "latest" / "claims.parquet"
    path.write_bytes(path.read_bytes()[:-1])


def lose_rollback(home: Path) -> None:
    """Empty the log of decisions."""
    (home / "curated" / "decisions.jsonl").write_text("")


def lose_latest(home: Path) -> None:
    """Let `latest` lead nowhere."""
    (home / "curated" / "latest").unlink()
    (home / "curated" / "latest").symlink_to("2020-01-01-00000000")


LOSSES = {
    "a snapshot": (lose_snapshot, "its folder is gone"),
    "a card": (lose_card, "its card is gone"),
    "a body": (change_body, "its body is not what was kept"),
    "a ruling": (lose_ruling, "ruling r2: it is not in rulings.csv"),
    "all rulings": (lose_rulings, "ruling r1: it is not in rulings.csv"),
    "a release": (lose_release, "no manifest to read"),
    "a table": (change_table, "claims.parquet is not what its manifest says"),
    "a rollback": (lose_rollback, "rollback 'soak rollback 1.'"),
    "latest": (lose_latest, "latest: it does not open"),
}


@pytest.mark.parametrize(("lose", "said"), LOSSES.values(), ids=LOSSES)
def test_what_is_lost_is_named(soaked, lose, said):
    """One thing gone from the home, and one sentence that names it."""
    home, promised = soaked
    lose(home)
    found = find_lost(promised, home)
    assert any(said in one for one in found), found


def test_a_body_that_was_taken_away_on_purpose_is_not_lost(soaked):
    """While it is away; another one is."""
    home, promised = soaked
    first, second = sorted(home.glob("raw/article/*/body*"))
    for path in (first, second):
        path.unlink()
    assert len(find_lost(promised, home)) == 2
    assert len(find_lost(promised, home, [first])) == 1
    assert find_lost(promised, home, [first, second]) == []


def test_what_is_left_over_is_named(soaked):
    """Files and folders that something unfinished is called by."""
    home, _ = soaked
    for name in ("raw/.a.4711-1.tmp", "curated/.building-x", "raw/article/.b.part"):
        (home / name).mkdir(parents=True)
    assert len(soak_ledger.find_leftovers(home)) == 3


def test_a_traceback_in_a_log_is_named_once(tmp_path):
    """With the line of the error; a log without one is quiet."""
    trace = f'{soak_ledger.TRACEBACK}:\n  File "x.py"\n    code\nValueError: no\nmore\n'
    (tmp_path / "keep.log").write_text(f"$ keep\n{trace}\n$ keep\n{trace}")
    (tmp_path / "rule.log").write_text("Error: no such ruling.\n")
    assert soak_ledger.find_tracebacks(tmp_path) == [
        "traceback in keep.log: ValueError: no"
    ]


def test_memory_that_grows_is_seen():
    """From the first minutes to the last; noise and a peak between are not."""
    flat = [(float(at), 300_000_000 + at % 7 * 1_000_000) for at in range(600)]
    assert soak_ledger.find_growth(flat, 100) == []
    flat[300] = (300.0, 900_000_000)
    assert soak_ledger.find_growth(flat, 100) == []
    grown = [(at, size + int(at) * 200_000) for at, size in flat]
    assert "grew from" in soak_ledger.find_growth(grown, 100)[0]
    assert soak_ledger.find_growth([], 100)


def test_another_release_is_seen(soaked, tmp_path):
    """A table that came otherwise, and a table that is not there."""
    home, _ = soaked
    one = (home / "curated" / "latest").resolve()
    other = shutil.copytree(one, tmp_path / "other" / one.name)
    assert soak_ledger.find_differences(one, other) == []
    manifest = json.loads((other / "manifest.json").read_bytes())
    manifest["files"]["claims.parquet"]["sha256"] = hashlib.sha256(b"").hexdigest()
    del manifest["files"]["salaries.parquet"]
    (other / "manifest.json").write_text(json.dumps(manifest))
    named = soak_ledger.find_differences(one, other)
    assert [one.split(": ")[1].split()[0] for one in named] == [
        "claims.parquet", "salaries.parquet",
    ]  # fmt: skip
