"""Charts as SVG: placed here, drawn by a template, coloured by the style sheet.

No style and no script inside, so that the strictest content security policy shows
them; every text is escaped by the template, and every amount that a chart draws
stands in a table beside it. Nothing is kept between two charts: any number of threads
may draw.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.json_rows import spell_out_hidden
from pipeline.site.jinja_environment import get_environment

WIDTH, ROW_HEIGHT, LABEL_CHARACTERS = 744, 26, 34
GAP = 12  # between a label and what it names
TOP, BOTTOM, RIGHT = 10, 32, 8  # around the plot, beside its labels
TALL = 200  # of the plot of years


@dataclass(frozen=True)
class PlotMark:
    """One figure of a forest plot: where it stands and how far it reaches."""

    label: str
    at: float | None
    low: float | None
    high: float | None
    role: str


@dataclass(frozen=True)
class YearPoint:
    """One year."""

    year: int | None
    at: float
    here: bool


@dataclass(frozen=True)
class Scale:
    """A straight scale: amounts from `low` to `high`, in pixels `start` to `stop`."""

    low: float
    high: float
    start: float
    stop: float

    def place(self, value: float) -> float:
        """Give the pixel of an amount."""
        share = (float(value) - self.low) / ((self.high - self.low) or 1)
        return self.start + (self.stop - self.start) * share


def draw_forest(marks: Sequence[PlotMark]) -> str:
    """Every figure of a cell with its interval, a line each; "" for fewer than two.

    Args:
        marks: From the top; with amounts in one currency.
    """
    if len(marks) < 2:
        return ""
    ticks = choose_ticks(
        [v for m in marks for v in (m.at, m.low, m.high) if v is not None]
    )
    labels = [shorten_label(spell_out_hidden(m.label)) for m in marks]
    foot = TOP + ROW_HEIGHT * len(marks)
    middles = [TOP + ROW_HEIGHT * (i + 0.5) for i in range(len(marks))]
    below = {tick: f"{tick:,}" for tick in ticks}
    right = WIDTH - RIGHT - widest(below.values()) / 2
    across = Scale(ticks[0], ticks[-1], widest(labels) + GAP, right)
    frame = draw_frame(across, foot, below, list(zip(middles, labels, strict=True)))
    spans = [span(m, across, y) for m, y in zip(marks, middles, strict=True)]
    words = "; ".join(f"{m.label}: {describe_mark(m)}, {m.role}" for m in marks)
    return render_svg("forest", foot, "Figures of this cell", words, frame, spans=spans)


def draw_years(points: Sequence[YearPoint]) -> str:
    """The chosen figure over the years; "" for fewer than two of them."""
    numbered = [(p.year, p) for p in points if p.year is not None]
    if len(numbered) < 2:
        return ""
    ticks = choose_ticks([p.at for _, p in numbered])
    labels = [f"{tick:,}" for tick in ticks]
    first, last, foot = numbered[0][0], numbered[-1][0], TOP + TALL
    across = Scale(first - 0.5, last + 0.5, widest(labels) + GAP, WIDTH - RIGHT)
    up = Scale(ticks[0], ticks[-1], foot, TOP)
    every = max(1, math.ceil((last - first) / 10))
    below = {year: str(year) for year in range(first, last + 1, every)}
    beside = [(up.place(t), label) for t, label in zip(ticks, labels, strict=True)]
    frame = draw_frame(across, foot, below, beside)
    dots = [{"x": pixels(across.place(year)), "y": pixels(up.place(p.at)),
             "here": p.here} for year, p in numbered]  # fmt: skip
    words = "; ".join(f"{p.year}: {p.at:,.0f}" for _, p in numbered)
    return render_svg(
        "years", foot, "The chosen figure by year", words, frame, dots=dots
    )


def draw_frame(
    across: Scale,
    foot: float,
    below: Mapping[int, str],
    beside: Sequence[tuple[float, str]],
) -> dict[str, list[tuple[str, ...]]]:
    """Lines and labels of both axes: `lines` x1, y1, x2, y2; `texts` x, y, side, text.

    Args:
        across: The scale of the lower axis.
        foot: Where the plot ends below, in pixels.
        below: Ticks of the lower axis and their labels; where there is no room for
            every label, only each second or third is written.
        beside: Heights of the lines across, in pixels, and their labels.
    """
    left, right = pixels(across.start), pixels(across.stop)
    apart = (across.stop - across.start) / max(len(below) - 1, 1)
    every = max(1, math.ceil((widest(below.values()) + GAP) / apart))
    lines: list[tuple[str, ...]] = []
    texts: list[tuple[str, ...]] = []
    for i, (tick, label) in enumerate(below.items()):
        x = pixels(across.place(tick))
        lines.append((x, pixels(TOP), x, pixels(foot)))
        if i % every == 0:
            texts.append((x, pixels(foot + 20), "middle", label))
    for y, label in beside:
        lines.append((left, pixels(y), right, pixels(y)))
        texts.append((pixels(across.start - GAP), pixels(y + 4.5), "end", label))
    return {"lines": lines, "texts": texts}


def span(mark: PlotMark, across: Scale, y: float) -> dict[str, Any]:
    """One figure on its line: a dot where it stands, a line as far as it reaches."""
    known = [v for v in (mark.low, mark.high, mark.at) if v is not None]
    reaches = mark.low is not None or mark.high is not None
    ends = [pixels(across.place(v)) for v in (min(known), max(known))]
    at = pixels(across.place(mark.at)) if mark.at is not None else None
    found = {"role": mark.role, "y": pixels(y), "at": at}
    return found | {"reach": ends if reaches else None}


def choose_ticks(ends: Sequence[float], wanted: int = 5) -> list[int]:
    """Round numbers from below the least to above the largest.

    >>> choose_ticks([48780, 48776])
    [48770, 48775, 48780, 48785]
    """
    low, high = min(ends), max(ends)
    room = max((high - low) * 0.08, 1)
    low, high = max(0, low - room), high + room
    size = 10 ** math.floor(math.log10((high - low) / wanted))
    step = next(s * size for s in (1, 2, 5, 10) if (high - low) / (s * size) <= wanted)
    step = max(1, int(step))
    return list(
        range(math.floor(low / step) * step, math.ceil(high / step) * step + 1, step)
    )


def describe_mark(mark: PlotMark) -> str:
    """The amount of a mark in words."""
    at = f"{mark.at:,.0f}" if mark.at is not None else ""
    ends = [f"{v:,.0f}" if v is not None else "open" for v in (mark.low, mark.high)]
    between = "" if (mark.low, mark.high) == (None, None) else " to ".join(ends)
    return f"{at} ({between})" if at and between else at or between


def shorten_label(text: str) -> str:
    """A label that leaves room for the chart."""
    return text if len(text) <= LABEL_CHARACTERS else f"{text[: LABEL_CHARACTERS - 1]}…"


def widest(labels: Iterable[str]) -> float:
    """Pixels that the widest of some labels takes at 13 px, in a broad font."""
    return max(sum(map(letter_width, label)) for label in labels)


def letter_width(letter: str) -> float:
    """Pixels of one letter: system fonts differ, the broadest is what counts."""
    if letter in "MW@" or letter >= "\u2e80":  # from here on scripts are square
        return 13
    return 9 if letter.isupper() else 8.3 if letter.isdigit() else 7.2


def pixels(value: float) -> str:
    """A place in the picture, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def render_svg(
    name: str,
    foot: float,
    title: str,
    words: str,
    frame: Mapping[str, Any],
    **parts: Any,
) -> str:
    """Draw the element of a page, with a title and a description."""
    drawn = {"spans": (), "dots": (), **frame, **parts}
    drawn |= {"name": name, "width": WIDTH, "height": pixels(foot + BOTTOM)}
    template = get_environment().get_template("pages/charts.html.j2")
    return template.render(title=title, words=words, **drawn)
