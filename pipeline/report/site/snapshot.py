"""A stored page as text, with every figure that was read from it highlighted."""

from collections.abc import Sequence

from pipeline.core.errors import NotFound, PayproofError
from pipeline.query.release_db import Row, make_placeholders
from pipeline.report.site.book import Book
from pipeline.report.site.links import TEXT, line_of, part_of
from pipeline.report.site.tables import Table, table_of
from pipeline.report.site.text import Passage, passages

CLAIMS = """
SELECT c.claim_id, c.snapshot, c.locator, c.quote, c.start, c."end", c.kind,
       c.statistic, c.structure, c.section, c.occupation, c.area, c.attributed_to,
       c.hypothetical, p.cell, p.role, p.reason, p.publisher,
       (SELECT max(d.severity) FROM discrepancy_claims x
        JOIN discrepancies d USING (discrepancy_id)
        WHERE x.claim_id = c.claim_id) AS severity
FROM claims c LEFT JOIN provenance p ON p.claim_id = c.claim_id
"""
TABLES = ("flat_file", "sheet")
MOST = 2000


def snapshot_page(book: Book, snapshot: str, part: int = 0) -> bytes:
    """One part of a stored page.

    Raises:
        NotFound: No such snapshot, or no such part.
    """
    rows = book.ask("SELECT * FROM snapshots WHERE snapshot = ?", snapshot)
    if not rows:
        raise NotFound("Snapshot", snapshot[:100], "See the page of its source.")
    card = rows[0]
    kind = structure(book, snapshot)
    claims = table_claims(book, snapshot, part) if kind in TABLES else (
        text_claims(book, snapshot, part))  # fmt: skip
    text: Sequence[Passage] = ()
    table: Table | None = None
    problem, parts = "", part + 1
    try:
        if kind in TABLES:
            table = table_of(book, card, claims, kind)
            parts = last_part(book, snapshot) + 1
        else:
            text, parts = passages(book, card, claims, part)
    except (OSError, PayproofError) as error:
        problem = str(error)
    if part >= max(parts, 1) and part > 0:
        raise NotFound("Part", str(part), f"The page has {parts}.")
    return book.draw(
        "snapshot",
        card=card,
        claims=claims,
        passages=text,
        table=table,
        problem=problem,
        part=part,
        parts=parts,
        conflicts=conflicts(book, claims),
        placed=placed(table),
    )


def placed(table: Table | None) -> set[str]:
    """Claims that a cell of the table shows."""
    lines = table.lines if table else ()
    return {
        claim["claim_id"] for line in lines for _, rows in line.cells for claim in rows
    }


def structure(book: Book, snapshot: str) -> str:
    """What the claims of a snapshot stand in: of a table, or of a page."""
    rows = book.ask("SELECT structure FROM claims WHERE snapshot = ? LIMIT 1", snapshot)
    return rows[0]["structure"] if rows else "prose"


def text_claims(book: Book, snapshot: str, part: int) -> list[Row]:
    """The claims of one part of a page, in the order of the text."""
    where = "WHERE c.snapshot = ? AND (c.start >= ? AND c.start < ?"
    hidden = " OR c.start IS NULL)" if part == 0 else ")"
    rows = book.ask(
        f"{CLAIMS} {where}{hidden} ORDER BY c.start IS NULL, c.start, c.claim_id "
        "LIMIT ?",
        snapshot, part * TEXT, (part + 1) * TEXT, MOST,
    )  # fmt: skip
    return [row for row in rows if part_of(row) == part]


def table_claims(book: Book, snapshot: str, part: int) -> list[Row]:
    """The claims of some lines of a table."""
    ids = book.remember(f"parts:{snapshot}", lambda: by_part(book, snapshot))
    some = ids.get(part, [])[:MOST]
    found = book.ask(f"{CLAIMS} WHERE c.claim_id IN ({make_placeholders(some)})", *some)
    return sorted(found, key=lambda row: (line_of(row["locator"]), row["claim_id"]))


def by_part(book: Book, snapshot: str) -> dict[int, list[str]]:
    """Part to the claims on it."""
    found: dict[int, list[str]] = {}
    rows = book.ask(
        "SELECT claim_id, locator, start FROM claims WHERE snapshot = ?", snapshot
    )
    for row in rows:
        found.setdefault(part_of(row), []).append(row["claim_id"])
    return found


def last_part(book: Book, snapshot: str) -> int:
    """The last part that has a claim."""
    ids = book.remember(f"parts:{snapshot}", lambda: by_part(book, snapshot))
    return max(ids, default=0)


def conflicts(book: Book, claims: Sequence[Row]) -> dict[str, list[Row]]:
    """Claim to what it is in conflict with."""
    found: dict[str, list[Row]] = {}
    for claim in claims:
        if claim["severity"]:
            found[claim["claim_id"]] = book.ask(
                "SELECT d.* FROM discrepancy_claims x JOIN discrepancies d "
                "USING (discrepancy_id) WHERE x.claim_id = ? "
                "ORDER BY d.severity DESC, d.discrepancy_id", claim["claim_id"],
            )  # fmt: skip
    return found
