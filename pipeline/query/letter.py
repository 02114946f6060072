"""Write a letter to the publisher of a page that is wrong about its sources."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.query.findings import Finding, Findings

WIDTH = 76  # characters a line, as mail programs wrap
MAX_LISTED = 20  # findings; the report has all
Row = Mapping[str, Any]


def write_letter(findings: Findings, document: Row, page_url: str = "") -> list[str]:
    """Write a letter about what is wrong on a page, as lines of plain text.

    Args:
        findings: Of the check.
        document: `title` and `path` of the page.
        page_url: Where the page stands; "" where that is not known.

    Returns:
        Lines; where nothing is wrong, one that says so.
    """
    rows = [row for row in findings.select("wrong", "conflict") if not row.withdrawn]
    title = " ".join((document["title"] or document["path"]).split())[:200]
    if not rows:
        return [f"There is nothing to write about: {findings.summary}"]
    one = len(rows) == 1
    lines = [f"Subject: {'A figure' if one else f'{len(rows)} figures'} on your page"]
    lines += ["", "To the editors of", f"“{title}”", *([page_url] if page_url else [])]
    opening = "We compared your page with the tables that it quotes."
    lines += ["", *wrap(f"{opening} {findings.summary} Please look at:")]
    for number, row in enumerate(rows[:MAX_LISTED], 1):
        lines += ["", *write_item(number, row)]
    if len(rows) > MAX_LISTED:
        lines += ["", *wrap(f"{len(rows) - MAX_LISTED} more are in the full report.")]
    lines += ["", *wrap(
        "If we have read your page or the table wrongly, please tell us: your answer "
        "will stand beside what we say, and what we take back will be marked as taken "
        "back."
    ), "", "With kind regards,"]  # fmt: skip
    return lines


def write_item(number: int, row: Finding) -> Iterator[str]:
    """Yield the lines of one finding."""
    yield from wrap(f"{number}. Your page says: “{row.sentence.text.strip()}”")
    for other in row.others:
        yield from wrap(f"And: “{other.text.strip()}”", "   ")
    yield from wrap(row.says, "   ")
    for found in list_tables(row):
        yield from wrap(f"Table: {found['name']}", "   ")
        # An address that is broken over two lines leads nowhere.
        if found["address"]:
            yield f"   {found['address']}"
    if row.instead:
        yield from wrap(f"Instead: {row.instead}", "   ")
    if row.put_right:
        yield from wrap(f"For example: “{row.put_right.strip()}”", "   ")


def list_tables(row: Finding) -> Sequence[Row]:
    """List the published tables of a finding, each once."""
    tables: list[Row] = []
    for found in (row.published, row.correct):
        if found is not None and found["table"] not in tables:
            tables.append(found["table"])
    return tables


def wrap(text: str, indent: str = "") -> list[str]:
    """Wrap a text into lines; a word is never broken."""
    # White space of the page's own could make lines that look like ours.
    return textwrap.wrap(
        " ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
