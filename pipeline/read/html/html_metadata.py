"""Read what a page states in its head: title, language, address, date."""

import re
from dataclasses import dataclass

from lxml import etree

DATE = re.compile(r"\s*((?:19|20)\d\d-\d\d-\d\d)")
# Names of the day of publication in Open Graph, schema.org, Dublin Core, Parse.ly and
# Sailthru; the first that has a date counts.
PUBLISHED = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "publish-date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "og:published_time",
)
MODIFIED = (
    "article:modified_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "og:updated_time",
)
# Names of the place that a page is of, in Dublin Core and geo tags.
MAX_PLACE = 200  # characters
PLACES = ("dc.coverage", "dcterms.coverage", "dcterms.spatial", "geo.placename")


@dataclass(frozen=True)
class PageMetadata:
    """Facts from the head; dates are ISO days, and every fact is "" where missing.

    Args:
        title: Of `<title>`, else of `og:title`.
        language: BCP 47 tag.
        url: Canonical address.
        place: That the page is of, as written.
        published: Day of publication.
        fallback: The first `<time>`, or the day of the last change: weaker than a
            date that structured data gives.
    """

    title: str
    language: str
    url: str
    place: str
    published: str
    fallback: str

    @staticmethod
    def parse_date(value: str) -> str:
        """Return the ISO date that a value begins with, or ""."""
        match = DATE.match(value)
        return match[1] if match else ""


def read_metadata(root: etree._Element) -> PageMetadata:
    """Read `<title>`, `<meta>`, `<link rel=canonical>`, `<time>` and `lang`."""
    named: dict[str, str] = {}
    for tag in root.iter("meta"):
        key = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        named.setdefault(key.strip().lower(), tag.get("content") or "")
    title = next(root.iter("title"), None)
    words = (
        " ".join("".join(map(str, title.itertext())).split())
        if title is not None
        else ""
    )
    dates = (PageMetadata.parse_date(named.get(key, "")) for key in PUBLISHED)
    return PageMetadata(
        title=words or named.get("og:title", ""),
        language=_find_language(root),
        url=_find_canonical_url(root) or named.get("og:url", ""),
        place=next((named[key] for key in PLACES if named.get(key)), "")[:MAX_PLACE],
        published=next(filter(None, dates), ""),
        fallback=_find_fallback_date(root, named),
    )


def _find_language(root: etree._Element) -> str:
    """Find the BCP 47 tag of the page; "" for none."""
    # XHTML pages have `xml:lang` beside `lang`, or alone.
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    return (root.get("lang") or root.get("xml:lang") or root.get(xml) or "").strip()


def _find_canonical_url(root: etree._Element) -> str:
    """Find the address of `<link rel=canonical>`; "" for none."""
    for link in root.iter("link"):
        if (link.get("rel") or "").strip().lower() == "canonical":
            return (link.get("href") or "").strip()
    return ""


def _find_fallback_date(root: etree._Element, named: dict[str, str]) -> str:
    """Return the first `<time datetime>`, else the day of the last change."""
    for time in root.iter("time"):
        if found := PageMetadata.parse_date(time.get("datetime") or ""):
            return found
    dates = (PageMetadata.parse_date(named.get(key, "")) for key in MODIFIED)
    return next(filter(None, dates), "")
