"""O*NET titles: published files, extract, other layouts; short forms are matched."""

import hashlib
import importlib.util
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from made import claim, made_figures

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, LayoutChanged, NotFound, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import onet_titles

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
Change = Callable[[bytes], bytes]
OCCUPATIONS, ALTERNATES, REPORTED = onet_titles.COLUMNS


def recording() -> Snapshot:
    """The extract that the repository holds."""
    (found,) = Archive(ROOT / "raw").list_snapshots("onet_titles")
    return found


def changed(folder: Path, changes: Mapping[str, Change]) -> Snapshot:
    """The extract with some of its files changed."""
    files = onet_titles.read_files(recording())
    for name, change in changes.items():
        files[name] = change(files[name])
    paths = {name: folder / name.replace(" ", "_") for name in files}
    for name, path in paths.items():
        path.write_bytes(files[name])
    parts = {paths[name].name: paths[name] for name in (ALTERNATES, REPORTED)}
    return replace(recording(), path=paths[OCCUPATIONS], parts=parts)


def swap(old: bytes, new: bytes) -> Change:
    """One word in another's place; it must be there."""

    def change(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new, 1)

    return change


def test_the_recording_gives_its_titles_and_no_claims():
    """Six occupations; titles by origin; no figure of pay."""
    found = onet_titles.read_titles(onet_titles.read_files(recording()))
    assert Counter(found["soc"].unique().to_list()) == Counter(
        ["11-9111", "29-2072", "29-9021", "31-9094", "43-3021", "43-6013"]
    )
    own = found.filter(pl.col("soc") == "29-2072")
    counts = dict(own.group_by("origin").len().iter_rows())
    assert counts["onet_short"] == 15
    rows = set(own.select("title", "origin").iter_rows())
    assert ("Medical Records Specialists", "onet_alternate") in rows
    assert ("EHR Specialist", "onet_short") in rows
    assert onet_titles.parse(recording(), WORDS).height == 0


def test_the_published_files_give_every_title(shared):
    """1,016 occupations, 56,505 alternate titles, 7,955 reported ones."""
    folder = shared / "data" / "onet"
    files = {name: (folder / name).read_bytes() for name in onet_titles.COLUMNS}
    found = onet_titles.read_titles(files)
    assert found["code"].n_unique() == 1016
    counts = dict(found.group_by("origin").len().iter_rows())
    assert counts == {
        "onet_alternate": 1016 + 56_505,
        "onet_reported": 7_955,
        "onet_short": 3_866,
    }
    assert found.null_count().row(0) == (0, 0, 0, 0)


def test_the_vocabularies_have_every_title_of_the_files(shared):
    """None is missing in titles.csv, but for one in brackets beside the bare one."""
    folder = shared / "data" / "onet"
    files = {name: (folder / name).read_bytes() for name in onet_titles.COLUMNS}
    long = onet_titles.read_titles(files).filter(pl.col("origin") != onet_titles.SHORT)
    bare = r"\s*\([^()]*\)"
    key = pl.col("title").str.to_lowercase().str.replace_all(r"\s+", " ")
    asked = long.select("soc", title=key.str.replace_all(bare, "").str.strip_chars())
    known = WORDS.read_table("titles", "title", "soc").select(
        "soc", title=pl.col("title").str.replace_all(bare, "").str.strip_chars()
    )
    plain = asked.filter(~long["title"].str.contains("(", literal=True))
    assert plain.join(known, on=["soc", "title"], how="anti").height == 0
    nested = pl.col("title").str.contains("(", literal=True)  # brackets in brackets
    some = asked.filter(pl.col("title") != "", ~nested)
    assert some.join(known, on="title", how="anti").height == 0


def test_the_database_s_own_zip_is_read_too(tmp_path):
    """The three files among the others, in a folder of the zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in onet_titles.read_files(recording()).items():
            archive.writestr(f"db_30_1_text/{name}", body)
        archive.writestr("db_30_1_text/Task Ratings.txt", "not read")
    path = tmp_path / "db_30_1_text.zip"
    path.write_bytes(out.getvalue())
    packed = replace(
        recording(), path=path, parts={}, media_type="application/zip", name=path.name
    )
    assert onet_titles.read_titles(onet_titles.read_files(packed)).equals(
        onet_titles.read_titles(onet_titles.read_files(recording()))
    )
    path.write_bytes(out.getvalue()[:-400])
    with pytest.raises(Damaged, match="not whole"):
        onet_titles.parse(packed, WORDS)


STRANGE = {
    "a renamed column": (
        {ALTERNATES: swap(b"Alternate Title", b"Other Title")},
        LayoutChanged,
        "Alternate Title.*Other Title",
    ),
    "a new column": (
        {REPORTED: swap(b"My Next Move", b"My Next Move\tSince")},
        LayoutChanged,
        "Since",
    ),
    "no code": ({REPORTED: swap(b"29-2072.00", b"29-2072")}, Damaged, "29-2072"),
    "a code of no occupation": (
        {ALTERNATES: swap(b"29-2072.00", b"29-2079.00")},
        UnknownLabel,
        "29-2079.00",
    ),
    "another mark": ({REPORTED: swap(b"\tY\n", b"\tMaybe\n")}, UnknownLabel, "Maybe"),
    "an HTML page": (
        {OCCUPATIONS: lambda _: b"<html><body>Moved</body></html>"},
        Damaged,
        "it is an HTML",
    ),
}


@pytest.mark.parametrize("name", STRANGE)
def test_another_layout_stops_by_name(name, tmp_path):
    """What is not known is named; nothing is guessed."""
    changes, error, named = STRANGE[name]
    with pytest.raises(error, match=named):
        onet_titles.parse(changed(tmp_path, changes), WORDS)


def test_an_address_says_the_version_of_the_database():
    """`db_30_1_text.zip` is of 30.1; another address is named."""
    (url,) = onet_titles.SOURCE.urls
    assert onet_titles.edition(url) == onet_titles.SOURCE.edition == "30.1"
    with pytest.raises(LayoutChanged, match="db_NN_N_text"):
        onet_titles.edition("https://www.onetcenter.org/database.html")


def test_a_file_that_is_missing_is_named(tmp_path):
    """The three belong together."""
    whole = changed(tmp_path, {})
    parts = {k: v for k, v in whole.parts.items() if not k.startswith("Alternate")}
    with pytest.raises(NotFound, match="Alternate Titles"):
        onet_titles.parse(replace(whole, parts=parts), WORDS)


def test_the_doctor_counts_what_is_held():
    """Occupations, titles by origin, titles of several codes, titles not known."""
    said = "; ".join(onet_titles.summary(recording(), WORDS))
    assert "6 occupations in 6 SOC codes" in said
    assert "onet_short titles" in said


def test_a_short_form_is_matched_and_a_longer_title_goes_before_it():
    """`EHR Specialist` is of one code; what titles.csv has is not looked up here."""
    found = made_figures(
        claim(50_000, occupation="EHR Specialist"),
        claim(50_000, occupation="RN"),
        claim(50_000, occupation="Medical Records Specialist"),
    )
    rows = found.select("soc", "match_grade").rows()
    assert rows == [
        ("29-2072", "alternate"),
        ("29-1141", "alternate"),
        ("29-2072", "official"),
    ]


def test_no_short_form_is_a_title_or_a_credential():
    """The one would make a title ambiguous, the other a certificate a job."""
    short = set(WORDS.read_table("short_titles", "title")["title"])
    assert not short & set(WORDS.read_table("titles", "title")["title"])
    acronyms = WORDS.read_table("credentials", "acronym")["acronym"].str.to_lowercase()
    assert not short & set(acronyms)


def test_the_bundled_extract_is_what_the_script_makes(shared, tmp_path):
    """The same files in give the same bytes out, with the licence that they ask for."""
    path = ROOT / "raw" / "make_onet_extract.py"
    spec = importlib.util.spec_from_file_location("make_onet_extract", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(shared, tmp_path)
    (made,) = Archive(tmp_path).list_snapshots("onet_titles")
    ours = recording()
    assert made.read_body() == ours.read_body()
    assert hashlib.sha256(made.read_body()).hexdigest() == ours.sha256
    parts = [{n: p.read_bytes() for n, p in s.parts.items()} for s in (made, ours)]
    assert parts[0] == parts[1]
    card = (ours.path.parent / "snapshot.json").read_text("utf-8")
    assert "CC BY 4.0" in card
    assert "USDOL/ETA" in card
