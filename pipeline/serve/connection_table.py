"""Count the connections of the server, and choose which one makes room for another.

Whoever holds connections without asking anything must not keep readers out: where there
are as many as the server holds, the one that has kept it waiting for longest is closed.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol, Self

from pipeline.core.vocabulary import Vocabulary


@dataclass(frozen=True)
class ConnectionBounds:
    """What connections may take, of `server_…` in limits.csv.

    Args:
        head_bytes: Of the line and the headers of one request.
        head_seconds: From the first byte of a request to the end of its headers.
        silence_seconds: Between two pieces of a body.
        body_seconds: From the headers to the end of the body.
        idle_seconds: From an answer to the next request.
        unread_seconds: In which a client takes nothing of its answer.
        connections: Of all clients.
        connections_address: Of one client.
        spare_descriptors: Kept free of connections.
    """

    head_bytes: int
    head_seconds: float
    silence_seconds: float
    body_seconds: float
    idle_seconds: float
    unread_seconds: float
    connections: int
    connections_address: int
    spare_descriptors: int

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> Self:
        """Read the bounds from limits.csv."""
        return cls(
            **{
                name: int(vocabulary.read_number("limits", f"server_{name}"))
                for name in cls.__dataclass_fields__
            }
        )


class HeldConnection(Protocol):
    """What the table asks of a connection."""

    client_name: str

    def drop(self) -> None:
        """Close it now, without a word."""

    def check_time(self) -> None:
        """Close it where its time is over."""


@dataclass
class ConnectionTable:
    """The connections that a server holds, by what they wait for.

    Args:
        most: Connections of all clients.
        most_of_client: Connections of one client.
        is_swept: Their times are looked at.
    """

    most: int
    most_of_client: int
    is_swept: bool = False
    _by_client: Counter[str] = field(default_factory=Counter)
    _held: dict[HeldConnection, None] = field(default_factory=dict)
    # In the order in which they began to wait: a dict keeps it.
    _waiting: dict[HeldConnection, None] = field(default_factory=dict)
    _sending: dict[HeldConnection, None] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of connections."""
        return len(self._held)

    def admit(self, connection: HeldConnection) -> bool:
        """Take a connection in, closing another one where there is no room.

        Closed is the oldest of those that ask nothing: between two requests, or with a
        request that is half sent; then one whose body is on its way. One that waits for
        its answer never.

        Returns:
            Whether there is room: not where all others wait for answers.
        """
        client = connection.client_name
        if self._by_client[client] >= self.most_of_client:
            room = self._drop_oldest(client)
        else:
            room = len(self._held) < self.most or self._drop_oldest(None)
        self._held[connection] = None
        self._by_client[client] += 1
        return room

    def forget(self, connection: HeldConnection) -> None:
        """Take a connection out; one that is out already stays so."""
        self.serve(connection)
        if connection in self._held:
            del self._held[connection]
            self._by_client[connection.client_name] -= 1
            if not self._by_client[connection.client_name]:
                del self._by_client[connection.client_name]

    def wait_for(self, connection: HeldConnection, *, body: bool = False) -> None:
        """Note that a connection keeps us waiting from now on."""
        self.serve(connection)
        (self._sending if body else self._waiting)[connection] = None

    def serve(self, connection: HeldConnection) -> None:
        """Note that a connection waits for us."""
        self._waiting.pop(connection, None)
        self._sending.pop(connection, None)

    def check_times(self) -> None:
        """Close every connection whose time is over."""
        for connection in list(self._held):
            connection.check_time()

    def _drop_oldest(self, client: str | None) -> bool:
        """Close the oldest one that keeps us waiting; of a client, or of any."""
        for order in (self._waiting, self._sending):
            for connection in order:
                if client is None or connection.client_name == client:
                    self.forget(connection)
                    connection.drop()
                    return True
        return False


def count_connections(bounds: ConnectionBounds) -> int:
    """Return how many connections this process can hold, raising its own limit to it.

    What is open beside them, databases and bodies of forms, needs descriptors as well.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return bounds.connections
    wanted = bounds.connections + bounds.spare_descriptors
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    if soft != endless and soft < wanted:
        raised = wanted if hard == endless else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, raised), hard))
        wanted = max(soft, raised)
    return max(1, min(bounds.connections, wanted - bounds.spare_descriptors))
