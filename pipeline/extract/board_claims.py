"""Make claims of the postings that boards' answers, feeds and page states hold.

What a board worked out itself (`salary_is_predicted`) is the board's figure and no
employer's: it is attributed to the board.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from pipeline.core.model import Datum, Document
from pipeline.core.pay_periods import find_pay_period
from pipeline.core.reading_faults import report_fault
from pipeline.extract.board_rows import BoardRow, find_place
from pipeline.extract.drafts import Reason
from pipeline.extract.embedded_jobs import JobFacts, find_home_currency
from pipeline.extract.embedded_keys import parse_value
from pipeline.extract.embedded_objects import name_job
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.pay_sizes import name_period_by_size
from pipeline.extract.publisher_mentions import find_publishers
from pipeline.read import locate_datum

CENT = Decimal("0.01")
TOO_LARGE = Decimal(10**9)
BOUNDS = {"low": "minimum", "high": "maximum"}
# What a reader of numbers alone would have taken from the posting's object.
INHERITED = ("occupation", "area", "currency", "period", "reference_period",
             "attributed_to", "employer_type")  # fmt: skip
Row = dict[str, Any]
Place = tuple[int, str]  # script and pointer
Amounts = dict[str, tuple[Datum, Decimal]]


def read_board_rows(
    document: Document, page: IndexedPage, boards: Sequence[BoardRow]
) -> Iterator[tuple[Row, dict[str, Reason]]]:
    """Yield the claims of the amounts in boards' postings, with their reasons."""
    for board in boards:
        try:
            found = list(_read_posting(document, page, board))
        except Exception as error:
            report_fault(f"the posting at {board.pointer}", error)
            continue
        for row in found:
            yield row, {"statistic": Reason("key", "document", text=board.pointer)}


def _read_posting(
    document: Document, page: IndexedPage, board: BoardRow
) -> Iterator[Row]:
    """Yield the claims of one posting."""
    for at in board.list_holders():
        kind = _find_kind(board, at)
        amounts = _read_amounts(page, board, at) if kind else {}
        if not amounts:
            continue
        terms = _read_terms(page, board, at, amounts, kind)
        for row in _pair_amounts(document, amounts):
            yield {**row, **terms, "kind": kind}


def _find_kind(board: BoardRow, at: str) -> str:
    """Return what the sums of an object are; "" for what is no pay: equity."""
    layout, index = board.layout, board.index
    if layout.bonus and index.passes(at, layout.bonus):
        return "bonus"
    return "pay_level" if not layout.only or index.passes(at, layout.only) else ""


def _read_amounts(page: IndexedPage, board: BoardRow, at: str) -> Amounts:
    """Return the amounts of an object by their roles; zero and -1 say nothing."""
    found: Amounts = {}
    for role, path in board.layout.amounts:
        for datum in board.index.list_data(at, [path]):
            number = parse_value(datum, page.words.money)
            if number is None or number.fault or number.value <= 0 or role in found:
                continue
            value = Decimal(repr(round(number.value, 4))) * board.layout.scale
            if value < TOO_LARGE:
                found[role] = (datum, value.quantize(CENT))
    return found


def _pair_amounts(document: Document, amounts: Amounts) -> Iterator[Row]:
    """Yield two ends as one range, and every other amount alone."""
    ends = [role for role in BOUNDS if role in amounts]
    if len(ends) == 2 and amounts["low"][1] == amounts["high"][1]:
        yield _place(
            document, amounts["low"][0], "unspecified", value=amounts["low"][1]
        )
    elif ends:
        named = "range" if len(ends) == 2 else BOUNDS[ends[0]]
        values = {role: amounts[role][1] for role in ends}
        yield _place(document, amounts[ends[0]][0], named, **values)
    for role, (datum, value) in amounts.items():
        if role not in BOUNDS:
            named = "unspecified" if role == "point" else role
            yield _place(document, datum, named, value=value)


def _place(document: Document, datum: Datum, statistic: str, **values: Decimal) -> Row:
    """Return what a claim has of its place."""
    return {
        "locator": locate_datum(document, datum),
        "quote": datum.raw,
        "start": None,
        "end": None,
        "structure": datum.form,
        "statistic": statistic,
        **values,
    }


def _read_terms(
    page: IndexedPage, board: BoardRow, at: str, amounts: Amounts, kind: str
) -> Row:
    """Return what holds for all amounts of an object: currency, period, job, place."""
    row: Row = dict(board.facts.fields)
    if board.facts.title:
        row["occupation"] = name_job(page, board.facts.title)
    row |= _name_publisher(page, board)
    unread: list[str] = []
    basis: list[str] = []
    row["currency"] = _find_currency(page, board, at, amounts, unread, basis)
    row["period"] = _find_period(page, board, at, amounts, unread, basis)
    if kind == "bonus":
        row["pay_basis"] = "unspecified"
    noted = (f"{name}:document" for name in sorted(INHERITED) if row.get(name))
    row["inherited"] = ",".join(noted) or None
    row["basis"] = ",".join(sorted(basis)) or None
    row["unread"] = "; ".join(unread) or None
    return row


def _find_currency(
    page: IndexedPage, board: BoardRow, at: str, amounts: Amounts,
    unread: list[str], basis: list[str],
) -> str | None:  # fmt: skip
    """Return the currency that the posting names, else that of its country.

    One that is named and not known is noted as unread, and none is assumed.
    """
    if said := board.layout.always.get("currency"):
        return said
    table = page.words.money.table
    home = find_home_currency(page, board.nation)
    label = _read_label(board, at, board.layout.currency)
    label = label or next(iter(amounts.values()))[0].raw.strip(" 0123456789.,")
    if label:
        codes = table.list_codes(label)
        if not codes:
            unread.append(f"currency {label[:20]}")
            return None
        return home if home in codes else codes[0]
    if home:
        return home
    basis.append("currency:assumed")
    return page.currency


def _find_period(
    page: IndexedPage, board: BoardRow, at: str, amounts: Amounts,
    unread: list[str], basis: list[str],
) -> str | None:  # fmt: skip
    """Return the pay period by the posting's label, else by the size of the sums.

    A label that nothing explains is noted as unread, and none is assumed.
    """
    if said := board.layout.always.get("period"):
        return said
    units = page.words.boards.list_units(board.layout.board)
    labels = list(_list_labels(board, at, board.layout.period))
    for label in labels:
        if period := find_pay_period(units, label):
            return period
    if labels:
        unread.append(f"period {labels[0][:40]}")
        return None
    basis.append("period:assumed")
    least = min(float(value) for _, value in amounts.values())
    return name_period_by_size(page, least) or None


def _read_label(board: BoardRow, at: str, paths: tuple[tuple[str, ...], ...]) -> str:
    """Return the first label of an object or of its posting; "" for none."""
    return next(_list_labels(board, at, paths), "")


def _list_labels(
    board: BoardRow, at: str, paths: tuple[tuple[str, ...], ...]
) -> Iterator[str]:
    """Yield the texts of paths, from the object of the sums, then from the posting."""
    for base in dict.fromkeys((at, board.pointer)):
        for path in paths:
            if text := board.index.read_text(base, [path]):
                yield text


@dataclass(frozen=True)
class PayTexts:
    """Texts about pay in boards' postings, and what the postings say of their jobs.

    Args:
        facts: Of each posting, by its script and pointer.
        texts: Script and pointer of each text about pay to whether it is read: not
            where its posting says the same before, as a number or in another text.
        said: What each posting's claims say so far (`name_amounts`); grows.
    """

    facts: Mapping[Place, JobFacts]
    texts: Mapping[Place, bool]
    said: dict[Place, set[tuple[Any, ...]]] = field(default_factory=dict)

    def is_new(self, script: int, pointer: str, row: Mapping[str, Any]) -> bool:
        """Note a claim of a posting; return False where the posting said it before.

        Descriptions are often there twice, as text and as markup.
        """
        at = find_place(self.facts, script, pointer)
        if at is None:
            return True
        said = self.said.setdefault(at, set())
        known = name_amounts(row) in said
        said.add(name_amounts(row))
        return not known


def name_amounts(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what makes two claims of one posting the same."""
    return tuple(row.get(name) for name in ("kind", "value", "low", "high"))


def list_pay_texts(
    document: Document,
    page: IndexedPage,
    boards: Sequence[BoardRow],
    rows: Sequence[tuple[Row, Any]],
) -> PayTexts:
    """List the texts about pay of some postings: their own, and amounts in words.

    Args:
        document: The page.
        page: The same, with its words.
        boards: Postings in its data.
        rows: Claims of their amounts.
    """
    facts: dict[Place, JobFacts] = {}
    texts: dict[Place, bool] = {}
    places: dict[str, Place] = {}
    for board in boards:
        at = (board.script, board.pointer)
        places |= {locate_datum(document, d): at for d in board.list_amounts()}
        facts[board.script, board.pointer] = _add_publisher(page, board)
        unread, paid = _part_amounts(page, board)
        worded = [*unread, *board.index.list_data(board.pointer, board.layout.texts)]
        for datum in worded:
            said = isinstance(datum.value, str) and any(map(str.isdigit, datum.raw))
            texts.setdefault((board.script, datum.pointer), said and not paid)
            paid = paid or said
    claimed: dict[Place, set[tuple[Any, ...]]] = {}
    for row, _ in rows:
        claimed.setdefault(places[row["locator"]], set()).add(name_amounts(row))
    return PayTexts(facts, texts, claimed)


def _part_amounts(page: IndexedPage, board: BoardRow) -> tuple[list[Datum], bool]:
    """Return the amounts of a posting that are no numbers, and whether any is one."""
    unread, paid = [], False
    for datum in board.list_amounts():
        number = parse_value(datum, page.words.money)
        if number is None:
            unread.append(datum)
        elif number.value > 0:
            paid = True
    return unread, paid


def _add_publisher(page: IndexedPage, board: BoardRow) -> JobFacts:
    """Return the facts of a posting, with the board as the source of its estimates."""
    said = {} if board.layout.amounts else _name_publisher(page, board)
    title = name_job(page, board.facts.title) if board.facts.title else ""
    return replace(board.facts, title=title, fields={**board.facts.fields, **said})


def _name_publisher(page: IndexedPage, board: BoardRow) -> dict[str, str]:
    """Return the publisher of what a board worked out itself; nothing for the rest."""
    if not board.estimated or not board.publisher:
        return {}
    known = find_publishers(page.heading_line(board.publisher))
    return {"attributed_to": known[0].means if known else board.publisher}
