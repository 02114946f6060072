"""Labelled pages that rules may be worked out on: read once, scored again and again.

Made pages (the guides and `gold/dev` of the folder beside the project, and
`benchmarks/pages/developed`) are scored as `benchmarks/extraction.py` does, its short
cases by whether they come out exact, real pages as `benchmarks/real_pages.py` does. No
page that is kept apart is among them.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import extraction, real_pages
from benchmarks.label_scoring import Names, place_claims, score_claims
from pipeline.core.json_rows import to_json_row
from pipeline.core.model import Document
from pipeline.core.reading_faults import collect_faults
from pipeline.core.tables import CLAIM_DEFAULTS
from pipeline.core.vocabulary import Vocabulary
from pipeline.extract import extract_rows
from pipeline.normalise.occupation import match_occupations
from pipeline.read import detect_media_type, read
from schemas import Claims

MADE, CASES, REAL = "made", "cases", "real"
SNAPSHOT = "0" * 12
EMPTY_CLAIM = dict.fromkeys(Claims.to_schema().columns)
Row = dict[str, Any]


@dataclass
class Page:
    """A document with what is right about it.

    Args:
        group: Made pages, short cases or real pages.
        labels: As the group's scorer takes them.
        text: Of a real page, its own text, which labels count in.
        scores: What was scored already, by the claims.
    """

    group: str
    document: Document
    labels: list[Row]
    traps: list[Row] = field(default_factory=list)
    text: str = ""
    scores: dict[str, Counter[str]] = field(default_factory=dict)


class Scorer:
    """Read pages and score what they came to."""

    def __init__(self, vocabulary: Vocabulary, shared: Path | None) -> None:
        self.vocabulary = vocabulary
        self.names = Names.load(vocabulary)
        self.codes: dict[tuple[str | None, ...], str | None] = {}
        if shared is not None:
            self.tool, self.cases = extraction.load_scorers(shared)

    def read_claims(self, page: Page) -> tuple[list[Row], int]:
        """Return a page's claims as rows, and how many faults there were."""
        with collect_faults() as faults:
            try:
                rows, _, _ = extract_rows(
                    page.document, self.vocabulary, source="page", snapshot=SNAPSHOT
                )
            except Exception:  # a rule that is off may leave nothing to stand on
                return [], 1
        return [to_json_row(row) for row in rows], len(faults)

    def score(self, page: Page, claims: list[Row]) -> Counter[str]:
        """Count found, strict, everything, extra, exact, and fields that are right."""
        key = json.dumps(claims, default=str)
        if key not in page.scores:
            judge = {MADE: self.score_made, CASES: self.score_case}
            judged = judge.get(page.group, self.score_real)(page, claims)
            page.scores[key] = judged
        return page.scores[key]

    def score_made(self, page: Page, claims: list[Row]) -> Counter[str]:
        """Score by the labels' own tool."""
        tool = self.tool
        pairs, _, extra = tool.match(page.labels, [tool.flat(c) for c in claims])
        count: Counter[str] = Counter()
        for label, claim in pairs:
            if label["optional"]:
                continue
            right = {f for f in tool.REPORTED if tool.agree(label, claim, f)}
            count["found"] += 1
            count["strict"] += right >= {*tool.FIELDS}
            count["fields"] += len(right)
        count["extra"] = sum(c["kind"] in tool.REQUIRED for c in extra)
        return count

    def score_case(self, page: Page, claims: list[Row]) -> Counter[str]:
        """Say whether a short case came out exact."""
        return Counter(exact=extraction.is_exact(self.cases, page.labels, claims))

    def score_real(self, page: Page, claims: list[Row]) -> Counter[str]:
        """Score by place and number."""
        rows = [{**EMPTY_CLAIM, **CLAIM_DEFAULTS, **claim} for claim in claims]
        for row, code in zip(rows, self.find_codes(rows), strict=True):
            row["soc"] = row["soc"] or code
        placed = place_claims(rows, page.document.text, page.text)
        score = score_claims(page.labels, page.traps, placed, self.names)
        names = ("found", "strict", "everything", "extra")
        count = Counter({name: score.counts[name] for name in names})
        count["fields"] = sum(tally["right"] for tally in score.fields.values())
        return count

    def find_codes(self, rows: list[Row]) -> list[str | None]:
        """Look titles up as a release does, each once for a publisher and a year."""
        columns = ("occupation", "attributed_to", "reference_period")
        keys = [tuple(row[name] for name in columns) for row in rows]
        new = sorted({*keys} - self.codes.keys(), key=str)
        if new:
            frame = pl.DataFrame(
                new, dict.fromkeys(columns, pl.String), orient="row"
            ).with_columns(
                soc=pl.lit(None, pl.String), occupation_group=pl.lit(None, pl.String)
            )
            coded = match_occupations(frame, self.vocabulary)
            found = coded.select(*columns, "soc").rows()
            self.codes |= {tuple(row): code for *row, code in found}
        return [self.codes[key] for key in keys]


def open_document(name: str, body: bytes) -> Document:
    """Return a document as it is read for claims."""
    return read(body, detect_media_type(name, body), where=name)


def load_made(shared: Path, scorer: Scorer) -> Iterator[Page]:
    """Yield the made pages and the short cases."""
    for page, labels in list_made(shared):
        rows = [scorer.tool.flat(row) for row in real_pages.load_rows(labels)]
        yield Page(MADE, open_document(page.name, page.read_bytes()), rows)
    for case in real_pages.load_rows(shared / "gold" / "patterns_cases.jsonl"):
        name, body = extraction.make_case_page(case["text"])
        yield Page(CASES, open_document(name, body), case["expect"])


def list_made(shared: Path) -> list[tuple[Path, Path]]:
    """Return the made pages that are developed on, with their labels."""
    guides = extraction.labelled(shared)["guides"]
    folders = (shared / "gold" / "dev", extraction.OWN / "developed")
    trios = [
        *guides,
        *(trio for path in folders for trio in extraction.folder_of(path)),
    ]
    return [(page, labels) for page, labels, _ in trios]


def load_real(folder: Path, labels: Path) -> Iterator[Page]:
    """Yield the real pages of a folder; those that are not there are left out.

    Raises:
        ValueError: The labels are kept apart, or a page is not the labelled one.
    """
    pages = real_pages.load_pages(labels)
    if real_pages.is_kept_apart(pages):
        raise ValueError(f"{labels} is kept apart: no rule is worked out on it.")
    for page in pages:
        opened = real_pages.open_text(page, folder)
        if opened is None:
            continue
        yield Page(
            REAL,
            open_document(*opened),
            real_pages.load_rows(labels / f"{page['id']}.labels.jsonl"),
            real_pages.load_rows(labels / f"{page['id']}.traps.jsonl"),
            opened[1].decode(page["encoding"]),
        )
