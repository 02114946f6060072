"""Bounds how much work is done at once, and how many bodies are held for it.

Work that takes a processor runs in threads beside the loop that answers readers. Each
thread that is busy holds that loop up, and each request that waits holds its body: a
few wait, and whoever comes after them is asked to come again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, Self, TypeVar

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from pipeline.core.vocabulary import Vocabulary
from pipeline.serve.problem_details import Problem

P = ParamSpec("P")
T = TypeVar("T")
REST_SECONDS = 0.2  # between two pieces of work at most
AGAIN = {"Retry-After": "2"}  # seconds
# Two that draw are no faster than one, for they share an interpreter; each that works
# makes the loop that answers readers wait longer for its turn.
CHECKS_AT_ONCE, DRAWS_AT_ONCE = 1, 1


class WorkQueue:
    """Work of one kind: so much at once, so much waiting, the rest is refused.

    Args:
        at_once: Calls that run beside each other.
        waiting: Calls that wait for their turn.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        """Begin with nothing to do."""
        self._turns = asyncio.Semaphore(at_once)
        self._most, self._taken = at_once + waiting, 0

    async def run(
        self, work: Callable[P, T], *arguments: P.args, **more: P.kwargs
    ) -> T:
        """Do some work in a thread, when its turn comes.

        Raises:
            Problem: Too much waits already (503, with Retry-After).
        """
        self.check_room()
        self._taken += 1
        try:
            await self._turns.acquire()
            clock = asyncio.get_running_loop()
            started = clock.time()
            try:
                return await run_in_threadpool(work, *arguments, **more)
            finally:
                self._rest(clock, clock.time() - started)
        finally:
            self._taken -= 1

    def _rest(self, clock: asyncio.AbstractEventLoop, worked: float) -> None:
        """Give the turn on; where others wait for it, after as long as it was taken.

        In between the loop has the interpreter for itself and answers all readers that
        have come meanwhile: while a thread works, each step of theirs waits for it.
        """
        if self._taken > 1:
            clock.call_later(min(worked, REST_SECONDS), self._turns.release)
        else:
            self._turns.release()

    def check_room(self) -> None:
        """Refuse where there is no place to wait; before a body is read, too.

        Raises:
            Problem: Too much waits already (503, with Retry-After).
        """
        if self._taken >= self._most:
            raise Problem(503, "The server is busy; send it again.", AGAIN)


class ServerWork:
    """The work of one server.

    Args:
        checks_waiting: Checks and previews that wait while one is at work.
        draws_waiting: Pages and long lists that wait while others are drawn.
        bodies_bytes: Bytes of all bodies that are held at a time.
    """

    def __init__(
        self, checks_waiting: int, draws_waiting: int, bodies_bytes: int
    ) -> None:
        """Begin with nothing to do."""
        self.checks = WorkQueue(CHECKS_AT_ONCE, checks_waiting)
        self.draws = WorkQueue(DRAWS_AT_ONCE, draws_waiting)
        self._free = bodies_bytes

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> Self:
        """Read the bounds from limits.csv."""
        names = ("checks_waiting", "draws_waiting", "bodies_bytes")
        return cls(
            *(int(vocabulary.read_number("limits", f"server_{n}")) for n in names)
        )

    @asynccontextmanager
    async def hold_body(self, request: Request, limit: int) -> AsyncIterator[bytes]:
        """Read the body of a request and hold it, no further than the limit in bytes.

        Raises:
            Problem: It is empty (400), longer (413), did not come whole (408), or too
                many others are held (503).
        """
        told = request.headers.get("content-length", "")
        # Not more than eighteen digits: the parser has taken any number of them.
        if told.isdecimal() and (len(told) > 18 or int(told) > limit):
            raise Problem(413, f"More than {limit:,} bytes.")
        parts: list[bytes] = []
        held = 0
        try:
            # Counted as it comes: a body in chunks has no Content-Length.
            async for part in request.stream():
                held += len(part)
                self._free -= len(part)
                if held > limit:
                    raise Problem(413, f"More than {limit:,} bytes.")
                if self._free < 0:
                    raise Problem(503, "The server is busy; send it again.", AGAIN)
                parts.append(part)
            if not held:
                raise Problem(400, "The body is empty; send a page.")
            body = b"".join(parts)
            parts.clear()
            yield body
        except ClientDisconnect as error:
            # Nobody is there to read it; without it the log had a traceback.
            raise Problem(408, "The body did not come whole.") from error
        finally:
            self._free += held
