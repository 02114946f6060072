"""Run `payproof explain`: print every figure behind a cell, or write its packet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.cli.console import DONE, escape_controls, format_json
from pipeline.cli.console_table import format_amount
from pipeline.core.store import find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.as_json import explanation_to_json
from pipeline.query.decision_words import describe_decision, describe_ruling
from pipeline.query.explain import CellExplanation, explain
from pipeline.query.published import open_latest
from pipeline.reconcile.estimate.consensus import Estimate
from pipeline.reconcile.estimate.population import Population
from schemas.former import UNKNOWN_YEAR

CHOSEN, SUPPORTING, AGAINST, REST = GROUPS = (
    "Chosen",
    "Supporting",
    "Disputing",
    "Not of this question, or older",
)
# Reasons for which a figure that is left out still speaks against the cell's value.
DISPUTING = ("disputed", "doubtful", "ruled_out", "known_error")
MOST = 8  # figures of a group, unless all are asked for


def run_explain(cell: str, form: str, *, everything: bool = False) -> int:
    """Explain a cell of the latest release.

    Args:
        cell: Its id.
        form: `text` or `json`; JSON has everything.
        everything: Print every figure, and not only what decides.
    """
    home = find_home()
    release = open_latest(home)
    found = explain(release, cell, open_vocabulary(home.vocabularies))
    if form == "json":
        print(format_json(explanation_to_json(found)))
    else:
        files = release.list_body_paths()
        for line in format_explanation(found, files, everything=everything):
            print(escape_controls(line))
    return DONE


def write_packet(cell: str) -> int:
    """Write the evidence packet of a cell into the current folder."""
    from pipeline.release.publish.site_files import write_packet_files
    from pipeline.site.evidence_packet import make_packet
    from pipeline.site.page_links import make_slug

    home = find_home()
    page, facts = make_packet(home, open_latest(home), cell)
    for path in write_packet_files(Path.cwd(), make_slug(cell), page, facts):
        print(path.name)
    return DONE


def format_explanation(
    found: CellExplanation, files: Mapping[str, str], *, everything: bool = False
) -> list[str]:
    """Format the decision, then what was chosen, what supports and what disputes it.

    Args:
        found: The cell.
        files: Snapshot id to where its body is.
        everything: Every figure, those of other questions too, and estimates.
    """
    lines = format_decision(found)
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in found.inside:
        groups.setdefault(choose_group(row), []).append(row)
    for title in GROUPS:
        rows = groups.get(title, [])
        shown = rows if everything else rows[:MOST]
        if not rows or (title == REST and not everything):
            continue
        lines += ["", title]
        for row in shown:
            lines += format_figure(row, files)
        if len(rows) > len(shown):
            lines.append(f"  and {len(rows) - len(shown)} more")
    conflicts = list(found.discrepancies) if everything else found.own_conflicts
    for row in conflicts:
        lines += ["", format_conflict(row)]
    if everything:
        return lines + format_others(found, files)
    return lines + count_rest(found, groups.get(REST, []), len(conflicts))


def format_decision(found: CellExplanation) -> list[str]:
    """Format the question, its answer, and how it was decided."""
    cell = found.salary
    figure = format_amount(cell, low="annual_low", value="annual", high="annual_high")
    chosen = f"{figure} {cell['currency']} a year" if cell["chosen"] else "no figure"
    if cell["status"] == "contested":
        ends = [f"{end:,.0f}" for end in found.bounds or ()]
        between = f", {' to '.join(dict.fromkeys(ends))}" if ends else ""
        chosen = f"contested{between} {cell['currency']}"
    # `?`, as in the cell's own name, since version 3.0 has a number or null.
    year = cell["year"] if cell["is_year_known"] else UNKNOWN_YEAR
    lines = [
        cell["cell"],
        f"  {cell['occupation']}, {cell['statistic']}, {year}: {chosen}",
        f"  {describe_decision(cell, found.rulings)}",
        f"  {cell['status']} by rule {cell['rule']}, grade {cell['grade']}, "
        f"{count_words(cell['figures'], 'figure')}, "
        f"{count_words(cell['independent_sources'], 'independent source')}",
        f"  effective {cell['effective']}, last checked {cell['last_checked']}, "
        f"last changed {cell['last_changed']}",
    ]
    if cell["would_be_settled_by"]:
        lines.append(f"  would settle it: {cell['would_be_settled_by']}")
    # Others that are not followed: stale, expired, taken back, or on a conflict.
    followed = (cell["ruling"] or "").split()
    others = [row for row in found.rulings if row["id"] not in followed]
    return lines + [f"  ruling: {describe_ruling(row)}" for row in others]


def count_words(number: int, word: str) -> str:
    """Write a number with its word: `1 figure`, `3 figures`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def choose_group(row: Mapping[str, Any]) -> str:
    """Return the title under which a figure of the cell is listed."""
    if row["role"] in ("supporting", "copy"):
        return SUPPORTING
    if row["role"] == "chosen":
        return CHOSEN
    disputing = row["role"] == "outvoted" or row["reason"] in DISPUTING
    return AGAINST if disputing else REST


def format_conflict(row: Mapping[str, Any]) -> str:
    """Format a conflict, with its state where a person decided on it."""
    state = f", {row['status'].replace('_', ' ')}" if row["status"] != "open" else ""
    return f"{row['type']} ({row['severity']}{state}): {row['sentence']}"


def format_others(found: CellExplanation, files: Mapping[str, str]) -> list[str]:
    """Format estimates, and the figures of the same pages that answer others."""
    lines = [""] if found.population or found.estimate else []
    if found.population and found.population.publishers > 1:
        lines.append(f"  {format_population(found.population)}")
    if found.estimate:
        lines.append(f"  {format_estimate(found.estimate)}")
    if found.outside:
        lines += ["", "Other figures of the pages that speak of this occupation"]
        for row in found.outside:
            lines += format_figure(row, files)
    return lines


def count_rest(
    found: CellExplanation, rest: Sequence[Mapping[str, Any]], shown: int
) -> list[str]:
    """Format how much more there is, by reason, and how to see it."""
    counts = Counter(row["reason"] for row in rest)
    other = Counter(row["reason"] for row in found.outside)
    lines = []
    for what, by_reason in (
        ("more figures of this question", counts),
        ("figures of other questions on the same pages", other),
    ):
        if by_reason:
            named = ", ".join(f"{n} {reason}" for reason, n in by_reason.most_common())
            lines.append(f"{by_reason.total()} {what}: {named}")
    if more := len(found.discrepancies) - shown:
        lines.append(f"{more} conflicts name it beside other questions")
    return ["", *lines, "`--all` prints them."] if lines else []


def format_population(found: Population) -> str:
    """Format the distribution that all statistics of the cell's people come to."""
    return (
        f"all {found.statements} statistics of these people as one lognormal "
        f"(an estimate): median {found.median:,} ({found.low:,} to {found.high:,}), "
        f"mean {found.mean:,}, p10 {found.p10:,}, p90 {found.p90:,}; "
        f"chi2 {found.chi2:.1f} on {found.points} points"
    )


def format_estimate(found: Estimate) -> str:
    """Format the estimate from other figures, where no official one answers."""
    return (
        "no official figure answers it; what others say comes to (an estimate) "
        f"{found.value:,.0f} ({found.low:,.0f} to {found.high:,.0f})"
    )


def format_figure(row: Mapping[str, Any], files: Mapping[str, str]) -> list[str]:
    """Format one figure: role, amount, publisher, reason; its quote and its place."""
    figure = format_amount(row, low="annual_low", value="annual", high="annual_high")
    where = files.get(row["snapshot"], row["snapshot"])
    return [
        f"  {row['role']:10} {figure:>18}  {row['publisher']:12} {row['reason']}: "
        f"{row['sentence']}",
        f"             “{row['quote']}” at {where} {row['locator']}",
    ]
