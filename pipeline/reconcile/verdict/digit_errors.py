"""Is a number another one with a digit wrong, or with two neighbours swapped?"""

import numpy as np
from numpy.typing import NDArray

WHOLE = 0.005


def is_one_digit_off(quoted: float, base: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the difference is one digit, in one place, of numbers of one length."""
    a, b, count = split_digits(quoted, base)
    if not count:
        return np.zeros(base.shape, np.bool_)
    differ = a != b
    length = base < 10.0**count
    one: NDArray[np.bool_] = (differ.sum(1) == 1) & length & (b[:, -1] > 0)
    return one


def has_swapped_digits(quoted: float, base: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether two neighbouring digits changed places."""
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
    """Digits of the quoted number and of each base, from the last; 0 if not whole."""
    if abs(quoted - round(quoted)) > WHOLE or quoted < 10:
        return np.zeros((1, 0), np.int64), np.zeros((len(base), 0), np.int64), 0
    count = len(str(round(quoted)))
    powers = 10 ** np.arange(count, dtype=np.int64)
    a = (np.array([[round(quoted)]]) // powers) % 10
    b = (base.astype(np.int64)[:, None] // powers) % 10
    return a, b, count
