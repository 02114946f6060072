"""The tables, in the order the data meets them."""

from schemas.claims import Claims
from schemas.discrepancies import Discrepancies
from schemas.figures import Figures
from schemas.provenance import Provenance
from schemas.rejects import Rejects
from schemas.rulings import Rulings
from schemas.salaries import Salaries

__all__ = [
    "Claims",
    "Discrepancies",
    "Figures",
    "Provenance",
    "Rejects",
    "Rulings",
    "Salaries",
]
