"""What makes a ruling sound, standing, in force, at odds with another, or stale."""

from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from made import NEWER, SURVEY, claim, made_figures, oews

from pipeline.core.errors import BadRuling, CorrectionGone, RulingsAtOdds, UnknownLabel
from pipeline.core.tables import make_frame
from pipeline.rulings import Ruling, check_at_odds, decide_on_cells, select_standing
from pipeline.rulings.corrections import (
    amend_figures,
    check_correction,
    find_corrected_claims,
)
from pipeline.rulings.decisions import (
    CONFLICT,
    find_copies_conflict,
    find_ruled_claim,
    select_in_force,
    tabulate_rulings,
    update_discrepancies,
)
from pipeline.rulings.recoding import (
    digest_witnesses,
    move_figures,
    recode_figures,
    select_affected,
)
from pipeline.rulings.ruling_guard import (
    digest_evidence,
    find_failing_term,
    parse_number,
    term_holds,
)
from pipeline.rulings.ruling_row import check_rulings, find_same
from schemas import Discrepancies, Salaries

CELL = "29-2072/US/all/base/median/2023"


def ruling(name="r-1", action="override", target=CELL, value="x", **said):
    """A sound ruling."""
    facts = {
        "reason": "as printed", "author": "a. person", "date": "2026-11-02",
        "expires": "2027-06-30", "expect": "figures>0", "saw": "-",
    }  # fmt: skip
    return Ruling(name, action, target, value, **{**facts, **said})


@pytest.mark.parametrize("action", ["override", "exclude", "accept", "merge", "split"])
@pytest.mark.parametrize(
    "name",
    ["target", "value", "reason", "author", "date", "expires", "expect", "saw"],
)
def test_a_ruling_lacks_nothing_that_its_action_needs(action, name):
    """An acceptance alone has no value."""
    assert ruling(action=action).find_fault() is None
    fault = ruling(action=action, **{name: ""}).find_fault()
    optional = action == "accept" and name == "value"
    assert fault == (None if optional else f"it has no {name}")


def test_an_undo_needs_no_guard_and_an_unknown_action_is_named():
    """Nor a last day."""
    bare = {"value": "", "expires": "", "expect": "", "saw": ""}
    assert ruling(action="undo", **bare).find_fault() is None
    assert ruling(action="undo", **bare, author="").find_fault() == "it has no author"
    assert "no action 'veto'" in ruling(action="veto").find_fault()
    assert ruling(action="merge", value=CELL).find_fault()
    assert ruling(action="split", value=CELL).find_fault() is None


@pytest.mark.parametrize("day", ["2027-13-01", "2027-6-30", "30.6.2027", "2027-06-32"])
@pytest.mark.parametrize("name", ["date", "expires"])
def test_days_are_iso_days(name, day):
    """Others would be compared as text, and wrongly."""
    assert "is no day" in ruling(**{name: day}).find_fault()


def test_an_undo_takes_back_what_stands_above_it_alone():
    """A ruling twice, an undo of nothing, and one before what it undoes."""
    undo = ruling("r-2", "undo", "r-1")
    assert check_rulings([ruling(), undo]) == (ruling(), undo)
    assert select_standing([ruling(), undo, ruling("r-3")]) == [ruling("r-3")]
    assert select_standing([undo]) == []
    for rows in ([ruling(), ruling()], [undo], [undo, ruling()]):
        with pytest.raises(BadRuling):
            check_rulings(rows)


ODDS = [
    (("override", "a", "1"), ("override", "a", "2"), True),
    (("override", "a", "1"), ("override", "a", "1"), False),
    (("override", "a", "1"), ("override", "b", "2"), False),
    (("override", "a", "1"), ("exclude", "a", "1"), True),
    (("override", "a", "1"), ("exclude", "a", "2"), False),
    (("override", "a", "1"), ("exclude", "b", "1"), False),
    (("exclude", "a", "1"), ("exclude", "a", "2"), False),
    (("merge", "a", "b"), ("merge", "a", "c"), True),
    (("merge", "a", "b"), ("merge", "a", "b"), False),
    (("merge", "a", "b"), ("merge", "c", "b"), False),
    (("merge", "a", "b"), ("merge", "b", "c"), True),
    (("merge", "a", "b"), ("split", "a", "t"), True),
    (("merge", "a", "b"), ("split", "b", "t"), True),
    (("merge", "a", "b"), ("split", "c", "a"), False),
    (("split", "a", "t=b"), ("split", "a", "T=c"), True),
    (("split", "a", "t=b"), ("split", "a", "t=b"), False),
    (("split", "a", "t=b"), ("split", "a", "u=c"), False),
    (("split", "a", "t=b"), ("split", "c", "t=d"), False),
    (("split", "a", "t"), ("split", "a", "t=b"), True),
    (("accept", "a", ""), ("override", "a", "1"), False),
    (("accept", "a", ""), ("accept", "a", ""), False),
]


@pytest.mark.parametrize(("one", "other", "quarrel"), ODDS, ids=str)
@pytest.mark.parametrize("turned", [False, True])
def test_two_rulings_are_at_odds_in_either_order(one, other, quarrel, turned):
    """Both are named; one of them past its last day quarrels with nobody."""
    pair = [ruling("r-1", *one), ruling("r-2", *other)]
    rows = pair[::-1] if turned else pair
    beside = ruling("r-3", "exclude", "elsewhere", "9")
    if not quarrel:
        check_at_odds([*rows, beside], "2026-11-02")
        return
    with pytest.raises(RulingsAtOdds, match="r-1") as caught:
        check_at_odds([rows[0], beside, rows[1]], "2027-06-30")
    assert "r-2" in str(caught.value)
    check_at_odds(rows, "2027-07-01")


@pytest.mark.parametrize(
    ("said", "expect", "same"),
    [
        ({"reason": "again", "author": "b"}, True, True),
        ({"expires": "2027-06-29"}, True, True),
        ({"expires": "2027-07-01"}, True, False),
        ({"expect": "figures>1"}, True, False),
        ({"expect": "figures>1"}, False, True),
        ({"value": "y"}, True, False),
        ({"target": "elsewhere"}, True, False),
        ({"saw": "other"}, True, False),
    ],
    ids=str,
)
def test_a_ruling_is_recorded_already_where_one_says_the_same(said, expect, same):
    """Other words and a shorter time are no other ruling; one taken back is none."""
    facts = {"reason": "as printed", "author": "a. person", "date": "2026-11-02",
             "expires": "2027-06-30", "expect": "figures>0", "saw": "-",
             "target": CELL, "value": "x"} | said  # fmt: skip
    new = Ruling("", "override", facts.pop("target"), facts.pop("value"), **facts)
    rows = [ruling("r-0", "exclude"), ruling("r-1")]
    found = find_same(rows, new, expect=expect)
    assert found == (rows[1] if same else None)
    undone = [*rows, ruling("r-2", "undo", "r-1")]
    assert find_same(undone, new, expect=expect) is None


def test_a_ruling_holds_through_its_last_day():
    """What expired is named with its day."""
    rows = [ruling(), ruling("r-2", expires="2027-06-29")]
    force, late = select_in_force(rows, "2027-06-30")
    assert [r.id for r in force] == ["r-1"]
    assert late == {"r-2": "it expired on 2027-06-29"}


@pytest.mark.parametrize(
    ("value", "holding"),
    [
        (
            Decimal("48780.00"),
            "= 48780|>= 48,780|<= 48780.0|> 48779.99|< 48780.01|!= 1",
        ),
        ("contested", "= contested|!= settled"),
        (True, "= true|= True|!= false"),
        (None, "= |!= 0"),
        ("nan", "= nan"),
    ],
)
def test_terms_of_a_guard_compare_numbers_as_numbers(value, holding):
    """What is nothing, or no number, is neither more nor less than another."""
    for term in holding.split("|"):
        sign, wanted = term.split(" ", 1)
        opposite = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
        assert term_holds(value, sign, wanted), term
        assert not term_holds(value, opposite[sign], wanted), term
    if value in (None, "contested", "nan"):
        assert not any(term_holds(value, sign, "5") for sign in ("<", "<=", ">", ">="))
        assert not any(term_holds(value, sign, "a") for sign in ("<", "<=", ">", ">="))


def test_a_guard_names_its_first_term_that_fails():
    """And what was found; a column that is not there is an error of the file."""
    row = {"status": "settled", "annual": Decimal(5), "year": None, "note": "?"}
    assert find_failing_term("status=settled; annual >= 5", row, "here") is None
    fault = find_failing_term("annual>5;status=open", row, "here")
    assert fault == "expected annual>5, found 5"
    assert find_failing_term("status=settled;annual<5", row, "here")
    # Cells write `?` for a year that nobody says, and other columns mean it.
    assert find_failing_term("year=?", row, "here") is None
    assert find_failing_term("note=?", row, "here") is None
    assert find_failing_term("note=", row, "here") is not None
    assert find_failing_term("year=2023", row, "here") is not None
    for bad in ("nothing=1", "annual", "", "annual~5"):
        with pytest.raises(UnknownLabel, match="here"):
            find_failing_term(bad, row, "here")


def test_numbers_are_finite_and_may_have_commas():
    """A word is none."""
    assert parse_number("48,780.5") == Decimal("48780.5")
    assert [parse_number(v) for v in ("", "x", "nan", "inf", None)] == [None] * 5


def test_a_digest_tells_fields_and_rows_apart_and_no_order():
    """Two fields never run into one; nothing and empty are the same."""
    rows = [{"a": "1", "b": "23"}, {"a": "4", "b": None}]
    same = digest_evidence(rows, "ab")
    assert same == digest_evidence(rows[::-1], "ab")
    assert same == digest_evidence([rows[0], {"a": "4", "b": ""}], "ab")
    others = [
        digest_evidence([{"a": "12", "b": "3"}, rows[1]], "ab"),
        digest_evidence([rows[0]], "ab"),
        digest_evidence([*rows, rows[0]], "ab"),
        digest_evidence(rows, "ba"),
        digest_evidence([], "ab"),
    ]
    assert len({same, *others}) == 6
    assert {len(digest) for digest in (same, *others)} == {12}


def figure(name, annual, *, primary=True, published=None):
    """What a ruling looks at of a figure."""
    amount = Decimal(annual)
    return {"claim_id": name, "primary": primary, "annual": amount,
            "as_published": Decimal(published or annual)}  # fmt: skip


def test_a_ruling_names_a_claim_by_its_id_or_by_its_amount():
    """The publisher's own before a quote, then the first by id; as printed too."""
    rows = [figure("c", 10, primary=False), figure("b", 10), figure("a", 10),
            figure("d", 48_776, published="23.45")]  # fmt: skip
    assert find_ruled_claim("c", rows) == "c"
    assert find_ruled_claim("10.00", rows) == "a"
    assert find_ruled_claim("10", rows[:1]) == "c"
    assert find_ruled_claim("23.45", rows) == find_ruled_claim("48,776", rows) == "d"
    assert find_ruled_claim("11", rows) is None
    assert find_ruled_claim("x", rows) is None
    assert find_ruled_claim("nan", [{**rows[0], "annual": None}]) is None


def test_a_ruling_names_a_range_by_its_claim_or_its_ends():
    """As a range has no amount of its own."""
    bare = {**figure("r", 1), "annual": None, "as_published": None}
    rows = [{**bare, "annual_low": Decimal(45000), "annual_high": Decimal(60000)}]
    assert find_ruled_claim("r", rows) == find_ruled_claim("45,000-60,000", rows) == "r"
    assert find_ruled_claim("45,000-61,000", rows) is None
    assert find_ruled_claim("45,000-", rows) is None


FIGURES = made_figures(
    oews(48_780),
    claim(50_000, source="payscale", snapshot=SURVEY, reference_period="2023",
          pay_basis="base"),
)  # fmt: skip


def decided(*rulings, cell=CELL, figures=FIGURES):
    """What rulings on the cell do; the cell has two figures and is contested."""
    salaries = make_frame(Salaries, [{"cell": cell, "status": "contested"}])
    return decide_on_cells(rulings, figures, salaries)


def test_rulings_on_a_cell_choose_exclude_or_are_stale():
    """Each with its reason; nothing is both."""
    own, other = FIGURES["claim_id"]
    saw = digest_evidence(FIGURES.filter(cell=CELL).rows(named=True))
    fits = {"saw": saw, "expect": "status=contested"}
    found = decided(
        ruling("r-1", "override", value="50000", **fits),
        ruling("r-2", "exclude", value=own, **fits),
        ruling("r-3", "override", target="gone", **fits),
        ruling("r-4", "override", value="7", **fits),
        ruling(
            "r-5", "override", value="50000", saw="other", expect="status=contested"
        ),
        ruling("r-6", "override", value="50000", saw=saw, expect="status=settled"),
    )
    assert found.chosen == {other: "r-1"}
    assert found.excluded == {own: "ruled_out"}
    assert list(found.stale) == ["r-3", "r-4", "r-5", "r-6"]
    whys = list(found.stale.values())
    assert "no figure answers" in whys[0]
    assert "no figure of the cell is 7" in whys[1]
    assert "have changed" in whys[2]
    assert whys[3] == "expected status=settled, found contested"


CONFLICTS = make_frame(
    Discrepancies,
    [
        {"discrepancy_id": f"misquote:{name}", "type": "misquote", "severity": 3,
         "claim_ids": name, "source": "article", "snapshot": "a" * 12,
         "published": f"${n}", "sentence": "So.", "explanation_cost": 2.0,
         "status": "open"}
        for n, name in enumerate("abc")
    ],
)  # fmt: skip


def accept(name, n=0, **said):
    """An acceptance of the n-th conflict as it is."""
    row = CONFLICTS.row(n, named=True)
    facts = {"saw": digest_evidence([row], CONFLICT), "expect": "severity=3"}
    target = row["discrepancy_id"]
    return ruling(name, "accept", target, "", **{**facts, **said})


@pytest.mark.parametrize(
    ("said", "state", "status"),
    [
        ({}, "in_force", "accepted"),
        ({"target": "misquote:renamed"}, "in_force", "accepted"),
        ({"saw": "other"}, "stale", "reopened"),
        ({"expect": "severity=1"}, "stale", "reopened"),
        ({"expires": "2026-11-01"}, "expired", "reopened"),
        ({"target": "misquote:x", "saw": "other"}, "fixed_upstream", "open"),
    ],
    ids=str,
)
def test_an_acceptance_holds_while_the_conflict_is_as_it_was_seen(said, state, status):
    """By its look, then by its id; no other conflict is touched."""
    given = {"target": "misquote:a", **said}
    made = accept("r-1", **{k: v for k, v in given.items() if k != "target"})
    made = Ruling(*(given["target"] if f == "target" else getattr(made, f)
                    for f in made.__dataclass_fields__))  # fmt: skip
    table, states = update_discrepancies(CONFLICTS, [made], "2026-11-02")
    assert states == {"r-1": state}
    assert table["status"].to_list() == [status, "open", "open"]
    assert update_discrepancies(CONFLICTS, [], "2026-11-02")[1] == {}


ONE, TWO, THREE = (digit * 12 for digit in "123")


@pytest.mark.parametrize(
    ("target", "copied", "found"),
    [
        (f"copied_figure:{ONE}#a+{TWO}#b", {ONE: ["x", "y"], TWO: ["y"]}, "y"),
        (f"copied_figure:{ONE}#a+{TWO}#b", {ONE: ["y"], TWO: ["x"]}, "x"),
        # A page counts once, however many of its figures the conflict names.
        (f"copied_figure:{ONE}#a+{ONE}#b+{TWO}#c", {ONE: ["y"], TWO: ["x"]}, "x"),
        (f"copied_figure:{THREE}#a", {ONE: ["x"]}, ""),
        (f"misquote:{ONE}#a", {ONE: ["x"]}, ""),
    ],
)
def test_copies_whose_group_changed_are_known_by_most_of_their_pages(
    target, copied, found
):
    """Of as many pages the first by name; other kinds of conflict are not."""
    assert find_copies_conflict(target, copied) == found


@pytest.mark.parametrize(
    ("target", "state", "status"),
    [
        (f"copied_figure:{ONE}#a", "stale", ["open", "reopened", "open"]),
        (f"copied_figure:{TWO}#a", "fixed_upstream", ["open"] * 3),
        ("misquote:a", "stale", ["reopened", "open", "open"]),
    ],
)
def test_an_acceptance_of_copies_follows_its_pages(target, state, status):
    """Where neither its look nor its id is there any more."""
    made = accept("r-1", saw="other")
    made = Ruling(**{**vars(made), "target": target})
    copied = {ONE: ["misquote:b"]}
    table, states = update_discrepancies(CONFLICTS, [made], "2026-11-02", copied)
    assert (states, table["status"].to_list()) == ({"r-1": state}, status)


def test_of_two_acceptances_one_that_holds_is_enough():
    """In either order; an acceptance of another conflict changes nothing."""
    rows = [accept("r-1", saw="other"), accept("r-2"), accept("r-3", 2)]
    for order in (rows, rows[::-1]):
        table, states = update_discrepancies(CONFLICTS, order, "2026-11-02")
        assert table["status"].to_list() == ["accepted", "open", "accepted"]
        assert states == {"r-1": "stale", "r-2": "in_force", "r-3": "in_force"}


def test_the_table_of_rulings_says_what_became_of_each():
    """An undone one whatever its evidence; one in force needs no reason."""
    rows = [ruling(), ruling("r-2"), ruling("r-3", "undo", "r-2")]
    table = tabulate_rulings(rows, {"r-1": ("stale", "changed"), "r-2": ("stale", "x")})
    found = table.select("id", "state", "why").rows()
    assert found == [("r-1", "stale", "changed"), ("r-2", "undone", "by r-3"),
                     ("r-3", "in_force", None)]  # fmt: skip


CODED = made_figures(
    oews(48_780),
    oews(37_110, soc="29-2071", reference_period="2015-05", snapshot=NEWER,
         occupation="Medical Records and Health Information Technicians"),
    claim(40_000, occupation="medical records specialist", reference_period="2023-05"),
)  # fmt: skip


def test_a_merge_moves_all_of_a_code_and_a_split_one_title():
    """Whatever the case of the title; the rest stays, in its order."""
    whole = select_affected(CODED, "merge", "29-2072", "29-2071")
    assert whole.height == 2
    title = "Medical Records SPECIALIST=29-2071"
    part = select_affected(CODED, "split", "29-2072", title)
    assert part["annual"].to_list() == [Decimal(40_000)]
    assert select_affected(CODED, "split", "29-2071", title).height == 0
    merged = move_figures(CODED, ruling(action="merge", target="29-2072",
                                        value="29-2071"))  # fmt: skip
    assert merged["soc"].to_list() == ["29-2071"] * 3
    assert merged["cell"].to_list()[0] == CELL.replace("2072", "2071")
    apart = move_figures(CODED, ruling(action="split", target="29-2072", value=title))
    assert apart["soc"].to_list() == ["29-2072", "29-2071", "29-2071"]
    none = title.partition("=")[0]
    lost = move_figures(CODED, ruling(action="split", target="29-2072", value=none))
    assert lost["soc"].to_list() == ["29-2072", "29-2071", None]
    assert lost["cell"].to_list()[2].startswith("?/")
    assert lost["claim_id"].equals(CODED["claim_id"])


def test_a_figure_of_several_codes_keeps_the_others_when_one_is_taken_away():
    """One that is left is its code; an empty one is none."""
    several = CODED.with_columns(
        soc=None, soc_candidates=pl.lit("29-2071|29-2072|29-9021")
    )
    title = "medical records specialist"
    for value, codes, soc in (
        (title, "29-2071|29-9021", None),
        (f"{title}=29-2071", "29-2071|29-9021", None),
        (f"{title}=29-9021", "29-2071|29-9021", None),
    ):
        moved = move_figures(
            several, ruling(action="split", target="29-2072", value=value)
        )
        row = moved.row(2, named=True)
        assert (row["soc_candidates"], row["soc"]) == (codes, soc)
        assert row["cell"].startswith(f"{codes}/")
    two = several.with_columns(soc_candidates=pl.lit("29-2071|29-2072"))
    moved = move_figures(two, ruling(action="split", target="29-2072", value=title))
    assert moved["soc_candidates"].to_list()[2] == "29-2071"
    assert moved["soc"].to_list() == [None, None, "29-2071"]


def test_a_merge_whose_evidence_changed_is_not_applied_and_says_why():
    """Gone, seen otherwise, or its guard fails; what holds is applied."""
    saw = digest_witnesses(select_affected(CODED, "merge", "29-2072", "29-2071"))
    sound = {"saw": saw, "expect": "figures=2"}
    rows = [
        ruling("r-1", "merge", "29-9999", "29-2071", **sound),
        ruling("r-2", "merge", "29-2072", "29-2071", saw="other", expect="figures=2"),
        ruling("r-3", "merge", "29-2072", "29-2071", saw=saw, expect="figures=3"),
    ]
    same, stale = recode_figures(CODED, rows)
    assert same.equals(CODED)
    assert [why.split(",")[0].split(" any")[0] for why in stale.values()] == [
        "no figure has the code 29-9999 and that title",
        "other sources or titles stand under the code than its author saw",
        "expected figures=3",
    ]
    moved, stale = recode_figures(CODED, [ruling("r-4", "merge", "29-2072", "29-2071",
                                                 **sound)])  # fmt: skip
    assert stale == {}
    assert moved["soc"].to_list() == ["29-2071"] * 3


CORRECTION = {
    "id": "c1", "source": "bls_oews", "edition": "2023-05", "cell": CELL,
    "action": "replace", "value": "48870", "reason": "misprint", "author": "a",
    "date": "2026-11-02", "expires": "2027-06-30", "expect": "annual=48780",
}  # fmt: skip


@pytest.mark.parametrize("name", [*CORRECTION])
def test_a_correction_lacks_nothing(name):
    """A dropped figure needs no other value."""
    check_correction(CORRECTION)
    with pytest.raises(BadRuling, match="action" if name == "action" else name):
        check_correction({**CORRECTION, name: ""})
    check_correction({**CORRECTION, "action": "drop", "value": ""})
    with pytest.raises(BadRuling, match="no action 'mend'"):
        check_correction({**CORRECTION, "action": "mend"})


def test_a_correction_is_of_one_source_edition_and_cell():
    """Unread: nothing to correct; read without the error: the run stops."""
    own = FIGURES["claim_id"][0]
    assert find_corrected_claims(FIGURES, CORRECTION) == [own]
    for name in ("source", "edition"):
        assert find_corrected_claims(FIGURES, {**CORRECTION, name: "x"}) == []
    with pytest.raises(CorrectionGone, match="no figure answers"):
        find_corrected_claims(FIGURES, {**CORRECTION, "cell": "x"})
    with pytest.raises(CorrectionGone, match="expected annual=1, found 48780"):
        find_corrected_claims(FIGURES, {**CORRECTION, "expect": "annual=1"})


def test_a_corrected_figure_says_so_and_others_stay():
    """Replaced or scaled; ends that the source does not give stay empty."""
    own = FIGURES["claim_id"][0]
    fixed = amend_figures(FIGURES, [own], CORRECTION)
    scaled = amend_figures(
        FIGURES, [own], {**CORRECTION, "action": "scale", "value": "0.5"}
    )
    assert fixed["annual"].to_list() == [Decimal(48_870), Decimal(50_000)]
    assert fixed["as_published"][0] == Decimal(48_870)
    assert scaled["annual"].to_list() == [Decimal(24_390), Decimal(50_000)]
    for table in (fixed, scaled):
        assert table["annual_low"].null_count() == 2
        assert "correction" in table["assumed"][0]
        assert "correction" not in (table["assumed"][1] or "")
        assert table["quote"].equals(FIGURES["quote"])
    again = amend_figures(fixed, [own], CORRECTION)["assumed"][0].split(",")
    assert all(a == b == "correction" for a, b in pairwise(again[-2:]))
    assert pl.DataFrame(fixed).columns == FIGURES.columns


def test_a_ruling_that_stands_and_says_the_same_is_found():
    """A guard counts where it was given; a later last day is another ruling."""
    stands = ruling("r-1")
    new = ruling("", reason="again", author="b. person")
    guarded = ruling("", expect="figures>1")
    assert find_same([stands], new, expect=True) is stands
    assert find_same([stands], guarded, expect=False) is stands
    assert find_same([stands], guarded, expect=True) is None
    for said in ({"value": "y"}, {"target": "z"}, {"saw": "other"},
                 {"action": "exclude"}, {"expires": "2027-07-01"}):  # fmt: skip
        assert find_same([stands], ruling("", **said), expect=False) is None
    assert find_same([stands, ruling("r-2", "undo", "r-1")], new, expect=True) is None
