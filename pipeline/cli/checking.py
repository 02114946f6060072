"""`payproof check`."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.check import Checked, check, open_page
from pipeline.cli import DONE, LOOK, printable
from pipeline.cli.words import claim_record
from pipeline.errors import NotFound
from pipeline.publish import open_release
from pipeline.store import find_home
from pipeline.vocabulary import load


def run(file: str, form: str) -> int:
    """Check a saved page; 1 where something on it is wrong or nothing was found."""
    if "://" in file:
        raise NotFound("File", file, "Save the page and give the file's path.")
    home = find_home()
    vocabulary, release = load(home.vocabularies), open_release(home)
    found = check(open_page(Path(file), vocabulary), release, vocabulary)
    if form == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    elif form == "html":
        from pipeline.report.page import page_html

        print(page_html(as_json(found)))
    else:
        for line in as_text(found):
            print(printable(line))
    return LOOK if found.wrong or nothing_because(found) else DONE


def nothing_because(found: Checked) -> str | None:
    """Why the page says nothing about pay; None where it does."""
    claims = found.page.claims
    if not claims.height:
        return found.page.extraction.reason
    kinds = claims["kind"].unique().sort().to_list()
    if set(kinds) <= {"cost", "other", "share"}:
        return f"its {claims.height} figures are {' or '.join(kinds)}"
    return None


def as_json(found: Checked) -> dict[str, Any]:
    """The object that `--format json` prints; documented in docs/commands.md."""
    page = found.page
    return {
        "document": {
            "path": str(page.path),
            "title": page.document.title,
            "media_type": page.document.media_type,
            "sha256": page.sha256,
        },
        "release": {
            "name": found.release.name,
            "demonstration": found.release.manifest["demonstration"],
        },
        "claims": [claim_record(c) for c in page.claims.iter_rows(named=True)],
        "verdicts": list(found.verdicts),
        "discrepancies": [
            {
                "type": d["type"],
                "severity": d["severity"],
                "claim_ids": d["claim_ids"].split(" "),
                "published": d["published"],
                "reference": d["reference"],
                "reference_source": d["reference_source"],
                "reference_release": d["reference_release"],
                "difference": None
                if d["difference"] is None
                else float(d["difference"]),
                "sentence": d["sentence"],
            }
            for d in found.discrepancies.iter_rows(named=True)
        ],
        "nothing_because": nothing_because(found),
    }


def as_text(found: Checked) -> list[str]:
    """Verdicts in the order of the page, then the page's own contradictions."""
    page, release = found.page, found.release
    lines = [f"{page.path}: {page.claims.height} claims, against {release.name}"]
    if release.manifest["demonstration"]:
        lines.append("(a demonstration release: some reference pages are made)")
    if because := nothing_because(found):
        return [*lines, f"No pay figure was found: {because}."]
    counts: dict[str, int] = {}
    for verdict in found.verdicts:
        counts[verdict["verdict"]] = counts.get(verdict["verdict"], 0) + 1
    lines.append(", ".join(f"{name} {n}" for name, n in sorted(counts.items())))
    for verdict in found.verdicts:
        lines += ["", f"{verdict['verdict'].upper():14} {verdict['quote']}"]
        lines.append(f"  {verdict['sentence']}")
        if verdict["reference_cell"] is not None:
            where = release.files().get(verdict["reference_snapshot"], "")
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
