"""Hold the figures of one page by list, sentence and subject."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.core.model import Document
from pipeline.reconcile.within_page.comparison_words import (
    ComparisonPhrases,
    locate_words,
    stem_word,
)
from pipeline.reconcile.within_page.placed_fact import (
    LEVEL,
    BlockText,
    PlacedFact,
    Row,
    find_list_path,
    make_script_fact,
    make_text_fact,
    split_block,
)
from pipeline.reconcile.within_page.row_labels import (
    label_data_objects,
    read_page_title,
)

NEAREST = 30  # figures on either side: a sentence of more is a list


@dataclass
class PageFacts:
    """The facts of one page, and its text.

    Args:
        facts: In the order of the page.
        words: To compare its words by.
        document: Its text, where it is loaded.
        topic: Words of the occupation that the page names most often.
        title: Words of its title, address and first headings.
        headline: The same without the headings below the first one.
        spoken_of: Words of the occupation whose noun its text has most often.
        levels: Facts that are pay on a common footing.
        places: The same by currency, area and band of experience.
        unread_people: Claim id to words about its people that no field has, once they
            were looked for.
        levels_of_line: How many levels each row or line has.
        lines: All facts of each row or line.
        dated: Levels of a known year; `latest_year` is the newest of them, 0 for none.
        known_years: Claim id of an undated figure to the years of its people.
        after_noun: Sentence and noun to words behind it that narrow, once looked for.
        narrowed: Sentence to its words that narrow, and whether one moves the date.
        jobs_read: How many occupations its levels state, once they were counted.
    """

    facts: Sequence[PlacedFact]
    words: ComparisonPhrases
    document: Document | None = None
    topic: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    headline: frozenset[str] = frozenset()
    spoken_of: frozenset[str] = frozenset()
    levels: list[PlacedFact] = field(default_factory=list)
    places: dict[tuple[str, ...], list[PlacedFact]] = field(
        default_factory=lambda: defaultdict(list)
    )
    unread_people: dict[str, frozenset[str]] = field(default_factory=dict)
    levels_of_line: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[PlacedFact]] = field(
        default_factory=lambda: defaultdict(list)
    )
    dated: list[PlacedFact] = field(default_factory=list)
    latest_year: int = 0
    known_years: dict[str, frozenset[int]] = field(default_factory=dict)
    narrowed: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)
    jobs_read: int | None = None
    after_noun: dict[tuple[int, int, str], str] = field(default_factory=dict)
    _subjects: dict[str, frozenset[str]] = field(default_factory=dict)
    _sentences: dict[tuple[int, int], list[PlacedFact]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _blocks: dict[int, list[PlacedFact]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _groups: dict[str, list[PlacedFact]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        # Levels are the pay that was put on a common footing.
        self.levels = [f for f in self.facts if f.is_level and "cell" in f.row]
        # By what must agree in any case: no figure is compared beyond its own place.
        self.levels_of_line = Counter(f.line for f in self.levels)
        self.dated = [f for f in self.levels if f.row["year"]]
        self.latest_year = max((f.row["year"] for f in self.dated), default=0)
        for fact in self.levels:
            key = (str(fact.row["currency"]), fact.area_key, fact.experience_band)
            self.places[key].append(fact)
        for fact in self.facts:
            if fact.line:
                self.lines[fact.line].append(fact)
            if fact.group is not None:
                self._groups[fact.group].append(fact)
            if fact.block >= 0:
                self._sentences[fact.block, fact.number].append(fact)
                self._blocks[fact.block].append(fact)
        jobs = [f.row["occupation"] for f in self.facts if f.row.get("occupation")]
        if jobs:
            # Sorted, so that of two as frequent ones the first by name is the topic in
            # any order of claims.
            often = Counter(jobs)
            main = max(sorted(often), key=often.__getitem__)
            self.topic = self.words.content_words(main)
        if self.document is not None:
            self.title = self.words.content_words(read_page_title(self.document))
            self.headline = self.words.content_words(
                read_page_title(self.document, most_headings=1)
            )
            self.spoken_of = self._find_spoken_of(self.document.text)

    def _find_spoken_of(self, text: str) -> frozenset[str]:
        jobs = {f.row["occupation"] for f in self.levels if f.row.get("occupation")}
        nouns = {stem_word(job.rpartition(" ")[2]): job for job in sorted(jobs)}
        if not nouns:
            return frozenset()
        said = Counter(word for word, _ in locate_words(text) if word in nouns)
        return self.words.content_words(nouns[max(sorted(nouns), key=said.__getitem__)])

    @property
    def groups(self) -> Mapping[str, list[PlacedFact]]:
        """Facts by column, list or array, in the order of the page."""
        return self._groups

    def facts_in_sentence(self, fact: PlacedFact) -> list[PlacedFact]:
        """Return the nearest facts of the same sentence, itself left out."""
        return select_nearest(self._sentences.get((fact.block, fact.number), []), fact)

    def facts_in_block(self, fact: PlacedFact) -> list[PlacedFact]:
        """Return the nearest facts of the same paragraph or cell, itself left out."""
        return select_nearest(self._blocks.get(fact.block, []), fact)

    def facts_in_previous(self, fact: PlacedFact) -> list[PlacedFact]:
        """Return the last facts of the sentence before, in the same block."""
        return self._sentences.get((fact.block, fact.number - 1), [])[-NEAREST:]

    def subject_words(self, fact: PlacedFact) -> frozenset[str]:
        """Return the words for whom a figure is of, with those of its row's head."""
        if fact.claim_id not in self._subjects:
            self._subjects[fact.claim_id] = self._read_subject(fact)
        return self._subjects[fact.claim_id]

    def _read_subject(self, fact: PlacedFact) -> frozenset[str]:
        row = fact.row
        cohort = str(row.get("cohort") or "").split(";")
        cohort_values = [
            p.partition("=")[2] for p in cohort if not p.startswith("experience=")
        ]
        # The nation is what a page means where it names no place: its name tells no
        # figures apart.
        where = row["area"] if row.get("area_level") != "national" else ""
        whom = [row.get("occupation") or "", where or "", *cohort_values]
        named_words = self.words.content_words(" ".join(whom))
        return named_words | {w for w in fact.label if w.isalpha()}


def select_nearest(facts: Sequence[PlacedFact], fact: PlacedFact) -> list[PlacedFact]:
    """Select those next to a fact, itself left out.

    Args:
        facts: Of one sentence or block, in the order of the page.
        fact: One of them, or one made of it.
    """
    here = (fact.number, fact.offset)
    at = bisect_left(facts, here, key=lambda f: (f.number, f.offset))
    return [
        f
        for f in facts[max(0, at - NEAREST) : at + NEAREST]
        if f.claim_id != fact.claim_id
    ]


def build_pages(
    claims: Iterable[Row],
    draft: Iterable[Row],
    documents: Mapping[str, Document],
    words: ComparisonPhrases,
) -> list[PageFacts]:
    """Build one page for each snapshot, its facts in the order of the claims.

    Args:
        claims: Rows of `schemas.Claims`; those of pay levels may be left out.
        draft: From `normalise`: what adds cohort, codes and yearly pay.
        documents: Snapshot id to its text, where it is loaded.
        words: Of vocabularies/comparisons.csv.
    """
    drafted = {row["claim_id"]: row for row in draft}
    merged = {row["claim_id"]: {**row, **drafted.get(row["claim_id"], {})}
              for row in claims}  # fmt: skip
    for key, row in drafted.items():
        # A draft without its claim: callers may leave out claims of pay levels.
        merged.setdefault(key, {"kind": LEVEL, "hypothetical": False, **row})
    by_page: dict[str, list[Row]] = defaultdict(list)
    for row in merged.values():
        by_page[row["snapshot"]].append(row)
    return [
        build_page(sorted(rows, key=page_sort_key), documents.get(snapshot), words)
        for snapshot, rows in sorted(by_page.items())
    ]


def page_sort_key(row: Row) -> tuple[int, str]:
    """Return a key that sorts by offset on the page, the page's data last."""
    start = row.get("start")
    return (start if start is not None else 1 << 40, row["claim_id"])


def build_page(
    rows: Sequence[Row], document: Document | None, words: ComparisonPhrases
) -> PageFacts:
    """Build the facts of one page."""
    if document is None:
        return PageFacts(
            [PlacedFact(row, group=find_list_path(row)) for row in rows], words
        )
    starts = [block.start for block in document.blocks]
    names = label_data_objects(document)
    read: dict[int, BlockText] = {}
    facts = []
    for row in rows:
        if row.get("start") is None:
            facts.append(make_script_fact(row, names, words))
            continue
        at = bisect_right(starts, row["start"]) - 1
        if at not in read:
            read[at] = split_block(document, at)
        facts.append(make_text_fact(row, document, at, read[at], words))
    return PageFacts(facts, words, document)
