"""A page's bytes to what it says: the same page drawn twice has one canonical form.

Clocks, tokens, counters, adverts and the frame around the page are left out; what
figures are read from stays. An answer in JSON is its fields without those of the
moment. Other files are what their bytes are.
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
    """64 hex digits: equal for two drawings of a page that say the same.

    A page that cannot be read is what its bytes are.
    """
    if media_type not in (*PAGES, media.JSON):
        return hashlib.sha256(body).hexdigest()
    try:
        if media_type == media.JSON:
            said = list_answer_fields(read_scalars(body, where="answer"), vocabulary)
        else:
            said = list_document_lines(read(body, media_type, where="page"), vocabulary)
    except PayproofError:
        return hashlib.sha256(body).hexdigest()
    found = hashlib.sha256()
    for line in said:
        found.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return found.hexdigest()


def list_document_lines(document: Document, vocabulary: Vocabulary) -> Iterator[str]:
    """What a page says, a line for each block and each datum that stays."""
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
    """What a program's answer says: its fields, but for those of the moment."""
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
    """Form and pattern of each row of volatile.csv."""
    return vocabulary.read_table("volatile", "form", "pattern").select(
        "form", "pattern"
    ).iter_rows()  # fmt: skip


@cache
def compile_patterns(rows: tuple[tuple[str, str], ...]) -> dict[str, re.Pattern[str]]:
    """One pattern for each form, of all its rows."""
    by_form: dict[str, list[str]] = {form: [] for form in FORMS}
    for form, pattern in rows:
        by_form[form].append(pattern)
    return {form: re.compile(_join_patterns(found)) for form, found in by_form.items()}


def _join_patterns(found: list[str]) -> str:
    """One pattern that matches what any of them does; none matches nothing."""
    ignoring = [p.removeprefix("(?i)") for p in found]
    flag = "(?i)" if ignoring != found else ""
    return flag + ("|".join(f"(?:{p})" for p in ignoring) or "(?!)")
