"""Places named in a line: nations, states, metros, cities and regions."""

import re

from pipeline.core.currency_table import SIGNS
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

CITY_STATE = re.compile(
    r"(?<![\w.-])[A-Z][\w.'’]+(?:[ /-]{1,2}[A-Z][\w.'’]+){0,6}, "
    r"(?P<state>[A-Z]{2}(?:-[A-Z]{2}){0,4})(?![\w-])"
)


def find_areas(line: TaggedLine) -> list[Mention]:
    """Places named in a line; cities and postal codes only where they stand alone."""
    if "areas" not in line.memo:
        line.memo["areas"] = _find_areas(line)
    return line.memo["areas"]  # type: ignore[no-any-return]


def is_home_nation(
    mention: Mention, text: str, lists: dict[str, frozenset[str]]
) -> bool:
    """Whether a mention says `the nation` and not which."""
    last = text[mention.start : mention.end].lower().rpartition(" ")[2]
    return mention.means == "US" and last in lists["places_nation"]


def _find_areas(line: TaggedLine) -> list[Mention]:
    found = [
        m
        for m in line.get_mentions("area")
        if (m.end >= line.end or line.text[m.end] not in SIGNS)
        and not _is_part_of_body_name(line, m)
    ]
    found = _add_city_state_names(line, found)
    taken = [(m.first, m.last) for m in line.get_mentions("area", "publisher")]
    for mention in line.get_mentions("city"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        word = (
            line.get_words_between(mention.first - 1, mention.first)
            if mention.first
            else []
        )
        label = mention.first == 0 or word == ["-"] or word == ["."]
        if (
            word
            in (
                ["in"],
                ["near"],
                ["around"],
                ["of"],
                ["from"],
                ["to"],
                [","],
                ["and"],
                ["("],
            )
            or label
        ) and not _is_common_word(line, mention):
            found.append(mention)
    for mention in line.get_mentions("postal"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        if len(line.words) <= 3 or (
            mention.first == 0
            and line.get_words_between(mention.last, mention.last + 1)
            in ([":"], ["-"], ["–"], ["—"])
        ):
            found.append(mention)
    return sorted(found, key=lambda m: m.start)


def _add_city_state_names(line: TaggedLine, found: list[Mention]) -> list[Mention]:
    """`Sacramento-Roseville, CA`: named by city and state, as written."""
    text = line.text
    out = list(found)
    if text.find(", ", line.start, line.end) < 0:
        return out
    for match in CITY_STATE.finditer(text, line.start, line.end):
        if match["state"].split("-")[0] not in line.lists["places_states"] or any(
            m.start <= match.start() and match.end() <= m.end for m in found
        ):
            continue
        first = next((i for i, t in enumerate(line.words) if t.end > match.start()), 0)
        last = next(
            (i for i, t in enumerate(line.words) if t.start >= match.end()),
            len(line.words),
        )
        out = [m for m in out if m.end <= match.start() or m.start >= match.end()]
        out.append(Mention("area", match.group(), "", *match.span(), first, last))
    return out


def _is_common_word(line: TaggedLine, mention: Mention) -> bool:
    """Return whether a city's name that starts a line is a mere word, no place."""
    if mention.first > 0:
        return False
    following = line.get_words_between(mention.last, mention.last + 1)
    return (
        following not in ([":"], [","], ["–"], ["—"], ["-"], ["("], [])
        and bool(following)
        and following[0][0] not in SIGNS
    )


def _is_part_of_body_name(line: TaggedLine, mention: Mention) -> bool:
    """`National Education Association`: the nation in a body's name is no place."""
    word = line.text[mention.start : mention.end]
    after = line.text[mention.end : mention.end + 2].strip()
    return word == "National" and mention.start > line.start and after.isupper()
