"""Opens the release that is asked for: the latest, a named one, or that of a day."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

from pipeline.core.errors import Damaged
from pipeline.core.store import Home
from pipeline.query import release_pointers
from pipeline.query.published import Release, find_release, open_latest
from pipeline.query.release_db import FILE, ReleaseDatabase
from pipeline.serve.problem_details import Problem

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
logger = logging.getLogger(__name__)
MAX_OPEN = 4  # databases at a time: the latest and those that are compared with it
# Name, time of the last change in nanoseconds and bytes of every file of a release.
State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class OpenReleases:
    """The releases of a home, each hashed and its database opened once."""

    home: Home
    _open: dict[str, tuple[Release, ReleaseDatabase]] = field(default_factory=dict)
    # The latest one that was sound.
    _good: list[tuple[Release, ReleaseDatabase]] = field(default_factory=list)
    # By name, as it was when it was hashed: sound, or with this damage.
    _hashed: dict[str, tuple[State, Damaged | None]] = field(default_factory=dict)

    def get_latest(self) -> tuple[Release, ReleaseDatabase]:
        """Return the latest release and its database.

        Where its files are not as they were published, the one that was served before
        is served on.

        Raises:
            Problem: There is none yet, or it is damaged and none was served before.
        """
        name = release_pointers.read_pointer(self.home, release_pointers.LATEST)
        if name is None:
            raise Problem(503, "There is no release yet. Run `payproof refresh`.")
        try:
            find = partial(open_latest, self.home)
            found = self._open_hashed(name, find)
        except Damaged as error:
            if not self._good:
                raise Problem(503, str(error)) from error
            return self._good[0]
        self._good[:] = [found]
        return found

    def _open_hashed(
        self, name: str, find: Callable[[], Release]
    ) -> tuple[Release, ReleaseDatabase]:
        """Open a release whose files are as they were published.

        All of it is read for that: once, until a file of it has changed.

        Args:
            name: Of the release.
            find: Finds it.

        Raises:
            NotFound: There is none.
            Damaged: A file is not as it was published.
        """
        if (there := self._open.get(name)) is not None:
            return there
        state = read_state(self.home, name)
        known, damage = self._hashed.get(name, (None, None))
        if known == state and damage is not None:
            # Raised anew at every request: each would leave its frames on the error.
            raise damage.with_traceback(None)
        try:
            release = find()
            if release.name != name:  # the pointer moved meanwhile
                return self._open_hashed(release.name, find)
            if known != state:
                release.check_digests()
        except Damaged as error:
            self._hashed[name] = (state, error)
            logger.error("%s", error)
            raise
        self._hashed[name] = (state, None)
        return self._open_database(release)

    def get(
        self, release: str | None, as_of: str | None
    ) -> tuple[Release, ReleaseDatabase]:
        """Return the release that was asked for and its database.

        Args:
            release: Its name; None: the latest.
            as_of: ISO date: the newest release whose sources were read by that day.

        Raises:
            Problem: Both are given, the day is none, there was no release then, or a
                file of it is not as it was published.
            NotFound: There is no such release.
        """
        if release is None and as_of is None:
            return self.get_latest()
        if release is not None and as_of is not None:
            raise Problem(409, "Give `release` or `as_of`, not both.")
        name = self.find_name_on(as_of or "") if release is None else release
        try:
            find = partial(find_release, self.home, name)
            return self._open_hashed(name, find)
        except Damaged as error:
            raise Problem(503, str(error)) from error

    def find_name_on(self, day: str) -> str:
        """Find the name of the newest release of a day or before.

        A release's name starts with the day on which its newest source was read.

        Raises:
            Problem: It is no ISO date, or there was no release yet.
        """
        if not is_day(day):
            raise Problem(400, f"as_of: {day!r} is no ISO date such as 2026-11-01.")
        before = [n for n in release_pointers.list_releases(self.home) if n[:10] <= day]
        if not before:
            raise Problem(404, f"There was no release on {day} yet.")
        # Behind the day is a digest, which has no order: of several releases of one day
        # the latest is the one of the pointer, else the one that was written last.
        newest = max(name[:10] for name in before)
        same = [name for name in before if name[:10] == newest]
        current = release_pointers.read_pointer(self.home, release_pointers.LATEST)
        return (
            current
            if current in same
            else find_last_written(self.home.curated, tuple(same))
        )

    def _open_database(self, release: Release) -> tuple[Release, ReleaseDatabase]:
        pair = (release, ReleaseDatabase(release.folder / FILE))
        while len(self._open) >= MAX_OPEN:
            self._open.pop(next(iter(self._open)))
        self._open[release.name] = pair
        return pair


def read_state(home: Home, name: str) -> State:
    """Read the names, times and sizes of a release's files; none of what is none."""
    if name not in release_pointers.list_releases(home):
        return ()
    found = []
    for path in sorted((home.curated / name).iterdir()):
        try:
            facts = path.stat()
        except OSError:
            continue  # just replaced, or removed: it has another state in a moment
        if path.is_file():
            found.append((path.name, facts.st_mtime_ns, facts.st_size))
    return tuple(found)


def is_day(text: str) -> bool:
    """Tell whether a text is an ISO date of the calendar, such as 2026-11-01."""
    # `fromisoformat` alone takes 20261101 and 2026-W44-7 as well, which do not sort as
    # the names of releases do.
    if not DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


# Kept, because a release does not change and the files are looked at for every request.
@lru_cache(maxsize=64)
def find_last_written(folder: Path, names: tuple[str, ...]) -> str:
    """Find the one of some releases that was written last, by its manifest's time."""
    times = {n: (folder / n / "manifest.json").stat().st_mtime_ns for n in names}
    return max(names, key=lambda name: (times[name], name))
