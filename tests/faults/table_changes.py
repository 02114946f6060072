"""Change files as damage and malice do: bytes, cells, members, XML, JSON."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable

from faults.table_seeds import TableSeed

ODD_CELLS = (
    *("", " ", "-", "*", "**", "#", "~", "$", "0", "-1", "1e999", "NaN", "inf", "None"),
    *(
        "1,2,3",
        "$1,2",
        "9" * 40,
        "0." + "0" * 30 + "1",
        "1.2.3",
        "١٢٣",
        "½",
        "−5",
        "5−",
    ),
    *("=1+1", "\ufeff", "\u202e123", "\x00", "\ud83d", "a" * 70_000, '"', '"a', 'a"b'),
    *(
        "29-2072",
        "00-0000",
        "2023",
        "1999",
        "true",
        "1900-02-30",
        "<b>",
        "{}",
        "\\u0000",
    ),
    *("$115.00 per hour or $239,200", "# = 9", "\n", "\r", "\t", ",,,,", ";", "|"),
)
ODD_JSON = (
    *("null", "true", "1e999", "-0", "NaN", '""', "[]", "{}", '"\\ud83d"', "9" * 400),
    *(
        '{"a":' * 200 + "1" + "}" * 200,
        "[" * 5000,
        '"' + "a" * 70_000 + '"',
        "0.1e-999",
    ),
    *('"48,650"', '"$"', "[[1]]", '{"value": {"value": 1}}', "-1", '"1e9"', "1.5"),
)
ODD_XML = (
    *(
        "",
        'r="A1"',
        'r="XFD1048576"',
        'r="AZ1048576"',
        'r="ZZZZ1"',
        'r="A0"',
        'r="A-1"',
    ),
    *(
        'r="A99999999999"',
        't="s"',
        't="n"',
        't="e"',
        't="d"',
        't="inlineStr"',
        's="999"',
    ),
    *(
        'r="9999999"',
        'spans="1:99999"',
        't="b"',
        't="str"',
        "r=''",
        'ref="A1:XFD1048576"',
    ),
)
ODD_VALUES = (
    *("-1", "1e308", "999999999", "NaN", "4294967296", "", "x", "2958466", "-1e-308"),
    *("&#0;", "&amp;", "&x;", "<v>", "0.1", "1" * 400, "1900-01-00", "\x01"),
)
ODD_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "cp037", "utf-8-sig")
METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
    zipfile.ZIP_BZIP2,
    zipfile.ZIP_LZMA,
)
MOST_MEMBER = 4_000_000  # bytes; a member that was changed to unpack to more stays so
Change = Callable[[random.Random, bytes], bytes]


def change_seed(rng: random.Random, seed: TableSeed, other: bytes) -> TableSeed:
    """A seed with one to four changes to its body, or to one of its parts."""
    if seed.parts and rng.random() < 0.4:
        name = rng.choice(sorted(seed.parts))
        parts = {**seed.parts, name: change_text(rng, seed.parts[name])}
        return TableSeed(seed.source, seed.edition, seed.name, seed.body, parts)
    body = seed.body
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        if rng.random() < 0.03:
            body = splice(rng, body, other)
        elif rng.random() < 0.25:
            body = change_bytes(rng, body)
        else:
            body = CHANGES[seed.form](rng, body)
    return TableSeed(seed.source, seed.edition, seed.name, body, seed.parts)


def splice(rng: random.Random, body: bytes, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return body[: rng.randint(0, len(body))] + other[rng.randint(0, len(other)) :]


def change_bytes(rng: random.Random, body: bytes) -> bytes:
    """A bit, a number, a block: turned, cut, doubled or moved."""
    if len(body) < 8:
        return body + rng.randbytes(8)
    data = bytearray(body)
    at, length = rng.randrange(len(data)), rng.choice((1, 4, 16, 64, 512, 4096))
    kind = rng.randrange(7)
    if kind == 0:
        data[at] ^= 1 << rng.randrange(8)
    elif kind == 1:
        number = rng.choice(ODD_NUMBERS)
        data[at : at + 4] = struct.pack("<I", number)[: len(data[at : at + 4])]
    elif kind == 2:
        del data[at:]
    elif kind == 3:
        del data[at : at + length]
    elif kind == 4:
        data[at:at] = data[at : at + length] * rng.choice((1, 2, 50))
    elif kind == 5:
        data[at : at + length] = rng.randbytes(len(data[at : at + length]))
    else:
        to = rng.randrange(len(data))
        data[at : at + length], data[to : to + length] = (
            data[to : to + length], data[at : at + length]
        )  # fmt: skip
    return bytes(data)


def change_text(rng: random.Random, body: bytes) -> bytes:
    """A cell, a row, a column, the encoding or the line ends of a delimited text."""
    mark = b"\t" if b"\t" in body else b","
    lines = body.split(b"\n")
    row = rng.randrange(len(lines))
    cells = lines[row].split(mark)
    column, kind = rng.randrange(len(cells)), rng.randrange(12)
    odd = rng.choice(ODD_CELLS).encode("utf-8", "surrogatepass")
    if kind < 4:
        cells[column] = odd
    elif kind == 4:
        cells[column] += odd
    elif kind == 5:
        del cells[column]
    elif kind == 6:
        cells += [odd] * rng.choice((1, 3, 3000))
    elif kind == 7:
        lines += [lines[row]] * rng.choice((1, 5, 3000))
    elif kind == 8:
        other = rng.randrange(len(lines))
        lines[other], lines[row] = lines[row], lines[other]
        return b"\n".join(lines)
    elif kind == 9:
        return body.replace(
            b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b"\x85"))
        )
    elif kind == 10:
        text = body.decode("utf-8", "replace")
        return text.encode(rng.choice(ENCODINGS), "replace")
    else:
        return body.replace(mark, rng.choice((b";", b"|", b"\t", b",", b" ")))
    lines[row] = mark.join(cells)
    return b"\n".join(lines)


def change_page(rng: random.Random, body: bytes) -> bytes:
    """A tag, an attribute, a number or a word of a page."""
    found = [*re.finditer(rb"<[^<>]{1,300}>|\"[^\"]{0,80}\"|\$?\d[\d,.]*|\w+", body)]
    if not found:
        return change_bytes(rng, body)
    one, other = rng.choice(found), rng.choice(found)
    odd = rng.choice((*ODD_CELLS, *ODD_JSON)).encode("utf-8", "surrogatepass")
    new = rng.choice((b"", odd, other[0], one[0] * 3, one[0] + odd))
    if rng.random() < 0.1:
        return body.replace(one[0], new)
    return body[: one.start()] + new + body[one.end() :]


def change_json(rng: random.Random, body: bytes) -> bytes:
    """A value, a key or a piece of a JSON text."""
    found = [
        *re.finditer(
            rb"\"[^\"]{0,80}\"|-?\d[\d.eE+-]*|true|false|null|[{}\[\]:,]", body
        )
    ]
    if not found:
        return change_bytes(rng, body)
    one, other = rng.choice(found), rng.choice(found)
    odd = rng.choice(ODD_JSON).encode("utf-8", "surrogatepass")
    new = rng.choice((b"", odd, odd, other[0]))
    return body[: one.start()] + new + body[one.end() :]


def change_xml(rng: random.Random, body: bytes) -> bytes:
    """An attribute, a value or an element of a workbook's XML."""
    kind = rng.randrange(5)
    pattern = (
        rb" \w+=\"[^\"]*\"",
        rb">[^<>]+<",
        rb"<[^<>]+>",
        rb"<row.*?</row>",
        rb"\d+",
    )
    found = [*re.finditer(pattern[kind], body, re.DOTALL)]
    if not found:
        return change_bytes(rng, body)
    one, other = rng.choice(found), rng.choice(found)
    new = {
        0: b" " + rng.choice(ODD_XML).encode(),
        1: b">" + rng.choice(ODD_VALUES).encode() + b"<",
        2: rng.choice((b"", other[0], one[0] * 2)),
        3: rng.choice((b"", other[0], one[0] * 40)),
        4: rng.choice((b"0", b"-1", b"999999", b"4294967296", other[0])),
    }[kind]
    return body[: one.start()] + new + body[one.end() :]


def change_zip(rng: random.Random, body: bytes) -> bytes:
    """A member by its own form, packed anew; or what headers and directory say."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = {
                m.filename: archive.read(m)
                for m in archive.infolist()
                if m.file_size < MOST_MEMBER
            }
    except Exception:  # an earlier change has broken it, in whatever way
        return change_bytes(rng, body)
    if not members or rng.random() < 0.25:
        return change_headers(rng, body)
    name = rng.choice(sorted(members))
    kind = rng.randrange(12)
    if kind == 0:
        del members[name]
    elif kind == 1:
        members[
            rng.choice(("../a.csv", "a" * 300, "\ud83d.csv", "", "/", name.upper()))
        ] = members.pop(name)
    elif kind == 2:
        members[name] = bytes(rng.choice((0, 1, 100_000, 3_000_000)))
    else:
        sheets = [n for n in sorted(members) if "sheet" in n] or [name]
        name = rng.choice((name, *sheets))
        change = next(
            (c for end, c in BY_ENDING if name.lower().endswith(end)), change_bytes
        )
        members[name] = change(rng, members[name])
    return write_zip(rng, members)


def write_zip(rng: random.Random, members: dict[str, bytes]) -> bytes:
    """A zip of these members, most often packed as usual."""
    method = METHODS[1] if rng.random() < 0.85 else rng.choice(METHODS)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, text in members.items():
            plain = name.encode("utf-8", "replace").decode() or "x"
            archive.writestr(zipfile.ZipInfo(plain), text, method)
    return out.getvalue()


def change_headers(rng: random.Random, body: bytes) -> bytes:
    """One field of a zip's headers: sizes, offsets, methods, flags, checksums."""
    marks = [m.start() for m in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", body)]
    if not marks:
        return change_bytes(rng, body)
    at, data = rng.choice(marks) + rng.randrange(4, 46), bytearray(body)
    size = rng.choice((1, 2, 4))
    field = data[at : at + size]
    data[at : at + size] = struct.pack("<I", rng.choice(ODD_NUMBERS))[: len(field)]
    return bytes(data)


def change_compound(rng: random.Random, body: bytes) -> bytes:
    """A number of an old workbook: of its sectors, its folder or its records."""
    data = bytearray(body)
    if rng.random() < 0.4:
        at = rng.randrange(0, min(len(data), 1536)) & ~1
    else:
        records = [
            m.start() for m in re.finditer(rb"[\x03\x04]\x02..", body, re.DOTALL)
        ]
        at = rng.choice(records or [0]) + rng.randrange(12)
    size = rng.choice((1, 2, 4))
    number = rng.choice((*ODD_NUMBERS, rng.randrange(64)))
    field = data[at : at + size]
    data[at : at + size] = struct.pack("<I", number)[: len(field)]
    return bytes(data)


def change_parquet(rng: random.Random, body: bytes) -> bytes:
    """A byte of the footer, where counts, sizes, offsets and types stand."""
    if len(body) < 16 or rng.random() < 0.3:
        return change_bytes(rng, body)
    footer = min(int.from_bytes(body[-8:-4], "little"), len(body) - 8)
    data = bytearray(body)
    at = len(data) - 8 - rng.randrange(max(footer, 1))
    data[at] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, data[at] ^ (1 << rng.randrange(8))))
    return bytes(data)


BY_ENDING: tuple[tuple[str, Change], ...] = (
    (".xml", change_xml), (".rels", change_xml), (".csv", change_text),
    (".txt", change_text), (".xlsx", change_zip), (".xls", change_compound),
)  # fmt: skip
CHANGES: dict[str, Change] = {
    "zip": change_zip, "ole": change_compound, "parquet": change_parquet,
    "json": change_json, "page": change_page, "text": change_text,
}  # fmt: skip
