"""Extract: pay that moves, pay by the piece, columns of costs, forum thousands."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module", name="words")
def fixture_words() -> Vocabulary:
    """The vocabularies of the repository."""
    return open_vocabulary(ROOT / "vocabularies")


def claims(words: Vocabulary, text: str) -> list[dict[str, Any]]:
    """Claims of a page in Markdown under a heading about pay."""
    document = read(
        f"# Glazier pay\n\n{text}\n".encode(), "text/markdown", where="x.md"
    )
    out = extract(document, words, source="x", snapshot="0" * 12).claims
    return list(out.iter_rows(named=True))


def said(words: Vocabulary, text: str) -> list[tuple[str, float | None, float | None]]:
    """Kind, value and low bound of each claim."""
    return [
        (
            row["kind"],
            None if row["value"] is None else float(row["value"]),
            None if row["low"] is None else float(row["low"]),
        )
        for row in claims(words, text)
    ]


def test_pay_that_rose_from_one_figure_to_another_is_two_figures(
    words: Vocabulary,
) -> None:
    """What it was and what it became are no range, and the first is no floor."""
    text = "The new contract lifted the top rate from $31.10 an hour to $33.40 an hour."
    assert said(words, text) == [
        ("pay_level", 31.10, None),
        ("pay_level", 33.40, None),
    ]


def test_a_rise_by_one_sum_to_another_is_no_range(words: Vocabulary) -> None:
    """By how much it rises, and what it rises to."""
    found = said(words, "The night premium rises by 30 cents to $1.80 an hour.")
    assert [value for _, value, _ in found] == [0.30, 1.80]


def test_pay_that_runs_from_one_figure_to_another_stays_a_range(
    words: Vocabulary,
) -> None:
    """A span of pay is one figure."""
    text = "Hourly pay runs from $19 to $31."
    assert said(words, text) == [("pay_level", None, 19.0)]


def test_columns_of_costs_hold_no_pay_and_what_is_left_does(words: Vocabulary) -> None:
    """`Fuel` is spent, `Net` is earned."""
    heads = "| Route | Gross | Fuel | Net |\n|---|---|---|---|\n"
    text = heads + "| North | $900 | $120 | $780 |"
    assert [kind for kind, _, _ in said(words, text)] == [
        "pay_level",
        "cost",
        "pay_level",
    ]


def test_a_price_for_a_piece_named_before_it_is_no_level_of_pay(
    words: Vocabulary,
) -> None:
    """`per order:` says so as well as `an order` behind the sum."""
    kinds = [kind for kind, _, _ in said(words, "- Base pay per order: $3.10 to $4.40")]
    assert "pay_level" not in kinds
    assert "pay_level" not in [
        k for k, _, _ in said(words, "We get paid $70 a square.")
    ]


def test_thousands_without_a_sign_are_money_where_pay_is_told(
    words: Vocabulary,
) -> None:
    """`started at 50k` is pay; `40k miles` is not."""
    text = "I started at 48k, now at 71k base and a 4-6k bonus. I drove 40k miles."
    assert said(words, text) == [
        ("pay_level", 48000.0, None),
        ("pay_level", 71000.0, None),
        ("bonus", None, 4000.0),
    ]


def test_cents_for_each_dollar_compare_and_pay_nobody(words: Vocabulary) -> None:
    """A ratio of pay in cents."""
    found = said(words, "Women earned 84 cents for each dollar that men earned.")
    assert [kind for kind, _, _ in found] == ["other"]


def test_a_rise_in_percent_said_again_in_money_is_a_rise(words: Vocabulary) -> None:
    """`or about $210 a week` after a percent is the same difference."""
    text = "Wages have risen 14 per cent since 2022, or about $210 a week."
    assert [kind for kind, _, _ in said(words, text)] == [
        "pay_delta_rel",
        "pay_delta_abs",
    ]


def test_what_rates_mean_is_no_mean(words: Vocabulary) -> None:
    """The verb in a heading lends no statistic."""
    text = "## What the new rates mean\n\n- Level 1 pay: $29.10 an hour"
    assert [row["statistic"] for row in claims(words, text)] == ["unspecified"]


def test_a_graded_certificate_is_schooling(words: Vocabulary) -> None:
    """`Certificate III` is a course, not a credential."""
    text = "With a Certificate III you earn $33.08 an hour."
    assert [row["credential"] for row in claims(words, text)] == [None]


def test_raises_are_of_pay_after_a_sentence_about_bonuses(words: Vocabulary) -> None:
    """The subject of a sentence goes before that of the one before."""
    text = "The average bonus was $9,100. Raises averaged 3.6%."
    assert [kind for kind, _, _ in said(words, text)] == ["bonus", "pay_delta_rel"]


def test_a_first_column_of_weeks_says_what_span_its_rows_are_for(
    words: Vocabulary,
) -> None:
    """Each row under `Week` is one week."""
    text = "| Week | Hours | Net |\n|---|---|---|\n| Slow | 31 | $480 |"
    assert [row["period"] for row in claims(words, text)] == ["week"]
