"""Read PDF in a process of its own: what breaks the reader breaks that alone."""

import subprocess
import sys

from pipeline.core.errors import Damaged, TooLarge
from pipeline.read.office import pdf_child
from pipeline.read.read_limits import get_limit

SCAN = "it is a PDF of pictures, a scan: there is no text in it"
SCAN_REMEDY = "Have its text recognised (OCR) and save that, or save the page itself."
ERRORS = {  # what the child says in place of a page
    b"encrypted": ("the PDF is encrypted", "Save it without a password."),
    b"scan": (SCAN, SCAN_REMEDY),
    b"memory": ("reading it takes too much memory", "Cut the file."),
}


def convert_pdf(body: bytes, where: str) -> bytes:
    """Return the text layer of a PDF as HTML, a section a page.

    Raises:
        Damaged: Broken, encrypted, a scan, or not read within the bounds.
        TooLarge: More bytes or pages than are read.
    """
    if len(body) > (most := int(get_limit("pdf_bytes"))):
        raise TooLarge(where, len(body), most)
    bounds = [str(int(get_limit(key))) for key in ("pdf_pages", "pdf_seconds")]
    try:
        done = subprocess.run(
            [sys.executable, "-P", pdf_child.__file__, *bounds],
            input=body,
            capture_output=True,
            timeout=2 * int(bounds[1]),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Damaged(where, "reading it takes too long", "Cut the file.") from error
    said, _, page = done.stdout.partition(b"\n")
    if said == b"page":
        return page
    if said.startswith(b"pages "):
        raise TooLarge(where, int(said.split()[1]), int(bounds[0]), "pages")
    why, remedy = ERRORS.get(said, ("the PDF is broken", "Get the file again."))
    raise Damaged(where, why, remedy)
