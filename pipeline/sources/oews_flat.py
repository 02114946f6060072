"""OEWS flat files (`oe.data.0.Current` and its code lists) to claims, in batches.

A line is one value: series id, year, period, value, footnote codes. The series id
holds what the value is about (`OEU`, area type, area 7, industry 6, occupation 6,
data type 2); the lists beside the file say what the codes mean. Decoding is done once
per cell (series without its data type) and spread over the cell's lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.model import Snapshot
from pipeline.read.flat import batches
from pipeline.sources import oews_lists, oews_marks
from pipeline.vocabulary import Vocabulary
from schemas import Claims

COLUMNS = ("series_id", "year", "period", "value", "footnote_codes")
SERIES = r"^OEU[NSM]\d{7}[0-9A-Z-]{6}\d{6}\d{2}$"
CELL = 23
PERIOD = "A01"
MISSING = "-"
VALUE_COLUMN = 4
BYTES = 24_000_000
PLACE = "pipeline/sources/oews_flat.py"


@dataclass(frozen=True)
class Meanings:
    """What the codes of one release mean, ready to be looked up.

    Args:
        where: For messages.
        year: Of the release.
        measures: One row per data type code, in the order of the codes from 0.
        lists: What areas, industries and occupations mean.
        footnotes: Availability by footnote code; None for a note that changes nothing.
        top: Top code of the year.
    """

    where: str
    year: int
    measures: pl.DataFrame
    lists: oews_lists.Lists
    footnotes: dict[str, str | None]
    top: oews_marks.TopCode | None


def is_flat(first_line: bytes) -> bool:
    """Whether a file's first line is (or was meant as) that of a BLS data file."""
    names = first_line.decode("ascii", errors="replace").split("\t")
    return len({name.strip().lower() for name in names} & set(COLUMNS)) >= 3


def parts(snapshot: Snapshot, vocabulary: Vocabulary) -> Iterator[DataFrame[Claims]]:
    """Claims of every line, in batches that never split a cell.

    Raises:
        LayoutChanged: A column of the file or of a code list is another.
        UnknownLabel: A code or footnote that nothing explains.
        Damaged: A line that is none of a data file, or of another year.
        NotFound: A code list is missing.
    """
    where = snapshot.name or snapshot.path.name
    with snapshot.path.open("rb") as file:
        check_header(file.readline(), where)
    meanings = known(snapshot, vocabulary, where)
    for first, lines in batches(snapshot.path, BYTES, lambda line: line[:CELL]):
        yield oews_marks.claimed(decoded(lines, first, meanings), snapshot)


def check_header(line: bytes, where: str) -> None:
    """The five columns, in their order.

    Raises:
        LayoutChanged: Some are missing, unknown or elsewhere.
    """
    names = [n.strip() for n in line.decode("ascii", errors="replace").split("\t")]
    if names != list(COLUMNS):
        missing = [name for name in COLUMNS if name not in names]
        unexpected = [name for name in names if name not in COLUMNS]
        raise LayoutChanged(where, missing, unexpected or names, PLACE)


def known(snapshot: Snapshot, vocabulary: Vocabulary, where: str) -> Meanings:
    """What the release's codes mean, from its lists and the vocabularies."""
    year = oews_marks.year_of(snapshot)
    top = oews_marks.top_code(vocabulary, year)
    measures = oews_marks.measures(vocabulary).filter(pl.col("datatype").is_not_null())
    codes = [int(code) for code in measures["datatype"]]
    by_code = pl.DataFrame({"number": range(max(codes) + 1)}).join(
        measures.with_columns(number=pl.Series(codes)), on="number", how="left"
    )
    listed = oews_lists.read(snapshot, vocabulary, year, top)
    table = vocabulary.table("oews_footnotes", "code", "availability")
    notes = dict(table.select("code", "availability").iter_rows())
    return Meanings(where, year, by_code, listed, notes, top)


def decoded(lines: bytes, first: int, meanings: Meanings) -> pl.DataFrame:
    """Lines as cells that `oews_marks.claimed` takes; the first has number `first`."""
    frame = _split(lines, first, meanings)
    series = frame["series_id"]
    key = series.str.slice(0, CELL)
    number = key.rle_id()
    one_each = key.filter((key != key.shift()).fill_null(True))
    about = meanings.lists.about(one_each, meanings.where)
    index = series.str.slice(CELL, 2).cast(pl.UInt32)
    measured = _measured(index, meanings)
    spread = [column.gather(number) for column in about.get_columns()]
    line = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True)
    cells = frame.select("quote", "footnote_codes").with_columns(
        *spread, *measured, line.alias("line")
    )
    return _valued(cells, meanings).with_columns(
        locator=pl.concat_str(
            pl.lit("line="), pl.col("line"), pl.lit(f";col={VALUE_COLUMN}")
        ),
        structure=pl.lit("flat_file"),
    )


def _split(lines: bytes, first: int, meanings: Meanings) -> pl.DataFrame:
    """Lines as columns; every line has five, a series id, the year and the period."""
    where = f"{meanings.where} from line {first}"
    try:
        frame = pl.read_csv(
            lines,
            separator="\t",
            has_header=False,
            schema=dict.fromkeys(COLUMNS, pl.String),
            quote_char=None,
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise Damaged(where, f"the lines do not make a table ({reason})") from error
    if frame.height != lines.count(b"\n") + (not lines.endswith(b"\n")):
        raise Damaged(where, "lines are empty or broken")
    frame = frame.with_columns(
        pl.col("series_id").str.strip_chars_end(),
        pl.col("footnote_codes").str.strip_chars().replace("", None),
        quote=pl.col("value").str.strip_chars(),
    )
    form = pl.col("series_id").str.contains(SERIES).fill_null(False)
    form &= pl.col("quote").fill_null("") != ""
    wrong = frame.with_row_index("row").filter(~form).head(1)
    if wrong.height:
        place = f"{meanings.where} line {first + wrong['row'].item()}"
        raise Damaged(
            place, f"{wrong['series_id'].item()!r} is no OEWS series or empty"
        )
    dates = frame.select("year", "period").unique().sort("year", "period").rows()
    if others := [d for d in dates if d != (str(meanings.year), PERIOD)]:
        said = ", ".join(f"{year} {period}" for year, period in others[:3])
        why = f"the file says {said}, the snapshot's edition {meanings.year} {PERIOD}"
        raise Damaged(where, why, "Keep it under the edition that it is of.")
    return frame


def _measured(index: pl.Series, meanings: Meanings) -> list[pl.Series]:
    """What each line measures, from its data type."""
    table = meanings.measures
    known_codes = set(table.filter(pl.col("measure").is_not_null())["number"])
    if unknown := sorted(set(index.unique()) - known_codes):
        labels = [f"data type {code:02}" for code in unknown]
        raise UnknownLabel(meanings.where, labels, "vocabularies/oews_measures.csv")
    names = ("kind", "measure", "period", "statistic", "pay_basis", "currency")
    return [table[name].gather(index) for name in names]


def _valued(cells: pl.DataFrame, meanings: Meanings) -> pl.DataFrame:
    """Numbers as they stand; a dash by its footnote; a number has no such note."""
    number = pl.col("quote").replace(MISSING, None)
    cells = cells.with_columns(
        value=number.cast(oews_marks.MONEY, strict=False),
        dash=pl.col("quote") == MISSING,
    )
    wrong = pl.col("value").is_null() & ~pl.col("dash")
    if unknown := cells.filter(wrong)["quote"].unique().sort().to_list():
        raise UnknownLabel(meanings.where, unknown, PLACE)
    availability = _availability(cells, meanings)
    noted = cells.join(
        availability,
        on=["dash", "footnote_codes"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return oews_marks.with_bounds(noted, meanings.top, meanings.where)


def _availability(cells: pl.DataFrame, meanings: Meanings) -> pl.DataFrame:
    """Availability for each pair of dash or number and footnotes that occurs."""
    used = cells.select("dash", "footnote_codes").unique().sort(pl.all())
    unknown: list[str] = []
    found: list[str | None] = []
    for dash, codes in used.iter_rows():
        each = [code.strip() for code in codes.split(",")] if codes else []
        said = {meanings.footnotes.get(code) for code in each} - {None}
        fits = len(said) == (1 if dash else 0)
        if not fits or any(code not in meanings.footnotes for code in each):
            shown = "no footnote" if codes is None else f"footnote {codes}"
            unknown.append(f"{MISSING if dash else 'a number'} with {shown}")
        found.append(next(iter(said), "published"))
    if unknown:
        raise UnknownLabel(meanings.where, unknown, "vocabularies/oews_footnotes.csv")
    return used.with_columns(availability=pl.Series(found, dtype=pl.String))
