"""HTML pages become the text a reader sees, in blocks, with their places."""

import json
import os
from pathlib import Path

import pytest

from pipeline.errors import Damaged
from pipeline.model import Block, Document
from pipeline.read import locate, locate_datum, quotes_at, read
from pipeline.read.embedded import JSON_TYPES

HTML = "text/html"
SHARED = Path(
    os.environ.get("PAYPROOF_SHARED") or Path(__file__).resolve().parents[2] / "shared"
)


def page(html: str) -> Document:
    """Read a page."""
    return read(html.encode(), HTML, where="page.html")


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
    ("html", "text"),
    [
        ("<p>Pay is $<b>52,600</b>.", "Pay is $52,600."),
        ("<p>Pay <i> is </i> \n $5", "Pay is $5"),
        ("<p>$5<sup>1</sup> a</p>", "$51 a"),
        ("<p>$52&nbsp;600 &ndash; $53&thinsp;700</p>", "$52\u00a0600 – $53\u2009700"),
        ("<p>equip&shy;ment&#8203;</p>", "equip\u00adment\u200b"),
        ("<p>a<br>b<br/> c</p>", "a\nb\nc"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("<table><tr><td>a<td><p>b</p><td>c<tr><td>d</table>", "a\tb\tc\nd"),
        ("<title>T &amp; U</title><style>x</style><script>y</script><p>a", "T & U\na"),
        ("<p>a<!-- $9 -->b</p>", "ab"),
        ("<p>&#150;&#36;5", "–$5"),
        ("<html><body><p>a</p></body></html><p>late $5", "a\nlate $5"),
        ("<pre>a   b\n  c</pre>", "a   b\n  c"),
    ],
)
def test_the_text_is_what_a_reader_sees(html: str, text: str):
    """Inline tags leave nothing, block tags a line end, cells a tab."""
    assert page(html).text == text


def test_a_note_mark_and_a_struck_figure_keep_their_ranges():
    """They stand in the text as they are, and the extractor can cut there."""
    found = page("<p>Pay is $53,600<sup>1</sup>, not <del>$50,000</del>.</p>")

    assert [found.text[a:b] for a, b in found.marks] == ["1"]
    assert [found.text[a:b] for a, b in found.strikes] == ["$50,000"]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [(b'<meta charset="iso-8859-1">', "cp1252"), (b"", "cp1252")],
)
def test_a_page_in_latin_1_is_read_as_browsers_do(head: bytes, encoding: str):
    """Latin-1 means Windows-1252, declared or guessed."""
    found = read(head + b"<p>\xa325,000 \x96 \xa330,000", HTML, where="page")

    assert (found.text, found.encoding) == ("£25,000 – £30,000", encoding)


TABLE = """
<p>Lead in:</p>
<table><caption>Pay by state</caption>
<thead><tr><th rowspan=2>State<th colspan=2>Pay, 2024</tr><tr><th>Hour<th>Year</tr>
<tbody><tr><td colspan=3>Midwest
<tr><td rowspan=2>Ohio<td>$20.10<td>$41,000
<tr><td>$21.10<td>$42,000
<tr><td colspan=3>South
<tr><th scope=row>Texas<td>$19.10<td>$40,000<br>($38,000 rural)
<tfoot><tr><td colspan=3>Source: a survey.</table>
<p>* Without tips.</p><p>The table shows pay.</p>
"""


def test_spans_and_rows_of_heads_are_resolved():
    """Each figure has its row labels, its group and both head rows."""
    found = page(TABLE)

    assert heads(found, "$41,000") == (["Midwest", "Ohio"], ["Pay, 2024", "Year"])
    assert heads(found, "$21.10") == (["Midwest", "Ohio"], ["Pay, 2024", "Hour"])
    assert heads(found, "$40,000")[0] == ["South", "Texas"]
    assert (
        found.text[block(found, "$40,000").start :][:25]
        == "$40,000\n($38,000 rural)\nS"
    )
    assert words(found, (block(found, "$19.10").lead_in,)) == ["Pay by state"]
    assert words(found, (block(found, "Pay by state").lead_in,)) == ["Lead in:"]


def test_notes_under_a_table_belong_to_it():
    """A foot's lone cell and a paragraph with a mark are footnotes; prose is not."""
    found = page(TABLE)

    assert [b.kind for b in found.blocks[-3:]] == ["footnote", "footnote", "paragraph"]
    assert block(found, "Without tips").table == 0


def test_a_table_without_th_is_headed_by_its_first_row_without_figures():
    """Years name columns; `0-1` and `15+` before pay name rows."""
    found = page(
        "<table><tr><td>Years<td>2023<td>2024<tr><td>0-1<td>$41,000<td>$42,000"
        "<tr><td>15+<td>$61,000<td>$62,000</table>"
    )

    assert heads(found, "$42,000") == (["0-1"], ["2024"])
    assert heads(found, "$61,000") == (["15+"], ["2023"])


def test_a_table_that_begins_again_to_the_right_has_its_own_row_heads():
    """`State | Pay | State | Pay`: the figure's state is the one beside it."""
    found = page(
        "<table><tr><th>State<th>Pay<th>State<th>Pay"
        "<tr><td>Ohio<td>$41,000<td>Utah<td>$42,000</table>"
    )

    assert heads(found, "$41,000") == (["Ohio"], ["Pay"])
    assert heads(found, "$42,000") == (["Utah"], ["Pay"])


def test_percentiles_head_columns_of_pay():
    """A first row of percents over money is a row of heads."""
    found = page(
        "<table><tr><td>Percentile<td>10%<td>50%<tr><td>Year<td>$1<td>$2</table>"
    )

    assert heads(found, "$2") == (["Year"], ["50%"])


def test_a_table_of_roles_is_a_table():
    """ARIA's table, row, columnheader and cell stand for the tags."""
    found = page(
        "<div role=table><div role=row><span role=columnheader>State</span>"
        "<span role=columnheader>Mean</span></div><div role=row>"
        "<span role=cell>Ohio</span><span role=cell>$41,000</span></div></div>"
    )

    assert heads(found, "$41,000") == (["Ohio"], ["Mean"])


def test_a_table_that_lays_out_the_page_is_no_table():
    """Cells that hold headings or tables are places on the page."""
    found = page("<table><tr><td><h2>Pay</h2><p>It is $5.<td><p>More</table>")

    assert {b.table for b in found.blocks} == {None}
    assert block(found, "$5").section == ("Pay",)


LISTS = """
<h1>Pay</h1><h2>Levers</h2><p>By setting:</p>
<ul><li>Hospital: $62,300<ul><li>teaching: $81,000</li></ul></li>
<li>Office: $50,900</li></ul>
<dl><dt>CPC</dt><dd>Average $62,140.</dd></dl>
<div class="row"><div>Median pay</div><div>$52,000 a year</div></div>
<p><strong>Texas</strong></p><p>Mean $49,000.</p>
<details><summary>How much?</summary><p>$32.14 an hour.</p></details>
<blockquote><p>I am at $34.60.</p></blockquote>
<figure><table><tr><td>East<td>$61,000<tr><td>West<td>$66,000</table>
<figcaption>By region</figcaption></figure>
<pre>Role      Pay
Clerk     $40,000
Auditor   $80,000</pre>
"""


def test_lists_terms_pairs_and_summaries_lead_in_their_figures():
    """Each figure is led in or headed by the words that scope it."""
    found = page(LISTS)

    def lead(figure: str) -> list[str]:
        return words(found, (block(found, figure).lead_in,))

    assert lead("$62,300") == lead("$50,900") == ["By setting:"]
    assert lead("$81,000") == ["Hospital: $62,300"]
    assert block(found, "$81,000").level == 2
    assert lead("$62,140") == ["CPC"]
    assert lead("$52,000") == ["Median pay"]
    assert block(found, "$49,000").section == ("Pay", "Levers", "Texas")
    assert block(found, "$32.14").section[-1] == "How much?"
    assert block(found, "$34.60").quoted
    assert lead("$61,000") == ["By region"]
    assert heads(found, "$80,000") == (["Auditor"], ["Pay"])


def test_lines_that_are_entries_stand_apart():
    """`<br>` between labels and figures divides; in a sentence it does not."""
    entries = page("<p>By state:</p><p>Ohio: $47,900<br>Utah: $46,800</p>")
    sentence = page("<p>In Ohio the mean was<br>$47,900 last year.</p>")

    assert words(entries, (block(entries, "Utah").lead_in,)) == ["By state:"]
    assert entries.text[block(entries, "Utah").start :] == "Utah: $46,800"
    assert len(sentence.blocks) == 1


FURNITURE = """
<html lang="en-GB"><head><title>Pay</title>
<link rel=canonical href="https://x.example/pay">
<meta property="article:published_time" content="2025-03-04T10:00:00Z"></head>
<body class="has-sidebar"><div id="cookieBar"><p>142 partners</p></div>
<div id="header"><p>Logo</p></div>
<header class="site-header"><nav><a>Plus $29</a></nav></header>
<div class="page-header"><h1>What it pays</h1></div>
<main><p>It pays $52,000.</p><header><p>Inside</p></header>
<div class="ad-slot"><p>Prep for $1,299</p></div>
<aside><p>A callout of $53,000</p></aside>
<h2>Related articles</h2><p>A $9,500 loan</p></main>
<div class="comments-area"><h2>Comments</h2><p>I make $9</p></div>
<noscript>No script</noscript><footer><p>(614) 555-0148</p></footer></body></html>
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("142 partners", "cookies"),
        ("Logo", "header"),
        ("Plus $29", "navigation"),
        ("What it pays", None),
        ("$52,000", None),
        ("Inside", None),
        ("$1,299", "advert"),
        ("$53,000", None),
        ("$9,500", "related"),
        ("I make $9", "comments"),
        ("No script", "hidden"),
        ("(614)", "footer"),
    ],
)
def test_furniture_is_marked_and_never_lost(text: str, kind: str | None):
    """What surrounds the page is told by tag, role, class and heading."""
    assert block(page(FURNITURE), text).furniture == kind


def test_the_head_gives_language_date_and_address():
    """They come from the page's own metadata alone."""
    found = page(FURNITURE)

    assert found.language == "en-GB"
    assert found.published == "2025-03-04"
    assert found.url == "https://x.example/pay"
    assert found.title == "Pay"


SCRIPTS = """<title>T</title><p>x</p>
<script type="application/ld+json">{"@type": "Occupation", /* c */
"datePublished": "2024-05-01", "pay": [{"median": "52000", "p~/": 1.50,}]}</script>
<script>var f = {b: function () {}}; window.__S__ = {'a': [1, {b: null}]};</script>
<script type="application/json">{"cut": [1, </script>
<script type="application/json">{"ok": "a\\u00a35"}</script>"""


def test_embedded_data_has_pointers_and_exact_characters():
    """JSON-LD, JSON scripts and assigned literals; what cannot be read is noted."""
    found = page(SCRIPTS)
    data = {(d.script, d.pointer): (d.form, d.value, d.raw) for d in found.data}

    assert data == {
        (0, "/@type"): ("json_ld", "Occupation", "Occupation"),
        (0, "/datePublished"): ("json_ld", "2024-05-01", "2024-05-01"),
        (0, "/pay/0/median"): ("json_ld", "52000", "52000"),
        (0, "/pay/0/p~0~1"): ("json_ld", 1.5, "1.50"),
        (1, "/window.__S__/a/0"): ("json_state", 1, "1"),
        (1, "/window.__S__/a/1/b"): ("json_state", None, "null"),
        (2, "/ok"): ("json_state", "a£5", "a\\u00a35"),
    }
    for d in found.data:
        assert found.scripts[d.script][d.start :].startswith(d.raw)
    assert found.published == "2024-05-01"
    assert len(found.notes) == 1
    assert "script 3" in found.notes[0]
    assert "application/json" in JSON_TYPES


def test_json_that_nests_too_deep_is_noted_and_passed_over():
    """A thousand brackets cost nothing."""
    found = page(f'<p>a</p><script type="application/json">{"[" * 5000}</script>')

    assert found.data == ()
    assert "nested deeper" in found.notes[0]


def test_every_span_is_found_again_from_the_bytes():
    """Locators name the smallest element and count in its rendered text."""
    for html in (TABLE, LISTS, FURNITURE):
        found = page(html)
        spans = [(b.start, b.end) for b in found.blocks]
        spans += [(a, b) for a, _ in spans[::3] for _, b in spans[::4] if a < b]
        places = [locate(found, a, b) for a, b in spans]

        assert quotes_at(html.encode(), HTML, places) == [
            found.text[a:b] for a, b in spans
        ]
    found = page(LISTS)
    at = found.text.index("$62,300")
    assert locate(found, at, at + 7) == "xpath=/html/body/ul[1]/li[1];char=10,17"


def test_every_datum_is_found_again_from_the_bytes():
    """Whole, and in part."""
    found = page(SCRIPTS)
    places = [locate_datum(found, d) for d in found.data]
    part = locate_datum(found, found.data[1], 0, 4)

    assert quotes_at(SCRIPTS.encode(), HTML, [*places, part]) == [
        *[d.raw for d in found.data],
        "2024",
    ]


def test_deep_elements_are_named_by_one_at_a_bounded_depth():
    """A thousand levels: the place is still found, and its path stays short."""
    html = "<div>" * 1000 + "Pay is $5" + "</div>" * 1000 + "<p>$6</p>"
    found = page(html)
    places = [locate(found, found.text.index(f), len(found.text)) for f in ("$5", "$6")]

    assert max(map(len, places)) < 1200
    assert quotes_at(html.encode(), HTML, places) == ["$5\n$6", "$6"]


def test_a_nesting_bomb_is_damaged_and_not_half_read():
    """The parser gives up below some depth; the page is refused, in one sentence."""
    with pytest.raises(Damaged, match="nested deeper"):
        page("<div>" * 100_000 + "$5" + "</div>" * 100_000 + "<p>$6</p>")


@pytest.mark.parametrize("name", ["01_coder_pay_guide", "06_wagebench_inpatient_coder"])
def test_labelled_figures_stand_where_their_labels_say(name: str):
    """Offsets of the labels are offsets in our text, and each is in one block."""
    path = SHARED / "gold" / "dev" / f"{name}.html"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    found = read(path.read_bytes(), HTML, where=name)
    lines = (path.parent / f"{name}.gold.jsonl").read_text().splitlines()
    labels = [
        label for label in map(json.loads, lines) if "json" not in label["structure"]
    ]

    for label in labels:
        start, end = label["start"], label["end"]
        assert found.text[start:end] == label["quote"]
        assert sum(b.start <= start and end <= b.end for b in found.blocks) == 1
