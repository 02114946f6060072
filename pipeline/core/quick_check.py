"""Ask whether a frame keeps every rule of its schema, all rules at once.

pandera looks at a frame some hundred times, to say of every rule which rows break it:
40 ms for a page with one figure, and most of the time of a refresh with thousands of
them. Most frames break none. So the rules of the model are asked together here, and
pandera says what is wrong where one is broken, or where this module does not know a
rule: it never passes what pandera would not.
"""

from functools import cache
from typing import Any, NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.api.polars.types import PolarsData

ANY_COLUMN = "*"  # what pandera calls the whole frame where it names a column


class KnownRules(NamedTuple):
    """The rules of a model, by what they are of.

    Args:
        types: Column to its type; no other columns may be there.
        filled: Columns without nulls.
        keys: Columns, or several together, that no two rows share.
        checks: A column, or `*` for the frame, and what holds of it.
    """

    types: dict[str, pl.DataType]
    filled: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    checks: tuple[tuple[str, pa.Check], ...]


@cache
def read_rules(model: type[pa.DataFrameModel]) -> KnownRules | None:
    """Read the rules of a model; None where it has one that is not known here."""
    schema = model.to_schema()
    columns = schema.columns
    checks = [(ANY_COLUMN, check) for check in schema.checks or ()]
    checks += [(name, c) for name, column in columns.items() for c in column.checks]
    if (
        not schema.strict
        or schema.strict == "filter"
        or any((schema.coerce, schema.dtype, schema.ordered, schema.drop_invalid_rows))
        or any(c.coerce or c.regex or not c.required for c in columns.values())
        or any(c.element_wise or c.groupby or c.raise_warning for _, c in checks)
    ):
        return None
    types = {name: column.dtype.type for name, column in columns.items()}
    # pandera fills in what its own checks do only when it is first asked.
    for name, check in checks:
        check(pl.LazyFrame(schema=types), name)
    return KnownRules(
        types,
        tuple(name for name, column in columns.items() if not column.nullable),
        (
            *((name,) for name, column in columns.items() if column.unique),
            *((tuple(schema.unique),) if schema.unique else ()),
        ),
        tuple(checks),
    )


def keeps_every_rule(model: type[pa.DataFrameModel], frame: pl.DataFrame) -> bool:
    """Return whether a frame surely keeps every rule of a model.

    Args:
        model: The schema.
        frame: Of any columns.

    Returns:
        False too where it cannot be told here: then pandera has to be asked.
    """
    rules = read_rules(model)
    if rules is None or dict(frame.schema) != rules.types:
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
    asked = []
    for place, (name, check) in enumerate(rules.checks):
        backend: Any = check.get_backend(lazy)(check)
        found = backend.apply(PolarsData(lazy, name))
        if not isinstance(found, pl.LazyFrame):
            return False
        # A null is a pass only where the check says that it looks at no nulls.
        held = pl.first().fill_null(value=bool(check.ignore_na))
        asked.append(found.select(held.all().alias(str(place))))
    if not asked:
        return True
    return all(pl.concat(asked, how="horizontal").collect().row(0))
