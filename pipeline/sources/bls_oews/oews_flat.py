"""Turn OEWS flat files (`oe.data.0.Current`, code lists) into claims, in batches.

A line is one value: series id, year, period, value, footnote codes. The series id
holds what the value is about (`OEU`, area type, area 7, industry 6, occupation 6,
data type 2); the lists beside the file say what the codes mean. Decoding is done once
per cell (series without its data type) and spread over the cell's lines.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipeline.core.errors import Damaged, LayoutChanged, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.vocabulary import Vocabulary
from pipeline.read.sheets.flat_file import read_line_batches
from pipeline.sources.bls_oews import oews_code_lists, oews_edition
from pipeline.sources.shared import oews_cells
from schemas import Claims, DataFrame

COLUMNS = ("series_id", "year", "period", "value", "footnote_codes")
SERIES = r"^OEU[NSM]\d{7}[0-9A-Z-]{6}\d{6}$"
CELL = 23  # of the series id's 25 characters; the last two are the data type
PERIOD = "A01"
MISSING = "-"
VALUE_COLUMN = 4
# Two batches are decoded at a time: with them the 332 MB file of May 2025 is read in
# under 1 GB of memory.
BYTES = 24_000_000
MODULE_FILE = "pipeline/sources/bls_oews/oews_flat.py"


@dataclass(frozen=True)
class FlatFileCodes:
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
    lists: oews_code_lists.OewsCodeLists
    footnotes: dict[str, str | None]
    top: oews_cells.TopCode | None


def is_flat(snapshot: Snapshot) -> bool:
    """Whether a file's first line is (or was meant as) that of a BLS data file.

    Three of the five columns are enough, so that a renamed column is named by
    `check_header` instead of the file being taken for a workbook.
    """
    with snapshot.path.open("rb") as file:
        line = file.readline(1000).decode("ascii", errors="replace")
    names = {name.strip().lower() for name in line.split("\t")}
    return len(names & set(COLUMNS)) >= 3


def read_parts(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[DataFrame[Claims]]:
    """Yield claims of every line, in batches that never split a cell.

    Raises:
        LayoutChanged: A column of the file or of a code list is another.
        UnknownLabel: A code or footnote that nothing explains.
        Damaged: A line that is none of a data file, or of another year.
        NotFound: A code list is missing.
    """
    return (job() for job in make_batch_jobs(snapshot, vocabulary))


def make_batch_jobs(
    snapshot: Snapshot, vocabulary: Vocabulary
) -> Iterator[Callable[[], DataFrame[Claims]]]:
    """Yield the batches of `read_parts` undecoded: each job may run in a thread."""
    where = snapshot.name or snapshot.path.name
    with snapshot.path.open("rb") as file:
        check_header(file.readline(), where)
    meanings = load_codes(snapshot, vocabulary, where)
    for first, lines in read_line_batches(
        snapshot.path, BYTES, lambda line: line[:CELL]
    ):
        yield partial(_decode_claims, lines, first, meanings, snapshot)


def _decode_claims(
    lines: bytes, first: int, meanings: FlatFileCodes, snapshot: Snapshot
) -> DataFrame[Claims]:
    return oews_cells.make_claims(decode_lines(lines, first, meanings), snapshot)


def check_header(line: bytes, where: str) -> None:
    """Check that the header has the five columns, in their order.

    Raises:
        LayoutChanged: Some are missing, unknown or elsewhere.
    """
    names = [n.strip() for n in line.decode("ascii", errors="replace").split("\t")]
    if names != list(COLUMNS):
        missing = [name for name in COLUMNS if name not in names]
        unexpected = [name for name in names if name not in COLUMNS]
        raise LayoutChanged(where, missing, unexpected or names, MODULE_FILE)


def load_codes(snapshot: Snapshot, vocabulary: Vocabulary, where: str) -> FlatFileCodes:
    """Read what the release's codes mean, from its lists and the vocabularies."""
    year = oews_edition.find_survey_year(snapshot)
    top = oews_cells.find_top_code(vocabulary, year)
    measures = oews_cells.load_measures(vocabulary).filter(
        pl.col("datatype").is_not_null()
    )
    codes = [int(code) for code in measures["datatype"]]
    # A row for each number from 0: a data type is the index of its row.
    by_code = pl.DataFrame({"number": range(max(codes) + 1)}).join(
        measures.with_columns(number=pl.Series(codes)), on="number", how="left"
    )
    listed = oews_code_lists.read_code_lists(snapshot, vocabulary, year, top)
    table = vocabulary.read_table("oews_footnotes", "code", "availability")
    notes = dict(table.select("code", "availability").iter_rows())
    return FlatFileCodes(where, year, by_code, listed, notes, top)


def decode_lines(lines: bytes, first: int, meanings: FlatFileCodes) -> pl.DataFrame:
    """Decode lines to cells that `oews_cells.make_claims` takes.

    Args:
        lines: Whole lines of the file.
        first: Number of the first of them in the file.
        meanings: Of the release's codes.
    """
    frame = _split_lines(lines, first, meanings)
    key = frame["series_id"].str.slice(0, CELL)
    # A cell's lines follow each other: codes are looked up once for each run of them.
    number = key.rle_id()
    about = meanings.lists.describe_cells(
        _find_cell_keys(key, first, meanings), meanings.where
    )
    spread = [column.gather(number) for column in about.get_columns()]
    line = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True)
    cells = frame.select("quote", "footnote_codes").with_columns(
        *spread, *_decode_measures(frame, first, meanings)
    )
    place = pl.concat_str(pl.lit("line="), line, pl.lit(f";col={VALUE_COLUMN}"))
    return _decode_values(cells, first, meanings).with_columns(
        locator=place, structure=pl.lit("flat_file")
    )


def _split_lines(lines: bytes, first: int, meanings: FlatFileCodes) -> pl.DataFrame:
    """Split lines into the five columns, and `quote`: the value without blanks.

    Raises:
        Damaged: The lines make no table, or are of another year or period.
    """
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
    # Locators count lines: with other rows than lines they would lead elsewhere.
    if frame.height != lines.count(b"\n") + (not lines.endswith(b"\n")):
        raise Damaged(where, "lines are empty or broken")
    same = pl.col("year").eq_missing(pl.lit(str(meanings.year)))
    same &= pl.col("period").eq_missing(pl.lit(PERIOD))
    if (others := frame.filter(~same)).height:
        year, period = others["year"][0], others["period"][0]
        why = (
            f"the file says {year} {period}, "
            f"the snapshot's edition {meanings.year} {PERIOD}"
        )
        raise Damaged(where, why, "Keep it under the edition that it is of.")
    return frame.with_columns(quote=pl.col("value").str.strip_chars())


def _find_cell_keys(key: pl.Series, first: int, meanings: FlatFileCodes) -> pl.Series:
    """Return the key of each run of lines, all of the known form.

    Raises:
        Damaged: A line that does not begin with an OEWS series id.
    """
    runs = key.filter(key.ne_missing(key.shift()))
    wrong = runs.filter(~runs.str.contains(SERIES).fill_null(False))
    if wrong.len():
        row = key.eq_missing(wrong.head(1)).arg_true()[0]
        place = f"{meanings.where} line {first + row}"
        raise Damaged(place, f"{wrong[0]!r} is not the beginning of an OEWS series id")
    return runs


def _decode_measures(
    frame: pl.DataFrame, first: int, meanings: FlatFileCodes
) -> list[pl.Series]:
    """Return what each line measures, from the data type that ends its series id.

    Raises:
        UnknownLabel: A data type that oews_measures.csv does not have.
    """
    ends = frame["series_id"].str.slice(CELL).str.strip_chars_end()
    table = meanings.measures
    known_codes = table.filter(pl.col("measure").is_not_null())["datatype"]
    if unknown := sorted(set(ends.unique().fill_null("")) - set(known_codes)):
        labels = [f"data type {end or 'none'}" for end in unknown]
        where = f"{meanings.where} from line {first}"
        raise UnknownLabel(where, labels, "vocabularies/oews_measures.csv")
    index = ends.cast(pl.UInt32)
    names = ("kind", "measure", "period", "statistic", "pay_basis", "currency")
    return [table[name].gather(index) for name in names]


def _decode_values(
    cells: pl.DataFrame, first: int, meanings: FlatFileCodes
) -> pl.DataFrame:
    """Return cells with `value` and `availability`: a dash is what its footnote says.

    Raises:
        Damaged: A value that is neither a number nor a dash.
        UnknownLabel: A dash (or a number) whose footnotes do not say why.
    """
    where = f"{meanings.where} from line {first}"
    dash = pl.col("quote") == MISSING
    value = pl.when(~dash).then(pl.col("quote")).cast(oews_cells.MONEY, strict=False)
    cells = cells.with_columns(
        value=value,
        dash=dash,
        absence=_decode_footnotes(cells["footnote_codes"], meanings),
    )
    wrong = pl.col("value").is_null() & ~pl.col("dash").fill_null(False)
    if (others := cells.filter(wrong)["quote"]).len():
        raise Damaged(where, f"{others[0] or ''!r} is neither a number nor a dash")
    # A dash without a reason, or a number with a reason for having none.
    unfit = cells.filter(pl.col("dash") == pl.col("absence").is_null())
    if unfit.height:
        pairs = unfit.select("dash", "footnote_codes").unique().sort(pl.all())
        labels = [
            f"{MISSING if dash else 'a number'} with "
            + (f"footnote {codes.strip()}" if codes else "no footnote")
            for dash, codes in pairs.iter_rows()
        ]
        raise UnknownLabel(meanings.where, labels, "vocabularies/oews_footnotes.csv")
    judged = cells.with_columns(availability=pl.col("absence").fill_null("published"))
    return oews_cells.add_top_code_bounds(judged, meanings.top, meanings.where)


def _decode_footnotes(codes: pl.Series, meanings: FlatFileCodes) -> pl.Series:
    """Return the availability that footnotes state; null where they say nothing.

    Raises:
        UnknownLabel: A footnote that oews_footnotes.csv does not have.
    """
    found: dict[str, str | None] = {}
    unknown: list[str] = []
    for text in codes.drop_nulls().unique().sort():
        each = [code.strip() for code in text.split(",") if code.strip()]
        unknown += [f"footnote {c}" for c in each if c not in meanings.footnotes]
        reasons = {meanings.footnotes.get(code) for code in each} - {None}
        found[text] = next(iter(reasons)) if len(reasons) == 1 else None
    if unknown:
        raise UnknownLabel(meanings.where, unknown, "vocabularies/oews_footnotes.csv")
    if not found:
        return pl.repeat(None, codes.len(), dtype=pl.String, eager=True)
    return codes.replace_strict(found, return_dtype=pl.String)
