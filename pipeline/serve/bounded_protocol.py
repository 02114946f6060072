"""HTTP as uvicorn speaks it, within bounds of time and size for every request.

uvicorn's own clock starts after a first whole request, and its parser in C knows no
bound: a client that sends half a header held a connection for ever, and one header of
32 MB was taken. Here each connection is in one state, each state has its time, and
whoever is turned away is told why where it can be told.
"""

import asyncio
from enum import Enum
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from pipeline.serve.client_groups import name_client
from pipeline.serve.connection_table import ConnectionBounds, ConnectionTable
from pipeline.serve.problem_details import MEDIA, write_problem_body

SWEEP_SECONDS = 1.0  # between two looks at the times of all connections
PIECE = 16_384  # bytes that are parsed between two looks at their sizes
# Requests that are sent before an answer is awaited, which no client does any more.
MAX_PIPELINED = 32
LINGER_SECONDS = 3.0  # in which a refused client may read why
LATE = "The request did not come in time; send it again."


class Awaiting(Enum):
    """What a connection waits for."""

    HEAD = "the rest of a request's headers"
    BODY = "the rest of a request's body"
    ANSWER = "us"
    NEXT = "the next request"
    LEAVE = "the client to read why it was refused"


class BoundedProtocol(HttpToolsProtocol):
    """One connection.

    Args:
        bounds: Of time and size.
        table: All connections of the server.
        more: Of uvicorn.
    """

    def __init__(
        self, *, bounds: ConnectionBounds, table: ConnectionTable, **more: Any
    ) -> None:
        """Keep the bounds; nothing is connected yet."""
        super().__init__(**more)
        self.bounds, self.table = bounds, table
        self.client_name = ""
        self.awaiting, self.since, self.last_piece = Awaiting.HEAD, 0.0, 0.0
        self.in_head, self.in_body = False, False
        # Bytes since something whole was parsed, and whether there was anything now.
        self.loose, self.parsed = 0, False
        # Bytes of answers that the client had not taken, and since when so many.
        self.unread, self.unread_since = 0, 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection in, or refuse it where all others wait for answers."""
        super().connection_made(transport)
        self.client_name = name_client(self.client[0] if self.client else "")
        room = self.table.admit(self)
        if not self.table.is_swept:
            self.table.is_swept = True
            self.loop.call_later(SWEEP_SECONDS, sweep, self.loop, self.table)
        self._await(Awaiting.HEAD)
        if not room:
            self._refuse(503, "Too many connections.", b"retry-after: 2\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """Give its place back."""
        self.table.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, piece by piece, within the size of a head."""
        if self.awaiting is Awaiting.LEAVE:
            return  # read, lest the refusal be lost with the connection; not kept
        if self.awaiting is Awaiting.NEXT:
            self._await(Awaiting.HEAD)
        self.last_piece = self.loop.time()
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            before, self.parsed = self.loose, False
            super().data_received(piece)
            if self.transport.is_closing():
                return
            going_on = (self.in_head or self.in_body) and not self.parsed
            self.loose = before + len(piece) if going_on else 0
            if self.loose > self.bounds.head_bytes:
                self._refuse_head()
                return
            if len(self.pipeline) > MAX_PIPELINED:
                self.drop()
                return

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self.in_head, self.parsed = True, True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; not one that follows a body in chunks, which nobody reads."""
        if self.in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request; from here on it is its body that is awaited."""
        self.in_head, self.in_body, self.parsed = False, True, True
        if self.awaiting is Awaiting.HEAD:
            self._await(Awaiting.BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand on a piece of a body."""
        self.parsed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Know that nothing more of the request comes."""
        super().on_message_complete()
        self.in_body = False
        # After an early answer (413) the rest of the body was let pass.
        done = self.cycle is None or self.cycle.response_complete
        self._await(Awaiting.NEXT if done else Awaiting.ANSWER)

    def on_response_complete(self) -> None:
        """Await what comes next: another request, or the rest of one."""
        super().on_response_complete()
        if self.awaiting is Awaiting.LEAVE:
            return
        if self.in_body:
            self._await(Awaiting.BODY)
        elif self.cycle is not None and not self.cycle.response_complete:
            self._await(Awaiting.ANSWER)  # of the next request, which was there already
        else:
            self._await(Awaiting.HEAD if self.in_head else Awaiting.NEXT)

    def check_time(self) -> None:
        """Close the connection where the time of its state is over."""
        now, bounds = self.loop.time(), self.bounds
        waited, silent = now - self.since, now - self.last_piece
        if self._is_unread(now) or self.transport.is_closing():
            return
        match self.awaiting:
            case Awaiting.HEAD if waited > bounds.head_seconds:
                # Nothing was asked: a browser opens connections in advance.
                if self.in_head:
                    self._refuse(408, LATE)
                else:
                    self.drop()
            case Awaiting.BODY if waited > bounds.body_seconds:
                self._refuse(408, LATE)
            # Where the application does not read, the client cannot send.
            case Awaiting.BODY if (
                silent > bounds.silence_seconds and not self.flow.read_paused
            ):
                self._refuse(408, LATE)
            case Awaiting.NEXT if waited > bounds.idle_seconds:
                self.drop()
            case Awaiting.LEAVE if waited > LINGER_SECONDS:
                self.drop()

    def drop(self) -> None:
        """Close the connection now, without a word; what is unsent is lost."""
        self.table.forget(self)
        self.transport.abort()

    def _is_unread(self, now: float) -> bool:
        """Tell whether there is more of an answer to take; drop who has stopped to."""
        unread = self.transport.get_write_buffer_size()
        if unread != self.unread:
            self.unread, self.unread_since = unread, now
        if unread and now - self.unread_since > self.bounds.unread_seconds:
            self.drop()
        return unread > 0

    def _await(self, what: Awaiting) -> None:
        """Enter a state, from now."""
        self.awaiting, self.since = what, self.loop.time()
        if what is Awaiting.ANSWER:
            self.table.serve(self)
        else:
            self.table.wait_for(self, body=what is Awaiting.BODY)

    def _refuse_head(self) -> None:
        """Refuse a head without end: its address, or its headers."""
        most = f"{self.bounds.head_bytes:,} bytes"
        if self.headers:
            self._refuse(431, f"The headers of a request have at most {most}.")
        else:
            self._refuse(414, f"The address of a request has at most {most}.")

    def _refuse(self, status: int, detail: str, more: bytes = b"") -> None:
        """Say why and close; the client has a moment to read it.

        What the client has sent is read on meanwhile: were the connection closed over
        it, the client's system would throw our words away.
        """
        if self._is_answering():
            self.drop()
            return
        body = write_problem_body(status, detail)
        head = [STATUS_LINE[status]]
        for name, text in self.server_state.default_headers:
            head += [name, b": ", text, b"\r\n"]
        head += [
            f"content-type: {MEDIA}\r\ncontent-length: {len(body)}\r\n".encode(),
            *(more, b"cache-control: no-store\r\nconnection: close\r\n\r\n", body),
        ]
        self.transport.write(b"".join(head))
        if self.in_body:
            # Whoever reads the body is told that no more of it comes.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._unset_keepalive_if_required()
        self._await(Awaiting.LEAVE)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _is_answering(self) -> bool:
        """Whether an answer has begun or is due, so that ours would fall into it."""
        if self.cycle is None:
            return False
        if self.in_body:
            return self.cycle.response_started or bool(self.pipeline)
        return not self.cycle.response_complete


def sweep(loop: asyncio.AbstractEventLoop, table: ConnectionTable) -> None:
    """Look at the times of all connections, again and again while there is one."""
    table.check_times()
    table.is_swept = len(table) > 0
    if table.is_swept:
        loop.call_later(SWEEP_SECONDS, sweep, loop, table)
