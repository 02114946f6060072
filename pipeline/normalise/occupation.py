"""Match occupations as named to codes, and grade the match."""

import polars as pl

from pipeline.core.vocabulary import Vocabulary
from pipeline.normalise.written_titles import get_title_matcher

PROFILE = "profile"  # a publisher's own bundle of codes: like none of them


def match_occupations(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `soc_candidates` and `match_grade`; fill `soc` where one code fits.

    The source's own code stands (`code`). Else the title is looked up: the whole, and
    then the longest known name in it. A title of several codes, none of which outweighs
    the others, is `ambiguous`, keeps them and is given none. The name of a bundle is
    not looked up: what it bundles is not what the classification calls so.
    """
    bundle = pl.col("occupation_group").eq_missing(PROFILE)
    year = pl.col("reference_period").str.slice(0, 4).cast(pl.Int32, strict=False)
    # Who is not the survey itself means by a name what it means today.
    survey = pl.col("attributed_to").is_in(_list_official_names(vocabulary))
    draft = draft.with_columns(
        asked=pl.when(~bundle & pl.col("soc").is_null()).then("occupation"),
        asked_year=pl.when(survey).then(year),
    )
    # Each title once: most claims share theirs with others.
    named = draft.select("asked", "asked_year").drop_nulls("asked").unique()
    matcher = get_title_matcher(vocabulary) if named.height else None
    rows = []
    for title, when in named.sort("asked", "asked_year").iter_rows():
        found = matcher.match(title, when) if matcher else None
        if found and found.codes:
            rows.append((title, when, list(found.codes), found.official))
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "asked": pl.String,
        "asked_year": pl.Int32,
        "codes": pl.List(pl.String),
        "official": pl.Boolean,
    }
    codes = pl.DataFrame(rows, schema, orient="row")
    keys = ["asked", "asked_year"]
    joined = draft.join(
        codes, on=keys, how="left", nulls_equal=True, maintain_order="left"
    )
    return add_match_grade(joined)


def _list_official_names(vocabulary: Vocabulary) -> list[str]:
    """Return the names of statistical offices, whose codes are those of their year."""
    table = vocabulary.read_table("publishers", "name", "official")
    return table.filter(pl.col("official") == "yes")["name"].to_list()


def add_match_grade(draft: pl.DataFrame) -> pl.DataFrame:
    """Set `soc`, `soc_candidates` and `match_grade` from the codes that were found.

    Args:
        draft: With `codes` (list of codes by title) and `official` (whether they are by
            an official title); both, and what was asked, are dropped.
    """
    own, one = pl.col("soc").is_not_null(), pl.col("codes").list.len() == 1
    grade = (
        pl.when(own).then(pl.lit("code"))
        .when(pl.col("codes").is_null()).then(pl.lit("none"))
        .when(~one).then(pl.lit("ambiguous"))
        .when("official").then(pl.lit("official"))
        .otherwise(pl.lit("alternate"))
    )  # fmt: skip
    candidates = pl.when(own).then("soc").otherwise(pl.col("codes").list.join("|"))
    only = pl.when(one).then(pl.col("codes").list.first())
    return draft.with_columns(
        match_grade=grade,
        soc_candidates=candidates,
        soc=pl.coalesce("soc", only),
    ).drop("codes", "official", "asked", "asked_year")
