"""Write the sentence that explains a verdict or a contradiction to a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.evidence.publishers import Publishers
from pipeline.reconcile.evidence.references import Reference
from pipeline.reconcile.verdict.verdicts import Verdict
from pipeline.reconcile.within_page import Contradiction

Row = Mapping[str, Any]
# Verdicts that tell what is missing, and hold the figure against nothing.
UNTOLD = ("not_comparable", "not_in_release", "cannot_tell")
# None: draft figures have no kind, as all of them are levels of pay.
LEVELS = ("pay_level", "other", None)


@dataclass(frozen=True)
class SentenceWriter:
    """Writes sentences with the words of vocabularies/words.csv and tellings.csv.

    Args:
        words: Code to words.
        publishers: For their names.
        files: Snapshot id to the name of its file.
        contradiction_sentences: Code of a test to its sentence with places to fill.
    """

    words: Mapping[str, str]
    publishers: Publishers
    files: Mapping[str, str]
    contradiction_sentences: Mapping[str, str]

    @classmethod
    def from_vocabulary(
        cls, vocabulary: Vocabulary, files: Mapping[str, str]
    ) -> "SentenceWriter":
        """Read words and sentences; `files` maps a snapshot id to a file's name."""
        rows = (
            vocabulary.read_table("words", "code", "words")
            .select("code", "words")
            .rows()
        )
        templates = vocabulary.read_table("tellings", "why", "sentence")
        sentences = dict(templates.select("why", "sentence").iter_rows())
        return cls(dict(rows), Publishers.from_vocabulary(vocabulary), files, sentences)

    def write_verdict(self, row: Row, verdict: Verdict) -> str:
        """Write what the page says, what its source says, and the difference."""
        quoted = self.describe_figure(row)
        reference = verdict.reference
        lent = reference if row["publisher"] == "unnamed" else None
        by = self.publishers.display_name(lent.publisher if lent else row["publisher"])
        # "Occupation unknown" would be wrong of a figure for which the page names none.
        unnamed = verdict.why == "occupation_unknown" and not row["occupation"]
        code = "occupation_not_named" if unnamed else verdict.why
        why = self.words.get(code, code.replace("_", " "))
        if verdict.why == "no_bands":
            why = self.describe_breakdowns(row, why)
        if verdict.verdict == "wrong_scope" and reference is not None:
            found = self.describe_reference(reference)
            return f"{quoted} is a figure of {by}, but {why}: {found}."
        if verdict.verdict == "wrong_scope":
            return f"{quoted} is credited to {by}, but {why}."
        if verdict.why == "same_as_official" and reference is not None:
            there = self.describe_reference(reference)
            return f"{quoted} names nobody; it is the same as {by} has: {there}."
        if reference is None or verdict.verdict in UNTOLD:
            named = "" if row["publisher"] == "unnamed" else f" It names {by}."
            lacks = f" Missing: {verdict.missing}." if verdict.missing else ""
            word = verdict.verdict.replace("_", " ")
            return f"{quoted}: {word}, {why}.{lacks}{named}"
        there = self.describe_reference(reference)
        text = {
            "older_figure": f"{quoted} is what {by} published, but {why}: {there}.",
            "supported": f"{quoted} is what {by} published: {there}.",
            "rounded": f"{quoted} rounds what {by} published: {there}.",
            "stale": f"{quoted} is an older figure of {by}: {there}.",
            "wrong_statistic": f"{quoted} is another statistic of {by}: {there}.",
            "unit_slip": f"{quoted} has the wrong unit: {by} published {there}.",
        }
        standard = f"{quoted} is not what {by} published: {there}"
        gap = self.describe_gap(row, reference)
        return text.get(verdict.verdict, f"{standard}{gap}.")

    def write_contradiction(self, found: Contradiction) -> str:
        """Write what the page says twice, or what cannot be so."""
        row = found.rows[0]
        first, *rest = [self.describe_figure(r) for r in found.rows]
        second, third = [*rest, "", ""][:2]
        # Tests pass up to three values in `said`, joined by bars: sentences have
        # `{head}` for the first, `{tail}` for the last, `{middle}` between them.
        head, _, more = found.said.partition("|")
        middle, _, tail = more.rpartition("|")
        return self.contradiction_sentences[found.why].format(
            first=first,
            second=second,
            third=third,
            quote=row["quote"],
            other=found.rows[1]["quote"] if len(found.rows) > 1 else "",
            annual=f"{row.get('annual') or row.get('annual_low') or 0:,.0f}",
            period=row["reference_period"],
            said=found.said,
            head=head,
            middle=middle,
            tail=tail,
        )

    def describe_breakdowns(self, row: Row, plain: str) -> str:
        """Return what a publisher has no figures by, and what it has them by.

        Args:
            row: The figure.
            plain: To be said of a publisher of which that is not known.
        """
        publisher = row["publisher"]
        lacking = self.publishers.list_lacking(publisher, row["cohort"])
        known = self.publishers.by.get(publisher, ())
        if not lacking or not known:
            return plain
        none, some = (
            join_words([self.words.get(f"by_{name}", name) for name in names], last)
            for names, last in ((lacking, "or"), (known, "and"))
        )
        return f"it publishes no figures by {none}, only by {some}"

    def describe_figure(self, row: Row) -> str:
        """Return the figure as published, with what the page says it is of."""
        if row.get("kind") not in LEVELS:
            return f"a change of {row['quote']}"
        what = self.words.get(row["statistic"], row["statistic"])
        period = self.words.get(row["period"] or "", "")
        whom = f"{row['occupation'] or 'an unnamed occupation'}"
        place = row["area"] or row.get("area_code")
        about = [whom, *([place] if place else []), *cohort_words(row)]
        date = row["reference_period"]
        about += [date] if date else []
        # A figure without a pay period leaves two blanks.
        return f"{what} {row['quote']} {period} ({', '.join(about)})".replace("  ", " ")

    def describe_reference(self, reference: Reference) -> str:
        """Return the reference figure with its file and place."""
        if reference.amount is not None:
            figure = format_money(reference.amount)
        else:
            ends = [format_money(end) for end in (reference.low, reference.high) if end]
            figure = " to ".join(ends) or "no figure"
        what = self.words.get(reference.statistic, reference.statistic)
        file = self.files.get(reference.snapshot, reference.snapshot)
        date = reference.reference_period or reference.year
        return (
            f"{what} {figure} {self.words.get(reference.period, '')} for "
            f"{reference.soc}, {reference.area or reference.area_code}, {date} "
            f"({file} {reference.locator})"
        )

    def describe_gap(self, row: Row, reference: Reference) -> str:
        """Return how far the quoted figure is from the published one, or nothing."""
        difference = compute_difference(row, reference)
        if difference is None:
            return ""
        amount, percent = difference
        word = "more" if amount > 0 else "less"
        return f"; the page has {format_money(abs(amount))} {word} ({percent:+.1f} %)"


def join_words(words: list[str], last: str) -> str:
    """Join words by commas, and the last one by `and` or `or`.

    >>> join_words(["area", "industry", "owner"], "and")
    'area, industry and owner'
    """
    *head, end = words
    return f"{', '.join(head)} {last} {end}" if head else end


def format_money(amount: Decimal) -> str:
    """Format an amount with thousands separators; cents only where there are any."""
    return f"{amount:,.2f}".removesuffix(".00")


def cohort_words(row: Row) -> list[str]:
    """Return the dimensions of a cohort as words: `experience 2-5`."""
    cohort = row.get("cohort") or "all"
    if cohort == "all":
        return []
    return [part.replace("=", " ") for part in cohort.split(";")]


def compute_difference(row: Row, reference: Reference) -> tuple[Decimal, float] | None:
    """Return published less reference, and that in percent of it, or None."""
    # In the period that both give, where they do: a year made of hourly pay has its
    # rounding 2,080 times.
    same = row["period"] == reference.period
    quoted = row["as_published"] if same else row["annual"]
    amount = reference.amount if same else reference.annual
    if quoted is None or not amount:
        return None
    gap = Decimal(quoted) - amount
    return gap, round(float(gap / amount) * 100, 4)
