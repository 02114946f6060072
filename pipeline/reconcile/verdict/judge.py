"""Judge one quoted figure by the evidence: the cheapest explanation wins.

Primary source by lookup, never by vote: a figure that names a publisher is held
against that publisher's own cell. Explanations are tried in the order of their cost
(vocabularies/likeness.csv): the cell itself, the same rounded, another vintage,
another statistic, another unit. Another cell explains a figure only if it matches to
the last digit and the figure is quoted finely: at $1,000 precision some BLS cell
matches by chance 39 times in 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.reconcile.evidence.matching import (
    MatchTolerances,
    find_unit_factor,
    grain_of_amount,
    is_digit_slip,
    match_amounts,
)
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import Reference, ReferenceIndex
from pipeline.reconcile.verdict.other_cell import find_other_cell
from pipeline.reconcile.verdict.quoted_ranges import (
    convert_to_period,
    distance_sort_key,
    is_same_population,
    match_range,
)
from pipeline.reconcile.verdict.verdicts import Verdict

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Judge:
    """Gives one verdict for each figure, from evidence that is gathered once."""

    evidence: ReferenceIndex
    measures: MatchTolerances
    publishers: Publishers

    def judge_figure(self, row: Row) -> Verdict:
        """Judge one draft figure (a row with the columns of `schemas.Figures`)."""
        return (
            self.find_unjudgeable(row)
            or self.find_orphan(row)
            or self.compare_with_cells(row)
        )

    def find_unjudgeable(self, row: Row) -> Verdict | None:
        """Return the verdict of a figure that no evidence is for, or None."""
        name = row["publisher"]
        if name == "unnamed":
            return Verdict(row["claim_id"], "unattributed", "unattributed")
        if row["primary"]:
            return Verdict(row["claim_id"], "not_comparable", "own_publication")
        # Several publishers (`bls+payscale`): a figure compiled from both is neither's
        # own.
        if "+" in name:
            return Verdict(row["claim_id"], "unsupported", "compiled")
        if name not in self.evidence.publishers:
            return Verdict(row["claim_id"], "unsupported", "publisher_not_loaded")
        return None

    def find_orphan(self, row: Row) -> Verdict | None:
        """Return `wrong_scope` where the publisher has no such figures, or None."""
        missing = self.publishers.find_unpublished(
            row["publisher"], row["cohort"], row["statistic"]
        )
        return None if missing is None else self.make_wrong_scope(row, missing)

    def compare_with_cells(self, row: Row) -> Verdict:
        """Return the verdict of the cheapest explanation by the publisher's cells."""
        if row["soc_candidates"] is None:
            return Verdict(row["claim_id"], "not_comparable", "occupation_unknown")
        about = self.evidence.about_occupations(
            row["publisher"], row["soc_candidates"].split("|")
        )
        if row["as_published"] is None:
            return self.judge_range(row, about)
        if row["statistic"] == "unspecified":
            return self.judge_unstated(row, about)
        same = [
            r
            for r in about
            if is_same_population(r, row) and r.area_code == row["area_code"]
        ]
        own = [r for r in same if r.statistic == row["statistic"]]
        if not own:
            # The asked cell is not loaded, but the quote may be a loaded cell of
            # another place or title that the page names; that needs a year.
            found = self.judge_as_other_cell(row) if row["year"] else None
            return found or Verdict(row["claim_id"], "unsupported", "cell_not_loaded")
        if row["year"] is None:
            return self.judge_undated(row, own, same)
        named = [r for r in own if r.year == row["year"]]
        if not named:
            return Verdict(row["claim_id"], "unsupported", "vintage_not_loaded")
        return self.explain_dated(row, named, own, same)

    def judge_range(self, row: Row, about: list[Reference]) -> Verdict:
        """Compare a range with published ones, and with pairs of percentiles."""
        found = match_range(row, about, self.measures)
        if found:
            return self.make_agreed(row, *found)
        if self.publishers.publishes_statistic(row["publisher"], row["statistic"]):
            return Verdict(row["claim_id"], "not_comparable", "range_not_point")
        # BLS publishes no ranges, but its percentiles are quoted as such: a range of a
        # vintage that is not loaded cannot be told from one.
        years = {r.year for r in about if r.area_code == row["area_code"]}
        if not years or (row["year"] is not None and row["year"] not in years):
            return Verdict(row["claim_id"], "unsupported", "vintage_not_loaded")
        return self.make_wrong_scope(row, "statistic")

    def judge_unstated(self, row: Row, about: list[Reference]) -> Verdict:
        """Judge a figure whose statistic the page does not name, as median or mean."""
        # Only agreement counts: a page that does not say which it means cannot be held
        # to the wrong one.
        for statistic in ("median", "mean"):
            found = self.compare_with_cells({**row, "statistic": statistic})
            if found.verdict in ("supported", "rounded"):
                return found
        is_loaded = any(r.area_code == row["area_code"] for r in about)
        why = "statistic_not_stated" if is_loaded else "cell_not_loaded"
        return Verdict(row["claim_id"], "unsupported", why)

    def make_wrong_scope(self, row: Row, missing: str) -> Verdict:
        """Make the verdict that the publisher publishes nothing of the kind."""
        return Verdict(
            row["claim_id"],
            "wrong_scope",
            f"no_{missing}",
            type="impossible_or_orphan",
            cost=self.measures.costs["impossible_or_orphan"],
        )

    def explain_dated(
        self,
        row: Row,
        named: list[Reference],
        own: list[Reference],
        same: list[Reference],
    ) -> Verdict:
        """Explain a dated figure: by its own cell, then by what else it could be."""
        found = self.find_match(row, named)
        if found:
            return self.make_agreed(row, *found)
        reasons = self.find_slips(row, named, own, same)
        nearest = min(named, key=lambda r: distance_sort_key(row, r))
        meant = set(row["soc_candidates"].split("|"))
        if not reasons and not meant <= {r.soc for r in named}:
            # A title of several codes is misquoted only if it is so under each.
            return Verdict(row["claim_id"], "not_comparable", "ambiguous_occupation",
                           nearest)  # fmt: skip
        if not reasons:
            return self.judge_as_other_cell(row) or self.make_misquoted(row, nearest)
        cost, kind, reference = reasons[0]
        runner = next((k for c, k, _ in reasons[1:]), "misquote")
        verdicts = {"stale_vintage": "stale"}
        return Verdict(
            row["claim_id"], verdicts.get(kind, kind), kind,
            nearest if kind == "unit_slip" else reference, kind, cost, runner,
        )  # fmt: skip

    def judge_as_other_cell(self, row: Row) -> Verdict | None:
        """Return the verdict of a figure of something else on the page, or None."""
        about = self.evidence.about_anything(row["publisher"])
        found = find_other_cell(row, about, self.measures)
        if found is None:
            return None
        kind, reference = found
        cost = self.measures.costs["geography_mismatch"]
        return Verdict(
            row["claim_id"], "wrong_scope", kind, reference, kind, cost, "misquote"
        )

    def find_slips(
        self,
        row: Row,
        named: list[Reference],
        own: list[Reference],
        same: list[Reference],
    ) -> list[tuple[float, str, Reference]]:
        """Return explanations other than the cell itself, cheapest first."""
        found = []
        costs = self.measures.costs
        if self.is_discriminating(row):
            old = [r for r in own if r.year != row["year"]]
            other = [r for r in same if r.statistic != row["statistic"]
                     and r.year == row["year"]]  # fmt: skip
            # To the last digit: at $1,000 some BLS cell matches by chance 39 times in
            # 100.
            for kind, cells in (("stale_vintage", old), ("wrong_statistic", other)):
                exact = [
                    r for r in cells if row["as_published"] == convert_to_period(row, r)
                ]
                exact.sort(key=lambda r: (r.year, r.claim_id), reverse=True)
                found += [(costs[kind], kind, r) for r in exact[:1]]
        # Units are looked for in the named vintage alone: each factor, up and down, is
        # one more number that may match by chance.
        for reference in named:
            amount = reference.annual
            if amount and find_unit_factor(row["annual"], amount, self.measures):
                found.append((costs["unit_slip"], "unit_slip", reference))
                break
        return sorted(found, key=lambda reason: reason[:2])

    def judge_undated(
        self, row: Row, own: list[Reference], same: list[Reference]
    ) -> Verdict:
        """Judge a figure without a date: by the newest vintage, then by older ones."""
        years = sorted({r.year for r in own}, reverse=True)
        for year in years:
            found = self.find_match(row, [r for r in own if r.year == year])
            if found and year == years[0]:
                return self.make_agreed(row, *found)
            # A rounded match with an older vintage is no proof of it, unless the page
            # itself says about.
            if found and (found[1] == "exact" or row["approximate"]):
                return Verdict(
                    row["claim_id"], "stale", "stale_vintage", found[0],
                    "stale_vintage", self.measures.costs["stale_vintage"], "misquote",
                )  # fmt: skip
        # With a year missing between the loaded ones, or few of them, the undated
        # figure may be of a release that is not loaded.
        gaps = years[0] - years[-1] >= len(years)
        if gaps or len(years) < self.measures.undated_vintages:
            return Verdict(row["claim_id"], "unsupported", "undated")
        newest = [r for r in own if r.year == years[0]]
        dated = {**row, "year": years[0]}
        return self.explain_dated(dated, newest, newest, same)

    def find_match(
        self, row: Row, cells: list[Reference]
    ) -> tuple[Reference, str] | None:
        """Return the cell that the figure matches, exactly before rounded, or None."""
        found: list[tuple[str, bool, int, str, Reference]] = []
        for reference in cells:
            published = convert_to_period(row, reference)
            if published is None:
                continue
            converted = row["period"] != reference.period
            how = match_amounts(
                Decimal(row["as_published"]),
                published,
                self.measures,
                approximate=row["approximate"],
                # A rate by the hour and the pay of a year are both published: their
                # rounding is the publisher's, and no excuse.
                converted=converted and row["period"] not in ("year", "hour"),
            )
            if how:
                place = (reference.hand, reference.claim_id)
                found.append((how, converted, *place, reference))
        found.sort(key=lambda f: f[:4])
        return (found[0][4], found[0][0]) if found else None

    def make_agreed(self, row: Row, reference: Reference, how: str) -> Verdict:
        """Make the verdict that the figure is the cell's own, exactly or rounded."""
        verdict = "supported" if how == "exact" else "rounded"
        cost = self.measures.costs["own_cell" if how == "exact" else "rounded"]
        return Verdict(row["claim_id"], verdict, "own_cell", reference, cost=cost)

    def make_misquoted(self, row: Row, nearest: Reference) -> Verdict:
        """Make the verdict that nothing explains the figure."""
        if nearest.annual is None:
            return Verdict(
                row["claim_id"], "unsupported", "suppressed_at_source", nearest
            )
        # The next best explanation: at 2.5 a wrong digit costs more than a misquote
        # that nothing explains, at 2.
        slip = is_digit_slip(
            Decimal(row["as_published"]), convert_to_period(row, nearest) or Decimal(0)
        )
        return Verdict(
            row["claim_id"], "misquoted", "misquote", nearest, "misquote",
            self.measures.costs["misquote"], "digit_slip" if slip else None,
        )  # fmt: skip

    def is_discriminating(self, row: Row) -> bool:
        """Return whether a match with another cell would hardly be by chance."""
        step = grain_of_amount(Decimal(row["as_published"]), self.measures)
        return step <= self.measures.discriminating_grain and not row["approximate"]
