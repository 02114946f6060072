"""Occupations as a page names them: singular, without who is certified or new."""

from pipeline.core.occupation_titles import make_stem
from pipeline.extract.everybody import (
    ALL_WORKERS,
    EVERYBODY,
    find_national_pay,
    is_anybody,
)
from pipeline.extract.gazetteer import Gazetteer, make_singular
from pipeline.extract.job_titles import KNOWN
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine
from pipeline.extract.title_search import list_stems

REACH_OF_SAYING = 12  # words
JOINTS = (["and"], ["or"], ["&"])
MOST_TURNED = 7  # words behind `drivers of`
NAMED = frozenset(("occupation", "trade"))


def find_occupations(
    line: TaggedLine, words: Gazetteer, own: str = ""
) -> list[Mention]:
    """Occupations of a line; general words for workers mean nothing by themselves.

    A bare noun (`coders`) is the page's own occupation (`medical coder`) where that
    ends in it.
    """
    key = f"occupations of {own}"
    if key not in line.memo:
        line.memo[key] = _find_occupations(line, words, own)
    return line.memo[key]  # type: ignore[no-any-return]


def _find_occupations(line: TaggedLine, words: Gazetteer, own: str) -> list[Mention]:
    trades = words.occupation_words
    exact = trades["exact"]
    if not line.has_any(NAMED) and exact.keys().isdisjoint(line.texts):
        return []
    found = []
    taken = [(m.first, m.last) for m in line.get_mentions("education", "publisher")]
    for mention in line.get_mentions("occupation"):
        if any(a < mention.last and mention.first < b for a, b in taken):
            continue
        if _is_before_follower(line, mention, trades["follower"]):
            continue
        mention = _turn_round(line, words, mention)
        name = _name_occupation(words, own, mention)
        noun = make_singular(mention.means).rpartition(" ")[2]
        everybody = noun in trades["everybody"] and name in ("", own)
        place = EVERYBODY if everybody else mention.place
        found.append(mention.rename(name, place))
    found += line.get_mentions("trade")
    found += _find_acronyms(line, exact)
    ordered = sorted(found, key=lambda m: m.start)
    return _complete_bare_nouns(_drop_second_nouns(line, words, ordered))


def _turn_round(line: TaggedLine, words: Gazetteer, mention: Mention) -> Mention:
    """Read `drivers of heavy trucks` as the title that it is: `heavy truck driver`.

    Of the words behind `of` the most that make a known title, without the first where
    that is a mere adjective: `drivers of small delivery trucks`.
    """
    noun = mention.means.rpartition(" ")[2]
    if mention.last - mention.first > 1 or make_singular(noun) not in words.role_nouns:
        return mention
    if line.texts[mention.last : mention.last + 1] != ["of"]:
        return mention
    first = mention.last + 1
    stems, spans = list_stems(line.words[first : first + MOST_TURNED])
    for skipped in (0, 1):
        for size in range(len(stems), skipped, -1):
            name = " ".join([*stems[skipped:size], make_singular(noun)])
            if name in words.title_search.keys:
                last = first + spans[size - 1][1]
                end = line.words[last - 1].end
                return Mention(
                    *("occupation", name, KNOWN, mention.start, end),
                    *(mention.first, last),
                )
    return mention


def _is_before_follower(
    line: TaggedLine, mention: Mention, followers: dict[str, str]
) -> bool:
    """Return whether what follows makes a title a mere part: `dentist office`."""
    after = line.get_words_between(mention.last, mention.last + 2)
    if after[:1] == ["-"]:
        after = after[1:]
    return bool(after) and after[0] in followers


def _find_acronyms(line: TaggedLine, exact: dict[str, str]) -> list[Mention]:
    """Return the jobs that a line names by their capitals: `RNs`."""
    if exact.keys().isdisjoint(line.texts):
        return []
    found = []
    for index, token in enumerate(line.words):
        means = exact.get(token.text)
        if means and line.text[token.start : token.end].rstrip("s").isupper():
            span = (token.start, token.end, index, index + 1)
            found.append(Mention("occupation", means, "", *span))
    return found


def _drop_second_nouns(
    line: TaggedLine, words: Gazetteer, found: list[Mention]
) -> list[Mention]:
    """Leave out the noun that ends a double name: `HVAC mechanics and installers`.

    Alone it is nobody's title, as that of `nurses and doctors` is.
    """
    out: list[Mention] = []
    for mention in found:
        noun = make_singular(line.texts[mention.first])
        bare = mention.last - mention.first == 1 and noun in words.role_nouns
        joined = line.texts[mention.first - 1 : mention.first] in JOINTS
        if bare and joined and out and out[-1].last == mention.first - 1:
            longer = out[-1].last - out[-1].first > 1
            if longer and make_stem(noun) not in words.lone_titles:
                continue
        out.append(mention)
    return out


def _complete_bare_nouns(found: list[Mention]) -> list[Mention]:
    """Take a bare noun for the job named before: `back end engineers … engineers`."""
    out: list[Mention] = []
    for mention in found:
        name = mention.means
        if name and " " not in name:
            whole = (m.means for m in reversed(out) if m.means.endswith(f" {name}"))
            name = next(whole, name)
        out.append(
            mention if name == mention.means else mention.rename(name, mention.place)
        )
    return out


def find_subjects(line: TaggedLine, words: Gazetteer, own: str) -> list[Mention]:
    """Occupations of a line whose pay its figures may be, workers at large among them.

    Who only says it (`according to economists at`), and whom others are compared with
    (`billers earn less than coders, at`), are not.
    """
    found: list[Mention] = []
    jobs = find_occupations(line, words, own)
    for mention in jobs:
        if _is_witness(line, mention) or _is_superior(line, words, mention):
            continue
        if found and _is_yardstick(line, mention):
            continue
        if mention.place == EVERYBODY:
            at_large = not mention.means or is_anybody(line, mention, words)
            means = ALL_WORKERS if at_large else mention.means
            found.append(mention.rename(means, EVERYBODY))
        elif mention.means:
            found.append(mention)
    found += find_national_pay(line, words, own, jobs)
    return sorted(found, key=lambda m: m.first)


def _is_witness(line: TaggedLine, mention: Mention) -> bool:
    """Whether they only say it: `according to economists`, `said Ana Li, director`.

    `According to Acme, nurses earn`: behind the comma stands whom it is said of. So do
    those who earn: `Ohio says the average teacher makes`.
    """
    if _says_something(line, mention):
        return True
    after = line.texts[mention.last : mention.last + 1]
    if after and after[0] in line.lists["witness_no_more"]:
        return False
    parted = False
    for at in range(mention.first - 1, max(-1, mention.first - REACH_OF_SAYING), -1):
        if any(a <= at < b for a, b in line.spots):
            return False
        parted = parted or line.texts[at] == ","
        if line.texts[at] in line.lists["sayings"]:
            told = line.get_mentions("publisher")
            if any(m.last == at for m in told):
                return False  # `the Bureau says the typical clerk makes`
            return not (parted and line.texts[at] in OF_SOURCES)
    return False


def _says_something(line: TaggedLine, mention: Mention) -> bool:
    """Whether it is who speaks: `A nurse, Ana Li, said the average worker earns`."""
    after = line.texts[mention.last : mention.last + REACH_OF_NAME]
    if after[:1] != [","] or "," not in after[1:]:
        return False
    behind = after[after.index(",", 1) + 1 :]
    return bool(behind) and behind[0] in line.lists["sayings"]


REACH_OF_NAME = 8  # words
OF_SOURCES = ("according", "per", "citing")


def _is_superior(line: TaggedLine, words: Gazetteer, mention: Mention) -> bool:
    """Whether a bare head is whom the job serves: `support for the director`."""
    if mention.means not in words.occupation_words["leading"] or mention.first < 2:
        return False
    before = line.texts[mention.first - 2 : mention.first]
    return before[1] == "the" and before[0] in ("for", "to", "by", "under", "with")


def _is_yardstick(line: TaggedLine, mention: Mention) -> bool:
    """Whether the others are held against them, and nothing more is said of them."""
    before = line.texts[max(0, mention.first - 3) : mention.first]
    after = line.texts[mention.last : mention.last + 1]
    compared = bool({"than", "comparable", "similar"} & {*before})
    return compared and after in ([","], ["."], [";"], [])


def _name_occupation(words: Gazetteer, own: str, mention: Mention) -> str:
    trades = words.occupation_words
    known = mention.place == KNOWN
    name = _strip_qualifiers(words, mention.means, own, known=known)
    if means := trades["exact"].get(name):
        return means
    name = trades["whole"].get(name, name)
    name = make_singular(_replace_tail(trades["tail"], name, known=known))
    name = _make_first_singular(words, name)
    rung = name.rpartition(" ")[2] in words.lists["rungs"]
    if name in trades["general"] or (rung and not known):
        return own
    if own and own != name and _spell_out(trades["spelled"], own).endswith(" " + name):
        return own
    return name


def _spell_out(spelled: dict[str, str], title: str) -> str:
    """Return a title with its last word whole: `pharmacy tech` is a technician's."""
    head, blank, last = title.rpartition(" ")
    return f"{head}{blank}{spelled.get(last, last)}"


def _replace_tail(tails: dict[str, str], name: str, *, known: bool) -> str:
    """Return a title with who does its last word: `medical coding` is a coder's.

    A known title with `of` in it is left as it is.
    """
    head, _, last = name.rpartition(" ")
    if last not in tails or not head or (known and " of " in f"{head} "):
        return name
    return f"{head} {tails[last]}"


def _make_first_singular(words: Gazetteer, name: str) -> str:
    """Return `bakers and cooks` with both in the singular, where both name workers."""
    first, both, second = name.partition(" and ")
    first = make_singular(first)
    if both and first.rpartition(" ")[2] in words.role_nouns:
        return f"{first} and {second}"
    return name


def _strip_qualifiers(words: Gazetteer, title: str, own: str, *, known: bool) -> str:
    """Without leading words that say who, not what: `certified`, `remote`.

    Of a known title only those without which it is known as well, and the same, or is
    the page's own: `home health aide` is no health aide.
    """
    parts = title.split(" ")
    at = 0
    qualifiers = words.occupation_words["qualifier"]
    while at < len(parts) - 1 and parts[at] in qualifiers:
        if parts[at] in ("registered", "licensed"):
            break
        rest = " ".join(parts[at + 1 :])
        if known and not (
            own.endswith(f" {rest}") or words.title_table.mean_the_same(title, rest)
        ):
            break
        at += 1
    return " ".join(parts[at:])
