"""Surveys and reports as PDF and .docx: their words, their tables, and what is none."""

import io
import zipfile
from functools import partial
from pathlib import Path

import pytest
from office_files import make_docx, make_pdf, paragraph, table
from pages_home import lay_home

from pipeline.core import media
from pipeline.core.errors import Damaged, TooLarge
from pipeline.core.model import Document
from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract
from pipeline.read import detect_media_type, read, read_quotes
from pipeline.read.office import pdf_child, pdf_process
from pipeline.read.read_limits import reading_with

WORDS = open_vocabulary(Path(__file__).resolve().parents[1] / "vocabularies")
SAID = "The average annual salary of medical coders was $58,100 in 2025."
ROWS = [["Credential", "Average"], ["CPC", "$62,000"], ["CIC", "$71,500"]]
GRID = [
    (72 if column == 0 else 300, 600 - 15 * row, text)
    for row, cells in enumerate(ROWS)
    for column, text in enumerate(cells)
]
PDF = make_pdf(
    [(72, 720, "Survey of coders")],
    [(72, 720, SAID[:29]), (72, 708, SAID[29:]), *GRID],
)
DOCX = make_docx(
    paragraph("Survey of coders", "Title"),
    paragraph("Pay", "Heading1"),
    paragraph(SAID),
    table(ROWS),
    paragraph("Coders earn $30 an hour.", item=True),
)


@pytest.fixture(autouse=True)
def bounds():
    """Reading is bounded by the project's own vocabularies."""
    with reading_with(WORDS):
        yield


def read_file(body: bytes) -> Document:
    """A file read by its bytes."""
    return read(body, detect_media_type("report", body), where="report")


def list_cells(document: Document) -> list[tuple[int, int, str]]:
    """Row, column and text of each cell."""
    return [
        (block.row, block.column, document.text[block.start : block.end])
        for block in document.blocks
        if block.kind == "cell"
    ]


CELLS = [(r, c, text) for r, row in enumerate(ROWS) for c, text in enumerate(row)]


@pytest.mark.parametrize("body", [PDF, DOCX], ids=["pdf", "docx"])
def test_words_and_tables_are_those_of_the_file(body):
    """Lines of columns are rows; lines of words are one paragraph."""
    document = read_file(body)
    assert SAID in document.text.replace("\n", " ")
    assert list_cells(document) == CELLS


@pytest.mark.parametrize("body", [PDF, DOCX], ids=["pdf", "docx"])
def test_every_figure_has_a_pointer_to_its_words(body):
    """In a PDF it begins with the page."""
    document = read_file(body)
    claims = extract(document, WORDS, source="article", snapshot="0" * 12).claims
    assert {"$58,100", "$62,000", "$71,500"} <= set(claims["quote"])
    places = claims["locator"].to_list()
    kind = detect_media_type("report", body)
    assert read_quotes(body, kind, places) == claims["quote"].to_list()
    if kind == media.PDF:
        assert all("/section[2]/" in place for place in places)


def test_headings_and_lists_of_a_docx_are_such():
    """By the names of their styles."""
    kinds = [block.kind for block in read_file(DOCX).blocks]
    assert kinds[:3] == ["heading", "heading", "paragraph"]
    assert kinds[-1] == "item"


def test_struck_words_and_lines_within_a_cell_of_a_docx():
    """What a reviewer struck out is not said; paragraphs of a cell are lines of it."""
    words = "<w:r><w:t>{}</w:t></w:r>".format
    struck = f"<w:p><w:del>{words('$1')}</w:del>{words('now')}</w:p>"
    assert read_file(make_docx(struck)).text.strip() == "now"
    cell = f"<w:tbl><w:tr><w:tc>{paragraph('a')}{paragraph('b')}</w:tc></w:tr></w:tbl>"
    assert read_file(make_docx(cell)).text.strip() == "a\nb"


def test_two_lines_of_columns_are_words_and_three_a_table():
    """A line that two blanks set apart is often one of words."""
    line = "pay    $5"
    assert list(pdf_child.convert_lines([line, line])) == ["<p>pay $5 pay $5</p>"]
    (found,) = pdf_child.convert_lines([line, line, line])
    assert found.count("<tr>") == 3


def test_a_cell_is_in_the_column_that_it_is_nearest_to():
    """Rows may lack a cell."""
    lines = ["Title     2024    2025", "Coder     50      51", "Clerk             40"]
    (found,) = pdf_child.convert_lines(lines)
    assert "<tr><td>Clerk</td><td></td><td>40</td></tr>" in found


BROKEN = {
    "a scan": (make_pdf([]), "a scan.*OCR"),
    "cut short": (PDF[:400], "PDF is broken"),
    "rubbish": (b"%PDF-1.7 rubbish", "PDF is broken"),
    "a docx of nothing": (make_docx(), "no text in it"),
    "broken XML": (make_docx("<w:p>"), "text part is broken"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_has_no_words_is_refused_by_name(name):
    """With what to do about it."""
    body, said = BROKEN[name]
    with pytest.raises(Damaged, match=said):
        read_file(body)


def test_a_docx_with_a_document_type_is_refused():
    """Entities have no place in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"
        )
    with pytest.raises(Damaged, match="document type"):
        read_file(out.getvalue())


def test_a_pdf_is_read_within_bounds(monkeypatch):
    """Bytes, pages and time."""
    limits = {"pdf_bytes": 10**7, "pdf_pages": 1, "pdf_seconds": 60}
    monkeypatch.setattr(pdf_process, "get_limit", limits.__getitem__)
    with pytest.raises(TooLarge, match="2 pages, more than the 1"):
        pdf_process.convert_pdf(PDF, "report")
    limits["pdf_bytes"] = 10
    with pytest.raises(TooLarge, match="bytes"):
        pdf_process.convert_pdf(PDF, "report")


@pytest.mark.parametrize(
    ("name", "body"), [("report.pdf", PDF), ("report.docx", DOCX)], ids=["pdf", "docx"]
)
def test_a_report_is_kept_and_asked_as_a_page_is(name, body, tmp_path, command_in):
    """`claims`, `sources keep` and `refresh` take it; its pointers hold."""
    home = lay_home(tmp_path / "home")
    payproof = partial(command_in, home)
    path = tmp_path / name
    path.write_bytes(body)
    status, out, _ = payproof("claims", path)
    assert status == 0
    assert "$62,000" in out
    status, _, err = payproof(
        "sources", "keep", "article", path, "--edition", "2026-05"
    )
    assert (status, err) == (0, "")
    status, out, err = payproof("refresh", "--offline", "--no-site")
    assert (status, err) == (0, ""), out
    status, out, _ = payproof("verify")
    assert status == 0, out
