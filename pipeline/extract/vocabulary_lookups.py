"""Small vocabularies as the grammar asks for them."""

from pipeline.core.vocabulary import Vocabulary


def load_decades(vocabulary: Vocabulary) -> dict[str, tuple[int, int]]:
    """`mid` to the thousands above the ten that it stands for."""
    made = {}
    for words, span, _ in vocabulary.read_table("decades").iter_rows():
        low, _, high = span.partition("..")
        for word in words.split("|"):
            made[word] = (int(low), int(high))
    return made


def load_occupation_words(vocabulary: Vocabulary) -> dict[str, dict[str, str]]:
    """How words for work and workers are read: by the way each row says."""
    made: dict[str, dict[str, str]] = {}
    for phrases, means, place in vocabulary.read_table("occupation_words").iter_rows():
        for phrase in phrases.split("|"):
            made.setdefault(place, {})[phrase] = means or ""
    # `LPNs` are found in one look-up, as `LPN` is.
    made["exact"] |= {f"{name}s": means for name, means in made["exact"].items()}
    return made


def load_meanings(vocabulary: Vocabulary, name: str) -> dict[str, str]:
    """Phrase to what it means, for a vocabulary without places."""
    return {
        phrase: means or ""
        for phrases, means, _ in vocabulary.read_table(name).iter_rows()
        for phrase in phrases.split("|")
    }


def load_word_lists(vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """Return lists of small words that the rules look for, by name."""
    return {
        name: frozenset(words.split(" "))
        for words, name, _ in vocabulary.read_table("word_lists").iter_rows()
    }


def load_magnitudes(
    vocabulary: Vocabulary,
) -> dict[str, tuple[float, float, float, float]]:
    """Period to the sums it may be for, and to those that can be for no other."""
    made = {}
    for period, may, must in vocabulary.read_table("magnitudes").iter_rows():
        low, _, high = may.partition("..")
        least, _, most = (must or "0..0").partition("..")
        made[period] = (float(low), float(high), float(least), float(most))
    return made


def load_candidate_weights(vocabulary: Vocabulary) -> dict[tuple[str, str], float]:
    """Read how much each clue counts, by field and clue.

    A row without a field is for every field that has no row of its own.
    """
    table = vocabulary.read_table("candidate_weights", "clue", "field", "weight")
    rows = table.select("clue", "field", "weight").iter_rows()
    return {(field or "", clue): float(weight) for clue, field, weight in rows}


def load_certainties(vocabulary: Vocabulary) -> dict[tuple[str, str], float]:
    """Read the most that a reading of a field can be sure of, by field and basis."""
    table = vocabulary.read_table("field_certainty", "field", "basis", "highest")
    rows = table.select("field", "basis", "highest").iter_rows()
    return {(field, basis): float(highest) for field, basis, highest in rows}
