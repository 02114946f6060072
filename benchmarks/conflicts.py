"""Contradictions: how many of the known ones are named, and how many are made up.

    python benchmarks/conflicts.py [--misses]

Three sets, each checked by `payproof check` against the bundled snapshots: the labelled
pages of the shared folder (or PAYPROOF_SHARED), the project's own pages with planted
contradictions (`benchmarks/pages/conflicts`, written before the rules), and the two
guides, whose conflicts of the first rank stand in `conflicts_of_guides.jsonl`: each is
reported with a right type, or explained away by a rung of the ladder. Exits 1 below a
limit.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.archive.fetch import read_saved_file  # noqa: E402
from pipeline.archive.snapshot import Archive  # noqa: E402
from pipeline.core.store import Home  # noqa: E402
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.query.check import ExtractedPage, check, open_page  # noqa: E402
from pipeline.query.published import Release, find_latest  # noqa: E402
from pipeline.reconcile import list_bulk_publishers  # noqa: E402
from pipeline.reconcile.verdict.alignment import explain_pairs  # noqa: E402
from pipeline.release import run  # noqa: E402  (run as a file, not as a module)
from pipeline.sources import SOURCES  # noqa: E402

OWN = ROOT / "benchmarks" / "pages" / "conflicts"
GUIDES = Path(__file__).with_name("conflicts_of_guides.jsonl")
SAME = {
    "relative_mismatch": {"arithmetic_contradiction"},
    "misquote": {"misquote", "digit_slip"},
}
RECALL, ALARMS, APART = 0.90, 1.0, 0.10
SEVERE = 3

Row = dict[str, Any]


def shared_folder() -> Path | None:
    """The folder of labels, where it is at hand."""
    named = os.environ.get("PAYPROOF_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "gold").is_dir() else None


def lines(path: Path) -> list[Row]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def place(text: str, quote: str, occurrence: int) -> int | None:
    """Offset of the n-th occurrence of a quote; None where it does not stand."""
    at = -1
    for _ in range(occurrence):
        at = text.find(quote, at + 1)
        if at < 0:
            return None
    return at


def claims_at(
    page: ExtractedPage, quote: str, occurrence: int, structure: str
) -> set[str]:
    """Ids of the claims that lie on a labelled span."""
    document = page.document
    rows = page.claims.to_dicts()
    at = place(document.text, quote, occurrence) if "json" not in structure else None
    if at is not None:
        end = at + len(quote)
        return {
            r["claim_id"]
            for r in rows
            if r["start"] is not None and r["start"] < end and r["end"] > at
        }
    script = [r for r in rows if r["start"] is None and r["quote"] == quote]
    return {r["claim_id"] for r in script[occurrence - 1 : occurrence]}


def planted(
    page: ExtractedPage, labels: Path, gold: Path | None
) -> list[tuple[Row, set[str]]]:
    """The planted contradictions of a page, each with our claims on its figures."""
    by_id = {row["id"]: row for row in lines(gold)} if gold else {}
    found = []
    for row in lines(labels):
        spans = [(*pair, "") for pair in row.get("quotes", [])]
        for label in (by_id[i] for i in row.get("claim_ids", [])):
            spans.append((label["quote"], label["occurrence"], label["structure"]))
        ids = [claims_at(page, *span) for span in spans]
        found.append((row, set().union(*ids)))
    return found


def named(conflict: tuple[Row, set[str]], discrepancies: list[Row]) -> bool:
    """Whether a discrepancy of the right type names one of its figures."""
    row, ids = conflict
    types = SAME.get(row["type"], {row["type"]})
    return any(
        d["type"] in types and ids & set(d["claim_ids"].split()) for d in discrepancies
    )


def score(pages: Iterator[tuple[Path, Path, Path | None]], judge: "Judge") -> Row:
    """Recall and false severe alarms over the pages of one set."""
    total = hits = alarms = count = 0
    for path, labels, gold in pages:
        page, discrepancies = judge.look(path)
        conflicts = planted(page, labels, gold)
        meant = set().union(*(ids for _, ids in conflicts))
        count, total = count + 1, total + len(conflicts)
        for conflict in conflicts:
            hit = named(conflict, discrepancies)
            hits += hit
            if not hit and judge.misses:
                print(f"  missed {path.name[:12]} {conflict[0]['type']}: "
                      f"{conflict[0]['explanation']}")  # fmt: skip
        for d in discrepancies:
            if d["severity"] >= SEVERE and not meant & set(d["claim_ids"].split()):
                alarms += 1
                if judge.misses:
                    print(f"  alarm  {path.name[:12]} {d['type']}: {d['sentence']}")
    return {"pages": count, "planted": total, "named": hits, "alarms": alarms}


class Judge:
    """The release, the words, and whether to print what is missed."""

    def __init__(self, release: Release, words: Vocabulary, *, misses: bool) -> None:
        self.release, self.words, self.misses = release, words, misses

    def look(self, path: Path) -> tuple[ExtractedPage, list[Row]]:
        """A page and its discrepancies."""
        page = open_page(path, self.words)
        checked = check(page, self.release, self.words)
        return page, checked.discrepancies.to_dicts()


def labelled(folder: Path) -> Iterator[tuple[Path, Path, Path | None]]:
    """Pages of a folder with their conflicts and, where there are any, labels."""
    for labels in sorted(folder.glob("*.conflicts.jsonl")):
        stem = labels.name.removesuffix(".conflicts.jsonl")
        page = next(
            p
            for ending in (".html", ".md", ".txt")
            if (p := labels.with_name(stem + ending)).is_file()
        )
        gold = labels.with_name(f"{stem}.gold.jsonl")
        yield page, labels, gold if gold.is_file() else None


def kept(root: Path, guides: list[Path]) -> tuple[Home, Release]:
    """A release of the bundled snapshots, and of the guides where there are any."""
    for name in ("raw", "vocabularies"):
        shutil.copytree(ROOT / name, root / name)
    home = Home(root)
    if guides:
        shutil.rmtree(home.raw / "article", ignore_errors=True)
    for path in guides:
        payload = read_saved_file(
            path, SOURCES["article"], edition="2024", today="2026-11-01"
        )
        Archive(home.raw).keep(payload)
    run.refresh(home)
    return home, find_latest(home)


def of_guides(shared: Path, folder: Path, *, misses: bool) -> tuple[int, int]:
    """Conflicts of the first rank in and between the guides: answered, in all."""
    paths = sorted((shared / "seeds").glob("*.txt"))
    home, release = kept(folder, paths)
    words = open_vocabulary(home.vocabularies)
    pages = {path.name[:3]: open_page(path, words) for path in paths}
    rows = release.scan_table("discrepancies").collect().to_dicts()
    for path in paths:
        rows += check(pages[path.name[:3]], release, words).discrepancies.to_dicts()
    rungs = pairs_of(release, words)
    answered = 0
    wanted = lines(GUIDES)
    for row in wanted:
        ids = [ids_of(pages, said) for said in row["figures"]]
        how = answer(row, ids, rows, rungs, pages)
        answered += how is not None
        if misses or how is None:
            print(f"  {row['id']:6} {how or 'NOT ANSWERED'}: {row['what']}")
    return answered, len(wanted)


def ids_of(pages: dict[str, ExtractedPage], said: list[Any]) -> set[str]:
    """Our claims on a figure of a guide, whatever source they were read as."""
    guide, quote, occurrence = said
    found = claims_at(pages[guide], quote, occurrence, "")
    return {claim.partition("#")[2] + "@" + guide for claim in found}


def pairs_of(release: Release, words: Vocabulary) -> list[Row]:
    """Pairs of figures with the rung that explains them."""
    figures = release.scan_table("figures").collect()
    return explain_pairs(figures, list_bulk_publishers(words), words).to_dicts()


def answer(
    row: Row,
    ids: list[set[str]],
    discrepancies: list[Row],
    rungs: list[Row],
    pages: dict[str, ExtractedPage],
) -> str | None:
    """How a conflict is answered: a type, a rung, or not at all."""
    names = {page.sha256[:12]: guide for guide, page in pages.items()}

    def local(claim: str) -> str:
        snapshot, _, at = claim.partition("#")
        return f"{at}@{names.get(snapshot, '?')}"

    meant = set().union(*ids)
    for d in discrepancies:
        if d["type"] in row.get("reported", ()):
            said = {local(c) for c in d["claim_ids"].split()}
            if said & meant and len(said & meant) >= row.get("least", 1):
                return f"reported as {d['type']}"
    if row.get("merged") == "never":
        kinds = [
            {c["kind"] for c in page.claims.to_dicts()
             if local(c["claim_id"]) in meant and not c["hypothetical"]}
            for page in pages.values()
        ]  # fmt: skip
        levels = "pay_level" in set().union(*kinds)
        together = any({local(p["one"]), local(p["other"])} <= meant
                       and p["rung"] in ("same", "copy") for p in rungs)  # fmt: skip
        if together or (levels and row.get("no_level")):
            return None
        return "kept apart"
    return explained(row, ids, [(local(p["one"]), local(p["other"]), p["rung"])
                                for p in rungs])  # fmt: skip


def explained(
    row: Row, ids: list[set[str]], rungs: list[tuple[str, str, str]]
) -> str | None:
    """The rungs between figures of a conflict: one will do, or all are asked for."""
    found = []
    for n, own in enumerate(ids):
        for other in ids[n + 1 :]:
            found.append(
                next((r for a, b, r in rungs if {a, b} & own and {a, b} & other), None)
            )
    allowed = set(row.get("explained", ()))
    fine = [rung for rung in found if rung in allowed]
    whole = len(fine) == len(found) if row.get("all") else bool(fine)
    return f"explained by {', '.join(sorted(set(fine)))}" if fine and whole else None


def main(misses: bool) -> int:
    """Print the table and say whether the limits are kept."""
    shared = shared_folder()
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        home, release = kept(Path(folder) / "home", [])
        judge = Judge(release, open_vocabulary(home.vocabularies), misses=misses)
        sets = {"own pages, unseen": labelled(OWN)}
        if shared:
            sets["labelled pages"] = labelled(shared / "gold" / "dev")
        recall = {}
        for name, pages in sets.items():
            found = score(pages, judge)
            recall[name] = found["named"] / found["planted"]
            alarms = found["alarms"] / found["pages"]
            fine &= alarms <= ALARMS
            print(
                f"{name:18} {found['named']} of {found['planted']} named "
                f"({recall[name]:.2f}), {alarms:.2f} false severe alarms a page"
            )
        if shared:
            fine &= recall["labelled pages"] >= RECALL
            fine &= recall["labelled pages"] - recall["own pages, unseen"] <= APART
            answered, total = of_guides(shared, Path(folder) / "g", misses=misses)
            print(f"guides             {answered} of {total} answered")
            fine &= answered == total
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main("--misses" in sys.argv))
