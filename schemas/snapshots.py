"""Define snapshots: the stored bodies that a release was read from."""

import pandera.polars as pa

CAPTURES = ("fetched", "given", "made")


class Snapshots(pa.DataFrameModel):
    """One row per stored body. Key: `snapshot`."""

    snapshot: str = pa.Field(
        unique=True,
        str_matches=r"^[0-9a-f]{12}$",
        description="First 12 hex digits of the body's sha256.",
    )
    source: str = pa.Field(description="Id of the source, e.g. `bls_oews`.")
    edition: str = pa.Field(description="Reference edition, as the source names it.")
    name: str = pa.Field(description="File name at the publisher; may be empty.")
    sha256: str = pa.Field(str_matches=r"^[0-9a-f]{64}$", description="Of the body.")
    capture: str = pa.Field(
        isin=CAPTURES, description="How it came: asked for, saved by hand, or made."
    )
    retrieved: str = pa.Field(
        str_matches=r"^\d{4}-\d{2}-\d{2}", description="ISO date."
    )
    url: str = pa.Field(description="Where it came from, without secrets.")
    media_type: str = pa.Field(description="Of the body.")
    path: str = pa.Field(description="The body's place, from the home's root.")

    class Config:
        """No column more, no column less."""

        strict = True
