"""What a page says once, columns of change, crowns and zlotys, and notes of lists."""

from pathlib import Path
from typing import Any

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, find_lost_figures
from pipeline.read import detect_media_type, read

VOCABULARY = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")


def claims(text: str) -> dict[str, dict[str, Any]]:
    """Claims of a page by quote; none of its figures is lost."""
    body = text.encode()
    document = read(body, detect_media_type("page.html", body), where="page.html")
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    assert find_lost_figures(found, document, VOCABULARY) == []
    return {c["quote"]: c for c in found.claims.iter_rows(named=True)}


def test_a_statistic_stated_once_holds_for_sums_that_name_none() -> None:
    """A sum with a statistic of its own keeps that one."""
    page = (
        "<title>Optician pay</title><h1>Optician pay</h1>"
        "<p>All figures below are means for full-time staff.</p>"
        "<h2>Salary</h2><ul><li>Chains: $48,200</li>"
        "<li>Clinics: a median of $51,300</li></ul>"
    )
    found = claims(page)
    assert found["$48,200"]["statistic"] == "mean"
    assert found["$51,300"]["statistic"] == "median"


def test_a_denied_statistic_is_not_stated() -> None:
    """`Figures are not averages` says what they are not."""
    page = (
        "<title>Optician pay</title><h1>Optician pay</h1>"
        "<p>These figures are not averages.</p><p>Chains pay a salary of $48,200.</p>"
    )
    assert claims(page)["$48,200"]["statistic"] == "unspecified"


def test_a_percent_under_change_is_a_change_and_brackets_a_loss() -> None:
    """Accountants write a loss in brackets."""
    page = (
        "<title>Optician salary</title><h1>Optician salary</h1><table>"
        "<tr><th>Setting</th><th>Salary</th><th>Change in salary</th></tr>"
        "<tr><td>Chains</td><td>$48,200</td><td>3%</td></tr>"
        "<tr><td>Clinics</td><td>$51,300</td><td>(2%)</td></tr></table>"
    )
    found = claims(page)
    rates = [c for c in found.values() if c["kind"] == "pay_delta_rel"]
    assert [c["direction"] for c in rates] == ["up", "down"]


def test_crowns_and_zlotys_are_money() -> None:
    """`kr` is the crown that the page names by its code."""
    page = (
        "<title>Optician salary abroad</title><h1>Optician salary abroad</h1>"
        "<h2>Sweden</h2><p>The average salary is SEK 36,400 a month, and men earn "
        "36,900 kr a month.</p><h2>Poland</h2>"
        "<p>Shops pay 6,800–8,900 PLN a month before tax.</p>"
    )
    found = claims(page)
    assert found["36,900 kr"]["currency"] == "SEK"
    assert found["36,900 kr"]["area"] == "Sweden"
    zlotys = found["6,800–8,900 PLN"]
    assert (zlotys["kind"], zlotys["currency"]) == ("pay_level", "PLN")


def test_sums_without_signs_are_pay_under_a_caption_that_says_so() -> None:
    """The caption names the span and the currency; a note on lodging does not rule."""
    page = (
        "<title>Thatcher pay</title><h1>Thatcher pay</h1><table>"
        "<caption>Weekly wages by stage (dollars)</caption>"
        "<tr><th>Stage</th><th>Yard</th><th>Site</th></tr>"
        "<tr><td>Improver</td><td>700–790</td><td>760–860</td></tr>"
        "<tr><td>Thatcher</td><td>880–1,050</td><td>1,010–1,240</td></tr></table>"
        "<p><small><sup>a</sup> Without the lodging allowance.</small></p>"
    )
    found = claims(page)
    assert len(found) == 4
    assert {c["period"] for c in found.values()} == {"week"}
    assert {c["kind"] for c in found.values()} == {"pay_level"}


def test_a_line_behind_a_list_credits_it() -> None:
    """Statistic, publisher and date of every term above it."""
    page = (
        "<title>Optician pay</title><h1>Optician pay</h1><h2>Where it pays</h2>"
        "<dl><dt>Hawaii</dt><dd>$69,570</dd><dt>Ohio</dt><dd>$46,220</dd></dl>"
        "<p>Annual mean wages, BLS, May 2024.</p>"
    )
    for claim in claims(page).values():
        assert (claim["statistic"], claim["attributed_to"]) == ("mean", "BLS")


def test_a_difference_told_again_in_percent_is_one() -> None:
    """`or about 11%` behind `more than those without it`."""
    page = (
        "<title>Optician pay</title><h1>Optician pay</h1><p>Certified opticians earn "
        "$6,200 more than those without a certificate, or about 11&nbsp;%.</p>"
    )
    kinds = {c["kind"] for c in claims(page).values()}
    assert kinds == {"pay_delta_abs", "pay_delta_rel"}


def test_there_is_the_place_named_before() -> None:
    """`A Band 6 there`: not the nation of the title."""
    page = (
        "<title>Optician salary UK</title><h1>Optician salary UK</h1><p>Scotland pays "
        "more. A senior post there pays £41,608 a year.</p>"
    )
    assert claims(page)["£41,608"]["area"] == "Scotland"
