"""The edition of an OEWS file: what its name, its address and the survey allow."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.core.errors import Damaged
from pipeline.core.model import Snapshot
from pipeline.sources.bls_oews.oews_edition import find_survey_year

FILE = Snapshot(
    *("bls_oews", "2023-05", "0" * 64, Path("body.csv"), "text/csv", "given"),
    "2026-03-01",
)
ADDRESS = "https://www.bls.gov/oes/special-requests/oesm23nat.zip"


@pytest.mark.parametrize(
    ("edition", "name", "url", "said"),
    [
        ("2022-05", "national_M2023_dl.csv", "", "its name says 2023"),
        ("2022", "national_M2023_dl.csv", "", "its name says 2023"),
        ("2022-05", "saved.csv", ADDRESS, "its address says 2023-05"),
        (
            "2022-05",
            "saved.csv",
            "https://www.bls.gov/oes/2023/may/oes_nat.htm",
            "2023",
        ),
        ("2003-05", "oesn03nat.zip", "", "its name says 2003-11"),
        ("2023-07", "saved.csv", "", "nor a month of the survey"),
        ("2023-11", "saved.csv", "", "nor a month of the survey"),
        ("latest", "saved.csv", "", "is no year"),
    ],
)
def test_an_edition_that_the_file_contradicts_is_refused(edition, name, url, said):
    """With the reason; whatever stands in the table itself."""
    with pytest.raises(Damaged, match=said):
        find_survey_year(replace(FILE, edition=edition, name=name, url=url))


@pytest.mark.parametrize(
    ("edition", "name", "url"),
    [
        ("2023-05", "national_M2023_dl.csv", ADDRESS),
        ("2023", "national_M2023_dl.csv", ADDRESS),
        ("2003-11", "oesn03nat.zip", ""),
        ("1997", "national_1997_dl.xls", ""),
        ("2023-05", "2026 again national_M2023.xlsx", "https://www.bls.gov/oes/"),
        ("2023-05", "rows 120234 of it.csv", ""),
    ],
)
def test_an_edition_that_nothing_contradicts_is_taken(edition, name, url):
    """A year alone is any month of it; digits of a longer number are no year."""
    year = find_survey_year(replace(FILE, edition=edition, name=name, url=url))
    assert str(year) == edition[:4]
