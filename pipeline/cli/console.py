"""Define the command itself, how it prints, and its exit statuses."""

import json
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer

from pipeline.core.exit_status import COULD_NOT, DONE, NEEDS_LOOK

__all__ = [
    "COULD_NOT",
    "DONE",
    "NEEDS_LOOK",
    "CheckFormat",
    "ClaimsFormat",
    "ListFormat",
    "PlainFormat",
    "app",
    "escape_controls",
    "format_json",
    "print_warnings",
]

app = typer.Typer(
    name="payproof",
    help="Published pay figures, on one footing, with the page each came from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def print_version(wanted: bool) -> None:
    """Print the version of the package and of a release's tables, and stop."""
    if not wanted:
        return
    from importlib.metadata import version

    from schemas import VERSION

    print(f"payproof {version('payproof')}, schema {VERSION}")
    raise typer.Exit(DONE)


@app.callback()
def payproof(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Print the versions of Payproof and of its tables.",
        ),
    ] = False,
) -> None:
    """Read the options that stand before a command; `help` above is what is shown."""


class CheckFormat(StrEnum):
    """How `check` prints."""

    text = "text"
    json = "json"
    html = "html"
    letter = "letter"
    claimreview = "claimreview"


class ClaimsFormat(StrEnum):
    """How `claims` prints."""

    jsonl = "jsonl"
    csv = "csv"
    table = "table"


class ListFormat(StrEnum):
    """How lists print."""

    text = "text"
    json = "json"
    csv = "csv"


class PlainFormat(StrEnum):
    """How single answers print."""

    text = "text"
    json = "json"


def escape_controls(text: str) -> str:
    """Spell out control characters: text from outside cannot drive a terminal."""
    # Marks that turn text around (U+202E and its like) are not printable either: with
    # one, a quote could show another amount than it has.
    return "".join(
        c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text
    )


def print_warnings(sentences: Iterable[str]) -> None:
    """Print what a person must look at to standard error, a line each."""
    for sentence in sentences:
        print(f"Warning: {escape_controls(sentence)}", file=sys.stderr)


def format_json(value: Any, *, indent: int | None = 1) -> str:
    """Format JSON that cannot drive a terminal; who parses it has the same text."""
    # `ensure_ascii` would escape every accent; without it json escapes the controls of
    # ASCII alone, and not U+009B or U+202E.
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(
        c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text
    )
