"""Know what each publisher publishes, and what it never does."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.core.vocabulary import Vocabulary

# Parts of a cohort that a publisher without bands cannot know: the employers of OEWS
# report wages by occupation, not the employees' years or credentials.
DIMENSIONS = frozenset(
    ("credential", "credential_count", "experience", "specialty", "work_mode")
)

SPACES_OF_LONG = 2  # in a name of which the last word alone may stand for it

# Ranges are left out: readers make them of two percentiles, see `judge_range`.
POINTS = ("mean", "median", "p10", "p25", "p75", "p90")


@dataclass(frozen=True)
class Publishers:
    """Rows of vocabularies/publishers.csv, by id.

    Args:
        names: As people call them.
        statistics: Those that a publisher publishes; empty where its row says none.
        bands: Whether it publishes figures of groups, by experience or credential.
        official: Publishers whose figures are official statistics.
        source_order: Source to its place among its publisher's, from 0.
        republished: Publisher to the one whose figures it gives out again.
        spoken: Official publisher to its names of several words, as pages write them.
        by: Publisher to the dimensions that it has figures by, in its row's order.
        never_by: Publisher to those that it never has figures by.
    """

    names: dict[str, str]
    statistics: dict[str, frozenset[str]]
    bands: dict[str, bool]
    official: frozenset[str]
    source_order: dict[str, int]
    republished: dict[str, str] = field(default_factory=dict)
    spoken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    never_by: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "Publishers":
        """Read vocabularies/publishers.csv and what sources add to it."""
        table = vocabulary.read_table(
            *(
                "publishers",
                "id",
                "name",
                "statistics",
                "bands",
                "official",
                "source",
                "aliases",
            )
        )
        rows = list(table.iter_rows(named=True))
        by, never_by = _read_breakdowns(vocabulary)
        return cls(
            by=by,
            never_by=never_by,
            names={r["id"]: r["name"] for r in rows},
            statistics={
                r["id"]: frozenset((r["statistics"] or "").split()) for r in rows
            },
            # An empty cell is no ground to call a quote impossible.
            bands={r["id"]: r["bands"] != "no" for r in rows},
            official=frozenset(r["id"] for r in rows if r["official"] == "yes"),
            source_order={
                source: place
                for r in rows
                for place, source in enumerate((r["source"] or "").split("|"))
                if source
            },
            spoken={
                r["id"]: list_long_names(r) for r in rows if r["official"] == "yes"
            },
            republished=dict(
                vocabulary.read_table("lineage", "publisher", "republishes")
                .select("publisher", "republishes")
                .iter_rows()
            ),
        )

    def display_name(self, publisher: str) -> str:
        """Return the name that people use; an unknown publisher's own key.

        Several publishers, `bls+payscale`, are joined by "and".
        """
        each = [self.names.get(p, p.replace("_", " ")) for p in publisher.split("+")]
        return " and ".join(each)

    def find_unpublished(
        self, publisher: str, cohort: str, statistic: str
    ) -> str | None:
        """Return `bands` or `statistic` where a publisher publishes no such figure.

        None where it may have published it.
        """
        if self.list_lacking(publisher, cohort):
            return "bands"
        point = statistic in POINTS and not self.publishes_statistic(
            publisher, statistic
        )
        return "statistic" if point else None

    def list_lacking(self, publisher: str, cohort: str) -> list[str]:
        """Return what narrows a cohort that a publisher has no figures by, in order."""
        known = frozenset(self.by.get(publisher, ()))
        never = self.never_by.get(publisher, frozenset())
        if not self.bands.get(publisher, True):
            never |= DIMENSIONS - known
        return sorted(find_dimensions(cohort) & never)

    def find_named(self, text: str) -> frozenset[str]:
        """Return the official publishers that a text names whole.

        A short name is none: BLS is Basic Life Support as well.
        """
        small = " ".join(text.lower().split())
        return frozenset(
            publisher
            for publisher, names in self.spoken.items()
            if any(name in small for name in names)
        )

    def find_shortened(self, text: str) -> dict[str, str]:
        """Return what a page may call the official publishers that it names whole.

        Who has written "Occupational Outlook Handbook" goes on with "the Handbook".
        """
        small = " ".join(text.lower().split())
        return {
            name.rpartition(" ")[2]: publisher
            for publisher, names in self.spoken.items()
            for name in names
            if name.count(" ") >= SPACES_OF_LONG and name in small
        }

    def publishes_statistic(self, publisher: str, statistic: str) -> bool:
        """Return whether it publishes a statistic, as far as its row says."""
        known = self.statistics.get(publisher)
        return not known or statistic in known


def _read_breakdowns(
    vocabulary: Vocabulary,
) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    """Read what publishers have figures by, and what never, by publisher."""
    columns = ("publisher", "by", "never_by")
    table = vocabulary.read_table("publisher_breakdowns", *columns).select(columns)
    rows = list(table.iter_rows())
    return (
        {name: tuple(by.split()) for name, by, _ in rows},
        {name: frozenset((never or "").split()) for name, _, never in rows},
    )


def find_dimensions(cohort: str) -> frozenset[str]:
    """Return the names of what narrows the people: of `credential=rn;experience=2-5`.

    >>> sorted(find_dimensions("credential=rn;experience=2-5"))
    ['credential', 'experience']
    """
    return frozenset(part.partition("=")[0] for part in cohort.split(";"))


def list_long_names(row: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the names of several words in a row of publishers.csv, in lower case."""
    names = (row["name"] or "", *(row["aliases"] or "").split("|"))
    return tuple(name.lower() for name in names if " " in name)
