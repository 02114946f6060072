"""Write a made LCA disclosure workbook or CSV of any length, in the layout of FLAG.

The names, addresses and wages are made up by a counter and a seed; the columns, the
shared strings, the date cells and the share of empty cells are those of the files that
the Department of Labor publishes. Rows repeat a few hundred applications, each with a
case number, wages and an employer of its own, so that a large file is quick to write.
"""

import csv
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = ROOT / "vocabularies" / "oflc_columns.csv"


def columns() -> list[str]:
    """The 96 columns of fiscal years 2020 to 2024, in the order of the files."""
    with VOCABULARY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["header"] for row in rows if row["fiscal_years"] == "2020-"]


COLUMNS = columns()
EMPTY = {
    *("ORIGINAL_CERT_DATE", "EMPLOYER_PROVINCE", "EMPLOYER_PHONE_EXT", "SUPPORT_H1B"),
    *("EMPLOYER_POC_ADDRESS2", "EMPLOYER_POC_PROVINCE", "EMPLOYER_POC_PHONE_EXT"),
    *("AGENT_ATTORNEY_PROVINCE", "AGENT_ATTORNEY_PHONE_EXT", "STATUTORY_BASIS"),
    *("SECONDARY_ENTITY_BUSINESS_NAME", "WORKSITE_ADDRESS2", "PW_TRACKING_NUMBER"),
    *("PW_OTHER_SOURCE", "PW_OTHER_YEAR", "PW_SURVEY_PUBLISHER", "PW_SURVEY_NAME"),
}
JOBS = (
    ("Software Engineer", "15-1252.00", "Software Developers", 128_000),
    ("Data Scientist", "15-2051.00", "Data Scientists", 121_000),
    ("Health Records Analyst", "29-2072.00", "Medical Records Specialists", 52_000),
    ("Informatics Analyst", "15-1211.01", "Health Informatics Specialists", 94_000),
    ("Staff Accountant", "13-2011.00", "Accountants and Auditors", 76_000),
    ("Registered Nurse", "29-1141.00", "Registered Nurses", 84_000),
    ("Clinic Manager", "11-9111.00", "Medical and Health Services Managers", 103_000),
)  # fmt: skip
PLACES = (
    ("Austin", "TRAVIS", "TX", "78701"),
    ("San Jose", "SANTA CLARA", "CA", "95110"),
    ("Jersey City", "HUDSON", "NJ", "07302"),
    ("Chicago", "COOK", "IL", "60601"),
    ("Atlanta", "FULTON", "GA", "30303"),
)
LEVELS = ("I", "II", "III", "IV")
STATUSES = ("Certified",) * 17 + ("Certified - Withdrawn", "Withdrawn", "Denied")
NUMBERS = {"TOTAL_WORKER_POSITIONS", "NEW_EMPLOYMENT", "CONTINUED_EMPLOYMENT",
           "CHANGE_PREVIOUS_EMPLOYMENT", "NEW_CONCURRENT_EMPLOYMENT", "NAICS_CODE",
           "CHANGE_EMPLOYER", "AMENDED_PETITION", "WORKSITE_WORKERS",
           "TOTAL_WORKSITE_LOCATIONS", "WAGE_RATE_OF_PAY_FROM", "WAGE_RATE_OF_PAY_TO",
           "PREVAILING_WAGE"}  # fmt: skip
DATES = {"RECEIVED_DATE", "DECISION_DATE", "BEGIN_DATE", "END_DATE"}
DAY_ZERO = 45_292  # 2024-01-01 as a workbook counts days
Row = list[str]


def applications(count: int, seed: int = 9035) -> Iterator[Row]:
    """Made applications, one list of texts each, in the order of COLUMNS."""
    draw = random.Random(seed)
    kinds = [_kind(draw, number) for number in range(min(count, 400))]
    at = {name: place for place, name in enumerate(COLUMNS)}
    for number in range(count):
        row = list(kinds[draw.randrange(len(kinds))])
        wage = float(row[at["PREVAILING_WAGE"]]) * draw.choice((1, 1.04, 1.11, 1.3))
        if number % 499 == 7:  # typed into the wrong unit, as some are
            wage *= 2080 if row[at["WAGE_UNIT_OF_PAY"]] == "Hour" else 1 / 2080
        row[at["CASE_NUMBER"]] = f"I-200-{24000 + number // 1000:05}-{number:06}"
        row[at["EMPLOYER_NAME"]] = f"Made Company {draw.randrange(30_000):05} LLC"
        row[at["WAGE_RATE_OF_PAY_FROM"]] = f"{wage:.2f}"
        row[at["WAGE_RATE_OF_PAY_TO"]] = f"{wage * 1.2:.2f}" if number % 3 else ""
        yield row


def _kind(draw: random.Random, number: int) -> Row:
    title, soc, name, pay = draw.choice(JOBS)
    city, county, state, zip_code = draw.choice(PLACES)
    level = draw.randrange(4)
    hourly = draw.random() < 0.15
    yearly = round(pay * (0.7 + 0.2 * level) * draw.uniform(0.9, 1.1))
    unit = "Hour" if hourly else "Year"
    said = {
        "CASE_STATUS": draw.choice(STATUSES),
        "VISA_CLASS": draw.choice(("H-1B",) * 8 + ("E-3 Australian", "H-1B1 Chile")),
        "JOB_TITLE": title,
        "SOC_CODE": soc,
        "SOC_TITLE": name,
        "FULL_TIME_POSITION": draw.choice("YYYYYN"),
        "NAICS_CODE": draw.choice(("541511", "622110", "541211", "611310")),
        "WORKSITE_CITY": city,
        "WORKSITE_COUNTY": county,
        "WORKSITE_STATE": state,
        "WORKSITE_POSTAL_CODE": zip_code,
        "WAGE_UNIT_OF_PAY": unit,
        "PREVAILING_WAGE": f"{yearly / 2080:.2f}" if hourly else str(yearly),
        "PW_UNIT_OF_PAY": unit,
        "PW_WAGE_LEVEL": LEVELS[level],
        "PW_OES_YEAR": "7/1/2023 - 6/30/2024",
        "H-1B_DEPENDENT": draw.choice("NNNY"),
        **{n: str(draw.choice((0, 1))) for n in sorted(NUMBERS - {"NAICS_CODE"})},
        **{name: str(DAY_ZERO + draw.randrange(300)) for name in sorted(DATES)},
    }
    said["PREVAILING_WAGE"] = f"{yearly / 2080:.2f}" if hourly else str(yearly)
    return [
        "" if name in EMPTY else said.get(name) or f"{name[-9:].title()} {number % 97}"
        for name in COLUMNS
    ]


def write_csv(path: Path, count: int) -> None:
    """The same as comma-separated text; dates as the publisher writes them."""
    dated = [place for place, name in enumerate(COLUMNS) if name in DATES]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\n")
        for row in applications(count):
            for place in dated:
                row[place] = f"2024-{int(row[place]) % 12 + 1:02}-15"
            file.write(",".join(row) + "\n")


def letters(column: int) -> str:
    """A workbook's name for a column, from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def write_workbook(path: Path, count: int) -> None:
    """A workbook as spreadsheet programs write it: shared strings, date cells."""
    strings: dict[str, int] = {}
    names = [letters(place + 1) for place in range(len(COLUMNS))]
    plain = NUMBERS | DATES
    kinds = [
        (column, name in plain, name in DATES)
        for column, name in zip(names, COLUMNS, strict=True)
    ]

    def cells(number: int, row: Row, *, head: bool = False) -> str:
        out = [f'<row r="{number}">']
        for (column, is_number, is_date), text in zip(kinds, row, strict=True):
            if not text:
                continue
            if is_number and not head:
                style = ' s="1"' if is_date else ""
                out.append(f'<c r="{column}{number}"{style}><v>{text}</v></c>')
            else:
                index = strings.setdefault(text, len(strings))
                out.append(f'<c r="{column}{number}" t="s"><v>{index}</v></c>')
        out.append("</row>")
        return "".join(out)

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, text in PARTS.items():
            archive.writestr(member(name), HEAD + text)
        sheet_file = member("xl/worksheets/sheet1.xml")
        with archive.open(sheet_file, "w", force_zip64=True) as sheet:
            last = f"{names[-1]}{count + 1}"
            start = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:{last}"/><sheetData>'
            sheet.write((HEAD + start + cells(1, list(COLUMNS), head=True)).encode())
            for number, row in enumerate(applications(count), start=2):
                sheet.write(cells(number, row).encode())
            sheet.write(b"</sheetData></worksheet>")
        strings_file = member("xl/sharedStrings.xml")
        with archive.open(strings_file, "w", force_zip64=True) as shared:
            start = f'<sst xmlns="{MAIN}" uniqueCount="{len(strings)}">'
            shared.write((HEAD + start).encode())
            for text in strings:
                shared.write(f"<si><t>{text}</t></si>".encode())
            shared.write(b"</sst>")


def member(name: str) -> zipfile.ZipInfo:
    """A member of the zip without the time of day, so that bytes are the same."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SCHEMAS = "http://schemas.openxmlformats.org"
MAIN = f"{SCHEMAS}/spreadsheetml/2006/main"
OFFICE = f"{SCHEMAS}/officeDocument/2006/relationships"
PACKAGE = f"{SCHEMAS}/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{KIND}.worksheet+xml"/><Override PartName="/xl/styles.xml" '
    f'ContentType="{KIND}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" '
    f'ContentType="{KIND}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
    f'Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet '
    'name="LCA_Disclosure_Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{OFFICE}/styles" '
    f'Target="styles.xml"/><Relationship Id="rId3" Type="{OFFICE}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}
