"""Charts as SVG: drawn by leather, coloured by the style sheet, described in words.

No style and no script inside, so that the strictest content security policy shows
them; every amount that a chart draws stands in a table beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

WIDTH, ROW_HEIGHT, LABEL_CHARACTERS = 720, 26, 34
RIGHT_MARGIN = 24  # right of the last tick, for its label


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


def draw_forest(marks: Sequence[PlotMark]) -> str:
    """Every figure of a cell with its interval, a line each; "" for fewer than two.

    Args:
        marks: From the top; with amounts in one currency.
    """
    if len(marks) < 2:
        return ""
    ends = [v for m in marks for v in (m.at, m.low, m.high) if v is not None]
    names = {len(marks) - i: shorten_label(m.label) for i, m in enumerate(marks)}
    rows = [((m.at or m.low or m.high), len(marks) - i) for i, m in enumerate(marks)]
    chart = make_money_chart(ends, (0.4, len(marks) + 0.6))
    chart.add_y_axis(
        ticks=sorted(names), tick_formatter=lambda value, i, count: names[value]
    )
    chart.add_series(_make_series(rows), _make_interval_shape(marks))
    words = "; ".join(f"{m.label}: {describe_mark(m)}, {m.role}" for m in marks)
    return render_svg(
        chart, ROW_HEIGHT * len(marks) + 50, "Figures of this cell", words, "forest"
    )


def draw_years(points: Sequence[YearPoint]) -> str:
    """The chosen figure over the years; "" for fewer than two of them."""
    numbered = [p for p in points if p.year is not None]
    if len(numbered) < 2:
        return ""
    rows = [(p.year, p.at) for p in numbered if p.year is not None]
    import leather

    chart = leather.Chart()
    ticks = choose_ticks([p.at for p in numbered])
    span = [year for year, _ in rows]
    chart.set_x_scale(_make_scale(span[0] - 0.5, span[-1] + 0.5))
    chart.set_y_scale(_make_scale(ticks[0], ticks[-1]))
    step = max(1, math.ceil((span[-1] - span[0]) / 10))
    shown = list(range(span[0], span[-1] + 1, step))
    chart.add_x_axis(ticks=shown, tick_formatter=lambda value, i, count: str(value))
    chart.add_y_axis(ticks=ticks, tick_formatter=lambda value, i, count: f"{value:,}")
    chart.add_series(_make_series(rows), _make_path_shape([p.here for p in numbered]))
    words = "; ".join(f"{p.year}: {p.at:,.0f}" for p in numbered)
    return render_svg(chart, 240, "The chosen figure by year", words, "years")


def make_money_chart(ends: Sequence[float], rows: tuple[float, float]) -> Any:
    """A chart with money along the bottom."""
    import leather

    chart = leather.Chart()
    ticks = choose_ticks(ends)
    chart.set_x_scale(_make_scale(ticks[0], ticks[-1]))
    chart.set_y_scale(_make_scale(*rows))
    chart.add_x_axis(ticks=ticks, tick_formatter=lambda value, i, count: f"{value:,}")
    return chart


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


def render_svg(chart: Any, height: int, title: str, words: str, name: str) -> str:
    """The chart as an element of a page, with a title and a description."""
    from leather import theme

    theme.margin = 0.012
    theme.tick_font_size, theme.tick_font_char_width = 13, 7
    group = chart.to_svg_group(WIDTH, height)
    group.remove(group[0])  # the background is the page's
    attributes = {"class": f"chart {name}", "role": "img",
                  "viewBox": f"0 0 {WIDTH + RIGHT_MARGIN} {height}",
                  "aria-labelledby": f"{name}-title {name}-words"}  # fmt: skip
    root = ET.Element("svg", attributes)
    ET.SubElement(root, "title", id=f"{name}-title").text = title
    ET.SubElement(root, "desc", id=f"{name}-words").text = words
    root.append(group)
    for element in group.iter():
        strip_style(element)
    return ET.tostring(root, encoding="unicode")


def strip_style(element: ET.Element) -> None:
    """Short numbers, and no colours or fonts: those are the style sheet's."""
    for name in ("fill", "stroke", "font-family", "stroke-width"):
        element.attrib.pop(name, None)
    for name, value in element.attrib.items():
        if name in ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy") and value:
            element.set(name, f"{float(value):.1f}".removesuffix(".0"))


def _make_series(rows: Sequence[tuple[Any, Any]]) -> Any:
    import leather

    return leather.Series(rows)


def _make_scale(low: float, high: float) -> Any:
    """A straight scale with the ends that it is given."""
    from leather.scales.base import Scale

    class Straight(Scale):  # type: ignore[misc]
        def contains(self, value: float) -> bool:
            return low <= value <= high

        def project(self, value: float, start: float, stop: float) -> float:
            share = (float(value) - low) / ((high - low) or 1)
            return float(start) + (float(stop) - float(start)) * share

        def ticks(self) -> list[float]:
            return [low, high]

    return Straight()


def _make_interval_shape(marks: Sequence[PlotMark]) -> Any:
    """A leather shape: a dot for each figure, and a line as far as it reaches."""
    from leather.shapes.base import Shape

    class Intervals(Shape):  # type: ignore[misc]
        def validate_series(self, series: Any) -> bool:
            return True

        def to_svg(self, width: Any, height: Any, x: Any, y: Any, series: Any,
                   palette: Any) -> ET.Element:  # fmt: skip
            group = ET.Element("g", {"class": "marks"})
            for i, one in enumerate(marks):
                row = y.project(len(marks) - i, height, 0)
                _draw_mark(group, one, row, lambda value: x.project(value, 0, width))
            return group

    return Intervals()


def _draw_mark(group: ET.Element, mark: PlotMark, row: float, project: Any) -> None:
    """One figure on its line."""
    around = ET.SubElement(group, "g", {"class": f"mark {mark.role}"})
    known = [v for v in (mark.low, mark.high, mark.at) if v is not None]
    if mark.low is not None or mark.high is not None:
        ends = {"x1": str(project(min(known))), "x2": str(project(max(known)))}
        ET.SubElement(around, "line", ends | {"y1": str(row), "y2": str(row)})
    if mark.at is not None:
        place = {"cx": str(project(mark.at)), "cy": str(row), "r": "5"}
        ET.SubElement(around, "circle", place)


def _make_path_shape(here: Sequence[bool]) -> Any:
    """A leather shape: a line through the years, this one's dot larger."""
    from leather.shapes.base import Shape

    class Path(Shape):  # type: ignore[misc]
        def validate_series(self, series: Any) -> bool:
            return True

        def to_svg(self, width: Any, height: Any, x: Any, y: Any, series: Any,
                   palette: Any) -> ET.Element:  # fmt: skip
            group = ET.Element("g", {"class": "path"})
            places = [
                (x.project(d.x, 0, width), y.project(d.y, height, 0))
                for d in series.data()
            ]
            points = " ".join(f"{one:.1f},{other:.1f}" for one, other in places)
            ET.SubElement(group, "polyline", points=points)
            for (one, other), now in zip(places, here, strict=True):
                kind, size = ("here", "6") if now else ("year", "3.5")
                place = {"cx": str(one), "cy": str(other), "r": size, "class": kind}
                ET.SubElement(group, "circle", place)
            return group

    return Path()
