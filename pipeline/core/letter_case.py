"""Small letters of what a pattern without case has matched."""

# With `re.IGNORECASE` these match `i`, `s` and `k`; `str.lower` leaves or parts them.
TWINS = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})


def lower_match(text: str) -> str:
    """Return a match in small letters, as the words of its pattern are written.

    >>> lower_match("JUL\u0130")
    'juli'
    """
    return text.translate(TWINS).lower()
