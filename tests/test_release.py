"""What a release holds, what changed since another one, and which one is read."""

import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import claim, oews
from pages_home import copy_home
from test_publish import contents, released
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.core.errors import NotFound
from pipeline.core.store import Home, sha256_of
from pipeline.query import release_pointers
from pipeline.query.published import find_last_successful, find_latest, open_latest
from pipeline.query.relations import RELATIONS
from pipeline.release.publish import changes, move_pointers, schema_version

pytestmark = pytest.mark.slow

MORE = oews(51000, reference_period="2024-05")


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A home with one release, made once."""
    root = tmp_path_factory.mktemp("made")
    released(Home(root), "r1")
    return root


@pytest.fixture
def home(published, tmp_path) -> Home:
    """A copy of it, free to change."""
    return copy_home(published, tmp_path)


@pytest.fixture
def database(home) -> sqlite3.Connection:
    """The release as SQLite."""
    return sqlite3.connect(open_latest(home).folder / "payproof.sqlite")


def test_every_curated_value_leads_to_stored_bytes_in_one_query(home, database):
    """Settled value, figure, claim, snapshot: 100 % of the rows, by id."""
    release = open_latest(home)
    rows = database.execute("SELECT cell, claim_id, sha256, path FROM evidence")
    found = rows.fetchall()
    assert len(found) == release.scan_table("provenance").collect().height > 0
    cells = {cell for cell, *_ in found}
    assert cells == set(release.scan_table("salaries").collect()["cell"])
    assert all(path.startswith("raw/") and len(sha) == 64 for *_, sha, path in found)


def test_no_foreign_key_of_the_database_leads_nowhere(database):
    """SQLite's own check; and it sees a row that is taken away."""
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.execute("DELETE FROM snapshots")
    assert database.execute("PRAGMA foreign_key_check").fetchall() != []


def test_the_database_holds_what_the_parquet_files_hold(home, database):
    """Row for row, money included; every column has its meaning beside it."""
    release = open_latest(home)
    for name in RELATIONS:
        frame = release.scan_table(name).collect()
        count = database.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert count == (frame.height,)
    cents = database.execute("SELECT annual FROM salaries ORDER BY cell").fetchall()
    wanted = release.scan_table("salaries").sort("cell").collect()["annual"].to_list()
    assert [None if v is None else Decimal(str(v)) for (v,) in cents] == wanted
    told = database.execute("SELECT count(*) FROM codebook WHERE meaning = ''")
    assert told.fetchone()[0] < database.execute(
        "SELECT count(*) FROM codebook").fetchone()[0] / 2  # fmt: skip


def test_duckdb_reads_the_release_as_it_lies(home):
    """Parquet by name, joined by id, decimals kept."""
    folder = open_latest(home).folder
    rows = duckdb.sql(
        f"SELECT s.annual, c.quote FROM '{folder}/salaries.parquet' s "
        f"JOIN '{folder}/claims.parquet' c ON c.claim_id = s.chosen ORDER BY 1"
    ).fetchall()
    assert rows[0][0] == Decimal("35080.00")
    assert "35" in rows[0][1]


def test_the_descriptor_names_keys_that_are_keys(home):
    """Data Package: primary keys name one row, foreign keys lead to a row."""
    folder = open_latest(home).folder
    package = json.loads((folder / "datapackage.json").read_text())
    frames = {
        r["name"]: pl.read_parquet(folder / f"{r['name']}.parquet")
        for r in package["resources"]
    }
    for resource in package["resources"]:
        schema, frame = resource["schema"], frames[resource["name"]]
        assert frame.select(schema["primaryKey"]).is_duplicated().sum() == 0
        for key in schema.get("foreignKeys", []):
            (column,), target = key["fields"], key["reference"]
            there = frames[target["resource"]][target["fields"][0]].to_list()
            assert set(frame[column].drop_nulls()) <= set(there)


def test_the_provenance_document_is_closed(home):
    """PROV-JSON: every name that a relation uses is declared; both agree on bodies."""
    folder = open_latest(home).folder
    said = json.loads((folder / "prov.json").read_text())
    declared = {n for part in ("entity", "activity", "agent") for n in said[part]}
    relations = set(said) - {"prefix", "entity", "activity", "agent"}
    used = {n for r in relations for link in said[r].values() for n in link.values()}
    assert used <= declared
    bodies = open_latest(home).scan_table("snapshots").collect()["sha256"]
    derived = {link["prov:usedEntity"] for link in said["wasDerivedFrom"].values()}
    assert derived == {f"sha256:{digest}" for digest in bodies}


def test_the_checksums_are_those_of_the_files(home):
    """In the form that `sha256sum -c` reads."""
    folder = open_latest(home).folder
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert sha256_of(folder / name) == digest


def test_a_second_release_says_what_changed_and_it_adds_up(home):
    """Applied to the old tables the changes make the new ones, exactly."""
    old = open_latest(home).read_frames()
    new = released(home, "r2", contents(MORE)).read_frames()
    found = changes.read_changes(home.curated / "changes" / "r1..r2")
    assert not found.empty
    for name, frame in changes.apply_changes(old, found).items():
        wanted = changes.add_key_column(name, new[name]).drop("key")
        assert frame.equals(wanted), name
    assert found.count_rows()["claims"]["added"] == 1


def test_a_release_like_the_one_before_says_so(home):
    """Emitted even when empty."""
    released(home, "r2")
    said = json.loads((home.curated / "changes/r1..r2/changes.json").read_text())
    assert (said["empty"], said["factors"]) == (True, [])


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f"))
ROW = st.fixed_dictionaries(
    {
        "cell": st.sampled_from(["a", "b", "c", "d"]),
        "annual": st.none() | st.decimals(-(10**9), 10**9, places=2),
        "spread": st.none() | st.floats(allow_nan=False),
        "figures": st.none() | st.integers(-(2**60), 2**60),
        "open": st.none() | st.booleans(),
        "rule": st.none() | TEXT,
    }
)
KINDS = {
    "cell": pl.String,
    "annual": pl.Decimal(14, 2),
    "spread": pl.Float64,
    "figures": pl.Int64,
    "open": pl.Boolean,
    "rule": pl.String,
}


def tabled(rows) -> dict[str, pl.DataFrame]:
    """Rows as a table of salaries; one a cell."""
    kept = list({row["cell"]: row for row in rows}.values())
    return {"salaries": pl.DataFrame(kept, KINDS).sort("cell")}


@settings(max_examples=60)
@given(st.lists(ROW), st.lists(ROW))
def test_changes_lead_from_any_table_to_any_other(one, other):
    """Numbers, texts, truths and nulls survive being told as text."""
    old, new = tabled(one), tabled(other)
    said = changes.find_changes(old, new)
    assert changes.apply_changes(old, said)["salaries"].equals(new["salaries"])
    assert said.empty == old["salaries"].equals(new["salaries"])


def test_a_rollback_moves_what_is_read_and_nothing_else(home, monkeypatch):
    """`latest` and `last_successful` part; the decision stays on record; it undoes."""
    released(home, "r2", contents(MORE))
    (home.root / "vocabularies").mkdir(exist_ok=True)
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    run = CliRunner().invoke
    back = run(app, ["rollback", "r1", "--reason", "r2 is wrong", "--who", "Ada"])
    assert back.exit_code == 0, back.output
    assert (find_latest(home).name, find_last_successful(home).name) == ("r1", "r2")
    (made,) = release_pointers.read_decisions(home)
    assert (made["who"], made["came_from"], made["to"]) == ("Ada", "r2", "r1")
    listed = run(app, ["releases"]).output.splitlines()
    assert listed[:2] == ["r1  latest", "r2  last_successful"]
    run(app, ["rollback", "r2", "--reason", "it was right", "--who", "Ada"])
    assert find_latest(home).name == "r2"
    assert len(release_pointers.read_decisions(home)) == 2
    # There and back again: nothing is rolled back any more.
    assert not release_pointers.is_rolled_back(home, "r2", "r2")
    assert release_pointers.is_rolled_back(home, "r2", "r1")


@pytest.mark.parametrize("name", ["r9", "..", "latest", "r1/../..", ""])
def test_a_rollback_to_what_is_no_release_changes_nothing(home, name):
    """An error that names the releases there are."""
    decision = release_pointers.RollbackDecision("", "", "r1", name, "")
    with pytest.raises(NotFound, match="r1"):
        move_pointers.roll_back(home, name, decision)
    assert find_latest(home).name == "r1"
    assert release_pointers.read_decisions(home) == []


def test_a_column_that_changes_asks_for_a_new_schema_version():
    """docs/schema.json holds the tables as they were at that version.

    Run `.venv/bin/python docs/generate.py`: it says which number to raise, and writes
    the file anew once that is done.
    """
    path = Path(__file__).resolve().parents[1] / "docs" / "schema.json"
    assert json.loads(path.read_text("utf-8")) == schema_version.describe_tables()


def test_the_rule_of_versions_sees_what_breaks_readers():
    """A column that goes or changes its type: first number; a new one: second."""
    now = schema_version.describe_tables()
    gone = {**now, "tables": {**now["tables"], "salaries": {"cell": "String"}}}
    assert "4.0" in schema_version.find_version_fault(
        now | {"version": "3.0"}, gone | {"version": "3.1"}
    )
    assert "3.0" in schema_version.find_version_fault(
        now | {"version": "2.0"}, gone | {"version": "2.1"}
    )
    assert "2.1" in schema_version.find_version_fault(
        gone | {"version": "2.0"}, now | {"version": "2.0"}
    )
    assert (
        schema_version.find_version_fault(
            gone | {"version": "2.0"}, now | {"version": "2.1"}
        )
        == ""
    )
    assert "nothing changed" in schema_version.find_version_fault(
        now, now | {"version": "9.0"}
    )


def test_claims_of_hostile_pages_stay_text_in_the_database(home):
    """A quote that is SQL, a formula and a script is a value like any other."""
    evil = "'); DROP TABLE claims; --=1+1<script>"
    release = released(home, "r3", contents(claim(35010, occupation=evil)))
    database = sqlite3.connect(release.folder / "payproof.sqlite")
    found = database.execute("SELECT count(*) FROM claims WHERE occupation = ?", [evil])
    assert found.fetchone() == (1,)
