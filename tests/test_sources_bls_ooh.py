"""The Handbook: five published pages to the last figure, and pages that changed."""

import hashlib
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from ooh import PROFILES, expected

from pipeline.archive.snapshot import Archive
from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.unread_places import collect_unread
from pipeline.core.vocabulary import open_vocabulary
from pipeline.read import read_quotes
from pipeline.sources import SOURCES, bls_ooh, bls_projections

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
RECORDED = PROFILES["medical-records-and-health-information-technicians"]


def kept(path: Path, edition: str = "2024-2034") -> Snapshot:
    """A page as it lies there."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Snapshot(
        *("bls_ooh", edition, digest, path, "text/html", "made", "2026-11-01"),
        name=path.name,
    )


def recording() -> Snapshot:
    """The page that the project wrote."""
    (found,) = Archive(ROOT / "raw").list_snapshots("bls_ooh")
    return found


def changed(folder: Path, *replacements: tuple[str, str]) -> Snapshot:
    """The recording with some of its words replaced."""
    text = recording().path.read_text("utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "page.html"
    path.write_text(text, "utf-8")
    return kept(path)


def said(claims: pl.DataFrame) -> Counter:
    """Claims as `tests.ooh.expected` has them: signed, as often as they stand."""
    amount = pl.coalesce("value", "low")
    signed = pl.when(pl.col("direction") == "down").then(-amount).otherwise(amount)
    rows = claims.select(
        "occupation",
        pl.col("industry").fill_null(""),
        "measure",
        "statistic",
        "period",
        signed.alias("signed"),
        "reference_period",
    )
    return Counter(rows.iter_rows())


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_figure_of_the_published_pages_is_read_and_none_is_wrong(name, shared):
    """Quick facts, pay and outlook: each figure as often as it stands, and no other."""
    page = kept(shared / "data" / "ooh" / f"{name}.html")
    claims = bls_ooh.parse(page, WORDS)
    assert said(claims) == expected(PROFILES[name])
    own = claims.filter(pl.col("occupation") == PROFILES[name].title)
    assert set(own["soc"]) == {PROFILES[name].soc}
    codes = {r[0]: r[1] for r in PROFILES[name].rows}
    parts = claims.filter(pl.col("occupation").is_in(list(codes)))
    assert dict(parts.select("occupation", "soc").iter_rows()) == codes
    locators = claims["locator"].to_list()
    found = read_quotes(page.read_body(), page.media_type, locators)
    assert found == claims["quote"].to_list()


def test_the_recording_gives_its_expected_claims():
    """The project's own page: the figures of a published one, fewer neighbours."""
    claims = bls_ooh.parse(recording(), WORDS)
    fewer = expected(RECORDED) - said(claims)
    assert not said(claims) - expected(RECORDED)
    assert {r[0] for r in fewer} == {
        *RECORDED.neighbours.keys()
        - {
            "Health Information Technologists and Medical Registrars",
            "Information Clerks",
        },
        "Total, all occupations",  # one of its two notes
    }
    fewest, most = SOURCES["bls_ooh"].rows
    assert fewest <= claims.height <= most


def test_a_profile_of_several_codes_is_of_none(shared):
    """Financial clerks are nine codes; the group 43-3000 is not what is meant."""
    page = kept(shared / "data" / "ooh" / "financial-clerks.html")
    own = bls_ooh.parse(page, WORDS).filter(pl.col("occupation") == "Financial Clerks")
    assert own["occupation_group"].unique().to_list() == ["profile"]


def test_what_is_said_with_about_is_approximate():
    """`About 14,200 openings`; the same count in the quick facts is exact."""
    claims = bls_ooh.parse(recording(), WORDS)
    about = claims.filter(pl.col("approximate"))
    assert set(about["measure"]) == {"openings_a_year", "employment"}
    assert about.height == 3


def test_a_top_code_is_a_bound_and_no_value(tmp_path):
    """Above $239,200 nothing is published: the ninth decile is at least that."""
    page = changed(
        tmp_path,
        ("earned more than $80,950", "earned equal to or greater than $239,200"),
    )
    claims = bls_ooh.parse(page, WORDS)
    (row,) = claims.filter(pl.col("statistic") == "p90").rows(named=True)
    assert (row["availability"], row["low"]) == ("top_coded", Decimal("239200.00"))
    assert row["value"] is None


def test_pay_by_the_hour_alone_has_no_year(tmp_path):
    """Actors: the page says that there is no annual wage, and so do the claims."""
    page = changed(
        tmp_path, ("$50,250 per year<br>", "The annual wage is not available.<br>")
    )
    claims = bls_ooh.parse(page, WORDS)
    box = claims.filter(pl.col("structure") == "table", pl.col("industry").is_null())
    first = box.filter(pl.col("soc") == "29-2072", pl.col("kind") == "pay_level")
    assert first.select("availability", "period", "value").rows() == [
        ("not_available", "year", None),
        ("published", "hour", Decimal("24.16")),
    ]


def test_a_decline_is_a_positive_figure_that_points_down(tmp_path):
    """Figures are unsigned; the direction says where they lead."""
    page = changed(
        tmp_path,
        ("7% (Much faster than average)", "-7% (Decline)"),
        ("grow 7 percent", "decline 7 percent"),
        ("34</th><td>13,800<", "34</th><td>-13,800<"),
    )
    claims = bls_ooh.parse(page, WORDS)
    down = claims.filter(pl.col("direction") == "down")
    assert down["quote"].to_list() == ["-7%", "-13,800", "7 percent", "7 percent"]
    assert (down["value"] > 0).all()


def test_older_editions_have_their_own_years(tmp_path):
    """An edition of 2019-29 is read with the same words."""
    text = recording().path.read_text("utf-8")
    old = text.replace("2034", "2029").replace("2024", "2019")
    old = old.replace("&ndash;34", "&ndash;29").replace("2019-34", "2019-29")
    path = tmp_path / "page.html"
    path.write_text(old, "utf-8")
    claims = bls_ooh.parse(kept(path, "2019-2029"), WORDS)
    periods = set(claims["reference_period"])
    assert periods == {"2019-05", "2019", "2029", "2019-2029"}
    with pytest.raises(Damaged, match=r"2019-2029.*edition 2024-2034"):
        bls_ooh.parse(kept(path), WORDS)


STRANGE = [
    (("Quick Facts: ", "At a glance: "), LayoutChanged, "Quick Facts"),
    (("2024 Median Pay</a>", "2024 Typical Pay</a>"), UnknownLabel, "2024 Typical Pay"),
    (("$50,250 per year<br>$24.16 per hour", "a lot"), UnknownLabel, "a lot"),
    (("7% (Much", "-7% (Much"), UnknownLabel, "-7%"),
    (("<td>194,800</td></tr>", "<td>some</td></tr>"), UnknownLabel, "some"),
    (("Number of Jobs, 2024", "On-the-job Training"), LayoutChanged, "Number of Jobs"),
    (("<h2>Pay <a", "<h2>Wages <a"), LayoutChanged, "tab pay"),
    (('scope="col">Percent<', 'scope="col">Share<'), UnknownLabel, "Share"),
    (("<td>208,600</td>", "<td>?</td>"), UnknownLabel, r"\?"),
    (("<td>208,600</td>", "<td>218,600</td>"), Damaged, "218,600.*208,600"),
]


@pytest.mark.parametrize(
    ("change", "error", "named"), STRANGE, ids=[s[0][1][:24] for s in STRANGE]
)
def test_a_page_in_other_words_stops_by_name(change, error, named, tmp_path):
    """Nothing is guessed: the error says which words, and which file to change."""
    with pytest.raises(error, match=named) as caught:
        bls_ooh.parse(changed(tmp_path, change), WORDS)
    told = re.search(r"pipeline/sources/bls_ooh/ooh_\w+\.py", str(caught.value))
    assert told or error is Damaged


LEFT_OUT = [
    (("lowest 10 percent earned", "lowest tenth took"), ["$35,780", "$80,950"]),
    (("projected to grow 7 percent", "seen to grow 7 percent"), ["7 percent"]),
    (("<dd><p>$54,270", "<dd><p>54 thousand"), ["54 thousand"]),
    (("<td>56,520</td>", "<td>n/a</td>"), ["n/a"]),
    (("<td>$43,730</td>", "<td>good</td>"), ["good"]),
    (
        ("In May 2024, the median annual wages", "Pay"),
        ["$60,750", "56,520"],
    ),
]


@pytest.mark.parametrize(
    ("change", "figures"), LEFT_OUT, ids=[s[0][1][:24] for s in LEFT_OUT]
)
def test_a_figure_in_other_words_is_left_out_and_named(change, figures, tmp_path):
    """The rest of the page is read; each figure that is not is told with its place."""
    whole = bls_ooh.parse(recording(), WORDS)
    page = changed(tmp_path, change)
    with collect_unread() as unread:
        claims = bls_ooh.parse(page, WORDS)
    assert 0 < whole.height - claims.height <= 6
    for figure in figures:
        assert [u for u in unread if figure in u.text and u.needs_look], figure
    places = [place.locator for place in unread]
    quotes = read_quotes(page.read_body(), page.media_type, places)
    assert all(quote in place.text for quote, place in zip(quotes, unread, strict=True))


def test_a_share_of_what_others_are_paid_is_a_remark(tmp_path):
    """Half of what trained workers earn is no figure; the page is read all the same."""
    said = "<p>Apprentices start at about 50 percent of what others are paid.</p>"
    page = changed(
        tmp_path, ("<p>In May 2024, the median", f"{said}<p>In May 2024, the median")
    )
    with collect_unread() as unread:
        claims = bls_ooh.parse(page, WORDS)
    assert claims.height == bls_ooh.parse(recording(), WORDS).height
    assert [place.needs_look for place in unread] == [False]


def test_a_label_of_any_length_names_its_row(tmp_path):
    """Names of industries have up to a hundred and forty characters."""
    label = "Services of many kinds " * 7
    page = changed(
        tmp_path, ("<td>56,520<", f"<td>1,234</td></tr><tr><td>{label}</td><td>56,520<")
    )
    found = bls_ooh.parse(page, WORDS).filter(pl.col("quote") == "56,520")
    assert found["industry"].to_list() == [label.strip()]


def test_means_in_place_of_medians_are_means(tmp_path):
    """The wages of surgeons are over the top code, so that their page has means."""
    page = changed(
        tmp_path,
        (
            "In May 2024, the median annual wages",
            "Medians are not available, but in May 2024 mean (average) annual wages",
        ),
    )
    table = bls_ooh.parse(page, WORDS).filter(pl.col("quote") == "56,520")
    assert table["statistic"].to_list() == ["mean"]


def test_a_wage_at_the_top_code_in_a_sentence_without_a_month(tmp_path):
    """The month stands behind it, or is that of the quick facts."""
    said = (
        "<p>Wages for coders are among the highest of all, with a median wage equal to "
        "or greater than $239,200 per year.</p>"
    )
    page = changed(
        tmp_path, ("<p>In May 2024, the median", f"{said}<p>In May 2024, the median")
    )
    found = bls_ooh.parse(page, WORDS).filter(pl.col("occupation") == "coders")
    assert found.select("low", "period", "reference_period").rows() == [
        (Decimal("239200.00"), "year", "2024-05")
    ]


def test_a_row_without_a_wage_is_no_other_layout(tmp_path):
    """Of fishers the survey has no pay: the cell is there, and empty."""
    page = changed(tmp_path, ("$50,250 per year<br>$24.16 per hour", ""))
    claims = bls_ooh.parse(page, WORDS)
    assert claims.height == bls_ooh.parse(recording(), WORDS).height - 2


def test_a_page_without_figures_has_none(tmp_path):
    """Military careers: both tabs are there, and no pay and no outlook."""
    path = tmp_path / "page.html"
    path.write_text(
        "<title>Sailors : Occupational Outlook Handbook</title><h1>Sailors</h1>"
        "<h2>Pay</h2><p>By rank.</p><h2>Job Outlook</h2><p>As ordered.</p>",
        "utf-8",
    )
    assert bls_ooh.parse(kept(path), WORDS).height == 0


@pytest.mark.parametrize(
    "words",
    [
        "≥$239,200",
        "This wage is equal to or greater than $239,200 per year.",
        "$239,200 or more",
        "Greater than or equal to $239,200",
    ],
)
def test_a_top_code_in_a_table_is_a_bound_however_it_is_put(words, tmp_path):
    """Tables and lists of neighbours put it in words of their own."""
    page = changed(tmp_path, ("<td>$60,750<", f"<td>{words}<"), ("$43,730", words))
    coded = bls_ooh.parse(page, WORDS).filter(pl.col("availability") == "top_coded")
    assert coded.select("quote", "low", "value").rows() == 2 * [
        ("$239,200", Decimal("239200.00"), None)
    ]


@pytest.mark.slow
def test_the_pages_and_the_projections_say_the_same(shared):
    """Jobs, change and growth of each code: the workbook's, rounded to hundreds."""
    path = shared / "data" / "projections" / "occupation.xlsx"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    book = Snapshot(
        *("bls_projections", "2024-2034", digest, path, "", "made", "2026-11-01"),
        name=path.name,
    )
    exact = bls_projections.parse(book, WORDS).select("soc", "measure", "value")
    known = {(soc, measure): value for soc, measure, value in exact.iter_rows()}
    pages = [kept(p) for p in sorted((shared / "data" / "ooh").glob("*.html"))]
    compared = 0
    for page in pages:
        told = bls_ooh.parse(page, WORDS).filter(
            pl.col("structure") == "table",
            pl.col("kind") != "pay_level",
            pl.col("soc").is_not_null(),
        )
        for soc, measure, value in told.select("soc", "measure", "value").iter_rows():
            if measure.endswith("_percent"):
                assert abs(known[soc, measure] - value) <= Decimal("0.5")
            else:
                assert known[soc, measure] == value
            compared += 1
    assert compared > 50
