"""Speed and memory of settling, beside a pandas groupby-apply with the same rules.

    $ .venv/bin/python benchmarks/reconcile.py [--sizes 50000,500000,5000000]

Five figures a cell: an official survey and three aggregators of their own, and a page
that quotes one of them. Each size runs in a process of its own, so that its peak of
memory is its own. The peer runs at the largest size that it finishes within its limit
(`--limit` seconds, judged from the size before), and must give the same answers:
status, rule, chosen claim, spread and composite of every cell.
"""

import argparse
import json
import multiprocessing as mp
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.core.tables import column_types, make_claims  # noqa: E402
from pipeline.core.vocabulary import open_vocabulary  # noqa: E402
from pipeline.normalise import normalise  # noqa: E402
from pipeline.reconcile import reconcile  # noqa: E402
from schemas import Figures  # noqa: E402

PUBLISHERS = ("bls", "payscale", "salary_com", "glassdoor", "payscale")
SOURCES = ("bls_oews", "payscale", "salary_com", "glassdoor", "article")
ERRORS = (0.02, 0.10, 0.10, 0.10, 0.10)
PRIMARY = (True, True, True, True, False)
SNAPSHOTS = tuple(f"{n:012x}" for n in range(5))
DATES = dict(zip(SNAPSHOTS, [f"2026-11-0{n}" for n in range(1, 6)], strict=True))
CHECKED = ("status", "rule", "chosen", "spread", "composite")
EACH = len(PUBLISHERS)


def by(values: tuple[Any, ...]) -> pl.Expr:
    """What each of the five says."""
    kind = pl.String if isinstance(values[0], str) else None
    return pl.col("who").replace_strict(dict(enumerate(values)), return_dtype=kind)


def made(count: int, seed: int = 20260501) -> pl.DataFrame:
    """`schemas.Figures` of `count` figures, five a cell, in no order."""
    rng = np.random.default_rng(seed)
    cells = count // EACH
    which = np.repeat(np.arange(cells), EACH)
    who = np.tile(np.arange(EACH), cells)
    base = np.exp(rng.normal(10.9, 0.35, cells))[which]
    noise = np.exp(rng.normal(0, np.array(ERRORS)[who]))
    amount = np.round(base * noise / 10) * 10
    amount[who == EACH - 1] = amount[who == 1]  # the page quotes faithfully
    who[(which % 10 == 0) & (who == 0)] = 2  # one cell in ten has no official figure
    shuffled = rng.permutation(len(which))
    job = pl.col("job")
    soc = pl.format("{}-{}", job // 9000 % 80 + 10, job % 9000 + 1000)
    frame = pl.DataFrame(
        {"n": which, "who": who, "amount": amount, "line": np.arange(len(which))}
    )[shuffled]
    frame = frame.with_columns(job=pl.col("n") // 100, area=pl.col("n") % 100 + 10000)

    money = pl.col("amount").cast(pl.Decimal(14, 2))
    columns: dict[str, Any] = {
        "claim_id": pl.format("{}#line={}", by(SNAPSHOTS), "line"),
        "source": by(SOURCES), "snapshot": by(SNAPSHOTS),
        "locator": pl.format("line={}", "line"),
        "quote": pl.col("amount").cast(pl.String),
        "publisher": by(PUBLISHERS), "primary": by(PRIMARY), "soc": soc,
        "soc_candidates": soc, "match_grade": pl.lit("code"),
        "occupation": pl.lit("an occupation"),
        "area_code": pl.col("area").cast(pl.String), "area_level": pl.lit("metro"),
        "area": pl.lit("a place"), "cohort": pl.lit("all"), "pay_basis": pl.lit("base"),
        "statistic": pl.lit("median"), "year": pl.lit(2025),
        "is_year_known": pl.lit(value=True),
        "reference_period": pl.lit("2025-05"), "period": pl.lit("year"),
        "as_published": money, "annual": money, "currency": pl.lit("USD"),
        "approximate": pl.lit(value=False), "availability": pl.lit("published"),
        "factor_id": pl.lit("year-1"), "se_log": by(ERRORS),
        "se_source": pl.lit("made"),
        "cell": pl.format("{}/{}/all/base/median/2025", soc, "area"),
    }  # fmt: skip
    types = column_types(Figures)
    return frame.select(
        columns[name].alias(name) if name in columns else pl.lit(None, kind).alias(name)
        for name, kind in types.items()
    ).cast(types)


def peak() -> float:
    """Peak memory of this process in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def ours(count: int, folder: str, result: Any) -> None:
    """Settle and leave the time, the memory and the answers."""
    vocabulary = open_vocabulary(ROOT / "vocabularies")
    figures = made(count)
    none = normalise(make_claims([]), vocabulary, {})
    before = peak()
    start = time.perf_counter()
    busy = time.process_time()
    found = reconcile(figures, none, vocabulary, retrieved=DATES, files={})
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    found.salaries.select("cell", *CHECKED).write_parquet(f"{folder}/ours.parquet")
    result.put((seconds, busy, peak(), found.salaries.height, before))


def theirs(count: int, folder: str, result: Any) -> None:
    """The same with a groupby-apply."""
    from peer_pandas import settled_by_pandas

    figures = made(count).to_pandas()
    start = time.perf_counter()
    busy = time.process_time()
    table = settled_by_pandas(figures, DATES)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    pl.from_pandas(table).write_parquet(f"{folder}/theirs.parquet")
    result.put((seconds, busy, peak(), len(table), 0.0))


def apart(work: Any, count: int, folder: str) -> tuple[float, float, float, int, float]:
    """Run in a process of its own: wall and CPU seconds, peak, cells, peak before."""
    context = mp.get_context("spawn")
    result = context.SimpleQueue()
    process = context.Process(target=work, args=(count, folder, result))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} of {count:,} figures failed")
    found: tuple[float, float, float, int, float] = result.get()
    return found


def same(folder: str) -> int:
    """Cells in which the two give different answers."""
    one, other = (pl.read_parquet(f"{folder}/{w}.parquet") for w in ("ours", "theirs"))
    one = one.with_columns(pl.col("composite").cast(pl.Float64))
    joined = one.join(other, on="cell", how="full", suffix="_p", coalesce=True)
    differ = pl.any_horizontal(
        *(pl.col(c).ne_missing(pl.col(f"{c}_p")) for c in ("status", "rule", "chosen")),
        (pl.col("spread") - pl.col("spread_p")).abs().fill_null(9.0) > 2e-6,
        (pl.col("composite") - pl.col("composite_p")).abs().fill_null(9.0) > 1,
    )
    return joined.filter(differ).height


def main() -> None:
    """Print a line a size, then what a reader wants to know."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="50000,500000,5000000")
    parser.add_argument("--limit", type=float, default=600.0)
    given = parser.parse_args()
    import tempfile

    folder = tempfile.mkdtemp()
    sizes = [int(n) for n in given.sizes.split(",")]
    lines, pace = [], 0.0
    heads = ("figures", "cells", "wall s", "CPU s", "us each", "peak GB", "pandas s")
    print(" ".join(f"{head:>9}" for head in (*heads, "ratio", "unlike")))
    for count in sizes:
        wall, cpu, top, cells, before = apart(ours, count, folder)
        line = {"figures": count, "cells": cells, "seconds": wall, "cpu": cpu,
                "peak_gb": top, "input_gb": before}  # fmt: skip
        said = ""
        if count == sizes[0] or pace * count <= given.limit:
            peer, worked, *_ = apart(theirs, count, folder)
            pace = peer / count
            line |= {"pandas": peer, "pandas_cpu": worked, "ratio": peer / wall,
                     "unlike": same(folder)}  # fmt: skip
            said = f"{peer:9.1f} {peer / wall:6.1f} {line['unlike']:7}"
        lines.append(line)
        each = cpu / count * 1e6
        told = (
            f"{count:,}",
            f"{cells:,}",
            *(f"{v:.2f}" for v in (wall, cpu, each, top)),
        )
        print(" ".join(f"{word:>9}" for word in told), said, flush=True)
    growth = lines[-1]["cpu"] / lines[0]["cpu"]
    print(f"From {sizes[0]:,} to {sizes[-1]:,}: {sizes[-1] / sizes[0]:.0f} times the "
          f"figures cost {growth:.0f} times the CPU time.")  # fmt: skip
    print(json.dumps(lines))


if __name__ == "__main__":
    main()
