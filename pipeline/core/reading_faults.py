"""Keep a fault of the reader to the figure that it struck, and say that there was one.

A fault is an exception that nobody meant to raise: a mistake of ours that one odd
figure brings out. What struck one figure sets that figure aside; the page goes on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.core.errors import PayproofError
from pipeline.core.failure_trace import (
    format_trace,
    shorten_message,
    summarise_failure,
)

# Of one page; a page that is made to fail has thousands, each with its traceback.
MOST_FAULTS = 20
LONGEST_QUOTE = 60  # characters of the page in a message
SET_ASIDE = "reading_failed"  # the reason of a figure that a fault struck


@dataclass(frozen=True)
class ReadingFault:
    """One fault: what was read, the exception with its place, and the traceback."""

    what: str
    said: str
    trace: str

    def __str__(self) -> str:
        return (
            f"{self.what} could not be read, by a fault of Payproof ({self.said}). It "
            f"is set aside; the rest of the page was read. Report it with the page."
        )


# A context variable and not a global: the server reads in several threads.
_AT_HAND: ContextVar[list[ReadingFault] | None] = ContextVar("faults", default=None)


@contextmanager
def collect_faults() -> Iterator[list[ReadingFault]]:
    """Collect the faults of all reading within the block, in this thread.

    Blocks may be nested; the outer one gets the faults of the inner one too.
    """
    found: list[ReadingFault] = []
    outer = _AT_HAND.get()
    before = _AT_HAND.set(found)
    try:
        yield found
    finally:
        _AT_HAND.reset(before)
        if outer is not None:
            outer += found[: MOST_FAULTS - len(outer)]


def report_fault(what: str, error: Exception) -> None:
    """Report a fault to the block that collects them; called where it is caught.

    Args:
        what: That was being read, such as `the figure "$52,600"`.
        error: As caught.

    Raises:
        PayproofError: The error itself, where it is meant for a person.
        MemoryError: Likewise: it is about the machine and not about a figure.
    """
    if isinstance(error, (PayproofError, MemoryError)):
        raise error
    found = _AT_HAND.get()
    if found is not None and len(found) < MOST_FAULTS:
        found.append(ReadingFault(what, describe_fault(error), format_trace(error)))


def describe_fault(error: Exception) -> str:
    """Describe an exception: its kind, where it was raised, its first words."""
    words = shorten_message(str(error))[:LONGEST_QUOTE]
    return f"{summarise_failure(error)}: {words}"


def describe_figure(text: str, start: int, end: int) -> str:
    """Describe a figure for the message of a fault, by its characters and its place."""
    return f'the figure "{text[start:end][:LONGEST_QUOTE]}" at character {start:,}'
