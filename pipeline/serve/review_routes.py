"""The routes of the review queue, and of the form that checks a page."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline.core.errors import PayproofError
from pipeline.query.as_json import check_to_json
from pipeline.query.release_db import Row
from pipeline.review.review_queue import rank_by_impact
from pipeline.serve.page_routes import HTML, NAME, TEXT, ReleaseViews
from pipeline.serve.problem_details import Problem, choose_status
from pipeline.serve.query_parameters import Whole
from pipeline.serve.response_formats import (
    is_cached_by_client,
    make_cache_headers,
    make_etag,
    respond_not_modified,
)
from pipeline.site import pages
from pipeline.site.pages import QueueFilter, SentPage

# The policy of the other pages, and one script of our own: keys that move the focus.
MAX_REVIEWS = 100  # shown in the browser
POLICY_WITH_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The page of somebody else, or a form of one session: no cache may keep it.
NO_STORE = {"Cache-Control": "no-store"}
MULTIPART_BYTES = 4096  # bytes of the form around the page
FILE_ENDINGS = (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt")


def make_review_router(views: ReleaseViews, *, writes: bool) -> APIRouter:
    """Make the router of the queue and the check.

    Args:
        views: The releases of a home.
        writes: Rulings may be recorded here: the queue links to their form.
    """
    router = APIRouter(include_in_schema=False)
    add_queue(router, views, writes=writes)
    add_check(router, views)
    return router


def add_queue(router: APIRouter, views: ReleaseViews, *, writes: bool) -> None:
    """Add `/conflicts`, by impact, and the script of its keys."""

    @router.get("/conflicts")
    async def conflicts(
        request: Request,
        kind: Annotated[str, Query(alias="type", max_length=60)] = "",
        severity: Annotated[int, Query(ge=1, le=3), Whole] = 1,
        source: Annotated[str, TEXT] = "",
        occupation: Annotated[str, Query(max_length=10)] = "",
        state: Literal["undecided", "accepted", "any"] = "undecided",
        after: Annotated[int, Query(ge=0, le=10_000_000), Whole] = 0,
        release: Annotated[str | None, NAME] = None,
    ) -> Response:
        wanted = QueueFilter(kind, severity, source, occupation, state, after)
        # The page has other links then: a restart with `--write` must not get 304.
        salt = ".writes" if writes else ""

        def draw(view: pages.ReleaseView) -> bytes:
            return pages.draw_queue_page(
                view, load_queue(views, view), wanted, writes=writes
            )

        answer = await views.respond_page(request, release, draw, salt)
        answer.headers["content-security-policy"] = POLICY_WITH_SCRIPT
        return answer

    @router.get("/desk.js")
    async def script(request: Request) -> Response:
        etag = make_etag(views.code, "text/javascript")
        if is_cached_by_client(request, etag):
            return respond_not_modified(etag, pinned=False)
        headers = make_cache_headers(etag, pinned=False)
        return Response(
            pages.read_script(), headers=headers, media_type="text/javascript"
        )


def load_queue(views: ReleaseViews, view: pages.ReleaseView) -> list[Row]:
    """Return every conflict of a release, those first that would change most.

    Ranked once for the release, for it reads the employment of every occupation.
    """

    def rank() -> list[Row]:
        release, _ = views.open_releases.get(view.release, None)
        table = release.scan_table("discrepancies").collect()
        return rank_by_impact(release, table).rows(named=True)

    rows: list[Row] = view.get_or_make("queue", rank)
    return rows


def add_check(router: APIRouter, views: ReleaseViews) -> None:
    """Add `/check`: the form, and its answer for what was pasted or sent as a file."""
    limit, work = int(views.vocabulary.read_number("limits", "check_bytes")), views.work

    @router.get("/check")
    async def ask() -> Response:
        return respond_html(
            await work.draws.run(pages.draw_check_form, views.get(None), limit)
        )

    @router.post("/check")
    async def answer(request: Request) -> Response:
        view = views.get(None)
        try:
            work.checks.check_room()
            async with work.hold_body(request, limit + MULTIPART_BYTES) as sent:
                body, name = await read_sent_page(request, sent, limit)
                found = await work.checks.run(judge_sent_page, views, body, name)
                page = await work.draws.run(pages.draw_checked_page, view, found, limit)
            return respond_html(page)
        except (Problem, HTTPException, PayproofError) as error:
            status, problem = describe_error(error)
            return respond_html(pages.draw_check_form(view, limit, problem), status)


async def read_sent_page(
    request: Request, body: bytes, limit: int
) -> tuple[bytes, str]:
    """Read the page in a form and the name that the reader goes by.

    Raises:
        Problem: A file of another kind, or nothing was pasted or chosen.
        HTTPException: It is no form, or has other parts than ours.
    """

    # Starlette reads a form from the connection, and has no limit of the whole: it gets
    # the body that was read within ours.
    async def again() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    form = await Request(request.scope, again).form(
        max_files=1, max_fields=4, max_part_size=limit + MULTIPART_BYTES
    )
    pasted, file = form.get("pasted"), form.get("file")
    if isinstance(pasted, str) and pasted.strip():
        return pasted.encode(), "pasted.md" if not is_markup(pasted) else "pasted.html"
    if isinstance(file, UploadFile) and file.filename:
        ending = Path(file.filename).suffix.lower()
        if ending not in FILE_ENDINGS:
            raise Problem(
                415, f"A file of one of these kinds: {', '.join(FILE_ENDINGS)}."
            )
        # Only the ending of the client's name is used: it may hold anything else.
        return await file.read(), f"page{ending}"
    raise Problem(400, "Paste a page, or choose a file.")


def describe_error(error: Problem | HTTPException | PayproofError) -> tuple[int, str]:
    """Return the status and the words of what went wrong with a form."""
    if isinstance(error, Problem):
        return error.status, error.detail
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    # Other errors of ours say what is wrong with what was sent: a page, or a ruling.
    status = choose_status(error)
    return 422 if status == 500 else status, str(error)


def is_markup(text: str) -> bool:
    """Return whether a pasted text is the HTML of a page rather than its words."""
    return text.lstrip()[:1] == "<"


def judge_sent_page(views: ReleaseViews, body: bytes, name: str) -> SentPage:
    """Check a page that was sent against the latest release.

    Args:
        views: The releases of a home.
        body: Bytes of the page.
        name: Its name, whose ending the reader goes by.

    Raises:
        PayproofError: There is no release, or the page cannot be read.
    """
    from pipeline.query.check import check, extract_page
    from pipeline.query.claim_review import make_claim_reviews
    from pipeline.query.letter import write_letter

    release, _ = views.open_releases.get_latest()
    page = extract_page(body, Path(name), views.vocabulary)
    found = check(page, release, views.vocabulary)
    answer = check_to_json(found)
    facts = {**answer["document"], "published": page.document.published[:10]}
    day = datetime.now(tz=UTC).date().isoformat()
    reviews = make_claim_reviews(found.findings, facts, day)
    # Whole reviews alone: `check --format claimreview` gives all of them.
    reviews["@graph"] = reviews["@graph"][:MAX_REVIEWS]
    return SentPage(
        answer,
        page.document,
        page.claims.rows(named=True),
        "\n".join(write_letter(found.findings, facts)) if found.wrong else "",
        json.dumps(reviews, ensure_ascii=False, indent=1) if reviews["@graph"] else "",
    )


def respond_html(body: bytes, status: int = 200) -> Response:
    """Return a page that no cache keeps."""
    return Response(body, status, NO_STORE, media_type=HTML)
