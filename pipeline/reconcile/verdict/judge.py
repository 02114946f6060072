"""Judge the quoted figures of pages by what their publishers published.

Primary source by lookup, never by vote, and only what the page names is tried. Figures
are looked up one by one (`first_look`); then the figures of one page say together
whether it was read right (`page_frames`), and only then may it be accused
(`accusation_gate`). The same judge is asked by `check` and by `refresh`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.code_lines import CodeLines
from pipeline.reconcile.evidence.industry_names import (
    add_meant_words,
    find_telling_words,
    read_industry_words,
)
from pipeline.reconcile.evidence.matching import MatchTolerances
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import (
    ALL,
    INDUSTRY,
    NATION,
    Reference,
    ReferenceIndex,
)
from pipeline.reconcile.verdict.accusation_gate import find_open_field, is_declared
from pipeline.reconcile.verdict.asked_question import BARE_YEAR, AskedQuestion
from pipeline.reconcile.verdict.cell_match import is_fine
from pipeline.reconcile.verdict.field_readings import PLAIN, FieldReading
from pipeline.reconcile.verdict.first_look import (
    FirstLook,
    list_tried,
    look_among_named,
    look_up,
    look_up_range,
    make_older,
    soft,
)
from pipeline.reconcile.verdict.page_frames import FramedFigure, Proof, weigh_frame
from pipeline.reconcile.verdict.quoted_ranges import is_same_basis
from pipeline.reconcile.verdict.unpublished_kinds import judge_unpublished
from pipeline.reconcile.verdict.verdict_certainty import CertaintyTable
from pipeline.reconcile.verdict.verdicts import Verdict

Row = Mapping[str, Any]
Parted = tuple[list[Reference], list[Reference]]
UNNAMED = "unnamed"
WORDS = {
    "stale_vintage": "stale",
    "misquote": "misquoted",
    "digit_slip": "misquoted",
    "geography_mismatch": "wrong_scope",
    "population_mismatch": "wrong_scope",
    "pay_concept_mismatch": "wrong_scope",
    "occupation_mismatch": "wrong_scope",
}


@dataclass(frozen=True)
class PageHead:
    """What a page itself says, whatever its figures say.

    Args:
        year: As of which it speaks; None where it does not say.
        publishers: Official ones that it names anywhere.
        states: Codes of the states that it names anywhere.
        declared: Publisher to the year that it states once for all of its figures.
        shortened: What it may call publishers that it names whole, to these.
    """

    year: int | None = None
    publishers: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    declared: Mapping[str, int] = field(default_factory=dict)
    shortened: Mapping[str, str] = field(default_factory=dict)


NO_HEAD = PageHead()


@dataclass(frozen=True)
class JudgedPage:
    """What is known of the page that a figure stands on.

    Args:
        cells: Publisher to its cells of the page's occupations and places.
        places: Codes of the areas that its figures are of.
        lenders: Publishers that it names for some of its figures.
        year: As of which it speaks.
        declared: Publisher to the year that it states once for all of its figures.
    """

    cells: Mapping[str, tuple[Reference, ...]]
    places: frozenset[str]
    lenders: frozenset[str]
    year: int | None
    declared: Mapping[str, int] = field(default_factory=dict)
    _parted: dict[tuple[str, frozenset[str]], Parted] = field(default_factory=dict)

    def part_cells(self, publisher: str, codes: Collection[str]) -> Parted:
        """Return a publisher's cells under some codes, and those under none of them.

        Figures of one occupation share them: a page of a thousand parts them once.
        """
        key = publisher, frozenset(codes)
        if key not in self._parted:
            own: list[Reference] = []
            others: list[Reference] = []
            for r in self.cells.get(publisher, ()):
                (own if r.soc in key[1] else others).append(r)
            self._parted[key] = own, others
        return self._parted[key]


@dataclass(frozen=True)
class Judge:
    """Gives one verdict for each figure, from evidence that is gathered once.

    Args:
        evidence: Primary figures of the publishers that are named.
        measures: Grains, factors, costs.
        publishers: What each publishes.
        lines: Codes that occupations have had; without, today's alone.
        readings: Claim id to how its fields were read; a claim that is not there was
            stated by a source that leaves nothing open.
        pages: Snapshot id to what the page itself says.
        certainty: How sure each kind of verdict is.
        industries: Words that pages have for industries to the words of their names.
    """

    evidence: ReferenceIndex
    measures: MatchTolerances
    publishers: Publishers
    lines: CodeLines = field(default_factory=lambda: CodeLines({}, {}))
    readings: Mapping[str, FieldReading] = field(default_factory=dict)
    pages: Mapping[str, PageHead] = field(default_factory=dict)
    certainty: CertaintyTable = field(default_factory=CertaintyTable)
    industries: Mapping[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def judge_figures(self, rows: Sequence[Row]) -> list[Verdict]:
        """Judge rows of `schemas.Figures`, page by page; one verdict each, in order."""
        pages: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            pages[row["snapshot"]].append(row)
        found: dict[str, Verdict] = {}
        for snapshot, own in pages.items():
            head = self.pages.get(snapshot, NO_HEAD)
            found |= self.judge_page(_name_in_full(own, head.shortened), head)
        return [found[row["claim_id"]] for row in rows]

    def judge_page(self, rows: Sequence[Row], head: PageHead) -> dict[str, Verdict]:
        """Judge the figures of one page, by claim id."""
        page = self._gather_page(rows, head)
        looks = {row["claim_id"]: self._look(row, page) for row in rows}
        framed = [
            FramedFigure(
                look.asked,
                # A coarse figure is some year's cell by chance: it proves nothing.
                look.exact_cell if is_fine(look.asked.row, self.measures) else None,
                look.has_failed,
                look.verdict is not None and look.verdict.is_agreement,
            )
            for look in looks.values()
        ]
        # Others say nothing; each of a page is held against each of these.
        telling = [f for f in framed if f.failed or f.reference is not None]
        found: dict[str, Verdict] = {}
        for claim, look in looks.items():
            proof = weigh_frame(look.asked, telling)
            verdict = self._decide(self._look_again(look, proof, page), proof, page)
            found[claim] = self.certainty.set_certainty(verdict, look.asked)
        return found

    def _look_again(self, look: FirstLook, proof: Proof, page: JudgedPage) -> FirstLook:
        """Look an undated figure up as of the year of the figures around it."""
        asked, found = look.asked, look.verdict
        year = proof.year or (asked.declared if is_declared(asked, proof) else None)
        if asked.year is not None or not year:
            return look
        row = {**asked.row, "year": year}
        if found is not None and found.why == "unattributed":
            # Rounded, or narrowed by a word that may be of the next sentence.
            again = [
                self._look_further(replace(asked, row={**row, "cohort": cohort}), page)
                for cohort in dict.fromkeys((row["cohort"], "all"))
                if asked.cells and row["as_published"] is not None
            ]
            agreed = (a for a in again if a.verdict and a.verdict.is_agreement)
            return next(agreed, look)
        if found is not None and found.verdict != "older_figure":
            return look
        dated = replace(asked, row=row)
        return self._look_further(dated, page) if year in asked.years else look

    def _gather_page(self, rows: Sequence[Row], head: PageHead) -> JudgedPage:
        """Gather the cells of what the page names: occupations and places."""
        socs = {code for row in rows for code in _list_meant(row)}
        places = frozenset(r["area_code"] for r in rows if r["area_code"])
        tried = places | head.states | {NATION}
        people = {ALL, *(r["cohort"] for r in rows)}
        named = {self.resolve(r["publisher"]) for r in rows if not r["primary"]}
        named |= {self.resolve(name) for name in head.publishers}
        known = named & self.evidence.publishers
        wanted = known or (self.publishers.official & self.evidence.publishers)
        codes = sorted(self.lines.list_codes(sorted(socs)))
        cells = {
            name: tuple(
                r
                for r in self.evidence.about_occupations(name, codes)
                if r.area_code in tried
                and (r.cohort in people or r.cohort.startswith(INDUSTRY))
            )
            for name in sorted(wanted)
        }
        lenders = frozenset(known & self.publishers.official)
        return JudgedPage(cells, places, lenders, head.year, head.declared)

    def resolve(self, publisher: str) -> str:
        """Return whose figures a publisher gives out: `dol` gives those of BLS.

        Several that are one in the end (`bls+dol`) are that one.
        """
        names = {self.publishers.republished.get(p, p) for p in publisher.split("+")}
        return names.pop() if len(names) == 1 else publisher

    def _look(self, row: Row, page: JudgedPage) -> FirstLook:
        """Look one figure up, or say why it cannot be."""
        publisher = self.resolve(row["publisher"])
        is_lent = publisher == UNNAMED and not row["primary"]
        if is_lent:
            lender = self._choose_lender(page)
            asked = self._ask(row, lender, page, is_lent=True)
            return self._look_unattributed(asked, page)
        asked = self._ask(row, publisher, page)
        verdict = self._find_unjudgeable(asked)
        if verdict is not None:
            return FirstLook(asked, verdict)
        return self._look_further(asked, page)

    def _look_further(self, asked: AskedQuestion, page: JudgedPage) -> FirstLook:
        """Look up a figure of a publisher that is at hand."""
        if asked.row["soc_candidates"] is None:
            cells = page.cells.get(asked.publisher, ())
            return look_among_named(asked, cells, self.measures)
        narrow = judge_unpublished(asked, self.publishers, self.measures)
        if narrow is not None:
            return narrow
        if asked.row["as_published"] is None:
            return look_up_range(asked, self.measures)
        _, others = page.part_cells(asked.publisher, asked.codes)
        return look_up(asked, others, self.measures)

    def _choose_lender(self, page: JudgedPage) -> str:
        """Return the official publisher that unattributed figures are held against."""
        known = page.lenders or (self.publishers.official & page.cells.keys())
        return min(known, default=UNNAMED)

    def _ask(
        self, row: Row, publisher: str, page: JudgedPage, *, is_lent: bool = False
    ) -> AskedQuestion:
        """Make the question of a figure, with the cells that may answer it."""
        reading = self.readings.get(row["claim_id"], PLAIN)
        declared = page.declared.get(publisher)
        row, year = _loosen_year(row, reading, declared)
        codes = self.lines.list_codes(_list_meant(row))
        about, _ = page.part_cells(publisher, codes)
        cells, other = [], []
        for r in about:
            if is_same_basis(r, row):
                cells.append(r)
            elif r.currency == row["currency"]:
                other.append(r)
        around = add_meant_words(find_telling_words(reading.around), self.industries)
        return AskedQuestion(
            *(row, publisher, codes, tuple(cells), reading),
            *(year or page.year, is_lent, around, tuple(other)),
            is_profiled=not self.lines.profiled.isdisjoint(codes),
            declared=declared,
        )

    def _find_unjudgeable(self, asked: AskedQuestion) -> Verdict | None:
        """Return the verdict of a figure that no evidence is for, or None."""
        row = asked.row
        if row["primary"]:
            return Verdict(row["claim_id"], "not_comparable", "own_publication")
        # A figure compiled from several publishers is no figure of either.
        if "+" in asked.publisher:
            return soft(asked, "cannot_tell", "compiled")
        if asked.publisher not in self.evidence.publishers:
            if self.publishers.list_lacking(row["publisher"], row["cohort"]):
                return soft(asked, "cannot_tell", "no_bands")
            name = self.publishers.display_name(row["publisher"])
            return soft(asked, "not_in_release", "publisher_not_loaded", missing=name)
        return None

    def _look_unattributed(self, asked: AskedQuestion, page: JudgedPage) -> FirstLook:
        """Look up a figure that names nobody; only to the last digit is it known."""
        row = asked.row
        plain = Verdict(row["claim_id"], "unattributed", "unattributed")
        narrow = self.publishers.find_unpublished(
            asked.publisher, row["cohort"], row["statistic"]
        )
        if row["as_published"] is None or not is_fine(row, self.measures) or narrow:
            return FirstLook(asked, plain)
        look = self._look_further(asked, page)
        if look.exact_cell is None:
            # What else it may be is decided by the list that it stands in.
            return replace(look, verdict=None if look.explanations else plain)
        if page.lenders:
            return look
        same = replace(plain, why="same_as_official", reference=look.exact_cell)
        return FirstLook(asked, same)

    def _decide(self, look: FirstLook, proof: Proof, page: JudgedPage) -> Verdict:
        """Give the verdict: the first look's, or an accusation that is proven."""
        if look.verdict is not None or not look.explanations:
            return look.verdict or soft(look.asked, "cannot_tell", "undated")
        asked, (first, *rest) = look.asked, look.explanations
        missing = find_open_field(look, first, proof, page.places)
        if missing and first.kind == "stale_vintage":
            return make_older(asked, first.reference)
        if missing and asked.is_lent:
            return Verdict(asked.row["claim_id"], "unattributed", "unattributed")
        if missing:
            return soft(asked, "cannot_tell", f"open_{missing}", look.nearest)
        kind = "misquote" if first.kind == "digit_slip" else first.kind
        runner = next((e.kind for e in rest), None)
        return Verdict(
            asked.row["claim_id"],
            WORDS.get(first.kind, first.kind),
            first.kind,
            look.nearest if kind in ("unit_slip", "misquote") else first.reference,
            kind,
            first.cost,
            runner,
            tried=list_tried(asked),
            asked_cell=look.nearest,
        )


def _name_in_full(rows: Sequence[Row], shortened: Mapping[str, str]) -> list[Row]:
    """Return rows with the publishers that a page names by a short name of its own."""
    return [
        {**row, "publisher": shortened[row["publisher"]]}
        if row["publisher"] in shortened
        else row
        for row in rows
    ]


def _list_meant(row: Row) -> list[str]:
    """Return the codes that a figure's occupation may mean."""
    return [code for code in (row["soc_candidates"] or "").split("|") if code]


def _loosen_year(
    row: Row, reading: FieldReading, declared: int | None = None
) -> tuple[Row, int | None]:
    """Return a row without a year that is only its page's, and that year.

    A page of 2017 quotes the figures that were the newest then. One that states another
    year for all figures of the publisher is not of a date that stands elsewhere on it.
    """
    bare = BARE_YEAR.match(row["reference_period"] or "")
    where = reading.where.get("reference_period")
    if bare and where in ("document", "heading"):
        return {**row, "year": None, "reference_period": None}, row["year"]
    if where == "document" and declared not in (None, row["year"]):
        return {**row, "year": None, "reference_period": None}, None
    return row, None


def make_judge(
    evidence: ReferenceIndex,
    vocabulary: Vocabulary,
    publishers: Publishers,
    lines: CodeLines,
    readings: Mapping[str, FieldReading],
    pages: Mapping[str, PageHead],
) -> Judge:
    """Make the judge of a release or a page, with the numbers of a vocabulary."""
    return Judge(
        evidence,
        MatchTolerances.from_vocabulary(vocabulary),
        publishers,
        lines,
        readings,
        pages,
        CertaintyTable.from_vocabulary(vocabulary),
        read_industry_words(vocabulary),
    )
