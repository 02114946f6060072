"""Keep a failure to the file that it came from, with a trace that names no machine.

A release is a function of files, and its manifest holds the traces of files that could
not be read. So a trace has the frames of this project by file and line, those of
libraries by name alone, and no addresses, folders or memory places.
"""

import os
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from pipeline.core.disk import FULL, make_full_disk_error
from pipeline.core.errors import Damaged, PayproofError, ReadingFailed
from pipeline.core.running_code import find_code

# What a panic of native code is called; it is no Exception, and each library has its
# own of that name.
PANIC = "PanicException"
PLACE = re.compile(r"0x[0-9a-fA-F]{4,16}")
# `/home/me/x/y.csv`; its last part stays.
FOLDERS = re.compile(
    r"(?<![\w/])(?:[A-Za-z]:)?(?:[/\\][^\s/\\'\":;,()]{1,255}){1,64}[/\\]"
)
MOST_CHARACTERS, MOST_FRAMES, MOST_CAUSES = 200, 40, 5
LIBRARIES = re.compile(r"(?:site-packages|dist-packages|python3\.\d{1,2})[/\\]")


@contextmanager
def contain_failures(where: str) -> Iterator[None]:
    """Turn whatever fails within the block into an error about one file or source.

    Args:
        where: The file or source, for the message.

    Raises:
        PayproofError: As it came, or made of what failed.
    """
    try:
        yield
    except PayproofError:
        raise
    except BaseException as error:
        # Interrupts, exits and an orchestrator's signals are none of a file's.
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise
        raise explain_failure(where, error) from error


def explain_failure(where: str, error: BaseException) -> PayproofError:
    """Return the error, for a person, that a failure about one file is."""
    if isinstance(error, MemoryError):
        remedy = "Give it more memory, or move the file away; nothing was changed."
        return Damaged(where, "there is not enough memory to read it", remedy)
    if isinstance(error, OSError) and error.errno in FULL:
        return make_full_disk_error(Path(error.filename or gettempdir()), 0)
    if isinstance(error, OSError) and error.strerror:
        remedy = "Look at the disk, or bring the file back; nothing was changed."
        return Damaged(where, f"it cannot be read ({error.strerror})", remedy)
    return ReadingFailed(where, summarise_failure(error), format_trace(error))


def summarise_failure(error: BaseException) -> str:
    """Return the kind of a failure, and the place in our code that it came from."""
    own = [frame for frame in list_frames(error) if _find_own(frame)]
    kind = type(error).__name__
    return f"{kind} at {_find_own(own[-1])}:{own[-1].lineno}" if own else kind


def format_trace(error: BaseException) -> str:
    """Return the frames of a failure and of its causes, the outermost frame first.

    Returns:
        Lines: `KeyError: '-b'`, then a line `  pipeline/x.py:213 in f` for each frame.
    """
    lines: list[str] = []
    seen: BaseException | None = error
    for _ in range(MOST_CAUSES):
        if seen is None:
            break
        lines.append(f"{type(seen).__name__}: {shorten_message(str(seen))}")
        frames = list_frames(seen)
        # Of a recursion without end the beginning and the end say enough.
        half = MOST_FRAMES // 2
        cut = len(frames) > MOST_FRAMES
        shown = [*frames[:half], *frames[-half:]] if cut else frames
        lines += [f"  {_describe_frame(frame)}" for frame in shown]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines)


def list_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Return the frames of a failure, the outermost first, without those of here."""
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if frame.filename != __file__]


def shorten_message(text: str) -> str:
    """Return the first line of a message, without memory places and folders."""
    first = (text.splitlines() or [""])[0][:MOST_CHARACTERS]
    return FOLDERS.sub("", PLACE.sub("0x…", make_printable(first)))


def make_printable(text: str) -> str:
    r"""Return a text without what UTF-8 has not: halves of pairs, undecodable names.

    >>> make_printable("raw/\udcff")
    'raw/\\udcff'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def _describe_frame(frame: traceback.FrameSummary) -> str:
    """Describe a frame: ours by file and line, another by its library alone."""
    own = _find_own(frame)
    if own:
        return f"{own}:{frame.lineno} in {frame.name}"
    # Lines of libraries and of Python differ between versions that read the same.
    library = LIBRARIES.split(frame.filename)[-1]
    name = library if library != frame.filename else Path(frame.filename).name
    return f"{name.replace(os.sep, '/')} in {frame.name}"


def _find_own(frame: traceback.FrameSummary) -> str:
    """Return a frame's file as from the code's folder; "" where it is not of ours."""
    path, root = Path(frame.filename), find_code()
    # An environment may lie inside of the checkout, beside these folders.
    own = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
    return own if own.startswith(("pipeline/", "schemas/", "flows/")) else ""
