"""What is wrong on a page, read and judged without any publisher's table."""

import hashlib

from made import VOCABULARY

from pipeline.extract import extract
from pipeline.normalise import normalise
from pipeline.normalise.validate import make_empty_broken_rows, validate
from pipeline.read import detect_media_type, read
from pipeline.reconcile import PageInputs, assess


def discrepancies(text, name="page.md"):
    """Type, severity and quotes of everything that is wrong on a page."""
    body = text.encode()
    document = read(body, detect_media_type(name, body), where=name)
    snapshot = hashlib.sha256(body).hexdigest()[:12]
    claims = extract(document, VOCABULARY, source="page", snapshot=snapshot).claims
    draft = normalise(claims, VOCABULARY, {})
    figures, _ = validate(draft.head(0), make_empty_broken_rows(), VOCABULARY)
    context = PageInputs(claims.to_dicts(), {snapshot: document})
    found = assess(draft, figures.lazy(), VOCABULARY, {}, context).discrepancies
    quotes = dict(claims.select("claim_id", "quote").iter_rows())
    return {
        (row["type"], frozenset(quotes[c] for c in row["claim_ids"].split()))
        for row in found.to_dicts()
    }


def types(text, name="page.md"):
    """The types of everything that is wrong on a page."""
    return {kind for kind, _ in discrepancies(text, name)}
