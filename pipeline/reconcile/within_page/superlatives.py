"""Compare what the page calls highest, lowest or more with the figures it gives.

Rows are named by their own labels; the superlative belongs to the nearest one. Ranks
other than the first ("second-highest", "one of the best-paid") are not tested.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.reconcile.within_page.comparability import ConflictRules
from pipeline.reconcile.within_page.comparison_words import (
    ComparisonPhrases,
    locate_words,
    split_sentences,
)
from pipeline.reconcile.within_page.conflicting_values import is_point
from pipeline.reconcile.within_page.contradiction import Contradiction
from pipeline.reconcile.within_page.page_facts import PageFacts
from pipeline.reconcile.within_page.placed_fact import PlacedFact

LEAST_RANKED = 2
STATISTICS = ("median", "minimum", "maximum")  # "average" is said of any
BOUNDS = ("minimum", "maximum")
RANK_REACH = 30  # characters before a superlative: "one of the", "the second"
LABEL_REACH = 90  # characters: a label further from its superlative belongs to another
CLEARLY_APART = Decimal("0.001")  # of the larger: nearer ones are equal

QUESTION_END = " \n*_”\"')"  # what may stand behind a question mark
JOINING = frozenset({"and", "or"})  # between the names of several rows

Named = tuple[int, int, PlacedFact]


def find_rank_conflicts(
    page: PageFacts, rules: ConflictRules
) -> Iterator[Contradiction]:
    """Yield superlatives and comparatives that the page's figures contradict."""
    if page.document is None:
        return
    lists = [rows for facts in page.groups.values() for rows in split_rankable(facts)]
    pairs = [*lists, *(pair for pair in pairs_in_prose(page) if pair)]
    general = {f.claim_id for rows in lists for f in rows if f.label <= page.topic}
    text = page.document.text
    named: set[tuple[str, str]] = set()
    for block in page.document.blocks:
        # Menus and cells of tables are no sentences about the page's figures.
        if block.furniture or block.kind == "cell":
            continue
        body = text[block.start : block.end]
        for start, end in split_sentences(body):
            sentence = body[start:end]
            # A question says of nobody that he is paid best.
            if sentence.rstrip(QUESTION_END).endswith("?"):
                continue
            # "The best pay for welders" speaks of the page's people, not of a row.
            found = [
                c
                for c in check_superlatives(sentence, lists, page.words)
                if c.rows[0]["claim_id"] not in general
            ]
            found += check_comparatives(sentence, pairs, page.words)
            for one in found:
                key = (str(one.rows[0]["claim_id"]), one.why)
                if key not in named:
                    named.add(key)
                    yield one


def select_rankable(facts: Sequence[PlacedFact]) -> list[PlacedFact]:
    """Select labelled points of one statistic; none where labels repeat."""
    rows = [f for f in facts if f.label and is_point(f)]
    kinds = {(f.row["statistic"], f.row.get("period")) for f in rows}
    alone = len({f.label for f in rows}) == len(rows)
    return rows if len(rows) >= LEAST_RANKED and len(kinds) == 1 and alone else []


def split_rankable(facts: Sequence[PlacedFact]) -> Iterator[list[PlacedFact]]:
    """Yield the parts of a list that can be ranked: of one statistic, years or not.

    A list of averages first, then rungs of experience, then employers is three.
    """
    parts: dict[tuple[object, ...], list[PlacedFact]] = defaultdict(list)
    for fact in facts:
        key = (
            fact.row["statistic"],
            fact.row.get("period"),
            bool(fact.experience_band),
        )
        parts[key].append(fact)
    for part in parts.values():
        if rows := select_rankable(part):
            yield rows


def is_of_statistic(
    sentence: str, rows: Sequence[PlacedFact], words: ComparisonPhrases
) -> bool:
    """Return whether a sentence may speak of the statistic of a list.

    "The highest median" is of medians; minimums and maximums are ranked by name alone.
    """
    kind = rows[0].row["statistic"]
    named = [s for s in STATISTICS if words.has_phrase(f"says_{s}", sentence)]
    return kind in named if named else kind not in BOUNDS


def pairs_in_prose(page: PageFacts) -> Iterator[list[PlacedFact]]:
    """Yield two figures of a sentence, each labelled by what tells them apart."""
    known: dict[str, frozenset[str]] = {}

    def read_words(fact: PlacedFact) -> frozenset[str]:
        if fact.claim_id not in known:
            known[fact.claim_id] = words_of_figure(fact, page.words)
        return known[fact.claim_id]

    for fact in page.facts:
        if fact.group is not None or not fact.sentence or not is_point(fact):
            continue
        for other in page.facts_in_sentence(fact):
            if other.group is None and is_point(other) and other.offset > fact.offset:
                labels = [read_words(f) for f in (fact, other)]
                both = labels[0] & labels[1]
                if labels[0] - both and labels[1] - both:
                    pair = [relabel_fact(f, label - both) for f, label in
                            zip((fact, other), labels, strict=True)]  # fmt: skip
                    yield select_rankable(pair)


def words_of_figure(fact: PlacedFact, words: ComparisonPhrases) -> frozenset[str]:
    """Return the words for what a figure is said to be of."""
    names = ("occupation", "credential", "employer_type", "specialty", "work_mode",
             "education", "area")  # fmt: skip
    return words.content_words(" ".join(str(fact.row.get(n) or "") for n in names))


def relabel_fact(fact: PlacedFact, label: frozenset[str]) -> PlacedFact:
    """Return the same fact under another label."""
    return PlacedFact(
        fact.row,
        fact.group,
        fact.line,
        label,
        fact.sentence,
        fact.offset,
        fact.block,
        fact.number,
    )


def check_superlatives(
    sentence: str, lists: Sequence[list[PlacedFact]], words: ComparisonPhrases
) -> Iterator[Contradiction]:
    """Yield rows called highest above which another of their list stands.

    And rows called lowest below which another stands.
    """
    superlatives = [
        (at, kind)
        for kind in ("highest", "lowest")
        for at, _ in words.find_phrases(kind, sentence)
    ]
    # "The highest outside California": of what is left, which is not known.
    for at, kind in (
        sorted(superlatives) if not words.has_phrase("but", sentence) else ()
    ):
        if words.has_phrase("ranked", sentence[max(0, at - RANK_REACH) : at]):
            continue
        for rows in (r for r in lists if is_of_statistic(sentence, r, words)):
            named = nearest_named_row(
                sentence, at, rows, [p for p, _ in superlatives if p != at], words
            )
            if named is None:
                continue
            # "Ontario has the highest, though Nunavut is well clear of everyone".
            granted = words.has_phrase("granted", sentence)
            aside = [f for *_, f in rows_named_in(sentence, rows)] if granted else []
            best = find_extreme([r for r in rows if r is named or r not in aside], kind)
            beyond = is_beyond(best, named, kind)
            if beyond and not are_joined(sentence, named, best, rows):
                yield Contradiction(
                    "rank_contradiction", (named.row, best.row), f"not_{kind}", kind
                )


def are_joined(
    sentence: str, named: PlacedFact, best: PlacedFact, rows: Sequence[PlacedFact]
) -> bool:
    """Return whether a sentence names two rows as one: "Leeds and York pay the best".

    The second one by a word that no other row has.
    """
    others = frozenset().union(*(f.label for f in rows if f is not best))
    own = best.label - others
    # Of "York, UK, and Leeds" the words that other rows share join as well.
    passed = JOINING | (best.label & others - named.label)
    said = [word for word, _ in locate_words(sentence) if word not in passed]
    return any(
        (a in own and b in named.label) or (a in named.label and b in own)
        for a, b in pairwise(said)
    )


def find_extreme(rows: Sequence[PlacedFact], kind: str) -> PlacedFact:
    """Return the row with the largest or smallest amount; ties by claim id."""

    def key(fact: PlacedFact) -> tuple[Decimal, str]:
        return (fact.amount or Decimal(0), fact.claim_id)

    return max(rows, key=key) if kind == "highest" else min(rows, key=key)


def is_beyond(best: PlacedFact, named: PlacedFact, kind: str) -> bool:
    """Return whether another row stands clearly further out."""
    one, other = best.amount or Decimal(0), named.amount or Decimal(0)
    gap = one - other if kind == "highest" else other - one
    return gap > CLEARLY_APART * max(one, other)


def nearest_named_row(
    sentence: str,
    at: int,
    rows: Sequence[PlacedFact],
    rivals: Sequence[int],
    words: ComparisonPhrases,
) -> PlacedFact | None:
    """Return the row named nearest to a superlative, or None.

    None also where another superlative is nearer to it.
    """
    found_here = rows_named_in(sentence, rows)
    if not found_here and words.has_phrase("refers", sentence):
        found_here = rows_partly_named_in(sentence, rows)
    named = [n for n in found_here if distance_to_label(n, at) <= LABEL_REACH]
    own = [
        n
        for n in named
        if all(distance_to_label(n, at) <= distance_to_label(n, r) for r in rivals)
    ]
    found = min(
        own, key=lambda n: (distance_to_label(n, at), -len(n[2].label)), default=None
    )
    return found[2] if found else None


def distance_to_label(named: Named, at: int) -> int:
    """Return the characters between a label and a superlative."""
    start, end, _ = named
    return start - at if start > at else max(0, at - end)


def rows_named_in(sentence: str, rows: Sequence[PlacedFact]) -> list[Named]:
    """Return rows whose whole label a sentence has, the longest where two overlap."""
    placed = locate_words(sentence)
    found = []
    for fact in rows:
        hits = [(w, at) for w, at in placed if w in fact.label]
        if {w for w, _ in hits} == fact.label:
            run = shortest_span(hits, len(fact.label))
            if run is not None:
                found.append((*run, fact))
    return [n for n in found
            if not any(n[2].label < other[2].label for other in found)]  # fmt: skip


def rows_partly_named_in(sentence: str, rows: Sequence[PlacedFact]) -> list[Named]:
    """Return rows of which a sentence has most of the label, and a word of its own.

    "Look at the list: solo practices" names its row "Solo private practice".
    """
    placed = locate_words(sentence)
    found = []
    for fact in rows:
        others = [f.label for f in rows if f is not fact]
        hits = [(w, at) for w, at in placed if w in fact.label]
        said = {w for w, _ in hits}
        run = shortest_span(hits, len(said))
        own = said.difference(*others)
        if run is not None and own and 2 * len(said) > len(fact.label):
            found.append((*run, fact))
    return found


def shortest_span(hits: Sequence[tuple[str, int]], size: int) -> tuple[int, int] | None:
    """Return the shortest stretch with every word of a label; None where it is long."""
    spans = []
    for i in range(len(hits)):
        window = hits[i : i + size]
        if len({w for w, _ in window}) == size:
            spans.append((window[0][1], window[-1][1] + len(window[-1][0])))
    best = min(spans, key=lambda s: (s[1] - s[0], s[0]), default=None)
    return best if best and best[1] - best[0] <= LABEL_REACH else None


def check_comparatives(
    sentence: str, lists: Sequence[list[PlacedFact]], words: ComparisonPhrases
) -> Iterator[Contradiction]:
    """Yield rows said to be paid more than another that the figures put above."""
    for kind in ("more", "less"):
        for start, end in words.find_phrases(kind, sentence):
            if words.has_phrase("ranked", sentence[max(0, start - RANK_REACH) : start]):
                continue
            for rows in lists:
                left = rows_named_in(
                    sentence[max(0, start - LABEL_REACH) : start], rows
                )
                right = rows_named_in(sentence[end : end + LABEL_REACH], rows)
                # With several rows on one side it is open which of them is compared.
                if len(left) != 1 or len(right) != 1 or left[0][2] is right[0][2]:
                    continue
                one, other = left[0][2], right[0][2]
                if is_beyond(other, one, "highest" if kind == "more" else "lowest"):
                    yield Contradiction("rank_contradiction", (one.row, other.row),
                                        f"not_{kind}", kind)  # fmt: skip
