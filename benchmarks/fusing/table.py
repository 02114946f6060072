"""What every section prints: a figure, its target, and whether it is met."""

import os
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Table:
    """Rows printed as they come; short ones are remembered."""

    short: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def head(self, title: str) -> None:
        """Begin a section."""
        print(f"\n{title}", flush=True)

    def row(
        self, what: str, figure: str, target: str = "", *, met: bool = True
    ) -> None:
        """One figure; without a target it is shown for comparison alone."""
        mark = "" if not target else "  ok" if met else "  SHORT"
        print(f"  {what:58} {figure:>26}  {target:24}{mark}", flush=True)
        if not met:
            self.short.append(what)

    def skip(self, what: str, why: str) -> None:
        """Something that could not be measured here."""
        print(f"  {what:58} skipped: {why}", flush=True)
        self.skipped.append(what)

    def end(self) -> int:
        """Exit status."""
        print()
        for what in self.short:
            print(f"short: {what}")
        return 1 if self.short else 0


def shared() -> Path | None:
    """The folder of benchmark sets, where it is at hand."""
    folder = Path(os.environ.get("PAYPROOF_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "data" / "fusion").is_dir() else None
