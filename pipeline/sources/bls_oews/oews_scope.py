"""Find what a row of an OEWS table is about: occupation, area and industry."""

import polars as pl

from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.core.vocabulary import Vocabulary

# A SOC code (`29-2072`), or a code of five digits of the OES before the SOC (`32911`).
SOC = r"^(?:\d{2}-\d{4}|\d{5})$"
ALL = "00-0000"
AREA_COLUMNS = ("area", "area_title", "area_type", "prim_state", "state")
ALL_OWNERS = "1235"
INDUSTRY_COLUMNS = ("naics", "naics_title", "i_group", "own_code", "own_title")


def add_scope(
    rows: pl.DataFrame, year: int, vocabulary: Vocabulary, where: str
) -> pl.DataFrame:
    """Return rows with `soc`, `occupation`, `occupation_group`, area and `industry`.

    The published columns that these are made from are dropped.

    Raises:
        Damaged: A code that is not of the SOC's form.
        UnknownLabel: A group or area type that is not known.
        LayoutChanged: Rows name an area, but no code or no title of it.
    """
    wrong = rows.filter(~pl.col("occ_code").str.contains(SOC))
    if wrong.height:
        code, row = wrong["occ_code"][0], wrong["row"][0]
        raise Damaged(f"{where} row {row}", f"{code!r} (occ_code) is no SOC code")
    return (
        rows.with_columns(
            _find_occupation_group(rows, vocabulary, where),
            soc="occ_code",
            occupation="occ_title",
        )
        .pipe(_add_area, year, vocabulary, where)
        .with_columns(industry=_describe_industry(rows, vocabulary, where))
        .drop("occ_code", "occ_title", "group", "year", strict=False)
        .drop(*AREA_COLUMNS[2:], "area_title", *INDUSTRY_COLUMNS, strict=False)
    )


def _find_occupation_group(
    rows: pl.DataFrame, vocabulary: Vocabulary, where: str
) -> pl.Series:
    """Return the level in the SOC: published, or what a blank stands for.

    Raises:
        UnknownLabel: A level that oews_groups.csv does not have.
    """
    # Files of older years leave the level of detailed lines, and of the total, blank.
    total = pl.when(pl.col("occ_code") == ALL).then(pl.lit(f"unlabelled {ALL}"))
    blank = total.otherwise(pl.lit("unlabelled"))
    published = pl.col("group") if "group" in rows.columns else pl.lit(None)
    labels = rows.select(
        occupation_group=pl.when(pl.col("occ_code").is_not_null()).then(
            pl.coalesce(published.cast(pl.String).str.to_lowercase(), blank)
        )
    ).to_series()
    known = dict(vocabulary.read_table("oews_groups", "label", "group").iter_rows())
    if unknown := sorted(set(labels.drop_nulls().unique()) - set(known)):
        shown = [f"{label} (group)" for label in unknown]
        raise UnknownLabel(where, shown, "vocabularies/oews_groups.csv")
    return labels.replace(known)


def _add_area(
    rows: pl.DataFrame, year: int, vocabulary: Vocabulary, where: str
) -> pl.DataFrame:
    """Return rows with `area`, `area_code` and `area_level`; the nation by default.

    Codes that lost their leading zeros in a spreadsheet (`6` for California) get them
    back; oews_area_types.csv has the width of a code.
    """
    if not any(name in rows.columns for name in AREA_COLUMNS):
        return rows.with_columns(
            area=pl.lit("US"), area_code=pl.lit("US"), area_level=pl.lit("national")
        )
    titles = [name for name in ("area_title", "state") if name in rows.columns]
    if "area" not in rows.columns or not titles:
        missing = [] if "area" in rows.columns else ["area"]
        missing += [] if titles else ["area_title"]
        raise LayoutChanged(where, missing, [], "vocabularies/oews_columns.csv")
    typed = rows.with_columns(
        area_type=_infer_area_type(rows), title=pl.coalesce(titles)
    )
    known = load_area_types(vocabulary, year)
    unknown = typed.join(known, on="area_type", how="anti", nulls_equal=True)
    if unknown.height:
        labels = [f"{t} (area_type)" for t in unknown["area_type"].unique().sort()]
        raise UnknownLabel(where, labels, "vocabularies/oews_area_types.csv")
    nation = pl.col("area_level") == "national"
    padded = pl.col("area").str.zfill(pl.col("width"))
    return (
        typed.join(known, on="area_type", how="left", maintain_order="left")
        .with_columns(
            area_code=pl.when(nation).then(pl.lit("US")).otherwise(padded),
            area=pl.when(nation).then(pl.lit("US")).otherwise("title"),
        )
        .drop("title", "width")
    )


def _infer_area_type(rows: pl.DataFrame) -> pl.Expr:
    """Return the published type; else from the columns there are and the code's length.

    Until 2018 each kind of file has columns of its own: those of states a `STATE`,
    those of metropolitan and nonmetropolitan areas codes of different length.
    """
    if "area_type" in rows.columns:
        return pl.col("area_type")
    if "state" in rows.columns:
        return pl.lit("2")
    # `600007` is nonmetropolitan 0600007 without its zero; MSA and CBSA codes have four
    # and five digits.
    long = pl.col("area").str.len_chars() >= 6
    nation = pl.col("area") == "99"
    other = pl.when(long).then(pl.lit("6")).otherwise(pl.lit("4"))
    return pl.when(nation).then(pl.lit("1")).otherwise(other)


def load_area_types(vocabulary: Vocabulary, year: int) -> pl.DataFrame:
    """Read `area_type`, `area_level` and `width` of codes, as they hold in a year."""
    table = vocabulary.read_table(
        "oews_area_types", "area_type", "level", "first_year", "last_year", "width"
    )
    return table.filter(
        pl.col("first_year").cast(pl.Int32) <= year,
        pl.col("last_year").cast(pl.Int32) >= year,
    ).select(
        "area_type", area_level=pl.col("level"), width=pl.col("width").cast(pl.Int64)
    )


def _describe_industry(
    rows: pl.DataFrame, vocabulary: Vocabulary, where: str
) -> pl.Series:
    """Return industries as code, title and owner; null across industries and owners.

    A file by owner without industries says who owns and nothing else. A pseudo
    industry (`000001`) says by itself who owns, whatever stands beside it.

    Raises:
        UnknownLabel: An owner that oews_owners.csv does not have.
    """
    owner = _find_owner_code(rows, vocabulary, where)
    if "naics" not in rows.columns:
        code, title = pl.lit("000000"), pl.lit("")
    else:
        printed = pl.col("naics").fill_null("000000")
        single = printed.str.len_chars() == 1  # a spreadsheet took its zeros
        code = pl.when(single).then(printed.str.zfill(6)).otherwise(printed)
        known = "naics_title" in rows.columns
        title = pl.col("naics_title").fill_null("") if known else pl.lit("")
    pseudo = vocabulary.read_table("oews_pseudo_industries", "naics", "owner")
    owners = dict(pseudo.select("naics", "owner").iter_rows())
    # A pseudo industry goes before the owner's column: May 2012 prints owner 5 beside
    # `000000`, which is all owners.
    implied = code.replace_strict(owners, default=None, return_dtype=pl.String)
    owned = (
        pl.coalesce(implied, "owner") if "naics" in rows.columns else pl.col("owner")
    )
    some = owned.is_not_null() & (owned != ALL_OWNERS)
    across = code.str.contains("^0+$")
    named = pl.concat_str(code, pl.lit(" "), title).str.strip_chars()
    ownership = pl.format("ownership {}", owned)
    return (
        rows.with_columns(owner=owner)
        .select(
            industry=pl.when(across & some)
            .then(ownership)
            .when(some)
            .then(pl.concat_str(named, pl.lit("; "), ownership))
            .when(~across)
            .then(named)
        )
        .to_series()
    )


def _find_owner_code(
    rows: pl.DataFrame, vocabulary: Vocabulary, where: str
) -> pl.Series:
    """Return the code of who owns, from a code or a title; null where there is neither.

    Raises:
        UnknownLabel: A label that oews_owners.csv does not have.
    """
    columns = [name for name in ("own_code", "own_title") if name in rows.columns]
    if not columns:
        return pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    # Files of 2003 to 2010 have a title (`Private`) and no code.
    label = rows.select(
        pl.coalesce(columns).str.to_lowercase().str.replace_all(r"\s+", " ")
    ).to_series()
    table = vocabulary.read_table("oews_owners", "label", "code")
    known = dict(table.select("label", "code").iter_rows())
    if unknown := sorted(set(label.drop_nulls().unique()) - set(known)):
        shown = [f"{owner} (ownership)" for owner in unknown]
        raise UnknownLabel(where, shown, "vocabularies/oews_owners.csv")
    return label.replace_strict(known, default=None, return_dtype=pl.String)
