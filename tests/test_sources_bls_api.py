"""The BLS API: what is asked, what an answer says, and answers that are none."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from api import TEXTS, answer, as_json, datum, lines

from pipeline.archive import collect_due
from pipeline.archive.fetch import fetch
from pipeline.archive.fetch.responses import HttpReply
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, Refused, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.unread_places import collect_unread
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.release.ingest import ingest
from pipeline.release.inputs import gather_inputs
from pipeline.sources import bls_api, bls_oews

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
MEDIAN = "OEUN000000000000029207213"
KEY = {"PAYPROOF_BLS_KEY": "canary-0123456789"}


def kept(
    folder: Path, body: Mapping[str, object], edition: str = "2025-05"
) -> Snapshot:
    """An answer as it would be kept."""
    path = folder / "series-25-01.json"
    path.write_bytes(as_json(dict(body)))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Snapshot(
        *("bls_api", edition, digest, path, "application/json", "made", "2026-11-01"),
        name=path.name,
    )


def one(value: str, code: str = "", series: str = MEDIAN) -> dict[str, object]:
    """An answer with one value."""
    body = answer([MEDIAN])
    found = body["Results"]["series"][0]
    found["seriesID"] = series
    found["data"][0]["value"] = value
    found["data"][0]["footnotes"] = (
        [{"code": code, "text": TEXTS[code]}] if code else [{}]
    )
    return body


def with_vocabulary(folder: Path, name: str, text: str) -> Vocabulary:
    """The project's words with one file in another's place."""
    shutil.copytree(WORDS.folder, folder / "vocabularies")
    (folder / "vocabularies" / f"{name}.csv").write_text(text, "utf-8")
    return open_vocabulary(folder / "vocabularies")


def test_the_api_says_what_the_flat_file_says(tmp_path):
    """Three hundred series, by both ways: the same value, mark, area and occupation."""
    series = sorted(lines())[::130]
    by_api = bls_api.parse(kept(tmp_path, answer(series)), WORDS)
    found = Archive(ROOT / "raw").list_snapshots("bls_oews")
    (flat,) = [s for s in found if s.name == "oe.data.0.Current"]
    by_file = bls_oews.parse(flat, WORDS)
    same = ["quote", "measure", "value", "availability", "period", "statistic", "soc"]
    same += ["area_code", "area_level", "area", "reference_period"]
    code = pl.col("industry").str.slice(0, 6)
    ours = by_api.with_columns(code).select([*same, "industry"])
    theirs = by_file.with_columns(code).select([*same, "industry"]).unique()
    assert by_api.height == len(series) > 250
    assert ours.join(theirs, on=ours.columns, nulls_equal=True).height == len(series)


def test_batches_are_of_25_without_a_key_and_of_50_with_one():
    """The limits of the API are rows of limits.csv; each series is asked for once."""
    plain, keyed = bls_api.wanted(WORDS, {}), bls_api.wanted(WORDS, KEY)
    for requests, size in ((plain, 25), (keyed, 50)):
        bodies = [json.loads(request.send) for request in requests]
        batches = [body["seriesid"] for body in bodies]
        assert {len(batch) for batch in batches[:-1]} == {size}
        assert 0 < len(batches[-1]) <= size
        assert {(b["startyear"], b["endyear"]) for b in bodies} == {("2025", "2025")}
        assert len({request.name for request in requests}) == len(requests)
    asked = [s for r in plain for s in json.loads(r.send)["seriesid"]]
    assert asked == [s for r in keyed for s in json.loads(r.send)["seriesid"]]
    assert asked == sorted(set(asked))
    assert MEDIAN in asked


def test_the_key_is_in_no_request_and_in_nothing_that_is_kept(tmp_path):
    """It goes into the body that is posted, and nowhere else."""
    request = bls_api.wanted(WORDS, KEY)[0]
    assert KEY["PAYPROOF_BLS_KEY"] not in repr(request)
    posted: list[bytes] = []

    class Guest:
        keys = KEY

        def get(self, source, url, headers, send=b""):
            posted.append(send)
            kind = {"Content-Type": "application/json"}
            return HttpReply(200, kind, as_json(answer([MEDIAN])), url)

    payload = fetch(
        bls_api.SOURCE, Guest(), request, edition="2025-05", at="2026-11-02T10:00:00Z"
    )
    kept = Archive(tmp_path).keep(payload)
    assert json.loads(posted[0])["registrationkey"] == KEY["PAYPROOF_BLS_KEY"]
    files = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    assert files
    assert not any(KEY["PAYPROOF_BLS_KEY"].encode() in body for body in files)
    assert kept.name == "series_with_key-a.json"


def test_more_than_a_day_s_queries_is_refused_before_the_first(tmp_path):
    """25 queries of 25 series are a day without a key; with one it is enough."""
    many = " ".join(f"{n:06}" for n in range(110000, 110700))
    text = "areatype,areas,industry,occupations,datatypes\n"
    words = with_vocabulary(tmp_path, "api_series", text + f"N,0,000000,{many},04\n")
    with pytest.raises(Refused, match=r"28 queries.*25.*PAYPROOF_BLS_KEY"):
        bls_api.wanted(words, {})
    assert len(bls_api.wanted(words, KEY)) == 14


@pytest.mark.parametrize(
    "row",
    [
        "N,0,000000,29-2072,04",  # a code with its dash
        "N,0,000000,292072,4",  # 24 characters, as seen in the wild
        "X,0,000000,292072,04",
        "N,0,0,292072,04",
    ],
)
def test_a_row_that_makes_no_series_is_named(row, tmp_path):
    """The series as it would be asked for, and the file to change."""
    text = f"areatype,areas,industry,occupations,datatypes\n{row}\n"
    words = with_vocabulary(tmp_path, "api_series", text)
    with pytest.raises(UnknownLabel, match=r"OEU.*\n?.*api_"):
        bls_api.wanted(words, {})


def test_an_empty_series_is_not_offered_and_not_suppressed(tmp_path):
    """The current release alone is served: nothing is said of what is not in it."""
    gone = "OEUS250000000000029207213"
    message = [f"No Data Available for Series {gone} Year: 2019"]
    body = answer([MEDIAN], empty=[gone], message=message)
    claims = bls_api.parse(kept(tmp_path, body), WORDS)
    assert claims["availability"].to_list() == ["published"]
    with pytest.raises(Damaged, match=r"current release.*edition of .*bls_api"):
        bls_api.parse(kept(tmp_path, answer([], empty=[gone])), WORDS)


@pytest.mark.parametrize(
    ("code", "series", "availability", "low"),
    [
        ("8", MEDIAN, "suppressed", None),
        ("4", MEDIAN, "not_available", None),
        ("5", MEDIAN, "top_coded", Decimal("239200.00")),
        ("5", MEDIAN[:23] + "08", "top_coded", Decimal("115.00")),
    ],
)
def test_a_dash_is_what_its_footnote_says(code, series, availability, low, tmp_path):
    """A top code is a bound, by the year or by the hour; the others have no number."""
    claims = bls_api.parse(kept(tmp_path, one("-", code, series)), WORDS)
    (row,) = claims.rows(named=True)
    assert (row["availability"], row["low"], row["value"]) == (availability, low, None)


FAILED = "REQUEST_NOT_PROCESSED"
DAILY = (
    "Request could not be serviced, as the daily threshold for total number of "
    "requests allocated to the user has been reached."
)
STRANGE = {
    "quota": (answer([], status=FAILED, message=[DAILY]), Refused, "quota of the day"),
    "failed": (
        answer([], status="REQUEST_FAILED_ERROR", message=["Server busy"]),
        Damaged,
        "REQUEST_FAILED_ERROR: Server busy. Ask it again later",
    ),
    "no status": ({"Results": {"series": []}}, Damaged, "no status"),
    "no such series": (
        answer([], empty=["X"], message=["Series does not exist for Series OEUN1"]),
        Damaged,
        "knows no such series: OEUN1. Ask it for series that it has",
    ),
    "a prefix seen in the wild": (
        one("1", series="OESN000000000000029207213"),
        UnknownLabel,
        "OESN",
    ),
    "a data type": (one("1", series=MEDIAN[:23] + "99"), UnknownLabel, "'99'"),
    "an area": (
        one("1", series="OEUM" + "0099999" + MEDIAN[11:]),
        UnknownLabel,
        "99999.*areas",
    ),
    "a dash without a reason": (one("-"), UnknownLabel, "no footnote"),
    "a number with a reason": (one("51140", "8"), UnknownLabel, "51140 with 8"),
    "no number": (one("n/a"), UnknownLabel, "n/a"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_an_answer_that_is_none_is_named(name, tmp_path):
    """Failures, quotas and codes without a meaning stop the source, each by name."""
    body, error, named = STRANGE[name]
    with pytest.raises(error, match=named):
        bls_api.parse(kept(tmp_path, body), WORDS)


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ("OEUN00000000000002920721399", "Series does not exist for Series {}"),
        ("CUUR0000SA0", ""),
        (MEDIAN[:23] + "99", ""),
    ],
)
def test_one_series_that_is_not_known_costs_no_other(series, message, tmp_path):
    """It is named, whether the API says so or its parts have no meaning."""
    body = answer([MEDIAN], message=[message.format(series)] if message else [])
    data = [] if message else [datum("2025", "1", "")]
    body["Results"]["series"].append({"seriesID": series, "data": data})
    with collect_unread() as unread:
        claims = bls_api.parse(kept(tmp_path, body), WORDS)
    assert claims.height == 1
    assert [(place.text, place.needs_look) for place in unread] == [(series, True)]


def test_two_years_of_one_answer_are_each_of_their_own(tmp_path):
    """The newest is that of the edition."""
    body = answer([MEDIAN])
    body["Results"]["series"][0]["data"].append(datum("2024", "50250", ""))
    claims = bls_api.parse(kept(tmp_path, body), WORDS)
    assert claims["reference_period"].to_list() == ["2025-05", "2024-05"]


def test_a_quota_that_is_used_up_is_a_matter_of_tomorrow():
    """Saving the page by hand would bring the same answer."""
    said = str(Refused("bls_api", "", 429, "the quota of the day is used up"))
    assert said.endswith("Ask again tomorrow.")
    assert "by hand" not in said
    assert "by hand" in str(Refused("payscale", "https://x", 403, "robots.txt"))


def test_a_year_that_is_not_the_edition_s_is_refused(tmp_path):
    """An answer of May 2025 kept as of May 2024 is a mistake in keeping."""
    with pytest.raises(Damaged, match=r"2025 A01.*edition 2024-05"):
        bls_api.parse(kept(tmp_path, answer([MEDIAN]), "2024-05"), WORDS)
    body = answer([MEDIAN])
    body["Results"]["series"][0]["data"][0]["period"] = "M13"
    with pytest.raises(Damaged, match="M13"):
        bls_api.parse(kept(tmp_path, body), WORDS)


def test_another_top_code_is_seen(tmp_path):
    """The footnote says from which pay on it hides; a new year has a new one."""
    body = one("-", "5")
    note = body["Results"]["series"][0]["data"][0]["footnotes"][0]
    note["text"] = note["text"].replace("239,200", "250,000")
    with pytest.raises(UnknownLabel, match=r"250,000.*\n?.*oews_top_codes"):
        bls_api.parse(kept(tmp_path, body), WORDS)


def test_what_is_no_json_is_damaged(tmp_path):
    """A page of words under the name of an answer; one that was cut short."""
    snapshot = kept(tmp_path, answer([MEDIAN]))
    for body in (b"Service unavailable", snapshot.read_body()[:-200], b"{} {}"):
        snapshot.path.write_bytes(body)
        with pytest.raises(Damaged):
            bls_api.parse(snapshot, WORDS)


class Guest:
    """A visitor whose API answers from the bundled file, each time a little later."""

    keys: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.asked, self.quota, self.known = 0, 10**9, lines()

    def get(self, source, url, headers, send=b""):
        """An answer to one batch; the quota's own words once it is used up."""
        self.asked += 1
        series = json.loads(send)["seriesid"]
        there = [name for name in series if name in self.known]
        body = answer(there, empty=[name for name in series if name not in there])
        if self.asked > self.quota:
            body = answer([], status=FAILED, message=[DAILY])
        body["responseTime"] = 100 + self.asked
        return HttpReply(200, {"Content-Type": "application/json"}, as_json(body), url)


@pytest.mark.slow
def test_a_live_run_keeps_each_batch_once_and_says_when_the_quota_is_used_up(home):
    """Batches are files of their own; an answer that says the same is no change."""
    guest, day = Guest(), "2026-11-02T10:00:00Z"
    first = collect_due.collect_source(home, "bls_api", guest, day, always=True)
    batches = len(bls_api.wanted(WORDS, {}))
    assert dict(first.outcomes) == {"changed": batches}
    again = collect_due.collect_source(
        home, "bls_api", guest, "2026-12-02T10:00:00Z", always=True
    )
    assert dict(again.outcomes) == {"unchanged": batches}
    guest.asked, guest.quota = 0, 3
    last = collect_due.collect_source(
        home, "bls_api", guest, "2027-01-02T10:00:00Z", always=True
    )
    assert dict(last.outcomes) == {"unchanged": 3, "failed": batches - 3}
    assert len(last.errors) == 1
    assert "quota" in last.errors[0]
    inputs = gather_inputs(home)
    found = ingest(inputs, "bls_api")
    assert (found.snapshots, found.errors) == (batches, ())
    assert found.claims > 150
