"""Suggest what a page could write in place of a figure that is not its source's."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.query.page_sentence import PageSentence

NUMBER = re.compile(r"\d[\d,.\u00a0\u202f' ]*\d|\d")
# What may stand before the digits and stays: a sign, perhaps with a country's letters.
SIGN = re.compile(r"^(?:US|U\.S\.|CA|C|A|AU|NZ)?\s?[$€£¥₹]\s?$")
UNITS = {"year": "a year", "hour": "an hour", "month": "a month", "week": "a week",
         "day": "a day", "fortnight": "a fortnight"}  # fmt: skip
Published = Mapping[str, Any]


def write_amount(amount: float | None, currency: str | None) -> str:
    """Write an amount of money as a page in English does.

    >>> write_amount(48780, "USD")
    '$48,780'
    >>> write_amount(24.5, "GBP")
    'GBP 24.50'
    """
    if amount is None:
        return ""
    text = f"{amount:,.2f}".removesuffix(".00")
    return f"${text}" if currency == "USD" else f"{currency or ''} {text}".strip()


def describe_figure(found: Published) -> str:
    """Write a published figure in words: amount, unit, and what it is of."""
    unit = UNITS.get(found["unit"] or "", "")
    return f"{found['money']} {unit}".strip() + f" ({describe_question(found)})"


def describe_question(found: Published) -> str:
    """Write what a published figure is of: statistic, occupation, place, date."""
    about = [found["statistic"], found["occupation"], *found["people"],
             found["area"], found["edition"]]  # fmt: skip
    return ", ".join(text for text in about if text)


def describe_gap(published: float, found: Published, currency: str | None) -> str:
    """Write how far a figure of a page is from the published one; "" for nothing."""
    gap = published - found["amount"]
    if not gap or not found["amount"]:
        return ""
    word, share = "more" if gap > 0 else "less", gap / found["amount"]
    return f"the page has {write_amount(abs(gap), currency)} {word} ({share:+.1%})"


def put_right(
    sentence: PageSentence, claim: Mapping[str, Any], correct: Published | None
) -> str:
    """Return the page's sentence with the published figure put in; "" where it cannot.

    It can where the figure is one number in a plain form, of the unit and currency in
    which the publisher gives it.
    """
    if correct is None or claim["period"] != correct["unit"]:
        return ""
    numbers = list(NUMBER.finditer(sentence.figure))
    if len(numbers) != 1 or claim["value"] is None:
        return ""
    before = sentence.figure[: numbers[0].start()]
    after = sentence.figure[numbers[0].end() :]
    # `$86k`, `86.000 EUR`: the published figure in another form would read oddly.
    if after.strip() or (before.strip() and not SIGN.match(before)):
        return ""
    digits = f"{correct['amount']:,.2f}".removesuffix(".00")
    return f"{sentence.before}{before}{digits}{sentence.after}"


def suggest_words(
    verdict: str,
    quote: str,
    names: Mapping[str, str],
    reference: Published | None,
    correct: Published | None,
) -> str:
    """Suggest what to write instead, in a sentence.

    Args:
        verdict: An accusation.
        quote: The figure as the page has it.
        names: `publisher`: whose figure the page says that it is.
        reference: What the figure was held against; of a figure for something else,
            what it is.
        correct: What the publisher has for what the page says.
    """
    right = f"Write {describe_figure(correct)}" if correct else ""
    if verdict in ("misquoted", "unit_slip"):
        found = correct or reference
        return f"Write {describe_figure(found)}." if found else ""
    if reference is None:
        who = names["publisher"]
        return f"Do not credit {quote} to {who}, or name whose figure it is."
    same = f"eep {quote} and say what it is: {describe_question(reference)}."
    return f"{right}; or k{same}" if right else f"K{same}"
