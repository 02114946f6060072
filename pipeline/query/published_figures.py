"""Describe a publisher's own figure for people: in words, with its public table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipeline.core.model import Source
from pipeline.core.public_tables import find_public_table, write_edition
from pipeline.core.source_facts import list_source_ids, read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.suggested_words import write_amount

INDUSTRY = "industry="
PAGES = ("text/html", "application/xhtml+xml")
Figure = Mapping[str, Any]


@dataclass(frozen=True)
class PublishedFigures:
    """Describes figures of a release by the words of the vocabularies.

    Args:
        words: Code to words, of statistics and units.
        titles: Occupation code to its official title.
        areas: Area code to name, level and postal code.
        addresses: Snapshot id to the address of a page that it is; "" of other files.
    """

    words: Mapping[str, str]
    titles: Mapping[str, str]
    areas: Mapping[str, tuple[str, str, str]]
    addresses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_vocabulary(
        cls, vocabulary: Vocabulary, snapshots: list[Mapping[str, str]]
    ) -> "PublishedFigures":
        """Read words, titles and areas; `snapshots` are those of the manifest."""
        words = vocabulary.read_table("words", "code", "words")
        titles = vocabulary.read_table("occupations", "soc", "title")
        areas = vocabulary.read_table("areas", "code", "name", "level", "postal")
        return cls(
            dict(words.select("code", "words").iter_rows()),
            dict(titles.select("soc", "title").unique("soc", keep="first").iter_rows()),
            {
                code: (name, level, (postal or "").lower())
                for code, name, level, postal in areas.select(
                    "code", "name", "level", "postal"
                ).iter_rows()
            },
            {s["id"]: s["url"] for s in snapshots if s["media_type"] in PAGES},
        )

    def describe(self, found: Figure, currency: str | None) -> dict[str, Any]:
        """Describe a figure: what it is, of whom, and where everybody can read it.

        Args:
            found: `amount`, `unit`, `cell`, `source`, `release` and `snapshot` of it.
            currency: Of the cell.
        """
        soc, area_code, *cohort, _, statistic, _ = found["cell"].split("/")
        people = "/".join(cohort)
        area, level, postal = self.areas.get(area_code, (area_code, "", ""))
        values = {"area": area, "area_code": area_code, "postal": postal}
        edition = found["release"] or ""
        source = find_source(found["source"])
        table = {"name": found["source"], "address": ""}
        if source is not None:
            holds = "industry" if people.startswith(INDUSTRY) else level
            public = find_public_table(source, holds, edition, values)
            address = self.addresses.get(found["snapshot"], "")
            table = {
                "name": public.name,
                "address": keep_web(address or public.address),
            }
        title = self.titles.get(soc)
        return {
            **{name: found[name] for name in ("amount", "unit", "cell")},
            "money": write_amount(found["amount"], currency),
            "statistic": self.words.get(statistic, statistic),
            "occupation": f"{title} ({soc})" if title else soc,
            "people": [] if people == "all" else [people.replace("=", " ")],
            "area": area,
            "edition": write_edition(edition),
            "publisher": source.publisher if source else found["source"],
            "table": table,
        }


@cache
def find_source(source_id: str) -> Source | None:
    """Return the facts of a source; None of one that this version does not have."""
    return read_source(source_id) if source_id in list_source_ids() else None


def keep_web(address: str) -> str:
    """Return an address that a browser may be led to; "" for any other.

    >>> keep_web("javascript:alert(1)")
    ''
    """
    return address if address.startswith(("https://", "http://")) else ""
