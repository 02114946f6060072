"""Recompute a column of changes: between two columns of pay, or against one row.

What the changes of a column are of is read from the column itself: of all that they may
be of, what most of its rows fit. A row that does not fit it is wrong. A column that
nothing fits is of something else ("% employed"), and nothing is said of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations

from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.conflicting_values import is_point
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact
from pipeline.reconcile.within_page.recomputed_changes import (
    LevelPair,
    describe_result,
    is_change,
    is_same_measure,
    pair_gives_change,
)

TABLE = "table"
PLUS = "+"
LEAST_AGAINST_A_ROW = 3  # changes that fit one row of many: fewer do so by chance
LEAST_SHARE = 2  # times as many changes that fit as do not, for one row of many
MOST_CHANGES = 200  # of a column: bounds tables of thousands of rows
MOST_BASES = 10  # rows without a change; of more, it is open what they are
MOST_COLUMNS = 12  # of pay in one table that are held against each other

Cells = Mapping[str, Mapping[str, PlacedFact]]


@dataclass(frozen=True)
class ColumnReading:
    """What the changes of a column may be of.

    Args:
        pairs: Claim id of a change to the earlier and the later figure.
        against_row: One row's figure is the earlier one of all.
        in_order: It is known which of the two figures is the earlier one.
    """

    pairs: Mapping[str, LevelPair]
    against_row: bool = False
    in_order: bool = True


def find_column_errors(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield changes of a table that do not fit what the others of their column fit."""
    cells = gather_cells(page)
    for group, facts in page.groups.items():
        if not group.startswith(TABLE):
            continue
        alone = (f for f in facts if is_change_alone(f, page))
        if not (changes := list(islice(alone, MOST_CHANGES))):
            continue
        reading = choose_reading(changes, cells, rules.measures)
        for change in changes if reading else ():
            pair = reading.pairs.get(change.claim_id) if reading else None
            fits = fits_in_order if reading and reading.in_order else pair_gives_change
            if pair and not fits(pair, change, rules.measures):
                rows = (change.row, pair.one.row, pair.other.row)
                computed = describe_step(pair, change)
                yield Contradiction(
                    "arithmetic_contradiction", rows, "recomputed", computed
                )


def gather_cells(page: PageFacts) -> Cells:
    """Return the points of pay of tables: row to column to figure, one a cell."""
    cells: dict[str, dict[str, PlacedFact]] = defaultdict(dict)
    for fact in page.facts:
        if fact.line.startswith(TABLE) and is_point(fact) and fact.group:
            cells[fact.line].setdefault(fact.group, fact)
    return cells


def is_change_alone(fact: PlacedFact, page: PageFacts) -> bool:
    """Return whether a fact is a change, and its cell has no pay of its own."""
    return is_change(fact) and not any(
        other.is_level and other.group == fact.group and other.line == fact.line
        for other in page.facts_in_block(fact)
    )


def choose_reading(
    changes: Sequence[PlacedFact], cells: Cells, measures: MatchTolerances
) -> ColumnReading | None:
    """Return what most changes of a column fit, or None where nothing is sure."""
    best, most = None, 0
    for reading in list_readings(changes, cells):
        held = [c for c in changes if c.claim_id in reading.pairs]
        fits = sum(fits_in_order(reading.pairs[c.claim_id], c, measures) for c in held)
        apart = len(held) - fits
        sure = fits >= LEAST_AGAINST_A_ROW and fits >= LEAST_SHARE * apart
        if fits > most and (sure or (fits >= apart and not reading.against_row)):
            best, most = reading, fits
    return best or read_single_row(changes, cells)


def list_readings(
    changes: Sequence[PlacedFact], cells: Cells
) -> Iterator[ColumnReading]:
    """Yield what a column may be of: two columns in either order, then one row each."""
    rows = {c.claim_id: cells.get(c.line, {}) for c in changes}
    columns = sorted({name for row in rows.values() for name in row})[:MOST_COLUMNS]
    for old, new in permutations(columns, 2):
        yield ColumnReading(
            {
                claim: LevelPair(row[old], row[new])
                for claim, row in rows.items()
                if old in row and new in row and is_same_measure(row[old], row[new])
            }
        )
    bases = list_base_rows(changes, cells)
    for column in columns:
        for line, base in bases.items():
            if column not in base:
                continue
            found = {c.claim_id: LevelPair(base[column], rows[c.claim_id][column])
                     for c in changes if c.line != line
                     and column in rows[c.claim_id]}  # fmt: skip
            yield ColumnReading(found, against_row=True)


def list_base_rows(changes: Sequence[PlacedFact], cells: Cells) -> Cells:
    """Return the rows of a table that have no change of their own, or none but 0.

    What all others are compared with has nothing to be compared with.
    """
    table = changes[0].line.partition(":")[0]
    changed = {c.line for c in changes if c.row.get("value") != 0}
    found = {
        line: row
        for line, row in cells.items()
        if line.partition(":")[0] == table and line not in changed
    }
    return dict(list(found.items())[:MOST_BASES])


def read_single_row(
    changes: Sequence[PlacedFact], cells: Cells
) -> ColumnReading | None:
    """Return the two figures of the one row with a change, where it has two."""
    change = changes[0]
    row = list(cells.get(change.line, {}).values())
    if len(changes) > 1 or len(row) != 2 or not is_same_measure(*row):
        return None
    # What stands before both figures belongs to the head of the row.
    if read_column(change) < max(map(read_column, row)):
        return None
    return ColumnReading({change.claim_id: LevelPair(*row)}, in_order=False)


def read_column(fact: PlacedFact) -> int:
    """Return the number of a cell's column; -1 where it has none."""
    number = (fact.group or "").rpartition(":")[2]
    return int(number) if number.isdigit() else -1


def fits_in_order(
    pair: LevelPair, change: PlacedFact, measures: MatchTolerances
) -> bool:
    """Return whether the later figure is the earlier one and the change.

    The direction counts where the page writes a sign: `+1.6%` of a figure that fell
    does not fit, `1.6%` does.
    """
    if not pair_gives_change(pair, change, measures):
        return False
    down = change.row.get("direction") == "down"
    signed = down or change.sentence[: change.offset].rstrip().endswith(PLUS)
    earlier, later = pair.in_order
    return not signed or earlier == later or (later < earlier) == down


def describe_step(pair: LevelPair, change: PlacedFact) -> str:
    """Return what the two figures give, in words, with a minus where pay fell."""
    earlier, later = pair.in_order
    signed = change.sentence[: change.offset].rstrip().endswith(PLUS)
    return f"{'-' if signed and later < earlier else ''}{describe_result(pair, change)}"
