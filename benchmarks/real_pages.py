"""Real pages: how well a folder of them is read, against labels by offset and number.

    python benchmarks/real_pages.py FOLDER [--labels FOLDER] [--misses] [--json]
    python benchmarks/real_pages.py --fetch-list [--labels FOLDER]

FOLDER holds the pages' bytes as `<id>.<ending>`, and for PDF and Word files the text
that the stated converter made of them, `<id>.<ending>.txt`. None of it is in the
repository: benchmarks/real_pages/README.md tells what the labels hold, `--fetch-list`
where each page lies. A page whose bytes or text are not those that were labelled is
told and not scored. Exits 1 where that is so, or where reading a page broke. Of labels
that are kept apart the totals alone are told: no page, no kind, no miss.
"""

import argparse
import csv
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.label_scoring import (  # noqa: E402  (run as a file)
    Names,
    PageScore,
    place_claims,
    score_claims,
    summarise,
)
from pipeline.core.json_rows import to_json_row  # noqa: E402
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.extract import Extraction, extract  # noqa: E402
from pipeline.normalise.occupation import match_occupations  # noqa: E402
from pipeline.read import detect_media_type, read  # noqa: E402

LABELS = ROOT / "benchmarks" / "real_pages" / "develop"
KEPT_APART = "kept_apart"  # the half that nobody who writes rules or weights looks at
VOCABULARY = open_vocabulary(ROOT / "vocabularies")
Row = dict[str, Any]


def load_pages(labels: Path) -> list[dict[str, str]]:
    """Return the rows of `pages.csv`, one a page."""
    with (labels / "pages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load_rows(path: Path) -> list[Row]:
    """Return the objects of a file of JSON lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def digest(body: bytes) -> str:
    """Return the sha256 of bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def open_text(page: dict[str, str], folder: Path) -> tuple[str, bytes] | None:
    """Return a page's name and the bytes to be read; None where it is not there.

    Raises:
        ValueError: The bytes, or the converted text, are not those that were labelled.
    """
    path = folder / page["file"]
    if not path.is_file():
        return None
    body = path.read_bytes()
    if digest(body) != page["sha256"]:
        raise ValueError(f"{path}: its sha256 is not that of the labelled page.")
    if not page["converter"]:
        return path.name, body
    text = path.with_name(path.name + ".txt")
    if not text.is_file():
        return None
    body = text.read_bytes()
    if digest(body) != page["text_sha256"]:
        raise ValueError(f"{text}: convert {path.name} with {page['converter']}.")
    return text.name, body


def read_claims(
    name: str, body: bytes, encoding: str, vocabulary: Vocabulary
) -> list[Row]:
    """Return what today's reading says of a page, placed in the page's own text."""
    return read_page(name, body, encoding, vocabulary)[1]


def read_page(
    name: str, body: bytes, encoding: str, vocabulary: Vocabulary
) -> tuple[Extraction, list[Row]]:
    """Return a page's extraction, and its claims placed in the page's own text.

    Titles are looked up as for a release: `soc` is the code that the figure would be
    filed under.
    """
    document = read(body, detect_media_type(name, body), where=name)
    found = extract(document, vocabulary, source="page", snapshot=digest(body)[:12])
    coded = match_occupations(found.claims, vocabulary)
    rows = [to_json_row(row) for row in coded.iter_rows(named=True)]
    return found, place_claims(rows, document.text, body.decode(encoding))


class Run:
    """Score pages one by one, and keep what stood in the way of others."""

    def __init__(self, labels: Path, vocabulary: Vocabulary) -> None:
        self.labels = labels
        self.vocabulary = vocabulary
        self.names = Names.load(vocabulary)
        self.scores: dict[str, PageScore] = {}
        self.absent: list[str] = []
        self.differing: list[str] = []
        self.broken: list[str] = []

    def score(self, page: dict[str, str], folder: Path) -> None:
        """Score one page, or note why it could not be."""
        name = page["id"]
        try:
            opened = open_text(page, folder)
        except ValueError as error:
            self.differing.append(str(error))
            return
        if opened is None:
            self.absent.append(name)
            return
        labels = load_rows(self.labels / f"{name}.labels.jsonl")
        traps = load_rows(self.labels / f"{name}.traps.jsonl")
        try:
            encoding = page["encoding"]
            claims = read_claims(*opened, encoding, self.vocabulary)
        except Exception as error:  # one page that breaks is a figure of the run
            self.broken.append(f"{name}: {type(error).__name__}: {error}")
            claims = []
        self.scores[name] = score_claims(labels, traps, claims, self.names)


def total(scores: list[PageScore]) -> PageScore:
    """Return the sum of scores."""
    out = PageScore()
    for score in scores:
        out.add(score)
    return out


def make_report(run: Run, pages: list[dict[str, str]]) -> Row:
    """Return the figures by page, by kind of page and of all."""
    kinds: dict[str, list[PageScore]] = defaultdict(list)
    for page in pages:
        if page["id"] in run.scores:
            kinds[page["kind"]].append(run.scores[page["id"]])
    whole = total([*run.scores.values()])
    return {
        "pages": {name: summarise(score) for name, score in run.scores.items()},
        "kinds": {kind: summarise(total(scores)) for kind, scores in kinds.items()},
        "all": summarise(whole),
        "traps": {
            why: {"of": count, "as_pay": whole.hit[why]}
            for why, count in whole.traps.most_common()
        },
        "scored": len(run.scores),
        "absent": run.absent,
        "differing": run.differing,
        "broken": run.broken,
    }


def print_report(report: Row) -> None:
    """Print the report as lines of text."""
    lines = {**report["pages"], **report["kinds"], "ALL": report["all"]}
    for name, row in lines.items():
        shares = "  ".join(
            f"{head} {'-' if row[key] is None else format(row[key], '.3f')}"
            for head, key in (("found F1", "found_f1"), ("strict F1", "strict_f1"),
                              ("money", "money_right"), ("all", "everything_right"))
        )  # fmt: skip
        print(f"{name:18s} labels {row['labels']:4d}  extra {row['extra']:3d}  "
              f"{shares}  traps {row['traps_as_pay']}/{row['traps']}")  # fmt: skip
    print(
        "fields:", "  ".join(f"{n} {v:.3f}" for n, v in report["all"]["fields"].items())
    )
    told = (f"{why} {n['as_pay']}/{n['of']}" for why, n in report["traps"].items())
    print("traps as pay:", "  ".join(told))
    print(f"{report['scored']} pages scored, {len(report['absent'])} not in the "
          f"folder")  # fmt: skip
    for line in (*report["differing"], *report["broken"]):
        print(line)


def is_kept_apart(pages: list[dict[str, str]]) -> bool:
    """Say whether any page is of the half that is scored for its totals alone."""
    return any(page["split"] == KEPT_APART for page in pages)


def keep_totals(report: Row) -> Row:
    """Return a report without what it says of single pages and of kinds of page.

    A kind may be one page. Of pages that broke only their number is told: a message
    would show what stands on them.
    """
    broken = len(report["broken"])
    told = [f"{broken} pages broke"] if broken else []
    return {**report, "pages": {}, "kinds": {}, "broken": told}


def list_addresses(pages: list[dict[str, str]]) -> list[str]:
    """Return a line for each page: id, sha256 and where its bytes lie."""
    return [
        f"{page['id']}\t{page['sha256']}\thttps://raw.githubusercontent.com/"
        f"{page['repository']}/{page['commit']}/{quote(page['path'])}"
        for page in pages
    ]


def main(argv: list[str] | None = None) -> int:
    """Score a folder of pages, or list where they lie."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--fetch-list", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    pages = load_pages(given.labels)
    if given.fetch_list:
        print("\n".join(list_addresses(pages)))
        return 0
    if given.folder is None:
        parser.error("name the folder that holds the pages")
    apart = is_kept_apart(pages)
    if apart and given.misses:
        parser.error(f"{given.labels} is kept apart: its misses are not told. "
                     "Work on those of benchmarks/real_pages/develop")  # fmt: skip
    run = Run(given.labels, VOCABULARY)
    for page in pages:
        run.score(page, given.folder)
    report = make_report(run, pages)
    report = keep_totals(report) if apart else report
    misses = {name: score.misses for name, score in run.scores.items()}
    if given.json:
        print(
            json.dumps(report | ({"misses": misses} if given.misses else {}), indent=1)
        )
    else:
        print_report(report)
        for name, lines in misses.items() if given.misses else ():
            print("".join(f"{name}  {line}\n" for line in lines), end="")
    return 1 if run.differing or run.broken else 0


if __name__ == "__main__":
    sys.exit(main())
