"""Numbers joined into ranges, or left apart, by a table of examples."""

import csv
from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract.gazetteer import get_gazetteer
from pipeline.extract.number_ranges import Figure, join_numbers
from pipeline.extract.numbers import find_numbers

ROOT = Path(__file__).resolve().parents[1]
WORDS = get_gazetteer(open_vocabulary(ROOT / "vocabularies"))
with (ROOT / "tests" / "range_examples.csv").open(encoding="utf-8") as file:
    EXAMPLES = [row for row in csv.reader(file) if row][1:]


def tell_figure(figure: Figure) -> str:
    """Write a figure: `52000`, `24..31`, `3..5%`, a bare one in brackets."""
    ends = (figure.low, figure.high)
    point = figure.value is not None
    text = (
        f"{figure.value:.10g}" if point else "..".join(f"{e:.10g}" for e in ends if e)
    )
    if figure.unit == "bare":
        return f"({text})"
    return text + ("%" if figure.unit == "percent" else "")


@pytest.mark.parametrize(("written", "expected"), EXAMPLES)
def test_a_text_gives_its_figures(written: str, expected: str):
    """Both ends or two points, never one end, never over the edge of a cell."""
    text = written.replace("\\t", "\t")
    found = join_numbers(text, find_numbers(text, WORDS.money), WORDS)
    assert " ".join(map(tell_figure, found)) == expected
    assert all(f.low is None or f.high is None or f.low <= f.high for f in found)
