"""Make the pages that a soak keeps and checks, and damage bytes."""

import hashlib
import random
from datetime import date, timedelta

# Addresses that pages come from: each has many versions, as a watched page has.
ADDRESSES = 8
MALFORMED = (
    b'<meta charset="undefined"><p>In May 2023 coders earned $48,780 a year.</p>',
    b"<p>Form 1095-B and 12-B: coders earn $29-M or \xff\xfe$48,780 a year",
    b"<html><body>" + b"<div>" * 3000 + b"Coders earn $48,780 a year.",
    b"<table><tr><td colspan=99999999>Coder<td>$48,780</table>",
    b"<p>Coders earn between $thousand and $48,780, $$$ -- 1e999 a year &#xD800;</p>",
    b"",
    b"\x00" * 4000,
    b"{",
)


def make_page(draw: random.Random, number: int) -> tuple[bytes, str]:
    """Make a page about pay that no other is like; one in eight is malformed.

    Returns:
        Bytes, and the name of the file.
    """
    if draw.random() < 0.125:
        return draw.choice(MALFORMED), f"malformed-{number}.html"
    low, high = draw.randint(30, 50) * 1000, draw.randint(60, 99) * 1000
    cited = draw.choice(("$48,780", "$48,870", "$50,250", "$80,090", "$38,070"))
    text = f"""<html><head><title>What coders earn, {number}</title></head><body>
<h1>Pay of medical coders</h1>
<p>According to the Bureau of Labor Statistics, the median annual wage of medical
records specialists was {cited} in May 2023.</p>
<ul><li>Entry-level coders: ${low:,} a year</li><li>Senior coders: ${high:,} a year</li>
</ul><p>In Texas a coder earns ${draw.randint(18, 40)} an hour. Page {number}.</p>
</body></html>"""
    return text.encode(), f"page-{number}.html"


def describe_page(body: bytes, draw: random.Random) -> tuple[str, str]:
    """Return the SHA-256 of a page, and an address that it comes from."""
    address = f"https://pay.example/coders-{draw.randrange(ADDRESSES)}.html"
    return hashlib.sha256(body).hexdigest(), address


def name_edition(number: int) -> str:
    """Return the edition of a page by its number: a day each."""
    return (date(2020, 1, 1) + timedelta(days=number % 2000)).isoformat()


def damage(body: bytes, draw: random.Random) -> bytes:
    """Return bytes cut at some place, with a bit flipped, or none at all."""
    way = draw.randrange(3)
    if way == 0 or not body:
        return b""
    place = draw.randrange(len(body))
    if way == 1:
        return body[:place]
    return (
        body[:place] + bytes([body[place] ^ 1 << draw.randrange(8)]) + body[place + 1 :]
    )
