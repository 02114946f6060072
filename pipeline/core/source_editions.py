"""Tell which edition of a source is asked for, and where: rows of editions.csv.

The next edition is a row more, and no code: its addresses are patterns with the year. A
source without a row is asked for what its facts say.
"""

import re

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.model import Source
from pipeline.core.source_fields import ADDRESS
from pipeline.core.vocabulary import Vocabulary

FILE = "vocabularies/editions.csv"
# `{yy}` of `oesm{yy}nat.zip` is 25 of 2025-05, `{version}` 30_1 of 30.1.
PLACE = re.compile(r"\{[^}]*\}")


def find_asked_edition(source: Source, vocabulary: Vocabulary) -> str:
    """Return the newest edition that a source has a row of, else that of its facts."""
    editions = _read_rows(source, vocabulary)["edition"].to_list()
    return max(editions, key=_order, default=source.edition)


def list_addresses(source: Source, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """List what a source is asked for: address and edition, "" for one not known.

    A row without an address is an edition behind the addresses of the source's facts.

    Raises:
        UnknownLabel: An address is none, or has a place that nothing fills.
    """
    edition = find_asked_edition(source, vocabulary)
    rows = _read_rows(source, vocabulary).filter(edition=edition)
    given = rows["address"].drop_nulls().to_list()
    return [
        (fill_address(address, edition), edition) for address in given or source.urls
    ]


def fill_address(address: str, edition: str) -> str:
    """Fill the places of an address by the edition.

    Raises:
        UnknownLabel: It is no address, or has a place that nothing fills.

    >>> fill_address("https://www.bls.gov/oes/oesm{yy}nat.zip", "2025-05")
    'https://www.bls.gov/oes/oesm25nat.zip'
    """
    known = {
        "{yy}": edition[2:4],
        "{year}": edition[:4],
        "{edition}": edition,
        "{version}": edition.replace(".", "_"),
    }
    filled = PLACE.sub(lambda place: known.get(place[0], place[0]), address)
    if PLACE.search(filled) or not ADDRESS.fullmatch(filled):
        raise UnknownLabel(FILE, [address], f"{FILE}: places are {', '.join(known)}")
    return filled


def _read_rows(source: Source, vocabulary: Vocabulary) -> pl.DataFrame:
    """Read the rows of one source."""
    rows = vocabulary.read_table("editions", "source", "edition", "address")
    return rows.filter(source=source.id)


def _order(edition: str) -> list[int]:
    """Return what sorts editions by their numbers: `9.3` before `30.1`."""
    return [int(number) for number in re.findall(r"\d{1,9}", edition)]
