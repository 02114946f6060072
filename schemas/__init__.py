"""Define the tables that go from room to room, in the order the data meets them.

VERSION is that of the tables of a release: a column that goes, or that means something
else, raises the first number; a new table or column raises the second. Readers that
know 3.x can read every 3.y that follows (docs/releases.md).
"""

from schemas.claims import Claims
from schemas.discrepancies import Discrepancies
from schemas.figures import Figures
from schemas.provenance import Provenance
from schemas.rejects import Rejects
from schemas.rulings import Rulings
from schemas.salaries import Salaries
from schemas.scorecards import Scorecards
from schemas.snapshots import Snapshots
from schemas.table_model import DataFrame as DataFrame

VERSION = "3.1"

__all__ = [
    "VERSION",
    "Claims",
    "Discrepancies",
    "Figures",
    "Provenance",
    "Rejects",
    "Rulings",
    "Salaries",
    "Scorecards",
    "Snapshots",
]
