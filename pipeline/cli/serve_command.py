"""Run `payproof serve`: the API and the analyst's pages."""

import os
import secrets
from collections.abc import Sequence

from pipeline.cli.console import DONE
from pipeline.core.errors import NotFound
from pipeline.core.store import find_home

TOKEN_VARIABLE = "PAYPROOF_WRITE_TOKEN"
# A token that somebody chose must not be guessed: one of our own has 32 characters.
MIN_TOKEN_CHARACTERS = 20


def run_serve(
    host: str, port: int, per_second: int, *, write: bool, names: Sequence[str]
) -> int:
    """Serve until interrupted; with `write`, print the token once."""
    from pipeline import serve

    home = find_home()
    token = get_write_token() if write else ""
    address = f"http://{host}:{port}"
    print(f"Payproof: {address}/ (API: /api/v1/openapi.json)", flush=True)
    if write:
        own = (
            f"the token in {TOKEN_VARIABLE}"
            if TOKEN_VARIABLE in os.environ
            else f"token {token}"
        )
        print(f"Rulings: {address}/enter with {own}", flush=True)
    serve.run_server(
        home, host, port, per_second=per_second, token=token, names=[host, *names]
    )
    return DONE


def get_write_token() -> str:
    """Return the token of the environment, or a new one for this run.

    Raises:
        NotFound: The one in the environment is too short.
    """
    if TOKEN_VARIABLE not in os.environ:
        return secrets.token_urlsafe(24)
    token = os.environ[TOKEN_VARIABLE].strip()
    if len(token) < MIN_TOKEN_CHARACTERS:
        remedy = (
            f"Set {TOKEN_VARIABLE} to {MIN_TOKEN_CHARACTERS} characters or more, "
            "or unset it."
        )
        raise NotFound("Write token of enough characters", f"{len(token)}", remedy)
    return token
