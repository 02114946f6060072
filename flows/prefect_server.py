"""Say in one sentence that the configured Prefect server does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from prefect import get_client
from prefect.settings import (
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from pipeline.core.errors import Unreachable

PATIENCE = 10.0  # seconds for a first answer; Prefect's own client would wait a minute
REMEDY = "start it, or run `payproof refresh --no-prefect`"
NONE = "no Prefect server answers"
LOST = "the Prefect server stopped answering, what had been published by then stands"


def check_server() -> None:
    """Ask the configured Prefect server for its health; nothing where none is.

    Raises:
        Unreachable: It does not answer, or what answers is none.
    """
    url = PREFECT_API_URL.value()
    if not url:
        return  # Prefect starts a temporary one
    bounds = {PREFECT_API_REQUEST_TIMEOUT: PATIENCE, PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(bounds), get_client(sync_client=True) as client:
        fault = client.api_healthcheck()
    if fault is not None:
        raise _name_server(url, NONE, fault) from fault


@contextmanager
def naming_server() -> Iterator[None]:
    """Turn a fault of the connection to the server into one sentence.

    Raises:
        Unreachable: The server stopped to answer while the block ran.
    """
    try:
        yield
    except httpx.HTTPError as fault:
        raise _name_server(PREFECT_API_URL.value() or "", LOST, fault) from fault


def _name_server(url: str, what: str, fault: Exception) -> Unreachable:
    """Make the error of a server that cannot be reached."""
    why = f"{type(fault).__name__}: {what}; {REMEDY}"
    return Unreachable("prefect", url, why)
