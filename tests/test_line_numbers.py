"""Texts whose lines are counted in the margin."""

import pytest

from pipeline.extract.line_numbers import FEWEST, mask_line_numbers
from tests.test_extract_tables import claims

LINES = [
    "the least pay of a teacher shall be thirty-two",
    "thousand dollars a year. Clerks of the court earn thirty-",
    "five thousand dollars a year. Guards earn forty thousand",
    "dollars a year. Cooks earn $31,000 a year,",
    "and nothing in this part",
]


def number(lines: list[str], first: int = 1) -> str:
    """Lines with their numbers before them."""
    return "\n".join(f"{n} {line}" for n, line in enumerate(lines, first))


def test_sums_in_words_run_on_over_the_numbers_of_lines() -> None:
    """`thirty-two` over `2 thousand dollars` is 32,000, and 2,000 stands nowhere."""
    page = "Pay of teachers\n\n" + number(LINES + ["shall bind anybody"] * 9)
    found = [c["value"] for c in claims(page, "page.txt")]
    assert found == [32000, 35000, 40000, 31000]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (number(["words"] * FEWEST), True),
        (number(["words"] * FEWEST, 31), True),
        (number(["words"] * FEWEST).replace("\n", "\n\n"), True),
        # A short list, numbers that skip, figures in the middle of lines: no margin.
        (number(["words"] * (FEWEST - 1)), False),
        ("\n".join(f"{2 * n} words" for n in range(30)), False),
        ("\n".join(f"Room {n} words" for n in range(30)), False),
        ("", False),
    ],
)
def test_only_lines_that_count_on_are_masked(text: str, masked: bool) -> None:
    """And no character moves."""
    told = mask_line_numbers(text)
    assert len(told) == len(text)
    assert (told != text) is masked
    assert not masked or not any(c.isdigit() for c in told)
