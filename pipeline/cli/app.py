"""The command itself, how it prints, and its exit statuses."""

from enum import StrEnum

import typer

DONE, LOOK, COULD_NOT = 0, 1, 2

app = typer.Typer(
    name="payproof",
    help="Published pay figures, on one footing, with the page each came from.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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


def printable(text: str) -> str:
    """Text from outside without control characters: it cannot drive a terminal."""
    return "".join(
        c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text
    )
