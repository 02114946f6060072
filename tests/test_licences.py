"""Licences: the project's own, and that of every source's figures."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from test_publish import released

from pipeline.core.store import Home
from pipeline.release.publish import licences
from pipeline.sources import SOURCES

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# From the Open Definition's list (https://opendefinition.org/licenses/).
OPEN_DEFINITION = {"CC-BY-4.0", "other-closed", "other-pd", "notspecified"}


def faults(package: dict) -> list[str]:
    """What a Data Package's lists of licences and sources have wrong."""
    found = []
    for one in package.get("licenses", []):
        if not ({"name", "path"} & set(one)):
            found.append(f"{one}: neither name nor path")
        if one.get("name", "other-pd") not in OPEN_DEFINITION:
            found.append(f"{one}: not on the Open Definition's list")
    for one in package.get("sources", []):
        if not one.get("title"):
            found.append(f"{one}: no title")
        if not re.match(r"https?://", one.get("path", "https://")):
            found.append(f"{one}: no address")
        found += faults({"licenses": one.get("licenses", [])})
    empty = [k for k in ("licenses", "sources") if k in package and not package[k]]
    return found + [f"{name}: empty" for name in empty]


def test_a_release_names_the_licence_of_every_source_in_it(tmp_path):
    """The sources behind it and no others, each in its own words, each licence once."""
    release = released(Home(tmp_path), "r1")
    package = json.loads((release.folder / "datapackage.json").read_text("utf-8"))
    assert faults(package) == []
    ids = {one["source"] for one in release.manifest["snapshots"]}
    assert [one["name"] for one in package["sources"]] == sorted(ids)
    for one in package["sources"]:
        (licence,) = one["licenses"]
        assert licence["title"] == SOURCES[one["name"]].licence
        assert package["licenses"].count(licence) == 1


@pytest.mark.parametrize("source", SOURCES)
def test_the_licence_of_every_source_is_of_a_known_kind(source):
    """A source whose sentence fits no kind is one that somebody must look at."""
    found = licences.describe_licence(SOURCES[source].licence)
    assert found["name"] != licences.UNKNOWN


def test_what_fits_no_kind_is_not_guessed():
    """The sentence stands; the id says that it is not known."""
    found = licences.describe_licence("Ask the publisher")
    assert found == {"name": "notspecified", "title": "Ask the publisher"}
    assert licences.list_sources(["made", "made"]) == [
        {"name": "made", "title": "made"}
    ]
    assert licences.describe_licence("CC BY 4.0, somebody")["path"].endswith("by/4.0/")


@pytest.mark.parametrize(
    "broken",
    [
        {"licenses": [{"title": "Mine"}]},
        {"licenses": [{"name": "Public domain"}]},
        {"licenses": []},
        {"sources": [{"path": "https://stats.example"}]},
        {"sources": [{"title": "Stats", "path": "raw/stats"}]},
        {"sources": [{"title": "Stats", "licenses": [{"name": "free"}]}]},
    ],
)
def test_a_package_against_the_standard_is_seen(broken):
    """The check above sees each fault."""
    assert faults(broken)


def test_the_project_says_its_own_licence_everywhere_alike():
    """LICENSE, pyproject.toml and CITATION.cff; the version too; nobody is named."""
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["license"] == "Apache-2.0"
    assert PROJECT["license-files"] == ["LICENSE"]
    assert not [c for c in PROJECT["classifiers"] if c.startswith("License")]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cited)
    assert cited["cff-version"] == "1.2.0"
    assert cited["license"] == PROJECT["license"]
    assert cited["version"] == PROJECT["version"]
    assert cited["authors"] == [{"name": PROJECT["authors"][0]["name"]}]
