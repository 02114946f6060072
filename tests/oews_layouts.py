"""The layouts of OEWS files, year by year and kind by kind, as small workbooks.

Headers are those that the survey's files have had (1997 to 2025); the row below them
is one of figures. `nat`, `st`, `ma`, `bos` (nonmetropolitan), `in4`, `owner` and `all`
are the survey's own kinds of file.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import xlsxwriter

FIRST, LAST = 1997, 2025
NONMETRO = "North Coast, CA nonmetropolitan area"
WAGES = ["h_mean", "a_mean", "mean_prse"]
TENTHS = ("10", "25", "median", "75", "90")
CELLS = {
    "occ_code": "29-2072", "occ_title": "Records specialists", "tot_emp": "1230",
    "emp_prse": "1.2", "jobs_1000": "1.31", "loc_quotient": "1.02", "pct_total": "0.4",
    "pct_rpt": "12.5", "h_mean": "25.81", "a_mean": "53690", "mean_prse": "0.6",
    "h_10": "16.87", "h_25": "19.05", "h_median": "23.45", "h_75": "29.79",
    "h_90": "37.41", "a_10": "35080", "a_25": "39620", "a_median": "48780",
    "a_75": "61960", "a_90": "77810",
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """One kind of file in one year.

    Args:
        year: Of the survey.
        kind: The survey's own word for it.
        place: Columns before the occupation's, with their cells.
        said: What a claim of it must say: area code, level, area, industry.
    """

    year: int
    kind: str
    place: dict[str, str]
    said: tuple[str, str, str, str | None]

    @property
    def edition(self) -> str:
        """Reference period: before 2003 a year."""
        return f"{self.year}-05" if self.year > 2002 else str(self.year)

    @property
    def member(self) -> str:
        """The workbook's name in the year's zip."""
        stem = {"nat": "national", "st": "state", "ma": "MSA", "bos": "BOS",
                "in4": "nat4d", "owner": "nat4d_owner", "all": "all_data"}  # fmt: skip
        if self.year > 2010:
            return f"{stem[self.kind]}_M{self.year}_dl.xlsx"
        return f"{stem[self.kind]}_may{self.year}_dl.xlsx"

    def row(self) -> dict[str, str]:
        """Header to cell."""
        code = {"occ_code": CELLS["occ_code"], "occ_title": CELLS["occ_title"]}
        group = self._group()
        figures = {name: CELLS[name] for name in ("tot_emp", "emp_prse")}
        figures |= self._ratios() | {name: CELLS[name] for name in WAGES}
        for period in "ha":
            for tenth in TENTHS:
                key = f"{period}_{tenth}"
                figures[self._percentile(period, tenth)] = CELLS[key]
        flags = {"annual": "", "hourly": ""} if self.year > 2004 else {"annual": ""}
        whole = self.place | code | group | figures | flags
        if self.year >= 2021:
            whole |= {"pct_rpt": CELLS["pct_rpt"]}
        upper = self.year == 2014 or 2015 <= self.year <= 2018 or self.year >= 2020
        spaced = self.kind == "all" and self.year < 2019
        names = [n.replace("occ_", "occ ") if spaced else n for n in whole]
        return dict(
            zip([n.upper() if upper else n for n in names], whole.values(), strict=True)
        )

    def _group(self) -> dict[str, str]:
        if self.year >= 2019:
            return {"o_group": "detailed"}
        if self.year >= 2012 and self.kind != "all":
            return {"occ_group": "detailed"}
        return {"group": ""}

    def _ratios(self) -> dict[str, str]:
        """Columns that only some kinds of file have, under the names of their year."""
        found = {}
        if self.kind in ("st", "ma", "bos", "all") and self.year > 2008:
            found["jobs_1000"] = CELLS["jobs_1000"]
            name = "loc quotient" if 2011 <= self.year < 2019 else "loc_quotient"
            found["loc_q" if self.year < 2011 else name] = CELLS["loc_quotient"]
        if self.kind in ("in4", "owner", "all"):
            name = "pct_tot" if self.year < 2011 else "pct_total"
            found[name] = CELLS["pct_total"]
        return found

    def _percentile(self, period: str, tenth: str) -> str:
        if tenth == "median":
            return f"{period}_median"
        return f"{period}_{'wpct' if self.year < 2003 else 'pct'}{tenth}"


def layouts() -> Iterator[Layout]:
    """Every kind of file in every year that it was published in."""
    for year in range(FIRST, LAST + 1):
        if year >= 2019:
            yield from _modern(year)
        else:
            yield from _old(year)


def _modern(year: int) -> Iterator[Layout]:
    """From 2019 all kinds share their columns; numbers have lost their zeros."""

    def place(area: str, title: str, kind: str, naics: str, what: str, owner: str,
              state: str) -> dict[str, str]:  # fmt: skip
        found = {"area": area, "area_title": title, "area_type": kind}
        found |= {"prim_state": state} if year > 2019 else {}
        level = "cross-industry" if naics == "000000" else "4-digit"
        found |= {"naics": naics, "naics_title": what, "i_group": level}
        return found | {"own_code": owner}

    cross = ("000000", "Cross-industry", "1235")
    nation = ("99", "U.S.", "1")
    california = place("6", "California", "2", *cross, "CA")
    san_jose = place("41940", "San Jose, CA", "4", *cross, "CA")
    hills = place("600007", NONMETRO, "6", *cross, "CA")
    yield Layout(year, "nat", place(*nation, *cross, "US"),
                 ("US", "national", "US", None))  # fmt: skip
    yield Layout(year, "st", california, ("06", "state", "California", None))
    yield Layout(year, "ma", san_jose, ("41940", "metro", "San Jose, CA", None))
    yield Layout(year, "bos", hills, ("0600007", "nonmetro", NONMETRO, None))
    hospitals = place(*nation, "622000", "Hospitals", "1235", "US")
    private = place(*nation, "622000", "Hospitals", "5", "US")
    yield Layout(year, "in4", hospitals, ("US", "national", "US", "622000 Hospitals"))
    yield Layout(year, "owner", private,
                 ("US", "national", "US", "622000 Hospitals; ownership 5"))  # fmt: skip
    yield Layout(year, "all", san_jose, ("41940", "metro", "San Jose, CA", None))


def _old(year: int) -> Iterator[Layout]:
    """Until 2018 each kind has columns of its own; areas are told by them."""
    yield Layout(year, "nat", {}, ("US", "national", "US", None))
    state = {"area": "06", "st": "CA", "state": "California"}
    yield Layout(year, "st", state, ("06", "state", "California", None))
    code = "7400" if year < 2005 else "41940"
    metro = {"prim_state": "CA", "area": code, "area_name": "San Jose, CA"}
    yield Layout(year, "ma", metro, (code, "metro", "San Jose, CA", None))
    if year > 2004:
        hills = {"prim_state": "CA", "area": "600007", "area_name": NONMETRO}
        yield Layout(year, "bos", hills, ("0600007", "nonmetro", NONMETRO, None))
    sector = {"naics": "622000", "naics_title": "Hospitals"}
    if year > 2001:  # the SIC before
        yield Layout(year, "in4", sector, ("US", "national", "US", "622000 Hospitals"))
    if 2009 <= year <= 2018:
        owner = "Private" if year < 2011 else "5"
        name = "ownership" if year < 2011 else "own_code"
        private = ("US", "national", "US", "622000 Hospitals; ownership 5")
        yield Layout(year, "owner", sector | {name: owner}, private)
    if 2011 <= year <= 2018:
        every = {"area": "41940", "area_title": "San Jose, CA", "area_type": "4",
                 "naics": "000000", "naics_title": "Cross-industry",
                 "i_group": "cross-industry", "own_code": "1235"}  # fmt: skip
        if year == 2012:
            every["own_code"] = "5"  # as printed that year
        yield Layout(year, "all", every, ("41940", "metro", "San Jose, CA", None))


def workbook(layout: Layout, changes: dict[str, str] | None = None) -> bytes:
    """The layout as a workbook: its header, one row, and the sheet that explains it."""
    row = layout.row()
    for name, value in (changes or {}).items():
        (key,) = [k for k in row if k.lower() == name]
        row[key] = value
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(layout.member.rpartition(".")[0][:31])
        sheet.write_row(0, 0, list(row))
        for column, (name, value) in enumerate(row.items()):
            number = value and name.lower() not in ("occ_code", "occ code")
            if number and value.replace(".", "", 1).isdigit() and layout.year < 2019:
                sheet.write_number(1, column, float(value))
            else:
                sheet.write_string(1, column, value)
        book.add_worksheet("Field Descriptions").write_row(0, 0, ["Field", "Meaning"])
    return out.getvalue()


def zipped(layout: Layout, changes: dict[str, str] | None = None) -> bytes:
    """The workbook in the year's zip, with the file that describes its fields."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"oes/{layout.member}", workbook(layout, changes))
        archive.writestr(
            "oes/field_descriptions.csv", "Field,Meaning\narea,Area code\n"
        )
    return out.getvalue()
