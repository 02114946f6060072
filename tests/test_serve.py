"""The API: rows, pages, forms, caches, errors, limits; against its own description."""

import io
from pathlib import Path

import polars as pl
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from test_publish import contents, released
from test_release import MORE

from pipeline.core.store import Home
from pipeline.query import release_pointers
from pipeline.query.published import open_latest
from pipeline.query.relations import RELATIONS
from pipeline.release.publish import move_pointers
from pipeline.serve import create_app
from pipeline.serve.query_parameters import (
    FILTERS,
    PRINTABLE,
    describe_parameters,
)
from schemas.former import RENAMED

LOCAL = "http://127.0.0.1"
pytestmark = [
    pytest.mark.local,
    pytest.mark.filterwarnings("ignore:Using `httpx` with"),
]
ROOT = Path(__file__).resolve().parents[1]
PAGE = (
    "<p>In May 2023 the median annual wage of medical records specialists was "
    "$48,780.</p>"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """A home with two small releases of two days."""
    home = Home(tmp_path_factory.mktemp("served"))
    home.vocabularies.symlink_to(ROOT / "vocabularies")
    released(home, "2026-10-01-aaaaaaaa")
    released(home, "2026-11-01-bbbbbbbb", contents(MORE))
    return home


@pytest.fixture(scope="module")
def client(home) -> TestClient:
    """The application, without a limit."""
    return TestClient(create_app(home, per_second=0), LOCAL, False)


def problem(answer) -> str:
    """The detail of a problem; it is one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said = answer.json()
    assert said["status"] == answer.status_code
    return said["detail"]


@pytest.mark.slow
@pytest.mark.parametrize("table", FILTERS)
def test_every_table_of_a_release_can_be_read_page_by_page(table, client, home):
    """By cursor, one row a page, until there is no next: all rows, once, in order."""
    wanted = open_latest(home).scan_table(table).collect()
    rows, cursor = [], None
    while True:
        asked = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        said = client.get(f"/api/v1/{table}", params=asked).json()
        rows += said["data"]
        cursor = said["next"]
        if cursor is None:
            break
    assert len(rows) == wanted.height
    key = RELATIONS[table].key
    places = [tuple(row[column] for column in key) for row in rows]
    assert places == sorted(set(places))
    for row in rows:
        assert list(row) == [*wanted.columns, *RENAMED.get(table, ())]


def test_money_truths_and_nulls_are_json(client):
    """Numbers without quotes, true and false, null."""
    asked = {"cell": "29-2072/US/all/base/median/2023"}
    (row,) = client.get("/api/v1/salaries", params=asked).json()["data"]
    assert (row["annual"], row["annual_low"]) == (48780, None)
    (claim,) = client.get(
        "/api/v1/claims", params={"claim_id": row["chosen"]}
    ).json()["data"]  # fmt: skip
    assert claim["hypothetical"] is False


def test_filters_are_anded_and_repeated_ones_are_ored(client):
    """Two statistics of one occupation."""
    asked = {"soc": "29-2072", "statistic": ["p10", "p90"], "fields": "statistic"}
    said = client.get("/api/v1/salaries", params=asked).json()
    assert {row["statistic"] for row in said["data"]} == {"p10", "p90"}


BAD = {
    "an unknown parameter": {"colour": "red"},
    "an unknown field": {"fields": "cell,colour"},
    "a word that the column cannot have": {"statistic": "mode"},
    "a limit beyond": {"limit": "1001"},
    "a limit that is none": {"limit": "many"},
    "a limit in another script": {"limit": "١٢"},
    "a cursor made elsewhere": {"cursor": "e30"},
    "a cursor that is no base64": {"cursor": "%%%"},
    "a day that is none": {"as_of": "yesterday"},
    "a month that is none": {"as_of": "2026-13-01"},
    "a day that the month has not": {"as_of": "2026-02-30"},
    "a day without hyphens": {"as_of": "20261101"},
    "two ways to name a release": {"release": "x", "as_of": "2026-11-01"},
    "a form that is not made": {"format": "xlsx"},
    "a limit twice": {"limit": ["1", "2"]},
    "a value without end": {"soc": "9" * 500},
}


SAID = {
    "an unknown parameter": "'colour' is no parameter here: limit, cursor, fields,",
    "a word that the column cannot have": "statistic: Input should be 'median',",
    "a limit beyond": "limit: Input should be less than or equal to 1000.",
    "a limit that is none": "limit: a whole number.",
    "a day that is none": "as_of: 'yesterday' is no ISO date",
    "a month that is none": "as_of: '2026-13-01' is no ISO date",
    "a day that the month has not": "as_of: '2026-02-30' is no ISO date",
    "a day without hyphens": "as_of: '20261101' is no ISO date",
    "a form that is not made": "format: Input should be 'json', 'csv' or 'parquet'.",
    "a limit twice": "limit: given more than once.",
    "a value without end": "soc: String should have at most 400 characters.",
}


@pytest.mark.parametrize("case", SAID)
def test_what_is_wrong_is_said_once_and_in_words(case, client):
    """By the parameter's own name; nothing of how it is checked."""
    said = problem(client.get("/api/v1/salaries", params=BAD[case]))
    assert said.startswith(SAID[case])
    assert said.count(": ") == 1
    assert "None" not in said


@pytest.mark.parametrize(
    "number", ["+1", "-1", "1.0", "1_0", " 1", "", "9" * 19, "9" * 5000]
)
def test_a_number_is_digits_alone(number, client):
    """What pydantic would take for one as well is refused, and what no column holds."""
    answer = client.get("/api/v1/discrepancies", params={"severity": number})
    assert (answer.status_code, problem(answer)[:10]) == (400, "severity: ")


def test_a_filter_is_checked_as_its_column_is():
    """Words of the schema, whole numbers, text of bounded length: from the table."""
    facts = {
        (table, one["name"]): one["schema"]["items"]
        for table in FILTERS
        for one in describe_parameters(table)
        if one["schema"].get("type") == "array"
    }
    assert set(facts) == {(t, name) for t, names in FILTERS.items() for name in names}
    assert facts["discrepancies", "severity"]["type"] == "integer"
    text = {"type": "string", "maxLength": 400, **PRINTABLE}
    assert facts["claims", "source"] == text
    for (table, name), schema in facts.items():
        column = RELATIONS[table].model.to_schema().columns[name]
        words = [
            w for c in column.checks for w in c.statistics.get("allowed_values", ())
        ]
        if words and schema["type"] == "string":
            assert schema.get("enum", [schema.get("const")]) == words


@pytest.mark.parametrize("case", BAD)
def test_a_request_that_makes_no_sense_is_told_why(case, client):
    """A status of 4xx with the parameter's name, never a traceback, never a guess."""
    answer = client.get("/api/v1/salaries", params=BAD[case])
    assert answer.status_code in (400, 404, 409)
    name = next(iter(BAD[case]))
    assert name in problem(answer) or "as_of" in problem(answer)


def test_sql_in_a_parameter_is_only_a_value(client):
    """Nothing is found, nothing is run."""
    asked = {"soc": "29-2072' OR '1'='1", "cell": "'; DROP TABLE claims; --"}
    answer = client.get("/api/v1/salaries", params=asked)
    assert (answer.status_code, answer.json()["data"]) == (200, [])
    assert client.get("/api/v1/claims").json()["data"]


def test_csv_and_parquet_hold_what_json_holds(client):
    """By `Accept` or by `format`; the link to the next page is a header."""
    rows = client.get("/api/v1/salaries").json()["data"]
    csv = client.get(
        "/api/v1/salaries", headers={"Accept": "text/csv;q=0.9, */*;q=0.1"}
    )
    assert csv.headers["content-type"].startswith("text/csv")
    assert pl.read_csv(io.BytesIO(csv.content))["cell"].to_list() == [
        row["cell"] for row in rows
    ]
    parquet = client.get("/api/v1/salaries", params={"format": "parquet", "limit": 1})
    frame = pl.read_parquet(io.BytesIO(parquet.content))
    assert frame.row(0, named=True)["annual"] == rows[0]["annual"]
    assert 'rel="next"' in parquet.headers["link"]
    refused = client.get("/api/v1/salaries", headers={"Accept": "image/png"})
    assert refused.status_code == 406


def test_what_a_client_has_is_not_sent_again(client):
    """ETag per release and form; 304 without a body; a named release holds for ever."""
    first = client.get("/api/v1/salaries")
    again = client.get(
        "/api/v1/salaries", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age=60" in first.headers["cache-control"]
    other = client.get("/api/v1/salaries", params={"format": "csv"},
                       headers={"If-None-Match": first.headers["etag"]})  # fmt: skip
    assert other.status_code == 200
    pinned = client.get("/api/v1/salaries", params={"release": "2026-10-01-aaaaaaaa"})
    assert "immutable" in pinned.headers["cache-control"]


def test_as_of_answers_from_the_release_of_that_day(client):
    """What was known then; before the first release there was nothing."""

    def names(day):
        return client.get("/api/v1/salaries", params={"as_of": day}).json()["release"]

    assert names("2026-10-15") == "2026-10-01-aaaaaaaa"
    assert names("2026-12-31") == "2026-11-01-bbbbbbbb"
    assert (
        client.get("/api/v1/salaries", params={"as_of": "2020-01-01"}).status_code
        == 404
    )


def test_a_cursor_goes_on_in_its_own_release(client):
    """A release that appears between two pages does not tear the list apart."""
    asked = {"release": "2026-10-01-aaaaaaaa", "limit": 1}
    cursor = client.get("/api/v1/salaries", params=asked).json()["next"]
    said = client.get("/api/v1/salaries", params={"cursor": cursor}).json()
    assert said["release"] == "2026-10-01-aaaaaaaa"
    clash = {"cursor": cursor, "release": "2026-11-01-bbbbbbbb"}
    assert client.get("/api/v1/salaries", params=clash).status_code == 409


def test_differences_and_releases_are_told(client):
    """The same as `payproof diff` and `payproof releases`."""
    said = client.get("/api/v1/releases").json()
    assert said["latest"] == said["last_successful"] == "2026-11-01-bbbbbbbb"
    diff = client.get("/api/v1/diff", params={"old": "2026-10-01-aaaaaaaa"}).json()
    assert diff["tables"]["claims"]["added"] == 1
    assert client.get("/api/v1/diff", params={"old": "nope"}).status_code == 404


def test_a_cell_is_explained(client):
    """Figures with role and reason; an unknown cell names its neighbours."""
    asked = {"cell": "29-2072/US/all/base/median/2023"}
    said = client.get("/api/v1/explain", params=asked).json()
    assert said["figures"][0]["role"] == "chosen"
    assert problem(client.get("/api/v1/explain", params={"cell": "29-2072/US"}))


def test_a_page_is_checked_and_nothing_is_kept(client):
    """Verdicts as the command prints them."""
    answer = client.post(
        "/api/v1/check", content=PAGE, headers={"content-type": "text/html"}
    )
    (verdict,) = answer.json()["verdicts"]
    assert verdict["quote"] == "$48,780"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "text/html", 400),
        (b"<p>$1</p>", "image/png", 415),
        (b"<p>$1</p>", "", 415),
        (b"x" * 4_000_001, "text/html", 413),
        (b"\x00\x01\x02\x03" * 400, "text/html", 422),
    ],
)
def test_a_body_that_is_no_page_is_refused(body, kind, status, client):
    """Empty, of another kind, too long, binary, broken."""
    answer = client.post("/api/v1/check", content=body, headers={"content-type": kind})
    assert answer.status_code == status, answer.text
    assert problem(answer)


def test_who_asks_too_often_is_told_when_to_come_back(home):
    """429 with Retry-After; health is always answered."""
    client = TestClient(create_app(home, per_second=3), LOCAL)
    answers = [client.get("/api/v1/releases") for _ in range(12)]
    refused = [a for a in answers if a.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert problem(refused[0])
    assert client.get("/health").status_code == 200


def test_without_a_release_the_server_is_up_and_not_ready(tmp_path):
    """A watcher can tell the two apart."""
    home = Home(tmp_path)
    home.vocabularies.symlink_to(ROOT / "vocabularies")
    client = TestClient(create_app(home), LOCAL)
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503
    assert problem(client.get("/api/v1/salaries"))


def test_a_new_release_is_served_as_soon_as_it_is_the_latest(home, client):
    """No restart; the ETag changes with it."""
    before = client.get("/api/v1/salaries").headers["etag"]
    move_pointers.roll_back(
        home, "2026-10-01-aaaaaaaa", release_pointers.RollbackDecision(*"wwfto")
    )
    assert client.get("/api/v1/salaries").headers["etag"] != before
    move_pointers.roll_back(
        home, "2026-11-01-bbbbbbbb", release_pointers.RollbackDecision(*"wwfto")
    )
    assert client.get("/api/v1/salaries").headers["etag"] == before


def test_every_answer_carries_the_protective_headers(client):
    """Errors too."""
    for path in ("/health", "/api/v1/salaries", "/api/v1/salaries?x=1", "/nowhere"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


OPERATIONS = {
    f"{method.upper()} {path}"
    for path, methods in create_app(Home(ROOT)).openapi()["paths"].items()
    for method in methods
}


@pytest.mark.slow
@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_api_does_what_its_description_says(operation, home):
    """Schemathesis: statuses, media types, bodies and headers, without findings."""
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json",
        create_app(home, per_second=0, names=["testserver"]),
    )
    method, path = operation.split()

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(case=schema[path][method].as_strategy())
    def tried(case):
        case.call_and_validate()

    tried()
