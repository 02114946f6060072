"""Occupations in a line of tokens: known titles, else nouns for workers."""

from pipeline.extract.gazetteer import MAX_TITLE_WORDS, Gazetteer, make_singular
from pipeline.extract.lexicon import Mention
from pipeline.extract.tokens import Token

MAKER_ENDINGS = ("ist", "ian", "wright", "smith", "eer")
CLOSED_CATEGORIES = (
    "publisher",
    "area",
    "city",
    "reporting",
    "topics",
    "statistics",
    "bounds",
    "changes",
)


def find_job_titles(
    text: str,
    found: list[Token],
    texts: list[str],
    words: Gazetteer,
    mentions: list[Mention],
) -> list[Mention]:
    """Occupations: known titles, else what stands before a noun for a worker."""
    out: list[Mention] = []
    if words.title_tails.isdisjoint(texts):
        return out
    taken = {
        i
        for m in mentions
        if m.category in CLOSED_CATEGORIES
        for i in range(m.first, m.last)
    }
    limit = len(found)
    for index in range(len(found) - 1, -1, -1):
        word = texts[index]
        if index >= limit or index in taken or word not in words.title_tails:
            continue
        noun = make_singular(word)
        noun = noun if noun in words.title_ends else word
        if noun in words.title_ends:
            mention = _find_title_ending_at(
                text, found, texts, index, noun, words, taken
            )
            if mention is not None:
                out.append(mention)
                limit = mention.first
    out.reverse()
    return out


def _find_title_ending_at(
    text: str,
    found: list[Token],
    texts: list[str],
    index: int,
    noun: str,
    words: Gazetteer,
    taken: set[int],
) -> Mention | None:
    """Return the longest title that ends at a token, or None."""
    for size in range(min(MAX_TITLE_WORDS, index + 1), 1, -1):
        first = index - size + 1
        if texts[first] not in words.title_openings:
            continue
        written = " ".join(texts[first : index + 1])  # official titles are plural
        name = " ".join([*texts[first:index], noun])
        if name in words.titles or written in words.titles:
            if first and found[first - 1].text in ("registered", "licensed"):
                first -= 1
                name = f"{found[first].text} {name}"
            return _make_occupation_mention(found, first, index, name)
    if noun not in words.role_nouns and not (
        noun in words.titles and noun.endswith(MAKER_ENDINGS)
    ):
        return None
    first = index
    while (
        first > 0
        and index - first < 3
        and first - 1 not in taken
        and found[first - 1].text.isalpha()
        and found[first - 1].text not in words.lists["sentences_title_stops"]
        and found[first - 1].text not in words.occupation_words["qualifier"]
        and found[first - 1].end + 2 > found[first].start
        and text[found[first - 1].end : found[first].start] in (" ", "-", "\n")
    ):
        first -= 1
    name = " ".join([*texts[first:index], noun])
    return _make_occupation_mention(found, first, index, name)


def _make_occupation_mention(
    found: list[Token], first: int, index: int, name: str
) -> Mention:
    place = (found[first].start, found[index].end)
    return Mention("occupation", name, "", *place, first, index + 1)
