"""Occupations as a page names them: singular, without who is certified or new."""

from dataclasses import replace
from functools import lru_cache

from pipeline.extract.gazetteer import Gazetteer, make_singular
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine


def find_occupations(
    line: TaggedLine, words: Gazetteer, own: str = ""
) -> list[Mention]:
    """Occupations of a line; general words for workers mean nothing by themselves.

    A bare noun (`coders`) is the page's own occupation (`medical coder`) where that
    ends in it.
    """
    if "occupations" not in line.memo:
        line.memo["occupations"] = _find_occupations(line, words, own)
    return line.memo["occupations"]  # type: ignore[no-any-return]


def _find_occupations(line: TaggedLine, words: Gazetteer, own: str) -> list[Mention]:
    found = []
    trades = words.occupation_words
    taken = [(m.first, m.last) for m in line.get_mentions("education", "publisher")]
    for mention in line.get_mentions("occupation"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        after = line.get_words_between(mention.last, mention.last + 2)
        if after and (
            after[0] in trades["follower"]
            or (after[0] == "-" and after[1:] and after[1] in trades["follower"])
        ):
            continue
        name = _name_occupation(words, own, mention.means)
        found.append(replace(mention, means=name))
    found += line.get_mentions("trade")
    exact = trades["exact"]
    acronyms = () if exact.keys().isdisjoint(line.texts) else enumerate(line.words)
    for index, token in acronyms:
        means = exact.get(token.text)
        if means and line.text[token.start : token.end].rstrip("s").isupper():
            found.append(
                Mention(
                    "occupation", means, "", token.start, token.end, index, index + 1
                )
            )
    return sorted(found, key=lambda m: m.start)


def _name_occupation(words: Gazetteer, own: str, title: str) -> str:
    trades = words.occupation_words
    parts = tuple(title.split(" "))
    name = _strip_qualifiers(
        parts, frozenset(trades["qualifier"]), title in words.titles
    )
    for acronym, means in trades["exact"].items():
        if name == acronym or name.rstrip("s") == acronym:
            return means
    if name in trades["whole"]:
        name = trades["whole"][name]
    head, _, last = name.rpartition(" ")
    if last in trades["tail"] and head:
        name = f"{head} {trades['tail'][last]}"
    name = make_singular(name)
    first, both, second = name.partition(" and ")
    if both and make_singular(first).rpartition(" ")[2] in words.role_nouns:
        name = f"{make_singular(first)} and {second}"
    if name in trades["general"] or name.rpartition(" ")[2] in words.lists["rungs"]:
        return own
    if own and own != name and own.endswith(" " + name):
        return own
    return name


@lru_cache(maxsize=4096)
def _strip_qualifiers(
    parts: tuple[str, ...], qualifiers: frozenset[str], known: bool
) -> str:
    """Without leading words that say who, not what: `certified`, `remote`."""
    at = 0
    keep = {"registered", "licensed"}
    while at < len(parts) - 1 and parts[at] in qualifiers and parts[at] not in keep:
        at += 1
    return " ".join(parts[at:])
