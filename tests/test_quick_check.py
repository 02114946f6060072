"""All rules of a schema asked at once say what pandera says, and never more."""

import polars as pl
import pytest
from pandera.errors import SchemaErrors

import schemas
from pipeline.core.quick_check import keeps_every_rule, read_rules
from pipeline.core.tables import check_frame
from schemas.table_model import TableKind, TableModel, check_rows, define

MODELS = [table for name in schemas.__all__
          if isinstance(table := getattr(schemas, name), TableKind)]  # fmt: skip


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


class SmallTable(TableModel):
    """A column of each rule, and a rule of whole rows."""

    unique_together = ("word", "code")

    word: str = define(isin=("a", "b"))
    code: str = define(str_matches=r"\d|x$", nullable=True)
    least: pl.Int64 = define(ge=2, nullable=True)
    most: float = define(le=3, nullable=True)
    year: pl.Int32 = define(in_range={"min_value": 5, "max_value": 7}, nullable=True)
    key: str = define(unique=True)

    @check_rows(error="what has a year has a least")
    def year_has_least(cls, data):
        """Null where there is no year: a rule that says nothing is kept."""
        dated, least = (pl.col(name).is_not_null() for name in ("year", "least"))
        return data.lazyframe.select(pl.when(dated).then(least))


GOOD = {"word": "a", "code": "1", "least": 2, "most": 3.0, "year": 5, "key": "k"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, True),
        ({"word": "b"}, True),
        ({"word": "c"}, False),
        ({"word": None}, False),
        ({"code": "1x"}, True),
        ({"code": "x"}, True),
        ({"code": "xy"}, False),
        ({"code": "ax"}, True),
        ({"code": None}, True),
        ({"least": 1}, False),
        ({"least": None}, False),
        ({"least": None, "year": None}, True),
        ({"most": 3.1}, False),
        ({"most": None}, True),
        ({"year": 7}, True),
        ({"year": 8}, False),
        ({"year": 4}, False),
    ],
)
def test_each_rule_means_what_it_means_to_pandera(said, kept):
    """Both sides of each, nulls, and a pattern whose beginning is not marked."""
    types = read_rules(SmallTable).types
    frame = pl.DataFrame([GOOD | said], schema=types)
    assert keeps_every_rule(SmallTable, frame) is kept
    assert passes_pandera(SmallTable, frame) is kept


def test_keys_are_those_of_one_column_and_of_several():
    """Two rows may share one of the several, and no key of its own."""
    types = read_rules(SmallTable).types
    for second, kept in (({"key": "l"}, False), ({"code": "2"}, False),
                         ({"code": "2", "key": "l"}, True)):  # fmt: skip
        frame = pl.DataFrame([GOOD, GOOD | second], schema=types)
        assert keeps_every_rule(SmallTable, frame) is kept
        assert passes_pandera(SmallTable, frame) is kept


def test_a_table_says_of_its_columns_what_its_pandera_model_says():
    """Names in order, types, nulls, keys and meaning, and the rules in words."""
    for table in (*MODELS, SmallTable):
        schema = table.to_schema()
        assert list(schema.columns) == list(table.columns) != []
        for name, facts in table.columns.items():
            column = schema.columns[name]
            assert column.dtype.type == facts.dtype
            assert (column.nullable, column.unique) == (facts.nullable, facts.unique)
            assert (column.description or "") == facts.description
            assert len(column.checks) == len(facts.rules)
        assert schema.strict is True
        assert tuple(schema.unique or ()) == table.unique_together
        rules = {check.error for check in schema.checks}
        assert rules == {rule.error for rule in table.row_rules.values()}
