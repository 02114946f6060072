"""Write the made recordings of foreign labor certification files, as drafts.

    python tests/make_oflc.py && python tests/make_recordings.py

Employers, cases and wages are made up; columns, statuses, units and labels are those
of the files of their years.
"""

import csv
import io
import sys
import zipfile
from pathlib import Path

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS.parent / "benchmarks"))

import lca_made  # noqa: E402  the layout of 2020 and later, with its workbook

RAW = TESTS / "raw" / "dol_oflc"
SITES = 10
FIRST = (
    "CASE_NUMBER CASE_STATUS CASE_SUBMITTED DECISION_DATE VISA_CLASS JOB_TITLE "
    "SOC_CODE SOC_TITLE PERIOD_OF_EMPLOYMENT_START_DATE EMPLOYER_NAME NAICS_CODE"
)
SITE = (
    "WORKSITE_WORKERS WORKSITE_CITY WORKSITE_COUNTY WORKSITE_STATE "
    "WAGE_RATE_OF_PAY_FROM WAGE_RATE_OF_PAY_TO WAGE_UNIT_OF_PAY PREVAILING_WAGE "
    "PW_UNIT_OF_PAY PW_WAGE_LEVEL PW_OES_YEAR"
)
OLD = (
    "LCA_CASE_NUMBER STATUS LCA_CASE_SUBMIT DECISION_DATE VISA_CLASS "
    "LCA_CASE_EMPLOYMENT_START_DATE LCA_CASE_EMPLOYER_NAME LCA_CASE_SOC_CODE "
    "LCA_CASE_SOC_NAME LCA_CASE_JOB_TITLE LCA_CASE_WAGE_RATE_FROM "
    "LCA_CASE_WAGE_RATE_TO LCA_CASE_WAGE_RATE_UNIT FULL_TIME_POS TOTAL_WORKERS "
    "LCA_CASE_WORKLOC1_CITY LCA_CASE_WORKLOC1_STATE PW_1 PW_UNIT_1 PW_SOURCE_1 "
    "YR_SOURCE_PUB_1 LCA_CASE_WORKLOC2_CITY LCA_CASE_WORKLOC2_STATE PW_2 PW_UNIT_2 "
    "PW_SOURCE_2 YR_SOURCE_PUB_2 LCA_CASE_NAICS_CODE"
)


def main() -> None:
    """Write every draft."""
    folder = drafted("2024")
    lca_made.write_workbook(folder / "LCA_Disclosure_Data_FY2024_Q3.xlsx", 12)
    put("2019", "H-1B_Disclosure_Data_FY2019.csv", as_csv(year_2019()))
    put("2014", "H-1B_FY14_Q4.csv", as_csv(year_2014()))
    put("2025", "OFLC_Wages_2025-26.zip", wage_library())


def drafted(edition: str) -> Path:
    """A draft's folder."""
    folder = RAW / f"{edition}-draft"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def put(edition: str, name: str, body: bytes) -> None:
    """Write one draft."""
    (drafted(edition) / name).write_bytes(body)


def as_csv(rows: list[list[str]]) -> bytes:
    """Rows as comma-separated text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def year_2019() -> list[list[str]]:
    """Ten worksites a row, each with wages of its own."""
    heads = [*FIRST.split()]
    heads += [f"{name}_{n}" for n in range(1, SITES + 1) for name in SITE.split()]

    def row(case: str, status: str, *sites: str) -> list[str]:
        shared = f"{case}|{status}|2019-02-01|2019-02-08|H-1B|Coding Data Analyst"
        job = "29-2071|Medical Records and Health Information Technicians"
        cells = f"{shared}|{job}|2019-09-02|Made Health Group|622110".split("|")
        for site in sites:
            cells += site.split("|")
        return cells + [""] * (len(heads) - len(cells))

    year = "7/1/2018 - 6/30/2019"
    return [
        heads,
        row("I-200-19000-000001", "CERTIFIED",
            f"1|NASHVILLE|DAVIDSON|TN|52,400.00|58000.00|Year|49650.00|Year|II|{year}",
            f"1|MEMPHIS|SHELBY|TN|24.80||Hour|22.10|Hour|II|{year}"),
        row("I-200-19000-000002", "WITHDRAWN",
            f"1|TULSA|TULSA|OK|1,980.00||Bi-Weekly|1850.00|Bi-Weekly|I|{year}"),
        row("I-200-19000-000003", "CERTIFIED",
            f"2|TULSA|TULSA|OK|25.60||Year|23.75|Hour|N/A|{year}"),
    ]  # fmt: skip


def year_2014() -> list[list[str]]:
    """Two worksites and one offer; units in short."""
    job = "29-2071|Medical Records and Health Information Technicians"
    filed = "2/3/2014|2/7/2014|H-1B"
    rows = (
        f"I-200-14000-000001|CERTIFIED|{filed}|8/18/2014|Made Clinics Inc|{job}|"
        "Records Analyst|41000|45000|Year|Y|1|COLUMBUS|OHIO|38210|Year|OES|2013|"
        "DAYTON|OHIO|36900|Year|OES|2013|621111",
        f"I-200-14000-000002|DENIED|{filed}|9/1/2014|Made Clinics Inc|{job}|"
        "Records Analyst|17.5|0|Hour|N|1|COLUMBUS|OHIO|18.37|Hour|OES|2013|||||||"
        "621111",
    )
    return [OLD.split(), *(row.split("|") for row in rows)]


def wage_library() -> bytes:
    """A zip with two tables of wages and the lists that explain their codes."""
    areas = [
        "Area,AreaName,StateAb,State,CountyTownName",
        '34980,"Nashville-Davidson--Murfreesboro--Franklin, TN",TN,Tennessee,'
        "Davidson County",
        '34980,"Nashville-Davidson--Murfreesboro--Franklin, TN",TN,Tennessee,'
        "Rutherford County",
        "4700001,West Tennessee nonmetropolitan area,TN,Tennessee,Gibson County",
    ]
    jobs = [
        "soccode,Title,Description",
        '29-2072,Medical Records Specialists,"Compile, process and keep records."',
        '25-1071,"Health Specialties Teachers, Postsecondary",Teach courses.',
        "29-1214,Emergency Medicine Physicians,Treat emergencies.",
    ]
    head = "Area,SocCode,GeoLvl,Level1,Level2,Level3,Level4,Average,Label"
    wages = [
        head,
        "34980,29-2072,1,17.40,21.35,25.30,29.25,25.60,",
        "4700001,29-2072,3,15.80,18.95,22.10,25.25,21.90,",
        "34980,25-1071,1,61300,84200,107100,130000,112450,Annual Wage",
        "34980,29-1214,1,86.50,,,,124.10,High Wage",
    ]
    schools = [head, "34980,29-2072,2,16.10,19.20,22.30,25.40,22.75,"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in (
            ("ALC_Export.csv", wages),
            ("EDC_Export.csv", schools),
            ("Geography.csv", areas),
            ("oes_soc_occs.csv", jobs),
            ("Readme.txt", ["Made up for a recording."]),
        ):
            info = lca_made.member(f"OFLC_Wages_2025-26/{name}")
            archive.writestr(info, "\n".join([*lines, ""]))
    return out.getvalue()  # fmt: skip


if __name__ == "__main__":
    main()
