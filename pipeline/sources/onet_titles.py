"""O*NET: what occupations are called, for the matching of titles. It gives no pay.

Three files of the database, as text or as workbooks: occupations, the alternate titles
that O*NET has gathered, and a sample of those that workers reported. A title may stand
under several occupations; then it is ambiguous, and stays so. They are matched through
`vocabularies/titles.csv` and `short_titles.csv`, which `vocabularies/make_titles.py`
writes with this reader; a snapshot is read and checked, and gives no claims.

Includes information from the O*NET Database by the U.S. Department of Labor,
Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 licence.
O*NET® is a trademark of USDOL/ETA.

Source: https://www.onetcenter.org/database.html
"""

import io
import re
import zipfile
from collections.abc import Mapping

import polars as pl

from pipeline.core import media, tables
from pipeline.core.errors import (
    Damaged,
    LayoutChanged,
    NotFound,
    TooLarge,
    UnknownLabel,
)
from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.read_limits import get_limit
from pipeline.read.sheets.workbook import read_grids
from pipeline.read.sheets.zip_checks import refuse_broken_zip
from pipeline.sources.shared import publisher_page
from schemas import Claims, DataFrame

SOURCE = read_source("onet_titles")
MODULE_FILE = "pipeline/sources/onet_titles.py"
ADDRESS = re.compile(r"db_(\d{1,3})_(\d{1,2})_(?:text|excel)")
# `29-1141.01`: a SOC code, and two digits for O*NET's own part of it.
CODE, SOC = "O*NET-SOC Code", r"^\d{2}-\d{4}\.\d{2}$"
OCCUPATIONS, ALTERNATES, REPORTED = (
    "Occupation Data.txt",
    "Alternate Titles.txt",
    "Sample of Reported Titles.txt",
)
COLUMNS = {
    OCCUPATIONS: (CODE, "Title", "Description"),
    ALTERNATES: (CODE, "Alternate Title", "Short Title", "Source(s)"),
    REPORTED: (CODE, "Reported Job Title", "Shown in My Next Move"),
}
ORIGINS = {
    OCCUPATIONS: ("Title", "onet_alternate"),
    ALTERNATES: ("Alternate Title", "onet_alternate"),
    REPORTED: ("Reported Job Title", "onet_reported"),
}
# Workbooks repeat the occupation's title in each row.
REPEATED = {ALTERNATES: ("Title",), REPORTED: ("Title",)}
ENDING = re.compile(r"\.(?:txt|xlsx)$", re.IGNORECASE)
NONE, SHORT = "n/a", "onet_short"  # O*NET prints `n/a` where there is no short title
SHOWN = {"Y", "N"}


def edition(url: str) -> str:
    """Return the database's version: `db_30_1_text.zip` is of 30.1.

    Raises:
        LayoutChanged: The address is not of the known form.
    """
    found = ADDRESS.search(url)
    if found is None:
        raise LayoutChanged(url, ["db_NN_N_text"], [], MODULE_FILE)
    return f"{found[1]}.{found[2]}"


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Check that the files are laid out as they are known; return no claims.

    Raises:
        LayoutChanged: A column is missing, renamed or unknown; it is named.
        UnknownLabel: A code without an occupation, or a mark without a meaning.
        NotFound: A file is missing.
        Damaged: No text, or a code that is none.
    """
    read_titles(read_files(snapshot), publisher_page.describe_snapshot(snapshot))
    return tables.make_claims([])


def summary(snapshot: Snapshot, vocabulary: Vocabulary) -> list[str]:
    """Describe in sentences what the snapshot holds and the vocabularies lack."""
    found = read_titles(
        read_files(snapshot), publisher_page.describe_snapshot(snapshot)
    )
    counts = dict(found.group_by("origin").len().iter_rows())
    by_title = found.with_columns(pl.col("title").str.to_lowercase())
    several = by_title.group_by("title").agg(pl.col("soc").n_unique())
    known = vocabulary.read_table("titles", "title")["title"].to_list()
    short = vocabulary.read_table("short_titles", "title")["title"].to_list()
    new = set(by_title["title"]) - {*known, *short}
    return [
        f"{found['code'].n_unique():,} occupations in {found['soc'].n_unique():,} "
        f"SOC codes",
        *(f"{counts[origin]:,} {origin} titles" for origin in sorted(counts)),
        f"{several.filter(pl.col('soc') > 1).height:,} titles of several codes",
        f"{len(new):,} titles that vocabularies/titles.csv has not word for word",
    ]


def read_files(snapshot: Snapshot) -> dict[str, bytes]:
    """Return name to bytes of the three files, from a zip or from body and parts.

    Raises:
        NotFound: One of them is missing.
    """
    where, body = publisher_page.describe_snapshot(snapshot), snapshot.read_body()
    if media.detect_table_type(snapshot.name, body) == media.ZIP:
        found = _unpack_zip(body, where)
    else:
        found = {snapshot.name: body}
        found |= {name: path.read_bytes() for name, path in snapshot.parts.items()}
    named = {_name_file(name): text for name, text in found.items()}
    for name in COLUMNS:
        if name not in named:
            remedy = f"Put {', '.join(COLUMNS)} (or .xlsx) into one folder."
            raise NotFound(f"File of {where}", name, remedy)
    return {name: named[name] for name in COLUMNS}


def _name_file(name: str) -> str:
    """Return a file's name as COLUMNS has it, whether it is text or a workbook.

    Names of parts and of fetched files hold no blanks: `Alternate_Titles.txt`.
    """
    return ENDING.sub(".txt", name.replace("_", " "))


def _unpack_zip(body: bytes, where: str) -> dict[str, bytes]:
    """Unpack the three files of the database's zip, and none of the others.

    Raises:
        TooLarge: One is larger than limits.csv lets a workbook be.
        Damaged: The zip is broken.
    """
    most, found = int(get_limit("workbook_bytes")), {}
    with refuse_broken_zip(where), zipfile.ZipFile(io.BytesIO(body)) as archive:
        for info in archive.infolist():
            if (name := _name_file(info.filename.rpartition("/")[2])) in COLUMNS:
                with archive.open(info) as member:
                    # One byte more than is read shows that there is more: the size
                    # that a zip states of itself may be wrong.
                    found[name] = member.read(most + 1)
                if len(found[name]) > most:
                    raise TooLarge(f"{where} {name}", len(found[name]), most)
    return found


def read_titles(files: Mapping[str, bytes], where: str = SOURCE.id) -> pl.DataFrame:
    """Return every title with the codes that it stands under.

    Args:
        files: Name to bytes of the three files.
        where: For messages.

    Returns:
        `title`, `code`, `soc`, `origin` (`onet_alternate`, `onet_reported` or
        `onet_short`), in the order of the files.

    Raises:
        LayoutChanged, UnknownLabel, Damaged: As `parse`.
    """
    read = {name: _read_table(files[name], name, where) for name in COLUMNS}
    occupations = read[OCCUPATIONS].get_column(CODE).unique()
    found = []
    for name, rows in read.items():
        strange = rows.filter(~pl.col(CODE).is_in(occupations.implode()))[CODE]
        if strange.len():
            labels = strange.unique().sort().to_list()
            raise UnknownLabel(f"{where} {name}", labels, f"its file {OCCUPATIONS}")
        column, origin = ORIGINS[name]
        found.append(_select_titles(rows, column, origin))
    short = read[ALTERNATES].filter(pl.col("Short Title") != NONE)
    found.append(_select_titles(short, "Short Title", SHORT))
    return pl.concat(found)


def _select_titles(rows: pl.DataFrame, column: str, origin: str) -> pl.DataFrame:
    return rows.select(
        title=pl.col(column),
        code=pl.col(CODE),
        soc=pl.col(CODE).str.slice(0, 7),  # `29-1141.01` is a part of 29-1141
        origin=pl.lit(origin),
    )


def _read_table(body: bytes, name: str, where: str) -> pl.DataFrame:
    """Read one file into a frame of the columns that it is known to have."""
    cells = next(read_grids(body, f"{where} {name}", None)).cells
    head = [(text or "").strip() for text in cells.row(0)]
    wanted = COLUMNS[name]
    missing = [column for column in wanted if column not in head]
    known = {*wanted, *REPEATED.get(name, ())}
    unexpected = [column for column in head if column not in known]
    if missing or unexpected:
        raise LayoutChanged(f"{where} {name}", missing, unexpected, MODULE_FILE)
    places = {column: str(head.index(column) + 1) for column in wanted}
    rows = cells.slice(1).select(
        pl.col(place).str.strip_chars().alias(column)
        for column, place in places.items()
    )
    wrong = rows.filter(~pl.col(CODE).str.contains(SOC).fill_null(value=False))
    if wrong.height:
        code = wrong[CODE][0] or "an empty code"
        raise Damaged(f"{where} {name}", f"{code!r} is no O*NET-SOC code")
    if name == REPORTED:
        marks = set(rows[wanted[2]].unique()) - SHOWN
        if marks:
            raise UnknownLabel(f"{where} {name}", sorted(map(str, marks)), MODULE_FILE)
    return rows
