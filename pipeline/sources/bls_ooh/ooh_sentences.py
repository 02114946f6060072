"""Read the figures in sentences of the Handbook, each in its fixed wording.

The Handbook writes its figures in a few set phrases, the same on every page and for
years. A pay or growth figure on the pay and outlook tabs in any other phrase is an
error, so that none is lost and none is guessed.
"""

import re
from collections.abc import Callable, Iterator

from pipeline.core.letter_case import lower_match
from pipeline.core.model import Block
from pipeline.sources.bls_ooh.ooh_page import (
    AMOUNT,
    PERIODS,
    HandbookPage,
    Row,
    describe_change,
    parse_number,
)

MODULE_FILE = "pipeline/sources/bls_ooh/ooh_sentences.py"
# Words before a top code: "earned more than $239,200".
TOP = r"(?:(?:equal to or )?greater than(?: or equal to)? |at least |more than )?"
MONTH = r"May (?P<year>\d{4})"
# "The median annual wage for medical records specialists was $50,250 in May 2024."
WAGE = re.compile(
    r"\bmedian (?P<per>annual|hourly) wage (?:for|of) (?P<who>[^.$]{1,160}?) was "
    rf"{TOP}(?P<median>\${AMOUNT})(?: per (?:year|hour))? in {MONTH}",
    re.IGNORECASE,
)
# "Wages for surgeons are among the highest of all occupations, with a median wage equal
# to or greater than $239,200 per year. … in May 2024 were as follows:"
HIGHEST = re.compile(
    r"\bwages (?:for|of) (?P<who>[^.$]{1,160}?) are among [^.$]{1,60}, with a median "
    rf"wage {TOP}(?P<median>\${AMOUNT}) per (?P<per>year|hour)\b"
    rf"(?:(?=.{{1,400}}?\bin {MONTH})|)",
    re.IGNORECASE | re.DOTALL,
)
# "In May 2024, the median annual wage for all workers was $49,500."
EVERYBODY = re.compile(
    rf"\bIn {MONTH}, the median (?P<per>annual|hourly) wage for (?P<who>all workers) "
    rf"was (?P<median>\${AMOUNT})"
)
# "The lowest 10 percent earned less than …, and the highest 10 percent earned more
# than …": the 10th and the 90th percentile.
ENDS = re.compile(
    rf"\blowest 10 percent (?:of \S.{{1,80}}? )?earned less than (?P<p10>\${AMOUNT}), "
    rf"and the (?:highest|top) 10 percent earned {TOP}(?P<p90>\${AMOUNT})"
)
GROWTH = re.compile(
    r"\bemployment of (?P<who>[^.]{1,200}?) is (?:projected|expected) to "
    r"(?P<verb>grow|increase|rise|decline|decrease|fall) (?P<percent>\d{1,3} percent) "
    r"from (?P<first>\d{4}) to (?P<last>\d{4})",
    re.IGNORECASE,
)
# "… from 2024 to 2034. The average growth rate for all occupations is 3 percent."
AVERAGE = re.compile(
    r"from (?P<first>\d{4}) to (?P<last>\d{4})\. The average growth rate for "
    r"(?P<who>all occupations) is (?P<percent>\d{1,3} percent)"
)
OPENINGS = re.compile(
    rf"(?P<about>\b[Aa]bout )?(?P<openings>{AMOUNT}) openings for "
    r"(?P<who>[^.]{1,200}?) are (?:projected|expected) each year, on average, "
    r"over the (?:next )?decade"
)
NEW_JOBS = re.compile(
    rf"(?P<about>\babout )?(?P<jobs>{AMOUNT}) new jobs over the (?:next )?"
    r"(?:decade|10-year period|projections decade)"
)
HELD = re.compile(
    r"(?P<who>\b[A-Z][^.]{1,200}?) held (?P<about>about )?"
    rf"(?P<held>{AMOUNT}(?: million)?) jobs in (?P<year>\d{{4}})"
)
# A figure that must have been read: dollars or a percentage (3.1 percent, 7%). Counts
# of jobs are not looked for: the tabs have other counts, and years.
FIGURE = re.compile(rf"\${AMOUNT}|(?<!\d)\d{{1,3}}(?:\.\d)? ?(?:percent|%)")
# The `10 percent` of "the lowest 10 percent" says which percentile, and is no figure.
TENTHS = re.compile(r"(?:lowest|highest|top) (?P<ten>10 percent)\b")
STRANGE = "not read: the sentence is in words that are not known"
DOWN = {"decline", "decrease", "fall"}
Reader = Callable[[HandbookPage, "re.Match[str]", Row], dict[str, Row]]


def read_sentences(page: HandbookPage, years: str) -> Iterator[Row]:
    """Yield every figure of the page's paragraphs.

    Args:
        page: To be read.
        years: Of the projection, where a sentence leaves them out.

    A figure of the tabs in words that are none of the set phrases is reported; a share
    ("apprentices start at half of …") is no figure of pay or outlook.
    """
    blocks = list(page.select_blocks("paragraph", "item"))
    for block in blocks:
        yield from _read_figures(page, block, years)
    for block in blocks:
        headed = _get_heading(block) in ("Pay", "Job Outlook")
        if not headed and page.find_tab(block) not in ("pay", "outlook"):
            continue
        text = page.get_text(block)
        tenths = [found.span("ten") for found in TENTHS.finditer(text)]
        for at in page.find_unread(block, FIGURE):
            if at not in tenths:
                needs_look = (
                    page.find_tab(block) == "outlook" or "$" in text[slice(*at)]
                )
                page.leave_out(block, at, STRANGE, needs_look=needs_look)


def _get_heading(block: Block) -> str:
    return block.section[-1] if block.section else ""


def _read_figures(page: HandbookPage, block: Block, years: str) -> Iterator[Row]:
    """Yield the figures of one paragraph.

    `context` passes the occupation, month and period of the median on to the
    percentiles, whose sentence leaves them out.
    """
    text = page.get_text(block)
    context: Row = {"years": years}
    for pattern, reader in READERS:
        for found in pattern.finditer(text):
            for group, meaning in reader(page, found, context).items():
                about = {"approximate": bool(found.groupdict().get("about"))}
                yield page.make_row(block, found.span(group), "prose", about | meaning)


def _read_wage(
    page: HandbookPage, found: re.Match[str], context: Row
) -> dict[str, Row]:
    per = lower_match(found["per"])
    # The summary of the page repeats it without the month: that of the quick facts.
    year = found["year"] or context["years"][:4]
    period, when = PERIODS.get(per, per), f"{year}-05"
    about = page.describe_occupation(found["who"])
    context |= {"period": period, "when": when, "about": about}
    return {
        "median": about | page.describe_pay(found["median"], period, when, "median")
    }


def _read_percentiles(
    page: HandbookPage, found: re.Match[str], context: Row
) -> dict[str, Row]:
    """Return p10 and p90 of the occupation whose median the paragraph gave before.

    Where it gave none they are left out, and reported as not read.
    """
    if "about" not in context:
        return {}
    period, when = context["period"], context["when"]
    note = "occupation:sentence,reference_period:sentence,period:sentence"
    about: Row = context["about"] | {"inherited": note}
    return {
        group: about | page.describe_pay(found[group], period, when, group)
        for group in ("p10", "p90")
    }


def _read_growth(
    page: HandbookPage, found: re.Match[str], context: Row
) -> dict[str, Row]:
    verb = (found.groupdict().get("verb") or "grow").lower()
    years = f"{found['first']}-{found['last']}"
    meaning = {"measure": "employment_change_percent", "reference_period": years}
    sign = "-" if verb in DOWN else ""
    return {
        "percent": page.describe_occupation(found["who"])
        | describe_change(sign + found["percent"], meaning)
    }


def _read_openings(
    page: HandbookPage, found: re.Match[str], context: Row
) -> dict[str, Row]:
    meaning = {
        "kind": "outlook",
        "measure": "openings_a_year",
        "value": parse_number(found["openings"]),
        "reference_period": context["years"],
        "inherited": "reference_period:document",
    }
    return {"openings": page.describe_occupation(found["who"]) | meaning}


def _read_new_jobs(
    page: HandbookPage, found: re.Match[str], context: Row
) -> dict[str, Row]:
    meaning = {"measure": "employment_change", "reference_period": context["years"]}
    inherited = {"inherited": "occupation:document,reference_period:document"}
    return {
        "jobs": page.describe_occupation(page.title)
        | describe_change(found["jobs"], meaning)
        | inherited
    }


def _read_jobs_held(
    page: HandbookPage, found: re.Match[str], context: Row
) -> dict[str, Row]:
    meaning = {
        "kind": "other",
        "measure": "employment",
        "value": parse_number(found["held"]),
    }
    return {
        "held": page.describe_occupation(found["who"])
        | meaning
        | {"reference_period": found["year"]}
    }


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (WAGE, _read_wage),
    (HIGHEST, _read_wage),
    (EVERYBODY, _read_wage),
    (ENDS, _read_percentiles),
    (GROWTH, _read_growth),
    (AVERAGE, _read_growth),
    (OPENINGS, _read_openings),
    (NEW_JOBS, _read_new_jobs),
    (HELD, _read_jobs_held),
)
