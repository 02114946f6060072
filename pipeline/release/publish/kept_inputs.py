"""Keep the code and the vocabularies behind a release, beside it.

With the bodies under raw/ they are all that a release depends on, so that it can be
made again, or made with one of them exchanged. Named by their digest: kept once.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.core.checksums import format_sums, locate_digest, write_with_digest
from pipeline.core.disk import sync_folder
from pipeline.core.running_code import find_code, list_code_files
from pipeline.core.store import Home, sha256_of
from pipeline.core.vocabulary import Vocabulary

# The first day that a zip file can name, for every file: the time of writing would
# make two archives of the same code differ.
EPOCH = (1980, 1, 1, 0, 0, 0)


def locate_kept_input(home: Home, kind: str, digest: str) -> Path:
    """Return where a kept input is: `kind` is `code` or `vocabularies`."""
    return home.curated / "inputs" / f"{kind}-{digest[:16]}.zip"


def keep_inputs(
    home: Home, vocabulary: Vocabulary, vocabulary_sha256: str, code_sha256: str
) -> None:
    """Keep the vocabularies and the running code, where they are not kept whole yet."""
    folder, root = vocabulary.folder, find_code()
    words = locate_kept_input(home, "vocabularies", vocabulary_sha256)
    code = locate_kept_input(home, "code", code_sha256)
    if not _is_whole(words):
        write_with_digest(
            words,
            zip_files(folder, sorted(folder.glob("*.csv")), vocabulary.read_bytes),
        )
    if not _is_whole(code):
        write_with_digest(code, zip_files(root, list_code_files(root)))
    # Kept, perhaps, by a run that was killed before it came to this.
    sync_folder(code.parent)


def _is_whole(path: Path) -> bool:
    """Tell whether an archive is there, and as it was kept, as far as is known."""
    if not path.is_file():
        return False
    stated = locate_digest(path)
    if not stated.is_file():
        return True
    return stated.read_bytes() == format_sums({path.name: sha256_of(path)})


def find_kept_faults(home: Home) -> list[str]:
    """Find the archives that are not as they were kept, a sentence each.

    One of an earlier version has no digest: it must unpack.
    """
    said = []
    for path in sorted(home.curated.glob("inputs/*.zip")):
        sound = _is_whole(path)
        if sound and not locate_digest(path).is_file():
            try:
                with zipfile.ZipFile(path) as archive:
                    sound = archive.testzip() is None
            except (OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError):
                sound = False
        if not sound:
            said.append(f"{path}: the bytes are not those that were kept.")
    return said


def zip_files(
    root: Path,
    files: Iterable[Path],
    read_bytes: Callable[[Path], bytes] = Path.read_bytes,
) -> bytes:
    """Pack files into a zip, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            info = zipfile.ZipInfo(path.relative_to(root).as_posix(), EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, read_bytes(path))
    return out.getvalue()
