"""Find the FIPS, CBSA and ISO codes of areas by their names."""

import re
import unicodedata

import polars as pl

from pipeline.core.currency_table import read_currencies
from pipeline.core.tables import map_column
from pipeline.core.vocabulary import Vocabulary

# `, CA 95112, USA` and `metro area` behind a name: they name no other place.
ADDRESS_TAIL = re.compile(
    r"(?<=[A-Za-z.])(?:,?\s+\d{5}(?:-\d{4})?)?"
    r"(?:,?\s+metro(?:politan)?(?:\s(?:statistical\s)?(?:area|division))?|\s+MSA)?"
    r"(?:,\s*(?:US|USA|U\.S\.A?\.?|United States))?$",
    re.IGNORECASE,
)
SEVERAL_STATES = re.compile(r"(?<=, [A-Z]{2})(?:-[A-Z]{2})+$")
HOME = "US"  # the country whose areas have levels of their own


def make_area_key(name: str) -> str:
    """Return an area's name as it is looked up: no case, accents, dots or dashes.

    Older CBSA titles double their dashes. A postal code, `metro area`, and `USA`
    behind a state name no other place.

    >>> make_area_key("Sacramento--Roseville--Arden-Arcade, CA")
    'sacramento roseville arden arcade ca'
    >>> make_area_key("San José, CA 95112, USA")
    'san jose ca'
    """
    bare = ADDRESS_TAIL.sub("", name).lower().replace(".", "")
    split = unicodedata.normalize("NFKD", bare)
    plain = "".join(c for c in split if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain))


def load_known_areas(vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """Return the code and level of every area, by the keys of its names and aliases.

    "New York" and "Washington" are states before they are anything else; a city's
    name without its state is no area. A metro of several states answers to the first.
    """
    # A key is the first area's that has it: by level in this order, and within a level
    # by the newest vintage, so that an old name leads to today's code.
    order = ("national", "state", "foreign", "metro", "nonmetro")
    columns = ("code", "name", "level", "postal", "aliases", "vintage")
    rows = vocabulary.read_table("areas", *columns).select(columns).rows()
    known: dict[str, tuple[str, str]] = {}
    newest = sorted(rows, key=lambda row: row[5] or "", reverse=True)
    by_level = sorted(newest, key=lambda row: order.index(row[2]))
    shorter: dict[str, tuple[str, str]] = {}
    for code, name, level, postal, aliases, _ in by_level:
        for alias in (name, postal, *(aliases or "").split("|")):
            if alias:
                known.setdefault(make_area_key(alias), (code, level))
            if alias and (one := SEVERAL_STATES.sub("", alias)) != alias:
                shorter.setdefault(make_area_key(one), (code, level))
    return shorter | known


def currency_countries(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the country of each currency code, where `areas.csv` has the country."""
    rows = read_currencies(vocabulary).rows.values()
    known = {*vocabulary.read_table("areas", "code")["code"]}
    return {row.code: row.country for row in rows if row.country in known}


def add_area_codes(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Fill `area_code` and `area_level`; a page that names no place means its country.

    The country is that of the currency (vocabularies/currencies.csv), and
    `assumed` says so.
    """
    names = draft.filter(pl.col("area_code").is_null())["area"].drop_nulls().unique()
    areas = load_known_areas(vocabulary) if len(names) else {}
    found = {
        name: areas[make_area_key(name)]
        for name in names
        if make_area_key(name) in areas
    }
    codes = {name: code for name, (code, _) in found.items()}
    levels = {name: level for name, (_, level) in found.items()}
    silent = pl.col("area").is_null() & pl.col("area_code").is_null()
    country = currency_countries(vocabulary)
    level = {
        code: "foreign" if of != HOME else "national" for code, of in country.items()
    }
    return draft.with_columns(
        area_code=pl.when(silent)
        .then(map_column("currency", country))
        .otherwise(pl.coalesce("area_code", map_column("area", codes))),
        area_level=pl.when(silent)
        .then(map_column("currency", level))
        .otherwise(pl.coalesce("area_level", map_column("area", levels))),
        assumed=pl.col("assumed")
        + pl.when(silent).then(pl.lit("area,")).otherwise(pl.lit("")),
    )
