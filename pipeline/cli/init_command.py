"""Run `payproof init`: make a home from what the package carries."""

from pathlib import Path

from pipeline.archive.new_home import make_home
from pipeline.cli.console import DONE, escape_controls
from pipeline.cli.refresh_command import shorten_path


def run(folder: Path) -> int:
    """Make a home and say what to do there."""
    home = make_home(folder)
    snapshots = len(list(home.raw.glob("*/*/snapshot.json")))
    tables = len(list(home.vocabularies.glob("*.csv")))
    place = shorten_path(home.root)
    print(escape_controls(f"{place}: {tables} vocabularies, {snapshots} snapshots."))
    there = "" if place == Path() else f"cd {quoted(place)} && "
    print(escape_controls(f"Next: {there}payproof refresh --offline"))
    return DONE


def quoted(place: Path) -> str:
    """Quote a path for a shell."""
    from shlex import quote

    return quote(str(place))
