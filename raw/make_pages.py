"""Card the pages that were written for this project, and file them by digest.

    python raw/make_pages.py

A new page is put down as `raw/<source>/<edition>-draft…/body.html` (or `.md`) with a
row in PAGES; a page that is there may be edited in place. Each is then kept as any
snapshot is, under its digest, and the folder that it came from goes. Running it again
changes nothing.

The words of these pages are our own; the figures are those that guides quote from the
publishers. `capture` is `made`: a release that holds one is a demonstration.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.snapshot import Archive
from pipeline.core import media
from pipeline.core.model import Payload

RAW = Path(__file__).parent
RETRIEVED = "2026-11-01"
LICENCE = "Written for this project; figures are facts"
QUOTED = ("bls", "aapc", "salary_com", "payscale", "glassdoor")


@dataclass(frozen=True)
class Page:
    """What a made page stands for."""

    source: str
    edition: str
    name: str
    heading: str
    url: str = ""
    derived_from: tuple[str, ...] = ()


PAGES = (
    Page(
        "aapc_survey",
        "2024",
        "salary-survey.html",
        "2024 Medical Coding and Billing Salary Report",
        "https://www.aapc.com/resources/medical-coding-salary-survey",
    ),
    Page(
        "article",
        "2024",
        "medical-billing-and-coding-salary.md",
        "# Medical Billing and Coding Salary in 2024",
        derived_from=QUOTED,
    ),
    Page(
        "article",
        "2024",
        "medical-coding-salary.md",
        "# What Is a Medical Coding Salary?",
        derived_from=("bls",),
    ),
    Page(
        "bls_ooh",
        "2024-2034",
        "medical-records-and-health-information-technicians.html",
        "<h1>Medical Records Specialists</h1>",
        "https://www.bls.gov/ooh/healthcare/"
        "medical-records-and-health-information-technicians.htm",
    ),
    Page(
        "glassdoor",
        "2024",
        "medical-coder-salary.html",
        "How much does a Medical Coder make?",
        "https://www.glassdoor.com/Salaries/medical-coder-salary-SRCH_KO0,13.htm",
    ),
    Page(
        "payscale",
        "2024",
        "medical-coder-salary.html",
        "Average Medical Coder Salary",
        "https://www.payscale.com/research/US/Job=Medical_Coder/Salary",
    ),
    Page(
        "salary_com",
        "2024",
        "certified-medical-coder-salary.html",
        "Certified Medical Coder Salary in the United States",
        "https://www.salary.com/research/salary/listing/certified-medical-coder-salary",
    ),
)


def folder_of(page: Page) -> Path:
    """The one folder whose body has the page's heading; a draft before all else."""
    folders = sorted((RAW / page.source).glob(f"{page.edition}-*"))
    drafts = sorted(folders, key=lambda folder: "-draft" not in folder.name)
    for folder in drafts:
        if page.heading in body_of(folder).read_text(encoding="utf-8"):
            return folder
    raise FileNotFoundError(f"{page.source}: no page is headed {page.heading!r}")


def body_of(folder: Path) -> Path:
    """The body's file."""
    return next(folder.glob("body.*"))


def keep(page: Page) -> Path:
    """Keep one page under its digest; the folder it came from goes."""
    came_from = folder_of(page)
    payload = Payload(
        source=page.source,
        edition=page.edition,
        name=page.name,
        body=body_of(came_from).read_bytes(),
        media_type=media.guess_media_type(page.name),
        capture="made",
        retrieved=RETRIEVED,
        url=page.url,
    )
    note = "Our own words; the figures that guides quote."
    snapshot = Archive(RAW).keep(
        payload, licence=LICENCE, note=note, derived_from=page.derived_from
    )
    folder = snapshot.path.parent
    if folder != came_from:
        shutil.rmtree(came_from)
    return folder


def main() -> None:
    """Keep every page."""
    for page in PAGES:
        print(keep(page).relative_to(RAW))


if __name__ == "__main__":
    main()
