"""One publisher in several sources: its own table first, then what repeats it."""

import shutil

import polars as pl
import pytest
from made import VOCABULARY, claim, made_figures, oews

from pipeline.archive.snapshot import Archive
from pipeline.core.store import Home
from pipeline.reconcile import reconcile
from pipeline.release.run import refresh_locked

pytestmark = pytest.mark.slow

BOOK = "e" * 12


def handbook(value, **said):
    """One figure of the Handbook on the same occupation and year."""
    facts = {"source": "bls_ooh", "snapshot": BOOK, "structure": "table"}
    return oews(value, **{**facts, **said})


def settled(*rows, vocabulary=VOCABULARY):
    """Salaries and provenance of these figures; the Handbook was read last."""
    figures = made_figures(*rows, vocabulary=vocabulary)
    dates = dict.fromkeys(figures["snapshot"], "2026-11-01")
    found = reconcile(
        figures,
        figures.head(0),
        vocabulary,
        retrieved=dates | {BOOK: "2026-12-01"},
        files={},
    )
    return found.salaries, found.provenance


def test_the_table_is_chosen_before_a_newer_page_that_repeats_it():
    """The Handbook of December does not push the table of November aside."""
    salaries, provenance = settled(handbook(48_780), oews(48_780))
    assert salaries["independent_sources"].to_list() == [1]
    roles = dict(provenance.select("snapshot", "role").iter_rows())
    assert roles == {BOOK: "supporting", "c" * 12: "chosen"}


def test_the_order_of_a_publisher_s_sources_is_a_row_that_counts(tmp_path):
    """With the Handbook named first in a home's publishers.csv it is chosen."""
    folder = tmp_path / "vocabularies"
    shutil.copytree(VOCABULARY.folder, folder)
    table = VOCABULARY.read_table("publishers")  # as a file of an older home has them
    (listed,) = table.filter(pl.col("id") == "bls")["source"]
    first = "|".join(sorted(listed.split("|"), key="bls_ooh".__ne__))
    ordered = pl.when(pl.col("id") == "bls").then(pl.lit(first)).otherwise("source")
    table.with_columns(source=ordered).write_csv(folder / "publishers.csv")
    other = type(VOCABULARY)(folder)
    _, provenance = settled(handbook(48_780), oews(48_780), vocabulary=other)
    roles = dict(provenance.select("snapshot", "role").iter_rows())
    assert roles == {BOOK: "chosen", "c" * 12: "supporting"}


def test_a_bundle_of_codes_is_matched_to_none():
    """`Financial Clerks` of the Handbook are not the group 43-3000 of that name."""
    bundle = handbook(
        48_650, occupation="Financial Clerks", soc=None, occupation_group="profile"
    )
    group = claim(48_650, occupation="financial clerks")
    found = made_figures(bundle, group)
    assert found["soc_candidates"].to_list() == [None, "43-3000"]
    assert found["match_grade"].to_list() == ["none", "official"]


@pytest.mark.parametrize("source", ["bls_ooh", "bls_projections"])
def test_a_source_of_outlook_changes_no_settled_salary(home: Home, source):
    """Cells of the table are as without it; outlook and jobs are claims, not cells."""
    for folder in home.raw.iterdir():
        if folder.is_dir() and folder.name not in ("bls_oews", "article", source):
            shutil.rmtree(folder)
    for folder in (home.raw / "bls_oews").iterdir():
        if not folder.name.startswith(("2023", "2024")):
            shutil.rmtree(folder)
    added = refresh_locked(home).release
    claims = pl.read_parquet(added.folder / "claims.parquet")
    after = pl.read_parquet(added.folder / "salaries.parquet")
    shutil.rmtree(home.raw / source)
    shutil.rmtree(home.curated)
    before = pl.read_parquet(refresh_locked(home).release.folder / "salaries.parquet")
    same = ["cell", "status", "rule", "grade", "chosen", "annual", "year"]
    old = after.join(before.select("cell"), on="cell", how="semi")
    assert old.select(same).sort("cell").equals(before.select(same).sort("cell"))
    ours = claims.filter(pl.col("source") == source)
    outlook = ours.filter(pl.col("kind") == "outlook")
    moved = outlook.filter(pl.col("measure").str.contains("change"))
    assert outlook.height
    assert moved.filter(pl.col("value") != 0)["direction"].is_not_null().all()
    assert {*ours["kind"]} <= {"pay_level", "outlook", "other", "share"}
    assert Archive(home.raw).find_faults() == []
