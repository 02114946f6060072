"""What the tests of reading share: pages made of a string, blocks by their words."""

from pipeline.core.model import Block, Document
from pipeline.read import read

HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"


def page(html: str) -> Document:
    """Read a page."""
    return read(html.encode(), HTML, where="page.html")


def document(text: str, media_type: str = PLAIN) -> Document:
    """Read a text as a file of its media type."""
    return read(text.encode(), media_type, where="page")


def block(document: Document, words: str) -> Block:
    """The one block that holds the words."""
    found = [b for b in document.blocks if words in document.text[b.start : b.end]]
    assert len(found) == 1, (words, found)
    return found[0]


def words(document: Document, indexes: tuple[int, ...]) -> list[str]:
    """What the blocks at the indexes say."""
    blocks = [document.blocks[i] for i in indexes]
    return [document.text[b.start : b.end] for b in blocks]


def heads(document: Document, cell: str) -> tuple[list[str], list[str]]:
    """The row heads and the column heads of the cell that holds the words."""
    found = block(document, cell)
    return words(document, found.row_heads), words(document, found.column_heads)
