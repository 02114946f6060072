"""How much of a page was read: the line under every list of claims."""

from collections import Counter
from dataclasses import dataclass

from pipeline.core.model import Document
from pipeline.extract.extraction import Extraction

MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many figures of a page were read, and what was not.

    Args:
        read: Figures that became claims.
        set_aside: How many were not, by reason.
        unread: Claims that words narrow which nothing understood.
        unplaced: Claims with a field whose candidates were all too weak.
        lost: Amounts that are neither claimed nor set aside, as another finder sees.
        language: BCP 47 tag of a page whose words are not read; "" where they are.
    """

    read: int
    set_aside: dict[str, int]
    unread: int
    unplaced: int
    lost: int = 0
    language: str = ""

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
        if self.lost:
            said += f" {_count(self.lost, 'amount')} passed over: `--all` lists them."
        if self.language:
            said += f" The page is in {self.language!r}, whose words are not read."
        return said


def measure_coverage(extraction: Extraction, document: Document) -> Coverage:
    """Count what was read of a page, and what was not."""
    claims = extraction.claims
    reasons = Counter(extraction.set_aside["reason"].to_list())
    return Coverage(
        claims.height,
        dict(reasons),
        int(claims["unread"].is_not_null().sum()),
        int(claims["basis"].str.contains(":unread").fill_null(value=False).sum()),
        len(extraction.lost),
        extraction.language,
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
