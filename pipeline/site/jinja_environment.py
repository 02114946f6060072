"""The one jinja environment: autoescape on, undefined names are errors."""

from functools import cache
from typing import TYPE_CHECKING

from pipeline.core.json_rows import spell_out_hidden

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def get_environment() -> "Environment":
    """Templates of this package; imported late, since few commands draw pages."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    from pipeline.site.page_links import make_anchor

    made = Environment(
        loader=PackageLoader("pipeline.site", "."),
        autoescape=select_autoescape(["html", "html.j2"], default=False),
        undefined=StrictUndefined,
        finalize=show_hidden_marks,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = escape_markdown
    made.filters["money"] = format_money
    made.filters["anchor"] = make_anchor
    made.filters["measure"] = format_measure
    return made


def escape_markdown(text: object) -> str:
    """Text from outside as Markdown that is only text, on one line."""
    line = " ".join(str("" if text is None else text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "\\`*_{}[]#|!~":
        line = line.replace(mark, f"\\{mark}")
    return line


def format_money(amount: object) -> str:
    """An amount with thousands marks, cents only where there are any."""
    return "" if amount is None else f"{amount:,.2f}".removesuffix(".00")


def format_measure(value: float | None) -> str:
    """A measure to three decimals; nothing where there is none."""
    return "" if value is None else f"{value:.3f}"


def show_hidden_marks(value: object) -> object:
    """What is put into a page: no mark in it turns the words around it."""
    return spell_out_hidden(value) if isinstance(value, str) else value
