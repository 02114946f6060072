"""Small valid files of every source, and of every form that a table may come in.

Made here, or recordings of the project (`raw/`, `tests/raw/`); each is read by the
parser of its source. Real files may be added by a folder.
"""

import csv
import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import xlsxwriter

from pipeline.core import media

ROOT = Path(__file__).resolve().parents[2]
SMALL = 40_000  # bytes; above it one reading takes too long to try thousands
LINES = 60  # of the flat file that is too large
OLE_SECTOR = 512
NUMBER = re.compile(r"[1-9]\d{0,11}(?:\.\d{1,4})?")  # `000000` is a code
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass(frozen=True)
class TableSeed:
    """A file as a publisher sends it.

    Args:
        source: Id of the source whose parser reads it.
        edition: Under which it is kept.
        name: As its publisher calls it.
        body: Its bytes.
        parts: Code lists that come with it.
    """

    source: str
    edition: str
    name: str
    body: bytes
    parts: dict[str, bytes] = field(default_factory=dict)

    @property
    def form(self) -> str:
        """How it is changed: `zip`, `ole`, `parquet`, `json`, `page` or `text`."""
        if self.body.startswith(b"PK"):
            return "zip"
        if self.body.startswith(b"\xd0\xcf"):
            return "ole"
        if self.body.startswith(b"PAR1"):
            return "parquet"
        ending = media.guess_media_type(self.name)
        if "json" in ending:
            return "json"
        return "page" if ending in media.TEXTS else "text"


def list_seeds(*folders: Path) -> list[TableSeed]:
    """All seeds, in a fixed order; those of other folders come last."""
    found = [*read_recordings(), *make_forms()]
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            found.append(TableSeed("bls_oews", "2023-05", path.name, path.read_bytes()))
    return found


def read_recordings() -> Iterator[TableSeed]:
    """Snapshots that the project has, with their large file cut to its first lines."""
    for folder in ("raw", "tests/raw"):
        for path in sorted((ROOT / folder).glob("*/*/snapshot.json")):
            card = json.loads(path.read_bytes())
            (file,) = path.parent.glob("body*")
            body = file.read_bytes()
            if len(body) > SMALL and body.startswith(b"PK"):
                continue  # a large workbook cannot be cut, and a small one is there
            if len(body) > SMALL:
                body = b"\n".join(body.split(b"\n")[:LINES]) + b"\n"
            parts = {
                name: (path.parent / part["file"]).read_bytes()
                for name, part in card["parts"].items()
            }
            yield TableSeed(card["source"], card["edition"], card["name"], body, parts)


def make_forms() -> Iterator[TableSeed]:
    """One table of the survey in every form, and disclosures as Parquet."""
    recordings = {(s.source, s.edition): s for s in read_recordings()}
    table = recordings["bls_oews", "2023-05"].body
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    book = make_workbook(rows)
    member = "oesm23nat/national_M2023_dl"
    for name, body in (
        ("national_M2023_dl.xlsx", book),
        ("national_M2023_dl.xls", make_old_workbook(rows)),
        ("national_M2023_dl.tsv", b"\n".join("\t".join(r).encode() for r in rows)),
        ("oesm23nat.zip", pack({f"{member}.xlsx": book, "oesm23nat/notes.txt": b"a"})),
        ("oesm23st.zip", pack({f"{member}.csv": table})),
        ("oesm23ma.zip", pack({f"{member}.xls": make_old_workbook(rows)})),
    ):
        yield TableSeed("bls_oews", "2023-05", name, body)
    for year in ("2019", "2014"):
        seed = recordings["dol_oflc", year]
        frame = pl.read_csv(seed.body, infer_schema_length=0)
        out = io.BytesIO()
        frame.write_parquet(out)
        name = seed.name.replace(".csv", ".parquet")
        yield TableSeed("dol_oflc", year, name, out.getvalue())
    titles = recordings["onet_titles", "30.1"]
    texts = {titles.name: titles.body, **titles.parts}
    packed = pack(
        {
            f"db_30_1_text/{n.replace(chr(95), chr(32))}": text
            for n, text in texts.items()
        }
    )
    yield TableSeed("onet_titles", "30.1", "db_30_1_text.zip", packed)


def pack(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body, method)
    return out.getvalue()


def make_workbook(rows: list[list[str]]) -> bytes:
    """An xlsx of these rows, figures as numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("national_dl")
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write(number, column, float(text) if NUMBER.fullmatch(text) else text)
    book.add_worksheet("Notes").write(2, 1, "a note")
    book.close()
    return out.getvalue()


def make_old_workbook(rows: list[list[str]]) -> bytes:
    """An xls of these rows: BIFF8 in a compound file (MS-XLS, MS-CFB)."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    cells = b""
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            raw = text.encode("latin-1", "replace")[:200]
            if NUMBER.fullmatch(text):
                cells += record(0x0203, place + struct.pack("<d", float(text)))
            else:
                cells += record(0x0204, place + struct.pack("<HB", len(raw), 0) + raw)
    name = b"national_dl"
    book = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    book += record(0x0042, struct.pack("<H", 1200))
    listed = struct.pack("<IBBBB", 0, 0, 0, len(name), 0) + name
    offset = len(book) + 4 + len(listed) + 4
    book += record(0x0085, struct.pack("<I", offset) + listed[4:]) + record(0x000A)
    return put_into_compound_file(book + start + cells + record(0x000A))


def put_into_compound_file(stream: bytes) -> bytes:
    """A compound file with one stream, `Workbook`, of at least 4,096 bytes."""
    size = max(len(stream), 4096)
    count = -(-size // OLE_SECTOR)
    stream = stream.ljust(count * OLE_SECTOR, b"\0")
    fats = -(-(count + 2) // 126)  # of 128 numbers each; some room to spare
    chain = [FAT] * fats + [END]
    first = fats + 1
    chain += [n + 1 for n in range(first, first + count - 1)] + [END]
    chain += [FREE] * (fats * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fats, fats, 0, 4096, END, 0, END, 0)
    numbers = [*range(fats)] + [FREE] * (109 - fats)
    head += struct.pack("<109I", *numbers)

    def entry(name: str, kind: int, child: int, begin: int, length: int) -> bytes:
        text = name.encode("utf-16-le")
        return (
            text.ljust(64, b"\0")
            + struct.pack(
                "<HBBIII", len(text) + 2 if text else 0, kind, 1, FREE, FREE, child
            )
            + bytes(36)
            + struct.pack("<IQ", begin, length)
        )

    folder = entry("Root Entry", 5, 1, END, 0)
    folder += entry("Workbook", 2, FREE, first, size)
    folder += entry("", 0, FREE, 0, 0) * 2
    return head + struct.pack(f"<{fats * 128}I", *chain) + folder + stream
