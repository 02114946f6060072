"""Run `payproof init`: make a home from what the package carries."""

from pathlib import Path

from pipeline.archive.new_home import REPLACED, make_home, update_home
from pipeline.cli.console import DONE, escape_controls
from pipeline.cli.refresh_command import shorten_path


def run_init(folder: Path, *, empty: bool = False) -> int:
    """Make a home, with or without the demonstration, and say what to do there."""
    home = make_home(folder, empty=empty)
    snapshots = len(list(home.raw.glob("*/*/snapshot.json")))
    tables = len(list(home.vocabularies.glob("*.csv")))
    place = shorten_path(home.root)
    print(escape_controls(f"{place}: {tables} vocabularies, {snapshots} snapshots."))
    there = "" if place == Path() else f"cd {quote_path(place)} && "
    first = "sources keep ID FILE…" if empty else "refresh --offline"
    print(escape_controls(f"Next: {there}payproof {first}"))
    return DONE


def run_update(folder: Path) -> int:
    """Bring a home's vocabularies and cards up to this version; say what was done."""
    done = update_home(folder)
    for what, names in (
        ("added", done.added),
        (f"replaced, the old one is in vocabularies/{REPLACED}/", done.replaced),
        ("kept as people wrote it", done.kept),
    ):
        for name in names:
            print(escape_controls(f"vocabularies/{name}: {what}"))
    for sealed in done.sealed:
        print(escape_controls(f"raw/{sealed}/snapshot.json: given a digest of its own"))
    place = shorten_path(done.home.root)
    changed = len(done.added) + len(done.replaced)
    print(escape_controls(f"{place}: {changed} of its vocabularies changed."))
    return DONE


def quote_path(place: Path) -> str:
    """Quote a path for a shell."""
    from shlex import quote

    return quote(str(place))
