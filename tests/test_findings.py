"""What a check found, so that it can be sent: report, letter, reviews."""

import json
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages_home import copy_home

from pipeline.core.model import Block, Document
from pipeline.core.public_tables import find_public_table, write_edition
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.check import check, extract_page
from pipeline.query.claim_review import make_claim_reviews
from pipeline.query.findings import KINDS
from pipeline.query.letter import WIDTH, write_letter
from pipeline.query.page_sentence import LONGEST, PageSentence, cut_sentence
from pipeline.query.published import open_latest
from pipeline.query.suggested_words import put_right
from pipeline.rulings import load_rulings

PAGE = """<html><head><title>Pay of coders <script>alert(1)</script></title></head>
<body><h1>What coders earn</h1>
<p>All of it is from public tables. According to the Bureau of Labor Statistics,
medical records specialists in the U.S. earned a median of $48,780 a year in May 2023.
The lowest 10 percent earned less than $35,010 and the highest 10 percent more than
$80,090, according to the BLS (May 2023). We wish you well.</p>
<p>A &lt;b&gt;coder&lt;/b&gt; says that it is more.</p></body></html>"""
OEWS = read_source("bls_oews")


@pytest.fixture(scope="module")
def home(small_release, tmp_path_factory):
    """A home with a few of the project's snapshots and one release of them."""
    return copy_home(small_release, tmp_path_factory.mktemp("findings"))


@pytest.fixture(scope="module")
def found(home):
    """What the check of the page comes to."""
    words = open_vocabulary(home.vocabularies)
    page = extract_page(PAGE.encode(), Path("page.html"), words)
    return check(page, open_latest(home), words)


@pytest.fixture
def page(tmp_path) -> Path:
    """The page in a file."""
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return path


FACTS = {"title": "Pay of coders", "path": "p", "sha256": "0" * 64, "published": ""}


def test_an_accusation_has_all_that_a_publisher_asks_for(found):
    """Sentence, table, right figure, what to write, how sure, what was tried."""
    first, second = found.findings.select("wrong")
    assert (first.sentence.figure, second.sentence.figure) == ("$80,090", "$35,010")
    assert first.sentence.text.startswith("The lowest 10 percent earned")
    assert first.sentence.text.endswith("(May 2023).")
    assert first.correct["money"] == "$77,810"
    assert first.published["table"] == {
        "name": "National Occupational Employment and Wage Estimates, May 2023",
        "address": "https://www.bls.gov/oes/2023/may/oes_nat.htm",
    }
    assert "Medical Records Specialists (29-2072)" in first.instead
    assert first.put_right.count("$77,810") == 1
    assert "$80,090" not in first.put_right
    assert 0.8 < first.certainty < 1
    assert "the statistic" in first.why_sure
    assert any(line.startswith("years: ") for line in first.tried)
    assert "raw/" not in first.says


def test_findings_stand_worst_first_and_in_one_line(found):
    """By what they are, then by severity, then by how far off they are."""
    rows = found.findings.rows
    order = [(KINDS.index(r.kind), -r.severity, -r.gap) for r in rows]
    assert order == sorted(order)
    assert found.findings.summary == (
        "3 figures: 2 wrong (2 misquoted), 1 right, 0 not judged."
    )


def test_a_letter_asks_for_each_mistake_once(found):
    """Page's sentence, table with its address on one line, and what to write."""
    lines = write_letter(found.findings, FACTS, "https://example.org/pay")
    text = "\n".join(lines)
    assert lines[0] == "Subject: 2 figures on your page"
    assert "https://example.org/pay" in lines
    assert "   https://www.bls.gov/oes/2023/may/oes_nat.htm" in lines
    assert text.count("Your page says: ") == 2
    assert "$48,780" not in text
    assert all(len(line) <= WIDTH for line in lines if "http" not in line)


def test_nothing_wrong_needs_no_letter(found):
    """A page that is right gets none, and is told so."""
    right = type(found.findings)((), "1 figure: none wrong, 1 right, 0 not judged.")
    assert write_letter(right, FACTS) == [
        "There is nothing to write about: 1 figure: none wrong, 1 right, 0 not judged."
    ]


# What schema.org names for ClaimReview and its parts, of what may be written here; and
# of it what search engines and fact-checkers ask for.
NEEDED = ("url", "claimReviewed", "author", "datePublished", "itemReviewed",
          "reviewRating")  # fmt: skip
KNOWN = {
    "ClaimReview": {*NEEDED, "reviewBody", "citation"},
    "Claim": {"author", "appearance", "datePublished"},
    "Organization": {"name", "url"},
    "CreativeWork": {"name", "url"},
    "Rating": {"ratingValue", "bestRating", "worstRating", "alternateName"},
}


def list_review_faults(review: dict) -> list[str]:
    """List what is wrong with a ClaimReview by the definitions of schema.org."""
    faults = [f"no {name}" for name in NEEDED if not review.get(name)]
    for thing in (review, *(v for v in review.values() if isinstance(v, dict))):
        kind = thing.get("@type", "")
        extra = thing.keys() - KNOWN.get(kind, set()) - {"@type"}
        faults += [f"{kind} has no {name}" for name in sorted(extra)]
    if faults:
        return faults
    rating, claim = review["reviewRating"], review["itemReviewed"]
    kinds = (review["@type"], review["author"]["@type"], claim["@type"],
             rating["@type"], claim["author"]["@type"])  # fmt: skip
    if kinds != ("ClaimReview", "Organization", "Claim", "Rating", "Organization"):
        faults.append(f"types {kinds}")
    if not urlsplit(review["url"]).scheme:
        faults.append("url is none")
    if not (rating.get("alternateName") and claim["author"].get("name")):
        faults.append("a name is missing")
    if "ratingValue" in rating and not (
        rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    ):
        faults.append("rating beyond its scale")
    date.fromisoformat(review["datePublished"])
    return faults


def test_reviews_have_what_schema_org_asks_for(found):
    """Of each figure that is accused or supported, and of no other."""
    made = make_claim_reviews(
        found.findings, FACTS, "2026-11-30", "https://example.org/pay",
        "https://example.com/report.html",
    )  # fmt: skip
    assert made["@context"] == "https://schema.org"
    reviews = made["@graph"]
    assert [list_review_faults(review) for review in reviews] == [[]] * 3
    values = [r["reviewRating"]["ratingValue"] for r in reviews]
    assert values == [1, 1, 5]
    assert reviews[0]["url"] == "https://example.com/report.html#finding-1"
    assert reviews[2]["url"] == "https://example.com/report.html#figures"
    assert reviews[0]["itemReviewed"]["author"]["name"] == "example.org"
    for name in NEEDED:
        lacking = {k: v for k, v in reviews[0].items() if k != name}
        assert list_review_faults(lacking) == [f"no {name}"]


def test_a_review_without_an_address_has_the_pages_digest(found):
    """A URI, so that it is one, and no address that somebody else may have."""
    made = make_claim_reviews(found.findings, FACTS, "2026-11-30")
    assert made["@graph"][0]["url"] == f"urn:sha256:{'0' * 64}#finding-1"
    assert "url" not in made["@graph"][0]["itemReviewed"]["appearance"]


@pytest.mark.slow
def test_every_form_is_printed(home, command_in, page):
    """One file to send, a letter, JSON-LD; addresses are looked at before anything."""
    run = partial(command_in, home, "check", page, "--format")
    status, html, _ = run("html")
    assert status == 1
    assert 'id="finding-2"' in html
    assert 'id="figures"' in html
    assert html.index("$80,090</mark>") < html.index("$35,010</mark>")
    assert "<script" not in html
    assert "2 wrong (2 misquoted)" in html
    assert run("letter")[1].startswith("Subject: 2 figures on your page\n")
    reviews = json.loads(run("claimreview")[1])["@graph"]
    assert not any(map(list_review_faults, reviews))
    for address in ("javascript:alert(1)", "https://[abc"):
        status, _, err = run("claimreview", "--page-url", address)
        assert (status, "Address" in err) == (2, True)


@pytest.mark.slow
def test_an_answer_stands_beside_the_accusation(small_release, tmp_path, command_in):
    """One that was taken back too, and an accusation that was, visibly."""
    home = copy_home(small_release, tmp_path / "home")
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    run = partial(command_in, home)

    def findings():
        _, out, _ = run("check", path, "--format", "json")
        return json.loads(out)

    far, near = (f["conflict"] for f in findings()["findings"])
    who = ("--author", "Coder Weekly", "--reason", "We <b>meant</b> the 85th.")
    assert run("rule", "answer", far, "disputes", *who)[0] == 0
    assert run("rule", "retract", near, "", *who)[0] == 0
    first, second = findings()["findings"]
    (answer,) = first["answers"]
    assert answer["head"].startswith("Coder Weekly answered on ")
    assert (first["withdrawn"], second["withdrawn"]) == (False, True)
    assert findings()["summary"] == (
        "2 figures: 1 wrong (1 misquoted), 1 right, 0 not judged. Taken back: 1."
    )
    _, html, _ = run("check", path, "--format", "html")
    assert "We &lt;b&gt;meant&lt;/b&gt; the 85th." in html
    assert "(taken back)" in html
    assert "$35,010</mark>" in html
    assert "$35,010" not in run("check", path, "--format", "letter")[1].split("1. ")[0]
    _, out, _ = run("check", path, "--format", "claimreview")
    rated = [r["reviewRating"] for r in json.loads(out)["@graph"]]
    assert [r["alternateName"] for r in rated] == [
        "Misquoted", "Taken back", "Correct",
    ]  # fmt: skip
    assert "ratingValue" not in rated[1]
    for made in load_rulings(open_vocabulary(home.vocabularies)):
        assert run("rule", "undo", made.id, "", *who)[0] == 0
    first, second = findings()["findings"]
    assert not second["withdrawn"]
    assert all(f["answers"][0]["undone"] for f in (first, second))


@pytest.mark.slow
def test_what_is_no_answer_is_refused(small_release, tmp_path, command_in):
    """An unknown word, a target that is no accusation, nobody's name."""
    run = partial(command_in, copy_home(small_release, tmp_path), "rule")
    who, place = ("--author", "a", "--reason", "b"), "misquote:0123456789ab#char=1,2"
    for words, said in (
        (("answer", place, "perhaps", *who), "known: disputes, corrected, comments"),
        (("answer", place, "", *who), "it has no value"),
        (("retract", "29-2072/US", "", *who), "is no conflict"),
        (("answer", place, "disputes", *who[2:]), "it has no author"),
    ):
        status, _, err = run(*words)
        assert (status, said in err) == (2, True), err


def make_page(*texts: str, table: bool = False) -> Document:
    """A page of these blocks; cells of one row, the first half of them its heads."""
    blocks, at, half = [], 0, max(1, len(texts) // 2)
    for number, text in enumerate(texts):
        row, column = divmod(number, half)
        heads = (column,) if row else ()
        place = {"table": 0, "row": row, "column": column, "column_heads": heads}
        kind = "cell" if table else "paragraph"
        blocks.append(Block(kind, at, at + len(text), **(place if table else {})))
        at += len(text) + 1
    return Document("\n".join(texts), tuple(blocks), "text/html")


def cut(document: Document, quote: str) -> PageSentence:
    """Cut the sentence of the first place that has these words."""
    start = document.text.index(quote)
    return cut_sentence(document, start, start + len(quote), quote)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two is $5 a day. Three.", "Two is $5 a day."),
        ("In the U.S. it is $5.50 an hour! Or so.", "In the U.S. it is $5.50 an hour!"),
        ("It is $5", "It is $5"),
        ("Is it? “It is $5.” No.", "“It is $5.”"),
        (
            "Dr. No. 3 of St. Louis has $5 now. End.",
            "Dr. No. 3 of St. Louis has $5 now.",
        ),
    ],
)
def test_a_sentence_is_the_pages_own(text, sentence):
    """From its first word to its mark; initials and places end none."""
    assert cut(make_page("Before. It is $7.", text), "$5").text == sentence


def test_a_cell_is_shown_with_its_row_and_heads():
    """A number alone says nothing."""
    page = make_page("State", "Mean", "Ohio", "$5", table=True)
    assert cut(page, "$5").text == "State: Ohio | Mean: $5"


def test_a_sentence_is_bounded_and_on_one_line():
    """A page may have no end of a sentence."""
    page = make_page("so " * 5000 + "$5\n\t" + "and " * 5000)
    found = cut(page, "$5")
    assert len(found.text) < 2 * LONGEST + 20
    assert found.before.startswith("… so")
    assert found.after.endswith("and …")
    assert "\n" not in found.text


def test_data_and_places_beyond_the_text_are_the_quote_alone():
    """What a script says stands in no sentence."""
    assert cut_sentence(make_page("x"), None, None, "$5").text == "$5"


CORRECT = {"amount": 48780, "unit": "year"}


@pytest.mark.parametrize(
    ("figure", "period", "said"),
    [
        ("$48,870", "year", "It is $48,780 now."),
        ("48870", "year", "It is 48,780 now."),
        ("US$48,870", "year", "It is US$48,780 now."),
        ("$23.50", "hour", ""),
        ("$48k", "year", ""),
        ("$48,000-$49,000", "year", ""),
        ("forty thousand", "year", ""),
    ],
)
def test_the_right_figure_is_put_in_where_it_fits(figure, period, said):
    """In the page's own form, or not at all."""
    claim = {"period": period, "value": 1}
    assert put_right(PageSentence("It is ", figure, " now."), claim, CORRECT) == said


def test_a_published_table_has_a_name_and_an_address():
    """By year and place; what no address follows from leads to the list of them."""
    ohio = {"area": "Ohio", "area_code": "39", "postal": "oh"}
    found = find_public_table(OEWS, "state", "2023-05", ohio)
    assert found.address == "https://www.bls.gov/oes/2023/may/oes_oh.htm"
    assert found.name.endswith("May 2023: Ohio")
    for edition, values in (("1999", ohio), ("2023-05", {**ohio, "postal": "../x"})):
        found = find_public_table(OEWS, "state", edition, values)
        assert found.address == "https://www.bls.gov/oes/tables.htm"
    assert write_edition("2023-05") == "May 2023"
    assert write_edition("2023-13") == "2023-13"


def test_a_source_without_tables_leads_to_its_homepage():
    """By the name of the publication."""
    found = find_public_table(read_source("bls_ooh"), "national", "2024-2034", {})
    assert (found.name, found.address) == (
        "Occupational Outlook Handbook, 2024-2034", "https://www.bls.gov/ooh/",
    )  # fmt: skip
