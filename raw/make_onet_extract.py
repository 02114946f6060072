"""Make raw/onet_titles from the text files of the O*NET database.

    python raw/make_onet_extract.py SHARED

SHARED/data/onet holds the three files as published. The extract keeps the lines of the
medical-records family; what an occupation does is left out. The same input gives the
same bytes.

Includes information from the O*NET 30.1 Database by the U.S. Department of Labor,
Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 licence.
O*NET(R) is a trademark of USDOL/ETA. We have cut it to some occupations.
"""

import hashlib
import shutil
import sys
from pathlib import Path

from pipeline.archive.snapshot import Archive
from pipeline.core.model import Payload
from pipeline.sources import onet_titles

RAW = Path(__file__).resolve().parent
URL = "https://www.onetcenter.org/database.html"
EDITION, RETRIEVED = "30.1", "2026-11-01"
FAMILY = ("11-9111", "29-2072", "29-9021", "31-9094", "43-3021", "43-6013")
LEFT_OUT = "left out"


def main(shared: Path, raw: Path = RAW) -> None:
    """Write the snapshot anew."""
    shutil.rmtree(raw / "onet_titles", ignore_errors=True)
    bodies, origins = {}, []
    for name in onet_titles.COLUMNS:
        body = (shared / "data" / "onet" / name).read_bytes()
        origins.append(f"{name} sha256:{hashlib.sha256(body).hexdigest()}")
        bodies[name.replace(" ", "_")] = extract(body.decode("utf-8"), name)
    (first, body), *others = bodies.items()
    payload = Payload(
        *("onet_titles", EDITION, first, body),
        *("text/plain", "made", RETRIEVED, URL),
        parts=dict(others),
    )
    note = (
        "Lines of the medical-records family from the O*NET 30.1 Database by the U.S. "
        "Department of Labor, Employment and Training Administration (USDOL/ETA), used "
        "under the CC BY 4.0 licence. O*NET® is a trademark of USDOL/ETA. Cut by this "
        "project, descriptions left out."
    )
    licence = onet_titles.SOURCE.licence
    Archive(raw).keep(payload, licence=licence, note=note, derived_from=origins)


def extract(text: str, name: str) -> bytes:
    """The header and the family's lines of one file."""
    head, *lines = text.splitlines()
    kept = [line.split("\t") for line in lines if line.startswith(FAMILY)]
    if name == onet_titles.OCCUPATIONS:
        kept = [[code, title, LEFT_OUT] for code, title, _ in kept]
    return "".join("\t".join(cells) + "\n" for cells in [[head], *kept]).encode()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
