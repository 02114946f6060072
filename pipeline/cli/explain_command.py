"""Run `payproof explain`: print every figure behind a cell, or write its packet."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.cli.console import DONE, escape_controls, format_json
from pipeline.cli.console_table import format_amount
from pipeline.core.store import find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.as_json import explanation_to_json
from pipeline.query.explain import CellExplanation, explain
from pipeline.query.published import open_latest
from pipeline.reconcile.estimate.consensus import Estimate
from pipeline.reconcile.estimate.population import Population
from schemas.former import UNKNOWN_YEAR


def run_explain(cell: str, form: str) -> int:
    """Explain a cell of the latest release, as `text` or `json`."""
    home = find_home()
    release = open_latest(home)
    found = explain(release, cell, open_vocabulary(home.vocabularies))
    if form == "json":
        print(format_json(explanation_to_json(found)))
    else:
        for line in format_explanation(found, release.list_body_paths()):
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


def format_explanation(found: CellExplanation, files: Mapping[str, str]) -> list[str]:
    """Format the decision, then every figure with role, reason and quote.

    Args:
        found: The cell.
        files: Snapshot id to where its body is.
    """
    cell = found.salary
    figure = format_amount(cell, low="annual_low", value="annual", high="annual_high")
    chosen = f"{figure} {cell['currency']} a year" if cell["chosen"] else "no figure"
    if cell["status"] == "contested":
        points = sorted(row["annual"] for row in found.inside if row["annual"])
        chosen = f"contested, {points[0]:,.0f} to {points[-1]:,.0f} {cell['currency']}"
    # `?`, as in the cell's own name, since version 3.0 has a number or null.
    year = cell["year"] if cell["is_year_known"] else UNKNOWN_YEAR
    lines = [
        cell["cell"],
        f"  {cell['occupation']}, {cell['statistic']}, {year}: {chosen}",
        f"  {cell['status']} by rule {cell['rule']}, grade {cell['grade']}, "
        f"{cell['figures']} figures, {cell['independent_sources']} independent sources",
        f"  effective {cell['effective']}, last checked {cell['last_checked']}, "
        f"last changed {cell['last_changed']}",
    ]
    if cell["would_be_settled_by"]:
        lines.append(f"  would settle it: {cell['would_be_settled_by']}")
    if found.population and found.population.publishers > 1:
        lines.append(f"  {format_population(found.population)}")
    if found.estimate:
        lines.append(f"  {format_estimate(found.estimate)}")
    lines += ["", "Figures of this cell"]
    for row in found.inside:
        lines += format_figure(row, files)
    if found.outside:
        lines += ["", "Other figures of the pages that speak of this occupation"]
        for row in found.outside:
            lines += format_figure(row, files)
    for row in found.discrepancies:
        lines += ["", f"{row['type']} ({row['severity']}): {row['sentence']}"]
    return lines


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
