"""Extract: what a page says once of all its figures, or of those of one part."""

from decimal import Decimal

import pytest
from claims_of_text import read_claims


@pytest.mark.parametrize(
    ("declared", "publisher"),
    [
        ("Unless we say otherwise, amounts are yearly pay from the 2024 Bramble Hill"
         " wage book.", "Bramble Hill"),
        ("Unless a box names another, pay comes from the Glaziers' Crew Council's"
         " contract tracker.", "Glaziers' Crew Council"),
        ("Pay on this page comes from the Crew Pay Council's contract tracker.",
         "Crew Pay Council"),
        ("All figures are the Bureau of Labor Statistics' for May 2022.", "BLS"),
        ("All amounts: Bureau of Labor Statistics, May 2022.", "BLS"),
        # said of another thing than the pay, or of nobody
        ("Our photographs are from the Bramble Hill wage book.", None),
        ("Amounts are rounded to the dollar.", None),
    ],
)  # fmt: skip
def test_a_publisher_named_once_is_that_of_all_figures(
    declared: str, publisher: str | None
):
    """Also where a vocabulary does not hold its name."""
    page = f"# Glaziers\n\n{declared}\n\n## Pay\n\nGlaziers earn $51,000 a year.\n"
    assert read_claims(page)[-1]["attributed_to"] == publisher


def test_a_source_of_one_section_is_not_that_of_the_next():
    """`Figures in this section are X's` ends with the section."""
    page = (
        "# Glaziers\n\n## The nation\n\nFigures in this section are the Bureau of Labor"
        " Statistics' for May 2022. There are many glaziers.\n\nGlaziers earn $51,000"
        " a year.\n\n## Our school\n\nGlaziers of ours earn $39,000 a year.\n"
    )
    assert [c["attributed_to"] for c in read_claims(page)] == ["BLS", None]


def test_a_caption_that_says_same_source_means_the_one_last_named():
    """The table is of whom the paragraph before it credits."""
    table = "| State | Pay |\n|---|---|\n| Ohio | $48,000 |\n"
    text = "# Glaziers\n\nAccording to Payscale glaziers earn $51,000 a year.\n\n"
    same = read_claims(f"{text}Yearly pay by state, same source:\n\n{table}")
    assert [c["attributed_to"] for c in same] == ["Payscale", "Payscale"]


@pytest.mark.parametrize(
    ("sentence", "publisher"),
    [
        ("The job board GlassJobs had the median of glaziers at $21 an hour.",
         "GlassJobs"),
        ("The Glaziers Institute of the Plains asked 900 of its members, whose median"
         " was $51,000.", "Glaziers Institute of the Plains"),
        ("A glazier earns $51,000 a year, says Pane Recruiters.", "Pane Recruiters"),
        ("A glazier earns $51,000 a year, says Maria Pane.", None),
        ("Maria Pane asked a friend, and a glazier earns $51,000 a year.", None),
        ("The 2024 Bramble pay book puts glaziers at $51,000 a year.", "Bramble"),
    ],
)  # fmt: skip
def test_a_publisher_is_told_by_what_it_is_and_by_what_it_did(
    sentence: str, publisher: str | None
):
    """A person is none."""
    assert [c["attributed_to"] for c in read_claims(sentence)] == [publisher]


@pytest.mark.parametrize(
    ("sentence", "statistic"),
    [
        ("The person in the middle is paid $51,000 a year.", "median"),
        ("The middle wage of glaziers is $21 an hour.", "median"),
        ("In the middle of the year glaziers are paid $51,000.", "unspecified"),
    ],
)
def test_whoever_is_in_the_middle_earns_the_median(sentence: str, statistic: str):
    """In the middle of a year nobody is."""
    assert [c["statistic"] for c in read_claims(sentence)] == [statistic]


def test_a_table_in_thousands_is_typed_by_what_its_lead_in_says():
    """Small bare numbers are pay where they are thousands, and counts where not."""
    head = "| Role | North | South | Entries |\n|---|---|---|---|\n"
    table = f"{head}| Glazier | 51 | 47 | 1,920 |\n"
    lead = (
        "These are medians of base pay, no stock, in thousands of dollars a year.\n\n"
    )
    found = read_claims(f"## Pay\n\n{lead}{table}")
    assert [(c["value"], c["statistic"]) for c in found] == [
        (51_000.0, "median"), (47_000.0, "median"),
    ]  # fmt: skip
    lead = "These are medians of base pay, no stock, in dollars a year.\n\n"
    assert read_claims(f"## Pay\n\n{lead}{table}") == []


def test_bare_percents_under_a_change_are_changes_of_pay_beside_pay_alone():
    """`Change (%)` over numbers without a sign."""
    rows = "| Wales | 598.10 | 6.4 | 904 |\n| London | 771.10 | 7.2 | 340 |\n"
    head = "| Area | {} (£) | Change (%) | Jobs |\n|---|---|---|---|\n"
    title = "## {}\n\n{}:\n\n"
    pay = title.format("Weekly pay", "Median weekly pay") + head.format("Pay") + rows
    found = [c for c in read_claims(pay) if c["kind"] == "pay_delta_rel"]
    assert [c["value"] for c in found] == [Decimal("6.4"), Decimal("7.2")]
    rent = title.format("Rents", "Rents of flats") + head.format("Rent") + rows
    assert read_claims(rent) == []


def test_a_legend_says_what_the_columns_of_a_table_without_heads_are():
    """`low / median / high` over three sums; over two it says nothing of them."""
    rows = (
        "Glazier        18.15   22.00   25.40",
        "Roofer         17.60   29.35   32.10",
    )
    table = "".join(f"    {row}\n" for row in rows)
    lead = "Hello all,\n\n2) By job (low / median / high, per hour)\n\n"
    found = read_claims(lead + table, "text/plain")
    assert [c["statistic"] for c in found] == ["minimum", "median", "maximum"] * 2
    assert {c["period"] for c in found} == {"hour"}
    two = "Hello all,\n\n2) By job (low / high, per hour)\n\n"
    assert read_claims(two + table, "text/plain") == []


def test_a_card_is_credited_by_the_second_line_of_its_label():
    """A figure alone in its box, and below what it is, whose and when."""
    card = (
        "<div><div>$51,000</div><p>Median yearly pay of glaziers, setters and other"
        " workers<br><small>{}</small></p></div>"
    )
    bls = card.format("U.S. Bureau of Labor Statistics, May 2023")
    (found,) = read_claims(f"<h1>Pay</h1>{bls}", "text/html")
    assert (found["attributed_to"], found["statistic"]) == ("BLS", "median")


def test_a_tax_year_is_no_tax():
    """The year in which pay is counted costs nothing."""
    page = "Glaziers earned a median of £28,940 in the tax year ended April 2023."
    assert [c["kind"] for c in read_claims(page)] == ["pay_level"]


@pytest.mark.parametrize(
    ("opening", "kinds"),
    [
        ("Unless we say otherwise, amounts are annual base salaries.", ["pay_level"]),
        ("We are here to help.", ["cost"]),
    ],
)
def test_what_a_clerk_costs_is_pay_where_the_page_says_that_its_amounts_are(
    opening: str, kinds: list[str]
):
    """Else a heading that asks what something costs is of costs."""
    page = f"# Our clerks\n\n{opening}\n\n## What does a clerk cost?\n\nSome $64,500.\n"
    assert [c["kind"] for c in read_claims(page)] == kinds


def test_a_paragraph_with_sums_of_its_own_gives_no_item_below_it_a_kind():
    """It is no lead-in; one that ends in a colon is."""
    item = "\n\n- Clerks are at $31.40 at the top of their scale\n"
    free = "# Clerks\n\nEach point costs us about $212,000."
    assert [c["kind"] for c in read_claims(free + item)] == ["cost", "pay_level"]


def test_a_label_that_names_a_rate_makes_the_figure_in_its_card_pay():
    """However large for an hour; and not where the label names none."""
    card = "<h1>Pilots</h1><div><div>$386</div><p>{}, captain at a major</p></div>"
    found = read_claims(card.format("Average hourly rate"), "text/html")
    assert [c["kind"] for c in found] == ["pay_level"]
    assert read_claims(card.format("Seat belt"), "text/html") == []


@pytest.mark.parametrize(
    ("sentence", "areas"),
    [
        ("Across the state glaziers earn $51,000 a year.", ["Louisiana"]),
        ("In Caddo Parish glaziers earn $51,000 a year.", ["Caddo Parish, LA"]),
    ],
)
def test_the_state_of_a_page_is_meant_and_completes_its_counties(
    sentence: str, areas: list[str | None]
):
    """A page that says Louisiana twice, and no other state."""
    page = (
        "# Glaziers\n\nLouisiana has many windows.\n\nPeople in Louisiana like them.\n"
        f"\n{sentence}\n"
    )
    assert [claim["area"] for claim in read_claims(page)] == areas
    city = page.replace("# Glaziers", "# Glaziers of Baton Rouge, Louisiana")
    found = read_claims(city)
    assert [claim["area"] for claim in found] == areas
    two = page.replace("People in Louisiana", "People in Texas")
    assert "Louisiana" not in [claim["area"] for claim in read_claims(two)]


def test_a_school_year_of_dollars_is_no_sum():
    """`2021-22 dollars` says whose prices, `22 dollars` what is paid."""
    assert read_claims("Pay of glaziers is shown in 2021-22 dollars.") == []
    assert len(read_claims("Glaziers are paid 22 dollars an hour.")) == 1


def test_a_percent_of_an_official_publisher_abroad_is_of_its_nation():
    """A percent is in no money by which it could be told."""
    page = "According to Destatis pay of glaziers rose by 3.5%.\n"
    assert [c["area"] for c in read_claims(page)] == ["Germany"]


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("The state expects 23 percent more restaurant cooks by 2031.", ["outlook"]),
        ("It pays 23 percent more than restaurant cooks earn by 2031.",
         ["pay_delta_rel"]),
        ("A glazier averages $81,000 plain and $93,000 with a card, a premium of 14%.",
         ["pay_level", "pay_level", "pay_delta_rel"]),
    ],
)  # fmt: skip
def test_more_people_are_the_outlook_and_a_premium_of_pay_is_no_insurance(
    sentence: str, kinds: list[str]
):
    """By what the percent is of."""
    assert [c["kind"] for c in read_claims(sentence)] == kinds


@pytest.mark.parametrize(
    ("sentence", "statistic", "value"),
    [
        ("A quarter of glaziers earn $57,250 or less.", "p25", 57_250),
        ("A quarter of glaziers earn $72,000 or more.", "p75", 72_000),
        ("Half of glaziers earn $64,000 or less.", "median", 64_000),
        ("Some glaziers earn $72,000 or more.", "minimum", None),
    ],
)
def test_or_less_behind_a_figure_says_which_side_a_share_of_people_is_on(
    sentence: str, statistic: str, value: int | None
):
    """Without a share it is an open end."""
    (found,) = read_claims(sentence)
    assert (found["statistic"], found["value"]) == (statistic, value)


def test_a_publisher_that_was_not_used_is_none():
    """`We did not use X` credits nobody."""
    for used, publisher in (("used", "Payscale"), ("did not use", None)):
        page = f"For beginners we {used} Payscale data.\n\n- Glaziers: $38,000 a year\n"
        assert [c["attributed_to"] for c in read_claims(page)] == [publisher]


def test_a_source_in_the_first_part_of_a_page_is_of_that_part():
    """Below its title a page has parts; what opens it is said of all of them."""
    says = (
        "Yearly pay, from Payscale data of 2023: these numbers are from Payscale.\n\n"
    )
    end = "## Others\n\nGlaziers earn $51,000 a year.\n"
    part = read_claims(f"# Glaziers\n\n## The table\n\n{says}{end}")
    whole = read_claims(f"# Glaziers\n\n{says}{end}")
    assert [c["attributed_to"] for c in part] == [None]
    assert [c["attributed_to"] for c in whole] == ["Payscale"]


def test_an_item_below_a_paragraph_of_costs_is_none():
    """Where its own words say nothing; below a colon they are costs."""
    item = "\n\n- Glaziers there are at $31.40 at the top\n"
    free = "Glaziers are paid well.\n\nEach point costs us about $212,000."
    assert [c["kind"] for c in read_claims(free + item)] == ["cost", "pay_level"]
    lead = free.replace("$212,000.", "this:")
    assert "pay_level" not in [c["kind"] for c in read_claims(lead + item)]


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("Nobody of ours is below $17.00 an hour.", 17, None),
        ("No one of ours earns less than $17.00 an hour.", 17, None),
        ("Some of ours earn less than $17.00 an hour.", None, 17),
        ("Nobody minds, and some earn less than $17.00 an hour.", None, 17),
    ],
)
def test_what_nobody_earns_less_than_is_a_floor(
    sentence: str, low: int | None, high: int | None
):
    """And no ceiling."""
    (found,) = read_claims(sentence)
    assert (found["low"], found["high"]) == (low, high)


def test_an_average_with_a_nation_before_it_is_of_that_nation():
    """Of no teacher of its language."""
    (found,) = read_claims("In care the Canadian average was $1,148.62 a week.\n")
    assert found["area"] == "Canada"
    (found,) = read_claims("The French teacher averages $48,000 a year.\n")
    assert found["area"] is None


@pytest.mark.parametrize(
    ("heading", "kind"), [("Are bonuses back?", "bonus"), ("Bonuses", "pay_level")]
)
def test_a_heading_that_asks_after_bonuses_is_answered_by_them(heading: str, kind: str):
    """However large they are."""
    page = f"# Clerks\n\n## {heading}\n\nControllers took a typical $16,000 a year.\n"
    assert [c["kind"] for c in read_claims(page)] == [kind]


def test_means_are_a_statistic_where_they_are_a_noun():
    """`The means were`, and not `it means`."""
    (found,) = read_claims("The means of glaziers were £29,610 a year.\n")
    assert found["statistic"] == "mean"
    (found,) = read_claims("It means £29,610 a year to a glazier.\n")
    assert found["statistic"] == "unspecified"


def test_what_counts_or_releases_is_no_publisher_unless_it_owns_the_count():
    """`Lanes count …` is a sentence; `Acme's count` is a work of Acme."""
    free = read_claims("# Pay of teachers\n\nLanes count here: teachers get $48,100.\n")
    assert {r["attributed_to"] for r in free} == {None}
    owned = read_claims(
        "# Pay of teachers\n\nRosterline's count has teachers at $48,100.\n"
    )
    assert {r["attributed_to"] for r in owned} == {"Rosterline"}
