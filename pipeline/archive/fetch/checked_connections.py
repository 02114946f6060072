"""Connect only to addresses that were checked: a name is resolved once a connection.

Were a name checked first and resolved again to connect, whoever keeps its DNS could
answer with a public address to the check and a private one to the connection. The
host's name stays what the request and the certificate are about.
"""

import socket
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from pipeline.archive.fetch.public_addresses import (
    HostResolver,
    find_public_addresses,
    resolve_host,
)


class CheckedConnection(HTTPConnection):
    """A connection to the first address of a host that answers, all being public."""

    look_up: HostResolver = staticmethod(resolve_host)

    def _new_conn(self) -> socket.socket:
        """Connect; urllib3's own place for it, as its connections by SOCKS use it.

        Raises:
            NotPublic: The host has an address that is not public.
            NoAddress: It has none.
            HTTPError: None of them answers.
        """
        name = self._dns_host
        addresses = find_public_addresses(name, self.look_up)
        failed: HTTPError | None = None
        for address in addresses:
            # Only for the moment of connecting: `host` is read from here as well.
            self._dns_host = address
            try:
                return super()._new_conn()
            except HTTPError as error:
                failed = failed or error
            finally:
                self._dns_host = name
        assert failed is not None  # there was an address
        raise failed


class CheckedHttpsConnection(CheckedConnection, HTTPSConnection):
    """The same under TLS: the certificate is held against the name."""


class CheckedPool(HTTPConnectionPool):
    """Connections to one host over http, resolved by `look_up`."""

    ConnectionCls = CheckedConnection

    def __init__(self, look_up: HostResolver, *args: Any, **more: Any) -> None:
        """Keep what resolves names; the rest is urllib3's."""
        super().__init__(*args, **more)
        self.look_up = look_up

    def _new_conn(self) -> Any:
        made = super()._new_conn()
        made.look_up = self.look_up  # type: ignore[attr-defined]
        return made


class CheckedHttpsPool(CheckedPool, HTTPSConnectionPool):
    """Connections to one host over https."""

    ConnectionCls = CheckedHttpsConnection


class CheckedAdapter(HTTPAdapter):
    """The transport of a session whose every connection is checked.

    A proxy that the machine's settings name resolves names itself: a request through
    one is checked before it is sent where it is a redirect, and not at the connection.

    Args:
        look_up: Gives a host's addresses.
    """

    def __init__(self, look_up: HostResolver) -> None:
        """Open no connection yet."""
        self.look_up = look_up
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """Make the pools of requests, of connections that are checked."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(CheckedPool, self.look_up),
            "https": partial(CheckedHttpsPool, self.look_up),
        }


def check_connections(session: Any, look_up: HostResolver) -> None:
    """Make a session connect to checked addresses alone.

    A transport of a caller's own, such as the one of a test that plays a publisher,
    stays what it is.

    Args:
        session: Of requests.
        look_up: Gives a host's addresses.
    """
    for prefix, adapter in list(session.adapters.items()):
        if type(adapter) is HTTPAdapter:
            session.mount(prefix, CheckedAdapter(look_up))
