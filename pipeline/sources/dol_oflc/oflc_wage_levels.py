"""Turn the Online Wage Library's files into claims: four levels and the mean by area.

A zip holds `ALC_Export.csv` (all industries) and `EDC_Export.csv` (higher education),
with the names of areas in `Geography.csv` and of occupations in `oes_soc_occs.csv`; a
table may also be kept alone, with the two lists as its parts. Where an area has too few
workers, the file gives it the wages of a larger one: those are no figures of the area.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pipeline.core.errors import Damaged, NotFound
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.broken_lines import mend_quotes
from pipeline.read.sheets.cell_grid import require_columns
from pipeline.read.sheets.column_choice import SelectedColumns
from pipeline.read.sheets.table_columns import read_flat_columns
from pipeline.read.sheets.zip_checks import (
    check_file_size,
    check_zip_members,
    is_packed,
    refuse_broken_zip,
)
from pipeline.sources.dol_oflc.oflc_cells import read_money_column, require_known_labels
from pipeline.sources.shared.oews_cells import make_claims
from schemas import Claims, DataFrame

LEVELS_FILE = "vocabularies/oflc_levels.csv"
MODULE_FILE = "pipeline/sources/dol_oflc/oflc_wage_levels.py"
TABLE = ("Area", "SocCode", "GeoLvl", "Label")
AREAS, OCCUPATIONS = "geography.csv", "oes_soc_occs.csv"
LISTS = {
    AREAS: ("Area", "AreaName", "StateAb", "State", "CountyTownName"),
    OCCUPATIONS: ("soccode", "Title", "Description"),
}
ROWS = 40_000
SOC = r"^(\d{2}-\d{4})$"


@dataclass(frozen=True)
class WageLevelBatch:
    """Some rows of one table, and what its codes mean."""

    table: SelectedColumns
    rows: pl.DataFrame
    areas: pl.DataFrame
    occupations: pl.DataFrame
    industry: str | None


def is_wage_library(snapshot: Snapshot) -> bool:
    """Whether a file is of the wage library, by its members or its first line."""
    with snapshot.path.open("rb") as file:
        line = file.readline(2000)
    if line.startswith(b"PK"):
        try:
            with (
                refuse_broken_zip(snapshot.name),
                zipfile.ZipFile(snapshot.path) as archive,
            ):
                return "alc_export.csv" in {
                    _get_base_name(n) for n in archive.namelist()
                }
        except Damaged:  # whatever reads it says what is wrong
            return False
    return b"SocCode" in line and b"Level1" in line


def read_level_batches(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[WageLevelBatch]:
    """Yield the rows of every table, with the lists that explain them.

    Raises:
        LayoutChanged: A column is missing or unknown.
        NotFound: A list is missing.
        Damaged, TooLarge: The file is broken, or larger than is read.
    """
    where = snapshot.name or snapshot.path.name
    files = dict(_read_files(snapshot, where, vocabulary))
    bodies = {_get_base_name(name): body for name, body in files.items()}
    areas, occupations = (
        _read_code_list(bodies, name, where, vocabulary) for name in LISTS
    )
    # Geography.csv has a row for each county or town of an area.
    named = areas.select("Area", area="AreaName").unique("Area", keep="first")
    titles = occupations.select(SocCode="soccode", occupation="Title")
    kinds = _load_meanings(vocabulary, "file")
    for name in sorted(name for name in files if _get_base_name(name) in kinds):
        prefix = f"{name}!" if is_packed(snapshot.path) else ""
        table = _read_wage_table(files[name], f"{where}:{name}", prefix, vocabulary)
        for start in range(0, table.frame.height, ROWS):
            rows = table.frame.slice(start, ROWS)
            industry = kinds[_get_base_name(name)] or None
            yield WageLevelBatch(table, rows, named, titles.unique("SocCode"), industry)


def _read_files(
    snapshot: Snapshot, where: str, vocabulary: Vocabulary
) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the tables and lists, from a zip or from body and parts.

    Raises:
        Damaged: The zip cannot be opened.
        TooLarge: The file, or what it unpacks to, is beyond limits.csv.
    """
    wanted = {*LISTS, *_load_meanings(vocabulary, "file")}
    check_file_size(where, snapshot.path.stat().st_size, vocabulary, "workbook_bytes")
    body = snapshot.read_body()
    if not is_packed(snapshot.path):
        yield "alc_export.csv", body
        yield from ((n, p.read_bytes()) for n, p in sorted(snapshot.parts.items()))
        return
    with refuse_broken_zip(where), zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = [
            m for m in archive.infolist() if _get_base_name(m.filename) in wanted
        ]
        check_zip_members(body, where, members, vocabulary)
        for member in members:
            yield member.filename, archive.read(member)


def _get_base_name(name: str) -> str:
    return name.rpartition("/")[2].lower()


def _load_meanings(vocabulary: Vocabulary, field: str) -> dict[str, str]:
    """Read label to meaning of one field of oflc_levels.csv; empty cells are ""."""
    table = vocabulary.read_table("oflc_levels", "field", "label", "meaning")
    rows = table.filter(pl.col("field") == field).select("label", "meaning").rows()
    return {label or "": meaning or "" for label, meaning in rows}


def _read_code_list(
    bodies: Mapping[str, bytes], name: str, where: str, vocabulary: Vocabulary
) -> pl.DataFrame:
    """Read a code list, with all the columns that are known of it.

    Raises:
        NotFound: It is not there.
        LayoutChanged: Its columns are others.
    """
    if name not in bodies:
        raise NotFound("Code list", name, f"Keep it with {where}, as its part.")
    columns = LISTS[name]
    known_names = {c.lower(): c for c in columns}
    aliases = _load_meanings(vocabulary, "list")
    known_names |= {label.lower(): n for label, n in aliases.items() if n in columns}
    found = read_flat_columns(
        mend_quotes(bodies[name]), name, lambda head: known_names.get(head.lower())
    )
    require_columns(f"{where}:{name}", found.header, list(columns[:2]), MODULE_FILE)
    return found.frame


def _read_wage_table(
    body: bytes, where: str, prefix: str, vocabulary: Vocabulary
) -> SelectedColumns:
    """Read one table of wages, all of whose columns are known.

    Raises:
        LayoutChanged: A column is missing or unknown.
    """
    names = (*TABLE, *_load_meanings(vocabulary, "column"))
    meanings = {name.lower(): name for name in names}
    found = read_flat_columns(
        body, where, lambda head: meanings.get(head.lower()), prefix
    )
    require_columns(where, found.header, list(names), LEVELS_FILE)
    return found


def make_level_claims(
    batch: WageLevelBatch, snapshot: Snapshot, vocabulary: Vocabulary
) -> DataFrame[Claims]:
    """Return the wages of some rows, as checked claims.

    Raises:
        UnknownLabel: A label, level of geography, area or cell without a meaning.
    """
    table, where = batch.table, batch.table.where
    labels = {k: v for k, v in _load_meanings(vocabulary, "label").items() if k}
    geo = _load_meanings(vocabulary, "geo")
    rows = batch.rows.join(batch.areas, on="Area", how="left", maintain_order="left")
    rows = rows.join(batch.occupations, on="SocCode", how="left", maintain_order="left")
    require_known_labels(rows["Label"], labels, where, LEVELS_FILE)
    require_known_labels(rows["GeoLvl"], geo, where, LEVELS_FILE)
    nameless = rows.filter(pl.col("area").is_null())["Area"]
    require_known_labels(nameless, (), where, f"{AREAS} of the same release")
    rows = rows.with_columns(
        # No label: by the hour, on a year of 2,080 hours (oflc_levels.csv).
        unit=pl.col("Label").replace_strict(labels, default="hour"),
        geography=pl.col("GeoLvl").replace_strict(geo, default="own"),
    )
    columns = _load_meanings(vocabulary, "column")
    parts = [
        _read_wages(rows, table, name, meaning, vocabulary)
        for name, meaning in columns.items()
    ]
    cells = pl.concat(parts).sort("row", "order", maintain_order=True)
    industry = pl.lit(batch.industry, pl.String)
    return make_claims(cells.with_columns(industry=industry), snapshot)


def _read_wages(
    rows: pl.DataFrame,
    table: SelectedColumns,
    name: str,
    meaning: str,
    vocabulary: Vocabulary,
) -> pl.DataFrame:
    """Return the wages of one column: the mean, or a level's.

    Only wages of the area itself, in a period that is certain, are of kind
    `pay_level`; others are kept as `borrowed_wage` and `uncertain_wage`.
    """
    value = read_money_column(rows, name, table.where, vocabulary)
    paid = rows.with_columns(value=value).filter(pl.col("value").is_not_null())
    # Under the label `High Wage` pay is top-coded: the cells hold no wage of a level.
    certain = pl.col("unit").is_in(["hour", "year"])
    own = certain & (pl.col("geography") == "own")
    mean = meaning == "mean"
    return paid.select(
        "row",
        "value",
        "occupation",
        "area",
        order=pl.lit(table.header.columns[name]),
        locator=table.make_locators(name),
        quote=pl.col(name),
        structure=pl.lit("flat_file"),
        availability=pl.lit("published"),
        kind=pl.when(own).then(pl.lit("pay_level")).otherwise(pl.lit("other")),
        measure=pl.when(own)
        .then(pl.lit("pay"))
        .when(certain)
        .then(pl.lit("borrowed_wage"))
        .otherwise(pl.lit("uncertain_wage")),
        currency=pl.lit("USD"),
        period=pl.when(certain).then("unit"),
        pay_basis=pl.lit("base"),
        statistic=pl.lit("mean" if mean else "unspecified"),
        experience_label=pl.lit(None if mean else f"level {meaning}", pl.String),
        soc=pl.col("SocCode").str.extract(SOC),
        area_code=pl.col("Area"),
        # CBSA codes have five digits, the survey's nonmetropolitan areas seven.
        area_level=pl.when(pl.col("Area").str.len_chars() == 5)
        .then(pl.lit("metro"))
        .otherwise(pl.lit("nonmetro")),
    )
