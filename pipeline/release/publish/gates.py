"""Check what must hold before `curated/latest` moves: the gates of a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.core.errors import GateFailed
from pipeline.core.tables import check_frame, make_frame
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.relations import RELATIONS
from schemas import (
    Claims,
    DataFrame,
    Discrepancies,
    Figures,
    Provenance,
    Rejects,
    Rulings,
    Salaries,
    Scorecards,
)


def make_empty_rulings() -> DataFrame[Rulings]:
    """Make a table of rulings without rows."""
    return check_frame(Rulings, make_frame(Rulings, []))


def make_empty_scorecards() -> DataFrame[Scorecards]:
    """Make a table of scorecards without rows."""
    return check_frame(Scorecards, make_frame(Scorecards, []))


@dataclass(frozen=True)
class ReleaseTables:
    """The tables of a release.

    Args:
        notices: (`note` or `error`, sentence): what a person must look at.
        alignment: How many pairs of figures each row of rungs.csv explains.
    """

    claims: DataFrame[Claims]
    figures: DataFrame[Figures]
    rejects: DataFrame[Rejects]
    salaries: DataFrame[Salaries]
    provenance: DataFrame[Provenance]
    discrepancies: DataFrame[Discrepancies]
    rulings: DataFrame[Rulings] = field(default_factory=make_empty_rulings)
    scorecards: DataFrame[Scorecards] = field(default_factory=make_empty_scorecards)
    notices: tuple[tuple[str, str], ...] = ()
    alignment: Mapping[str, Any] = field(default_factory=dict)

    def frames_by_name(self) -> dict[str, pl.DataFrame]:
        """Return every table by its name, each in a total order."""
        return {
            "claims": self.claims,
            "figures": self.figures,
            "rejects": self.rejects,
            "salaries": self.salaries,
            "provenance": self.provenance,
            "discrepancies": self.discrepancies,
            "rulings": self.rulings,
            "scorecards": self.scorecards,
        }


def run_gates(contents: ReleaseTables, vocabulary: Vocabulary) -> None:
    """Run the gates that need the tables alone.

    Raises:
        GateFailed: The first that does not hold.
    """
    check_not_empty(contents)
    check_ids_known(contents)
    check_levels_add_up(contents)
    check_one_choice(contents)
    check_anchors(contents, vocabulary)


def check_not_empty(contents: ReleaseTables) -> None:
    """Check that a release holds claims, figures and salaries.

    Raises:
        GateFailed: `not_empty`.
    """
    for name in ("claims", "figures", "salaries"):
        if contents.frames_by_name()[name].height == 0:
            raise GateFailed("not_empty", f"no {name} at all", "raw/ and the report")


def check_ids_known(contents: ReleaseTables) -> None:
    """Check that every claim id of a table is in `claims`.

    Raises:
        GateFailed: `closed`.
    """
    claims = contents.claims.select("claim_id")
    checks = {
        "figures": contents.figures.select("claim_id"),
        "provenance": contents.provenance.select("claim_id"),
        "salaries": contents.salaries.select(claim_id="chosen").drop_nulls(),
        "discrepancies": contents.discrepancies.select(
            claim_id=pl.col("claim_ids").str.split(" ")
        ).explode("claim_id"),
    }
    for name, ids in checks.items():
        lost = ids.join(claims, on="claim_id", how="anti")
        if lost.height:
            why = f"{lost.height} ids of {name} have no claim, e.g. {lost.item(0, 0)}"
            raise GateFailed("closed", why, "pipeline/reconcile")


def check_keys_resolve(frames: Mapping[str, pl.DataFrame]) -> None:
    """Check that a key names one row, and that a key of another table leads to one.

    So a curated value leads to its figure, its claim and its stored bytes, by id.

    Raises:
        GateFailed: `resolvable`.
    """
    for name, relation in RELATIONS.items():
        frame, key = frames[name], list(relation.key)
        twice = frame.filter(pl.struct(key).is_duplicated())
        if twice.height:
            why = f"{twice.height} rows of {name} share a key, e.g. {twice.row(0)[:2]}"
            raise GateFailed("resolvable", why, "pipeline/query/relations.py")
        for column, table in (relation.leads or {}).items():
            there = frames[table].select(pl.col(RELATIONS[table].key[0]).alias(column))
            lost = frame.drop_nulls(column).join(there, on=column, how="anti")
            if lost.height:
                why = f"{lost.height} rows of {name} name no {column} of {table}"
                raise GateFailed(
                    "resolvable", why, "raw/ and pipeline/release/stages.py"
                )


def check_levels_add_up(contents: ReleaseTables) -> None:
    """Check that every pay level is a figure or a reject, and none is both.

    Raises:
        GateFailed: `adds_up`.
    """
    levels = contents.claims.filter(
        (pl.col("kind") == "pay_level") & ~pl.col("hypothetical")
    )["claim_id"]
    figures = contents.figures["claim_id"]
    # A claim that breaks two rules is two rows of rejects, and one claim.
    rejects = contents.rejects["claim_id"].unique()
    if len(levels) != len(figures) + len(rejects):
        why = (
            f"{len(levels)} pay levels, but {len(figures)} figures and "
            f"{len(rejects)} rejects"
        )
        raise GateFailed("adds_up", why, "pipeline/normalise/validate.py")


def check_one_choice(contents: ReleaseTables) -> None:
    """Check that a cell has one chosen figure, the one that its row names.

    Raises:
        GateFailed: `one_choice`.
    """
    chosen = contents.provenance.filter(pl.col("role") == "chosen")
    named = contents.salaries.filter(pl.col("chosen").is_not_null())
    both = named.join(
        chosen, left_on=["cell", "chosen"], right_on=["cell", "claim_id"], how="inner"
    )
    if not chosen.height == named.height == both.height:
        why = f"{named.height} cells name a figure, {chosen.height} roles are chosen"
        raise GateFailed("one_choice", why, "pipeline/reconcile/settle/roles.py")


def check_anchors(contents: ReleaseTables, vocabulary: Vocabulary) -> None:
    """Check that cells of anchors.csv have the figure that was published.

    Only where the edition was read. A cell with a ruling may have another figure; an
    occupation that a ruling merged is looked for under its new code.

    Raises:
        GateFailed: `anchored`.
    """
    # Taken from the published tables themselves and not from an earlier release: a
    # mistake of ours that hits every row, as a shifted column does, is seen.
    anchors = vocabulary.read_table("anchors", "source", "edition", "cell", "annual")
    # A file of states or of industries alone says nothing of the whole nation: the area
    # and people of a cell are its second and third part.
    read = contents.figures.select(
        "source", "area_code", "cohort", edition="reference_period"
    )
    parts = pl.col("cell").str.split("/")
    wanted = anchors.with_columns(
        area_code=parts.list.get(1), cohort=parts.list.get(2)
    ).join(read, on=read.columns, how="semi")
    merges = contents.rulings.filter(action="merge", state="in_force")
    codes = dict(merges.select("target", "value").iter_rows())
    # The code is what stands before the first slash: 29-2072 of
    # 29-2072/US/all/base/median/2023.
    soc = pl.col("cell").str.extract("^([^/]*)")
    rest = pl.col("cell").str.replace("^[^/]*", "")
    wanted = wanted.with_columns(cell=pl.concat_str(soc.replace(codes), rest))
    cells = contents.salaries.select("cell", "annual", "ruling", "status")
    for row in wanted.join(cells, on="cell", how="left").iter_rows(named=True):
        # Nothing is read wrongly where files of the publisher are at odds: no value is
        # chosen, and the conflict says why.
        if row["status"] == "disputed":
            continue
        if row["ruling"] is None and row["annual_right"] != Decimal(row["annual"]):
            why = f"{row['cell']} is {row['annual_right']}, not {row['annual']}"
            raise GateFailed("anchored", why, "vocabularies/anchors.csv")
