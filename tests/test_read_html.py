"""HTML pages become the text a reader sees, in blocks, with their places."""

import json
import os
from pathlib import Path

import pytest
from reading import HTML, block, heads, page, words

from pipeline.core.errors import Damaged
from pipeline.read import locate_span, read, read_quotes

SHARED = Path(
    os.environ.get("PAYPROOF_SHARED") or Path(__file__).resolve().parents[2] / "shared"
)


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


def test_sections_named_for_their_subject_are_not_furniture():
    """An id made of a heading's words says what the section is about."""
    html = '<h1>T</h1><section id="social-workers"><h2 id="legal">L</h2><p>$5</section>'

    assert block(page(html), "$5").furniture is None
    assert block(page(html), "L").furniture is None


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


def test_every_span_is_found_again_from_the_bytes():
    """Locators name the smallest element and count in its rendered text."""
    for html in (LISTS, FURNITURE):
        found = page(html)
        spans = [(b.start, b.end) for b in found.blocks]
        spans += [(a, b) for a, _ in spans[::3] for _, b in spans[::4] if a < b]
        places = [locate_span(found, a, b) for a, b in spans]

        assert read_quotes(html.encode(), HTML, places) == [
            found.text[a:b] for a, b in spans
        ]
    found = page(LISTS)
    at = found.text.index("$62,300")
    assert locate_span(found, at, at + 7) == "xpath=/html/body/ul[1]/li[1];char=10,17"


def test_deep_elements_are_named_by_one_at_a_bounded_depth():
    """A thousand levels: the place is still found, and its path stays short."""
    html = "<div>" * 1000 + "Pay is $5" + "</div>" * 1000 + "<p>$6</p>"
    found = page(html)
    places = [
        locate_span(found, found.text.index(f), len(found.text)) for f in ("$5", "$6")
    ]

    assert max(map(len, places)) < 1200
    assert read_quotes(html.encode(), HTML, places) == ["$5\n$6", "$6"]


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
