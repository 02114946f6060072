"""Run `payproof claims`: print what a page says about pay."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.cli.console import (
    DONE,
    NEEDS_LOOK,
    escape_controls,
    format_json,
    print_warnings,
)
from pipeline.cli.console_table import format_amount, format_table
from pipeline.core.errors import NotFound
from pipeline.core.json_rows import make_claim_record
from pipeline.core.store import find_home
from pipeline.core.vocabulary import Vocabulary, open_vocabulary
from pipeline.extract import (
    Coverage,
    Reason,
    Weights,
    list_scores,
    load_candidate_weights,
    measure_coverage,
)
from pipeline.query.check import ExtractedPage, open_page
from pipeline.read import locate_span

HEADS = ("quote", "kind", "amount", "period", "statistic", "occupation", "area",
         "cohort", "publisher", "date")  # fmt: skip


def run_claims(file: Path, form: str, *, everything: bool, why: str | None) -> int:
    """Print a page's claims; return 1 where it has none or a fault struck, and say so.

    Args:
        file: Path of the page.
        form: `table`, `jsonl` or `csv`.
        everything: Print the figures that were set aside as well.
        why: Claim id or quote whose fields are explained instead.
    """
    vocabulary = open_vocabulary(find_home().vocabularies)
    page = open_page(file, vocabulary)
    print_warnings(map(str, page.extraction.faults))
    if why is not None:
        return print_field_rules(page, why, vocabulary)
    if form == "jsonl":
        for row in page.claims.iter_rows(named=True):
            print(format_json(make_claim_record(row), indent=None))
        if everything:
            for row in page.extraction.set_aside.iter_rows(named=True):
                print(format_json({"set_aside": row}, indent=None))
            coverage = measure_coverage(page.extraction, page.document, vocabulary)
            for start, end, quote in coverage.passed_over:
                row = {"start": start, "end": end, "quote": quote}
                print(format_json({"passed_over": row}, indent=None))
    elif form == "csv":
        from pipeline.release.publish.table_files import csv_bytes

        print(csv_bytes(page.claims).decode(), end="")
    else:
        coverage = measure_coverage(page.extraction, page.document, vocabulary)
        print_claims(page, coverage, everything=everything)
    whole = page.claims.height and not page.extraction.faults
    return DONE if whole else NEEDS_LOOK


def print_claims(page: ExtractedPage, coverage: Coverage, *, everything: bool) -> None:
    """Print claims, and on request what was set aside, with the count."""
    rows = [
        (
            c["quote"], c["kind"],
            format_amount(c, low="low", value="value", high="high"),
            c["period"], c["statistic"], c["occupation"], c["area"],
            describe_cohort(c), c["attributed_to"], c["reference_period"],
        )
        for c in page.claims.iter_rows(named=True)
    ]  # fmt: skip
    for line in format_table(rows, HEADS):
        print(line)
    set_aside = page.extraction.set_aside
    if everything:
        print()
        shown = set_aside.select("quote", "reason", "locator").rows()
        for line in format_table(shown, ("set aside", "reason", "place")):
            print(line)
        print_passed_over(page, coverage)
    print(f"\n{escape_controls(str(coverage))}")
    if not rows:
        print(f"No pay figure was found: {page.extraction.reason}")


def print_passed_over(page: ExtractedPage, coverage: Coverage) -> None:
    """Print the amounts that are neither claimed nor set aside, with their places."""
    rows = [
        (quote, locate_span(page.document, start, end))
        for start, end, quote in coverage.passed_over
    ]
    if rows:
        print()
        for line in format_table(rows, ("passed over", "place")):
            print(line)


def describe_cohort(claim: dict[str, object]) -> str:
    """Describe credential, experience and the like in short: `CPC, 3-9 years`."""
    parts = [claim["credential"], claim["credential_count"], claim["specialty"],
             claim["employer_type"], claim["work_mode"]]  # fmt: skip
    years = [claim["experience_min"], claim["experience_max"]]
    if any(y is not None for y in years):
        ends = ["" if y is None else f"{y:g}" for y in years]
        parts.append(f"{ends[0]}-{ends[1]} years")
    return ", ".join(str(p) for p in parts if p)


def print_field_rules(page: ExtractedPage, why: str, vocabulary: Vocabulary) -> int:
    """Print which rule set each field of a figure, from which words, and its rivals.

    Raises:
        NotFound: No figure has that claim id or quote.
    """
    weights = load_candidate_weights(vocabulary)
    found = [c for c in page.claims.iter_rows(named=True)
             if why in (c["claim_id"], c["quote"])]  # fmt: skip
    if not found:
        raise NotFound("Figure", why, "Give a claim id or the exact quote of a figure.")
    for claim in found:
        print(escape_controls(f"{claim['quote']}  {claim['claim_id']}"))
        reasons = page.extraction.why.get(claim["claim_id"], {})
        rows = [(name, claim.get(name), r.rule, r.where, quote_reason(page, r))
                for name, r in reasons.items()]  # fmt: skip
        for line in format_table(rows, ("field", "value", "rule", "where", "words")):
            print(f"  {line}")
        print_candidates(reasons, weights)
    return DONE


def quote_reason(page: ExtractedPage, reason: Reason) -> str:
    """Return the words that a field rests on."""
    if reason.text or reason.start is None:
        return reason.text
    return page.document.text[reason.start : reason.end]


def print_candidates(reasons: Mapping[str, Reason], weights: Weights) -> None:
    """Print what each ranked field could have been, with scores in log-odds."""
    rows = [
        (name, candidate.value, f"{score:+.1f}", candidate.relation,
         " ".join(candidate.clues))
        for name, reason in reasons.items()
        for score, candidate in list_scores(reason.candidates, name, weights)
    ]  # fmt: skip
    if rows:
        print()
        heads = ("field", "candidate", "score", "relation", "clues")
        for line in format_table(rows, heads):
            print(f"  {line}")
