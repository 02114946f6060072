"""`payproof serve`."""

import os
import secrets
from collections.abc import Sequence

from pipeline.cli.app import DONE
from pipeline.core.errors import NotFound
from pipeline.core.store import find_home

SETTING = "PAYPROOF_WRITE_TOKEN"
SHORTEST = 20  # characters; a token of one's own is not to be guessed


def run(
    host: str, port: int, per_second: int, *, write: bool, names: Sequence[str]
) -> int:
    """Serve until interrupted."""
    from pipeline import serve

    home = find_home()
    token = token_of() if write else ""
    address = f"http://{host}:{port}"
    print(f"Payproof: {address}/ (API: /api/v1/openapi.json)", flush=True)
    if write:
        own = f"the token in {SETTING}" if SETTING in os.environ else f"token {token}"
        print(f"Rulings: {address}/enter with {own}", flush=True)
    serve.run_server(
        home, host, port, per_second=per_second, token=token, names=[host, *names]
    )
    return DONE


def token_of() -> str:
    """The token of the environment, or a new one for this run.

    Raises:
        NotFound: The one in the environment is too short.
    """
    if SETTING not in os.environ:
        return secrets.token_urlsafe(24)
    token = os.environ[SETTING].strip()
    if len(token) < SHORTEST:
        remedy = f"Set {SETTING} to {SHORTEST} characters or more, or unset it."
        raise NotFound("Write token of enough characters", f"{len(token)}", remedy)
    return token
