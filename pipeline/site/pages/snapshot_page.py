"""Draws a stored page as text, with every figure that was read from it highlighted."""

from collections.abc import Sequence

from pipeline.core.errors import NotFound, PayproofError
from pipeline.query.release_db import Row, make_placeholders
from pipeline.site.page_links import CHARACTERS_PER_PART, find_part, parse_line_number
from pipeline.site.pages.page_text import Passage, read_passages
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.pages.stored_table import StoredTable, read_stored_table

CLAIMS = """
SELECT c.claim_id, c.snapshot, c.locator, c.quote, c.start, c."end", c.kind,
       c.statistic, c.structure, c.section, c.occupation, c.area, c.attributed_to,
       c.hypothetical, p.cell, p.role, p.reason, p.publisher,
       (SELECT max(d.severity) FROM discrepancy_claims x
        JOIN discrepancies d USING (discrepancy_id)
        WHERE x.claim_id = c.claim_id) AS severity
FROM claims c LEFT JOIN provenance p ON p.claim_id = c.claim_id
"""
TABLES = ("flat_file", "sheet")  # `structure` of claims that were read from tables
MAX_CLAIMS = 2000  # of one part: 25 lines of 60 columns are 1,500


def draw_snapshot_page(view: ReleaseView, snapshot: str, part: int = 0) -> bytes:
    """Draw one part of a stored page; where its bytes are gone, the claims alone.

    Raises:
        NotFound: No such snapshot, or no such part.
    """
    rows = view.query_rows("SELECT * FROM snapshots WHERE snapshot = ?", snapshot)
    if not rows:
        raise NotFound("Snapshot", snapshot[:100], "See the page of its source.")
    card = rows[0]
    kind = find_structure(view, snapshot)
    claims = find_table_claims(view, snapshot, part) if kind in TABLES else (
        find_text_claims(view, snapshot, part))  # fmt: skip
    text: Sequence[Passage] = ()
    table: StoredTable | None = None
    problem, parts = "", part + 1
    try:
        if kind in TABLES:
            table = read_stored_table(view, card, claims, kind)
            parts = find_last_part(view, snapshot) + 1
        else:
            text, parts = read_passages(view, card, claims, part)
    except (OSError, PayproofError) as error:
        problem = str(error)
    if part >= max(parts, 1) and part > 0:
        raise NotFound("Part", str(part), f"The page has {parts}.")
    return view.draw_page(
        "snapshot",
        card=card,
        claims=claims,
        passages=text,
        table=table,
        problem=problem,
        part=part,
        parts=parts,
        conflicts=find_conflicts(view, claims),
        placed=find_shown_claims(table),
    )


def find_shown_claims(table: StoredTable | None) -> set[str]:
    """Find the ids of the claims that a cell of the shown table has."""
    lines = table.lines if table else ()
    return {
        claim["claim_id"] for line in lines for _, rows in line.cells for claim in rows
    }


def find_structure(view: ReleaseView, snapshot: str) -> str:
    """Return the `structure` of a snapshot's claims; `prose` where it has none."""
    # One is enough: a snapshot is a table or a page, and all of its claims with it.
    rows = view.query_rows(
        "SELECT structure FROM claims WHERE snapshot = ? LIMIT 1", snapshot
    )
    return rows[0]["structure"] if rows else "prose"


def find_text_claims(view: ReleaseView, snapshot: str, part: int) -> list[Row]:
    """Find the claims of one part of a page, in the order of the text."""
    where = "WHERE c.snapshot = ? AND (c.start >= ? AND c.start < ?"
    # Figures of embedded JSON have no place in the text: they are listed on part 0.
    hidden = " OR c.start IS NULL)" if part == 0 else ")"
    rows = view.query_rows(
        f"{CLAIMS} {where}{hidden} ORDER BY c.start IS NULL, c.start, c.claim_id "
        "LIMIT ?",
        snapshot, part * CHARACTERS_PER_PART, (part + 1) * CHARACTERS_PER_PART,
        MAX_CLAIMS,
    )  # fmt: skip
    return [row for row in rows if find_part(row) == part]


def find_table_claims(view: ReleaseView, snapshot: str, part: int) -> list[Row]:
    """Find the claims of one part of a table, in the order of its lines."""
    # SQL cannot read lines from locators: the parts of all claims are found once.
    ids = view.get_or_make(f"parts:{snapshot}", lambda: group_by_part(view, snapshot))
    some = ids.get(part, [])[:MAX_CLAIMS]
    found = view.query_rows(
        f"{CLAIMS} WHERE c.claim_id IN ({make_placeholders(some)})", *some
    )
    return sorted(
        found, key=lambda row: (parse_line_number(row["locator"]), row["claim_id"])
    )


def group_by_part(view: ReleaseView, snapshot: str) -> dict[int, list[str]]:
    """Group the ids of a snapshot's claims by the part that they are on."""
    found: dict[int, list[str]] = {}
    rows = view.query_rows(
        "SELECT claim_id, locator, start FROM claims WHERE snapshot = ?", snapshot
    )
    for row in rows:
        found.setdefault(find_part(row), []).append(row["claim_id"])
    return found


def find_last_part(view: ReleaseView, snapshot: str) -> int:
    """Return the last part that has a claim; 0 where none has."""
    ids = view.get_or_make(f"parts:{snapshot}", lambda: group_by_part(view, snapshot))
    return max(ids, default=0)


def find_conflicts(view: ReleaseView, claims: Sequence[Row]) -> dict[str, list[Row]]:
    """Find the discrepancies of each claim that has any, the most severe first."""
    found: dict[str, list[Row]] = {}
    for claim in claims:
        if claim["severity"]:
            found[claim["claim_id"]] = view.query_rows(
                "SELECT d.* FROM discrepancy_claims x JOIN discrepancies d "
                "USING (discrepancy_id) WHERE x.claim_id = ? "
                "ORDER BY d.severity DESC, d.discrepancy_id", claim["claim_id"],
            )  # fmt: skip
    return found
