"""Card the recordings of sources, file them by digest, and write what they say.

    python tests/make_recordings.py

A new recording is put down as `tests/raw/<source>/<edition>-draft…/<name>` with a
row in RECORDINGS; to change one that is there, copy its body to a draft. Each is kept
as any snapshot is; the draft's folder goes, and so does what was there by that name.
What its source's module reads from it is written to `tests/expected/<source>/
<name>.csv`: look at the difference before you commit it, since that is what the tests
then hold the module to. Running it again changes nothing.

The words and the figures of recordings are made up, or facts that others quote; only
their layouts are those of the publishers. They stay out of `raw/`, so that no release
holds a made-up figure.
"""

import csv
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.archive.snapshot import Archive
from pipeline.core import media
from pipeline.core.model import Payload, Snapshot
from pipeline.core.vocabulary import open_vocabulary
from pipeline.sources import import_source

TESTS = Path(__file__).parent
RETRIEVED = "2026-11-01"
LICENCE = "Written for this project"
NOTE = "A recording: the layout is the publisher's, words and figures are made up."
SHOWN = (
    *("locator", "quote", "kind", "measure", "value", "low", "high", "availability"),
    *("currency", "period", "pay_basis", "statistic", "occupation", "soc", "area"),
    *("area_code", "area_level", "credential", "credential_count", "experience_min"),
    *("experience_max", "experience_label", "specialty", "employer_type", "work_mode"),
    *("education", "industry", "attributed_to", "reference_period"),
)


@dataclass(frozen=True)
class Recording:
    """What a recording stands for; `name` is unique within its source."""

    source: str
    edition: str
    name: str
    url: str = ""
    parts: tuple[str, ...] = ()


FILES = "https://www.dol.gov/sites/dolgov/files/ETA/oflc/pdfs/"
LIBRARY = "https://flag.dol.gov/sites/default/files/wages/"
SURVEY = "https://www.aapc.com/resources/medical-coding-salary-survey"
RECORDINGS = (
    Recording("aapc_survey", "2022", "salary-survey-2022.html", SURVEY),
    Recording("aapc_survey", "2023", "salary-survey-2023.html", SURVEY),
    Recording("aapc_survey", "2025", "salary-survey-2025.html", SURVEY),
    Recording(
        *("article", "2026", "what-coders-earn.html"),
        "https://lantern.example/what-medical-coders-earn",
    ),
    Recording(
        *("ahima", "2023", "him-salary-snapshot.html"),
        "https://www.ahima.org/salary-snapshot",
    ),
    Recording(
        *("bls_api", "2025-05", "series-25-01.json"),
        "https://api.bls.gov/publicAPI/v2/timeseries/data/",
    ),
    Recording(
        *("dol_oflc", "2024", "LCA_Disclosure_Data_FY2024_Q3.xlsx"),
        f"{FILES}LCA_Disclosure_Data_FY2024_Q3.xlsx",
    ),
    Recording(
        *("dol_oflc", "2019", "H-1B_Disclosure_Data_FY2019.csv"),
        f"{FILES}H-1B_Disclosure_Data_FY2019.xlsx",
    ),
    Recording("dol_oflc", "2014", "H-1B_FY14_Q4.csv", f"{FILES}H-1B_FY14_Q4.xlsx"),
    Recording(
        *("dol_oflc", "2025", "OFLC_Wages_2025-26.zip"),
        f"{LIBRARY}OFLC_Wages_2025-26.zip",
    ),
    Recording(
        *("glassdoor", "2025", "medical-coder-salary.html"),
        "https://www.glassdoor.com/Salaries/medical-coder-salary-SRCH_KO0,13.htm",
    ),
    Recording(
        *("indeed", "2026-10", "medical-coder-salaries.html"),
        "https://www.indeed.com/career/medical-coder/salaries",
    ),
    Recording(
        *("indeed", "2026-09", "medical-coder-jobs.html"),
        "https://www.indeed.com/q-medical-coder-l-tampa,-fl-jobs.html",
    ),
    Recording(
        *("job_postings", "2026-03", "medical-coder-ii.html"),
        "https://hireboard.example/jobs/qlh-48121",
    ),
    Recording(
        *("job_postings", "2026-03", "records-clerk.html"),
        "https://hireboard.example/jobs/mcc-2207",
    ),
    Recording("job_postings", "2026-02", "board.jsonl"),
    Recording(
        *("payscale", "2025", "medical-coder-salary.html"),
        "https://www.payscale.com/research/US/Job=Medical_Coder/Salary",
    ),
    Recording(
        *("salary_com", "2025", "medical-coder-salary.html"),
        "https://www.salary.com/research/salary/listing/medical-coder-salary",
    ),
    Recording(
        *("ziprecruiter", "2026-10", "medical-coder-salary.html"),
        "https://www.ziprecruiter.com/Salaries/Medical-Coder-Salary",
    ),
)


def keep(recording: Recording, raw: Path) -> Snapshot:
    """File one recording under its digest; a draft goes before what is there."""
    draft = draft_of(recording, raw)
    if draft is None:
        return kept(recording, raw)
    payload = Payload(
        source=recording.source,
        edition=recording.edition,
        name=recording.name,
        body=draft.read_bytes(),
        media_type=media.guess_media_type(recording.name),
        capture="made",
        retrieved=RETRIEVED,
        url=recording.url,
        parts={name: (draft.parent / name).read_bytes() for name in recording.parts},
    )
    archive = Archive(raw)
    snapshot = archive.keep(payload, licence=LICENCE, note=NOTE)
    older = [
        s.path.parent
        for s in archive.survey_source(recording.source)[0]
        if s.name == recording.name and s.id != snapshot.id
    ]
    for folder in [draft.parent, *older]:
        shutil.rmtree(folder)
    return snapshot


def draft_of(recording: Recording, raw: Path) -> Path | None:
    """The file of that name in a draft's folder, where there is one."""
    folders = (raw / recording.source).glob(f"{recording.edition}-draft*")
    return next(
        (folder / recording.name for folder in sorted(folders)
         if (folder / recording.name).is_file()), None,
    )  # fmt: skip


def kept(recording: Recording, raw: Path) -> Snapshot:
    """The recording as it was filed before."""
    snapshots, _ = Archive(raw).survey_source(recording.source)
    return next(s for s in snapshots if s.name == recording.name)


def said(snapshot: Snapshot) -> pl.DataFrame:
    """What a source's module reads from a recording, as texts, in a total order."""
    words = open_vocabulary(TESTS.parent / "vocabularies")
    claims = import_source(snapshot.source).parse(snapshot, words)
    texts = claims.select("claim_id", pl.col(SHOWN).cast(pl.String))
    return texts.sort("claim_id").drop("claim_id")


def expected(source: str, name: str) -> Path:
    """Where it is written what a recording says."""
    return TESTS / "expected" / source / f"{name}.csv"


def as_csv(frame: pl.DataFrame) -> str:
    """Rows as CSV, without the columns that are empty throughout."""
    told = [c for c in frame.columns if frame[c].null_count() < frame.height]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(told)
    writer.writerows(frame.select(told).iter_rows())
    return out.getvalue()


def main(raw: Path = TESTS / "raw") -> None:
    """File every recording, and write what it says."""
    for recording in RECORDINGS:
        snapshot = keep(recording, raw)
        path = expected(recording.source, recording.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_csv(said(snapshot)), encoding="utf-8")
        print(path.relative_to(TESTS), file=sys.stderr)


if __name__ == "__main__":
    main()
