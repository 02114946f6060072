"""The routes of rulings: the list, the session, the form with its preview."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pipeline.core.errors import PayproofError
from pipeline.core.vocabulary import open_vocabulary
from pipeline.review.propose import (
    RulingProposal,
    check_proposal,
    default_expiry,
    record_ruling,
)
from pipeline.review.ruling_preview import RulingPreview, preview_changes
from pipeline.rulings import Ruling, load_rulings, needs_expiry
from pipeline.serve.page_routes import TEXT, ReleaseViews
from pipeline.serve.problem_details import Problem
from pipeline.serve.review_routes import describe_error, respond_html
from pipeline.serve.sessions import FORM_FIELD, Session, SessionStore
from pipeline.serve.work_queue import ServerWork
from pipeline.site.pages import draw_enter_page, draw_ruling_page, draw_rulings_page

MAX_FORM_BYTES = 20_000  # bytes; a reason is a sentence
ENTER, LEAVE, RULING = "/enter", "/leave", "/ruling"
# Fields of the form, in the order of the fields of `RulingProposal`.
FIELDS = ("action", "target", "value", "reason", "author", "expires", "expect")


def make_ruling_list_router(views: ReleaseViews, *, writes: bool) -> APIRouter:
    """Make the router of the list of rulings, which anybody may read."""
    router = APIRouter(include_in_schema=False)

    @router.get("/rulings")
    async def rulings(recorded: Annotated[str, TEXT] = "") -> Response:
        def draw() -> bytes:
            # The file is read anew: what was just recorded is not in the vocabulary
            # that the server started with.
            rows = load_rulings(open_vocabulary(views.open_releases.home.vocabularies))
            return draw_rulings_page(views.get(None), rows, recorded, writes=writes)

        return respond_html(await views.work.draws.run(draw))

    return router


def make_ruling_router(views: ReleaseViews, sessions: SessionStore) -> APIRouter:
    """Make the router of sessions and of the form for a ruling."""
    router = APIRouter(include_in_schema=False)
    add_session_routes(router, views, sessions)
    add_blank_form(router, views, sessions)
    add_sent_form(router, views, sessions)
    return router


def add_session_routes(
    router: APIRouter, views: ReleaseViews, sessions: SessionStore
) -> None:
    """Add `/enter`, which opens a session for a token, and `/leave`, which ends it."""

    @router.get(ENTER)
    async def ask() -> Response:
        return respond_html(draw_enter_page(views.get(None)))

    @router.post(ENTER)
    async def enter(request: Request) -> Response:
        form = await read_form(request, views.work)
        # 303: the browser goes on by GET, and reloading does not send the form again.
        onwards = RedirectResponse("/conflicts", 303)
        try:
            if sessions.open_session(request, form.get("token", "").strip(), onwards):
                return onwards
        except Problem as error:
            return respond_html(
                draw_enter_page(views.get(None), error.detail), error.status
            )
        problem = "That is not the token that `payproof serve --write` printed."
        return respond_html(draw_enter_page(views.get(None), problem), 403)

    @router.post(LEAVE)
    async def leave(request: Request) -> Response:
        sessions.check_form(request, await read_form(request, views.work), LEAVE)
        sessions.end_session(request)
        return RedirectResponse("/", 303)


def add_blank_form(
    router: APIRouter, views: ReleaseViews, sessions: SessionStore
) -> None:
    """Add `GET /ruling`: the form, with what the link to it fills in."""

    @router.get(RULING)
    async def ask(
        request: Request,
        action: Annotated[str, TEXT] = "accept",
        target: Annotated[str, TEXT] = "",
        value: Annotated[str, TEXT] = "",
    ) -> Response:
        session = sessions.get(request)
        if session is None:
            return RedirectResponse(ENTER, 303)
        expires = default_expiry() if needs_expiry(action) else ""
        blank = RulingProposal(action, target, value, "", session.author, expires, "")
        return respond_html(
            await views.work.draws.run(draw_ruling_form, views, session, blank)
        )


def add_sent_form(
    router: APIRouter, views: ReleaseViews, sessions: SessionStore
) -> None:
    """Add `POST /ruling`: a preview of what is sent, then its record."""
    work = views.work

    @router.post(RULING)
    async def send(request: Request) -> Response:
        form = await read_form(request, work)
        session = sessions.check_form(request, form, RULING)
        wish = RulingProposal(*(form.get(name, "").strip() for name in FIELDS))
        # Filled in for the next ruling of the session.
        session.author = wish.author[:200]
        # The signature is over every field: what was changed after the preview is
        # previewed again, and not recorded.
        seen = session.has_signed(form.get("seen", ""), "seen", *vars(wish).values())
        try:
            if seen and form.get("step") == "record":
                home = views.open_releases.home
                ruling = await work.checks.run(record_ruling, home, wish)
                return RedirectResponse(f"/rulings?recorded={ruling.id}", 303)
            # A preview settles cells anew: as much work as a check.
            preview = await work.checks.run(preview_ruling, views, wish)
        except PayproofError as error:
            status, words = describe_error(error)
            return respond_html(
                draw_ruling_form(views, session, wish, problem=words), status
            )
        return respond_html(
            await work.draws.run(draw_ruling_form, views, session, wish, preview)
        )


def preview_ruling(
    views: ReleaseViews, wish: RulingProposal
) -> tuple[Ruling, RulingPreview]:
    """Return a ruling as it would be recorded, and what it would change.

    Raises:
        PayproofError: It could not be recorded.
    """
    # Vocabularies are opened anew: another ruling may have been recorded meanwhile.
    home = views.open_releases.home
    before, ruling = check_proposal(home, wish)
    vocabulary = open_vocabulary(home.vocabularies)
    return ruling, preview_changes(home, before, ruling, vocabulary)


def draw_ruling_form(
    views: ReleaseViews,
    session: Session,
    wish: RulingProposal,
    preview: tuple[Ruling, RulingPreview] | None = None,
    *,
    problem: str = "",
) -> bytes:
    """Draw the form of a ruling, with its preview once there is one.

    Args:
        views: The releases of a home.
        session: Signs the form.
        wish: What is filled in.
        preview: Of `preview_ruling`.
        problem: Why it cannot be recorded.
    """
    ruling, would = preview or (None, None)
    words = {
        "form": session.sign(FORM_FIELD, RULING),
        "leaving": session.sign(FORM_FIELD, LEAVE),
        "seen": session.sign("seen", *vars(wish).values()) if would else "",
    }
    return draw_ruling_page(
        views.get(None), vars(wish), words, problem=problem,
        ruling=vars(ruling) if ruling else None, would=vars(would) if would else None,
    )  # fmt: skip


async def read_form(request: Request, work: ServerWork) -> dict[str, str]:
    """Read the fields of a form.

    Raises:
        Problem: It is too long (413), of another kind (415), or no form (400).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(415, "Send application/x-www-form-urlencoded.")
    try:
        async with work.hold_body(request, MAX_FORM_BYTES) as body:
            pairs = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, strict_parsing=True,
                errors="strict", max_num_fields=20,
            )  # fmt: skip
    except ValueError as error:
        raise Problem(400, "It is no form.") from error
    return dict(pairs)
