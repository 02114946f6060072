"""Run `payproof reparse`: make the release of what raw/ held on a day."""

from pathlib import Path

from pipeline.archive.collect_due import utc_now
from pipeline.cli.keep_command import parse_saved_day
from pipeline.cli.refresh_command import print_line, print_outcome
from pipeline.core.errors import NotFound
from pipeline.core.store import Home, find_home, sha256_of
from pipeline.query.published import Release
from pipeline.release import run as order


def run_reparse(as_of: str, to: Path | None) -> int:
    """Parse anew what raw/ held on a day, and publish it beside the releases.

    Nothing is taken from the cache, and no publisher is asked.

    Args:
        as_of: ISO day, today or before.
        to: Folder for the release; None for curated/as-of/DAY.

    Raises:
        NotFound: No such day, or nothing had come into raw/ by then.
    """
    home, day = find_home(), parse_saved_day(as_of, utc_now()[:10])
    # With another folder for releases the cache is another as well (Home.parse_cache):
    # everything is parsed by today's code.
    folder = (to or home.curated / "as-of" / day).resolve()
    outcome = order.refresh(Home(home.root, folder), as_of=day)
    if not outcome.ingested:
        raise NotFound("Snapshot", day, "Nothing had come into raw/ by that day.")
    status = print_outcome(outcome)
    if outcome.release is not None:
        print_line(
            compare_with_release(outcome.release, home.curated / outcome.release.name)
        )
    return status


def compare_with_release(release: Release, before: Path) -> str:
    """Compare a release with that of the same inputs in curated/: a sentence."""
    if not before.is_dir():
        return "No release of exactly these inputs stands in curated/."
    names = sorted(release.manifest["files"])
    other = [
        name
        for name in names
        if not (before / name).is_file()
        or sha256_of(before / name) != sha256_of(release.folder / name)
    ]
    if other:
        return f"Unlike curated/{before.name}: {', '.join(other)}."
    return f"Byte for byte curated/{before.name}: {len(names)} files."
