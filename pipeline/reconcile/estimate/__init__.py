"""Estimates beside the published figure: kernels on arrays, and the composite.

    stated        figures with errors, by cell: what counts and what does not
    averages      weighted mean with PDG's scale factor, Birge's, random effects
    panel         claims of many sources on many items, sorted once
    fusion        one value per item by means and medians, sources weighed
    votes         the same by votes, for claims that quote one number
    consensus     what a panel of quotations and models says where no primary does:
                  quotes, beliefs, posterior and learning are its parts
    distribution  percentiles, means, ranges and open ends -> one lognormal
    honoured      a curve through published quantiles
    calibration   intervals widened by what intervals missed before
    composite     Figures of a cell -> composite, interval, spread

Kernels take numpy arrays and know neither pages nor occupations: one cell or a million
in one call. scipy is imported inside the functions that need it, so that a command
which estimates nothing does not pay for it.
"""

from pipeline.reconcile.estimate.composite import estimate_composites, inverse_variance

__all__ = ["estimate_composites", "inverse_variance"]
