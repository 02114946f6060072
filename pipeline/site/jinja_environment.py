"""The jinja environment of all templates: autoescape on, undefined names are errors."""

from functools import cache
from typing import TYPE_CHECKING

from pipeline.core.json_rows import spell_out_hidden

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def get_environment() -> "Environment":
    """Return the environment with the templates and filters of this package."""
    # Imported here: most commands draw no page and start faster without jinja.
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    from pipeline.site.page_links import make_anchor

    made = Environment(
        loader=PackageLoader("pipeline.site", "."),
        autoescape=select_autoescape(["html", "html.j2"], default=False),
        # A name that a template misspells would otherwise be an empty place on a page.
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
    """Escape text from outside, so that Markdown reads it as text on one line."""
    # A line end would start a heading, a list or a row of a table.
    line = " ".join(str("" if text is None else text).split())
    # Markdown lets HTML through. `&` comes first: it would escape the other two again.
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Code, emphasis, links, headings, cells of a table, images, strikes; the backslash
    # first, for it escapes the others.
    for mark in "\\`*_{}[]#|!~":
        line = line.replace(mark, f"\\{mark}")
    return line


def format_money(amount: object) -> str:
    """Write an amount with thousands marks, cents only where there are any."""
    return "" if amount is None else f"{amount:,.2f}".removesuffix(".00")


def format_measure(value: float | None) -> str:
    """Write a measure to three decimals; "" where there is none."""
    return "" if value is None else f"{value:.3f}"


def show_hidden_marks(value: object) -> object:
    """Return what is put into a page, hidden marks in text spelled out.

    A mark such as U+202E (right-to-left override) in a quote would make our own words
    beside it read otherwise than they are written.
    """
    return spell_out_hidden(value) if isinstance(value, str) else value
