"""`payproof serve`."""

from pipeline.cli.app import DONE
from pipeline.store import find_home


def run(host: str, port: int, per_second: int) -> int:
    """Serve until interrupted."""
    from pipeline import serve

    home = find_home()
    print(f"Payproof: http://{host}:{port}/ (API: /api/v1/openapi.json)", flush=True)
    serve.run(home, host, port, per_second=per_second)
    return DONE
