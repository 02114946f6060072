"""Measure how far a new snapshot is from the last good one, and whether it may be.

A release in its season may replace everything; on any other day a file changes a
little. Limits are facts of the source. What a person has looked at and found right is
a row of `vocabularies/accepted.csv`, tied to its digest.
"""

import re
from collections.abc import Iterable

import polars as pl

from pipeline.archive.schedule import RefreshPolicy
from pipeline.core.errors import Drifted, UnknownLabel
from pipeline.core.model import MADE, Snapshot
from pipeline.core.vocabulary import Vocabulary

ACCEPTED = ("snapshot", "source", "author", "date", "reason")
# Columns of a claim that say what is asked; two files are compared by them.
QUESTION = (
    *("measure", "statistic", "period", "pay_basis", "occupation", "soc"),
    *("occupation_group", "area", "area_code", "credential", "credential_count"),
    *("experience_label", "specialty", "employer_type", "industry"),
    "reference_period",
)
ANSWER = ("value", "low", "high", "availability")
FEWEST_CLAIMS = 20  # below it one figure more or less is a large share
MOST_CLAIMS = 1_000_000  # above it values are not compared: the join would not fit


def strip_digits(name: str) -> str:
    """Return a file's name without its digits, the same for editions of one file.

    `oesm25nat.zip` and `oesm26nat.zip` are both `oesm#nat.zip`.
    """
    return re.sub(r"\d+", "#", name)


def order_by_day(snapshot: Snapshot) -> tuple[str, str, str]:
    """Return a key that sorts snapshots by the day on which they came.

    The digest makes the order total, so that a chain of comparisons ends.
    """
    return snapshot.retrieved, snapshot.kept, snapshot.sha256


def find_family(kept: Iterable[Snapshot], name: str, sha256: str) -> list[Snapshot]:
    """Return published snapshots of the same file with other bytes, the newest first.

    Made pages are no measure for what a publisher sends.
    """
    ours = [
        s
        for s in kept
        if strip_digits(s.name) == strip_digits(name)
        and s.sha256 != sha256
        and s.capture != MADE
    ]
    return sorted(ours, key=order_by_day, reverse=True)


def is_change_expected(
    policy: RefreshPolicy, old: Snapshot, edition: str, day: str
) -> bool:
    """Whether everything may change: a new edition, in the source's season."""
    return edition != old.edition and policy.is_in_season(day)


def is_accepted(vocabulary: Vocabulary, source: str, sha256: str) -> bool:
    """Whether a person has looked at these bytes and found them right.

    Raises:
        UnknownLabel: A row without author, date or reason.
    """
    for row in vocabulary.read_table("accepted", *ACCEPTED).to_dicts():
        if (row["source"], row["snapshot"]) == (source, sha256[:12]):
            if not all(row[name] for name in ACCEPTED):
                raise UnknownLabel(
                    f"accepted {row['snapshot']}", ["no author, date or reason"],
                    "vocabularies/accepted.csv",
                )  # fmt: skip
            return True
    return False


def check_size(
    policy: RefreshPolicy, where: str, new: tuple[str, int], old: int
) -> None:
    """Compare sizes in bytes; `new` is (digest, size).

    Raises:
        Drifted: They are further apart than they may be.
    """
    sha256, size = new
    _check_share(policy, where, sha256, "size", f"{old:,} bytes", f"{size:,} bytes",
             abs(size - old) / max(old, 1))  # fmt: skip


def check_claims(
    policy: RefreshPolicy, where: str, sha256: str, new: pl.DataFrame, old: pl.DataFrame
) -> None:
    """Compare how many claims, how many places and which values two files give.

    Small files are let pass; of very large ones the values are not compared.

    Raises:
        Drifted: One of them is further apart than it may be.
    """
    if max(new.height, old.height) < FEWEST_CLAIMS:
        return
    for measure, before, now in (
        ("rows", old.height, new.height),
        ("areas", old["area"].n_unique(), new["area"].n_unique()),
    ):
        share = abs(now - before) / max(before, 1)
        _check_share(policy, where, sha256, measure, f"{before:,}", f"{now:,}", share)
    if max(new.height, old.height) > MOST_CLAIMS:
        return
    shared, other = count_changed_values(new, old)
    if shared >= FEWEST_CLAIMS:
        counts = f"{shared:,} shared values", f"{other:,} others"
        _check_share(policy, where, sha256, "values", *counts, other / shared)


def count_changed_values(new: pl.DataFrame, old: pl.DataFrame) -> tuple[int, int]:
    """Count the questions that both files answer, and those answered differently.

    A question that a file answers more than once is left out: which of its figures
    the other file's goes with is not known.
    """
    both = [
        frame.select(*QUESTION, *ANSWER).filter(
            ~pl.struct(QUESTION).is_duplicated()
        )
        for frame in (new, old)
    ]  # fmt: skip
    joined = both[0].join(both[1], on=list(QUESTION), nulls_equal=True, suffix="_old")
    same = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(f"{name}_old")) for name in ANSWER
    )
    return joined.height, joined.filter(~same).height


def _check_share(
    policy: RefreshPolicy,
    where: str,
    sha256: str,
    measure: str,
    before: str,
    now: str,
    share: float,
) -> None:
    """Raise where a share is beyond its limit.

    Raises:
        Drifted: Both figures and the limit are named.
    """
    limit = policy.limits[measure]
    if share > limit:
        change = f"{measure} went from {before} to {now}"
        raise Drifted(where, sha256[:12], change, f"{limit:.0%}")
