"""The vocabularies: every table whole, and what the words are taken to mean."""

import csv
import importlib.util
import re
import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.core.errors import Damaged, LayoutChanged, NotFound, UnknownLabel
from pipeline.core.vocabulary import open_vocabulary
from pipeline.core.vocabulary_rows import KEYS as NAMED_BY
from pipeline.core.vocabulary_rows import NUMBER
from pipeline.sources import IDS
from schemas.claims import PAY_BASES, PERIODS, STATISTICS
from schemas.provenance import ROLES

FOLDER = Path(__file__).resolve().parents[1] / "vocabularies"
WORDS = open_vocabulary(FOLDER)
KEYS = {
    "areas": ["code"],
    "authority": ["measure", "area_level", "publisher", "from", "to"],
    "cpi": ["series_id", "period"],
    "credentials": ["acronym"],
    "crosswalk": ["soc2010", "soc2018"],
    "eci": ["series_id", "period"],
    "factors": ["id"],
    "occupations": ["soc"],
    "publishers": ["id"],
    "reasons": ["code"],
    "titles": ["title", "soc"],
}
CODE = r"^(\d{2}-\d{4}|\d{5})$"
WRITTEN_BY_SCRIPT = {
    "make_series": ("eci.csv", "cpi.csv", "crosswalk.csv"),
    "make_occupations": ("occupations.csv",),
    "make_titles": ("titles.csv",),
    "make_areas": ("areas.csv",),
}


def test_the_digests_of_an_opened_vocabulary_are_computed_once(tmp_path):
    """They stay those of what was opened, whatever becomes of the files."""
    (tmp_path / "one.csv").write_text("key\na\n")
    opened = open_vocabulary(tmp_path)
    before = opened.compute_sha256()
    (tmp_path / "one.csv").write_text("key\nb\n")
    assert opened.compute_sha256() == before
    assert open_vocabulary(tmp_path).compute_sha256() != before


def repeated(rows: pl.DataFrame, key: list[str]) -> list[tuple]:
    """Keys that stand more than once."""
    return rows.filter(pl.struct(key).is_duplicated()).select(key).rows()


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_every_vocabulary_is_a_table(name: str):
    """Each file has a header, as many cells in every row, and Unix line ends."""
    raw = (FOLDER / f"{name}.csv").read_bytes()
    rows = list(csv.reader(raw.decode("utf-8").splitlines()))

    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(rows[0])


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_keys_stand_once(name: str, key: list[str]):
    """No table says two things about one key."""
    assert repeated(WORDS.read_table(name, *key), key) == []


def test_a_repeated_key_would_be_seen():
    """The check above fails on a table with a row twice."""
    table = WORDS.read_table("factors")
    assert repeated(pl.concat([table, table.head(1)]), ["id"]) == 2 * [("year-1",)]


def test_publishers_name_what_they_publish():
    """Their statistics, pay basis and module are words that the schemas know."""
    rows = WORDS.read_table("publishers").to_dicts()
    for row in rows:
        assert set((row["statistics"] or "").split()) <= set(STATISTICS), row["id"]
        assert row["pay_basis"] in PAY_BASES, row["id"]
        assert row["official"] in ("yes", "no"), row["id"]
        assert row["bands"] in ("yes", "no"), row["id"]
        assert set((row["source"] or "").split("|")) <= {"", *IDS}, row["id"]
    owned = [s for row in rows for s in (row["source"] or "").split("|") if s]
    assert sorted(owned) == sorted(set(IDS) - {"article"})


def test_bls_publishes_no_seniority_bands():
    """A band "according to the BLS" cannot be the BLS's."""
    bls = WORDS.read_table("publishers").row(
        by_predicate=pl.col("id") == "bls", named=True
    )
    assert bls["bands"] == "no"
    assert set(bls["statistics"].split()) == {
        "mean",
        "median",
        "p10",
        "p25",
        "p75",
        "p90",
    }


def test_no_two_publishers_answer_to_one_name():
    """A name leads to one publisher."""
    seen: dict[str, str] = {}
    for row in WORDS.read_table("publishers").to_dicts():
        for name in {row["name"], *(row["aliases"] or "").split("|")} - {""}:
            assert seen.setdefault(name.lower(), row["id"]) == row["id"], name


def test_authority_ends_with_a_row_that_fits_everything():
    """Whoever is named gets a rank, and a page's own word comes last."""
    rules = WORDS.read_table("authority", "measure", "area_level", "publisher", "rank")
    assert rules.row(-1)[:3] == ("*", "*", "*")
    ranks = dict(rules.select("publisher", pl.col("rank").cast(pl.Int64)).rows())
    assert ranks["unnamed"] == max(ranks.values())
    known = {*WORDS.read_table("publishers")["id"], "unnamed", "*"}
    assert set(rules["publisher"]) <= known


def test_every_pay_period_has_one_factor():
    """One table says how often a period comes in a year."""
    rows = WORDS.read_table("factors", "id", "period", "times_per_year")
    assert sorted(rows["period"]) == sorted(PERIODS)
    for row_id, period, times in rows.select("id", "period", "times_per_year").rows():
        assert row_id == f"{period}-{times}"
    hours = rows.filter(pl.col("period") == "hour")
    assert Decimal(hours["times_per_year"].item()) == 52 * 40


def test_reasons_have_roles_and_sentences():
    """Every reason belongs to a role of the provenance and reads as a sentence."""
    for code, role, sentence in WORDS.read_table("reasons").iter_rows():
        assert role in ROLES, code
        assert sentence[0].isupper(), code
        assert sentence.endswith("."), code


def test_decisions_have_a_place_but_none_was_made_for_the_reader():
    """Corrections and rulings start empty, with every column that guards them."""
    for name in ("corrections", "rulings"):
        table = WORDS.read_table(
            name, "id", "reason", "author", "date", "expires", "expect"
        )
        assert table.height == 0


def test_a_missing_table_column_or_key_is_named(tmp_path: Path):
    """Whoever breaks a vocabulary is told which one."""
    shutil.copy(FOLDER / "factors.csv", tmp_path)
    words = open_vocabulary(tmp_path)
    with pytest.raises(NotFound, match=r"titles\.csv"):
        words.read_table("titles")
    with pytest.raises(LayoutChanged, match="per_year"):
        words.read_table("factors", "per_year")
    with pytest.raises(UnknownLabel, match="nothing"):
        WORDS.read_number("settlement", "nothing")


@pytest.mark.slow
@pytest.mark.parametrize("script", WRITTEN_BY_SCRIPT)
def test_the_scripts_write_what_is_here(
    script: str, shared: Path, tmp_path: Path, monkeypatch
):
    """Running a script again changes nothing: rows by hand survive it."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setenv("PAYPROOF_SHARED", str(shared))
    copy = shutil.copytree(FOLDER, tmp_path / "vocabularies")
    spec = importlib.util.spec_from_file_location(script, FOLDER / f"{script}.py")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "HERE", copy)
    module.main()

    for name in WRITTEN_BY_SCRIPT[script]:
        assert (copy / name).read_bytes() == (FOLDER / name).read_bytes(), name


COUNTS = re.compile(rf"{NUMBER.pattern}|\d+\.\.=?\d*")
# Codes that happen to be digits.
CODES = {
    *("api_series.industry", "oews_footnotes.code", "oews_measures.datatype"),
    *("oews_owners.code", "oews_pseudo_industries.naics"),
    "oews_pseudo_industries.owner",
}


def read_lines(name: str) -> list[list[str]]:
    """Return head and rows of a vocabulary as they are written."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def find_counts() -> list[tuple[str, str]]:
    """Return every column whose cells are numbers or ranges, by what they hold."""
    found = [("separators", "code_point"), ("experience", "means")]
    for path in sorted(FOLDER.glob("*.csv")):
        head, *rows = read_lines(path.stem)
        for at, column in enumerate(head):
            cells = [row[at] for row in rows if row[at]]
            if cells and all(map(COUNTS.fullmatch, cells)):
                found.append((path.stem, column))
    return [(name, c) for name, c in found if f"{name}.{c}" not in CODES]


def tell_damage(folder: Path, name: str, lines: list[list[str]]) -> str:
    """Return what is said of a vocabulary with these lines."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    with pytest.raises(Damaged) as told:
        open_vocabulary(folder).check()
    said = str(told.value)
    assert "\n" not in said
    return said


def test_the_columns_that_count_are_many():
    """The list below is of the files, and has what a checker once forgot."""
    found = {f"{name}.{column}" for name, column in find_counts()}
    assert {"currencies.scale", "currencies.minor_unit", "decades.means"} <= found
    assert {"magnitudes.means", "magnitudes.place", "number_words.means"} <= found
    assert len(found) >= 40


@pytest.mark.parametrize(("name", "column"), find_counts())
def test_a_word_where_a_number_belongs_is_told_by_its_line(
    name: str, column: str, tmp_path: Path
):
    """In every column of every file that holds numbers, ranges or code points."""
    lines = read_lines(name)
    at = lines[0].index(column)
    line = next(i for i, row in enumerate(lines[1:], 2) if row[at])
    lines[line - 1][at] = "many"
    said = tell_damage(tmp_path, name, lines)
    assert said.startswith(f"vocabularies/{name}.csv line {line}: 'many' is no ")


@pytest.mark.parametrize("name", sorted({*NAMED_BY, "limits", "likeness"}))
def test_a_key_that_stands_twice_is_told_by_its_lines(name: str, tmp_path: Path):
    """Which of the two rows is meant nobody can know."""
    lines = read_lines(name)
    said = tell_damage(tmp_path, name, [*lines, lines[1]])
    assert said.startswith(f"vocabularies/{name}.csv line {len(lines) + 1}: ")
    assert "stands in line 2 too" in said


@pytest.mark.parametrize(
    ("name", "column", "cell", "why"),
    [
        ("currencies", "scale", "0", "'0' is no number above zero"),
        ("currencies", "minor_unit", "2.5", "'2.5' is no whole number"),
        ("currencies", "code", "", "its code is empty"),
        ("factors", "times_per_year", "", "its times_per_year is empty"),
        ("magnitudes", "means", "9..3", "'9..3' runs from high to low"),
        ("magnitudes", "means", "4..", "'4..' is no range"),
        ("magnitudes", "means", "", "its means is empty"),
        ("number_words", "phrase", "", "its phrase is empty"),
        ("separators", "code_point", "FFFFFF", "'FFFFFF' is no code point"),
        ("separators", "groups", "no", "'no' is none of yes, apart and loose"),
        ("volatile", "pattern", "(a", "'(a' is no regular expression"),
    ],
)
def test_a_cell_that_no_reader_can_use_is_told(name, column, cell, why, tmp_path):
    """Too large, turned, empty, or of another kind."""
    lines = read_lines(name)
    lines[1][lines[0].index(column)] = cell
    said = tell_damage(tmp_path, name, lines)
    assert said.startswith(f"vocabularies/{name}.csv line 2: {why}")


@pytest.mark.parametrize("body", ["", "\n", "\ufeff"])
def test_an_empty_file_is_told(body: str, tmp_path: Path):
    """A file that was cut to nothing has no head."""
    (tmp_path / "lineage.csv").write_text(body, encoding="utf-8")
    with pytest.raises(Damaged, match=r"lineage\.csv line 1: the file has no head"):
        open_vocabulary(tmp_path).check()


def test_a_blank_line_is_no_row(tmp_path: Path):
    """It breaks nothing, and no cell of it is read."""
    text = (FOLDER / "number_words.csv").read_text("utf-8")
    (tmp_path / "number_words.csv").write_text(f"{text}\n", "utf-8")
    read = open_vocabulary(tmp_path).read_table("number_words")
    assert read.equals(WORDS.read_table("number_words"))


NAMED = re.compile(r"`(\w+)`(?:, )?")


def unexplained(folder: Path) -> set[str]:
    """Files and columns that README.md lacks, and those that it alone has."""
    tables = {path.stem: pl.read_csv(path, infer_schema_length=0)
              for path in folder.glob("*.csv")}  # fmt: skip
    told, faults = set(), set()
    for line in (folder / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        found = re.fullmatch(r"`(\w+)\.csv`", cells[0])
        if not found or len(cells) != 4:
            continue
        name = found[1]
        if name in told or name not in tables:
            faults.add(name)
        elif "place" in tables[name].columns and "means" in tables[name].columns:
            faults |= {
                f"{name}.place {v}" for v in unexplained_places(tables[name], cells)
            }
        else:
            faults |= {f"{name}.{column}" for column in unlike(tables[name], cells[2])}
        told.add(name)
        faults |= {name} if not all(cells) else set()
    return faults | (tables.keys() - told)


def unlike(table: pl.DataFrame, said: str) -> set[str]:
    """Columns that are not both in the table and explained, each once."""
    explained: list[str] = []
    for part in said.split("; "):
        names, _, words = part.partition(": ")
        if words:
            explained += NAMED.findall(names)
    return set(table.columns) ^ set(explained)


def unexplained_places(table: pl.DataFrame, cells: list[str]) -> set[str]:
    """Values of `place` that are not named; `empty` where it is not said to be so."""
    values = set(table["place"].drop_nulls()) - {""}
    faults = {"columns"} if table.columns != ["phrase", "means", "place"] else set()
    if (not values) is not (cells[3] == "always empty"):
        faults.add("empty")
    named = set(re.findall(r"`([^`]+)`", cells[3]))
    ranges = any(".." in value for value in values)  # numbers, not words
    return faults | (set() if ranges else values - named)


def test_every_file_and_column_is_explained():
    """README.md lists what the folder holds, and nothing else."""
    assert unexplained(FOLDER) == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("extra.csv", None, "a,b\n1,2\n", "extra"),
        ("lineage.csv", "publisher,republishes,why", "publisher,copies,why", "copies"),
        (
            "lineage.csv",
            "publisher,republishes,why",
            "publisher,republishes,ground",
            "why",
        ),
        ("README.md", "| `lineage.csv` |", "| `lineages.csv` |", "lineages"),
        (
            "README.md",
            "`publisher`: id of the one",
            "`who`: id of the one",
            "publisher",
        ),
        ("README.md", "`republishes`: id of the other", "`republishes`", "republishes"),
        ("months.csv", "january|jan,01,", "january|jan,01,after", "empty"),
        ("anaphora.csv", "same,start", "same,end", "place end"),
    ],
)
def test_what_is_not_explained_is_seen(tmp_path, file, old, new, fault):
    """A file or column more, or fewer, or with another name, on either side."""
    folder = shutil.copytree(FOLDER, tmp_path / "vocabularies")
    text = (folder / file).read_text("utf-8") if old else ""
    assert old is None or old in text
    (folder / file).write_text(text.replace(old, new, 1) if old else new, "utf-8")
    assert any(fault in said for said in unexplained(folder))


def test_a_hundred_known_cells_are_anchored():
    """Golden figures over several editions; one that is missing stops a release."""
    rows = WORDS.read_table("anchors", "source", "edition", "cell", "annual")
    assert rows.height >= 100
    assert repeated(rows, ["cell"]) == []
    assert rows["edition"].n_unique() >= 5
