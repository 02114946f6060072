"""Turn LCA disclosure files of any year into claims: offers and prevailing wages.

Files of fiscal year 2020 and later have one worksite a row; 2019 has ten, each with
wages of its own (`…_1` to `…_10`); 2009 to 2014 have two, with one offer for both. A
row is one application; its offer is a claim at the cell of the wage's lower end.
"""

import polars as pl

from pipeline.core.model import Snapshot
from pipeline.core.pay_periods import PAY_UNITS_FILE, load_pay_periods
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.column_choice import SelectedColumns
from pipeline.sources.dol_oflc.oflc_cells import (
    check_label,
    check_money,
    keep_known_rows,
    read_money_column,
    read_text_column,
    require_known_labels,
)
from pipeline.sources.dol_oflc.oflc_lca_tables import DisclosureBatch
from pipeline.sources.shared.oews_cells import MONEY, make_claims
from schemas import Claims, DataFrame

STATUSES_FILE = "vocabularies/oflc_statuses.csv"
# `65000 - 75000`, or `65000 -` without an upper end.
BETWEEN = r"^(\S+)\s*-\s*(\S*)$"
# `15-1252`, or with O*NET's digits behind it: `15-1252.00`.
SOC = r"^(\d{2}-\d{4})(?:\.\d{1,2})?$"
# A day as a workbook's date cell is read (`2024-10-01 00:00:00`), and as text of older
# files (`10/1/2014`).
ISO = r"^((?:19|20)\d{2})-(\d{2})-\d{2}(?:[ T]|$)"
AMERICAN = r"^(\d{1,2})/\d{1,2}/((?:19|20)\d{2})$"
# The period of a prevailing wage: `7/1/2023 - 6/30/2024`, or one year.
TWO_YEARS = r"((?:19|20)\d{2})\D.*\D((?:19|20)\d{2})\s*$"
ONE_YEAR = r"^((?:19|20)\d{2})$"
OFFER = ("wage_from", "wage_to", "wage_unit")
PREVAILING = ("prevailing_wage", "pw_unit", "pw_level", "pw_year")
SHARED = ("case_status", "job_title", "soc_code", "begin_date", "employer_name",
          "naics", "soc_title")  # fmt: skip


def make_lca_claims(
    batch: DisclosureBatch, snapshot: Snapshot, vocabulary: Vocabulary
) -> DataFrame[Claims]:
    """Return the offers and prevailing wages of some rows, as checked claims.

    Raises:
        UnknownLabel: A status, unit or cell that no vocabulary explains.
    """
    sheet, have = batch.table, set(batch.table.header.columns)
    rows = _add_shared_fields(_drop_odd_rows(batch, vocabulary), vocabulary)
    # Columns of a worksite end in its number, `wage_from#3`; 0 is a file of one site.
    numbers = {int(name.partition("#")[2]) for name in have if "#" in name} or {0}
    parts = []
    for site in sorted(numbers):
        names = {
            name: at
            for name in (*OFFER, "wage_range", *PREVAILING, "worksite_city",
                         "worksite_state")
            for at in (f"{name}#{site}", name)[::-1]
            if at in have
        }  # fmt: skip
        # One offer for two places stands once, beside the first.
        if site == min(numbers) or names.get("wage_from", "").endswith(f"#{site}"):
            parts.append(_make_offers(rows, sheet, names, vocabulary))
        if "prevailing_wage" in names:
            parts.append(_make_prevailing_wages(rows, sheet, names, vocabulary))
    cells = pl.concat(parts, how="diagonal").sort("row", "order", maintain_order=True)
    return make_claims(cells, snapshot)


def _drop_odd_rows(batch: DisclosureBatch, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return the rows whose status, units and wages are known; report the others.

    Raises:
        UnknownLabel: So many have one that is not known that it is the layout.
    """
    rows, have = batch.rows, batch.table.header.columns
    filled = pl.any_horizontal(pl.exclude("row").is_not_null())
    rows = rows.filter(filled)  # a line that was broken is empty now
    # What became of an application is never left to be guessed.
    status = pl.col("case_status").str.to_uppercase().fill_null("no case_status")
    known = _load_statuses(vocabulary)
    checks = [check_label("case_status", status, known, "status", STATUSES_FILE)]
    units = ["", *load_pay_periods(vocabulary, "dol_oflc")]
    for name in have:
        plain = name.partition("#")[0]
        if plain in ("wage_unit", "pw_unit"):
            unit = read_text_column(name, vocabulary).str.to_uppercase()
            checks.append(check_label(name, unit, units, "unit", PAY_UNITS_FILE))
        elif plain in ("wage_from", "wage_to", "prevailing_wage"):
            checks.append(check_money(name, vocabulary))
    for check in checks:
        rows = keep_known_rows(rows, batch.table, check, vocabulary)
    return rows


def _load_statuses(vocabulary: Vocabulary) -> dict[str, str]:
    """Read the measure of an offer by the status of its case."""
    table = vocabulary.read_table("oflc_statuses", "label", "measure")
    return dict(table.select("label", "measure").iter_rows())


def _add_shared_fields(rows: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return rows with what their wages share: job, employer, date, case status."""
    status = pl.col("case_status").str.to_uppercase()
    names = [n for n in SHARED if n in rows.columns]
    rows = rows.with_columns(
        pl.lit(None, pl.String).alias(n) for n in SHARED if n not in names
    )
    iso, american = (
        pl.col("begin_date").str.extract_groups(p) for p in (ISO, AMERICAN)
    )
    begun = pl.coalesce(
        pl.concat_str(iso.struct[0], iso.struct[1], separator="-"),
        pl.concat_str(
            american.struct[1], american.struct[0].str.zfill(2), separator="-"
        ),
    )
    return rows.with_columns(
        case=status.replace_strict(_load_statuses(vocabulary), return_dtype=pl.String),
        occupation=pl.coalesce("job_title", "soc_title"),
        soc=pl.col("soc_code").str.extract(SOC),
        section=pl.col("employer_name"),
        industry=pl.col("naics"),
        reference_period=begun,
        currency=pl.lit("USD"),
    )


def _make_offers(
    rows: pl.DataFrame,
    sheet: SelectedColumns,
    names: dict[str, str],
    vocabulary: Vocabulary,
) -> pl.DataFrame:
    """Return the wages that are offered: a sum, or a range where it has an upper end.

    Raises:
        UnknownLabel: A cell or unit that no vocabulary explains.
    """
    where, place = sheet.where, names.get("wage_from", "wage_range")
    if place == "wage_range":
        rows, names = (
            _split_wage_range(rows),
            {**names, "wage_from": "least", "wage_to": "most"},
        )
    low = read_money_column(rows, names["wage_from"], where, vocabulary)
    high = read_money_column(rows, names.get("wage_to"), where, vocabulary)
    paid = rows.with_columns(low=low, high=high).filter(pl.col("low").is_not_null())
    # Withdrawn and denied offers are kept under a measure of their own, never as pay.
    pay = pl.col("case") == "pay"
    ranged = (pl.col("high") != pl.col("low")).fill_null(value=False)
    return paid.select(
        *_select_shared_columns(names, sheet, place),
        order=pl.lit(0),
        quote=pl.col(place),
        kind=pl.when(pay).then(pl.lit("pay_level")).otherwise(pl.lit("other")),
        measure=pl.col("case"),
        pay_basis=pl.lit("base"),
        statistic=pl.when(ranged)
        .then(pl.lit("range"))
        .otherwise(pl.lit("unspecified")),
        value=pl.when(~ranged).then("low"),
        low=pl.when(ranged).then("low"),
        high=pl.when(ranged).then("high"),
        period=_read_period(paid, names.get("wage_unit"), where, vocabulary),
        reference_period="reference_period",
        experience_label=pl.lit(None, pl.String),
    )


def _split_wage_range(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with `least` and `most`, from the one column of 2015 and 2016."""
    both = pl.col("wage_range").str.extract_groups(BETWEEN)
    return rows.with_columns(
        least=pl.coalesce(both.struct[0], "wage_range"),
        most=pl.when(both.struct[1] != "").then(both.struct[1]),
    )


def _make_prevailing_wages(
    rows: pl.DataFrame,
    sheet: SelectedColumns,
    names: dict[str, str],
    vocabulary: Vocabulary,
) -> pl.DataFrame:
    """Return the wages that offers must reach: a legal floor, and no figure of pay.

    Raises:
        UnknownLabel: A cell or unit that no vocabulary explains.
    """
    place = names["prevailing_wage"]
    wages = rows.with_columns(
        floor=read_money_column(rows, place, sheet.where, vocabulary)
    )
    wages = wages.filter(pl.col("floor").is_not_null())
    label = read_text_column(names.get("pw_year"), vocabulary)
    years = label.str.extract_groups(TWO_YEARS)
    period = pl.concat_str(years.struct[0], years.struct[1], separator="-")
    return wages.select(
        *_select_shared_columns(names, sheet, place),
        order=pl.lit(1),
        quote=pl.col(place),
        kind=pl.lit("other"),
        measure=pl.lit("prevailing_wage"),
        pay_basis=pl.lit("base"),
        statistic=pl.lit("unspecified"),
        value=pl.col("floor"),
        low=pl.lit(None, MONEY),
        high=pl.lit(None, MONEY),
        period=_read_period(wages, names.get("pw_unit"), sheet.where, vocabulary),
        reference_period=pl.coalesce(period, label.str.extract(ONE_YEAR)),
        experience_label=read_text_column(names.get("pw_level"), vocabulary),
    )


def _select_shared_columns(
    names: dict[str, str], sheet: SelectedColumns, place: str
) -> list[pl.Expr]:
    """Return the columns that offers and prevailing wages share, as expressions."""
    city, state = names.get("worksite_city"), names["worksite_state"]
    parts = [pl.col(city)] if city else []
    area = pl.concat_str(*parts, pl.col(state), separator=", ", ignore_nulls=True)
    shared = ("occupation", "soc", "section", "industry", "currency")
    inherited = ",".join(f"{n}:row" for n in sorted((*shared, "area", "period")))
    return [
        pl.col("row", *shared),
        pl.when(area != "").then(area).alias("area"),
        sheet.make_locators(place).alias("locator"),
        pl.lit(sheet.structure).alias("structure"),
        pl.lit("published").alias("availability"),
        pl.lit(inherited).alias("inherited"),
    ]


def _read_period(
    rows: pl.DataFrame, name: str | None, where: str, vocabulary: Vocabulary
) -> pl.Series:
    """Return the period of each wage, by its unit; null where there is no unit.

    Raises:
        UnknownLabel: A unit that pay_units.csv does not explain.
    """
    units = load_pay_periods(vocabulary, "dol_oflc")
    labels = rows.select(unit=read_text_column(name, vocabulary).str.to_uppercase())[
        "unit"
    ]
    require_known_labels(labels, units, where, PAY_UNITS_FILE)
    return labels.replace_strict(units, default=None, return_dtype=pl.String)
