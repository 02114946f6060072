"""Read workbooks in a process of its own: what breaks the reader breaks this alone.

`workbook_process` starts it and speaks to it in lines of JSON, by its standard input
and output; tables are handed back as Arrow files. It imports nothing of this project,
so that it starts fast, and unpickles nothing, so that a workbook that took it over
would gain nothing by it.

A job is `{"path", "folder", "ask", "memory", "seconds"}`. What comes back is a line
`{"sheet", "numbers", "height", "file"}` for each sheet, between them questions
`{"column", "number", "unnamed"}` where columns are to be asked for, and at the end
`{"done"}` or `{"error"}`.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

# What Linux says of this process; elsewhere addresses are counted from zero.
STATUS = Path("/proc/self/statm")
Tell = Callable[[Mapping[str, Any]], None]


def main() -> None:
    """Do one job after another until the input ends."""
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer

    def tell(answer: Mapping[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    warm_up()
    base = measure_address_space()
    while line := questions.readline():
        job = json.loads(line)
        bound_process(base + job["memory"], job["seconds"])
        try:
            read_sheets(job, questions, tell)
            tell({"done": True})
        except MemoryError:
            tell({"error": "memory"})
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of the reader is no Exception
            first = (str(error).splitlines() or [""])[0][:300]
            tell({"error": "broken", "why": first or type(error).__name__})


def warm_up() -> None:
    """Import what reads, and let it start its threads, before memory is counted."""
    import io

    import fastexcel  # noqa: F401
    import polars as pl

    pl.DataFrame({"a": ["b"]}).write_ipc(io.BytesIO())


def measure_address_space() -> int:
    """Return how many bytes of addresses this process has; 0 where nobody says."""
    try:
        pages = int(STATUS.read_text().split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def bound_process(memory: int, seconds: int) -> None:
    """Bound what this process may use from now on, where the system has bounds.

    Args:
        memory: Bytes of addresses in all.
        seconds: Of its processor, beyond what it has used.
    """
    try:
        import resource
    except ImportError:  # Windows; whoever started it waits no longer than `seconds`
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, spent + seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (soft, hard))
        except (ValueError, OSError):  # macOS has no bound on addresses
            continue


def read_sheets(job: Mapping[str, Any], questions: BinaryIO, tell: Tell) -> None:
    """Read the sheets of a workbook that have cells, and hand them back."""
    import fastexcel

    def is_wanted(column: object) -> bool:
        name = str(getattr(column, "name", ""))
        # Empty header cells get made-up names (`__UNNAMED__3`), which are no names.
        unnamed = getattr(column, "column_name_from", "") == "generated"
        number = int(getattr(column, "absolute_index", 0)) + 1
        tell({"column": name, "number": number, "unnamed": unnamed})
        return bool(json.loads(questions.readline()))

    # By its bytes: a path would be read by its ending.
    workbook = fastexcel.read_excel(Path(job["path"]).read_bytes())
    for place, name in enumerate(workbook.sheet_names):
        if job["ask"]:
            sheet = workbook.load_sheet(
                name, header_row=0, dtypes="string", use_columns=is_wanted
            )
            numbers: list[int] = []
        else:
            sheet = workbook.load_sheet(
                name, header_row=None, skip_rows=0, dtypes="string"
            )
            # The reader leaves out empty columns; their numbers keep the places right.
            numbers = [c.absolute_index + 1 for c in sheet.available_columns()]
        file = Path(job["folder"]) / f"{place}.arrow"
        table = sheet.to_polars()
        table.write_ipc(file)
        height = table.height
        del table, sheet
        tell({"sheet": name, "numbers": numbers, "height": height, "file": file.name})


if __name__ == "__main__":
    main()
