"""Charts as SVG: computed here, drawn by a template, coloured by the style sheet.

A chart has no style and no script inside, so that the strictest content security
policy shows it. Every text is escaped by the template, and every amount that a chart
draws is in a table beside it. Nothing is kept between two charts: any number of
threads may draw.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.json_rows import spell_out_hidden
from pipeline.site.jinja_environment import get_environment

# Pixels of the view box, pixels of a line of the forest plot, characters of a label: of
# the broadest letters (13 px) 34 take 442 of the 744 pixels, the plot has the rest.
WIDTH, ROW_HEIGHT, LABEL_CHARACTERS = 744, 26, 34
GAP = 12  # between a label and what it names
TOP, BOTTOM, RIGHT = 10, 32, 8  # pixels around the plot, beside its labels
YEARS_HEIGHT = 200  # pixels of the plot of years


@dataclass(frozen=True)
class PlotMark:
    """One figure of a forest plot: its amount and its interval.

    Args:
        label: Who says it.
        at: The amount, in the currency of the chart; None where only a range is known.
        low: Least amount of its range; None where it is open or there is none.
        high: Largest amount of its range, likewise.
        role: As in `provenance`: a class of the style sheet, and a word of the text.
    """

    label: str
    at: float | None
    low: float | None
    high: float | None
    role: str


@dataclass(frozen=True)
class YearPoint:
    """The chosen figure of one year.

    Args:
        year: Calendar year; None where no page says it.
        at: The amount, in the currency of the chart.
        here: It is the year of the cell that the page is about.
    """

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
        """Return the pixel of an amount."""
        # A scale whose ends are the same amount must not divide by zero.
        share = (float(value) - self.low) / ((self.high - self.low) or 1)
        return self.start + (self.stop - self.start) * share


def draw_forest(marks: Sequence[PlotMark]) -> str:
    """Draw every figure of a cell with its interval, a line each.

    Args:
        marks: From the top; with amounts in one currency. A mark without an amount,
            or with one that is no number, is left out.

    Returns:
        An `svg` element; "" for fewer than two marks.
    """
    marks = [mark for mark in marks if has_place(mark)]
    if len(marks) < 2:
        return ""
    ticks = choose_ticks([v for m in marks for v in list_amounts(m)])
    # Spelled out before it is cut: `\u202e` takes six characters, the mark itself none.
    labels = [shorten_label(spell_out_hidden(m.label)) for m in marks]
    foot = TOP + ROW_HEIGHT * len(marks)
    middles = [TOP + ROW_HEIGHT * (i + 0.5) for i in range(len(marks))]
    below = {tick: f"{tick:,}" for tick in ticks}
    # The last amount is centred under its tick: half of it must fit into the picture.
    right = WIDTH - RIGHT - widest(below.values()) / 2
    across = Scale(ticks[0], ticks[-1], widest(labels) + GAP, right)
    frame = draw_frame(across, foot, below, list(zip(middles, labels, strict=True)))
    spans = [span(m, across, y) for m, y in zip(marks, middles, strict=True)]
    words = "; ".join(f"{m.label}: {describe_mark(m)}, {m.role}" for m in marks)
    return render_svg("forest", foot, "Figures of this cell", words, frame, spans=spans)


def draw_years(points: Sequence[YearPoint]) -> str:
    """Draw the chosen figure over the years.

    Args:
        points: In the order of the years; those without a year are left out.

    Returns:
        An `svg` element; "" for fewer than two years.
    """
    numbered = [(p.year, p) for p in points if p.year is not None]
    if len(numbered) < 2:
        return ""
    ticks = choose_ticks([p.at for _, p in numbered])
    labels = [f"{tick:,}" for tick in ticks]
    first, last, foot = numbered[0][0], numbered[-1][0], TOP + YEARS_HEIGHT
    # Half a year at either side, so that no dot lies on an axis.
    across = Scale(first - 0.5, last + 0.5, widest(labels) + GAP, WIDTH - RIGHT)
    up = Scale(ticks[0], ticks[-1], foot, TOP)
    # At most eleven lines: a line for each of 96 years would fill the plot.
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
    """Place the lines and labels of both axes.

    Args:
        across: The scale of the lower axis.
        foot: Where the plot ends below, in pixels.
        below: Ticks of the lower axis and their labels; where there is no room for
            every label, only each second or third is written.
        beside: Heights of the lines across, in pixels, and their labels.

    Returns:
        `lines`: x1, y1, x2, y2; `texts`: x, y, side, text. Pixels as text.
    """
    left, right = pixels(across.start), pixels(across.stop)
    apart = (across.stop - across.start) / max(len(below) - 1, 1)
    # Amounts of eight digits and more are wider than the room between two ticks.
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
        # SVG places the foot of a text: a third of 13 px lower, its middle is on y.
        texts.append((pixels(across.start - GAP), pixels(y + 4.5), "end", label))
    return {"lines": lines, "texts": texts}


def span(mark: PlotMark, across: Scale, y: float) -> dict[str, Any]:
    """Place one figure on its line: a dot at its amount, a line over its interval.

    Returns:
        `role`, `y`, `at` (None: no dot) and `reach` (two ends; None: no line), in
        pixels as text.
    """
    known = list_amounts(mark)
    reaches = mark.low is not None or mark.high is not None
    ends = [pixels(across.place(v)) for v in (min(known), max(known))]
    at = pixels(across.place(mark.at)) if mark.at is not None else None
    found = {"role": mark.role, "y": pixels(y), "at": at}
    return found | {"reach": ends if reaches else None}


def has_place(mark: PlotMark) -> bool:
    """Tell whether a mark has an amount, and only such as a scale can place."""
    amounts = list_amounts(mark)
    return bool(amounts) and all(map(math.isfinite, amounts))


def list_amounts(mark: PlotMark) -> list[float]:
    """Return the amount of a mark and the ends of its interval, as far as known."""
    return [v for v in (mark.at, mark.low, mark.high) if v is not None]


def choose_ticks(ends: Sequence[float], wanted: int = 5) -> list[int]:
    """Choose round numbers from below the least to above the largest amount.

    Args:
        ends: Amounts to show, at least one.
        wanted: About how many ticks there are to be.

    >>> choose_ticks([48780, 48776])
    [48774, 48776, 48778, 48780, 48782]
    """
    low, high = min(ends), max(ends)
    # Two equal figures have no distance, of which there is no logarithm: 1 at least.
    room = max((high - low) * 0.08, 1)
    low, high = max(0, low - room), high + room
    size = 10 ** math.floor(math.log10((high - low) / wanted))
    step = next(s * size for s in (1, 2, 5, 10) if (high - low) / (s * size) <= wanted)
    # Labels are whole amounts: a step below 1 would write one amount twice.
    step = max(1, int(step))
    return list(
        range(math.floor(low / step) * step, math.ceil(high / step) * step + 1, step)
    )


def describe_mark(mark: PlotMark) -> str:
    """Write the amount and the interval of a mark, as a screen reader says them."""
    at = f"{mark.at:,.0f}" if mark.at is not None else ""
    ends = [f"{v:,.0f}" if v is not None else "open" for v in (mark.low, mark.high)]
    between = "" if (mark.low, mark.high) == (None, None) else " to ".join(ends)
    return f"{at} ({between})" if at and between else at or between


def shorten_label(text: str) -> str:
    """Return a label cut to the characters that leave room for the chart."""
    return text if len(text) <= LABEL_CHARACTERS else f"{text[: LABEL_CHARACTERS - 1]}…"


def widest(labels: Iterable[str]) -> float:
    """Return the pixels that the widest label takes at 13 px, in a broad font."""
    return max(sum(map(letter_width, label)) for label in labels)


def letter_width(letter: str) -> float:
    """Return the pixels of one letter at 13 px, in the broadest system font."""
    # The style sheet asks for `system-ui`, which is another font on every system: what
    # fits the broadest fits all. From U+2E80 on (Chinese, Japanese, Korean) letters are
    # as wide as the font is high.
    if letter in "MW@" or letter >= "\u2e80":
        return 13
    return 9 if letter.isupper() else 8.3 if letter.isdigit() else 7.2


def pixels(value: float) -> str:
    """Write a length in pixels to a tenth, whole ones without a point."""
    return f"{value:.1f}".removesuffix(".0")


def render_svg(
    name: str,
    foot: float,
    title: str,
    words: str,
    frame: Mapping[str, Any],
    **parts: Any,
) -> str:
    """Render the `svg` element of a chart.

    Args:
        name: Class of the element, and the beginning of its ids.
        foot: Where the plot ends below, in pixels.
        title: What the chart shows, for screen readers.
        words: Every amount in words, for screen readers.
        frame: `lines` and `texts` of the axes.
        parts: `spans` or `dots`.
    """
    drawn = {"spans": (), "dots": (), **frame, **parts}
    drawn |= {"name": name, "width": WIDTH, "height": pixels(foot + BOTTOM)}
    template = get_environment().get_template("pages/charts.html.j2")
    return template.render(title=title, words=words, **drawn)
