"""Test whether a number is another one with a digit wrong, or with two swapped."""

import numpy as np
from numpy.typing import NDArray

# Half a cent: amounts are floats here, and 48,780.004 is a whole number of dollars.
WHOLE_WITHIN = 0.005


def is_one_digit_off(quoted: float, base: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for each base whether it has the quoted length and one other digit."""
    a, b, count = split_digits(quoted, base)
    if not count:
        return np.zeros(base.shape, np.bool_)
    differ = a != b
    length = base < 10.0**count
    # The base has to have as many digits: 8,780 is not 48,780 with one of them changed.
    one: NDArray[np.bool_] = (differ.sum(1) == 1) & length & (b[:, -1] > 0)
    return one


def has_swapped_digits(quoted: float, base: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for each base whether two neighbouring digits changed places."""
    a, b, count = split_digits(quoted, base)
    if not count:
        return np.zeros(base.shape, np.bool_)
    differ = a != b
    pair = differ[:, 1:] & differ[:, :-1]
    crossed = (a[:, 1:] == b[:, :-1]) & (a[:, :-1] == b[:, 1:])
    swap: NDArray[np.bool_] = (differ.sum(1) == 2) & (pair & crossed).any(1)
    return swap & (base < 10.0**count)


def split_digits(
    quoted: float, base: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Split the quoted number and each base into digits, the last digit first.

    The count is 0, and nothing is split, where the quoted number is not whole.
    """
    # Pay with cents is left to the comparisons of units; a number of one digit is one
    # digit off any other.
    if abs(quoted - round(quoted)) > WHOLE_WITHIN or quoted < 10:
        return np.zeros((1, 0), np.int64), np.zeros((len(base), 0), np.int64), 0
    count = len(str(round(quoted)))
    powers = 10 ** np.arange(count, dtype=np.int64)
    a = (np.array([[round(quoted)]]) // powers) % 10
    b = (base.astype(np.int64)[:, None] // powers) % 10
    return a, b, count
