"""Claims of many sources on many items, sorted once: what every method starts from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipeline.reconcile.estimate.scaled_figures import Floats, Ints


@dataclass(frozen=True)
class Panel:
    """One claim an element, sorted by item and then by value.

    `start` is the place of each item's first claim, `count` how many it has, `said` how
    many claims each source made. Items and sources are numbered from 0.
    """

    item: Ints
    source: Ints
    value: Floats
    start: Ints
    count: Ints
    said: Ints

    def by_item(self, of: Floats) -> Floats:
        """Sum over the claims of each item."""
        return np.add.reduceat(of, self.start)

    def by_source(self, of: Floats) -> Floats:
        """Sum over the claims of each source."""
        return np.bincount(self.source, of, len(self.said)).astype(np.float64)

    def of_item(self, of: Floats) -> Floats:
        """An item's value, at each of its claims."""
        return np.repeat(of, self.count)

    def spread(self) -> Floats:
        """Standard deviation of each item's claims; 1 where they do not differ."""
        off = self.value - self.of_item(self.by_item(self.value) / self.count)
        sd: Floats = np.sqrt(self.by_item(off * off) / self.count)
        return np.where(sd > 0, sd, 1.0)


def panel(item: ArrayLike, source: ArrayLike, value: ArrayLike) -> Panel:
    """Sort claims.

    Args:
        item: Number of each claim's item, from 0 and without gaps.
        source: Number of its source, from 0.
        value: What it says; every one finite.

    Raises:
        ValueError: The three are not of one length, there are none, a value is not
            finite, or an item has no claim.
    """
    items, sources = np.asarray(item, np.int64), np.asarray(source, np.int64)
    values = np.asarray(value, np.float64)
    if not items.shape == sources.shape == values.shape or values.ndim != 1:
        raise ValueError("items, sources and values are three lists of one length")
    if not values.size or not np.isfinite(values).all():
        raise ValueError("a claim that is not a number says nothing: leave it out")
    order = np.lexsort((values, items))
    items, sources, values = items[order], sources[order], values[order]
    count = np.bincount(items)
    if not count.all():
        raise ValueError("an item without claims has no value: number those that do")
    return Panel(
        item=items,
        source=sources,
        value=values,
        start=np.cumsum(count) - count,
        count=count,
        said=np.bincount(sources),
    )
