"""Read what publishers call their pay periods, from vocabularies/pay_units.csv."""

import re
from collections.abc import Mapping

from pipeline.core.vocabulary import Vocabulary

PAY_UNITS_FILE = "vocabularies/pay_units.csv"
ANY = "*"
WORD = re.compile(r"[A-Z0-9]+")
# Words around a span of time that add nothing: `per year`, `1 YEAR`, `per-hour-wage`.
FILLERS = frozenset(("PER", "A", "AN", "EACH", "1", "SALARY", "WAGE", "RATE", "PAY"))


def load_pay_periods(vocabulary: Vocabulary, source: str) -> dict[str, str]:
    """Return label in upper case to pay period; a source's own rows go first."""
    return load_period_labels(vocabulary)[ANY] | load_period_labels(vocabulary).get(
        source, {}
    )


def load_period_labels(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    """Return, for each source and for any (`*`), label in upper case to pay period."""
    table = vocabulary.read_table("pay_units", "source", "label", "period")
    found: dict[str, dict[str, str]] = {ANY: {}}
    for source, label, period in table.select("source", "label", "period").rows():
        found.setdefault(source, {})[label] = period
    return found


def find_pay_period(units: Mapping[str, str], label: str) -> str:
    """Return the pay period that a label means; "" where nothing explains it.

    Args:
        units: From `load_pay_periods`.
        label: As printed.

    >>> find_pay_period({"YEAR": "year"}, "per-year-salary")
    'year'
    """
    plain = label.strip().upper().replace(".", "")
    if plain in units:
        return units[plain]
    words = [word for word in WORD.findall(plain) if word not in FILLERS]
    for text in (" ".join(words), "".join(words)):
        for form in (text, text.removesuffix("S")):
            if form in units:
                return units[form]
    return ""
