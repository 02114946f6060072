"""Columns that got other names: old releases, guards, changes and requests hold."""

import io
import json
import sqlite3

import pandera.errors
import polars as pl
import pytest
import test_deciding
from earlier import turn_back
from fastapi.testclient import TestClient
from made import VOCABULARY, claim
from polars.testing import assert_frame_equal
from test_deciding import TODAY, contested, home, proposal, seen
from test_publish import contents, released
from test_release import MORE
from test_rulings import CELL, curated
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.core.errors import UnknownLabel
from pipeline.core.store import Home
from pipeline.core.tables import check_frame
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.explain import judge_neighbour
from pipeline.query.former_tables import scan_kept_changes
from pipeline.query.published import open_latest
from pipeline.query.release_db import ReleaseDatabase, RowQuery
from pipeline.release.publish import changes, locate_changes
from pipeline.review.propose import record_ruling
from pipeline.rulings import load_rulings
from pipeline.rulings.ruling_guard import digest_evidence as digest
from pipeline.rulings.ruling_guard import find_failing_term
from pipeline.serve import create_app
from pipeline.serve.former_names import translate_query
from pipeline.site.open_view import open_release_view
from pipeline.site.pages.cell_page import draw_cell_page, gather_cell_facts
from schemas import VERSION, Figures, Salaries
from schemas.former import FORMER, GONE_IN, RENAMED

__all__ = ["contested", "home"]  # fixtures: the one needs the other

assert home  # a fixture
ROOT = VOCABULARY.folder.parent
DATED, UNDATED = "29-2072/US/all/base/median/2023", claim(41000, attributed_to="BLS")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> tuple[Home, Home]:
    """The same releases in two homes: of version 2, and of today."""
    homes = []
    for name in ("old", "new"):
        made = Home(tmp_path_factory.mktemp(name))
        made.vocabularies.symlink_to(VOCABULARY.folder)
        released(made, "2026-10-01-aaaaaaaa", contents(UNDATED))
        if name == "old":
            turn_back(made, "2026-10-01-aaaaaaaa")
        released(made, "2026-11-01-bbbbbbbb", contents(UNDATED, MORE))
        if name == "old":
            turn_back(made, "2026-11-01-bbbbbbbb")
        homes.append(made)
    return homes[0], homes[1]


@pytest.fixture(scope="module")
def clients(two) -> tuple[TestClient, TestClient]:
    """Their servers."""
    address = "http://127.0.0.1"
    old, new = (create_app(one, per_second=0) for one in two)
    return TestClient(old, address, False), TestClient(new, address, False)


def test_the_old_release_is_an_old_one(two):
    """What the other tests open has the columns of version 2, in every form."""
    folder = open_latest(two[0]).folder
    salaries = pl.read_parquet(folder / "salaries.parquet")
    assert "settled_by" in salaries.columns
    assert salaries.schema["year"] == pl.String
    assert "?" in salaries["year"]
    assert "speaks" in pl.read_parquet_schema(folder / "provenance.parquet")
    database = sqlite3.connect(folder / "payproof.sqlite")
    rows = database.execute("SELECT typeof(year), count(*) FROM salaries GROUP BY 1")
    assert [kind for kind, _ in rows] == ["text"]
    assert database.execute("SELECT speaks FROM provenance").fetchone()


def test_an_old_release_opens_with_todays_columns_and_rows(two):
    """Every table is what the same release of today is, types and order included."""
    old, new = (open_latest(one).read_frames() for one in two)
    assert old.keys() == new.keys()
    for name, frame in new.items():
        assert_frame_equal(old[name], frame)
    check_frame(Salaries, old["salaries"])
    check_frame(Figures, old["figures"])


def test_the_database_of_an_old_release_answers_as_todays(two):
    """Rows, types, keys and filters, by year and by flag."""
    old, new = (
        ReleaseDatabase(open_latest(one).folder / "payproof.sqlite") for one in two
    )
    for table in ("salaries", "figures", "provenance", "claims"):
        assert old.columns[table] == new.columns[table]
        assert old.keys[table] == new.keys[table]
        asked = RowQuery(table, {})
        assert old.select_rows(asked) == new.select_rows(asked) != []
    for equal in ({"year": [2023]}, {"is_year_known": [False]}, {"year": [2024, None]}):
        asked = RowQuery("salaries", equal)
        assert old.select_rows(asked) == new.select_rows(asked) != []
    both = old.select_rows(RowQuery("salaries", {"year": [2024, None]}))
    assert {row["year"] for row in both} == {2024, None}


COMMANDS = {
    "explain": ["explain", DATED, "--format", "json"],
    "conflicts": ["conflicts", "--format", "json"],
    "diff": ["diff", "--format", "json"],
    "releases": ["releases", "--format", "json"],
    "compare": ["compare-policies", "--format", "json"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_the_same_of_an_old_release(command, two, monkeypatch):
    """As of one of today."""
    said = []
    for place in two:
        monkeypatch.setenv("PAYPROOF_HOME", str(place.root))
        done = CliRunner().invoke(app, COMMANDS[command])
        assert done.exception is None or isinstance(done.exception, SystemExit)
        said.append((done.exit_code, done.output))
    assert said[0] == said[1]
    assert said[0][1]


def test_from_an_old_release_to_the_same_of_today_nothing_differs(two):
    """A new name and a new type are no change of a value."""
    old, new = (open_latest(one).read_frames() for one in two)
    assert changes.find_changes(old, new).empty


def test_changes_kept_by_version_2_are_read_under_todays_names(two):
    """And lead from the old tables to the new ones."""
    folder = locate_changes(two[1], "2026-10-01-aaaaaaaa", "2026-11-01-bbbbbbbb")
    values = pl.read_parquet(folder / "values.parquet")
    one = {"table": "salaries", "key": DATED, "column": "settled_by",
           "old": "a page", "new": None}  # fmt: skip
    pl.concat([values, pl.DataFrame([one], values.schema)]).write_parquet(
        folder / "values.parquet"
    )
    read = scan_kept_changes(folder).collect()
    values.write_parquet(folder / "values.parquet")
    assert "would_be_settled_by" in read["column"]
    assert not set(FORMER) & set(read["column"])


ROW = {"year": 2023, "is_year_known": True, "would_be_settled_by": "a page",
       "is_independent": True}  # fmt: skip
HOLD = (
    "year=2023", "year>2020", "year!=?", "settled_by=a page", "speaks=True",
    "is_independent=true", "is_year_known=true", "would_be_settled_by=a page",
)  # fmt: skip
FAIL = ("year=?", "year=2024", "settled_by=nothing", "speaks=False", "year<2000")


@pytest.mark.parametrize("guard", HOLD)
def test_a_guard_of_either_version_holds(guard):
    """Under the name that its author wrote."""
    assert find_failing_term(guard, ROW, "r-1") is None


@pytest.mark.parametrize("guard", FAIL)
def test_a_guard_of_either_version_fails(guard):
    """Where it is not so."""
    assert find_failing_term(guard, ROW, "r-1")


def test_a_guard_names_an_unknown_year_as_the_cell_does():
    """`?` is null, and a year is not."""
    row = {"year": None, "is_year_known": False}
    for guard in ("year=?", "year=", "year!=2023", "is_year_known=false"):
        assert find_failing_term(guard, row, "r-1") is None
    for guard in ("year!=?", "year=2023", "year>1", "is_year_known=true"):
        assert find_failing_term(guard, row, "r-1")
    with pytest.raises(UnknownLabel):
        find_failing_term("speak=True", ROW, "r-1")


def test_a_ruling_of_version_2_is_followed_today(home):
    """Recorded of an old release, with a guard in its words; and not stale after."""
    release = turn_back(home, "r1")
    raw = pl.read_parquet(release.folder / "figures.parquet").filter(cell=CELL)
    guard = "status=contested;year=2023;settled_by!=nothing"
    ruling = record_ruling(
        home, proposal("override", CELL, "50000", expect=guard), TODAY
    )
    assert ruling.saw == digest(raw.rows(named=True))
    assert load_rulings(open_vocabulary(home.vocabularies)) == (ruling,)
    found = curated(home.vocabularies)
    assert found.rulings.select("id", "state").rows() == [(ruling.id, "in_force")]
    (row,) = found.salaries.filter(cell=CELL).rows(named=True)
    assert (row["annual"], row["rule"]) == (50000, "ruling")
    after = test_deciding.released(home, "r2")
    assert after.scan_table("salaries").filter(cell=CELL).collect()["ruling"].item()


def test_a_preview_works_on_an_old_release(home):
    """The cells it speaks of are settled again from its figures."""
    before = seen(home, proposal("override", CELL, "50000"))
    turn_back(home, "r1")
    assert seen(home, proposal("override", CELL, "50000")) == before


@pytest.mark.parametrize("table", ["salaries", "figures"])
def test_a_flag_that_is_not_the_years_is_refused(table, two):
    """Known without a year, or a year that is not known."""
    frame = open_latest(two[1]).scan_table(table).collect()
    model = {"salaries": Salaries, "figures": Figures}[table]
    check_frame(model, frame)
    turned = frame.with_columns(~pl.col("is_year_known"))
    with pytest.raises(pandera.errors.SchemaErrors, match="a year is known"):
        check_frame(model, turned)


def test_pages_of_an_unknown_year_are_drawn_as_before(two):
    """It comes last among the years, has its own neighbours, and reads `?`."""
    for place in two:
        view = open_release_view(place, open_latest(place), VOCABULARY)
        rows = view.query_rows(
            "SELECT * FROM salaries WHERE year IS NULL ORDER BY cell"
        )
        cell = rows[0]["cell"]
        facts = gather_cell_facts(view, cell)
        years = [row["year"] for row in facts["years"]]
        assert years == [2023, 2024, None]
        assert cell in {row["cell"] for row in facts["beside"]}
        page = draw_cell_page(view, cell).decode()
        assert "year not stated" in page
        assert "None" not in page


def test_two_unknown_years_are_no_likeness():
    """A figure of several occupations is a copy only of a year that both say."""
    salary = {"soc": "29-2072", "area_code": "US", "cohort": "all", "annual": 48780,
              "pay_basis": "base", "statistic": "median", "year": 2023}  # fmt: skip
    row = salary | {"soc_candidates": "29-2071|29-2072", "publisher": "bls"}
    assert judge_neighbour(row, salary) == {"role": "copy", "reason": "quotes_primary"}
    unknown = {"year": None}
    assert judge_neighbour(row | unknown, salary | unknown)["role"] == "excluded"


def answer(client, table, form="json", **asked):
    """Rows, notices and headers."""
    said = client.get(f"/api/v1/{table}", params={**asked, "format": form})
    assert said.status_code == 200, said.text
    if form == "csv":
        return pl.read_csv(io.BytesIO(said.content)), [], said.headers
    body = said.json()
    return body["data"], body["notices"], said.headers


@pytest.mark.parametrize("side", [0, 1], ids=["of an old release", "of today's"])
def test_former_names_are_answered_with_a_notice(side, clients):
    """As filters, as fields, and as keys of rows beside today's."""
    client = clients[side]
    rows, notices, headers = answer(client, "provenance", speaks="true")
    assert rows
    assert {(r["speaks"], r["is_independent"]) for r in rows} == {(True, True)}
    assert notices == [
        "`speaks` is now `is_independent`; version 4.0 of the tables no longer "
        "answers it."
    ]
    assert headers["deprecation"].startswith("@")
    same, _, plain = answer(client, "provenance", is_independent="true")
    assert same == rows
    assert "deprecation" not in plain
    some = rows[0]["cell"]
    asked, notices, _ = answer(client, "salaries", fields="cell,settled_by", cell=some)
    assert list(asked[0]) == ["cell", "would_be_settled_by", "settled_by"]
    assert len(notices) == 1
    open_, _, _ = answer(client, "salaries", fields="cell,settled_by,status")
    said = next(row["settled_by"] for row in open_ if row["settled_by"])
    only, _, _ = answer(client, "salaries", settled_by=said)
    assert {row["would_be_settled_by"] for row in only} == {said}


@pytest.mark.parametrize("side", [0, 1], ids=["of an old release", "of today's"])
def test_an_unknown_year_may_be_asked_for_as_before(side, clients):
    """`year=?` is the flag; beside other years it is any of them."""
    client = clients[side]
    rows, notices, headers = answer(client, "salaries", year="?")
    assert rows == answer(client, "salaries", is_year_known="false")[0] != []
    assert {(row["year"], row["cell"][-1]) for row in rows} == {(None, "?")}
    assert "`year=?` is now `is_year_known=false`" in notices[0]
    assert "deprecation" in headers
    both, _, _ = answer(client, "salaries", year=["?", "2023"])
    assert {row["year"] for row in both} == {None, 2023}
    of_year, notices, _ = answer(client, "salaries", year="2023", fields="cell,year")
    assert {row["year"] for row in of_year} == {2023}
    assert notices == []
    refused = client.get("/api/v1/salaries", params={"year": "soon"})
    assert refused.status_code == 400


BOTH = {
    "speaks": ("provenance", {"speaks": "true", "is_independent": "false"}),
    "settled_by": ("salaries", {"would_be_settled_by": "a", "settled_by": "a"}),
    "year=?": ("salaries", {"year": "?", "is_year_known": "true"}),
    "year=? beside": ("figures", {"year": ["2023", "?"], "is_year_known": "false"}),
}


@pytest.mark.parametrize("case", BOTH)
def test_a_filter_under_both_of_its_names_is_refused(case, clients):
    """As values of one filter the two would answer rows that neither asks for."""
    table, asked = BOTH[case]
    said = clients[1].get(f"/api/v1/{table}", params=asked)
    assert said.status_code == 409
    assert said.headers["content-type"] == "application/problem+json"
    assert said.headers["x-content-type-options"] == "nosniff"
    assert said.json()["detail"].startswith(f"{case.partition(' ')[0]}: it asks what")


def test_both_names_may_stand_where_they_do_not_meet(clients):
    """As two fields of an answer; as a year and whether it is known."""
    rows, _, _ = answer(clients[1], "provenance", fields="is_independent,speaks")
    assert list(rows[0]) == ["is_independent", "speaks"]
    rows, _, headers = answer(clients[1], "salaries", year="2023", is_year_known="true")
    assert {row["year"] for row in rows} == {2023}
    assert "deprecation" not in headers


def test_files_have_a_former_name_where_it_was_asked_for(clients):
    """CSV is as today; and the next page is asked for as this one was."""
    client = clients[1]
    frame, _, _ = answer(client, "provenance", "csv")
    assert "speaks" not in frame.columns
    frame, _, headers = answer(
        client, "provenance", "csv", fields="cell,speaks", limit=1
    )
    assert frame.columns == ["cell", "is_independent", "speaks"]
    address = headers["link"].partition(">")[0].removeprefix("<")
    onwards = pl.read_csv(io.BytesIO(client.get(address).content))
    assert onwards.columns == frame.columns
    assert not onwards.equals(frame)


def test_what_a_former_name_does_not_reach_is_refused_as_before(clients):
    """Of another table, or with a value that the column has not."""
    for table, asked in (
        ("claims", {"speaks": "true"}),
        ("salaries", {"speaks": "true"}),
        ("provenance", {"speaks": "perhaps"}),
        ("provenance", {"fields": "settled_by"}),
    ):
        said = clients[1].get(f"/api/v1/{table}", params=asked)
        assert said.status_code == 400, (table, asked)


def test_an_explained_cell_has_the_former_names_beside(clients):
    """Over HTTP alone; the command prints today's."""
    said = [c.get("/api/v1/explain", params={"cell": DATED}).json() for c in clients]
    assert said[0] == said[1]
    assert said[0]["cell"]["settled_by"] == said[0]["cell"]["would_be_settled_by"]
    assert said[0]["figures"][0]["speaks"] is True
    assert len(said[0]["notices"]) == len(FORMER)


def test_old_and_new_release_answer_alike(clients):
    """Every table, row by row."""
    for table in ("salaries", "provenance", "figures", "claims", "discrepancies"):
        said = [
            c.get(f"/api/v1/{table}", params={"limit": 1000}).json() for c in clients
        ]
        assert said[0] == said[1]


def test_the_description_says_which_names_are_former(clients):
    """OpenAPI marks them, as parameters and as properties."""
    said = clients[1].get("/api/v1/openapi.json").json()["paths"]
    for table, names in RENAMED.items():
        asked = {p["name"]: p for p in said[f"/api/v1/{table}"]["get"]["parameters"]}
        assert all(asked[name]["deprecated"] for name in names)
        assert not any(asked[name].get("deprecated") for name in names.values())
    assert "deprecated" in json.dumps(said["/api/v1/salaries"]["get"]["responses"])


def test_a_request_under_todays_names_is_left_alone():
    """Order, repeats and empty values are as they came."""
    pairs = [("year", "2023"), ("fields", "cell,year"), ("year", "2024"), ("x", "")]
    found = translate_query("salaries", pairs)
    assert (found.pairs, found.used, found.undated) == (pairs, (), False)


def test_the_former_names_go_with_version_4():
    """When the tables are of that version, they are no longer answered.

    Then `pipeline/serve/former_names.py` goes, and what docs/use-the-data.md says of
    it; `schemas/former.py` stays for old releases and guards.
    """
    assert GONE_IN == "4.0"
    assert int(VERSION.split(".")[0]) < int(GONE_IN.split(".")[0])
    words = (ROOT / "docs" / "use-the-data.md").read_text("utf-8")
    for name in (*FORMER, "year=?", GONE_IN, *RENAMED["salaries"].values()):
        assert name in words, name
