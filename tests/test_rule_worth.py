"""A rule's worth is seen where it matters; it is nothing where another does as well."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import real_pages, rule_worth
from benchmarks.extracting.labelled_pages import (
    REAL,
    Page,
    Scorer,
    load_real,
    open_document,
)
from benchmarks.extracting.rule_switches import (
    FIELD,
    FUNCTION,
    KIND,
    Rule,
    Switches,
    find_neutral,
    get_plain,
    list_functions,
    load_modules,
)
from pipeline.extract.drafts import Draft

MONTHLY = "The median salary of roofers in Ohio was $9,400 a month in 2023."
YEARLY = "The median salary of plumbers in Ohio was $61,230 a year in 2023."
QUOTED = "Salaries are high there. The sign read “$52,000” for years."
Worth = dict[Rule, dict[str, Any]]
MONEY = "currency_and_period"
AFTER = Rule(MONEY, FIELD, "period: period after the figure")
BY_SIZE = Rule(MONEY, FIELD, "period: size")
OWN_PERIOD = Rule("period_cues", FUNCTION, "find_touching_period")
IN_QUOTES = Rule(
    "non_pay_amounts", KIND, "_check_quoted_amount: other, in quotation marks"
)


def make_page(text: str, quote: str, **known: Any) -> Page:
    """A page of plain text with one label, or with none where nothing is known."""
    document = open_document("made.txt", text.encode())
    start = text.index(quote)
    label = dict.fromkeys(
        ("low", "high", "area_code", "credential", "credential_count", "direction",
         "experience_min", "experience_max", "attributed_to", "soc", "specialty",
         "employer_type", "work_mode", "education", "industry")
    ) | {
        "id": "made-001", "start": start, "end": start + len(quote), "lenient": [],
        "kind": "pay_level", "currency": "USD", "pay_basis": "unspecified",
        "statistic": "median", "area": "Ohio", "reference_period": "2023",
        "hypothetical": False,
    } | known  # fmt: skip
    return Page(REAL, document, [label] if known else [], text=text)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    """A scorer without the labels beside the project."""
    return Scorer(real_pages.VOCABULARY, None)


@pytest.fixture(scope="module")
def worth(scorer: Scorer) -> Worth:
    """What some rules are worth on three small pages, one of which has no pay."""
    pages = [
        make_page(MONTHLY, "$9,400", value=9400, period="month"),
        make_page(YEARLY, "$61,230", value=61230, period="year"),
        make_page(QUOTED, "$52,000"),
    ]
    with Switches() as switches:
        bench = rule_worth.Bench(pages, scorer, switches)
        bench.count()
        scores = [score for _, _, score in bench.base.values()]
        # What is measured below is the rules' doing.
        assert [score["strict"] for score in scores] == [1, 1, 0]
        assert [score["extra"] for score in scores] == [0, 0, 0]
        assert {AFTER, BY_SIZE, OWN_PERIOD, IN_QUOTES} <= switches.rules
        return {r: bench.measure(r) for r in (AFTER, BY_SIZE, OWN_PERIOD, IN_QUOTES)}


def test_a_rule_that_matters_is_worth_its_figure(worth: Worth) -> None:
    """No size tells that $9,400 is a month's; of $61,230 it does, so one of two."""
    row = worth[AFTER]
    assert (row["fired"], row["pages"]) == (2, 2)
    assert (row["real_strict"], row["real_found"], row["figures"]) == (1, 0, 1)


def test_a_rule_that_another_stands_in_for_is_worth_nothing(scorer: Scorer) -> None:
    """It fires, and the figure is as right without it: its size tells the period."""
    page = make_page(YEARLY, "$61,230", value=61230, period="year")
    (row,) = rule_worth.measure_rules([page], scorer, only=AFTER.name)
    assert (row["fired"], row["pages_changed"]) == (1, 1)
    assert row["figures"] == row["real_fields"] == 0


def test_a_function_counts_for_all_that_rests_on_it(worth: Worth) -> None:
    """The word that tells the period, for every rule that asks for it."""
    assert worth[OWN_PERIOD]["pages"] == 2
    assert worth[OWN_PERIOD]["figures"] >= worth[AFTER]["figures"]


def test_a_verdict_passed_over_leaves_it_to_the_next_rule(worth: Worth) -> None:
    """A sum in quotation marks then comes out as pay: one wrong figure kept out."""
    row = worth[IN_QUOTES]
    assert (row["fired"], row["faults"]) == (1, 0)
    assert (row["real_extra"], row["figures"]) == (1, 1)


def test_a_rule_that_never_fires_has_a_row_of_noughts(worth: Worth) -> None:
    """It is known by the source, and nothing is read again for it."""
    assert not any(v for v in worth[BY_SIZE].values() if isinstance(v, int))


def test_a_rule_that_does_harm_is_below_zero(scorer: Scorer) -> None:
    """Where the label says otherwise than the rule."""
    page = make_page(MONTHLY, "$9,400", value=9400, period=None)
    rows = rule_worth.measure_rules([page], scorer, only=AFTER.name)
    assert [(row["real_strict"], row["figures"]) for row in rows] == [(-1, -1)]


def test_switches_leave_every_function_as_it_was(scorer: Scorer) -> None:
    """Code, methods of drafts and the modules' names, also where reading breaks."""

    def take_state() -> list[Any]:
        modules = load_modules()
        plain = [get_plain(f) for m in modules for _, f in list_functions(m)]
        codes = [function.__code__ for function in plain if function is not None]
        return [
            codes,
            Draft.set_field,
            Draft.carry_field,
            [[*vars(m)] for m in modules],
        ]

    def break_off() -> None:
        with Switches() as switches:
            rule_worth.Bench([page], scorer, switches).count()
            assert take_state() != before
            raise RuntimeError("broke")

    before = take_state()
    page = make_page(YEARLY, "$61,230", value=61230, period="year")
    with pytest.raises(RuntimeError, match="broke"):
        break_off()
    assert take_state() == before


def test_switches_are_not_put_in_twice() -> None:
    """The second would take the first's for the functions themselves."""
    with Switches(), pytest.raises(RuntimeError, match="leave the others"):
        Switches().__enter__()


def say_yes(number: int) -> bool:
    """Stand for any function that decides."""
    return number > 0


def name_kind(number: int) -> str | None:
    """Stand for any function that may find nothing."""
    return str(number) if number else None


def keep_first(line: str, found: list[int]) -> list[int]:
    """Stand for any function that is given a list and gives it on."""
    return found[: len(line)]


def find_pair(number: int) -> tuple[str, int | None]:
    """Stand for any function that answers with several things."""
    return "", number or None


def split_up(text: str) -> list[str]:
    """Stand for any function that makes a list of something else."""
    return text.split()


@pytest.mark.parametrize(
    ("name", "function", "answer"),
    [
        ("_is_share", say_yes, "False"),
        ("Page._has_heads", say_yes, "False"),
        ("_check_price", name_kind, "None"),
        (
            "_drop_inner",
            keep_first,
            "kwargs['found'] if 'found' in kwargs else args[1]",
        ),
        ("_find_inner", keep_first, "[]"),
        ("_find_bound", find_pair, None),  # a pair of which half may be None
        ("_join_parts", name_kind, "None"),
        ("_join_parts", split_up, None),  # nothing is not what it makes of a text
        ("_find_parts", split_up, "[]"),
        ("read_page", say_yes, None),  # its verb is none of a rule's
        ("find_numbers", keep_first, None),  # nothing is read without it
        ("is_lambda", lambda number: number, None),  # no annotation tells
    ],
)
def test_a_function_that_is_off_says_what_its_annotation_tells(
    name: str, function: Any, answer: str | None
) -> None:
    """No, None, nothing, or what it was given; else it has no switch."""
    assert find_neutral(name, function) == answer


def test_the_command_writes_a_row_for_each_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a folder of pages and one of labels, without the labels beside it."""
    monkeypatch.setenv("PAYPROOF_SHARED", str(tmp_path))
    (tmp_path / "made1.txt").write_text(MONTHLY)
    label = make_page(MONTHLY, "$9,400", value=9400, period="month").labels[0]
    (tmp_path / "made1.labels.jsonl").write_text(json.dumps(label))
    (tmp_path / "made1.traps.jsonl").write_text("")
    row = dict.fromkeys(real_pages.load_pages(real_pages.LABELS)[0], "") | {
        "id": "made1", "file": "made1.txt", "encoding": "utf-8", "split": "develop",
        "sha256": real_pages.digest(MONTHLY.encode()),
    }  # fmt: skip
    with (tmp_path / "pages.csv").open("w") as file:
        csv.writer(file).writerows([row.keys(), row.values()])
    out = tmp_path / "worth.csv"
    given = [str(tmp_path), "--labels", str(tmp_path), "--out", str(out)]
    assert rule_worth.main([*given, "--only", AFTER.name]) == 0
    with out.open() as file:
        (made,) = csv.DictReader(file)
    assert (made["module"], made["rule"], made["real_strict"]) == (*AFTER[::2], "1")
    assert "1 pages" in capsys.readouterr().out


def test_pages_kept_apart_are_refused(tmp_path: Path) -> None:
    """No rule is kept or dropped for them."""
    labels = real_pages.LABELS.with_name(real_pages.KEPT_APART)
    with pytest.raises(ValueError, match="kept apart"):
        next(load_real(tmp_path, labels))
