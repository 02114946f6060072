"""What persons decided is told truly afterwards: by explain, conflicts and reparse."""

import sys
from functools import partial

import pytest
from pages_home import copy_home

from pipeline.cli import rule_command
from pipeline.cli.explain_command import format_explanation
from pipeline.core.dated_rows import cut_after_day
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.explain import explain
from pipeline.query.published import open_latest
from pipeline.review.propose import default_expiry
from pipeline.rulings import load_rulings

RANGE = "29-2072/US/all/base/range/2024"
MEDIAN = "29-2072/US/all/base/median/2024"
WHO = ("--author", "a. person", "--reason", "It fits.", "--expires", "2999-12-31")


@pytest.fixture
def home(small_release, tmp_path):
    """A home with a release, free to change."""
    return copy_home(small_release, tmp_path)


@pytest.fixture
def payproof(home, command_in):
    """Run a command in it."""
    return partial(command_in, home)


def test_rows_of_a_later_day_are_cut_byte_for_byte():
    """A record may have line ends of its own, and the file those of any editor."""
    head = b"\xef\xbb\xbfid,reason,date\r\n"
    first = b'r-1,"two\r\nlines, 2999-01-01",2026-11-01\r\n'
    later, last = b"r-2,x,2026-11-20\r\n", b"r-3,y,2026-11-10"
    body = head + first + later + last
    assert cut_after_day(body, "2026-11-10") == head + first + last
    assert cut_after_day(body, "2026-10-01") == head
    assert cut_after_day(body, "2026-11-20") == body
    assert cut_after_day(b"a,b\n1,2\n", "2000-01-01") == b"a,b\n1,2\n"
    assert cut_after_day(b"", "2000-01-01") == b""


@pytest.mark.slow
def test_every_cell_can_be_explained(home):
    """Contested ranges, cells of unknown years, those without any amount."""
    release, words = open_latest(home), open_vocabulary(home.vocabularies)
    salaries = release.scan_table("salaries").collect()
    kinds = salaries.unique(["status", "rule", "statistic", "is_year_known"])
    assert {"contested", "insufficient", "settled"} <= set(kinds["status"])
    for cell in [RANGE, *kinds["cell"][:40]]:
        found = explain(release, cell, words)
        assert format_explanation(found, {})[0] == cell
        assert len(format_explanation(found, {}, everything=True)) > 4
    contested = "\n".join(format_explanation(explain(release, RANGE, words), {}))
    assert "contested, 37,000 to 72,000 USD" in contested


@pytest.mark.slow
def test_after_a_ruling_all_commands_tell_of_it(payproof, home):
    """A range by its ends, an official figure overruled, a conflict accepted."""
    assert payproof("rule", "override", RANGE, "37,000-72,000", *WHO)[0] == 0
    assert payproof("rule", "override", MEDIAN, "61003", *WHO)[0] == 0
    conflict = "misquote:91f31a033993#char=1091,1098"
    assert payproof("rule", "accept", conflict, *WHO)[0] == 0
    assert payproof("refresh", "--offline", "--no-site")[0] == 0
    _, out, _ = payproof("explain", RANGE)
    assert "37,000-72,000 USD a year" in out
    assert "A person chose it. a. person on " in out
    _, out, _ = payproof("explain", MEDIAN, "--all")
    assert "person_chose_another" in out
    for untrue in ("outranked", "no official figure answers it", "highest authority"):
        assert untrue not in out
    _, out, _ = payproof("conflicts")
    marked = next(line for line in out.splitlines() if "$80,090" in line)
    assert "(accepted by a. person until 2999-12-31: It fits.)" in marked
    assert payproof("reparse", "--as-of", "2026-11-15")[0] == 0
    folder = home.curated / "as-of" / "2026-11-15" / "latest"
    assert (folder / "rulings.csv").read_text().count("\n") == 1


@pytest.mark.slow
def test_the_last_day_is_asked_for_with_a_default(payproof, home, monkeypatch):
    """On a terminal; elsewhere the error names the option, and no file."""
    words = ("rule", "override", MEDIAN, "61003", *WHO[:4])
    status, _, err = payproof(*words)
    assert (status, "--expires" in err, "Restore" in err) == (2, True, False)
    assert "Nothing was recorded" in err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    asked = []

    def answer(text, default):
        asked.append((text, default))
        return default

    monkeypatch.setattr(rule_command.typer, "prompt", answer)
    assert payproof(*words)[0] == 0
    assert asked == [("Last day on which it holds", default_expiry())]
    (made,) = load_rulings(open_vocabulary(home.vocabularies))
    assert made.expires == default_expiry()


def test_the_usual_last_day_is_a_year_ahead():
    """Also from a day that the next year lacks."""
    assert default_expiry("2026-11-30") == "2027-11-30"
    assert default_expiry("2028-02-29") == "2029-02-28"
