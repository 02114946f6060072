"""Extract: what a page says once, or leaves to its readers, of source, job and date."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import extract
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
BLS = (
    "The Bureau of Labor Statistics puts the median for {job} at $41,110 in May 2015. "
)


@pytest.fixture(scope="module", name="words")
def fixture_words() -> Vocabulary:
    """The vocabularies of the repository."""
    return open_vocabulary(ROOT / "vocabularies")


def read_claims(
    words: Vocabulary, text: str, media_type: str = "text/markdown"
) -> dict[str, dict[str, Any]]:
    """Claims of a page by their quotes."""
    document = read(f"{text}\n".encode(), media_type, where="page")
    out = extract(document, words, source="x", snapshot="0" * 12).claims
    return {row["quote"]: row for row in out.iter_rows(named=True)}


@pytest.mark.parametrize(
    "said",
    [
        "Government statistics show the lowest-paid tenth of clerks under $26,340.",
        "The bureau says the lowest-paid tenth of clerks earn under $26,340.",
        "The lowest-paid tenth of clerks earn under $26,340, according to the agency.",
        "The wage people put the lowest-paid tenth of clerks under $26,340.",
        "On the government's list the lowest-paid tenth of clerks make under $26,340.",
    ],
)
def test_an_office_that_was_named_before_is_the_same_publisher_and_no_employer(
    words: Vocabulary, said: str
) -> None:
    """Whoever tells of the pay is not who pays it."""
    claim = read_claims(words, BLS.format(job="clerks") + said)["$26,340"]
    assert claim["attributed_to"] == "BLS"
    assert claim["employer_type"] is None


@pytest.mark.parametrize(
    "said",
    [
        "Clerks in government jobs earn a median of $47,220.",
        "The federal government pays its clerks $47,220 a year.",
        "The same agency now offers clerks $47,220 a year.",
    ],
)
def test_an_employer_stays_one(words: Vocabulary, said: str) -> None:
    """A government that pays is not one that tells."""
    claim = read_claims(words, BLS.format(job="clerks") + said)["$47,220"]
    assert claim["employer_type"] in ("government", "staffing agency")


@pytest.mark.parametrize(
    ("text", "quote", "period"),
    [
        ("The year before it was $39,870.", "$39,870", "2014-05"),
        (
            "Five years earlier, the figure for clerks was $35,660.",
            "$35,660",
            "2010-05",
        ),
        ("The previous year the median was $39,870.", "$39,870", "2014-05"),
    ],
)
def test_a_year_before_is_reckoned_from_the_figure_before(
    words: Vocabulary, text: str, quote: str, period: str
) -> None:
    """A date without a number still says which vintage is meant."""
    claim = read_claims(words, BLS.format(job="clerks") + text)[quote]
    assert claim["reference_period"] == period


@pytest.mark.parametrize(
    "behind",
    [
        "That was the Bureau's median for May 2013.",
        "It was the BLS median of May 2013.",
        "This is the bureau's own figure for May 2013.",
    ],
)
def test_a_sentence_behind_a_figure_may_give_its_source_and_date(
    words: Vocabulary, behind: str
) -> None:
    """Only what looks back, and only the figures of the sentence before."""
    text = BLS.format(job="clerks") + f"Last year I quoted $38,450 for clerks. {behind}"
    found = read_claims(words, text)
    assert found["$38,450"]["attributed_to"] == "BLS"
    assert found["$38,450"]["reference_period"] == "2013-05"
    assert found["$41,110"]["reference_period"] == "2015-05"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Drivers of heavy trucks and tractor-trailers", "heavy truck and tractor"),
        ("Operators of power plants", "power plant operator"),
        ("Drivers of small delivery trucks", "delivery truck driver"),
        ("Managers of restaurants", "restaurant manager"),
    ],
)
def test_a_title_is_found_the_other_way_round(
    words: Vocabulary, written: str, title: str
) -> None:
    """`X of Y` is the title `Y X` where that is known."""
    claim = read_claims(words, f"{written} earn a median of $45,670 a year.")["$45,670"]
    assert title in claim["occupation"]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("LPNs", "licensed practical nurse"),
        ("SLPs", "speech language pathologist"),
        ("CRNAs", "nurse anesthetist"),
    ],
)
def test_an_acronym_in_the_plural_is_its_job(
    words: Vocabulary, written: str, title: str
) -> None:
    """On a page about another one, too."""
    page = f"# Medical assistant pay\n\n{written} earn a median of $45,670 a year."
    assert read_claims(words, page)["$45,670"]["occupation"] == title


@pytest.mark.parametrize("verb", ["says", "said", "notes"])
def test_a_job_behind_a_publisher_that_speaks_is_whose_pay_it_is(
    words: Vocabulary, verb: str
) -> None:
    """It bears no witness, as one that speaks itself does."""
    text = f"The Bureau of Labor Statistics {verb} the typical roofer makes $45,670."
    assert read_claims(words, text)["$45,670"]["occupation"] == "roofer"


@pytest.mark.parametrize(
    ("head", "statistic"),
    [
        ("A quarter earns less than", "p25"),
        ("Half earns more, half less", "median"),
        ("A quarter makes more than", "p75"),
        ("A tenth takes less than", "p10"),
    ],
)
def test_a_share_of_people_in_the_head_of_a_row_is_a_percentile(
    words: Vocabulary, head: str, statistic: str
) -> None:
    """With dot leaders too."""
    text = (
        "Roofers' yearly pay breaks down like this:\n\n"
        "   Top tenth earns more than ........ $92,110\n"
        f"   {head} ........ $45,670"
    )
    assert read_claims(words, text, "text/plain")["$45,670"]["statistic"] == statistic


@pytest.mark.parametrize(
    "behind",
    [
        "You need a license and many hours, not a bachelor's degree, to begin with it.",
        "A strong union, four years of paid training, and steady work in most towns.",
        "Hospitals and clinics train their own, which takes a year and costs nothing.",
    ],
)
def test_the_line_behind_a_label_and_its_figure_is_a_sentence_of_its_own(
    words: Vocabulary, behind: str
) -> None:
    """What it names narrows nobody above it."""
    claim = read_claims(words, f"### Roofer\n\nMedian pay: $45,670\n{behind}")[
        "$45,670"
    ]
    assert claim["education"] is None
    assert claim["employer_type"] is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Thu Apr 9, 2020\nThe BLS median for roofers is $45,670 for May 2019.",
            "$45,670",
        ),
        (
            "BLS data show a mean wage of $45,670 for clerks in tax preparation"
            " and $51,230 in local government.",
            "$51,230",
        ),
        (
            "BLS: clerks at software publishers earn a mean of $51,230 a year.",
            "$51,230",
        ),
    ],
)
def test_a_month_and_an_industry_are_no_cost(
    words: Vocabulary, text: str, quote: str
) -> None:
    """`Apr` is no rate of interest, and tax preparers are paid as others are."""
    assert read_claims(words, text)[quote]["kind"] == "pay_level"


@pytest.mark.parametrize(
    "text",
    [
        "Ohio pays $45,670 per the BLS, and they say the average is $41,230.",
        "BLS lists roofers at $45,670, and people say $41,230 for helpers.",
        "The labor people say $41,230 a year, on average, for roofers.",
    ],
)
def test_what_a_publisher_is_said_to_say_is_no_hearsay(
    words: Vocabulary, text: str
) -> None:
    """Where it was named in the sentence, or is some office's people."""
    assert read_claims(words, text)["$41,230"]["kind"] == "pay_level"


def test_what_people_say_stays_hearsay(words: Vocabulary) -> None:
    """Nobody in particular said it."""
    claim = read_claims(words, "People say $41,230 a year for roofers.")["$41,230"]
    assert claim["hypothetical"]


@pytest.mark.parametrize("line", ["Everyone else", "All others", "The rest: neither"])
def test_other_people_lack_no_credential_on_a_page_that_names_none(
    words: Vocabulary, line: str
) -> None:
    """It parts jobs there."""
    text = f"**{line}.** Roofers: $45,670 a year at the median."
    assert read_claims(words, text)["$45,670"]["credential"] is None


def test_a_publisher_may_stand_two_sentences_before_its_figures(
    words: Vocabulary,
) -> None:
    """What stands between gives no figure."""
    text = (
        "There were many roofers in May 2015, according to the Labor Department. "
        "Their pay creeps up. Half of them made more than $45,670 that year."
    )
    claim = read_claims(words, text)["$45,670"]
    assert claim["attributed_to"] == "U.S. Department of Labor"
    assert claim["reference_period"] == "2015-05"


@pytest.mark.parametrize("name", ["Board index", "Site index", "Forum index"])
def test_the_index_of_a_site_is_no_publisher(words: Vocabulary, name: str) -> None:
    """Nor is a bureau whose name was not given."""
    text = f"{name} > Jobs\n\nA survey of roofers shows $45,670 a year."
    assert read_claims(words, text, "text/plain")["$45,670"]["attributed_to"] is None


@pytest.mark.parametrize(
    "stamp",
    ["Tue Oct 17, 2006 9:12 pm", "Oct 17, 2006, 9:12", "Tuesday, October 17, 2006"],
)
def test_the_time_of_a_post_is_no_reference_period(
    words: Vocabulary, stamp: str
) -> None:
    """When it was written, not what it speaks of."""
    text = f"kiwi_9    {stamp}\nRoofers make $45,670 a year at the median."
    claim = read_claims(words, text, "text/plain")["$45,670"]
    assert claim["reference_period"] is None


def test_a_month_and_year_stay_a_reference_period(words: Vocabulary) -> None:
    """Without a clock or a day of the week."""
    claim = read_claims(words, "In May 2006 roofers made a median of $45,670.")
    assert claim["$45,670"]["reference_period"] == "2006-05"


@pytest.mark.parametrize(
    ("item", "place"),
    [
        (
            "- **Tennessee.** Roofers there earn a median of $45,670, BLS says.",
            "Tennessee",
        ),
        ("- Ohio. The BLS median for roofers is $45,670.", "Ohio"),
        ("**Nevada.** BLS has roofers at $45,670 a year.", "Nevada"),
    ],
)
def test_a_place_and_a_full_stop_that_open_an_item_are_where_its_figures_are_of(
    words: Vocabulary, item: str, place: str
) -> None:
    """An official publisher does not make it the nation's."""
    assert read_claims(words, item)["$45,670"]["area"] == place


@pytest.mark.parametrize(
    "teller",
    ["my school's web page", "the hospital newsletter", "a clinic's recruiter"],
)
def test_what_an_employer_gives_out_is_not_its_own_pay(
    words: Vocabulary, teller: str
) -> None:
    """A page that tells of pay employs nobody."""
    text = f"In May 2012 {teller} put the median for roofers at $45,670."
    assert read_claims(words, text)["$45,670"]["employer_type"] is None


@pytest.mark.parametrize(
    "opening",
    [
        "People who mend the trucks out-earn those who drive them",
        "Workers who mend at night are better off",
        "Those with a van of their own do better",
    ],
)
def test_what_stands_before_a_colon_narrows_nobody_named_behind_it(
    words: Vocabulary, opening: str
) -> None:
    """The job behind it is of everybody who has it."""
    text = f"{opening}: bus mechanics averaged $45,670 in the same survey."
    assert not read_claims(words, text)["$45,670"]["unread"]


@pytest.mark.parametrize("name", ["facts", "key-takeaways", "salary-box"])
def test_an_aside_that_sums_the_page_up_is_read(words: Vocabulary, name: str) -> None:
    """It is no list of other pages."""
    page = (
        f"<h1>Roofer pay</h1><aside class='{name}'><p>Average salary: $45,670"
        " (BLS)</p></aside><aside class='more-stories'><p>Cooks earn $31,110.</p>"
        "</aside><p>Roofers are paid by the hour.</p>"
    )
    found = read_claims(words, page, "text/html")
    assert "$45,670" in found
    assert "$31,110" not in found


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("That is $2,000 more than the $39,870 reported a year before.", "2014-05"),
        ("It was $39,870 a year two years earlier.", "2013-05"),
        ("Clerks earned $39,870 one year prior.", "2014-05"),
    ],
)
def test_a_figure_of_years_before_is_not_of_the_year_before_it(
    words: Vocabulary, text: str, period: str
) -> None:
    """What stands right behind the figure dates it."""
    claim = read_claims(words, BLS.format(job="clerks") + text)["$39,870"]
    assert claim["reference_period"] == period


def test_a_figure_of_a_year_before_nothing_is_of_an_unread_date(
    words: Vocabulary,
) -> None:
    """It is not of the page's date either."""
    claim = read_claims(words, "Roofers earned $39,870 a year before, BLS says.")
    assert claim["$39,870"]["reference_period"] is None


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("HVAC mechanics and installers", "hvac mechanic"),
        ("Sheet metal fabricators or helpers", "sheet metal fabricator"),
        ("Nurses and doctors", "doctor"),
    ],
)
def test_a_bare_noun_that_ends_a_double_name_is_no_job_of_its_own(
    words: Vocabulary, written: str, title: str
) -> None:
    """One that is a job by itself is."""
    claim = read_claims(words, f"{written} earn a median of $45,670 a year.")["$45,670"]
    assert claim["occupation"] == title
