"""Read how each source is refreshed: when to ask, when it is stale, what may change.

Each source says so beside its other facts, in `pipeline/sources/<id>.toml`. A row of
`vocabularies/watch.csv` overrules it; the row `*` is for sources that say nothing.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary

FILE = "vocabularies/watch.csv"
ANY = "*"
COUNTS = ("look_days", "check_days", "edition_days")
SHARES = ("size", "rows", "areas", "values")
COLUMNS = ("source", "formats", *COUNTS, "season", "season_look_days", *SHARES, "why")
SEASON = re.compile(r"(\d\d-\d\d)\.\.(\d\d-\d\d)")
# `2025-05`, `2024`, `2026-11-02`; of `2024-2034` the base year.
EDITION = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?!\d)")


@dataclass(frozen=True)
class RefreshPolicy:
    """What is expected of one source.

    Args:
        source: Id.
        formats: Endings of what it publishes, without the dot; `flat` for files
            without one.
        look_days: Days between two requests for a file.
        season: First and last day (MM-DD) of the time in which it publishes anew;
            None where any day may be the day.
        season_look_days: Days between two requests in its season.
        check_days: Days without an answer from it after which it is stale.
        edition_days: Days after the end of its newest edition's period after which
            it is stale.
        limits: By measure (`size`, `rows`, `areas`, `values`), the largest share
            that may change outside of its season.
    """

    source: str
    formats: frozenset[str]
    look_days: int
    season: tuple[str, str] | None
    season_look_days: int
    check_days: int
    edition_days: int
    limits: dict[str, float]

    def is_in_season(self, day: str) -> bool:
        """Whether a new release may come on an ISO day."""
        if self.season is None:
            return False
        first, last = self.season
        here = day[5:10]
        if first <= last:
            return first <= here <= last
        return here >= first or here <= last  # a season that spans New Year

    def find_next_fetch_day(self, last: str) -> str:
        """Return the ISO day on which to ask again, after one on the day `last`."""
        day = date.fromisoformat(last[:10])
        usual = day + timedelta(days=self.look_days)
        # The wait that is usual out of season must not reach into it: the first day of
        # a season that comes sooner is taken.
        for ahead in range(self.season_look_days, self.look_days):
            sooner = day + timedelta(days=ahead)
            if self.is_in_season(sooner.isoformat()):
                return sooner.isoformat()
        return usual.isoformat()


def read_refresh_policy(vocabulary: Vocabulary, source: str) -> RefreshPolicy:
    """Return how a source is refreshed.

    Raises:
        UnknownLabel: It has two rows, or a cell that cannot be; the row `*` is gone.
    """
    rows = vocabulary.read_table("watch", *COLUMNS).to_dicts()
    found = [row for row in rows if row["source"] == source]
    found = found or [row for row in rows if row["source"] == ANY]
    if len(found) != 1:
        raise UnknownLabel("watch", [source], FILE)
    return _parse_policy(source, found[0])


def _parse_policy(source: str, row: dict[str, str | None]) -> RefreshPolicy:
    """Parse a row's texts into numbers and days.

    Raises:
        UnknownLabel: A cell that cannot be.
    """
    season = SEASON.fullmatch(row["season"] or ANY)
    if row["season"] and not season:
        raise UnknownLabel(f"watch {source}", [row["season"]], FILE)
    try:
        days = {name: int(row[name] or "") for name in COUNTS}
        limits = {name: float(row[name] or "") for name in SHARES}
        often = int(row["season_look_days"] or days["look_days"])
    except ValueError as error:
        raise UnknownLabel(f"watch {source}", [str(error)], FILE) from error
    return RefreshPolicy(
        source=source,
        formats=frozenset((row["formats"] or "").split()),
        season=(season[1], season[2]) if season else None,
        season_look_days=often,
        limits=limits,
        **days,
    )


def find_period_end(edition: str) -> str:
    """Return the last ISO day of an edition's period; "" where its name is no period.

    >>> find_period_end("2025-05"), find_period_end("2024"), find_period_end("latest")
    ('2025-05-31', '2024-12-31', '')
    """
    found = EDITION.match(edition)
    if not found:
        return ""
    year, month, day = int(found[1]), int(found[2] or 12), found[3]
    try:
        if day:
            return date(year, month, int(day)).isoformat()
        first = date(year, month, 1)
    except ValueError:
        return ""
    # 31 days after the first of a month is always in the next one.
    after = (first + timedelta(days=31)).replace(day=1)
    return (after - timedelta(days=1)).isoformat()
