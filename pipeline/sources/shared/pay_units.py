"""Read what publishers call their pay periods, from vocabularies/pay_units.csv."""

from pipeline.core.vocabulary import Vocabulary

PAY_UNITS_FILE = "vocabularies/pay_units.csv"


def load_pay_periods(vocabulary: Vocabulary, source: str) -> dict[str, str]:
    """Return label in upper case to pay period; a source's own rows go first."""
    table = vocabulary.read_table("pay_units", "source", "label", "period")
    rows = table.select("source", "label", "period").rows()
    common = {label: period for of, label, period in rows if of == "*"}
    own = {label: period for of, label, period in rows if of == source}
    return {**common, **own}
