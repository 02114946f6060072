"""Parse the snapshots of a release anew, and compare every value of their claims.

A quote that is where its pointer leads says nothing of the amount, the place or the
year that was read from it. Nothing is kept.
"""

from collections.abc import Iterator

import polars as pl

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import PayproofError
from pipeline.core.failure_trace import contain_failures
from pipeline.core.model import Snapshot
from pipeline.core.store import Home
from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import Release
from pipeline.read.read_limits import reading_with
from pipeline.release import cache
from pipeline.release.changed_inputs import list_other_words
from pipeline.sources import SOURCES, import_source

SHOWN_VALUES = 5  # of one snapshot


def explain_incomparable(release: Release, vocabulary: Vocabulary) -> str:
    """Say why values that are read today need not be those of a release; "" if they do.

    Another code or other words may read another value from the same bytes.
    """
    others = [
        name
        for name in list_other_words(release, vocabulary)
        if name.removesuffix(".csv") not in cache.DECISIONS
    ]
    if release.manifest.get("code_sha256") != cache.hash_code():
        return f"{release.name} was made by other code; run `payproof refresh` first."
    if others:
        return f"{release.name} was made with other words: {', '.join(others)}."
    return ""


def find_changed_values(
    home: Home, release: Release, vocabulary: Vocabulary
) -> Iterator[tuple[int, list[str]]]:
    """Parse each snapshot of a release that is at hand, and compare its claims.

    Yields:
        For each snapshot how many claims were compared, and a sentence for each claim
        that is another one, or is not there, on either side.
    """
    published = release.scan_table("claims").sort("claim_id").collect()
    for snapshot in list_snapshots(home, release):
        try:
            with contain_failures(str(snapshot.path)), reading_with(vocabulary):
                parsed = import_source(snapshot.source).parse(snapshot, vocabulary)
        except PayproofError as error:
            yield 0, [f"{snapshot.path}: it cannot be parsed again ({error})."]
            continue
        rows = published.filter(pl.col("snapshot") == snapshot.id)
        yield rows.height, compare_claims(rows, parsed.sort("claim_id"))


def list_snapshots(home: Home, release: Release) -> list[Snapshot]:
    """List the snapshots of a release whose card and body are there."""
    wanted = {(row["source"], row["path"]) for row in release.manifest["snapshots"]}
    return [
        snapshot
        for source in sorted({source for source, _ in wanted} & set(SOURCES))
        for snapshot in Archive(home.raw).survey_source(source)[0]
        if (source, cache.locate_body(snapshot, home)) in wanted
    ]


def compare_claims(published: pl.DataFrame, parsed: pl.DataFrame) -> list[str]:
    """Compare the claims of one snapshot: a sentence for each that differs.

    Args:
        published: Those of the release, sorted by id.
        parsed: Those of today, sorted by id.
    """
    if published.equals(parsed):
        return []
    there, here = (set(frame["claim_id"]) for frame in (published, parsed))
    said = [f"{c}: the release has it, the bytes do not." for c in sorted(there - here)]
    said += [
        f"{c}: the bytes have it, the release does not." for c in sorted(here - there)
    ]
    both = published.join(parsed, on="claim_id", suffix="\x1fnow")
    for row in both.iter_rows(named=True):
        for column in published.columns:
            now = row.get(f"{column}\x1fnow")
            if column != "claim_id" and row[column] != now:
                where = f"{row['claim_id']}: {column}"
                said.append(
                    f"{where} is {row[column]} in the release, {now} in the bytes."
                )
    more = len(said) - SHOWN_VALUES
    return said[:SHOWN_VALUES] + (
        [f"And {more} more of this file."] if more > 0 else []
    )
