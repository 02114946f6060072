"""Each gate lets a sound release pass, and names what is wrong with any other."""

import dataclasses
from decimal import Decimal

import polars as pl
import pytest
from made import VOCABULARY, claim
from small_tables import contents

from pipeline.core.errors import GateFailed
from pipeline.core.tables import make_frame
from pipeline.query.relations import RELATIONS
from pipeline.release.publish.gates import check_keys_resolve, run_gates
from schemas import Rulings, Snapshots

MEDIAN = "29-2072/US/all/base/median/2023"
P10 = MEDIAN.replace("median", "p10")


def run_with(**tables):
    """Run the gates on the small release, with other tables."""
    sound = contents()
    broken = {name: change(getattr(sound, name)) for name, change in tables.items()}
    run_gates(dataclasses.replace(sound, **broken), VOCABULARY)


def put(column, value, row=0):
    """A change of one value of a table."""

    def change(frame):
        hit = pl.int_range(pl.len()) == row
        new = pl.lit(value, frame.schema[column])
        return frame.with_columns(
            pl.when(hit).then(new).otherwise(column).alias(column)
        )

    return change


def add(**values):
    """A change that adds the first row again, with other values."""

    def change(frame):
        more = frame.head(1)
        for column, value in values.items():
            more = put(column, value)(more)
        return pl.concat([frame, more])

    return change


def clear(frame):
    """A change that leaves no rows."""
    return frame.clear()


@pytest.mark.parametrize("name", ["claims", "figures", "salaries"])
def test_a_release_without_claims_figures_or_salaries_is_none(name):
    """Each by its name; nothing wrong with one without conflicts and rejects."""
    with pytest.raises(GateFailed, match=f"no {name} at all"):
        run_with(**{name: clear})
    run_with(discrepancies=clear, rejects=clear)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("figures", "claim_id", "gone"),
        ("provenance", "claim_id", "gone"),
        ("salaries", "chosen", "gone"),
    ],
)
def test_an_id_that_no_claim_has_is_named_with_its_table(name, column, value):
    """No row of a release leads nowhere."""
    with pytest.raises(GateFailed, match=f"1 ids of {name} have no claim, e.g. gone"):
        run_with(**{name: put(column, value)})


def test_every_claim_of_a_conflict_is_known():
    """The second as well as the first."""
    tables = contents(claim(35_019, attributed_to="BLS", statistic="p10",
                            reference_period="2023-05"))  # fmt: skip
    run_gates(tables, VOCABULARY)
    known = tables.discrepancies["claim_ids"][0]
    broken = put("claim_ids", f"{known} gone")(tables.discrepancies)
    with pytest.raises(GateFailed, match="1 ids of discrepancies have no claim"):
        run_gates(dataclasses.replace(tables, discrepancies=broken), VOCABULARY)


def test_a_cell_without_a_choice_names_no_claim_and_breaks_no_gate():
    """The figure that was its choice supports nobody then."""
    chosen = contents().salaries["chosen"].drop_nulls()[0]
    freed = pl.when(pl.col("claim_id") == chosen).then(pl.lit("outvoted"))
    run_with(
        salaries=lambda f: f.with_columns(
            chosen=pl.when(pl.col("chosen") != chosen).then("chosen")
        ),
        provenance=lambda f: f.with_columns(role=freed.otherwise("role")),
    )


def test_every_pay_level_is_a_figure_or_a_reject():
    """A level that is lost, or both; one rejected for two reasons is one claim."""
    level = {"claim_id": "more", "kind": "pay_level", "hypothetical": False}
    with pytest.raises(GateFailed, match="5 pay levels, but 4 figures and 0 rejects"):
        run_with(claims=add(**level))
    small = contents(claim(0))
    assert small.rejects.height
    run_gates(small, VOCABULARY)
    twice = pl.concat([small.rejects, put("rule", "other")(small.rejects.head(1))])
    run_gates(dataclasses.replace(small, rejects=twice), VOCABULARY)
    with pytest.raises(GateFailed, match="adds_up"):
        run_gates(dataclasses.replace(small, rejects=small.rejects.clear()), VOCABULARY)


@pytest.mark.parametrize(
    "said", [{"kind": "bonus"}, {"hypothetical": True}, {"kind": "outlook"}]
)
def test_what_is_no_level_of_pay_need_not_be_a_figure(said):
    """Raises and illustrations are claims all the same."""
    run_with(claims=add(claim_id="more", **said))


def test_a_cell_has_the_one_choice_that_its_row_names():
    """Named and not chosen, chosen and not named, another one, two."""
    roles = contents().provenance
    place = roles["role"].to_list().index("chosen")
    other = roles.with_row_index().filter(pl.col("role") != "chosen")["index"][0]
    broken = [
        {"provenance": put("role", "supporting", place)},
        {"provenance": put("role", "chosen", other)},
        {"salaries": lambda f: f.with_columns(chosen=pl.lit(None, pl.String))},
        {"salaries": lambda f: f.with_columns(
            chosen=pl.when(pl.col("cell") == MEDIAN).then(
                pl.col("chosen").filter(pl.col("cell") == P10).first()
            ).otherwise("chosen"))},
    ]  # fmt: skip
    for tables in broken:
        with pytest.raises(GateFailed, match="one_choice"):
            run_with(**tables)


def other_median(value):
    """A change of the yearly pay of the cell that anchors.csv has."""
    new = pl.lit(Decimal(value) if value else None, pl.Decimal(14, 2))
    return lambda f: f.with_columns(
        annual=pl.when(pl.col("cell") == MEDIAN).then(new).otherwise("annual")
    )


def test_a_known_cell_has_the_published_figure():
    """To the dollar; a cell that is gone is as wrong as another figure."""
    with pytest.raises(GateFailed, match=r"median/2023 is 48790\.00, not 48780"):
        run_with(salaries=other_median("48790"))
    with pytest.raises(GateFailed, match="median/2023 is None, not 48780"):
        run_with(salaries=other_median(None))


def test_a_known_cell_may_be_ruled_or_its_edition_unread():
    """A person decided otherwise; and what was not read cannot be wrong."""

    def rule(frame):
        return put("ruling", "r-1", frame["cell"].to_list().index(MEDIAN))(
            other_median("48790")(frame)
        )

    run_with(salaries=rule)
    run_with(
        salaries=other_median("48790"),
        figures=lambda f: f.with_columns(reference_period=pl.lit("1066-05")),
    )


@pytest.mark.parametrize(
    ("action", "state", "passes"),
    [("merge", "in_force", True), ("split", "in_force", False),
     ("merge", "undone", False)],
)  # fmt: skip
def test_a_known_cell_is_looked_for_under_the_code_that_a_merge_gave_it(
    action, state, passes
):
    """Only a merge that is followed moves it."""
    ruling = dict.fromkeys(Rulings.to_schema().columns, "x") | {
        "id": "r-00000001", "action": action, "target": "29-2072", "value": "29-9999",
        "date": "2026-11-01", "expires": "2027-11-01", "state": state,
    }  # fmt: skip
    sound = contents()
    moved = sound.salaries.with_columns(
        cell=pl.col("cell").str.replace("29-2072", "29-9999")
    )
    roles = sound.provenance.with_columns(
        cell=pl.col("cell").str.replace("29-2072", "29-9999")
    )
    tables = dataclasses.replace(
        sound, salaries=moved, provenance=roles, rulings=make_frame(Rulings, [ruling])
    )
    if passes:
        run_gates(tables, VOCABULARY)
        return
    with pytest.raises(GateFailed, match="anchored"):
        run_gates(tables, VOCABULARY)


def frames():
    """Every table of the small release, with its snapshots."""
    tables = contents().frames_by_name()
    ids = sorted({*tables["claims"]["snapshot"], *tables["discrepancies"]["snapshot"]})
    snapshots = make_frame(Snapshots, [{"snapshot": i} for i in ids])
    return {**tables, "snapshots": snapshots}


def test_a_key_names_one_row_of_every_table():
    """The table and an example are named."""
    check_keys_resolve(frames())
    for name, relation in RELATIONS.items():
        sound = frames()
        if not sound[name].height:
            continue
        broken = {**sound, name: pl.concat([sound[name], sound[name].head(1)])}
        with pytest.raises(GateFailed, match=f"2 rows of {name} share a key"):
            check_keys_resolve(broken)
        # Half of a key of two columns may stand twice.
        assert len(relation.key) in (1, 2, 3)


def test_a_key_of_another_table_leads_to_a_row():
    """Every column that leads somewhere; an empty one leads nowhere, and may."""
    for name, relation in RELATIONS.items():
        for column, table in (relation.leads or {}).items():
            sound = frames()
            if not sound[name].height:
                continue
            broken = {**sound, name: put(column, "0" * 12)(sound[name])}
            said = f"1 rows of {name} name no {column} of {table}"
            with pytest.raises(GateFailed, match=said):
                check_keys_resolve(broken)
    empty = put("chosen", None)(frames()["salaries"])
    check_keys_resolve({**frames(), "salaries": empty})
