"""Define rejects: rows set aside, with the reason and the place."""

import pandera.polars as pa


class Rejects(pa.DataFrameModel):
    """One row per row set aside and rule it broke."""

    stage: str = pa.Field(description="`parse`, `normalise` or `validate`.")
    source: str = pa.Field()
    snapshot: str = pa.Field(str_matches=r"^[0-9a-f]{12}$")
    locator: str = pa.Field(description="Place in the snapshot's bytes.")
    claim_id: str = pa.Field()
    quote: str = pa.Field(description="As published.")
    rule: str = pa.Field(description="The rule that it broke, by name.")
    reason: str = pa.Field(description="One sentence that a person can read.")

    class Config:
        """No column more, no column less."""

        strict = True
