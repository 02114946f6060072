"""Find the states that a page names anywhere, whether or not a figure is of them.

"Texas had a mean of $68,230. California is another matter": the figure is California's,
and only the next sentence says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.core.vocabulary import Vocabulary

STATE = "state"


@dataclass(frozen=True)
class StateNames:
    """Whole names of states; postal codes and cities are none.

    Args:
        codes: Name to code.
    """

    codes: Mapping[str, str]
    _pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        # The longest first: West Virginia is not Virginia.
        names = sorted(self.codes, key=lambda name: (-len(name), name))
        pattern = "|".join(map(re.escape, names)) or r"(?!)"
        object.__setattr__(self, "_pattern", re.compile(rf"\b(?:{pattern})\b"))

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "StateNames":
        """Read areas.csv."""
        table = vocabulary.read_table("areas", "code", "name", "level")
        rows = table.select("code", "name", "level").iter_rows()
        return cls({name: code for code, name, level in rows if level == STATE})

    def find_in(self, text: str) -> frozenset[str]:
        """Return the codes of the states that a text names."""
        return frozenset(self.codes[hit] for hit in self._pattern.findall(text))
