"""Estimate a cell that no official figure answers, from what everyone else says.

The official publisher's own figures of other years, what pages quote of it, right or
wrong, and the figures of other publishers, whose offsets are learned where official
ones are known as well. An estimate of the median alone, beside what was published.
"""

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from pipeline.reconcile.estimate.consensus import Estimate, estimate_by_consensus
from pipeline.reconcile.estimate.distribution import PERCENTILES
from pipeline.reconcile.estimate.panel_parameters import CENTRE, PanelPriors
from pipeline.reconcile.estimate.quoted_numbers import PayUnits, Quote

MOST_ITEMS = 500  # beside the asked one: bounds the time of one answer
ITEM = ("soc", "area_code", "cohort", "pay_basis")
WITNESS = ["item", "source", "statistic", "year"]


def estimate_missing_cell(
    figures: pl.LazyFrame,
    asked: Mapping[str, Any],
    official: Collection[str],
    priors: PanelPriors,
    units: PayUnits,
) -> Estimate | None:
    """Return the official median of a cell's people as estimated, or None.

    None for another statistic, and where no official number of these people is known
    or quoted of any year: of certified people, say, there are no official figures.

    Args:
        figures: `schemas.Figures`, of a release.
        asked: A row of `schemas.Salaries`.
        official: Publishers whose numbers others quote.
        priors: What to expect before any figure is read.
        units: Pay units to look for.
    """
    if asked["statistic"] != CENTRE or asked["year"] is None:
        return None
    panel = select_panel_figures(figures, asked).with_columns(
        quotes=pl.col("publisher").is_in(list(official)),
        item=pl.concat_str(*ITEM, separator="/"),
    )
    own = pl.col("primary") | ~pl.col("quotes")
    panel = panel.with_columns(
        # A quotation's source is the page; a publisher's own figure, on whatever page,
        # is the publisher's.
        source=pl.when(own).then("publisher").otherwise("snapshot"),
    )
    wanted = "/".join(asked[name] for name in ITEM)
    if panel.filter(pl.col("item") == wanted, "quotes").is_empty():
        return None
    order = [*WITNESS, "primary", "claim_id"]
    panel = panel.sort(order, descending=[c == "primary" for c in order])
    rows = panel.unique(WITNESS, keep="first", maintain_order=True).select(
        "item", "source", pl.col("annual").cast(pl.Float64), "statistic",
        pl.col("year").fill_null(0), "quotes",
        sure=pl.col("primary") & pl.col("quotes"),
    )  # fmt: skip
    found = estimate_by_consensus(
        (Quote(*row) for row in rows.iter_rows()),
        year=asked["year"],
        priors=priors,
        units=units,
    )
    return next((e for e in found if e.item == wanted), None)


def select_panel_figures(
    figures: pl.LazyFrame, asked: Mapping[str, Any]
) -> pl.DataFrame:
    """Select figures of the asked people, and of others for comparison."""
    known = figures.filter(
        pl.col("annual") > 0,
        pl.col("currency") == asked["currency"],
        pl.col("publisher") != "unnamed",
        pl.col("statistic").is_in(["mean", *PERCENTILES]),
        *(pl.col(name).is_not_null() for name in ITEM),
    )
    own = pl.all_horizontal(pl.col(name) == asked[name] for name in ITEM)
    # Items that pages give figures of: there offsets of publishers can be learned.
    by_pages = known.filter(~pl.col("primary")).select(ITEM).unique().sort(ITEM)
    items = pl.concat(
        [known.filter(own).select(ITEM), by_pages.head(MOST_ITEMS)]
    ).unique()
    return known.join(items, on=ITEM, how="semi").collect()
