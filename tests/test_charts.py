"""Charts: what they show, in words too; text from outside; room; many threads."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from pipeline.site.charts import PlotMark, YearPoint, draw_forest, draw_years, widest

SVG = ("script", "style", "foreignObject", "image", "a", "use")
MARKS = [
    PlotMark("Bureau of Labor Statistics", 51_140, 50_000, 52_000, "chosen"),
    PlotMark("AAPC", 64_710, None, None, "outvoted"),
    PlotMark("A range, per hour", None, 40_000, 70_000, "supporting"),
    PlotMark("From here on", None, 30_000, None, "excluded"),
]
HOSTILE = '"/><script>alert(1)</script>&amp;\u202e]]>'
CHARTS = {
    "figures": lambda: draw_forest(MARKS),
    "large sums": lambda: draw_forest(
        [
            PlotMark("One", 240e6, 1e6, None, "copy"),
            PlotMark("Two", 1.25e9, None, 3e9, "stale"),
        ]
    ),
    "equal figures": lambda: draw_forest(
        [PlotMark("One", 48_780, None, None, "chosen")] * 2
    ),
    "wide names": lambda: draw_forest(
        [
            PlotMark("W" * 99, 1.0, None, None, "copy"),
            PlotMark("薪" * 99, 2.0, None, None, "copy"),
        ]
    ),
    "many": lambda: draw_forest(MARKS * 6),
    "two years": lambda: draw_years(
        [YearPoint(2024, 48_780, False), YearPoint(2025, 51_140, True)]
    ),
    "all years": lambda: draw_years(
        [YearPoint(y, 4e4 + y, y == 2019) for y in range(1930, 2026)]
    ),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_label_lies_upon_another_or_outside_of_the_picture(chart):
    """As wide as the broadest system font would write them."""
    root = ET.fromstring(chart())
    _, _, width, height = map(float, root.get("viewBox").split())
    boxes = []
    for text in root.iter("text"):
        x, y, size = float(text.get("x")), float(text.get("y")), widest([text.text])
        left = x - size * {"end": 1, "middle": 0.5}[text.get("text-anchor")]
        assert left >= -1, text.text
        assert left + size <= width + 1, text.text
        assert 9 <= y <= height - 3
        boxes.append((left, left + size, y - 11, y + 3, text.text))
    for one, other in combinations(boxes, 2):
        beside = one[1] <= other[0] or other[1] <= one[0]
        assert beside or one[3] <= other[2] or other[3] <= one[2], (one, other)


def test_figures_stand_where_their_amounts_are():
    """A dot for a point, a line for a range; both by one scale."""
    root = ET.fromstring(draw_forest(MARKS))
    bls, aapc, between, above = root.findall(".//g[@class='marks']/g")
    assert [g.get("class") for g in (bls, aapc, between, above)] == [
        f"mark {m.role}" for m in MARKS
    ]
    first, second = (float(g.find("circle").get("cx")) for g in (bls, aapc))
    ends = [float(between.find("line").get(n)) for n in ("x1", "x2")]
    per_dollar = (second - first) / (64_710 - 51_140)
    assert ends[1] - ends[0] == pytest.approx(per_dollar * 30_000, abs=0.3)
    assert ends[0] < first < ends[1]
    assert aapc.find("line") is between.find("circle") is above.find("circle") is None


def test_the_larger_dot_is_this_year():
    """And every year is in the words."""
    root = ET.fromstring(CHARTS["two years"]())
    dots = {c.get("class"): c for c in root.iter("circle")}
    assert float(dots["here"].get("r")) > float(dots["year"].get("r"))
    assert float(dots["here"].get("cy")) < float(dots["year"].get("cy"))
    assert root.find("desc").text == "2024: 48,780; 2025: 51,140"


def test_a_chart_is_an_image_with_a_title_and_words():
    """Every amount and role, for who does not see it."""
    root = ET.fromstring(draw_forest(MARKS))
    named = [root.find("title").get("id"), root.find("desc").get("id")]
    assert (root.get("role"), root.get("aria-labelledby").split()) == ("img", named)
    assert root.find("desc").text == (
        "Bureau of Labor Statistics: 51,140 (50,000 to 52,000), chosen; "
        "AAPC: 64,710, outvoted; A range, per hour: 40,000 to 70,000, supporting; "
        "From here on: 30,000 to open, excluded"
    )


def test_a_hostile_name_is_only_text():
    """No element, no attribute, and no mark that turns the words around it."""
    drawn = draw_forest([PlotMark(HOSTILE, 1.0, None, None, "chosen"), MARKS[0]])
    root = ET.fromstring(drawn)
    assert not {e.tag for e in root.iter()} & set(SVG)
    assert not [n for e in root.iter() for n in e.keys() if n.startswith("on")]  # noqa: SIM118
    assert root.find("desc").text.startswith('"/><script>alert(1)</script>&amp;\\u202e')
    assert "\u202e" not in drawn


def test_one_figure_makes_no_chart():
    """Nor do years that are no years."""
    assert draw_forest(MARKS[:1]) == draw_forest([]) == ""
    assert draw_years([YearPoint(2024, 1.0, True), YearPoint(None, 2.0, False)]) == ""


BARE = PlotMark("Nobody", None, None, None, "excluded")
NO_NUMBERS = [
    PlotMark("No number", float("nan"), None, None, "copy"),
    PlotMark("No lower end", 50_000, float("nan"), None, "copy"),
    PlotMark("No upper end", None, 50_000, float("inf"), "copy"),
]


def test_a_mark_without_a_number_is_left_out():
    """The others are drawn as if it were not there; alone they make no chart."""
    for bad in (BARE, *NO_NUMBERS):
        assert draw_forest([MARKS[0], bad, *MARKS[1:]]) == draw_forest(MARKS)
        assert draw_forest([bad, MARKS[0]]) == draw_forest([bad, bad]) == ""


def test_threads_draw_as_one_does():
    """No chart sees anything of another that is drawn at the same time."""
    alone = [chart() for chart in CHARTS.values()]
    with ThreadPoolExecutor(2) as threads:
        for _ in range(20):
            drawn = list(threads.map(lambda chart: chart(), CHARTS.values()))
            assert drawn == alone
