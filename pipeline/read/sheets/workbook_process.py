"""Have workbooks read by a process with bounds, so that one ends no more than itself.

The reader of workbooks is native code. A workbook that was made to break it may abort
the process that it runs in, or ask for all memory; here that is an error about this
workbook. One process reads all workbooks of a run, one after the other; it is started
by the first, and another one in its place where it ended. What it may use grows with
the size of the workbook (`ReadingBounds`).
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.core.errors import Damaged
from pipeline.core.leftovers import make_folder_prefix
from pipeline.read.read_limits import get_limit
from pipeline.read.sheets import workbook_child
from pipeline.read.sheets.sheet_extent import check_cell_count

# Name of a column, its number from 1, whether the name was made up: is it wanted?
AskColumn = Callable[[str, int, bool], bool]
REMEDY = "Get it again, or open it and save it as .xlsx or .csv."
RAISE_BOUND = "Save it as .csv, or raise {} in vocabularies/limits.csv."
# What the native reader prints before it aborts for want of memory.
OUT_OF_MEMORY = b"memory allocation of"
IDLE_SECONDS = 60  # after which a process that reads nothing is let go
MOST_IDLE = 2  # as many as threads that read sources at a time
ENVIRONMENT = {
    # One table at a time: more threads would only count as memory.
    "POLARS_MAX_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


@dataclass(frozen=True)
class SheetCells:
    """A sheet as the reader gave it.

    Args:
        name: Of the sheet.
        numbers: Of the columns of `frame`, from 1; empty where they were asked for.
        frame: Its cells as text.
    """

    name: str
    numbers: tuple[int, ...]
    frame: pl.DataFrame


@dataclass(frozen=True)
class ReadingBounds:
    """What the reading of one workbook may use.

    Args:
        memory: Bytes of addresses.
        seconds: Of processor.
        wait: Seconds by the clock for each answer.
    """

    memory: int
    seconds: int
    wait: int

    @classmethod
    def from_limits(cls, size: int) -> "ReadingBounds":
        """Read the bounds of a workbook of a size in bytes from limits.csv.

        A small workbook takes little; one that takes more was made to.
        """
        memory, per_byte, seconds, per_megabyte, wait = (
            get_limit(f"workbook_{what}")
            for what in (
                *("memory", "memory_per_byte", "seconds", "seconds_per_megabyte"),
                "wait",
            )
        )
        return cls(
            int(memory + per_byte * size),
            int(seconds + per_megabyte * size / 1_000_000),
            int(wait),
        )


class WorkbookProcess:
    """A process that reads workbooks; it ends when its input does.

    Attributes:
        is_at_work: It was given a workbook that it has not finished.
    """

    def __init__(self) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            # -P: nothing is imported from beside the script or the current folder.
            [sys.executable, "-P", workbook_child.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, **ENVIRONMENT},
            start_new_session=True,  # an interrupt is for us, and we end it
        )
        self.is_at_work = False
        self._late = False
        self._rest: threading.Timer | None = None

    def wait_for_work(self, seconds: float, let_go: Callable[[], None]) -> None:
        """Have `let_go` called unless there is work within some seconds."""
        self._rest = threading.Timer(seconds, let_go)
        self._rest.daemon = True
        self._rest.start()

    def stop_waiting(self) -> None:
        """Call off what `wait_for_work` has arranged."""
        if self._rest is not None:
            self._rest.cancel()

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def read_sheets(
        self, path: Path, where: str, ask: AskColumn | None
    ) -> Iterator[SheetCells]:
        """Yield the sheets of a workbook; as `read_sheets` of this module.

        Raises:
            Damaged: It cannot be read, or not within the bounds.
            TooLarge: A sheet has more cells than are read.
        """
        bounds = ReadingBounds.from_limits(path.stat().st_size)
        with tempfile.TemporaryDirectory(prefix=make_folder_prefix()) as folder:
            job = {"path": str(path), "folder": folder, "ask": ask is not None}
            try:
                self.is_at_work = True
                most = {"memory": bounds.memory, "seconds": bounds.seconds}
                self._tell(job | most, where)
                while "done" not in (answer := self._listen(where, bounds)):
                    if "column" in answer and ask is not None:
                        facts = (answer[n] for n in ("column", "number", "unnamed"))
                        self._tell(ask(*facts), where)
                    elif "sheet" in answer:
                        yield _load_sheet(answer, Path(folder), where, path)
                    else:
                        self.is_at_work = False
                        raise _explain_error(answer, where, bounds)
                self.is_at_work = False
            finally:
                if self.is_at_work:
                    self.end()  # before its folder goes, into which it may be writing

    def end(self) -> None:
        """End it, whatever it does."""
        self.stop_waiting()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            if pipe is not None:
                with suppress(OSError):  # what was not yet sent goes nowhere
                    pipe.close()

    def _tell(self, what: object, where: str) -> None:
        """Send one line."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Damaged(where, "the reader of workbooks ended", REMEDY) from error

    def _listen(self, where: str, bounds: ReadingBounds) -> Mapping[str, Any]:
        """Return the next answer.

        Raises:
            Damaged: None came in time, or the process ended.
        """
        assert self._process.stdout is not None
        # Beside the bound on the processor: whoever waits for nothing uses none.
        alarm = threading.Timer(bounds.wait, self._end_late)
        alarm.daemon = True
        alarm.start()
        try:
            line = self._process.stdout.readline()
        finally:
            alarm.cancel()
        if line.endswith(b"\n"):
            found: Mapping[str, Any] = json.loads(line)
            return found
        raise self._explain_end(where, bounds)

    def _end_late(self) -> None:
        """End it because it took too long."""
        self._late = True
        self._process.kill()

    def _explain_end(self, where: str, bounds: ReadingBounds) -> Damaged:
        """Return the error for a workbook that ended the process."""
        status = self._process.wait()
        self._said.seek(0)
        said = self._said.read()[-4_000:]
        if self._late:
            why = f"reading it takes more than {bounds.wait:,} seconds"
            return Damaged(where, why, RAISE_BOUND.format("workbook_wait"))
        if -status == getattr(signal, "SIGXCPU", 0):
            why = f"reading it takes more than {bounds.seconds:,} seconds of processor"
            return Damaged(where, why, RAISE_BOUND.format("workbook_seconds"))
        if OUT_OF_MEMORY in said or -status == getattr(signal, "SIGKILL", 0):
            return _make_memory_error(where, bounds)
        why = f"it breaks the reader of workbooks (status {status})"
        return Damaged(where, why, REMEDY)


def _make_memory_error(where: str, bounds: ReadingBounds) -> Damaged:
    why = f"reading it takes more than {bounds.memory:,} bytes of memory"
    return Damaged(where, why, RAISE_BOUND.format("workbook_memory"))


def _explain_error(
    answer: Mapping[str, Any], where: str, bounds: ReadingBounds
) -> Damaged:
    """Return the error for a workbook that the reader refused."""
    if answer.get("error") == "memory":
        return _make_memory_error(where, bounds)
    why = f"the workbook cannot be read ({str(answer.get('why', ''))[:300]})"
    return Damaged(where, why, REMEDY)


def _load_sheet(
    answer: Mapping[str, Any], folder: Path, where: str, path: Path
) -> SheetCells:
    """Load a table that was handed back, once its places are found to be few enough.

    Raises:
        TooLarge: It has more cells than are read, empty columns included.
    """
    name, numbers = str(answer["sheet"]), tuple(map(int, answer["numbers"]))
    cells = int(answer["height"]) * max(numbers, default=0)
    check_cell_count(f"{where}:{name}", cells, path.stat().st_size)
    file = folder / Path(answer["file"]).name
    # Not mapped: the process that wrote it could still cut it short.
    frame = pl.read_ipc(file.read_bytes())
    file.unlink()
    return SheetCells(name, numbers, frame)


_idle: list[WorkbookProcess] = []
_guard = threading.Lock()


def read_sheets(
    path: Path, where: str, ask: AskColumn | None = None
) -> Iterator[SheetCells]:
    """Yield the sheets of a workbook as text, read by a process with bounds.

    Args:
        path: The workbook; what it is follows from its bytes.
        where: For messages.
        ask: Tells of each column whose name is in the first row whether it is wanted;
            None for every cell, the first row included.

    Raises:
        Damaged: It cannot be read, or not within the bounds.
        TooLarge: A sheet has more cells than are read.
    """
    with _borrow_process() as process:
        yield from process.read_sheets(path, where, ask)


def read_body_sheets(body: bytes, where: str) -> Iterator[SheetCells]:
    """Yield the sheets of a workbook that is no file: a member of a zip.

    Raises:
        Damaged, TooLarge: As `read_sheets`.
    """
    with tempfile.TemporaryDirectory(prefix=make_folder_prefix()) as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(body)
        yield from read_sheets(path, where)


@contextmanager
def _borrow_process() -> Iterator[WorkbookProcess]:
    """Lend a process that does nothing; it is taken back unless it ended."""
    with _guard:
        process = _idle.pop() if _idle else None
    if process is not None:
        process.stop_waiting()
        if not process.is_alive:
            process.end()
            process = None
    process = process or WorkbookProcess()
    try:
        yield process
    finally:
        _give_back(process)


def _give_back(process: WorkbookProcess) -> None:
    """Keep a process that has done its work for the next workbook."""
    if not process.is_alive:
        process.end()
        return
    with _guard:
        _idle.append(process)
        surplus = [_idle.pop(0) for _ in range(len(_idle) - MOST_IDLE)]
    for one in surplus:
        one.end()
    process.wait_for_work(IDLE_SECONDS, partial(_let_go, process))


def _let_go(process: WorkbookProcess) -> None:
    """End a process that is idle; the next workbook starts another."""
    with _guard:
        if process not in _idle:
            return
        _idle.remove(process)
    process.end()


def end_idle_processes() -> None:
    """End every process that is idle, as at the end of the program."""
    with _guard:
        ended = _idle[:]
        _idle.clear()
    for process in ended:
        process.end()


atexit.register(end_idle_processes)
# A forked child must not speak into the pipes of its parent.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)
