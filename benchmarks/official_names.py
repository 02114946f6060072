"""Occupation names: how many get their own code, official ones and employers'.

    python benchmarks/official_names.py [--titles TITLES.jsonl] [--misses]

Every detailed name of the newest SOC in `vocabularies/occupations.csv` that the survey
counts people in stands in one plain sentence, in lower case and as published. `own` is
its code, `another` one that is not, `open` several codes (with its own among them or
not), `none` a name without a code, `lost` a figure that is no pay level. The code is
that of the cell which `payproof check` names.

TITLES.jsonl holds one object a line, `title`, `right` and `acceptable` codes. Each
title stands in a posting's data, as written and in lower case.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.core.tables import make_claims  # noqa: E402  (run as a file)
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.extract import extract_rows  # noqa: E402
from pipeline.normalise import normalise  # noqa: E402
from pipeline.read import read  # noqa: E402

SENTENCE = (
    "The median annual wage for {} was $51,230 in May 2024, according to the Bureau of "
    "Labor Statistics."
)
POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "datePosted": "2026-03-04",
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "USD",
        "value": {"minValue": 40000, "maxValue": 60000, "unitText": "YEAR"},
    },
    "jobLocation": {"address": {"addressCountry": "US"}},
}
VOCABULARY = open_vocabulary(ROOT / "vocabularies")
FRAME = '<script type="application/ld+json">{}</script>'


def list_names(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Return code and name of every occupation that the survey counts people in."""
    rows = vocabulary.read_table("occupations").iter_rows(named=True)
    return [
        (row["soc"], row["title"])
        for row in rows
        if row["scheme"] == "SOC2018"
        and not row["valid_to"]
        and row["note"] != "group"
        and row["employment"]
    ]


def read_codes(pages: Sequence[tuple[str, str]]) -> list[tuple[str | None, str]]:
    """Return the codes of the cell of each page's first pay level, and its name.

    The codes are None where the page gives no pay level, "?" where it has none.

    Args:
        pages: Text and media type.
    """
    rows: list[dict[str, Any]] = []
    for number, (text, kind) in enumerate(pages):
        document = read(text.encode(), kind, where=f"page {number}")
        snapshot = f"{number:012x}"
        rows += extract_rows(document, VOCABULARY, source="page", snapshot=snapshot)[0]
    found: dict[str, tuple[str, str]] = {}
    for row in normalise(make_claims(rows), VOCABULARY, {}).iter_rows(named=True):
        codes = row["cell"].partition("/")[0]
        found.setdefault(row["snapshot"], (codes, row["occupation"] or ""))
    return [found.get(f"{number:012x}", (None, "")) for number in range(len(pages))]


def judge_name(code: str, found: str | None) -> str:
    """Say what became of a name: own, another, open with it or without, none, lost."""
    if found is None:
        return "lost"
    codes = found.split("|")
    if codes == [code]:
        return "own"
    if len(codes) > 1:
        return "open with own" if code in codes else "open"
    return "none" if found == "?" else "another"


def judge_title(row: dict[str, Any], found: str | None) -> str:
    """Say what became of an employer's title."""
    codes = (found or "?").split("|")
    right, fair = {*row["right"]}, {*row["right"], *row["acceptable"]}
    if codes == ["?"]:
        return "none"
    if len(codes) == 1:
        return (
            "right" if {*codes} <= right
            else "acceptable" if {*codes} <= fair else "wrong"
        )  # fmt: skip
    return "open with right" if {*codes} & right else "open without"


def score_names(*, misses: bool) -> Counter[str]:
    """Print how the official names fare; return the counts of both cases."""
    total: Counter[str] = Counter()
    for label, spell in (("lower case", str.lower), ("as published", str)):
        count: Counter[str] = Counter()
        names = list_names(VOCABULARY)
        pages = [(SENTENCE.format(spell(title)), "text/plain") for _, title in names]
        for (code, title), (found, said) in zip(names, read_codes(pages), strict=True):
            verdict = judge_name(code, found)
            count[verdict] += 1
            if misses and verdict != "own":
                print(f"   {verdict}: {code} {spell(title)!r} -> {found} {said!r}")
        print(f"official names, {label}: {tell(count)}")
        total += count
    return total


def score_titles(path: Path, *, misses: bool) -> Counter[str]:
    """Print how employers' titles fare; return the counts of both cases."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    total: Counter[str] = Counter()
    for label, spell in (("as written", str), ("lower case", str.lower)):
        count: Counter[str] = Counter()
        data = [json.dumps({**POSTING, "title": spell(row["title"])}) for row in rows]
        pages = [(FRAME.format(one), "text/html") for one in data]
        for row, (found, said) in zip(rows, read_codes(pages), strict=True):
            verdict = judge_title(row, found)
            count[verdict] += 1
            if misses and verdict not in ("right", "acceptable", "open with right"):
                print(f"   {verdict}: {row['title']!r} -> {found} {said!r}")
        print(f"employers' titles, {label}: {tell(count)}")
        total += count
    return total


def tell(count: Counter[str]) -> str:
    """Put counts into words, with the whole."""
    whole = sum(count.values())
    parts = (f"{name} {n} ({n / whole:.1%})" for name, n in count.most_common())
    return f"{whole}: " + ", ".join(parts)


def main(argv: list[str] | None = None) -> int:
    """Score the official names, and employers' titles where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--titles", type=Path)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args(argv)
    start = time.perf_counter()
    score_names(misses=given.misses)
    if given.titles:
        score_titles(given.titles, misses=given.misses)
    print(f"{time.perf_counter() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
