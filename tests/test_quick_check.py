"""All rules of a schema asked at once say what pandera says, and never more."""

from copy import deepcopy

import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaErrors

import schemas
from pipeline.core.quick_check import keeps_every_rule, read_rules
from pipeline.core.tables import check_frame

MODELS = [getattr(schemas, name) for name in schemas.__all__ if name != "VERSION"]


def passes_pandera(model, frame):
    """Whether pandera itself finds nothing."""
    try:
        model.validate(frame, lazy=True)
    except SchemaErrors:
        return False
    return True


def break_column(frame, column):
    """The frame with the first row's value of a column in other, mostly wrong, ways."""
    kind = frame.schema[column]
    words = {"": pl.String, "?": pl.String, "-1": pl.Decimal, "10001": pl.Decimal}
    values = [None, *(word for word, of in words.items() if kind == of)]
    if kind.is_numeric() and not kind.is_decimal():
        values += [-1, 0, 10_001, *([float("nan")] if kind.is_float() else [])]
    first = pl.int_range(pl.len()) == 0
    for value in values:
        new = pl.lit(value, dtype=kind if value is None else None).cast(kind)
        yield frame.with_columns(
            pl.when(first).then(new).otherwise(column).alias(column)
        )
    yield frame.with_columns(pl.col(column).first())
    yield frame.rename({column: f"{column}_"})


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_of_a_release_passes_at_once(model, demonstration):
    """Every schema's rules are known; pandera is asked nothing about a good release."""
    table = demonstration / "curated/latest" / f"{model.__name__.lower()}.parquet"
    assert keeps_every_rule(model, pl.read_parquet(table))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Claims", "Provenance", "Scorecards"])
def test_a_frame_passes_at_once_exactly_where_pandera_passes_it(name, demonstration):
    """Each column of a release's tables, broken in a handful of ways."""
    model = getattr(schemas, name)
    table = pl.read_parquet(
        demonstration / "curated/latest" / f"{name.lower()}.parquet"
    )
    good = table.head(3)
    assert keeps_every_rule(model, good)
    rules = read_rules(model)
    told = {*rules.filled, *(n for key in rules.keys for n in key)}
    told |= {name for name, _ in rules.checks}
    for column in sorted(told & {*good.columns}):
        for broken in break_column(good, column):
            assert keeps_every_rule(model, broken) == passes_pandera(model, broken)


def test_what_breaks_a_rule_is_named_by_pandera():
    """The error is the same as ever: rule, row and value."""
    rows = pl.DataFrame(
        {"source": ["a"], "measure": ["bias"], "value": [None], "low": [None],
         "high": [None], "n": [0]},
        schema=read_rules(schemas.Scorecards).types,
    )  # fmt: skip
    with pytest.raises(SchemaErrors) as caught:
        check_frame(schemas.Scorecards, rows)
    assert {e["column"] for e in caught.value.failure_cases.to_dicts()} == {
        "value",
        "n",
    }


def test_a_column_too_many_or_of_another_type_is_no_pass():
    """Nor is a frame without one."""
    types = read_rules(schemas.Scorecards).types
    empty = pl.DataFrame(schema=types)
    assert keeps_every_rule(schemas.Scorecards, empty)
    assert not keeps_every_rule(schemas.Scorecards, empty.with_columns(more=1))
    assert not keeps_every_rule(schemas.Scorecards, empty.drop("n"))
    text = empty.with_columns(pl.col("n").cast(pl.String))
    assert not keeps_every_rule(schemas.Scorecards, text)


class SmallModel(pa.DataFrameModel):
    """Two columns with rules that are known."""

    name: str = pa.Field(nullable=False)
    amount: int = pa.Field(ge=0)

    class Config:
        """As the tables of a release have it."""

        strict = True


@pytest.mark.parametrize("odd", ["coerce", "regex", "not required"])
def test_one_column_of_an_unknown_kind_makes_a_model_unknown(odd, monkeypatch):
    """However plain the others are."""
    assert read_rules(SmallModel) is not None
    schema = deepcopy(SmallModel.to_schema())
    column = schema.columns["amount"]
    value = {"coerce": True, "regex": True, "not required": False}[odd]
    setattr(column, "required" if odd == "not required" else odd, value)
    monkeypatch.setattr(SmallModel, "to_schema", lambda: schema)
    read_rules.cache_clear()
    assert read_rules(SmallModel) is None
    read_rules.cache_clear()


@pytest.mark.parametrize(
    "option", [{"element_wise": True}, {"groupby": "name"}, {"raise_warning": True}]
)
def test_one_check_of_an_unknown_kind_makes_a_model_unknown(option, monkeypatch):
    """Each of the ways in which a check may be asked otherwise."""
    schema = deepcopy(SmallModel.to_schema())
    schema.columns["amount"].checks.append(pa.Check(lambda _: True, **option))
    monkeypatch.setattr(SmallModel, "to_schema", lambda: schema)
    read_rules.cache_clear()
    assert read_rules(SmallModel) is None
    read_rules.cache_clear()
