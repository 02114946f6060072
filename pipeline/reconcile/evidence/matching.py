"""Decide whether a quoted number is the published one: exact, rounded, or a slip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from pipeline.core.vocabulary import Vocabulary


@dataclass(frozen=True)
class MatchTolerances:
    """Numbers of vocabularies/likeness.csv: how near a quote is to what it repeats.

    `grains`, `finest`, `coarsest_cut`, `discriminating_grain`: currency units.
    `rounded_within`, `about_within`, `factor_slack`: shares of the published figure.
    `undated_gap`, `vintage_gap`, `vintage_gap_local`: differences of logs. `costs`:
    of each explanation; the cheapest wins. `finest_hourly` and
    `discriminating_hourly` are the grains of hourly pay; `twin_slack` is how far a year
    made of an hour, or an hour of a year, may be from the published one.
    The file says why each has its value.
    """

    grains: Sequence[Decimal]
    finest: Decimal
    coarsest_cut: Decimal
    discriminating_grain: Decimal
    rounded_within: Decimal
    about_within: Decimal
    factors: Sequence[Decimal]
    units: dict[str, float]
    factor_slack: Decimal
    costs: dict[str, float]
    least_year: Decimal
    most_year: Decimal
    undated_gap: Decimal
    vintage_gap: float
    vintage_gap_local: float
    slight_pct: float
    enough_to_tell: int
    vintage_errors: float
    finest_hourly: Decimal
    discriminating_hourly: Decimal
    twin_slack: Mapping[str, Decimal]
    short_year: Decimal

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> "MatchTolerances":
        """Read the numbers of vocabularies/likeness.csv."""
        rows = vocabulary.read_table("likeness", "key", "value").select("key", "value")
        numbers = dict(rows.iter_rows())

        def read_numbers(prefix: str) -> list[Decimal]:
            return [Decimal(v) for k, v in numbers.items() if k.startswith(prefix)]

        def read_named(prefix: str) -> dict[str, float]:
            return {
                k.removeprefix(prefix): float(v)
                for k, v in numbers.items()
                if k.startswith(prefix)
            }

        return cls(
            # Largest first: the first that divides an amount is its grain.
            grains=sorted(read_numbers("grain_"), reverse=True),
            finest=Decimal(numbers["finest_grain"]),
            coarsest_cut=Decimal(numbers["coarsest_cut"]),
            # In the file its key is `telling_grain`, and that of `vintage_errors` is
            # `vintage_sides`.
            discriminating_grain=Decimal(numbers["telling_grain"]),
            rounded_within=Decimal(numbers["rounded_within"]),
            about_within=Decimal(numbers["about_within"]),
            factors=read_numbers("factor_"),
            units=read_named("factor_"),
            factor_slack=Decimal(numbers["slack_of_factor"]),
            costs=read_named("cost_"),
            least_year=Decimal(numbers["least_full_time_year"]),
            most_year=Decimal(numbers["most_hourly_year"]),
            undated_gap=Decimal(numbers["undated_gap"]),
            vintage_gap=float(numbers["vintage_gap"]),
            vintage_gap_local=float(numbers["vintage_gap_local"]),
            slight_pct=float(numbers["slight_pct"]),
            enough_to_tell=int(numbers["enough_to_tell"]),
            vintage_errors=float(numbers["vintage_sides"]),
            finest_hourly=Decimal(numbers["finest_grain_hour"]),
            discriminating_hourly=Decimal(numbers["telling_grain_hour"]),
            twin_slack={
                period: Decimal(numbers[f"slack_of_{period}"])
                for period in ("hour", "year")
            },
            short_year=Decimal(numbers["short_year"]),
        )


def grain_of_amount(value: Decimal, measures: MatchTolerances) -> Decimal:
    """Return the largest round number that divides a value: its grain."""
    return next((g for g in measures.grains if value % g == 0), measures.grains[-1])


def match_amounts(
    quoted: Decimal,
    published: Decimal,
    measures: MatchTolerances,
    *,
    approximate: bool,
    converted: bool = False,
    hourly: bool = False,
) -> str | None:
    """Return `exact`, `rounded`, or None where the two do not match.

    Rounded means that the published figure, rounded or cut to the grain of the quoted
    one, is the quoted one, and that the two are close. A finely quoted figure has no
    such excuse, unless the text says about or the published one had to be converted
    to another pay period first.

    Args:
        quoted: As the page has it.
        published: In the same pay period.
        measures: Grains and bounds.
        approximate: The text says about, around, nearly.
        converted: The publisher gives it by another period.
        hourly: Both are by the hour, where a whole dollar is coarse.
    """
    if quoted == published:
        return "exact"
    step = grain_of_amount(quoted, measures)
    # Every OEWS annual figure is a multiple of ten, so 48,780 is the figure itself:
    # beside 48,790 it is misquoted, and no rounding. A converted one, 2,080 times an
    # hourly rate, has digits of its own that a page may round.
    finest = measures.finest_hourly if hourly else measures.finest
    fine = step <= finest and not approximate and not converted
    if fine:
        step = min(finest, Decimal(1))
    near = (published / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    cut = (published / step).quantize(Decimal(1), ROUND_FLOOR) * step
    # Pages cut to the thousand (48,780 to 48,000) and not further: cut to five
    # thousand, 45,000 would excuse 48,780.
    like = {near} if fine or step > measures.coarsest_cut else {near, cut}
    # A grain of 1,000 is much of an hourly or monthly amount: the round number must be
    # near as well.
    bound = measures.about_within if approximate else measures.rounded_within
    close = abs(quoted - published) <= bound * published
    return "rounded" if quoted in like and close else None


def find_unit_factor(
    quoted: Decimal, published: Decimal, measures: MatchTolerances
) -> Decimal | None:
    """Return the unit factor (12, 2,080, 1,000 …) between two numbers, or None."""
    for factor in measures.factors:
        # Hourly pay given as yearly, and the reverse.
        for product in (quoted * factor, quoted / factor):
            if abs(product - published) <= published * measures.factor_slack:
                return factor
    return None


def is_digit_slip(quoted: Decimal, published: Decimal) -> bool:
    """Return whether one digit differs, or two neighbours are swapped.

    >>> is_digit_slip(Decimal(55020), Decimal(50250)), is_digit_slip(Decimal(47970),
    ... Decimal(47870))
    (False, True)
    """
    a, b = f"{quoted.normalize():f}", f"{published.normalize():f}"
    if len(a) != len(b):
        return False
    differ = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(differ) == 1:
        return True
    # Of numbers of one length: a lost or added digit is a factor of ten, see
    # `find_unit_factor`.
    swapped = len(differ) == 2 and differ[1] == differ[0] + 1
    return swapped and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
