"""Fit one distribution to statements about the pay of one population.

Lognormal: ln q_p = mu + sigma z_p and ln mean = mu + sigma^2 / 2. Least squares on logs
for points, linear in both but for the mean, which takes steps of Gauss and Newton; a
bound ("over $80,000", "up to", "at least a quarter earn") adds the probability of its
interval (interval likelihood). A prior on sigma makes one statement enough. Where
published quantiles have to be met exactly, benchmarks/fusing/honoured_quantiles.py has
a curve through all of them.

Which distribution: a lognormal predicts the mean of an OEWS cell from its percentiles
to 1.1 % in half of them; Dagum, Singh-Maddala and GB2 are worse and slow.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from pipeline.core.vocabulary import Vocabulary
from pipeline.reconcile.estimate.scaled_figures import Floats

NORMAL = NormalDist()
PERCENTILES = {"p10": 0.10, "p25": 0.25, "median": 0.50, "p75": 0.75, "p90": 0.90}
MOST_STEPS = 30  # of Gauss and Newton
CLOSE = 1e-10
LEAST_SIGMA = 0.01  # equal percentiles must leave a spread above zero
DIFFERENCE = 1e-3  # of each parameter, for second differences
SMALLEST = 1e-12  # a probability: keeps its logarithm finite


@dataclass(frozen=True)
class PayStatement:
    """What is said of a statistic: a point, or the interval that holds it.

    `low` equals `high` for a point; None is an open end. `error` is its standard error
    on logs, the model's misfit not included.
    """

    statistic: str
    low: float | None
    high: float | None
    error: float


@dataclass(frozen=True)
class DistributionPriors:
    """Rows of vocabularies/distribution.csv: misfit by statistic, prior, floor."""

    misfit: Mapping[str, float]
    sigma: float
    sigma_sd: float
    floor: float

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "DistributionPriors":
        """Read vocabularies/distribution.csv."""
        table = vocabulary.read_table("distribution", "key", "value").select(
            "key", "value"
        )
        rows = {key: float(value) for key, value in table.rows()}
        misfit = {
            k.removeprefix("misfit_"): v for k, v in rows.items() if "misfit" in k
        }
        return cls(misfit, rows["sigma"], rows["sigma_sd"], rows["floor"])


@dataclass(frozen=True)
class Lognormal:
    """Parameters, the standard error of mu, and what the statements leave unexplained.

    `chi2` is the sum of squared misfits over their errors, of points alone.
    """

    mu: float
    sigma: float
    error: float
    chi2: float

    def statistic_value(self, statistic: str) -> float:
        """Return a statistic of the distribution, in currency."""
        return math.exp(log_of_statistic(self.mu, self.sigma, statistic))


def fit_lognormal(
    statements: Sequence[PayStatement], shape: DistributionPriors
) -> Lognormal:
    """Return the distribution that fits the statements best.

    Args:
        statements: Of one population, in one currency and pay period.
        shape: Prior and misfits.

    Raises:
        ValueError: Nothing is said; a bound is not positive or runs backwards; a
            statistic is neither the mean nor a percentile.
    """
    checked = [check_statement(s) for s in statements]
    points = [s for s in checked if s.low == s.high]
    bounds = [s for s in checked if s.low != s.high]
    anchors = points or [bound_to_point(s) for s in bounds]
    if not anchors:
        raise ValueError("nothing is said of the distribution")
    mu, sigma, spread = fit_least_squares(anchors, shape)
    if bounds:
        mu, sigma, spread = fit_with_bounds(points, bounds, (mu, sigma), shape)
    median_stated = any(s.statistic == "median" for s in points)
    # A median that nobody states is less sure than the fit says: 95 % of such medians
    # of metropolitan cells lie within the floor.
    error = spread if median_stated else math.hypot(spread, shape.floor)
    chi2 = sum(standardised_residual(s, mu, sigma, shape) ** 2 for s in points)
    return Lognormal(mu, sigma, error, chi2)


def check_statement(statement: PayStatement) -> PayStatement:
    """Return a statement after checking that it can be true.

    Raises:
        ValueError: An unknown statistic, no end, or ends that are no pay or run
            backwards.
    """
    if statement.statistic != "mean" and statement.statistic not in PERCENTILES:
        raise ValueError(f"{statement.statistic} is no statistic of a distribution")
    low, high = statement.low, statement.high
    ends = [e for e in (low, high) if e is not None]
    if not ends or not all(math.isfinite(e) and e > 0 for e in ends):
        raise ValueError(f"pay is positive, and said: not {low} to {high}")
    if low is not None and high is not None and low > high:
        raise ValueError(f"{low} to {high} runs backwards")
    return statement


def bound_to_point(bound: PayStatement) -> PayStatement:
    """Return a bound as a point, to start the fit from."""
    ends = [e for e in (bound.low, bound.high) if e is not None]
    middle = math.exp(sum(map(math.log, ends)) / len(ends))
    return PayStatement(bound.statistic, middle, middle, bound.error)


def log_of_statistic(mu: float, sigma: float, statistic: str) -> float:
    """Return the logarithm of a statistic."""
    if statistic == "mean":
        return mu + sigma**2 / 2
    return mu + sigma * NORMAL.inv_cdf(PERCENTILES[statistic])


def error_with_misfit(statement: PayStatement, shape: DistributionPriors) -> float:
    """Return the error of a statement with the misfit of its statistic, on logs."""
    return math.hypot(statement.error, shape.misfit[statement.statistic])


def standardised_residual(
    point: PayStatement, mu: float, sigma: float, shape: DistributionPriors
) -> float:
    """Return how many errors a point is above the distribution."""
    off = math.log(point.low or 1.0) - log_of_statistic(mu, sigma, point.statistic)
    return off / error_with_misfit(point, shape)


def fit_least_squares(
    points: Sequence[PayStatement], shape: DistributionPriors
) -> tuple[float, float, float]:
    """Return mu, sigma and the error of mu by steps of Gauss and Newton.

    The fit starts from the prior; the prior on sigma is one more observation, so that
    one point is enough.
    """
    mu = float(np.mean([math.log(p.low or 1.0) for p in points]))
    sigma, prior = shape.sigma, shape.sigma * shape.sigma_sd
    weight = np.array([1 / error_with_misfit(p, shape) for p in points])
    cov = np.eye(2)
    for _ in range(MOST_STEPS):
        # ln mean = mu + sigma^2 / 2 has the slope sigma; a quantile that of its z.
        slope = [sigma if p.statistic == "mean" else
                 NORMAL.inv_cdf(PERCENTILES[p.statistic]) for p in points]  # fmt: skip
        rows = np.column_stack([np.ones(len(points)), slope]) * weight[:, None]
        rows = np.vstack([rows, [0.0, 1 / prior]])
        off = [standardised_residual(p, mu, sigma, shape) for p in points]
        off.append((shape.sigma - sigma) / prior)
        cov = np.linalg.inv(rows.T @ rows)
        step = cov @ rows.T @ np.array(off)
        before = sigma
        mu, sigma = mu + float(step[0]), max(sigma + float(step[1]), LEAST_SIGMA)
        if abs(step[0]) < CLOSE and abs(sigma - before) < CLOSE:
            break
    return mu, sigma, math.sqrt(cov[0, 0])


def fit_with_bounds(
    points: Sequence[PayStatement],
    bounds: Sequence[PayStatement],
    start: tuple[float, float],
    shape: DistributionPriors,
) -> tuple[float, float, float]:
    """Return mu, sigma and the error of mu with bounds: the most probable ones."""
    from scipy.optimize import minimize

    def cost(at: Floats) -> float:
        mu, sigma = float(at[0]), math.exp(float(at[1]))
        total = 0.5 * ((at[1] - math.log(shape.sigma)) / shape.sigma_sd) ** 2
        total += 0.5 * sum(
            standardised_residual(p, mu, sigma, shape) ** 2 for p in points
        )
        return float(total - sum(log_probability(b, mu, sigma, shape) for b in bounds))

    first = np.array([start[0], math.log(start[1])])
    best = minimize(cost, first, method="Nelder-Mead", options={"xatol": 1e-6})
    mu, sigma = float(best.x[0]), math.exp(float(best.x[1]))
    bend = error_from_curvature(cost, best.x)
    return mu, max(sigma, LEAST_SIGMA), bend


def log_probability(
    bound: PayStatement, mu: float, sigma: float, shape: DistributionPriors
) -> float:
    """Return the log probability that a statistic lies where it is said to lie."""
    centre = log_of_statistic(mu, sigma, bound.statistic)
    spread = error_with_misfit(bound, shape)

    def below(end: float | None, otherwise: float) -> float:
        if end is None:
            return otherwise
        return NORMAL.cdf((math.log(end) - centre) / spread)

    share = below(bound.high, 1.0) - below(bound.low, 0.0)
    return math.log(max(share, SMALLEST))


def error_from_curvature(cost: Callable[[Floats], float], at: Floats) -> float:
    """Return the standard error of the first parameter, by second differences."""
    bend, step = np.zeros((2, 2)), np.eye(2) * DIFFERENCE
    for i in range(2):
        for j in range(2):
            corners = [(a, b, cost(at + a * step[i] + b * step[j]))
                       for a in (1, -1) for b in (1, -1)]  # fmt: skip
            bend[i, j] = sum(a * b * c for a, b, c in corners) / (4 * DIFFERENCE**2)
    # No curvature, no error: the statements leave the parameter open.
    if np.linalg.det(bend) <= 0 or bend[1, 1] <= 0:
        return math.inf
    return math.sqrt(max(float(np.linalg.inv(bend)[0, 0]), 0.0))
