"""Names that columns had in the versions before, and until when they are answered.

A release of 2.x says `speaks` and `settled_by`, and has `year` as text with `?` for one
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
UNKNOWN_YEAR = "?"  # in cells and guards it still is

SINCE = "3.0"  # version of the tables that brought today's names
GONE_IN = "4.0"  # the version whose answers have today's names alone
SINCE_DAY = "2026-11-30"  # from which the old names are deprecated


def name_today(column: str) -> str:
    """Give today's name of a column of any table."""
    return next((new[column] for new in RENAMED.values() if column in new), column)
