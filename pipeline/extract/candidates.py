"""What could govern a field of a figure: each mention, and how it stands to the figure.

A field that comes out wrong was either never among its candidates, or outranked
(`pipeline.extract.ranking`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.extract.attachment import attach_mentions, is_comparator
from pipeline.extract.indexed_page import ContextLine
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine


class Relation(StrEnum):
    """How a mention stands to a figure; the same few for every field."""

    SENTENCE = "sentence"  # its own, by the order of the words
    ELSEWHERE = "elsewhere"  # in its sentence, but nearer another figure
    COMPARED = "compared"  # what the sentence compares it with
    BEFORE = "before"  # an earlier sentence of its paragraph
    ROW = "row"  # the head of its row
    CELL = "cell"  # another cell of its row
    COLUMN = "column"
    LIST = "list"  # said once in its list
    LEAD_IN = "lead_in"
    CAPTION = "caption"  # or source line
    NOTE = "note"
    HEADING = "heading"
    OUTER = "outer"  # a heading further out
    SECTION = "section"  # an earlier paragraph of its section
    DECLARED = "declared"  # said once of all figures of the page
    SAME = "same"  # "in the same survey": named before
    SOURCE = "source"  # what the page said of another figure of the same publisher
    SURVEY = "survey"  # the one survey that the page reports
    USUAL = "usual"  # the only one that the page knows
    TITLE = "title"


# Where a claim says that a field comes from.
PLACES = {
    Relation.ROW: "row",
    Relation.CELL: "row",
    Relation.COLUMN: "column",
    Relation.LIST: "lead_in",
    Relation.LEAD_IN: "lead_in",
    Relation.CAPTION: "caption",
    Relation.NOTE: "caption",
    Relation.HEADING: "heading",
    Relation.OUTER: "heading",
    Relation.SECTION: "document",
    Relation.DECLARED: "document",
    Relation.SOURCE: "document",
    Relation.SURVEY: "document",
    Relation.USUAL: "document",
    Relation.TITLE: "document",
}
STATED = frozenset(
    (Relation.SENTENCE, Relation.ELSEWHERE, Relation.COMPARED, Relation.SAME)
)
ASSUMED = frozenset((Relation.USUAL, Relation.TITLE))
SOURCE_LABELS = (["source"], ["sources"])
SHORT_HEAD = 3  # words of a heading that says one thing
CONTEXTS = {
    "row": (Relation.ROW, Relation.CELL),
    "column": (Relation.COLUMN, Relation.COLUMN),
    "lead_in": (Relation.LEAD_IN, Relation.LEAD_IN),
    "caption": (Relation.CAPTION, Relation.CAPTION),
    "note": (Relation.NOTE, Relation.NOTE),
    "heading": (Relation.HEADING, Relation.OUTER),
}


@dataclass(slots=True, frozen=True)
class Candidate:
    """A value that a field could have.

    Args:
        value: As the claim would hold it.
        relation: How the mention stands to the figure.
        clues: What else is known of it, by the names in `candidate_weights`.
        start: Offset of the words that it rests on; None where they are elsewhere.
        text: Those words, where no offset tells them.
    """

    value: str
    relation: Relation
    clues: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    text: str = ""

    def get_place(self) -> str:
        """Where a claim says that the value comes from."""
        return PLACES.get(self.relation, "sentence")


Name = Callable[[Mention], str]


def list_sentence_candidates(
    line: TaggedLine,
    mentions: Sequence[Mention],
    name: Name,
    *,
    reach: int,
    on: bool = False,
) -> list[list[Candidate]]:
    """List for each figure of a sentence what the sentence itself names.

    Args:
        line: The sentence, with its figures.
        mentions: Of one field, in text order.
        name: A mention as the field holds it.
        reach: Most words between a figure and a mention that follows it.
        on: A mention that followed one figure holds for those after it too.
    """
    if not mentions:
        return [[] for _ in line.figures]
    held = attach_mentions(line, mentions, reach, on)
    compared = {id(m) for m in mentions if is_comparator(line, m)}
    out = []
    for own in held:
        found = []
        for mention in mentions:
            relation = Relation.ELSEWHERE
            if mention is own:
                relation = Relation.SENTENCE
            elif id(mention) in compared:
                relation = Relation.COMPARED
            clues = ("compared_with",) if mention is own and id(own) in compared else ()
            found.append(make_candidate(name(mention), relation, mention, clues))
        out.append(found)
    return out


def name_clues(**held: bool) -> tuple[str, ...]:
    """Return the clues that hold, by the names in `candidate_weights`."""
    return tuple(filter(held.get, held))


def make_candidate(
    value: str, relation: Relation, cue: Mention, clues: tuple[str, ...] = ()
) -> Candidate:
    """Make the candidate that a mention of the page's own text gives."""
    return Candidate(value, relation, clues, cue.start, cue.end)


def is_short_heading(context: ContextLine) -> bool:
    """Say whether a line around is a heading that says one thing: `2024`."""
    if context.where != "heading":
        return False
    return sum(word.isalnum() for word in context.line.texts) <= SHORT_HEAD


def list_context_candidates(
    around: Iterable[ContextLine],
    find: Callable[[ContextLine], Sequence[Mention]],
    name: Callable[[ContextLine, Mention], str],
    *,
    full_leads: bool = False,
) -> list[Candidate]:
    """List what the lines around a figure name, nearest first.

    The nearest line of a relation speaks first; those behind it are `farther`.

    Args:
        around: The lines, nearest first.
        find: What a line names.
        name: A mention of a line as the field holds it.
        full_leads: A paragraph with figures of its own leads here as any other does.
    """
    out: list[Candidate] = []
    seen: set[Relation] = set()
    for context in around:
        mentions = find(context)
        if not mentions:
            continue
        relation = CONTEXTS[context.where][not context.nearest]
        full = context.full and not full_leads
        clues = name_clues(
            has_own_figures=full,
            several=len({m.means for m in mentions}) > 1,
            farther=relation in seen,
            labelled=context.line.texts[:1] in SOURCE_LABELS,
            short_head=is_short_heading(context),
        )
        seen.add(relation)
        for mention in mentions:
            own = (*clues, *(() if mention is mentions[-1] else ("not_last",)))
            out.append(make_candidate(name(context, mention), relation, mention, own))
    return out
