"""Occupations in a line of tokens: known titles, else nouns for workers."""

from collections.abc import Iterator

from pipeline.core.occupation_titles import make_stem
from pipeline.extract.gazetteer import Gazetteer, make_singular
from pipeline.extract.lexicon import Mention
from pipeline.extract.title_search import Span, find_known_titles
from pipeline.extract.tokens import Token

MAKER_ENDINGS = ("ist", "ian", "wright", "smith", "eer", "maker")
CLOSED_CATEGORIES = (
    "publisher",
    "area",
    "city",
    "demonym",
    "reporting",
    "topics",
    "statistics",
    "bounds",
    "changes",
)
KNOWN = "known"  # place of a mention that is a title, not a guess at one
MOST_GUESSED = 3  # words before a noun for a worker


def find_job_titles(
    text: str,
    found: list[Token],
    texts: list[str],
    words: Gazetteer,
    mentions: list[Mention],
) -> list[Mention]:
    """Occupations: known titles, else what stands before a noun for a worker."""
    if words.title_tails.isdisjoint(texts):
        return []
    taken = {
        i
        for m in mentions
        if m.category in CLOSED_CATEGORIES
        for i in range(m.first, m.last)
    }
    known = find_known_titles(found, words.title_search, taken)
    # `training coordinator`: what a job is about may stand before its noun.
    taken -= {m.last - 1 for m in mentions if _is_about_job(m, texts, words)}
    out: list[Mention] = []
    left = known
    for first, last in _guess_spans(text, found, texts, words, known, taken):
        name = " ".join([*texts[first:last], _make_noun(texts[last], words)])
        out.append(_make_occupation_mention(found, first, last, name, ""))
        left = [span for span in left if span[1] <= first or span[0] > last]
    out += (_make_title_mention(text, found, first, last) for first, last in left)
    return sorted(out, key=lambda m: m.first)


def _is_about_job(mention: Mention, texts: list[str], words: Gazetteer) -> bool:
    """Return whether a topic says what a job is about: `training coordinator`."""
    if mention.category != "topics" or mention.means in ("pay", ""):
        return False
    if mention.last >= len(texts):
        return False
    return make_singular(texts[mention.last]) in words.role_nouns


def _guess_spans(
    text: str,
    found: list[Token],
    texts: list[str],
    words: Gazetteer,
    known: list[Span],
    taken: set[int],
) -> Iterator[tuple[int, int]]:
    """Yield first and last word of what may be a title, the last one of a line first.

    None lies within another, nor ends within a known title.
    """
    closed = taken.union(*(range(first, last) for first, last in known))
    limit = len(found)
    for index in range(len(found) - 1, -1, -1):
        word = texts[index]
        if index >= limit or index in closed or word not in words.title_tails:
            continue
        first = _guess_first_word(text, found, index, words, taken)
        if first is not None and not _is_end_of_title(known, index, word, words):
            yield first, index
            limit = first


def _make_noun(word: str, words: Gazetteer) -> str:
    noun = make_singular(word)
    return noun if noun in words.title_ends else word


def _is_end_of_title(
    known: list[Span], index: int, word: str, words: Gazetteer
) -> bool:
    """Whether a noun behind a title only says that somebody has it: `coder staff`."""
    general = words.occupation_words["general"]
    return make_singular(word) in general and any(last == index for _, last in known)


def _guess_first_word(
    text: str, found: list[Token], index: int, words: Gazetteer, taken: set[int]
) -> int | None:
    """Return where a name for a worker begins that ends in a noun; None for no noun."""
    if not _is_worker(found, index, words):
        return None
    first = index
    while first > 0 and index - first < MOST_GUESSED and first - 1 not in taken:
        if not _is_joined_to_next(text, found, first - 1, words):
            break
        first -= 1
    return first


def _is_worker(found: list[Token], index: int, words: Gazetteer) -> bool:
    """Return whether a word names who does the work: `coder`, `wheelwright`."""
    noun = _make_noun(found[index].text, words)
    if noun in words.role_nouns:
        return True
    if noun in words.titles and noun.endswith(MAKER_ENDINGS):
        return True
    if make_stem(noun) not in words.lone_titles:
        return False
    if noun in words.occupation_words["homonym"]:
        return _is_people(found, index) or _is_earning(found, index, words)
    return noun not in words.occupation_words["common"] or _is_people(found, index)


def _is_joined_to_next(
    text: str, found: list[Token], at: int, words: Gazetteer
) -> bool:
    """Return whether a word is of one title with the next: a blank or dash apart."""
    word, following = found[at], found[at + 1]
    if not word.text.isalpha() or word.text in words.lists["sentences_title_stops"]:
        return False
    if word.text in words.occupation_words["qualifier"]:
        return False
    if word.text.endswith(("ing", "s")) and not _opens_titles(word.text, words):
        return False
    return text[word.end : following.start] in (" ", "-", "\n")


def _opens_titles(word: str, words: Gazetteer) -> bool:
    """Whether some title opens with a word: `nursing`, `sales`; no title, `reasons`."""
    return make_stem(word) in words.title_search.firsts


def _is_people(found: list[Token], index: int) -> bool:
    """Whether a word that is mostly something else names people: `pay for models`."""
    plural = found[index].text.endswith("s")
    return plural and index > 0 and found[index - 1].text in ("for", "of")


def _is_earning(found: list[Token], index: int, words: Gazetteer) -> bool:
    """Whether pay is told of a word that has other uses: `judges earn`, `a judge`."""
    before = found[index - 1].text if index else ""
    behind = [token.text for token in found[index + 1 : index + 4]]
    if behind[:1] in (["'"], ["’"]):  # `judges' salaries`
        behind = behind[2:] if behind[1:2] == ["s"] else behind[1:]
    if not behind or behind[0] in words.lists["people_earn"]:
        return True
    return before in words.lists["people_before"]


def _make_title_mention(
    text: str, found: list[Token], first: int, last: int
) -> Mention:
    """Make the mention of a known title, in the singular."""
    end = last - 1
    if first and found[first - 1].text in ("registered", "licensed"):
        first -= 1
    tokens = found[first:last]
    if all(token.text[0].isalnum() and token.text.isascii() for token in tokens):
        name = " ".join(token.text for token in tokens)
    else:
        name = " ".join(text[found[first].start : found[end].end].lower().split())
    return _make_occupation_mention(found, first, end, make_singular(name), KNOWN)


def _make_occupation_mention(
    found: list[Token], first: int, index: int, name: str, place: str
) -> Mention:
    span = (found[first].start, found[index].end)
    return Mention("occupation", name, place, *span, first, index + 1)
