"""One module per publication: `parse`, with its facts in the `.toml` beside it.

`parse(snapshot, vocabulary)` turns a stored snapshot into Claims. A module knows its
publisher's layout and nothing of the other publishers; it is imported when it is
first asked for. A source is there when its file of facts is.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType

from pipeline.core.errors import NotFound
from pipeline.core.model import Source
from pipeline.core.source_facts import list_source_ids, read_source

IDS = list_source_ids()


class _SourceRegister(Mapping[str, Source]):
    """Map each id to its facts; a file is read when its source is first asked for."""

    def __getitem__(self, source_id: str) -> Source:
        if source_id not in IDS:
            raise KeyError(source_id)
        return read_source(source_id)

    def __contains__(self, source_id: object) -> bool:
        return source_id in IDS

    def __iter__(self) -> Iterator[str]:
        return iter(IDS)

    def __len__(self) -> int:
        return len(IDS)


SOURCES: Mapping[str, Source] = _SourceRegister()


def import_source(source_id: str) -> ModuleType:
    """Import and return the module of a source, which holds `SOURCE` and `parse`.

    Raises:
        NotFound: There is no such source; the message lists those that there are.
    """
    if source_id not in IDS:
        known = ", ".join(IDS)
        raise NotFound(
            "Source", source_id, f"Known: {known}. A new one is described in "
            "docs/add-a-source.md."
        )  # fmt: skip
    return import_module(f"pipeline.sources.{source_id}")
