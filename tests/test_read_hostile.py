"""Whatever comes in, reading ends in a document or in one clear error, and soon."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.errors import PayproofError
from pipeline.read import detect_media_type, locate_span, read, read_quotes

MEDIA = ("text/html", "text/markdown", "text/plain")
QUIET = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=150,
    suppress_health_check=list(HealthCheck),
)
TAGS = [
    *("p", "div", "table", "tr", "td", "th", "ul", "li", "dl", "dt", "dd", "h1", "h2"),
    *("b", "sup", "s", "br", "pre", "script", "title", "nav", "aside", "caption", "a"),
    *(
        "figure",
        "blockquote",
        "details",
        "summary",
        "section",
        "thead",
        "tfoot",
        "form",
    ),
]
MARKS = [
    *("$52,600", "a", ":", " ", "\n", "\u00a0", "&nbsp;", "&#0;", "<!--", "-->", "|"),
    *("- x", "# T", "**b**", "```", "1. ", "---", "  ", "\t", "....", "<td rowspan=0>"),
    *("<td colspan=9999999 rowspan=99>", '<div role="row">', '{"a":[1]}', "\x00"),
    *('<script type="application/ld+json">', "<![CDATA[", "\ufeff", "\r", "\x0c"),
]
NOISE = [
    *("$", "1", "-", "$1-", "- ", "| ", "[](", "**", ". ", "  a", "a\n\n", "a  b\n"),
    *("| $5 |\n", "- a\n", "<p>", "<td>$5", "<b>", "# ", "P 1\n\n", "<!--", "\n"),
]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(MARKS),
    st.text(max_size=5),
)


def holds(body: bytes, media_type: str) -> None:
    """The contract: blocks in order, places found again; or one error of ours."""
    try:
        page = read(body, media_type, where="page")
    except PayproofError:
        return
    at = 0
    for block in page.blocks:
        assert at <= block.start < block.end <= len(page.text)
        assert block.lead_in is None or 0 <= block.lead_in < len(page.blocks)
        assert all(0 <= h < len(page.blocks) for h in block.row_heads)
        assert all(0 <= h < len(page.blocks) for h in block.column_heads)
        at = block.end
    spans = [(block.start, block.end) for block in page.blocks]
    spans += [(0, len(page.text))] if page.blocks else []
    places = [locate_span(page, start, end) for start, end in spans]
    assert read_quotes(body, media_type, places) == [page.text[a:b] for a, b in spans]
    for start, end in page.marks + page.strikes:
        assert 0 <= start < end <= len(page.text)


@QUIET
@given(st.binary(max_size=300), st.sampled_from(MEDIA))
def test_any_bytes_end_in_a_document_or_an_error(body: bytes, media_type: str):
    """Noise of every length, under every media type."""
    holds(body, media_type)


@pytest.mark.slow
@QUIET
@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(MEDIA))
def test_any_order_of_tags_and_marks_ends_in_a_document(text: str, media_type: str):
    """Tags swapped, unclosed, crossed; marks of Markdown where none belong."""
    holds(text.encode("utf-8", "surrogatepass"), media_type)


@QUIET
@given(st.binary(max_size=40), st.sampled_from(["a.html", "a.md", "a.txt", "a", ""]))
def test_any_name_and_bytes_have_a_media_type_or_an_error(body: bytes, name: str):
    """The type is one that `read` knows."""
    with contextlib.suppress(PayproofError):
        assert detect_media_type(name, body) in (*MEDIA, "application/pdf")


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["dev/01_coder_pay_guide.html", "dev/08_registered_nurse_pay.md", "../seeds"],
)
def test_a_page_that_was_cut_anywhere_is_still_read(shared: Path, path: str):
    """Forty cuts through each real page, some through a character or a tag."""
    found = shared / "gold" / path
    file = next(iter(sorted(found.glob("000*")))) if found.is_dir() else found
    body = file.read_bytes()
    media_type = detect_media_type(file.name, body)
    for number in range(1, 40):
        cut = number * len(body) // 40
        holds(body[:cut], media_type)
        holds(body[cut : cut + 3000], media_type)


@pytest.mark.slow
@pytest.mark.parametrize("media_type", MEDIA)
@pytest.mark.parametrize("piece", NOISE)
def test_reading_long_noise_comes_to_an_end(media_type: str, piece: str):
    """A rule that looks back without bound would still be at it tomorrow."""
    body = (piece * (30_000 // len(piece))).encode() + b"$5"
    if piece.startswith("<td"):
        body = b"<table><tr>" + body
    with contextlib.suppress(PayproofError):
        assert read(body, media_type, where="page").text


def test_a_megabyte_of_digits_dollars_and_dashes_is_read():
    """One line of it, and as a table cell."""
    noise = "$1,234-5.6--$$7" * 70_000
    assert read(noise.encode(), "text/plain", where="page").text == noise
    cells = f"<table><tr><td>{noise}<td>{noise}".encode()
    assert read(cells, "text/html", where="page").text.count(noise) == 2
