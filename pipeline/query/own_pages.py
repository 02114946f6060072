"""Read a publisher's own page as a release reads it: nobody is accused by its own file.

A page whose bytes are a snapshot of the release has the claims that the release has of
it, so that `check` and `refresh` judge the same figures. A page of an official
publisher that the release does not hold is known by the address that it gives itself;
then its figures are its publisher's, however the general reader understood them.
"""

from dataclasses import dataclass

import polars as pl

from pipeline.core.source_facts import list_source_ids, read_source
from pipeline.core.tables import check_frame
from pipeline.extract import Extraction
from pipeline.query.published import Release
from schemas import Claims, DataFrame

END_OF_PAGE = 1 << 40  # an offset behind every text: claims of a page's data come last


@dataclass(frozen=True)
class OwnPage:
    """The claims of a page, and whether they are a guess at its publisher's figures.

    Args:
        claims: With the source that reads such pages, where it is a publisher's own.
        is_guess: Read by the general reader, which does not know the publisher's
            layout: what it finds at odds may be its own mistake.
    """

    claims: DataFrame[Claims]
    is_guess: bool = False


def read_own_page(
    found: Extraction, snapshot: str, url: str, release: Release
) -> OwnPage:
    """Return the claims of a page, as the release or its publisher has them.

    Args:
        found: What the general reader found.
        snapshot: Id that the page's bytes have as a snapshot.
        url: Address that the page gives itself, "" for none.
        release: That the page is checked against.
    """
    kept = find_source_of_snapshot(snapshot, release)
    if kept is not None:
        return OwnPage(read_stored_claims(snapshot, release))
    source = find_official_source(url)
    if source is None:
        return OwnPage(found.claims)
    named = found.claims.with_columns(source=pl.lit(source))
    return OwnPage(check_frame(Claims, named), is_guess=True)


def find_source_of_snapshot(snapshot: str, release: Release) -> str | None:
    """Return the publisher's source that a snapshot of the release is of, or None.

    None also of an article, which the general reader reads in both commands.
    """
    held = release.manifest["snapshots"]
    source = next((s["source"] for s in held if s["id"] == snapshot), None)
    if source not in list_source_ids() or not read_source(source).publisher_id:
        return None
    return str(source)


def read_stored_claims(snapshot: str, release: Release) -> DataFrame[Claims]:
    """Read the claims that a release has of a snapshot, in the order of the page."""
    own = release.scan_table("claims").filter(pl.col("snapshot") == snapshot)
    place = pl.col("start").fill_null(END_OF_PAGE)
    return check_frame(Claims, own.sort(place, "claim_id").collect())


def find_official_source(url: str) -> str | None:
    """Return the source of official figures that an address lies under, or None."""
    for source in map(read_source, list_source_ids()):
        if source.official and source.homepage and url.startswith(source.homepage):
            return source.id
    return None
