"""Holds what pages are drawn from: tables, words, stored bytes, addresses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.archive.fetch_log import FetchAttempt
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.release_db import ReleaseDatabase, Row
from pipeline.site.jinja_environment import get_environment
from pipeline.site.page_links import Links

MAX_BODIES = 6  # parsed pages and tables that are kept in memory at a time


@dataclass(frozen=True)
class ReleaseView:
    """An open release with everything that a page of it is drawn from.

    Args:
        release: Its name.
        manifest: Its manifest.json.
        database: Its database.
        vocabulary: Reasons, severities, the focus.
        locate: A path, as the table of snapshots has it, to where the bytes are.
        looks: A source to its fetch attempts, the first one first.
        history: A cell to its changes from release to release: rows of `old`, `new`
            (releases), `column`, `before` and `after`.
        policies: A cell to what each policy would answer: rows of `policy`, `annual`.
        links: How addresses are spelled.
        cache: Of `get_or_make`; one for all views of the release.
    """

    release: str
    manifest: Mapping[str, Any]
    database: ReleaseDatabase
    vocabulary: Vocabulary
    locate: Callable[[str], Path]
    looks: Callable[[str], Sequence[FetchAttempt]]
    history: Callable[[str], Sequence[Row]]
    policies: Callable[[str], Sequence[Row]] = lambda cell: ()
    links: Links = field(default_factory=Links)
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    def with_links(self, links: Links) -> "ReleaseView":
        """Return the same view with other addresses; the cache is shared."""
        return replace(self, links=links)

    def query_rows(self, statement: str, *values: Any) -> list[Row]:
        """Return the rows of an SQL query whose values are bound to its `?`."""
        return self.database.run_query(statement, *values)

    def get_or_make(self, name: str, make: Callable[[], Any]) -> Any:
        """Return a value of the cache, made where it is not there.

        For what costs much and holds as long as the release does.

        Args:
            name: `<what>`, or `<what>:<snapshot>`, of which only the last are kept.
            make: Makes the value; called again where two threads miss it at once.
        """
        found = self.cache.get(name)
        if found is None:
            found = self.cache[name] = make()
            # Names with a colon hold a parsed page or table, which is large. Pages are
            # drawn in threads: another one may add or drop a key meanwhile.
            bodies = [key for key in tuple(self.cache) if ":" in key]
            for key in bodies[:-MAX_BODIES]:
                self.cache.pop(key, None)
        return found

    def has_table(self, table: str) -> bool:
        """Return whether the release has a table; older ones lack some."""
        return table in self.database.columns

    @cached_property
    def reasons(self) -> dict[str, str]:
        """Reason code to its sentence."""
        table = self.vocabulary.read_table("reasons", "code", "sentence")
        return dict(table.select("code", "sentence").iter_rows())

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Id of a publisher to its name."""
        table = self.vocabulary.read_table("publishers", "id", "name")
        return dict(table.select("id", "name").iter_rows())

    @cached_property
    def areas(self) -> dict[str, str]:
        """Code to name of every area of the vocabularies."""
        table = self.vocabulary.read_table("areas", "code", "name")
        return dict(table.select("code", "name").iter_rows())

    def find_titled_codes(self, words: Sequence[str]) -> set[str]:
        """Find the SOC codes of the titles in titles.csv that have all of the words."""
        table = self.vocabulary.read_table("titles", "title", "soc")
        fits = [pl.col("title").str.contains(word, literal=True) for word in words]
        return set(table.filter(pl.all_horizontal(fits))["soc"])

    @cached_property
    def focus_codes(self) -> list[str]:
        """SOC codes of the occupations in focus."""
        families = self.vocabulary.read_table("focus", "family")["family"].to_list()
        table = self.vocabulary.read_table("occupations", "soc", "family")
        rows = table.filter(pl.col("family").is_in(families))
        return sorted(rows["soc"].unique())

    def draw_page(self, template: str, **facts: Any) -> bytes:
        """Render a template of this folder as UTF-8, with the facts of every page.

        Args:
            template: Name without `.html.j2`.
            facts: What the template reads besides.
        """
        found = get_environment().get_template(f"pages/{template}.html.j2")
        said = {
            "links": self.links,
            "release": self.release,
            "demonstration": bool(self.manifest["demonstration"]),
            "areas": self.areas,
            "publishers": self.publishers,
            "reasons": self.reasons,
        }
        return found.render(**said | facts).encode()
