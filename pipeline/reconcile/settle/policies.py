"""Read which policy settles which question: vocabularies/policies.csv."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.core.errors import UnknownLabel
from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.authority import classify_question, rule_fits
from schemas.salaries import POLICIES as POLICIES

# Policies that choose by authority and estimate nothing that could choose.
PUBLISHED = ("primary-first", "no-blend")
# All that decides a cell beside its figures: `policy_sha256` of a row changes with any
# of them.
FILES = ("authority", "grades", "policies", "policy_terms", "settlement")
KEY = ["asked_of", "area_level", "year"]


@dataclass(frozen=True)
class Policies:
    """Rows of vocabularies/policies.csv; the first that fits a question counts.

    Args:
        rules: Kind of question, area level and years, to the name of a policy.
        terms: Numbers that the policies use, by key.
        digest: 12 hex digits over every file that a policy is made of.
    """

    rules: tuple[dict[str, str | None], ...]
    terms: Mapping[str, float]
    digest: str

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "Policies":
        """Read policies, their numbers, and the digest of all that decides.

        Raises:
            UnknownLabel: A row names a policy that does not exist.
        """
        columns = ("measure", "area_level", "from", "to", "policy")
        rules = vocabulary.read_table("policies", *columns).rows(named=True)
        unknown = sorted({str(r["policy"]) for r in rules} - {*POLICIES})
        if unknown:
            raise UnknownLabel("a policy", unknown, "vocabularies/policies.csv")
        terms = vocabulary.read_table("policy_terms", "key", "value")
        return cls(
            tuple(rules),
            {k: float(v) for k, v in terms.select("key", "value").iter_rows()},
            digest_policy_files(vocabulary),
        )

    def add_policies(self, figures: pl.DataFrame) -> pl.DataFrame:
        """Add `policy`: the name of the one that settles each figure's question."""
        keyed = figures.with_columns(asked_of=classify_question(pl.col("cohort")))
        keys = keyed.select(KEY).unique().sort(KEY)
        found = [self.policy_for_question(row) for row in keys.iter_rows(named=True)]
        rules = keys.with_columns(policy=pl.Series(found, dtype=pl.String))
        return keyed.join(rules, on=KEY, how="left", nulls_equal=True,
                          maintain_order="left")  # fmt: skip

    def policy_for_question(self, key: Mapping[str, Any]) -> str:
        """Return the policy of the first rule that fits, else `primary-first`."""
        # A policy is for a question and not for a publisher, but `rule_fits` reads the
        # columns of vocabularies/authority.csv.
        question = {**key, "publisher": None}
        for rule in self.rules:
            if rule_fits(question, {**rule, "publisher": "*"}):
                return str(rule["policy"])
        return POLICIES[0]

    def least_figures(self, policy: str) -> int:
        """Return how many figures an estimate of a policy needs."""
        return int(self.terms.get(f"least_{policy}", 1))


def digest_policy_files(vocabulary: Vocabulary) -> str:
    """Return 12 hex digits over the bytes of every table that decides."""
    found = hashlib.sha256()
    for name in FILES:
        found.update(name.encode())
        found.update((vocabulary.folder / f"{name}.csv").read_bytes())
    return found.hexdigest()[:12]
