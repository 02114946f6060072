"""Fusion: averages, methods and intervals, each beside its baseline in one run.

    python benchmarks/fusion.py [--quick] [SECTION]...

Sections: averages, methods, speed. `--quick` leaves out what takes minutes. Needs the
shared folder of benchmark sets (or PAYPROOF_SHARED); where it is absent, what needs it
is skipped and said so. Ends with 1 where a figure is short of its target.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fusing import averages, methods, speed  # noqa: E402  (run as a file)
from benchmarks.fusing.table import Table  # noqa: E402

SECTIONS = {"averages": averages.run, "methods": methods.run, "speed": speed.run}


def main(arguments: list[str]) -> int:
    """Run what is asked for, print it, and say whether every target is met."""
    quick = "--quick" in arguments
    asked = [a for a in arguments if not a.startswith("--")] or list(SECTIONS)
    table = Table()
    for name in asked:
        SECTIONS[name](table, quick=quick)
    return table.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
