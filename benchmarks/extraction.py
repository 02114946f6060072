"""Extraction: how good, against labels, and how fast, against peers in one run.

    python benchmarks/extraction.py [--quick] [--pages N] [--no-limits]
    python benchmarks/extraction.py --fresh

`--fresh` tells the totals of benchmarks/pages/fresh and fresh_later and nothing else:
pages that no rule or weight was made on, to be asked once a change, when the change is
done.

Quality needs the shared folder of labels (or PAYPROOF_SHARED) and uses its scorers.
Speed, memory and growth are measured by `benchmarks.extracting.speed`, whose docstring
says what is compared with what. Exits 1 below a limit.
"""

import hashlib
import importlib
import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.extracting import speed  # noqa: E402  (run as a file)
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.extract import extract_rows  # noqa: E402
from pipeline.read import detect_media_type, read  # noqa: E402

VOCABULARY = open_vocabulary(ROOT / "vocabularies")
GUIDES = ("000", "001")
DEVELOPED = ("01", "08", "12")
# The pages that the limits were set on; those that came later are told apart, and have
# no limit until reading is measured on them.
FIVE = (*DEVELOPED, "06", "13")
OWN = ROOT / "benchmarks" / "pages"
LIMITS = {
    ("guides", "found"): 0.99,
    ("guides", "strict"): 0.97,
    ("five pages", "found"): 0.975,
    ("five pages", "strict"): 0.92,
    ("our pages", "found"): 0.98,
    ("our pages", "strict"): 0.95,
    ("unseen pages", "found"): 0.93,
    ("unseen pages", "strict"): 0.88,
    ("patterns", "exact"): 0.95,
}
TRAPS = {"guides": 0.0, "five pages": 0.01, "our pages": 0.01, "unseen pages": 0.06}


def shared_folder() -> Path | None:
    """The folder of labels, where it is at hand."""
    named = os.environ.get("PAYPROOF_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "gold").is_dir() else None


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON holds it: decimals as numbers."""
    return {k: float(v) if type(v).__name__ == "Decimal" else v for k, v in row.items()}


def claims_in(body: bytes, name: str) -> list[dict[str, Any]]:
    """Claims of one page, as rows."""
    document = read(body, detect_media_type(name, body), where=name)
    snapshot = hashlib.sha256(body).hexdigest()[:12]
    made, _, _ = extract_rows(document, VOCABULARY, source="page", snapshot=snapshot)
    return [plain(row) for row in made]


def labelled(shared: Path) -> dict[str, list[tuple[Path, Path, Path]]]:
    """Pages with their labels and traps, by set."""
    gold = shared / "gold"
    sets: dict[str, list[tuple[Path, Path, Path]]] = {}
    for guide in GUIDES:
        page = next((shared / "seeds").glob(f"{guide}_*.txt"))
        trio = (page, gold / f"seed-{guide}.jsonl", gold / f"traps-{guide}.jsonl")
        sets.setdefault("guides", []).append(trio)
    for trio in folder_of(gold / "dev"):
        if trio[0].name[:2] not in FIVE:
            sets.setdefault("later pages", []).append(trio)
            continue
        own = "developed on" if trio[0].name[:2] in DEVELOPED else "kept apart"
        sets.setdefault(f"of them {own}", []).append(trio)
        sets.setdefault("five pages", []).append(trio)
    sets["our pages"] = folder_of(OWN / "developed")
    sets["written pages"] = folder_of(OWN / "written")
    sets["unseen pages"] = folder_of(OWN / "kept_apart")
    return sets


def folder_of(folder: Path) -> list[tuple[Path, Path, Path]]:
    """Every page of a folder with its labels and traps."""
    trios = []
    for labels in sorted(folder.glob("*.gold.jsonl")):
        stem = labels.name.removesuffix(".gold.jsonl")
        page = next(
            p
            for ending in (".html", ".md", ".txt")
            if (p := labels.with_name(stem + ending)).is_file()
        )
        trios.append((page, labels, labels.with_name(f"{stem}.traps.jsonl")))
    return trios


def scores(shared: Path) -> dict[str, dict[str, float]]:
    """Found and strict F1 and trap rate by set; share of exact cases."""
    scorer, _ = load_scorers(shared)
    out: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, trios in labelled(shared).items():
            if trios:  # a set may have no pages yet
                out[name] = score_set(scorer, trios, Path(folder))
    out["patterns"] = {"exact": exact_cases(shared)}
    return out


def score_set(
    scorer: Any, trios: list[tuple[Path, Path, Path]], folder: Path
) -> dict[str, float]:
    """The scorer's figures over the pages of one set together."""
    tally = None
    trapped = traps = 0
    for page, labels, trap_file in trios:
        found = claims_in(page.read_bytes(), page.name)
        target = folder / "claims.jsonl"
        target.write_text("\n".join(json.dumps(row) for row in found))
        result, _ = scorer.score(str(labels), str(target))
        tally = result if tally is None else tally + result
        hit, count = traps_hit(trap_file, labels, found, scorer.REQUIRED)
        trapped, traps = trapped + hit, traps + count
    summary = scorer.summary(tally, {})
    return {
        "found": summary["found"]["f1"],
        "strict": summary["strict"]["f1"],
        "traps": trapped / traps if traps else 0.0,
    }


def traps_hit(
    trap_file: Path, labels: Path, found: list[dict[str, Any]], required: set[str]
) -> tuple[int, int]:
    """Traps that came out as pay: a quote that no label of pay has."""
    traps = [json.loads(line) for line in trap_file.read_text().splitlines() if line]
    paid = [row["quote"] for row in found if row["kind"] in required]
    for line in labels.read_text().splitlines():
        label = json.loads(line)
        if label["kind"] in required and label["quote"] in paid:
            paid.remove(label["quote"])
    texts = [trap.get("quote") or trap.get("text") or "" for trap in traps]
    return sum(text in paid for text in texts), len(texts)


def load_scorers(shared: Path) -> tuple[Any, Any]:
    """The labels' own scorers: of claims, and of short cases."""
    sys.path.insert(0, str(shared / "tools"))
    return (
        importlib.import_module("score_claims"),
        importlib.import_module("score_cases"),
    )


def exact_cases(shared: Path) -> float:
    """Share of the short cases that come out exact, by the cases' own scorer."""
    _, scorer = load_scorers(shared)
    cases = shared / "gold" / "patterns_cases.jsonl"
    exact = total = 0
    for line in cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        name, body = make_case_page(case["text"])
        exact += is_exact(scorer, case["expect"], claims_in(body, name))
        total += 1
    return exact / total


def is_exact(scorer: Any, expected: list[Any], claims: list[dict[str, Any]]) -> bool:
    """Whether claims of the required kinds are those expected and no other."""
    left = [c for c in claims if c["kind"] in scorer.REQUIRED]
    good = True
    for want in expected:
        if want["kind"] not in scorer.REQUIRED:
            continue
        hit = next((c for c in left if scorer.fits(want, c)), None)
        good = good and hit is not None
        if hit is not None:
            left.remove(hit)
    return good and not left


def make_case_page(text: str) -> tuple[str, bytes]:
    """A case as a page: JSON as a page embeds it, marked text as Markdown."""
    if text.startswith('{"@'):
        script = f'<script type="application/ld+json">{text}</script>'
        return "case.html", f"<html><body>{script}</body></html>".encode()
    name = "case.md" if "**" in text or "|" in text else "case.txt"
    return name, text.encode()


def quality() -> bool:
    """Print the scores of every set; whether they keep their limits."""
    shared = shared_folder()
    if shared is None:
        print("no labels at hand (../shared/gold or PAYPROOF_SHARED): quality skipped")
        return True
    found = scores(shared)
    good = True
    for name, figures in found.items():
        shown = "  ".join(f"{key} {value:.4f}" for key, value in figures.items())
        print(f"{name:20s} {shown}")
        for key, value in figures.items():
            good = good and value >= LIMITS.get((name, key), 0.0)
        good = good and figures.get("traps", 0.0) <= TRAPS.get(name, 1.0)
    return good


def tell_fresh() -> int:
    """Print the totals of the pages that nothing was made on; 1 without a scorer."""
    shared = shared_folder()
    if shared is None:
        print("no scorer at hand (../shared/tools or PAYPROOF_SHARED)")
        return 1
    scorer, _ = load_scorers(shared)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("fresh", "fresh_later"):
            figures = score_set(scorer, folder_of(OWN / name), Path(folder))
            shown = "  ".join(f"{key} {value:.4f}" for key, value in figures.items())
            print(f"{name:20s} {shown}")
    return 0


def main(arguments: list[str]) -> int:
    """Quality, then speed; 1 below a limit."""
    if "--fresh" in arguments:
        return tell_fresh()
    count = (
        int(arguments[arguments.index("--pages") + 1])
        if "--pages" in arguments
        else speed.MANY
    )
    good = quality()
    if "--quick" not in arguments:
        shared = shared_folder()
        real = sorted((shared / "data" / "ooh").glob("*.html")) if shared else []
        good = speed.run(count, real) and good
    return 0 if good or "--no-limits" in arguments else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
