"""Shapes of JobPosting that are seen: name, posting, and the figure that it gives.

`None` stands for a row that is set aside by name.
"""

from typing import Any

YEAR = {"low": 40000, "high": 60000, "currency": "USD", "period": "year"}
HOUR = {"low": 20, "high": 30, "currency": "USD", "period": "hour"}
POINT = {"value": 52000, "currency": "USD", "period": "year"}
VARIANTS: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = []


def place(city: str = "Columbus", region: str = "OH") -> dict[str, Any]:
    """A place of work."""
    names = {"addressLocality": city, "addressRegion": region}
    return {"@type": "Place", "address": {"@type": "PostalAddress", **names}}


def money(value: object, currency: str = "USD", **more: object) -> dict[str, Any]:
    """A sum, with the currency beside it."""
    return {"@type": "MonetaryAmount", "currency": currency, "value": value, **more}


def add(name: str, want: dict[str, Any] | None, **changes: object) -> None:
    """Add a posting with some fields changed."""
    base = {"@context": "https://schema.org", "@type": "JobPosting",
            "title": "Medical Coder", "datePosted": "2026-03-04",
            "jobLocation": place()}  # fmt: skip
    VARIANTS.append((name, {**base, **changes}, want))


def add_salary(
    name: str, want: dict[str, Any] | None, currency: str = "USD", **value: object
) -> None:
    """Add a posting with a salary of these fields."""
    add(name, want, baseSalary=money(value, currency))


ENDS = {"minValue": 40000, "maxValue": 60000}
RATES = {"minValue": 20, "maxValue": 30}
for unit in ("YEAR", "YR", "per year", "ANNUM", "P1Y", "Yearly", "annually", "p.a."):
    add_salary(f"unit {unit}", YEAR, **ENDS, unitText=unit)
for unit in ("P1H", "PT1H", "HR", "hourly", "Per Hour", "HUR"):
    add_salary(f"unit {unit}", HOUR, **RATES, unitText=unit)
add_salary("unit SHIFT", None, **RATES, unitText="SHIFT")
add_salary("no unit", None, **RATES)
add_salary("biweekly", {**HOUR, "low": 1500, "high": 2000, "period": "fortnight"},
           minValue=1500, maxValue=2000, unitText="BI-WEEKLY")  # fmt: skip
add_salary("price", POINT, price=52000, unitText="YEAR")
add_salary("minimum and maximum", HOUR, minimum=20, maximum=30, unitText="HOUR")
add_salary("min and max", HOUR, min=20, max=30, unitText="HOUR")
add_salary("zero as the top", {"low": 40000, "high": None, "period": "year"},
           minValue=40000, maxValue=0, unitText="YEAR")  # fmt: skip
add_salary("ends turned about", None, minValue=60, maxValue=40, unitText="HOUR")
add_salary("a field of no meaning", None, typicalValue=52000, unitText="YEAR")
add_salary("texts", YEAR, minValue="40,000", maxValue="60000.00", unitText="YEAR")
add_salary("texts with signs", YEAR, minValue="$40,000", maxValue="$60,000",
           unitText="YEAR")  # fmt: skip
add_salary("a range as text", YEAR, value="40000 - 60000", unitText="YEAR")
add_salary("currency usd", HOUR, "usd", **RATES, unitText="HOUR")
add_salary("currency $", HOUR, "$", **RATES, unitText="HOUR")
add_salary("currency £", {**YEAR, "currency": "GBP"}, "£", **ENDS, unitText="YEAR")
add_salary("currency of no meaning", None, "QQQ", **RATES, unitText="HOUR")
INNER = {**RATES, "unitText": "HOUR", "currencyCode": "USD"}
add("currency code within", HOUR, baseSalary={"value": INNER})
add("currency of the posting", HOUR, salaryCurrency="USD",
    baseSalary={**RATES, "unitText": "HOUR"})  # fmt: skip
add("point without a value object", POINT, baseSalary=money(52000, unitText="YEAR"))
add("range without a value object", YEAR,
    baseSalary={"currency": "USD", **ENDS, "unitText": "YEAR"})  # fmt: skip
add("a range as the amount", YEAR, baseSalary=money("40000-60000", unitText="YEAR"))
add("words alone", HOUR, baseSalary="$20 - $30 an hour")
add("a list of amounts", YEAR, baseSalary=[money({**ENDS, "unitText": "YEAR"})])
add("the board's estimate", YEAR, estimatedSalary=[money({**ENDS, "unitText": "YEAR"})])
add("marks escaped once more", HOUR,
    description="&lt;p&gt;Pay &lt;b&gt;$20.00&lt;/b&gt; - &lt;b&gt;$30.00&lt;/b&gt; "
    "per hour.&lt;/p&gt;")  # fmt: skip
PAID = {"baseSalary": money({**ENDS, "unitText": "YEAR"})}
for kind in ("https://schema.org/JobPosting", "jobposting", ["JobPosting", "Thing"]):
    add(f"type {kind}", YEAR, **{"@type": kind}, **PAID)
add("several places", {**YEAR, "area": "Columbus, OH; Dayton, OH"},
    jobLocation=[place(), place("Dayton")], **PAID)  # fmt: skip
add("a state in full", {**YEAR, "area": "Honolulu, HI"},
    jobLocation=place("Honolulu", "Hawaii"), **PAID)  # fmt: skip
add("day before month", {**YEAR, "reference_period": "2026"},
    datePosted="04/03/2026", **PAID)  # fmt: skip
add("milliseconds", YEAR, datePosted=1772582400000, **PAID)
ABROAD = {"addressLocality": "Toronto", "addressRegion": "ON", "addressCountry": "CA"}
add("a sign in another country", {**HOUR, "currency": "CAD", "area": "Toronto, ON"},
    jobLocation={"@type": "Place", "address": ABROAD},
    baseSalary=money({**RATES, "unitText": "HOUR"}, "$"))  # fmt: skip
