"""Define the commands about releases; imports wait until one runs."""

from typing import Annotated

import typer

from pipeline.cli.console import ListFormat, PlainFormat, app


@app.command()
def diff(
    old: Annotated[str | None, typer.Argument(metavar="OLD")] = None,
    new: Annotated[str | None, typer.Argument(metavar="NEW")] = None,
    tolerance: Annotated[
        float, typer.Option(min=0, help="Leave out moves of fewer percent.")
    ] = 0.0,
    why: Annotated[
        bool, typer.Option("--why", help="Run again with one input exchanged at a time")
    ] = False,
    form: Annotated[ListFormat, typer.Option("--format")] = ListFormat.text,
) -> None:
    """Print what changed between two releases, and why; by default the last two."""
    from pipeline.cli import diff_command

    raise typer.Exit(diff_command.run_diff(old, new, tolerance, form.value, why=why))


@app.command()
def releases(
    form: Annotated[PlainFormat, typer.Option("--format")] = PlainFormat.text,
) -> None:
    """List the releases: the one that is read, the last that passed, every rollback."""
    from pipeline.cli import releases_command

    raise typer.Exit(releases_command.run_releases(form.value))


@app.command()
def rollback(
    release: Annotated[str, typer.Argument(metavar="RELEASE")],
    reason: Annotated[str, typer.Option(help="Why; kept with the decision.")],
    who: Annotated[str, typer.Option(help="Who decides.", envvar="PAYPROOF_AUTHOR")],
) -> None:
    """Let readers have another release; undone by rolling back to the one before."""
    from pipeline.cli import releases_command

    raise typer.Exit(releases_command.run_rollback(release, reason, who))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    per_second: Annotated[
        int, typer.Option(min=0, help="Requests of one client a second; 0: any.")
    ] = 200,
    write: Annotated[
        bool, typer.Option("--write", help="Let who has the token record rulings.")
    ] = False,
    name: Annotated[
        list[str] | None, typer.Option(help="Another host name of the server.")
    ] = None,
) -> None:
    """Serve the API and the analyst's pages of the latest release.

    With --write a token is printed once (or taken from PAYPROOF_WRITE_TOKEN); who
    enters it in the browser can record rulings, and nobody else can.
    """
    from pipeline.cli import serve_command

    raise typer.Exit(
        serve_command.run_serve(host, port, per_second, write=write, names=name or [])
    )
