"""The analyst's pages: rows of a release to HTML, the same on the server and as files.

A page is a function of a `ReleaseView`: an open release, the vocabularies, and how
addresses are spelled. Nothing here writes, and nothing is read but the release, the
vocabularies, the logs of fetches and stored bytes.
"""

from pipeline.site.page_links import Links
from pipeline.site.pages.cell_page import draw_cell_page
from pipeline.site.pages.check_page import SentPage, draw_check_form, draw_checked_page
from pipeline.site.pages.glossary_page import draw_glossary_page
from pipeline.site.pages.overview_page import draw_overview_page
from pipeline.site.pages.packet_page import cut_excerpt, draw_packet_page
from pipeline.site.pages.page_assets import read_script, read_style_sheet
from pipeline.site.pages.queue_page import QueueFilter, draw_queue_page
from pipeline.site.pages.release_view import ReleaseView
from pipeline.site.pages.ruling_pages import (
    draw_enter_page,
    draw_ruling_page,
    draw_rulings_page,
)
from pipeline.site.pages.search_page import SearchQuery, draw_search_page
from pipeline.site.pages.snapshot_page import draw_snapshot_page
from pipeline.site.pages.source_page import draw_source_page
from pipeline.site.pages.static_site import choose_static_cells, draw_static_pages

__all__ = [
    "Links",
    "QueueFilter",
    "ReleaseView",
    "SearchQuery",
    "SentPage",
    "choose_static_cells",
    "cut_excerpt",
    "draw_cell_page",
    "draw_check_form",
    "draw_checked_page",
    "draw_enter_page",
    "draw_glossary_page",
    "draw_overview_page",
    "draw_packet_page",
    "draw_queue_page",
    "draw_ruling_page",
    "draw_rulings_page",
    "draw_search_page",
    "draw_snapshot_page",
    "draw_source_page",
    "draw_static_pages",
    "read_script",
    "read_style_sheet",
]
