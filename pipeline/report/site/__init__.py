"""The analyst's pages: rows of a release to HTML, the same live and as files.

A page is a function of a `Book`: an open release, the vocabularies, and how addresses
are spelled. Nothing here writes, and nothing asks for anything but stored bytes.
"""

from pipeline.report.site.book import Book
from pipeline.report.site.cell import cell_page
from pipeline.report.site.checked import Sent, check_page, checked_page
from pipeline.report.site.links import Links
from pipeline.report.site.overview import overview_page
from pipeline.report.site.packet import excerpt, packet_page
from pipeline.report.site.queue import Filter, queue_page
from pipeline.report.site.ruling import enter_page, ruling_page, rulings_page
from pipeline.report.site.search import Wanted, search_page
from pipeline.report.site.snapshot import snapshot_page
from pipeline.report.site.source import source_page
from pipeline.report.site.static import static_cells, static_pages
from pipeline.report.site.style import script, style

__all__ = [
    "Book",
    "Filter",
    "Links",
    "Sent",
    "Wanted",
    "cell_page",
    "check_page",
    "checked_page",
    "enter_page",
    "excerpt",
    "overview_page",
    "packet_page",
    "queue_page",
    "ruling_page",
    "rulings_page",
    "script",
    "search_page",
    "snapshot_page",
    "source_page",
    "static_cells",
    "static_pages",
    "style",
]
