"""Define which facts a source states, and check that each is what it may be."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

KINDS = ("bulk", "api", "survey", "aggregator", "prose")
EVIDENCE = ("measured", "modelled", "self_reported", "posted", "quoted")
CADENCES = ("weekly", "monthly", "quarterly", "yearly", "irregular")
# What the skeleton of a new source has where only a person knows the fact.
UNFILLED = "FILL IN"
ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
ADDRESS = re.compile(r"https?://[^\s\"<>\\]{3,1000}")
# Days of the year between which a publisher's next edition is expected: `03-15..04-30`.
SEASON = re.compile(r"(0[1-9]|1[0-2])-\d\d\.\.(0[1-9]|1[0-2])-\d\d")
LONGEST = 1_000  # characters of one fact


class Fact(NamedTuple):
    """What a fact may be.

    Args:
        says: In words, for messages.
        holds: Whether a value is so.
        needed: Whether a source must state it.
    """

    says: str
    holds: Callable[[Any], bool]
    needed: bool = True


def is_text(value: object) -> bool:
    """Return whether a value is a line of text: printable, not blank, not too long."""
    return (
        isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST
    ) and bool(value.strip())


def is_texts(value: object) -> bool:
    """Return whether a value is a list of texts without `|`, which joins them."""
    return isinstance(value, list) and all(is_text(v) and "|" not in v for v in value)


def is_count(value: object) -> bool:
    """Return whether a value is a whole number above 0."""
    # To Python `true` is a number.
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_share(value: object) -> bool:
    """Return whether a value is a number above 0 and at most 1."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < value <= 1  # type: ignore[operator]


def is_range(value: object) -> bool:
    """Return whether a value is two whole numbers from 0, the second the larger."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    first, last = value
    return is_count(last) and (first == 0 or is_count(first)) and first < last


def is_homepage(value: object) -> bool:
    """Return whether a value is an address, or "" where there is none."""
    return value == "" or (isinstance(value, str) and bool(ADDRESS.fullmatch(value)))


def is_publisher(value: object) -> bool:
    """Return whether a value is the id of a publisher, `*`, or a table of facts."""
    named = isinstance(value, str) and (value == "*" or bool(ID.fullmatch(value)))
    return named or isinstance(value, Mapping)


def is_one_of(words: tuple[str, ...]) -> Fact:
    """Make the fact that is one of these words."""
    return Fact(f"one of {', '.join(words)}", lambda value: value in words)


def _is_addresses(value: object) -> bool:
    return isinstance(value, list) and all(v and is_homepage(v) for v in value)


def _is_public_tables(value: object) -> bool:
    """Return whether a value is a list of tables with an address and what they hold."""
    return isinstance(value, list) and all(
        isinstance(v, Mapping)
        and set(v) <= {"holds", "since", "name", "address"}
        and {"name", "address"} <= set(v)
        and all(is_text(text) for text in v.values())
        and is_homepage(v["address"])
        for v in value
    )


def _is_pay_basis(value: object) -> bool:
    from schemas.claims import PAY_BASES  # late: it brings pandera

    return value in PAY_BASES


def _is_statistics(value: object) -> bool:
    from schemas.claims import STATISTICS  # late, as above

    return is_texts(value) and set(value) <= set(STATISTICS)  # type: ignore[call-overload]


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def make_optional(fact: Fact) -> Fact:
    """Make the same fact one that may go unsaid."""
    return fact._replace(needed=False)


TEXT = Fact("a line of text", is_text)
TEXTS = Fact("a list of texts", is_texts)
FLAG = Fact("true or false", _is_flag)
COUNT = Fact("a whole number above 0", is_count)
SHARE = Fact("a share above 0, at most 1", is_share)
KIND = is_one_of(KINDS)
BASIS = Fact("base, total or unspecified", _is_pay_basis)
OWN = {
    "title": TEXT,
    "publisher": Fact("a table, an id or *", is_publisher),
    "hand": make_optional(COUNT),
    "homepage": Fact("an address, or empty", is_homepage),
    "kind": KIND,
    "official": FLAG,
    "measures": TEXT,
    "population": TEXT,
    "pay_basis": BASIS,
    "evidence": is_one_of(EVIDENCE),
    "licence": TEXT,
    "cadence": is_one_of(CADENCES),
    "automated": FLAG,
    "rows": Fact("the fewest and the most claims", is_range),
    "urls": Fact("a list of addresses", _is_addresses, needed=False),
    "edition": make_optional(TEXT),
    "tables": Fact("a list of tables with name and address", _is_public_tables, False),
    "watch": Fact("a table", lambda value: isinstance(value, Mapping)),
}
PUBLISHER = {
    "id": Fact("lower case, digits and _", _matches(ID)),
    "name": TEXT,
    "full_name": make_optional(TEXT),
    "aliases": TEXTS,
    # Where a publisher's figures at large are other than those of its own source.
    "kind": make_optional(KIND),
    "official": make_optional(FLAG),
    "pay_basis": make_optional(BASIS),
    "population": make_optional(TEXT),
    "statistics": Fact("a list of statistics", _is_statistics),
    "bands": FLAG,
    "note": make_optional(TEXT),
}
WATCH = {
    "formats": Fact("a list of endings", lambda value: is_texts(value) and value != []),
    "look_days": COUNT,
    "season": Fact("MM-DD..MM-DD", _matches(SEASON), needed=False),
    "season_look_days": make_optional(COUNT),
    "check_days": COUNT,
    "edition_days": COUNT,
    "size": SHARE,
    "rows": SHARE,
    "areas": SHARE,
    "values": SHARE,
    "why": TEXT,
}


def find_unfilled(facts: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the dotted names of the facts that still say `FILL IN`.

    Args:
        facts: As stated.
        above: Name of the table that they stand in, with a dot.
    """
    for name, value in facts.items():
        if isinstance(value, Mapping):
            yield from find_unfilled(value, f"{above}{name}.")
        elif UNFILLED in str(value):
            yield f"{above}{name}"


def find_faults(
    facts: Mapping[str, Any], known: Mapping[str, Fact], above: str = ""
) -> Iterator[str]:
    """Yield a sentence for each fact that is missing, unknown or not what it may be.

    Args:
        facts: As stated.
        known: Name to what it may be.
        above: Name of the table that they stand in, with a dot.
    """
    for name in facts.keys() - known.keys():
        yield f"{above}{name} is no fact that anything reads"
    for name, fact in known.items():
        if name not in facts and fact.needed:
            yield f"{above}{name} is missing"
        elif name in facts and not fact.holds(facts[name]):
            yield f"{above}{name} is not {fact.says}"
