"""Make the patterns of spans of time behind a sum, from `vocabularies/periods.csv`."""

import re
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.vocabulary import Vocabulary


@dataclass(frozen=True)
class Spans:
    """Phrases for a span of time, longest first."""

    phrases: tuple[str, ...]

    @cached_property
    def each(self) -> re.Pattern[str]:
        """A span of time that is one without context: ` a year`, `/hr`, ` biweekly`."""
        # Short forms without an article (`yr`, `pm`, `pa`) may be other words.
        opening = (*("a ", "an ", "per ", "each ", "every "), "/")
        explicit = [
            p for p in self.phrases if p.startswith(opening) or p.endswith("ly")
        ]
        return re.compile(rf"\s?(?:{'|'.join(map(spell_span, explicit))})\b")

    @cached_property
    def named(self) -> re.Pattern[str]:
        """A phrase for a span of time: `/hr`, `a year`."""
        spans = "|".join(map(spell_span, self.phrases))
        return re.compile(rf"\s?(?:{spans})(?![a-z])\s?", re.I)


def spell_span(phrase: str) -> str:
    r"""Return a phrase of `periods.csv` as a pattern: `/ yr` matches `/yr` too.

    >>> spell_span("/ yr"), spell_span("a year")
    ('/\\s?yr', 'a\\s+year')
    """
    made = ""
    for token in phrase.split(" "):
        # `#` in a phrase stands for any number (`for # months`).
        token = r"\d+" if token == "#" else re.escape(token)
        if made:
            joint = made[-1].isalnum() and token[0].isalnum()
            made += r"\s+" if joint else r"\s?"
        made += token
    return made


def read_spans(vocabulary: Vocabulary) -> Spans:
    """Read the phrases of `periods.csv` that mean a period of ours.

    Raises:
        NotFound: The vocabulary has no such table.
        LayoutChanged: A column is missing.
    """
    rows = vocabulary.read_table("periods", "phrase", "means").select("phrase", "means")
    # Phrases without a meaning are spans that are none of ours (`semi-monthly`).
    named = {p for phrase, of in rows.iter_rows() if of for p in phrase.split("|")}
    return Spans(tuple(sorted(named, key=lambda phrase: (-len(phrase), phrase))))
