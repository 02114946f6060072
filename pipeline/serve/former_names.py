"""Translates former names of columns in requests, and adds them to answers.

That is for one version of the tables, with a notice (docs/use-the-data.md). What is
asked for under a former name is put under today's before anything else reads the
request; rows in JSON have the former name beside today's. The names are those of
`schemas.former`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.serve.problem_details import Problem, respond_problem
from pipeline.serve.response_formats import JSON
from schemas.former import (
    DATED,
    GONE_IN,
    RENAMED,
    SINCE_DAY,
    UNKNOWN_YEAR,
    YEAR,
    YEAR_KNOWN,
)

PREFIX = "/api/v1/"
UNKNOWN = (YEAR, UNKNOWN_YEAR)  # how a year that nobody says was asked for
TABLES = frozenset({*RENAMED, *DATED})  # those with former names
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Translated:
    """A request under today's names.

    Args:
        pairs: Names and values of its query, in their order.
        used: Former names in it, each once; `year=?` is one.
        fields: Former names among its `fields`.
        undated: Rows without a year are wanted beside those of the years named.
        query: As it came, which links to other pages repeat.
    """

    pairs: Pairs
    used: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    undated: bool = False
    query: str = ""

    def widen_filters(self, equal: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the filters of a request, with rows of no year where they are wanted.

        Args:
            equal: Column to the values that it may have.
        """
        more = {YEAR: [*equal[YEAR], None]} if self.undated and YEAR in equal else {}
        return {**equal, **more}


class FormerNames:
    """ASGI middleware that puts requests to tables under today's names."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Translate the query of a request to a table, and let the rest pass."""
        table = str(scope.get("path", "")).removeprefix(PREFIX)
        if scope["type"] == "http" and table in TABLES:
            # Latin-1 has a character for every byte, so that no query breaks here.
            text = scope.get("query_string", b"").decode("latin-1")
            try:
                found = translate_query(table, parse_qsl(text, keep_blank_values=True))
            except Problem as problem:
                # The handlers of errors are further inside, and do not see this one.
                refusal = respond_problem(problem.status, problem.detail)
                await refusal(scope, receive, send)
                return
            if found.used:
                query = urlencode(found.pairs).encode("ascii")
                found = replace(found, query=text)
                state = {**scope.get("state", {}), "former": found}
                scope = {**scope, "query_string": query, "state": state}
        await self.app(scope, receive, send)


def translate_query(table: str, pairs: Pairs) -> Translated:
    """Put a query under today's names.

    A year that nobody says is asked for by its flag; beside other years it is left
    out, and `Translated.undated` says so.

    Raises:
        Problem: A filter is asked for under its former name and under today's.
    """
    refuse_both_names(table, pairs)
    names = RENAMED.get(table, {})
    years = {pair for pair in pairs if pair[0] == YEAR} if table in DATED else set()
    # `is_year_known=false` beside `year=2023` would be both at once, which no row is.
    alone, beside = years == {UNKNOWN}, UNKNOWN in years and len(years) > 1
    used: dict[str, None] = {}
    fields: dict[str, None] = {}
    made: Pairs = []
    for name, value in pairs:
        if name in names:
            used[name] = None
            made.append((names[name], value))
        elif name == "fields":
            parts = value.split(",")
            fields |= dict.fromkeys(part for part in parts if part in names)
            made.append((name, ",".join(names.get(part, part) for part in parts)))
        elif UNKNOWN in years and (name, value) == UNKNOWN:
            used["=".join(UNKNOWN)] = None
            made += [(YEAR_KNOWN, "false")] if alone else []
        else:
            made.append((name, value))
    return Translated(made, tuple({**used, **fields}), tuple(fields), beside)


def refuse_both_names(table: str, pairs: Pairs) -> None:
    """Refuse a filter that is asked for under its former name and under today's.

    Translated they would be values of one filter, and widen what each was to narrow.

    Raises:
        Problem: There is one.
    """
    asked = {name for name, _ in pairs}
    both = [(c, n) for c, n in RENAMED.get(table, {}).items() if {c, n} <= asked]
    if table in DATED and UNKNOWN in pairs and YEAR_KNOWN in asked:
        both.append(("=".join(UNKNOWN), YEAR_KNOWN))
    for former, today in both:
        raise Problem(409, f"{former}: it asks what `{today}` asks; give only one.")


def find_translation(request: Request) -> Translated:
    """Return what was translated of a request; empty where it has today's names."""
    found = request.scope.get("state", {}).get("former")
    return found if isinstance(found, Translated) else Translated([])


def link_onwards(request: Request, cursor: str) -> str:
    """Return the path and query of the next page, under the names of this request."""
    asked = find_translation(request)
    url = request.url.replace(query=asked.query) if asked.used else request.url
    url = url.include_query_params(cursor=cursor)
    return f"{url.path}?{url.query}"


def name_beside(
    table: str, fields: Iterable[str], asked: Translated, form: str
) -> dict[str, str]:
    """Choose the former names that an answer has beside today's.

    Args:
        table: Name of the table.
        fields: Columns of the answer, under today's names.
        asked: What was translated of the request.
        form: Media type: JSON has every former name, the others what was asked for.

    Returns:
        Former name to today's.
    """
    there = set(fields)
    names = {c: n for c, n in RENAMED.get(table, {}).items() if n in there}
    if form == JSON:
        return names
    return {c: n for c, n in names.items() if c in asked.fields}


def add_former(
    rows: Iterable[Mapping[str, Any]], beside: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the rows with the former names beside today's, after all others.

    Args:
        rows: Under today's names.
        beside: Former name to today's.
    """
    return [{**row, **{c: row[n] for c, n in beside.items()}} for row in rows]


def add_to_explanation(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """Return an explained cell with the former names in its rows, and `notices`."""
    (cell,) = add_former([explanation["cell"]], RENAMED["salaries"])
    figures = add_former(explanation["figures"], RENAMED["provenance"])
    names = [c for table in ("provenance", "salaries") for c in RENAMED[table]]
    return {
        **explanation,
        "cell": cell,
        "figures": figures,
        "notices": write_notices(names),
    }


def write_notices(names: Iterable[str]) -> list[str]:
    """Write one sentence for each former name: what it is today, and its end."""
    today = {c: n for names in RENAMED.values() for c, n in names.items()}
    today["=".join(UNKNOWN)] = f"{YEAR_KNOWN}=false"
    end = f"version {GONE_IN} of the tables no longer answers it"
    return [f"`{name}` is now `{today[name]}`; {end}." for name in dict.fromkeys(names)]


def mark_deprecated(asked: Translated) -> dict[str, str]:
    """Return the headers of an answer to a request under former names (RFC 9745)."""
    if not asked.used:
        return {}
    # The value is a date of structured fields (RFC 9651): `@` and seconds of Unix time.
    since = datetime.fromisoformat(SINCE_DAY).replace(tzinfo=UTC)
    return {"Deprecation": f"@{int(since.timestamp())}"}


def describe_columns(
    table: str, columns: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Describe a table's former names for OpenAPI, from today's columns."""
    return {
        c: {**columns[n], "description": f"Now `{n}`.", "deprecated": True}
        for c, n in RENAMED.get(table, {}).items()
    }


def describe_filters(
    table: str, filters: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Describe the filters by former names for OpenAPI, from today's parameters."""
    names = {n: c for c, n in RENAMED.get(table, {}).items()}
    return [
        {**one, "name": names[one["name"]], "deprecated": True,
         "description": f"Now `{one['name']}`."}
        for one in filters if one["name"] in names
    ]  # fmt: skip
