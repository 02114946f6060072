"""Pages of text and Markdown become blocks; bad bytes become one clear sentence."""

import pytest
from reading import MARKDOWN, PLAIN

from pipeline.core.errors import Damaged, PayproofError, TooLarge
from pipeline.core.store import find_home
from pipeline.read import (
    detect_media_type,
    locate_span,
    read,
    read_limits,
    read_quotes,
)


@pytest.mark.parametrize(
    ("body", "encoding", "text"),
    [
        ("£25,000\r\n".encode(), "utf-8", "£25,000\r\n"),
        ("\ufeff£25,000".encode(), "utf-8", "£25,000"),
        ("£25,000 – café".encode("cp1252"), "cp1252", "£25,000 – café"),
        ("£25,000 a year".encode("utf-16"), "utf-16-le", "£25,000 a year"),
        ("£25,000 a year".encode("utf-16-be"), "utf-16-be", "£25,000 a year"),
        (b"caf\xe9 \x81", "latin-1", "café \x81"),
        ("$52\u00a0600 – 53\u2009700 é – é – é".encode()[:-1], "utf-8", None),
    ],
)
def test_text_is_the_file_as_decoded(body: bytes, encoding: str, text: str | None):
    """No newline, space or letter is changed; a broken last byte loses one letter."""
    page = read(body, PLAIN, where="page")

    assert page.encoding == encoding
    assert text is None or page.text == text
    assert text or "$52\u00a0600 – 53\u2009700" in page.text


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04rest", "a zip or an Office file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (bytes(range(32)) * 40, "binary and not text"),
    ],
)
@pytest.mark.parametrize("media_type", [PLAIN, MARKDOWN, "text/html"])
def test_what_is_no_page_is_refused_in_one_sentence(body, says, media_type):
    """The message names the file and what it is."""
    with pytest.raises(Damaged, match=says) as caught:
        read(body, media_type, where="page.html")

    assert str(caught.value).startswith("page.html: ")


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (PLAIN, b"Nurse: $52,600\n" * 9),
        (MARKDOWN, b"# Pay\n\n| Nurse | $52,600 |\n"),
        ("text/html", b"<div class='pay'><p id='a'>$52,600</p></div>" * 9),
        ("application/json", b'{"pay": [52600, 53100]}'),
    ],
)
def test_a_read_looks_once_for_the_home(media_type, body, monkeypatch):
    """And the next one anew: the home may be another by then."""
    asked = []
    monkeypatch.setattr(
        read_limits, "find_home", lambda: asked.append(media_type) or find_home()
    )

    read(body, media_type, where="page")
    assert len(asked) == 1
    read(body, media_type, where="page")
    assert len(asked) == 2


def test_a_type_without_a_reader_is_refused_without_a_home_too(tmp_path, monkeypatch):
    """It is the type that is wrong, and not the folder."""
    monkeypatch.setenv("PAYPROOF_HOME", str(tmp_path))

    with pytest.raises(Damaged, match="no reader of pages for image/png"):
        read(b"pixels", "image/png", where="page")


def test_a_page_beyond_the_bound_is_too_large():
    """The bound is a row of limits.csv, which the message names."""
    with pytest.raises(TooLarge, match=r"vocabularies/limits\.csv"):
        read(b"x" * 50_000_000, PLAIN, where="page")


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("a.md", b"# Pay", MARKDOWN),
        ("a.txt", b"Pay", PLAIN),
        ("a", b"Pay", PLAIN),
        ("a.htm", b"<p>Pay", "text/html"),
        ("a.txt", b"\xef\xbb\xbf <!-- saved --> <!DOCTYPE html><p>", "text/html"),
        ("a.txt", "<html><p>Pay".encode("utf-16"), "text/html"),
    ],
)
def test_the_media_type_is_in_the_bytes_before_the_name(name, body, media_type):
    """A page saved as `.txt` is still a page."""
    assert detect_media_type(name, body) == media_type


def test_a_workbook_called_a_page_has_no_media_type_of_a_page():
    """The bytes are refused before any reader sees them."""
    with pytest.raises(Damaged, match="not a page"):
        detect_media_type("pay.html", b"PK\x03\x04")


def test_a_place_in_text_is_found_again_from_the_bytes():
    """Offsets count characters of the decoded file, whatever its bytes are."""
    body = "Löhne: €52\u00a0600 und mehr".encode("utf-16")
    page = read(body, PLAIN, where="page")
    start = page.text.index("€")
    place = locate_span(page, start, start + 7)

    assert place == f"char={start},{start + 7}"
    assert read_quotes(body, PLAIN, [place]) == ["€52\u00a0600"]


@pytest.mark.parametrize("locator", ["char=5,900", "char=3", "line=4", "", "char=9,2"])
def test_a_place_that_is_not_there_is_an_error(locator: str):
    """A locator of another snapshot never gives some other text."""
    with pytest.raises(PayproofError, match="does not exist"):
        read_quotes(b"Pay is $5.", PLAIN, [locator])
