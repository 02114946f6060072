"""Names of occupations: how they are found in words, and which codes they mean."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.core.occupation_titles import (
    TitleRows,
    TitleTable,
    choose_codes,
    get_title_table,
    make_key,
    make_keys,
)
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract_rows
from pipeline.extract.gazetteer import get_gazetteer, make_singular
from pipeline.extract.occupation_mentions import find_occupations, find_subjects
from pipeline.extract.tagged_lines import TaggedLine, tag_line
from pipeline.extract.title_search import list_stems
from pipeline.extract.tokens import split_tokens
from pipeline.normalise.written_titles import get_title_matcher
from pipeline.read import read
from pipeline.sources.shared.posting import names_job

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
TABLE, MATCHER = get_title_table(WORDS), get_title_matcher(WORDS)


def tagged(text: str) -> TaggedLine:
    """A text as one line with its mentions."""
    return tag_line(text, 0, len(text), get_gazetteer(WORDS))


def named(text: str, own: str = "") -> list[str]:
    """Occupations that a text names, as claims have them."""
    found = find_occupations(tagged(text), get_gazetteer(WORDS), own)
    return [mention.means for mention in found]


def subjects(text: str, own: str = "") -> list[str]:
    """Occupations of a text whose pay its figures may be."""
    found = find_subjects(tagged(text), get_gazetteer(WORDS), own)
    return [mention.means for mention in found]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Secretaries", "secretary"),
        ("Waitresses, Coaches and Linemen", "waitress , coach and lineman"),
        ("Police & Sheriff's Patrol Officers", "police and sheriff patrol officer"),
        ("First-Line Supervisors", "first line supervisor"),
        ("Helpers--Roofers", "helper -- roofer"),
        ("C++ Developer", "c + + developer"),
        ("Tile, Stone, and Marble Setters", "tile , stone and marble setter"),
        ("développeurs", "développeur"),
        ("bus process", "bus process"),
    ],
)
def test_a_title_is_looked_up_by_its_words_in_the_singular(title: str, key: str):
    """The same by hand, and for a column of titles at once."""
    assert make_key(title) == key
    made = pl.DataFrame({"title": [title]}).select(make_keys(pl.col("title")))
    assert made.item() == key


def test_every_title_has_one_key_however_it_is_made():
    """The column of keys and the key of each title agree over all titles."""
    titles = WORDS.read_table("titles")["title"]
    made = pl.DataFrame({"title": titles}).select(make_keys(pl.col("title")))
    assert made["title"].to_list() == [make_key(title) for title in titles]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([(2, "11-1011", 90), (2, "11-1021", 10)], ("11-1011",)),
        ([(2, "11-1011", 70), (2, "11-1021", 30)], ("11-1011", "11-1021")),
        ([(2, "a", 55), (2, "b", 44), (2, "c", 1)], ("a", "b")),
        ([(2, "11-1011", 99), (1, "11-1021", 1)], ("11-1021",)),
        ([(1, "11-1011", 1), (1, "11-1021", 1)], ("11-1011", "11-1021")),
    ],
)
def test_a_title_means_what_outweighs_the_rest(rows, codes):
    """Else it stays open, without what nearly nobody means; ours goes before O*NET."""
    assert choose_codes(rows).codes == codes


def title_rows(*rows):
    """These rows of titles: key, rank, code and weight."""
    columns = ["key", "rank", "soc", "weight"]
    return TitleRows(pl.DataFrame(rows, columns, orient="row"))


def test_titles_are_asked_for_by_their_key():
    """All rows of a title; those of one word apart, and none of what is done."""
    rows = title_rows(
        ("pipe welder", 0, "a", 1), ("welder", 2, "b", 3), ("pipe welder", 2, "c", 2),
        ("take off", 0, "d", 1), ("old pipe welder", 3, "e", 1), ("tig", 1, "f", 1),
    )  # fmt: skip
    assert (len(rows), sorted(rows)[0]) == (5, "old pipe welder")
    assert rows["pipe welder"] == [(0, "a", 1), (2, "c", 2)]
    assert ("pipe" in rows, "tig" in rows, rows.get("pipe")) == (False, True, None)
    assert rows.list_keys(2, lone=False) == ["pipe welder"]
    every = ["old pipe welder", "pipe welder"]
    assert sorted(rows.list_keys(3, lone=False)) == every
    assert rows.list_keys(1, lone=True) == ["tig"]
    assert rows.telling == {"old", "pipe", "take"}
    official = dict(rows.list_official())
    assert official == {key: rows[key] for key in ("pipe welder", "take off")}


def test_an_official_title_has_the_code_of_its_year():
    """Of the survey's own year, where the code was another one then."""
    spans = {"old": (2005, 2018), "new": (2019, 9999)}
    key = "forest technician"
    rows = title_rows((key, 0, "new", 1))
    table = TitleTable(rows, {}, {key: ["old"]}, spans)
    years = (None, 2004, 2005, 2018, 2019)
    found = [table.find(key, year).codes for year in years]  # type: ignore[union-attr]
    assert found == [("new",), ("new",), ("old",), ("old",), ("new",)]


def test_a_title_that_is_gone_keeps_its_code_where_no_other_is_known():
    """`Substitute Teachers` had a code until 2018; the title is of another since."""
    spans = {"old": (2012, 2018), "new": (2019, 9999)}
    rows = title_rows(("substitute teacher", 1, "new", 1))
    old = {"substitute teacher": {"old"}, "health technician": {"old"}}
    table = TitleTable(rows, old, {}, spans)

    def code(title: str, year: int | None) -> str:
        found = table.find(title, year)
        assert found is not None
        return found.codes[0]

    assert [code("substitute teacher", y) for y in (2018, 2019, None)] == [
        "old", "new", "new",
    ]  # fmt: skip
    assert code("health technician", 2024) == "old"


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Drivers/Sales Workers", ["driver", "sale", "worker"]),
        ("teachers , postsecondary", ["teacher", ",", "postsecondary"]),
        ("cooks, and servers", ["cook", "and", "server"]),
        ("helpers--roofers", ["helper", "--", "roofer"]),
        ("nurses' aides", ["nurse", "aide"]),
        ("sheriff's officers", ["sheriff", "officer"]),
        ("un développeur", ["un", "développeur"]),
        ("les vétérinaires", ["le", "vétérinaire"]),
        ("nurse - nights", ["nurse", "-", "night"]),
    ],
)
def test_words_of_a_line_are_compared_as_titles_have_them(text: str, stems: list[str]):
    """Marks within a name are left out, those between names are not."""
    assert list_stems(split_tokens(text))[0] == stems


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("geography teachers, postsecondary", "geography teacher, postsecondary"),
        ("engineers, except computer", "engineer, except computer"),
        ("clerks except payroll", "clerk except payroll"),
        ("helpers--roofers", "helper--roofers"),
        ("supervisors of office workers", "supervisor of office workers"),
        ("electric linemen", "electric lineman"),
        ("midwives", "midwife"),
    ],
)
def test_a_name_is_put_in_the_singular_at_its_head(plural: str, singular: str):
    """What stands behind the head says more of it and stays as it is."""
    assert make_singular(plural) == singular


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # Official names whole: supervisors, helpers, exceptions, all others.
        ("pay of first-line supervisors of retail sales workers",
         ["first line supervisor of retail sales workers"]),
        ("helpers of electricians earn", ["helper of electricians"]),
        ("Helpers--Roofers earn", ["helper--roofers"]),
        ("electronics engineers, except computer, earn",
         ["electronics engineer, except computer"]),
        ("geography teachers postsecondary", ["geography teachers postsecondary"]),
        ("business operations specialists, all other",
         ["business operations specialist, all other"]),
        ("driver/sales workers", ["driver/sales worker"]),
        ("home health aides", ["home health aide"]),
        ("travel agents", ["travel agent"]),
        ("what astronomers make", ["astronomer"]),
        ("pay for models", ["model"]),
        ("our pricing models", []),
        ("he picks up milk", []),
        # A title that somebody has, and one that another word makes another's.
        ("medical coder staff", ["medical coder"]),
        ("medical coder trainers", ["medical coder trainer"]),
        ("certified coders", ["coder"]),
        ("full-stack developers", ["full stack developer"]),
        # The modifier is of both.
        ("coding managers and directors", ["coding manager and director"]),
        # Unknown names are kept as written.
        ("Laidlaw drivers", ["laidlaw driver"]),
        ("training coordinators", ["training coordinator"]),
        ("tuition coordinators", ["tuition coordinator"]),
        ("benefits coordinators", ["benefits coordinator"]),
        # Other languages.
        ("le salaire d'un développeur", ["développeur"]),
        ("Softwareentwickler verdienen", ["softwareentwickler"]),
        ("un plombier gagne", ["plombier"]),
        # Acronyms in capitals, and a noun that looks back.
        ("RNs earn", ["registered nurse"]),
        ("back end engineers, moderately experienced engineers",
         ["back end engineer", "back end engineer"]),
    ],
)  # fmt: skip
def test_the_longest_name_is_found(text: str, names: list[str]):
    """The whole title first, then the longest known one, then what is written."""
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "own", "names"),
    [
        ("all workers earn", "medical coder", ["all worker"]),
        ("workers earn", "", ["all occupations"]),
        ("full-time employees earn", "", ["all occupations"]),
        ("workers earn", "medical coder", ["medical coder"]),
        ("first-year drivers earn", "truck driver", ["truck driver"]),
        ("contract analysts earn", "data analyst", ["data analyst"]),
        ("billers earn less than coders, at", "", ["biller"]),
        ("billers earn less than coders who", "", ["biller", "coder"]),
        ("pay similar to coders, at", "", ["coder"]),
        ("plumbers earn, according to economists at", "", ["plumber"]),
        ("pay rose, said Ana Li, chief economist", "", []),
        ("support for the director", "", []),
        ("the director earns", "", ["director"]),
    ],
)
def test_whose_pay_a_sentence_may_be_about(text: str, own: str, names: list[str]):
    """Witnesses, yardsticks and superiors are not meant; workers at large are all."""
    assert subjects(text, own) == names


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("pay for training and development managers", "topics"),
        ("emergency medicine physicians", "specialties"),
        ("pay for tuition coordinators", "topics"),
    ],
)
def test_a_word_of_a_title_says_nothing_by_itself(text: str, category: str):
    """Neither what the figure is about nor which specialty."""
    assert all(m.means == "pay" for m in tagged(text).get_mentions(category))


def test_a_word_for_pay_is_heard_beside_a_title():
    """It is no part of the job's name."""
    assert tagged("salary of training managers").get_mentions("topics")


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        # Whole, as published, in other numbers and without commas.
        ("Registered Nurses", "29-1141"),
        ("teachers postsecondary geography", ""),
        ("geography teachers postsecondary", "25-1064"),
        ("Helpers of Carpenters", "47-3012"),
        # The trade's own words.
        ("Payment Poster", "43-3021"),
        ("Charge Entry Specialist", "43-3021"),
        ("HIM Technician", "29-2072"),
        ("Denials Coordinator", "43-3021|43-9041"),
        # Levels, places, times and short forms.
        ("Sr. Medical Coder II (Remote)", "29-2072"),
        ("Physical Therapist - PRN - Weekends", "29-1123"),
        ("Pharmacy Tech III", "29-2052"),
        ("Chief Radiologist", "29-1224"),
        ("RN - ICU - Nights", "29-1141"),
        ("Accountant CPA", "13-2011"),
        # What is said behind a head in front.
        ("Director, Health Information Management", "11-9111"),
        ("Supervisor of Coding", "11-9111|43-1011"),
        ("Assistant Professor of Biology", "25-1042"),
        ("Adjunct Professor - Nursing", "25-1072"),
        # Two in one.
        ("Welder/Plumber", "47-2152|51-4121"),
        ("LPN / LVN", "29-2061"),
        # The longest name, words between left out.
        ("High School Chemistry Teacher", "25-2031"),
        ("Executive Assistant to the President", "43-6011"),
        # Lone heads, and words that tell jobs apart.
        ("Director", ""),
        ("Supervisor", ""),
        ("Analyst", ""),
        ("Laidlaw Supervisor", ""),
        ("Reckwitz Radiologist", "29-1224"),
        ("Reckwitz Health Radiologist", "29-1224"),
        ("School Engineer", ""),
        # A head that is one occupation and ends no other's name is that anywhere.
        ("Cruise Ship Photographer", "27-4021"),
        ("School Radiologist", "29-1224"),
        ("keeper of the seven keys", ""),
        ("", ""),
        ("()", ""),
        ("- / -", ""),
    ],
)
def test_a_title_as_written_means_these_codes(title: str, codes: str):
    """None where nothing says what the job is; several where it stays open."""
    assert "|".join(MATCHER.match(title).codes) == codes


def test_titles_of_any_size_are_matched_in_bounds():
    """The words of a title of thousands are not all combined."""
    assert MATCHER.match("senior " * 5000 + "nurse").codes in ((), ("29-1141",))
    assert MATCHER.match("/".join(["a b"] * 2000)).codes == ()


def test_every_name_that_the_survey_counts_has_its_own_code():
    """As its table has it, in lower case and without its commas."""
    rows = WORDS.read_table("occupations").filter(
        pl.col("valid_to").is_null(), pl.col("employment").is_not_null()
    )
    wrong = [
        (soc, title)
        for soc, title, note in rows.select("soc", "title", "note").iter_rows()
        if note != "group"
        for spelled in (title, title.lower(), title.replace(",", ""))
        if MATCHER.match(spelled).codes != (soc,)
    ]
    assert wrong == []
    assert rows.height > 800


def told(text: str, kind: str = "text/markdown") -> list[tuple[str, str | None]]:
    """Quote and occupation of every figure of a page."""
    document = read(text.encode(), kind, where="page")
    rows, _, _ = extract_rows(document, WORDS, source="page", snapshot="0" * 12)
    return [(row["quote"], row.get("occupation")) for row in rows]


SECTIONS = "# What jobs pay\n\n## Plumbers\n\nThey earn $60,000 a year.\n\n"


@pytest.mark.parametrize(
    ("page", "jobs"),
    [
        # Sections for several jobs: the page is about none of them.
        (f"{SECTIONS}## Welders\n\nThey earn $50,000 a year.\n\n## Others\n\n"
         "The median salary is $40,000 a year.\n", ["plumber", "welder", None]),
        # One section of many is not the page's own job either, two are.
        (f"{SECTIONS}## More\n\nThe median salary is $40,000 a year.\n",
         ["plumber", None]),
        (f"{SECTIONS}## Where plumbers work\n\nIn houses.\n\n## More\n\n"
         "The median salary is $40,000 a year.\n", ["plumber", "plumber"]),
        # A title is.
        ("# Plumber pay\n\n## More\n\nThe median salary is $40,000 a year.\n",
         ["plumber"]),
        # Who holds a credential is what it makes of them; another name goes before.
        ("In the survey of 2022 a CPC averaged $55,895 a year.\n",
         ["certified professional coder"]),
        ("Auditors with a CPC averaged $55,895 a year.\n", ["auditor"]),
        # What follows one figure is of the next.
        ("The lowest 10 percent of plumbers earned less than $35,780 a year.\n",
         ["plumber"]),
        ("Those above $90,000 were welders who earned an average of $95,000 a year.\n",
         ["welder", "welder"]),
        ("Workers in Ohio earn a median of $48,000 a year.\n", ["all occupations"]),
        ("Laidlaw dispatchers earn $48,000 a year.\n", ["laidlaw dispatcher"]),
    ],
)  # fmt: skip
def test_a_figure_is_of_the_job_that_its_words_name(page: str, jobs: list[str | None]):
    """Its sentence first, then what stands around it, then the page's own."""
    assert [job for _, job in told(page)] == jobs


def test_a_posting_s_title_is_kept_whole():
    """No shorter name in it stands for it, save where all else is level or place."""
    page = (
        '<script type="application/ld+json">{"@type": "JobPosting", "title": "TITLE",'
        ' "baseSalary": {"@type": "MonetaryAmount", "currency": "USD",'
        ' "value": {"value": 50000, "unitText": "YEAR"}}}</script>'
    )
    titles = {
        "Home Health Aide": "home health aide",
        "Medical Coder II": "medical coder",
        "Welder - Night Shift, Ohio": "welder - night shift, ohio",
    }
    for title, job in titles.items():
        assert told(page.replace("TITLE", title), "text/html") == [("50000", job)]


@pytest.mark.parametrize(
    ("title", "job", "same"),
    [
        ("registered nurse - icu", "Registered nurse", True),
        ("registered nurse - icu", "dental nurse", False),
        ("coder", "coder ii", False),
    ],
)
def test_words_of_a_posting_are_of_its_job_where_all_are_its_titles(title, job, same):
    """A description that names another job keeps it."""
    assert names_job(title, job) is same
