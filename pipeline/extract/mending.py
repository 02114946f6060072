"""Words that a scanner broke, mended where the whole is a word that we know.

Only on a page whose figures are broken too: `me dian` is median, `rnean` is mean,
`RHlT` is RHIT. A word that is known as it stands is left alone.
"""

from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.tokens import SCANNED, Token

LETTERS = str.maketrans("0158l", "oisbi")
SHORTEST = 5


def mended(found: list[Token], text: str, words: Gazetteer) -> list[Token]:
    """Tokens with broken words made whole."""
    out: list[Token] = []
    for token in found:
        if out and _halves(out[-1], token, text, words):
            left = out.pop()
            out.append(Token(left.text + token.text, left.start, token.end))
            continue
        out.append(_misread(token, text, words))
    return out


def _halves(left: Token, right: Token, text: str, words: Gazetteer) -> bool:
    """Two pieces, not both words by themselves, that make one."""
    if text[left.end : right.start] not in (" ", ""):
        return False
    if not (left.text.isalpha() and right.text.isalnum()):
        return False
    whole = left.text + right.text
    if len(whole) < SHORTEST or (words.knows(left.text) and words.knows(right.text)):
        return False
    return whole.isalpha() and words.knows(whole)


def _misread(token: Token, text: str, words: Gazetteer) -> Token:
    """One word with a letter misread: `rn` for m, digits for letters."""
    word = token.text
    if not word[0].isalpha() or words.knows(word):
        return token
    raw = text[token.start : token.end]
    for other in (
        word.replace("rn", "m"),
        word.translate(LETTERS),
        raw.translate(SCANNED).lower(),
    ):
        if other != word and words.knows(other):
            return Token(other, token.start, token.end)
    return token
