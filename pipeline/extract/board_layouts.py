"""How job boards name the fields of their postings, from `board_layouts.csv`.

A path is relative to the object of a posting, its steps parted by `/`; `*` stands for
every element of an array, and capitals, `_` and `-` do not count in a key. Several
paths in a cell are tried in their order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from pipeline.core.pay_periods import load_period_labels
from pipeline.core.vocabulary import Vocabulary

COLUMNS = (
    *("board", "name", "row", "sums", "amounts", "period", "currency", "scale"),
    *("only", "bonus", "title", "place", "country", "date", "employer", "remote"),
    *("estimate", "publisher", "texts"),
)
CONSTANT = "="  # before what every posting of a board has: `=USD`, `=year`
Path = tuple[str, ...]


@dataclass(frozen=True)
class KeyTest:
    """A path, and what it must hold: one of some words, the start of a text, or true.

    Args:
        path: To a scalar.
        values: Small letters; none for anything that is not empty, 0 or false.
        starts: Whether a value need only begin so.
    """

    path: Path
    values: frozenset[str]
    starts: bool = False

    def fits(self, value: object) -> bool:
        """Whether a value is what the test asks for."""
        plain = str(value).strip().lower()
        if not self.values:
            return plain not in ("", "0", "false", "none", "no", "null")
        if self.starts:
            return plain.startswith(tuple(self.values))
        return plain in self.values


@dataclass(frozen=True)
class BoardLayout:
    """Where one board's postings have their pay and their facts.

    Args:
        board: Id; its own rows of pay_units.csv explain its periods.
        name: Of the publisher of its estimates; "" where it makes none.
        row: Paths that an object must have to be a posting; the first is a key of its
            own.
        sums: To the objects that hold the amounts; empty for the posting itself.
        amounts: Role (`low`, `high`, `point`, or a statistic) and path from the sums.
        period, currency: Paths from the sums, then from the posting, or a constant.
        scale: Of the amounts: 0.01 where they are cents.
        only: What sums must say to be pay; `bonus` to be a bonus.
        title, country, date, employer, publisher: Paths.
        place: Groups of paths; the steps of a group are parts of one place.
        remote: That a job is done from anywhere.
        estimate: That the board worked the amounts out itself.
        texts: That hold pay in words.
    """

    board: str
    name: str
    row: tuple[Path, ...]
    sums: tuple[Path, ...]
    amounts: tuple[tuple[str, Path], ...]
    period: tuple[Path, ...]
    currency: tuple[Path, ...]
    scale: Decimal
    only: tuple[KeyTest, ...]
    bonus: tuple[KeyTest, ...]
    title: tuple[Path, ...]
    place: tuple[tuple[Path, ...], ...]
    country: tuple[Path, ...]
    date: tuple[Path, ...]
    employer: tuple[Path, ...]
    remote: tuple[KeyTest, ...]
    estimate: tuple[KeyTest, ...]
    publisher: tuple[Path, ...]
    texts: tuple[Path, ...]
    always: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BoardTable:
    """All layouts that are known.

    Args:
        by_key: The first key of a posting to the layouts that begin with it, in the
            table's order.
        units: For each board and for any (`*`), label of a pay period to the period.
    """

    by_key: Mapping[str, tuple[BoardLayout, ...]]
    units: Mapping[str, Mapping[str, str]]

    def list_units(self, board: str) -> dict[str, str]:
        """Return what a board's labels of pay periods mean, its own rows first."""
        return {**self.units.get("*", {}), **self.units.get(board, {})}


@lru_cache(maxsize=4096)
def simplify_key(key: str) -> str:
    """Return a key without what boards write differently.

    >>> simplify_key("salary_Min"), simplify_key("salaryMin")
    ('salarymin', 'salarymin')
    """
    return re.sub(r"[_\-\s]", "", key).lower()


def load_board_table(vocabulary: Vocabulary) -> BoardTable:
    """Read the table of boards."""
    table = vocabulary.read_table("board_layouts", *COLUMNS).select(COLUMNS)
    by_key: dict[str, list[BoardLayout]] = {}
    for cells in table.iter_rows(named=True):
        layout = _read_layout({name: cell or "" for name, cell in cells.items()})
        by_key.setdefault(layout.row[0][0], []).append(layout)
    fixed = {key: tuple(layouts) for key, layouts in by_key.items()}
    return BoardTable(fixed, load_period_labels(vocabulary))


def _read_layout(cells: Mapping[str, str]) -> BoardLayout:
    """Make a layout of a row of the table."""
    paths = {
        name: tuple(_read_path(text) for text in cells[name].split() if text[0] != "=")
        for name in COLUMNS
        if name not in ("board", "name", "amounts", "place", "scale")
    }
    tests = {
        name: tuple(map(_read_test, cells[name].split()))
        for name in ("only", "bonus", "remote", "estimate")
    }
    amounts = (text.partition("=") for text in cells["amounts"].split())
    always = {
        name: cells[name].removeprefix(CONSTANT)
        for name in ("period", "currency", "country")
        if cells[name].startswith(CONSTANT)
    }
    return BoardLayout(
        board=cells["board"],
        name=cells["name"],
        amounts=tuple((role, _read_path(path)) for role, _, path in amounts),
        scale=Decimal(cells["scale"] or "1"),
        place=tuple(map(_read_place, cells["place"].split())),
        always=always,
        **{**paths, **tests},  # type: ignore[arg-type]
    )


def _read_path(text: str) -> Path:
    return tuple(map(simplify_key, text.split("/")))


def _read_test(text: str) -> KeyTest:
    """Read `isRemote`, `type=salary|base` or `salary^estimated`."""
    path, sign, words = re.fullmatch(r"([^=^]+)([=^]?)(.*)", text).groups()  # type: ignore[union-attr]
    values = frozenset(words.lower().split("|")) if sign else frozenset()
    return KeyTest(_read_path(path), values, starts=sign == "^")


def _read_place(text: str) -> tuple[Path, ...]:
    """Read `city+state`: the last steps of one path are parted by a plus."""
    before, _, last = text.rpartition("/")
    head = _read_path(before) if before else ()
    return tuple((*head, simplify_key(step)) for step in last.split("+"))
