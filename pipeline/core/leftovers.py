"""Name what is written before it has its name, and sweep what a killed process left.

Such a name ends with the process and the thread that write: `.NAME.PROCESS-THREAD.tmp`.
The next run removes what belongs to no living process.
"""

import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.core.disk import remove

TEMPORARY = re.compile(r"\..+\.(\d+)-\d+\.tmp")
# Folders of ours in the system's own temporary folder (`make_folder_prefix`).
FOLDERS = re.compile(r"payproof-(\d+)-\w+")
# Names that former versions wrote under; they name no process.
NAMELESS = re.compile(r"\.(?:building|old|site)-.+|\..+\.part")
OURS = (TEMPORARY, NAMELESS)
# Nothing is written for so long, whoever has the number of its process now.
OLD_SECONDS = 24 * 3600
# The clock of files may be that much behind the one that processes are started by.
SLACK_SECONDS = 2


def make_temporary_path(path: Path) -> Path:
    """Return a path in the same folder that no other process or thread uses."""
    return path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")


def make_folder_prefix() -> str:
    """Return what the name of a folder of ours begins with, among those of others."""
    return f"payproof-{os.getpid()}-"


def sweep_leftovers(
    *folders: Path, names: Sequence[re.Pattern[str]] = OURS
) -> list[Path]:
    """Remove what killed processes left in folders; return what is gone.

    What a living process may be writing stays, unless nobody touched it for a day; and
    so does what cannot be removed.

    Args:
        folders: Looked at themselves, not what lies below them; they may be absent.
        names: What a leftover is called; in a folder of others `FOLDERS` alone.
    """
    found = [path for folder in folders for path in list_leftovers(folder, names)]
    for path in found:
        remove(path)
    return found


def list_leftovers(folder: Path, names: Sequence[re.Pattern[str]]) -> Iterator[Path]:
    """Yield what lies in a folder under such a name and is written no more, or old."""
    try:
        there = sorted(folder.iterdir())
    except OSError:
        return
    for path in there:
        found = next(filter(None, (name.fullmatch(path.name) for name in names)), None)
        if found is None:
            continue
        try:
            changed = path.lstat().st_mtime
        except OSError:
            continue  # its owner has finished
        is_old = time.time() - changed > OLD_SECONDS
        owned = bool(found.groups())
        if is_old or (owned and not may_be_writing(int(found[1]), changed)):
            yield path


def may_be_writing(process: int, changed: float) -> bool:
    """Tell whether a process lives and is old enough to have written a file.

    Args:
        process: Its id.
        changed: When the file was changed, in seconds of the epoch.
    """
    if os.name == "nt":  # asking for a process there would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    # In a container every run may have the same id, that of the killed one too.
    started = find_start(process)
    return started is None or changed >= started - SLACK_SECONDS


def find_start(process: int) -> float | None:
    """Find when a process was started, in seconds of the epoch; None where unknown."""
    try:
        # Its name stands in brackets and may hold blanks; field 22 of proc_pid_stat(5).
        facts = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
        ticks = int(facts.rpartition(")")[2].split()[19])
        boot = Path("/proc/stat").read_text("utf-8")
        (booted,) = re.findall(r"^btime (\d+)$", boot, re.MULTILINE)
        return int(booted) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
