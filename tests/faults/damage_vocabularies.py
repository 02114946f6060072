"""Damage vocabularies as editors, scripts and slips do, and see each one named.

    python tests/faults/damage_vocabularies.py --count 60 --seed 11

Every damage is made to a copy of one file, and the whole folder is then read as a
refresh reads it. It is named where one sentence gives the file, the line and the
column; what an editor does to a file (a byte order mark, line ends of Windows) must be
read as before. Ends with 1 where any is not.
"""

import argparse
import csv
import io
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from pipeline.core.errors import PayproofError  # noqa: E402
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.core.vocabulary_columns import FILLED  # noqa: E402
from pipeline.core.vocabulary_rows import make_rules  # noqa: E402
from pipeline.release.inputs import check_vocabularies  # noqa: E402

FOLDER = ROOT / "vocabularies"
Rows = list[list[str]]


@dataclass(frozen=True)
class Damage:
    """A damaged file and where its fault is; no line where there is none."""

    body: bytes
    line: int = 0
    column: str = ""


def write_rows(rows: Rows) -> bytes:
    """Rows as the bytes of a file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def pick(rows: Rows, dice: random.Random) -> tuple[int, int]:
    """A row behind the head and a cell in it that is not empty."""
    at = dice.randrange(1, len(rows))
    filled = [place for place, cell in enumerate(rows[at]) if cell]
    return at, dice.choice(filled)


def shorten(name: str, rows: Rows, dice: random.Random) -> Damage:
    """A row without its last cell."""
    at, _ = pick(rows, dice)
    rows[at] = rows[at][:-1]
    return Damage(write_rows(rows), at + 1, rows[0][-1])


def lengthen(name: str, rows: Rows, dice: random.Random) -> Damage:
    """A comma at the end of a row."""
    at, _ = pick(rows, dice)
    rows[at] = [*rows[at], ""]
    return Damage(write_rows(rows), at + 1, str(len(rows[0]) + 1))


def repeat_last(name: str, rows: Rows, dice: random.Random) -> Damage:
    """The last row twice."""
    return Damage(write_rows([*rows, rows[-1]]), len(rows) + 1, name_key(name, rows[0]))


def repeat_key(name: str, rows: Rows, dice: random.Random) -> Damage | None:
    """A key twice, with other words beside it; none where every cell is of the key."""
    rules = make_rules(name, rows[0])
    free = [at for at in range(len(rows[0])) if at not in {*rules.key, *rules.kinds}]
    free = free if not rules.stated else [at for at in free if at > 2]
    if not free:
        return None
    again = list(rows[dice.randrange(1, len(rows))])
    again[free[-1]] = "other words"
    return Damage(write_rows([*rows, again]), len(rows) + 1, name_key(name, rows[0]))


def name_key(name: str, head: list[str]) -> str:
    """The first column of a file's key."""
    return head[make_rules(name, head).key[0]]


def spoil_number(cell: str) -> Callable[[str, Rows, random.Random], Damage | None]:
    """A damage that writes a cell where a number belongs."""

    def spoil(name: str, rows: Rows, dice: random.Random) -> Damage | None:
        rules = make_rules(name, rows[0])
        kinds = {
            at for at, kind in rules.kinds.items() if kind in ("number", "integer")
        }
        places = sorted(kinds | ({1} if rules.stated else set()))
        found = [
            (at, place)
            for at, row in enumerate(rows[1:], 1)
            for place in places
            if row[place] and not (rules.stated and row[2] in ("id", "quarter"))
        ]
        if not found:
            return None
        at, place = dice.choice(found)
        rows[at][place] = cell
        return Damage(write_rows(rows), at + 1, rows[0][place])

    return spoil


def empty_cell(name: str, rows: Rows, dice: random.Random) -> Damage | None:
    """An empty cell where one is needed."""
    needed = [c for c in FILLED.get(name, "").split() if c in rows[0]]
    if not needed:
        return None
    column, at = dice.choice(needed), dice.randrange(1, len(rows))
    rows[at][rows[0].index(column)] = ""
    return Damage(write_rows(rows), at + 1, column)


def insert(what: bytes) -> Callable[[str, Rows, random.Random], Damage]:
    """A damage that puts bytes before a cell, as they are."""

    def spoil(name: str, rows: Rows, dice: random.Random) -> Damage:
        at, place = pick(rows, dice)
        # Without cells that have line ends the lines are the rows.
        before, row, after = rows[:at], rows[at], rows[at + 1 :]
        head = write_rows([row[:place]]).rstrip(b"\n") + b"," if place else b""
        tail = write_rows([row[place:]])
        line = head + what + tail
        return Damage(
            write_rows(before) + line + write_rows(after), at + 1, rows[0][place]
        )

    return spoil


def rename_column(name: str, rows: Rows, dice: random.Random) -> Damage:
    """A column under another name."""
    place = dice.randrange(len(rows[0]))
    column, rows[0][place] = rows[0][place], "another"
    return Damage(write_rows(rows), 1, column)


def repeat_column(name: str, rows: Rows, dice: random.Random) -> Damage:
    """Two columns of one name."""
    rows[0][-1] = rows[0][0]
    return Damage(write_rows(rows), 1, rows[0][0])


def end_with_return(name: str, rows: Rows, dice: random.Random) -> Damage | None:
    """A row that ends with a carriage return alone, before another one."""
    if len(rows) < 3:
        return None
    at = dice.randrange(1, len(rows) - 1)
    body = write_rows(rows[: at + 1])[:-1] + b"\r" + write_rows(rows[at + 1 :])
    return Damage(body, at + 1, rows[0][-1])


def save(how: Callable[[bytes], bytes]) -> Callable[[str, Rows, random.Random], Damage]:
    """What an editor does to a whole file: no fault."""
    return lambda name, rows, dice: Damage(how(write_rows(rows)))


KINDS: dict[str, Callable[[str, Rows, random.Random], Damage | None]] = {
    "row too short": shorten,
    "comma at the end": lengthen,
    "last row twice": repeat_last,
    "key twice": repeat_key,
    "NaN": spoil_number("NaN"),
    "infinite": spoil_number("1e999"),
    "word for a number": spoil_number("many"),
    "empty cell": empty_cell,
    "lone quotation mark": insert(b'"'),
    "zero byte": insert(b"\0"),
    "not UTF-8": insert(b"\xe9"),
    "column renamed": rename_column,
    "column twice": repeat_column,
    "carriage return": end_with_return,
    "byte order mark": save(lambda body: b"\xef\xbb\xbf" + body),
    "line ends of Windows": save(lambda body: body.replace(b"\n", b"\r\n")),
    "mixed line ends": save(lambda body: body.replace(b"\n", b"\r\n", 1)),
    "no last line end": save(lambda body: body[:-1]),
}


def try_damage(name: str, kind: str, seed: str, folder: Path) -> str:
    """Damage one file of a folder, read it, and mend it again.

    Returns:
        "" where it was named, or read as before; "none" where the file cannot have this
        damage; else what happened.
    """
    path = folder / f"{name}.csv"
    good = path.read_bytes()
    rows = list(csv.reader(io.StringIO(good.decode(), newline="")))
    before = open_vocabulary(folder).read_table(name)
    made = KINDS[kind](name, [list(row) for row in rows], random.Random(seed))
    if made is None:
        return "none"
    path.write_bytes(made.body)
    try:
        words = open_vocabulary(folder)
        check_vocabularies(words)
    except PayproofError as error:
        said = str(error)
        named = f"vocabularies/{name}.csv line {made.line}" in said
        whole = named and made.column in said and "\n" not in said
        return (
            ""
            if made.line and whole
            else f"said {said!r}, not {made.line} {made.column}"
        )
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        path.write_bytes(good)
    if made.line:
        return "was not found"
    return "" if words.read_table(name).equals(before) else "was read as something else"


def is_plain(path: Path) -> bool:
    """Whether a file has rows, none over several lines, and is quickly read."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    several = any("\n" in cell for row in rows for cell in row)
    return len(rows) > 1 and not several and len(rows) < 3000


def run(count: int, seed: int, folder: Path) -> list[tuple[str, str, str]]:
    """Damage files of a folder, each kind in turn.

    Returns:
        File, kind and what `try_damage` returned; as many as were asked for.
    """
    dice = random.Random(seed)
    names = sorted(path.stem for path in folder.glob("*.csv") if is_plain(path))
    found: list[tuple[str, str, str]] = []
    while len(found) < count:
        for kind in KINDS:
            name = dice.choice(names)
            said = try_damage(name, kind, f"{seed} {len(found)}", folder)
            while said == "none":
                name = dice.choice(names)
                said = try_damage(name, kind, f"{seed} {len(found)}", folder)
            found.append((name, kind, said))
    return found[:count]


def main() -> int:
    """Print each damage that was not named, and the count of those that were."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=60, help="damages that are made")
    parser.add_argument("--seed", type=int, default=11, help="which ones")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(FOLDER, Path(place) / "vocabularies")
        found = run(wanted.count, wanted.seed, folder)
    for name, kind, said in found:
        if said:
            print(f"{name}.csv, {kind}: {said}")
    good = sum(not said for *_, said in found)
    files, kinds = (len({row[at] for row in found}) for at in (0, 1))
    print(f"{good} of {len(found)} named ({kinds} kinds, {files} files).")
    return 0 if good == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
