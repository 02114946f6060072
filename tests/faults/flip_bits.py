"""Flip single bits in every kind of file of a home, and see each flip found.

    python tests/faults/flip_bits.py --count 400 --seed 11

A flip is found where the next command that uses the file says so, or `payproof verify
--all` does. What is read after a flip of an input must be what was read before, or
nothing. Ends with 1 where a flip is found by neither, or other claims are read.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import polars as pl  # noqa: E402
from changing import rewrite_card  # noqa: E402
from pages_home import lay_home  # noqa: E402

from pipeline.archive.fetch_log import LOG, FetchAttempt  # noqa: E402
from pipeline.archive.snapshot import Archive  # noqa: E402
from pipeline.core.checksums import SUMS  # noqa: E402
from pipeline.core.errors import PayproofError  # noqa: E402
from pipeline.core.store import Home, sha256_of  # noqa: E402
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.query.published import find_latest, open_latest  # noqa: E402
from pipeline.query.release_pointers import DECISIONS, RollbackDecision  # noqa: E402
from pipeline.release import cache, run  # noqa: E402
from pipeline.release.changed_inputs import describe_changed_inputs  # noqa: E402
from pipeline.release.draw_site import draw_site  # noqa: E402
from pipeline.release.inputs import check_vocabularies  # noqa: E402
from pipeline.release.publish.move_pointers import roll_back  # noqa: E402
from pipeline.release.stored_files import find_stored_faults  # noqa: E402
from pipeline.rulings import Ruling, append_ruling  # noqa: E402

KEPT = ("article/2024-9*", "bls_oews/2023-05-*", "salary_com/*", "payscale/*")
WHEN = "2026-11-02T06:00:00Z"


@dataclass(frozen=True)
class Trial:
    """A home to be damaged, and the claims that are read of it while it is sound."""

    home: Home
    claims: dict[str, pl.DataFrame] = field(default_factory=dict)


def make_home(folder: Path) -> Home:
    """Two releases, what changed between them, a site, logs, rulings, a decision."""
    home = lay_home(folder, *KEPT)
    # Most of the bytes of the vocabularies are titles of other trades.
    titles = home.vocabularies / "titles.csv"
    head, *rows = titles.read_text("utf-8").splitlines(keepends=True)
    titles.write_text(head + "".join(row for row in rows if "medic" in row), "utf-8")
    for source in ("salary_com", "payscale"):
        log = home.raw / source / LOG
        attempt = FetchAttempt(WHEN, source, "https://pay.example", "unchanged", 304)
        log.write_bytes(attempt.to_line() * 3)
    (page,) = Archive(home.raw).list_snapshots("payscale")
    part = page.path.with_name("part.codes")
    part.write_bytes(b"code\tname\n1\tcoder\n" * 20)
    facts = {"file": part.name, "sha256": sha256_of(part)}
    rewrite_card(page.path.parent, parts={"codes": facts})
    first = run.refresh(home).release
    assert first is not None
    ruling = Ruling(
        *("", "exclude", "29-2072/US/all/base/p90/2023", "1", "A reason.", "a. person"),
        *("2026-11-02", "2027-06-30", "figures>0", "-"),
    )
    made = append_ruling(home.vocabularies, (), ruling)
    append_ruling(home.vocabularies, (made,), ruling)
    second = run.refresh(home).release
    assert second is not None
    assert second.name != first.name
    draw_site(home, second)
    for came, to in ((second.name, first.name), (first.name, second.name)):
        said = RollbackDecision(WHEN, "a. person", came, to, "A reason.")
        roll_back(home, to, said)
    return home


def list_kinds(home: Home) -> dict[str, list[Path]]:
    """The files of a home by kind."""
    latest = open_latest(home).folder
    last = (home.curated / "last_successful").resolve()
    older = next(p.parent for p in home.curated.glob("*-*/manifest.json")
                 if p.parent not in (latest, last))  # fmt: skip
    found = {
        "body": [*home.raw.glob("*/*/body.*")],
        "part": [*home.raw.glob("*/*/part.*")],
        "card": [*home.raw.glob("*/*/snapshot.json")],
        "fetch log": [*home.raw.glob(f"*/{LOG}")],
        "vocabulary": [*home.vocabularies.glob("*.csv")],
        "rulings": [home.vocabularies / "rulings.csv"],
        "cached claims": [*home.parse_cache.glob("*/*.parquet")],
        "digest of cached claims": [*home.parse_cache.glob("*/*.sha256")],
        "table, Parquet": [*latest.glob("*.parquet")],
        "table, CSV": [*latest.glob("*.csv")],
        "database": [latest / "payproof.sqlite"],
        "report": [*latest.glob("report.*")],
        "description": [*latest.glob("*.json"), latest / "codebook.md"],
        "manifest": [latest / "manifest.json"],
        "list of digests": [latest / SUMS],
        "file of an older release": [p for p in older.iterdir() if p.is_file()],
        "page of a site": [*(latest / "site").rglob("*.*")],
        "list of a site": [latest / "site" / SUMS],
        "changes": [*home.curated.glob("changes/*/*.*")],
        "list of changes": [*home.curated.glob(f"changes/*/{SUMS}")],
        "kept input": [*home.curated.glob("inputs/*.zip")],
        "digest of a kept input": [*home.curated.glob("inputs/*.sha256")],
        "decisions": [home.curated / DECISIONS],
        "pointer": [home.curated / "latest", home.curated / "last_successful"],
    }
    found["description"].remove(latest / "manifest.json")
    return {kind: sorted(paths) for kind, paths in found.items()}


@contextmanager
def flipped(path: Path, dice: random.Random) -> Iterator[None]:
    """One bit of a file, or of what a link says, flipped while the block runs."""
    if path.is_symlink():
        good = str(path.readlink()).encode()
        bad = good
        # No name holds these, so no disk has such a link.
        while bad == good or b"\0" in bad or b"/" in bad or max(bad) > 127:
            bad = flip(good, dice)
        path.unlink()
        path.symlink_to(bad.decode())
    else:
        good = path.read_bytes()
        path.write_bytes(flip(good, dice))
    try:
        yield
    finally:
        if path.is_symlink():
            path.unlink()
            path.symlink_to(good.decode())
        else:
            path.write_bytes(good)


def flip(body: bytes, dice: random.Random) -> bytes:
    """The bytes with one bit of them the other way round."""
    at, bit = dice.randrange(len(body)), 1 << dice.randrange(8)
    return body[:at] + bytes([body[at] ^ bit]) + body[at + 1 :]


def use_snapshot(trial: Trial, path: Path) -> str:
    """Read a source as a refresh does, without the cache of its file."""
    home, folder = trial.home, path.parent
    cached = [*home.parse_cache.glob(f"{folder.parent.name}/{folder.name[-12:]}-*")]
    kept = {one: one.read_bytes() for one in cached}
    try:
        for one in cached:
            one.unlink()
        return read_source(trial, folder.parent.name)
    finally:
        for one, body in kept.items():
            one.write_bytes(body)


def read_source(trial: Trial, source: str) -> str:
    """Read a source as a refresh does.

    Returns:
        What was said; "" for nothing.

    Raises:
        AssertionError: Other claims were read than while it was sound.
    """
    inputs = run.gather_inputs(trial.home)
    found = run.ingest(inputs, source) if source in run.list_sources(inputs) else None
    for snapshot in inputs.list_readable():
        if snapshot.source == source:
            claims = cache.read_claims(inputs.locate_claims(snapshot))
            assert claims.equals(trial.claims[snapshot.id]), snapshot.folder
    if found is None:
        return f"nothing of {source} is there"
    last = find_latest(trial.home)
    said = describe_changed_inputs(inputs, last)
    return " ".join([*found.errors, *found.mended, *said])


def use_words(trial: Trial, path: Path) -> str:
    """Check vocabularies, and compare them with those of the last release."""
    check_vocabularies(open_vocabulary(trial.home.vocabularies))
    inputs = run.gather_inputs(trial.home)
    return " ".join(describe_changed_inputs(inputs, find_latest(trial.home)))


def use_release(trial: Trial, path: Path) -> str:
    """Open the latest release for serving."""
    open_latest(trial.home).check_digests()
    return ""


def use_nothing(trial: Trial, path: Path) -> str:
    """No command asks before `verify --all`."""
    return ""


USES: dict[str, Callable[[Trial, Path], str]] = {
    **dict.fromkeys(("body", "part", "card"), use_snapshot),
    "fetch log": lambda trial, path: read_source(trial, path.parent.name),
    **dict.fromkeys(("vocabulary", "rulings"), use_words),
    "cached claims": lambda trial, path: read_source(trial, path.parent.name),
    "digest of cached claims": lambda trial, path: read_source(trial, path.parent.name),
    **dict.fromkeys(
        ("table, Parquet", "table, CSV", "database", "report", "description",
         "manifest", "list of digests", "pointer"), use_release),
}  # fmt: skip


def try_flip(trial: Trial, kind: str, path: Path, dice: random.Random) -> str:
    """Flip a bit of a file and see who finds it.

    Returns:
        `used`, `verify`, or a sentence that says what went wrong.
    """
    with flipped(path, dice):
        try:
            said = USES.get(kind, use_nothing)(trial, path)
        except PayproofError as error:
            said = str(error)
        except AssertionError as error:
            return f"{path}: other claims were read ({error})"
        except Exception as error:
            return f"{path}: {type(error).__name__}: {error}"
        if said:
            return "used"
        found = [
            *Archive(trial.home.raw).find_faults(),
            *find_stored_faults(trial.home),
        ]
        return "verify" if found else f"{path}: not found"


def open_trial(home: Home) -> Trial:
    """A home with the claims that are read of it; nothing is wrong with it."""
    assert find_stored_faults(home) == []
    inputs = run.gather_inputs(home)
    claims = {
        s.id: cache.read_claims(inputs.locate_claims(s)) for s in inputs.list_readable()
    }
    return Trial(home, claims)


def run_trials(
    trial: Trial, count: int, seed: int, kinds: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """Flip bits, each kind in turn; return kind and what `try_flip` returned."""
    dice, found = random.Random(seed), list_kinds(trial.home)
    chosen = kinds or tuple(found)
    said = []
    for number in range(count):
        kind = chosen[number % len(chosen)]
        said.append((kind, try_flip(trial, kind, dice.choice(found[kind]), dice)))
    return said


def main() -> int:
    """Print by kind who found the flips, and each that nobody found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=400, help="flips that are made")
    parser.add_argument("--seed", type=int, default=11, help="which ones")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        trial = open_trial(make_home(Path(place) / "home"))
        found = run_trials(trial, wanted.count, wanted.seed)
    wrong = [said for _, said in found if said not in ("used", "verify")]
    for kind in dict.fromkeys(kind for kind, _ in found):
        counts = Counter(said for of, said in found if of == kind)
        used, late = counts["used"], counts["verify"]
        print(
            f"{kind:26} {used:3} by use, {late:3} by verify --all, of {counts.total()}"
        )
    for said in wrong:
        print(said)
    print(f"{len(found) - len(wrong)} of {len(found)} found.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
