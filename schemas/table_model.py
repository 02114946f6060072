"""Declare tables as pandera does, without loading pandera.

pandera brings pandas and a second of start-up, and whoever checks one page needs
neither: that a frame keeps all rules is asked with polars alone
(`pipeline/core/quick_check.py`). Only which rows break a rule, and what a column is, is
said by the pandera model that is made of a table when it is first asked for.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import new_class
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Generic,
    NamedTuple,
    TypeVar,
    cast,
    get_args,
    get_origin,
)

import polars as pl

if TYPE_CHECKING:
    from pandera.polars import DataFrameModel, DataFrameSchema

# What the annotations of columns stand for.
TYPES: Mapping[object, pl.DataType] = {
    str: pl.String(), bool: pl.Boolean(), int: pl.Int64(), float: pl.Float64(),
}  # fmt: skip
RowRule = Callable[[Any, Any], pl.LazyFrame]


class TableData(NamedTuple):
    """What a rule of whole rows is given: the frame, lazy."""

    lazyframe: pl.LazyFrame


@dataclass(frozen=True)
class ColumnFacts:
    """What a column of a table is.

    Args:
        dtype: Its polars type.
        nullable: Whether it may be null.
        unique: Whether no two rows share a value.
        rules: Name of a pandera check (`isin`, `ge`) to what it is given.
        description: What the column means; "" where its words say so.
    """

    dtype: pl.DataType = field(default_factory=pl.String)
    nullable: bool = False
    unique: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""


def define(
    *,
    description: str = "",
    nullable: bool = False,
    unique: bool = False,
    isin: Collection[str] | None = None,
    str_matches: str | None = None,
    ge: float | None = None,
    le: float | None = None,
    in_range: Mapping[str, int] | None = None,
) -> Any:
    """Describe a column; a rule holds of every value that is not null.

    Args:
        description: What the column means.
        nullable: Whether it may be null.
        unique: Whether no two rows share a value.
        isin: The words that it may have.
        str_matches: A pattern that its text begins with.
        ge: The least number.
        le: The largest.
        in_range: `min_value` and `max_value`, both allowed.
    """
    rules = {"isin": isin, "str_matches": str_matches, "ge": ge, "le": le,
             "in_range": in_range}  # fmt: skip
    said = {name: value for name, value in rules.items() if value is not None}
    return ColumnFacts(pl.String(), nullable, unique, said, description)


def check_rows(*, error: str) -> Callable[[RowRule], RowRule]:
    """Mark a method as a rule of whole rows: it selects one true or false a row.

    Args:
        error: What holds, in words.
    """

    def mark(rule: RowRule) -> RowRule:
        rule.__dict__["error"] = error
        return rule

    return mark


class TableKind(type):
    """The kind of class that a table is; tables are keys of what is made of them."""


class TableModel(metaclass=TableKind):
    """A table: its columns in order, and the rules of its rows.

    A subclass annotates its columns, and may list columns that no two rows share
    together in `unique_together`. Every column must be there, and no other.
    """

    unique_together: tuple[str, ...] = ()
    columns: Mapping[str, ColumnFacts] = {}
    row_rules: Mapping[str, RowRule] = {}

    def __init_subclass__(cls) -> None:
        """Collect the columns and rules that the class states."""
        stated = vars(cls)
        cls.columns = {
            name: ColumnFacts(
                read_type(kind), *(getattr(stated[name], n) for n in SAID)
            )
            for name, kind in stated.get("__annotations__", {}).items()
            if isinstance(stated.get(name), ColumnFacts)
        }
        cls.row_rules = {
            name: rule for name, rule in stated.items() if hasattr(rule, "error")
        }

    @classmethod
    def to_schema(cls) -> "DataFrameSchema":
        """Return the table as a schema of pandera."""
        return make_pandera_model(cls).to_schema()

    @classmethod
    def validate(cls, frame: pl.DataFrame, *, lazy: bool = False) -> Any:
        """Return a frame that keeps every rule, as pandera tells.

        Raises:
            pandera.errors.SchemaErrors: Some rule does not hold; with `lazy` all
                failures are listed.
        """
        return make_pandera_model(cls).validate(frame, lazy=lazy)


SAID = ("nullable", "unique", "rules", "description")
M = TypeVar("M", bound=TableModel)


class DataFrame(pl.DataFrame, Generic[M]):
    """A frame that keeps every rule of its table; only a check gives one."""


def read_type(kind: object) -> pl.DataType:
    """Return the polars type that an annotation stands for.

    >>> read_type(str), read_type(Annotated[pl.Decimal, 14, 2])
    (String, Decimal(precision=14, scale=2))
    """
    if get_origin(kind) is Annotated:
        found, *arguments = get_args(kind)
        return found(*arguments)  # type: ignore[no-any-return]
    if kind in TYPES:
        return TYPES[kind]
    return kind()  # type: ignore[operator, no-any-return]


@cache
def make_pandera_model(table: type[TableModel]) -> "type[DataFrameModel]":
    """Make the pandera model of a table, with the same columns and rules."""
    import pandera.polars as pa

    config = {"strict": True, "unique": list(table.unique_together) or None}
    stated: dict[str, Any] = {
        "__module__": table.__module__,
        "__doc__": table.__doc__,
        "__annotations__": {
            name: table.__annotations__[name] for name in table.columns
        },
        "Config": type("Config", (), config),
    }
    for name, facts in table.columns.items():
        stated[name] = pa.Field(
            nullable=facts.nullable,
            unique=facts.unique,
            description=facts.description or None,
            **facts.rules,
        )
    for name, rule in table.row_rules.items():
        stated[name] = pa.dataframe_check(error=rule.__dict__["error"])(rule)
    bases = (pa.DataFrameModel,)
    made = new_class(table.__name__, bases, exec_body=lambda own: own.update(stated))
    return cast("type[DataFrameModel]", made)
