"""Show an address without what it could give away.

Addresses are kept in cards and logs and printed in messages: keys, signatures and
sessions in them are nobody's business. The names that such parameters have are in
`vocabularies/secret_names.csv`.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Self
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from pipeline.core.running_code import find_bundle
from pipeline.core.vocabulary import Vocabulary, open_vocabulary

NAMES = "secret_names"
PART, WORD = "part", "word"
# Between parameters: `;` is an older writing of `&`, which servers still read.
SEPARATOR = re.compile(r"[&;]")
# A parameter of one part of the path: `/a;jsessionid=12/b`.
PATH_PARAMETER = re.compile(r";([^;/=]*)=[^;/]*")
INNER_PARAMETER = re.compile(r"(?:^|[?&;])([^?&;=]+)=")
# Where one word of a name ends: `api_key`, `apiKey`, `APIKey`, `key2`.
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
NO_LETTER = re.compile(r"[^a-z]")
MAX_NESTED = 3  # addresses within addresses that are looked into


@dataclass(frozen=True)
class SecretNames:
    """How parameters that hold a secret are called.

    Args:
        parts: What stands anywhere in such a name, its letters alone: `apikey`.
        words: What is a word of such a name: `key` of `my_key`, but not of `keyword`.
    """

    parts: tuple[str, ...]
    words: frozenset[str]

    @classmethod
    def from_vocabulary(cls, vocabulary: Vocabulary) -> Self:
        """Read the names from secret_names.csv."""
        rows = vocabulary.read_table(NAMES, "name", "how").select("name", "how").rows()
        return cls(
            parts=tuple(name for name, how in rows if how == PART),
            words=frozenset(name for name, how in rows if how == WORD),
        )

    def has_secret(self, name: str) -> bool:
        """Tell whether a parameter of this name could hold a secret."""
        words = {word.lower() for word in WORDS.findall(name)}
        letters = NO_LETTER.sub("", name.lower())
        return bool(words & self.words) or any(part in letters for part in self.parts)


@cache
def read_secret_names() -> SecretNames:
    """Read the names that came with the code, once.

    Not those of a home: an address is shown without secrets also where its home has
    vocabularies of an older version.
    """
    bundle = find_bundle()
    if bundle is None:  # code without its vocabularies: every parameter is hidden
        return SecretNames(("",), frozenset())
    return SecretNames.from_vocabulary(open_vocabulary(bundle / "vocabularies"))


def public_url(url: str) -> str:
    """Return an address without credentials: userinfo, secret parameters, fragment.

    >>> public_url("https://me:pw@api.bls.gov/v2?registrationkey=1234&start=2023#x")
    'https://api.bls.gov/v2?start=2023'
    """
    names = read_secret_names()
    try:
        parts = urlsplit(url)
    except ValueError:  # `https://[::1` is no address: what is certain is shown
        return re.split(r"[?#;]", url, maxsplit=1)[0].rpartition("@")[2]
    given = SEPARATOR.split(parts.query)
    shown = [one for one in given if not holds_secret(one, names)]
    # An address without secrets stays as it is: its query is not written anew.
    query = parts.query if len(shown) == len(given) else "&".join(shown)
    path = PATH_PARAMETER.sub(
        lambda found: "" if names.has_secret(unquote_plus(found[1])) else found[0],
        parts.path,
    )
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, path, query, ""))


def holds_secret(parameter: str, names: SecretNames) -> bool:
    """Tell whether a parameter of a query, as written, holds a secret.

    By its name, or by one within its value: the value may be an address of its own.
    """
    name, _, value = parameter.partition("=")
    if names.has_secret(unquote_plus(name)):
        return True
    for _ in range(MAX_NESTED):
        unpacked = unquote_plus(value)
        if any(names.has_secret(inner) for inner in INNER_PARAMETER.findall(unpacked)):
            return True
        if unpacked == value:
            return False
        value = unpacked
    return False
