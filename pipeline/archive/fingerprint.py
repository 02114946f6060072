"""Digest what a page says: equal for two servings of a page that say the same.

Clocks, tokens, counters, adverts and the frame around the page are left out; what
figures are read from stays. An answer in JSON is its fields without those that each
request changes. Of other files the bytes are hashed.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache

from pipeline.core import media
from pipeline.core.errors import PayproofError
from pipeline.core.model import Datum, Document
from pipeline.core.vocabulary import Vocabulary
from pipeline.read import read
from pipeline.read.json.json_file import read_scalars
from pipeline.read.json.json_scan import JsonScalar

PAGES = (media.HTML, "application/xhtml+xml")
FORMS = ("text", "key", "branch", "value")


def fingerprint_body(body: bytes, media_type: str, vocabulary: Vocabulary) -> str:
    """Return 64 hex digits: equal for two servings of a page that say the same.

    Of a page that cannot be read the bytes are hashed.
    """
    if media_type not in (*PAGES, media.JSON):
        return hashlib.sha256(body).hexdigest()
    try:
        if media_type == media.JSON:
            lines = list_answer_fields(read_scalars(body, where="answer"), vocabulary)
        else:
            document = read(body, media_type, where="page")
            lines = list_document_lines(document, vocabulary)
    except PayproofError:
        return hashlib.sha256(body).hexdigest()
    found = hashlib.sha256()
    for line in lines:
        # JSON may hold half of a surrogate pair (`\ud83d`), which UTF-8 has not.
        found.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return found.hexdigest()


def list_document_lines(document: Document, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield what a page says, a line for each block and each datum that stays.

    A cell's line has its table, row and column: figures that change places are a
    change.
    """
    volatile = compile_patterns(tuple(_read_patterns(vocabulary)))
    yield f"title\t{document.title}"
    yield f"url\t{document.url}\t{document.language}\t{document.published[:10]}"
    for block in document.blocks:
        if block.furniture is None:
            text = " ".join(document.text[block.start : block.end].split())
            place = f"{block.table}\t{block.row}\t{block.column}"
            yield f"{block.kind}\t{place}\t{volatile['text'].sub('', text).strip()}"
    for datum in document.data:
        if not _is_volatile(datum, volatile):
            yield f"{datum.pointer}\t{volatile['value'].sub('', datum.raw)}"


def list_answer_fields(
    found: Iterable[JsonScalar], vocabulary: Vocabulary
) -> Iterator[str]:
    """Yield a line for each field of an API's answer, without the volatile ones.

    The BLS API names how long it took (`responseTime`): every answer would be a change.
    """
    volatile = compile_patterns(tuple(_read_patterns(vocabulary)))
    for scalar in found:
        if not _is_volatile(scalar, volatile):
            yield f"{scalar.pointer}\t{scalar.raw}"


def _is_volatile(
    datum: Datum | JsonScalar, volatile: dict[str, re.Pattern[str]]
) -> bool:
    """Whether a datum's own key changes with each visit, or it is part of an advert."""
    *branches, key = datum.pointer.split("/")
    advert = volatile["branch"]
    return bool(volatile["key"].search(key)) or any(map(advert.search, branches))


def _read_patterns(vocabulary: Vocabulary) -> Iterable[tuple[str, str]]:
    """Read form and pattern of each row of volatile.csv."""
    return vocabulary.read_table("volatile", "form", "pattern").select(
        "form", "pattern"
    ).iter_rows()  # fmt: skip


@cache
def compile_patterns(rows: tuple[tuple[str, str], ...]) -> dict[str, re.Pattern[str]]:
    """Compile one pattern for each form, of all its rows."""
    by_form: dict[str, list[str]] = {form: [] for form in FORMS}
    for form, pattern in rows:
        by_form[form].append(pattern)
    return {form: re.compile(_join_patterns(found)) for form, found in by_form.items()}


def _join_patterns(found: list[str]) -> str:
    """Join patterns into one that matches what any does; of none, nothing."""
    # Python allows `(?i)` at the beginning of a whole pattern only. One row that has
    # it makes the joined pattern ignore case.
    ignoring = [p.removeprefix("(?i)") for p in found]
    flag = "(?i)" if ignoring != found else ""
    return flag + ("|".join(f"(?:{p})" for p in ignoring) or "(?!)")
