"""Pay: a panel of publishers with the primary hidden, slips named, intervals held.

    python benchmarks/fusion_panel.py [--quick] [--panel FOLDER] [SECTION]...

Sections: panel, slips, rules, vintages, shapes. FOLDER holds claims.parquet and
truth.parquet (columns as in benchmarks/fusing/pay.py); without it panels are made from
real OEWS cells with seeds of their own, and the shared folder's panel is scored too.
Needs the shared folder (or PAYPROOF_SHARED). Ends with 1 where a figure is short.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fusing import panels, rules, shapes, slips, vintages  # noqa: E402
from benchmarks.fusing.table import Table, shared  # noqa: E402

SECTIONS = {
    "panel": panels.run,
    "slips": slips.run,
    "rules": rules.run,
    "vintages": vintages.run,
    "shapes": shapes.run,
}


def main() -> int:
    """Run what is asked for, print it, and say whether every target is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--panel", type=Path)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []])
    asked = parser.parse_args()
    table = Table()
    if asked.panel:
        panels.score_folder(table, asked.panel)
        return table.end()
    if shared() is None:
        table.skip("pay panels", "no shared folder of OEWS cells")
        return table.end()
    for name in asked.sections or SECTIONS:
        SECTIONS[name](table, quick=asked.quick)
    return table.end()


if __name__ == "__main__":
    sys.exit(main())
