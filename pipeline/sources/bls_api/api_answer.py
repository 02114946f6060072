"""Turn an answer of the BLS API into claims: series ids, values and footnotes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.core import tables
from pipeline.core.errors import Damaged, Refused, UnknownLabel
from pipeline.core.model import Snapshot
from pipeline.core.unread_places import report_unread
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared import oews_cells, publisher_page
from pipeline.sources.shared.possible_claims import refuse_impossible_claims
from schemas import Claims, DataFrame

# `OEUN000000000000029207213`: area type and code, industry, occupation, data type.
# Layout: https://www.bls.gov/help/hlpforma.htm#OE
SERIES = re.compile(
    r"OEU(?P<kind>[NSM])(?P<area>\d{7})(?P<industry>[0-9A-Z-]{6})"
    r"(?P<occupation>\d{6})(?P<datatype>\d{2})"
)
# `/Results/series/0/data/1/footnotes/0/code`: the answer's JSON as pointers.
FIELD = re.compile(r"/Results/series/(?P<series>\d+)/(?P<rest>.+)")
DATUM = re.compile(r"data/(?P<datum>\d+)/(?P<field>\w+(?:/\d+/\w+)?)")
NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,4})?")
DONE = "REQUEST_SUCCEEDED"
# The API answers a used-up quota with status 200 and a message of its own.
QUOTA = re.compile(r"threshold|quota|daily", re.IGNORECASE)
GONE = re.compile(r"Series does not exist for Series (\S+)", re.IGNORECASE)
# Period of a yearly figure, sign for no figure, and the code of all industries.
ANNUAL, MISSING, ALL = "A01", "-", "000000"
MODULE_FILE = "pipeline/sources/bls_api/api_answer.py"


@dataclass(frozen=True)
class OewsSeries:
    """A series id and what its parts are."""

    series: str
    kind: str
    area: str
    industry: str
    occupation: str
    datatype: str

    @property
    def soc(self) -> str:
        """SOC code with its dash: `29-2072`."""
        return f"{self.occupation[:2]}-{self.occupation[2:]}"

    @property
    def area_code(self) -> str:
        """Code as in areas.csv: US, FIPS, CBSA, or the survey's own seven digits."""
        if self.kind == "N":
            return "US"
        if self.kind == "S":
            return self.area[:2]
        # `0041940` is CBSA 41940; a nonmetropolitan area is `0600007`, with its state
        # in front, and keeps all seven digits.
        return self.area.removeprefix("00")


@dataclass(frozen=True)
class ApiValue:
    """One value of a series, with its place (a JSON pointer) and its footnotes."""

    series: str
    pointer: str
    quote: str
    year: str
    period: str
    notes: tuple[tuple[str, str], ...]


def parse_series_id(series: str, where: str) -> OewsSeries:
    """Parse a series id into its parts.

    Raises:
        UnknownLabel: It is none of the OEWS: 25 characters, `OEUN…`.
    """
    found = SERIES.fullmatch(series)
    if not found:
        raise UnknownLabel(where, [series], MODULE_FILE)
    return OewsSeries(series, *found.groups())


def read_answer_claims(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return every value of an answer as a claim.

    Raises:
        Refused: The quota of the day is used up.
        Damaged: Another failure; another year; no value at all.
        UnknownLabel: A series, code or footnote without a meaning.
    """
    from pipeline.read.json.json_file import read_scalars

    where = publisher_page.describe_snapshot(snapshot)
    found = {
        s.pointer: str(s.raw) for s in read_scalars(snapshot.read_body(), where=where)
    }
    _check_status(found, snapshot, where)
    gone = _list_missing_series(found)
    values = list(_find_values(found))
    if not values:
        raise _explain_empty_answer(gone, where)
    _check_dates(values, snapshot, where)
    words = _ApiCodes.load(vocabulary, where)
    rows = list(_make_claim_rows(values, snapshot, words))
    for name, pointer in gone.items():
        report_unread(pointer, name, "not read: the API knows no such series")
    with refuse_impossible_claims(where, "pipeline/sources/bls_api"):
        return tables.make_claims(rows)


def _list_missing_series(found: dict[str, str]) -> dict[str, str]:
    """Return the series that the answer says there are none of, with the pointer."""
    return {
        name.rstrip("."): at
        for at, text in found.items()
        if at.startswith("/message")
        for name in GONE.findall(text)
    }


def _explain_empty_answer(gone: Iterable[str], where: str) -> Damaged:
    """Make the error for an answer without any value."""
    if names := ", ".join(gone):
        why = f"the API knows no such series: {names[:200]}"
        return Damaged(where, why, "Ask it for series that it has.")
    why = "it has no value: the API serves the current release of the OEWS alone"
    remedy = "Ask it for the year of that release, the edition of bls_api.toml."
    return Damaged(where, why, remedy)


def _make_claim_rows(
    values: Sequence[ApiValue], snapshot: Snapshot, words: "_ApiCodes"
) -> Iterator[dict[str, Any]]:
    """Yield a claim for each value; report those of series that are not known.

    Raises:
        UnknownLabel: All of them are of such series; that of the first.
    """
    first: UnknownLabel | None = None
    made = 0
    for value in values:
        try:
            series = parse_series_id(value.series, words.where)
            about = _describe_series(series, words)
        except UnknownLabel as error:
            first = first or error
            why = "not read: a series of no wage, employment or area that is known"
            report_unread(value.pointer, value.series, why)
            continue
        made += 1
        yield _make_claim_row(value, about, snapshot, words)
    if first is not None and not made:
        raise first


def _check_status(found: dict[str, str], snapshot: Snapshot, where: str) -> None:
    """Raise where the answer is a failure.

    Raises:
        Refused: The quota of the day is used up.
        Damaged: Another failure.
    """
    messages = [text for at, text in found.items() if at.startswith("/message")]
    status, message = found.get("/status", "no status"), "; ".join(messages)[:300]
    if status != DONE:
        if QUOTA.search(message):
            why = f"the quota of the day is used up: {message!r}; a key, free by "
            why += "e-mail and set as PAYPROOF_BLS_KEY, raises it"
            # 429: as servers say it that use HTTP's status; no 403, which would count
            # as the publisher's refusal of us.
            raise Refused(snapshot.source, snapshot.url, 429, why)
        why = f"the API answers {status}: {(message or 'nothing else').rstrip('.')}"
        raise Damaged(where, why, "Ask it again later; nothing was changed.")


def _find_values(found: dict[str, str]) -> Iterator[ApiValue]:
    """Yield the values of all series, in the order of the answer."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    names: dict[str, str] = {}
    for pointer, raw in found.items():
        field = FIELD.fullmatch(pointer)
        if field and field["rest"] == "seriesID":
            names[field["series"]] = raw
        elif field and (datum := DATUM.fullmatch(field["rest"])):
            key = (field["series"], datum["datum"])
            groups.setdefault(key, {})[datum["field"]] = raw
    for (series, number), fields in groups.items():
        numbers = sorted({at.split("/")[1] for at in fields if "footnotes/" in at})
        yield ApiValue(
            names.get(series, "no series"),
            f"/Results/series/{series}/data/{number}/value",
            fields.get("value", ""),
            fields.get("year", ""),
            fields.get("period", ""),
            tuple(
                (
                    fields.get(f"footnotes/{note}/code", ""),
                    fields.get(f"footnotes/{note}/text", ""),
                )
                for note in numbers
            ),
        )


@dataclass(frozen=True)
class _ApiCodes:
    """What codes mean, from the vocabularies.

    Args:
        where: For messages.
        measures: By data type.
        notes: Availability by footnote; None for a note that changes nothing.
        areas: Name and level by code.
        titles: Occupation by SOC code.
    """

    where: str
    vocabulary: Vocabulary
    measures: dict[str, dict[str, Any]]
    notes: dict[str, str | None]
    areas: dict[str, tuple[str, str]]
    titles: dict[str, str]

    @classmethod
    def load(cls, vocabulary: Vocabulary, where: str) -> "_ApiCodes":
        """Read the vocabularies once for all values of an answer."""
        measures = oews_cells.load_measures(vocabulary).drop_nulls("datatype")
        notes = vocabulary.read_table("oews_footnotes", "code", "availability")
        areas = vocabulary.read_table("areas", "code", "name", "level")
        titles = vocabulary.read_table("occupations", "soc", "title")
        return cls(
            where,
            vocabulary,
            {row["datatype"]: row for row in measures.iter_rows(named=True)},
            dict(notes.select("code", "availability").iter_rows()),
            {c: (n, v) for c, n, v in areas.select("code", "name", "level").rows()},
            dict(titles.select("soc", "title").iter_rows()),
        )

    def look_up(self, table: dict[str, Any], key: str, file: str) -> Any:
        """Return a code's meaning.

        Raises:
            UnknownLabel: It has none; the file that should have it is named.
        """
        if key not in table:
            raise UnknownLabel(self.where, [key], f"vocabularies/{file}.csv")
        return table[key]


def _describe_series(series: OewsSeries, words: _ApiCodes) -> dict[str, Any]:
    """Return claim fields of what a series is about, by the parts of its id.

    Raises:
        UnknownLabel: A part without a meaning; the file that should have it is named.
    """
    measure = words.look_up(words.measures, series.datatype, "oews_measures")
    name, level = words.look_up(words.areas, series.area_code, "areas")
    titles = words.look_up(words.titles, series.soc, "occupations")
    kept = ("kind", "measure", "period", "statistic", "pay_basis", "currency")
    return {
        "soc": series.soc,
        "occupation": titles,
        "area": "US" if level == "national" else name,
        "area_code": series.area_code,
        "area_level": level,
        "industry": None if series.industry == ALL else series.industry,
        **{field: measure[field] for field in kept},
    }


def _make_claim_row(
    value: ApiValue, about: dict[str, Any], snapshot: Snapshot, words: _ApiCodes
) -> dict[str, Any]:
    """Return one claim."""
    return about | {
        "source": snapshot.source,
        "snapshot": snapshot.id,
        "locator": value.pointer,
        "quote": value.quote,
        "structure": "api",
        "reference_period": f"{value.year}-05",
        **_read_amount(value, str(about["period"]), words),
    }


def _check_dates(values: Sequence[ApiValue], snapshot: Snapshot, where: str) -> None:
    """Check that values are of years, the newest of the May of the edition.

    Raises:
        Damaged: They are of another year or period.
    """
    newest = max(values, key=lambda value: value.year)
    odd = next((v for v in values if v.period != ANNUAL), newest)
    month, edition = f"{newest.year}-05", snapshot.edition
    if odd.period != ANNUAL or (edition[5:] == "05" and month != edition):
        why = f"it is of {odd.year} {odd.period}, the snapshot's edition {edition}"
        raise Damaged(where, why, f"Keep it with `--edition {month}`.")


def _read_amount(value: ApiValue, period: str, words: _ApiCodes) -> dict[str, Any]:
    """Return claim fields of a number, a top code, or the reason why there is none.

    Raises:
        UnknownLabel: A dash whose footnotes do not give one reason, a number whose
            footnotes do, or a footnote that is not known.
    """
    top = oews_cells.find_top_code(words.vocabulary, int(value.year))
    reasons = set()
    for code, text in value.notes:
        if code:  # a value without notes has one that is empty
            oews_cells.check_top_code(text, top, words.where)
            reasons.add(words.look_up(words.notes, code, "oews_footnotes"))
    reasons -= {None}
    if NUMBER.fullmatch(value.quote) and not reasons:
        cents = Decimal(value.quote).quantize(Decimal("0.01"))
        return {"value": cents, "availability": "published"}
    if value.quote != MISSING or len(reasons) != 1:
        codes = ", ".join(code for code, _ in value.notes if code) or "no footnote"
        label = f"{value.quote or 'nothing'} with {codes}"
        raise UnknownLabel(words.where, [label], "vocabularies/oews_footnotes.csv")
    (reason,) = reasons
    if reason == "top_coded" and top is not None:
        low = top.hourly if period == "hour" else top.annual
        return {"low": low, "availability": reason}
    return {"availability": reason}
