"""Markdown and plain text become blocks by their marks and their layout."""

import pytest
from reading import MARKDOWN, PLAIN, block, document, heads, words

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
