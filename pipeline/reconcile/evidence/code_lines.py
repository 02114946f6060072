"""Join the codes that an occupation has had, over all classifications since 1997.

The survey coded an occupation by OES until 1998, by SOC 2000, SOC 2010 and SOC 2018,
and by hybrids of two in 2019 and 2020. A figure of May 2014 stands under the code of
2014: who asks with today's code must look under all of them, and say so where a code
was split or merged on the way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.core.occupation_titles import make_key
from pipeline.core.vocabulary import Vocabulary

SAME, PART = "same", "part"
HYBRID = "HYBRID2019"


@dataclass(frozen=True)
class CodeLines:
    """Codes of an occupation by any one of them.

    Args:
        earlier: Code to the codes that it took over from, and whether whole.
        later: Code to the codes that took over from it, and whether whole.
        members: Broad occupation to the codes that it is made of: who says `police
            officers` may mean the one of them that is counted.
        profiled: Codes whose page of the Handbook has figures of several together.
    """

    earlier: Mapping[str, Mapping[str, str]]
    later: Mapping[str, Mapping[str, str]]
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profiled: frozenset[str] = frozenset()
    _lines: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "CodeLines":
        """Read occupations.csv and crosswalk.csv, and join what has one title."""
        columns = ("soc", "title", "scheme", "predecessors")
        table = vocabulary.read_table("occupations", *columns).select(columns)
        rows = list(table.iter_rows())
        walk = vocabulary.read_table("crosswalk", "soc2010", "soc2018")
        pairs = {(a, b) for a, b in walk.select("soc2010", "soc2018").iter_rows()}
        pairs |= {
            (old, soc) for soc, _, _, more in rows for old in (more or "").split()
        }
        # Names of 2000, 2010 and 2018 that are one name are one occupation, whatever
        # its code was.
        by_title: dict[str, list[str]] = defaultdict(list)
        for soc, title, _, _ in rows:
            by_title[make_key(title)].append(soc)
        same = [codes for codes in by_title.values() if len(codes) > 1]
        hybrids = {soc for soc, _, scheme, _ in rows if scheme == HYBRID}
        codes = [soc for soc, *_ in rows]
        shared = vocabulary.read_table("handbook_profiles", "soc")["soc"]
        links = _link_codes(pairs, same, hybrids)
        return cls(*links, _list_members(codes), frozenset(shared))

    def find_line(self, soc: str) -> Mapping[str, str]:
        """Return every code of an occupation's line: `same`, or `part` of it.

        A line goes back and forth in time, and never back again: what a code was split
        into does not make the parts one occupation.
        """
        if soc not in self._lines:
            found = {soc: SAME}
            for links in (self.earlier, self.later):
                _follow(soc, SAME, links, found)
            self._lines[soc] = found
        return self._lines[soc]

    def list_codes(self, socs: Iterable[str]) -> dict[str, str]:
        """Return the lines of several codes as one; `same` where it is so in any."""
        found: dict[str, str] = {}
        for soc in socs:
            for code, how in self.find_line(soc).items():
                if found.get(code) != SAME:
                    found[code] = how
            for code in self.members.get(soc, ()):
                found.setdefault(code, PART)
        return found


def _list_members(codes: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the detailed codes of each broad one, `33-3051` of `33-3050`."""
    members: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        if not code.endswith("0"):
            members[f"{code[:-1]}0"].append(code)
    return {broad: tuple(sorted(own)) for broad, own in members.items()}


def _follow(
    soc: str, how: str, links: Mapping[str, Mapping[str, str]], found: dict[str, str]
) -> None:
    """Add to a line what is reached from a code in one direction of time."""
    for code, step in links.get(soc, {}).items():
        reached = SAME if how == step == SAME else PART
        if found.get(code) in (SAME, reached):
            continue
        found[code] = reached
        _follow(code, reached, links, found)


def _link_codes(
    pairs: set[tuple[str, str]], same: list[list[str]], hybrids: set[str]
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Return for each code what it came from and what came of it."""
    earlier: dict[str, dict[str, str]] = defaultdict(dict)
    later: dict[str, dict[str, str]] = defaultdict(dict)
    sons: dict[str, set[str]] = defaultdict(set)
    fathers: dict[str, set[str]] = defaultdict(set)
    for old, new in pairs:
        if new not in hybrids:
            sons[old].add(new)
            fathers[new].add(old)
    for old, new in sorted(pairs):
        if old == new:
            continue
        alone = len(sons[old]) <= 1 and len(fathers[new]) <= 1 and new not in hybrids
        earlier[new][old] = later[old][new] = SAME if alone else PART
    for codes in same:
        for one in codes:
            for other in codes:
                if one != other:
                    earlier[one][other] = later[one][other] = SAME
    # A hybrid of 2019 and 2020 stands beside what its codes became in 2021.
    for hybrid in hybrids:
        for old in earlier.get(hybrid, {}):
            for new in sons[old]:
                if new != hybrid:
                    earlier[new].setdefault(hybrid, PART)
                    later[hybrid].setdefault(new, PART)
    return dict(earlier), dict(later)
