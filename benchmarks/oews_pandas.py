"""The peer of benchmarks/oews_flat.py: the same claims with pandas and pandera."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pyarrow
from pyarrow import compute

from schemas import Claims

ROOT = Path(__file__).resolve().parent.parent
DATA = "oe.data.0.Current"
LISTS = ("oe.area", "oe.industry", "oe.occupation")
LINES = 400_000


def peer(folder: Path, out: Path) -> Any:
    """The same with pandas and pandera.pandas."""
    schema = pandas_schema()

    def begin() -> tuple[int, int]:
        out.mkdir(parents=True)
        lists = pandas_lists(folder)
        rows = broken = 0
        for number, lines in enumerate(pandas_batches(folder / DATA)):
            claims, cells = pandas_claims(lines, lists)
            claims = schema.validate(claims, lazy=True)
            faults = pandas_rules(claims, cells)
            claims = claims[~claims["claim_id"].isin(faults)]
            claims.to_parquet(out / f"{number:05}.parquet", compression="zstd")
            rows, broken = rows + len(claims), broken + len(faults)
        shutil.rmtree(out)
        return rows, broken

    return begin


def pandas_schema() -> Any:
    """The claims table's own rules, for pandas."""

    def whole(frame: Any) -> Any:
        number = frame[["value", "low", "high"]].notna().any(axis=1)
        return number != frame["availability"].isin(["suppressed", "not_available"])

    def point(frame: Any) -> Any:
        bounds = frame[["low", "high"]].notna().any(axis=1)
        return ~(frame["value"].notna() & bounds) | (frame["kind"] == "share")

    def top(frame: Any) -> Any:
        coded = frame["availability"] == "top_coded"
        return ~coded | (frame["low"].notna() & frame["value"].isna())

    columns = {
        name: pa.Column(
            checks=column.checks, nullable=column.nullable, unique=column.unique
        )
        for name, column in Claims.to_schema().columns.items()
    }
    checks = [pa.Check(whole), pa.Check(point), pa.Check(top)]
    return pa.DataFrameSchema(columns, checks=checks, strict=True)


def pandas_lists(folder: Path) -> dict[str, Any]:
    """The code lists and vocabularies as frames, indexed by code."""

    def read(path: Path, separator: str) -> Any:
        return pd.read_csv(path, sep=separator, dtype=str)

    area, industry, occupation = (read(folder / name, "\t") for name in LISTS)
    code, kind = area["area_code"], area["areatype_code"]
    level = kind.map({"N": "national", "S": "state", "M": "metro"})
    level = level.mask((kind == "M") & ~code.str.startswith("00"), "nonmetro")
    short = code.mask(level == "state", code.str[:2])
    short = short.mask(level == "metro", code.str[2:]).mask(level == "national", "US")
    area = pd.DataFrame(
        {
            "area": area["area_name"].mask(level == "national", "US"),
            "area_code": short,
            "area_level": level,
        }
    ).set_index(kind + code)
    title = industry["industry_code"] + " " + industry["industry_name"]
    industry = title.mask(industry["industry_code"] == "000000")
    industry.index = read(folder / "oe.industry", "\t")["industry_code"]
    code = occupation["occupation_code"]
    names = {"0": "major", "1": "minor", "2": "broad", "3": "detailed"}
    group = occupation["display_level"].map(names).mask(code == "000000", "total")
    occupation = pd.DataFrame(
        {
            "occupation": occupation["occupation_name"],
            "soc": code.str[:2] + "-" + code.str[2:],
            "occupation_group": group,
        }
    ).set_index(code)
    measures = read(ROOT / "vocabularies" / "oews_measures.csv", ",")
    measures = measures.dropna(subset="datatype").set_index("datatype")
    return {"a": area, "i": industry, "o": occupation, "m": measures}


def pandas_batches(path: Path) -> Iterator[Any]:
    """Batches of lines that end where the cell changes."""
    rest = None
    names = ["series_id", "year", "period", "value", "notes"]
    with pd.read_csv(
        path, sep="\t", dtype=str, header=0, names=names, chunksize=LINES, quoting=3
    ) as reader:
        for chunk in reader:
            lines = chunk if rest is None else pd.concat([rest, chunk])
            key = lines["series_id"].str[:23]
            last = key == key.iloc[-1]
            rest = lines[last]
            yield lines[~last]
    yield rest


def pandas_claims(lines: Any, lists: dict[str, Any]) -> tuple[Any, Any]:
    """Lines as claims, and the number of each line's cell."""
    series = lines["series_id"].str.rstrip()
    if not series.str.fullmatch(r"OEU[NSM]\d{7}[0-9A-Z-]{6}\d{8}").all():
        raise ValueError("no OEWS series")
    if not ((lines["year"] == "2025") & (lines["period"] == "A01")).all():
        raise ValueError("another year")
    quote = lines["value"].str.strip()
    money = pd.ArrowDtype(pyarrow.decimal128(14, 2))
    texts = pyarrow.array(quote.mask(quote == "-"), pyarrow.string())
    exact = compute.round(compute.cast(texts, pyarrow.decimal128(17, 4)), 2)
    value = pd.Series(exact, index=lines.index, dtype=money)
    marks = {"4": "not_available", "5": "top_coded", "8": "suppressed"}
    measures = lists["m"].reindex(series.str[23:25]).set_index(lines.index)
    areas = lists["a"].reindex(series.str[3:11]).set_index(lines.index)
    occupations = lists["o"].reindex(series.str[17:23]).set_index(lines.index)
    industry = lists["i"].reindex(series.str[11:17])
    absent = quote == "-"
    availability = lines["notes"].map(marks)
    names = measures["measure"], areas["area"], occupations["soc"]
    if any(found.isna().any() for found in names) or lines["value"].isna().any():
        raise ValueError("an unknown code, or no value")
    if (absent != availability.notna()).any() or value.isna().ne(absent).any():
        raise ValueError("an unknown mark")
    pay = measures["measure"] == "pay"
    hourly = measures["period"] == "hour"
    top = lines["notes"] == "5"
    locator = "line=" + (lines.index + 2).astype(str) + ";col=4"
    known = {
        "claim_id": "09879508d69f#" + locator,
        "source": "bls_oews",
        "snapshot": "09879508d69f",
        "locator": locator,
        "quote": quote,
        "structure": "flat_file",
        "kind": measures["kind"],
        "measure": measures["measure"],
        "value": value,
        "low": hourly.map({True: "115.00", False: "239200.00"})
        .where(top)
        .astype(pd.ArrowDtype(pyarrow.string()))
        .astype(money),
        "approximate": False,
        "availability": availability.fillna("published"),
        "currency": pay.map({True: "USD", False: None}),
        "period": measures["period"],
        "pay_basis": pay.map({True: "base", False: "unspecified"}),
        "statistic": measures["statistic"],
        "industry": industry.to_numpy(),
        "reference_period": "2025-05",
        "hypothetical": False,
        **{name: occupations[name] for name in occupations},
        **{name: areas[name] for name in areas},
    }
    order = list(Claims.to_schema().columns)
    frame = pd.DataFrame(
        {name: known.get(name) for name in order}, index=lines.index, columns=order
    )
    key = series.str[:23]
    return frame, (key != key.shift()).cumsum()


def pandas_rules(claims: Any, cells: Any) -> set[str]:
    """Ids of the claims that break one of the three exact rules."""
    pay = claims.loc[
        (claims["measure"] == "pay") & claims[["value", "low"]].notna().any(axis=1),
        ["claim_id", "period", "statistic", "value", "low"],
    ].assign(cell=cells)
    hourly = pay[(pay["period"] == "hour") & pay["value"].notna()]
    annual = pay[(pay["period"] == "year") & pay["value"].notna()]
    pairs = hourly.merge(annual, on=["cell", "statistic"])
    apart = pairs["value_x"] * Decimal(2080) - pairs["value_y"]
    far = pairs[apart.abs() > Decimal("15.4")]
    tens = (annual["value"] / Decimal(10)).round(0) * Decimal(10)
    uneven = annual[annual["value"] != tens]
    ranks = {"p10": 1, "p25": 2, "median": 3, "p75": 4, "p90": 5}
    pay = pay.assign(rank=pay["statistic"].map(ranks)).dropna(subset="rank")
    pay = pay.sort_values(["cell", "period", "rank"])
    number = pay["value"].fillna(pay["low"])
    same = (pay["cell"] == pay["cell"].shift()) & (
        pay["period"] == pay["period"].shift()
    )
    backwards = same & (number < number.shift()) & pay["value"].notna()
    wrong = pd.concat([pay[backwards], pay[backwards.shift(-1, fill_value=False)]])
    ids = [far["claim_id_x"], far["claim_id_y"], uneven["claim_id"], wrong["claim_id"]]
    return set(pd.concat(ids))
