"""One page in three forms: its words, its JSON-LD, and the state behind its scripts.

`twice` holds single amounts of the data against the words. Here the two kinds of data
are held against each other, the ends of ranges against the ends of ranges, and the
percentiles of the data against the range that a publisher makes of them
(vocabularies/usual_ranges.csv). A figure that agrees with one of several is settled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pipeline.reconcile.inner.facts import Fact
from pipeline.reconcile.inner.found import Contradiction
from pipeline.reconcile.inner.page import Page
from pipeline.reconcile.inner.questions import CENTRES, Rules, differ
from pipeline.reconcile.inner.twice import same_question

TEXT = "text"
FEW = 3
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Ends:
    """A range as a form has it: two amounts, as rows that `differ` compares."""

    facts: tuple[Fact, ...]
    low: Row
    high: Row

    @property
    def said(self) -> str:
        """The two ends as published."""
        return f"{self.low['as_published']:,} to {self.high['as_published']:,}"


def forms_apart(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """Figures of one question that two forms of the page state differently."""
    for facts in page.places.values():
        by_form: dict[str, list[Fact]] = {}
        for fact in facts:
            by_form.setdefault(fact.form, []).append(fact)
        for one, other in combinations(sorted(by_form), 2):
            if TEXT not in (one, other):
                yield from _points(by_form[one], by_form[other], page, rules)
            yield from _ranges(by_form[one], by_form[other], page, rules)
        told = [f for name in by_form if name != TEXT for f in by_form[name]]
        yield from _usual(told, by_form.get(TEXT, []), page, rules)


def _points(
    ours: Sequence[Fact], theirs: Sequence[Fact], page: Page, rules: Rules
) -> Iterator[Contradiction]:
    """The same statistic in JSON-LD and in the state."""
    for a in (f for f in ours if _is_point(f)):
        rivals = [
            b for b in theirs
            if _is_point(b) and b.row["statistic"] == a.row["statistic"]
            and same_question(a, b, page, rules)
        ]  # fmt: skip
        apart = [b for b in rivals if differ(a.row, b.row, rules)]
        if apart and len(apart) == len(rivals) <= FEW:
            yield Contradiction("json_vs_text", (a.row, apart[0].row), "said_twice")


def _ranges(
    ours: Sequence[Fact], theirs: Sequence[Fact], page: Page, rules: Rules
) -> Iterator[Contradiction]:
    """Ranges of one question with other ends."""
    others = [ends for f in theirs if (ends := _ends(f))]
    for a in (ends for f in ours if (ends := _ends(f))):
        rivals = [
            b for b in others if same_question(a.facts[0], b.facts[0], page, rules)
        ]
        if rivals and len(rivals) <= FEW and all(_apart(a, b, rules) for b in rivals):
            yield _contradiction(a, rivals[0])


def _usual(
    data: Sequence[Fact], text: Sequence[Fact], page: Page, rules: Rules
) -> Iterator[Contradiction]:
    """A publisher's range in words, and the two percentiles of the data it stands for.

    Many ranges of one question are not told apart by what was understood of them:
    they judge nothing.
    """
    bands = [ends for f in text if (ends := _ends(f))]
    for publisher, (low, high) in sorted(rules.usual.items()):
        mine = [b for b in bands if b.facts[0].row.get("publisher") == publisher]
        for band in mine:
            like = band.facts[0]
            same = (b for b in mine if same_question(b.facts[0], like, page, rules))
            if len(list(same)) > FEW:
                continue
            pair = [_of(data, s, like, page, rules) for s in (low, high)]
            if None in pair:
                continue
            first, last = (fact for fact in pair if fact is not None)
            told = Ends((first, last), first.row, last.row)
            if _apart(told, band, rules):
                yield _contradiction(told, band)


def _of(
    data: Sequence[Fact], statistic: str, like: Fact, page: Page, rules: Rules
) -> Fact | None:
    """The data's figure of a statistic, of the same question and pay period."""
    found = (
        f for f in data
        if _is_point(f) and f.row["statistic"] == statistic
        and f.row["period"] == like.row["period"]
        and same_question(f, like, page, rules)
    )  # fmt: skip
    return next(found, None)


def _is_point(fact: Fact) -> bool:
    return fact.row["annual"] is not None and fact.row["statistic"] in CENTRES


def _ends(fact: Fact) -> Ends | None:
    """Both ends of a range, each as an amount of its own."""
    row = fact.row
    names = ("low", "high", "annual_low", "annual_high")
    if row["statistic"] != "range" or any(row.get(n) is None for n in names):
        return None
    low = {**row, "annual": row["annual_low"], "as_published": row["low"]}
    high = {**row, "annual": row["annual_high"], "as_published": row["high"]}
    return Ends((fact,), low, high)


def _apart(a: Ends, b: Ends, rules: Rules) -> bool:
    """An end of the one is not that of the other, rounding allowed for."""
    return differ(a.low, b.low, rules) or differ(a.high, b.high, rules)


def _contradiction(a: Ends, b: Ends) -> Contradiction:
    """Of two ranges; what each says stands in the sentence."""
    rows = [*(f.row for f in a.facts), *(f.row for f in b.facts)]
    ordered = sorted(rows, key=lambda row: str(row["locator"]).startswith("script"))
    said = f"one form of the page says {a.said}, another {b.said}"
    return Contradiction("json_vs_text", tuple(ordered), "forms_apart", said)
