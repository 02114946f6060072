"""Extract: pairs side by side, lines that open a part, columns of places."""

import pytest
from claims_of_text import read_field

PAIRS = "| Ohio | $21.10 | Utah | $19.40 |\n| Iowa | $18.30 | Maine | $20.20 |\n"
WIDE = "| North | {} | West | {} |\n|---|---|---|---|\n"


@pytest.mark.parametrize(
    ("heads", "rows", "areas"),
    [
        (WIDE.format("", ""), PAIRS, ["Ohio", "Utah", "Iowa", "Maine"]),
        (WIDE.format("Pay", "Pay"), PAIRS, ["Ohio", "Utah", "Iowa", "Maine"]),
        # two kinds of figures: what opens the row holds for the row
        (WIDE.format("Pay", "Rent"), PAIRS, ["Ohio", "Ohio", "Iowa", "Iowa"]),
    ],
)
def test_a_figure_is_of_the_label_left_of_it_where_pairs_stand_side_by_side(
    heads: str, rows: str, areas: list[str]
) -> None:
    """Only where all rows are made so, under one head or none."""
    page = f"# Glazier pay\n\nMean hourly wages of glaziers:\n\n{heads}{rows}"
    assert read_field(page, "area") == areas


@pytest.mark.parametrize(
    ("opening", "statistic"),
    [
        ("Average hourly pay.", "mean"),
        ("Average hourly pay of our 12 towns.", "unspecified"),
        ("Good places to live.", "unspecified"),
    ],
)
def test_a_short_line_before_the_first_part_speaks_of_all_parts(
    opening: str, statistic: str
) -> None:
    """It stands between the heading and the first heading below."""
    page = (
        f"# Glazier pay\n\n## Towns\n\n{opening}\n\n### Akron\n\n$20.15 an hour\n\n"
        "### Dayton\n\n$19.40 an hour\n"
    )
    assert read_field(page, "statistic") == [statistic, statistic]


@pytest.mark.parametrize(
    ("said", "statistic"),
    [
        ("Averages come from readers' reports.", "mean"),
        ("Medians are calculated from our own files.", "median"),
        ("Every wage below is a median.", "median"),
        ("Averages were never our concern.", "unspecified"),
    ],
)
def test_what_averages_are_made_from_says_that_figures_are_averages(
    said: str, statistic: str
) -> None:
    """Once, at the foot or the head of the page."""
    page = f"# Glaziers\n\n{said}\n\n## Pay\n\n- Beginners: $17.02 an hour\n"
    assert read_field(page, "statistic") == [statistic]


@pytest.mark.parametrize(
    ("head", "label", "area"),
    [
        ("Area", "Rogue Valley", "Rogue Valley"),
        ("County or town", "Pleasant Vale", "Pleasant Vale"),
        ("Area", "All areas", None),
        ("Shop", "Rogue Valley", None),
    ],
)
def test_a_place_that_no_list_holds_is_kept_as_its_column_has_it(
    head: str, label: str, area: str | None
) -> None:
    """A figure of a valley is not one of the whole state."""
    page = f"| {head} | Mean wage |\n|---|---|\n| {label} | $21.10 an hour |\n"
    assert read_field(page, "area") == [area]


def test_a_county_has_the_state_that_the_page_gives_it() -> None:
    """It is named with its state once, and alone after that."""
    page = (
        "# Glaziers\n\nWe met in Harney County, Oregon, in May. We met again.\n\n"
        "## Pay\n\nGlaziers in Harney County earn $41,000 a year.\n"
    )
    assert read_field(page, "area") == ["Harney County, OR"]


@pytest.mark.parametrize(
    ("text", "statistics"),
    [
        ("Pane Watch also prints an average wage for each town. For the same month it "
         "was $21 in Akron, Ohio.", ["mean"]),
        ("Pane Watch also prints a guide for each town. For the same month it was $21 "
         "in Akron, Ohio.", ["unspecified"]),
        ("Pane Watch has the average and the median wage. It was $21 in Akron, Ohio.",
         ["unspecified"]),
    ],
)  # fmt: skip
def test_a_mean_that_a_sentence_names_is_that_of_the_figure_behind(
    text: str, statistics: list[str]
) -> None:
    """Where it names one, and the next goes on about it."""
    assert read_field(f"# Glazier pay\n\n{text}\n", "statistic") == statistics


def test_what_the_figures_of_a_table_are_is_said_of_no_other() -> None:
    """`The figures in the table are medians` ends with the table."""
    page = (
        "# Glazier pay\n\nThe figures in the table are medians of yearly pay.\n\n"
        "| Job | Pay |\n|---|---|\n| Glazier | $41,000 |\n| Roofer | $44,000 |\n\n"
        "## Starting out\n\nA glazier in Ohio gets $33,000 a year.\n"
    )
    assert read_field(page, "statistic") == ["median", "median", "unspecified"]


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("He drew $384 a week in unemployment.", False),
        ("He drew $384 a week in wages.", True),
        ("Agencies charge families $23 an hour.", False),
        ("Agencies pay sitters $23 an hour.", True),
        ("The shop has a plan, paid by employer, of $9.15 an hour.", False),
    ],
)
def test_what_is_charged_or_paid_to_others_is_nobodys_pay(
    text: str, paid: bool
) -> None:
    """Whoever is out of work, or pays an agency, earns nothing by it."""
    assert ("pay_level" in read_field(f"# Glazier pay\n\n{text}\n", "kind")) is paid


def test_two_nations_with_one_scale_are_one_place() -> None:
    """And the inner part of a city is not the whole."""
    page = "A constable in England and Wales gets £28,551 a year.\n"
    assert read_field(page, "area") == ["England and Wales"]
    page = "Teachers in Inner London get £36,745 a year.\n"
    assert read_field(page, "area") == ["Inner London"]


def test_a_year_behind_a_comma_says_whose_dollars() -> None:
    """`, 2019 dollars` ends a caption and is no sum."""
    page = "# Pay\n\nMedian hourly wage of glaziers, 2019 dollars: $21.10.\n"
    assert [float(value) for value in read_field(page, "value")] == [21.10]
