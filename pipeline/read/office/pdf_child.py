"""Turn a PDF into HTML, from standard input to standard output, within bounds.

It imports nothing of this project, so that it starts fast. The first line of what it
writes is `page`, and the HTML follows; or it is one word of what is wrong.
"""

import io
import re
import sys
from collections.abc import Iterator, Sequence
from html import escape

MEMORY = 2_000_000_000  # bytes of addresses
FEWEST = 3  # lines of columns that make a table
GAP = re.compile(r"\s{2,}")
Cell = tuple[int, int, str]  # where it begins and ends in its line, and its words


def main() -> None:
    """Do the one job."""
    most_pages, seconds = int(sys.argv[1]), int(sys.argv[2])
    bound_process(seconds)
    try:
        said = convert(sys.stdin.buffer.read(), most_pages)
    except MemoryError:
        said = b"memory\n"
    except Exception:  # whatever a broken file makes the library throw
        said = b"broken\n"
    sys.stdout.buffer.write(said)


def bound_process(seconds: int) -> None:
    """Bound what this process may use, where the system has bounds."""
    try:
        import resource
    except ImportError:  # Windows; whoever started it does not wait for ever
        return
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))
        except (ValueError, OSError):  # macOS has no bound on addresses
            continue


def convert(body: bytes, most_pages: int) -> bytes:
    """Return the answer for a PDF: its text as HTML, or what is wrong with it."""
    import logging

    from pypdf import PdfReader

    logging.disable()
    reader = PdfReader(io.BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):
        return b"encrypted\n"
    if len(reader.pages) > most_pages:
        return f"pages {len(reader.pages)}\n".encode()
    texts = [page.extract_text(extraction_mode="layout") or "" for page in reader.pages]
    if not any(text.strip() for text in texts):
        return b"scan\n"
    pages = "".join(
        f"<section>{''.join(convert_lines(text.splitlines()))}</section>"
        for text in texts
    )
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    return f"page\n{head}<body>{pages}</body></html>".encode()


def convert_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs and tables of a page: lines of columns are rows of a table."""
    words: list[str] = []
    rows: list[list[Cell]] = []
    for line in [*lines, ""]:
        cells = split_cells(line)
        if len(cells) > 1:
            rows.append(cells)
            continue
        yield from end_rows(rows, words)
        rows = []
        if cells:
            words.append(cells[0][2])
        elif words:
            yield f"<p>{escape(' '.join(words))}</p>"
            words.clear()


def end_rows(rows: list[list[Cell]], words: list[str]) -> Iterator[str]:
    """Yield a table of rows, and the words above it; a few rows are words."""
    if len(rows) < FEWEST:
        words += [" ".join(cell[2] for cell in row) for row in rows]
        return
    if words:
        yield f"<p>{escape(' '.join(words))}</p>"
        words.clear()
    widest = max(rows, key=len)
    yield "<table>" + "".join(convert_row(row, widest) for row in rows) + "</table>"


def convert_row(row: Sequence[Cell], widest: Sequence[Cell]) -> str:
    """Return a row as HTML, each cell in the nearest column of the widest row."""
    columns = [""] * len(widest)
    for start, end, text in row:
        place = min(
            range(len(widest)),
            key=lambda n: abs(start + end - widest[n][0] - widest[n][1]),
        )
        columns[place] = f"{columns[place]} {text}".strip()
    return "<tr>" + "".join(f"<td>{escape(c)}</td>" for c in columns) + "</tr>"


def split_cells(line: str) -> list[Cell]:
    """Return the words of a line that two blanks or more set apart."""
    cells: list[Cell] = []
    start = 0
    for gap in [*GAP.finditer(line), None]:
        end = gap.start() if gap else len(line)
        if text := line[start:end].strip():
            cells.append((start, end, text))
        start = gap.end() if gap else end
    return cells


if __name__ == "__main__":
    main()
