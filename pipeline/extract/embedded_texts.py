"""Figures in texts that only machines see: descriptions, answers, ranges in words.

`baseSalary: "$25 - $30 an hour"`, an answer of an FAQ, the description of a posting. A
text is decoded and read as a small page about its own job; a quote is what stands in
the bytes. What the page shows as well is not read a second time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipeline.core.model import SCHEMA_FORMS, Block, Datum, Document
from pipeline.core.reading_faults import report_fault
from pipeline.extract.board_claims import PayTexts
from pipeline.extract.board_rows import find_posting
from pipeline.extract.document_figures import read_figures
from pipeline.extract.drafts import Draft, Reason
from pipeline.extract.embedded_graph import (
    COUNTRIES,
    DataGraph,
    DataPlace,
    EmbeddedObject,
    walk_outwards,
)
from pipeline.extract.embedded_jobs import (
    JobFacts,
    find_home_currency,
    find_job,
    name_places,
    read_date,
    read_job_facts,
)
from pipeline.extract.embedded_keys import (
    is_no_pay_place,
    is_schema_pay,
    names_pay,
    parse_value,
)
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.indexed_page import IndexedPage
from pipeline.extract.posting_facts import lend_job_facts
from pipeline.read import locate_datum
from pipeline.read.json.string_text import StringText, read_string

LEAST_TEXT = 12  # characters of a text that nothing calls pay
MOST_TEXT = 60_000
LONGEST_LINE = 300  # characters of a board's text that is of pay alone
MOST_READ = 300_000  # characters of all texts of a page
# Kinds that nobody looks for in data that the page does not show.
NO_PAY = ("other", "cost")
# Set before a text that its key calls pay: `salaryInfo: "$20 - $23 an hour"`.
PAY = "Pay: "
FORMS = SCHEMA_FORMS | {"json_file"}
Row = dict[str, Any]
MakeRows = Callable[[Document, Draft, Gazetteer], list[Row]]


@dataclass(frozen=True)
class DataText:
    """A text of the data, made ready to be read.

    Args:
        datum: That holds it.
        text: Decoded.
        lead: What was set before it.
        facts: Of the job that it is about; None where it names none.
    """

    datum: Datum
    text: StringText
    lead: str
    facts: JobFacts | None


def read_data_texts(
    document: Document,
    page: IndexedPage,
    graph: DataGraph,
    make_rows: MakeRows,
    boards: PayTexts,
    unread: list[str],
) -> Iterator[tuple[Row, dict[str, Reason]]]:
    """Yield the claims in texts of the data that the page does not show.

    Args:
        document: The page.
        page: The same, with its words.
        graph: Of its data.
        make_rows: Makes the rows of a draft; none of one that is too large.
        boards: Texts about pay in boards' postings.
        unread: Gets the places of texts for which there is no room any more.
    """
    room = MOST_READ
    for datum in document.data:
        found = _prepare_text(page, graph, datum, boards)
        if found is None:
            continue
        # What a posting's table calls pay is short, and read however many there are.
        if not boards.texts.get((datum.script, datum.pointer)):
            room -= len(found.text.text)
        if room < 0:
            unread.append(locate_datum(document, datum))
            continue
        try:
            rows = list(_read_text(document, page, found, make_rows))
        except Exception as error:
            report_fault(f"the text at {locate_datum(document, datum)}", error)
            continue
        for row, why in rows:
            if boards.is_new(datum.script, datum.pointer, row):
                yield row, why


def _prepare_text(
    page: IndexedPage, graph: DataGraph, datum: Datum, boards: PayTexts
) -> DataText | None:
    """Return a text that may hold pay; None for all else."""
    posting = find_posting(boards.facts, datum.script, datum.pointer)
    if (is_read := boards.texts.get((datum.script, datum.pointer))) is not None:
        return _prepare_board_text(datum, posting) if is_read and posting else None
    raw = datum.raw
    if datum.form not in FORMS or not isinstance(datum.value, str):
        return None
    # What tags show is read where it stands.
    if len(raw) > MOST_TEXT or not any(map(str.isdigit, raw)) or _is_shown(datum):
        return None
    if parse_value(datum, page.words.money) is not None:
        return None
    called = _is_called_pay(page, graph, datum)
    if not called and len(raw) <= LEAST_TEXT:
        return None
    in_tags = datum.form in ("microdata", "rdfa")
    text = read_string(raw, escaped=not in_tags)
    if page.words.money.symbols.isdisjoint(text.text) and not called:
        return None
    if is_no_pay_place(page, graph, datum):
        return None
    # A hidden description in the page's tags may be of anything; a job's is of its pay.
    if in_tags and find_job(page, graph, datum.script, datum.pointer) is None:
        return None
    facts = posting or _find_facts(page, graph, datum)
    return DataText(datum, text, PAY * called, facts)


def _prepare_board_text(datum: Datum, facts: JobFacts) -> DataText | None:
    """Return what a board's posting says of its pay in words; None where it is none."""
    raw = datum.raw
    if not isinstance(datum.value, str) or not 0 < len(raw) <= MOST_TEXT:
        return None
    if not any(map(str.isdigit, raw)) or _is_shown(datum):
        return None
    text = read_string(raw, escaped=True)
    return DataText(datum, text, PAY * (len(raw) <= LONGEST_LINE), facts)


def _is_shown(datum: Datum) -> bool:
    return datum.shown is not None and datum.shown[1] > datum.shown[0]


def _is_called_pay(page: IndexedPage, graph: DataGraph, datum: Datum) -> bool:
    """Whether the key of a text, or one around it, says pay."""
    if datum.form in SCHEMA_FORMS:
        return is_schema_pay(page, graph, datum)
    return names_pay(page, datum.pointer)


def _find_facts(page: IndexedPage, graph: DataGraph, datum: Datum) -> JobFacts | None:
    """Return the facts of the job around a text; by keys where no type says them."""
    job = find_job(page, graph, datum.script, datum.pointer)
    if job is not None:
        return read_job_facts(page, graph, datum.script, job)
    fields: dict[str, str | float] = {}
    title = ""
    for depth, node in walk_outwards(graph.scripts[datum.script], datum.pointer):
        if depth > 2:
            break
        title = title or _read_field(page, node, "occupation")
        if employer := _read_field(page, node, "employer_type"):
            fields.setdefault("employer_type", employer)
        if "area" not in fields and (named := _read_area(page, node)):
            fields |= named
        for when in node.list_field("reference_period", page.words.fields):
            if said := read_date(when):
                fields.setdefault("reference_period", said)
    return JobFacts("", title, fields) if title else None


def _read_field(page: IndexedPage, node: EmbeddedObject, name: str) -> str:
    """Return the first short text of an object under keys of one meaning."""
    for datum in node.list_field(name, page.words.fields):
        if isinstance(datum.value, str) and 2 < len(datum.value) < 120:
            return datum.value
    return ""


def _read_area(page: IndexedPage, node: EmbeddedObject) -> dict[str, str | float]:
    """Return the place of an object: of its own keys or of one that hangs from it."""
    text = _read_field(page, node, "area")
    nation = node.read_text(*COUNTRIES)
    places = [*node.locations.values()][:1] or [DataPlace(text, nation)] * bool(text)
    named = name_places(page, places)
    if named is None:
        return {}
    said: dict[str, str | float] = {"area": named[0]}
    return said | ({"area_level": named[1]} if named[1] else {})


def _read_text(
    document: Document, page: IndexedPage, data: DataText, make_rows: MakeRows
) -> Iterator[tuple[Row, dict[str, Reason]]]:
    """Yield the claims of one text."""
    text, shift = data.lead + data.text.text, len(data.lead)
    blocks = tuple(
        Block(b.kind, b.start + shift * (n > 0), b.end + shift)
        for n, b in enumerate(data.text.list_blocks())
    )
    facts = data.facts
    title = facts.title if facts is not None and facts.title else document.title
    small = replace(
        document, text=text, blocks=blocks, title=title, media_type="text/plain",
        places=(), marks=(), strikes=(), data=(), scripts=(),
    )  # fmt: skip
    for draft in read_figures(small, page.words).drafts:
        quote = text[draft.figure.start : draft.figure.end]
        shown = quote in document.text or draft.figure.start < shift
        if draft.aside or shown or draft.kind in NO_PAY:
            continue
        span = (draft.figure.start - shift, draft.figure.end - shift)
        home = _find_home(page, facts, draft.figure.mark)
        for row in make_rows(small, draft, page.words):
            row = {**row, **home}
            yield _place_row(document, data, row, span), draft.why


def _find_home(page: IndexedPage, facts: JobFacts | None, mark: str) -> Row:
    """Return the currency of a job's country, where a sign can mean it: `$`."""
    home = find_home_currency(page, facts.nation) if facts is not None else ""
    codes = page.words.money.table.list_codes(mark) if home and mark else ()
    return {"currency": home} if len(codes) > 1 and home in codes else {}


def _place_row(
    document: Document, data: DataText, row: Row, span: tuple[int, int]
) -> Row:
    """Return a row with its place in the data, and with what the job's object says."""
    start, end = data.text.find_span(*span)
    placed = {
        **row,
        "structure": data.datum.form,
        "section": None,
        "locator": locate_datum(document, data.datum, start, end),
        "quote": data.datum.raw[start:end],
        "start": None,
        "end": None,
    }
    return placed if data.facts is None else lend_job_facts(placed, data.facts)
