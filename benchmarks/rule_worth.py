"""What each rule of reading is worth: switched off in turn, against all labels at hand.

    python benchmarks/rule_worth.py FOLDER [--out CSV] [--only TEXT]

FOLDER holds the real pages that are developed on (benchmarks/real_pages/README.md).
Made pages and short cases come from the folder of labels beside the project, or
PAYPROOF_SHARED; without it real pages alone are read. No page kept apart is read.

All pages are read with every rule on, and which rule does something where is counted.
Then each rule is switched off, and the pages that it did something on are read again
(`benchmarks.extracting.rule_switches` says what a rule is and what off means). The CSV
has a row for each rule:

- `fired`, `pages`: how often it did something, and on how many pages; 0 for a rule that
  never does: nothing that is labelled needs it.
- `pages_changed`: pages whose claims are others without it.
- `faults`: figures that a fault struck without it; others lean on what it gives, and
  its worth is that of more than one rule.
- `made_…`, `real_…`: with the rule less without it: figures found, figures with every
  field of the strict score right, with everything right (real pages), fields that are
  right. `…_extra` is without less with: wrong figures that the rule keeps out.
  `cases`: short cases that are exact.
- `figures`: the sum of strict, extra and cases. Below zero the rule does harm.
"""

import argparse
import csv
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import extraction, real_pages  # noqa: E402  (run as a file)
from benchmarks.extracting.labelled_pages import (  # noqa: E402
    CASES,
    Page,
    Scorer,
    load_made,
    load_real,
)
from benchmarks.extracting.rule_switches import Rule, Switches  # noqa: E402

OUT = ROOT / "benchmarks" / "extracting" / "rule_worth.csv"
MEASURES = {
    "made": ("found", "strict", "extra", "fields"),
    "real": ("found", "strict", "everything", "extra", "fields"),
}
COLUMNS = (
    *("module", "what", "rule", "fired", "pages", "pages_changed", "faults"),
    *(f"{group}_{name}" for group, names in MEASURES.items() for name in names),
    *("cases", "figures"),
)
GAINS = COLUMNS[COLUMNS.index("faults") + 1 :]
FEW_FAULTS = 0.1  # of the times a rule fired; with more, others cannot do without it
Result = tuple[Any, int, Counter[str]]


class Bench:
    """Pages, their scores with every rule on, and what changes without one."""

    def __init__(self, pages: list[Page], scorer: Scorer, switches: Switches) -> None:
        self.pages = pages
        self.scorer = scorer
        self.switches = switches
        self.base: dict[int, Result] = {}

    def read(self, numbers: list[int]) -> dict[int, Result]:
        """Return claims, faults and scores of pages, by their number."""
        out = {}
        for number in numbers:
            self.switches.page = number
            page = self.pages[number]
            claims, faults = self.scorer.read_claims(page)
            out[number] = claims, faults, self.scorer.score(page, claims)
        return out

    def count(self) -> None:
        """Read every page with every rule on, and count what each rule does."""
        everything = [*range(len(self.pages))]
        self.base = self.read(everything)  # fills caches; is what rules are held to
        counted: dict[int, Result] = {}
        self.switches.count(lambda: counted.update(self.read(everything)))
        if counted != self.base:
            raise RuntimeError("Counting changed what is read: mend rule_switches.")

    def measure(self, rule: Rule) -> dict[str, Any]:
        """Return the row of a rule."""
        numbers = sorted(self.switches.pages.get(rule, ()))
        without: dict[int, Result] = {}
        if numbers:
            self.switches.run_without(rule, lambda: without.update(self.read(numbers)))
        row: dict[str, Any] = dict.fromkeys(COLUMNS, 0)
        row |= {"module": rule.module, "what": rule.what, "rule": rule.name}
        row |= {"fired": self.switches.fired[rule], "pages": len(numbers)}
        for number, (claims, faults, score) in without.items():
            before, faults_before, with_it = self.base[number]
            row["pages_changed"] += claims != before
            row["faults"] += faults - faults_before
            group = self.pages[number].group
            if group == CASES:
                row["cases"] += with_it["exact"] - score["exact"]
                continue
            for name in MEASURES[group]:
                gain = with_it[name] - score[name]
                row[f"{group}_{name}"] += -gain if name == "extra" else gain
        parts = ("made_strict", "made_extra", "real_strict", "real_extra", "cases")
        # What changed a number where it stands is not seen until it is missing.
        row["fired"] = max(row["fired"], row["pages_changed"])
        row["figures"] = sum(row[name] for name in parts)
        return row

    def describe_base(self) -> str:
        """Return the scores with every rule on, by group of pages."""
        totals: dict[str, Counter[str]] = {}
        for number, (_, _, score) in self.base.items():
            group = self.pages[number].group
            totals.setdefault(group, Counter()).update(score)
        return "; ".join(f"{group} {dict(total)}" for group, total in totals.items())


def measure_rules(pages: list[Page], scorer: Scorer, only: str = "") -> list[Any]:
    """Return a row for each rule whose module and name hold a text."""
    with Switches() as switches:
        bench = Bench(pages, scorer, switches)
        bench.count()
        print("every rule on:", bench.describe_base())
        rules = sorted(switches.rules)
        return [bench.measure(r) for r in rules if only in f"{r.module} {r.name}"]


def load_pages(folder: Path, labels: Path, scorer: Scorer) -> list[Page]:
    """Return every labelled page at hand that rules may be worked out on."""
    shared = extraction.shared_folder()
    made = [*load_made(shared, scorer)] if shared is not None else []
    return [*made, *load_real(folder, labels)]


def print_summary(rows: list[dict[str, Any]]) -> None:
    """Print what is worth most, what is worth nothing, and what does harm."""
    fired = [row for row in rows if row["fired"]]
    held = [row for row in fired if row["faults"] > FEW_FAULTS * row["fired"]]
    free = [row for row in fired if row not in held]
    little = [row for row in free if row["figures"] < 1]
    idle = [row for row in little if not any(row[name] for name in GAINS)]
    harm = [row for row in free if row["figures"] < 0 or row["real_strict"] < 0
            or row["real_found"] < 0]  # fmt: skip
    print(f"{len(rows)} rules: {len(rows) - len(fired)} never fire; {len(held)} others "
          f"lean on; of the rest {len(little)} are worth less than a figure, "
          f"{len(idle)} of them change nothing that is labelled; {len(harm)} cost "
          f"figures")  # fmt: skip
    most = sorted(free, key=lambda row: -row["figures"])[:25]
    for title, some in (("worth most", most), ("cost figures", harm)):
        print(f"\n{title}: figures; strict on made pages, on real ones; real found")
        for row in some:
            gains = [row[n] for n in ("made_strict", "real_strict", "real_found")]
            shown = " ".join(f"{gain:+5d}" for gain in gains)
            print(f"{row['figures']:5d}  {shown}  {row['module']}  {row['rule']}")


def main(argv: list[str] | None = None) -> int:
    """Measure every rule, write the CSV and print what stands out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--labels", type=Path, default=real_pages.LABELS)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--only", default="", help="rules whose name holds this")
    given = parser.parse_args(argv)
    start = time.process_time()
    scorer = Scorer(real_pages.VOCABULARY, extraction.shared_folder())
    pages = load_pages(given.folder, given.labels, scorer)
    rows = measure_rules(pages, scorer, given.only)
    with given.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(
        f"{len(pages)} pages, {time.process_time() - start:.0f} s of CPU, {given.out}"
    )
    print_summary(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
