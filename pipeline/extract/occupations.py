"""Occupations as a page names them: singular, without who is certified or new."""

from dataclasses import replace
from functools import lru_cache

from pipeline.extract.gazetteer import Gazetteer, singular
from pipeline.extract.lexicon import Mention
from pipeline.extract.sentences import Line


def occupations(line: Line, words: Gazetteer, own: str = "") -> list[Mention]:
    """Occupations of a line; general words for workers mean nothing by themselves.

    A bare noun (`coders`) is the page's own occupation (`medical coder`) where that
    ends in it.
    """
    if "occupations" not in line.memo:
        line.memo["occupations"] = _occupations(line, words, own)
    return line.memo["occupations"]  # type: ignore[no-any-return]


def _occupations(line: Line, words: Gazetteer, own: str) -> list[Mention]:
    found = []
    trades = words.trades
    taken = [(m.first, m.last) for m in line.of("education", "publisher")]
    for mention in line.of("occupation"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        after = line.between(mention.last, mention.last + 2)
        if after and (
            after[0] in trades["follower"]
            or (after[0] == "-" and after[1:] and after[1] in trades["follower"])
        ):
            continue
        name = _named(words, own, mention.means)
        found.append(replace(mention, means=name))
    found += line.of("trade")
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


def _named(words: Gazetteer, own: str, title: str) -> str:
    trades = words.trades
    parts = tuple(title.split(" "))
    name = _plain(parts, frozenset(trades["qualifier"]), title in words.titles)
    for acronym, means in trades["exact"].items():
        if name == acronym or name.rstrip("s") == acronym:
            return means
    if name in trades["whole"]:
        name = trades["whole"][name]
    head, _, last = name.rpartition(" ")
    if last in trades["tail"] and head:
        name = f"{head} {trades['tail'][last]}"
    name = singular(name)
    first, both, second = name.partition(" and ")
    if both and singular(first).rpartition(" ")[2] in words.roles:
        name = f"{singular(first)} and {second}"
    if name in trades["general"] or name.rpartition(" ")[2] in words.lists["rungs"]:
        return own
    if own and own != name and own.endswith(" " + name):
        return own
    return name


@lru_cache(maxsize=4096)
def _plain(parts: tuple[str, ...], qualifiers: frozenset[str], known: bool) -> str:
    """Without leading words that say who, not what: `certified`, `remote`."""
    at = 0
    keep = {"registered", "licensed"}
    while at < len(parts) - 1 and parts[at] in qualifiers and parts[at] not in keep:
        at += 1
    return " ".join(parts[at:])
