"""Extract: figures, kinds, scope and bounds, by cases in our own words."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.core.model import Block, Document
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract, find_lost_figures
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOT = "0" * 12


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    """The project's vocabularies, opened once."""
    return open_vocabulary(ROOT / "vocabularies")


def claims_of(text: str, words: Vocabulary, media: str = "text/plain") -> pl.DataFrame:
    """Claims of a short text."""
    document = read(text.encode(), media, where="case")
    return extract(document, words, source="case", snapshot=SNAPSHOT).claims


def only(text: str, words: Vocabulary, media: str = "text/plain") -> dict[str, Any]:
    """The one claim of a short text."""
    return claims_of(text, words, media).row(0, named=True)


def pay(text: str, words: Vocabulary) -> list[tuple[object, ...]]:
    """Value, low and high of the pay levels of a text."""
    frame = claims_of(text, words).filter(pl.col("kind") == "pay_level")
    return [
        tuple(None if cell is None else float(cell) for cell in row)
        for row in frame.select("value", "low", "high").iter_rows()
    ]


NUMBERS = {
    "Welders earn $23.40 an hour.": (23.4, None, None),
    "Welders earn $47k a year.": (47_000, None, None),
    "Welders earn $47.5 thousand a year.": (47_500, None, None),
    "Welders earn forty-seven thousand dollars a year.": (47_000, None, None),
    "Welders earn $47.312 annually.": (47_312, None, None),
    "Welders earn $4 7,312 a year.": (47_312, None, None),
    "Welders earn $47,3O0 a year.": (47_300, None, None),
    "Welders earn $47 312 a year.": (47_312, None, None),
    "Welders earn 47,312$ a year.": (47_312, None, None),
    "Welders earn $**47,312** a year.": (47_312, None, None),
    "Welders earn from $41-49K.": (None, 41_000, 49_000),
    "Welders earn $41-$49,000.": (None, 41_000, 49_000),
    "Welders earn between $41,000 and $49,000.": (None, 41_000, 49_000),
    "Pay runs from $49,000 down to $41,000.": (None, 41_000, 49_000),
    "Welders earn $22/hr - $31/hr.": (None, 22, 31),
    "Salaries are in the mid-40s.": (None, 43_000, 47_000),
    "Welders earn six figures.": (None, 100_000, None),
    "Welders earn $80,000+.": (None, 80_000, None),
    "Welders earn up to $80,000.": (None, None, 80_000),
    "Welders make about $50,000, give or take.": (50_000, None, None),
}


@pytest.mark.parametrize(("text", "bounds"), NUMBERS.items())
def test_a_figure_is_read_with_its_bounds(
    text: str, bounds: tuple[object, ...], words: Vocabulary
) -> None:
    """Multipliers, joiners, open ends, words and plain slips of the typist."""
    assert pay(text, words) == [bounds]


NO_PAY = {
    "The exam costs $425 and the book $80.": "costs",
    "Do not expect $100,000 in your first year.": "negated",
    "Is $90,000 realistic?": "a question",
    "A $50,000 salary in Ohio goes further than $60,000 in Boston.": "illustration",
    "Welders make $47,31 a year.": "a truncated group",
    "Welders make $S7,3OO a year.": "more than one slip",
    "She said, “I got a job that paid $70,000 when I moved.”": "a testimonial",
    "The firm had $40 million in revenue.": "revenue",
    "A $35 copay applies.": "a bill",
    "The federal minimum wage is $7.25 an hour.": "a legal floor",
    "The median for all workers was $48,060.": "another population",
    "Enroll now and save $300!": "an advert",
}


@pytest.mark.parametrize("text", NO_PAY)
def test_money_that_is_not_pay_gives_no_level(text: str, words: Vocabulary) -> None:
    """Costs, questions, illustrations, adverts and company money."""
    assert pay(text, words) == []


KINDS = {
    "Certified welders earn 12% more than others.": ("pay_delta_rel", 12, None),
    "A licence adds $3,000-$5,000 a year.": ("pay_delta_abs", None, 3000),
    "Nights pay an extra $2.25 an hour.": ("pay_delta_abs", 2.25, None),
    "Half of them got a bonus, on average $1,900.": ("bonus", 1900, None),
    "Employment is projected to grow 6% from 2023 to 2033.": ("outlook", 6, None),
    "Tuition runs $4,200.": ("cost", 4200, None),
    "31% of respondents work nights.": ("share", 31, None),
}


@pytest.mark.parametrize(("text", "want"), KINDS.items())
def test_the_kind_comes_from_the_nearest_word(
    text: str, want: tuple[str, object, object], words: Vocabulary
) -> None:
    """Differences, bonuses, outlooks, costs and shares are told apart."""
    claim = only(text, words)
    value, low = claim["value"], claim["low"]
    got = (value and float(value), low and float(low))
    assert (claim["kind"], *got) == want


def test_percentiles_in_words_are_points_not_bounds(words: Vocabulary) -> None:
    """`The lowest 10 percent earned less than` is the tenth percentile."""
    text = (
        "The lowest 10 percent earned less than $31,000, one in ten was above "
        "$77,000, and the middle 50 percent made between $39,000 and $58,000."
    )
    frame = claims_of(text, words)
    assert frame["statistic"].to_list() == ["p10", "p90", "p25", "p75"]
    assert frame["value"].null_count() == 0


def test_each_figure_takes_its_own_source_place_and_year(words: Vocabulary) -> None:
    """Three of each in one sentence, before and behind the figures."""
    text = (
        "Payscale reports $51,900 in Texas, Glassdoor lists $56,300 in Ohio, and "
        "ZipRecruiter puts it at $49,200 in Maine."
    )
    frame = claims_of(text, words)
    sources = ["Payscale", "Glassdoor", "ZipRecruiter"]
    assert frame["attributed_to"].to_list() == sources
    assert frame["area"].to_list() == ["Texas", "Ohio", "Maine"]


def test_respectively_pairs_in_order(words: Vocabulary) -> None:
    """`A and B average X and Y, respectively` is no range."""
    text = "RHIT and RHIA holders average $58,200 and $71,400, respectively."
    frame = claims_of(text, words)
    assert frame["credential"].to_list() == ["RHIT", "RHIA"]


def test_what_stands_after_than_is_no_scope(words: Vocabulary) -> None:
    """The comparator's place is not the figure's."""
    text = "Nurses in Oregon earn 31 percent more than nurses in Ohio."
    assert only(text, words)["area"] == "Oregon"


def test_two_units_are_two_claims_of_one_fact(words: Vocabulary) -> None:
    """The year's sum keeps the statistic of the hour's."""
    text = "The median wage is $24.61 per hour, or about $51,190 a year."
    frame = claims_of(text, words)
    assert frame["period"].to_list() == ["hour", "year"]
    assert frame["statistic"].to_list() == ["median", "median"]


def test_two_dated_points_are_no_range(words: Vocabulary) -> None:
    """`from A in 2012 to B in 2013` is two levels with a year each."""
    text = "The average rose from $45,200 in 2012 to $47,900 in 2013."
    frame = claims_of(text, words)
    assert frame["reference_period"].to_list() == ["2012", "2013"]


def test_a_cell_takes_its_fields_from_heads_and_lead_in(words: Vocabulary) -> None:
    """State from the row, period from the column, source from the line above."""
    text = (
        "# Nurse pay\n\nMean wages, BLS, May 2024:\n\n"
        "| State | Annual | Hourly |\n|---|---|---|\n| Ohio | $80,100 | 38.51 |\n"
    )
    frame = claims_of(text, words, "text/markdown")
    first, second = frame.iter_rows(named=True)
    assert (first["area"], first["attributed_to"]) == ("Ohio", "BLS")
    assert (first["period"], second["period"]) == ("year", "hour")
    assert second["value"] == Decimal("38.51")
    assert first["reference_period"] == "2024-05"
    assert "area:row" in first["inherited"]
    assert "statistic:lead_in" in first["inherited"]


def test_years_in_a_column_are_experience_not_money(words: Vocabulary) -> None:
    """`1 to 4` under `Years` is a band; the pay stands beside it."""
    text = (
        "| Years | Pay |\n|---|---|\n| 1 to 4 | $41,000 |\n| 20 or more | $60,000 |\n"
    )
    frame = claims_of(text, words, "text/markdown")
    assert frame["experience_min"].to_list() == [1, 20]
    assert frame["experience_max"].to_list() == [4, None]


CURRENCIES = {
    "Nurses in London earn £34,000.": "GBP",
    "In Toronto, Canada, a Canadian nurse in Ontario earns $78,000.": "CAD",
    "Nurses earn A$85,000 in Sydney.": "AUD",
    "Nurses in Dublin earn €41,000.": "EUR",
    "Nurses in Boston earn $91,000.": "USD",
}


@pytest.mark.parametrize(("text", "code"), CURRENCIES.items())
def test_a_currency_is_read_by_its_mark_or_by_the_page(
    text: str, code: str, words: Vocabulary
) -> None:
    """A bare `$` is the dollar of the country that the page speaks of."""
    assert only(text, words)["currency"] == code


def test_json_ld_gives_percentiles_with_a_pointer(words: Vocabulary) -> None:
    """Values as text, a duration code, and the job and place of the object."""
    page = (
        '<html><head><script type="application/ld+json">{"@type":"Occupation",'
        '"name":"Welder","occupationLocation":[{"@type":"State","name":"Texas"}],'
        '"estimatedSalary":[{"@type":"MonetaryAmountDistribution","currency":"USD",'
        '"duration":"P1Y","percentile10":"34,900","median":50900}]}</script></head>'
        "<body><p>Welders.</p></body></html>"
    )
    frame = claims_of(page, words, "text/html")
    assert frame["statistic"].to_list() == ["p10", "median"]
    assert frame["area"].to_list() == ["Texas", "Texas"]
    assert frame["locator"][1] == "script=0;/estimatedSalary/0/median"


def test_a_page_without_claims_says_why(words: Vocabulary) -> None:
    """No text, no figures, or every figure set aside: each has its sentence."""
    for text, part in (
        ("Nothing here.", "no sum of money"),
        ("Enroll now and save $300!", "1 advert"),
    ):
        document = read(text.encode(), "text/plain", where="case")
        found = extract(document, words, source="case", snapshot=SNAPSHOT)
        assert part in found.reason


def test_the_counts_add_up_and_a_loss_is_seen(words: Vocabulary) -> None:
    """Every figure is claimed or set aside; a dropped row is named."""
    text = "Welders earn $50,000. Enroll now, save $300. The exam is $99, 5% off."
    document = read(text.encode(), "text/plain", where="case")
    found = extract(document, words, source="case", snapshot=SNAPSHOT)
    assert find_lost_figures(found, document, words) == []
    mutilated = type(found)(found.claims.head(0), found.set_aside)
    assert (14, 20, "50,000") in find_lost_figures(mutilated, document, words)


def test_every_field_says_which_rule_set_it(words: Vocabulary) -> None:
    """The reason names the rule and the words that it rests on."""
    text = "The median annual wage in Ohio was $50,900."
    document = read(text.encode(), "text/plain", where="case")
    found = extract(document, words, source="case", snapshot=SNAPSHOT)
    why = found.why[found.claims["claim_id"][0]]
    statistic = why["statistic"]
    assert text[statistic.start : statistic.end] == "median"
    assert why["period"].rule == "period before the figure"


def test_note_marks_are_no_part_of_a_figure(words: Vocabulary) -> None:
    """A superscript 1 behind $53,600 does not make it $53,6001."""
    text = "Welders earn $53,6001 a year."
    block = Block("paragraph", 0, len(text))
    document = Document(text, (block,), "text/plain", marks=((20, 21),))
    frame = extract(document, words, source="case", snapshot=SNAPSHOT).claims
    assert frame["quote"].to_list() == ["$53,600"]


def test_a_figure_that_is_struck_out_is_set_aside(words: Vocabulary) -> None:
    """What the page takes back is no claim, and is not lost either."""
    page = "<html><body><p>Pay: <s>$41,000</s> $43,000 a year.</p></body></html>"
    document = read(page.encode(), "text/html", where="case")
    found = extract(document, words, source="case", snapshot=SNAPSHOT)
    assert found.claims["quote"].to_list() == ["$43,000"]
    assert found.set_aside["reason"].to_list() == ["struck_out"]
    assert find_lost_figures(found, document, words) == []


def test_an_answer_that_only_machines_see_is_read(words: Vocabulary) -> None:
    """FAQ text in JSON-LD counts where the page does not show the same figure."""
    page = (
        '<html><head><script type="application/ld+json">{"@type":"FAQPage",'
        '"mainEntity":[{"acceptedAnswer":{"text":"Welders average $48,900 a year."}}]}'
        "</script></head><body><h1>Welder salary</h1></body></html>"
    )
    claim = only(page, words, "text/html")
    assert (claim["quote"], claim["statistic"]) == ("$48,900", "mean")
    pointer = "/mainEntity/0/acceptedAnswer/text"
    assert claim["locator"] == f"script=0;char=16,23;{pointer}"
