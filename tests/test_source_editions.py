"""The next edition is a row of editions.csv: no code knows a year."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.archive.fetch_one import find_requests
from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary, open_vocabulary

WORDS = Path(__file__).resolve().parents[1] / "vocabularies"


def with_rows(folder: Path, *rows: str) -> Vocabulary:
    """The vocabularies with rows more in editions.csv."""
    shutil.copytree(WORDS, folder / "vocabularies")
    with (folder / "vocabularies/editions.csv").open("a") as file:
        file.writelines(f"{row}\n" for row in rows)
    return open_vocabulary(folder / "vocabularies")


def test_the_addresses_are_those_of_the_facts_until_a_row_is_newer():
    """The rows that the project has lead where the facts of the source lead."""
    facts, found = find_requests("bls_oews", open_vocabulary(WORDS), {})
    assert tuple(one.url for one in found) == facts.urls
    assert {one.edition for one in found} == {"2025-05"}


def test_a_row_of_the_next_year_is_asked_for(tmp_path):
    """Its address is a pattern; the older edition is asked for no more."""
    address = "https://www.bls.gov/oes/special-requests/oesm{yy}nat.zip"
    words = with_rows(
        tmp_path, f"bls_oews,2026-05,{address},x", "bls_projections,2025-2035,,x"
    )
    _, (oews,) = find_requests("bls_oews", words, {})
    assert (oews.url[-13:], oews.edition) == ("oesm26nat.zip", "2026-05")
    _, (outlook,) = find_requests("bls_projections", words, {})
    assert outlook.edition == "2025-2035"
    assert outlook.url.endswith("occupation.xlsx")


def test_the_api_is_asked_for_the_year_of_its_row(tmp_path):
    """First and last year of every query."""
    words = with_rows(tmp_path, "bls_api,2026-05,,x")
    _, found = find_requests("bls_api", words, {})
    assert {one.edition for one in found} == {"2026-05"}
    assert {json.loads(one.send)["endyear"] for one in found} == {"2026"}


def test_versions_are_in_the_order_of_their_numbers(tmp_path):
    """30.1 is later than 9.3, and its address spells it otherwise."""
    pattern = "https://www.onetcenter.org/dl_files/database/db_{version}_text.zip"
    rows = [f"onet_titles,{version},{pattern},x" for version in ("9.3", "31.0")]
    _, (found,) = find_requests("onet_titles", with_rows(tmp_path, *rows), {})
    assert found.url.endswith("/db_31_0_text.zip")


@pytest.mark.parametrize(
    "address", ["ftp://a.example/x", "https://a.example/{quarter}"]
)
def test_an_address_that_is_none_is_named(tmp_path, address):
    """With the file that it stands in."""
    words = with_rows(tmp_path, f"bls_oews,2026-05,{address},x")
    with pytest.raises(UnknownLabel, match=r"editions\.csv"):
        find_requests("bls_oews", words, {})
