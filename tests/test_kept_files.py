"""Files, folders and patterns that a person keeps, with the parts that lie beside."""

import json
import shutil
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from oews import ROW, one_row
from pages_home import lay_home

from pipeline.archive.file_groups import (
    FileGroup,
    clean_part_name,
    find_paths,
    group_files,
)
from pipeline.core.errors import NotFound
from pipeline.core.vocabulary import open_vocabulary

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
# One occupation under the publisher's own names of its files.
ONET = {
    "Occupation Data": [
        ["O*NET-SOC Code", "Title", "Description"],
        ["29-2072.00", "Medical Records Specialists", "They keep records."],
    ],
    "Alternate Titles": [
        ["O*NET-SOC Code", "Title", "Alternate Title", "Short Title", "Source(s)"],
        ["29-2072.00", "Medical Records Specialists", "Coder", None, "08"],
    ],
    "Sample of Reported Titles": [
        ["O*NET-SOC Code", "Title", "Reported Job Title", "Shown in My Next Move"],
        ["29-2072.00", "Medical Records Specialists", "Coder", "Y"],
    ],
}


@pytest.fixture
def home(tmp_path):
    """A home without snapshots."""
    return lay_home(tmp_path / "home")


@pytest.fixture
def payproof(home, command_in):
    """Run a command in it."""
    return partial(command_in, home)


def write_files(folder: Path, *names: str) -> list[Path]:
    """Empty files of these names."""
    folder.mkdir(exist_ok=True)
    paths = [folder / name for name in names]
    for path in paths:
        path.write_text("x")
    return paths


def write_onet(folder: Path, ending: str) -> Path:
    """The files of ONET as text or as workbooks."""
    folder.mkdir()
    for name, rows in ONET.items():
        path = folder / f"{name}{ending}"
        if ending == ".xlsx":
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        else:
            repeated = name != "Occupation Data"
            lines = [[c or "n/a" for c in row if c is not None] for row in rows]
            if repeated:
                lines = [[row[0], *row[2:]] for row in rows]
                lines = [[cell or "n/a" for cell in row] for row in lines]
            path.write_text("".join("\t".join(line) + "\n" for line in lines))
    return folder


def list_kept(home, source: str) -> list[dict]:
    """The cards of a source's snapshots, by name."""
    cards = home.raw.glob(f"{source}/*/snapshot.json")
    return sorted((json.loads(c.read_text()) for c in cards), key=lambda c: c["name"])


def test_folders_patterns_and_files_are_the_files_that_they_mean(tmp_path):
    """Hidden files and folders in a folder are none; each file counts once."""
    one, two, _ = write_files(tmp_path / "in", "a b.csv", "c.txt", ".hidden")
    (tmp_path / "in" / "deeper").mkdir()
    assert find_paths([tmp_path / "in"]) == [one, two]
    assert find_paths([tmp_path / "in" / "*.csv", one]) == [one]
    for nothing in (tmp_path / "in" / "deeper", tmp_path / "*.csv", tmp_path / "none"):
        with pytest.raises(NotFound, match="a folder that has some"):
            find_paths([nothing])


def test_parts_are_found_by_their_names_beside_the_body(tmp_path):
    """A blank may be an underscore; other files of the folder are bodies."""
    names = ("Occupation Data.txt", "alternate_titles.txt", "Other.txt")
    body, part, other = write_files(tmp_path / "in", *names)
    found = group_files("onet_titles", find_paths([tmp_path / "in"]), [], WORDS)
    own = FileGroup(body, (("alternate_titles.txt", part),))
    assert sorted(found, key=lambda g: g.body) == [own, FileGroup(other)]
    assert group_files("onet_titles", [body], [], WORDS) == [own]
    assert group_files("bls_ooh", [body], [part], WORDS) == [own]
    assert group_files("onet_titles", [part], [], WORDS) == [FileGroup(part)]


def test_a_part_has_a_name_that_a_file_below_raw_may_have():
    """No blank, no slash, nothing hidden."""
    assert clean_part_name("Sample of (new) Titles.txt") == "Sample_of__new__Titles.txt"
    assert clean_part_name("../.x") == "x"


@pytest.mark.parametrize("ending", [".txt", ".xlsx"])
def test_a_release_of_onet_is_kept_by_its_folder(ending, payproof, home, tmp_path):
    """Under its own file names, text and workbooks alike, as one snapshot."""
    folder = write_onet(tmp_path / "db_29_3", ending)
    said = payproof("sources", "keep", "onet_titles", folder, "--edition", "29.3")
    assert (said[0], said[2]) == (0, "")
    (card,) = list_kept(home, "onet_titles")
    assert card["name"] == f"Occupation Data{ending}"
    assert sorted(card["parts"]) == [
        f"Alternate_Titles{ending}",
        f"Sample_of_Reported_Titles{ending}",
    ]
    _status, out, _ = payproof("sources", "doctor", "onet_titles")
    assert "1 occupations in 1 SOC codes" in out, out
    assert "2 onet_alternate titles" in out


def test_a_release_of_onet_is_kept_as_its_zip(payproof, home, tmp_path):
    """Workbooks in a zip are read as the zip of text is."""
    folder = write_onet(tmp_path / "db_29_3_excel", ".xlsx")
    packed = shutil.make_archive(str(folder), "zip", tmp_path, folder.name)
    said = payproof("sources", "keep", "onet_titles", packed, "--edition", "29.3")
    assert (said[0], said[2]) == (0, "")
    assert [card["name"] for card in list_kept(home, "onet_titles")] == [
        "db_29_3_excel.zip"
    ]


def test_of_several_files_one_that_is_refused_costs_no_other(payproof, home, tmp_path):
    """It is named with the reason; the status says that a person must look."""
    folder = tmp_path / "tables"
    folder.mkdir()
    one_row(folder, {"OCC_CODE": "29-9021"}).path.rename(folder / "a table.csv")
    one_row(folder)
    (folder / "fields.csv").write_text("Field,Field Description\na,b\n")
    status, out, err = payproof(
        "sources", "keep", "bls_oews", folder, "--edition", "2023-05"
    )
    assert status == 1
    assert "2 of 3 files kept" in out
    assert "Left out" in err
    assert "what the columns of a wage table mean" in err
    names = [card["name"] for card in list_kept(home, "bls_oews")]
    assert names == ["a table.csv", "national_dl.csv"]


def test_where_no_file_is_kept_the_command_could_not(payproof, home, tmp_path):
    """Status 2, and nothing in raw/."""
    one, two = write_files(tmp_path / "in", "a.csv", "b.csv")
    status, out, _ = payproof("sources", "keep", "bls_oews", one, two)
    assert status == 2
    assert "0 of 2 files kept" in out
    assert list_kept(home, "bls_oews") == []


def test_what_was_not_read_is_said_when_a_file_is_kept(payproof, home, tmp_path):
    """It is kept, and a person must look: a wage cell is empty."""
    table = one_row(tmp_path, {"A_MEDIAN": ""}).path
    status, out, _ = payproof(
        "sources", "keep", "bls_oews", table, "--edition", "2023-05"
    )
    column = list(ROW).index("A_MEDIAN") + 1
    assert status == 1
    assert "not read: empty" in out
    assert f"line=2;col={column}" in out
    assert len(list_kept(home, "bls_oews")) == 1
