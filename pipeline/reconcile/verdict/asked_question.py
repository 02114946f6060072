"""Ask a figure's question of its publisher: under which codes, of which years.

The page names an occupation; its publisher has had it under several codes. The page
names a year, or a bare one in which the figures of the year before were the newest, or
none. Industries are asked for by their words, since every source writes them its own
way.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.reconcile.evidence.code_lines import SAME
from pipeline.reconcile.evidence.industry_names import find_cohort_words
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.field_readings import PLAIN, FieldReading

Row = Mapping[str, Any]
BARE_YEAR = re.compile(r"^\d{4}$")
POINTS = ("mean", "median", "p10", "p25", "p75", "p90")
ENDS = {"minimum": "p10", "maximum": "p90"}
EITHER_AVERAGE = ("median", "mean")


@dataclass(frozen=True)
class AskedQuestion:
    """One figure's question, and the cells that may answer it.

    Args:
        row: The draft figure.
        publisher: Whose cells are looked at: who is named, or whose figures they are.
        codes: Every code of the occupation's line, `same` or `part` of it.
        cells: The publisher's figures under these codes, of the page's places.
        reading: How the page's fields were read.
        page_year: As of which the page speaks, where it says so.
        is_lent: The page names the publisher for other figures, not for this one.
        around: Words that stand around the figure, singular.
        of_other_basis: Cells of another pay concept: total pay beside base pay.
        is_profiled: Its publisher has figures of this occupation and others together.
        declared: The year that the page states once for all of the publisher's figures.
    """

    row: Row
    publisher: str
    codes: Mapping[str, str]
    cells: tuple[Reference, ...]
    reading: FieldReading = PLAIN
    page_year: int | None = None
    is_lent: bool = False
    around: frozenset[str] = frozenset()
    of_other_basis: tuple[Reference, ...] = ()
    is_profiled: bool = False
    declared: int | None = None

    @cached_property
    def meant(self) -> frozenset[str]:
        """Codes that the page's own word means."""
        return frozenset((self.row["soc_candidates"] or "").split("|")) - {""}

    @cached_property
    def statistics(self) -> tuple[str, ...]:
        """What the figure may be: its statistic; either average where none is said."""
        stated = self.row["statistic"]
        return EITHER_AVERAGE if stated == "unspecified" else (stated,)

    @property
    def year(self) -> int | None:
        """The year that the page says, or None."""
        year: int | None = self.row["year"]
        return year

    @property
    def spoken_year(self) -> int | None:
        """The year that the page says of it or of all figures; else the newest."""
        if self.year is not None:
            return self.year
        if self.declared in self.years:
            return self.declared
        return self.years[0] if self.years else None

    @cached_property
    def is_bare_year(self) -> bool:
        """Whether the page says a year and no month: it may be that of publication."""
        return bool(BARE_YEAR.match(self.row["reference_period"] or ""))

    @cached_property
    def here(self) -> tuple[Reference, ...]:
        """Cells of the asked place and people, whatever their statistic and year."""
        return tuple(
            r
            for r in self.cells
            if r.area_code == self.row["area_code"] and self.is_same_people(r)
        )

    @cached_property
    def own(self) -> tuple[Reference, ...]:
        """Cells of the asked statistic too, of every year."""
        return tuple(r for r in self.here if r.statistic in self.statistics)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years of these, newest first."""
        return tuple(sorted({r.year for r in self.own}, reverse=True))

    def of_year(self, cells: Iterable[Reference], year: int | None) -> list[Reference]:
        """Return the cells of a year, those of the code that is meant first."""
        found = [r for r in cells if r.year == year]
        return sorted(
            found, key=lambda r: (r.soc not in self.meant, r.hand, r.claim_id)
        )

    def is_whole(self, reference: Reference) -> bool:
        """Whether a cell is of the occupation itself, not of what it was a part of."""
        return self.codes.get(reference.soc) == SAME

    @cached_property
    def industry(self) -> frozenset[str]:
        """Words of the one industry or kind of employer that narrows the people."""
        return find_cohort_words(self.row["cohort"])

    def is_same_people(self, reference: Reference) -> bool:
        """Whether a cell is of the same people: of all, or of the industry named."""
        if reference.cohort == self.row["cohort"]:
            return True
        return bool(self.industry) and self.industry <= find_cohort_words(
            reference.cohort
        )

    @cached_property
    def of_industries(self) -> tuple[Reference, ...]:
        """Cells of the industries whose names stand around a figure.

        Of one of everybody, or of a kind of employer that the name says more of: the
        federal executive branch is `government`.
        """
        if not (self.describes_all or self.industry):
            return ()
        return tuple(
            r
            for r in self.cells
            if r.area_code == self.row["area_code"]
            and r.statistic in self.statistics
            and (words := find_cohort_words(r.cohort))
            and words <= self.around
        )

    @property
    def describes_all(self) -> bool:
        """Whether the figure is of everybody in the occupation."""
        return bool(self.row["cohort"] == "all")
