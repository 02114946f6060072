"""Run `payproof rule`: list the rulings, or record one."""

import sys
from dataclasses import replace

import typer

from pipeline.cli.console import DONE, NEEDS_LOOK, escape_controls, format_json
from pipeline.cli.console_table import format_table
from pipeline.core.errors import NotFound
from pipeline.core.store import Home, find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import find_latest
from pipeline.review.propose import (
    RECORDED,
    RulingProposal,
    default_expiry,
    record_ruling,
)
from pipeline.rulings import KNOWN, SAID, load_rulings, needs_expiry, select_standing

HEADS = ("id", "action", "target", "value", "author", "expires", "state")


def run_rule(proposal: RulingProposal, form: str) -> int:
    """List the rulings, or record one.

    Raises:
        NotFound: No such action or target.
        BadRuling: Something is lacking, or its last day has passed.
        RulingsAtOdds: It contradicts one that is in force.
    """
    home = find_home()
    if proposal.action == "list":
        return print_rulings(home, form)
    if proposal.action not in KNOWN:
        known = f"Known: {', '.join((*KNOWN, 'list'))}."
        raise NotFound("Action", proposal.action, known)
    if not proposal.expires and needs_expiry(proposal.action) and sys.stdin.isatty():
        usual = default_expiry()
        expires = typer.prompt("Last day on which it holds", default=usual)
        proposal = replace(proposal, expires=str(expires).strip())
    before = {row.id for row in load_rulings(open_vocabulary(home.vocabularies))}
    made = record_ruling(home, proposal)
    if made.id in before:
        said = f"{made.id} stands already: {made.action} {made.target} {made.value}"
        print(escape_controls(f"{said.strip()}. Nothing was recorded."))
        return DONE
    print(
        escape_controls(f"{made.id} recorded: {made.action} {made.target} {made.value}")
    )
    if made.expires:
        details = f"Last day {made.expires}; guard {made.expect}; saw {made.saw}."
        print(escape_controls(details))
    elif made.action in SAID:
        print("It stands beside the accusation from the next `payproof check` on.")
        return DONE
    else:
        print("Taken back.")
    print(RECORDED)
    return DONE


def print_rulings(home: Home, form: str) -> int:
    """Print every ruling with its state; return 1 where one is not followed."""
    rulings = load_rulings(open_vocabulary(home.vocabularies))
    release = find_latest(home)
    # The state is that of the latest release; a ruling recorded since has none yet. A
    # release of before the rulings has no such table.
    known = {}
    if release is not None and "rulings" in release.manifest["rows"]:
        table = release.scan_table("rulings").select("id", "state", "why").collect()
        known = {name: (state, why or "") for name, state, why in table.iter_rows()}
    undone = {r.target for r in rulings if r.action == "undo"}
    rows = []
    for ruling in rulings:
        state, why = known.get(ruling.id, ("from the next refresh on", ""))
        if ruling.id in undone:
            state, why = "undone", ""
        rows.append({**vars(ruling), "state": state, "why": why})
    if form == "json":
        print(format_json(rows))
    else:
        for line in format_table([[row[h] for h in HEADS] for row in rows], HEADS):
            print(escape_controls(line))
        print(f"{len(rows)} rows, {len(select_standing(rulings))} rulings stand.")
    lost = ("stale", "expired", "fixed_upstream")
    return NEEDS_LOOK if any(row["state"] in lost for row in rows) else DONE
