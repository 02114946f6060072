"""What persons decide: recorded, followed while it fits, taken back without a trace."""

import csv
import dataclasses
import json
import shutil
import sys
from pathlib import Path

import polars as pl
import pytest
from made import NEWER, SURVEY, VOCABULARY, claim, made_claims, oews
from pages_home import leave_others

from pipeline import cli
from pipeline.core.errors import BadRuling, CorrectionGone, RulingsAtOdds, UnknownLabel
from pipeline.core.store import Home
from pipeline.core.vocabulary import open_vocabulary
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.reconcile import reconcile
from pipeline.release import run
from pipeline.rulings import Ruling, append_ruling, load_rulings
from pipeline.rulings.corrections import COLUMNS
from pipeline.rulings.decisions import CONFLICT
from pipeline.rulings.recoding import digest_witnesses, select_affected
from pipeline.rulings.ruling_guard import digest_evidence, find_failing_term
from pipeline.rulings.ruling_row import ruling_content
from pipeline.rulings.rulings_file import give_id

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]

CELL = "29-2072/US/all/base/mean/2023"
OLD = "29-2071/US/all/base/median/2015"
OWN = {"statistic": "mean", "pay_basis": "base", "reference_period": "2023"}
ROWS = [
    oews(48780),
    oews(37110, soc="29-2071", reference_period="2015-05",
         occupation="Medical Records and Health Information Technicians"),
    claim(50000, source="payscale", snapshot=SURVEY, **OWN),
    claim(60000, source="salary_com", snapshot=NEWER, **OWN),
    claim(35010, attributed_to="BLS", reference_period="2023-05"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    """Vocabularies of one's own."""
    return shutil.copytree(VOCABULARY.folder, tmp_path / "vocabularies")


def curated(folder, rows=ROWS, day="2026-11-01"):
    """The curation of these claims, with the decisions of a folder."""
    words = open_vocabulary(folder)
    claims = made_claims(*rows)
    draft = normalise(claims, words, {SURVEY: "2023", NEWER: "2023"})
    figures, _ = validate(draft, make_empty_broken_rows(), words)
    pages = draft.filter(pl.col("source") == "article")
    days = dict.fromkeys(claims["snapshot"].unique(), day)
    return reconcile(figures, pages, words, retrieved=days, files={})


def ruling(action, target, value="", **said):
    """A ruling that is whole."""
    facts = {
        "reason": "The survey's definition fits.",
        "author": "a. person",
        "date": "2026-11-02",
        "expires": "2027-06-30",
        "expect": "figures>0",
        "saw": "-",
    }
    return Ruling("", action, target, value, **{**facts, **said})


def decide(folder, action, target, value="", *, found=None, **said):
    """Record a ruling with the digest of what is there now."""
    found = found or curated(folder)
    if action == "accept":
        rows = found.discrepancies.filter(discrepancy_id=target)
        saw = digest_evidence(rows.rows(named=True), CONFLICT)
        said.setdefault("expect", "severity>0")
    elif action in ("merge", "split"):
        saw = digest_witnesses(select_affected(found.figures, action, target, value))
    else:
        saw = digest_evidence(found.figures.filter(cell=target).rows(named=True))
    made = ruling(action, target, value, **{"saw": saw, **said})
    return append_ruling(folder, load_rulings(open_vocabulary(folder)), made)


def undo(folder, made):
    """Take a ruling back."""
    bare = {"expires": "", "expect": "", "saw": ""}
    append_ruling(
        folder, load_rulings(open_vocabulary(folder)), ruling("undo", made.id, **bare)
    )


def row(found, cell=CELL):
    """One cell of the salaries."""
    return found.salaries.row(by_predicate=pl.col("cell") == cell, named=True)


def role(found, claim_id):
    """Role and reason of a figure."""
    rows = found.provenance.filter(claim_id=claim_id)
    return rows.select("role", "reason").row(0)


def the_claim(found, amount):
    """The claim of a figure."""
    return found.figures.filter(pl.col("annual") == amount)["claim_id"].item()


def test_an_override_chooses_a_published_figure(folder):
    """What was contested is settled by the ruling, which its row names."""
    before = row(curated(folder))
    assert (before["status"], before["chosen"]) == ("contested", None)
    made = decide(folder, "override", CELL, "50000", expect="status=contested")
    found = curated(folder)
    after = row(found)
    assert (after["status"], after["rule"], after["annual"], after["ruling"]) == (
        "settled", "ruling", 50000, made.id,
    )  # fmt: skip
    assert role(found, after["chosen"]) == ("chosen", "chosen_by_ruling")
    assert found.rulings["state"].to_list() == ["in_force"]
    assert found.notices == ()


def test_after_an_override_nobody_says_that_authority_decided(folder):
    """The official figure lost to a person, and not to its rank."""
    cell = CELL.replace("mean", "median")
    said = {**OWN, "statistic": "median"}
    rows = [*ROWS, claim(50000, source="payscale", snapshot=SURVEY, **said)]
    before = curated(folder, rows)
    own = row(before, cell)["chosen"]
    other = before.figures.filter(cell=cell, publisher="payscale")["claim_id"].item()
    decide(folder, "override", cell, other, found=before)
    found = curated(folder, rows)
    assert row(found, cell)["rule"] == "ruling"
    assert role(found, own) == ("outvoted", "person_chose_another")
    reasons = set(found.provenance.filter(cell=cell)["reason"])
    assert not reasons & {"outranked", "superseded"}


def test_an_exclusion_takes_a_figure_out_of_its_question(folder):
    """The other one stands alone, and the loser is published with its reason."""
    out = the_claim(curated(folder), 60000)
    decide(folder, "exclude", CELL, out)
    found = curated(folder)
    assert (row(found)["status"], row(found)["annual"]) == ("single_source", 50000)
    assert role(found, out) == ("excluded", "ruled_out")


def test_an_accepted_conflict_says_so(folder):
    """It stays in the table: accepted, not gone."""
    name = curated(folder).discrepancies["discrepancy_id"].item()
    decide(folder, "accept", name)
    assert curated(folder).discrepancies["status"].to_list() == ["accepted"]


def test_a_merge_joins_two_codes(folder):
    """Figures move with their cells."""
    decide(folder, "merge", "29-2071", "29-2072")
    found = curated(folder)
    assert row(found, OLD.replace("2071", "2072"))["annual"] == 37110
    assert OLD not in found.salaries["cell"].to_list()


def test_a_split_sends_a_title_to_another_code_or_to_none(folder):
    """`title=code` names the other one; a title alone leaves the question open."""
    title = "medical records specialist"
    made = decide(folder, "split", "29-2072", f"{title}=29-9021")
    moved = curated(folder)
    assert row(moved, CELL.replace("29-2072", "29-9021"))["figures"] == 2
    assert row(moved, CELL.replace("mean", "median"))["figures"] == 1
    undo(folder, made)
    decide(folder, "split", "29-2072", title)
    assert row(curated(folder), CELL.replace("29-2072", "?"))["soc"] == "?"


@pytest.mark.parametrize(
    ("action", "target", "value"),
    [
        ("override", CELL, "60000"),
        ("exclude", CELL, 50000),
        ("accept", None, ""),
        ("merge", "29-2071", "29-2072"),
        ("split", "29-2072", "Medical Records Specialists"),
    ],
)
def test_taking_a_ruling_back_leaves_no_trace(folder, action, target, value):
    """Apply and undo is the identity, for every kind of ruling."""
    before = curated(folder)
    if isinstance(value, int):
        value = the_claim(before, value)
    target = target or before.discrepancies["discrepancy_id"].item()
    made = decide(folder, action, target, value)
    between = curated(folder)
    undo(folder, made)
    after = curated(folder)
    tables = ("salaries", "provenance", "discrepancies", "figures")
    assert any(not getattr(between, t).equals(getattr(before, t)) for t in tables)
    assert all(getattr(after, t).equals(getattr(before, t)) for t in tables)
    assert after.rulings["state"].to_list()[0] == "undone"


def test_the_ledger_is_only_added_to(folder):
    """What was written stays, byte for byte; a row changed by hand is seen."""
    path = folder / "rulings.csv"
    decide(folder, "override", CELL, "50000")
    first = path.read_bytes()
    undo(folder, load_rulings(open_vocabulary(folder))[0])
    assert path.read_bytes().startswith(first)
    path.write_bytes(first.replace(b"50000", b"60000"))
    with pytest.raises(BadRuling, match="changed"):
        curated(folder)


@pytest.mark.parametrize("name", ["expires", "expect", "author", "reason", "saw"])
def test_a_ruling_without_expiry_guard_author_or_reason_is_refused(folder, name):
    """None of them is optional; nothing is written."""
    before = (folder / "rulings.csv").read_bytes()
    with pytest.raises(BadRuling, match=name):
        append_ruling(folder, (), ruling("override", CELL, "50000", **{name: ""}))
    assert (folder / "rulings.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("override", CELL, "50000"), ("override", CELL, "60000")),
        (("override", CELL, "50000"), ("exclude", CELL, "50000")),
        (("merge", "29-2071", "29-2072"), ("merge", "29-2071", "29-9021")),
        (("merge", "29-2071", "29-2072"), ("merge", "29-2072", "29-9021")),
        (("merge", "29-2071", "29-2072"), ("split", "29-2072", "coder")),
        (("split", "29-2072", "coder=29-9021"), ("split", "29-2072", "Coder")),
    ],
)
def test_two_rulings_at_odds_are_an_error_that_names_both(folder, one, other):
    """Nobody guesses which of two persons meant it; the day they end, it is over."""
    made = [append_ruling(folder, load_rulings(open_vocabulary(folder)), ruling(*r))
            for r in (one, other)]  # fmt: skip
    with pytest.raises(RulingsAtOdds) as error:
        curated(folder)
    assert {error.value.one, error.value.other} == {r.id for r in made}
    assert len(curated(folder, day="2027-07-01").notices) == 2


def test_a_changed_input_makes_a_ruling_stale_and_the_cell_falls_back(folder):
    """The new figure reopens the question, loudly."""
    made = decide(folder, "override", CELL, "50000")
    changed = [*ROWS, claim(55000, source="glassdoor", snapshot="9" * 12, **OWN)]
    found = curated(folder, changed)
    assert row(found)["status"] == "contested"
    assert row(found)["ruling"] is None
    ((kind, text),) = found.notices
    assert kind == "error"
    assert made.id in text
    assert "have changed" in text
    assert found.rulings["state"].to_list() == ["stale"]


def test_a_page_saved_again_with_the_same_words_changes_nothing(folder):
    """What counts is what was said, not which snapshot says it."""
    decide(folder, "override", CELL, "50000")
    again = [{**r, "snapshot": "8" * 12} if r["source"] == "payscale" else r
             for r in ROWS]  # fmt: skip
    assert row(curated(folder, again))["rule"] == "ruling"


def test_a_guard_that_fails_makes_a_ruling_stale(folder):
    """Here the cell was expected to be settled without the ruling."""
    decide(folder, "override", CELL, "50000", expect="status=settled")
    ((_, text),) = curated(folder).notices
    assert "expected status=settled, found contested" in text


@pytest.mark.parametrize(
    ("action", "target", "value"),
    [
        ("override", CELL.replace("2023", "1999"), "50000"),
        ("exclude", CELL, "no such claim"),
        ("merge", "11-1011", "29-2072"),
    ],
)
def test_a_ruling_on_what_is_gone_is_reported_and_not_followed(
    folder, action, target, value
):
    """A cell, a claim or a code that no figure has any more."""
    before = curated(folder)
    made = decide(folder, action, target, value)
    found = curated(folder)
    assert found.salaries.equals(before.salaries)
    ((kind, text),) = found.notices
    assert (kind, made.id in text, "any more" in text) == ("error", True, True)


def test_an_expired_ruling_is_reported_and_not_followed(folder):
    """By the day of the newest snapshot: no clock decides."""
    decide(folder, "override", CELL, "50000", expires="2026-11-05")
    assert row(curated(folder, day="2026-11-05"))["rule"] == "ruling"
    late = curated(folder, day="2026-11-06")
    assert row(late)["status"] == "contested"
    assert late.rulings["state"].to_list() == ["expired"]
    assert "expired on 2026-11-05" in late.notices[0][1]


def test_a_conflict_lives_through_every_state(folder):
    """Open, accepted, reopened when the input changes, fixed when it is gone."""
    found = curated(folder)
    assert found.discrepancies["status"].to_list() == ["open"]
    made = decide(folder, "accept", found.discrepancies["discrepancy_id"].item())
    assert curated(folder).discrepancies["status"].to_list() == ["accepted"]
    late = curated(folder, day="2027-07-01")
    assert late.discrepancies["status"].to_list() == ["reopened"]
    other = [oews(47770), *ROWS[1:]]
    changed = curated(folder, other)
    assert changed.discrepancies["status"].to_list() == ["reopened"]
    assert changed.rulings["state"].to_list() == ["stale"]
    gone = curated(folder, ROWS[:-1])
    assert gone.discrepancies.height == 0
    assert gone.rulings["state"].to_list() == ["fixed_upstream"]
    assert [kind for kind, _ in gone.notices] == ["note"]
    undo(folder, made)
    assert curated(folder).discrepancies["status"].to_list() == ["open"]


def told(snapshot, amounts=(46_847, 47_870, 48_925)):
    """A page with figures that no two pages come to by themselves."""
    return [
        claim(amount, snapshot=snapshot, statistic="mean", specialty=f"kind {n}")
        for n, amount in enumerate(amounts)
    ]


def test_accepted_copies_are_reopened_when_a_page_joins_or_leaves_their_group(folder):
    """Whatever id the conflict has then; it is gone only when no page repeats."""
    two = [*told("2" * 12), *told("3" * 12)]
    pair = curated(folder, two)
    name = pair.discrepancies["discrepancy_id"].item()
    decide(folder, "accept", name, found=pair)
    assert curated(folder, two).discrepancies["status"].to_list() == ["accepted"]
    for more in ("1" * 12, "4" * 12):
        group = curated(folder, [*two, *told(more)])
        assert group.discrepancies["status"].to_list() == ["reopened"]
        assert group.rulings["state"].to_list() == ["stale"]
        assert [kind for kind, _ in group.notices] == ["error"]
    gone = curated(folder, told("2" * 12))
    assert gone.rulings["state"].to_list() == ["fixed_upstream"]


def correction(folder, **said):
    """One row of corrections.csv."""
    facts = dict.fromkeys(COLUMNS, "x") | {
        "id": "c1", "source": "bls_oews", "edition": "2023-05",
        "cell": CELL.replace("mean", "median"), "action": "replace",
        "value": "48870", "expires": "2027-06-30", "expect": "annual=48780",
    }  # fmt: skip
    with (folder / "corrections.csv").open("a", encoding="utf-8") as file:
        csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow({**facts, **said})


@pytest.mark.parametrize(
    ("said", "annual", "status"),
    [
        ({}, 48870, "single_source"),
        ({"action": "scale", "value": "10"}, 487800, "single_source"),
        ({"action": "drop", "value": ""}, 48780, "insufficient"),
    ],
)
def test_a_known_error_at_a_source_is_corrected(folder, said, annual, status):
    """Replaced, scaled or dropped; the quote stays as it was published."""
    correction(folder, **said)
    found = curated(folder)
    cell = row(found, CELL.replace("mean", "median"))
    assert (cell["annual"], cell["status"]) == (annual, status)
    figure = found.figures.filter(cell=cell["cell"], source="bls_oews")
    assert figure["quote"].item() == "$48780"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"expect": "annual=1"}, CorrectionGone),
        ({"cell": CELL.replace("2023", "2023x")}, CorrectionGone),
        ({"expires": ""}, BadRuling),
        ({"action": "guess"}, BadRuling),
        ({"expect": "wages=1"}, UnknownLabel),
    ],
)
def test_a_correction_that_no_longer_fits_stops_the_run(folder, said, error):
    """The source was mended, or the row is not whole: nothing is published."""
    correction(folder, **said)
    with pytest.raises(error):
        curated(folder)


@pytest.mark.parametrize(
    ("said", "notices"),
    [({"edition": "1999-05"}, 0), ({"expires": "2026-10-31"}, 1)],
)
def test_a_correction_of_what_was_not_read_or_is_over_is_not_applied(
    folder, said, notices
):
    """An edition that is not here needs no correction; an expired one is reported."""
    correction(folder, **said)
    found = curated(folder)
    assert row(found, CELL.replace("mean", "median"))["annual"] == 48780
    assert len(found.notices) == notices


@pytest.mark.parametrize(
    ("expect", "fault"),
    [
        ("a=1", None), ("a=1.00;b=x", None), ("a<2;a>=1;b!=y", None),
        ("a>1", "expected a>1, found 1"), ("c<5", "expected c<5, found "),
        ("b>1", "expected b>1, found x"), ("a=1;b=y", "expected b=y, found x"),
    ],
)  # fmt: skip
def test_a_guard_compares_numbers_as_numbers_and_words_as_words(expect, fault):
    """What is not there is neither more nor less."""
    assert find_failing_term(expect, {"a": 1, "b": "x", "c": None}, "here") == fault


def test_evidence_is_the_same_in_any_order():
    """The digest sorts; another amount gives another."""
    rows = [{"a": 1}, {"a": 2}]
    assert digest_evidence(rows, ["a"]) == digest_evidence(rows[::-1], ["a"])
    assert digest_evidence(rows, ["a"]) != digest_evidence(rows[:1], ["a"])


def test_a_stale_ruling_is_a_matter_for_a_person_at_every_refresh(home):
    """Exit 1 when it is found and when nothing else has changed."""
    for source in ("article", "aapc_survey", "glassdoor"):
        shutil.rmtree(home.raw / source)
    cell = "29-2072/US/all/base/median/2023"
    append_ruling(home.vocabularies, (), ruling("override", cell, "48780"))
    first, again = run.refresh(home), run.refresh(home)
    assert (first.unchanged, again.unchanged) == (False, True)
    for outcome in (first, again):
        (error,) = outcome.errors
        assert "is not followed" in error
    assert dataclasses.replace(again, ingested=()).failure == ""


def test_a_ruling_costs_no_parsing(home):
    """Decisions are no part of what a page says."""
    for source in ("article", "bls_oews", "aapc_survey"):
        shutil.rmtree(home.raw / source)
    run.refresh(home)
    append_ruling(home.vocabularies, (), ruling("override", "x", "1"))
    assert {one.parsed for one in run.refresh(home).ingested} == {0}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory) -> Path:
    """A small home with a release, made once."""
    root = tmp_path_factory.mktemp("refreshed")
    for name in ("raw", "vocabularies"):
        shutil.copytree(ROOT / name, root / name, ignore=leave_others)
    for source in ("bls_oews/2025-05*", "article/*"):
        for path in (root / "raw").glob(source):
            shutil.rmtree(path)
    run.refresh(Home(root))
    return root


@pytest.fixture
def ready(refreshed, tmp_path) -> Home:
    """A copy of it, free to change."""
    shutil.copytree(refreshed, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def payproof(ready, monkeypatch, capsys):
    """Run a command on a small home; its exit status and what it printed."""

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("PAYPROOF_HOME", str(ready.root))
        monkeypatch.setattr(sys, "argv", ["payproof", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out + err

    return call


WHO = ("--author", "a. person", "--reason", "It fits.", "--expires", "2999-12-31")


def test_the_command_records_lists_and_takes_back(payproof):
    """From the command line to the release and back again."""
    cell = "29-2072/US/all/base/median/2023"
    assert payproof("rule", "override", cell, "48780", *WHO)[0] == 0
    assert payproof("refresh", "--offline")[0] == 0
    status, out = payproof("rule", "list", "--format", "json")
    (listed,) = json.loads(out)
    assert (status, listed["state"]) == (0, "in_force")
    assert listed["expect"] == "status=single_source;annual=48780.00"
    assert "by rule ruling" in payproof("explain", cell)[1]
    status, out = payproof("rule", "override", cell, "23.45", *WHO)
    assert (status, "contradict" in out) == (2, True)
    undone = payproof("rule", "undo", listed["id"], *WHO[:4])
    assert undone[0] == 0
    assert "undone" in payproof("rule")[1]
    payproof("refresh", "--offline")
    assert "by rule official_primary" in payproof("explain", cell)[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("override", "x/y", "1", *WHO), "does not exist"),
        (("override", "29-2072/US/all/base/median/2023", "1", *WHO), "picks a pub"),
        (("override", "29-2072/US/all/base/median/2023", "48780", *WHO[:4]),
         "without expiry"),
        (("exclude", "29-2072/US/all/base/median/2023", "48780", *WHO, "--expect",
          "annual=1"), "fails already"),
        (("accept", "x", *WHO), "Discrepancy 'x' does not exist"),
        (("merge", "99-9999", "29-2072", *WHO), "does not exist"),
        (("undo", "r-00000000", *WHO), "does not exist"),
        (("guess", *WHO), "Known: override"),
    ],
)  # fmt: skip
def test_the_command_refuses_what_does_not_fit(payproof, ready, words, said):
    """Status 2, a sentence, and nothing is written."""
    before = (ready.vocabularies / "rulings.csv").read_bytes()
    status, out = payproof("rule", *words)
    assert (status, said in out) == (2, True), out
    assert (ready.vocabularies / "rulings.csv").read_bytes() == before


SAVED = {
    "as it was": lambda body: body,
    "no last line end": lambda body: body.rstrip(b"\n"),
    "windows": lambda body: body.replace(b"\n", b"\r\n"),
    "windows, no last line end": lambda body: body.replace(b"\n", b"\r\n")[:-2],
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "blank lines": lambda body: body + b"\n\r\n",
}


@pytest.mark.parametrize("save", SAVED.values(), ids=SAVED)
@pytest.mark.parametrize("reason", ["One line.", 'Two\nlines, "quoted".'])
def test_a_ruling_goes_below_what_any_editor_has_saved(folder, save, reason):
    """Nothing above it changes, no two rows run into one, and all are read again."""
    path = folder / "rulings.csv"
    first = append_ruling(folder, (), ruling("override", CELL, "1", reason=reason))
    path.write_bytes(save(path.read_bytes()))
    above = path.read_bytes()
    standing = load_rulings(open_vocabulary(folder))
    assert standing == (first,)
    second = append_ruling(folder, standing, ruling("exclude", CELL, "2"))
    assert path.read_bytes().startswith(above)
    assert load_rulings(open_vocabulary(folder)) == (first, second)
    assert (b"\r\n" in path.read_bytes().splitlines(keepends=True)[-1]) is (
        b"\r\n" in above.splitlines(keepends=True)[0]
    )


def test_a_ruling_of_a_browser_before_keeps_its_id(folder):
    """Its reason had line ends of Windows, and they were part of the digest."""
    reason = "Two\r\nlines."
    made = give_id(ruling("override", CELL, "1", reason=reason), ())
    row = ",".join(f'"{text}"' for text in (made.id, *ruling_content(made)))
    path = folder / "rulings.csv"
    path.write_bytes(path.read_bytes() + f"{row}\n".encode())
    (read,) = load_rulings(open_vocabulary(folder))
    assert (read.id, read.reason) == (made.id, "Two\nlines.")


@pytest.mark.parametrize("strange", ["\x00", "\x1b", "\ufeff", "\ufffd", chr(0xDCE9)])
def test_a_ruling_with_what_is_no_text_is_refused(folder, strange):
    """The file would be refused as a whole, and every ruling with it."""
    before = (folder / "rulings.csv").read_bytes()
    with pytest.raises(BadRuling, match="which is no text"):
        append_ruling(folder, (), ruling("override", CELL, "1", reason=f"a{strange}b"))
    assert (folder / "rulings.csv").read_bytes() == before
