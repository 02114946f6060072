"""Extraction: how good, against labels, and how fast, against peers in one run.

    python benchmarks/extraction.py [--quick] [--pages N] [--no-limits]

Quality needs the shared folder of labels (or PAYPROOF_SHARED) and uses its scorers.
Speed reads a synthetic corpus of 60 KB pages: bytes to claims with every field here;
bytes to text to bare numbers with trafilatura and price-parser; the same text to
quantities with quantulum3, on a few pages. Exits 1 below a limit.
"""

import hashlib
import importlib
import importlib.util
import json
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.extract import rows  # noqa: E402  (run as a file, not as a module)
from pipeline.read import media_type_of, read  # noqa: E402
from pipeline.tables import claims  # noqa: E402
from pipeline.vocabulary import load  # noqa: E402

VOCABULARY = load(ROOT / "vocabularies")
GUIDES = ("000", "001")
DEVELOPED = ("01", "08", "12")
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
BATCH = 100
PAGE_BYTES = 60_000
ARTICLE_BYTES = 15_000


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
    document = read(body, media_type_of(name, body), where=name)
    snapshot = hashlib.sha256(body).hexdigest()[:12]
    made, _, _ = rows(document, VOCABULARY, source="page", snapshot=snapshot)
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
        own = "developed on" if trio[0].name[:2] in DEVELOPED else "kept apart"
        sets.setdefault(f"of them {own}", []).append(trio)
        sets.setdefault("five pages", []).append(trio)
    sets["our pages"] = folder_of(OWN / "developed")
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
    sys.path.insert(0, str(shared / "tools"))
    scorer = importlib.import_module("score_claims")
    out: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, trios in labelled(shared).items():
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


def exact_cases(shared: Path) -> float:
    """Share of the short cases that come out exact, by the cases' own scorer."""
    scorer = importlib.import_module("score_cases")
    cases = shared / "gold" / "patterns_cases.jsonl"
    exact = total = 0
    for line in cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        left = [c for c in case_claims(case["text"]) if c["kind"] in scorer.REQUIRED]
        good = True
        for want in case["expect"]:
            if want["kind"] not in scorer.REQUIRED:
                continue
            hit = next((c for c in left if scorer.fits(want, c)), None)
            good = good and hit is not None
            if hit is not None:
                left.remove(hit)
        exact += good and not left
        total += 1
    return exact / total


def case_claims(text: str) -> list[dict[str, Any]]:
    """A case's claims: JSON as a page embeds it, marked text as Markdown."""
    if text.startswith('{"@'):
        script = f'<script type="application/ld+json">{text}</script>'
        return claims_in(f"<html><body>{script}</body></html>".encode(), "case.html")
    name = "case.md" if "**" in text or "|" in text else "case.txt"
    return claims_in(text.encode(), name)


def corpus(count: int) -> Iterator[bytes]:
    """Synthetic pages of 60 KB: an article, its lists and tables, and furniture."""
    for number in range(count):
        yield synthetic(random.Random(number))


JOBS = ("welder", "registered nurse", "medical coder", "truck driver", "paralegal")
STATES = ("Ohio", "Texas", "Oregon", "Maine", "Georgia", "Nevada", "Iowa", "Utah")
FILLER = (
    "Work of this kind asks for patience, a steady hand and a good memory.",
    "Most people learn it from somebody who has done it for a long time.",
    "Ask what the day looks like before you ask about anything else.",
    "The rest of the team will notice when the small things are done well.",
    "There is no single way in, and there are several ways to get ahead.",
)


def synthetic(rng: random.Random) -> bytes:
    """One page as sites serve them: an article, in four times as much furniture."""
    job = rng.choice(JOBS)
    parts = [f"<h1>{job.title()} salary guide</h1>"]
    while sum(map(len, parts)) < ARTICLE_BYTES:
        parts += section(rng, job)
    menu = "".join(link(rng, number) for number in range(90))
    cards = "".join(card(rng) for _ in range(16))
    style = "".join(f".c{n}{{margin:{n}px auto;color:#{n:06x}}}" for n in range(300))
    script = "".join(f'dl.push({{"event":"e{n}","value":{n}}});' for n in range(300))
    page = (
        f"<!doctype html><html lang=en><head><title>{job.title()} salary</title>"
        f"<style>{style}</style><script>var dl=[];{script}</script></head><body>"
        f'<header><nav class="c1 nav"><ul>{menu}</ul></nav></header>'
        f'<main><article class="c2 post">{"".join(parts)}</article>'
        f'<aside class="related">{cards}</aside></main>'
        f"<footer><ul>{menu}</ul><p>{text(rng, 6)}</p></footer>"
    )
    return f"{page}<!--{'-' * max(0, PAGE_BYTES - len(page) - 30)}--></body>".encode()


def link(rng: random.Random, number: int) -> str:
    """An entry of a menu."""
    name = f"{rng.choice(JOBS)} guide".title()
    return f'<li class="c3 item"><a class="c4" href="/g/{number}.html">{name}</a></li>'


def card(rng: random.Random) -> str:
    """A card that links to another page."""
    return (
        f'<div class="c5 card"><a href="/x"><img src="/i.png" alt=""></a>'
        f'<div class="c6"><h4>{rng.choice(JOBS).title()} jobs</h4>'
        f"<p>{text(rng, 2)}</p></div></div>"
    )


def section(rng: random.Random, job: str) -> list[str]:
    """A section of the article: prose with figures, a list, now and then a table."""
    base = rng.randrange(36, 90) * 1000
    parts = [f"<h2>{job.title()} pay in {rng.choice(STATES)}</h2>"]
    parts.append(
        f"<p>{text(rng, 4)} According to the BLS, the median annual wage for {job}s "
        f"was <b>${base:,}</b> in May 2023. {text(rng, 3)} The lowest 10 percent "
        f"earned less than ${base * 7 // 10:,}.</p><p>{text(rng, 8)}</p>"
    )
    if rng.random() < 0.4:
        cells = "".join(
            f"<tr><td>{state}</td><td>${base + i * 700:,}</td>"
            f"<td>${(base + i * 700) / 2080:.2f}</td></tr>"
            for i, state in enumerate(rng.sample(STATES, 4))
        )
        head = "<tr><th>State</th><th>Annual</th><th>Hourly</th></tr>"
        parts.append(f"<table>{head}{cells}</table>")
    low, high = f"${base * 8 // 10:,}", f"${base:,}"
    parts.append(
        f"<ul><li>Entry level: {low} to {high}</li><li>{text(rng, 2)}</li></ul>"
    )
    return parts


def text(rng: random.Random, sentences: int) -> str:
    """Running text without figures."""
    return " ".join(rng.choice(FILLER) for _ in range(sentences))


def ours(pages: Iterator[bytes]) -> int:
    """Bytes to checked claims with every field, a hundred pages at a time."""
    batch: list[dict[str, Any]] = []
    total = 0
    for number, body in enumerate(pages):
        document = read(body, "text/html", where="page")
        made, _, _ = rows(
            document, VOCABULARY, source="page", snapshot=f"{number:012x}"
        )
        batch += made
        if number % BATCH == BATCH - 1:
            total += claims(batch).height
            batch = []
    return total + (claims(batch).height if batch else 0)


def peers(pages: Iterator[bytes]) -> int:
    """Bytes to text to bare numbers: trafilatura, then price-parser."""
    import trafilatura
    from price_parser import Price

    total = 0
    for body in pages:
        found = trafilatura.extract(body, include_tables=True) or ""
        for match in re.finditer(r"[$£€]\s?\d[\d,.]*", found):
            total += Price.fromstring(match.group()).amount is not None
    return total


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def memory() -> float:
    """Peak resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(count: int) -> bool:
    """Print pages a second beside the peers'; whether ours are at least as many."""
    list(corpus(1))
    ours(corpus(3))
    few = seconds(lambda: ours(corpus(max(10, count // 10))))
    at_few = memory()
    made = seconds(lambda: list(corpus(count)))
    own = seconds(lambda: ours(corpus(count))) - made
    at_many = memory()
    print(f"payproof      {count / own:8.1f} pages/s (with claims checked)")
    print(f"memory        {at_few:8.0f} MB at a tenth, {at_many:.0f} MB at all")
    del few
    good = at_many < at_few * 1.5 + 50
    if importlib.util.find_spec("trafilatura") and importlib.util.find_spec(
        "price_parser"
    ):
        other = seconds(lambda: peers(corpus(count))) - made
        print(f"trafilatura + price-parser {count / other:8.1f} pages/s (numbers only)")
        good = good and own <= other
    if importlib.util.find_spec("quantulum3"):
        good = quantulum(count, own / count) and good
    return good


def quantulum(count: int, each: float) -> bool:
    """quantulum3 on the text of two pages: at least twenty times slower."""
    from quantulum3 import parser

    texts = [read(body, "text/html", where="page").text for body in corpus(2)]
    theirs = seconds(lambda: [parser.parse(part) for part in texts]) / len(texts)
    print(f"quantulum3    {1 / theirs:8.2f} pages/s; ours is {theirs / each:.0f} x")
    return theirs >= 20 * each


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


def main(arguments: list[str]) -> int:
    """Quality, then speed; 1 below a limit."""
    count = (
        int(arguments[arguments.index("--pages") + 1])
        if "--pages" in arguments
        else 2000
    )
    good = quality()
    if "--quick" not in arguments:
        good = speed(count) and good
    return 0 if good or "--no-limits" in arguments else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
