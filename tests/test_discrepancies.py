"""Every type of discrepancy has a page that shows it, and one that does not."""

import pytest
from made import GUIDE, NEWER, SURVEY, TABLE, VOCABULARY, claim, made_claims, oews

from pipeline.extract import extract
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.read import read
from pipeline.reconcile import PageInputs, assess

PROJECTION = {
    "kind": "outlook",
    "statistic": "unspecified",
    "currency": None,
    "period": None,
    "direction": "up",
    "reference_period": "2024-2034",
}
OFFICIAL = oews(7.1, source="bls_projections", quote="7.1", snapshot="1" * 12,
                measure="employment_change_percent", structure="sheet",
                **PROJECTION)  # fmt: skip
BLS = [
    oews(48780),
    oews(53690, statistic="mean"),
    oews(35080, statistic="p10"),
    oews(77810, statistic="p90"),
    oews(39620, statistic="p25"),
    oews(61960, statistic="p75"),
    oews(50250, reference_period="2024-05", snapshot=NEWER),
    oews(55970, statistic="mean", reference_period="2024-05", snapshot=NEWER),
    oews(35780, statistic="p10", reference_period="2024-05", snapshot=NEWER),
    oews(41600, statistic="p25", reference_period="2024-05", snapshot=NEWER),
    oews(64070, statistic="p75", reference_period="2024-05", snapshot=NEWER),
    oews(80950, statistic="p90", reference_period="2024-05", snapshot=NEWER),
    oews(43990, area="Ohio", area_code="39", area_level="state"),
    oews(62990, soc="29-9021",
         occupation="Health Information Technologists and Medical Registrars"),
]  # fmt: skip
AAPC = [
    claim(v, source="aapc_survey", snapshot=SURVEY, statistic="mean",
          reference_period="2024", pay_basis=basis, credential=credential)
    for v, basis, credential in ((64710, "base", "any"), (47320, "base", "none"),
                                 (71230, "total", "any"))
]  # fmt: skip


def quoted(value, **said):
    """A page's figure that names BLS and May 2023."""
    return claim(
        value, **{"attributed_to": "BLS", "reference_period": "2023-05", **said}
    )


def survey(value, **said):
    """A page's figure that names AAPC and 2024."""
    facts = {"attributed_to": "AAPC", "reference_period": "2024", "statistic": "mean",
             "pay_basis": "base", "credential": "any"}  # fmt: skip
    return claim(value, **{**facts, **said})


def projected(value, **said):
    """A page's projection that names BLS."""
    facts = {"attributed_to": "BLS", "quote": f"{value} percent", **PROJECTION}
    return claim(value, **{**facts, **said})


OHIO = quoted(43990, area="Ohio")
MANAGER = quoted(62990, occupation="health information technologist and medical "
                 "registrar")  # fmt: skip
CASES = {
    "misquote": ([quoted(45010)], [quoted(48780)]),
    "stale_vintage": ([quoted(48780, reference_period="2024-05")], [quoted(48780)]),
    "wrong_statistic": ([quoted(53690)], [quoted(53690, statistic="mean")]),
    "unit_slip": ([quoted(4878)], [quoted(48780)]),
    "geography_mismatch": (
        [quoted(43990, area="United States"), OHIO],
        [quoted(48780), OHIO],
    ),
    "occupation_mismatch": ([quoted(62990), MANAGER], [quoted(48780), MANAGER]),
    "population_mismatch": (
        [survey(47320), survey(47320, credential="none")],
        [survey(64710), survey(47320, credential="none")],
    ),
    "pay_concept_mismatch": (
        [survey(71230), survey(71230, pay_basis="total")],
        [survey(64710), survey(71230, pay_basis="total")],
    ),
    "false_precision": (
        [quoted(50123, reference_period="2022-05")],
        [quoted(50120, reference_period="2022-05")],
    ),
    "impossible_or_orphan": (
        [quoted(51230, credential="CPC")],
        [survey(63095, credential="CPC")],
    ),
    "outlook_mismatch": (
        [quoted(48780), projected(9)],
        [quoted(48780), projected(7), projected(8, reference_period="2021-2031")],
    ),
}


def types(rows):
    """Types of what is wrong on a page of these figures."""
    claims = made_claims(*rows, *BLS, *AAPC, OFFICIAL)
    draft = normalise(claims, VOCABULARY, {SURVEY: "2024"})
    figures, _ = validate(draft, make_empty_broken_rows(), VOCABULARY)
    page = claims.filter(claims["snapshot"] == GUIDE)
    context = PageInputs(
        page.to_dicts(), {}, claims.filter(claims["snapshot"] == "1" * 12).to_dicts()
    )
    own = draft.filter(draft["snapshot"] == GUIDE)
    return set(
        assess(own, figures.lazy(), VOCABULARY, {}, context).discrepancies["type"]
    )


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "pages"), CASES.items(), ids=CASES)
def test_each_type_is_named_and_its_sound_twin_is_not(kind, pages):
    """Against the publishers' own figures: a wrong page, and one that is right."""
    wrong, right = pages
    assert kind in types(wrong)
    assert types(right) == set()


def test_a_decline_is_no_growth():
    """Seven percent down are not seven percent up."""
    assert types([quoted(48780), projected(7, direction="down")]) == {
        "outlook_mismatch"
    }


def ranked(*names):
    """Types on a page that calls these states the best paying."""
    text = "# Best-paying states for medical coders\n\nThe highest-paying states:\n\n"
    text += "".join(f"1. {n}: ${90 - i},000 a year\n" for i, n in enumerate(names))
    table = VOCABULARY.read_table("areas", "code", "name", "level")
    states = table.filter(table["level"] == "state").head(40).rows(named=True)
    rows = [oews(70000 - 500 * n, statistic="mean", area=s["name"], area_code=s["code"],
                 area_level="state", snapshot=TABLE)
            for n, s in enumerate(states)]  # fmt: skip
    document = read(text.encode(), "text/markdown", where="page.md")
    claims = extract(document, VOCABULARY, source="page", snapshot=GUIDE).claims
    figures, _ = validate(
        normalise(made_claims(*rows), VOCABULARY, {}),
        make_empty_broken_rows(),
        VOCABULARY,
    )
    context = PageInputs(claims.to_dicts(), {GUIDE: document})
    draft = normalise(claims, VOCABULARY, {})
    found = assess(draft, figures.lazy(), VOCABULARY, {}, context).discrepancies
    return found.filter(found["type"] == "rank_contradiction")["sentence"].to_list()


@pytest.mark.slow
def test_a_list_of_best_paying_states_is_held_against_the_primary_ranking():
    """Five that are the five; five of which the source puts others before."""
    table = VOCABULARY.read_table("areas", "code", "name", "level")
    names = table.filter(table["level"] == "state")["name"].head(12).to_list()
    assert ranked(*names[:4]) == []
    (sentence,) = ranked(names[0], names[2], names[5], names[9])
    assert "ranks 1, 3, 6, 10" in sentence
    assert names[1] in sentence
