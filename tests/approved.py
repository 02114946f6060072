"""What the labelled pages of the project are read as, a line a figure.

    python tests/approved.py          approves what is read now, and tells what changed

Labels say what is right; these lines say what is read, right or not, in every field. A
change of reading that nobody meant is seen in the test of them, one that was meant in
the commit that approves it.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.core.vocabulary import open_vocabulary  # noqa: E402  (run as a file)
from pipeline.extract import extract  # noqa: E402
from pipeline.read import detect_media_type, read  # noqa: E402

FOLDERS = ("tests/pages", "benchmarks/pages/developed", "benchmarks/pages/written")
APPROVED = ROOT / "tests" / "approved_readings"
# What a locator, a digest or another field says already, and what most figures have.
LEFT_OUT = frozenset(
    {
        "claim_id",
        "source",
        "snapshot",
        "locator",
        "start",
        "end",
        "quote",
        "kind",
        "section",
    }
)
USUAL: dict[str, Any] = {
    "approximate": False,
    "hypothetical": False,
    "availability": "published",
    "pay_basis": "unspecified",
    "structure": "prose",
    "measure": "pay",
}


def list_pages() -> list[Path]:
    """List the pages that have labels, in a fixed order."""
    found = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).glob("*")):
            if path.suffix in (".html", ".md", ".txt"):
                found.append(path)
    return found


def find_approved(page: Path) -> Path:
    """Return where the readings of a page are kept."""
    return APPROVED / page.parent.name / f"{page.name}.readings"


def tell_reading(page: Path) -> str:
    """Return a line for each claim of a page, and for each figure set aside."""
    body = page.read_bytes()
    document = read(body, detect_media_type(page.name, body), where=page.name)
    words = open_vocabulary(ROOT / "vocabularies")
    found = extract(document, words, source="page", snapshot="0" * 12)
    lines = [tell_claim(row) for row in found.claims.iter_rows(named=True)]
    for row in found.set_aside.iter_rows(named=True):
        lines.append(f"{row['quote']!r} set aside: {row['reason']}")
    return "".join(f"{line}\n" for line in lines)


def tell_claim(row: dict[str, Any]) -> str:
    """Return a claim as one line: its quote, its kind and what is not as usual."""
    said = {
        name: value if isinstance(value, str | bool) else str(value)
        for name, value in row.items()
        if value is not None and name not in LEFT_OUT and value != USUAL.get(name)
    }
    said = {
        n: v.removesuffix(".00") if isinstance(v, str) else v for n, v in said.items()
    }
    return f"{row['quote']!r} {row['kind']} {json.dumps(said, ensure_ascii=False)}"


def approve() -> int:
    """Keep what is read now as approved; print how many lines changed of each page."""
    for page in list_pages():
        kept, now = find_approved(page), tell_reading(page)
        before = kept.read_text("utf-8") if kept.is_file() else ""
        if before != now:
            changed = len(set(before.splitlines()) ^ set(now.splitlines()))
            print(f"{page.relative_to(ROOT)}: {changed} lines are other than before")
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(now, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(approve())
