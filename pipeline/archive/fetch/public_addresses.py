"""Tell addresses of the public network from all others, in every spelling.

A publisher's name, or a redirect of its server, must never lead a request into the
network that this machine stands in: to its other services, its neighbours, or the
metadata service of a cloud.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

HostResolver = Callable[[str], Sequence[str]]

# Of IPv6 only this range is given out to networks (RFC 4291, 2.4): outside of it lie
# `::1`, IPv4-compatible and unique local addresses, link and site, multicast.
GIVEN_OUT = IPv6Network("2000::/3")
# The prefix under which a resolver of an IPv6-only network wraps IPv4 addresses (RFC
# 6052). 64:ff9b:1::/48 (RFC 8215) is for such gateways within a network: refused.
NAT64 = IPv6Network("64:ff9b::/96")
# What IANA keeps for protocols (RFC 2928, RFC 6890), among it Teredo, which leads to an
# IPv4 address of the sender's choice (RFC 4380); relays of 6to4 (RFC 7526).
KEPT_FOR_PROTOCOLS = tuple(
    map(ip_network, ("2001::/23", "192.0.0.0/24", "192.88.99.0/24"))
)


class NotPublic(Exception):
    """Raised for a host whose addresses are not all public."""


class NoAddress(Exception):
    """Raised for a host whose name this machine's resolver does not know."""


def resolve_host(host: str) -> list[str]:
    """Return the addresses of a host by this machine's resolver; none it does not know.

    In the resolver's order, each once: the first is the one to try first. The resolver
    also reads the odd spellings of an address (`0x7f.1`, `2130706433`) as the network
    would.
    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return []
    # An IPv6 address may name an interface: `fe80::1%eth0`.
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def find_public_addresses(host: str, look_up: HostResolver) -> Sequence[str]:
    """Return all addresses of a host, to be tried in this order.

    Args:
        host: Name or address, in any spelling.
        look_up: Gives a host's addresses.

    Raises:
        NoAddress: It has none.
        NotPublic: One of them is not public: that is enough to stay away.
    """
    if host.rstrip(".").lower() == "localhost":
        raise NotPublic("localhost is this machine")
    found = [host] if is_literal(host) else look_up(host)
    if not found:
        raise NoAddress(f"the name {host[:99]!r} has no address (DNS)")
    for address in found:
        if not is_public_address(address):
            raise NotPublic(f"{host[:99]!r} is {address}, which is not public")
    return found


def is_public(host: str, look_up: HostResolver) -> bool:
    """Whether every address of a host lies in the public network.

    A host without an address passes: the request itself will say so.
    """
    try:
        find_public_addresses(host, look_up)
    except NotPublic:
        return False
    except NoAddress:
        return bool(host)
    return True


def is_literal(host: str) -> bool:
    """Whether a host is an address as the standards write it."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public_address(text: str) -> bool:
    """Whether an address is public, seen through IPv6's wrappings of IPv4.

    >>> is_public_address("8.8.8.8"), is_public_address("64:ff9b::7f00:1")
    (True, False)

    Raises:
        ValueError: It is no address.
    """
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        wrapped = unwrap(address)
        if wrapped is not None and not is_public_address(str(wrapped)):
            return False
        if address.ipv4_mapped is not None or address in NAT64:
            return True
        if address not in GIVEN_OUT:
            return False
    if any(address in network for network in KEPT_FOR_PROTOCOLS):
        return False
    # 6to4 is not `is_global` everywhere, and what it wraps has been looked at.
    reachable = address.is_global or getattr(address, "sixtofour", None) is not None
    return reachable and not address.is_multicast


def unwrap(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a gateway would make of an IPv6 address, if any."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
