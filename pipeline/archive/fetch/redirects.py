"""Check where a redirect leads: to https, never into a private network."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from pipeline.archive.card import public_url
from pipeline.core.errors import Refused

HostResolver = Callable[[str], Sequence[str]]


def resolve_host(host: str) -> list[str]:
    """Return the addresses of a host by this machine's resolver; none it does not know.

    The resolver also reads the odd spellings of an address (`0x7f.1`, `2130706433`)
    as the network would.
    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return []
    # An IPv6 address may name an interface: `fe80::1%eth0`.
    return sorted({str(entry[4][0]).partition("%")[0] for entry in found})


def check_redirect(source: str, asked: str, url: str, look_up: HostResolver) -> None:
    """Refuse a redirect away from https, or to an address that is not public.

    Args:
        source: Id, for the message.
        asked: The address that was asked for.
        url: Where it leads.
        look_up: Gives a host's addresses.

    Raises:
        Refused: It leads to another scheme, or from one host to a private one.
    """
    before, after = urlsplit(asked), urlsplit(url)
    try:
        host = after.hostname or ""
    except ValueError:  # `http://[::1` is no address
        host = ""
    # A redirect within the host is no way into another network.
    outside = host == before.hostname or is_public(host, look_up)
    if not outside or after.scheme not in ("https", before.scheme):
        why = f"it leads to {public_url(url)[:120]}"
        raise Refused(source, public_url(asked), 302, why)


def is_public(host: str, look_up: HostResolver) -> bool:
    """Whether every address of a host lies in the public network.

    One private address is enough to stay away. A host without an address passes: the
    request itself will fail.
    """
    if host in ("", "localhost"):
        return False
    try:
        return _is_global(host)
    except ValueError:
        return all(map(_is_global, look_up(host)))


def _is_global(address: str) -> bool:
    """Whether a literal address is public, seen through IPv6's wrappings of IPv4."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return inner.is_global
    return found.is_global and not found.is_multicast
