"""Refuse, in a sentence, rows of a source that no claim can hold."""

from collections.abc import Iterator
from contextlib import contextmanager

from pandera.errors import SchemaErrors

from pipeline.core.errors import LayoutChanged

TABLE = "Claims"


@contextmanager
def refuse_impossible_claims(where: str, change: str) -> Iterator[None]:
    """Name the columns of claims made within the block that hold what none can.

    A changed file has such values in places that its module takes as they are: an
    empty cell, a number beyond all bounds.

    Args:
        where: The file, for the message.
        change: Module of the source.

    Raises:
        LayoutChanged: A row breaks the schema of claims.
    """
    try:
        yield
    except SchemaErrors as error:
        broken = error.failure_cases.select("column", "check").unique().sort("column")
        missing = [
            # A rule over several columns is a sentence; its column is the table.
            f"rows where {rule}"
            if name == TABLE
            else f"a value of {name} that can be one"
            for name, rule in broken.iter_rows()
        ]
        raise LayoutChanged(where, missing, [], change) from error
