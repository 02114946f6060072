"""Bytes are what their card, their list or their digest says, or nobody reads them."""

import json
import shutil
import subprocess
import traceback
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from changing import rewrite_card, strip_card
from pages_home import ARTICLE, copy_home

from pipeline import sources
from pipeline.archive.fetch_log import LOG, FetchAttempt
from pipeline.archive.snapshot import Archive
from pipeline.core.checksums import (
    SUMS,
    find_listed_faults,
    locate_digest,
    read_sums,
)
from pipeline.core.errors import Damaged
from pipeline.core.reading_faults import report_fault
from pipeline.core.sealed_lines import find_damaged_lines, open_line, seal_line
from pipeline.core.store import Home, point_link
from pipeline.extract import document_figures
from pipeline.query.published import Release, find_latest, open_latest
from pipeline.release import cache, run
from pipeline.release import ingest as ingesting
from pipeline.release.changed_inputs import describe_changed_inputs
from pipeline.release.inputs import choose_twin
from pipeline.release.value_checks import SHOWN_VALUES, compare_claims
from pipeline.release.verify import verify
from pipeline.serve import open_releases
from pipeline.serve.open_releases import OpenReleases
from pipeline.serve.problem_details import Problem


@pytest.fixture
def small(small_release, tmp_path) -> Home:
    """A small home with its release, free to change."""
    return copy_home(small_release, tmp_path / "home")


def ingest(home: Home, source: str) -> run.IngestResult:
    """What reading one source comes to."""
    return run.ingest(run.gather_inputs(home), source)


def replace_bytes(path: Path, old: bytes, new: bytes) -> None:
    """The file with some of its bytes replaced; they must be there."""
    body = path.read_bytes()
    assert old in body
    path.write_bytes(body.replace(old, new, 1))


def find_cached(home: Home, source: str, edition: str) -> tuple[run.Inputs, Path]:
    """The inputs of a home, and the cached claims of one of its snapshots."""
    inputs = run.gather_inputs(home)
    (snapshot,) = (
        s for file in inputs.list_files(source) for s in file if s.edition == edition
    )
    return inputs, inputs.locate_claims(snapshot)


@pytest.mark.parametrize("cold", [True, False])
def test_a_body_that_changed_is_named_and_never_read(small, cold):
    """With its claims in the cache or without: a page is read twice."""
    body = small.raw / f"article/2024-{ARTICLE}/body.md"
    replace_bytes(body, b"48,780", b"84,780")
    if cold:
        shutil.rmtree(small.parse_cache)
    found = ingest(small, "article")
    (error,) = found.errors
    assert str(body.relative_to(small.root)) in error
    assert "not those that were kept" in error
    inputs = run.gather_inputs(small)
    assert ARTICLE not in {s.id for s in inputs.list_readable()}


def test_a_part_that_changed_stops_its_file(small):
    """Parts are held against the card as the body is."""
    (snapshot,) = Archive(small.raw).list_snapshots("payscale")
    card = snapshot.path.parent / "part.list"
    card.write_bytes(b"code")
    parts = {"list": {"file": "part.list", "sha256": "0" * 64}}
    rewrite_card(snapshot.path.parent, parts=parts)
    (error,) = ingest(small, "payscale").errors
    assert "part.list" in error


@pytest.mark.slow
def test_a_changed_body_leaves_the_last_good_release(small, command_in):
    """The source stops, the release stays, the run ends with 1 and names the file."""
    good = open_latest(small)
    body = small.raw / f"article/2024-{ARTICLE}/body.md"
    replace_bytes(body, b"48,780", b"84,780")
    (small.vocabularies / "rulings.csv").open("a").write("\n")  # other inputs
    shutil.rmtree(small.parse_cache)
    status, out, err = command_in(small, "refresh", "--offline", "--no-site")
    assert status == 1
    assert f"2024-{ARTICLE}/body.md" in err
    assert "The last good release stays" in out
    assert find_latest(small) == good


DAMAGES = {
    "cut": lambda body: body[:-100],
    "empty": lambda body: b"",
    "flipped": lambda body: body[:99] + bytes([body[99] ^ 4]) + body[100:],
    "longer": lambda body: body + b"\n",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_of_the_cache_is_parsed_anew(small, damage):
    """With a note that is no part of the release."""
    inputs, path = find_cached(small, "payscale", "2024")
    before = path.read_bytes()
    path.write_bytes(damage(before))
    found = run.ingest(inputs, "payscale")
    assert (found.parsed, found.errors) == (1, ())
    assert "payscale 2024" in found.mended[0]
    assert found.mended[0] not in found.notes
    assert path.read_bytes() == before


def test_a_value_that_was_edited_in_the_cache_is_not_taken(small):
    """Sound Parquet, written by polars itself: its digest is another one."""
    inputs, path = find_cached(small, "payscale", "2024")
    before = cache.read_claims(path)
    edited = before.with_columns(value=pl.col("value") + 1)
    edited.write_parquet(path)
    with pytest.raises(Damaged, match="not those that were kept"):
        cache.read_claims(path)
    assert run.ingest(inputs, "payscale").mended
    assert cache.read_claims(path).equals(before)


@pytest.fixture
def faulty(small, monkeypatch) -> run.IngestResult:
    """What was told of articles whose percents could not be read; they are cached."""
    real = document_figures.draft_line

    def fail(page, line, *rest):
        if any(figure.unit == "percent" for figure in line.figures):
            raise IndexError
        return real(page, line, *rest)

    shutil.rmtree(small.parse_cache)
    with monkeypatch.context() as patched:
        patched.setattr(document_figures, "draft_line", fail)
        found = ingest(small, "article")
    assert found.errors
    assert len(found.traces) == len(found.errors)
    return found


def test_a_fault_of_reading_is_told_by_every_run_that_uses_the_claims(small, faulty):
    """Sentence and trace: the figure is missing from this release as from the last."""
    later = ingest(small, "article")
    assert (later.parsed, later.errors, later.traces) == (
        0, faulty.errors, faulty.traces,
    )  # fmt: skip


def test_faults_beside_cached_claims_that_were_damaged_are_parsed_anew(small, faulty):
    """They are as much of what is cached as the claims: cut, or away."""
    paths = sorted(small.parse_cache.glob("article/*.faults.json"))
    paths[0].write_bytes(paths[0].read_bytes()[:-9])
    paths[1].unlink()
    later = ingest(small, "article")
    assert (later.parsed, len(later.mended)) == (2, 2)
    assert len(later.errors) < len(faulty.errors)  # the code is whole again
    assert ingest(small, "article").errors == later.errors


def test_a_fault_in_an_older_version_is_none_of_the_newer_one(small, monkeypatch):
    """It is parsed for comparison, and read at its own place."""
    real = sources.import_source("payscale").parse
    inputs = run.gather_inputs(small)
    (newer,) = (s for file in inputs.list_files("payscale") for s in file)
    older = replace(newer, edition="2020", card="{}")

    def parse(snapshot, words):
        if snapshot.edition == "2020":
            report_fault("the figure", IndexError())
        return real(snapshot, words)

    monkeypatch.setattr(sources.import_source("payscale"), "parse", parse)
    monkeypatch.setattr(
        ingesting, "list_predecessors", lambda _, one: [older] if one is newer else []
    )
    shutil.rmtree(small.parse_cache)
    found = run.ingest(inputs, "payscale")
    assert (found.parsed, found.errors, found.traces) == (1, (), ())
    assert len(cache.read_faults(inputs.locate_claims(older))) == 1


def test_a_refresh_that_changes_nothing_mends_the_cache_too(small):
    """A loss of power may cut it behind a release that stands."""
    _, path = find_cached(small, "payscale", "2024")
    path.write_bytes(b"")
    assert run.refresh(small).unchanged
    assert not path.exists()


def test_cached_claims_without_their_digest_are_not_taken(small):
    """Nor with that of another file."""
    inputs, path = find_cached(small, "payscale", "2024")
    locate_digest(path).unlink()
    assert run.ingest(inputs, "payscale").mended
    digest = locate_digest(path)
    digest.write_text(digest.read_text().replace(path.name, "other.parquet"))
    assert run.ingest(inputs, "payscale").mended


@pytest.mark.parametrize(
    "facts", [{"capture": "fetched"}, {"retrieved": "2026-11-02"}, {"note": "x"}]
)
def test_a_field_of_a_card_that_was_edited_is_seen(small, facts):
    """A demonstration cannot become real by an edit; nor can a day."""
    (snapshot,) = Archive(small.raw).list_snapshots("payscale")
    path = snapshot.path.with_name("snapshot.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))
    (error,) = ingest(small, "payscale").errors
    assert "changed after it was written" in error
    assert "payscale/2024-" in error


def test_a_card_that_lost_its_digest_is_refused(small):
    """The last release knows that it had one, so its fields may be anything."""
    (snapshot,) = Archive(small.raw).list_snapshots("payscale")
    strip_card(snapshot.path.parent, capture="fetched")
    inputs = run.gather_inputs(small)
    assert inputs.list_files("payscale") == []
    assert "lost its card_sha256" in inputs.faults["payscale"][0]


def test_a_card_of_an_earlier_version_is_read_and_said(small, command_in):
    """It never had a digest; an update of the home adds it, and changes no field."""
    shutil.rmtree(small.curated)
    (snapshot,) = Archive(small.raw).list_snapshots("payscale")
    strip_card(snapshot.path.parent)
    found = ingest(small, "payscale")
    assert found.errors == ()
    assert "init --update" in found.notes[0]
    status, out, _ = command_in(small, "init", "--update", small.root)
    assert status == 0
    assert f"raw/payscale/{snapshot.folder}/snapshot.json: " in out
    assert ingest(small, "payscale").notes == ()
    (again,) = Archive(small.raw).list_snapshots("payscale")
    assert again.seal == snapshot.seal


def test_a_card_that_was_written_again_is_told_beside_the_next_release(small):
    """A person may keep a page anew with another day: that is said, and no error."""
    (snapshot,) = Archive(small.raw).list_snapshots("payscale")
    rewrite_card(snapshot.path.parent, capture="given")
    inputs = run.gather_inputs(small)
    (said,) = describe_changed_inputs(inputs, find_latest(small))
    assert "capture 'made', now 'given'" in said


def test_other_vocabularies_are_told_beside_the_next_release(small):
    """By a person or by the disk: only a person can tell."""
    replace_bytes(small.vocabularies / "factors.csv", b"2080", b"2081")
    inputs = run.gather_inputs(small)
    (said,) = describe_changed_inputs(inputs, find_latest(small))
    assert said.endswith(": factors.csv.")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("manifest.json", b'"demonstration": true', b'"demonstration": null'),
        ("manifest.json", b'"capture": "made"', b'"capture": "real"'),
        ("manifest.json", b"salaries.csv", b"salaries.tsv"),
        (SUMS, b"salaries.csv", b"salaries.tsv"),
        (SUMS, b"manifest.json", b"manifest.jso_"),
    ],
)
def test_an_edited_list_of_a_release_is_seen_at_once(small, name, old, new):
    """Whoever opens it is told which file, and what to do."""
    replace_bytes(open_latest(small).folder / name, old, new)
    with pytest.raises(Damaged, match=r"manifest\.json.*payproof refresh"):
        open_latest(small)
    assert find_latest(small) is None


def test_a_release_of_an_earlier_version_still_opens(small):
    """Its list of digests stood in the manifest, which nothing covered."""
    release = open_latest(small)
    (release.folder / "manifest.json").unlink()
    (release.folder / SUMS).unlink()
    from pipeline.release.publish import compute_checksums

    sums = {n: f["sha256"] for n, f in compute_checksums(release.folder).items()}
    text = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    (release.folder / SUMS).write_text(text)
    files = compute_checksums(release.folder)
    text = json.dumps({**release.manifest, "files": files})
    (release.folder / "manifest.json").write_text(text)
    assert open_latest(small).find_damage() == []


def test_a_damaged_table_is_named_and_the_release_made_again(small):
    """The size alone would not tell; the same inputs give the same bytes."""
    release = open_latest(small)
    path = release.folder / "salaries.parquet"
    good = path.read_bytes()
    path.write_bytes(good[:200] + bytes([good[200] ^ 1]) + good[201:])
    with pytest.raises(Damaged, match=r"salaries\.parquet"):
        release.check_digests()
    inputs = run.gather_inputs(small)
    assert not run.is_current(inputs, release, read=False)
    path.write_bytes(good)
    assert run.is_current(inputs, release, read=False)


def test_sha256sum_reads_the_list(small):
    """A release is checked without Payproof, its manifest too."""
    folder = open_latest(small).folder
    if shutil.which("sha256sum") is None:
        pytest.skip("needs sha256sum")
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", SUMS], cwd=folder, check=False
    )
    assert done.returncode == 0
    assert "manifest.json" in read_sums(folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no digest\n",
        f"{'0' * 64}  a\n{'1' * 64}  a\n",
        f"{'0' * 64}  a",
        f"{'0' * 63}g  a\n",
    ],
)
def test_a_list_that_is_none_is_told(tmp_path, text):
    """Empty, no digest, a name twice, cut short."""
    (tmp_path / SUMS).write_text(text)
    (said,) = find_listed_faults(tmp_path)
    assert SUMS in said


def test_a_list_names_what_is_gone_changed_and_strange(tmp_path):
    """One sentence each."""
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    (tmp_path / SUMS).write_text(f"{'0' * 64}  a\n{'1' * 64}  c\n")
    assert [
        Path(said.split(": ")[0]).name for said in find_listed_faults(tmp_path)
    ] == [*("a", "c", "b")]


ROW = {"at": "2026-11-01T06:00:00Z", "source": "x", "outcome": "changed"}


def test_the_same_bytes_kept_twice_count_once(small, command_in, tmp_path):
    """A page that was made for demonstration comes in, twice and elsewhere too."""
    page = tmp_path / "page.md"
    page.write_bytes((small.raw / f"article/2024-{ARTICLE}/body.md").read_bytes())
    claims = open_latest(small).scan_table("claims").collect()
    own = claims.filter(pl.col("snapshot") == ARTICLE)
    for edition, more in (("2022", ()), ("2023", ("--again",))):
        words = ("--edition", edition, "--by", "Ada", *more)
        status, _, error = command_in(small, "sources", "keep", "article", page, *words)
        assert status == 0, error
    outcome = run.refresh(small)
    assert outcome.errors == []
    notes = [note for one in outcome.ingested for note in one.notes]
    assert notes == [
        f"raw/article/{edition}-{ARTICLE}: the same bytes as raw/article/2023-"
        f"{ARTICLE}, which alone counts."
        for edition in ("2022", "2024")
    ]
    now = open_latest(small).scan_table("claims").collect()
    assert now.filter(pl.col("snapshot") == ARTICLE).equals(own)


@pytest.mark.parametrize(
    ("second", "counts"),
    [
        ({"edition": "2023", "kept": "2026-11-02"}, 1),
        ({"edition": "2023", "kept": "2026-10-31"}, 0),
        ({"source": "glassdoor", "kept": "2026-11-02"}, 0),
        ({"source": "glassdoor", "kept": "2026-10-31"}, 1),
        ({"source": "glassdoor", "kept": "2026-10-31", "capture": "made"}, 0),
    ],
)
def test_of_twins_the_last_edition_of_the_first_source_counts(small, second, counts):
    """Whatever was made for demonstration comes last."""
    given = {"capture": "given", "kept": "2026-11-01"}
    found = [s for file in run.gather_inputs(small).files for s in file]
    one = replace(next(s for s in found if s.id == ARTICLE), **given)
    other = replace(one, **second)
    for pair in ([one, other], [other, one]):
        assert choose_twin(pair) is (one, other)[counts]


def test_a_line_of_a_log_carries_its_digest(tmp_path):
    """A changed one is told from one that a kill cut, and from an older version's."""
    line = seal_line(ROW)
    assert open_line(line) | ROW == open_line(line)
    older = json.dumps(ROW).encode() + b"\n"
    log = tmp_path / "log"
    log.write_bytes(
        older + line + line.replace(b"06", b"07") + line[:20] + b"\n" + older
    )
    found = list(find_damaged_lines(log, ROW))
    assert found == [(3, "changed"), (4, "cut"), (5, "changed")]


def test_a_changed_line_of_the_fetch_log_is_an_error_of_its_source(small):
    """It may decide which version of a file is current."""
    log = small.raw / "payscale" / LOG
    attempt = FetchAttempt("2026-11-02T06:00:00Z", "payscale", "r", "unchanged")
    log.write_bytes(attempt.to_line() * 2)
    assert run.gather_inputs(small).faults == {}
    replace_bytes(log, b"2026-11-02", b"2026-11-12")
    (said,) = run.gather_inputs(small).faults["payscale"]
    assert said.startswith("raw/payscale/checks.jsonl line 1: ")
    assert len(Archive(small.raw).read_attempts("payscale")) == 1


def test_values_are_read_anew_and_compared(small):
    """A quote that is where it was says nothing of the amount that was read from it."""
    found = verify(small, open_latest(small))
    assert found.is_sound
    assert found.values == found.pointers > 0
    claims = open_latest(small).scan_table("claims").collect()
    one = claims.filter(pl.col("value").is_not_null()).row(0, named=True)
    hit = pl.col("claim_id") == one["claim_id"]
    other = pl.when(hit).then(pl.col("value") + 1).otherwise("value")
    edited = claims.with_columns(value=other)
    (said,) = compare_claims(edited.sort("claim_id"), claims.sort("claim_id"))
    assert said.startswith(f"{one['claim_id']}: value is ")
    assert len(compare_claims(claims, claims.head(0))) == SHOWN_VALUES + 1
    assert "the release does not" in compare_claims(claims.head(0), claims.head(1))[0]


def test_values_of_other_words_are_not_compared(small):
    """They would differ for a good reason; that none was compared is said."""
    words = small.vocabularies / "periods.csv"
    words.write_bytes(words.read_bytes() + b"\n")
    found = verify(small, open_latest(small))
    assert (found.values, found.is_sound) == (0, True)
    assert "made with other words: periods.csv" in found.notes[0]


def test_verify_of_all_looks_at_what_no_command_uses(small, command_in):
    """An older list, a stray file, a line of a log, a word; each is one sentence."""
    status, out, _ = command_in(small, "verify", "--all")
    assert status == 0, out
    latest = open_latest(small)
    (latest.folder / "stray.txt").write_text("x")
    site = latest.folder / "site"
    site.mkdir()
    (site / "index.html").write_text("x")
    (site / SUMS).write_text(f"{'0' * 64}  index.html\n")
    (small.curated / "decisions.jsonl").write_text("{\n")
    replace_bytes(small.vocabularies / "factors.csv", b"52 weeks", b"52 Weeks")
    status, out, _ = command_in(small, "verify", "--all")
    assert status == 1
    wanted = ("stray.txt", "site/index.html", "decisions.jsonl line 1", "factors.csv")
    assert all(name in out for name in wanted), out
    assert command_in(small, "verify")[0] == 0  # of the latest release all is well


def test_a_release_that_does_not_open_is_looked_at_all_the_same(small, command_in):
    """What is wrong is said, then that there is no release to read."""
    manifest = open_latest(small).folder / "manifest.json"
    replace_bytes(manifest, b'"capture": "made"', b'"capture": "real"')
    status, out, err = command_in(small, "verify", "--all")
    assert status == 2
    assert "manifest.json: it is not as it was published" in out
    assert "payproof refresh" in err


def count_frames(releases: OpenReleases) -> int:
    """How many frames the remembered damage has, once it was met again."""
    releases.get_latest()
    (damage,) = filter(None, (damage for _, damage in releases._hashed.values()))
    return len(traceback.extract_tb(damage.__traceback__))


def test_a_damaged_release_is_not_served(small):
    """The one before it is served on; without one it is said what to do."""
    releases = OpenReleases(small)
    good = releases.get_latest()
    name = good[0].name
    other = shutil.copytree(good[0].folder, small.curated / "2026-11-02-00000000")
    (other / "salaries.csv").write_bytes(b"x" * (other / "salaries.csv").stat().st_size)
    point_link(small.curated / "latest", other)
    assert releases.get_latest() == good
    assert releases.get_latest()[0].name == name  # and is not hashed again
    with pytest.raises(Problem, match=r"salaries\.csv.*payproof refresh") as told:
        OpenReleases(small).get_latest()
    assert told.value.status == 503
    depths = {count_frames(releases) for _ in range(5)}
    assert len(depths) == 1  # the remembered error gathers no frames
    shutil.copy(good[0].folder / "salaries.csv", other)
    assert releases.get_latest()[0].name == other.name


@pytest.mark.parametrize("name", ["salaries.csv", "manifest.json"])
def test_a_damaged_release_that_is_named_is_not_ready(small, name):
    """Until it is mended: the state of the server, and no mistake of who asks."""
    releases = OpenReleases(small)
    latest = releases.get_latest()[0]
    other = shutil.copytree(latest.folder, small.curated / "2026-10-01-00000000")
    body = (other / name).read_bytes()
    (other / name).write_bytes(body[:-2] + b"??")
    for _ in range(2):
        with pytest.raises(Problem, match=rf"{name}.*payproof refresh") as told:
            releases.get(other.name, None)
        assert told.value.status == 503
    (other / name).write_bytes(body)
    assert releases.get(other.name, None)[0].name == other.name


def test_a_release_is_hashed_once_until_one_of_its_files_changes(small, monkeypatch):
    """Also where others were asked for in between, and its database was closed."""
    monkeypatch.setattr(open_releases, "MAX_OPEN", 1)
    hashed = []
    real = Release.check_digests
    monkeypatch.setattr(
        Release, "check_digests", lambda one: (hashed.append(one.name), real(one))
    )
    releases = OpenReleases(small)
    latest = releases.get_latest()[0]
    other = shutil.copytree(latest.folder, small.curated / "2026-10-01-00000000")
    for _ in range(3):
        for name in (latest.name, other.name):
            releases.get(name, None)
    assert hashed == [latest.name, other.name]
    body = (other / "salaries.csv").read_bytes()
    (other / "salaries.csv").write_bytes(b"x" + body[1:])
    releases.get(latest.name, None)
    with pytest.raises(Problem, match=r"salaries\.csv"):
        releases.get(other.name, None)
