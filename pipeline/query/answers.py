"""Read what publishers answered to accusations, and which of them were taken back.

Both are rulings of persons. An answer that was taken back, and an accusation that was,
stay visible as such: whoever saw them before finds what became of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.rulings import RETRACT, SAID, UNDO, Ruling

HEADS = {
    "disputes": "{who} answered on {day} that it is not so:",
    "corrected": "{who} corrected it on {day}:",
    "comments": "{who} answered on {day}:",
    "": "{who} took this accusation back on {day}:",
}


@dataclass(frozen=True)
class Answer:
    """What was said of an accusation.

    Args:
        head: Who said what, and when.
        text: In their words.
        undone: Who took it back and when; "" where it stands.
    """

    head: str
    text: str
    undone: str = ""

    @property
    def as_line(self) -> str:
        """All of it in one line."""
        undone = f" [{self.undone}]" if self.undone else ""
        return f"{self.head} {self.text}{undone}"


@dataclass(frozen=True)
class Answers:
    """All that was said of accusations.

    Args:
        said: Id of a discrepancy to what was said of it, in the order of the file.
        withdrawn: Ids of the discrepancies that were taken back.
    """

    said: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()


def read_answers(rulings: Sequence[Ruling]) -> Answers:
    """Read answers and retractions out of the rulings, those undone as well."""
    undone = {r.target: f"{r.author} took it back on {r.date}: {r.reason}"
              for r in rulings if r.action == UNDO}  # fmt: skip
    said: dict[str, list[Answer]] = {}
    for ruling in rulings:
        if ruling.action in SAID:
            head = HEADS[ruling.value if ruling.action != RETRACT else ""]
            head = head.format(who=ruling.author, day=ruling.date)
            answer = Answer(head, ruling.reason, undone.get(ruling.id, ""))
            said.setdefault(ruling.target, []).append(answer)
    withdrawn = {
        r.target for r in rulings if r.action == RETRACT and r.id not in undone
    }
    return Answers(said, frozenset(withdrawn))
