"""Define the `payproof` command; what a command needs is imported when it runs."""

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import archive_commands, release_commands
from pipeline.cli.console import (
    COULD_NOT,
    DONE,
    NEEDS_LOOK,
    CheckFormat,
    ClaimsFormat,
    ListFormat,
    PlainFormat,
    app,
    escape_controls,
    format_json,
)
from pipeline.core.errors import PayproofError
from pipeline.core.failure_trace import format_trace, summarise_failure

__all__ = [
    "COULD_NOT",
    "DONE",
    "NEEDS_LOOK",
    "app",
    "archive_commands",
    "escape_controls",
    "format_json",
    "main",
    "release_commands",
]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")] = Path(),
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Give an older home this version's vocabularies."
        ),
    ] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Leave the demonstration snapshots out.")
    ] = False,
) -> None:
    """Make a home: vocabularies, demonstration snapshots, room for releases.

    FOLDER is new or empty, and the current folder where none is named. With --empty
    there is no demonstration in it: what is kept or fetched is all. With --update
    it is a home: what people wrote there stays, other vocabularies become those of this
    version, and what they replace is kept beside.
    """
    from pipeline.cli import init_command

    if update:
        raise typer.Exit(init_command.run_update(folder))
    raise typer.Exit(init_command.run_init(folder, empty=empty))


@app.command()
def refresh(
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody; use what is in raw/.")
    ] = False,
    prefect: Annotated[
        bool | None,
        typer.Option(
            "--prefect/--no-prefect",
            help="Run as a Prefect flow, or without; as a flow where PREFECT_API_URL "
            "is set.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Ask only this publisher; may be repeated."),
    ] = None,
    accept_missing: Annotated[
        list[str] | None,
        typer.Option(
            "--accept-missing",
            metavar="SOURCE",
            help="Make a release though this source of the last one is lost; may be "
            "repeated.",
        ),
    ] = None,
    no_site: Annotated[
        bool, typer.Option("--no-site", help="Draw no static site in the release.")
    ] = False,
) -> None:
    """Take every source from raw/ to a new release in curated/, with its report."""
    from pipeline.cli import refresh_command

    raise typer.Exit(
        refresh_command.run_refresh(
            offline=offline,
            prefect=prefect,
            sources=source or [],
            site=not no_site,
            accept_missing=accept_missing or [],
        )
    )


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE")],
    form: Annotated[CheckFormat, typer.Option("--format")] = CheckFormat.text,
    page_url: Annotated[
        str, typer.Option(help="Where the page stands, for a letter or reviews.")
    ] = "",
    report_url: Annotated[
        str, typer.Option(help="Where the HTML report will stand, for reviews.")
    ] = "",
) -> None:
    """Fact-check one page: a verdict for each figure, the conflicts, the evidence.

    As html it is one file to send, as letter a text to the publisher, as claimreview
    schema.org ClaimReview of the figures that are accused or supported.
    """
    from pipeline.core.vocabulary import pause_collector

    # One page is checked and the process ends: what it makes is collected then.
    with pause_collector():
        from pipeline.cli import check_command

        status = check_command.run_check(file, form.value, page_url, report_url)
    raise typer.Exit(status)


@app.command()
def claims(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    form: Annotated[ClaimsFormat, typer.Option("--format")] = ClaimsFormat.table,
    everything: Annotated[
        bool, typer.Option("--all", help="Set-aside figures too, with the count.")
    ] = False,
    why: Annotated[
        str | None,
        typer.Option("--why", help="A claim id or quote: which rule set each field."),
    ] = None,
) -> None:
    """Print what a page says about pay; nothing is judged."""
    from pipeline.cli import claims_command

    raise typer.Exit(
        claims_command.run_claims(file, form.value, everything=everything, why=why)
    )


@app.command()
def explain(
    cell: Annotated[str, typer.Argument(metavar="CELL")],
    form: Annotated[PlainFormat, typer.Option("--format")] = PlainFormat.text,
    packet: Annotated[
        bool,
        typer.Option("--packet", help="Write one HTML and one JSON file to send."),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every figure, and estimates.")
    ] = False,
) -> None:
    """Print what decides a cell: chosen, supporting and disputing figures, counts."""
    from pipeline.cli import explain_command

    if packet:
        raise typer.Exit(explain_command.write_packet(cell))
    raise typer.Exit(
        explain_command.run_explain(cell, form.value, everything=everything)
    )


@app.command()
def conflicts(
    kind: Annotated[
        str | None, typer.Option("--type", help="Only this type, e.g. misquote.")
    ] = None,
    severity: Annotated[
        int, typer.Option("--severity", min=1, max=3, help="At least this severe.")
    ] = 1,
    form: Annotated[ListFormat, typer.Option("--format")] = ListFormat.text,
) -> None:
    """Print the discrepancies of the latest release."""
    from pipeline.cli import conflicts_command

    raise typer.Exit(conflicts_command.run_conflicts(kind, severity, form.value))


@app.command()
def verify(
    everything: Annotated[
        bool,
        typer.Option("--all", help="Every other file of the home too, by its digest."),
    ] = False,
    form: Annotated[PlainFormat, typer.Option("--format")] = PlainFormat.text,
) -> None:
    """Re-extract every pointer, read every value anew, re-hash every snapshot.

    With --all also older releases, sites, changes, kept inputs, logs, pointers, the
    cache, and which vocabularies are not those of the release.
    """
    from pipeline.cli import verify_command

    raise typer.Exit(verify_command.run_verify(form.value, everything=everything))


@app.command("compare-policies")
def compare_policies(
    cell: Annotated[
        str, typer.Argument(metavar="CELL", help="A cell, or how its id begins.")
    ] = "",
    least: Annotated[
        float, typer.Option(min=0.0, help="Show gaps above this ratio.")
    ] = 0.02,
    most: Annotated[int, typer.Option(min=1, help="Lines at most, as text.")] = 30,
    form: Annotated[ListFormat, typer.Option("--format")] = ListFormat.text,
) -> None:
    """Print where the choice of a policy matters, gap times employment first."""
    from pipeline.cli import compare_policies_command

    raise typer.Exit(
        compare_policies_command.run_compare_policies(cell, least, most, form.value)
    )


@app.command()
def rule(
    action: Annotated[
        str,
        typer.Argument(
            metavar="override|exclude|accept|merge|split|answer|retract|undo|list"
        ),
    ] = "list",
    target: Annotated[str, typer.Argument(metavar="TARGET")] = "",
    value: Annotated[str, typer.Argument(metavar="VALUE")] = "",
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    author: Annotated[str, typer.Option(help="Who decides.")] = "",
    expires: Annotated[
        str, typer.Option(help="Last day on which it holds, e.g. 2027-06-30.")
    ] = "",
    expect: Annotated[
        str,
        typer.Option(help="What must be so without it: status=contested;annual>40000."),
    ] = "",
    form: Annotated[PlainFormat, typer.Option("--format")] = PlainFormat.text,
) -> None:
    """Record what a person decided; nothing is deleted, everything can be undone.

    override CELL AMOUNT|CLAIM chooses a published figure, exclude CELL CLAIM takes one
    out, accept DISCREPANCY leaves a conflict as it is, merge SOC SOC and split SOC
    TITLE (or TITLE=SOC) join and part occupations, undo RULING takes a ruling back.
    answer DISCREPANCY disputes|corrected|comments keeps a publisher's answer beside the
    accusation, retract DISCREPANCY takes one of our own back; both stay visible.
    """
    from pipeline.cli import rule_command
    from pipeline.review.propose import RulingProposal

    words = RulingProposal(action, target, value, reason, author, expires, expect)
    raise typer.Exit(rule_command.run_rule(words, form.value))


def main() -> None:
    """Run the command; an expected error is one sentence and status 2."""
    for stream in (sys.stdout, sys.stderr):
        # A quote may hold any character and a terminal may be ASCII: what it cannot
        # show is spelled out and no UnicodeEncodeError.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="payproof")
    # `payproof claims PAGE | head` closes the pipe. Python flushes standard output at
    # its end and would complain once more: it is given another place to write to.
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(DONE) from None
    except PayproofError as error:
        trace = f"\n{error.trace}" if error.trace else ""
        print(f"Error: {escape_controls(f'{error}{trace}')}", file=sys.stderr)
        raise SystemExit(COULD_NOT) from None
    except OSError as error:
        place = error.filename or "a file"
        print(f"Error: {place}: {error.strerror or error}.", file=sys.stderr)
        raise SystemExit(COULD_NOT) from None
    except Exception as error:
        # One sentence for whoever typed it, and frames for whoever keeps the code.
        what = f"Error: {summarise_failure(error)}: a mistake of Payproof. Report it:"
        print(escape_controls(f"{what}\n{format_trace(error)}"), file=sys.stderr)
        raise SystemExit(COULD_NOT) from None
