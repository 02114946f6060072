"""Say what differs between the inputs of a run and those of the last release.

A vocabulary or a card may have been changed by a person or by a fault of the disk; only
a person can tell, so that every run names them.
"""

from collections.abc import Iterator

from pipeline.core.vocabulary import Vocabulary
from pipeline.query.published import Release
from pipeline.release.inputs import Inputs

# What a card says that decides how its figures count.
TOLD = ("capture", "retrieved", "name", "url", "media_type")


def describe_changed_inputs(inputs: Inputs, last: Release | None) -> tuple[str, ...]:
    """Describe which words and cards are not those of a release, a sentence each.

    Args:
        inputs: Of the run.
        last: The release that is read; None before the first.
    """
    if last is None:
        return ()
    return (*_tell_damage(last), *_tell_words(inputs, last), *_tell_cards(inputs, last))


def list_other_words(last: Release, words: Vocabulary) -> list[str]:
    """List the files of words that a release had otherwise; [] where it names none."""
    then, now = last.manifest.get("vocabularies", {}), words.digest_files()
    there = {*then, *now} if then else ()
    return sorted(name for name in there if then.get(name) != now.get(name))


def _tell_damage(last: Release) -> Iterator[str]:
    """Yield what is wrong with the release itself, in one sentence."""
    if damage := last.find_damage():
        yield f"{damage[0]} What has changed since {last.name} cannot be listed."


def _tell_words(inputs: Inputs, last: Release) -> Iterator[str]:
    """Yield the vocabularies that are others, in one sentence."""
    if names := list_other_words(last, inputs.vocabulary):
        yield f"Other vocabularies than in {last.name}: {', '.join(names)}."


def _tell_cards(inputs: Inputs, last: Release) -> Iterator[str]:
    """Yield the cards that say something else of the same bytes, a sentence each."""
    now = {(s.source, s.folder): s for file in inputs.files for s in file}
    for row in last.manifest["snapshots"]:
        snapshot = now.get((row["source"], f"{row['edition']}-{row['id']}"))
        stated = row.get("card_sha256")
        if snapshot is None or not stated or snapshot.seal == stated:
            continue
        facts = [n for n in TOLD if row.get(n) != getattr(snapshot, n)]
        what = ", ".join(
            f"{n} {row.get(n)!r}, now {getattr(snapshot, n)!r}" for n in facts
        )
        where = f"raw/{snapshot.source}/{snapshot.folder}"
        yield f"{where}: another card than in {last.name} ({what or 'elsewhere'})."
