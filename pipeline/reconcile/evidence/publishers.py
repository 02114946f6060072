"""What each publisher publishes, and what it never does."""

from dataclasses import dataclass

from pipeline.core.vocabulary import Vocabulary

DIMENSIONS = {
    "credential": "bands",
    "credential_count": "bands",
    "experience": "bands",
    "specialty": "bands",
    "work_mode": "bands",
}

POINTS = ("mean", "median", "p10", "p25", "p75", "p90")


@dataclass(frozen=True)
class Publishers:
    """Rows of vocabularies/publishers.csv, by id.

    Args:
        source_order: Place of each source.
    """

    names: dict[str, str]
    statistics: dict[str, frozenset[str]]
    bands: dict[str, bool]
    official: frozenset[str]
    source_order: dict[str, int]

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "Publishers":
        """Read them once."""
        table = vocabulary.read_table(
            *("publishers", "id", "name", "statistics", "bands", "official", "source")
        )
        rows = list(table.iter_rows(named=True))
        return cls(
            names={r["id"]: r["name"] for r in rows},
            statistics={
                r["id"]: frozenset((r["statistics"] or "").split()) for r in rows
            },
            bands={r["id"]: r["bands"] != "no" for r in rows},
            official=frozenset(r["id"] for r in rows if r["official"] == "yes"),
            source_order={
                source: place
                for r in rows
                for place, source in enumerate((r["source"] or "").split("|"))
                if source
            },
        )

    def display_name(self, publisher: str) -> str:
        """As people call it; an unknown one by its key; several joined by and."""
        each = [self.names.get(p, p.replace("_", " ")) for p in publisher.split("+")]
        return " and ".join(each)

    def find_unpublished(
        self, publisher: str, cohort: str, statistic: str
    ) -> str | None:
        """`bands` for a group, `statistic` for a measure that it never publishes."""
        dimensions = {part.partition("=")[0] for part in cohort.split(";")}
        if not self.bands.get(publisher, True) and dimensions & DIMENSIONS.keys():
            return "bands"
        point = statistic in POINTS and not self.publishes_statistic(
            publisher, statistic
        )
        return "statistic" if point else None

    def publishes_statistic(self, publisher: str, statistic: str) -> bool:
        """Whether it publishes that statistic, as far as its row says."""
        known = self.statistics.get(publisher)
        return not known or statistic in known
