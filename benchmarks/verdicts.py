"""Mutations: is a true sentence left alone, and a changed one found, with its cause?

    python benchmarks/verdicts.py [--home FOLDER] [--misses]

Sentences are made from the files' own numbers: figures of the release's OEWS tables in
ten wordings, alone on a page or among true ones. Each is then changed in one way:
digits, year, statistic, place, occupation, the hours of a year, the pay period, or
rounded unfairly. Read and judged by `payproof check`. Without `--home` a release of the
bundled snapshots is made. Exits 1 below a limit.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import polars as pl  # noqa: E402  (run as a file, not as a module)

from benchmarks.conflicts import kept  # noqa: E402
from pipeline.core.store import Home  # noqa: E402
from pipeline.core.vocabulary import Vocabulary, open_vocabulary  # noqa: E402
from pipeline.query.check import check, extract_page  # noqa: E402
from pipeline.query.published import Release, find_latest  # noqa: E402
from pipeline.reconcile.verdict.verdicts import ACCUSATIONS  # noqa: E402

FLAGGED, CAUSE = 0.85, 0.75
SEED = 13
JOBS = {
    "11-9111": "medical and health services managers",
    "29-1141": "registered nurses",
    "31-9094": "medical transcriptionists",
    "43-3021": "billing and posting clerks",
    "43-6013": "medical secretaries and administrative assistants",
}
STATES = {"39": "Ohio", "48": "Texas", "06": "California", "53": "Washington"}
YEARS = (2016, 2018, 2019, 2021, 2023)
STATE_YEAR = 2025
NAMES = {"median": "median", "mean": "mean", "p10": "10th percentile",
         "p90": "90th percentile"}  # fmt: skip
# Wordings of a year's pay; `{what}` is a statistic, `{where}` the place.
YEARLY = (
    "According to the Bureau of Labor Statistics, the {what} annual wage of {job}"
    " {where} was {pay} in May {year}.",
    "The Bureau of Labor Statistics reports that in May {year} the {what} pay of {job}"
    " {where} was {pay} a year.",
    "In May {year}, {job} {where} had a {what} annual wage of {pay}, per the BLS.",
    "BLS data for May {year} put the {what} yearly wage for {job} {where} at {pay}.",
    "For {job} {where}, the {what} annual salary was {pay} in May {year}, the Bureau of"
    " Labor Statistics says.",
)
HOURLY = (
    "According to the Bureau of Labor Statistics, the {what} hourly wage of {job}"
    " {where} was {pay} in May {year}.",
    "In May {year}, {job} {where} had a {what} wage of {pay} an hour, per the BLS.",
)
MONTHLY = (
    "According to the Bureau of Labor Statistics, the {what} wage of {job} {where} was"
    " {pay} a month in May {year}.",
)
HEDGED = (
    "The Bureau of Labor Statistics says that {job} {where} made a {what} of around"
    " {pay} a year in May {year}.",
)
LEAD = "{what} annual pay {where}, Bureau of Labor Statistics, May {year}:"
FORMS = ("alone", "among", "table", "list")
NATION, NATION_WORDS = "US", "in the United States"
RIGHT = {
    "digits": {"misquoted"},
    "year": {"stale"},
    "statistic": {"wrong_statistic"},
    "place": {"wrong_scope"},
    "occupation": {"wrong_scope"},
    "hours": {"unit_slip"},
    "period": {"unit_slip"},
    "rounding": {"misquoted"},
}
COUNTS = {"digits": 8, "year": 8, "statistic": 8, "place": 6, "occupation": 5,
          "hours": 4, "period": 3, "rounding": 3}  # fmt: skip
Key = tuple[str, str, str, int, str]


@dataclass(frozen=True)
class Case:
    """A page of sentences, one of which is tested.

    Args:
        kind: Of the change; `true` or `fair` where there is none.
        sentence: With the figure that is tested.
        quote: The figure.
        others: True sentences around it.
    """

    kind: str
    sentence: str
    quote: str
    others: tuple[str, ...] = ()
    lead: str = ""

    def write_page(self) -> str:
        """Return the page as Markdown."""
        gap = "\n" if self.lead else "\n\n"
        body = gap.join((*self.others[:1], self.sentence, *self.others[1:]))
        end = "\n" if self.lead.endswith("|") else "\n\n"
        lead = f"{self.lead}{end}" if self.lead else ""
        return f"# What office and nursing jobs pay\n\n{lead}{body}\n"


class Published:
    """Figures of the survey's own tables, by question."""

    def __init__(self, release: Release) -> None:
        """Read those of the jobs of this benchmark."""
        rows = (
            release.scan_table("figures")
            .filter(
                pl.col("source") == "bls_oews",
                pl.col("soc").is_in(list(JOBS)),
                pl.col("cohort") == "all",
                pl.col("as_published").is_not_null(),
                pl.col("area_code").is_in([NATION, *STATES]),
            )
            .select("soc", "area_code", "statistic", "year", "period", "as_published")
            .sort("soc", "area_code", "statistic", "year", "period", "as_published")
            .collect()
        )
        self.pay: dict[Key, Decimal] = {
            (soc, area, statistic, year, period): amount
            for soc, area, statistic, year, period, amount in rows.iter_rows()
        }

    def find(self, key: Key) -> Decimal | None:
        """Return a figure, or None."""
        return self.pay.get(key)


def write_amount(amount: Decimal) -> str:
    """Return dollars as a page writes them, with cents where there are any."""
    return (
        f"${amount:,.2f}".removesuffix(".00") if amount >= 1000 else f"${amount:,.2f}"
    )


def say(key: Key, amount: Decimal, wording: str) -> tuple[str, str]:
    """Return a sentence, and the figure in it."""
    soc, area, statistic, year, _ = key
    quote = write_amount(amount)
    where = NATION_WORDS if area == NATION else f"in {STATES[area]}"
    text = wording.format(what=NAMES[statistic], job=JOBS[soc], where=where,
                          pay=quote, year=year)  # fmt: skip
    return text, quote


def list_form(
    form: str, key: Key, amount: Decimal, published: Published, rng: random.Random
) -> tuple[str, str, tuple[str, ...], str]:
    """Return the row of a table or list, its figure, the true rows, and the lead-in."""
    soc, area, statistic, year, period = key
    where = NATION_WORDS if area == NATION else f"in {STATES[area]}"
    lead = LEAD.format(what=NAMES[statistic].capitalize(), where=where, year=year)
    shape = "| {} | {} |" if form == "table" else "* {}: {}"
    quote = write_amount(amount)
    rows = [
        shape.format(JOBS[other].capitalize(), write_amount(own))
        for other in JOBS
        if other != soc
        and (own := published.find((other, area, statistic, year, period))) is not None
    ]
    rng.shuffle(rows)
    if form == "table":
        lead += "\n\n| Occupation | Annual pay |\n|---|---|"
    return shape.format(JOBS[soc].capitalize(), quote), quote, tuple(rows), lead


def swap_digits(amount: Decimal) -> Decimal | None:
    """Return an amount with the first two different neighbours swapped, after one."""
    digits = list(str(int(amount)))
    for i in range(1, len(digits) - 1):
        if digits[i] != digits[i + 1]:
            digits[i], digits[i + 1] = digits[i + 1], digits[i]
            return Decimal("".join(digits))
    return None


def change(kind: str, key: Key, published: Published, rng: random.Random) -> Any:
    """Return the changed amount and the pay period it is told for, or None."""
    soc, area, statistic, year, period = key
    own = published.pay[key]
    if kind == "digits":
        return swap_digits(own), period
    if kind == "year":
        return published.find((soc, area, statistic, year - 2, period)), period
    if kind == "statistic":
        other = rng.choice([s for s in NAMES if s != statistic])
        return published.find((soc, area, other, year, period)), period
    if kind == "place":
        return published.find((soc, NATION, statistic, year, period)), period
    if kind == "occupation":
        other = rng.choice([s for s in JOBS if s != soc])
        return published.find((other, area, statistic, year, period)), period
    if kind == "hours":
        hour = published.find((soc, area, statistic, year, "hour"))
        return (hour and (hour * 2000).quantize(Decimal(1))), period
    if kind == "period":
        return own, "month"
    if kind == "rounding":
        return (own * Decimal("1.035") / 1000).quantize(Decimal(1)) * 1000, period
    raise ValueError(kind)


def list_keys(published: Published, kind: str) -> list[Key]:
    """Return the questions that sentences of a kind are made of."""
    areas = set(STATES) if kind == "place" else {NATION}
    return [
        key
        for key in published.pay
        if key[1] in areas
        and key[2] in NAMES
        and key[3] in ((STATE_YEAR,) if kind == "place" else YEARS)
        and key[4] == "year"
    ]


def list_true_sentences(
    key: Key, published: Published, rng: random.Random, named: str = ""
) -> tuple[str, ...]:
    """Return two true sentences of the same year and place, of other jobs."""
    _, area, statistic, year, period = key
    socs = [s for s in JOBS if s != key[0]]
    rng.shuffle(socs)
    if named:
        socs = [named, *(s for s in socs if s != named)]
    found = []
    for soc in socs:
        other = (soc, area, statistic, year, period)
        amount = published.find(other)
        if amount is not None:
            found.append(say(other, amount, rng.choice(YEARLY))[0])
    return tuple(found[:2])


def find_owner(amount: Decimal, key: Key, published: Published) -> str:
    """Return the other job whose figure an amount is, or ""."""
    _, *rest = key
    return next(
        (s for s in JOBS if s != key[0] and published.find((s, *rest)) == amount), ""
    )


def make_wrong(published: Published, rng: random.Random) -> Iterator[Case]:
    """Yield the changed sentences, half of them among true ones."""
    for kind, count in COUNTS.items():
        keys = list_keys(published, kind)
        rng.shuffle(keys)
        made = 0
        for key in keys:
            if made == count:
                break
            amount, period = change(kind, key, published, rng)
            if not amount or (amount == published.pay[key] and period == key[4]):
                continue
            form = FORMS[made % len(FORMS)] if period == "year" else "alone"
            if form in ("table", "list"):
                yield Case(kind, *list_form(form, key, amount, published, rng))
            else:
                hedged = YEARLY + HEDGED if kind in ("digits", "year") else YEARLY
                wordings = MONTHLY if period == "month" else hedged
                owner = find_owner(amount, key, published)
                named = owner if kind == "occupation" else ""
                others = list_true_sentences(key, published, rng, named)
                among = form == "among" or named
                yield Case(kind, *say(key, amount, rng.choice(wordings)),
                           others if among else ())  # fmt: skip
            made += 1


def make_right(published: Published, rng: random.Random) -> Iterator[Case]:
    """Yield true sentences by the year and the hour, and fair roundings."""
    keys = list_keys(published, "digits") + list_keys(published, "place")
    rng.shuffle(keys)
    for n, key in enumerate(keys[:32]):
        own = published.pay[key]
        if n % 4 == 3:
            form = "table" if n % 8 == 3 else "list"
            yield Case("true", *list_form(form, key, own, published, rng))
            continue
        others = list_true_sentences(key, published, rng) if n % 2 else ()
        if n % 3 == 0:
            yield Case("true", *say(key, own, rng.choice(YEARLY)), others)
            continue
        if n % 3 == 1:
            hour = published.find((*key[:4], "hour"))
            if hour is not None:
                yield Case("true", *say(key, hour, rng.choice(HOURLY)), others)
            continue
        step = Decimal(rng.choice((100, 1000)))
        fair = (own / step).quantize(Decimal(1)) * step
        text, quote = say(key, fair, rng.choice(YEARLY))
        about = text.replace(quote, f"about {quote}") if step == 1000 else text
        yield Case("fair", about, quote, others)


def judge_case(case: Case, release: Release, words: Vocabulary) -> str:
    """Return the verdict on the tested figure; `not read` where there is none."""
    page = extract_page(case.write_page().encode(), Path("page.md"), words)
    found = check(page, release, words)
    at = page.document.text.index(case.quote, page.document.text.index(case.sentence))
    starts = {c["claim_id"]: c["start"] for c in page.claims.iter_rows(named=True)}
    near = [v for v in found.verdicts if starts[v["claim_id"]] is not None
            and at <= starts[v["claim_id"]] + 1 <= at + len(case.quote)]  # fmt: skip
    return str(near[0]["verdict"]) if near else "not read"


def report(
    results: list[tuple[Case, str]], *, misses: bool
) -> tuple[float, float, int]:
    """Print the table by kind; return shares flagged and with the right cause."""
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    flagged = right = wrong = accused = 0
    for case, verdict in results:
        is_accused = verdict in ACCUSATIONS
        fine = verdict in RIGHT.get(case.kind, set()) or (
            case.kind not in RIGHT and not is_accused
        )
        by_kind[case.kind][verdict] += 1
        if case.kind in RIGHT:
            wrong, flagged = wrong + 1, flagged + is_accused
            right += fine
        else:
            accused += is_accused
        if misses and not fine:
            print(f"  {case.kind:10} {verdict:15} {case.sentence}")
    for kind, verdicts in by_kind.items():
        said = ", ".join(f"{v} {n}" for v, n in verdicts.most_common())
        print(f"{kind:10} {sum(verdicts.values()):3}  {said}")
    sound = len(results) - wrong
    shares = flagged / wrong, right / wrong
    print(
        f"wrong ones flagged {flagged} of {wrong} ({shares[0]:.2f}), right cause"
        f" {right} ({shares[1]:.2f}); true and fair accused {accused} of {sound}"
    )
    return *shares, accused


def main(folder: str, *, misses: bool) -> int:
    """Print the table and say whether the limits are kept."""
    with tempfile.TemporaryDirectory() as made:
        if folder:
            home = Home(Path(folder))
            release = find_latest(home)
        else:
            home, release = kept(Path(made) / "home", [])
        words = open_vocabulary(ROOT / "vocabularies")
        rng = random.Random(SEED)
        published = Published(release)
        cases = [*make_wrong(published, rng), *make_right(published, rng)]
        results = [(case, judge_case(case, release, words)) for case in cases]
        flagged, right, accused = report(results, misses=misses)
    return 0 if flagged >= FLAGGED and right >= CAUSE and not accused else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", default="", help="a home with a release")
    parser.add_argument("--misses", action="store_true", help="print what is missed")
    given = parser.parse_args()
    sys.exit(main(given.home, misses=given.misses))
