"""Claims and figures made for tests: a few words, the rest by default."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.core.tables import make_claims
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from schemas import Claims, DataFrame, Figures

VOCABULARY = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
GUIDE, SURVEY, TABLE, NEWER = "a" * 12, "b" * 12, "c" * 12, "d" * 12


def claim(value: object = None, **said: Any) -> dict[str, Any]:
    """One partial claim of a guide article; amounts may be plain numbers."""
    row: dict[str, Any] = {
        "source": "article",
        "snapshot": GUIDE,
        "structure": "prose",
        "currency": "USD",
        "period": "year",
        "occupation": "medical records specialist",
        "statistic": "median",
        "quote": f"${value}",
        "value": value,
        **said,
    }
    for name in ("value", "low", "high"):
        if row.get(name) is not None:
            row[name] = Decimal(str(row[name]))
    return row


def oews(value: object, **said: Any) -> dict[str, Any]:
    """One partial claim of a BLS table."""
    facts = {
        "source": "bls_oews",
        "snapshot": TABLE,
        "structure": "flat_file",
        "soc": "29-2072",
        "occupation": "Medical Records Specialists",
        "area": "US",
        "area_code": "US",
        "area_level": "national",
        "pay_basis": "base",
        "reference_period": "2023-05",
    }
    return claim(value, **{**facts, **said})


def made_claims(*rows: dict[str, Any]) -> DataFrame[Claims]:
    """Claims of these rows, each at a place of its own."""
    placed = [
        {**row, "locator": f"char={1000 * n},{1000 * n + 1}"}
        for n, row in enumerate(rows)
    ]
    return make_claims(placed)


def made_figures(
    *rows: dict[str, Any], vocabulary: Vocabulary = VOCABULARY
) -> DataFrame[Figures]:
    """Figures of these rows; none may be rejected."""
    draft = normalise(made_claims(*rows), vocabulary, {})
    figures, rejects = validate(draft, make_empty_broken_rows(), vocabulary)
    assert rejects.height == 0, rejects
    return figures
