"""Extract: publishers that a page or a section declares once, and bodies that ask."""

import pytest
from claims_of_text import read_field

BLS = "BLS"


@pytest.mark.parametrize(
    ("said", "publisher"),
    [
        ("The wages in both lists are what the BLS found in May 2019.", BLS),
        ("All rates below come from the Bureau of Labor Statistics.", BLS),
        ("State figures are Utah Workforce Services', for 2018.",
         "Utah Workforce Services"),
        ("Wages are not from the BLS.", None),
        ("We like the BLS, and readers are many.", None),
        ("Figures here are from the BLS or from Payscale.", None),
    ],
)  # fmt: skip
def test_a_publisher_declared_once_holds_for_the_lists_below(
    said: str, publisher: str | None
) -> None:
    """Only where a sentence says of figures that they are one publisher's."""
    page = f"# Glazier pay\n\n{said}\n\n## North\n\n- Mean wage: $41,000 a year\n"
    assert read_field(page, "attributed_to") == [publisher]


def test_what_a_section_declares_ends_with_it() -> None:
    """`in this section` reaches no further, and offers are no office's."""
    page = (
        "# Glazier pay\n\n## Wages\n\nAll wages in this section come from the BLS.\n\n"
        "- Glaziers: $41,000 a year\n\n## Firms\n\nPane & Sons pays $21.50 an hour.\n"
    )
    assert read_field(page, "attributed_to") == [BLS, None]


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("Glaziers have a mean wage of $41,000 a year.", BLS),
        ("Apprentices start at $17 an hour.", None),
        ("The sign-on bonus is $2,000.", None),
        ("Glaziers earn $20 an hour according to the town's own notice.", None),
    ],
)
def test_a_declared_office_tells_no_first_pay_and_no_bonus(
    text: str, publisher: str | None
) -> None:
    """It counts what people earn; what is cited otherwise is another's."""
    page = f"# Glazier pay\n\nEvery wage below is from the BLS.\n\n{text}\n"
    assert read_field(page, "attributed_to") == [publisher]


@pytest.mark.parametrize(
    ("text", "publishers"),
    [
        ("The Harbor Pilots' League asked its members in May. Their pilots averaged "
         "$40 an hour.", ["Harbor Pilots' League"]),
        ("Hands for Hire, which counts sitters in the north only, had the median rate "
         "at $14 an hour.", ["Hands for Hire"]),
        ("The Harbor Pilots' League polled its members. Its pilots averaged $40 an "
         "hour. In Ohio the league's scale began at $31 an hour.",
         ["Harbor Pilots' League", "Harbor Pilots' League"]),
        ("The Harbor Lights Cafe sent its guests home. Their waiters averaged $9.",
         [None]),
        ("Ask the BLS and the answer is $41,000 a year.", [BLS]),
    ],
)  # fmt: skip
def test_a_body_that_asked_for_pay_is_who_tells_it(
    text: str, publishers: list[str | None]
) -> None:
    """By what bodies are called and do; and again where it is only `the league`."""
    assert read_field(f"# Pilot pay\n\n{text}\n", "attributed_to") == publishers
