"""Gather what a check found so that it can be sent to whom it is about.

Each finding has the page's own sentence, what the publisher has and where everybody can
read it, what to write instead, how sure it is and why, and what was tried. The report,
the page in the browser, the letter and the reviews are made of these.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pipeline.core.model import Document
from pipeline.query.answers import Answer, Answers
from pipeline.query.page_sentence import PageSentence, cut_sentence
from pipeline.query.published_figures import PublishedFigures
from pipeline.query.suggested_words import (
    describe_figure,
    describe_gap,
    describe_question,
    put_right,
    suggest_words,
)
from pipeline.reconcile.verdict.verdicts import ACCUSATIONS, AGREEMENTS

Row = Mapping[str, Any]
SAME = "same_as_official"
NOTE = 1  # severity of a conflict that nobody need look at
MAX_OTHERS = 4  # further figures of a conflict that are shown
# What a finding is, worst first.
KINDS = ("wrong", "conflict", "older", "same", "right")
READ = {
    "attributed_to": "whose figure it is",
    "occupation": "the occupation",
    "statistic": "the statistic",
    "area": "the place",
    "reference_period": "the date",
}


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Args:
        kind: One of `KINDS`.
        verdict: Of the figure; of a conflict its type.
        severity: 1 to 3; 0 where nothing is at odds.
        claim_ids: Figures that it is about.
        conflict: Id of the discrepancy; "" without one.
        sentence: The page's own words.
        others: Sentences of the other figures of a conflict.
        section: Headings above it.
        says: What is so, in a sentence.
        published: What the figure was held against, described; None without it.
        correct: What the publisher has for what the page says; None where it has none.
        instead: What to write instead; "" where nothing can be said.
        put_right: The page's sentence with the right figure; "" where it cannot be put.
        certainty: 0 to 1; None of a conflict of the page with itself.
        why_sure: What the certainty rests on.
        tried: What the figure was held against.
        gap: How far off it is, in percent; 0 where that is not known.
        answers: What its publisher answered, and what was taken back.
        withdrawn: The accusation was taken back; it stays visible as such.
    """

    kind: str
    verdict: str
    severity: int
    claim_ids: tuple[str, ...]
    conflict: str
    sentence: PageSentence
    says: str
    others: tuple[PageSentence, ...] = ()
    section: str = ""
    published: Row | None = None
    correct: Row | None = None
    instead: str = ""
    put_right: str = ""
    certainty: float | None = None
    why_sure: str = ""
    tried: tuple[str, ...] = ()
    gap: float = 0.0
    answers: tuple[Answer, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True)
class Findings:
    """All findings of a check, worst first, and what they come to in one line."""

    rows: tuple[Finding, ...] = ()
    summary: str = ""

    def select(self, *kinds: str) -> list[Finding]:
        """Return the findings of these kinds, in their order."""
        return [row for row in self.rows if row.kind in kinds]

    def select_listed(self) -> list[Finding]:
        """Return all that is not simply right: what a report lists, in its order."""
        return self.select(*KINDS[:-1])

    def list_records(self) -> list[dict[str, Any]]:
        """Return what a report lists as JSON has it."""
        return [asdict(row) for row in self.select_listed()]


@dataclass(frozen=True)
class FindingMaker:
    """Makes the findings of one page.

    Args:
        document: The page as it was read.
        figures: Describes what publishers have.
        conflicts: Claim id to the discrepancy that it is accused by.
        answers: What publishers answered, and what was taken back.
    """

    document: Document
    figures: PublishedFigures
    conflicts: Mapping[str, Row] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)

    def cut(self, claim: Row) -> PageSentence:
        """Cut the page's own sentence of a claim."""
        return cut_sentence(self.document, claim["start"], claim["end"], claim["quote"])

    def make_finding(self, claim: Row, verdict: Row, kind: str) -> Finding:
        """Make the finding of one figure."""
        reference = self._describe_reference(verdict, claim["currency"])
        found = verdict["correct"]
        correct = self.figures.describe(found, claim["currency"]) if found else None
        sentence = self.cut(claim)
        wrong = kind == "wrong"
        names = {"publisher": name_publisher(claim, reference)}
        conflict = self.conflicts.get(claim["claim_id"], {})
        return Finding(
            kind,
            verdict["verdict"],
            conflict.get("severity", 2 if wrong else 0),
            (claim["claim_id"],),
            conflict.get("discrepancy_id", ""),
            sentence,
            explain_plainly(claim, verdict, reference),
            section=claim["section"] or "",
            published=reference,
            correct=correct if wrong else None,
            instead=suggest_words(
                verdict["verdict"], claim["quote"], names, reference, correct
            )
            if wrong
            else "",
            put_right=put_right(sentence, claim, correct) if wrong else "",
            certainty=verdict["certainty"],
            why_sure=explain_certainty(claim),
            tried=tuple(verdict["tried"]),
            gap=abs(verdict["difference_pct"] or 0.0),
        )

    def add_answers(self, row: Finding) -> Finding:
        """Return a finding with what was said of it since."""
        if not row.conflict:
            return row
        said = tuple(self.answers.said.get(row.conflict, ()))
        back = row.conflict in self.answers.withdrawn
        return replace(row, answers=said, withdrawn=back)

    def _describe_reference(
        self, verdict: Row, currency: str | None
    ) -> dict[str, Any] | None:
        if not verdict["reference_cell"]:
            return None
        found = {
            "amount": verdict["reference"],
            "unit": verdict["reference_unit"],
            **{n: verdict[f"reference_{n}"] for n in ("cell", "source", "release")},
            "snapshot": verdict["reference_snapshot"],
        }
        return self.figures.describe(found, currency)

    def make_conflict(self, row: Row, claims: Mapping[str, Row]) -> Finding:
        """Make the finding of a conflict of the page with itself."""
        ids = tuple(row["claim_ids"].split(" "))
        own = [self.cut(claims[i]) for i in ids if i in claims]
        first = claims.get(ids[0], {})
        return Finding(
            "conflict",
            row["type"],
            row["severity"],
            ids,
            row["discrepancy_id"],
            own[0] if own else PageSentence("", row["published"], ""),
            capitalise(row["sentence"]),
            others=tuple(own[1 : 1 + MAX_OTHERS]),
            section=first.get("section") or "",
        )


def gather_findings(
    maker: FindingMaker,
    claims: Sequence[Row],
    verdicts: Sequence[Row],
    discrepancies: Iterable[Row],
) -> Findings:
    """Gather the findings of a page, worst first.

    Args:
        maker: Of the page.
        claims: Of the page.
        verdicts: One for each claim, in the same order.
        discrepancies: Conflicts with the release and of the page with itself.
    """
    by_id = {claim["claim_id"]: claim for claim in claims}
    rows = [
        maker.make_finding(claim, verdict, kind)
        for claim, verdict in zip(claims, verdicts, strict=True)
        if (kind := choose_kind(verdict))
    ]
    inside = [row for row in discrepancies if is_inside(row)]
    rows += [
        maker.make_conflict(row, by_id) for row in inside if row["severity"] > NOTE
    ]
    rows = [maker.add_answers(row) for row in rows]
    # What was taken back stays, behind what stands. Sorting keeps the order of the
    # page where two are alike.
    rows.sort(key=lambda r: (KINDS.index(r.kind), r.withdrawn, -r.severity, -r.gap))
    back = list_taken_back(rows)
    conflicts = [row for row in rows if row.kind == "conflict" and not row.withdrawn]
    left = [v for v in verdicts if not (v["claim_id"] in back and choose_kind(v))]
    summary = summarise(left, len(conflicts))
    if taken := sum(row.withdrawn for row in rows):
        summary += f" Taken back: {taken}."
    return Findings(tuple(rows), summary)


def list_taken_back(rows: Iterable[Finding]) -> set[str]:
    """List the claim ids of the findings that were taken back."""
    return {i for row in rows if row.withdrawn for i in row.claim_ids}


def choose_kind(verdict: Row) -> str:
    """Return what kind of finding a verdict is; "" for none."""
    if verdict["verdict"] in ACCUSATIONS:
        return "wrong"
    if verdict["verdict"] in AGREEMENTS:
        return "right"
    if verdict["verdict"] == "older_figure":
        return "older"
    return "same" if verdict["reason"] == SAME else ""


def is_inside(row: Row) -> bool:
    """Return whether a discrepancy is one of a page with itself."""
    return not row["reference_claim"] and row["type"] != "impossible_or_orphan"


def explain_plainly(claim: Row, verdict: Row, reference: Row | None) -> str:
    """Say what a figure is, without our files: by its publisher's name, in words.

    What has no such form is said in the words of the verdict.
    """
    if reference is None:
        return capitalise(verdict["sentence"])
    who, what = reference["publisher"], describe_figure(reference)
    of = describe_question(reference)
    texts = {
        "stale": f"It is a figure of an earlier year: {of}.",
        "older_figure": f"{who} published it for an earlier year: {of}.",
        "wrong_statistic": f"It is another statistic: {of}.",
        "wrong_scope": f"It is a figure for something else: {of}.",
        "supported": f"{who} published it: {of}.",
        "rounded": f"It rounds what {who} published: {what}.",
        "unattributed": f"It names nobody, and is the same as {who} has: {of}.",
    }
    gap = ""
    if verdict["published"] is not None and claim["period"] == reference["unit"]:
        gap = describe_gap(verdict["published"], reference, claim["currency"])
    plain = f"{who} published {what}{'; ' if gap else ''}{gap}."
    return texts.get(verdict["verdict"], plain)


def capitalise(sentence: str) -> str:
    """Return a sentence that begins with a capital, whatever it begins with."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def summarise(verdicts: Sequence[Row], inside: int) -> str:
    """Say in one line what a check came to."""
    counts: dict[str, int] = {}
    for verdict in verdicts:
        word = verdict["verdict"].replace("_", " ")
        counts[word] = counts.get(word, 0) + 1
    wrong = {w: n for w, n in counts.items() if w.replace(" ", "_") in ACCUSATIONS}
    right = sum(counts.get(word, 0) for word in AGREEMENTS)
    older, total = counts.get("older figure", 0), len(verdicts)
    said = ", ".join(f"{n} {w}" for w, n in sorted(wrong.items()))
    parts = [
        f"{sum(wrong.values())} wrong ({said})" if wrong else "none wrong",
        f"{right} right",
        *([f"{older} of an older year"] if older else []),
        f"{total - sum(wrong.values()) - right - older} not judged",
    ]
    text = f"{total} figure{'' if total == 1 else 's'}: {', '.join(parts)}"
    if inside:
        text += f"; {inside} conflict{'' if inside == 1 else 's'} of the page itself"
    return f"{text}."


def explain_certainty(claim: Row) -> str:
    """Say which parts of a figure the page states, and which stand elsewhere on it."""
    pairs = (pair.partition(":") for pair in (claim["basis"] or "").split(",") if pair)
    basis = {name: how for name, _, how in pairs}
    said = [words for name, words in READ.items() if basis.get(name) == "stated"]
    lent = [words for name, words in READ.items() if basis.get(name) == "inherited"]
    taken = [words for name, words in READ.items() if basis.get(name) == "assumed"]
    parts = (
        ("its own sentence, row or cell says", said),
        ("a heading, list, table or the page as a whole says", lent),
        ("assumed is", taken),
    )
    text = "; ".join(f"{head} {', '.join(names)}" for head, names in parts if names)
    return f"{capitalise(text)}." if text else ""


def name_publisher(claim: Row, reference: Row | None) -> str:
    """Return whose figure the page says that it is."""
    return claim["attributed_to"] or (reference or {}).get("publisher") or "its source"
