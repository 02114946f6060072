"""Check a proposed ruling against the release, and record it.

The command and the browser come to the same errors and the same row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from pipeline.core.disk import sync_folder
from pipeline.core.errors import BadRuling, NotFound
from pipeline.core.store import Home, hold_lock
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import Release, find_latest, open_latest
from pipeline.rulings import (
    Ruling,
    append_ruling,
    check_at_odds,
    load_rulings,
    select_standing,
)
from pipeline.rulings.decisions import CONFLICT, find_ruled_claim
from pipeline.rulings.recoding import digest_witnesses, select_affected
from pipeline.rulings.ruling_guard import digest_evidence, find_failing_term
from pipeline.rulings.ruling_row import KNOWN, SAID, UNDO, find_same

RECORDED = "It is followed from the next `payproof refresh` on."

USUAL_DAYS = 365  # that a ruling holds, where nobody says otherwise
AMOUNTS = ("annual_low", "annual", "annual_high")
LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True)
class RulingProposal:
    """What a person wants recorded: the columns of `Ruling` that a person fills.

    Args:
        expect: Guard, what must be so without the ruling; "" for the usual one.
    """

    action: str
    target: str
    value: str
    reason: str
    author: str
    expires: str
    expect: str


def record_ruling(home: Home, proposal: RulingProposal, today: str = "") -> Ruling:
    """Record a ruling in vocabularies/rulings.csv, one at a time.

    One that stands already is not recorded again.

    Args:
        home: Where releases and vocabularies are.
        proposal: What is to be recorded.
        today: ISO day; "" for the day it is.

    Returns:
        The row as it was appended, with its id, or the one that stands already.

    Raises:
        BadRuling: Something is lacking, or its last day has passed.
        RulingsAtOdds: It contradicts one that is in force.
        NotFound: What it is about is not in the latest release.
    """
    # Two browsers may send at once: the second waits, and is checked against the first.
    with hold_lock(home.curated / ".rulings.lock", wait=True):
        before, ruling = check_proposal(home, proposal, today)
        if same := find_same(before, ruling, expect=bool(proposal.expect)):
            # Whoever recorded it may have been killed before the name was synced.
            sync_folder(home.vocabularies)
            return same
        return append_ruling(home.vocabularies, before, ruling)


def check_proposal(
    home: Home, proposal: RulingProposal, today: str = ""
) -> tuple[tuple[Ruling, ...], Ruling]:
    """Check a proposal against the release and the other rulings; nothing is written.

    Returns:
        The rulings there are, and the new one, still without an id.

    Raises:
        BadRuling: Something is lacking, or its last day has passed.
        RulingsAtOdds: It contradicts one that is in force.
        NotFound: What it is about is not in the latest release.
    """
    today = today or datetime.now(tz=UTC).date().isoformat()
    # As a form sends them; the file has line ends of one kind.
    texts = vars(proposal).items()
    proposal = replace(proposal, **{n: LINE_END.sub("\n", text) for n, text in texts})
    if proposal.action not in KNOWN:
        known = f"Known: {', '.join(KNOWN)}."
        raise NotFound("Action", proposal.action, known)
    before = load_rulings(open_vocabulary(home.vocabularies))
    expect, saw = "", ""
    if proposal.action == UNDO:
        if proposal.target not in {r.id for r in select_standing(before)}:
            raise NotFound("Ruling", proposal.target, "See `payproof rule list`.")
    elif proposal.action in SAID:
        # It may be about a page that was checked and is in no release.
        proposal = replace(proposal, expires="")
    elif not proposal.expires:
        usual = default_expiry(today)
        why = f"it is without expiry: give its last day (--expires {usual}, say)"
        raise BadRuling("", why)
    elif proposal.expires < today:
        late = f"its last day {proposal.expires} has passed"
        raise BadRuling("", late)
    else:
        row, saw, usual = find_evidence(open_latest(home), proposal)
        expect = proposal.expect or usual
        fault = find_failing_term(expect, row, "--expect")
        if fault is not None:
            raise BadRuling("", f"its guard fails already: {fault}")
    ruling = Ruling("", proposal.action, proposal.target, proposal.value,
                    proposal.reason, proposal.author, today,
                    proposal.expires,
                    expect, saw)  # fmt: skip
    if (lacking := ruling.find_fault()) is not None:
        raise BadRuling("", lacking)
    check_at_odds([*before, ruling], find_release_day(home) or today)
    return before, ruling


def find_evidence(
    release: Release, proposal: RulingProposal
) -> tuple[dict[str, Any], str, str]:
    """Find what a ruling is about.

    Returns:
        The row or counts that a guard is checked on, the digest of the evidence, and
        the usual guard.

    Raises:
        NotFound: It is not in the release.
    """
    target, value = proposal.target, proposal.value
    if proposal.action == "accept":
        return find_conflict_evidence(release, target)
    figures = release.scan_table("figures")
    if proposal.action in ("merge", "split"):
        rows = select_affected(figures.collect(), proposal.action, target, value)
        if not rows.height:
            place = f"{target} {value}".strip()
            raise NotFound("Figure of", place, "See `occupation` in figures.parquet.")
        return (
            {"figures": rows.height, "soc": target},
            digest_witnesses(rows),
            "figures>0",
        )
    table = release.scan_table("salaries").filter(pl.col("cell") == target).collect()
    if not table.height:
        raise NotFound("Cell", target, "See `payproof explain`.")
    cell = table.row(0, named=True)
    inside = figures.filter(pl.col("cell") == target).collect()
    rows_in = inside.rows(named=True)
    if find_ruled_claim(value, rows_in) is None:
        given = ", ".join(map(describe_choice, rows_in[:5]))
        remedy = f"A ruling picks a published figure; in the cell: {given}."
        raise NotFound("Figure", value, remedy)
    # A guard says what must be so without the ruling. The published row of a cell with
    # a ruling already follows it, so its status and amount cannot be the guard.
    amounts = [f"{n}={cell[n]}" for n in AMOUNTS if cell[n] is not None]
    guard = ";".join([f"status={cell['status']}", *amounts])
    return (
        cell,
        digest_evidence(rows_in),
        guard if cell["ruling"] is None else "figures>0",
    )


def describe_choice(row: Mapping[str, Any]) -> str:
    """Describe a figure that a ruling may pick: its claim, and its amount or range."""
    if row["annual"] is not None:
        return f"{row['claim_id']} ({row['annual']:,.0f})"
    ends = [f"{row[n]:,.0f}" for n in ("annual_low", "annual_high") if row[n]]
    return f"{row['claim_id']} ({' to '.join(ends) or row['quote']})"


def default_expiry(today: str = "") -> str:
    """Return the last day of a ruling that nobody gives another one: a year from now.

    Args:
        today: ISO day; "" for the day it is.
    """
    day = date.fromisoformat(today) if today else datetime.now(tz=UTC).date()
    return (day + timedelta(days=USUAL_DAYS)).isoformat()


def find_conflict_evidence(
    release: Release, name: str
) -> tuple[dict[str, Any], str, str]:
    """Find what a ruling on a discrepancy is about, as `find_evidence` does.

    Raises:
        NotFound: It is not in the release.
    """
    table = release.scan_table("discrepancies")
    found = table.filter(pl.col("discrepancy_id") == name).collect()
    if not found.height:
        remedy = "See `payproof conflicts --format json`."
        raise NotFound("Discrepancy", name, remedy)
    row = found.row(0, named=True)
    return row, digest_evidence([row], CONFLICT), f"type={row['type']}"


def find_release_day(home: Home) -> str:
    """Find the day of the newest snapshot of the latest release; "" without one."""
    # Rulings expire by this day and not by the clock: the same inputs give the same
    # release on any day.
    release = find_latest(home)
    days = (
        [s["retrieved"][:10] for s in release.manifest["snapshots"]] if release else []
    )
    return max(days, default="")
