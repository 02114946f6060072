"""Work grows with the page and not with its square: counted, not timed.

`tests/faults/growth.py` measures the seconds of the same shapes at larger sizes.
"""

import cProfile
from pathlib import Path

import pytest
from faults.page_shapes import SHAPES, html

from pipeline.core.errors import PayproofError
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract_rows
from pipeline.read import detect_media_type, read
from pipeline.read.read_limits import reading_with

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
SMALL = 1500  # bytes; four times as many may take four times the work, and a fifth more
MOST = 4.8
# Every second shape, and those that once grew with the square; all of them are measured
# by growth.py.
ONCE_SQUARE = {
    *("one wide row.html", "head rows.html", "struck out.html", "attributes.html"),
    *(
        "JSON-LD objects.html",
        "JSON keys.html",
        "table rows.html",
        "spanning cells.html",
    ),
}
UNEVEN = {"tables in tables.html", "nested tags.html"}  # other parts when they grow
TRIED = [
    name
    for n, name in enumerate(SHAPES)
    if name in ONCE_SQUARE or (n % 2 and name not in UNEVEN)
]


def count_calls(name: str, body: bytes) -> int:
    """How many functions are called to read a page and extract its claims."""
    counter = cProfile.Profile()
    with reading_with(WORDS):
        counter.enable()
        try:
            document = read(body, detect_media_type(name, body), where=name)
            extract_rows(document, WORDS, source="page", snapshot="0" * 12)
        except PayproofError:
            pass  # nested deeper than is read
        finally:
            counter.disable()
    return sum(entry.callcount for entry in counter.getstats())


@pytest.fixture(scope="module", autouse=True)
def fixture_opened() -> None:
    """Tables of words are opened once; that is no work of a page."""
    for name in ("a.html", "a.txt"):
        count_calls(name, SHAPES["sections.html"](SMALL))


@pytest.mark.slow
@pytest.mark.parametrize("name", TRIED)
def test_four_times_the_page_is_four_times_the_work(name: str):
    """Of any shape: tables, lists, links, tags, data, headings, figures, long lines."""
    small, large = (count_calls(name, SHAPES[name](n * SMALL)) for n in (1, 4))
    assert large <= MOST * small, (small, large)


@pytest.mark.slow
def test_what_grows_with_the_square_would_be_seen(monkeypatch):
    """The measure can fail: a rule that holds each figure against all others."""
    real = __import__("pipeline.extract.document_figures", fromlist=["x"])
    kept = real.set_aside_by_group

    def compare_all(page, drafts):
        kept(page, [*drafts])
        for one in drafts:  # calls are what is counted: cheap ones, a few for each two
            for other in drafts:
                any(map(id, (one, other, one, other)))
                any(map(id, (one, other, one, other)))
                sum(map(len, ("", "", "", "", "", "", "", "")))
                sum(map(len, ("", "", "", "", "", "", "", "")))

    monkeypatch.setattr(real, "set_aside_by_group", compare_all)
    shape = html(lambda n: f"<p>Coders earn ${40 + n % 50},000 a year.")
    small, large = (count_calls("a.html", shape(n * SMALL)) for n in (1, 4))
    assert large > MOST * small


def test_the_shapes_are_many():
    """Thirty and more, of every kind of page."""
    assert len(TRIED) >= 30
    assert set(SHAPES) >= ONCE_SQUARE
    assert {name.rpartition(".")[2] for name in SHAPES} == {"html", "md", "txt"}
