"""The routes of the pages for reading: drawn when asked for, cached by clients."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from pipeline.core.errors import NotFound
from pipeline.core.vocabulary import Vocabulary
from pipeline.release.cache import hash_code
from pipeline.serve.open_releases import OpenReleases
from pipeline.serve.query_parameters import Whole
from pipeline.serve.response_formats import (
    is_cached_by_client,
    make_cache_headers,
    make_etag,
    respond_not_modified,
)
from pipeline.serve.work_queue import ServerWork
from pipeline.site import pages
from pipeline.site.open_view import open_release_view
from pipeline.site.pages import Links, ReleaseView, SearchQuery

HTML, CSS = "text/html; charset=utf-8", "text/css; charset=utf-8"
TEXT = Query(max_length=400)
NAME = Query(max_length=200)
MAX_OPEN = 4  # releases whose lists are kept at a time


class ReleaseViews:
    """The releases of a home, open for drawing."""

    def __init__(
        self, open_releases: OpenReleases, vocabulary: Vocabulary, work: ServerWork
    ) -> None:
        """Keep what views are made of; none is opened yet."""
        self.open_releases, self.vocabulary = open_releases, vocabulary
        self.work = work
        self.code = hash_code()[:12]
        self._open: dict[str, ReleaseView] = {}

    def get(self, release: str | None) -> ReleaseView:
        """Return the view of a named release, or of the latest.

        Addresses of the pages repeat the name, so that links stay within the release.
        """
        found, database = self.open_releases.get(release, None)
        if found.name not in self._open:
            while len(self._open) >= MAX_OPEN:
                self._open.pop(next(iter(self._open)))
            self._open[found.name] = open_release_view(
                self.open_releases.home, found, self.vocabulary, database
            )
        return self._open[found.name].with_links(Links(release=release or ""))

    async def respond_page(
        self,
        request: Request,
        release: str | None,
        draw: Callable[[ReleaseView], bytes],
        salt: str = "",
    ) -> Response:
        """Draw a page as an answer; 304 where the client has it, 404 as a page.

        Args:
            request: With what the client has.
            release: Name; None: the latest.
            draw: Makes the bytes of the page from the view; called in a thread.
            salt: What the page depends on beside the release and the code.
        """
        view = self.get(release)
        etag = make_etag(f"{view.release}.{self.code}{salt}", HTML.partition(";")[0])
        pinned = False  # the code that draws may be another one tomorrow
        if is_cached_by_client(request, etag):
            return respond_not_modified(etag, pinned=pinned)
        try:
            body = await self.work.draws.run(draw, view)
        except NotFound as error:
            page = view.draw_page("missing", why=str(error))
            return Response(page, 404, {"Cache-Control": "no-store"}, media_type=HTML)
        return Response(
            body, headers=make_cache_headers(etag, pinned=pinned), media_type=HTML
        )


def make_page_router(views: ReleaseViews) -> APIRouter:
    """Make the router of the pages for reading."""
    router = APIRouter(include_in_schema=False)
    add_lists(router, views)
    add_evidence(router, views)
    return router


def add_lists(router: APIRouter, views: ReleaseViews) -> None:
    """Add the overview, the glossary, the search and the style sheet."""

    @router.get("/")
    async def overview(
        request: Request, release: Annotated[str | None, NAME] = None
    ) -> Response:
        return await views.respond_page(request, release, pages.draw_overview_page)

    @router.get("/glossary")
    async def glossary(
        request: Request, release: Annotated[str | None, NAME] = None
    ) -> Response:
        return await views.respond_page(request, release, pages.draw_glossary_page)

    @router.get("/search")
    async def search(
        request: Request,
        occupation: Annotated[str, TEXT] = "",
        area: Annotated[str, TEXT] = "",
        publisher: Annotated[str, TEXT] = "",
        statistic: Annotated[str, TEXT] = "",
        first: Annotated[int, Query(ge=0, le=1_000_000), Whole] = 0,
        release: Annotated[str | None, NAME] = None,
    ) -> Response:
        wanted = SearchQuery(occupation, area, publisher, statistic, first)
        return await views.respond_page(
            request, release, lambda view: pages.draw_search_page(view, wanted)
        )

    @router.get("/site.css")
    async def style(request: Request) -> Response:
        etag = make_etag(views.code, "text/css")
        if is_cached_by_client(request, etag):
            return respond_not_modified(etag, pinned=False)
        headers = make_cache_headers(etag, pinned=False)
        return Response(pages.read_style_sheet(), headers=headers, media_type=CSS)


def add_evidence(router: APIRouter, views: ReleaseViews) -> None:
    """Add the pages of cells, sources and snapshots."""

    @router.get("/cell/{cell:path}")
    async def cell(
        request: Request, cell: str, release: Annotated[str | None, NAME] = None
    ) -> Response:
        return await views.respond_page(
            request, release, lambda view: pages.draw_cell_page(view, cell)
        )

    @router.get("/source/{source}")
    async def source(
        request: Request, source: str, release: Annotated[str | None, NAME] = None
    ) -> Response:
        looks = views.get(release).looks(source)
        # The log of fetches grows while the release stays, and the page shows it.
        salt = f".{len(looks)}" if looks else ""
        return await views.respond_page(
            request, release, lambda view: pages.draw_source_page(view, source), salt
        )

    @router.get("/snapshot/{snapshot}")
    async def snapshot(
        request: Request,
        snapshot: str,
        part: Annotated[int, Query(ge=0, le=10_000_000), Whole] = 0,
        release: Annotated[str | None, NAME] = None,
    ) -> Response:
        return await views.respond_page(
            request,
            release,
            lambda view: pages.draw_snapshot_page(view, snapshot, part),
        )
