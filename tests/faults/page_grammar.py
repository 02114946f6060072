"""Make pages that a reader must survive: by a grammar of pay, and by changing others.

The words are the rows of `vocabularies/`, so that a new row is tried as well.
"""

import json
import random
from dataclasses import dataclass
from functools import cached_property

from pipeline.core.money_marks import MoneyMarks, read_marks
from pipeline.core.vocabulary import Vocabulary

DASHES = ["-", "‐", "‑", "‒", "–", "—", "―", "−", "--", " - ", " – ", "~", "/"]
BLANKS = [" ", "", "\u00a0", "\u202f", "\u2009", "\t", "\n", "  ", "\u200b", "\u3000"]
DIGITS = [
    "0123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "०१२३४५६७८९",
    "０１２３４５６７８９",
    "⁰¹²³⁴⁵⁶⁷⁸⁹",
]
ODD = [
    *("\x00", "\ufeff", "\u202e", "\u2066", "\ud800", "\udfff", "\ufffd", "\x0c", "\r"),
    *(
        "²",
        "½",
        "①",
        "Ⅻ",
        "ﬁ",
        "İ",
        "ß",
        "\U0001f4b0",
        "𝟓𝟎",
        "\u0301",
        "\x85",
        "\u2028",
    ),
    *(
        "¤",
        "₿",
        "﷼",
        "§",
        "°/o",
        "±",
        "+/-",
        "´",
        "`",
        "**",
        "__",
        "~~",
        "\\",
        "|",
        "&",
    ),
]
ENTITIES = [
    *("&nbsp;", "&#36;", "&#x24;", "&pound;", "&euro;", "&mdash;", "&#0;", "&#150;"),
    *(
        "&#xD800;",
        "&#99999999;",
        "&amp;#36;",
        "&lt;",
        "&",
        "&;",
        "&nosuch;",
        "&frac12;",
    ),
]
TAGS = [
    *(
        "p",
        "div",
        "span",
        "b",
        "strong",
        "i",
        "s",
        "del",
        "sup",
        "sub",
        "br",
        "hr",
        "a",
    ),
    *(
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "ul",
        "ol",
        "li",
    ),
    *("dl", "dt", "dd", "h1", "h2", "h3", "h6", "pre", "blockquote", "section", "nav"),
    *("aside", "footer", "figure", "figcaption", "details", "summary", "form", "title"),
    *("select", "option", "textarea", "noscript", "template", "svg", "math", "main"),
]
ATTRIBUTES = [
    *(' rowspan="3"', ' colspan="99999"', ' rowspan="-1"', ' scope="row"', " hidden"),
    *(' role="table"', ' role="row"', ' role="cell"', ' class="footnote"', " a b c"),
    *(' class="related-posts"', ' lang="en-GB"', ' style="display:none"', ' id="x"'),
    *(' role="heading" aria-level="9"', ' role="heading" aria-level="x"', ' ="'),
]
SENTENCES = [
    "{who} in {place} earn {sum} {span}.",
    "The {statistic} {pay} of {who} was {sum} in {date}, according to {publisher}.",
    "{who} earn between {number} and {sum} {span}.",
    "Pay ranges from {sum} to {sum} {span}, {change} {percent} from {date}.",
    "{statistic}: {sum}",
    "Those with {credential} made {sum} more than those without, or {percent}.",
    "The lowest {percent} earned {bound} {sum}, the highest {percent} {bound} {sum}.",
    "{experience} {who}: {sum}, {sum} and {sum}, respectively.",
    "On grade {number}-{letter} {who} get {sum} {span}; form {number}-{letter}.",
    "If you borrow {sum}, you repay {sum} {span}.",
    "“I made {sum} last year,” says a {title}.",
    "Low {sum} / Avg {sum} / High {sum}",
    "{percent} of {who} earned {sum}-{sum}.",
    "Employment of {who} grew {percent}, to {number} jobs, by {date}.",
    "That's {sum} {span} ({sum} {span}).",
    "{who}, {sum}{plus} {span}, {work}, {employer}",
    "a {number}-figure {pay}, mid-{number}s, {decade} {sum}s",
    "{spelled} dollars {span}, {spelled} percent",
    "{bound} {sum} {bound} {span} {change} {sum}",
    "{number} {number} {sum} {number}",
    "Is {sum} a good {pay} for {who} in {place}?",
]
KEYS = [
    *("baseSalary", "minValue", "maxValue", "value", "currency", "unitText", "median"),
    *("estimatedSalary", "percentile10", "percentile90", "salaryRange", "name", "p50"),
    *("title", "jobLocation", "addressRegion", "datePosted", "hourlyRate", "avgBase"),
    *(
        "from",
        "to",
        "pay",
        "years",
        "p",
        "pct_50",
        "99th_pct",
        "",
        "a/b~c",
        "@type",
        "²",
    ),
]
TYPES = ["JobPosting", "Occupation", "MonetaryAmount", "MonetaryAmountDistribution", ""]


@dataclass(frozen=True)
class PageGrammar:
    """Makes pages of 50 to 500 characters, as a rule, from the words of a vocabulary.

    Args:
        words: Vocabularies whose rows are used.
    """

    words: Vocabulary

    @cached_property
    def money(self) -> MoneyMarks:
        """The marks of money."""
        return read_marks(self.words)

    @cached_property
    def marks(self) -> list[str]:
        """Every sign, code and name of a currency."""
        signs = sorted({*self.money.signs, *self.money.symbols, *self.money.letters})
        # The usual ones as often as all others together: most rules are about them.
        usual = ["$", "$", "$", "£", "€", "US$", "", "USD", "kr", "R$", "¢", "Rs"]
        return usual * (len(signs) // 4) + signs + sorted(self.money.codes)

    @cached_property
    def units(self) -> list[str]:
        """Every name of a currency behind a number."""
        names = sorted({*self.money.words, *self.money.codes})
        return ["dollars", "", "", "%", " percent", "pts", "k"] * 20 + names

    @cached_property
    def scales(self) -> list[str]:
        """Every multiplier."""
        return ["", "", "", "k", "K", *sorted(self.money.multipliers.rows)]

    @cached_property
    def separators(self) -> list[str]:
        """Every character that may stand in a number."""
        found = self.money.separators
        return [*",,,.", *sorted(found.groups + found.apart + found.loose), ""]

    @cached_property
    def phrases(self) -> dict[str, list[str]]:
        """Phrases of the grammar's vocabularies, by table."""
        names = (
            *("periods", "statistics", "bounds", "changes", "topics", "hypothetical"),
            *("experience", "work_modes", "employer_types", "credential_words"),
            *("education", "specialties", "reporting", "people", "pay_bases"),
            *("anaphora", "months", "number_words", "decades", "joiners"),
        )
        found = {}
        for name in names:
            column = self.words.read_table(name, "phrase")["phrase"].to_list()
            found[name] = [p for cell in column for p in (cell or "").split("|") if p]
        return found

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Names of places, titles, publishers and credentials."""
        columns = (
            ("areas", "name"), ("titles", "title"), ("publishers", "name"),
            ("credentials", "phrase"),
        )  # fmt: skip
        found = {}
        for table, column in columns:
            frame = self.words.read_table(table)
            column = column if column in frame.columns else frame.columns[0]
            found[table] = [str(cell) for cell in frame[column].drop_nulls().to_list()]
        return found

    def pick_phrase(self, rng: random.Random, table: str) -> str:
        """A phrase of a table, with numbers for its `#`."""
        phrase = rng.choice(self.phrases[table])
        while "#" in phrase:
            phrase = phrase.replace("#", str(rng.choice((1, 10, 25, 50, 90, 101))), 1)
        return phrase

    def make_digits(self, rng: random.Random) -> str:
        """A run of digits and marks, most often of the size of pay."""
        roll = rng.random()
        if roll < 0.5:
            mark = rng.choice(self.separators)
            made = f"{rng.randrange(7, 200)}{mark}{rng.randrange(1000):03}"
            if rng.random() < 0.2:
                made += rng.choice(self.separators) + f"{rng.randrange(1000)}"
        elif roll < 0.75:
            made = str(rng.choice((9, 12, 24, 50, 90, 99, 401, 1095, 2024, 48000)))
            if rng.random() < 0.4:
                made += rng.choice(".,") + f"{rng.randrange(100):02}"
        elif roll < 0.9:
            made = str(rng.randrange(10 ** rng.randrange(1, 12)))
        else:
            made = "".join(rng.choices("0123456789,. '", k=rng.randrange(1, 30)))
        if rng.random() < 0.06:
            made = made.translate(str.maketrans(DIGITS[0], rng.choice(DIGITS)))
        if rng.random() < 0.04:
            made = made.replace("0", "O").replace("1", "l")
        return made

    def make_sum(self, rng: random.Random) -> str:
        """A sum of money or something like one: mark, digits, scale, unit, a range."""
        one = rng.choice(self.marks) + rng.choice(("", "", "", *BLANKS))
        one += self.make_digits(rng)
        if rng.random() < 0.4:
            joint = rng.choice(("", " ", "-", "\u00a0", *DASHES))
            one += joint + rng.choice(self.scales)
        if rng.random() < 0.2:
            one += rng.choice(("", " ", "\u00a0")) + rng.choice(self.units)
        if rng.random() < 0.2:
            joiner = rng.choice((*DASHES, " to ", " and ", *BLANKS))
            if rng.random() < 0.2:
                joiner = f" {self.pick_phrase(rng, 'joiners')} "
            one += joiner + self.make_sum(rng)
        return rng.choice(("", "", "", "+", "-", "(", "**", "~", "≈")) + one

    def make_sentence(self, rng: random.Random) -> str:
        """A sentence about pay."""
        sentence = rng.choice(SENTENCES)
        while "{" in sentence:
            before, _, rest = sentence.partition("{")
            name, _, rest = rest.partition("}")
            sentence = f"{before}\0{rest}".replace("\0", self._fill(rng, name), 1)
        return sentence

    def _fill(self, rng: random.Random, name: str) -> str:
        """What stands for a name in a sentence."""
        plain = {
            "sum": self.make_sum,
            "number": self.make_digits,
            "percent": lambda r: (
                self.make_digits(r) + r.choice(("%", " percent", " %"))
            ),
        }
        if name in plain:
            return plain[name](rng).replace("{", "(")
        tables = {
            "span": "periods", "statistic": "statistics", "bound": "bounds",
            "change": "changes", "pay": "topics", "experience": "experience",
            "work": "work_modes", "employer": "employer_types", "decade": "decades",
            "credential": "credential_words", "spelled": "number_words",
        }  # fmt: skip
        if name in tables:
            return self.pick_phrase(rng, tables[name])
        known = {"place": "areas", "title": "titles", "publisher": "publishers"}
        if name in known:
            return rng.choice(self.names[known[name]])
        if name == "who":
            return rng.choice((*self.names["titles"][:3], "coders", "nurses"))
        if name == "date":
            return f"{self.pick_phrase(rng, 'months')} {rng.randrange(1900, 2101)}"
        return rng.choice(
            {"letter": "ABCDEKMTkmb", "plus": ["+", "", " +", "++"]}[name]
        )

    def make_value(self, rng: random.Random, depth: int = 0) -> object:
        """A value of embedded data."""
        roll = rng.random()
        if depth < 4 and roll < 0.45:
            keys = rng.choices(KEYS, k=rng.randrange(1, 5))
            made = {key: self.make_value(rng, depth + 1) for key in keys}
            return {**made, "@type": rng.choice(TYPES)} if roll < 0.3 else made
        if depth < 4 and roll < 0.55:
            return [self.make_value(rng, depth + 1) for _ in range(rng.randrange(4))]
        if roll < 0.7:
            return rng.choice((50000, 24.5, -1, 0, 1e308, 2**70, True, None, "USD"))
        return self.make_sum(rng) if roll < 0.85 else self.make_sentence(rng)

    def make_data(self, rng: random.Random) -> str:
        """A script that holds data, sound or cut."""
        said = json.dumps(self.make_value(rng), ensure_ascii=rng.random() < 0.5)
        if rng.random() < 0.1:
            said = said[: rng.randrange(len(said) + 1)]
        kind = rng.choice(
            ("application/ld+json", "application/json", "text/javascript")
        )
        start = rng.choice(("", "", "window.__STATE__ = ", "<!--"))
        return f'<script type="{kind}">{start}{said}</script>'

    def make_element(self, rng: random.Random, depth: int = 0) -> str:
        """An element, whole or half."""
        tag = rng.choice(TAGS)
        opens = f"<{tag}{rng.choice(('', '', '', *ATTRIBUTES))}>"
        closes = f"</{tag}>" if rng.random() < 0.8 else ""
        if depth < 3 and rng.random() < 0.5:
            some = range(rng.randrange(1, 4))
            inside = "".join(self.make_element(rng, depth + 1) for _ in some)
        else:
            inside = self.make_piece(rng)
        return opens + inside + closes

    def make_piece(self, rng: random.Random) -> str:
        """A sentence, a sum, or something odd."""
        roll = rng.random()
        if roll < 0.55:
            return self.make_sentence(rng)
        if roll < 0.85:
            return self.make_sum(rng)
        if roll < 0.93:
            return rng.choice(ENTITIES)
        return rng.choice(ODD)

    def make_table(self, rng: random.Random) -> list[list[str]]:
        """Cells of a table: heads, labels, sums."""
        heads = [self.pick_phrase(rng, rng.choice(("topics", "statistics", "periods")))
                 for _ in range(rng.randrange(1, 5))]  # fmt: skip
        rows = [["", *heads] if rng.random() < 0.5 else heads]
        for _ in range(rng.randrange(1, 5)):
            label = rng.choice((rng.choice(self.names["areas"]), self.make_piece(rng)))
            rows.append([label, *(self.make_sum(rng) for _ in heads)])
        return rows

    def make_html(self, rng: random.Random) -> str:
        """An HTML page."""
        parts = []
        for _ in range(rng.randrange(1, 4)):
            roll = rng.random()
            if roll < 0.2:
                parts.append(self.make_data(rng))
            elif roll < 0.4:
                rows = (
                    "".join(f"<td>{c}" for c in row) for row in self.make_table(rng)
                )
                parts.append("<table>" + "".join(f"<tr>{r}" for r in rows) + "</table>")
            elif roll < 0.7:
                parts.append(f"<p>{self.make_sentence(rng)}</p>")
            else:
                parts.append(self.make_element(rng))
        head = rng.choice(("<!doctype html>", "<html>", "<title>Pay</title>", "<p>"))
        return head + "".join(parts)

    def make_text(self, rng: random.Random) -> str:
        """A page of Markdown or plain text."""
        parts = []
        for _ in range(rng.randrange(1, 4)):
            roll = rng.random()
            if roll < 0.25:
                edge, rule = rng.choice((("|", "|"), ("  ", ""), ("\t", ""), ("", "")))
                rows = [edge.join(row) for row in self.make_table(rng)]
                rows[1:1] = ["|---|---|"] if rule and rng.random() < 0.7 else []
                parts.append("\n".join(f"{rule}{row}{rule}" for row in rows))
            elif roll < 0.45:
                mark = rng.choice(("- ", "* ", "1. ", "  - ", "• ", "> ", "[^1]: "))
                some = range(rng.randrange(1, 4))
                parts.append("\n".join(mark + self.make_piece(rng) for _ in some))
            elif roll < 0.55:
                parts.append(
                    rng.choice(("# ", "## ", "", "---\n")) + self.make_piece(rng)
                )
            else:
                parts.append(self.make_sentence(rng))
        return rng.choice(("\n\n", "\n", " ")).join(parts)

    def make_page(self, rng: random.Random) -> tuple[str, bytes]:
        """A page of some kind; its name, and its bytes."""
        roll = rng.random()
        if roll < 0.6:  # most rules are about one sentence, which takes a third of it
            name = rng.choice(("page.md", "page.txt", "page.txt", "page.html"))
            text = self.make_piece(rng) if roll < 0.2 else self.make_sentence(rng)
            text = f"<p>{text}" if name == "page.html" else text
        elif roll < 0.8:
            name, text = "page.html", self.make_html(rng)
        else:
            name, text = rng.choice(("page.md", "page.txt")), self.make_text(rng)
        if rng.random() < 0.003:
            text *= rng.randrange(2, 60)
        if rng.random() < 0.03:
            encoding = rng.choice(
                ("utf-16", "utf-16-le", "cp1252", "utf-32", "utf-8-sig")
            )
            return name, text.encode(encoding, "replace")
        return name, text.encode("utf-8", "surrogatepass")

    def change_page(self, rng: random.Random, body: bytes, other: bytes) -> bytes:
        """Another page made of one: cut, doubled, spliced, its characters changed."""
        made = bytearray(body)
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            at = rng.randrange(len(made) + 1)
            end = min(len(made), at + rng.choice((0, 1, 2, 5, 20, 100)))
            roll = rng.random()
            if roll < 0.45:
                piece = self.make_piece(rng).encode("utf-8", "surrogatepass")
            elif roll < 0.6:
                piece = bytes(made[at:end]) * rng.choice((0, 2, 3))
            elif roll < 0.75:
                start = rng.randrange(len(other) + 1)
                piece = other[start : start + rng.choice((3, 20, 80))]
            elif roll < 0.9:
                odd = rng.choice(
                    (*ODD, *BLANKS, *DASHES, *self.scales, *self.separators)
                )
                piece = odd.encode("utf-8", "surrogatepass")
            else:
                piece = rng.randbytes(rng.randrange(4))
            made[at:end] = piece
        return bytes(made)
