"""Find the publisher of each figure, and whether it was read from the publisher."""

import re

import polars as pl

from pipeline.core.tables import map_column
from pipeline.core.vocabulary import Vocabulary

UNNAMED = "unnamed"


def make_name_key(name: str) -> str:
    """Return a publisher's name as it is looked up: no case, article, mark or domain.

    >>> make_name_key("U.S. Bureau of Labor Statistics"), make_name_key("Salary.com")
    ('bureau of labor statistics', 'salary')
    """
    key = re.sub(r"[’'`.,]", "", name.lower().replace(".com", ""))
    key = " ".join(re.findall(r"[a-z0-9&]+", key))
    return re.sub(r"^(the )?(us |u s )?", "", key)


def load_known_names(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the id of each publisher by the keys of its id, name and aliases."""
    table = vocabulary.read_table("publishers", "id", "name", "aliases")
    names: dict[str, str] = {}
    for identity, name, aliases in table.select("id", "name", "aliases").iter_rows():
        for alias in (identity, name, *(aliases or "").split("|")):
            names.setdefault(make_name_key(alias.replace("_", " ")), identity)
    return {key: identity for key, identity in names.items() if key}


def find_publisher(name: str, names: dict[str, str]) -> str:
    """Return the id of a publisher as a page names it; an unknown one keeps its key.

    "Bureau of Labor Statistics (BLS)" is looked up whole, without the bracket, and by
    the bracket alone. Several that a page compiles from, joined by `+`, are one
    publisher of their own: none of them published the figure.

    >>> find_publisher("Bureau of Labor Statistics (BLS)", {"bls": "bls"})
    'bls'
    """
    if "+" in name:
        return "+".join(sorted(find_publisher(part, names) for part in name.split("+")))
    bare, _, inside = name.partition("(")
    keys = [make_name_key(part) for part in (name, bare, inside)]
    known = (names[key] for key in keys if key in names)
    return next(known, keys[0].replace(" ", "_") or UNNAMED)


def add_publisher(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `publisher` and `primary`; fill `pay_basis` where the page is silent.

    A figure that names a publisher is that publisher's, quoted; one that names none
    is the source's own where the source is a publisher's, else the page's alone
    (`unnamed`). A name that no row has is a publisher all the same.
    """
    names = load_known_names(vocabulary)
    table = vocabulary.read_table("publishers", "id", "source", "pay_basis")
    owned = table.drop_nulls("source").with_columns(pl.col("source").str.split("|"))
    owners = dict(owned.explode("source").select("source", "id").iter_rows())
    bases = dict(table.select("id", "pay_basis").iter_rows())
    cited = draft["attributed_to"].drop_nulls().unique().to_list()
    named = {name: find_publisher(name, names) for name in cited}
    own = map_column("source", owners)
    draft = draft.with_columns(
        publisher=pl.coalesce(map_column("attributed_to", named), own, pl.lit(UNNAMED)),
        primary=(pl.col("attributed_to").is_null() & own.is_not_null())
        | (map_column("attributed_to", named) == own).fill_null(value=False),
    )
    measured = map_column("publisher", bases)
    silent = (
        (pl.col("pay_basis") == "unspecified")
        & measured.is_not_null()
        & (measured != "unspecified")
    )
    return draft.with_columns(
        pay_basis=pl.when(silent).then(measured).otherwise("pay_basis"),
        assumed=pl.col("assumed")
        + pl.when(silent).then(pl.lit("pay_basis,")).otherwise(pl.lit("")),
    )
