"""What requests keep to: our User-Agent, pauses, and bounds of size and time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self

from pipeline.core.errors import Refused
from pipeline.core.vocabulary import Vocabulary

PRODUCT = "payproof"
# An e-mail address or an https address, and nothing that could smuggle in a header.
CONTACT = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|https://[\w./-]{4,200}", re.ASCII
)
AGENT = re.compile(rf"{PRODUCT}/[0-9.]{{1,20}}(?: \(\+(?P<contact>[^()]{{1,320}})\))?")
SETTING = "set PAYPROOF_CONTACT to an e-mail address that you read"


@dataclass(frozen=True)
class HostLimits:
    """What one publisher's host asks of its clients.

    Args:
        contact: It turns away clients that name no contact address.
        pause: Seconds between two requests.
    """

    contact: bool
    pause: float


@dataclass(frozen=True)
class RequestLimits:
    """Bounds and courtesies of all requests, from vocabularies and configuration.

    Args:
        contact: E-mail or https address of whoever runs this; "" where none is set.
        size: Most bytes of a body, unpacked.
        timeout: Seconds that a server may be silent.
        duration: Seconds that one body may take.
        tries: Requests before a failing server is given up.
        pause: Seconds between two requests to a host.
        longest_pause: Most seconds that we wait because a server asks for it.
        hops: Most redirects that are followed.
        hosts: Hosts with limits of their own, by name; they hold for subdomains.
    """

    contact: str = ""
    size: int = 1_000_000_000
    timeout: float = 60
    duration: float = 1800
    tries: int = 3
    pause: float = 1
    longest_pause: float = 120
    hops: int = 5
    hosts: Mapping[str, HostLimits] = field(default_factory=dict)

    @classmethod
    def from_vocabulary(
        cls, vocabulary: Vocabulary, environ: Mapping[str, str]
    ) -> Self:
        """Read the limits from limits.csv, hosts.csv and PAYPROOF_CONTACT."""
        number = {
            name: vocabulary.read_number("limits", f"fetch_{name}")
            for name in (
                *("size", "timeout", "duration", "tries"),
                *("pause", "longest_pause", "hops"),
            )
        }
        columns = ("host", "contact", "pause_seconds")
        rows = vocabulary.read_table("hosts", *columns).select(columns).iter_rows()
        return cls(
            contact=environ.get("PAYPROOF_CONTACT", "").strip(),
            size=int(number["size"]),
            timeout=float(number["timeout"]),
            duration=float(number["duration"]),
            tries=int(number["tries"]),
            pause=float(number["pause"]),
            longest_pause=float(number["longest_pause"]),
            hops=int(number["hops"]),
            hosts={
                host: HostLimits(contact == "required", float(Decimal(pause)))
                for host, contact, pause in rows
            },
        )

    def find_host(self, name: str) -> HostLimits:
        """Return the limits of a host, or of the domain that it belongs to."""
        default = HostLimits(contact=False, pause=self.pause)
        return self.hosts.get(self.find_domain(name), default)

    def find_domain(self, name: str) -> str:
        """Return the domain of hosts.csv that a host belongs to; else the host."""
        found = (d for d in self.hosts if name == d or name.endswith(f".{d}"))
        return next(found, name)


def make_user_agent(contact: str, version: str = "0.1.0") -> str:
    """Make the User-Agent: who we are, and where a publisher can complain.

    >>> make_user_agent("pay@example.org")
    'payproof/0.1.0 (+pay@example.org)'

    Raises:
        Refused: The contact is neither an e-mail nor an https address.
    """
    if contact and not CONTACT.fullmatch(contact):
        why = f"{contact[:80]!r} is no contact address: {SETTING}"
        raise Refused("payproof", "every page", 0, why)
    return f"{PRODUCT}/{version}" + (f" (+{contact})" if contact else "")


def check_user_agent(source: str, url: str, agent: str, *, needs_contact: bool) -> None:
    """Refuse to ask under another name, or without a contact where one is required.

    Raises:
        Refused: The agent is not ours (a browser's, a library's), or has no contact
            where the host requires one.
    """
    ours = AGENT.fullmatch(agent)
    if not ours:
        why = f"User-Agent {agent[:60]!r} is not an honest one: it must be Payproof's"
        raise Refused(source, url, 0, why)
    if needs_contact and not CONTACT.fullmatch(ours["contact"] or ""):
        why = f"the publisher wants to know whom to ask: {SETTING}"
        raise Refused(source, url, 0, why)


def compute_wait(now: float, last: float | None, pause: float) -> float:
    """Compute the seconds to wait so that two requests are `pause` apart.

    >>> compute_wait(now=10.0, last=9.5, pause=2)
    1.5
    >>> compute_wait(now=10.0, last=None, pause=2)
    0.0
    """
    return 0.0 if last is None else max(0.0, last + pause - now)


def parse_retry_after(header: str, seconds_now: float) -> float | None:
    """Parse the seconds that a server asks us to stay away; None where it does not say.

    Layout: RFC 9110, 10.2.3.

    Args:
        header: `Retry-After`: seconds, or an HTTP date.
        seconds_now: Seconds since 1970, to count from a date.
    """
    from email.utils import parsedate_to_datetime

    text = header.strip()
    if re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return float(text)
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, moment - seconds_now)
