"""May 2025 of OEWS, file to validated claims in Parquet: ours beside pandas.

    python benchmarks/oews_flat.py [FLAT_FOLDER]

Both read all 6,023,970 values of oe.data.0.Current, decode the series ids, give
every value the columns of the claims table, check them against the same pandera
rules and the three exact rules of OEWS pay, and write Parquet; each in a process of
its own, one after the other. The peer is vectorised pandas with pandera.pandas, in
batches of whole cells as ours. It may keep money as floats, which we may not.

Without FLAT_FOLDER the files are made from ../shared. Exit status 1: a target is
missed.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("PAYPROOF_SHARED", ROOT.parent / "shared"))
DATA = "oe.data.0.Current"
LISTS = ("oe.area", "oe.industry", "oe.occupation", "oe.datatype", "oe.footnote")
VALUES = 6_023_970
LEAST_RATIO = 4.0
MOST_MEMORY = 4_000_000_000
LINES = 400_000


def main() -> int:
    """Run both, print the table, say whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--run", choices=("ours", "pandas"), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        work = ours if given.run == "ours" else peer
        print(json.dumps(measured(lambda: work(given.folder, given.out))))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or made(Path(temporary) / "flat")
        results = {
            name: run(name, folder, Path(temporary) / name)
            for name in ("ours", "pandas")
        }
    return report(results)


def made(folder: Path) -> Path:
    """The flat files, written from the shared release."""
    tool = SHARED / "tools" / "make_oews_flat.py"
    if not tool.is_file():
        raise SystemExit(f"{tool} is not there: name a folder with {DATA}.")
    subprocess.run([sys.executable, tool, folder], check=True, stdout=sys.stderr)
    return folder


def run(name: str, folder: Path, out: Path) -> dict[str, float]:
    """One contender in a process of its own."""
    command = [sys.executable, __file__, str(folder), "--run", name, "--out", str(out)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measured(work: Any) -> dict[str, float]:
    """Seconds, peak memory and what the work says it wrote; imports do not count."""
    begin = work()
    start, clock = time.process_time(), time.perf_counter()
    claims, broken = begin()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "seconds": time.perf_counter() - clock,
        "cpu": time.process_time() - start,
        "peak": peak,
        "claims": claims,
        "broken": broken,
    }


def report(results: dict[str, dict[str, float]]) -> int:
    """Print what was measured against the targets."""
    print("| | seconds | CPU seconds | peak memory | claims | broken rules |")
    print("|---|---|---|---|---|---|")
    for name, r in results.items():
        print(
            f"| {name} | {r['seconds']:.1f} | {r['cpu']:.1f} | {r['peak'] / 1e9:.2f} GB"
            f" | {r['claims']:,.0f} | {r['broken']:,.0f} |"
        )
    ours_, peer_ = results["ours"], results["pandas"]
    ratio = peer_["seconds"] / ours_["seconds"]
    print(f"ahead by {ratio:.1f} times (target {LEAST_RATIO:.0f})")
    missed = [
        what
        for what, fine in (
            ("speed", ratio >= LEAST_RATIO),
            ("memory", ours_["peak"] <= MOST_MEMORY),
            ("all values", ours_["claims"] + ours_["broken"] == VALUES),
            ("the same counts", ours_["claims"] == peer_["claims"]),
            ("the same faults", ours_["broken"] == peer_["broken"]),
        )
        if not fine
    ]
    print(f"missed: {', '.join(missed)}" if missed else "all targets met")
    return 1 if missed else 0


def ours(folder: Path, out: Path) -> Any:
    """Payproof: `bls_oews.write_parts`."""
    from pipeline.model import Snapshot
    from pipeline.sources import bls_oews
    from pipeline.store import sha256_of
    from pipeline.vocabulary import load

    body = folder / DATA
    snapshot = Snapshot(
        *("bls_oews", "2025-05", sha256_of(body), body, "text/tab-separated-values"),
        *("given", "2026-09-26"),
        parts={name: folder / name for name in LISTS},
        name=DATA,
    )

    def begin() -> tuple[int, int]:
        written = bls_oews.write_parts(snapshot, load(ROOT / "vocabularies"), out)
        return written.claims, written.broken

    return begin


def peer(folder: Path, out: Path) -> Any:
    """The same with pandas and pandera.pandas."""
    import pandas as pd
    import pyarrow  # noqa: F401  # read and written by pandas

    schema = pandas_schema()

    def begin() -> tuple[int, int]:
        out.mkdir(parents=True)
        lists = pandas_lists(pd, folder)
        rows = broken = 0
        for number, lines in enumerate(pandas_batches(pd, folder / DATA)):
            claims, cells = pandas_claims(pd, lines, lists)
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
    import pandera.pandas as pa

    from schemas import Claims

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


def pandas_lists(pd: Any, folder: Path) -> dict[str, Any]:
    """The code lists and vocabularies as frames, indexed by code."""

    def read(path: Path, separator: str) -> Any:
        return pd.read_csv(path, sep=separator, dtype=str)

    area, industry, occupation = (read(folder / name, "\t") for name in LISTS[:3])
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


def pandas_batches(pd: Any, path: Path) -> Iterator[Any]:
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


def pandas_claims(pd: Any, lines: Any, lists: dict[str, Any]) -> tuple[Any, Any]:
    """Lines as claims, and the number of each line's cell."""
    series = lines["series_id"].str.rstrip()
    if not series.str.fullmatch(r"OEU[NSM]\d{7}[0-9A-Z-]{6}\d{8}").all():
        raise ValueError("no OEWS series")
    if not ((lines["year"] == "2025") & (lines["period"] == "A01")).all():
        raise ValueError("another year")
    quote = lines["value"].str.strip()
    value = pd.to_numeric(quote.mask(quote == "-")).round(2)
    marks = {"4": "not_available", "5": "top_coded", "8": "suppressed"}
    measures = lists["m"].reindex(series.str[23:25]).set_index(lines.index)
    areas = lists["a"].reindex(series.str[3:11]).set_index(lines.index)
    occupations = lists["o"].reindex(series.str[17:23]).set_index(lines.index)
    industry = lists["i"].reindex(series.str[11:17])
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
        "low": hourly.map({True: 115.0, False: 239200.0}).where(top),
        "approximate": False,
        "availability": lines["notes"].map(marks).fillna("published"),
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
    from schemas import Claims

    order = list(Claims.to_schema().columns)
    frame = pd.DataFrame(
        {name: known.get(name) for name in order}, index=lines.index, columns=order
    )
    key = series.str[:23]
    return frame, (key != key.shift()).cumsum()


def pandas_rules(claims: Any, cells: Any) -> set[str]:
    """Ids of the claims that break one of the three exact rules."""
    import pandas as pd

    pay = claims.loc[
        (claims["measure"] == "pay") & claims[["value", "low"]].notna().any(axis=1),
        ["claim_id", "period", "statistic", "value", "low"],
    ].assign(cell=cells)
    hourly = pay[(pay["period"] == "hour") & pay["value"].notna()]
    annual = pay[(pay["period"] == "year") & pay["value"].notna()]
    pairs = hourly.merge(annual, on=["cell", "statistic"])
    far = pairs[(2080 * pairs["value_x"] - pairs["value_y"]).abs() > 15.4 + 1e-6]
    uneven = annual[annual["value"] % 10 != 0]
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


if __name__ == "__main__":
    sys.exit(main())
