"""Keeps the sessions of those who may write: a token opens one, and it signs its forms.

Sessions live in memory: a restart ends them all.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.vocabulary import Vocabulary
from pipeline.serve.problem_details import Problem

COOKIE = "payproof"
FORM_FIELD = "form"


@dataclass
class Session:
    """The session of one person's browser.

    Args:
        key: Secret that its forms are signed with; never sent.
        until: Monotonic second at which it ends.
        author: Author of the last ruling in it; "" before the first.
    """

    key: bytes
    until: float
    author: str = ""

    def sign(self, *words: str) -> str:
        """Return a signature over words that nobody without the key can make.

        Returns:
            HMAC-SHA256, 64 hex digits.
        """
        # With a separator between them: "ab", "c" and "a", "bc" are not the same.
        text = "\x1f".join(words).encode()
        return hmac.new(self.key, text, hashlib.sha256).hexdigest()

    def has_signed(self, given: str, *words: str) -> bool:
        """Return whether a signature was made by this session, over these words."""
        # In constant time; as bytes, since text beyond ASCII is refused with an error.
        return hmac.compare_digest(self.sign(*words).encode(), given.encode())


@dataclass
class SessionStore:
    """The open sessions of a server that may write.

    Args:
        token: What opens one.
        seconds: How long one lasts.
        most: How many there are; the oldest goes.
        tries: Tokens that one address may try in a minute.
        writes: Forms that one session may send in a minute.
    """

    token: str
    seconds: float
    most: int
    tries: int
    writes: int
    _open: dict[str, Session] = field(default_factory=dict)
    _window: FixedWindowRateLimiter = field(
        default_factory=lambda: FixedWindowRateLimiter(MemoryStorage())
    )

    @classmethod
    def from_limits(cls, token: str, vocabulary: Vocabulary) -> "SessionStore":
        """Make a store with the bounds of vocabularies/limits.csv."""
        limit = partial(vocabulary.read_number, "limits")
        return cls(
            token,
            seconds=3600 * float(limit("session_hours")),
            most=int(limit("sessions")),
            tries=int(limit("token_tries")),
            writes=int(limit("session_writes")),
        )

    def open_session(self, request: Request, given: str, answer: Response) -> bool:
        """Open a session where the token is right, and put its cookie on the answer.

        Args:
            request: Whose address is counted.
            given: The token that was entered.
            answer: Gets the cookie.

        Returns:
            Whether the token was right.

        Raises:
            Problem: The address tried too many in a minute (429).
        """
        # Counted before it is compared: beyond the tries the right one is refused, too,
        # so that guessing on brings nothing.
        client = request.client.host if request.client else ""
        self.count_attempt(self.tries, f"try:{client}")
        if not hmac.compare_digest(self.token.encode(), given.encode()):
            return False
        while len(self._open) >= self.most:
            self._open.pop(next(iter(self._open)))
        name = secrets.token_urlsafe(32)
        self._open[name] = Session(
            secrets.token_bytes(32), time.monotonic() + self.seconds
        )
        # `strict`: the cookie does not come with what another site leads to or sends.
        answer.set_cookie(
            COOKIE, name, path="/", httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return True

    def get(self, request: Request) -> Session | None:
        """Return the session of a request; None where it has none or it is over."""
        name = request.cookies.get(COOKIE, "")
        found = self._open.get(name)
        if found is not None and found.until < time.monotonic():
            self._open.pop(name, None)
            return None
        return found

    def end_session(self, request: Request) -> None:
        """End the session of a request."""
        self._open.pop(request.cookies.get(COOKIE, ""), None)

    def check_form(
        self, request: Request, form: Mapping[str, str], purpose: str
    ) -> Session:
        """Return the session that a form was made for.

        Args:
            request: With the cookie of the session.
            form: Its fields.
            purpose: Address that the form is sent to: a form signed for one is not
                taken by another.

        Raises:
            Problem: There is no session (401), the form is of another page or session
                (403), or too many were sent in a minute (429).
        """
        found = self.get(request)
        if found is None:
            raise Problem(401, "The session is over; enter the token again.")
        if not found.has_signed(form.get(FORM_FIELD, ""), FORM_FIELD, purpose):
            raise Problem(403, "The form is not of this session; load its page again.")
        self.count_attempt(self.writes, f"write:{request.cookies.get(COOKIE)}")
        return found

    def count_attempt(self, most: int, key: str) -> None:
        """Count an attempt under a key.

        Raises:
            Problem: There were more than `most` within a minute (429).
        """
        if not self._window.hit(RateLimitItemPerMinute(most), key):
            raise Problem(429, f"More than {most} in a minute.", {"Retry-After": "60"})
