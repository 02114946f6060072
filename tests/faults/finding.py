"""Say what a finding is about, and how much memory a process took: for every fuzzer."""

import re
import resource
import traceback
from contextlib import suppress
from pathlib import Path

from pipeline.core.failure_trace import make_printable, summarise_failure

LONGEST = 80  # characters of a message in a name
NUMBER = re.compile(r"\w*\d[\w.,]*")  # and names that hold one, such as digests


def name_fault(error: BaseException, *, words: bool = False) -> str:
    """Name a fault by its kind and the place in our code: the same twice is one.

    Args:
        error: As caught.
        words: Its message belongs to the name, without its numbers: no place in our
            code says which fault it is.
    """
    said = summarise_failure(error)
    first = NUMBER.sub("#", make_printable(str(error)).partition("\n")[0])[:LONGEST]
    return f"{said}: {first}" if words and first else said


def write_trace(error: BaseException) -> str:
    """Write the whole traceback of a fault, as text that UTF-8 holds."""
    return make_printable("".join(traceback.format_exception(error)))


def begin_peak() -> int:
    """Let `measure_peak` begin anew, and return what it counts from, in bytes.

    Else only what goes beyond all inputs before counts. Where the system cannot begin
    anew (other than Linux), it is so.
    """
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return measure_peak()


def measure_peak() -> int:
    """Return the most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
