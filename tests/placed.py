"""Figures of a page made by hand: rows as `normalise` makes them, and their places."""

import re
from decimal import Decimal
from itertools import count
from typing import Any

from made import VOCABULARY

from pipeline.core.model import Document
from pipeline.read import read
from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.within_page import (
    ComparisonPhrases,
    ConflictRules,
    PageFacts,
    build_pages,
)
from pipeline.reconcile.within_page.placed_fact import PlacedFact

MEASURES = MatchTolerances.from_vocabulary(VOCABULARY)
WORDS = ComparisonPhrases.from_vocabulary(VOCABULARY)
RULES = ConflictRules(
    MEASURES, Decimal("0.02"), frozenset({"bls"}), {"payscale": ("p10", "p90")}
)
PER_YEAR = {"year": 1, "month": 12, "week": 52, "hour": 2080}
PLACES = ("group", "line", "label", "sentence", "offset", "block", "number")
# Matches `$52,000`, `$41.50 an hour` and `12%`.
FIGURE = re.compile(r"\$([\d,]+(?:\.\d+)?)(?: an (hour))?|(\d+(?:\.\d+)?)%")
names = count()


def figure_row(value: object = None, /, **said: Any) -> dict[str, Any]:
    """A draft figure: the median of welders in the United States in 2024.

    `low` and `high` are the ends of a range, in the pay period.
    """
    number = {
        name: None if amount is None else Decimal(str(amount))
        for name, amount in (
            ("value", value), ("low", said.pop("low", None)),
            ("high", said.pop("high", None)),
        )
    }  # fmt: skip
    times = PER_YEAR.get(said.get("period", "year"), 1)
    yearly = {n: None if v is None else v * times for n, v in number.items()}
    n = next(names)
    row = {
        "claim_id": f"c{n:05}", "snapshot": "a" * 12, "source": "article",
        "kind": "pay_level", "statistic": "median", "period": "year",
        "currency": "USD", "area": "United States", "area_code": "US",
        "area_level": "national", "pay_basis": "base", "publisher": "unnamed",
        "attributed_to": None, "occupation": "welder", "soc_candidates": "51-4121",
        "cohort": "all", "year": 2024, "reference_period": "2024",
        "match_grade": "official", "approximate": False, "hypothetical": False,
        "primary": False, "structure": "prose", "cell": f"cell{n}",
        "locator": f"char={1000 * n},{1000 * n + 5}", "quote": f"${value}",
        "as_published": number["value"], "annual": yearly["value"], **number,
        "annual_low": yearly["low"], "annual_high": yearly["high"],
    }  # fmt: skip
    return {**row, **said}


def placed(value: object = None, /, **said: Any) -> PlacedFact:
    """A figure and its place; its label in words."""
    place = {name: said.pop(name) for name in PLACES if name in said}
    place["label"] = WORDS.content_words(place.get("label", ""))
    return PlacedFact(figure_row(value, **said), **place)


def in_words(sentence: str, **said: Any) -> PlacedFact:
    """The first amount of a sentence, in prose: at block 9 unless told."""
    hit = FIGURE.search(sentence)
    assert hit is not None
    place = {"sentence": sentence, "offset": hit.start(), "block": 9, "number": 0}
    amount = (hit[1] or hit[3]).replace(",", "")
    return placed(amount, **{"quote": hit[0], **place, **said})


def page_of(*facts: PlacedFact, title: str = "") -> PageFacts:
    """A page of these facts, without text, under a title."""
    page = PageFacts(list(facts), WORDS)
    page.title = WORDS.content_words(title)
    return page


def read_figures(text: str, *said: dict[str, Any], **common: Any) -> PageFacts:
    """A page of Markdown, every amount and percentage of which is a figure of it.

    Args:
        text: Of the page.
        said: Of the figures in their order: what they are beside the common facts.
        common: What all of them are.
    """
    document = read(text.encode(), "text/markdown", where="page.md")
    rows = []
    for n, hit in enumerate(FIGURE.finditer(document.text)):
        kind = {"kind": "pay_delta_rel", "currency": None, "period": None,
                "direction": None, "annual": None}  # fmt: skip
        facts = {} if hit[1] else kind
        if hit[2]:
            facts["period"] = "hour"
        facts |= {"quote": hit[0], "start": hit.start(), **common}
        facts |= said[n] if n < len(said) else {}
        amount = (hit[1] or hit[3]).replace(",", "")
        rows.append(figure_row(amount, **facts))
    return build_on(document, rows)


def build_on(document: Document | None, rows: list[dict[str, Any]]) -> PageFacts:
    """The page of these rows: levels are draft figures, others claims alone."""
    levels = [row for row in rows if row["kind"] == "pay_level"]
    changes = [{k: v for k, v in row.items() if k not in ("cell", "as_published")}
               for row in rows if row["kind"] != "pay_level"]  # fmt: skip
    documents = {} if document is None else {"a" * 12: document}
    (page,) = build_pages(changes, levels, documents, WORDS)
    return page


def told(found: Any) -> list[tuple[str, ...]]:
    """What contradictions say: the code of the test, and the quotes."""
    return [(one.why, *(row["quote"] for row in one.rows)) for one in found]
