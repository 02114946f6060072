"""What pages are drawn from: an open release, words, stored bytes, addresses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.archive.fetch_log import FetchAttempt
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.release_db import ReleaseDatabase, Row
from pipeline.site.jinja_environment import get_environment
from pipeline.site.page_links import Links

MAX_BODIES = 6  # parsed pages and tables at hand at a time


@dataclass(frozen=True)
class ReleaseView:
    """A release, open for drawing.

    Args:
        release: Its name.
        manifest: What it says of itself.
        database: Its database.
        vocabulary: Reasons, severities, the focus.
        body: The stored bytes at a place, as the table of snapshots names it.
        looks: Every look at a source, the first one first.
        history: What changed in a cell from release to release: rows of `old`, `new`
            (releases), `column`, `before` and `after`.
        policies: What each policy would answer: rows of `policy` and `annual`.
        links: How addresses are spelled.
    """

    release: str
    manifest: Mapping[str, Any]
    database: ReleaseDatabase
    vocabulary: Vocabulary
    body: Callable[[str], bytes]
    looks: Callable[[str], Sequence[FetchAttempt]]
    history: Callable[[str], Sequence[Row]]
    policies: Callable[[str], Sequence[Row]] = lambda cell: ()
    links: Links = field(default_factory=Links)
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    def with_links(self, links: Links) -> "ReleaseView":
        """The same with other addresses; what is remembered is shared."""
        return replace(self, links=links)

    def query_rows(self, statement: str, *values: Any) -> list[Row]:
        """The rows of a query; values are bound."""
        return self.database.run_query(statement, *values)

    def get_or_make(self, name: str, make: Callable[[], Any]) -> Any:
        """What costs much and holds as long as the release does.

        Args:
            name: `<what>`, or `<what>:<snapshot>`, of which only the last are kept.
            make: Makes it, where it is not at hand.
        """
        found = self.cache.get(name)
        if found is None:
            found = self.cache[name] = make()
            bodies = [key for key in tuple(self.cache) if ":" in key]
            for key in bodies[:-MAX_BODIES]:
                self.cache.pop(key, None)
        return found

    def has_table(self, table: str) -> bool:
        """The release has the table; older ones lack some."""
        return table in self.database.columns

    @cached_property
    def reasons(self) -> dict[str, str]:
        """Reason code to sentence."""
        table = self.vocabulary.read_table("reasons", "code", "sentence")
        return dict(table.select("code", "sentence").iter_rows())

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Publisher's id to its name."""
        table = self.vocabulary.read_table("publishers", "id", "name")
        return dict(table.select("id", "name").iter_rows())

    @cached_property
    def areas(self) -> dict[str, str]:
        """Code to name of every area that a release may speak of."""
        table = self.vocabulary.read_table("areas", "code", "name")
        return dict(table.select("code", "name").iter_rows())

    def find_titled_codes(self, words: Sequence[str]) -> set[str]:
        """SOC codes of the titles in titles.csv that have every one of the words."""
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
        """A page."""
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
