"""Record what a command does to files, and lay out what a crash leaves of it.

`record` notes every operation below a folder, by standing in for the functions of `os`,
`open` and `sqlite3.connect`. `Crashes` replays a part of them: what is synced is kept,
of the rest any part may be lost, as file systems allow it.
"""

import builtins
import hashlib
import io
import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

# A path is that below the folder, as text; a tree is path to what is there: bytes of a
# file, None for a folder, `Link` for a symbolic link.
Operation = tuple[str, str, Any]
WRITING = frozenset("wax+")


@dataclass(frozen=True)
class Link:
    """A symbolic link, and where it leads."""

    to: str


Tree = dict[str, bytes | Link | None]


def read_tree(root: Path) -> Tree:
    """Read everything below a folder."""
    found: Tree = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            key = path.relative_to(root).as_posix()
            if path.is_symlink():
                found[key] = Link(str(path.readlink()))
            else:
                found[key] = path.read_bytes() if path.is_file() else None
    return found


def lay_tree(tree: Tree, root: Path, store: Path | None = None) -> None:
    """Write a tree to a new folder.

    Args:
        tree: What to write.
        root: The folder; made here.
        store: Where bytes are kept by their digest, and linked from; None: written.
    """
    root.mkdir(parents=True)
    for key in sorted(tree):
        path, what = root / key, tree[key]
        path.parent.mkdir(parents=True, exist_ok=True)
        if what is None:
            path.mkdir(exist_ok=True)
        elif isinstance(what, Link):
            path.symlink_to(what.to)
        # What is written in place may not be linked.
        elif store is None or path.name.endswith((".jsonl", ".lock")):
            path.write_bytes(what)
        else:
            kept = store / digest_body(what).hex()
            if not kept.exists():
                store.mkdir(exist_ok=True)
                kept.write_bytes(what)
            path.hardlink_to(kept)


class Recorder:
    """Note operations below a folder while they happen.

    Args:
        root: The folder; nothing outside of it is noted.
    """

    def __init__(self, root: Path):
        self.root = Path(os.path.realpath(root))
        self.tree = read_tree(self.root)
        self.watched: dict[str, tuple[int, int] | None] = {}
        self.operations: list[Operation] = []
        self.is_looking = False

    def find_key(self, path: Any, dir_fd: int | None = None) -> str | None:
        """Find a path below the folder; None where it is outside."""
        opened = path if isinstance(path, int) else dir_fd
        base = Path() if opened is None else Path(f"/proc/self/fd/{opened}").readlink()
        text = base if isinstance(path, int) else base / os.fsdecode(path)
        # The last part may be a link, and is meant itself.
        whole = text.absolute().parent.resolve() / text.name
        inside = whole.is_relative_to(self.root)
        return whole.relative_to(self.root).as_posix() if inside else None

    def note(self, kind: str, key: str, more: Any = None) -> None:
        """Note an operation that has happened, and do it to the tree."""
        self.operations.append((kind, key, more))
        if kind == "write":
            self.tree[key] = more
        elif kind == "mkdir":
            self.tree[key] = None
        elif kind == "symlink":
            self.tree[key] = Link(more)
        elif kind == "remove":
            self.tree.pop(key)
            self.watched.pop(key, None)
        elif kind == "rename":
            self._move(key, more)

    def _move(self, old: str, new: str) -> None:
        """Move a path, and what is below it, to another name."""
        for table in (self.tree, self.watched):
            for key in [k for k in table if k == old or k.startswith(f"{old}/")]:
                table[new + key.removeprefix(old)] = table.pop(key)  # type: ignore

    def look(self) -> None:
        """Note what was written since to files that are open, or that C wrote."""
        for key, seen in list(self.watched.items()):
            path = self.root / key
            try:
                facts = path.stat()
            except FileNotFoundError:
                continue
            now = (facts.st_mtime_ns, facts.st_size)
            if now == seen and key in self.tree:
                continue
            self.watched[key] = now
            if (body := self._read(path)) != self.tree.get(key):
                self.note("write", key, body)

    def _read(self, path: Path) -> bytes:
        """Read a file, unnoted."""
        self.is_looking = True
        try:
            return path.read_bytes()
        finally:
            self.is_looking = False

    def watch_below(self, key: str) -> None:
        """Watch files in a folder that came there unseen: a library wrote them."""
        folder = self.root / key
        is_folder = folder.is_dir() and not folder.is_symlink()
        for path in sorted(folder.rglob("*")) if is_folder else ():
            below = path.relative_to(self.root).as_posix()
            if path.is_file() and below not in self.tree:
                self.watched.setdefault(below, None)

    def stand_in(self, kind: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that works as before and is noted once it has worked."""

        def do(path: Any, *rest: Any, **more: Any) -> Any:
            at = more.get("dir_fd", more.get("src_dir_fd"))
            key = self.find_key(path, at)
            to = None
            if kind in ("rename", "link"):
                to = self.find_key(rest[0], more.get("dst_dir_fd"))
            elif kind == "symlink":
                key, to = self.find_key(rest[0], at), os.fsdecode(path)
            if key is None:
                return work(path, *rest, **more)
            if kind == "rename":
                self.watch_below(key)
            self.look()
            done = work(path, *rest, **more)
            if kind == "sync" and self.tree.get(key, b"") is None:
                self.watched = {
                    k: seen
                    for k, seen in self.watched.items()
                    if k.rpartition("/")[0] != key
                }
            self.note(kind, key, to)
            return done

        return do

    def stand_in_for_open(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return `open`, which begins to watch what is opened for writing."""

        def do(path: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
            is_plain = isinstance(path, str | bytes | os.PathLike)
            if self.is_looking or not is_plain or not WRITING & set(mode):
                return work(path, mode, *rest, **more)
            return self._watch(path, None, lambda: work(path, mode, *rest, **more))

        return do

    def stand_in_for_os_open(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return `os.open`, likewise."""

        def do(path: Any, flags: int, *rest: Any, **more: Any) -> Any:
            if not flags & (os.O_WRONLY | os.O_RDWR):
                return work(path, flags, *rest, **more)
            at = more.get("dir_fd")
            return self._watch(path, at, lambda: work(path, flags, *rest, **more))

        return do

    def _watch(self, path: Any, dir_fd: int | None, work: Callable[[], Any]) -> Any:
        """Do what opens a file, and watch it if it is below the folder."""
        key = self.find_key(path, dir_fd)
        if key is None:
            return work()
        self.look()
        done = work()
        self.watched[key] = None
        self.look()
        return done

    def find_missed(self) -> list[str]:
        """List paths that are not on disk as the operations would have them."""
        now = read_tree(self.root)
        keys = now.keys() | self.tree.keys()
        return sorted(k for k in keys if now.get(k, "") != self.tree.get(k, ""))


@contextmanager
def record(root: Path, process: int) -> Iterator[Recorder]:
    """Record the operations below a folder while the block runs.

    Args:
        root: The folder.
        process: Number that the block believes its process to have: leftovers are of
            a process that is dead by the time that they are looked at.
    """
    seen = Recorder(root)
    kinds = {
        name: name for name in ("rename", "remove", "mkdir", "symlink", "link")
    } | {"replace": "rename", "unlink": "remove", "rmdir": "remove"}
    opened = seen.stand_in_for_open(io.open)
    connect = sqlite3.connect

    def connect_watched(path: Any, *rest: Any, **more: Any) -> Any:
        is_file = isinstance(path, str | os.PathLike) and str(path) != ":memory:"
        if not is_file or more.get("uri"):
            return connect(path, *rest, **more)
        return seen._watch(path, None, lambda: connect(path, *rest, **more))

    with (
        mock.patch.multiple(
            os,
            open=seen.stand_in_for_os_open(os.open),
            getpid=lambda: process,
            # Noted only: nobody waits for a disk here.
            fsync=seen.stand_in("sync", lambda _: None),
            **{name: seen.stand_in(k, getattr(os, name)) for name, k in kinds.items()},
        ),
        mock.patch.object(io, "open", opened),
        mock.patch.object(builtins, "open", opened),
        mock.patch.object(sqlite3, "connect", connect_watched),
    ):
        try:
            yield seen
        finally:
            seen.look()


@dataclass
class Node:
    """A file, folder or link, whatever its name is at the moment."""

    number: int
    kind: str  # file, folder or link
    to: str = ""


@dataclass(frozen=True)
class Step:
    """An operation on nodes: names may change, nodes stay what they are."""

    kind: str  # enter, move, leave, content or sync
    node: int
    places: tuple[tuple[int, str], ...] = ()
    body: bytes = b""


@dataclass
class Crashes:
    """What is on disk after a crash, for any prefix of operations.

    Args:
        before: The tree at the start, all of it synced.
        operations: What was recorded.
    """

    before: Tree
    operations: list[Operation]
    nodes: dict[int, Node] = field(default_factory=dict)
    base: dict[int, dict[str, int]] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])

    def __post_init__(self) -> None:
        numbers = count(1)
        self.nodes[0], self.base[0] = Node(0, "folder"), {}
        live: dict[int, dict[str, int]] = {0: {}}

        def make(kind: str, to: str = "") -> int:
            number = next(numbers)
            self.nodes[number] = Node(number, kind, to)
            if kind == "folder":
                live[number] = {}
            return number

        for key in sorted(self.before):
            what = self.before[key]
            kind = "folder" if what is None else "link"
            kind = "file" if isinstance(what, bytes) else kind
            number = make(kind, what.to if isinstance(what, Link) else "")
            if isinstance(what, bytes):
                self.bodies[number] = what
            place, name = self._find_place(live, key)
            live[place][name] = number
        self.base = {place: dict(names) for place, names in live.items()}
        for operation in self.operations:
            self._add_step(live, make, operation)
            self.ends.append(len(self.steps))

    @staticmethod
    def _find_place(live: Mapping[int, Mapping[str, int]], key: str) -> tuple[int, str]:
        """Find the folder's node and the name of a path."""
        *above, name = key.split("/")
        place = 0
        for part in above:
            place = live[place][part]
        return place, name

    def _add_step(
        self,
        live: dict[int, dict[str, int]],
        make: Callable[..., int],
        operation: Operation,
    ) -> None:
        """Turn an operation on a path into a step on a node."""
        kind, key, more = operation
        if key == ".":
            self.steps.append(Step("sync", 0))
            return
        place, name = self._find_place(live, key)
        node = live[place].get(name)
        if kind == "rename":
            target = self._find_place(live, more)
            moved = live[place].pop(name)
            live[target[0]][target[1]] = moved
            self.steps.append(Step("move", moved, ((place, name), target)))
        elif kind == "remove":
            gone = live[place].pop(name)
            self.steps.append(Step("leave", gone, ((place, name),)))
        elif kind == "sync":
            assert node is not None
            self.steps.append(Step("sync", node))
        else:
            if node is None:
                made = {"write": "file", "mkdir": "folder", "symlink": "link"}[kind]
                node = make(made, more if kind == "symlink" else "")
                live[place][name] = node
                self.steps.append(Step("enter", node, ((place, name),)))
            if kind == "write":
                self.steps.append(Step("content", node, body=more))

    def lay_out(self, end: int, variant: str, seed: str = "") -> Tree:
        """Lay out what is left after the first `end` operations.

        Args:
            end: How many operations were made.
            variant: `kill` (all of them are there), `empty` and `torn` (names are
                there, bytes that are not synced are not, or half), `nameless` (names
                that are not synced are not there either) or `mixed` (of what is not
                synced any part is there).
            seed: Of the mixture.
        """
        chance = random.Random(f"{seed} {end}")
        steps = self.steps[: self.ends[end]]
        synced = {s.node: n for n, s in enumerate(steps) if s.kind == "sync"}

        def is_kept(number: int, step: Step) -> bool:
            # A move is certain with the folder that it leads to.
            if number < synced.get(step.places[-1][0], -1) or variant == "kill":
                return True
            if variant == "mixed":
                return chance.random() < 0.5
            return variant != "nameless"

        names = {place: dict(below) for place, below in self.base.items()}
        now, sure = dict(self.bodies), dict(self.bodies)
        for number, step in enumerate(steps):
            if step.kind == "content":
                now[step.node] = step.body
            elif step.kind == "sync":
                sure |= {step.node: now[step.node]} if step.node in now else {}
            elif is_kept(number, step):
                for place, name in step.places:
                    below = names.setdefault(place, {})
                    if below.get(name) == step.node:
                        del below[name]
                if step.kind != "leave":
                    place, name = step.places[-1]
                    names.setdefault(place, {})[name] = step.node
        found: Tree = {}

        def walk(place: int, above: str) -> None:
            for name, number in names.get(place, {}).items():
                node, key = self.nodes[number], f"{above}{name}"
                if node.kind == "folder":
                    found[key] = None
                    walk(number, f"{key}/")
                elif node.kind == "link":
                    found[key] = Link(node.to)
                else:
                    body, kept = now.get(number, b""), sure.get(number)
                    found[key] = lose_bytes(body, kept, variant, chance)

        walk(0, "")
        return found


def lose_bytes(
    body: bytes, kept: bytes | None, variant: str, chance: random.Random
) -> bytes:
    """Return what is left of a file's bytes.

    Args:
        body: All that were written.
        kept: Those that were synced; None: never.
        variant: As `Crashes.lay_out`.
        chance: For the mixture.
    """
    if body == kept or variant == "kill":
        return body
    if variant == "mixed":
        variant = chance.choice(("kill", "empty", "torn"))
        return lose_bytes(body, kept, variant, chance)
    first = kept or b""
    if variant != "torn":
        return first
    # What was added to a log is cut; what was written anew is a half of itself.
    start = len(first) if body.startswith(first) else 0
    return body[: start + (len(body) - start) // 2]


@lru_cache(maxsize=5000)
def digest_body(body: bytes) -> bytes:
    """Compute the digest of bytes, once: states have nearly all of them in common."""
    return hashlib.sha256(body).digest()


def digest_tree(tree: Tree, ignored: Callable[[str], bool]) -> str:
    """Compute the digest of a tree but the paths that do not matter: 64 hex digits."""
    digest = hashlib.sha256()
    for key in sorted(tree):
        if not ignored(key):
            what = tree[key]
            body = what if isinstance(what, bytes) else repr(what).encode()
            digest.update(f"{key}\0{type(what).__name__}\0".encode())
            digest.update(digest_body(body))
    return digest.hexdigest()
