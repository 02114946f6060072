"""Name the columns that had other names in earlier versions, and until when they hold.

A release of 2.x has `speaks` and `settled_by`, and `year` as text, with `?` for a year
that no page says. Releases, guards and kept changes of that time are read for ever;
over HTTP the old names are answered for one version, beside today's.
"""

from collections.abc import Mapping

# Table to the column's former name and today's.
RENAMED: Mapping[str, Mapping[str, str]] = {
    "provenance": {"speaks": "is_independent"},
    "salaries": {"settled_by": "would_be_settled_by"},
}
FORMER = tuple(c for names in RENAMED.values() for c in names)
# Tables whose `year` was text.
DATED = ("figures", "salaries")
YEAR, YEAR_KNOWN = "year", "is_year_known"
# In cells and guards it still is: cells kept their names when `year` became a number,
# so that rulings and links of before hold.
UNKNOWN_YEAR = "?"

SINCE = "3.0"  # version of the tables that brought today's names
GONE_IN = "4.0"  # the version whose answers have today's names alone
SINCE_DAY = "2026-11-30"  # from which the old names are deprecated


def name_today(column: str) -> str:
    """Return today's name of a column of any table."""
    return next((new[column] for new in RENAMED.values() if column in new), column)
