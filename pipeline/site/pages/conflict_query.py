"""The query for conflicts as pages show them: with their first claim and first cell.

First is the order of the columns `claim_ids` and `cells`, in which the rows of both
tables were written: `rowid` keeps it.
"""

CONFLICTS = """
SELECT d.*, c.start, c.locator, c.claim_id AS first_claim, c.quote,
       (SELECT cell FROM discrepancy_cells x
        WHERE x.discrepancy_id = d.discrepancy_id ORDER BY x.rowid LIMIT 1) AS cell
FROM discrepancies d
LEFT JOIN claims c ON c.claim_id = (
    SELECT claim_id FROM discrepancy_claims y
    WHERE y.discrepancy_id = d.discrepancy_id ORDER BY y.rowid LIMIT 1)
"""
