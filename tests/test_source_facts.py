"""Facts of sources: each stands once, beside its parser, and is held to its form."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipeline.archive.schedule import read_refresh_policy
from pipeline.core.errors import Damaged, LayoutChanged
from pipeline.core.source_facts import (
    FOLDER,
    LARGEST,
    list_publishers,
    list_source_ids,
    list_watches,
    read_facts,
    read_source,
)
from pipeline.core.vocabulary import open_vocabulary
from pipeline.release.cache import _digest_code

ROOT = Path(__file__).resolve().parents[1]
VOCABULARIES = ROOT / "vocabularies"
WORDS = open_vocabulary(VOCABULARIES)
ONE = "payscale"


def keys_twice(folder: Path) -> set[str]:
    """Keys that a file of vocabularies and the facts of a source both state."""
    found = set()
    for name, rows in (("publishers", list_publishers()), ("watch", list_watches())):
        table = pl.read_csv(folder / f"{name}.csv", infer_schema_length=0)
        key = table.columns[0]
        found |= {row[key] for row in rows} & set(table[key])
    return found


@pytest.fixture
def facts(tmp_path) -> Path:
    """A folder with the facts of one source, free to change."""
    shutil.copy(FOLDER / f"{ONE}.toml", tmp_path)
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    """Put other words into the file."""
    path = folder / f"{ONE}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_file_of_facts_has_its_parser_beside_it():
    """And a module that takes its facts from there."""
    for source_id in list_source_ids():
        places = (FOLDER / f"{source_id}.py", FOLDER / source_id / "__init__.py")
        (module,) = [path for path in places if path.is_file()]
        assert f'read_source("{source_id}")' in module.read_text("utf-8")


def test_no_fact_stands_in_a_vocabulary_as_well(tmp_path):
    """The files keep those who are quoted only; a copy of a row is seen."""
    assert keys_twice(VOCABULARIES) == set()
    shutil.copytree(VOCABULARIES, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "publishers.csv"
    path.write_text(path.read_text() + "payscale,Payscale,,aggregator,no,base,,,yes,\n")
    assert keys_twice(tmp_path) == {"payscale"}


def test_sources_of_one_publisher_stand_in_the_order_of_their_hands():
    """BLS: the survey's own table, then what repeats it."""
    rows = {row["id"]: row for row in list_publishers()}
    assert rows["bls"]["source"] == "bls_oews|bls_api|bls_projections|bls_ooh"
    assert rows["bls"]["official"] == "yes"
    assert rows["bls"]["aliases"].startswith("U.S. Bureau of Labor Statistics|")
    assert read_source("bls_ooh").publisher == "U.S. Bureau of Labor Statistics"


def test_a_publisher_may_differ_from_what_its_source_holds():
    """The titles of O*NET have no pay basis; the wages that it shows do."""
    rows = {row["id"]: row for row in list_publishers()}
    assert rows["onet"]["pay_basis"] == "base"
    assert read_source("onet_titles").pay_basis == "unspecified"


def test_articles_name_their_publishers_themselves():
    """They have no row among the publishers, and a calendar all the same."""
    source = read_source("article")
    assert (source.publisher, source.publisher_id) == ("as the page says", "")
    assert "article" not in {row["source"] for row in list_publishers()}
    assert read_refresh_policy(WORDS, "article").edition_days == 1500


def test_the_vocabulary_holds_publishers_of_both_kinds():
    """Those of sources, and those who are quoted only, with the same columns."""
    table = WORDS.read_table("publishers", "id", "source")
    rows = dict(table.select("id", "source").iter_rows())
    assert rows["payscale"] == "payscale"
    assert rows["comparably"] is None


def test_a_row_of_a_home_goes_before_the_facts_of_a_source(tmp_path):
    """A home that was made with every publisher in its file reads as it did."""
    head = "id,name,aliases,kind,official,pay_basis,population,statistics,bands,note\n"
    row = "payscale,Payscale,,aggregator,no,total,members,mean,yes,our own view\n"
    (tmp_path / "publishers.csv").write_text(head + row)
    table = open_vocabulary(tmp_path).read_table(
        "publishers", "id", "pay_basis", "source"
    )
    own = table.filter(pl.col("id") == "payscale").row(0, named=True)
    assert (own["pay_basis"], own["source"]) == ("total", "payscale")


def test_a_column_that_a_file_lacks_is_still_missing(tmp_path):
    """The facts of sources do not hide a broken file."""
    (tmp_path / "publishers.csv").write_text("id,name\nx,X\n")
    with pytest.raises(LayoutChanged, match="official"):
        open_vocabulary(tmp_path).read_table("publishers", "id", "official")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('kind = "aggregator"', 'kind = "FILL IN: bulk"', "to be filled in: kind"),
        ('why = "', 'why = "FILL IN ', "to be filled in: watch.why"),
        ('"Payscale.com"', '"FILL IN"', "to be filled in: publisher.aliases"),
        ('kind = "aggregator"', 'kind = "site"', "kind is not one of bulk, api"),
        ('kind = "aggregator"\n', "", "kind is missing"),
        ("official = false", 'official = "no"', "official is not true or false"),
        ('cadence = "monthly"', 'cadence = "often"', "cadence is not one of"),
        ('pay_basis = "base"', 'pay_basis = "net"', "pay_basis is not base, total"),
        ("rows = [2, 1200]", "rows = [1200, 2]", "rows is not the fewest and the most"),
        ("look_days = 30", "look_days = 0", "watch.look_days is not a whole number"),
        ("look_days = 30", "look_days = true", "watch.look_days is not a whole number"),
        ("size = 0.7", "size = 7", "watch.size is not a share above 0"),
        ("look_days = 30", 'season = "spring"\nlook_days = 30', "watch.season is not"),
        ('formats = ["html", "json"]', "formats = []", "watch.formats is not a list"),
        ("bands = true", "bends = true", "publisher.bends is no fact that anything"),
        ('"median"', '"middle"', "publisher.statistics is not a list of statistics"),
        ('"PayScale Inc"', '"PayScale|Inc"', "publisher.aliases is not a list"),
        ('name = "Payscale"', 'name = "Pay\\u0007scale"', "publisher.name is not a"),
        ("https://www.payscale.com", "ftp://payscale", "homepage is not an address"),
        ("[watch]", "[wach]", "wach is no fact that anything reads; watch is missing"),
        ("title =", "title", "not TOML"),
        ('id = "payscale"', 'id = "../x"', "publisher.id is not lower case"),
    ],
)
def test_a_fact_that_cannot_be_is_named_with_its_file(facts, old, new, why):
    """Whoever writes the facts of a source is told what is wrong, and where."""
    assert read_source(ONE, facts).id == ONE
    read_facts.cache_clear()
    change(facts, old, new)
    with pytest.raises(Damaged, match=re.escape(why)) as caught:
        read_source(ONE, facts)
    assert caught.value.where == "pipeline/sources/payscale.toml"
    assert "docs/add-a-source.md" in str(caught.value)


def test_two_sources_cannot_describe_one_publisher(facts):
    """One says who it is; the others name it."""
    text = (facts / f"{ONE}.toml").read_text("utf-8")
    (facts / "another.toml").write_text(text, "utf-8")
    with pytest.raises(Damaged, match="described by another source too"):
        read_facts(facts)
    head, _, rest = text.partition("[publisher]")
    named = f'publisher = "nobody"\n{head}[watch]{rest.partition("[watch]")[2]}'
    (facts / "another.toml").write_text(named, "utf-8")
    read_facts.cache_clear()
    with pytest.raises(Damaged, match="described by no source"):
        read_facts(facts)
    (facts / "another.toml").write_text(named.replace("nobody", ONE), "utf-8")
    read_facts.cache_clear()
    (row,) = list_publishers(facts)
    assert row["source"] == "another|payscale"


def test_a_file_of_facts_is_small(facts):
    """What is larger than any such file is not read."""
    path = facts / f"{ONE}.toml"
    path.write_text(path.read_text("utf-8") + "#" * LARGEST, "utf-8")
    with pytest.raises(Damaged, match="more than 65,536 bytes"):
        read_facts(facts)


def test_a_release_is_a_function_of_the_facts_too(tmp_path):
    """A changed fact is other code: claims are read anew, the release is another."""
    folder = tmp_path / "pipeline" / "sources"
    folder.mkdir(parents=True)
    shutil.copy(FOLDER / f"{ONE}.toml", folder)
    before = _digest_code(tmp_path)
    assert _digest_code(tmp_path) == before
    change(folder, 'pay_basis = "base"', 'pay_basis = "total"')
    assert _digest_code(tmp_path) != before
