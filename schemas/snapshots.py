"""Define snapshots: the stored bodies that a release was read from."""

from schemas.table_model import TableModel, define

CAPTURES = ("fetched", "given", "made")


class Snapshots(TableModel):
    """One row per stored body. Key: `snapshot`."""

    snapshot: str = define(
        unique=True,
        str_matches=r"^[0-9a-f]{12}$",
        description="First 12 hex digits of the body's sha256.",
    )
    source: str = define(description="Id of the source, e.g. `bls_oews`.")
    edition: str = define(description="Reference edition, as the source names it.")
    name: str = define(description="File name at the publisher; may be empty.")
    sha256: str = define(str_matches=r"^[0-9a-f]{64}$", description="Of the body.")
    capture: str = define(
        isin=CAPTURES, description="How it came: asked for, saved by hand, or made."
    )
    retrieved: str = define(str_matches=r"^\d{4}-\d{2}-\d{2}", description="ISO date.")
    url: str = define(description="Where it came from, without secrets.")
    media_type: str = define(description="Of the body.")
    path: str = define(description="The body's place, from the home's root.")
