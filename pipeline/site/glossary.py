"""What the words on the pages, in the report and in the tables mean.

The words are those of the code (columns, states, verdicts), so they come with it and
not with a home: a home of before has them too, and they fit the version that draws.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "glossary.toml"
VERDICTS = "Verdicts"


@dataclass(frozen=True)
class GlossaryWord:
    """A word and what it means, in two sentences at most."""

    word: str
    meaning: str

    @property
    def anchor(self) -> str:
        """Its place on a page; Markdown readers make the same of a heading.

        >>> GlossaryWord("Relative standard error", "").anchor
        'relative-standard-error'
        """
        return self.word.lower().replace(" ", "-")


@dataclass(frozen=True)
class GlossaryGroup:
    """Words that belong together, in the order in which a reader meets them."""

    title: str
    words: tuple[GlossaryWord, ...]


@cache
def read_glossary() -> tuple[GlossaryGroup, ...]:
    """Read every group of words, in the order of the file."""
    text = files("pipeline.site").joinpath(FILE).read_text("utf-8")
    return tuple(
        GlossaryGroup(
            group["title"],
            tuple(GlossaryWord(*item) for item in group["words"].items()),
        )
        for group in tomllib.loads(text)["group"]
    )


def select_verdicts() -> tuple[GlossaryGroup, ...]:
    """Select the group that says what the verdicts of a check mean."""
    return tuple(group for group in read_glossary() if group.title == VERDICTS)
