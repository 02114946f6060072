"""How well numbers with their currency are found, on price-parser's public tables.

    python benchmarks/number_finder.py --tables PATH [--misses] [--json]

PATH is the file of examples of scrapinghub/price-parser as its authors publish it
(`tests/test_price_parsing.py`); its rows are read with `ast`, nothing of it is run and
none of it is in the repository. An example counts where its text holds the currency
that it expects, and a price. Measured is the number finder alone, not claims: of each
text the first sum of money, its amount, and the currencies that its mark can mean.
Exits 1 where a limit below is not held.
"""

import argparse
import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.core.money_marks import MoneyMarks, read_marks  # noqa: E402
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.extract.numbers import find_numbers  # noqa: E402

LIMITS = {"amount": 0.97, "currency": 0.97}
TEXT, CURRENCY, AMOUNT = 1, 2, 4  # places of an example's arguments


@dataclass(frozen=True)
class PriceExample:
    """One row of the tables: a text, and what is to be found first in it."""

    table: str
    text: str
    currency: str
    amount: Decimal


def read_examples(path: Path) -> list[PriceExample]:
    """Return the rows whose text holds a currency and a price, in the file's order.

    Raises:
        OSError: The file cannot be read.
        SyntaxError: It is no Python.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [row for node in tree.body for row in _read_table(node)]


def _read_table(node: ast.stmt) -> Iterator[PriceExample]:
    """Give the rows of one `NAME = [Example(...), …]`; none of another statement."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.List):
        return
    table = ast.unparse(node.targets[0])
    for call in node.value.elts:
        if not isinstance(call, ast.Call):
            continue
        text, currency, amount = (
            _read_constant(call.args[place]) if place < len(call.args) else None
            for place in (TEXT, CURRENCY, AMOUNT)
        )
        if text and currency and amount is not None and currency in text:
            yield PriceExample(table, text, currency, Decimal(amount))


def _read_constant(node: ast.expr) -> str | None:
    """Return a constant as text, that of `Decimal("1.5")` too; None of anything else.

    >>> _read_constant(ast.parse("Decimal('1.5')", mode="eval").body)
    '1.5'
    """
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    if isinstance(node, ast.Constant) and node.value is not None:
        return str(node.value)
    return None


def score_example(row: PriceExample, money: MoneyMarks) -> set[str]:
    """Return what is right of one example: `seen`, `amount`, `currency`."""
    found = (n for n in find_numbers(row.text, money) if n.unit == "money")
    first = next(found, None)
    if first is None:
        return set()
    right = {"seen"}
    if not first.fault and Decimal(str(first.value)) == row.amount:
        right.add("amount")
    # As written, or another mark of the same currencies: `руб` and `рублей`.
    meant = money.table.list_codes(row.currency)
    same = meant and money.table.list_codes(first.mark) == meant
    if same or first.mark == row.currency:
        right.add("currency")
    return right


def main(arguments: list[str] | None = None) -> int:
    """Score the tables; return 1 where a limit is not held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="print what was not read")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    money = read_marks(open_vocabulary(ROOT / "vocabularies"))
    rows = read_examples(options.tables)
    if not rows:
        print(f"{options.tables}: holds no example with a currency in its text.")
        return 1
    right: Counter[str] = Counter()
    for row in rows:
        scored = score_example(row, money)
        right.update(scored)
        if options.misses and len(scored) < 3:
            got = [(n.value, n.mark, n.unit) for n in find_numbers(row.text, money)]
            missed = sorted({"seen", "amount", "currency"} - scored)
            print(f"{row.text!r} wants {row.amount} {row.currency}: {missed} {got}")
    shares = {name: right[name] / len(rows) for name in ("amount", "currency")}
    told = {"examples": len(rows), **shares, "not_seen": len(rows) - right["seen"]}
    if options.json:
        print(json.dumps(told))
    else:
        print(
            "  ".join(f"{n} {v:.3f}" if v < 1 else f"{n} {v}" for n, v in told.items())
        )
    return int(any(shares[name] < least for name, least in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
