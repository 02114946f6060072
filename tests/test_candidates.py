"""What a field could be, how that is ranked, and how sure the claim says that it is."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.extract.candidates import Candidate, Relation
from pipeline.extract.ranking import list_scores, rank_candidates, weigh_candidate
from pipeline.read import read

VOCABULARY = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
WEIGHTS = {
    ("", "sentence"): 4.0,
    ("", "before"): -1.0,
    ("", "goes_on"): 3.0,
    ("", "title"): -1.0,
    ("statistic", "title"): 2.0,
}


def read_claims(text: str) -> list[dict[str, object]]:
    """Claims of a page of Markdown."""
    document = read(text.encode(), "text/markdown", where="page.md")
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    return found.claims.to_dicts()


def read_field(text: str, name: str) -> list[object]:
    """One field of every claim of a page."""
    return [claim[name] for claim in read_claims(text)]


def test_a_field_without_candidates_stays_empty():
    """Nothing speaks: nothing is said, and that is certain."""
    choice = rank_candidates([], "area", WEIGHTS)
    assert (choice.candidate, choice.basis, choice.certainty) == (None, "unread", 1.0)


def test_weak_candidates_leave_a_field_unread():
    """One that is likelier wrong than right is no value."""
    choice = rank_candidates([Candidate("A", Relation.BEFORE)], "area", WEIGHTS)
    assert choice.candidate is None
    assert 0.5 < choice.certainty < 1


def test_clues_add_to_the_relation():
    """A sentence that goes on about the one before takes what that one says."""
    weak = Candidate("A", Relation.BEFORE)
    strong = Candidate("A", Relation.BEFORE, ("goes_on",))
    assert weigh_candidate(strong, "area", WEIGHTS) == 2.0
    assert weigh_candidate(weak, "area", WEIGHTS) == -1.0
    choice = rank_candidates([strong], "area", WEIGHTS)
    assert choice.candidate is strong
    assert choice.basis == "inherited"


def test_a_weight_of_the_field_goes_before_that_of_all():
    """A title may say a statistic and seldom a place."""
    title = Candidate("A", Relation.TITLE)
    assert weigh_candidate(title, "statistic", WEIGHTS) == 2.0
    assert weigh_candidate(title, "area", WEIGHTS) == -1.0
    assert rank_candidates([title], "statistic", WEIGHTS).basis == "assumed"


def test_two_weak_witnesses_of_one_value_add_up():
    """Alone neither is enough, and a third that says something else takes from both."""
    both = [Candidate("A", Relation.BEFORE), Candidate("A", Relation.TITLE)]
    weights = {**WEIGHTS, ("", "before"): -0.5, ("", "title"): -0.5}
    one = rank_candidates(both[:1], "area", weights)
    two = rank_candidates(both, "area", weights)
    assert one.candidate is None
    assert two.candidate is not None
    denied = rank_candidates([*both, Candidate("B", Relation.TITLE)], "area", weights)
    assert denied.certainty < two.certainty


def test_a_crowd_of_one_relation_does_not_outshout_a_sentence():
    """No more than three of one value count."""
    crowd = [Candidate("B", Relation.BEFORE, ("goes_on",))] * 40
    own = Candidate("A", Relation.SENTENCE)
    assert rank_candidates([*crowd, own], "area", WEIGHTS).candidate is own


def test_scores_are_listed_strongest_first():
    """As `payproof claims --why` prints them."""
    weak, own = Candidate("B", Relation.TITLE), Candidate("A", Relation.SENTENCE)
    assert [c.value for _, c in list_scores([weak, own], "area", WEIGHTS)] == ["A", "B"]


REPORT = (
    "# Member pay report\n\n"
    "Respondents averaged $61,000. The average of nurses was $62,000.\n\n"
    "The average of cooks was $31,000. Members who answered on the coast averaged"
    " $64,000.\n\nThe average was $66,000 for those who took part at sea. "
    "Response rate: a tenth of all who answered; usable answers were few.\n\n"
)
SURVEY = (
    "# Pay of nurses\n\nThe Acme 2024 Nurse Survey found that registered nurses earn "
    "an average of $81,000 a year. "
)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        (SURVEY + "Those in Texas make $75,000, up from $71,000 in 2021.",
         ["2024", "2024", "2021"]),
        (SURVEY + "In the same survey, school nurses had a median of $70,100.",
         ["2024", "2024"]),
        ("Nurses made $81,000 in May 2023 and $85,000 in May 2024.",
         ["2023-05", "2024-05"]),
        ("Pay of nurses rose to $85,000, more than in the 2019 study.", [None]),
        ("Nurses who earned more than $85,000 in 2024 were paid a base of $71,000.",
         ["2024", "2024"]),
        ("Ab dem 1. März 2020: ein Gehalt von 3.100 Euro im Monat.", ["2020-03"]),
        ("Nurses earned $85,000 in 2024. Cooks earned $31,000 in 2022.",
         ["2024", "2022"]),
    ],
)  # fmt: skip
def test_a_date_belongs_to_the_figure_that_it_stands_with(text, dates):
    """The year of a comparison is not the year of what is compared."""
    assert read_field(text, "reference_period") == dates


@pytest.mark.parametrize(
    ("text", "publishers"),
    [
        (SURVEY + "Those in Texas make $75,000.", ["Acme", "Acme"]),
        (SURVEY + "My sister in Texas makes $75,000.", ["Acme", None]),
        (SURVEY + "\n\nIn the same survey, school nurses had a median of $70,100.",
         ["Acme", "Acme"]),
        ("[Acme](https://acme.test/pay/nurse-salary-by-state) puts the median at "
         "$81,000 a year.", ["Acme"]),
        ("According to the Royal College of Nursing, nurses earn £31,000 a year.",
         ["Royal College of Nursing"]),
        ("Nurses earn 31,000 euros a year, according to salary analysts at the site "
         "Lohnwerk.", ["Lohnwerk"]),
        ("We pay our nurses $81,000 a year, says our manager.", [None]),
        ("The median for nurses was $93,600 a year, said the Bureau of Labor "
         "Statistics.", ["BLS"]),
        ("Nurses earn £32,000 a year, according to a 2025 survey by the Institute of "
         "Health Records.", ["Institute of Health Records"]),
        ("Nurses earn $32,000 a year. Australian and American figures are higher: "
         "$52,000.", [None, None]),
        # a page says once where all its salaries are from
        ("# Pay by major\n\nWe took the average salaries of many majors from the Acme "
         "Survey.\n\nChemists earn $61,000 a year.\n", ["Acme"]),
        ("# Pay by major\n\nWe took the bus to the Acme Survey.\n\nChemists earn "
         "$61,000 a year.\n", [None]),
        ("# Nurse pay: NHS bands, and how others compare\n\nA nurse earns £31,000 a "
         "year.", [None]),
    ],
)  # fmt: skip
def test_a_publisher_is_the_one_whose_figure_it_is(text, publishers):
    """By name, by link, by the same survey; what we pay is nobody's figure but ours."""
    assert read_field(text, "attributed_to") == publishers


@pytest.mark.parametrize(
    ("text", "statistics"),
    [
        ("The average salary of nurses with median experience is $81,000 a year.",
         ["mean"]),
        ("The salary cap of nurses is $160,300 a year.", ["maximum"]),
        ("A nurse in Band 6 earns £38,628 at least.", ["minimum"]),
        ("# The minimum wage rises\n\nAdults get pay of £10 an hour from April.",
         ["minimum"]),
        ("# Wages rise\n\nAdults get pay of £10 an hour from April.", ["unspecified"]),
        ("Der gesetzliche Mindestlohn wurde in diesem Land auf 12 Euro pro Stunde "
         "angehoben und gilt für alle, die hier arbeiten.", ["minimum"]),
        ("Half of all nurses earned at least $59,702 a year.", ["median"]),
        ("More than half of all nurses earned at least $59,702 a year.", ["minimum"]),
        # a survey's own report gives one centre throughout
        (REPORT + "Stacking pays nurses: $62,840 with one, $71,990 with two.",
         ["mean"] * 5 + ["mean", "mean"]),
        ("Nurses average $61,000, says Acme. Stacking pays: $62,840 with one.",
         ["mean", "unspecified"]),
        ("# The minimum wage\n\n- £10.42 per hour for workers over 22\n"
         "- £7.49 per hour for workers under 18\n", ["minimum", "minimum"]),
        ("The top ten percent and bottom ten percent of nurses earn a salary of "
         "$66,000 and $35,000 a year, respectively.", ["p90", "p10"]),
        ("Use the salary averages below as a guide.\n\n- Nurse: $61,000\n"
         "- Cook: $31,000\n", ["mean", "mean"]),
    ],
)  # fmt: skip
def test_a_statistic_is_told_by_words_for_pay(text, statistics):
    """Of experience there are medians too; a law's floor is the least that is paid."""
    assert read_field(text, "statistic") == statistics


def test_a_news_release_speaks_for_its_publisher():
    """Named once in its first paragraph, dated in its title, and so to the end."""
    text = (
        "# Occupational pay, May 2016\n\nFor release on Friday.\n\nNurses had "
        "employment of 3 million, the U.S. Bureau of Labor Statistics reported "
        "today.\n\n"
        "The highest paid nurses worked in Alaska ($95,720 a year).\n"
    )
    (claim,) = read_claims(text)
    assert (claim["attributed_to"], claim["reference_period"]) == ("BLS", "2016-05")
    assert "attributed_to:assumed" in str(claim["basis"])


def test_what_was_assumed_is_less_sure_than_what_was_stated():
    """The certainty of a field is capped by how often its basis was right."""
    (claim,) = read_claims("Nurses in Texas earn a median of $81,000 a year.")
    sure = dict(pair.split(":") for pair in str(claim["certainty"]).split(","))
    basis = dict(pair.split(":") for pair in str(claim["basis"]).split(","))
    assert basis["area"] == basis["statistic"] == "stated"
    assert float(sure["statistic"]) > 0.9
    assert float(sure["occupation"]) <= float(sure["statistic"])
