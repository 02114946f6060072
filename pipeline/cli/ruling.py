"""`payproof rule`."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipeline.cli import DONE, LOOK, printable
from pipeline.cli.words import columns
from pipeline.errors import BadRuling, NotFound
from pipeline.publish import Release, current, open_release
from pipeline.rulings import ACTIONS, Ruling, append, at_odds, load, standing
from pipeline.rulings.decisions import CONFLICT, meant
from pipeline.rulings.guard import failing, seen
from pipeline.rulings.occupations import spoken_of, witnessed
from pipeline.store import Home, find_home, lock
from pipeline.vocabulary import load as open_vocabulary

HEADS = ("id", "action", "target", "value", "author", "expires", "state")


@dataclass(frozen=True)
class Words:
    """What the command line gave."""

    action: str
    target: str
    value: str
    reason: str
    author: str
    expires: str
    expect: str
    form: str


def run(words: Words) -> int:
    """List the rulings, or add one."""
    home = find_home()
    if words.action == "list":
        return listed(home, words.form)
    if words.action not in (*ACTIONS, "undo"):
        known = f"Known: {', '.join((*ACTIONS, 'undo', 'list'))}."
        raise NotFound("Action", words.action, known)
    with lock(home.curated / ".rulings.lock", wait=True):
        made = record(home, words, datetime.now(tz=UTC).date().isoformat())
    print(printable(f"{made.id} recorded: {made.action} {made.target} {made.value}"))
    print(f"Last day {made.expires}; guard {made.expect}; saw {made.saw}."
          if made.expires else "Taken back.")  # fmt: skip
    print("It is followed from the next `payproof refresh` on.")
    return DONE


def record(home: Home, words: Words, today: str) -> Ruling:
    """Add a ruling to vocabularies/rulings.csv, once it fits what is there.

    Raises:
        BadRuling: Something is lacking, or its last day has passed.
        RulingsAtOdds: It contradicts one that is in force.
        NotFound: What it is about is not in the latest release.
    """
    before = load(open_vocabulary(home.vocabularies))
    expect, saw = "", ""
    if words.action == "undo":
        if words.target not in {r.id for r in standing(before)}:
            raise NotFound("Ruling", words.target, "See `payproof rule list`.")
    elif not words.expires:
        raise BadRuling("a ruling without expiry", "give --expires 2027-06-30, say")
    elif words.expires < today:
        raise BadRuling("the new ruling", f"its last day {words.expires} has passed")
    else:
        row, saw, usual = evidence(open_release(home), words)
        expect = words.expect or usual
        fault = failing(expect, row, "--expect")
        if fault is not None:
            raise BadRuling("the new ruling", f"its guard fails already: {fault}")
    ruling = Ruling("", words.action, words.target, words.value, words.reason,
                    words.author, today, words.expires, expect, saw)  # fmt: skip
    at_odds([*before, ruling], day_of(home) or today)
    return append(home.vocabularies, before, ruling)


def evidence(release: Release, words: Words) -> tuple[dict[str, Any], str, str]:
    """What a ruling is about, the digest of it, and the usual guard.

    Raises:
        NotFound: It is not in the release.
    """
    if words.action == "accept":
        return of_conflict(release, words.target)
    figures = release.table("figures")
    if words.action in ("merge", "split"):
        rows = spoken_of(figures.collect(), words.action, words.target, words.value)
        if not rows.height:
            told = f"{words.target} {words.value}".strip()
            raise NotFound("Figure of", told, "See `occupation` in figures.parquet.")
        facts = {"figures": rows.height, "soc": words.target}
        return facts, witnessed(rows), "figures>0"
    table = release.table("salaries").filter(pl.col("cell") == words.target).collect()
    if not table.height:
        raise NotFound("Cell", words.target, "See `payproof explain`.")
    cell = table.row(0, named=True)
    inside = figures.filter(pl.col("cell") == words.target).collect()
    rows_in = inside.rows(named=True)
    if meant(words.value, rows_in) is None:
        given = ", ".join(f"{r['claim_id']} ({r['annual']})" for r in rows_in[:5])
        remedy = f"A ruling picks a published figure; in the cell: {given}."
        raise NotFound("Figure", words.value, remedy)
    guard = f"status={cell['status']};annual={cell['annual']}"
    return cell, seen(rows_in), guard if cell["ruling"] is None else "figures>0"


def of_conflict(release: Release, name: str) -> tuple[dict[str, Any], str, str]:
    """The same for a discrepancy."""
    table = release.table("discrepancies")
    found = table.filter(pl.col("discrepancy_id") == name).collect()
    if not found.height:
        remedy = "See `payproof conflicts --format json`."
        raise NotFound("Discrepancy", name, remedy)
    row = found.row(0, named=True)
    return row, seen([row], CONFLICT), f"type={row['type']}"


def day_of(home: Home) -> str:
    """The day of the newest snapshot of the latest release."""
    release = current(home)
    days = (
        [s["retrieved"][:10] for s in release.manifest["snapshots"]] if release else []
    )
    return max(days, default="")


def listed(home: Home, form: str) -> int:
    """Every ruling with its state; 1 where one in the file is not followed."""
    rulings = load(open_vocabulary(home.vocabularies))
    release = current(home)
    known = {}
    if release is not None and "rulings" in release.manifest["rows"]:
        table = release.table("rulings").select("id", "state", "why").collect()
        known = {name: (state, why or "") for name, state, why in table.iter_rows()}
    undone = {r.target for r in rulings if r.action == "undo"}
    rows = []
    for ruling in rulings:
        state, why = known.get(ruling.id, ("from the next refresh on", ""))
        if ruling.id in undone:
            state, why = "undone", ""
        rows.append({**vars(ruling), "state": state, "why": why})
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for line in columns([[row[h] for h in HEADS] for row in rows], HEADS):
            print(printable(line))
        print(f"{len(rows)} rows, {len(standing(rulings))} rulings stand.")
    lost = ("stale", "expired", "fixed_upstream")
    return LOOK if any(row["state"] in lost for row in rows) else DONE
