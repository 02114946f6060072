"""Extract on hostile input: linear time, and never a traceback."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.errors import PayproofError
from pipeline.core.model import Block, Document
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, extract_rows, find_lost_figures
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = open_vocabulary(ROOT / "vocabularies")
PAGES = sorted(
    path
    for path in (ROOT / "tests" / "pages").iterdir()
    if path.suffix in (".html", ".md", ".txt")
)
MEGABYTE = 1_000_000


def one_block(text: str) -> Document:
    """A text as a document of one paragraph."""
    return Document(text, (Block("paragraph", 0, len(text)),), "text/plain")


def hostile() -> dict[str, str]:
    """A megabyte of what could make a careless pattern run for ever."""
    rng = random.Random(1)
    words = ("pay", "salary", "and", "more", "the", "hour", "in", "nurse", "to", "of")
    return {
        "digits": "1" * MEGABYTE,
        "dollars": "$" * MEGABYTE,
        "dashes": "-" * MEGABYTE,
        "glued sums": "$1" * (MEGABYTE // 12),
        "sums and dashes": "$1-" * (MEGABYTE // 12),
        "digits and commas": "1," * (MEGABYTE // 2),
        "digits, dollars and dashes": "".join(rng.choices("$1-,. ", k=MEGABYTE)),
        "random words": " ".join(rng.choices(words, k=MEGABYTE // 5)),
    }


@pytest.mark.slow
@pytest.mark.parametrize(("name", "text"), hostile().items(), ids=lambda x: str(x)[:26])
def test_a_megabyte_of_noise_comes_to_an_end(name: str, text: str) -> None:
    """A pattern that goes back without bound would still be at it tomorrow."""
    made, aside, _ = extract_rows(
        one_block(text), VOCABULARY, source="page", snapshot="0" * 12
    )
    assert bool(made or aside) == ("$" in text and "1" in text), name


PIECES = st.sampled_from(
    [
        "$", "£", "€", "1", "50,000", "52.5", "K", "-", "–", " to ", "%", " percent ",
        " more ", " a year", "/hr", "(", ")", ".", ";", ":", "\n", "|", " average ",
        " the lowest 10 percent ", " according to ", "BLS", " in Ohio ", " between ",
        " and ", "CPC", "mid-50s", " six figures ", " respectively", "?", "“", "I ",
        " bonus ", " tuition ", " MXN", "ALL ", "₺", " kr", "QQ$", "±", "+",
        "\u00a0", "０", "²", "ﬁ", "\U0001f4b0", "İ",
    ]
)  # fmt: skip


@pytest.mark.slow
@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_text_ends_in_claims_and_figures_set_aside(text: str) -> None:
    """Whatever stands together, every figure is accounted for."""
    document = one_block(text)
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    assert find_lost_figures(found, document, VOCABULARY) == []


@pytest.mark.slow
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_page_ends_in_claims_or_one_clear_error(data: st.DataObject) -> None:
    """Cut, doubled and overwritten pages of every kind."""
    path = data.draw(st.sampled_from(PAGES))
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, max(0, len(body) - 1)))
        end = min(len(body), at + data.draw(st.integers(0, 400)))
        body[at:end] = data.draw(st.binary(max_size=20)) + bytes(body[at:end][::2])
    media = {"html": "text/html", "md": "text/markdown"}.get(path.suffix[1:])
    try:
        document = read(bytes(body), media or "text/plain", where=path.name)
        found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    except PayproofError:
        return
    assert find_lost_figures(found, document, VOCABULARY) == []
