"""Columns whose heads name a field: values known and unknown."""

import pytest

from tests.test_column_types import read_claims


@pytest.mark.parametrize(
    ("head", "cell", "occupation"),
    [
        ("Job title", "Baker", "baker"),
        ("Position", "Zymurgy wrangler", "zymurgy wrangler"),
        ("Classification", "Zymurgy hand", "zymurgy hand"),
        ("Occupation", "**Zymurgist**", "zymurgist"),
        # A head of something else names nobody, nor does a total, a number, a text.
        ("Zone", "Zymurgy wrangler", None),
        ("Job code", "Zymurgy wrangler", None),
        ("Position", "All of them", None),
        ("Position", "4417", None),
        ("Position", "Zymurgy " * 9, None),
    ],
)
def test_an_occupation_column_names_its_rows(
    head: str, cell: str, occupation: str | None
) -> None:
    """As written where no vocabulary knows the name."""
    rows = (f"{head}|Average salary", f"{cell}|$52,100", "Baker|$31,000")
    first, second = read_claims("What they earn", "", *rows)
    assert first["occupation"] == occupation
    assert second["occupation"] == "baker"


@pytest.mark.parametrize(
    ("head", "cell", "credential"),
    [
        ("Credential", "CPC", "CPC"),
        ("Certification", "QZX-2", "QZX-2"),
        ("Certification", "Zymurgy Master", "Zymurgy Master"),
        ("Zone", "QZX-2", None),
        ("Credential", "All", None),
    ],
)
def test_a_credential_column_names_its_rows(
    head: str, cell: str, credential: str | None
) -> None:
    """An acronym that nobody knows is a credential still."""
    rows = (f"{head}|Average salary", f"{cell}|$52,100", "COC|$61,000")
    first, _ = read_claims("What they earn", "", *rows)
    assert first["credential"] == credential


def test_the_gloss_of_a_credential_is_no_occupation() -> None:
    """`CPC (professional coder)`: letters and what they stand for."""
    rows = ("Credential|Average", "CPC (professional coder)|$52,100")
    first, = read_claims("Which letters pay?", "Average yearly pay", *rows)  # fmt: skip
    assert (first["credential"], first["occupation"]) == ("CPC", None)
