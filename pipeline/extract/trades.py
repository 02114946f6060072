"""Jobs that are named by their work: `nursing`, `physical therapy`, `web design`.

Some are listed; of the others the last word tells who does it (`design`, a designer),
where a title is known that ends so (`interior designer`).
"""

from pipeline.core.occupation_titles import make_key
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.lexicon import Mention
from pipeline.extract.tagged_lines import TaggedLine

LONGEST_TRADE = 6  # words, marks among them
SHORT_HEAD = 4  # words
MOST_BEFORE = 3  # words of a label before its trade
LABEL_ENDS = frozenset(":|-–—(")
RULES = frozenset("*•·-–—#_|`")


def find_trades(line: TaggedLine, words: Gazetteer) -> list[Mention]:
    """Return the jobs whose work a line names: `Tutoring`, `a career in nursing`."""
    key = "trades"
    if key not in line.memo:
        line.memo[key] = _find_trades(line, words)
    return line.memo[key]  # type: ignore[no-any-return]


def _find_trades(line: TaggedLine, words: Gazetteer) -> list[Mention]:
    texts, found, at = line.texts, [], 0
    last_words = words.trade_ends
    if last_words.isdisjoint(texts):
        return []
    while at < len(texts):
        size, name = _read_trade(texts, at, words)
        if name:
            last = at + size
            span = (line.words[at].start, line.words[last - 1].end)
            found.append(Mention("occupation", name, "", *span, at, last))
        at += size
    return found


def _read_trade(texts: list[str], at: int, words: Gazetteer) -> tuple[int, str]:
    """Return how many words the trade that begins here has, and its job; 1 and ""."""
    for size in range(min(LONGEST_TRADE, len(texts) - at), 0, -1):
        last = texts[at + size - 1]
        if last not in words.trade_ends:
            continue
        if _is_no_trade(texts, at + size, words):
            continue
        if name := name_trade(texts[at : at + size], words):
            return size, name
    return 1, ""


def _is_no_trade(texts: list[str], end: int, words: Gazetteer) -> bool:
    """Whether what stands around makes it a school's or a shop's: `nursing degree`."""
    after = texts[end : end + 1]
    return bool(after) and after[0] in words.lists["trades_no_more"]


def name_trade(parts: list[str], words: Gazetteer) -> str:
    """Return whose work it is: `web design`, a web designer; "" for nobody known."""
    listed = words.occupation_words["trade"].get(" ".join(parts))
    if listed is not None:
        return listed
    *before, craft = [part for part in parts if part.isalnum()]
    doer = words.occupation_words["craft"].get(craft)
    if doer is None or not before or not parts[0].isalnum():
        return ""
    name = " ".join((*before, doer))
    return name if words.title_table.find(make_key(name)) is not None else ""


def find_heading_trade(line: TaggedLine, words: Gazetteer) -> Mention | None:
    """Return the job of a heading that is hardly more than the name of its work."""
    if len(line.words) > SHORT_HEAD:
        return None
    found = find_trades(line, words)
    return found[0] if len(found) == 1 else None


def find_label_trade(line: TaggedLine, words: Gazetteer) -> Mention | None:
    """Return the job whose work a cell, or a label before a figure, ends with."""
    found = find_trades(line, words)
    first = line.spots[0][0] if line.spots else len(line.texts)
    found = [m for m in found if m.last <= first]
    if len(found) != 1:
        return None
    before = [word for word in line.texts[: found[0].first] if word not in RULES]
    after = line.texts[found[0].last : first]
    label = [at for at, word in enumerate(after) if word in LABEL_ENDS]
    end = label[0] if label else len(after)
    ends = RULES | line.lists["pay_words"]
    if (
        len(before) > MOST_BEFORE
        or "and" in before[-1:]
        or len(after) > end + MOST_BEFORE
    ):
        return None
    return found[0] if all(word in ends for word in after[:end]) else None
