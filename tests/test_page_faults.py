"""One bad figure never ends a page: what struck it is said, and the rest is read.

All goes through what users call: `claims`, `check`, and reading the bytes of a page.
Only the places where faults are put are inside.
"""

import codecs
import encodings.aliases
import itertools
import json
import re
import sys
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from pages_home import lay_home

from pipeline.core.errors import LayoutChanged, PayproofError
from pipeline.core.money_marks import read_marks
from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extraction
from pipeline.extract.indexed_page import IndexedPage
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.query.check import ExtractedPage, extract_page
from pipeline.query.published import open_latest
from pipeline.read import read
from pipeline.read.charset_labels import LABELS, find_codec

ROOT = Path(__file__).resolve().parents[1]
WORDS = open_vocabulary(ROOT / "vocabularies")
GOOD = "Nurses earn $50,000 a year."


def page_of(text: str | bytes, name: str = "page.md") -> ExtractedPage:
    """A page of some text, read as `claims` and `check` read it."""
    body = text if isinstance(text, bytes) else text.encode()
    return extract_page(body, Path(name), WORDS)


def amounts(page: ExtractedPage) -> list[tuple[object, ...]]:
    """Low, value and high of each claim, as plain numbers."""
    columns = page.claims.select("low", "value", "high").rows()
    return [tuple(None if n is None else float(n) for n in row) for row in columns]


DASHES = ("", " ", "-", "–", "\u00a0", " - ")
SCALES = sorted(read_marks(WORDS).multipliers.rows)
LETTERS = [*"ABCGKLMT"]


def join_all(marks: tuple[str, ...], tails: list[str]) -> list[str]:
    """Every mark, number, dash and tail together, each once."""
    parts = itertools.product(marks, ("29", "1095"), DASHES, tails)
    return [f"{mark}{number}{dash}{tail}" for mark, number, dash, tail in parts]


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["", " dollars"])
def test_no_number_with_a_dash_and_a_scale_or_letter_ends_a_page(ending: str):
    """`Form 1095-B`, `12-B`, `$29-M` and all their like: the good figure stays."""
    tails = [*SCALES, *LETTERS, *(letter.lower() for letter in LETTERS)]
    written = join_all(("", "$"), [f"{tail}{ending}" for tail in tails])
    for at in range(0, len(written), 400):
        lines = "\n\n".join(f"Grade {one} here." for one in written[at : at + 400])
        page = page_of(f"# Nurse pay scale\n\n{lines}\n\n{GOOD}\n")
        assert page.extraction.faults == ()
        assert "$50,000" in page.claims["quote"].to_list()


@pytest.mark.parametrize(
    "written", ["Form 1095-B", "grade 12-B", "$29-M", "29-B", "1-k"]
)
def test_a_page_with_such_a_number_gives_its_claim(payproof, tmp_path, written: str):
    """The command ends well, with the claim."""
    path = tmp_path / "page.md"
    path.write_text(f"# Nurse pay scale\n\nNurses on {written} earn $50,000 a year.\n")
    status, out, err = payproof("claims", path, "--format", "jsonl")
    assert (status, err) == (0, "")
    assert "$50,000" in [json.loads(line)["quote"] for line in out.splitlines()]


@pytest.mark.parametrize(
    "words",
    [
        "jul\u0130 1920$",  # a capital with a dot is an `i` of any case, and no `i`
        "In F\u0130RST quarter 2021 nurses earn $50,000.",
        "Average \u017falaries: $50,000 in Augu\u017ft 2021.",
        "The med\u0131an salary is $50,000; the MED\u0130AN salary of nurses too.",
        "| Pay (thou\u017fands) |\n|---|\n| $50 |",
    ],
)
def test_letters_that_match_without_case_alone_make_no_fault(words: str):
    """Words are looked up as their patterns have them, not as the page does."""
    text = "All figures are med\u0131an salaries.\n\n"
    assert page_of(text + words).extraction.faults == ()


def test_a_sign_that_is_written_out_is_no_number_of_its_own(payproof, tmp_path):
    """The 36 of `&#36;` takes no sign from the sum behind it."""
    path = tmp_path / "page.txt"
    path.write_text("A nurse earns &#36;53,600 a year.\n")
    _, out, _ = payproof("claims", path, "--format", "jsonl")
    assert [json.loads(line)["value"] for line in out.splitlines()] == [53_600]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("between 48 and 56 thousand dollars a year", [(48e3, None, 56e3)]),
        ("between 48 and 56 thousand a year", [(48e3, None, 56e3)]),
        ("48 to 56 thousand dollars a year", [(48e3, None, 56e3)]),
        ("$48 to $56 thousand a year", [(48e3, None, 56e3)]),
        ("56 thousand dollars a year", [(None, 56e3, None)]),
        ("fifty-six thousand dollars a year", [(None, 56e3, None)]),
        (
            "40, 45 and 50 thousand dollars a year",
            [(None, 40e3, None), (None, 45e3, None), (None, 50e3, None)],
        ),
        (
            "40, 45 and 50 thousand a year",
            [(None, 40e3, None), (None, 45e3, None), (None, 50e3, None)],
        ),
        ("$40, 45 or 50 thousand a year",
            [(None, 40e3, None), (None, 45e3, None), (None, 50e3, None)]),
    ],
)  # fmt: skip
def test_numbers_share_one_scale_word(written: str, found: list[object]):
    """Ranges and lists: what counts the last number counts those before it."""
    page = page_of(f"# Clinic pay\n\nClinic supervisors earn {written}.\n")
    assert amounts(page) == found


@pytest.mark.parametrize(
    "written",
    [
        "In 2019, 12 and 15 thousand people were paid by clinics.",
        "They paid a fee of 40 dollars, and 56 thousand dollars of rent.",
        "On 3 and 56 thousand pages pay is named.",
    ],
)
def test_what_only_stands_before_a_scale_word_does_not_share_it(written: str):
    """A year, a sum with a unit of its own, a number of another size."""
    page = page_of(f"# Clinic pay\n\n{written}\n")
    values = {float(v) for v in page.claims["value"].drop_nulls()}
    assert not values & {40_000.0, 12_000.0, 3000.0, 2_019_000.0}


def test_pay_that_no_one_can_have_is_a_level_and_a_reject():
    """Stated as pay and far above the band: it is shown and refused."""
    said = "the average salary of a medical coder in the United States was"
    for amount in ("$9,000,000", "$2,000"):
        page = page_of(
            f"# Pay\n\nAccording to Payscale, {said} {amount} a year in 2024."
        )
        claim = page.claims.row(0, named=True)
        assert (claim["kind"], claim["statistic"]) == ("pay_level", "mean")
        draft = normalise(page.claims, WORDS, {})
        figures, rejects = validate(draft, make_empty_broken_rows(), WORDS)
        assert figures.height == 0
        assert rejects["rule"].to_list() == ["plausible_pay"]
    large = page_of(f"# Pay\n\n{said.capitalize()} $9 million a year in 2024.")
    assert "pay_level" not in large.claims["kind"].to_list()


CODECS = sorted({*encodings.aliases.aliases.values(), *encodings.aliases.aliases,
                 "undefined", "idna", "punycode", "rot13", "unicode_escape",
                 "raw_unicode_escape", "utf-7", "mbcs", "oem", "base64", "zip", "hex",
                 "bz2", "uu", "quopri", "", "\0", "x" * 300, "no such"})  # fmt: skip


def test_no_declared_charset_ends_a_page():
    """Python knows codecs that decode no text; a page may name any of them."""
    shown = "<p>Coders earn $50,000 a year caf\xe9.</p>"
    for name in CODECS:
        html = f'<html><head><meta charset="{name}"></head><body>{shown}</body></html>'
        document = read(html.encode("latin-1"), "text/html", where="page")
        assert "Coders earn $50,000 a year caf" in document.text, name


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("undefined", "cp1252"), ("rot13", "cp1252"), ("utf-7", "cp1252"),
        ("idna", "cp1252"), ("unicode_escape", "cp1252"), ("iso-8859-1", "cp1252"),
        ("ISO-8859-2", "iso8859_2"), ("windows-1251", "cp1251"), ("sjis", "cp932"),
        ("KOI8-R", "koi8_r"), ("euc-kr", "cp949"), ("x-mac-roman", "mac_roman"),
    ],
)  # fmt: skip
def test_only_labels_of_the_web_are_charsets(label: str, codec: str):
    """What browsers know is followed; else a page is Windows-1252."""
    text = "\u0434\u30ab".encode(codec, "ignore") or b"caf\xe9"
    body = f'<meta charset="{label}"><p>'.encode() + text
    assert read(body, "text/html", where="page").encoding == codec


def test_every_label_of_the_web_leads_to_a_codec():
    """Some two hundred, each in small letters, each decodes text."""
    labels = [label for some in LABELS.values() for label in some.split()]
    assert len(labels) == len(set(labels)) > 200
    for label in labels:
        codec = find_codec(label)
        assert codec is not None
        assert label == label.lower()
        assert isinstance(codecs.decode(b"pay", codec), str)


FAULTY = "Graders earn $41,000 a year, clerks $42,000."
PAGE = f"""# Pay of clerks

Coders earn $51,000 a year.

{FAULTY} Auditors earn $43,000 a year.

- Ohio: $44,000 a year
- Iowa: $45,000 a year
"""
DATA = """<title>Pay</title><p>Coders earn $51,000 a year.</p>
<script type="application/ld+json">{"@type": "JobPosting", "title": "Grader",
 "baseSalary": {"currency": "USD", "value": 41000}}</script>
<script type="application/ld+json">{"@type": "JobPosting", "title": "Clerk",
 "baseSalary": {"currency": "USD", "value": 42000}}</script>"""
# Where a fault is put: what each reads is one number, two, a sentence, a claim, an
# object of data.
PLACES = (
    "pipeline.extract.numbers._read_number",
    "pipeline.extract.number_ranges._find_joiner",
    "pipeline.extract.document_figures.draft_line",
    "pipeline.extract.document_figures.fill_fields",
    "pipeline.extract.group_consistency._is_weak_pay",
    "pipeline.extract.extraction._make_claim_rows",
    "pipeline.extract.embedded_claims._make_row",
)


def break_call(monkeypatch, name: str, *marks: str) -> None:
    """Make a function fail wherever one of the marks is in a figure it is given."""
    module, _, function = name.rpartition(".")
    real = getattr(import_module(module), function)

    def fail(*given, **named):
        if any(mark in show(one) for one in given for mark in marks):
            raise KeyError("made to fail")
        return real(*given, **named)

    monkeypatch.setattr(f"{module}.{function}", fail)


def show(given: object) -> str:
    """The figures in what a function is given."""
    if isinstance(given, re.Match):
        return given.group()
    if isinstance(given, IndexedPage):  # it holds the figures of all lines
        return ""
    for name in ("figures", "figure", "datum", "value"):
        if hasattr(given, name):
            return repr(getattr(given, name))
    return ""


@pytest.mark.parametrize("name", PLACES[:-1])
def test_a_fault_of_one_figure_leaves_the_others(monkeypatch, name: str):
    """Whatever fails while $41,000 is read, all other sums of the page are claims."""
    whole = page_of(PAGE).claims["quote"].to_list()
    assert len(whole) == 6
    break_call(monkeypatch, name, "41,000", "41000")
    page = page_of(PAGE)
    kept = page.claims["quote"].to_list()
    others = {"$51,000", "$43,000", "$44,000", "$45,000"}
    assert others <= set(kept), kept
    if "joiner" in name or "weak" in name:  # of a pair; of a list, where it is none
        return
    assert "$41,000" not in kept
    assert "$42,000" in kept
    aside = dict(page.extraction.set_aside.select("quote", "reason").rows())
    assert aside in ({"$41,000": "reading_failed"}, {"41,000": "reading_failed"})
    (fault, *_) = page.extraction.faults
    assert "KeyError" in fault.said
    assert "made to fail" in fault.trace


def test_a_fault_of_one_object_leaves_the_other_data(monkeypatch):
    """JSON-LD of one script fails; that of the other and the text are claims."""
    assert page_of(DATA, "a.html").claims.height == 3
    break_call(monkeypatch, PLACES[-1], "41000")
    page = page_of(DATA, "a.html")
    assert page.claims["quote"].to_list() == ["$51,000", "42000"]
    assert "script=0;" in page.extraction.faults[0].what


def test_years_below_nought_are_no_band_of_experience():
    """`{"from": -1, "median": 50000}`: found by the fuzzer; the sum is a claim."""
    data = '{"pay": {"from": -1, "median": 50000}}'
    page = page_of(
        f'<p>Pay<script type="application/ld+json">{data}</script>', "a.html"
    )
    assert page.claims.select("quote", "experience_min").rows() == [("50000", None)]
    assert page.extraction.faults == ()


def test_a_claim_that_breaks_its_schema_is_taken_out_alone(monkeypatch):
    """One row with a word where a date belongs, among six."""
    real = extraction.extract_rows

    def spoil(*given, **named):
        made, aside, why = real(*given, **named)
        made[2]["reference_period"] = "soon"
        return made, aside, why

    monkeypatch.setattr(extraction, "extract_rows", spoil)
    page = page_of(PAGE)
    assert page.claims.height == 5
    assert page.extraction.set_aside["reason"].to_list() == ["reading_failed"]
    assert len(page.extraction.faults) == 1


@pytest.mark.slow
def test_a_fault_is_said_by_every_command(
    small_release, command_in, monkeypatch, tmp_path
):
    """On standard error and in the JSON, with status 1; the claims stand there."""
    home = Home(small_release)
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    break_call(monkeypatch, PLACES[0], "41,000")
    status, out, err = command_in(home, "claims", path, "--format", "jsonl")
    assert (status, len(out.splitlines())) == (1, 5)
    assert err.startswith('Warning: the figure "41,000" at character ')
    assert "KeyError" in err
    status, out, err = command_in(home, "check", path, "--format", "json")
    assert status == 1
    assert "Warning:" in err
    (said,) = json.loads(out)["reading_faults"]
    assert "41,000" in said
    _, out, _ = command_in(home, "check", path, "--format", "html")
    assert "by a fault of Payproof" in out


@pytest.mark.slow
def test_a_fault_in_one_page_is_said_by_a_refresh_that_goes_on(
    tmp_path, command_in, monkeypatch
):
    """Exit status 1, and all other figures of the page and of the source are there."""
    home = lay_home(tmp_path / "home", "article/*", "bls_oews/2023-05-*")
    break_call(monkeypatch, PLACES[0], "48,780")
    status, out, err = command_in(home, "refresh", "--offline", "--no-site")
    assert status == 1, out + err
    assert 'the figure "48,780" at character' in out + err
    claims = pl.read_parquet(open_latest(home).folder / "claims.parquet")
    assert claims.filter(pl.col("source") == "article").height > 50


def test_what_is_meant_for_a_person_is_no_fault(monkeypatch):
    """A vocabulary that lacks a column stops the page, as before."""

    def fail(*_given, **_named):
        raise LayoutChanged("vocabularies/topics.csv", ["phrase"])

    monkeypatch.setattr("pipeline.extract.document_figures.fill_fields", fail)
    with pytest.raises(LayoutChanged):
        page_of(PAGE)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_fault_anywhere_in_reading_figures_keeps_most_of_the_page():
    """One call of a hundred, spread over all calls, fails: five of six claims stand."""
    folder = str(ROOT / "pipeline" / "extract")
    calls = count_calls(folder, 10**9)
    ended = kept = 0
    for number in range(60):
        ended_by = 0
        page = None
        at = calls * number // 60
        try:
            page = count_calls(folder, at, page_of)
        except PayproofError:
            ended_by = 1
        ended += ended_by
        if page is not None:
            kept += page.claims.height >= 4
            assert page.extraction.faults or page.claims.height == 6
    assert ended + kept >= 57
    assert ended <= 18  # what concerns the whole page: title, currency, vocabulary


def count_calls(folder: str, fail_at: int, work=None):
    """Read the page; fail in one call of a folder's functions, or count them."""
    seen = 0

    def note(frame, event, _):
        nonlocal seen
        if event == "call" and frame.f_code.co_filename.startswith(folder):
            seen += 1
            if seen == fail_at:
                raise RuntimeError("made to fail")

    sys.setprofile(note)
    try:
        made = page_of(PAGE)
    finally:
        sys.setprofile(None)
    return made if work else seen
