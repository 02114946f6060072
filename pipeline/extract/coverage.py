"""How much of a page was read: the line under every list of claims."""

from collections import Counter
from dataclasses import dataclass

from pipeline.core.model import Document
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract.extraction import Extraction, find_lost_figures
from pipeline.extract.languages import find_unread_language

MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many figures of a page were read, and what was not.

    Args:
        read: Figures that became claims.
        set_aside: How many were not, by reason.
        unread: Claims that words narrow which nothing understood.
        unplaced: Claims with a field whose candidates were all too weak.
        passed_over: Start, end and text of amounts that are neither claimed nor set
            aside, as another finder sees them.
        language: BCP 47 tag of a page whose words are not read; "" where they are.
        unread_data: Numbers of the page's data that may be pay, under names that are
            not known.
        notes: What reading passed over, one sentence each: scripts that are no data.
    """

    read: int
    set_aside: dict[str, int]
    unread: int
    unplaced: int
    passed_over: tuple[tuple[int, int, str], ...] = ()
    language: str = ""
    unread_data: int = 0
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in one sentence or two."""
        left = sum(self.set_aside.values())
        told = sorted(self.set_aside.items(), key=lambda x: (-x[1], x[0]))
        listed = ", ".join(f"{n} {name}" for name, n in told[:MOST_REASONS])
        more = ", …" if len(told) > MOST_REASONS else ""
        said = f"{_count(self.read, 'figure')} read, {left} set aside"
        said += f" ({listed}{more})" if left else ""
        said += f", {self.unread} with words that were not understood."
        if self.unplaced:
            said += f" {self.unplaced} name something that is not surely theirs."
        if lost := len(self.passed_over):
            said += f" {_count(lost, 'amount')} passed over: `--all` lists them."
        if self.unread_data:
            said += (
                f" {_count(self.unread_data, 'number')} of its data not read: what "
                "they are called is not known."
            )
        if self.notes:
            more = f" and {len(self.notes) - 1} more" if len(self.notes) > 1 else ""
            said += f" Data not read: {self.notes[0]}{more}."
        if self.language:
            said += f" The page is in {self.language!r}, whose words are not read."
        return said


def measure_coverage(
    extraction: Extraction, document: Document, vocabulary: Vocabulary
) -> Coverage:
    """Count what was read of a page, and let another finder look for what was not."""
    claims = extraction.claims
    reasons = Counter(extraction.set_aside["reason"].to_list())
    return Coverage(
        claims.height,
        dict(reasons),
        int(claims["unread"].is_not_null().sum()),
        int(claims["basis"].str.contains(":unread").fill_null(value=False).sum()),
        tuple(find_lost_figures(extraction, document, vocabulary)),
        find_unread_language(document, vocabulary),
        len(extraction.unread_data),
        document.notes,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
