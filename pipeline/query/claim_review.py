"""Make schema.org ClaimReview of the figures that a check accuses or supports.

Only those: where a check cannot tell, nothing was reviewed. The properties are those
that schema.org defines for ClaimReview, Claim and Rating
(https://schema.org/ClaimReview), and of them those that search engines ask for.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pipeline.query.findings import Finding, Findings

# On Rating's scale: 1 is wrong, 5 is right; `alternateName` is what readers see.
WORST, BEST = 1, 5
RATINGS = {
    "supported": (5, "Correct"),
    "rounded": (5, "Correct, rounded"),
    "stale": (2, "Outdated"),
    "wrong_statistic": (2, "Another statistic"),
    "wrong_scope": (2, "Another place, people or publisher"),
    "misquoted": (1, "Misquoted"),
    "unit_slip": (1, "Wrong unit"),
}
LONGEST = 300  # characters of a claim, which is to be a short summary
Row = Mapping[str, Any]


def make_claim_reviews(
    findings: Findings,
    document: Row,
    day: str,
    page_url: str = "",
    report_url: str = "",
) -> dict[str, Any]:
    """Make the reviews of a page as one JSON-LD graph.

    Args:
        findings: Of the check.
        document: `title`, `path`, `sha256` and `published` of the page.
        day: ISO day on which the reviews are published.
        page_url: Where the page stands; "" where that is not known.
        report_url: Where the report stands, in which each review has its place; "" for
            a name by the page's digest, which no browser can open.
    """
    number = {id(row): at for at, row in enumerate(findings.select_listed(), 1)}
    reviewed = [r for r in findings.select("wrong", "right") if r.verdict in RATINGS]
    base = report_url or f"urn:sha256:{document['sha256']}"
    graph = []
    for row in reviewed:
        place = f"finding-{number[id(row)]}" if id(row) in number else "figures"
        graph.append(make_review(row, document, day, page_url, f"{base}#{place}"))
    return {"@context": "https://schema.org", "@graph": graph}


def make_review(
    row: Finding, document: Row, day: str, page_url: str, address: str
) -> dict[str, Any]:
    """Make the review of one figure."""
    value, name = RATINGS[row.verdict]
    scale = {"ratingValue": value, "bestRating": BEST, "worstRating": WORST}
    # What was taken back says nothing about the claim, and stays visible as such.
    rating = {"alternateName": "Taken back"} if row.withdrawn else {
        **scale, "alternateName": name
    }  # fmt: skip
    review = {
        "@type": "ClaimReview",
        "url": address,
        "claimReviewed": shorten(row.sentence.text),
        "author": {"@type": "Organization", "name": "Payproof"},
        "datePublished": day,
        "itemReviewed": make_claim(document, page_url),
        "reviewRating": {"@type": "Rating", **rating},
        "reviewBody": " ".join(text for text in (row.says, row.instead) if text),
    }
    cited = row.published["table"]["address"] if row.published else ""
    return {**review, "citation": cited} if cited else review


def make_claim(document: Row, page_url: str) -> dict[str, Any]:
    """Make the Claim that is reviewed: who made it, when, and where it stands."""
    title = shorten(document["title"] or document["path"])
    host = urlsplit(page_url).hostname
    work = {"@type": "CreativeWork", "name": title}
    claim = {
        "@type": "Claim",
        "author": {"@type": "Organization", "name": host or title},
        "appearance": {**work, "url": page_url} if page_url else work,
    }
    day = document.get("published") or ""
    return {**claim, "datePublished": day} if day else claim


def shorten(text: str) -> str:
    """Return a text on one line, cut at a word where it is long."""
    tidy = " ".join(text.split())
    if len(tidy) <= LONGEST:
        return tidy
    return f"{tidy[:LONGEST].rpartition(' ')[0]} …"
