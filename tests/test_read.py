"""Pages of text and Markdown become blocks; bad bytes become one clear sentence."""

import pytest

from pipeline.errors import Damaged, PayproofError, TooLarge
from pipeline.model import Block, Document
from pipeline.read import locate, media_type_of, quote_at, quotes_at, read

PLAIN = "text/plain"
MARKDOWN = "text/markdown"


def document(text: str, media_type: str = PLAIN) -> Document:
    """Read a text as a file of its media type."""
    return read(text.encode(), media_type, where="page")


def block(document: Document, words: str) -> Block:
    """The one block that holds the words."""
    found = [b for b in document.blocks if words in document.text[b.start : b.end]]
    assert len(found) == 1, (words, found)
    return found[0]


def words(document: Document, indexes: tuple[int, ...]) -> list[str]:
    """What the blocks at the indexes say."""
    blocks = [document.blocks[i] for i in indexes]
    return [document.text[b.start : b.end] for b in blocks]


def heads(document: Document, cell: str) -> tuple[list[str], list[str]]:
    """The row heads and the column heads of the cell that holds the words."""
    found = block(document, cell)
    return words(document, found.row_heads), words(document, found.column_heads)


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
    assert media_type_of(name, body) == media_type


def test_a_workbook_called_a_page_has_no_media_type_of_a_page():
    """The bytes are refused before any reader sees them."""
    with pytest.raises(Damaged, match="not a page"):
        media_type_of("pay.html", b"PK\x03\x04")


MARKDOWN_PAGE = """\
---
title: "What nurses earn"
date: 2025-08-19
---

<!-- hero -->
# Nurses

By setting:

- **Floor:** $38
  an hour
- Advanced, medians:
  - practitioners $129,210

  more of them
1. $4 an hour
2. $5 an hour

**Texas**

> She said $9.
> Twice.

| State | Years | Mean |

|:---|---:|---:|

| Ohio | 0-2 | $45,000 |

| Utah \\| more | | $46,000+ |

*Source: a survey.*

Sub
---

[^1]: The note.
"""


def test_markdown_becomes_blocks():
    """Front matter, headings, lists, quotations, tables and notes are told apart."""
    page = document(MARKDOWN_PAGE, MARKDOWN)

    assert (page.title, page.published) == ("What nurses earn", "2025-08-19")
    assert block(page, "title:").furniture == "header"
    assert block(page, "hero").furniture == "hidden"
    assert block(page, "Floor").lead_in == page.blocks.index(block(page, "By setting"))
    assert page.text[block(page, "Floor").start :].startswith("**Floor:** $38\n  an")
    assert block(page, "practitioners").level == 2
    assert words(page, (block(page, "practitioners").lead_in,)) == [
        "Advanced, medians:"
    ]
    assert block(page, "more of them").kind == "item"
    assert block(page, "$5 an hour").kind == "item"
    assert block(page, "Texas").kind == "heading"
    assert block(page, "She said").quoted
    assert block(page, "She said").section == ("Nurses", "Texas")
    assert block(page, "a survey").kind == "footnote"
    assert block(page, "a survey").table == 0
    assert block(page, "Sub").kind == "heading"
    assert block(page, "The note").kind == "footnote"


def test_a_pipe_table_with_blank_lines_between_rows_is_one_table():
    """Each cell has the labels on its left and the head above it."""
    page = document(MARKDOWN_PAGE, MARKDOWN)

    assert heads(page, "$45,000") == (["Ohio", "0-2"], ["Mean"])
    assert heads(page, "$46,000") == (["Utah \\| more"], ["Mean"])
    assert block(page, "Mean").head
    assert {b.table for b in page.blocks if b.kind == "cell"} == {0}


PLAIN_PAGE = """\
The Guide

The Guide

BIG QUARTERLY   SUMMER   PAGE 1

FIRST JOBS. Pay of $34,000 is usual; the median
for

                                   1

BIG QUARTERLY   SUMMER   PAGE 2

specialists was $46,660.

###

1. Where They Work

Top states:

1. Ohio: $45,000

2. Utah: $46,000

PAY BY ROLE, 2025

   Role          2024      2025
   ----          ----      ----
   Auditor ..... $80,900   $84,150
   Facility coder . $66,200   $67,050
   Clerk                   $40,100

Only auditors gained.
"""


def test_plain_text_is_told_by_its_layout():
    """Titles set apart, capitals, lone marks, lead-ins, running heads."""
    page = document(PLAIN_PAGE)

    assert page.title == "The Guide"
    assert [b.level for b in page.blocks if b.kind == "heading"][:2] == [1, 1]
    assert block(page, "PAGE 1").furniture == "header"
    assert block(page, "Pay of $34,000").section == ("The Guide", "FIRST JOBS")
    assert block(page, "specialists").lead_in == page.blocks.index(
        block(page, "the median")
    )
    assert block(page, "Where They Work").level == 3
    assert words(page, (block(page, "Utah").lead_in,)) == ["Top states:"]
    assert block(page, "$80,900").section[-1] == "PAY BY ROLE, 2025"
    assert "PAY BY ROLE, 2025" not in block(page, "Only auditors").section


def test_columns_of_spaces_and_dots_are_a_table():
    """Heads by position: a row with a gap keeps its cell under the right head."""
    page = document(PLAIN_PAGE)

    assert heads(page, "$84,150") == (["Auditor"], ["2025"])
    assert heads(page, "$66,200") == (["Facility coder"], ["2024"])
    assert heads(page, "$40,100") == (["Clerk"], ["2025"])


def test_lines_in_front_of_rows_are_their_caption():
    """A chunk that begins with words and goes on with rows is a titled table."""
    page = document(
        "SALARY BY REGION\n  East . . . . $61,480\n  West . . . . $66,020\n"
    )

    assert block(page, "SALARY").kind == "caption"
    assert words(page, (block(page, "$61,480").lead_in,)) == ["SALARY BY REGION"]


def test_lines_that_end_in_pay_are_entries_and_not_one_sentence():
    """A list without marks: each line is a block of its own, led in together."""
    page = document("Top states:\r\n\r\nOhio $47,900\r\nNew York $56,800 a year\r\n")

    assert words(page, (block(page, "Ohio").lead_in,)) == ["Top states:"]
    assert block(page, "New York").lead_in == block(page, "Ohio").lead_in


def test_prose_with_two_spaces_after_a_stop_is_no_table():
    """Double spaces alone make no columns."""
    text = "Pay is $50,000.  It was $48,000 in the year before that one.\n" * 3
    assert {b.kind for b in document(text).blocks} == {"paragraph"}


def test_a_section_called_read_next_is_furniture():
    """What stands under a tell-tale heading is not the page's own text."""
    page = document(
        "# Pay\n\n$5 an hour\n\n## Read next\n\n- Loans of $9,500\n", MARKDOWN
    )

    assert block(page, "$9,500").furniture == "related"
    assert block(page, "$5").furniture is None


def test_a_superscript_and_a_struck_figure_are_marked_in_markdown():
    """HTML inside Markdown stays in the text; its ranges are recorded."""
    page = document("# P\n\nPay is $53,600<sup>1</sup>, not ~~$50,000~~.\n", MARKDOWN)

    assert [page.text[a:b] for a, b in page.marks] == ["1"]
    assert [page.text[a:b] for a, b in page.strikes] == ["~~$50,000~~"]


@pytest.mark.parametrize("media_type", [PLAIN, MARKDOWN])
def test_blocks_stand_in_order_and_hold_all_that_is_visible(media_type: str):
    """No two overlap; only white space and marks of layout lie between them."""
    for text in (MARKDOWN_PAGE, PLAIN_PAGE):
        page = document(text, media_type)
        at = 0
        for b in page.blocks:
            between = page.text[at : b.start]
            assert at <= b.start < b.end
            assert not any(map(str.isalpha, between)), between
            at = b.end


def test_a_place_in_text_is_found_again_from_the_bytes():
    """Offsets count characters of the decoded file, whatever its bytes are."""
    body = "Löhne: €52\u00a0600 und mehr".encode("utf-16")
    page = read(body, PLAIN, where="page")
    start = page.text.index("€")
    place = locate(page, start, start + 7)

    assert place == f"char={start},{start + 7}"
    assert quote_at(body, PLAIN, place) == "€52\u00a0600"


@pytest.mark.parametrize("locator", ["char=5,900", "char=3", "line=4", "", "char=9,2"])
def test_a_place_that_is_not_there_is_an_error(locator: str):
    """A locator of another snapshot never gives some other text."""
    with pytest.raises(PayproofError, match="does not exist"):
        quotes_at(b"Pay is $5.", PLAIN, [locator])
