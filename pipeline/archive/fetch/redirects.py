"""Follow a redirect where it may lead: to https, never into a private network."""

from urllib.parse import urljoin, urlsplit

from pipeline.archive.fetch.public_addresses import HostResolver, is_public
from pipeline.archive.public_url import public_url
from pipeline.core.errors import Refused

MAX_CHARACTERS = 4000  # of an address; browsers and servers give up near there


def follow_redirect(
    source: str, asked: str, url: str, location: str, look_up: HostResolver
) -> str:
    """Return the address that a redirect leads to.

    Args:
        source: Id, for the message.
        asked: The address that was asked for first.
        url: The one that answered with the redirect.
        location: Its `Location`, whole or relative.
        look_up: Gives a host's addresses.

    Raises:
        Refused: It leads to no address at all, to one without end, to another scheme
            than https, or from one host to a private one.
    """
    if len(location) > MAX_CHARACTERS:
        why = f"it leads to an address of {len(location):,} characters"
        raise Refused(source, public_url(asked), 302, why)
    try:
        target = urljoin(url, location)
        after = urlsplit(target)
        host, _port = after.hostname or "", after.port
    except ValueError as error:  # `https://[::1`, a port of six digits
        why = f"it leads to {public_url(location)[:120]!r}, which is no address"
        raise Refused(source, public_url(asked), 302, why) from error
    before = urlsplit(asked)
    # A redirect within the host is no way into another network.
    outside = host == before.hostname or is_public(host, look_up)
    if not outside or after.scheme not in ("https", before.scheme):
        why = f"it leads to {public_url(target)[:120]}"
        raise Refused(source, public_url(asked), 302, why)
    return target
