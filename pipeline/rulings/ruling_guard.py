"""Evaluate the guard of a decision, and digest the evidence that its author saw."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.core.errors import UnknownLabel
from schemas.former import UNKNOWN_YEAR, YEAR, name_today

# Matches `status=contested` and `annual > 40000`. The longer signs come first, or `<=`
# would be read as `<` and a value that begins with `=`.
TERM = re.compile(r"^\s*([a-z_]+)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*$")
# Hex digits of a digest in the file: 48 bits, to tell apart what one target looked like
# at different times.
DIGITS = 12
# What a figure says, and who says it. Ids, locators and snapshots are left out, as a
# page that was saved again changes them.
EVIDENCE = (
    "source",
    "publisher",
    "primary",
    "quote",
    "annual_low",
    "annual",
    "annual_high",
    "currency",
    "availability",
)


def find_failing_term(expect: str, row: Mapping[str, Any], where: str) -> str | None:
    """Return the first term of a guard that does not hold, as a sentence, or None.

    Args:
        expect: Terms joined by `;`, each a column, one of `= != < <= > >=` and a
            value: `status=contested;annual>40000`.
        row: The target without the ruling: a cell, discrepancy or figure.
        where: The file and row that hold the guard, for messages.

    Raises:
        UnknownLabel: A term cannot be read, or names a column that is not there.
    """
    for term in expect.split(";"):
        found = TERM.match(term)
        # A guard of an earlier version holds on under the column's name of today.
        if found is None or (name := name_today(found[1])) not in row:
            raise UnknownLabel(f"the guard of {where}", [term], where)
        sign, wanted = found[2], found[3]
        # Cells write `?` for a year that nobody says, and so do guards.
        unknown = name == YEAR and wanted == UNKNOWN_YEAR
        if not term_holds(row[name], sign, "" if unknown else wanted):
            return f"expected {name}{sign}{wanted}, found {format_value(row[name])}"
    return None


def term_holds(value: Any, sign: str, wanted: str) -> bool:
    """Return whether one comparison holds: as numbers where both are, else as text.

    An empty value is neither more nor less than anything.
    """
    one, other = parse_number(value), parse_number(wanted)
    if one is not None and other is not None:
        below, same = one < other, one == other
    # A guard may write `primary=true`; Python writes `True`.
    elif isinstance(value, bool):
        below, same = False, format_value(value).casefold() == wanted.casefold()
    else:
        below, same = format_value(value) < wanted, format_value(value) == wanted
    if sign in ("=", "!="):
        return same == (sign == "=")
    if value is None or one is None or other is None:
        return False
    return {"<": below, "<=": below or same, ">": not below and not same}.get(
        sign, not below
    )


def parse_number(value: Any) -> Decimal | None:
    """Return a value as a finite number, or None where it is none."""
    try:
        # Guards may be written as pages print: `annual=48,780`.
        found = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def parse_range(value: Any) -> tuple[Decimal, Decimal] | None:
    """Return a value as the two ends of a range, or None where it is none.

    >>> parse_range("45,000-60,000")
    (Decimal('45000'), Decimal('60000'))
    """
    low, dash, high = str(value).partition("-")
    one, other = parse_number(low), parse_number(high)
    return (one, other) if dash and one is not None and other is not None else None


def format_value(value: Any) -> str:
    """Return a value as a guard writes it; empty for None."""
    return "" if value is None else str(value)


def digest_evidence(
    rows: Iterable[Mapping[str, Any]], fields: Iterable[str] = EVIDENCE
) -> str:
    """Return a digest of rows; the same rows in any order give the same digits.

    Locators are left out: a page that was saved again with the same words is no new
    evidence.
    """
    names = tuple(fields)
    lines = sorted(
        # Separators of unit and record, so that two fields or rows never run into one.
        "\x1f".join(format_value(row[name]) for name in names)
        for row in rows
    )
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()[:DIGITS]
