"""Run `payproof check`: one saved page against the latest release."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from pipeline.cli.console import (
    DONE,
    NEEDS_LOOK,
    escape_controls,
    format_json,
    print_warnings,
)
from pipeline.core.errors import NotFound
from pipeline.core.source_fields import ADDRESS
from pipeline.core.store import find_home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.as_json import check_to_json, explain_silence
from pipeline.query.check import PageVerdicts, check, open_page
from pipeline.query.claim_review import make_claim_reviews
from pipeline.query.letter import write_letter
from pipeline.query.published import open_latest


def run_check(file: str, form: str, page_url: str = "", report_url: str = "") -> int:
    """Check a saved page; return 1 where it is wrong, has no figure or a fault struck.

    Args:
        file: Path of the page.
        form: `text`, `json`, `html`, `letter` or `claimreview`.
        page_url: Where the page stands, for a letter or reviews; "" if not known.
        report_url: Where the report will stand, for reviews; "" if not known.

    Raises:
        NotFound: No such file or release, or an address that is none.
        TooLarge: Beyond `page_bytes` of limits.csv.
        Damaged: The page or the release cannot be read.
    """
    # `check` needs no network (tests/test_flows.py), so an address is not fetched.
    if "://" in file:
        raise NotFound("File", file, "Save the page and give the file's path.")
    for address in filter(None, (page_url, report_url)):
        if not _is_address(address):
            raise NotFound("Address", address, "Give one like https://example.org/pay.")
    home = find_home()
    vocabulary, release = open_vocabulary(home.vocabularies), open_latest(home)
    found = check(open_page(Path(file), vocabulary), release, vocabulary)
    faults = found.page.extraction.faults
    print_warnings(map(str, faults))
    print_found(found, form, page_url, report_url)
    return NEEDS_LOOK if found.wrong or faults or explain_silence(found) else DONE


def _is_address(text: str) -> bool:
    """Return whether a text is a web address whose parts can be told apart."""
    try:
        host = urlsplit(text).hostname
    except ValueError:  # `https://[abc`
        return False
    return bool(host) and ADDRESS.fullmatch(text) is not None


def print_found(
    found: PageVerdicts, form: str, page_url: str = "", report_url: str = ""
) -> None:
    """Print what a check found in one of the forms of `run_check`."""
    answer = check_to_json(found)
    document = {**answer["document"], "published": found.page.document.published[:10]}
    if form == "json":
        print(format_json(answer))
    elif form == "html":
        from pipeline.site.report.check_report import draw_check_report

        print(draw_check_report(answer))
    elif form == "claimreview":
        day = datetime.now(tz=UTC).date().isoformat()
        reviews = make_claim_reviews(
            found.findings, document, day, page_url, report_url
        )
        print(format_json(reviews))
    elif form == "letter":
        for line in write_letter(found.findings, document, page_url):
            print(escape_controls(line))
    else:
        for line in format_verdicts(found):
            print(escape_controls(line))


def format_verdicts(found: PageVerdicts) -> list[str]:
    """Format verdicts in the order of the page, then its own contradictions."""
    page, release = found.page, found.release
    lines = [f"{page.path}: {page.claims.height} claims, against {release.name}"]
    if release.manifest["demonstration"]:
        lines.append("(a demonstration release: some reference pages are made)")
    if because := explain_silence(found):
        return [*lines, f"No pay figure was found: {because}."]
    counts: dict[str, int] = {}
    for verdict in found.verdicts:
        counts[verdict["verdict"]] = counts.get(verdict["verdict"], 0) + 1
    lines.append(", ".join(f"{name} {n}" for name, n in sorted(counts.items())))
    for verdict in found.verdicts:
        lines += ["", f"{verdict['verdict'].upper():14} {verdict['quote']}"]
        lines.append(f"  {verdict['sentence']}")
        if verdict["reference_cell"] is not None:
            where = release.list_body_paths().get(verdict["reference_snapshot"], "")
            lines.append(f"  cell {verdict['reference_cell']}")
            lines.append(f"  file {where} {verdict['reference_locator']}")
    rows = found.discrepancies.filter(
        pl.col("reference_claim").is_null(), pl.col("type") != "impossible_or_orphan"
    )
    inside = list(rows.iter_rows(named=True))
    if inside:
        lines += ["", "On the page itself:"]
        lines += [f"  {d['type']} ({d['severity']}): {d['sentence']}" for d in inside]
    return lines
