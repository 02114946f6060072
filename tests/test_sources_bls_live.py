"""The BLS and O*NET sources asked as a live run asks them: kept, parsed, unchanged."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.archive import collect_due
from pipeline.archive.fetch.responses import HttpReply
from pipeline.archive.snapshot import Archive
from pipeline.release.ingest import ingest
from pipeline.release.inputs import gather_inputs
from pipeline.sources import SOURCES, onet_titles

ROOT = Path(__file__).resolve().parents[1]
HTML = "text/html; charset=UTF-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def recorded(source: str) -> bytes:
    """The body of the bundled snapshot."""
    return Archive(ROOT / "raw").list_snapshots(source)[0].read_body()


def page(url: str, visit: int) -> bytes:
    """The Handbook's page as each address has it, with the day of the visit."""
    text = recorded("bls_ooh").decode("utf-8")
    cited = f"<p>At {url} (visited March {visit}, 2026).</p></main>"
    return text.replace("</main>", cited).encode()


def workbook(url: str, visit: int) -> bytes:
    """The projections' workbook, other bytes than those that are bundled."""
    out = io.BytesIO(recorded("bls_projections"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"as published"
    return out.getvalue()


def database(url: str, visit: int) -> bytes:
    """The O*NET files in a zip."""
    out = io.BytesIO()
    files = onet_titles.read_files(
        Archive(ROOT / "raw").list_snapshots("onet_titles")[0]
    )
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(f"db_30_1_text/{name}", (2025, 8, 1, 0, 0, 0))
            archive.writestr(entry, body)
    return out.getvalue()


SERVED = {
    "bls_ooh": (HTML, page),
    "bls_projections": (XLSX, workbook),
    "onet_titles": ("application/zip", database),
}


class Guest:
    """A visitor to a publisher that serves what is recorded."""

    keys: Mapping[str, str] = {}

    def __init__(self, source: str) -> None:
        self.kind, self.body = SERVED[source]
        self.visit = 1

    def get(self, source, url, headers, send=b""):
        """The recorded body; never a 304."""
        return HttpReply(
            200, {"Content-Type": self.kind}, self.body(url, self.visit), url
        )


@pytest.mark.slow
@pytest.mark.parametrize("source", SERVED)
def test_a_source_is_fetched_kept_and_parsed_and_the_same_again_is_no_change(
    home, source
):
    """Every address gives a file of its edition; the next look finds nothing new."""
    guest, asked = Guest(source), len(SOURCES[source].urls)
    first = collect_due.collect_source(
        home, source, guest, "2026-09-02T10:00:00Z", always=True
    )
    assert dict(first.outcomes) == {"changed": asked}, first.errors
    found = ingest(gather_inputs(home), source)
    assert found.errors == ()
    kept = [
        f[0]
        for f in gather_inputs(home).list_files(source)
        if f[0].capture == "fetched"
    ]
    assert len(kept) == asked
    assert {s.edition for s in kept} == {SOURCES[source].edition}
    guest.visit = 2
    again = collect_due.collect_source(
        home, source, guest, "2026-10-02T10:00:00Z", always=True
    )
    assert dict(again.outcomes) == {"unchanged": asked}, again.errors
