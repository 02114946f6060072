"""The analyst's desk: what to look at first, and a page checked in the browser."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.core.errors import PayproofError
from pipeline.query.as_json import check_to_json
from pipeline.query.release_db import Row
from pipeline.review.review_queue import rank_by_impact
from pipeline.serve.documents import bounded
from pipeline.serve.forms import headers, known, not_modified, tag
from pipeline.serve.pages import HTML, NAME, TEXT, Books
from pipeline.serve.problems import Problem, status_of
from pipeline.site import pages
from pipeline.site.pages import QueueFilter, SentPage

# The policy of the other pages, and one script of our own: keys that move the focus.
KEYS = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
UNKEPT = {"Cache-Control": "no-store"}
MULTIPART = 4096  # bytes of the form around the page
KINDS = (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt")


def router(books: Books, *, writes: bool) -> APIRouter:
    """The queue and the check.

    Args:
        books: The releases of a home.
        writes: Rulings may be recorded here.
    """
    made = APIRouter(include_in_schema=False)
    add_queue(made, books, writes=writes)
    add_check(made, books)
    return made


def add_queue(made: APIRouter, books: Books, *, writes: bool) -> None:
    """Conflicts by impact."""

    @made.get("/conflicts")
    async def conflicts(
        request: Request,
        kind: Annotated[str, Query(alias="type", max_length=60)] = "",
        severity: Annotated[int, Query(ge=1, le=3)] = 1,
        source: Annotated[str, TEXT] = "",
        occupation: Annotated[str, Query(max_length=10)] = "",
        state: Literal["undecided", "accepted", "any"] = "undecided",
        after: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        release: Annotated[str | None, NAME] = None,
    ) -> Response:
        wanted = QueueFilter(kind, severity, source, occupation, state, after)
        salt = ".writes" if writes else ""

        def draw(book: pages.ReleaseView) -> bytes:
            return pages.draw_queue_page(
                book, queue(books, book), wanted, writes=writes
            )

        answer = await books.page(request, release, draw, salt)
        answer.headers["content-security-policy"] = KEYS
        return answer

    @made.get("/desk.js")
    async def script(request: Request) -> Response:
        etag = tag(books.code, "text/javascript")
        if known(request, etag):
            return not_modified(etag, pinned=False)
        said = headers(etag, pinned=False)
        return Response(pages.read_script(), headers=said, media_type="text/javascript")


def queue(books: Books, book: pages.ReleaseView) -> list[Row]:
    """Every conflict of a release, those first that would change most."""

    def made() -> list[Row]:
        release, _ = books.shelves.get(book.release, None)
        table = release.scan_table("discrepancies").collect()
        return rank_by_impact(release, table).rows(named=True)

    rows: list[Row] = book.get_or_make("queue", made)
    return rows


def add_check(made: APIRouter, books: Books) -> None:
    """A page that is pasted or sent as a file."""
    limit = int(books.vocabulary.read_number("limits", "check_bytes"))
    one_at_a_time = asyncio.Semaphore(1)  # a page costs a second of a processor

    @made.get("/check")
    async def ask() -> Response:
        return html(
            await run_in_threadpool(pages.draw_check_form, books.get(None), limit)
        )

    @made.post("/check")
    async def answer(request: Request) -> Response:
        book = books.get(None)
        try:
            body, name = await sent(request, limit)
            async with one_at_a_time:
                found = await run_in_threadpool(judged, books, body, name)
                return html(await run_in_threadpool(
                    pages.draw_checked_page, book, found, limit))  # fmt: skip
        except (Problem, HTTPException, PayproofError) as error:
            status, said = told(error)
            return html(pages.draw_check_form(book, limit, said), status)


async def sent(request: Request, limit: int) -> tuple[bytes, str]:
    """The page in a form, and what it is called.

    Raises:
        Problem: Too long, or nothing was pasted or chosen.
    """
    body = await bounded(request, limit + MULTIPART)

    async def again() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    form = await Request(request.scope, again).form(
        max_files=1, max_fields=4, max_part_size=limit + MULTIPART
    )
    pasted, file = form.get("pasted"), form.get("file")
    if isinstance(pasted, str) and pasted.strip():
        return pasted.encode(), "pasted.md" if not marked_up(pasted) else "pasted.html"
    if isinstance(file, UploadFile) and file.filename:
        ending = Path(file.filename).suffix.lower()
        if ending not in KINDS:
            raise Problem(415, f"A file of one of these kinds: {', '.join(KINDS)}.")
        return await file.read(), f"page{ending}"
    raise Problem(400, "Paste a page, or choose a file.")


def told(error: Problem | HTTPException | PayproofError) -> tuple[int, str]:
    """Status and words of what went wrong."""
    if isinstance(error, Problem):
        return error.status, error.detail
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    status = status_of(error)
    return 422 if status == 500 else status, str(error)


def marked_up(text: str) -> bool:
    """What was pasted is the source of a page rather than its words."""
    return text.lstrip()[:1] == "<"


def judged(books: Books, body: bytes, name: str) -> SentPage:
    """The verdicts on a page, its text, and its claims."""
    from pipeline.query.check import check, extract_page

    release, _ = books.shelves.latest()
    page = extract_page(body, Path(name), books.vocabulary)
    found = check(page, release, books.vocabulary)
    return SentPage(check_to_json(found), page.document, page.claims.rows(named=True))


def html(body: bytes, status: int = 200) -> Response:
    """A page that nobody keeps."""
    return Response(body, status, UNKEPT, media_type=HTML)
