"""Pages written for the project, each with its labels: a failing page is a test.

To add one, put `<name>.html`, `.md` or `.txt` and `<name>.labels.jsonl` into
tests/pages: one label a line, with a quote, a kind and the fields that must hold.
Pay, differences, bonuses and outlooks that no label names are errors too.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.vocabulary import open_vocabulary
from pipeline.extract import extract, find_lost_figures
from pipeline.read import detect_media_type, read, read_quotes

ROOT = Path(__file__).resolve().parents[1]
LABELS = sorted((ROOT / "tests" / "pages").glob("*.labels.jsonl"))
REQUIRED = {"pay_level", "pay_delta_abs", "pay_delta_rel", "bonus", "outlook"}
VOCABULARY = open_vocabulary(ROOT / "vocabularies")


def page_of(labels: Path) -> Path:
    """The page that a file of labels is about."""
    name = labels.name.removesuffix(".labels.jsonl")
    endings = (".html", ".md", ".txt")
    return next(p for e in endings if (p := labels.with_name(name + e)).is_file())


def agrees(label: dict[str, Any], claim: dict[str, Any]) -> bool:
    """Whether a claim has every field that a label names."""
    for name, want in label.items():
        got = claim[name]
        if isinstance(want, int | float) and not isinstance(want, bool):
            if got is None or abs(float(got) - want) > 0.005:
                return False
        elif got != want:
            return False
    return True


@pytest.mark.parametrize("labels", LABELS, ids=lambda path: path.name.split(".")[0])
def test_a_page_says_what_its_labels_say(labels: Path) -> None:
    """Every label has its claim, nothing else is pay, and the counts add up."""
    path = page_of(labels)
    body = path.read_bytes()
    media = detect_media_type(path.name, body)
    document = read(body, media, where=path.name)
    found = extract(document, VOCABULARY, source="page", snapshot="0" * 12)
    left = list(found.claims.iter_rows(named=True))
    missed = []
    for line in labels.read_text().splitlines():
        label = json.loads(line)
        hit = next((claim for claim in left if agrees(label, claim)), None)
        if hit is None:
            missed.append(label)
        else:
            left.remove(hit)
    extra = [(c["kind"], c["quote"]) for c in left if c["kind"] in REQUIRED]
    assert (missed, extra) == ([], [])
    assert find_lost_figures(found, document, VOCABULARY) == []
    places = found.claims["locator"].to_list()
    assert read_quotes(body, media, places) == found.claims["quote"].to_list()
