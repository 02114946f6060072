"""The command itself, how it prints, and its exit statuses."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

DONE, NEEDS_LOOK, COULD_NOT = 0, 1, 2

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
    """Published pay figures, on one footing, with the page each came from."""


class CheckFormat(StrEnum):
    """How `check` prints."""

    text = "text"
    json = "json"
    html = "html"


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
    """Text from outside without control characters: it cannot drive a terminal."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text
    )


def format_json(value: Any, *, indent: int | None = 1) -> str:
    """JSON that cannot drive a terminal either; whoever parses it has the same text."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(
        c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text
    )
