"""Words that a scanner broke, mended where the whole is a word that we know.

Only on a page whose figures are broken too: `me dian` is median, `rnean` is mean,
`RHlT` is RHIT. A word that is known as it stands is left alone.
"""

from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.tokens import SCANNED, Token

DIGITS_TO_LETTERS = str.maketrans("0158l", "oisbi")
MIN_WORD_LENGTH = 5


def repair_tokens(found: list[Token], text: str, words: Gazetteer) -> list[Token]:
    """Tokens with broken words made whole."""
    out: list[Token] = []
    for token in found:
        if out and _is_broken_word(out[-1], token, text, words):
            left = out.pop()
            out.append(Token(left.text + token.text, left.start, token.end))
            continue
        out.append(_repair_misread_letters(token, text, words))
    return out


def _is_broken_word(left: Token, right: Token, text: str, words: Gazetteer) -> bool:
    """Two pieces, not both words by themselves, that make one."""
    if text[left.end : right.start] not in (" ", ""):
        return False
    if not (left.text.isalpha() and right.text.isalnum()):
        return False
    whole = left.text + right.text
    if len(whole) < MIN_WORD_LENGTH or (
        words.has_word(left.text) and words.has_word(right.text)
    ):
        return False
    return whole.isalpha() and words.has_word(whole)


def _repair_misread_letters(token: Token, text: str, words: Gazetteer) -> Token:
    """One word with a letter misread: `rn` for m, digits for letters."""
    word = token.text
    if not word[0].isalpha() or words.has_word(word):
        return token
    raw = text[token.start : token.end]
    for other in (
        word.replace("rn", "m"),
        word.translate(DIGITS_TO_LETTERS),
        raw.translate(SCANNED).lower(),
    ):
        if other != word and words.has_word(other):
            return Token(other, token.start, token.end)
    return token
