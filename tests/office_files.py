"""Small PDF and .docx files, written by hand."""

import io
import zipfile
from collections.abc import Sequence

Line = tuple[int, int, str]  # points from the left and from the bottom, and the words


def make_pdf(*pages: Sequence[Line]) -> bytes:
    """A PDF of lines of text at their places; a page without lines is as of a scan."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"
    objects.append(font)
    kids = []
    for lines in pages:
        shown = "".join(
            f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines
        )
        objects.append(f"<< /Length {len(shown)} >>\nstream\n{shown}endstream")
        stream = len(objects)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {stream} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = "%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    start = len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def make_docx(*blocks: str) -> bytes:
    """A .docx of paragraphs and tables as `paragraph` and `table` write them."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = f"<w:document {space}><w:body>{''.join(blocks)}</w:body></w:document>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", xml)
    return out.getvalue()


def paragraph(text: str, style: str = "", *, item: bool = False) -> str:
    """A paragraph, of a style, maybe an item of a list."""
    marks = f'<w:pStyle w:val="{style}"/>' if style else ""
    marks += "<w:numPr/>" if item else ""
    return f"<w:p><w:pPr>{marks}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table of cells, each with one paragraph."""
    lines = (
        "<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{''.join(lines)}</w:tbl>"
