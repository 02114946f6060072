"""Snapshot: bytes are kept once, whole, and as they came."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.archive.snapshot import Archive
from pipeline.core import media
from pipeline.core.errors import Damaged, NotFound
from pipeline.core.model import Payload

ROOT = Path(__file__).resolve().parents[1]
PAGE = Payload(
    source="example",
    edition="2024-05",
    name="pay.html",
    body=b"<!doctype html><p>$48,780",
    media_type="text/html",
    capture="fetched",
    retrieved="2024-06-01",
    url="https://stats.example/pay.html",
    etag='"abc"',
    last_modified="Sat, 01 Jun 2024 00:00:00 GMT",
)


def zipped(*names: str) -> bytes:
    """A zip with small files of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 200)
    return buffer.getvalue()


WORKBOOK = zipped("[Content_Types].xml", "xl/workbook.xml")


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and its time of change."""
    return {
        str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns)
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }


def test_a_snapshot_has_its_bytes_and_its_card(tmp_path):
    """The folder is named after edition and digest; the card says where from."""
    payload = replace(PAGE, parts={"oe.area": b"code\tname\n", "notes.txt": b"n"})
    kept = Archive(tmp_path).keep(
        payload, licence="Public domain", note="as served", derived_from=["bls_oews"]
    )
    folder = tmp_path / "example" / f"2024-05-{kept.sha256[:12]}"
    assert kept.path == folder / "body.html"
    assert kept.read_body() == PAGE.body
    assert kept.parts["oe.area"].read_bytes() == b"code\tname\n"
    card = json.loads((folder / "snapshot.json").read_text())
    assert list(card) == [
        *("source", "edition", "name", "sha256", "media_type", "capture"),
        *("retrieved", "url", "licence", "note", "derived_from", "status"),
        *("headers", "parts", "card_sha256"),
    ]
    assert card["headers"] == {"etag": '"abc"', "last_modified": PAGE.last_modified}
    assert card["derived_from"] == ["bls_oews"]
    assert card["status"] == 200
    assert Archive(tmp_path).find_faults() == []


def test_the_same_bytes_leave_everything_untouched(tmp_path):
    """A second fetch of unchanged bytes writes nothing, not even a date."""
    archive = Archive(tmp_path)
    first = archive.keep(PAGE)
    before = files(tmp_path)
    assert archive.keep(replace(PAGE, retrieved="2030-01-01")) == first
    assert files(tmp_path) == before


def test_the_same_body_with_other_parts_needs_an_edition_of_its_own(tmp_path):
    """A changed code list cannot slip in under a digest that does not cover it."""
    archive = Archive(tmp_path)
    archive.keep(replace(PAGE, parts={"oe.area": b"old"}))
    before = files(tmp_path)
    with pytest.raises(Damaged, match="other parts"):
        archive.keep(replace(PAGE, parts={"oe.area": b"new"}))
    assert files(tmp_path) == before


def test_of_two_versions_of_one_day_the_later_one_counts(tmp_path):
    """Whatever their digests: a person corrects a page within the hour."""
    archive = Archive(tmp_path)
    for number in range(8):
        at = f"2024-06-01T10:00:{number:02}Z"
        body = PAGE.body + str(number).encode()
        kept = archive.keep(replace(PAGE, body=body, capture="given", at=at))
        assert archive.list_latest("example") == [kept]
    assert Archive(tmp_path, "2024-06-01").list_latest("example") == [kept]
    assert Archive(tmp_path, "2024-05-31").list_latest("example") == []


def test_all_snapshots_come_in_one_order(tmp_path):
    """By source, edition and digest, whatever the order they were kept in."""
    archive = Archive(tmp_path)
    for source, edition, body in [
        ("b_source", "2024", b"1"),
        ("a_source", "2025", b"2"),
        ("a_source", "2024", b"4"),
        ("a_source", "2024", b"3"),
    ]:
        archive.keep(replace(PAGE, source=source, edition=edition, body=body))
    order = [(s.source, s.edition, s.sha256) for s in archive.list_all()]
    assert order == sorted(order)
    assert len(order) == 4
    assert archive.list_sources() == ["a_source", "b_source"]
    assert (
        archive.list_snapshots("no_such_source")
        == archive.list_snapshots("../a_source")
        == []
    )


def test_the_latest_is_the_newest_of_each_file(tmp_path):
    """A correction replaces its predecessor; another file of the edition does not."""
    archive = Archive(tmp_path)
    old = archive.keep(PAGE)
    new = archive.keep(replace(PAGE, body=b"corrected", retrieved="2024-07-01"))
    other = archive.keep(replace(PAGE, name="states.html", body=b"states"))
    year = archive.keep(replace(PAGE, edition="2025-05", body=b"2025"))
    assert archive.list_latest("example") == [new, other, year]
    assert archive.list_versions("example") == [(new, old), (other,), (year,)]


def test_what_was_published_goes_before_what_was_made(tmp_path):
    """A demonstration page never hides a real one, even an older one."""
    archive = Archive(tmp_path)
    real = archive.keep(PAGE)
    archive.keep(replace(PAGE, body=b"made", capture="made", retrieved="2026-01-01"))
    assert archive.list_latest("example") == [real]


CUT = zipped("a.txt", "b.txt")
UNSOUND = {
    "empty": (b"", "text/html", "empty"),
    "blank": (b" \n\0 ", "text/csv", "empty"),
    "html as xlsx": (b"<!DOCTYPE html><html>", media.XLSX, "HTML page"),
    "html as zip": (b"\xef\xbb\xbf\n <html lang=en>", media.ZIP, "HTML page"),
    "html as xls": (b"<!-- saved --> <html>", media.XLS, "HTML page"),
    "html as flat file": (b"<html><h1>Access Denied", media.FLAT, "HTML page"),
    "html as utf-16": ("\ufeff<html>".encode("utf-16-le"), media.XLS, "HTML page"),
    "truncated zip": (CUT[:-30], media.ZIP, "cut short"),
    "zip without its beginning": (CUT[10:], media.ZIP, "begin"),
    "truncated workbook": (WORKBOOK[:200], media.XLSX, "cut short"),
    "zip as workbook": (CUT, media.XLSX, "no workbook"),
    "empty zip": (zipped(), media.ZIP, "no files"),
    "text as xls": (b"occ_code,a_mean\n", media.XLS, "begin"),
}


@pytest.mark.parametrize(("body", "kind", "why"), UNSOUND.values(), ids=UNSOUND)
def test_an_unsound_body_is_refused_and_nothing_is_written(tmp_path, body, kind, why):
    """The file's name and what is wrong with it, in one sentence; raw/ stays empty."""
    payload = replace(PAGE, body=body, media_type=kind, name="oesm.dat")
    with pytest.raises(Damaged, match=why) as caught:
        Archive(tmp_path).keep(payload)
    assert "oesm.dat" in str(caught.value)
    assert files(tmp_path) == {}


SOUND = {
    "page": (b"<html>", "text/html"),
    "text about html": (b"<html> is a tag", "text/plain"),
    "zip": (CUT, media.ZIP),
    "workbook": (WORKBOOK, media.XLSX),
    "old workbook": (media.MAGIC[media.XLS] + b"\0" * 100, media.XLS),
    "latin-1": ("Löhne; 12 €".encode("cp1252"), "text/plain"),
}


@pytest.mark.parametrize(("body", "kind"), SOUND.values(), ids=SOUND)
def test_a_sound_body_is_kept(tmp_path, body, kind):
    """The checks let pass what is what it says."""
    kept = Archive(tmp_path).keep(replace(PAGE, body=body, media_type=kind))
    assert kept.read_body() == body


def test_a_damaged_part_is_refused_too(tmp_path):
    """An error page in place of a code list stops the whole edition."""
    with pytest.raises(Damaged, match=r"oe\.area"):
        Archive(tmp_path).keep(replace(PAGE, parts={"oe.area": b"<html>denied"}))
    assert files(tmp_path) == {}


WANDERING = {
    "edition up": {"edition": "../../etc"},
    "edition with a slash": {"edition": "a/b"},
    "edition empty": {"edition": ""},
    "source hidden": {"source": ".git"},
    "source up": {"source": ".."},
    "name with a slash": {"name": "../pay.html"},
    "name with a line break": {"name": "pay\n.html"},
    "part up": {"parts": {"../x": b"x"}},
    "part hidden": {"parts": {".bashrc": b"x"}},
    "day": {"retrieved": "yesterday"},
}


@pytest.mark.parametrize("change", WANDERING.values(), ids=WANDERING)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, change):
    """Editions, sources, parts and file names are plain names."""
    with pytest.raises(Damaged, match="cannot be"):
        Archive(tmp_path / "raw").keep(replace(PAGE, **change))
    assert files(tmp_path) == {}


def test_an_unknown_capture_is_refused(tmp_path):
    """Fetched, given or made: nothing else, so that nothing made is overlooked."""
    with pytest.raises(NotFound, match="guessed"):
        Archive(tmp_path).keep(replace(PAGE, capture="guessed"))


def test_secrets_never_reach_the_card(tmp_path):
    """Keys in the address and passwords before the host are not written down."""
    url = "https://me:hunter2@api.example/v2?registrationkey=S3CRET&start=2023#S3CRET"
    Archive(tmp_path).keep(replace(PAGE, url=url))
    (card,) = tmp_path.rglob("snapshot.json")
    assert "S3CRET" not in card.read_text()
    assert "hunter2" not in card.read_text()
    assert json.loads(card.read_text())["url"] == "https://api.example/v2?start=2023"


def test_an_address_without_secrets_stays_as_it_is():
    """Queries are not re-encoded for nothing."""
    from pipeline.archive.public_url import public_url

    url = "https://x.example/a?q=a%20b&flag"
    assert public_url(url) == url


CARDS = {
    "not json": (lambda card: "{", "no card to read"),
    "deep": (lambda card: "[" * 100_000, "no card to read"),
    "not an object": (lambda card: "[]", "not an object"),
    "no digest": (lambda card: {**card, "sha256": None}, "'sha256'"),
    "short digest": (lambda card: {**card, "sha256": "abc"}, "64 hex"),
    "another folder's": (lambda card: {**card, "edition": "2030"}, "card of"),
    "capture": (lambda card: {**card, "capture": "guessed"}, "capture"),
    "day": (lambda card: {**card, "retrieved": "soon"}, "ISO date"),
    "parts": (lambda card: {**card, "parts": ["x"]}, "parts"),
    "part up": (
        lambda card: {**card, "parts": {"x": {"file": "../y", "sha256": "0" * 64}}},
        "parts",
    ),
}


@pytest.mark.parametrize(("change", "why"), CARDS.values(), ids=CARDS)
def test_a_hostile_card_is_one_clear_error(tmp_path, change, why):
    """The error names the card's file and what is wrong with it."""
    archive = Archive(tmp_path)
    card = archive.keep(PAGE).path.with_name("snapshot.json")
    changed = change(json.loads(card.read_text()))
    card.write_text(changed if isinstance(changed, str) else json.dumps(changed))
    with pytest.raises(Damaged, match=why) as caught:
        archive.list_snapshots("example")
    assert "snapshot.json" in str(caught.value)
    assert len(archive.find_faults()) == 1


def test_a_changed_file_is_named(tmp_path):
    """Verify re-hashes body and parts, and sees files that nobody kept."""
    archive = Archive(tmp_path)
    kept = archive.keep(replace(PAGE, parts={"oe.area": b"code"}))
    kept.path.write_bytes(b"other")
    (kept.path.parent / "part.oe.area").unlink()
    (kept.path.parent / "stray.txt").touch()
    faults = archive.find_faults()
    assert len(faults) == 3
    assert "body.html" in faults[0]
    assert "part.oe.area" in faults[1]
    assert "stray.txt" in faults[2]


def test_a_folder_without_its_body_is_named(tmp_path):
    """A snapshot whose body is gone, or is there twice, is no snapshot."""
    archive = Archive(tmp_path)
    kept = archive.keep(PAGE)
    kept.path.with_name("body.txt").touch()
    with pytest.raises(Damaged, match="2 body files"):
        archive.list_snapshots("example")


@pytest.mark.slow
@pytest.mark.parametrize("step", range(5))
def test_a_kill_leaves_no_half_snapshot(tmp_path, step):
    """Killed at any file, raw/ has the whole snapshot or none; the next try is whole.

    The child counts the files that it writes and kills itself at the given one.
    """
    code = f"""
import os, signal, sys
from pathlib import Path
sys.path.insert(0, "tests")
from dataclasses import replace
import pipeline.archive.snapshot as s
from test_snapshot import PAGE
left, write, rename = [{step}], Path.write_bytes, Path.rename
def counted(act):
    def acting(*args):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return act(*args)
    return acting
Path.write_bytes, Path.rename = counted(write), counted(rename)
s.Archive(Path({str(tmp_path)!r})).keep(replace(PAGE, parts={{"oe.area": b"x"}}))
"""
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ)
    archive = Archive(tmp_path)
    assert (child.returncode == 0) is (step == 4)
    assert len(archive.list_snapshots("example")) == (step == 4)
    assert archive.find_faults() == []
    kept = archive.keep(replace(PAGE, parts={"oe.area": b"x"}))
    assert kept.parts["oe.area"].read_bytes() == b"x"
    assert archive.find_faults() == []
    assert [p.name for p in (tmp_path / "example").iterdir()] == [kept.path.parent.name]


def test_the_same_bytes_are_one_edition(tmp_path):
    """Another one is refused by the name of the first, linked, or said to be meant."""
    archive = Archive(tmp_path)
    parts = {"oe.area": b"code"}
    first = archive.keep(replace(PAGE, parts=parts))
    other = replace(PAGE, parts=parts, edition="2025-05")
    with pytest.raises(Damaged, match=rf"{first.folder}: these bytes are here already"):
        archive.keep(other)
    assert len(archive.list_snapshots("example")) == 1
    archive.keep(replace(other, parts={"oe.area": b"other"}))  # another edition
    linked = archive.keep(replace(other, edition="2025-06"), same_as=first.folder)
    assert linked.same_as == first.folder
    again = archive.keep(replace(other, edition="2025-07"), again=True)
    assert again.edition == "2025-07"
    kept = [file[0].edition for file in archive.list_versions("example")]
    assert kept == ["2024-05", "2025-05", "2025-07"]


def test_a_made_page_is_no_edition_of_a_real_one(tmp_path):
    """What was written for demonstration never stands in the way of what came."""
    archive = Archive(tmp_path)
    archive.keep(replace(PAGE, capture="made"))
    assert archive.keep(replace(PAGE, edition="2025-05")).edition == "2025-05"
