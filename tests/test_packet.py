"""The evidence packet: two files that stand alone, with the words of every figure."""

import json

import pytest
from pages_home import DISPUTED, copy_home
from typer.testing import CliRunner

from pipeline.cli import app


@pytest.fixture(scope="module")
def home(small_release, tmp_path_factory):
    """A home with one release."""
    return copy_home(small_release, tmp_path_factory.mktemp("packets"))


@pytest.fixture
def written(home, tmp_path, monkeypatch):
    """The files of a packet, by their ending."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    said = CliRunner().invoke(app, ["explain", DISPUTED, "--packet"])
    assert said.exit_code == 0, said.output
    files = {path.suffix: path for path in tmp_path.iterdir()}
    assert sorted(said.output.split()) == sorted(p.name for p in files.values())
    return {ending: path.read_text("utf-8") for ending, path in files.items()}


def test_a_packet_has_every_figure_in_its_surroundings_and_the_digests(written):
    """What was published, what the page made of it, and the bytes of both."""
    said = json.loads(written[".json"])
    by_role = {row["role"]: row for row in said["evidence"]}
    wrong = by_role["outvoted"]["words"]
    assert wrong["quote"] == "$80,090"
    assert "highest 10 percent" in wrong["before"]
    assert by_role["chosen"]["words"]["quote"] == "77810"
    assert by_role["chosen"]["words"]["before"].endswith("A_PCT90: ")
    assert {len(s["sha256"]) for s in said["snapshots"]} == {64}
    for row in said["evidence"]:
        assert row["snapshot"] in {s["snapshot"] for s in said["snapshots"]}
        assert row["words"]["quote"] == row["quote"]
    page = written[".html"]
    for text in ("$80,090", "77,810", "highest 10 percent", "Demonstration",
                 *(s["sha256"] for s in said["snapshots"])):  # fmt: skip
        assert text in page


def test_a_packet_stands_alone(written):
    """No script, nothing from elsewhere, no link that leads out of the file."""
    page = written[".html"].lower()
    assert "<script" not in page
    assert "default-src 'none'" in page
    for name in ('src="', 'href="h', "@import", "url("):
        assert name not in page


def test_a_packet_is_the_same_each_time(written, tmp_path):
    """The same release and cell, the same bytes."""
    CliRunner().invoke(app, ["explain", DISPUTED, "--packet"])
    again = {p.suffix: p.read_text("utf-8") for p in tmp_path.iterdir()}
    assert again == written


def test_a_packet_of_an_unknown_cell_is_none(home, tmp_path, monkeypatch):
    """Nothing is written; the nearest cells are named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAYPROOF_HOME", str(home.root))
    said = CliRunner().invoke(app, ["explain", "29-2072/US", "--packet"])
    assert said.exit_code != 0
    assert not list(tmp_path.iterdir())
