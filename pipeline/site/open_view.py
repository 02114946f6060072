"""Opens a release for drawing: tables, stored bytes, logs and history as one view.

The server draws each page when it is asked for; `pipeline.release.draw_site` draws the
ones that a static site holds. Both use the same functions of `pipeline.site.pages`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import polars as pl

from pipeline.archive.fetch_log import FetchAttempt
from pipeline.archive.snapshot import Archive
from pipeline.core.errors import NotFound
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.compare import compare_policies
from pipeline.query.former_tables import scan_kept_changes
from pipeline.query.published import Release
from pipeline.query.release_db import FILE, ReleaseDatabase, Row
from pipeline.reconcile.settle.policies import POLICIES
from pipeline.site.pages import ReleaseView


def open_release_view(
    home: Home,
    release: Release,
    vocabulary: Vocabulary,
    database: ReleaseDatabase | None = None,
) -> ReleaseView:
    """Open a release for drawing.

    Args:
        home: Where raw/ and curated/ are.
        release: A published one.
        vocabulary: Reasons, publishers, areas, the occupations in focus.
        database: The release's database where it is open already; else it is opened.

    Raises:
        NotFound: The release has no database.
        Damaged: The database cannot be read.
    """
    return ReleaseView(
        release=release.name,
        manifest=release.manifest,
        database=database or ReleaseDatabase(release.folder / FILE),
        vocabulary=vocabulary,
        locate=partial(find_stored_body, home),
        looks=make_log_reader(home),
        history=CellHistory(home, release.name),
        policies=PolicyAnswers(release, vocabulary),
    )


def find_stored_body(home: Home, place: str) -> Path:
    """Return where the stored bytes at a path below the home are.

    Raises:
        NotFound: The path is outside of raw/, or there is nothing.
    """
    # The path is a value of a release's table, which may have come from elsewhere:
    # `raw/../../etc/passwd` must not become a page (SECURITY.md).
    path = (home.root / place).resolve()
    if not path.is_relative_to(home.raw.resolve()) or not path.is_file():
        raise NotFound("Stored page", place, "Bring raw/ back from a backup.")
    return path


def make_log_reader(home: Home) -> Callable[[str], Sequence[FetchAttempt]]:
    """Return a function from a source to its fetch attempts, the first one first."""

    def looks(source: str) -> Sequence[FetchAttempt]:
        # The id comes from an address: `/source/..` leads nowhere.
        return Archive(home.raw).read_attempts(source)

    return looks


class PolicyAnswers:
    """Computes what each policy would answer for a cell of two independent figures."""

    def __init__(self, release: Release, vocabulary: Vocabulary) -> None:
        """Keep what is needed; nothing is computed yet."""
        self.release, self.vocabulary = release, vocabulary
        self.found: dict[str, Row] | None = None

    def __call__(self, cell: str) -> Sequence[Row]:
        """Return rows of `policy` and `annual` in the policies' order; () for none."""
        # All cells at once: the policies are compared over whole tables.
        if self.found is None:
            rows = compare_policies(self.release, self.vocabulary).iter_rows(named=True)
            self.found = {row["cell"]: row for row in rows}
        row = self.found.get(cell)
        if row is None:
            return ()
        return [{"policy": name, "annual": row[name]} for name in POLICIES]


class CellHistory:
    """Reads what changed in a cell from release to release, from curated/changes/."""

    def __init__(self, home: Home, release: str) -> None:
        """Keep what is needed; nothing is read yet."""
        self.home, self.release = home, release
        self.found: dict[str, list[Row]] | None = None

    def __call__(self, cell: str) -> Sequence[Row]:
        """Return the changes of one cell, the newest first.

        Returns:
            Rows of `cell`, `old`, `new` (releases), `column`, `before` and `after`.
        """
        if self.found is None:
            self.found = {}
            for row in self._read_changes():
                self.found.setdefault(row["cell"], []).append(row)
        return self.found.get(cell, ())

    def _read_changes(self) -> Iterator[Row]:
        """Yield every changed value of every cell, back from this release."""
        # A change of the vocabularies that is taken back leads to the release before:
        # there are both `a..b` and `b..a` then. Stop where a release comes again.
        new, seen = self.release, set[str]()
        while new not in seen:
            seen.add(new)
            steps = sorted((self.home.curated / "changes").glob(f"*..{new}"))
            if not steps:
                return
            # Several releases may have led to this one: take the changes written last.
            step = max(steps, key=lambda path: path.stat().st_mtime_ns)
            old = step.name.partition("..")[0]
            values = scan_kept_changes(step).filter(
                (pl.col("table") == "salaries")
                & pl.col("column").is_in(HISTORY_COLUMNS)
            )
            for row in values.sort("key", "column").collect().iter_rows(named=True):
                yield {"cell": row["key"], "old": old, "new": new,
                       "column": row["column"], "before": row["old"],
                       "after": row["new"]}  # fmt: skip
            new = old


# What a reader of the figure wants to know; the rest follows from it or is bookkeeping.
HISTORY_COLUMNS = (
    "annual", "annual_low", "annual_high", "availability", "chosen", "grade", "policy",
    "rule", "ruling", "status", "would_be_settled_by",
)  # fmt: skip
