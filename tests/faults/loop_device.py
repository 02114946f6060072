"""Lose the power of a real file system at the moment a command ends, and fill one.

A file system in a file is mounted as a loop device (Linux, root). When the command has
ended with 0, the file is copied as it is: what the kernel has not yet written to the
device is lost. The copy is mounted, its journal replayed, and what the command has said
must be there. Then a refresh runs on a device that is too small for its release.

    python tests/faults/loop_device.py
    python tests/faults/loop_device.py --command keep
"""

import argparse
import gc
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults import crash_replay  # noqa: E402
from faults.file_operations import read_tree  # noqa: E402

from pipeline.core.store import Home  # noqa: E402

MEGABYTE = 1 << 20
ROOMY, SPARE = 96, 1  # megabytes; of the small one what is left beside its home


def call(*words: object) -> None:
    """Run a command of the system, silently.

    Raises:
        CalledProcessError: It does not end with 0; its words are kept.
    """
    subprocess.run([str(w) for w in words], check=True, capture_output=True)


def make_image(image: Path, megabytes: int) -> Path:
    """Make an empty file system in a file."""
    with image.open("wb") as file:
        file.truncate(megabytes * MEGABYTE)
    call("mkfs.ext4", "-q", "-m", "0", image)
    return image


@contextmanager
def mount(image: Path, place: Path) -> Iterator[Path]:
    """Mount a file system that lies in a file, while the block runs."""
    place.mkdir()
    call("mount", "-o", "loop", image, place)
    try:
        yield place
    finally:
        gc.collect()  # a database that was read may still be open
        call("umount", place)
        place.rmdir()


def can_mount() -> bool:
    """Tell whether loop devices can be mounted here."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            image = make_image(Path(folder, "image"), 2)
            with mount(image, Path(folder, "there")):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


def lose_power(command: crash_replay.CrashedCommand, base: Path, work: Path) -> None:
    """Lose the power when a command has ended.

    Raises:
        Broken: Something that it has said is not there.
    """
    image, place = make_image(work / "image", ROOMY), work / "device"
    with mount(image, place):
        home = Home(place / "home")
        shutil.copytree(base, home.root, symlinks=True)
        command.prepare(home)
        arguments = command.arguments(home.root)
        call("sync", "-f", place)
        crash_replay.expect_done(home, arguments)
        shutil.copyfile(image, work / "cut")
        after = crash_replay.settle(read_tree(home.root))
    with mount(work / "cut", place):
        crash_replay.read_all(home)
        crash_replay.check_lasting(command, home, after)


def fill(base: Path, work: Path) -> str:
    """Refresh on a device with too little room; return the sentence.

    Raises:
        Broken: It is no such sentence, or something is lost or left over.
    """
    place = work / "device"
    with mount(make_image(work / "small", ROOMY), place):
        home = Home(place / "home")
        shutil.copytree(base, home.root, symlinks=True)
        crash_replay.bring_page(home)
        free = shutil.disk_usage(place).free
        with (place / "ballast").open("wb") as file:
            file.write(bytes(free - SPARE * MEGABYTE))
        before = read_tree(home.root)
        arguments = ["refresh", "--offline", "--no-site"]
        status, said = crash_replay.call_command(home.root, arguments)
        last = said.strip().splitlines()[-1]
        if status != 2 or "the disk is full" not in last:
            raise crash_replay.Broken(f"ends with {status}: {said[-600:]}")
        crash_replay.read_all(home)
        found = read_tree(home.root)
        lost = [key for key in before if key not in found]
        if left := crash_replay.list_left(found) or lost:
            raise crash_replay.Broken(f"left over or lost: {left}")
        (place / "ballast").unlink()
        crash_replay.expect_done(home, arguments)
        crash_replay.check_refreshed(home)
    return last


def main() -> int:
    """Try every command, then a full device; 1 where something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = sorted(crash_replay.COMMANDS)
    parser.add_argument("--command", action="append", choices=names)
    given = parser.parse_args()
    if not can_mount():
        print("No loop device can be mounted here: it takes Linux and root.")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory(prefix="devices-") as folder:
        work = Path(folder)
        crash_replay.make_base(work / "base")
        for name in given.command or crash_replay.COMMANDS:
            try:
                lose_power(crash_replay.COMMANDS[name], work / "base", work)
                print(f"{name}: what it has ended with is there", flush=True)
            except crash_replay.Broken as error:
                failed += 1
                print(f"{name}: {error}", flush=True)
        try:
            print(f"full: {fill(work / 'base', work)}")
        except crash_replay.Broken as error:
            failed += 1
            print(f"full: {error}")
    crash_replay.forget_words()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
