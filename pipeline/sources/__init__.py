"""One module per publication: its facts as `SOURCE`, and `parse`.

`parse(snapshot, vocabulary)` turns a stored snapshot into Claims. A module knows its
publisher's layout and nothing of the other publishers; it is imported when it is
first asked for.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType

from pipeline.core.errors import NotFound
from pipeline.core.model import Source

IDS = (
    "aapc_survey",
    "ahima",
    "article",
    "bls_api",
    "bls_oews",
    "bls_ooh",
    "bls_projections",
    "dol_oflc",
    "glassdoor",
    "indeed",
    "job_postings",
    "onet_titles",
    "payscale",
    "salary_com",
    "ziprecruiter",
)


class _SourceRegister(Mapping[str, Source]):
    """Id to facts, for every id; a module is imported when its facts are read."""

    def __getitem__(self, source_id: str) -> Source:
        if source_id not in IDS:
            raise KeyError(source_id)
        facts: Source = import_source(source_id).SOURCE
        return facts

    def __contains__(self, source_id: object) -> bool:
        return source_id in IDS

    def __iter__(self) -> Iterator[str]:
        return iter(IDS)

    def __len__(self) -> int:
        return len(IDS)


SOURCES: Mapping[str, Source] = _SourceRegister()


def import_source(source_id: str) -> ModuleType:
    """The module of a source, which holds `SOURCE` and `parse`.

    Raises:
        NotFound: There is no such source; the ones there are get listed.
    """
    if source_id not in IDS:
        known = ", ".join(IDS)
        raise NotFound(
            "Source", source_id, f"Known: {known}. A new one is described in "
            "docs/add-a-source.md."
        )  # fmt: skip
    return import_module(f"pipeline.sources.{source_id}")
