"""BLS Public Data API, version 2: series of the OEWS, a batch at a time.

The same figures as the flat files, for those who want some and not all. The API serves
the current release of the OEWS and no other: an older year comes back empty, which
means that it is not offered, and not that it is suppressed. What is asked for is in
`vocabularies/api_series.csv`. A key (free, by e-mail) doubles the batch and raises the
quota of a day; it is read from PAYPROOF_BLS_KEY, and is never stored.

Source: https://www.bls.gov/developers/api_signature_v2.htm
"""

import json
from collections.abc import Mapping
from itertools import product

from pipeline.core.errors import Refused
from pipeline.core.model import Request, Snapshot
from pipeline.core.source_editions import find_asked_edition
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.cell_grid import column_letters
from pipeline.sources.bls_api import api_answer
from pipeline.sources.shared.oews_rules import broken
from schemas import Claims, DataFrame

__all__ = ["SOURCE", "broken", "make_series_id", "parse", "wanted"]

SETTING, FIELD = "PAYPROOF_BLS_KEY", "registrationkey"

SOURCE = read_source("bls_api")
URL = SOURCE.urls[0]


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every value of an answer; a series without one is not offered.

    Raises:
        Refused: The answer is that the quota of the day is used up.
        Damaged: Another failure; another year than the edition; no value at all.
        UnknownLabel: A series, code or footnote without a meaning.
    """
    return api_answer.read_answer_claims(snapshot, vocabulary)


def make_series_id(area: str, industry: str, occupation: str, datatype: str) -> str:
    """Return the 25 characters that name one value.

    Layout: https://www.bls.gov/help/hlpforma.htm#OE

    Args:
        area: Type and code: `N0000000`, `S0600000`, `M0041940`.
        industry: Six characters, `000000` for all.
        occupation: SOC code without its dash, `000000` for all.
        datatype: Two digits, `04` for the annual mean.

    >>> make_series_id("N0000000", "000000", "292072", "13")
    'OEUN000000000000029207213'

    Raises:
        UnknownLabel: A part that is not of the known form.
    """
    series = f"OEU{area}{industry}{occupation}{datatype}"
    return api_answer.parse_series_id(series, "vocabularies/api_series.csv").series


def wanted(vocabulary: Vocabulary, keys: Mapping[str, str]) -> list[Request]:
    """Return what to ask for: as few posts as the limits allow, in a fixed order.

    The answers' names differ in a letter and not in a digit: names that differ in
    digits alone are editions of one file for `archive.drift`, which would take a
    smaller last batch for a file that had shrunk.

    Args:
        vocabulary: With api_series.csv and limits.csv.
        keys: Settings; the key itself goes into no request, but its name does.

    Raises:
        Refused: It would take more queries than a day has.
        UnknownLabel: A row of api_series.csv that makes no series.
    """
    kind = "_with_key" if keys.get(SETTING, "").strip() else ""
    size = int(vocabulary.read_number("limits", f"api_series{kind}"))
    quota = int(vocabulary.read_number("limits", f"api_queries{kind}"))
    listed = _list_series(vocabulary)
    batches = [listed[at : at + size] for at in range(0, len(listed), size)]
    if len(batches) > quota:
        why = (
            f"{len(batches)} queries are more than the {quota} of a day: set {SETTING},"
            " or ask for less in vocabularies/api_series.csv"
        )
        raise Refused(SOURCE.id, URL, 0, why)
    edition = find_asked_edition(SOURCE, vocabulary)
    year = edition[:4]
    return [
        Request(
            URL,
            edition,
            send=json.dumps({"seriesid": batch, "startyear": year, "endyear": year}),
            key_setting=SETTING,
            key_field=FIELD,
            name=f"series{kind}-{column_letters(number).lower()}.json",
        )
        for number, batch in enumerate(batches, start=1)
    ]


def _list_series(vocabulary: Vocabulary) -> list[str]:
    """Return the series of api_series.csv, each once, sorted."""
    columns = ("areatype", "areas", "industry", "occupations", "datatypes")
    rows = vocabulary.read_table("api_series", *columns).select(columns)
    return sorted(
        {
            make_series_id(
                f"{kind}{_pad_area_code(kind, area)}", industry, occupation, datatype
            )
            for kind, areas, industry, occupations, datatypes in rows.iter_rows()
            for area, occupation, datatype in product(
                areas.split(), occupations.split(), datatypes.split()
            )
        }
    )


def _pad_area_code(kind: str, code: str) -> str:
    """Return a code in the seven digits of a series: zeros go behind a state's code.

    `06` becomes `0600000`, the metropolitan area `41940` becomes `0041940`.
    """
    return code.ljust(7, "0") if kind == "S" else code.zfill(7)
