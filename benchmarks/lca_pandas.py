"""The peer of benchmarks/lca.py: the same claims with openpyxl, pandas and pandera."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
from oews_pandas import pandas_schema
from pyarrow import compute

from schemas import Claims

ROOT = Path(__file__).resolve().parent.parent
USED = (
    "CASE_STATUS JOB_TITLE SOC_CODE BEGIN_DATE EMPLOYER_NAME NAICS_CODE WORKSITE_CITY "
    "WORKSITE_STATE WAGE_RATE_OF_PAY_FROM WAGE_RATE_OF_PAY_TO WAGE_UNIT_OF_PAY "
    "PREVAILING_WAGE PW_UNIT_OF_PAY PW_WAGE_LEVEL PW_OES_YEAR"
)
MONEY = pd.ArrowDtype(pyarrow.decimal128(14, 2))
SNAPSHOT = "a" * 12
SHEET = "LCA_Disclosure_Data!"


def peer(file: Path, out: Path) -> Callable[[], tuple[int, int]]:
    """The work, with its imports and rules at hand."""
    schema = pandas_schema()
    rules = pd.read_csv(ROOT / "vocabularies" / "oflc_rules.csv", index_col="key")

    def work() -> tuple[int, int]:
        rows = read(file)
        claims = pd.concat([offers(rows), floors(rows)]).sort_index(kind="stable")
        claims = claims.reindex(columns=list(Claims.to_schema().columns))
        claims = schema.validate(claims, lazy=True)
        wrong = broken(claims, rules["value"].astype(float))
        out.mkdir(parents=True)
        claims[~wrong].to_parquet(out / "claims.parquet", compression="zstd")
        return int((~wrong).sum()), int(wrong.sum())

    return work


def read(file: Path) -> Any:
    """The columns that are needed, as text."""
    used = USED.split()
    if file.suffix == ".csv":
        return pd.read_csv(file, usecols=used, dtype=str)
    return pd.read_excel(file, usecols=used, dtype=str, engine="openpyxl")


def money(texts: Any) -> Any:
    """Texts as exact decimals with two places."""
    plain = pyarrow.array(texts, pyarrow.string())
    exact = compute.round(compute.cast(plain, pyarrow.decimal128(20, 6)), 2)
    return pd.Series(exact, index=texts.index, dtype=MONEY)


def offers(rows: Any) -> Any:
    """The offers as claims."""
    low, high = money(rows["WAGE_RATE_OF_PAY_FROM"]), money(rows["WAGE_RATE_OF_PAY_TO"])
    ranged = (high.notna() & (high != low)).fillna(False).astype(bool)
    pay = rows["CASE_STATUS"].str.upper().str.startswith("CERTIFIED")
    kinds = {"WITHDRAWN": "withdrawn_offer", "DENIED": "denied_offer"}
    other = rows["CASE_STATUS"].str.upper().map(kinds)
    place = "line=" + (rows.index + 2).astype(str) + ";col=72"
    return base(rows, place).assign(
        quote=rows["WAGE_RATE_OF_PAY_FROM"],
        kind=pay.map({True: "pay_level", False: "other"}),
        measure=other.where(~pay, "pay"),
        value=low.where(~ranged),
        low=low.where(ranged),
        high=high.where(ranged),
        statistic=ranged.map({True: "range", False: "unspecified"}),
        period=rows["WAGE_UNIT_OF_PAY"].str.lower(),
        reference_period=rows["BEGIN_DATE"].str.slice(0, 7),
    )


def floors(rows: Any) -> Any:
    """The prevailing wages as claims."""
    years = rows["PW_OES_YEAR"].str.extract(r"(\d{4})\D.*\D(\d{4})\s*$")
    place = "line=" + (rows.index + 2).astype(str) + ";col=75"
    return base(rows, place).assign(
        quote=rows["PREVAILING_WAGE"],
        kind="other",
        measure="prevailing_wage",
        value=money(rows["PREVAILING_WAGE"]),
        statistic="unspecified",
        period=rows["PW_UNIT_OF_PAY"].str.lower(),
        reference_period=years[0] + "-" + years[1],
        experience_label=rows["PW_WAGE_LEVEL"],
    )


def base(rows: Any, place: Any) -> Any:
    """What both have."""
    return pd.DataFrame(
        {
            "claim_id": f"{SNAPSHOT}#" + place,
            "source": "dol_oflc",
            "snapshot": SNAPSHOT,
            "locator": place,
            "structure": "sheet",
            "section": rows["EMPLOYER_NAME"],
            "approximate": False,
            "availability": "published",
            "currency": "USD",
            "pay_basis": "base",
            "occupation": rows["JOB_TITLE"],
            "soc": rows["SOC_CODE"].str.extract(r"^(\d{2}-\d{4})", expand=False),
            "area": rows["WORKSITE_CITY"] + ", " + rows["WORKSITE_STATE"],
            "industry": rows["NAICS_CODE"],
            "hypothetical": False,
        },
        index=rows.index,
    )


def broken(claims: Any, rules: Any) -> Any:
    """Offers outside what their period can be, or far from the prevailing wage."""
    pay = claims["measure"] == "pay"
    least = claims["value"].fillna(claims["low"]).astype(float)
    most = claims["value"].fillna(claims["high"]).astype(float)
    low, high = (claims["period"] + "_lowest"), (claims["period"] + "_highest")
    wrong = (least < low.map(rules)) | (most > high.map(rules))
    yearly = least * claims["period"].map({"hour": 2080.0, "year": 1.0})
    floor = yearly[claims["measure"] == "prevailing_wage"]
    ratio = yearly[pay] / floor.reindex(claims.index[pay])
    far = (ratio < rules["prevailing_least"]) | (ratio > rules["prevailing_most"])
    wrong &= pay
    wrong[pay] |= far.to_numpy()
    return wrong | (pay & (most < least))
