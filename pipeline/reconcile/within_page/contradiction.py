"""Define a contradiction: two or more figures of one page that cannot all be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Contradiction:
    """Two or more figures of one page that cannot all be right.

    Args:
        type: One of `schemas.discrepancies.TYPES`.
        rows: The figures, the one in doubt first.
        why: Code of the test that found it.
        said: What a test computed, in words: "36.8 %", "highest $38.15".
        others: Where the rows are some of many: what the rest are, in words. The
            conflict is then known by its first figure alone.
    """

    type: str
    rows: tuple[Row, ...]
    why: str
    said: str = ""
    others: str = ""
