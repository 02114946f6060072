"""Name the client that a connection is counted for."""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

# A network of IPv6 gives its smallest customer this much: counting single addresses
# would count nothing.
CUSTOMER_BITS = 64


@lru_cache(maxsize=4096)
def name_client(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or a /64 of IPv6.

    Args:
        address: Of the other end of a connection; "" or a name stays what it is.

    >>> name_client("2001:db8::1") == name_client("2001:db8::ffff")
    True
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((int(found), CUSTOMER_BITS), strict=False))
    return str(found)
