"""Estimate pay beside the published figure: kernels on arrays, and the composite.

    scaled_figures    figures with errors, by cell: what counts and what does not
    averages          weighted mean with PDG's scale factor, random effects
    consensus         what a panel of quotations and models says where no primary does;
                      its parts are quoted_numbers, panel_parameters, posterior and
                      parameter_updates
    estimate_missing  figures of a release -> consensus on one cell
    distribution      percentiles, means, ranges and open ends -> one lognormal
    population        figures of one population -> distribution
    composite         figures of a cell -> composite, interval, spread

What was tried beside these (truth discovery, votes, curves through quantiles, intervals
calibrated on the past) is in benchmarks/fusing, with the figures it is held to.

Kernels take numpy arrays and know neither pages nor occupations: one cell or a million
in one call. scipy is imported inside the functions that need it, so that a command
which estimates nothing does not load it.
"""

from pipeline.reconcile.estimate.composite import estimate_composites, inverse_variance

__all__ = ["estimate_composites", "inverse_variance"]
