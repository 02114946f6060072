"""Estimates beside the published figure: kernels on arrays, and the composite.

    stated        figures with errors, by cell: what counts and what does not
    averages      weighted mean with PDG's scale factor, Birge's, random effects
    composite     Figures of a cell -> composite, interval, spread

Kernels take numpy arrays and know neither pages nor occupations: one cell or a million
in one call. scipy is imported inside the functions that need it, so that a command
which estimates nothing does not pay for it.
"""

from pipeline.reconcile.estimate.composite import estimated, precision

__all__ = ["estimated", "precision"]
