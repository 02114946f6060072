"""Compare names of industries by their words: every source writes them its own way.

The survey has `622100 general medical and surgical hospitals` and `999100 federal
executive branch (OEWS designation)`, its Handbook `hospitals; state, local, and
private`, a page "physicians' offices". Nobody's list of names is taken: two names are
of one industry where one has all telling words of the other.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from pipeline.core.occupation_titles import make_stem
from pipeline.core.vocabulary import Vocabulary

WORD = re.compile(r"[a-z]+")
# What a name leaves out or adds, and who owns it: no part of what it is called.
ASIDE = re.compile(
    r"\([^()]*\)|,? (?:excluding|including|excl\.|except)\b.*|\bsectors? [\d, and]+-|"
    r"[;,]? state, local, and private$"
)
# Words that any industry's name may have: they tell none apart.
COMMON = frozenset(
    (
        *("and", "of", "other", "the", "in", "for", "service", "sector", "industry"),
        *("company", "employer", "setting", "only", "all", "related", "activity"),
        *("sy", "facility", "s"),
    )
)


@lru_cache(maxsize=65536)
def find_telling_words(name: str) -> frozenset[str]:
    """Return the words of an industry's name that tell it from others, singular.

    >>> sorted(find_telling_words("622000 hospitals; state, local, and private"))
    ['hospital']
    """
    bare = ASIDE.sub(" ", name.lower())
    return frozenset(make_stem(w) for w in WORD.findall(bare)) - COMMON


def find_cohort_words(cohort: str) -> frozenset[str]:
    """Return the words of a cohort that is one industry; of any other none."""
    name, _, value = cohort.partition("=")
    is_one = name in ("industry", "employer_type") and ";" not in value
    return find_telling_words(value) if is_one else frozenset()


def read_industry_words(vocabulary: Vocabulary) -> dict[frozenset[str], frozenset[str]]:
    """Return what pages call industries, by words, to the words of their names."""
    table = vocabulary.read_table("industry_words", "phrase", "means")
    return {
        find_telling_words(phrase): find_telling_words(means)
        for phrase, means in table.select("phrase", "means").iter_rows()
    }


def add_meant_words(
    words: frozenset[str], known: Mapping[frozenset[str], frozenset[str]]
) -> frozenset[str]:
    """Return words with those of the industries that they are another name of."""
    more = [means for said, means in known.items() if said <= words]
    return words.union(*more) if more else words
