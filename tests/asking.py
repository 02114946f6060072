"""Ask a stand-in for the files of a made source, in a process of its own.

    $ python tests/asking.py HOME PORT KEY URL…

tests/test_fetch_wire.py kills it half way, and looks for the key in all it leaves.
"""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from stand_in import standing_session
from test_fetch import SOURCE, public

from pipeline.archive import collect_due, fetch_one
from pipeline.archive.fetch import HttpClient, RequestLimits
from pipeline.core.model import Request
from pipeline.core.store import Home

SETTING = "EXAMPLE_API_KEY"


def main(home: str, port: str, key: str, *urls: str) -> None:
    """Collect; a posted request for each address that ends in `/api`."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    asked = [
        Request(
            url, send='{"seriesid": ["OEUN"]}', key_setting=SETTING,
            key_field="registrationkey", name=f"batch-{chr(97 + n)}.json",
        )
        if url.endswith("/api")
        else Request(url)
        for n, url in enumerate(urls)
    ]  # fmt: skip
    source = SimpleNamespace(
        SOURCE=replace(SOURCE, urls=urls), wanted=lambda _words, _keys: asked
    )
    fetch_one.import_source = lambda _id: source
    guest = HttpClient(
        RequestLimits(contact="pay@example.org", pause=0, tries=1),
        standing_session(int(port)),
        look_up=public,
        keys={SETTING: key},
    )
    try:
        found = collect_due.collect_source(
            Home(Path(home)), "example", guest, collect_due.utc_now()
        )
    except collect_due.PartlyUnreachable as away:
        print(away, repr(away))
        found = away.collected
    print(*found.to_lines(), repr(found), repr(guest), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
