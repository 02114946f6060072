"""Why a value changed: every input exchanged in turn, and the steps add up."""

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from pages_home import bring_snapshots

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import NotFound, RunFailed
from pipeline.core.model import Payload
from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import Release, find_release, open_latest
from pipeline.release import causes

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
MEDIAN = "29-2072/US/all/base/median/2023"


def replaced(path: Path, old: str, new: str) -> None:
    """Edit a file; what is to go must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def refreshed(home: Home, code: Path = ROOT) -> Release:
    """A release made by the code of a tree, in a process of its own."""
    command = "from pipeline.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", command, "refresh", "--offline"],
        cwd=code, check=False, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(code), "PAYPROOF_HOME": str(home.root)},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return open_latest(home)


def revise(home: Home) -> None:
    """A later version of a kept page, with another median."""
    (body,) = home.raw.glob("salary_com/*/body.html")
    text = body.read_bytes().replace(b"61,003", b"61,103").replace(b"61003", b"61103")
    card = json.loads((body.parent / "snapshot.json").read_text("utf-8"))
    names = ("source", "edition", "name", "media_type", "capture", "url")
    facts = {name: card[name] for name in names}
    Archive(home.raw).keep(Payload(**facts, body=text, retrieved="2026-11-02"))


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> tuple[Home, Release, Release]:
    """Two releases: a page revised, a source added, a policy and the code changed."""
    home = Home(tmp_path_factory.mktemp("home"))
    bring_snapshots(home, "bls_oews/2023-*")
    bring_snapshots(home, "salary_com/*")
    shutil.copytree(ROOT / "vocabularies", home.vocabularies)
    old = refreshed(home)
    revise(home)
    bring_snapshots(home, "glassdoor/*")
    replaced(home.vocabularies / "settlement.csv", "agreement,0.02", "agreement,0.03")
    code = tmp_path_factory.mktemp("code")
    for name in ("pipeline", "schemas", "vocabularies"):
        shutil.copytree(ROOT / name, code / name)
    rule = code / "pipeline/reconcile/settle/settlement.py"
    rule.write_text(rule.read_text("utf-8") + "\n# another word\n", "utf-8")
    return home, old, refreshed(home, code)


def test_every_changed_value_has_its_cause_and_the_steps_add_up(two):
    """Each found by a run with the rest as it was; two of the four changed nothing."""
    home, old, new = two
    found = causes.find_causes(home, old, new, open_vocabulary(home.vocabularies))
    # Every row names the digest of its policy; the code changed nothing at all.
    assert set(found["cause"]) == {"source_revision", "new_data", "policy"}
    policy = found.filter(pl.col("cause") == "policy")["column"].unique()
    assert set(policy) == {"policy_sha256"}
    added = found.filter(pl.col("cause") == "new_data")
    assert set(added["column"]) >= {"row"}
    moved = found.filter(pl.col("column") == "annual")
    assert set(moved["cause"]) == {"source_revision"}
    before, after = (money(pl.col(side)) for side in ("old", "new"))
    steps = moved.group_by(cell="key").agg(moved=(after - before).sum())
    sides = [
        one.scan_table("salaries").select("cell", "annual").collect()
        for one in (old, new)
    ]
    both = sides[0].join(sides[1], on="cell", suffix="_new")
    both = both.filter(pl.col("annual").ne_missing(pl.col("annual_new")))
    whole = both.join(steps, on="cell", how="left")
    assert whole.height == both.height == moved.height > 0
    assert (whole["annual_new"] - whole["annual"]).to_list() == whole["moved"].to_list()


def money(text: pl.Expr) -> pl.Expr:
    """Text as an amount."""
    return text.cast(pl.Decimal(14, 2))


def test_a_mixture_that_does_not_run_is_taken_with_the_next_step(two):
    """Its cause names both kinds; nothing is lost."""
    home, old, new = two

    def broken(_home, mixture, _kinds):
        if mixture.exchanged == ("source_revision",):
            raise RunFailed("there", "no such column")
        return new.scan_table("salaries").collect()

    found = causes.find_causes(
        home, old, new, open_vocabulary(home.vocabularies), broken
    )
    assert set(found["cause"]) == {"source_revision+new_data"}


def test_a_release_compared_with_itself_has_no_cause(two):
    """Nothing differs, nothing is run."""
    home, old, _ = two
    assert (
        causes.find_causes(
            home, old, old, open_vocabulary(home.vocabularies), None
        ).height
        == 0
    )


def test_kept_inputs_that_are_gone_are_an_error_by_name(two):
    """The file is named; nothing is guessed."""
    home, old, new = two
    (kept,) = [
        p for p in (home.curated / "inputs").glob("vocabularies-*")
        if p.stem.endswith(old.manifest["vocabulary_sha256"][:16])
    ]  # fmt: skip
    aside = kept.rename(kept.with_suffix(".aside"))
    try:
        with pytest.raises(NotFound, match="vocabularies-"):
            causes.find_causes(home, old, new, open_vocabulary(home.vocabularies))
    finally:
        aside.rename(kept)


def test_a_release_made_again_of_its_kept_inputs_is_the_same(two):
    """All of one side: the same values, cell for cell."""
    home, old, new = two
    kinds = causes.read_cause_kinds(open_vocabulary(home.vocabularies))
    again = causes.rerun_salaries(home, causes.InputMixture(old, new, ()), kinds)
    assert again.equals(find_release(home, old.name).scan_table("salaries").collect())
    assert (
        Decimal("48780.00")
        in again.filter(pl.col("cell") == MEDIAN)["annual"].to_list()
    )
