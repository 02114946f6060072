"""Define rejects: rows set aside, with the reason and the place."""

from schemas.table_model import TableModel, define


class Rejects(TableModel):
    """One row per row set aside and rule it broke."""

    stage: str = define(description="`parse`, `normalise` or `validate`.")
    source: str = define()
    snapshot: str = define(str_matches=r"^[0-9a-f]{12}$")
    locator: str = define(description="Place in the snapshot's bytes.")
    claim_id: str = define()
    quote: str = define(description="As published.")
    rule: str = define(description="The rule that it broke, by name.")
    reason: str = define(description="One sentence that a person can read.")
