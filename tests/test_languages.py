"""Pages in German, French and Spanish, and pages whose language is not read."""

from pathlib import Path

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, measure_coverage
from pipeline.extract.languages import detect_language, find_unread_language
from pipeline.extract.lexicon import HEAD_VOCABULARIES, SENTENCE_VOCABULARIES
from pipeline.read import read

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = open_vocabulary(ROOT / "vocabularies")


def take(text: str, media: str = "text/plain"):
    """A text's document and extraction."""
    document = read(text.encode(), media, where="case")
    return document, extract(document, VOCABULARY, source="page", snapshot="0" * 12)


DE = "Was verdienen Schweißer und wie viel ist das im Monat? "
FR = "Combien gagnent les soudeurs dans les usines et que disent les chiffres ? "
ES = "¿Cuánto ganan los soldadores y qué dicen los datos del sector por región? "


@pytest.mark.parametrize(
    ("text", "field", "want"),
    [
        (DE + "Das mittlere Gehalt liegt bei 3.260 € brutto im Monat.",
         ("kind", "period", "statistic"), ("pay_level", "month", "median")),
        (DE + "Das Mediangehalt beträgt 39.120 € im Jahr.",
         ("period", "statistic"), ("year", "median")),
        (DE + "Im Schnitt bekommen sie 41.000 Euro pro Jahr.",
         ("period", "statistic"), ("year", "mean")),
        (DE + "Der Stundenlohn liegt bei 17,50 Euro.",
         ("kind", "period"), ("pay_level", "hour")),
        (DE + "Sie verdienen mehr als 2.900 Euro monatlich.",
         ("low", "period"), (2900, "month")),
        (DE + "Das Weihnachtsgeld beträgt 1.200 Euro.", ("kind",), ("bonus",)),
        (DE + "Die Miete kostet 900 Euro im Monat.", ("kind",), ("cost",)),
        (DE + "Laut Destatis liegt der Durchschnittslohn bei 3.900 Euro im Monat.",
         ("attributed_to", "statistic"), ("Destatis", "mean")),
        (FR + "Le salaire médian est de 2 150 € par mois.",
         ("kind", "period", "statistic"), ("pay_level", "month", "median")),
        (FR + "Le salaire moyen atteint 28 400 euros bruts par an.",
         ("period", "statistic"), ("year", "mean")),
        (FR + "En moyenne, ils touchent 13,20 € de l’heure.",
         ("kind", "period", "statistic"), ("pay_level", "hour", "mean")),
        (FR + "Ils gagnent plus de 2 900 euros par mois.",
         ("low", "period"), (2900, "month")),
        (FR + "Une prime de 1 500 € est versée en été.", ("kind",), ("bonus",)),
        (FR + "Le loyer est de 900 euros.", ("kind",), ("cost",)),
        (FR + "Selon Apec, le salaire moyen est de 31 000 € par an.",
         ("attributed_to", "statistic"), ("Apec", "mean")),
        (ES + "El salario medio es de 24.300 € al año.",
         ("kind", "period", "statistic"), ("pay_level", "year", "mean")),
        (ES + "La mediana del sueldo se sitúa en 1.850 € al mes.",
         ("period", "statistic"), ("month", "median")),
        (ES + "El sueldo promedio es de 12,40 euros por hora.",
         ("kind", "period", "statistic"), ("pay_level", "hour", "mean")),
        (ES + "Ganan más de 2.900 euros al mes.", ("low", "period"), (2900, "month")),
        (ES + "La paga extra es de 1.500 €.", ("kind",), ("bonus",)),
        (ES + "El alquiler cuesta 900 €.", ("kind",), ("cost",)),
        (ES + "Según Robert Half, el sueldo medio es de 31.000 € al año.",
         ("attributed_to", "statistic"), ("Robert Half", "mean")),
    ],
)  # fmt: skip
def test_a_figure_of_another_language_has_period_and_statistic(text, field, want):
    """Its words are data, and lie over those of English."""
    _, found = take(text)
    (claim,) = found.claims.iter_rows(named=True)
    assert tuple(claim[name] for name in field) == want


@pytest.mark.parametrize(
    "text",
    [
        "In the media, prime welders hat and die casters earn $45,000 a year.",
        "The mean of the prima facie cases: welders in Paris earn $45,000 a year.",
        "The gut feeling of the fast crew at Miete is that welders earn $45,000.",
    ],
)
def test_a_foreign_word_never_speaks_on_an_english_page(text):
    """`media` is no mean, `prime` no bonus, `Miete` no cost."""
    _, found = take(text)
    (claim,) = found.claims.iter_rows(named=True)
    assert claim["kind"] == "pay_level"
    assert claim["low"] is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Welders earn $45,000.", "en"),
        (DE + "Das ist mit der Zulage.", "de"),
        (FR, "fr"),
        (ES, "es"),
        ("Svetsare i Sverige har en lön som är hög och det är inte av en slump.", "sv"),
        ("Quanto guadagnano gli operai della fabbrica e che cosa è con il resto?",
         "it"),
        ("Сварщики в России зарабатывают в среднем 60 000 рублей в месяц.", "und"),
        ("溶接工の平均給与は月に三十万円です。" * 4, "und"),
    ],
)  # fmt: skip
def test_a_language_is_told_by_its_words(text, language):
    """By the small words that no other language has as often."""
    document, _ = take(text)
    assert detect_language(document, VOCABULARY) == language


def test_what_a_page_declares_counts_where_its_words_do_not_tell():
    """A template in German around a text in English is an English page."""
    page = '<html lang="{}"><body><p>{}</p></body></html>'
    english = "The pay of welders is what that trade has been for: $45,000 a year."
    for tag, text, language in (
        ("de-DE", "Lohn: 45.000 €", "de"),
        ("de", english, "en"),
        ("en", DE + "Das ist nicht viel.", "de"),
        ("sv", "Lön: 45 000 kr", "sv"),
        ("", "Lohn: 45.000 €", "en"),
    ):
        document = read(page.format(tag, text).encode(), "text/html", where="case")
        assert detect_language(document, VOCABULARY) == language, (tag, text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Quanto guadagnano gli operai e che cosa è con il resto? La paga media della "
         "regione è di 1.450 € al mese per gli operai.", "it"),
        ("Svetsare i Sverige har en lön som är hög och det är inte av en slump. "
         "Medellönen är 34 000 kr i månaden.", "sv"),
        ("Het loon van een lasser is niet hoog en dat wordt ook gezegd. Een lasser "
         "verdient 2.900 euro per maand.", "nl"),
    ],
)  # fmt: skip
def test_a_page_of_a_language_not_read_gives_no_figure_and_says_so(text, language):
    """Every figure is set aside, and the line under the claims names the language."""
    document, found = take(text)
    assert find_unread_language(document, VOCABULARY) == language
    assert found.claims.height == 0
    assert set(found.set_aside["reason"]) == {"language_not_read"}
    coverage = measure_coverage(found, document, VOCABULARY)
    assert coverage.passed_over == ()
    assert repr(language) in str(coverage)


def test_a_page_of_a_language_read_says_nothing_of_it():
    """German is read."""
    document, found = take(DE + "Das Gehalt liegt bei 3.260 € im Monat.")
    assert measure_coverage(found, document, VOCABULARY).language == ""


def test_every_foreign_word_belongs_to_a_vocabulary_and_a_language_that_is_read():
    """A row that names another file, or a meaning that it has not, is never read."""
    spoken = VOCABULARY.read_table("languages")
    read_ones = set(spoken.filter(spoken["read"] == "yes")["code"])
    names = {*SENTENCE_VOCABULARIES, *HEAD_VOCABULARIES}
    seen = set()
    for row in VOCABULARY.read_table("foreign_words").iter_rows(named=True):
        seen |= set(row["language"].split())
        assert row["vocabulary"] in names
        home = VOCABULARY.read_table(row["vocabulary"], "phrase", "means", "place")
        assert row["says"] in set(home["means"].to_list()), row
        assert row["where"] in set(home["place"].to_list()), row
    assert seen == read_ones - {"en"}
