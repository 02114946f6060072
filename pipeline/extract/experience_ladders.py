"""A page's own ladder of experience: which years its "senior" stands for.

"Senior" is three years on one page and ten on the next. Where a page says which years
it means ("**6+ years**: Senior coders …", "Entry-level (0-2 years)"), the rows of its
lists that have the label alone are of those years.
"""

import re
from functools import lru_cache
from typing import Any

from pipeline.core.model import Document
from pipeline.core.vocabulary import Vocabulary

YEARS = (
    r"(?:(?P<{0}low>\d{{1,2}})\s*(?:-|–|—|to)\s*(?P<{0}high>\d{{1,2}})"
    r"|(?P<{0}floor>\d{{1,2}})\s*(?:\+|or more|and more|and up))\s*(?:years?|yrs?)"
)
GAP = r"[\s*_:.,()–—-]{1,8}"
MIN_LADDER_LABELS = 2  # a label alone may be a slip of the pen; two make a ladder
LISTED = ("list", "table")

LadderBand = tuple[float, float | None]


@lru_cache(maxsize=4)
def compile_ladder_patterns(
    labels: tuple[str, ...],
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Years before a label, and a label before its years in brackets."""
    each = "|".join(re.escape(w).replace(r"\ ", r"[\s-]+") for w in labels)
    name = rf"(?P<label>(?<!\w)(?:{each})(?!\w))"
    before = re.compile(YEARS.format("a") + GAP + name, re.IGNORECASE)
    after = re.compile(name + r"[\w\s*-]{0,20}\(\s*" + YEARS.format("a"), re.IGNORECASE)
    return before, after


def normalise_label(label: str) -> str:
    """Return a label as it is compared: "Entry-Level" and "entry level" are one."""
    return " ".join(re.findall(r"[a-z]+", label.lower()))


def read_ladder(document: Document, vocabulary: Vocabulary) -> dict[str, LadderBand]:
    """Label to years, as the text defines them; {} where it defines fewer than two."""
    table = vocabulary.read_table("experience", "phrase", "means")
    phrases = [p for p, m in table.select("phrase", "means").rows() if m == "label"]
    labels = sorted({label for p in phrases for label in p.split("|")})
    found: dict[str, LadderBand] = {}
    for pattern in compile_ladder_patterns(
        tuple(sorted(labels, key=len, reverse=True))
    ):
        for hit in pattern.finditer(document.text):
            low = hit["alow"] or hit["afloor"]
            band = (float(low), float(hit["ahigh"]) if hit["ahigh"] else None)
            found.setdefault(normalise_label(hit["label"]), band)
    return found if len(found) >= MIN_LADDER_LABELS else {}


def fill_ladder_years(
    rows: list[dict[str, Any]], document: Document, vocabulary: Vocabulary
) -> None:
    """Fill the years of listed figures that have a label alone."""
    bare = [
        row
        for row in rows
        if row.get("experience_label")
        and row.get("experience_min") is None
        and row.get("experience_max") is None
        and row["structure"] in LISTED
    ]
    known = read_ladder(document, vocabulary) if bare else {}
    for row in bare:
        band = known.get(normalise_label(row["experience_label"]))
        if band is None:
            continue
        row["experience_min"], row["experience_max"] = band
        said = [row.get("inherited") or "", "experience_max:document",
                "experience_min:document"]  # fmt: skip
        row["inherited"] = ",".join(part for part in said if part)
