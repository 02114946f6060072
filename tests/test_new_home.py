"""A home from nothing: made whole or not at all, the same release as the checkout's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pages_home import leave_others

from pipeline import cli
from pipeline.archive import new_home
from pipeline.archive.new_home import (
    REPLACED,
    STAGING,
    THEIRS,
    list_bundled,
    make_home,
    update_home,
)
from pipeline.core import running_code
from pipeline.core.errors import NoPlace, PayproofError
from pipeline.core.running_code import list_code_files
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import open_latest
from pipeline.release import cache, run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
LARGE = "bls_oews/20[01]*"  # what the test needs is a few snapshots of each source


def tree(root: Path) -> dict[str, str]:
    """Path below a folder to digest, of every file; "" of a folder."""
    return {
        path.relative_to(root).as_posix(): sha256_of(path) if path.is_file() else ""
        for path in sorted(root.rglob("*"))
    }


def bundled_elsewhere(place: Path) -> Path:
    """The packages as a wheel installs them: no checkout around them."""
    bare = shutil.ignore_patterns("__pycache__")
    for package in ("pipeline", "schemas", "flows"):
        shutil.copytree(ROOT / package, place / package, ignore=bare)
    inside = place / "pipeline" / running_code.BUNDLED
    for path in list_bundled(ROOT):
        if leave_others(str(path.parents[1]), [path.parent.name]):
            continue
        target = inside / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for pattern in ("bls_oews/1*", LARGE, "bls_oews/2024*", "bls_oews/2025*"):
        for folder in (inside / "raw").glob(pattern):
            shutil.rmtree(folder)
    return place


def called(place: Path, here: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`python -m pipeline` of the packages at a place, in a folder."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PAYPROOF")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "pipeline", *words],
        cwd=here, env=environ | {"PYTHONPATH": str(place)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_home_made_elsewhere_gives_the_release_of_the_checkout(tmp_path):
    """Name for name, byte for byte; with code that no vocabularies lie beside."""
    place = bundled_elsewhere(tmp_path / "site packages")
    here = tmp_path / "an empty place"
    here.mkdir()
    made = called(place, here, "init", "pay home")
    assert (made.returncode, made.stderr) == (0, "")
    assert "cd 'pay home' && payproof refresh --offline" in made.stdout
    done = called(place, here / "pay home", "refresh", "--offline", "--no-site")
    assert (done.returncode, done.stderr) == (0, "")
    there, own = Home(here / "pay home"), Home(tmp_path / "own")
    for name in ("raw", "vocabularies"):
        shutil.copytree(there.root / name, own.root / name)
    outcome = run.refresh(own)  # by the code of the checkout
    assert outcome.errors == []
    assert open_latest(there).name == open_latest(own).name
    assert tree(there.curated / "inputs") == tree(own.curated / "inputs")
    assert tree(open_latest(there).folder) == tree(open_latest(own).folder)


def test_a_new_home_holds_vocabularies_and_snapshots_and_no_more(tmp_path):
    """No scripts, no logs; every card and every table of the checkout."""
    home = make_home(tmp_path / "deep" / "home")
    assert home.root == tmp_path / "deep" / "home"
    files = {path for path in home.root.rglob("*") if path.is_file()}
    assert {path.suffix for path in files} & {".py", ".jsonl"} == set()
    for pattern in ("vocabularies/*.csv", "raw/*/*/snapshot.json"):
        wanted = {path.relative_to(ROOT) for path in ROOT.glob(pattern)}
        assert {p.relative_to(home.root) for p in home.root.glob(pattern)} == wanted
    left = {path.name for path in home.root.iterdir()}
    assert left == {"raw", "vocabularies", "curated"}


def test_a_wheel_carries_what_a_home_is_made_of(tmp_path):
    """And the code, file for file, and no script or table anywhere else."""
    wheels = pytest.importorskip("hatchling.builders.wheel")
    (built,) = wheels.WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path), versions=["standard"]
    )
    shutil.unpack_archive(built, tmp_path / "in", "zip")
    inside = tmp_path / "in" / "pipeline" / running_code.BUNDLED
    wanted = [path.relative_to(ROOT) for path in list_bundled(ROOT)]
    assert [p.relative_to(inside) for p in list_bundled(inside)] == wanted
    carried = [p for p in inside.rglob("*") if p.is_file()]
    assert len(carried) == len(wanted)
    for path in wanted:
        assert (inside / path).read_bytes() == (ROOT / path).read_bytes()
    code = [p.relative_to(ROOT) for p in list_code_files(ROOT)]
    found = tmp_path / "in"
    assert [p.relative_to(found) for p in list_code_files(found)] == code


def test_every_file_of_the_code_is_part_of_its_digest():
    """Templates and styles decide on bytes of a release as well."""
    wanted = {
        path
        for package in running_code.PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert set(list_code_files(ROOT)) == wanted
    assert any(path.suffix == ".j2" for path in wanted)


def test_a_changed_template_changes_the_digest(tmp_path, monkeypatch):
    """And compiled files and bundled data do not."""
    for package in running_code.PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    monkeypatch.setattr(cache, "find_code", lambda: tmp_path)
    before = cache.hash_code.__wrapped__()
    (tmp_path / "pipeline" / "bundled").mkdir()
    (tmp_path / "pipeline" / "bundled" / "make.py").write_text("1")
    (tmp_path / "schemas" / "x.pyc").write_bytes(b"1")
    assert cache.hash_code.__wrapped__() == before
    with (tmp_path / "pipeline" / "site" / "report" / "report.md.j2").open("a") as file:
        file.write("\n")
    assert cache.hash_code.__wrapped__() != before


class Killed(BaseException):
    """Stands for a kill: no handler of the project catches it."""


def dying(work, after: int):
    """The same work, until it dies at one call."""
    calls = iter(range(10_000))

    def call(*args, **more):
        if next(calls) == after:
            raise Killed
        return work(*args, **more)

    return call


@pytest.fixture(scope="module", name="whole")
def fixture_whole(tmp_path_factory) -> dict[str, str]:
    """The files of a home that was made without an interruption."""
    return tree(make_home(tmp_path_factory.mktemp("whole") / "home").root)


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "new folder"])
@pytest.mark.parametrize(
    ("owner", "name", "after"),
    [(shutil, "copyfile", 0), (shutil, "copyfile", 120), (Path, "rename", 0),
     (Path, "rename", 1), (Path, "rename", 2)],
)  # fmt: skip
def test_an_interrupted_init_leaves_no_half_home(
    owner, name, after, there, tmp_path, whole, monkeypatch
):
    """Until all is in place the folder is no home; the next init completes it."""
    folder = tmp_path / "home"
    if there:
        folder.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, dying(getattr(owner, name), after))
        with pytest.raises(Killed):
            make_home(folder)
    assert not (folder / "vocabularies").exists()
    make_home(folder)
    assert tree(folder) == whole


def in_the_way(root: Path) -> dict[str, Path]:
    """Folders in which no home can be made."""
    make_home(root / "home")
    (root / "full").mkdir()
    (root / "full" / "notes.txt").write_text("mine")
    (root / "file").write_text("mine")
    (root / "leftover" / STAGING).mkdir(parents=True)
    (root / "leftover" / "notes.txt").write_text("mine")
    return {
        "is a home already": root / "home",
        "lies within the home": root / "home" / "raw" / "second",
        "is not empty": root / "full",
        "is a file": root / "file",
        "not empty": root / "leftover",
        f"lies below {root / 'file'}, which is a file": root / "file" / "new" / "home",
    }


def test_a_place_that_is_none_is_told_in_a_sentence_and_stays(tmp_path, payproof):
    """Where, why, what to do; status 2; nothing changed."""
    for why, folder in in_the_way(tmp_path).items():
        before = tree(tmp_path)
        status, out, err = payproof("init", folder)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert why in err
        assert "Name a" in err or "name a" in err
        assert tree(tmp_path) == before


def test_init_without_a_folder_takes_the_current_one(tmp_path, payproof, monkeypatch):
    """An empty folder becomes the home, whatever its name."""
    here = tmp_path / "my pay"
    here.mkdir()
    monkeypatch.chdir(here)
    status, out, _ = payproof("init")
    assert (status, "Next: payproof refresh --offline" in out) == (0, True)
    assert (here / "vocabularies" / "limits.csv").is_file()


def test_code_without_a_bundle_says_so(tmp_path, monkeypatch):
    """A copy of the package that lacks its data makes no home."""
    monkeypatch.setattr(new_home, "find_bundle", lambda: None)
    with pytest.raises(cli.PayproofError, match="wheel"):
        make_home(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_home_without_vocabularies_is_told_and_not_passed_over(
    tmp_path, payproof, monkeypatch
):
    """Named or stood in: no other home is taken in its place."""
    home = make_home(tmp_path / "home").root
    shutil.rmtree(home / "vocabularies")
    before = tree(tmp_path)
    monkeypatch.chdir(home)
    for named in ("", str(home)):
        monkeypatch.setenv("PAYPROOF_HOME", named)
        status, out, err = payproof("refresh", "--offline")
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "payproof init" in err
        assert str(home) in err
    assert tree(tmp_path) == before


BROKEN = {
    "a cell too many": (b"page_bytes,8000000,bytes,", b"page_bytes,8000000,bytes,a,"),
    "a cell too few": (b"page_bytes,8000000,", b"page_bytes,"),
    "no number": (b"page_bytes,8000000,", b"page_bytes,8 million,"),
    "nothing": (b"page_bytes,8000000,", b"page_bytes,,"),
    "a quote that never ends": (b"page_bytes,", b'"page_bytes,'),
    "no UTF-8": (b"page_bytes,8000000,bytes,", b"page_bytes,8000000,bytes,\xff"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_row_is_told_before_anything_is_done(
    how, tmp_path, payproof, monkeypatch
):
    """File and line, one sentence, status 2; no source fails for it in silence."""
    home = make_home(tmp_path / "home")
    table = home.vocabularies / "limits.csv"
    old, new = BROKEN[how]
    assert old in table.read_bytes()
    table.write_bytes(table.read_bytes().replace(old, new, 1))
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    before = tree(home.root) | {"curated/.lock": ""}
    status, out, err = payproof("refresh", "--offline")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "vocabularies/limits.csv line 2" in err or "never ends" in how
    assert "vocabularies/limits.csv line" in err
    assert "Traceback" not in err
    after = tree(home.root)
    assert {n: d for n, d in after.items() if n != "curated/.lock"} == {
        n: d for n, d in before.items() if n != "curated/.lock"
    }


BROKEN_TABLES = {
    "a scale that is none": ("currencies.csv", b",2,point,1,", b",2,point,one,"),
    "a range that is none": ("magnitudes.csv", b"4..1000", b"4 to 1000"),
    "a key twice": ("currencies.csv", b"\nEUR,", b"\nUSD,"),
}


@pytest.mark.parametrize("how", [*BROKEN_TABLES, "an empty file"])
def test_a_broken_table_is_told_too(how, tmp_path, payproof, monkeypatch):
    """One sentence with file and line, not the traceback of what would read it."""
    home = make_home(tmp_path / "home")
    name, old, new = BROKEN_TABLES.get(how, ("lineage.csv", b"", b""))
    table = home.vocabularies / name
    body = table.read_bytes()
    assert old in body
    table.write_bytes(body.replace(old, new, 1) if old else b"")
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    status, out, err = payproof("refresh", "--offline")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"vocabularies/{name} line" in err


def test_a_vocabulary_that_is_gone_is_told_before_anything_is_done(
    tmp_path, payproof, monkeypatch
):
    """A source that needs it must not just fail, and the release be smaller."""
    home = make_home(tmp_path / "home")
    (home.vocabularies / "furniture.csv").unlink()
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    status, out, err = payproof("refresh", "--offline")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "furniture.csv" in err


def test_two_columns_of_one_name_are_told(tmp_path, payproof, monkeypatch):
    """Which of the two is meant nobody can know."""
    home = make_home(tmp_path / "home")
    table = home.vocabularies / "focus.csv"
    head, _, rest = table.read_text().partition("\n")
    table.write_text(f"{head},family\n{rest}")
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    status, _, err = payproof("refresh", "--offline")
    assert (status, err.count("\n")) == (2, 1)
    assert "vocabularies/focus.csv" in err


def test_the_bounds_of_reading_are_those_of_the_home(tmp_path):
    """Not of the checkout: one home reads what the other finds too large."""
    home, other = make_home(tmp_path / "home"), make_home(tmp_path / "other")
    for one in (home, other):
        for folder in one.raw.glob("[!a]*"):
            shutil.rmtree(folder)
    table = home.vocabularies / "limits.csv"
    table.write_text(table.read_text().replace("page_bytes,8000000", "page_bytes,99"))
    small, large = (run.ingest(run.gather_inputs(h), "article") for h in (home, other))
    assert (small.parsed, large.parsed) == (0, 2)
    assert "more than the 99 that are read" in small.errors[0]
    assert str(tmp_path) not in small.errors[0]


def test_the_version_is_that_of_the_package_and_of_its_tables(payproof):
    """One line, without a home."""
    from schemas import VERSION

    status, out, _ = payproof("--version")
    assert (status, out.count("\n")) == (0, 1)
    assert out.startswith("payproof ")
    assert out.endswith(f", schema {VERSION}\n")


@pytest.mark.parametrize("module", ["pipeline", "pipeline.cli"])
def test_the_package_is_a_command_too(module, tmp_path):
    """`python -m pipeline` is `payproof`."""
    done = subprocess.run(
        [sys.executable, "-m", module, "--version"], cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("payproof ")


def test_a_shell_completes_the_commands():
    """Typer's own completion is on: `payproof --install-completion`."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "_PAYPROOF_COMPLETE": "complete_bash",
             "COMP_WORDS": "payproof re", "COMP_CWORD": "1"}, check=False,
    )  # fmt: skip
    assert {"refresh", "releases", "reparse"} <= set(done.stdout.split())


def test_no_place_survives_being_sent():
    """Errors keep their fields when they are pickled."""
    import pickle

    error = NoPlace("here", "is not empty", "Go elsewhere.")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


OLD_CURRENCIES = "phrase,means,place\n$,USD,shared\n"
RULED = "\n".join(
    [
        (ROOT / "vocabularies" / "rulings.csv").read_text("utf-8").splitlines()[0],
        "r-1,accept,d,,known,me,2026-11-01,2027-01-01,,",
        "",
    ]
)


@pytest.fixture
def older(tmp_path):
    """A home as another version left it: files lack, differ, or are read no more."""
    home = make_home(tmp_path / "pay")
    words = home.vocabularies
    (words / "multipliers.csv").unlink()
    (words / "currencies.csv").write_text(OLD_CURRENCIES)
    (words / "countries.csv").write_text("phrase,means,place\n")
    (words / "rulings.csv").write_text(RULED)
    return home


def test_an_older_home_is_brought_up_to_the_code(older):
    """What it lacked comes, what differs is kept beside, what people wrote stays."""
    raw = tree(older.raw)
    done = update_home(older.root)
    assert done.added == ("multipliers.csv",)
    assert done.replaced == ("countries.csv", "currencies.csv")
    words = older.vocabularies
    assert (words / REPLACED / "currencies.csv").read_text() == OLD_CURRENCIES
    assert (words / "rulings.csv").read_text() == RULED
    assert not (words / "countries.csv").exists()
    for path in (ROOT / "vocabularies").glob("*.csv"):
        if path.name not in THEIRS:
            assert (words / path.name).read_bytes() == path.read_bytes()
    assert tree(older.raw) == raw
    again = update_home(older.root)
    assert (again.added, again.replaced) == ((), ())


def test_what_is_replaced_twice_is_kept_twice(older):
    """The second goes beside the first, under a number."""
    update_home(older.root)
    (older.vocabularies / "currencies.csv").write_text("other\n")
    update_home(older.root)
    kept = {path.name for path in (older.vocabularies / REPLACED).iterdir()}
    assert kept == {"countries.csv", "currencies.csv", "currencies.2.csv"}


def test_a_killed_update_loses_nothing_and_is_completed(older, monkeypatch):
    """At any file: the old one is where it was, or beside; the next call goes on."""
    written = []

    def killing(path: Path, data: bytes) -> Path:
        if len(written) == 1:
            raise KeyboardInterrupt
        written.append(path)
        path.write_bytes(data)
        return path

    with monkeypatch.context() as patched:
        patched.setattr(new_home, "write_atomically", killing)
        with pytest.raises(KeyboardInterrupt):
            update_home(older.root)
    update_home(older.root)
    folder = older.vocabularies
    assert (folder / REPLACED / "currencies.csv").read_text() == OLD_CURRENCIES
    assert (folder / "currencies.csv").read_bytes() == (
        ROOT / "vocabularies" / "currencies.csv"
    ).read_bytes()
    assert (folder / "rulings.csv").read_text() == RULED


def test_only_a_home_of_ones_own_is_updated(tmp_path):
    """A folder without vocabularies, and the code's own checkout, are left alone."""
    with pytest.raises(NoPlace, match="is no home"):
        update_home(tmp_path)
    with pytest.raises(NoPlace, match="where the code's own files are"):
        update_home(ROOT)
    assert list(tmp_path.iterdir()) == []


def test_an_older_home_says_what_to_do(older):
    """A file that lacks, and one in other columns: one sentence with the way out."""
    words = open_vocabulary(older.vocabularies)
    for name in ("multipliers", "currencies"):
        with pytest.raises(PayproofError, match="payproof init --update"):
            words.read_table(name, "code")
