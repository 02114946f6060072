"""Ask whether a frame keeps every rule of its table, all rules at once.

pandera looks at a frame some hundred times, to say of every rule which rows break it:
40 ms for a page with one figure, most of the time of a refresh with thousands of them,
and a second to load it. Most frames break no rule. So the rules of a table are asked
together here, and pandera says what is wrong where one is broken: nothing passes that
pandera would not pass.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from schemas.table_model import TableData, TableModel

ANY_COLUMN = "*"  # what pandera calls the whole frame where it names a column
Holds = Callable[[pl.LazyFrame], pl.LazyFrame]


class KnownRules(NamedTuple):
    """The rules of a table, by what they are of.

    Args:
        types: Column to its type; no other columns may be there.
        filled: Columns without nulls.
        keys: Columns, or several together, that no two rows share.
        checks: A column, or `*` for the frame, and what holds of it: a null is a pass.
    """

    types: dict[str, pl.DataType]
    filled: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    checks: tuple[tuple[str, Holds], ...]


@cache
def read_rules(model: type[TableModel]) -> KnownRules:
    """Read the rules of a table."""
    columns = model.columns
    of_rows = [(ANY_COLUMN, make_row_check(model, r)) for r in model.row_rules.values()]
    return KnownRules(
        {name: facts.dtype for name, facts in columns.items()},
        tuple(name for name, facts in columns.items() if not facts.nullable),
        (
            *((name,) for name, facts in columns.items() if facts.unique),
            *((model.unique_together,) if model.unique_together else ()),
        ),
        (
            *of_rows,
            *(
                (name, make_column_check(pl.col(name), rule, given))
                for name, facts in columns.items()
                for rule, given in facts.rules.items()
            ),
        ),
    )


def make_row_check(model: type[TableModel], rule: Callable[..., pl.LazyFrame]) -> Holds:
    """Make a check of a rule that looks at whole rows."""
    return lambda frame: rule(model, TableData(frame))


def make_column_check(column: pl.Expr, rule: str, given: Any) -> Holds:
    """Make a check of a column's rule, which means what it means to pandera."""
    meanings: Mapping[str, Callable[[], pl.Expr]] = {
        "isin": lambda: column.is_in(list(given)),
        # pandera puts the mark of the beginning before a pattern that has none.
        "str_matches": lambda: column.str.contains(f"^{given.removeprefix('^')}"),
        "ge": lambda: column >= given,
        "le": lambda: column <= given,
        "in_range": lambda: column.is_between(given["min_value"], given["max_value"]),
    }
    holds = meanings[rule]()
    return lambda frame: frame.select(holds)


def keeps_every_rule(model: type[TableModel], frame: pl.DataFrame) -> bool:
    """Return whether a frame keeps every rule of a table.

    Args:
        model: The table.
        frame: Of any columns.
    """
    rules = read_rules(model)
    if dict(frame.schema) != rules.types:
        return False
    if any(frame[name].null_count() for name in rules.filled):
        return False
    # To pandera a number that is none is a null as well.
    floats = [n for n in rules.filled if frame.schema[n].is_float()]
    if any(frame[name].is_nan().any() for name in floats):
        return False
    if any(frame.select(key).is_duplicated().any() for key in rules.keys):
        return False
    return all_checks_hold(rules, frame)


def all_checks_hold(rules: KnownRules, frame: pl.DataFrame) -> bool:
    """Return whether every check passes, in one look at the frame."""
    lazy = frame.lazy()
    held = pl.first().fill_null(value=True).all()
    asked = [
        check(lazy).select(held.alias(str(place)))
        for place, (_, check) in enumerate(rules.checks)
    ]
    if not asked:
        return True
    return all(pl.concat(asked, how="horizontal").collect().row(0))
