"""Any prose page about pay: guides, press releases, blog posts, handbooks.

The page's own word counts for nothing; what it quotes counts as a quotation of the
publisher that it names.
"""

from pandera.typing.polars import DataFrame

from pipeline.core.model import Snapshot, Source
from pipeline.core.vocabulary import Vocabulary
from schemas import Claims

SOURCE = Source(
    id="article",
    title="Articles about pay",
    publisher="as the page says",
    homepage="",
    kind="prose",
    official=False,
    measures="Figures that the page quotes from publishers, and the page's own.",
    population="As the quoted publisher's; unknown for the page's own figures.",
    pay_basis="unspecified",
    evidence="quoted",
    licence="All rights with the author; figures and short quotations are kept",
    cadence="irregular",
    automated=False,
    rows=(1, 2_000),
)


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """What the page says, in its own words and about its own subject.

    Raises:
        Damaged: The bytes are not a page.
        TooLarge: The page is beyond the reader's bound.
    """
    from pipeline.extract import extract
    from pipeline.read import read

    where = f"{snapshot.source} {snapshot.name or snapshot.path.name}"
    document = read(snapshot.read_body(), snapshot.media_type, where=where)
    return extract(document, vocabulary, source=SOURCE.id, snapshot=snapshot.id).claims
