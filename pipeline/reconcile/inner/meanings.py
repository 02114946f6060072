"""One thing under two names, and effects of one thing in two sizes."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.reconcile.inner.facts import RELATIVE, Fact
from pipeline.reconcile.inner.found import Contradiction
from pipeline.reconcile.inner.page import Page
from pipeline.reconcile.inner.percents import ABSOLUTE, bounds
from pipeline.reconcile.inner.questions import Rules, own_voice, voice

CENTRES = ("median", "mean")
HUNDRED = Decimal(100)
TOUCHING = Decimal("0.1")  # of what two effects cover: less is no agreement


def one_code(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """An occupation's official title set beside another name of the same code.

    The page gives the two as two occupations, each with pay of its own.
    """
    own = [f for f in page.levels if is_own(f, page, rules) and len(f.codes) == 1
           and f.row["cohort"] == "all" and worth(f)]  # fmt: skip
    official = [f for f in own if f.row["match_grade"] == "official"]
    told: set[str] = set()
    for a in official:
        code = next(iter(a.codes))
        others = [f for f in page.levels if is_own(f, page, rules)
                  and code in f.codes and f.row["match_grade"] == "alternate"
                  and f.row["cohort"] == "all"
                  and f.place == a.place and f.row["statistic"] in CENTRES]  # fmt: skip
        for b in others:
            if code not in told and worth(a) != worth(b):
                told.add(code)
                yield Contradiction("occupation_mismatch", (a.row, b.row), "one_code",
                                    code)  # fmt: skip


def is_own(fact: Fact, page: Page, rules: Rules) -> bool:
    """The page's own word, or its publisher's."""
    name = voice(fact)
    return name == "unnamed" or own_voice(name, page, rules)


def worth(fact: Fact) -> tuple[object, object]:
    """The amount or the range."""
    row = fact.row
    if row["annual"] is not None:
        return row["annual"], row["annual"]
    return row["annual_low"], row["annual_high"]


def two_sizes(page: Page, rules: Rules) -> Iterator[Contradiction]:
    """A premium in percent and one in money that meet nowhere on the page's centre.

    Certificates that add 20 to 30 percent do not add $5,000 to $10,000 to $48,000.
    """
    centre = next(
        (f for f in page.levels if f.row["statistic"] in CENTRES
         and f.row["area_level"] == "national" and f.amount and f.row["annual"]), None
    )  # fmt: skip
    changes = [f for f in page.facts if f.row.get("credential") and bounds(f)
               and f.row.get("direction") != "down"]  # fmt: skip
    relative = [f for f in changes if f.row["kind"] == RELATIVE]
    absolute = [f for f in changes if f.row["kind"] == ABSOLUTE]
    if centre is None or not relative or not absolute:
        return
    one, other = relative[0], absolute[0]
    low, high = bounds(one) or (Decimal(0), Decimal(0))
    implied = [HUNDRED * end / centre.row["annual"] for end in bounds(other) or ()]
    share = overlap((low, high), (implied[0], implied[1]))
    if low < high and share < TOUCHING:
        said = f"{implied[0]:.1f} to {implied[1]:.1f} %"
        rows = (one.row, other.row, centre.row)
        yield Contradiction("arithmetic_contradiction", rows, "two_sizes", said)


def overlap(a: tuple[Decimal, Decimal], b: tuple[Decimal, Decimal]) -> Decimal:
    """What two ranges share of what they cover."""
    across = max(a[1], b[1]) - min(a[0], b[0])
    within = max(Decimal(0), min(a[1], b[1]) - max(a[0], b[0]))
    return within / across if across else Decimal(1)
