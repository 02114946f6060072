"""What a page says once of all its figures: `Figures are means unless marked`."""

import re
from collections.abc import Sequence

from pipeline.core.model import Document
from pipeline.extract.drafts import Draft
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.tokens import find_words

NOUNS = (
    "figures",
    "salaries",
    "amounts",
    "numbers",
    "sums",
    "wages",
    "rates",
    "earnings",
    "values",
)
DECLARATION = re.compile(
    rf"(?i)\b(?:{'|'.join(NOUNS)})"
    r"(?: \w+){0,4}? (?:are|as|represent|reflect|show|give)(?: \w+){0,3}? "
    r"(?P<name>means?|medians?|averages?)\b(?! that\b)"
)
NAMES = {"mea": "mean", "ave": "mean", "med": "median"}
MAX_BLOCK_LENGTH = 600
DENIAL = re.compile(r"(?i)\b(?:not|never|no)\b")


def find_declared_statistic(document: Document) -> str:
    """Return the statistic that a page declares for its figures; "" for two or none."""
    found: set[str] = set()
    text = document.text
    if not any(DECLARATION.match(text, at) for at in find_words(text, NOUNS)):
        return ""
    for block in document.blocks:
        if block.furniture or block.kind in ("cell", "heading"):
            continue
        end = min(block.end, block.start + MAX_BLOCK_LENGTH)
        for match in DECLARATION.finditer(document.text, block.start, end):
            if not DENIAL.search(match.group()):
                found.add(NAMES[match["name"][:3].lower()])
    return found.pop() if len(found) == 1 else ""


def set_declared_statistic(page: IndexedPage, made: Sequence[Draft]) -> None:
    """Give a sum without a statistic of its own the one that the page states."""
    for draft in made:
        other = draft.fields.get("attributed_to", page.survey[0]) != page.survey[0]
        if draft.aside or draft.kind != "pay_level" or draft.figure.value is None:
            continue
        if other:
            continue
        if page.declared_statistic and draft.fields.get("statistic") == "unspecified":
            del draft.fields["statistic"]
            rule = "statistic of all figures"
            draft.set_field(
                "statistic",
                page.declared_statistic,
                rule,
                "document",
                text=page.declared_statistic,
            )
