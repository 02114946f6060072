"""Read the code lists beside an OEWS flat file: areas, industries, occupations."""

from dataclasses import dataclass

import polars as pl

from pipeline.core.errors import LayoutChanged, NotFound, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.flat_file import read_flat_grid
from pipeline.sources.bls_oews import oews_scope
from pipeline.sources.shared import oews_cells

CODE_LISTS_FILE = "vocabularies/oews_code_lists.csv"
ALL = "000000"


@dataclass(frozen=True)
class OewsCodeLists:
    """What the codes in a series id mean.

    Args:
        areas: `area_key` (type and code of the series id), `area`, `area_code`,
            `area_level`.
        industries: `industry_key` and `industry`.
        occupations: `occupation_key`, `soc`, `occupation`, `occupation_group`.
    """

    areas: pl.DataFrame
    industries: pl.DataFrame
    occupations: pl.DataFrame

    def describe_cells(self, cells: pl.Series, where: str) -> pl.DataFrame:
        """Return what each cell (a series id without its data type) is about.

        Returns:
            One row for each cell: the columns of the three lists without their keys.

        Raises:
            UnknownLabel: A code that its list does not have.
        """
        keys = pl.DataFrame(
            {
                # OEU, area type and area (8), industry (6), occupation (6)
                "area_key": cells.str.slice(3, 8),
                "industry_key": cells.str.slice(11, 6),
                "occupation_key": cells.str.slice(17, 6),
            }
        )
        found = keys
        for table in (self.areas, self.industries, self.occupations):
            key = table.columns[0]
            unknown = keys.join(table, on=key, how="anti")[key].unique().sort()
            if unknown.len():
                part = f"oe.{key.removesuffix('_key')}"
                raise UnknownLabel(where, unknown.to_list(), f"its part {part}")
            found = found.join(table, on=key, how="left", maintain_order="left")
        return found.drop(keys.columns)


def read_code_lists(
    snapshot: Snapshot,
    vocabulary: Vocabulary,
    year: int,
    top: oews_cells.TopCode | None,
) -> OewsCodeLists:
    """Read the lists of a snapshot, each with the columns that we know.

    Raises:
        NotFound: A list is not among the snapshot's parts.
        LayoutChanged: A list's columns are others.
        UnknownLabel: An area type, level, data type or footnote without a meaning, or
            a footnote that names another top code.
    """
    _check_codes(snapshot, vocabulary, "oe.datatype", "oews_measures", "datatype")
    notes = _check_codes(snapshot, vocabulary, "oe.footnote", "oews_footnotes", "code")
    for text in notes["footnote_text"].drop_nulls():
        oews_cells.check_top_code(text, top, "oe.footnote")
    return OewsCodeLists(
        _index_areas(_read_list(snapshot, vocabulary, "oe.area"), vocabulary, year),
        _index_industries(_read_list(snapshot, vocabulary, "oe.industry")),
        _index_occupations(
            _read_list(snapshot, vocabulary, "oe.occupation"), vocabulary
        ),
    )


def _read_list(snapshot: Snapshot, vocabulary: Vocabulary, name: str) -> pl.DataFrame:
    """Read the columns in use of one list, as text.

    Raises:
        NotFound: The list is not among the snapshot's parts.
        LayoutChanged: A column is missing or unknown.
    """
    path = snapshot.parts.get(name)
    if path is None:
        remedy = "Keep the code lists (oe.area, oe.industry, …) with the data file."
        raise NotFound(f"Part of {snapshot.name or snapshot.id}", name, remedy)
    cells = read_flat_grid(path.read_bytes(), name).cells
    head = [(text or "").strip() for text in cells.row(0)]
    rows = vocabulary.read_table("oews_code_lists", "part", "column", "use").filter(
        pl.col("part") == name
    )
    used = rows.filter(pl.col("use") == "yes")["column"].to_list()
    missing = [column for column in used if column not in head]
    unexpected = [column for column in head if column not in set(rows["column"])]
    if missing or unexpected:
        raise LayoutChanged(name, missing, unexpected, CODE_LISTS_FILE)
    places = {column: str(head.index(column) + 1) for column in used}
    return cells.slice(1).select(
        pl.col(place).str.strip_chars().alias(column)
        for column, place in places.items()
    )


def _check_codes(
    snapshot: Snapshot, vocabulary: Vocabulary, part: str, table: str, column: str
) -> pl.DataFrame:
    """Read a list and check that the vocabulary has its every code.

    Raises:
        UnknownLabel: A code that it does not have.
    """
    listed = _read_list(snapshot, vocabulary, part)
    codes = listed[listed.columns[0]]
    known = set(vocabulary.read_table(table, column)[column].drop_nulls())
    if unknown := sorted(set(codes.drop_nulls()) - known):
        raise UnknownLabel(part, unknown, f"vocabularies/{table}.csv")
    return listed


def _index_areas(
    listed: pl.DataFrame, vocabulary: Vocabulary, year: int
) -> pl.DataFrame:
    """Return areas by type and code, with our code and level.

    Raises:
        UnknownLabel: A type that oews_area_types.csv does not have in that year.
    """
    code, kind = pl.col("area_code"), pl.col("areatype_code")
    # Area type M is metropolitan and nonmetropolitan: the one has two zeros and a CBSA
    # code (`0041940`), the other its state's FIPS code in front (`0600007`).
    beyond = (kind == "M") & ~code.str.starts_with("00")
    typed = listed.with_columns(
        area_type=pl.when(beyond).then(pl.lit("M nonmetro")).otherwise(kind)
    )
    levels = oews_scope.load_area_types(vocabulary, year)
    unknown = typed.join(levels, on="area_type", how="anti")["area_type"]
    if unknown.len():
        labels = unknown.unique().sort().to_list()
        raise UnknownLabel("oe.area", labels, "vocabularies/oews_area_types.csv")
    level = pl.col("area_level")
    nation = level == "national"
    return typed.join(levels, on="area_type", how="left").select(
        area_key=kind + code,
        area=pl.when(nation).then(pl.lit("US")).otherwise("area_name"),
        area_code=pl.when(nation)
        .then(pl.lit("US"))
        .when(level == "state")
        .then(code.str.slice(0, 2))
        .when(level == "metro")
        .then(code.str.slice(2))
        .otherwise(code),
        area_level=level,
    )


def _index_industries(listed: pl.DataFrame) -> pl.DataFrame:
    """Return industries by code; null for all industries and owners together."""
    code = pl.col("industry_code")
    named = pl.concat_str(code, pl.lit(" "), pl.col("industry_name"))
    return listed.select(industry_key=code, industry=pl.when(code != ALL).then(named))


def _index_occupations(listed: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return occupations by code, with SOC code and level in the classification.

    Raises:
        UnknownLabel: A display level that oews_groups.csv does not have.
    """
    code = pl.col("occupation_code")
    label = pl.concat_str(pl.lit("display_level "), pl.col("display_level"))
    known = vocabulary.read_table("oews_groups", "label", "group")
    groups = listed.select(
        occupation_key=code,
        soc=pl.concat_str(code.str.slice(0, 2), pl.lit("-"), code.str.slice(2)),
        occupation="occupation_name",
        label=pl.when(code == ALL).then(pl.lit("total")).otherwise(label),
    ).join(known, on="label", how="left")
    if unknown := groups.filter(pl.col("group").is_null())["label"].unique().to_list():
        shown = sorted(label or "no display_level" for label in unknown)
        raise UnknownLabel("oe.occupation", shown, "vocabularies/oews_groups.csv")
    return groups.rename({"group": "occupation_group"}).drop("label")
