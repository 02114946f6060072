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
from pipeline.core.vocabulary import make_table, open_vocabulary
from pipeline.core.vocabulary_columns import FILLED
from pipeline.core.vocabulary_columns import KEYS as NAMED_BY
from pipeline.core.vocabulary_rows import (
    NUMBER,
    make_rules,
    read_large_table,
    read_rows,
)
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
        open_vocabulary(folder).check({})
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
    where = f"vocabularies/{name}.csv line {line}, column {column}"
    assert said.startswith(f"{where}: 'many' is no ")


FULL = sorted(
    path.stem for path in FOLDER.glob("*.csv") if len(read_lines(path.stem)) > 1
)


@pytest.mark.parametrize("name", FULL)
def test_a_row_that_stands_twice_is_told_by_its_lines(name: str, tmp_path: Path):
    """Which of two rows of one key is meant nobody can know, whatever else they say."""
    lines = read_lines(name)
    keys = NAMED_BY.get(name, ("key",) if "key" in lines[0] else lines[0])
    again = list(lines[1])
    for at, column in enumerate(lines[0]):
        if column in ("why", "note", "reason") and column not in keys:
            again[at] = "another"
    if again == lines[1] or set(keys) < set(lines[0]):
        said = tell_damage(tmp_path, name, [*lines, again])
        assert said.startswith(
            f"vocabularies/{name}.csv line {len(lines) + 1}, column "
        )
        assert "stands in line 2 too" in said


def test_keys_are_of_columns_that_there_are():
    """A key of a column that no file has would hold nothing."""
    for name, key in NAMED_BY.items():
        assert set(key) <= set(read_lines(name)[0]), name
    for name, columns in FILLED.items():
        assert set(columns.split()) <= set(read_lines(name)[0]), name


@pytest.mark.parametrize(
    ("name", "column", "cell", "why"),
    [
        ("currencies", "scale", "0", "'0' is no number above zero"),
        ("currencies", "minor_unit", "2.5", "'2.5' is no whole number"),
        ("currencies", "scale", "1e999", "'1e999' is no number"),
        ("currencies", "minor_unit", "٢", "'٢' is no whole number"),
        ("limits", "value", "NaN", "'NaN' is no number"),
        ("limits", "value", "inf", "'inf' is no number"),
        ("currencies", "code", "", "the cell is empty"),
        ("factors", "times_per_year", "", "the cell is empty"),
        ("magnitudes", "means", "9..3", "'9..3' runs from high to low"),
        ("magnitudes", "means", "4..", "'4..' is no range"),
        ("magnitudes", "means", "", "the cell is empty"),
        ("number_words", "phrase", "", "the cell is empty"),
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
    assert said.startswith(f"vocabularies/{name}.csv line 2, column {column}: {why}")


@pytest.mark.parametrize("body", ["", "\n", "\ufeff"])
def test_an_empty_file_is_told(body: str, tmp_path: Path):
    """A file that was cut to nothing has no head."""
    (tmp_path / "lineage.csv").write_text(body, encoding="utf-8")
    told = r"lineage\.csv line 1, column 1: the file has no head"
    with pytest.raises(Damaged, match=told):
        open_vocabulary(tmp_path).check({})


HEAD, ROW = b"publisher,republishes,why\n", b"onet,bls,its wages\n"
BROKEN = {
    "short": (HEAD + ROW + b"x,y\n", "line 3, column why: the row has 2 cells"),
    "comma at the end": (HEAD + ROW + b"x,y,z,\n", "line 3, column 4: the row has 4"),
    "commas alone": (HEAD + b",,\n", "line 2, column publisher: every cell"),
    "head with a comma": (HEAD.replace(b"why", b"why,") + ROW, "line 1, column 4: "),
    "column twice": (HEAD.replace(b"why", b"publisher"), "line 1, column publisher: "),
    "lone quote": (HEAD + b'x,"y,z\n' + ROW, "line 2, column republishes: a quotation"),
    "lone quote before another": (
        HEAD + b'x,"y,z\n' + b'u,v,"w"\n', "line 2, column republishes: a quotation"
    ),
    "quote within": (HEAD + ROW + b'x,y,6" long\n', "line 3, column why: a quotation"),
    "quote behind": (HEAD + b'"x"y,z,w\n', "line 2, column publisher: a quotation"),
    "quote in lines": (
        HEAD + b'a,b,"two\nlines"\n' + b'x,y"y,z\n',
        "line 4, column republishes: a quotation",
    ),
    "zero byte": (HEAD + b"x,y\0,z\n", "line 2, column republishes: the cell holds"),
    "control": (HEAD + b"x,y,\x1bz\n", "line 2, column why: the cell holds"),
    "mark within": (HEAD + b"\xef\xbb\xbfx,y,z\n", "line 2, column publisher: the "),
    "bytes": (HEAD + ROW + b"x,y,caf\xe9\n", "line 3, column why: it is not UTF-8"),
    "utf-16": ((HEAD + ROW).decode().encode("utf-16"), "line 1, column 1: it is not"),
    "carriage return": (
        (HEAD + ROW).replace(b"\n", b"\r"), "line 1, column 3: a line ends with a"
    ),
    "one carriage return": (
        HEAD + ROW + b"x,y,z\ra,b,c\n", "line 3, column why: a line ends with a"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "why"), BROKEN.values(), ids=BROKEN)
def test_bytes_that_are_no_table_are_told_by_line_and_column(body, why, tmp_path):
    """In one sentence, before anything is made with them."""
    (tmp_path / "lineage.csv").write_bytes(body)
    with pytest.raises(Damaged) as told:
        open_vocabulary(tmp_path).check({})
    assert str(told.value).startswith(f"vocabularies/lineage.csv {why}")
    assert "\n" not in str(told.value)


AS_SAVED = {
    "mark": lambda body: b"\xef\xbb\xbf" + body,
    "windows": lambda body: body.replace(b"\n", b"\r\n"),
    "mixed": lambda body: body.replace(b"\n", b"\r\n", 3),
    "no end": lambda body: body[:-1],
    "blank lines": lambda body: body.replace(b"\n", b"\n\n", 2) + b"\r\n\n",
}


@pytest.mark.parametrize("save", AS_SAVED.values(), ids=AS_SAVED)
@pytest.mark.parametrize("name", ["reasons", "currencies", "volatile"])
def test_what_an_editor_makes_of_a_file_is_read_as_before(name, save, tmp_path):
    """A byte order mark, line ends of Windows, no end of the last line, blank lines."""
    (tmp_path / f"{name}.csv").write_bytes(save((FOLDER / f"{name}.csv").read_bytes()))
    read = open_vocabulary(tmp_path).read_table(name)
    assert read.equals(WORDS.read_table(name))


def test_a_column_of_another_name_is_told(tmp_path):
    """The code would miss it, and some other source would stop."""
    shutil.copy(FOLDER / "lineage.csv", tmp_path)
    heads = {"lineage.csv": ["publisher", "copies"]}
    with pytest.raises(
        LayoutChanged, match=r"lineage\.csv line 1: missing \['copies'\]"
    ):
        open_vocabulary(tmp_path).check(heads)


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


def large(*rows: str, head: str = "title,soc,origin,reports") -> bytes:
    """A file of titles that is large, with these rows in its middle."""
    many = [f"job {n},51-4121,onet_reported,{n}" for n in range(6000)]
    return "\n".join([head, *many[:3000], *rows, *many[3000:], ""]).encode()


@pytest.mark.parametrize(
    ("rows", "sound"),
    [
        ((), True),
        (('"painter, ship",51-4121,house,',), True),
        (('"a ""fine"" painter",51-4121,house,',), False),
        (("", "painter,51-4121,house,"), False),
        (("painter,51-4121,house",), False),
        (("painter,51-4121,house,1,1",), False),
        (("painter,51-4121,house,1,1", "potter,51-4121,house"), False),
        (("painter,51-4121,,1",), False),
        (("painter,51-4121,house,many",), False),
        (("job 7,51-4121,onet_reported,7",), False),
    ],
)
def test_a_large_file_is_read_at_once_where_every_row_is_sound(rows, sound):
    """To the same table; else row by row, which names what is wrong."""
    body = large(*rows)
    found = read_large_table("titles", body)
    assert (found is not None) is sound
    if found is not None:
        head, *cells = read_rows("titles", body)
        assert found.equals(make_table(head, cells))
        assert found.schema == make_table(head, cells).schema
    assert read_large_table("titles", large(*rows)[:1000]) is None
    windows = body.replace(b"\n", b"\r\n")
    assert (read_large_table("titles", windows) is not None) is sound


def test_a_file_of_numbers_and_units_is_read_row_by_row():
    """Its second column is a number where the third does not say otherwise."""
    rules = make_rules("ageing", ["key", "value", "unit"])
    assert not rules.hold_for([["a", "1", "quarter"]])
    assert not rules.hold_for_table(pl.DataFrame({"key": ["a"], "value": ["1"],
                                                  "unit": ["quarter"]}))  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "sound"),
    [
        ([], True),
        ([["a", "1"], ["b", "2"]], True),
        ([["a", "1"], ["a", "2"]], False),
        ([["a", "1"], ["b"]], False),
        ([["a", "1"], ["", "2"]], False),
        ([["a", "x"]], False),
    ],
)
def test_rows_are_sound_column_by_column(rows, sound):
    """Width, cells that must be filled, kinds and keys."""
    rules = make_rules("factors", ["id", "rank"])
    assert rules.hold_for(rows) is sound
    assert rules.hold_for(rows) is not any(
        rules.find_fault(row, n)[1] for n, row in enumerate(rows)
    )
