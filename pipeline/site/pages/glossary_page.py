"""What the words mean, as a page: the same on the server and among the files."""

from pipeline.site.glossary import read_glossary
from pipeline.site.pages.release_view import ReleaseView


def draw_glossary_page(view: ReleaseView) -> bytes:
    """Draw every word with its meaning; `#claim` leads to the word claim."""
    return view.draw_page("glossary", groups=read_glossary())
