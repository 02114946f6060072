"""Write batches of claims to a folder of Parquet files, two at a time."""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.core.store import build_folder
from pipeline.core.vocabulary import Vocabulary
from pipeline.sources.shared.oews_rules import broken
from schemas import Claims, DataFrame

WORKERS = 2
Job = Callable[[], DataFrame[Claims]]
FindBroken = Callable[[DataFrame[Claims], Vocabulary], pl.DataFrame]


@dataclass(frozen=True)
class WrittenClaims:
    """What `write_claims_folder` left in its folder.

    Args:
        claims: Rows in the files `claims-*.parquet`.
        broken: Rows in `broken.parquet`, one per claim and rule that it breaks.
        set_aside: How many claims those are.
        parts: How many claims files there are.
    """

    claims: int
    broken: int
    set_aside: int
    parts: int


def write_claims_folder(
    jobs: Iterator[Job],
    vocabulary: Vocabulary,
    folder: Path,
    broken: FindBroken = broken,
) -> WrittenClaims:
    """Run each job, set aside what breaks a rule, write the rest; return the counts.

    The folder is written under another name and renamed: it appears whole or not at
    all. Jobs run side by side, but the files are numbered in the order of the jobs.
    """
    with build_folder(folder) as building:
        return _run_jobs(jobs, vocabulary, building, broken)


def _run_jobs(
    jobs: Iterator[Job], vocabulary: Vocabulary, folder: Path, broken: FindBroken
) -> WrittenClaims:
    """Run the jobs on threads and write broken.parquet; return the counts.

    Jobs are handed out only as workers come free: `jobs` reads a batch into memory
    with each step.
    """
    waiting: deque[Future[tuple[int, pl.DataFrame]]] = deque()
    done: list[tuple[int, pl.DataFrame]] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for number, job in enumerate(jobs, start=1):
            path = folder / f"claims-{number:05}.parquet"
            waiting.append(pool.submit(_write_batch, job, vocabulary, path, broken))
            if len(waiting) > WORKERS:
                done.append(waiting.popleft().result())
        done += [future.result() for future in waiting]
    faults = [found for _, found in done if found.height]
    if not faults:
        return WrittenClaims(sum(rows for rows, _ in done), 0, 0, len(done))
    found = pl.concat(faults)
    found.write_parquet(folder / "broken.parquet")
    return WrittenClaims(
        sum(rows for rows, _ in done),
        found.height,
        found["claim_id"].n_unique(),
        len(done),
    )


def _write_batch(
    job: Job, vocabulary: Vocabulary, path: Path, broken: FindBroken
) -> tuple[int, pl.DataFrame]:
    """Write one batch; return how many rows, and the claims that were set aside."""
    claims = job()
    found = broken(claims, vocabulary)
    if not found.height:
        claims.write_parquet(path, compression="zstd", compression_level=1)
        return claims.height, found  # no rule broken, the usual case: no join
    good = claims.join(found, on="claim_id", how="anti", maintain_order="left")
    good.write_parquet(path, compression="zstd", compression_level=1)
    faults = claims.join(found, on="claim_id", how="inner", maintain_order="left")
    return good.height, faults
