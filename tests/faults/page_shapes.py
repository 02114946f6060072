"""Shapes of pages that grow: each makes a page of some size out of one repeated part.

What a shape repeats is what some rule of reading looks at once for each of its like, so
that a rule that looks at all the others each time shows as time that grows with the
square.
"""

import json
from collections.abc import Callable
from itertools import count

SIZES = (50_000, 100_000, 200_000, 400_000)  # bytes
HEAD = "<!doctype html><html><head><title>Coder pay</title></head><body><h1>Pay</h1>"
PLACES = ("Ohio", "Texas", "Iowa", "Utah", "Maine", "Oregon", "Nevada", "Georgia")
JOBS = ("Medical coders", "Nurses", "Billers", "Auditors", "Clerks", "Technicians")


def sum_of(number: int) -> str:
    """A yearly sum, another for each number."""
    return f"${38 + number % 50},{100 + number * 37 % 900}"


def repeat(
    size: int, part: Callable[[int], str], opens: str = "", closes: str = ""
) -> bytes:
    """A part again and again, each time with its number, up to a size in bytes."""
    made, length = [opens], len(opens) + len(closes)
    for number in count():
        one = part(number)
        if length + len(one) > size:
            break
        made.append(one)
        length += len(one)
    return "".join([*made, closes]).encode("utf-8", "surrogatepass")


def html(part: Callable[[int], str], opens: str = "", closes: str = ""):
    """A shape of an HTML page."""
    return lambda size: repeat(size, part, HEAD + opens, closes + "</body></html>")


def text(part: Callable[[int], str], opens: str = "# Coder pay\n\n", closes: str = ""):
    """A shape of a page of Markdown or plain text."""
    return lambda size: repeat(size, part, opens, closes)


def place(number: int) -> str:
    """A place."""
    return PLACES[number % len(PLACES)]


def job(number: int) -> str:
    """Those who are paid."""
    return JOBS[number % len(JOBS)]


def posting(number: int) -> str:
    """A job posting as JSON-LD has it."""
    return json.dumps(
        {
            "@type": "JobPosting",
            "title": f"Medical coder {number}",
            "jobLocation": {"address": {"addressRegion": place(number)}},
            "baseSalary": {
                "@type": "MonetaryAmount",
                "currency": "USD",
                "value": {"minValue": 40000 + number, "maxValue": 60000 + number},
            },
        }
    )


LD = '<script type="application/ld+json">'
HTML_SHAPES = {
    "table rows": html(
        lambda n: f"<tr><td>nurse {n}</td><td>{sum_of(n)}</td></tr>",
        "<table>",
        "</table>",
    ),
    "table rows alike": html(
        lambda n: "<tr><td>nurse</td><td>$50,000</td></tr>", "<table>", "</table>"
    ),
    "one wide row": html(
        lambda n: f"<td>{sum_of(n)}</td>", "<table><tr>", "</tr></table>"
    ),
    "wide head": html(
        lambda n: f"<th>Pay {n}</th>", "<table><tr>", "</tr><tr><td>$50,000</table>"
    ),
    "many tables": html(
        lambda n: f"<table><tr><th>Who<th>Pay<tr><td>{job(n)}<td>{sum_of(n)}</table>"
    ),
    "tables in tables": html(
        lambda n: f"<table><tr><td>{sum_of(n)}<td>a" if n < 60 else "<p>Pay: $50,000.",
    ),
    "head rows": html(
        lambda n: f"<tr><th>Pay {n}</th><th>{place(n)}</th></tr>",
        "<table>",
        "<tr><td>Coder<td>$50,000</table>",
    ),
    "spanning cells": html(
        lambda n: f"<tr><td rowspan=999>{place(n)}<td>{sum_of(n)}",
        "<table>",
        "</table>",
    ),
    "div table": html(
        lambda n: (
            f"<div><span>{job(n)}</span><span>{n}</span><span>{sum_of(n)}</span></div>"
        ),
        "<div><div><span>Job</span><span>Years</span><span>Pay</span></div>",
        "</div>",
    ),
    "links": html(
        lambda n: f'<li><a href="/p/{n}">Pay in {place(n)} {n}</a></li>',
        "<ul>",
        "</ul>",
    ),
    "links with sums": html(
        lambda n: f'<li><a href="/p/{n}">{place(n)}: {sum_of(n)}</a></li>',
        "<ul>",
        "</ul>",
    ),
    "attributes": html(
        lambda n: f" data-k{n}=v{n}", "<p", ">Coders earn $50,000 a year.</p>"
    ),
    "classes": html(
        lambda n: f'<p class="c{n} d{n}">Coders earned {sum_of(n)} a year.</p>'
    ),
    "nested tags": html(lambda n: "<b>" if n % 200 else "$50,000 a year"),
    "nested divs": html(
        lambda n: "<div>" if n % 180 else "</div>" * 179 + f"<p>Pay is {sum_of(n)}.</p>"
    ),
    "unclosed paragraphs": html(lambda n: f"<p>Coders earn {sum_of(n)} a year."),
    "unclosed inline tags": html(lambda n: f"<p><i>Coders earn <b>{sum_of(n)} a year"),
    "struck out": html(lambda n: f"<s>{sum_of(n)}</s> {sum_of(n + 1)} a year. "),
    "notes raised": html(
        lambda n: f"<p>Coders earn {sum_of(n)}<sup>{n % 9}</sup> a year.</p>"
    ),
    "deep lists": html(
        lambda n: f"<ul><li>Pay {sum_of(n)}" if n % 40 else "</ul>" * 39
    ),
    "definitions": html(
        lambda n: f"<dt>{job(n)}<dd>{sum_of(n)} a year", "<dl>", "</dl>"
    ),
    "JSON-LD scripts": html(lambda n: f"{LD}{posting(n)}</script>"),
    "JSON-LD objects": html(
        lambda n: f"{',' if n else ''}{posting(n)}", f"{LD}[", "]</script>"
    ),
    "JSON-LD texts": html(
        lambda n: f'{LD}{{"text": "A coder makes {sum_of(n)} a year, {n}."}}</script>'
    ),
    "JSON keys": html(
        lambda n: f'{"," if n else ""}"salary{n}": {40000 + n}',
        '<script type="application/json">{"pay": {',
        "}}</script>",
    ),
    "scripts": html(lambda n: f"<script>var a{n} = {{'salary': {n}}};</script>"),
    "comments": html(lambda n: f"<!-- {sum_of(n)} --><p>Pay {sum_of(n)} a year.</p>"),
    "entities": html(lambda n: f"&#36;{40 + n % 50},000&nbsp;a&nbsp;year&amp;"),
    "metadata": html(lambda n: f'<meta name="m{n}" content="$50,000 a year">'),
    "sections": html(
        lambda n: f"<section><h2>{job(n)} {n}</h2><p>Paid {sum_of(n)}.</p></section>"
    ),
}
TEXT_SHAPES = {
    "pipe table.md": text(
        lambda n: f"| {job(n)} | {place(n)} | {sum_of(n)} |\n",
        "# Pay\n\n| Who | Where | Median pay |\n|---|---|---|\n",
    ),
    "wide pipe row.md": text(lambda n: f"| {sum_of(n)} ", "# Pay\n\n|a|b|\n|-|-|\n"),
    "list of links.md": text(
        lambda n: f"- [Pay in {place(n)} {n}](https://p.example)\n"
    ),
    "list of sums.md": text(lambda n: f"- {place(n)}: {sum_of(n)} a year\n"),
    "open brackets.md": text(lambda n: "[" if n % 50 else " $50,000 a year"),
    "one long word.txt": text(lambda n: "x", closes=" $50,000 a year"),
    "long words.txt": text(lambda n: "coder" * 400 + f" {sum_of(n)} a year\n\n"),
    "one long line.txt": text(
        lambda n: f"Coders in {place(n)} earn {sum_of(n)} a year. "
    ),
    "a line of sums.txt": text(lambda n: f"{sum_of(n)} and "),
    "a line of currencies.txt": text(
        lambda n: f"{('€', '£', 'CA$', 'kr ', 'R$', 'QQ$')[n % 6]}{40 + n % 50},000 or "
    ),
    "a line of percents.txt": text(lambda n: f"{n % 90} percent more, "),
    "headings.md": text(
        lambda n: f"## {job(n)} in {place(n)} {n}\n\n{sum_of(n)} a year.\n\n"
    ),
    "headings alone.md": text(lambda n: f"## Pay of {job(n)} {n}\n"),
    "deep lists.md": text(lambda n: "  " * (n % 30) + f"- {place(n)} {sum_of(n)}\n"),
    "paragraphs alike.md": text(
        lambda n: "According to Payscale, coders in Ohio earn $50,000 a year.\n\n"
    ),
    "footnotes.md": text(lambda n: f"[^{n}]: Pay was {sum_of(n)} in 2024.\n\n"),
    "quotations.md": text(lambda n: f"> I made {sum_of(n)} last year.\n\n"),
    "aligned by spaces.txt": text(
        lambda n: f"{job(n):24}{place(n):20}{sum_of(n)}\n", "Job   Place   Pay\n"
    ),
    "aligned by tabs.txt": text(lambda n: f"{job(n)}\t{place(n)}\t{sum_of(n)}\n"),
    "cells that touch.txt": text(lambda n: f"{place(n)}{sum_of(n)}{n % 9},204\n"),
    "one cell a line.txt": text(lambda n: f"{job(n)}\n{place(n)}\n{sum_of(n)}\n"),
    "labels and sums.txt": text(lambda n: f"{place(n)}: {sum_of(n)}\n"),
    "dashes.txt": text(lambda n: "-" if n % 60 else f" {sum_of(n)} "),
    "unicode digits.txt": text(lambda n: "٣" if n % 20 else f" {sum_of(n)} ٪ "),
    "dates.txt": text(lambda n: f"In May 20{10 + n % 15}, pay was {sum_of(n)}. "),
    "questions.txt": text(lambda n: f"Is {sum_of(n)} a year enough? "),
    "bare numbers.txt": text(lambda n: f"{n} {40000 + n} "),
}
SHAPES: dict[str, Callable[[int], bytes]] = {
    **{f"{name}.html": make for name, make in HTML_SHAPES.items()},
    **TEXT_SHAPES,
}
