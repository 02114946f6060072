"""Split figures into groups of whole cells, so that no step holds them all at once."""

from collections.abc import Iterator

import polars as pl

# 5 million figures in 1 million cells need 3.6 GB this way, 2.0 of them for the figures
# themselves.
FIGURES_PER_GROUP = 250_000  # a group: some 400 MB while it is settled
SAMPLES_PER_BOUND = 64  # cells that are sampled for each bound


def partition_cells(
    figures: pl.DataFrame, size: int = FIGURES_PER_GROUP
) -> Iterator[pl.DataFrame]:
    """Yield groups of about `size` figures, cells whole and in ascending ranges.

    The bounds come from a sample, so their place depends on the input's order; what is
    made of the groups, one after the other, does not.
    """
    count = -(-figures.height // size)
    if count <= 1:
        yield figures
        return
    step = max(figures.height // (count * SAMPLES_PER_BOUND), 1)
    sample = figures["cell"].gather_every(step).sort()
    bounds = sample.gather_every(max(len(sample) // count, 1))[1:].unique().sort()
    group = bounds.search_sorted(figures["cell"], side="right")
    for number in range(len(bounds) + 1):
        rows = figures.filter(group == number)
        if rows.height:
            yield rows
