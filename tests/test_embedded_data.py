"""Pay in data: JSON-LD, microdata, RDFa, the state of scripts and files of JSON."""

import cProfile
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from reading import HTML, page

from pipeline.core.errors import Damaged, TooLarge
from pipeline.core.model import Datum, Document
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import (
    Extraction,
    extract,
    measure_coverage,
    posting_facts,
)
from pipeline.extract.embedded_jobs import read_date
from pipeline.read import detect_media_type, read, read_quotes
from pipeline.read.json.string_text import read_string

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
EXAMPLES = ROOT / "tests" / "embedded_examples.txt"
WRAP = {
    "page": "<html><body>{}</body></html>",
    "json_ld": '<p>x</p><script type="application/ld+json">{}</script>',
    "state": '<p>x</p><script type="application/json">{}</script>',
    "file": "{}",
}


class Example(NamedTuple):
    """One record of the table."""

    name: str
    form: str
    data: str
    claims: list[str]
    unread: int


def list_examples() -> Iterator[Example]:
    """The records of tests/embedded_examples.txt."""
    for record in EXAMPLES.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, form, data, *rest = record.rstrip("\n").split("\n")
        told = [line[3:] for line in rest if line.startswith("=> ")]
        count = sum(int(line[7:]) for line in rest if line.startswith("unread "))
        yield Example(name, form, data, told, count)


def read_data(form: str, data: str) -> tuple[bytes, Document, Extraction]:
    """What a page or file with the data comes to; each quote stands at its place."""
    name = "data.json" if form == "file" else "page.html"
    body = WRAP[form].replace("{}", data, 1).encode()
    media_type = detect_media_type(name, body)
    document = read(body, media_type, where=name)
    found = extract(document, WORDS, source="page", snapshot="0" * 12)
    assert found.faults == ()
    places = found.claims["locator"].to_list()
    assert read_quotes(body, media_type, places) == found.claims["quote"].to_list()
    return body, document, found


def describe(row: dict[str, Any]) -> str:
    """A claim as the table writes it."""
    ends = [row["low"], row["high"]]
    amounts = ["" if n is None else f"{n.normalize():f}" for n in (row["value"], *ends)]
    amount = amounts[0] or "..".join(amounts[1:])
    about = (row["kind"], amount, row["currency"], row["period"] or "-")
    of = ("occupation", "area", "reference_period", "employer_type")
    first = " ".join([row["structure"], *map(str, about), row["statistic"]])
    return "; ".join([first, *(row[name] or "-" for name in of)])


@pytest.mark.parametrize("example", list_examples(), ids=lambda e: e.name)
def test_data_come_to_the_claims_of_the_table(example: Example):
    """Every record: its claims in their order, and what is counted as not read."""
    _, document, found = read_data(example.form, example.data)

    assert [describe(row) for row in found.claims.to_dicts()] == example.claims
    assert len(found.unread_data) == example.unread
    said = str(measure_coverage(found, document, WORDS))
    assert ("of its data not read" in said) == bool(example.unread)


def test_a_tag_and_its_text_are_one_value_with_its_place():
    """An item becomes JSON; a value knows where the page shows it."""
    html = (
        '<div itemscope itemtype="http://schema.org/JobPosting">'
        '<b itemprop="title">Roof "A"</b> <i itemprop="skills">a</i>'
        '<i itemprop="skills">b</i><meta itemprop="url" content="/x"></div>'
    )
    found = page(html)

    assert [(d.form, d.pointer, d.value) for d in found.data] == [
        ("microdata", "/@type", "JobPosting"),
        ("microdata", "/title", 'Roof "A"'),
        ("microdata", "/skills/0", "a"),
        ("microdata", "/skills/1", "b"),
        ("microdata", "/url", "/x"),
    ]
    title = found.data[1]
    assert title.shown is not None
    assert found.text[slice(*title.shown)] == 'Roof "A"'
    assert title.raw == r"Roof \"A\""
    assert found.scripts[0][title.start :].startswith(title.raw)
    assert read_quotes(html.encode(), HTML, ["script=0;/title"]) == [title.raw]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<meta property="og:title" content="a"><p itemprop="x">b</p>', []),
        ('<p typeof="foaf:Person" property="foaf:name">b</p>', []),
        (
            '<p itemscope itemtype="https://example.org/Job"><b itemprop="x">a</b></p>',
            [],
        ),
        ('<p typeof="schema:Thing"><b property="schema:name">a</b></p>', ["Thing a"]),
        ('<p typeof="http://schema.org/Thing" resource="#">a</p>', ["Thing"]),
    ],
)
def test_only_items_in_the_words_of_schema_org_are_data(html: str, said: list[str]):
    """Open Graph and other vocabularies are none; a prefix is no part of a name."""
    scripts = [json.loads(text) for text in page(html).scripts]
    assert [" ".join(item.values()) for item in scripts] == said


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"\u00a315.30", "£15.30"),
        (r"a\/b\"c\"\\", 'a/b"c"\\'),
        (r"\ud83d\udcb0 pay", "💰 pay"),
        (r"cut \ud83d short", "cut  short"),
        ("<b>$24</b>&nbsp;&ndash;&nbsp;$32", "$24\xa0–\xa0$32"),
        ("<p>one</p><p>two</p>", "\none\n\ntwo\n"),
        ("&lt;b&gt;R&amp;amp;D&lt;/b&gt;", "R&D"),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
    ],
)
def test_a_string_is_read_as_people_see_it(raw: str, text: str):
    """Escapes and markup, even where they are escaped once more."""
    found = read_string(raw)
    assert found.text == text
    for at, character in enumerate(found.text):
        start, end = found.find_span(at, at + 1)
        assert 0 <= start < end <= len(raw)
        assert character in raw[start:end] or re.match(r"[\\&<]", raw[start:end])


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        (b'{"a": ', Damaged, "no JSON"),
        (b"[1] [2]", Damaged, "more than one"),
        (b'{"a": "\xff"}', Damaged, "UTF-8"),
        (b"[" + b"1," * 300_000 + b"1]", TooLarge, "values"),
    ],
)
def test_a_file_of_json_that_cannot_be_read_is_loud(body, error, said):
    """Broken, two values, not text, or a catalogue."""
    with pytest.raises(error, match=said):
        read(body, detect_media_type("a.json", body), where="a.json")


def test_a_file_that_only_has_the_ending_is_text():
    """Notes that somebody called `.json`."""
    assert detect_media_type("notes.json", b"Welders earn $20.") == "text/plain"


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ('<script type="application/json">{"a": 1, </script>', "script 1"),
        (
            '<b itemscope itemprop="a" itemtype="http://schema.org/Thing">' * 90,
            "nested deeper",
        ),
        pytest.param(
            '<i itemscope itemtype="http://schema.org/Thing"></i>' * 50_001,
            "more than 50,000",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_is_passed_over_is_told_in_the_coverage_line(html: str, note: str):
    """A script that is cut, tags in tags without end, more than a page can mean."""
    document = page(f"<p>x</p>{html}")
    assert len(document.data) <= 50_000
    found = extract(document, WORDS, source="page", snapshot="0" * 12)
    assert note in str(measure_coverage(found, document, WORDS))


def test_many_references_to_many_properties_are_bounded():
    """Three thousand items that each name the same thousand properties."""
    tags = '<i itemprop="x">1</i>' * 1000
    item = (
        f'<i itemscope itemtype="http://schema.org/Thing" itemref="{"a " * 300}"></i>'
    )
    document = page(f'<div id="a">{tags}</div>{item * 3000}')
    assert len(document.data) <= 50_000


def test_an_offset_of_a_part_leads_to_the_escaped_characters():
    """A quote within a text is what stands in the bytes, escapes and all."""
    _, _, found = read_data(
        "file", r'{"title": "Mason", "pay": "\u20ac21 \u2013 \u20ac24 an hour"}'
    )
    assert found.claims["quote"].to_list() == [r"\u20ac21 \u2013 \u20ac24"]
    assert found.claims["locator"].to_list() == ["script=0;char=0,24;/pay"]


@pytest.mark.parametrize(
    ("value", "month"),
    [
        ("2025-03-04T10:00:00Z", "2025-03"),
        ("Posted on October 02, 2026", "2026-10"),
        ("Fri Aug 21 00:00:00 UTC 2026", "2026-08"),
        ("31.10.2024", "2024-10"),
        ("03/04/2025", "2025"),
        (1733119200000, "2024-12"),
        (1733119200, "2024-12"),
        (2023, "2023"),
        (17, ""),
        (True, ""),
        ("soon", ""),
    ],
)
def test_a_date_in_data_is_a_month_or_a_year(value: str | int, month: str):
    """By ISO 8601, in words, by numbers, and as seconds and milliseconds."""
    assert read_date(Datum("/datePosted", 0, "json_ld", value, str(value), 0)) == month


def count_posting_calls(count: int) -> int:
    """How many calls it takes to hold so many postings against the page's words."""
    jobs = [
        {
            "@type": "JobPosting",
            "title": f"Painter {n}",
            "baseSalary": {"value": {"value": 30 + n, "unitText": "HOUR"}},
        }
        for n in range(count)
    ]
    words = "".join(
        f"<h2>Painter {n}</h2><p>The pay is ${30 + n} an hour.</p>"
        for n in range(count)
    )
    document = page(words + WRAP["json_ld"].format(json.dumps({"@graph": jobs})))
    counter = cProfile.Profile()
    counter.enable()
    found = extract(document, WORDS, source="page", snapshot="0" * 12)
    counter.disable()
    assert found.claims.height == 2 * count
    return sum(
        entry.callcount
        for entry in counter.getstats()
        if getattr(entry.code, "co_filename", "") == posting_facts.__file__
    )


def test_four_times_the_postings_are_four_times_the_work():
    """Not every posting is held against every figure of the page's words."""
    few, many = count_posting_calls(10), count_posting_calls(40)
    assert many <= 5 * few, (few, many)
