"""The mark of money before a number: a sign, a code, or letters that touch a sign."""

from html import unescape

from pipeline.core.money_marks import MoneyMarks

GAP = 9
LOOSE = frozenset(" \u00a0\u202f\u2009\t*_\\:")

Sign = tuple[str, int]


def find_sign(text: str, start: int, end: int, money: MoneyMarks) -> Sign | None:
    """Return the mark of money before a number and where it begins, or None."""
    at = start - 1
    floor = start - GAP
    while at >= 0 and at > floor and text[at] in LOOSE:
        at -= 1
    if at < 0 or not (
        text[at] in money.ends
        or text[at].isupper()
        or text[at - 1 : at + 1] in money.tails
        or text[at - 2 : at + 1] in money.small_codes
    ):
        return None
    match = money.before.search(text, max(0, at - money.window), start)
    if match is None:
        behind = _skip_gap(text, end, money)
        return (
            (text[at], at) if money.is_letter_sign(text, at, (start, behind)) else None
        )
    mark, place = unescape(match.group("sign")), match.start()
    if len(mark) > 1 and mark[-1] in money.symbols and money.touches(mark):
        return mark[-1], place + len(mark) - 1
    if not money.is_earned(text, mark, (start, end), _skip_gap(text, end, money)):
        return None
    return mark, place


def _skip_gap(text: str, end: int, money: MoneyMarks) -> int:
    """Where the words behind a run of digits begin, blanks between groups over."""
    more = money.separators.spaced.match(text, end)
    return more.end() if more is not None else end
