"""Releases: gates, bytes, the pointer, and text from outside made harmless."""

import dataclasses
import json
from decimal import Decimal

import polars as pl
import pytest
from made import VOCABULARY, claim
from small_tables import contents

from pipeline.core.checksums import read_sums
from pipeline.core.errors import GateFailed, NotFound
from pipeline.core.store import Home
from pipeline.query.published import find_latest, open_latest
from pipeline.release.publish import ReleaseTables, publish, record_failure
from pipeline.release.publish.gates import run_gates
from pipeline.release.publish.table_files import csv_bytes, parquet_bytes
from pipeline.site.report import render_report

HOSTILE = '=HYPERLINK("http://x","<script>alert(1)</script>")'


MANIFEST = {
    "key": "0" * 64,
    "code_sha256": "1" * 64,
    "vocabulary_sha256": "2" * 64,
    "versions": {"payproof": "0"},
    "demonstration": True,
    "snapshots": [],
    "notes": [],
    "rows": {"claims": 2, "figures": 2, "salaries": 2, "rejects": 0},
}


def released(home: Home, name: str, tables: ReleaseTables | None = None):
    """Publish a small release."""
    tables = tables or contents()
    manifest = MANIFEST | {"snapshots": cards(tables)}
    return publish(home, name, tables, manifest, {}, VOCABULARY)


def cards(tables: ReleaseTables) -> list[dict[str, str]]:
    """What a manifest says of the bodies that the claims came from."""
    rows = contents().claims.select("snapshot", "source").unique().sort("snapshot")
    return [
        {
            "id": snapshot, "source": source, "edition": "2023-05", "name": "a.csv",
            "sha256": snapshot + "0" * 52, "capture": "made", "url": "",
            "retrieved": "2026-11-01", "media_type": "text/csv",
            "path": f"raw/{source}/2023-05-{snapshot}/body.csv",
        }
        for snapshot, source in rows.iter_rows()
    ]  # fmt: skip


def test_a_release_moves_the_pointer_and_lists_its_files(tmp_path):
    """Checksums of every file are in the manifest, and its own beside it."""
    home = Home(tmp_path)
    released(home, "r1")
    found = open_latest(home)
    assert (found.name, find_latest(home)) == ("r1", found)
    assert set(found.manifest["files"]) == {
        path.name for path in found.folder.iterdir()
    } - {"manifest.json", "SHA256SUMS"}
    assert set(read_sums(found.folder)) == {*found.manifest["files"], "manifest.json"}
    assert found.scan_table("salaries").collect().height == 4


def test_without_a_release_the_error_says_how_to_make_one(tmp_path):
    """No traceback on the first day."""
    with pytest.raises(NotFound, match="payproof refresh"):
        open_latest(Home(tmp_path))


def without(frame: pl.DataFrame) -> pl.DataFrame:
    """No rows."""
    return frame.clear()


BROKEN = {
    "not_empty": lambda c: {"salaries": without(c.salaries)},
    "closed": lambda c: {"claims": c.claims.head(1)},
    "adds_up": lambda c: {"figures": c.figures.head(1)},
    "resolvable": lambda c: {"figures": pl.concat([c.figures, c.figures.tail(1)]),
                          "claims": pl.concat([c.claims, c.claims.tail(1)
                              .with_columns(claim_id=pl.lit("twice"))])},
    "one_choice": lambda c: {"provenance": c.provenance.with_columns(
        role=pl.lit("supporting"))},
    "anchored": lambda c: {"salaries": c.salaries.with_columns(
        annual=pl.lit(Decimal("48790.00"), pl.Decimal(14, 2)))},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("gate", BROKEN)
def test_every_gate_stops_a_release_and_the_last_good_one_stays(gate, tmp_path):
    """A table that breaks the gate is refused by name; nothing moves."""
    home = Home(tmp_path)
    released(home, "good")
    sound = contents()
    run_gates(sound, VOCABULARY)
    broken = dataclasses.replace(sound, **BROKEN[gate](sound))
    with pytest.raises(GateFailed, match=gate):
        released(home, "bad", broken)
    assert open_latest(home).name == "good"
    assert not (home.curated / "bad").exists()


def test_a_failed_run_leaves_word(tmp_path):
    """What failed, beside the last good release; gone once a run succeeds."""
    home = Home(tmp_path)
    record_failure(home, "reconcile", ValueError("no such rank"))
    said = json.loads((home.curated / "failure.json").read_text())
    facts = {"stage": "reconcile", "error": "no such rank", "kind": "ValueError"}
    assert said == facts | {"traces": ["ValueError: no such rank"]}
    released(home, "r1")
    assert not (home.curated / "failure.json").exists()


def test_a_release_of_the_same_name_is_replaced_whole(tmp_path):
    """A file that somebody broke is made good by the next run."""
    home = Home(tmp_path)
    released(home, "r1")
    (home.curated / "r1" / "salaries.csv").write_text("broken")
    released(home, "r1")
    assert "broken" not in (home.curated / "r1" / "salaries.csv").read_text()
    left = [p.name for p in sorted(home.curated.iterdir())]
    assert left == ["inputs", "last_successful", "latest", "r1"]


def test_the_same_tables_give_the_same_bytes():
    """Parquet, CSV and pages."""
    one, other = contents(), contents()
    for name, frame in one.frames_by_name().items():
        again = other.frames_by_name()[name]
        assert parquet_bytes(frame, "r") == parquet_bytes(again, "r")
        assert csv_bytes(frame) == csv_bytes(again)
    assert render_report(
        "r", MANIFEST, one.frames_by_name(), VOCABULARY
    ) == render_report("r", MANIFEST, other.frames_by_name(), VOCABULARY)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "-cmd",
        "\t=1",
        "-2+3+cmd|' /C calc'!A0",
    ],
)
def test_a_spreadsheet_never_runs_a_cell(text):
    """An apostrophe before what would be a formula; plain figures stay."""
    lines = csv_bytes(pl.DataFrame({"quote": [text, "-5", "+3.1", "$1", "-"]})).decode()
    cells = lines.splitlines()
    assert cells[1].strip('"').startswith("'")
    assert cells[2:] == ["-5", "+3.1", "$1", "-"]


def test_text_from_outside_is_only_text_in_the_report():
    """A script and a pipe in a quote: shown, not run, no new column."""
    row = claim(
        35010, attributed_to="BLS", statistic="p10", quote=f"{HOSTILE}|x\n# y",
        reference_period="2023-05",
    )  # fmt: skip
    tables = contents(row | {"experience_min": 1})
    pages = render_report("r", MANIFEST, tables.frames_by_name(), VOCABULARY)
    html, text = pages["report.html"].decode(), pages["report.md"].decode()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<script" not in text
    assert "\n# y" not in text
    assert tables.discrepancies.height == 1


def test_a_release_describes_its_tables_for_machines(tmp_path):
    """Every column of every CSV file, in its order, with type and meaning."""
    release = released(Home(tmp_path), "r1")
    package = json.loads((release.folder / "datapackage.json").read_text())
    assert "written for the project" in package["description"]
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        path = release.folder / resource["path"]
        if resource["format"] == "csv":
            head = path.read_text().splitlines()[0].split(",")
        else:
            head = pl.read_parquet_schema(path)
        assert list(head) == [field["name"] for field in fields]
        assert {field["type"] for field in fields} <= {
            "string", "number", "integer", "boolean",
        }  # fmt: skip
