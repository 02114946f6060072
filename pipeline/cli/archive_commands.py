"""Define the commands about sources and raw/; imports wait until one runs."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.console import PlainFormat, app


@app.command()
def sources(
    action: Annotated[str, typer.Argument(metavar="list|doctor|keep|new")] = "list",
    source: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE…", help="Files, folders, patterns."),
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help="Reference edition of the file.")
    ] = None,
    url: Annotated[str, typer.Option(help="Where the file was saved from.")] = "",
    retrieved: Annotated[
        str, typer.Option(help="ISO day on which it was saved; today if not said.")
    ] = "",
    by: Annotated[
        str, typer.Option(help="Who saved it; PAYPROOF_CONTACT if not said.")
    ] = "",
    part: Annotated[
        list[Path] | None,
        typer.Option("--part", help="Goes with it, from elsewhere; may be repeated."),
    ] = None,
    title: Annotated[str, typer.Option(help="Of a new source's publication.")] = "",
    again: Annotated[
        bool,
        typer.Option("--again", help="Keep it though its bytes are another edition's."),
    ] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only what needs a look; 1 if any does.")
    ] = False,
    form: Annotated[PlainFormat, typer.Option("--format")] = PlainFormat.text,
) -> None:
    """List what is read; diagnose a source; keep saved files; begin a new source."""
    from pipeline.cli import keep_command, sources_command

    kept = keep_command.FilesToKeep(
        files or [], part or [], edition, url, retrieved, by, title, again
    )
    raise typer.Exit(
        sources_command.run_sources(action, source, kept, stale=stale, form=form.value)
    )


@app.command()
def reparse(
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="Last ISO day that counts.")
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder for it; curated/as-of/DATE if not said."),
    ] = None,
) -> None:
    """Rebuild from raw/ what was known on a day, with today's code; asks nobody."""
    from pipeline.cli import reparse_command

    raise typer.Exit(reparse_command.run_reparse(as_of, to))
