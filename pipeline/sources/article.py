"""Any prose page about pay: guides, press releases, blog posts, handbooks.

The page's own word counts for nothing; what it quotes counts as a quotation of the
publisher that it names.
"""

from pipeline.core.model import Snapshot
from pipeline.core.source_facts import read_source
from pipeline.core.vocabulary import Vocabulary
from schemas import Claims, DataFrame

SOURCE = read_source("article")


def parse(snapshot: Snapshot, vocabulary: Vocabulary) -> DataFrame[Claims]:
    """Return the claims that the general reader finds on the page.

    Raises:
        Damaged: The bytes are not a page.
        TooLarge: The page is beyond the reader's bound.
    """
    from pipeline.extract import extract
    from pipeline.read import read

    where = f"{snapshot.source} {snapshot.name or snapshot.path.name}"
    document = read(snapshot.read_body(), snapshot.media_type, where=where)
    return extract(document, vocabulary, source=SOURCE.id, snapshot=snapshot.id).claims
