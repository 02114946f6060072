"""Define every error that a user is meant to read, as one tree.

    PayproofError
    ├── Unreachable        the network failed; worth a retry
    ├── Refused            the publisher or a rule said no; not worth one
    ├── LayoutChanged      a column, sheet or size is not what we know
    │   └── OtherVersion   a vocabulary has the columns of another version
    ├── UnknownLabel       a label or mark that no vocabulary row explains
    ├── Damaged            the bytes are not what their name says
    ├── ReadingFailed      a fault of ours struck a file or source as a whole
    ├── TooLarge           more than the reader's bound
    ├── Drifted            sound, but further from the last good one than it may be
    ├── NotFound           a file, source, release or cell that is not there
    ├── NoPlace            a folder in which no home can be made or updated
    ├── Busy               another process holds the lock
    ├── DiskFull           there is no room for what is to be written
    ├── GateFailed         a release that may not be published
    ├── RunFailed          a run with other inputs that left no release
    ├── StaleRuling        a ruling whose evidence has changed
    ├── BadRuling          a ruling or correction that lacks something
    ├── RulingsAtOdds      two rulings that cannot both be followed
    └── CorrectionGone     a known error that its source has no longer

Dataclasses, raised with positional arguments, so that pickling keeps the fields.
Every message says where, what, and which file to change.
"""

from dataclasses import dataclass, field


class PayproofError(Exception):
    """Base of all errors that a user is meant to read."""

    trace = ""  # the frames of a mistake of ours; others have none


@dataclass(eq=False)
class Unreachable(PayproofError):
    """The network, or the server at the other end, failed; try again later."""

    source: str
    url: str
    why: str

    def __str__(self) -> str:
        stays = "Try again later; the last good snapshot stays current."
        return f"{self.source}: {self.url} cannot be reached ({self.why}). {stays}"


TOO_MANY = 429  # HTTP: too many requests


@dataclass(eq=False)
class Refused(PayproofError):
    """The publisher, robots.txt or our own manifest forbids the request."""

    source: str
    url: str
    status: int
    why: str

    def __str__(self) -> str:
        where = f"{self.source}: {self.url}" if self.url else f"{self.source}: it was"
        if self.status == TOO_MANY:
            return f"{where} refused ({self.why}). Ask again tomorrow."
        return (
            f"{where} refused ({self.why}). Save the page by hand "
            f"and run `payproof sources keep {self.source} FILE`, or correct "
            f"pipeline/sources/{self.source}.toml."
        )


@dataclass(eq=False)
class LayoutChanged(PayproofError):
    """A table is not laid out as its source module knows it.

    Args:
        where: The file.
        missing: What is not there.
        unexpected: What is there and not known.
        change: The file that would know it.
        recognised: What is there and known, so that a person sees how far it goes.
    """

    where: str
    missing: list[str]
    unexpected: list[str] = field(default_factory=list)
    change: str = ""
    recognised: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"missing {self.missing}"] if self.missing else []
        parts += [f"unexpected {self.unexpected}"] if self.unexpected else []
        parts += [f"recognised {self.recognised}"] if self.recognised else []
        what = f"{self.where}: {', '.join(parts) or 'layout not known'}."
        if self.change.startswith("vocabularies/"):
            return (
                f"{what} Where a person changed the file, keep it as the publisher has "
                f"it; where the publisher did, add a row for it to {self.change}."
            )
        return (
            f"{what} This version does not know the layout ({self.change or 'nothing'} "
            "reads it): look for a newer version, or report it with the file."
        )


@dataclass(eq=False)
class OtherVersion(LayoutChanged):
    """A vocabulary has the columns of another version of the code."""

    def __str__(self) -> str:
        return (
            f"{self.where}: missing {self.missing}. Where another version made it, run "
            "`payproof init --update FOLDER`: what it replaces is kept beside."
        )


@dataclass(eq=False)
class UnknownLabel(PayproofError):
    """A source used labels or marks that no vocabulary row explains."""

    where: str
    labels: list[str]
    change: str

    def __str__(self) -> str:
        shown = ", ".join(map(repr, self.labels[:5]))
        # Five show what the labels are like; a changed file may have thousands.
        more = f" and {len(self.labels) - 5} more" if len(self.labels) > 5 else ""
        what = f"{self.where}: no meaning for {shown}{more}."
        if self.change.startswith("pipeline/"):
            return (
                f"{what} This version does not know it ({self.change} reads it): look "
                "for a newer version, or report it with the file."
            )
        return f"{what} Add a row to {self.change}."


@dataclass(eq=False)
class Damaged(PayproofError):
    """The bytes are empty, cut short, or not what their name says."""

    where: str
    why: str
    remedy: str = "Get the file again; nothing was changed."

    def __str__(self) -> str:
        return f"{self.where}: {self.why}. {self.remedy}"


@dataclass(eq=False)
class ReadingFailed(PayproofError):
    """A fault of ours ended the reading of a file or source; others go on without."""

    where: str
    why: str
    trace: str = field(default="", repr=False)

    def __str__(self) -> str:
        return (
            f"{self.where}: it cannot be read, by a fault of Payproof ({self.why}). "
            f"Report it with the file; nothing was changed."
        )


@dataclass(eq=False)
class TooLarge(PayproofError):
    """A body, or what it unpacks to, is beyond the reader's bound."""

    where: str
    size: int
    limit: int
    what: str = "bytes"

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.size:,} {self.what}, more than the {self.limit:,} "
            f"that are read. Cut the file, or raise the bound in "
            f"vocabularies/limits.csv."
        )


@dataclass(eq=False)
class Drifted(PayproofError):
    """What came is sound, and too far from the last good snapshot."""

    where: str
    snapshot: str
    change: str
    limit: str

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.change}, more than the {self.limit} that may change. "
            f"The last good snapshot stays current. If it is right, add {self.snapshot}"
            f" to vocabularies/accepted.csv, or give it a row in watch.csv."
        )


@dataclass(eq=False)
class NotFound(PayproofError):
    """Something was named that does not exist."""

    what: str
    name: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.name!r} does not exist. {self.remedy}"


@dataclass(eq=False)
class NoPlace(PayproofError):
    """A home was to be made where none can be."""

    folder: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.folder} {self.why}; nothing was changed. {self.remedy}"


@dataclass(eq=False)
class Busy(PayproofError):
    """Another process is at work on the same files."""

    lock: str
    holder: str

    def __str__(self) -> str:
        wait = "Wait for it or stop it; nothing was changed."
        return f"{self.lock}: process {self.holder or '(unknown)'} is at work. {wait}"


@dataclass(eq=False)
class DiskFull(PayproofError):
    """The disk is full, or the user's quota of it; sizes are in bytes.

    `needed` is 0 where it is not known.
    """

    path: str
    needed: int
    free: int

    def __str__(self) -> str:
        room = f"{self.free:,} bytes are free"
        if self.needed:
            room = f"{self.needed:,} bytes are to be written, {self.free:,} are free"
        return (
            f"{self.path}: the disk is full: {room}. Make room, then run the command "
            "again; what was there before stays as it is."
        )


@dataclass(eq=False)
class GateFailed(PayproofError):
    """A release failed a gate and was not published."""

    gate: str
    why: str
    change: str

    def __str__(self) -> str:
        return (
            f"Not published: the gate {self.gate} failed ({self.why}). What was "
            f"published before stays as it is. Look at {self.change}."
        )


@dataclass(eq=False)
class RunFailed(PayproofError):
    """A run of kept inputs in a folder of its own did not come to a release."""

    where: str
    said: str

    def __str__(self) -> str:
        said = f"It said: {self.said or 'nothing'}. Look at curated/inputs/*.zip."
        return f"{self.where}: the kept inputs did not come to a release. {said}"


@dataclass(eq=False)
class StaleRuling(PayproofError):
    """A ruling's evidence is no longer what its author saw."""

    ruling: str
    target: str
    author: str
    why: str

    def __str__(self) -> str:
        return (
            f"The ruling {self.ruling} of {self.author} on {self.target} is not "
            f"followed ({self.why}). Look again; `payproof rule undo {self.ruling}`, "
            f"and record it anew where it holds (vocabularies/rulings.csv)."
        )


@dataclass(eq=False)
class BadRuling(PayproofError):
    """A ruling or a correction lacks something, or was changed by hand.

    Of one that is still to be recorded `ruling` is "": no file is at fault.
    """

    ruling: str
    why: str
    file: str = "vocabularies/rulings.csv"

    def __str__(self) -> str:
        if not self.ruling:
            return f"The new ruling: {self.why}. Nothing was recorded."
        remedy = (
            "Restore the file, and decide with `payproof rule`, which only adds rows."
            if self.file.endswith("rulings.csv")
            else "Correct the row."
        )
        return f"{self.file}: {self.ruling}: {self.why}. {remedy}"


@dataclass(eq=False)
class RulingsAtOdds(PayproofError):
    """Two rulings cannot both be followed."""

    one: str
    other: str
    why: str

    def __str__(self) -> str:
        return (
            f"vocabularies/rulings.csv: {self.one} and {self.other} contradict each "
            f"other: {self.why}. Take one back: `payproof rule undo {self.one}` or "
            f"`payproof rule undo {self.other}`."
        )


@dataclass(eq=False)
class CorrectionGone(PayproofError):
    """A source no longer has the error that a correction is for."""

    correction: str
    cell: str
    why: str

    def __str__(self) -> str:
        look = "Look at the source, then change vocabularies/corrections.csv."
        name = f"The correction {self.correction} of {self.cell}"
        return f"{name} no longer fits ({self.why}). {look}"
