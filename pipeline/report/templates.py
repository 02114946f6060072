"""The one jinja environment: autoescape on, undefined names are errors."""

from functools import cache
from typing import TYPE_CHECKING

from pipeline.core.json_rows import spell_out_hidden

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> "Environment":
    """Templates of this package; imported late, since few commands draw pages."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    from pipeline.report.site.links import anchor

    made = Environment(
        loader=PackageLoader("pipeline.report", "."),
        autoescape=select_autoescape(["html", "html.j2"], default=False),
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    made.filters["money"] = money
    made.filters["anchor"] = anchor
    made.filters["measure"] = measure
    return made


def plain(text: object) -> str:
    """Text from outside as Markdown that is only text, on one line."""
    line = " ".join(str("" if text is None else text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "\\`*_{}[]#|!~":
        line = line.replace(mark, f"\\{mark}")
    return line


def money(amount: object) -> str:
    """An amount with thousands marks, cents only where there are any."""
    return "" if amount is None else f"{amount:,.2f}".removesuffix(".00")


def measure(value: float | None) -> str:
    """A measure to three decimals; nothing where there is none."""
    return "" if value is None else f"{value:.3f}"


def shown(value: object) -> object:
    """What is put into a page: no mark in it turns the words around it."""
    return spell_out_hidden(value) if isinstance(value, str) else value
