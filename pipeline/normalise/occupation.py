"""Match occupations as named to SOC codes, and grade the match."""

import polars as pl

from pipeline.core.vocabulary import Vocabulary

TABLES = ("titles", "short_titles")
# Origin of a title to its rank: official titles first, then all others (1), short forms
# last.
RANKS = {"soc": 0, "ooh": 0, "oews_old": 0, "onet_short": 2}
PROFILE = "profile"  # a publisher's own bundle of codes: like none of them


def make_title_key(title: pl.Expr) -> pl.Expr:
    """Make an expression of titles as they are looked up: no case, marks or plurals.

    Both sides of the comparison go through it, so a crude stem is enough: it need
    only take "Medical Records Specialists" and "medical records specialist" to the
    same key, and it must not join two titles that mean different jobs.
    """
    return (
        title.str.to_lowercase()
        .str.replace_all(r"[’']s\b|[’'.]", "")
        .str.replace_all(r"[^\p{L}\p{N}&+#]+", " ")
        .str.strip_chars()
        # `secretaries` to `secretary`; `nurses` to `nurse`, but not `process` or `bus`.
        .str.replace_all(r"([^aeiou])ies\b", "${1}y")
        .str.replace_all(r"([^su])s\b", "${1}")
    )


def match_occupations(draft: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Add `soc_candidates` and `match_grade`; fill `soc` where one code fits.

    The source's own code stands (`code`). Else the title is looked up among official
    titles, then alternates, then short forms of these; a title of several codes is
    `ambiguous`, keeps them all and is given none. The name of a bundle is not looked
    up: what it bundles is not what the classification calls so.
    """
    names = ("title", "soc", "origin")
    titles = pl.concat(
        [vocabulary.read_table(name, *names).select(names) for name in TABLES]
    ).with_columns(rank=pl.col("origin").replace_strict(RANKS, default=1))
    bundle = pl.col("occupation_group").eq_missing(PROFILE)
    draft = draft.with_columns(asked=pl.when(~bundle).then("occupation"))
    # Each title once: most claims share theirs with others.
    named = draft.select("asked").drop_nulls().unique()
    if named.height == 0:
        return add_match_grade(
            draft.with_columns(
                codes=pl.lit(None, pl.List(pl.String)),
                official=pl.lit(None, pl.Boolean),
            )
        )
    wanted = named.with_columns(key=make_title_key(pl.col("asked")))
    known = titles.select("soc", "rank", key=make_title_key(pl.col("title"))).join(
        wanted.select("key").unique(), on="key", how="semi"
    )
    # Titles of the best rank alone: an official title is not made ambiguous by
    # alternates of other codes.
    first = known.filter(pl.col("rank") == pl.col("rank").min().over("key"))
    codes = first.group_by("key").agg(
        codes=pl.col("soc").unique().sort(), official=(pl.col("rank") == 0).first()
    )
    found = wanted.join(codes, on="key", how="left").drop("key")
    return add_match_grade(
        draft.join(found, on="asked", how="left", maintain_order="left")
    )


def add_match_grade(draft: pl.DataFrame) -> pl.DataFrame:
    """Set `soc`, `soc_candidates` and `match_grade` from the codes that were found.

    Args:
        draft: With `codes` (list of codes by title) and `official` (whether they are by
            an official title); both, and `asked`, are dropped.
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
    ).drop("codes", "official", "asked")
