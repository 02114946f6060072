"""Run `payproof sources new`: write the files of a new source, with gaps to fill.

What nobody has said yet reads `FILL IN`. Facts, recordings and tests with such a gap
are refused, so that a source is either complete or an error for whoever runs it.
"""

import json
import keyword
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from pipeline.archive.snapshot import Archive
from pipeline.cli.console import DONE, escape_controls
from pipeline.core import media
from pipeline.core.errors import Damaged
from pipeline.core.model import Payload
from pipeline.core.source_fields import ADDRESS, ID, UNFILLED, is_text
from pipeline.core.store import write_atomically
from pipeline.core.vocabulary import open_vocabulary

CHECKOUT = Path(str(files("pipeline"))).parent
TEMPLATES = Path(str(files("pipeline"))) / "cli" / "skeleton"
FORMATS = dict.fromkeys(media.TEXTS, "html")
FORMATS |= {"text/markdown": "md", "text/plain": "txt"}
PAGE = "page.html"
MAX_TITLE_CHARACTERS = 60
LICENCE = "Written for this project"
NOTE = "A recording: the layout is the publisher's, words and figures are made up."
NOTHING = "Nothing was written."
GAPS: Mapping[str, object] = {
    "kind": f"{UNFILLED}: bulk, api, survey, aggregator or prose",
    "official": f"{UNFILLED}: true for a government's statistical office, or false",
    "population": f"{UNFILLED}: whose pay",
    "pay_basis": f"{UNFILLED}: base, total or unspecified",
    "name": f"{UNFILLED}: the publisher as pages call it",
    "aliases": [],
    "statistics": [f"{UNFILLED}: mean, median, p10, ..."],
    "bands": f"{UNFILLED}: true or false",
    "note": f"{UNFILLED}: what its figures are good for",
}


@dataclass(frozen=True)
class SourceWish:
    """A source that somebody wants to add.

    Args:
        id: That its module will have.
        title: Of the publication; "" leaves a gap.
        url: Of one of its pages; "" leaves a gap.
        edition: Reference edition of the recording.
        page: A page in the publisher's layout; None writes one with a gap.
    """

    id: str
    title: str
    url: str
    edition: str
    page: Path | None


def write_skeleton(wish: SourceWish, today: str, *, root: Path = CHECKOUT) -> int:
    """Write facts, parser, recording, expectation and test of a new source.

    Args:
        wish: What is known of it.
        today: ISO day.
        root: The checkout.

    Returns:
        The exit status.

    Raises:
        Damaged: The id, title, address or page cannot be, the id is taken, or there
            is no checkout. Nothing was written.
    """
    places = _plan_files(root, wish)
    _refuse_wish(wish, root, places)
    quoted = _find_quoted(root, wish.id)
    body, name = _read_page(wish, root)
    texts = _fill_templates(wish, name, quoted)
    payload = Payload(
        source=wish.id, edition=wish.edition, name=name, body=body,
        media_type=media.guess_media_type(name), capture="made",
        retrieved=today, url=wish.url,
    )  # fmt: skip
    kept = Archive(root / "tests" / "raw").keep(payload, licence=LICENCE, note=NOTE)
    expected = root / "tests" / "expected" / wish.id / f"{name}.csv"
    write_atomically(expected, texts.pop("expected").encode())
    # The facts come last: the register of sources is the list of their files, so that
    # with them the source is there.
    for what, text in texts.items():
        write_atomically(places[what], text.encode())
    if quoted:
        _drop_quoted(root, wish.id)
    written = [places["facts"], places["parser"], kept.path, expected, places["test"]]
    for path in written:
        print(escape_controls(path.relative_to(root).as_posix()))
    print(_say_next(wish.id, dropped=bool(quoted)))
    return DONE


def _plan_files(root: Path, wish: SourceWish) -> dict[str, Path]:
    """Name the files to write, by their template."""
    return {
        "test": root / "tests" / f"test_sources_{wish.id}.py",
        "parser": root / "pipeline" / "sources" / f"{wish.id}.py",
        "facts": root / "pipeline" / "sources" / f"{wish.id}.toml",
    }


def _refuse_wish(wish: SourceWish, root: Path, places: Mapping[str, Path]) -> None:
    """Refuse what cannot become a source, before anything is written."""
    where = f"sources new {wish.id[:64]}".strip()
    if not (root / "tests" / "make_recordings.py").is_file():
        why = f"a source is added in a checkout of the repository, and {root} is none"
        raise Damaged(where, why, NOTHING)
    if keyword.iskeyword(wish.id):
        why = f"{wish.id} is a word of Python, and no module can be named so"
        raise Damaged(where, why, f"Choose another id. {NOTHING}")
    if not ID.fullmatch(wish.id):
        why = "an id is a lower-case letter, then letters, digits and _, at most 40"
        raise Damaged(where, why, NOTHING)
    folders = [root / "tests" / name / wish.id for name in ("raw", "expected")]
    folders.append(root / "pipeline" / "sources" / wish.id)
    for path in (*places.values(), *folders):
        if path.exists():
            why = f"{path.relative_to(root).as_posix()} is there already"
            raise Damaged(where, why, f"Choose another id. {NOTHING}")
    # The title goes into a docstring and into strings of TOML, which these would end.
    ends_string = set('"\\') & set(wish.title)
    bad = ends_string or len(wish.title) > MAX_TITLE_CHARACTERS
    if wish.title and (bad or not is_text(wish.title)):
        most = f"at most {MAX_TITLE_CHARACTERS} characters"
        why = f"a title is {most} without quotes and backslashes"
        raise Damaged(where, why, NOTHING)
    if wish.url and not ADDRESS.fullmatch(wish.url):
        raise Damaged(where, "an address begins with https:// or http://", NOTHING)


def _read_page(wish: SourceWish, root: Path) -> tuple[bytes, str]:
    """Read the page to record, and its name; without one, a page with a gap."""
    if wish.page is None:
        return (TEMPLATES / f"{PAGE}.txt").read_bytes(), PAGE
    where, name = str(wish.page), wish.page.name
    if not wish.page.is_file():
        raise Damaged(where, "there is no such file", NOTHING)
    if media.guess_media_type(name) not in FORMATS:
        why = "a skeleton reads pages: html, md or txt"
        raise Damaged(where, why, f"{NOTHING} See docs/add-a-source.md for tables.")
    words = open_vocabulary(root / "vocabularies")
    if wish.page.stat().st_size > int(words.read_number("limits", "page_bytes")):
        raise Damaged(where, "it is larger than a page may be", NOTHING)
    return wish.page.read_bytes(), name


def _fill_templates(
    wish: SourceWish, name: str, quoted: Mapping[str, str | None]
) -> dict[str, str]:
    """Fill what is known into the templates; the rest stays a gap."""
    title = wish.title or f"{UNFILLED}: title"
    facts: dict[str, object] = {
        **GAPS,
        **_read_quoted(quoted),
        "title": title,
        "homepage": wish.url or f"{UNFILLED}: address",
        "publisher": wish.id,
    }
    # JSON's strings, truths and lists are TOML's as well.
    cells = {key: json.dumps(cell, ensure_ascii=False) for key, cell in facts.items()}
    cells["format"] = FORMATS[media.guess_media_type(name)]
    words = {"id": wish.id, "title": title}
    return {
        "expected": _fill_template("expected.csv", words),
        "test": _fill_template("test.py", words),
        "parser": _fill_template("parser.py", words),
        "facts": _fill_template("facts.toml", cells),
    }


def _fill_template(name: str, words: Mapping[str, str]) -> str:
    """Fill one template; a word that it lacks is an error."""
    text = (TEMPLATES / f"{name}.txt").read_text("utf-8")
    return Template(text).substitute(words)


def _read_quoted(quoted: Mapping[str, str | None]) -> dict[str, object]:
    """Read the facts of a publisher that was only quoted so far, as TOML has them."""
    texts = ("name", "kind", "population", "pay_basis", "note")
    facts: dict[str, object] = {n: quoted[n] for n in texts if quoted.get(n)}
    if quoted:
        facts |= {n: quoted[n] == "yes" for n in ("official", "bands")}
        facts["aliases"] = [a for a in (quoted["aliases"] or "").split("|") if a]
        facts["statistics"] = (quoted["statistics"] or "").split()
    return facts


def _find_quoted(root: Path, publisher: str) -> dict[str, str | None]:
    """Find what publishers.csv says of a publisher that was only quoted so far."""
    table = open_vocabulary(root / "vocabularies").read_table("publishers")
    rows = table.filter(table["id"] == publisher).to_dicts()
    if rows and (described := rows[0]["source"]):
        why = f"the publisher {publisher} is described by {described}"
        how = f'Choose another id, and write publisher = "{publisher}" in its facts.'
        raise Damaged(f"sources new {publisher}", why, f"{how} {NOTHING}")
    return rows[0] if rows else {}


def _drop_quoted(root: Path, publisher: str) -> None:
    """Remove a publisher's row from publishers.csv: its facts are with the source."""
    path = root / "vocabularies" / "publishers.csv"
    # By line and not as a table, so that all other rows keep their bytes.
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{publisher},")]
    write_atomically(path, "".join(kept).encode())


def _say_next(source_id: str, *, dropped: bool) -> str:
    """Say what is left to do."""
    row = f"The row {source_id} of vocabularies/publishers.csv moved into its facts.\n"
    return (
        f"{row if dropped else ''}Fill in what says {UNFILLED} in facts, parser and "
        f"test; until then nothing runs. Then:\n"
        f"  .venv/bin/python tests/make_recordings.py {source_id}\n"
        f"  .venv/bin/pytest -q tests/test_sources_{source_id}.py "
        f"tests/test_recordings.py tests/test_source_facts.py"
    )
