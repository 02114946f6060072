"""Certainty of verdicts: how often is each kind right on labelled pages?

    python benchmarks/verdict_certainty.py LABELS --home FOLDER

LABELS holds pages and beside each a `.verdicts.jsonl`: a line for a figure, with its
`quote`, its `occurrence` and the verdicts that it accepts. Prints for each kind of
verdict and each way that its fields were read how many are right, and what
`vocabularies/verdict_certainty.csv` may say at most: (right + 1) / (all + 2), so that a
kind that was seen twice is not sure. Then, leaving each page out, how often verdicts
are right whose certainty by the other pages is 0.9 or more. Exits 1 below 9 in 10.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.core.store import Home  # noqa: E402  (run as a file, not as a module)
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.query.check import check, open_page  # noqa: E402
from pipeline.query.published import Release, open_latest  # noqa: E402
from pipeline.reconcile.verdict.verdict_certainty import CertaintyTable  # noqa: E402
from pipeline.reconcile.verdict.verdicts import ACCUSATIONS  # noqa: E402

SURE, ENOUGH = 0.9, 0.9
# Softer words are accepted where these are.
SOFT = {
    "older_figure": {"stale", "unsupported"},
    "not_in_release": {"unsupported", "not_comparable"},
    "cannot_tell": {"unsupported", "not_comparable"},
}
Kind = tuple[str, str]


class Judged(NamedTuple):
    """A verdict on a labelled page, and whether its label accepts it."""

    page: str
    kind: Kind
    right: bool


def read_labels(path: Path) -> dict[tuple[str, int], set[str]]:
    """Return what each figure of a page accepts, by quote and occurrence."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return {
        (line["quote"].strip(), line.get("occurrence", 1)): {*line["accept"]}
        for line in lines
        if "quote" in line
    }


def judge_page(page: Path, release: Release, words: Vocabulary) -> list[Judged]:
    """Judge a page; figures without a label count where they are accused."""
    labels = read_labels(page.with_name(f"{page.stem}.verdicts.jsonl"))
    table = CertaintyTable.from_vocabulary(words)
    made = check(open_page(page, words), release, words)
    claims = made.page.claims.iter_rows(named=True)
    starts = {claim["claim_id"]: claim["start"] or 0 for claim in claims}
    found, seen = [], Counter[str]()
    for row in sorted(made.verdicts, key=lambda v: starts[v["claim_id"]]):
        quote, verdict = row["quote"].strip(), row["verdict"]
        seen[quote] += 1
        accepted = labels.get((quote, seen[quote]))
        if accepted is None and verdict not in ACCUSATIONS:
            continue
        keys = ((verdict, row["reason"]), (verdict, "*"))
        known = next((k for k in keys if k in table.stated), None)
        stated = known is None or table.stated[known] == row["certainty"]
        kind = (verdict, "stated" if stated else "inherited")
        right = bool({verdict, *SOFT.get(verdict, ())} & (accepted or set()))
        found.append(Judged(page.name, kind, right))
    return found


def estimate(found: Iterable[Judged]) -> dict[Kind, float]:
    """Return how sure each kind of verdict may be said to be."""
    counts: dict[Kind, list[bool]] = defaultdict(list)
    for one in found:
        counts[one.kind].append(one.right)
    return {k: (sum(v) + 1) / (len(v) + 2) for k, v in counts.items()}


def main(folder: Path, home: Path) -> int:
    """Print both tables and say whether sure verdicts are right often enough."""
    words = open_vocabulary(ROOT / "vocabularies")
    release = open_latest(Home(home))
    labels = sorted(folder.glob("*.verdicts.jsonl"))
    stems = {path.name.removesuffix(".verdicts.jsonl") for path in labels}
    pages = [p for p in sorted(folder.iterdir()) if p.stem in stems]
    found = [one for page in pages for one in judge_page(page, release, words)]
    for kind, sure in sorted(estimate(found).items()):
        own = [one for one in found if one.kind == kind]
        right = sum(one.right for one in own)
        places = len({one.page for one in own})
        print(
            f"{kind[0]:16} {kind[1]:10} {right:3} of {len(own):3} on {places:2} pages"
            f"  at most {sure:.2f}"
        )
    kept = []
    for page in pages:
        others = estimate(one for one in found if one.page != page.name)
        own = (one for one in found if one.page == page.name)
        kept += [one.right for one in own if others.get(one.kind, 0) >= SURE]
    share = sum(kept) / len(kept) if kept else 0.0
    print(f"sure by the other pages: {sum(kept)} of {len(kept)} right ({share:.3f})")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("labels", type=Path, help="labelled pages")
    parser.add_argument("--home", type=Path, required=True, help="with a release")
    given = parser.parse_args()
    sys.exit(main(given.labels, given.home))
