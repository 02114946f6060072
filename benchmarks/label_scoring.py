"""Hold claims against labels by place and number, field by field.

A label and a claim are one figure where their spans in the page overlap, their kinds
agree and their numbers do, to half a percent. Labels say where a field is open to
judgement (`lenient`): it is then right whatever is read. A label that is lenient on
`claim`, or hypothetical, is optional: neither missed nor wrong.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from pipeline.core.vocabulary import Vocabulary
from pipeline.normalise.area import load_known_areas, make_area_key
from pipeline.normalise.publisher import find_publisher, load_known_names

Row = dict[str, Any]
PAY_KINDS = ("pay_level", "pay_delta_abs", "pay_delta_rel", "bonus", "outlook")
# Kinds that are no money: they have no currency and no period to be wrong.
RATIOS = ("pay_delta_rel", "outlook")
NUMBERS = ("value", "low", "high")
MONEY = ("currency", "period")  # beside the numbers, by which a figure is found
STRICT = ("currency", "period", "statistic", "attributed_to", "area", "credential",
          "credential_count", "experience")  # fmt: skip
EVERYTHING = (*STRICT, "reference_period", "occupation")
# Written as the page has it, and no list closes them: told, and in no total.
TOLD = ("specialty", "employer_type", "work_mode", "education", "industry",
        "pay_basis", "direction")  # fmt: skip
# One-sided bounds may be called any of these.
BOUNDS = {"minimum", "maximum", "range", "unspecified", "bound"}
EVERYBODY = "00-0000"
TOLERANCE = 0.005
MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|&#?\w+;",
                    re.DOTALL | re.IGNORECASE)  # fmt: skip


@dataclass
class PageScore:
    """What one page came to: counts, and right and wrong by field."""

    counts: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    traps: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, other: "PageScore") -> None:
        """Add another page's counts to these."""
        self.counts += other.counts
        self.traps += other.traps
        self.hit += other.hit
        for name, tally in other.fields.items():
            self.fields[name] += tally


@dataclass(frozen=True)
class Names:
    """Names of publishers and places, to see two names of one for the same."""

    publishers: dict[str, str]
    areas: dict[str, tuple[str, str]]

    @classmethod
    def load(cls, vocabulary: Vocabulary) -> "Names":
        """Return the names that the vocabularies hold."""
        return cls(load_known_names(vocabulary), load_known_areas(vocabulary))

    def publisher(self, name: str | None) -> str | None:
        """Return a publisher's id, or the key of an unknown name."""
        return find_publisher(name, self.publishers) if name else None

    def place(self, name: str | None, code: str | None) -> set[str]:
        """Return what an area goes by: code, whole name, city without its state."""
        if not name and not code:
            return set()
        key = make_area_key(name or "")
        known = self.areas.get(key)
        city = make_area_key((name or "").split(",")[0])
        return {n for n in (code, known[0] if known else key, city) if n}


def place_claims(claims: list[Row], document: str, page: str) -> list[Row]:
    """Add `at`, a claim's span in the page's own text; None where it is not found.

    Markup has no part in a document's text, so the two are aligned by their runs of
    digits. Where they are the same, a span stands as it is.
    """
    if document == page:
        return [{**c, "at": None if c["start"] is None else (c["start"], c["end"])}
                for c in claims]  # fmt: skip
    bare = MARKUP.sub(lambda m: " " * len(m[0]), page)
    theirs, ours = [*re.finditer(r"\d+", document)], [*re.finditer(r"\d+", bare)]
    matcher = SequenceMatcher(
        None, [m[0] for m in theirs], [m[0] for m in ours], autojunk=False
    )
    spans = {
        theirs[block.a + i].start(): ours[block.b + i].span()
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    }
    return [{**c, "at": find_span(c, spans)} for c in claims]


def find_span(claim: Row, spans: dict[int, tuple[int, int]]) -> tuple[int, int] | None:
    """Return the span in the page from a claim's first digits to its last."""
    if claim["start"] is None:
        return None
    inside = [
        at for start, at in spans.items() if claim["start"] <= start < claim["end"]
    ]
    return (min(a for a, _ in inside), max(b for _, b in inside)) if inside else None


def near(a: float | None, b: float | None) -> bool:
    """Say whether two numbers are one, to half a percent, or both are absent."""
    if a is None or b is None:
        return a is b
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1e-9)


def numbers_agree(label: Row, claim: Row) -> bool:
    """Say whether value and bounds agree; where lenient, whether any number does."""
    if all(near(label[n], claim[n]) for n in NUMBERS):
        return True
    if not set(NUMBERS) & set(label["lenient"]):
        return False
    return any(
        near(label[a], claim[b])
        for a in NUMBERS for b in NUMBERS
        if label[a] is not None and claim[b] is not None
    )  # fmt: skip


def is_optional(label: Row) -> bool:
    """Say whether a label need not be found."""
    return label["hypothetical"] or "claim" in label["lenient"]


def read_field(row: Row, name: str, names: Names) -> Any:
    """Return a field of a label or a claim in a form that can be compared."""
    kind = row["kind"]
    if name in ("currency", "period") and kind in RATIOS:
        return None
    if name == "statistic":
        open_end = row["value"] is None and (row["low"] is None) != (
            row["high"] is None
        )
        return (
            None if kind != "pay_level" else "bound" if open_end else row["statistic"]
        )
    if name == "attributed_to":
        return names.publisher(row["attributed_to"])
    if name == "experience":
        return row["experience_min"] or 0, row["experience_max"]
    if name == "occupation":
        return row["soc"] or (EVERYBODY if not row.get("occupation") else None)
    value = row.get(name)
    return str(value).casefold() if value is not None else None


def field_agrees(label: Row, claim: Row, name: str, names: Names) -> bool | None:
    """Say whether a field is right; None where the label does not judge it."""
    if name in label["lenient"] or (name == "occupation" and not label["soc"]):
        return None
    if name == "area":
        ours = names.place(label["area"], label["area_code"])
        theirs = names.place(claim["area"], claim["area_code"])
        return bool(ours & theirs) if ours else not theirs
    ours, theirs = read_field(label, name, names), read_field(claim, name, names)
    if name == "attributed_to" and ours and theirs:
        words = {*ours.split("_")}, {*theirs.split("_")}
        return words[0] <= words[1] or words[1] <= words[0]
    if name == "statistic" and "bound" in (ours, theirs):
        return {ours, theirs} <= BOUNDS
    if name == "credential" and ours and theirs:
        return bool(ours == theirs or theirs in ours.split(" or "))
    return bool(ours == theirs)


def pair_up(
    labels: list[Row], claims: list[Row], names: Names
) -> list[tuple[int, int]]:
    """Return pairs of label and claim, those that agree in most fields first."""
    pairs = []
    for i, label in enumerate(labels):
        for j, claim in enumerate(claims):
            kind = label["kind"] == claim["kind"] or "kind" in label["lenient"]
            if not kind or not numbers_agree(label, claim):
                continue
            at = claim["at"]
            if at is not None and not (at[0] < label["end"] and label["start"] < at[1]):
                continue
            right = sum(
                field_agrees(label, claim, name, names) is not False
                for name in EVERYTHING
            )
            pairs.append((at is None, -right, i, j))
    taken: set[tuple[str, int]] = set()
    out = []
    for _, _, i, j in sorted(pairs):
        if ("label", i) not in taken and ("claim", j) not in taken:
            taken |= {("label", i), ("claim", j)}
            out.append((i, j))
    return out


def score_claims(
    labels: list[Row], traps: list[Row], claims: list[Row], names: Names
) -> PageScore:
    """Score one page's claims, as `place_claims` placed them, against its labels."""
    score = PageScore()
    claims = [c for c in claims if c["kind"] in PAY_KINDS]
    pairs = pair_up(labels, claims, names)
    for i, j in pairs:
        if not is_optional(labels[i]):
            score_pair(labels[i], claims[j], names, score)
    found = {i for i, _ in pairs}
    for i, label in enumerate(labels):
        if i not in found and not is_optional(label):
            score.counts["missed"] += 1
            score.misses.append(f"missed {label['id']}")
    used = {j for _, j in pairs}
    for j, claim in enumerate(claims):
        if j not in used:
            score.counts["extra"] += 1
            score.misses.append(f"extra {claim['claim_id']} at {claim['at']}")
    score.traps = Counter(trap["why"] for trap in traps)
    spans = [c["at"] for j, c in enumerate(claims) if j not in used and c["at"]]
    for trap in traps:
        if any(a < trap["end"] and trap["start"] < b for a, b in spans):
            score.hit[trap["why"]] += 1
    return score


def score_pair(label: Row, claim: Row, names: Names, score: PageScore) -> None:
    """Count one figure that was found, and each field of it."""
    right = {n: field_agrees(label, claim, n, names) for n in (*EVERYTHING, *TOLD)}
    wrong = {n for n, verdict in right.items() if verdict is False}
    score.counts["found"] += 1
    score.counts["money"] += not wrong & {*MONEY}
    score.counts["strict"] += not wrong & {*STRICT}
    score.counts["everything"] += not wrong & {*EVERYTHING}
    for name, verdict in right.items():
        if verdict is not None:
            score.fields[name]["right" if verdict else "wrong"] += 1
    if wrong & {*EVERYTHING}:
        score.misses.append(f"wrong {label['id']}: {', '.join(sorted(wrong))}")


def rate(right: int, extra: int, missed: int) -> float:
    """Return F1 from what was right, what was too much and what was missed."""
    return 2 * right / (2 * right + extra + missed) if right else 0.0


def summarise(score: PageScore) -> Row:
    """Return the figures of a score: F1s, and shares of the figures that were found."""
    n = score.counts
    found, missed, extra, strict = (
        n[k] for k in ("found", "missed", "extra", "strict")
    )
    traps = sum(score.traps.values())
    return {
        "labels": found + missed, "found": found, "extra": extra,
        "found_f1": round(rate(found, extra, missed), 4),
        "strict_f1": round(
            rate(strict, extra + found - strict, missed + found - strict), 4
        ),
        "money_right": round(n["money"] / found, 4) if found else None,
        "everything_right": round(n["everything"] / found, 4) if found else None,
        "traps": traps, "traps_as_pay": sum(score.hit.values()),
        "fields": {
            name: round(tally["right"] / sum(tally.values()), 4)
            for name, tally in sorted(score.fields.items())
        },
    }  # fmt: skip
