"""Draw the static site of a release: the analyst's pages as files."""

from pathlib import Path

from pipeline.core.disk import sync_folder
from pipeline.core.store import Home, hold_lock
from pipeline.core.vocabulary import open_vocabulary
from pipeline.query.published import Release
from pipeline.release.publish.site_files import locate_site, write_site_files
from pipeline.site.open_view import open_release_view
from pipeline.site.pages import choose_static_cells, draw_static_pages


def draw_site(home: Home, release: Release) -> Path:
    """Draw the static site of a release, where it has none yet.

    Returns:
        The path of its first page.
    """
    first = locate_site(release) / "index.html"
    if first.is_file():
        # By a run, perhaps, that was killed before the folder's name was synced.
        sync_folder(release.folder)
        return first
    # Two runs may come to the same release: the second waits, and finds it drawn.
    with hold_lock(home.curated / ".site.lock", wait=True):
        if not first.is_file():
            view = open_release_view(home, release, open_vocabulary(home.vocabularies))
            write_site_files(
                home, release, draw_static_pages(view, choose_static_cells(view))
            )
    return first
